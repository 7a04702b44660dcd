"""What a reader hands over: a document as ordered paragraphs and tables, whatever the file's format.

Everything to the right of the readers sees only these classes. Merged cells are spread here, once, for all
formats: a reader states each cell once with its spans, `Table.grid` gives it at each position that it covers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

Box = tuple[float, float, float, float]

_ESCAPES = {"%": "%25", "#": "%23", "&": "%26", "=": "%3D"}
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
            text = f"{value[0]}-{value[1]}" if name == "chars" else str(value)
            parts.append(f"{name}={_escape(text)}")
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
    return "".join(_ESCAPES.get(char, char) for char in text)


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


_ONLY_FIGURE = re.compile(r"[\d.,，％%()（）\-—－/ ≥≤]+")


def least(confidences: Iterable[float | None]) -> float | None:
    """The confidence of a text put together from others: that of the least sure, None where none was read by OCR."""
    return min((c for c in confidences if c is not None), default=None)


def mend_page_break(cells: Sequence[Cell], seam: int, is_label: Callable[[str], bool] = lambda text: False) -> list[Cell]:
    """One table's cells where rows from `seam` on stand on the next page, in the same columns as those above.

    A blank tall cell at the top of the new page continues the merged cell above it, and so does a blank cell above the label
    that was printed in the lower part of its merged cell. A first row that has text only below
    text, and blanks below everything else, is the rest of a row that the page break cut in two: it goes back to its row.
    A text that `is_label` knows as a whole label begins a row of its own, with blank cells (上年结转资金).
    """
    above = {c.col: c for c in cells if c.row < seam <= c.row + c.rowspan}
    first = [c for c in cells if c.row == seam]
    merged: dict[Cell, Cell] = {}
    gone: set[Cell] = set()
    for cell in first:
        upper = above.get(cell.col)
        if not upper or upper.colspan != cell.colspan:
            continue
        if not cell.text.strip() and (cell.rowspan > 1 or (is_label(upper.text) and _is_merged_column(cells, cell, seam, is_label))):
            merged[upper] = replace(upper, rowspan=upper.rowspan + cell.rowspan)
            gone.add(cell)
        elif max(upper.rowspan, cell.rowspan) > 1 and is_label(upper.text + cell.text) and not is_label(upper.text):  # 满意 | 度指标
            text, confidence = upper.text + cell.text, least((upper.confidence, cell.confidence))
            merged[upper] = replace(upper, text=text, rowspan=upper.rowspan + cell.rowspan, confidence=confidence)
            gone.add(cell)
        elif not upper.text.strip() and (cell.rowspan > 1 or is_label(cell.text)) and _is_merged_column(cells, upper, seam, is_label):
            merged[upper] = replace(cell, row=upper.row, rowspan=upper.rowspan + cell.rowspan)
            gone.add(cell)
    rest = [c for c in first if c not in gone]
    if _is_torn(rest, above, is_label):
        for cell in rest:
            upper = above.get(cell.col)
            if upper and cell.text.strip():
                merged[upper] = replace(
                    merged.get(upper, upper), text=f"{upper.text}\n{cell.text}", confidence=least((upper.confidence, cell.confidence))
                )
        # the row ends here: what reached below it now begins one row higher
        result = []
        for cell in cells:
            if cell in gone or (cell in rest and cell.rowspan == 1):
                continue
            new = merged.get(cell, cell)
            if cell in merged and new.rowspan > cell.rowspan:
                new = replace(new, rowspan=new.rowspan - 1)
            if cell.row > seam:
                new = replace(new, row=new.row - 1)
            result.append(new)
        return result
    return [merged.get(cell, cell) for cell in cells if cell not in gone]


def _is_merged_column(cells: Sequence[Cell], blank: Cell, seam: int, is_label: Callable[[str], bool]) -> bool:
    """Whether the labels right above and below `blank` in its column are merged over rows and, but at page breaks, never left blank."""
    column = {c.row: c for c in cells if c.col == blank.col and c.colspan == blank.colspan}
    above, below = [], []
    ends = {c.row + c.rowspan: c for c in column.values()}
    cell = ends.get(blank.row)
    while cell and (is_label(cell.text) or not cell.text.strip()):  # what else stands there is a header
        above.append(cell)
        cell = ends.get(cell.row)
    cell = column.get(blank.row + blank.rowspan)
    while cell and (is_label(cell.text) or not cell.text.strip() or not below):
        below.append(cell)
        cell = column.get(cell.row + cell.rowspan)
    run = above + below
    return any(c.rowspan > 1 for c in run) and all(c.text.strip() for c in run if c.row + c.rowspan < seam or c.row > seam)


def _is_torn(row: Iterable[Cell], above: dict[int, Cell], is_label: Callable[[str], bool]) -> bool:
    row = list(row)
    filled = [c for c in row if c.text.strip()]
    if not filled or any(c.rowspan > 1 for c in filled):
        return False
    if any(_ONLY_FIGURE.fullmatch(c.text.strip()) for c in filled):
        return False
    uppers = [above.get(c.col) for c in filled]
    if not all(u and u.text.strip() and u.colspan == c.colspan for u, c in zip(uppers, filled, strict=True)):
        return False
    if any(is_label(c.text) and not is_label(u.text + c.text) for u, c in zip(uppers, filled, strict=True)):
        return False
    if len(filled) > 1 and any(u.text.rstrip().endswith("。") for u in uppers):
        return False  # what ended above does not go on below: a row with merged cells beside it
    blank_below_text = [c for c in row if not c.text.strip() and c.col in above and above[c.col].text.strip()]
    return len(blank_below_text) > len(filled)
