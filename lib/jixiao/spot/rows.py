"""Rows of a table and sentences as HTML, what is meant marked: for sources without pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from html import escape

from jixiao.document import Cell, Table, tidy
from jixiao.values import Kind, kind

ROWS = 1  # rows above and below the one that is meant
LONGEST = 60  # characters of a cell that is only beside what is meant

_STYLE = "border-collapse:collapse;font-size:90%"
_CELL = "border:1px solid #999;padding:2px 6px;text-align:left"


def sentence(text: str, chars: tuple[int, int] | None, around: int | None = None) -> str:
    """A paragraph with a stretch marked, or all of it; `around` cuts it to so many characters before and behind."""
    start, end = chars or (0, len(text))
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"the paragraph has {len(text)} characters, there is no stretch {start}-{end}")
    before, behind = text[:start], text[end:]
    if around is not None:
        before = "…" + before[-around:] if len(before) > around else before
        behind = behind[:around] + "…" if len(behind) > around else behind
    return f"{escape(before)}<mark>{escape(text[start:end])}</mark>{escape(behind)}"


def rows_html(table: Table, rows: Collection[int], meant: Collection[Cell]) -> str:
    """The table's rows (from 0) that are meant and those beside them, the cells `meant` marked; all of it where no row is named."""
    count = table.shape[0]
    near = {near for row in rows for near in range(max(0, row - ROWS), min(count, row + ROWS + 1))} if rows else set(range(count))
    lines = []
    for run in _runs(sorted(near)):
        if lines:
            lines.append(f'<tr><td colspan="{table.shape[1] + 1}" style="{_CELL}">⋮</td></tr>')
        lines += [_row(table, number, run, meant) for number in run]
    return f'<table style="{_STYLE}">{"".join(lines)}</table>'


def _row(table: Table, number: int, run: range, meant: Collection[Cell]) -> str:
    line = f'<th style="{_CELL};color:#666">{number + 1}</th>'
    for cell in table.row(number):
        if number != max(cell.row, run.start):
            continue  # stands in a row above already
        text = "\n".join(filter(None, map(tidy, cell.text.splitlines())))
        text = text if cell in meant or len(text) <= LONGEST else text[:LONGEST] + "…"
        text = escape(text).replace("\n", "<br>")
        if cell in meant:
            text = f"<mark>{text or '&nbsp;'}</mark>"
        span = f' rowspan="{min(cell.row + cell.rowspan, run.stop) - number}" colspan="{cell.colspan}"'
        line += f'<td{span} style="{_CELL}">{text}</td>'
    return f"<tr>{line}</tr>"


def _runs(numbers: list[int]) -> Iterable[range]:
    """Sorted numbers as ranges of those that follow each other."""
    start = 0
    for at in range(1, len(numbers) + 1):
        if at == len(numbers) or numbers[at] != numbers[at - 1] + 1:
            yield range(numbers[start], numbers[at - 1] + 1)
            start = at


def labels(table: Table, cell: Cell) -> tuple[str, str]:
    """The nearest words on the left of a cell and above it, to tell a reader where in the table it stands; blank for none."""
    left = next((_words(c) for c in reversed(table.row(cell.row)) if c.col < cell.col and _is_words(c)), "")
    above = (table.grid[row][cell.col] for row in range(cell.row - 1, -1, -1))
    return left, next((_words(c) for c in above if c is not None and c.row < cell.row and _is_words(c)), "")


def _words(cell: Cell) -> str:
    return tidy(cell.text).rstrip("：:")


def _is_words(cell: Cell) -> bool:
    text = tidy(cell.text)
    return 0 < len(text) <= LONGEST and kind(text) is Kind.TEXT
