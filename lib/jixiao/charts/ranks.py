"""Charts of scores under one rule set (可比得分): against self-given ones, what could be computed, and how sure ranks are."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..measures import latest
from ..words import code, number, say
from . import bars, dots
from .canvas import ENDS, MOST_ROWS, PALE, PALE_SKY, SKY, empty, finish, remarks, year_note
from .row_names import case_labels, labels

MOST_WORDY = 14  # rules that have room for three lines each on a page


def comparable(frame: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """The share of points that institutes give themselves (dot) and recomputed (ring) in their latest year, with its bounds (line).

    `frame` is `rules.comparable`. Of more than 24 institutes those whose two shares differ most, and the medians of the rest.
    """
    newest = latest(frame)
    rows = newest.dropna(subset=["normalised"])
    if rows.empty:
        return empty("empty_comparable", language, ax)
    shown, others = dots.furthest(rows, "difference_pp")
    shown = shown.sort_values("normalised", ascending=False, kind="stable")
    rest = say("the_rest", language, count=len(others))
    columns = ["lowest", "highest", "normalised", "self_share"]
    drawn, names = bars.with_rest(shown, others, columns, "median", case_labels(shown, language), rest)
    low, high, again, own = (drawn[name].to_numpy(float) * 100 for name in columns)
    notes = [say("computed_of", language, computable=row.computable, possible=row.possible) for row in shown.itertuples()]
    notes += [""] * (len(names) - len(notes))
    spans = [dots.Span(low, high, PALE_SKY, 5, code("share_range", language))] if (high > low).any() else []
    ax = dots.compared(names, own, again, (code("self_share", language), code("normalised", language)), spans, notes, ax)
    left, right = ax.get_xlim()
    most = max(100.0, float(np.nanmax([high, again, own])))
    ax.set_xticks([tick for tick in ax.get_xticks() if left <= tick <= most])
    ax.set_xlim(left, right)
    note = say("most_apart", language, shown=len(shown), total=len(rows)) if len(others) else year_note(rows, language)
    return finish(ax, "chart_comparable", "axis_share", language, remarks(language, note, without=len(newest) - len(rows)), legend=3)


def rank_ranges(frame: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """The rank of each institute (ring), its rank by its own score (dot), and how far the missing may move it (lines).

    `frame` is `rules.ranked_together`. Of more than 24 institutes the ten highest and the ten lowest.
    """
    if frame.empty:
        return empty("empty_ranks", language, ax)
    shown = frame if len(frame) <= MOST_ROWS else pd.concat([frame.head(ENDS), frame.tail(ENDS)])
    names = ("rank", "rank_best", "rank_worst", "rank_best_all", "rank_worst_all", "self_rank")
    rank, best, worst, best_all, worst_all, own = (shown[name].to_numpy(dtype=float, na_value=np.nan) for name in names)
    spans = [
        dots.Span(best_all, worst_all, PALE, 7, code("rank_range_all", language)),
        dots.Span(best, worst, SKY, 4, code("rank_range", language)),
    ]
    words = code("self_rank", language), code("rank", language)
    ax = dots.compared(labels(shown["institute"]), own, rank, words, spans, ax=ax)
    last = max(np.nanmax(worst_all), np.nanmax(rank), float(len(frame)))
    ax.set_xlim(1 - last * 0.03 - 0.2, last * 1.03 + 0.2)
    ticks = MaxNLocator(nbins=8, integer=True).tick_values(1, last)
    ax.set_xticks([1, *(tick for tick in ticks if max(1, last / 20) < tick <= last)])  # there is no rank 0
    note = year_note(frame, language)
    if len(shown) < len(frame):
        note = say("both_ends", language, ends=ENDS, total=len(frame), year=frame["fiscal_year"].iloc[0])
    return finish(ax, "chart_ranks", "axis_rank", language, note, legend=2)


def rule_coverage(frame: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """For how many of the reports each rule could be computed, with the share of its points taken on average.

    `frame` is `rules.by_rule`. The rules that figures cannot tell are one row; of more than 24 others the first are drawn.
    """
    if frame.empty:
        return empty("empty_rules", language, ax)
    told, others = frame[frame["told"]].head(MOST_ROWS), frame[~frame["told"]]
    names = labels(
        [say("rule_worth", language, rule=row.rule, points=row.possible) for row in told.itertuples()],
        lines=3 if len(told) <= MOST_WORDY else 2,
    )
    notes = [
        f"{row.scored_reports} / {row.reports}" + ("" if pd.isna(row.mean_share) else f"  ({number(row.mean_share * 100, 1)}%)")
        for row in told.itertuples()
    ]
    share = (told["scored_reports"] / told["reports"] * 100).tolist()
    if len(others):
        share.append(np.nan)
        names.append(say("other_rules", language, count=len(others), points=others["possible"].sum()))
        notes.append(code("not_by_figures", language))
    ax = bars.single(share, names, notes, bars.plain(len(names)), ax, reach=100)
    ax.set_xticks(range(0, 101, 20))
    note = say("first_of_all", language, shown=len(told), total=int(frame["told"].sum())) if len(told) < frame["told"].sum() else ""
    return finish(ax, "chart_rules", "axis_scored", language, note)
