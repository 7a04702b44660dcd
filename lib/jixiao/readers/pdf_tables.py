"""Ruled tables of PDF pages: cells with their spans, and one table out of the pieces that stand on several pages."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pdfplumber.page import Page

from jixiao.document import Box, Cell, Table
from jixiao.page_breaks import mend_page_break
from jixiao.readers.pdf_content import Content
from jixiao.readers.pdf_edges import NEAR, tables
from jixiao.readers.pdf_lines import Char, cell_text, confidence, inside, middles_of
from jixiao.readers.pdf_view import Shown, View
from jixiao.values import plain
from jixiao.vocabulary import is_label, term

SAME_SIDE = 6.0  # points: how far the sides of a table may move from page to page
HEAD = 4  # rows: titles, years and captions above the first row that says something of its own
_FIGURE = re.compile(r"[\d.,，％%()（）\-—－/ ≥≤]*")


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell where it stands on its page, and how sure OCR was of its text (None where the file says what is written).

    `sides` are its left and right where its part of the table is laid over the first part.
    """

    box: Box
    text: str
    confidence: float | None = None
    sides: tuple[float, float] | None = None

    @property
    def x0(self) -> float:
        return self.sides[0] if self.sides else self.box[0]

    @property
    def x1(self) -> float:
        return self.sides[1] if self.sides else self.box[2]


@dataclass(frozen=True)
class Piece:
    """The part of a table that stands on one page: its cells from top to bottom, left to right.

    `ruled` is false where its columns were found by the gaps between texts, which differ from page to page.
    """

    page: int
    box: Box
    height: float
    cells: tuple[Spot, ...]
    ruled: bool = True

    @cached_property
    def edges(self) -> list[float]:
        return _clusters(x for spot in self.cells for x in (spot.x0, spot.x1))

    @property
    def columns(self) -> int:
        return len(self.edges) - 1

    def same_columns(self, other: Piece) -> bool:
        mine, its = self.edges, other.moved_to(self).edges
        return len(mine) == len(its) and all(abs(a - b) <= NEAR for a, b in zip(mine, its, strict=True))

    def same_sides(self, other: Piece) -> bool:
        return abs(self.box[0] - other.box[0]) <= SAME_SIDE and abs(self.box[2] - other.box[2]) <= SAME_SIDE

    def moved_to(self, first: Piece) -> Piece:
        """This part laid over the first: paper lies a little to the side, and is drawn in a little smaller or larger."""
        shift, x0 = first.box[0], self.box[0]
        scale = (first.box[2] - first.box[0]) / (self.box[2] - self.box[0])
        cells = [Spot(s.box, s.text, s.confidence, (shift + (s.box[0] - x0) * scale, shift + (s.box[2] - x0) * scale)) for s in self.cells]
        return replace(self, cells=tuple(cells))

    @cached_property
    def rows(self) -> list[tuple[str, ...]]:
        """The texts of the cells that begin in each row, as labels are compared."""
        tops = _clusters(spot.box[1] for spot in self.cells)
        rows: list[list[str]] = [[] for _ in tops]
        for spot in self.cells:
            rows[_nearest(tops, spot.box[1])].append(plain(spot.text))
        return list(map(tuple, rows))


def find(page: Page, content: Content, view: View, chars: Sequence[Char], before: Piece | None) -> tuple[list[Piece], list[Char]]:
    """The table pieces of a page, from top to bottom, and the characters that are in none of their cells."""
    found = [[view.read(cell) for cell in cells] for cells in tables(content.shapes)]
    return pieces_of(found, page.page_number, view.tall, chars, before)


def pieces_of(
    found: Sequence[Sequence[Box]], page: int, tall: float, chars: Sequence[Char], before: Piece | None
) -> tuple[list[Piece], list[Char]]:
    """The pieces made of these tables' cells, from top to bottom, and the characters that are in none of their cells.

    A frame round prose (one column) is not a table, but for the rest of the table that ended the page before.
    """
    if not found:
        return [], list(chars)
    middles = middles_of(chars)
    used: set[int] = set()
    pieces: list[Piece] = []
    for boxes in sorted(found, key=lambda cells: min((c[1], c[0]) for c in cells)):
        boxes = [b for b in boxes if b[2] - b[0] > NEAR and b[3] - b[1] > NEAR]
        texts = [inside(chars, box, middles) for box in boxes]
        spots = [Spot(b, cell_text(t), confidence(t)) for b, t in zip(boxes, texts, strict=True)]
        if not any(spot.text for spot in spots):
            continue
        piece = Piece(page, _hull(boxes), tall, tuple(sorted(spots, key=lambda spot: (spot.box[1], spot.box[0]))))
        if piece.columns < 2 and not (not pieces and before and before.same_sides(piece)):
            continue
        pieces.append(piece)
        used.update(id(c) for t in texts for c in t)
    return pieces, [c for c in chars if id(c) not in used]


def _hull(boxes: Sequence[Box]) -> Box:
    return (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))


def goes_on(pieces: Sequence[Piece], after: Piece) -> bool:
    """Whether `after`, the first thing on its page, continues the table of `pieces`, which ended the page ahead of it."""
    before = pieces[-1]
    if after.page != before.page + 1 or not before.same_sides(after):
        return False
    if not (before.ruled and after.ruled) and not before.same_columns(after):
        return False  # a figure would come to stand below the label beside its own
    if before.box[3] < 0.55 * before.height or after.box[1] > 0.45 * after.height:
        return False
    old, new = pieces[0].rows, after.rows
    if _opens_anew(old, new):
        return False
    start, same = _repeated(old, new)
    # Below the same heading the same label begins again (项目名称 ...): another form of the same make, not the same table.
    next_old, next_new = old[start + same : start + same + 1], new[same : same + 1]
    if next_old and next_new and next_old[0] and next_new[0]:
        label = next_new[0][0]
        return not (label and label == next_old[0][0] and not _FIGURE.fullmatch(label))
    return True


def _opens_anew(old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]]) -> bool:
    """Whether the head of a form (项目名称) stands in the first rows of `new`, below a title or not, where `old` has another one."""
    heads = {role: row for row in new[:HEAD] if row and row not in old and (role := term("roles", row[0]))}
    return any(row and term("roles", row[0]) in heads for row in old)


def _repeated(old: Sequence[tuple[str, ...]], new: Sequence[tuple[str, ...]]) -> tuple[int, int]:
    """Where in `old`'s first rows the first rows of `new` stand, and how many of them: a header that was printed again."""
    for start in range(min(HEAD, len(old))):
        same = 0
        while start + same < len(old) and same < len(new) and old[start + same] == new[same] and any(new[same]):
            same += 1
        if same:
            return start, same
    return 0, 0


def table(pieces: Sequence[Piece], number: int, views: Mapping[int, Shown]) -> Table:
    """One table of all its pieces: columns from the edges of all of them together, repeated headers left out, seams mended."""
    pieces = [pieces[0], *(piece.moved_to(pieces[0]) for piece in pieces[1:])]
    edges = _clusters(x for piece in pieces for spot in piece.cells for x in (spot.x0, spot.x1))
    cells: list[Cell] = []
    height = 0
    for piece in pieces:
        new = _cells(piece, edges, views[piece.page])
        if cells:
            _, same = _repeated(pieces[0].rows, piece.rows)
            new = _without_header(new, same)
        if not new:
            continue
        seam = height
        cells += [c.lower(seam) for c in new]
        if seam:
            cells = mend_page_break(cells, seam, is_label)
        height = max(c.row + c.rowspan for c in cells)
    return Table(number, tuple(sorted(cells, key=lambda c: (c.row, c.col))))


def _cells(piece: Piece, edges: Sequence[float], view: Shown) -> list[Cell]:
    levels = _clusters(y for spot in piece.cells for y in (spot.box[1], spot.box[3]))
    cols = {x: _nearest(edges, x) for x in {x for spot in piece.cells for x in (spot.x0, spot.x1)}}
    rows = {y: _nearest(levels, y) for y in {y for spot in piece.cells for y in (spot.box[1], spot.box[3])}}
    cells = []
    for spot in piece.cells:
        box = spot.box
        col, right = cols[spot.x0], cols[spot.x1]
        row, below = rows[box[1]], rows[box[3]]
        spans = (max(1, below - row), max(1, right - col))
        cells.append(Cell(row, col, spot.text, *spans, piece.page, view.shown(box), spot.confidence))
    return cells


def _without_header(cells: list[Cell], rows: int) -> list[Cell]:
    if any(c.row < rows < c.row + c.rowspan for c in cells):
        return cells
    return [c.lower(-rows) for c in cells if c.row >= rows]


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
    at = min(bisect_left(middles, value), len(middles) - 1)
    return at - 1 if at and value - middles[at - 1] <= middles[at] - value else at
