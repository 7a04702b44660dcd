"""The parts of an office file in its zip container, and how they refer to each other (Open Packaging Conventions, ECMA-376-2)."""

from __future__ import annotations

import posixpath
import zipfile
from typing import NamedTuple

from jixiao.document import ReadingError
from jixiao.readers.limits import unpack
from jixiao.readers.xml import descendants, parse


class Relation(NamedTuple):
    """What a part refers to: its kind (officeDocument, styles, image, …) and path; `external` is what the file only links to."""

    kind: str
    path: str
    external: bool


class Package:
    """The parts of one file, each unpacked when it is asked for: what nobody reads may be damaged."""

    def __init__(self, archive: zipfile.ZipFile):
        self._archive = archive
        self._parts = {_key(info.filename): info for info in archive.infolist()}

    def __contains__(self, path: str) -> bool:
        return _key(path) in self._parts

    def part(self, path: str) -> bytes:
        """The content of a part. Raises ReadingError where it is not there or cannot be unpacked."""
        info = self._parts.get(_key(path))
        if info is None:
            raise ReadingError(f"The file has no part {path}: fetch it again or save it anew.", "damaged_file")
        return unpack(self._archive, info)

    def relations(self, path: str) -> dict[str, Relation]:
        """What the part at `path` ("" for the package) refers to, by id."""
        folder, file = posixpath.split(path)
        own = posixpath.join(folder, "_rels", f"{file}.rels")
        found = {}
        for relation in descendants(parse(self.part(own)), "Relationship") if own in self else ():
            target = (relation.get("Target") or "").replace("\\", "/")
            full = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            kind = (relation.get("Type") or "").rpartition("/")[2]
            found[relation.get("Id") or ""] = Relation(kind, full, relation.get("TargetMode") == "External")
        return found

    def main(self, usual: str) -> str:
        """The path of the document's own part; which one that is, the package's relationships tell, else it is the usual one."""
        return next((each.path for each in self.relations("").values() if each.kind == "officeDocument" and each.path in self), usual)


def _key(path: str) -> str:
    return path.replace("\\", "/").lstrip("/").lower()  # names of parts are told apart without case
