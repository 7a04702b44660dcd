"""Tables without rulings, on written and scanned pages: columns by the gaps between figures that stand below each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from jixiao.document import Box
from jixiao.readers.pdf_lines import Char, rows_of
from jixiao.readers.pdf_tables import Piece, pieces_of

GAP = 1.2  # of the character size: what stands further apart is in different columns
_ROOM = 2.0  # points round a table
ROWS = 3  # fewer rows below each other may be chance, unless each part stands below one of a header
_FIGURE = re.compile(r"[≥≤<>=]?[-−+]?[\d.,，]+\s*(?:[%％]|万元|元)?|[-—–/]+|无")


@dataclass(frozen=True, slots=True)
class _Part:
    x0: float
    x1: float
    text: str
    size: float

    @property
    def is_figure(self) -> bool:
        return bool(_FIGURE.fullmatch(self.text))


@dataclass(frozen=True, slots=True)
class _Row:
    top: float
    bottom: float
    parts: tuple[_Part, ...]

    @property
    def is_of_figures(self) -> bool:
        figures = sum(part.is_figure for part in self.parts[1:])
        return len(self.parts) > 1 and 2 * figures >= len(self.parts) - 1


def with_unruled(ruled: Sequence[Piece], outside: Sequence[Char], page: int, tall: float) -> tuple[list[Piece], list[Char]]:
    """All tables of a page from top to bottom, those without rulings among the `ruled`, and the characters that are in none."""
    unruled, rest = pieces_of(tables(outside), page, tall, outside, None)
    pieces = [*ruled, *(replace(piece, ruled=False) for piece in unruled)]
    return sorted(pieces, key=lambda piece: (piece.box[1], piece.box[0])), rest


def tables(chars: Sequence[Char]) -> list[list[Box]]:
    """The cells of each table without rulings, in points, from the characters that are in no ruled table."""
    rows = [_row(row) for row in rows_of([c for c in chars if not c["text"].isspace()])]
    return [_cells(rows[start:end]) for start, end in _runs(rows)]


def _row(row: Sequence[Char]) -> _Row:
    parts: list[list[Char]] = []
    last: Char | None = None
    for char in row:
        if last and ((gap := char["x0"] - last["x1"]) <= GAP * char["size"] or gap <= GAP * last["size"]):
            parts[-1].append(char)
        else:
            parts.append([char])
        last = char
    found = (
        _Part(part[0]["x0"], max(c["x1"] for c in part), "".join(c["text"] for c in part), max(c["size"] for c in part)) for part in parts
    )
    return _Row(min(c["top"] for c in row), max(c["bottom"] for c in row), tuple(found))


def _runs(rows: Sequence[_Row]) -> list[tuple[int, int]]:
    """From which row to which a table goes: rows of figures in as many columns, with the rows of labels above and among them."""
    runs = []
    start = 0
    while start < len(rows):
        end = start
        while end < len(rows) and len(rows[end].parts) > 1 and (end == start or _near(rows[end - 1], rows[end])):
            end += 1
        run = rows[start:end]
        figures = [row for row in run if row.is_of_figures]
        if (len(figures) >= ROWS and 2 * len(figures) >= len(run)) or _is_headed(run):
            runs.append((start, end))
        start = max(end, start + 1)
    return runs


def _near(above: _Row, below: _Row) -> bool:
    return below.top - above.bottom < 3 * (above.bottom - above.top)


def _is_headed(rows: Sequence[_Row]) -> bool:
    """Whether one row of labels, one for each column, stands above the figures: then a single row of these will do.

    Over how many columns a label of a second row reaches, nobody can tell where there are no rulings.
    """
    return (
        len(rows) > 1
        and not any(part.is_figure for part in rows[0].parts)
        and all(
            row.is_of_figures and len(row.parts) == len(rows[0].parts) and all(map(_overlap, row.parts, rows[0].parts)) for row in rows[1:]
        )
    )


def _overlap(a: _Part, b: _Part) -> bool:
    return a.x0 < b.x1 and b.x0 < a.x1


def _columns(rows: Sequence[_Row]) -> list[list[float]]:
    """Where each column begins and ends: by the rows of most parts, then by what other rows have in them or between them."""
    most = max(len(row.parts) for row in rows)
    columns: list[list[float]] = []
    for part in sorted((p for row in rows if len(row.parts) == most for p in row.parts), key=lambda p: p.x0):
        if columns and part.x0 < columns[-1][1]:
            columns[-1][1] = max(columns[-1][1], part.x1)
        else:
            columns.append([part.x0, part.x1])
    # figures first: what stands in no column yet is a column that most rows leave blank, and no other one's
    for part in sorted((p for row in rows for p in row.parts), key=lambda p: not p.is_figure):
        held = [c for c in columns if part.x0 < c[1] and c[0] < part.x1]
        if len(held) > 1:
            continue
        near = held[0] if held else min(columns, key=lambda c: _away(part, c))
        if not held and (part.is_figure or _away(part, near) > GAP * part.size):
            columns = sorted([*columns, [part.x0, part.x1]])
        elif not any(min(part.x0, near[0]) < c[1] and c[0] < max(part.x1, near[1]) for c in columns if c is not near):
            near[:] = [min(part.x0, near[0]), max(part.x1, near[1])]
    return columns


def _away(part: _Part, column: Sequence[float]) -> float:
    return max(column[0] - part.x1, part.x0 - column[1])


def _cells(rows: Sequence[_Row]) -> list[Box]:
    columns = _columns(rows)
    left = min(columns[0][0], *(p.x0 for row in rows for p in row.parts)) - _ROOM
    right = max(columns[-1][1], *(p.x1 for row in rows for p in row.parts)) + _ROOM
    xs = [left, *((a[1] + b[0]) / 2 for a, b in pairwise(columns)), right]
    ys = [rows[0].top - _ROOM, *((a.bottom + b.top) / 2 for a, b in pairwise(rows)), rows[-1].bottom + _ROOM]
    cells: list[Box] = []
    for row, top, bottom in zip(rows, ys, ys[1:], strict=False):
        at = 0
        while at < len(columns):
            end = at + 1
            while end < len(columns) and any(p.x0 < columns[end - 1][1] and p.x1 > columns[end][0] + 1 for p in row.parts):
                end += 1  # a part that reaches over the gap between two columns is one cell over both
            cells.append((xs[at], top, xs[end], bottom))
            at = end
    return cells
