"""Limits of what is read, so that no file takes all memory: of a file itself, and of what is packed in zip containers.

The sizes that a zip container states may be lies: nothing is unpacked further than to the stated size.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

from jixiao.document import ReadingError

MB = 1 << 20
MAX_FILE = 512 * MB
MAX_MEMBERS = 2000
MAX_MEMBER = 256 * MB
MAX_TOTAL = 1024 * MB
MAX_TREE = 64 * MB  # of XML that is held as a tree, which takes some ten times its size
MAX_RATIO = 200  # unpacked to packed: text and tables come to 100 at most, bombs to 1000
SMALL = 32 * MB  # below, the ratio does not matter

# what zipfile raises for a container or a member that is damaged or packed in a way it does not know
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, KeyError)


def check_size(data: bytes) -> None:
    """Raises ReadingError (`too_large`) for a file that is too large to be read at all."""
    if len(data) > MAX_FILE:
        raise too_large(f"The file has {len(data) // MB} MB, more than {MAX_FILE // MB}: split it")


def open_zip(data: bytes | Path) -> zipfile.ZipFile:
    """The zip container in `data`, its stated sizes within the limits. Raises ReadingError: `damaged_file`, `too_large`."""
    packed = len(data) if isinstance(data, bytes) else data.stat().st_size
    try:
        archive = zipfile.ZipFile(io.BytesIO(data) if isinstance(data, bytes) else data)
    except ZIP_ERRORS as error:
        raise ReadingError(f"The file is damaged or incomplete ({error}): fetch it again.", "damaged_file") from error
    members = archive.infolist()
    total = sum(info.file_size for info in members)
    if len(members) > MAX_MEMBERS:
        raise too_large(f"The file packs {len(members)} files, more than {MAX_MEMBERS}: unpack it and keep the reports")
    if total > MAX_TOTAL:
        raise too_large(f"The file unpacks to {total // MB} MB, more than {MAX_TOTAL // MB}: unpack it and keep the reports")
    if total > SMALL and total > MAX_RATIO * packed:
        raise too_large(f"The file unpacks to {total // max(1, packed)} times its size, which no report does: fetch it again")
    return archive


def unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A member's content. Raises ReadingError: `encrypted_file`, `too_large`, `damaged_file`."""
    if info.flag_bits & 0x1:
        raise ReadingError("The file is protected by the archive's password: unpack it and put it beside the archive.", "encrypted_file")
    if info.file_size > MAX_MEMBER:
        raise too_large(f"The file unpacks to {info.file_size // MB} MB, more than {MAX_MEMBER // MB}: split it")
    if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # zipfile unpacks other methods without a limit
        raise ReadingError("The file is packed by a method that is not read here: unpack it with another program.", "unsupported_format")
    try:
        with archive.open(info) as file:
            return file.read(info.file_size)  # without a number, zipfile unpacks all there is before it looks at the size
    except (*ZIP_ERRORS, RuntimeError) as error:
        message = f"The file is damaged inside its archive ({error}): fetch the archive again, or unpack it with another program."
        raise ReadingError(message, "damaged_file") from error


def check_tree(size: int) -> None:
    """Raises ReadingError (`too_large`) for XML of more bytes than can be held as a tree."""
    if size > MAX_TREE:
        raise too_large(f"The document's text unpacks to {size // MB} MB, more than {MAX_TREE // MB}: split the document")


def too_large(message: str) -> ReadingError:
    return ReadingError(f"{message}.", "too_large")
