"""Reader for OpenDocument spreadsheets (.ods): each sheet a table. A cell holds the very text that it shows (ODF 1.3, 9.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from jixiao.document import Document, ReadingError
from jixiao.readers.limits import open_zip, unpack
from jixiao.readers.number_formats import plain_number
from jixiao.readers.sheets import MAX_CELLS, Merge, Position, Workbook, damaged
from jixiao.readers.xml import Element, attribute, descendants, local, parse

# rows and their groups; header rows are rows like others
_GROUPS = {"table-header-rows", "table-rows", "table-row-group", "table-header-columns"}
_DRAWN = re.compile(r"[,，\s¥￥]")
_REPEATED = 1000  # a filled row or cell repeated more often is a filling of the sheet, not a table


def read(data: bytes, name: str) -> Document:
    """The document in `data`. Raises ReadingError: `damaged_file`, `encrypted_file`, `too_large`."""
    try:
        with open_zip(data) as archive:
            parts = {info.filename: info for info in archive.infolist()}
            manifest = parts.get("META-INF/manifest.xml")
            if manifest is not None and b"encryption-data" in unpack(archive, manifest):
                raise ReadingError("The workbook is protected by a password: save it without one.", "encrypted_file")
            root = parse(unpack(archive, parts["content.xml"]))
        workbook = Workbook(name, "ods")
        for table in descendants(root, "table"):
            if local(table.getparent()) == "spreadsheet":  # not a table inside a cell or a chart
                sheet = _Sheet()
                sheet.add(table)
                workbook.sheet(attribute(table, "name") or "", sheet.texts, sheet.merges)
        return workbook.document()
    except ReadingError:
        raise
    except Exception as error:  # zip and XML each have their own ways to fail in a damaged file
        raise damaged("ODS", error) from error


@dataclass
class _Sheet:
    texts: dict[Position, str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    row: int = 0

    def add(self, container: Element) -> None:
        for element in _rows(container):
            repeated = _count(element, "number-rows-repeated")
            start, cells = self.row, list(_cells(element))
            # an empty row repeated to the end of the sheet only moves on
            times = min(repeated, _REPEATED) if any(text for _, text, _, _ in cells) else min(repeated, 1)
            for self.row in range(start, start + times):
                for col, text, rowspan, colspan in cells:
                    if text and len(self.texts) < MAX_CELLS:
                        self.texts[self.row, col] = text
                    if rowspan > 1 or colspan > 1:
                        self.merges.append((self.row, col, self.row + rowspan - 1, col + colspan - 1))
            self.row = start + repeated


def _rows(container: Element) -> Iterator[Element]:
    for element in container:
        if local(element) == "table-row":
            yield element
        elif local(element) in _GROUPS:
            yield from _rows(element)


def _cells(row: Element) -> Iterator[tuple[int, str, int, int]]:
    """Column, text, rows and columns of a row's cells that have a text or a span; what a merged cell covers is passed over."""
    col = 0
    for element in row:
        name, repeated = local(element), _count(element, "number-columns-repeated")
        if name == "table-cell":
            text = _text(element)
            rowspan, colspan = _count(element, "number-rows-spanned"), _count(element, "number-columns-spanned")
            if text or rowspan > 1 or colspan > 1:
                for number in range(min(repeated, _REPEATED)):
                    yield col + number, text, rowspan, colspan
        if name in ("table-cell", "covered-table-cell"):
            col += repeated


def _count(element: Element, name: str) -> int:
    value = attribute(element, name)
    return max(1, int(value)) if value else 1


def _text(cell: Element) -> str:
    """The paragraphs of a cell; its value only where a program left the text out."""
    shown = "\n".join(_line(child) for child in cell if local(child) in ("p", "h"))
    value = attribute(cell, "value")
    if shown.strip():
        return _with_all_digits(shown, value) if value and attribute(cell, "value-type") in ("float", "currency") else shown
    if value is None:
        return attribute(cell, "date-value") or attribute(cell, "string-value") or ""
    percent = attribute(cell, "value-type") == "percentage"
    return f"{plain_number(float(value) * 100)}%" if percent else plain_number(float(value))


def _with_all_digits(shown: str, value: str) -> str:
    """The number itself where the text only hides digits of it; not where it is shown with a unit or divided."""
    digits = _DRAWN.sub("", shown)
    try:
        number, text = Decimal(value), Decimal(digits)
    except InvalidOperation:
        return shown
    hidden = Decimal(1).scaleb(-len(digits.partition(".")[2]))
    return plain_number(float(value)) if abs(number - text) <= hidden else shown


def _line(element: Element) -> str:
    parts = [element.text or ""]
    for child in element:
        name = local(child)
        if name == "s":
            parts.append(" " * min(_count(child, "c"), 100))
        elif name == "tab":
            parts.append("\t")
        elif name == "line-break":
            parts.append("\n")
        elif name not in ("annotation", "ruby-text", ""):
            parts.append(_line(child))
        parts.append(child.tail or "")
    return "".join(parts)
