"""Columns of a table whose rows each state the edges of their own cells: the edges of all rows together are the grid's lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from jixiao.document import Cell

# twips: edges of one line of the grid differ by so much from row to row; no cell that is seen is so narrow
TOLERANCE = 30


@dataclass(frozen=True, slots=True)
class EdgedCell:
    """A cell between two edges; `goes_on` says that it continues the merged cell above, `merged` that it is part of one."""

    left: int
    right: int
    text: str
    merged: bool = False
    goes_on: bool = False


def cells_of(rows: Sequence[Sequence[EdgedCell]]) -> list[Cell]:
    """The cells of a table, each once with its spans."""
    lines = grid_lines(edge for row in rows for cell in row for edge in (cell.left, cell.right))
    open_merges: dict[tuple[int, int], int] = {}
    cells: list[Cell] = []
    for number, row in enumerate(rows):
        still_open: dict[tuple[int, int], int] = {}
        for cell in row:
            col, end = bisect_right(lines, cell.left) - 1, bisect_right(lines, cell.right) - 1
            above = open_merges.get((col, end))
            if cell.goes_on and above is not None:
                cells[above] = replace(cells[above], rowspan=cells[above].rowspan + 1)
                still_open[col, end] = above
                continue
            if cell.merged or cell.goes_on:
                still_open[col, end] = len(cells)
            cells.append(Cell(number, col, cell.text, 1, max(1, end - col)))
        open_merges = still_open
    return cells


def grid_lines(edges: Iterable[int]) -> list[int]:
    """The first edge of each line of the grid; the edges at most TOLERANCE behind it belong to the line."""
    lines: list[int] = []
    for edge in sorted(set(edges)):
        if not lines or edge - lines[-1] > TOLERANCE:
            lines.append(edge)
    return lines
