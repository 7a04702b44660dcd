"""Any column of numbers as bars: the chart of a question that has none of its own yet."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from ..words import heading, kind, say, written
from . import bars
from .canvas import empty, entitle, remarks, year_note
from .row_names import case_labels, form_labels

SHARES = ("percent", "exact_percent", "change")  # kinds of fractions, which are drawn in %


def ranked(frame: pd.DataFrame, language: str = "zh", ax: Axes | None = None, value: str | None = None) -> Axes:
    """The column `value` of `frame` (None: its last one), one bar a row, the highest first; rows without it are left out.

    `frame` has `institute` and `fiscal_year` (or `year`), and `scope` where its rows are forms. Title and unit are the column's
    heading in `words.toml`. Of more than 24 rows the ten highest and lowest are drawn and the rest as one row.
    """
    value = value or str(frame.columns[-1])
    rows = frame.dropna(subset=[value])
    if rows.empty:
        return empty("empty_values", language, ax)
    year = "year" if "year" in frame else "fiscal_year"
    names = form_labels(rows, language) if "scope" in frame else case_labels(rows, language, year)
    factor = 100.0 if kind(value) in SHARES else 1.0
    rows = rows.assign(_name=names, _value=rows[value].astype("float64") * factor)
    top, middle, bottom = bars.ends(rows, "_value")
    drawn = pd.concat([top, bottom])
    notes = [written(figure, kind(value), language) for figure in drawn[value]]
    rest = say("the_rest_rows", language, count=len(middle))
    others = bars.rest(top, middle, "_value", rest, lambda figure: written(figure / factor, kind(value), language))
    ax = bars.single(drawn["_value"], drawn["_name"], notes, bars.plain(len(drawn)), ax, others)
    words = heading(value, language)
    unit = f"{words} (%)" if factor == 100 and "%" not in words else words
    note = remarks(language, year_note(rows, language, year), without=len(frame) - len(rows))
    return entitle(ax, _without_unit(words), unit, language, note)


def _without_unit(words: str) -> str:
    """A heading as a title, without the unit that it ends with in brackets."""
    title = words.split("（")[0].split(" (")[0]
    return title[:1].upper() + title[1:]
