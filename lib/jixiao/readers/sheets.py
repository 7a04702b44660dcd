"""What the readers of spreadsheets share: the used range of a sheet as one table, with its merged cells.

A sheet says where each cell stands and may claim to be 1,048,576 rows by 16,384 columns large. Rows and columns keep
their own numbers; what stands blank behind the last cell with text is cut, and so is what stands far away from the rest.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from jixiao.document import Cell, Document, Note, Place, ReadingError
from jixiao.readers.blocks import Blocks, cell_text
from jixiao.readers.limits import too_large

Position = tuple[int, int]
Merge = tuple[int, int, int, int]  # first row, first column, last row, last column

MAX_CELLS = 2_000_000  # with text, in all sheets
MAX_AREA = 4_000_000  # the used range of one sheet, with its blanks
# what stands behind so many blank rows or columns was left there by mistake
FAR_ROWS, FAR_COLS = 2000, 200
_NOTED = 20


class Workbook:
    """Collects the sheets of a workbook and what cannot be settled about them."""

    def __init__(self, name: str, form: str):
        self.name = name
        self._form = form
        self._blocks = Blocks()
        self._notes: list[Note] = []
        self._cells = 0

    def sheet(self, title: str, texts: Mapping[Position, str], merges: Iterable[Merge] = (), unknown: Collection[Position] = ()) -> None:
        """Add a sheet: the texts of its cells, its merged ranges, and where formulas stand whose value was not saved."""
        filled = {position: text for position, raw in texts.items() if (text := cell_text(raw))}
        self._cells += len(filled)
        if self._cells > MAX_CELLS:
            raise too_large(f"The workbook has more than {MAX_CELLS:,} cells: split it, or keep only the sheets of the report")
        filled |= dict.fromkeys(unknown, "")
        rows = _near({row for row, _ in filled}, FAR_ROWS)
        cols = _near({col for row, col in filled if row < rows}, FAR_COLS)
        near = {position: text for position, text in filled.items() if position[0] < rows and position[1] < cols}
        if rows * cols > MAX_AREA:
            self._note("sheet_too_large", f"the sheet reaches over {rows:,} rows and {cols:,} columns and was not read: split it", title)
            return
        for row, col in sorted(filled.keys() - near.keys())[:_NOTED]:
            message = f"{filled[row, col][:20]!r} stands far away from the sheet's table and was not read: move it there or delete it"
            self._note("cell_far_away", message, title, row, col)
        for row, col in sorted(unknown)[:_NOTED]:
            message = "the formula's value was not saved with the file: open it in a spreadsheet program and save it again"
            self._note("formula_without_value", message, title, row, col)
        self._blocks.table(_cells(near, merges, rows, cols), sheet=title)

    def _note(self, code: str, message: str, sheet: str, row: int | None = None, col: int | None = None) -> None:
        number = len(self._blocks.all()) + 1
        spot = {} if row is None or col is None else {"table": number, "row": row + 1, "col": col + 1}
        self._notes.append(Note(code, message, Place(self.name, sheet=sheet, **spot)))

    def document(self) -> Document:
        return Document(self.name, self._form, self._blocks.all(), notes=tuple(self._notes))


def damaged(form: str, error: Exception) -> ReadingError:
    message = f"The {form} file is damaged or incomplete ({type(error).__name__}: {error}): fetch it again or save it anew as XLSX."
    return ReadingError(message, "damaged_file")


def _near(used: set[int], far: int) -> int:
    """How many rows (columns) there are, from the first to the last that is used and not `far` behind the one before."""
    end = 0
    for number in sorted(used):
        if end and number - end >= far:
            break
        end = number + 1
    return end


def _cells(texts: Mapping[Position, str], merges: Iterable[Merge], rows: int, cols: int) -> list[Cell]:
    """The cells of the used range in reading order, blank ones too; a row without any text has none."""
    spans, covered = _spans(merges, rows, cols)
    filled = Counter(row for row, _ in texts)
    cells = []
    for row in range(rows):
        for col in range(cols):
            if (row, col) in covered or not (filled[row] or (row, col) in spans):
                continue
            rowspan, colspan = spans.get((row, col), (1, 1))
            cells.append(Cell(row, col, texts.get((row, col), ""), rowspan, colspan))
    return cells


def _spans(merges: Iterable[Merge], rows: int, cols: int) -> tuple[dict[Position, Position], set[Position]]:
    """Rows and columns of each merged cell by its corner, cut to the used range, and the positions that they cover.

    A range that overlaps one before it, as damaged files have it, is left out.
    """
    spans: dict[Position, Position] = {}
    covered: set[Position] = set()
    budget = 2 * MAX_AREA  # ranges that overlap again and again would take hours
    for top, left, bottom, right in merges:
        bottom, right = min(bottom, rows - 1), min(right, cols - 1)
        budget -= max(0, bottom - top + 1) * max(0, right - left + 1)
        if budget < 0:
            break
        positions = {(row, col) for row in range(top, bottom + 1) for col in range(left, right + 1)}
        if len(positions) < 2 or positions & covered or positions & spans.keys():
            continue
        spans[top, left] = (bottom - top + 1, right - left + 1)
        covered |= positions - {(top, left)}
    return spans, covered
