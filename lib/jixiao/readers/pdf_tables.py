"""Ruled tables of PDF pages: cells with their spans, and one table out of the pieces that stand on several pages."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pdfplumber.page import Page

from jixiao.document import Box, Cell, Table, mend_page_break, tidy
from jixiao.readers.pdf_edges import NEAR, missing_sides, ruled
from jixiao.readers.pdf_lines import Char, cell_text, inside, middle
from jixiao.readers.pdf_view import View
from jixiao.vocabulary import is_label

SAME_SIDE = 6.0  # points: how far the sides of a table may move from page to page
_FIGURE = re.compile(r"[\d.,，％%()（）\-—－/ ≥≤]*")


@dataclass(frozen=True)
class Piece:
    """The part of a table that stands on one page: boxes of its cells and their texts, from top to bottom, left to right."""

    page: int
    box: Box
    height: float
    cells: tuple[tuple[Box, str], ...]

    @property
    def columns(self) -> int:
        return len(_clusters(x for (x0, _, x1, _), _ in self.cells for x in (x0, x1))) - 1

    def same_sides(self, other: Piece) -> bool:
        return abs(self.box[0] - other.box[0]) <= SAME_SIDE and abs(self.box[2] - other.box[2]) <= SAME_SIDE

    def rows(self) -> list[tuple[str, ...]]:
        """The texts of the cells that begin in each row, without any white space."""
        tops = _clusters(box[1] for box, _ in self.cells)
        rows: list[list[str]] = [[] for _ in tops]
        for box, text in self.cells:
            rows[_nearest(tops, box[1])].append(_bare(text))
        return list(map(tuple, rows))


def find(page: Page, view: View, chars: Sequence[Char], before: Piece | None) -> tuple[list[Piece], list[Char]]:
    """The table pieces of a page, from top to bottom, and the characters that are in none of their cells.

    A frame round prose (one column) is not a table, but for the rest of the table that ended the page before.
    """
    drawn = ruled(page)
    if drawn is None:
        return [], list(chars)
    middles = [middle(c) for c in chars]
    used: set[int] = set()
    pieces: list[Piece] = []
    found = [[view.read(cell) for cell in table.cells] for table in drawn.find_tables(missing_sides(drawn))]
    for boxes in sorted(found, key=lambda cells: min((c[1], c[0]) for c in cells)):
        boxes = [b for b in boxes if b[2] - b[0] > NEAR and b[3] - b[1] > NEAR]
        texts = [inside(chars, box, middles) for box in boxes]
        cells = tuple(sorted(((b, cell_text(t)) for b, t in zip(boxes, texts, strict=True)), key=lambda c: (c[0][1], c[0][0])))
        if not any(text for _, text in cells):
            continue
        piece = Piece(page.page_number, _hull(boxes), view.tall, cells)
        if piece.columns < 2 and not (not pieces and before and before.same_sides(piece)):
            continue
        pieces.append(piece)
        used.update(id(c) for t in texts for c in t)
    return pieces, [c for c in chars if id(c) not in used]


def _hull(boxes: Sequence[Box]) -> Box:
    return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))


def goes_on(before: Piece, after: Piece) -> bool:
    """Whether `after`, the first thing on its page, continues `before`, the last thing on the page ahead of it."""
    if after.page != before.page + 1 or not before.same_sides(after):
        return False
    if before.box[3] < 0.55 * before.height or after.box[1] > 0.45 * after.height:
        return False
    old, new = before.rows(), after.rows()
    start, same = _repeated(old, new)
    # Below the same heading the same label begins again (项目名称 ...): another form of the same make, not the same table.
    next_old, next_new = old[start + same : start + same + 1], new[same : same + 1]
    if next_old and next_new and next_old[0] and next_new[0]:
        label = next_new[0][0]
        return not (label and label == next_old[0][0] and not _FIGURE.fullmatch(label))
    return True


def _repeated(old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]]) -> tuple[int, int]:
    """Where in `old`'s first rows the first rows of `new` stand, and how many of them: a header that was printed again."""
    for start in range(min(4, len(old))):
        same = 0
        while start + same < len(old) and same < len(new) and old[start + same] == new[same] and any(new[same]):
            same += 1
        if same:
            return start, same
    return 0, 0


def table(pieces: Sequence[Piece], number: int, views: Mapping[int, View]) -> Table:
    """One table of all its pieces: columns from the edges of all of them together, repeated headers left out, seams mended."""
    edges = _clusters(x for p in pieces for (x0, _, x1, _), _ in p.cells for x in (x0, x1))
    cells: list[Cell] = []
    height = 0
    for piece in pieces:
        new = _cells(piece, edges, views[piece.page])
        if cells:
            _, same = _repeated(pieces[0].rows(), piece.rows())
            new = _without_header(new, same)
        if not new:
            continue
        seam = height
        cells += [replace(c, row=c.row + seam) for c in new]
        if seam:
            cells = mend_page_break(cells, seam, is_label)
        height = max(c.row + c.rowspan for c in cells)
    return Table(number, tuple(sorted(cells, key=lambda c: (c.row, c.col))))


def _cells(piece: Piece, edges: Sequence[float], view: View) -> list[Cell]:
    levels = _clusters(y for (_, top, _, bottom), _ in piece.cells for y in (top, bottom))
    cells = []
    for box, text in piece.cells:
        col, right = _nearest(edges, box[0]), _nearest(edges, box[2])
        row, below = _nearest(levels, box[1]), _nearest(levels, box[3])
        cells.append(Cell(row, col, text, max(1, below - row), max(1, right - col), piece.page, view.shown(box)))
    return cells


def _without_header(cells: list[Cell], rows: int) -> list[Cell]:
    if any(c.row < rows < c.row + c.rowspan for c in cells):
        return cells
    return [replace(c, row=c.row - rows) for c in cells if c.row >= rows]


def _clusters(values: Iterable[float]) -> list[float]:
    """The middles of groups of values that lie near each other."""
    groups: list[list[float]] = []
    for value in sorted(map(float, values)):
        if groups and value - groups[-1][-1] <= NEAR:
            groups[-1].append(value)
        else:
            groups.append([value])
    return [sum(g) / len(g) for g in groups]


def _nearest(middles: Sequence[float], value: float) -> int:
    at = bisect_left(middles, value)
    near = [i for i in (at - 1, at) if 0 <= i < len(middles)]
    return min(near, key=lambda i: abs(middles[i] - value))


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", tidy(text))
