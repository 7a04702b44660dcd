"""A frame as a reader sees it: headings in words, numbers with their units, nothing for a null."""

from __future__ import annotations

from html import escape

import pandas as pd

from .words import heading, kind, say, written

NUMERIC = ("wan", "percent", "change", "pp", "points", "number")


class Table:
    """A frame for display in a notebook: HTML on a page, columns of text elsewhere. The frame itself is `.frame`."""

    def __init__(self, frame: pd.DataFrame, language: str, most: int = 40) -> None:
        self.frame = frame
        self.language = language
        self.most = most

    @property
    def cells(self) -> pd.DataFrame:
        """What is shown, as text."""
        shown = self.frame.head(self.most)
        return pd.DataFrame({column: [written(value, kind(column), self.language) for value in shown[column]] for column in shown.columns})

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
        right = {column for column in cells if kind(column) in NUMERIC}
        head = "".join(f"<th{_side(column in right)}>{escape(heading(column, self.language))}</th>" for column in cells)
        rows = [
            "<tr>" + "".join(f"<td{_side(name in right)}>{escape(value)}</td>" for name, value in zip(cells, row, strict=True)) + "</tr>"
            for row in cells.itertuples(index=False, name=None)
        ]
        note = f"<p><em>{escape(self.note)}</em></p>" if self.note else ""
        body = "\n".join(rows)
        return f"<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n{note}"

    def __repr__(self) -> str:
        if self.frame.empty:
            return self.note
        cells = self.cells.rename(columns=lambda column: heading(column, self.language))
        lines = [" | ".join(row) for row in [tuple(cells.columns), *cells.itertuples(index=False, name=None)]]
        return "\n".join([*lines, *filter(None, [self.note])])


def _side(right: bool) -> str:
    return ' style="text-align: right"' if right else ' style="text-align: left"'
