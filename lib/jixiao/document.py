"""What a reader hands over: a document as ordered paragraphs and tables, whatever the file's format.

Everything to the right of the readers sees only these classes. Merged cells are spread here, once, for all
formats: a reader states each cell once with its spans, `Table.grid` gives it at each position that it covers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

Box = tuple[float, float, float, float]

_ESCAPES = {"%": "%25", "#": "%23", "&": "%26", "=": "%3D", " ": "%20"}  # a blank parts the places of a finding
_ESCAPED = str.maketrans(_ESCAPES)
_WIDE = r"\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\u2018-\u201d\u2014\u2026"
_BREAK_BESIDE_WIDE = re.compile(rf"(?<=[{_WIDE}])\s+|\s+(?=[{_WIDE}])")


@lru_cache(1 << 14)
def tidy(text: str) -> str:
    """`text` on one line: white space beside a Chinese character goes, any other becomes one blank."""
    return re.sub(r"\s+", " ", _BREAK_BESIDE_WIDE.sub("", text.strip())).strip()


class ReadingError(Exception):
    """A file cannot be read. The message says what is wrong with it and what to do; `code` is the issue's code."""

    def __init__(self, message: str, code: str = "unreadable_file"):
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in a source. Numbers count from 1; `chars` is a half-open range of the tidied paragraph.

    Written as `zhuzhou-2024.pdf#page=6&table=2&row=5&col=3`; `Place.parse(str(place)) == place`.
    """

    file: str
    page: int | None = None
    sheet: str | None = None
    paragraph: int | None = None
    table: int | None = None
    row: int | None = None
    col: int | None = None
    chars: tuple[int, int] | None = None

    def __str__(self) -> str:
        parts = []
        for name in ("page", "sheet", "paragraph", "table", "row", "col", "chars"):
            value = getattr(self, name)
            if value is None:
                continue
            if name == "sheet":
                value = _escape(value)
            elif name == "chars":
                value = f"{value[0]}-{value[1]}"
            parts.append(f"{name}={value}")
        return _escape(self.file) + ("#" + "&".join(parts) if parts else "")

    @classmethod
    def parse(cls, text: str) -> Place:
        """The place that `text` names. Raises ValueError naming the part that is not understood."""
        file, _, rest = text.partition("#")
        values: dict = {}
        for part in filter(None, rest.split("&")):
            name, sign, value = part.partition("=")
            if not sign or name not in cls.__slots__ or name == "file":
                raise ValueError(f"place {text!r}: {part!r} is not understood; a place looks like a.pdf#page=6&table=2&row=5&col=3")
            if name == "sheet":
                values[name] = _unescape(value)
            elif name == "chars":
                start, _, end = value.partition("-")
                values[name] = (int(start), int(end))
            else:
                values[name] = int(value)
        return cls(_unescape(file), **values)


def _escape(text: str) -> str:
    return text.translate(_ESCAPED)


def _unescape(text: str) -> str:
    for char, code in reversed(_ESCAPES.items()):
        text = text.replace(code, char)
    return text


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as its source states it: `row` and `col` count from 0, `text` keeps its line breaks.

    `page` and `box` (x0, top, x1, bottom in points, from the page's upper left corner) are given where the source has pages.
    `confidence` (0 to 1) is how sure OCR was of the text's least sure digit, None where the file says what is written.
    """

    row: int
    col: int
    text: str
    rowspan: int = 1
    colspan: int = 1
    page: int | None = None
    box: Box | None = None
    confidence: float | None = None

    def lower(self, rows: int) -> Cell:
        """The cell so many rows further down, or up where they are less than none."""
        return Cell(self.row + rows, self.col, self.text, self.rowspan, self.colspan, self.page, self.box, self.confidence)

    def __hash__(self) -> int:
        return self.row << 16 ^ self.col  # few cells stand at the same spot, and cells are looked up all the time


@dataclass(frozen=True)
class Table:
    """A table, over all pages it runs on. `number` counts the document's tables from 1.

    `aligned` is false where the source has no geometry (a text dump), so that a row's cells may stand beside their columns.
    """

    number: int
    cells: tuple[Cell, ...]
    aligned: bool = True
    sheet: str | None = None

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Rows and columns of the grid."""
        return (
            max((c.row + c.rowspan for c in self.cells), default=0),
            max((c.col + c.colspan for c in self.cells), default=0),
        )

    @cached_property
    def grid(self) -> tuple[tuple[Cell | None, ...], ...]:
        """The cells by position, a merged cell at every position it covers, None where there is no cell."""
        rows, cols = self.shape
        grid: list[list[Cell | None]] = [[None] * cols for _ in range(rows)]
        for cell in self.cells:
            for row in range(cell.row, cell.row + cell.rowspan):
                for col in range(cell.col, cell.col + cell.colspan):
                    grid[row][col] = cell
        return tuple(map(tuple, grid))

    def row(self, number: int) -> list[Cell]:
        """The different cells that touch a row, from left to right."""
        return list(self._rows[number])

    @cached_property
    def _rows(self) -> list[list[Cell]]:
        return [list(dict.fromkeys(cell for cell in row if cell is not None)) for row in self.grid]

    @property
    def page(self) -> int | None:
        return self.cells[0].page if self.cells else None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of prose, its line breaks joined. `number` counts the document's paragraphs from 1; `confidence` as for a Cell."""

    number: int
    text: str
    page: int | None = None
    box: Box | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a reader could not settle, to become an issue: what is wrong, and what to do about it."""

    code: str
    message: str
    place: Place


@dataclass(frozen=True)
class Document:
    """A source as ordered blocks. `name` is the file's name (`archive.zip!member.doc` inside an archive).

    `unread_pages` are the pages whose text could not be read, because it is a picture for instance; they have no blocks or not all.
    `read_by_ocr` are the pages that were pictures and were read by optical character recognition (光学字符识别).
    """

    name: str
    format: str
    blocks: tuple[Paragraph | Table, ...]
    pages: int | None = None
    unread_pages: tuple[int, ...] = ()
    read_by_ocr: tuple[int, ...] = ()
    notes: tuple[Note, ...] = ()

    @property
    def tables(self) -> list[Table]:
        return [block for block in self.blocks if isinstance(block, Table)]

    @property
    def paragraphs(self) -> list[Paragraph]:
        return [block for block in self.blocks if isinstance(block, Paragraph)]

    def place(self, block: Paragraph | Table, cell: Cell | None = None, chars: tuple[int, int] | None = None) -> Place:
        """Where `block` stands, or a cell of it, or a stretch of its text."""
        if isinstance(block, Paragraph):
            return Place(self.name, page=block.page, paragraph=block.number, chars=chars)
        if cell is None:
            return Place(self.name, page=block.page, sheet=block.sheet, table=block.number)
        return Place(
            self.name,
            page=cell.page if cell.page is not None else block.page,
            sheet=block.sheet,
            table=block.number,
            row=cell.row + 1,
            col=cell.col + 1,
        )


def least(confidences: Iterable[float | None]) -> float | None:
    """The confidence of a text put together from others: that of the least sure, None where none was read by OCR."""
    return min((c for c in confidences if c is not None), default=None)
