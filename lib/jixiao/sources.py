"""The reports of a folder: which files they are and what each is called in the tables."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath

from .cache import digest
from .storage import Folder, is_address, on_disk

_DROPPINGS = {"thumbs.db", "desktop.ini"}
# archive.zip!member.doc; a file's own name may have the sign elsewhere
_IN_ARCHIVE = re.compile(r"(?:(?<=\.\w{2})|(?<=\.\w{3})|(?<=\.\w{4}))!", re.ASCII)


@dataclass(frozen=True, slots=True)
class Source:
    """A file of a build: `name` is its path inside the folder of reports, `content` tells one content of it from another.

    That is its SHA-256 on this machine, None where it could not be read; in an object store what the store says of its version.
    A member of an archive is a source of its own: its path and its name go on behind the archive's as `archive.zip!member.doc`.
    """

    path: Path | str  # a str is an address
    name: str
    report_id: str
    content: str | None
    bytes: int | None = None  # None: see `size`

    @property
    def sha256(self) -> str | None:
        return None if is_address(self.path) else self.content


def find(raw: Path | str) -> list[Source]:
    """The reports under a folder or an address, by report_id: every file but hidden ones, README*.md and Word's locks (~$…)."""
    if is_address(raw):
        return _sources([each for name, held in _listed(raw).items() for each in _at_address(f"{raw.rstrip('/')}/{name}", name, *held)])
    paths = {_name(path.relative_to(raw)): path for path in raw.rglob("*") if _is_report(path.relative_to(raw)) and path.is_file()}
    return _sources([(*each, None) for name, path in paths.items() for each in _with_members(path, name)])


def _listed(raw: str) -> dict[str, tuple[str, int]]:
    return {name: held for name, held in Folder(raw).files().items() if _is_report(PurePosixPath(name))}


def _at_address(address: str, name: str, content: str, size: int) -> Iterator[tuple[str, str, str | None, int]]:
    """A file in an object store, the members of an archive instead; only what is called an archive is opened for it."""
    if name.lower().endswith(".zip"):
        with on_disk(address) as path:
            for _, inner, sha256 in _with_members(path, name):
                yield address + inner.removeprefix(name), inner, content if inner == name else sha256, size
    else:
        yield address, name, content, size


def at(path: Path) -> list[Source]:
    """A single file as a source, an archive as several. Raises OSError where there is none."""
    digest(path)
    return _sources([(*each, None) for each in _with_members(path, _name(Path(path.name)))])


def _sources(files: list[tuple[Path | str, str, str | None, int | None]]) -> list[Source]:
    ids = report_ids([name for _, name, *_ in files])
    return sorted((Source(path, name, ids[name], *held) for path, name, *held in files), key=lambda source: source.report_id)


def _with_members(path: Path, name: str) -> Iterator[tuple[Path, str, str | None]]:
    """Path, name and digest of a file; of an archive's members instead, if it can be opened."""
    try:
        members = _members(path)
    except OSError:
        yield path, name, None
        return
    if not members:
        yield path, name, _digest(path)
    for member, sha256 in members.items():
        yield Path(f"{path}!{member}"), f"{name}!{member}", sha256


def _members(path: Path) -> dict[str, str | None]:
    """The digests of an archive's members by their names, none for any other file and for an archive that cannot be opened."""
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            return {}
    # only here: without an archive or a .docx no reader is needed to list a folder
    from .document import ReadingError
    from .readers import archive

    try:
        found = archive.members(path) if archive.is_archive(path) else ()
        return {each.name: None if each.error else hashlib.sha256(each.data).hexdigest() for each in found}
    except ReadingError:
        return {}  # it is a source itself, and reading it says what is wrong


def size(source: Source) -> int:
    """Bytes of a source's file; of the archive for a member of one, 0 where there is no file."""
    if source.bytes is not None:
        return source.bytes
    try:
        return source.path.stat().st_size
    except OSError:
        if "!" not in str(source.path):
            return 0
    from .readers import archive

    try:
        return archive.locate(source.path)[0].stat().st_size
    except OSError:
        return 0


def report_ids(names: list[str]) -> dict[str, str]:
    """Name → report_id: the file's stem; where files share it, the name with its ending; where they share that, the whole path.

    In an archive, the archive's and the member's: archive!member.
    """
    paths = {name: [PurePosixPath(part) for part in _IN_ARCHIVE.split(name)] for name in names}
    forms = {name: ("!".join(p.stem for p in parts), "!".join(p.name for p in parts), name) for name, parts in paths.items()}
    level = dict.fromkeys(names, 0)
    while True:
        ids = {name: forms[name][level[name]] for name in names}
        count = Counter(ids.values())
        # a.pdf.docx has the stem a.pdf, so a longer form may meet another file's shorter one
        shared = [name for name in names if count[ids[name]] > 1 and level[name] < 2]
        if not shared:
            return ids
        for name in shared:
            level[name] += 1


def _is_report(path: PurePath) -> bool:
    name = path.name.lower()
    if any(part.startswith(".") for part in path.parts) or name.startswith("~$") or name in _DROPPINGS:
        return False
    return not (name.startswith("readme") and name.endswith(".md"))


def _name(path: Path) -> str:
    # a name that is not UTF-8 (unpacked from a Windows archive) could not be written to the tables
    return path.as_posix().encode("utf-8", "backslashreplace").decode("utf-8")


def _digest(path: Path) -> str | None:
    try:
        return digest(path)
    except OSError:
        return None
