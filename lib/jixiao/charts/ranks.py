"""Charts of scores under one rule set (可比得分): against self-given ones, what could be computed, and how sure ranks are."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..measures import latest
from ..words import code, number, say
from . import bars
from .canvas import BLUE, ENDS, MOST_ROWS, ORANGE, PALE, SKY, axes, case_labels, empty, finish, labels, rows_down, year_note


def comparable(frame: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """The share of points that institutes give themselves (dot) and recomputed (ring) in their latest year, with its bounds (line).

    `frame` is `rules.comparable`. Of more than 24 institutes those whose two shares differ most. Dots need no zero line.
    """
    rows = latest(frame).dropna(subset=["normalised"])
    if rows.empty:
        return empty("empty_comparable", language, ax)
    total = len(rows)
    if total > MOST_ROWS:
        rows = rows.sort_values("difference_pp", key=lambda value: -value.abs(), kind="stable").head(MOST_ROWS)
    rows = rows.sort_values("normalised", ascending=False, kind="stable")
    names = case_labels(rows, language)
    lines = max(name.count("\n") for name in names)
    ax = axes(ax, 1.7 + len(rows) * (0.30 + 0.13 * lines))
    at = np.arange(len(rows))
    low, high, again, own = (rows[name].to_numpy(float) * 100 for name in ("lowest", "highest", "normalised", "self_share"))
    if (high > low).any():
        ax.hlines(at, low, high, color=SKY, linewidth=5, alpha=0.45, zorder=1, label=code("share_range", language))
    ax.scatter(again, at, s=90, facecolors="none", edgecolors=ORANGE, linewidths=1.8, zorder=2, label=code("normalised", language))
    ax.scatter(own, at, s=30, color=BLUE, zorder=3, label=code("self_share", language))
    for row, end, computed, possible in zip(at, np.nanmax([high, again, own], axis=0), rows["computable"], rows["possible"], strict=True):
        note = say("computed_of", language, computable=computed, possible=possible)
        ax.annotate(note, (end, row), xytext=(9, 0), textcoords="offset points", va="center", fontsize=8)
    least, most = np.nanmin([low, again, own]), np.nanmax([high, again, own])
    room = max(most - least, 1.0)
    ax.set_xlim(least - room * 0.05, most + room * 0.42)
    ax.set_xticks([tick for tick in ax.get_xticks() if least - room * 0.05 <= tick <= max(100, most)])
    rows_down(ax, names)
    _legend(ax, 3)
    note = say("most_apart", language, shown=len(rows), total=total) if len(rows) < total else year_note(rows, language)
    return _titled(ax, "chart_comparable", "axis_share", language, note)


def rank_ranges(frame: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """The rank of each institute (ring), its rank by its own score (dot), and how far the missing may move it (lines).

    `frame` is `rules.ranked_together`. Of more than 24 institutes the ten highest and the ten lowest.
    """
    if frame.empty:
        return empty("empty_ranks", language, ax)
    shown = frame if len(frame) <= MOST_ROWS else pd.concat([frame.head(ENDS), frame.tail(ENDS)])
    names = labels(shown["institute"])
    lines = max(name.count("\n") for name in names)
    ax = axes(ax, 1.8 + len(shown) * (0.30 + 0.13 * lines))
    at = np.arange(len(shown))
    of = {name: shown[name].to_numpy(dtype=float, na_value=np.nan) for name in
          ("rank", "rank_best", "rank_worst", "rank_best_all", "rank_worst_all", "self_rank")}  # fmt: skip
    ax.hlines(at, of["rank_best_all"], of["rank_worst_all"], color=PALE, linewidth=7, zorder=1, label=code("rank_range_all", language))
    ax.hlines(at, of["rank_best"], of["rank_worst"], color=SKY, linewidth=4, zorder=2, label=code("rank_range", language))
    ax.scatter(of["rank"], at, s=90, facecolors="none", edgecolors=ORANGE, linewidths=1.8, zorder=3, label=code("rank", language))
    if not np.isnan(of["self_rank"]).all():
        ax.scatter(of["self_rank"], at, s=30, color=BLUE, zorder=4, label=code("self_rank", language))
    last = max(np.nanmax(of["rank_worst_all"]), np.nanmax(of["rank"]), float(len(frame)))
    ax.set_xlim(1 - last * 0.03 - 0.2, last * 1.03 + 0.2)
    ticks = MaxNLocator(nbins=8, integer=True).tick_values(1, last)
    ax.set_xticks([1, *(tick for tick in ticks if max(1, last / 20) < tick <= last)])  # there is no rank 0
    rows_down(ax, names)
    _legend(ax, 2)
    note = year_note(frame, language)
    if len(shown) < len(frame):
        note = say("both_ends", language, ends=ENDS, total=len(frame), year=frame["fiscal_year"].iloc[0])
    return _titled(ax, "chart_ranks", "axis_rank", language, note, lines=2)


def rule_coverage(frame: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """For how many of the reports each rule could be computed, with the share of its points taken on average.

    `frame` is `rules.by_rule`. The rules that figures cannot tell are one row; of more than 24 others the first are drawn.
    """
    if frame.empty:
        return empty("empty_rules", language, ax)
    told, others = frame[frame["told"]].head(MOST_ROWS), frame[~frame["told"]]
    names = labels([say("rule_worth", language, rule=row.rule, points=row.possible) for row in told.itertuples()], lines=3)
    notes = [
        f"{row.scored_reports} / {row.reports}" + ("" if pd.isna(row.mean_share) else f"  ({number(row.mean_share * 100, 1)}%)")
        for row in told.itertuples()
    ]
    share = (told["scored_reports"] / told["reports"] * 100).tolist()
    if len(others):
        share.append(np.nan)
        names.append(say("other_rules", language, count=len(others), points=others["possible"].sum()))
        notes.append(code("not_by_figures", language))
    ax = bars.single(share, names, notes, bars.plain(len(names)), ax)
    ax.set_xlim(0, 128)
    ax.set_xticks(range(0, 101, 20))
    note = say("first_of_all", language, shown=len(told), total=int(frame["told"].sum())) if len(told) < frame["told"].sum() else ""
    return finish(ax, "chart_rules", "axis_scored", language, note)


def _legend(ax: Axes, columns: int) -> None:
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=columns, frameon=False, borderaxespad=0.1, markerscale=0.8)


def _titled(ax: Axes, title: str, unit: str, language: str, note: str, lines: int = 1) -> Axes:
    """Title above a legend of `lines` lines."""
    finish(ax, title, unit, language, note)
    ax.set_title(ax.get_title(loc="left"), pad=10 + 17 * lines)
    return ax
