"""Charts of self-given scores (自评得分): totals printed and added up again, and where points were lost."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..words import code, number, say
from . import bars
from .canvas import BLUE, GREY, LINE, MOST_ROWS, ORANGE, axes, empty, finish, form_labels, rows_down, shorten, year_note


def totals(frame: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """The total of each form as printed (dot) and as its points add up (ring). `frame` is `marks.total_scores`.

    Of more than 24 forms those whose two totals differ most. Dots need no zero line; the axis names its range.
    """
    rows = frame.dropna(subset=["printed_total"])
    if rows.empty:
        return empty("empty_scores", language, ax)
    total = len(rows)
    if total > MOST_ROWS:
        rows = rows.sort_values("difference", key=lambda value: -value.abs(), kind="stable").head(MOST_ROWS)
    rows = rows.sort_values("printed_total", ascending=False, kind="stable")
    names = form_labels(rows, language)
    lines = max(name.count("\n") for name in names)
    ax = axes(ax, 1.5 + len(rows) * (0.30 + 0.13 * lines))
    at, printed = np.arange(len(rows)), rows["printed_total"].to_numpy(float)
    again = rows["added_up"].to_numpy(float, na_value=np.nan)
    ax.hlines(at, np.fmin(printed, again), np.fmax(printed, again), color=GREY, linewidth=2, zorder=1)
    ax.scatter(again, at, s=90, facecolors="none", edgecolors=ORANGE, linewidths=1.8, zorder=2, label=code("added_up", language))
    ax.scatter(printed, at, s=30, color=BLUE, zorder=3, label=code("printed", language))
    for row, value, other in zip(at, printed, again, strict=True):
        same = np.isnan(other) or abs(value - other) < 0.005
        text = number(value) if same else f"{number(value)} ≠ {number(other)}"
        ax.annotate(text, (np.fmax(value, other), row), xytext=(9, 0), textcoords="offset points", va="center", fontsize=8)
    low, high = np.nanmin([printed, again]), np.nanmax([printed, again])
    room = max(high - low, 1.0)
    ax.set_xlim(low - room * 0.08, high + room * 0.3)
    rows_down(ax, names)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=2, frameon=False, borderaxespad=0.1)
    note = say("most_different", language, shown=len(rows), total=total) if len(rows) < total else year_note(rows, language)
    finish(ax, "chart_totals", "axis_points", language, note)
    ax.set_title(ax.get_title(loc="left"), pad=26)
    return ax


def lost(frame: pd.DataFrame, language: str = "zh", ax: Axes | None = None, most: int = 15) -> Axes:
    """The indicators at which the most points were lost, at most `most` of them. `frame` is `marks.points_lost`."""
    if frame.empty:
        return empty("empty_lost", language, ax)
    rows = frame.head(most)
    whole = rows["scope"].eq("整体")
    owners = rows["institute"].astype("str") + (" · " + rows["scope"].astype("str")).where(~whole, "")
    names = [f"{shorten(str(label), LINE + 5)}\n{shorten(owner, LINE + 5)}" for label, owner in zip(rows["level3"], owners, strict=True)]
    notes = [f"−{number(loss)} ({number(score)} / {number(weight)})" for loss, score, weight in
             zip(rows["lost"], rows["score"], rows["weight"], strict=True)]  # fmt: skip
    ax = bars.single(rows["lost"], names, notes, bars.plain(len(rows)), ax)
    note = say("first_of_all", language, shown=len(rows), total=len(frame)) if len(rows) < len(frame) else ""
    return finish(ax, "chart_lost", "axis_lost", language, note)
