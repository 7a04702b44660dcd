"""A frame as a reader sees it: headings in words, numbers with their units, nothing for a null."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import pandas as pd

from .touched import Mark
from .words import heading, kind, missing, say, width, written

SHORT = 9  # Chinese characters that need not be broken over lines
NUMERIC = ("wan", "percent", "change", "pp", "points", "number", "figure")


class Table:
    """A frame for display in a notebook: HTML on a page, columns of text elsewhere. The frame itself is `.frame`.

    `marks` are the cells that findings touch, by position of the row and column.
    """

    def __init__(self, frame: pd.DataFrame, language: str, most: int = 40, marks: Mapping[tuple[int, str], Mark] | None = None) -> None:
        self.frame = frame
        self.language = language
        self.most = most
        self._marks = marks or {}

    @property
    def cells(self) -> pd.DataFrame:
        """What is shown, as text."""
        shown = self.frame.head(self.most)
        return pd.DataFrame({column: [self._cell(value, kind(column)) for value in shown[column]] for column in shown.columns})

    def _cell(self, value: object, how: str) -> str:
        return "—" if how in NUMERIC and missing(value) else written(value, how, self.language)

    @property
    def note(self) -> str:
        """What is to be said below: that rows were left out, or that there are none."""
        if len(self.frame) > self.most:
            return say("more_rows", self.language, shown=self.most, total=len(self.frame))
        return "" if len(self.frame) else say("no_rows", self.language)

    def _repr_html_(self) -> str:
        if self.frame.empty:
            return f"<p><em>{escape(self.note)}</em></p>"
        cells = self.cells
        sides = [_side(column, cells[column]) for column in cells]
        head = "".join(f"<th{side}>{escape(heading(column, self.language))}</th>" for column, side in zip(cells, sides, strict=True))
        rows = []
        for at, row in enumerate(cells.itertuples(index=False, name=None)):
            shown = [self._marked(escape(value), at, column) for column, value in zip(cells, row, strict=True)]
            rows.append("<tr>" + "".join(f"<td{side}>{text}</td>" for side, text in zip(sides, shown, strict=True)) + "</tr>")
        note = f"<p><em>{escape(self.note)}</em></p>" if self.note else ""
        body = "\n".join(rows)
        return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n{note}"

    def _marked(self, text: str, at: int, column: str) -> str:
        """The cell's HTML, marked where a finding touches its figure."""
        mark = self._marks.get((at, column))
        return mark.html(text) if mark else text

    def __repr__(self) -> str:
        if self.frame.empty:
            return self.note
        cells = self.cells.rename(columns=lambda column: heading(column, self.language))
        lines = [" | ".join(row) for row in [tuple(cells.columns), *cells.itertuples(index=False, name=None)]]
        return "\n".join([*lines, *filter(None, [self.note])])


def _side(column: str, values: pd.Series) -> str:
    """Numbers to the right; what is short stays on one line."""
    if kind(column) in NUMERIC:
        return ' style="text-align: right"'
    short = values.map(width).max() <= SHORT
    return ' style="text-align: left; white-space: nowrap"' if short else ' style="text-align: left"'
