"""Tables of a text in which commas or upright bars part the cells (CSV, Markdown) → the same rows with tabs between the cells."""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from itertools import groupby

LEAST_ROWS, LEAST_CELLS = 3, 3
LONGEST = 40  # characters of a heading's cell

_BARS = re.compile(r"\s*\|.*\|\s*")
_RULE = re.compile(r"[\s|:+-]*-[\s|:+-]*")
_DIGIT = re.compile(r"\d")


def with_tabs(lines: Sequence[str]) -> list[str]:
    """`lines` with tabs in place of what parts the cells, in every stretch of them that is such a table; the rest as it is."""
    return [line for kind, run in groupby(lines, _kind) for line in _converted(kind, list(run))]


def _kind(line: str) -> str:
    if _BARS.fullmatch(line):
        return "bars"
    return "commas" if "\t" not in line and line.count(",") >= LEAST_CELLS - 1 else ""


def _converted(kind: str, lines: list[str]) -> list[str]:
    if kind == "bars" and len(lines) > 1:
        rows = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines if not _RULE.fullmatch(line)]
    elif kind == "commas":
        rows = _separated(lines)
    else:
        rows = []
    return ["\t".join(cell.replace("\n", " ") for cell in row) for row in rows] or lines


def _separated(lines: list[str]) -> list[list[str]]:
    """The cells of lines with commas; none where they are prose, or figures with commas in them.

    All rows of a table have as many cells, and one of them names the columns.
    """
    try:
        rows = list(csv.reader(lines, strict=True))
    except csv.Error:
        return []
    if any(cell.startswith(" ") for row in rows for cell in row):
        return []  # a comma with a blank behind it is a mark of prose
    alike = len(rows) >= LEAST_ROWS and len(rows[0]) >= LEAST_CELLS and all(len(row) == len(rows[0]) for row in rows)
    return rows if alike and any(map(_names_columns, rows)) else []


def _names_columns(row: Sequence[str]) -> bool:
    return all(0 < len(cell) <= LONGEST and not _DIGIT.match(cell) for cell in row)
