"""Charts of self-given scores (自评得分): totals printed and added up again, and where points were lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..facts import WHOLE
from ..words import code, number, say
from . import bars, dots
from .canvas import GREY, empty, finish, remarks, year_note
from .row_names import LINE, form_labels, told_apart


def totals(frame: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """The total of each form as printed (dot) and as its points add up (ring). `frame` is `marks.total_scores`.

    Of more than 24 forms those whose two totals differ most, and the medians of the rest.
    """
    rows = frame.dropna(subset=["printed_total"])
    if rows.empty:
        return empty("empty_scores", language, ax)
    shown, others = dots.furthest(rows, "difference")
    shown = shown.sort_values("printed_total", ascending=False, kind="stable")
    rest = say("the_rest_rows", language, count=len(others))
    drawn, names = bars.with_rest(shown, others, ["printed_total", "added_up"], "median", form_labels(shown, language), rest)
    printed, again = (drawn[name].to_numpy(float) for name in drawn)
    notes = [_total_note(*both) for both in zip(printed, again, strict=True)][: len(shown)]  # medians need not be equal
    apart = dots.Span(np.fmin(printed, again), np.fmax(printed, again), GREY, 2)
    ax = dots.compared(names, printed, again, (code("printed", language), code("added_up", language)), [apart], notes, ax)
    note = say("most_different", language, shown=len(shown), total=len(rows)) if len(others) else year_note(shown, language)
    return finish(ax, "chart_totals", "axis_points", language, remarks(language, note, without=len(frame) - len(rows)), legend=2)


def _total_note(printed: float, again: float) -> str:
    same = np.isnan(again) or abs(printed - again) < 0.005
    return number(printed) if same else f"{number(printed)} ≠ {number(again)}"


def lost(frame: pd.DataFrame, language: str = "zh", ax: Axes | None = None, most: int = 15) -> Axes:
    """The indicators at which the most points were lost, at most `most` of them. `frame` is `marks.points_lost`."""
    if frame.empty:
        return empty("empty_lost", language, ax)
    rows = frame.head(most)
    several = rows["fiscal_year"].nunique() > 1
    indicators, owners = told_apart(rows["level3"], LINE + 5), told_apart(_owners(rows), LINE + (2 if several else 5))
    years = [f" {year}" if several else "" for year in rows["fiscal_year"]]
    names = [f"{indicator}\n{owner}{year}" for indicator, owner, year in zip(indicators, owners, years, strict=True)]
    notes = [f"−{number(row.lost)} ({number(row.score)} / {number(row.weight)})" for row in rows.itertuples()]
    ax = bars.single(rows["lost"], names, notes, bars.plain(len(rows)), ax)
    note = say("first_of_all", language, shown=len(rows), total=len(frame)) if len(rows) < len(frame) else year_note(rows, language)
    return finish(ax, "chart_lost", "axis_lost", language, note)


def _owners(rows: pd.DataFrame) -> pd.Series:
    """Institute and, of a project's form, the project."""
    names, scopes = rows["institute"].astype("str"), rows["scope"].astype("str")
    return names.where(scopes.eq(WHOLE), names + " · " + scopes)
