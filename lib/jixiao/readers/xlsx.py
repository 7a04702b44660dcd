"""Reader for Excel workbooks (.xlsx, .xlsm): each sheet a table, numbers as their format shows them, formulas by their saved values.

The parts are read directly (ECMA-376-1, 18): one pass gives values, formats and merged cells, and files whose styles a
library refuses, as some programs write them, are read as well. Macros are a part that is never opened.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator

from jixiao.document import Document, ReadingError
from jixiao.readers.limits import open_zip, too_large
from jixiao.readers.number_formats import BUILT_IN, number_text
from jixiao.readers.package import Package
from jixiao.readers.sheets import MAX_CELLS, Merge, Position, Workbook, damaged
from jixiao.readers.xml import Element, attribute, descendants, local, parse, stream

_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # characters that XML cannot hold (22.9.2.19)


def read(data: bytes, name: str) -> Document:
    """The document in `data`. Raises ReadingError: `damaged_file`, `too_large`, `encrypted_file`."""
    try:
        with open_zip(data) as archive:
            return _Reader(archive).document(name)
    except ReadingError:
        raise
    except Exception as error:  # XML, references and numbers each have their own ways to fail in a damaged file
        raise damaged("XLSX", error) from error


class _Reader:
    """The parts of one workbook."""

    def __init__(self, archive: zipfile.ZipFile):
        self._package = Package(archive)
        self._path = self._package.main("xl/workbook.xml")
        self._strings = list(self._shared_strings())
        self._formats = self._cell_formats()

    def document(self, name: str) -> Document:
        workbook = parse(self._package.part(self._path))
        properties = next(descendants(workbook, "workbookPr"), None)
        from_1904 = properties is not None and properties.get("date1904") in ("1", "true")
        targets = self._package.relations(self._path)
        result = Workbook(name, "xlsx")
        for sheet in descendants(workbook, "sheet"):
            target = targets.get(attribute(sheet, "id") or "")
            if target and target.path in self._package:
                self._add(result, sheet.get("name") or "", target.path, from_1904)
        return result.document()

    def _of_kind(self, kind: str) -> bytes | None:
        """The part of a kind that the workbook refers to, None where it has none."""
        path = next((each.path for each in self._package.relations(self._path).values() if each.kind == kind), None)
        return self._package.part(path) if path and path in self._package else None

    def _shared_strings(self) -> Iterator[str]:
        data = self._of_kind("sharedStrings")
        for number, item in enumerate(stream(data, {"si"}) if data else ()):
            if number > MAX_CELLS:
                raise too_large(f"The workbook has more than {MAX_CELLS:,} texts: split it")
            yield _text(item)

    def _cell_formats(self) -> list[str]:
        """The number format of each cell style (18.8.10, 18.8.30)."""
        data = self._of_kind("styles")
        if data is None:
            return []
        root = parse(data)
        codes = BUILT_IN | {int(e.get("numFmtId") or 0): e.get("formatCode") or "" for e in descendants(root, "numFmt")}
        styles = next(descendants(root, "cellXfs"), ())
        return [codes.get(int(style.get("numFmtId") or 0), "") for style in styles if local(style) == "xf"]

    def _add(self, workbook: Workbook, title: str, path: str, from_1904: bool) -> None:
        texts: dict[Position, str] = {}
        merges: list[Merge] = []
        unknown: list[Position] = []
        row = col = -1
        for element in stream(self._package.part(path), {"c", "mergeCell"}, opened="row"):
            name = local(element)
            if name == "mergeCell":
                merges += _merge(element.get("ref") or "")
            elif name == "row":
                row, col = int(element.get("r") or row + 2) - 1, -1
            else:
                reference = _REFERENCE.fullmatch(element.get("r") or "")
                col = _column(reference[1]) if reference else col + 1
                text, without_value = self._cell(element, from_1904)
                if text:
                    texts[row, col] = text
                elif without_value:
                    unknown.append((row, col))
                if len(texts) + len(unknown) + len(merges) > MAX_CELLS:
                    raise too_large(f"The sheet {title!r} has more than {MAX_CELLS:,} cells: split the workbook")
        workbook.sheet(title, texts, merges, unknown)

    def _cell(self, cell: Element, from_1904: bool) -> tuple[str, bool]:
        """A cell's text (18.3.1.4), and whether it has a formula whose value was not saved."""
        kind, value, formula, inline = cell.get("t") or "n", "", False, ""
        for child in cell:
            name = local(child)
            if name == "v":
                value = child.text or ""
            elif name == "is":
                inline = _text(child)
            formula |= name == "f"
        if kind == "inlineStr":
            return inline, False
        if not value:
            return "", formula and kind != "str"
        if kind == "s":
            return self._strings[int(value)], False
        if kind == "b":
            return ("TRUE" if value in ("1", "true") else "FALSE"), False
        if kind == "n":
            style = int(cell.get("s") or 0)
            return number_text(float(value), self._formats[style] if style < len(self._formats) else "", from_1904), False
        return _unescaped(value), False  # a formula's text, an error (#DIV/0!), a date in ISO 8601


def _text(item: Element) -> str:
    """The text of a string item, its runs joined, without the phonetic hints (rPh)."""
    parts = []
    for child in item:
        if local(child) == "t":
            parts.append(child.text or "")
        elif local(child) == "r":
            parts += [run.text or "" for run in child if local(run) == "t"]
    return _unescaped("".join(parts))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - ord("A") + 1
    return number - 1


def _merge(reference: str) -> list[Merge]:
    """The range that a reference such as A1:C2 names."""
    first, _, last = reference.partition(":")
    corners = [_REFERENCE.fullmatch(corner) for corner in (first, last or first)]
    if not all(corners):
        return []
    (left, top), (right, bottom) = [(_column(corner[1]), int(corner[2]) - 1) for corner in corners if corner]
    return [(min(top, bottom), min(left, right), max(top, bottom), max(left, right))]
