"""Archives (.zip): each member is a document of its own, called `archive.zip!member.doc`.

Chinese names are stored in UTF-8 or in GBK, and only some programs say in which. An archive inside an archive is opened
too, once (`outer.zip!inner.zip!member.doc`); what it holds counts towards the same limits.
"""

from __future__ import annotations

import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from errno import ENOENT
from pathlib import Path, PurePosixPath

from jixiao.document import Document, ReadingError
from jixiao.readers.formats import ZIP_SIGNATURES, format_of, zip_kind
from jixiao.readers.limits import MAX_MEMBERS, MAX_TOTAL, MB, open_zip, too_large, unpack

SIGN = "!"
MAX_NESTING = 1

_UTF8 = 0x800  # the flag that says that a name is UTF-8
_UNICODE_PATH = 0x7075  # the extra field that gives the name in UTF-8 where the flag is not set
_DROPPINGS = re.compile(r"__macosx|thumbs\.db|desktop\.ini|\..*|~\$.*|readme.*\.md", re.IGNORECASE)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its name below the archive's, and its content, or why there is none."""

    name: str
    data: bytes = b""
    error: ReadingError | None = None


def read(data: bytes, name: str) -> Document:
    """Always raises ReadingError: an archive is no document. `archive` names its members, other codes say what is wrong with it."""
    if name.count(SIGN) > MAX_NESTING:
        raise ReadingError("This is an archive inside archives: unpack it and put its files beside the outer one.", "nested_archive")
    names = [member.name for member in members(data)]
    some = "; ".join(names[:5]) + (" …" if len(names) > 5 else "")
    raise ReadingError(f"This is an archive of {len(names)} files: read them one by one, as {name}{SIGN}{names[0]} ({some}).", "archive")


def is_archive(path: Path) -> bool:
    """Whether the file at `path` is an archive of files, and not a document in a zip container. Raises OSError."""
    with path.open("rb") as file:
        return file.read(4) in ZIP_SIGNATURES and zip_kind(file) == "zip"


def members(data: bytes | Path) -> Iterator[Member]:
    """The files in the archive `data`, those of archives in it too, one at a time in memory.

    Raises ReadingError where the archive itself cannot be opened, is empty or is beyond a limit; what is wrong with one file
    is that member's `error`.
    """
    budget = _Budget()
    found = False
    for member in _members(data, "", 0, budget):
        found = True
        yield member
    if not found:
        raise ReadingError("The archive holds no files: fetch it again.", "empty_file")


def member(data: bytes | Path, name: str) -> bytes:
    """The content of the member called `name`. Raises KeyError where there is none, ReadingError where it cannot be read."""
    for _ in range(MAX_NESTING + 1):
        with open_zip(data) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
            found = dict(zip(_names(infos), infos, strict=True))
            if name in found:
                return unpack(archive, found[name])
            inner = next((each for each in found if name.startswith(each + SIGN)), None)
            if inner is None:
                break
            data, name = unpack(archive, found[inner]), name[len(inner) + 1 :]
    raise KeyError(name)


def locate(path: Path) -> tuple[Path, str]:
    """The file at `path` and "", or the archive and the member's name of a `folder/archive.zip!member.doc`.

    Raises FileNotFoundError where there is neither.
    """
    text = path.as_posix()
    # a file may have the sign in its own name
    for end in (len(text), *(match.start() for match in re.finditer(SIGN, text))):
        if Path(text[:end]).is_file():
            return Path(text[:end]), text[end + 1 :]
    raise FileNotFoundError(ENOENT, os.strerror(ENOENT), str(path))


def file_bytes(path: Path) -> tuple[bytes, str]:
    """Content and name of the file at `path`, which may be a member of an archive (`folder/archive.zip!member.doc`).

    Raises OSError where there is none, ReadingError where a member cannot be unpacked.
    """
    file, name = locate(path)
    if not name:
        return file.read_bytes(), file.name
    try:
        return member(file, name), f"{file.name}{SIGN}{name}"
    except KeyError:
        raise FileNotFoundError(ENOENT, f"{file.name} has no member {name!r}", str(path)) from None


class _Budget:
    """What the archives of one file may still hold together."""

    def __init__(self) -> None:
        self.members = MAX_MEMBERS
        self.size = MAX_TOTAL

    def take(self, infos: list[zipfile.ZipInfo]) -> None:
        self.members -= len(infos)
        self.size -= sum(info.file_size for info in infos)
        if self.members < 0 or self.size < 0:
            limits = f"{MAX_MEMBERS} files or {MAX_TOTAL // MB} MB"
            raise too_large(f"The archive holds more than {limits} with what is inside: unpack it and keep the reports")


def _members(data: bytes | Path, path: str, nesting: int, budget: _Budget) -> Iterator[Member]:
    with open_zip(data) as archive:
        infos = [info for info in archive.infolist() if not info.is_dir()]
        budget.take(infos)
        for name, info in zip(_names(infos), infos, strict=True):
            if any(_DROPPINGS.fullmatch(part) for part in PurePosixPath(name).parts):
                continue
            try:
                content = unpack(archive, info)
            except ReadingError as error:
                yield Member(path + name, error=error)
                continue
            if nesting < MAX_NESTING and content.startswith(ZIP_SIGNATURES) and format_of(content) == "zip":
                yield from _inner(content, path + name, nesting + 1, budget)
            else:
                yield Member(path + name, content)


def _inner(data: bytes, path: str, nesting: int, budget: _Budget) -> Iterator[Member]:
    """The members of an archive inside an archive; one that cannot be opened is a member with an error."""
    try:
        yield from _members(data, path + SIGN, nesting, budget)
    except ReadingError as error:
        yield Member(path, error=error)


def _names(infos: list[zipfile.ZipInfo]) -> list[str]:
    """The members' names as people see them, no two the same."""
    stored = [_stored_name(info) for info in infos]
    encoding = _encoding([name for name in stored if isinstance(name, bytes)])
    names: list[str] = []
    taken: set[str] = set()
    for raw in stored:
        text = raw.decode(encoding, "replace") if isinstance(raw, bytes) else raw
        path = PurePosixPath(_CONTROLS.sub("", text.replace("\\", "/")).lstrip("/") or "unnamed")
        name, number = str(path), 1
        while name in taken:
            number += 1
            name = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
        taken.add(name)
        names.append(name)
    return names


def _stored_name(info: zipfile.ZipInfo) -> str | bytes:
    """A member's name, as bytes where the archive does not say in which encoding."""
    if info.flag_bits & _UTF8:
        return info.orig_filename.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    try:
        raw = info.orig_filename.encode("cp437")  # zipfile took the bytes for cp437
    except UnicodeEncodeError:
        return info.filename
    return _unicode_path(info.extra, raw) or raw


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name of the Unicode Path extra field (APPNOTE 4.6.9), if it belongs to the name `raw`."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        value, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == _UNICODE_PATH and len(value) > 5 and int.from_bytes(value[1:5], "little") == zlib.crc32(raw):
            return value[5:].decode("utf-8", "replace")
    return None


def _encoding(names: list[bytes]) -> str:
    """The encoding in which all `names` of an archive make sense: one program wrote them."""
    for encoding in ("utf-8", "gb18030"):
        try:
            for name in names:
                name.decode(encoding)
            return encoding
        except UnicodeDecodeError:
            continue
    return "cp437"
