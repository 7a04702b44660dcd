"""A frame as a reader sees it: headings in words, numbers with their units, nothing for a null."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

import pandas as pd

from . import interactive
from .touched import Mark
from .words import heading, kind, missing, say, width, written

SHORT = 9  # Chinese characters that need not be broken over lines
NUMERIC = ("wan", "percent", "change", "pp", "points", "number", "figure")


class Table:
    """A frame for display in a notebook: HTML on a page, columns of text elsewhere. The frame itself is `.frame`.

    In a live front end a reader sorts and searches it (see `interactive`). `marks` are the cells that findings touch, by position of
    the row and column; `total` says of how many rows `frame` has the first (None: it has all), `order` by what they are the first, in
    words, and `source` the tables of the data that have the others.
    """

    def __init__(
        self, frame: pd.DataFrame, language: str, most: int = 40, marks: Mapping[tuple[int, str], Mark] | None = None, title: str = "",
        total: int | None = None, order: str = "", source: str = "",
    ) -> None:  # fmt: skip
        self.frame = frame
        self.language = language
        self.most = most
        self.title = title
        self.total = len(frame) if total is None else total
        self.order, self.source = order, source
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
        """What is to be said below: by what order rows were left out, how many, and where they are, or that there are none."""
        if self.total > self.most:
            left = {"left": self.total - self.most, "tables": ("、" if self.language == "zh" else ", ").join(self.source.split())}
            rest = say("rest_of_rows" if self.source else "rest_of_rows_somewhere", self.language, **left)
            return say("more_rows", self.language, shown=self.most, total=self.total, order=self.order, rest=rest)
        return "" if len(self.frame) else say("no_rows", self.language)

    @property
    def content(self) -> dict[str, Any]:
        """What a paper prints of it: title, head, rows of texts with their marks, which columns are numbers, and the note."""
        cells = self.cells
        rows = [
            [self._content(value, at, column) for column, value in zip(cells, row, strict=True)]
            for at, row in enumerate(cells.itertuples(index=False, name=None))
        ]
        head = [heading(column, self.language) for column in cells]
        right = [kind(column) in NUMERIC for column in cells]
        return {"kind": "table", "title": self.title, "head": head, "right": right, "rows": rows, "note": self.note}

    def _content(self, text: str, at: int, column: str) -> str | dict[str, Any]:
        mark = self._marks.get((at, column))
        return mark.content(text) if mark else text

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[dict, dict]:
        """The content goes with the output as its metadata."""
        return {}, {"jixiao": self.content}

    def _repr_html_(self) -> str:
        if self.frame.empty:
            return f"<p><em>{escape(self.note)}</em></p>"
        cells = self.cells
        sides = [_side(column, cells[column]) for column in cells]
        head = "".join(f"<th{side}>{escape(heading(column, self.language))}</th>" for column, side in zip(cells, sides, strict=True))
        rows = []
        live = interactive.live()
        orders = [[_order(value, column) if live else "" for value in self.frame[column].head(self.most)] for column in cells]
        for at, row in enumerate(cells.itertuples(index=False, name=None)):
            shown = [self._marked(escape(value), at, column) for column, value in zip(cells, row, strict=True)]
            filled = zip(sides, orders, shown, strict=True)
            rows.append("<tr>" + "".join(f"<td{side}{order[at]}>{text}</td>" for side, order, text in filled) + "</tr>")
        note = f"<p><em>{escape(self.note)}</em></p>" if self.note else ""
        body = "\n".join(rows)
        # JupyterLab's own style would make all columns as wide as each other
        table = f'<table style="table-layout: auto">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>'
        return f"{interactive.sortable(table, len(rows), self.language) if live else table}\n{note}"

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


def foremost(frame: pd.DataFrame, by: str, language: str) -> tuple[pd.DataFrame, str]:
    """`frame` with the rows first that a reader of a part of it needs, and how that is said.

    `by` is a column and `down`, `up` or `size` (largest first, whatever the sign): `"unspent_wan size"`; nulls come last. A column of
    words (severities) says by what the rows stand already.
    """
    column, _, way = by.partition(" ")
    if pd.api.types.is_numeric_dtype(frame[column]):
        values = frame[column].astype("float64")
        at = (values.abs() if way == "size" else values).sort_values(ascending=way == "up", kind="stable").index
        frame = frame.loc[at]
    return frame, say(f"order_{way}", language, column=heading(column, language))


def _order(value: object, column: str) -> str:
    """By what a cell of a column of numbers is sorted: the number, not how it is written; a null before all of them."""
    if kind(column) not in NUMERIC or isinstance(value, str):
        return ""
    return f' data-order="{"" if missing(value) else float(value)}"'


def _side(column: str, values: pd.Series) -> str:
    """Numbers to the right; what is short stays on one line."""
    if kind(column) in NUMERIC:
        return ' style="text-align: right"'
    short = values.map(width).max() <= SHORT
    return ' style="text-align: left; white-space: nowrap"' if short else ' style="text-align: left"'
