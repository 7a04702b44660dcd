"""Execution rates over the years: a small panel an institute, a heat map, or, of very many, how they are spread."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..words import number, say
from .canvas import BLUE, GREY, INK, PALE, SPACING, UNDER, axes, empty, entitle, remarks
from .grids import every_year, grid, percents
from .row_names import LINE, labels, one_line

MOST_PANELS = 15  # institutes with a panel each: five rows of them on a page
MOST_LINES = 40  # institutes with a line of the heat map each
ACROSS = 3  # panels in a row
LABELLED = 7  # years whose figures have room above their dots
MARKS = {"initial": "°", "projects": "*"}  # of a heat map


def history(frame: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """Execution rate by institute and year; years without a report stay visible. `frame` is `measures.institute_rates`.

    Up to 15 institutes have a panel each, with the same axes; up to 40 a line of a heat map; more become one band:
    median, middle half, lowest to highest by year. In a panel a dot is hollow where the rate is of the initial budget, and no line
    joins the whole department with projects; in a heat map such rates have a mark. The title says what the marks mean. One rate alone is
    not drawn.
    """
    rows = frame.dropna(subset=["rate", "fiscal_year"])
    if rows.empty:
        return empty("empty_rates", language, ax)
    if len(rows) == 1:
        return empty("empty_history", language, ax)
    years = every_year(rows["fiscal_year"])
    wide = rows.pivot(index="institute", columns="fiscal_year", values="rate").reindex(columns=years).astype(float) * 100
    wide = wide.sort_values(list(reversed(years)), ascending=False, kind="stable")
    kinds = _kinds(rows).reindex(index=wide.index, columns=years, fill_value="")
    notes = _notes(kinds, len(wide) <= MOST_PANELS and len(years) > 1, language) if len(wide) <= MOST_LINES else []
    if len(wide) > MOST_LINES:
        ax = _bands(wide, language, ax)
    elif len(wide) > MOST_PANELS or len(years) == 1:
        texts = percents(wide) + kinds.map(lambda kind: "".join(MARKS[part] for part in kind.split()))
        wide.index = pd.Index(labels(wide.index) if len(wide) <= MOST_PANELS else one_line(wide.index))
        ax = grid(wide, texts.set_axis(wide.index), ax, min(80.0, float(np.nanmin(wide))), max(100.0, float(np.nanmax(wide))))
    else:
        ax = _panels(wide, kinds, ax)
    title = f"{say('chart_history', language)} ({say('axis_rate_only', language)})"
    left_out = frame["institute"].nunique() - len(wide)
    return entitle(ax, title, say("axis_year", language), language, remarks(language, *notes, without=left_out))


def _kinds(rows: pd.DataFrame) -> pd.DataFrame:
    """What is to be minded of each rate, institute × year: `initial`, `projects`, both, or nothing.

    What is so of all rates need not be minded.
    """
    found = pd.Series("", index=rows.index)
    for column, kind in (("basis", "initial"), ("covers", "projects")):
        of_kind = rows[column].eq(kind)
        if not of_kind.all():
            found = found + of_kind.map({True: f"{kind} ", False: ""})
    return rows.assign(kind=found.str.strip()).pivot(index="institute", columns="fiscal_year", values="kind").fillna("")


def _notes(kinds: pd.DataFrame, panels: bool, language: str) -> list[str]:
    """What the marks mean that are drawn."""
    drawn = " ".join(kinds.to_numpy().ravel()).split()
    return [say(f"history_{'dot' if panels else 'mark'}_{kind}", language) for kind in MARKS if kind in drawn]


def _panels(wide: pd.DataFrame, kinds: pd.DataFrame, ax: Axes | None) -> Axes:
    """A line an institute, each in axes of its own inside `ax`; all show the same years and the same rates."""
    across = min(ACROSS, len(wide))
    down = -(-len(wide) // across)
    ax = axes(ax, 0.7 + 1.5 * down)
    ax.set(xticks=[], yticks=[])
    ax.spines[:].set_visible(False)
    low, high = min(float(np.nanmin(wide)), 100.0), max(float(np.nanmax(wide)), 100.0)
    room = max(high - low, 2.0)
    for place, (name, (owner, rates)) in enumerate(zip(labels(wide.index), wide.iterrows(), strict=True)):
        row, column = divmod(place, across)
        panel = ax.inset_axes([(column + 0.03) / across, 1 - (row + 0.80) / down, 0.94 / across, 0.56 / down])
        panel.set_ylim(low - room * 0.30, high + room * 0.30)
        panel.set_xlim(wide.columns[0] - 0.5, wide.columns[-1] + 0.5)
        _line(panel, rates, kinds.loc[owner])
        panel.text(0, 1.05, name, transform=panel.transAxes, fontsize=8, va="bottom", linespacing=SPACING)
        lowest = place + across >= len(wide)
        panel.set_xticks(*_year_ticks(list(wide.columns)) if lowest else ([],))
        panel.tick_params(labelleft=column == 0, labelsize=8)
        panel.grid(axis="y")
        panel.grid(visible=False, axis="x")
    return ax


def _line(panel: Axes, rates: pd.Series, kinds: pd.Series) -> None:
    """One institute's rates with their figures, a gap where a year is missing, and where the whole budget is.

    What the whole spent and what projects spent are lines of their own.
    """
    panel.axhline(100, color=INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    projects, initial = kinds.str.contains("projects"), kinds.str.contains("initial")
    for own, marker in ((~projects, "o"), (projects, "s")):
        line = (projects != projects.shift()).cumsum()[own]  # years in a row of one kind
        for _, part in rates[own].groupby(line):
            panel.plot(part.index, part, color=BLUE, linewidth=1.3)
        for hollow in (False, True):
            dots = rates[own & initial.eq(hollow)]
            panel.plot(dots.index, dots, color=BLUE, marker=marker, markersize=3.5, linestyle="none",
                       markerfacecolor="white" if hollow else BLUE)  # fmt: skip
    values = rates.to_numpy()
    known = np.flatnonzero(~np.isnan(values))
    few = len(rates) <= LABELLED
    lowest = known[np.argmin(values[known])]
    for at in known if few else sorted({lowest, known[-1]}):
        beside = values[max(at - 1, 0) : at + 2]
        # below where the line comes from above, and the lowest, which may stand next to the last
        below = values[at] < np.nanmax(beside) and values[at] <= np.nanmin(beside) if few else at == lowest
        panel.annotate(number(values[at], 1), (rates.index[at], values[at]), xytext=(0, -4 if below else 4), textcoords="offset points",
                       ha="center", va="top" if below else "bottom", fontsize=7)  # fmt: skip
    for year in rates.index[np.isnan(values)]:
        panel.text(year, sum(panel.get_ylim()) / 2, "—", ha="center", va="center", color=GREY, fontsize=8, bbox=UNDER)


def _year_ticks(years: list[int]) -> tuple[list[int], list[str]]:
    """Ticks at whole years, so few that their labels stay apart, the last one among them."""
    step = -(-len(years) // LABELLED)
    shown = years[::-1][::step][::-1]
    return shown, [str(year) for year in shown]


def _bands(wide: pd.DataFrame, language: str, ax: Axes | None) -> Axes:
    """How the rates of each year are spread, each mark named where it stands in the last year."""
    marks = wide.quantile([0, 0.25, 0.5, 0.75, 1]).T
    ax = axes(ax, 3.6)
    years = marks.index.to_numpy()
    ax.vlines(years, marks[0.0], marks[1.0], color=GREY, linewidth=1)
    ax.bar(years, marks[0.75] - marks[0.25], bottom=marks[0.25], width=0.4, color=BLUE, alpha=0.45)
    ax.plot(years, marks[0.5], color=INK, marker="o", markersize=4, linewidth=1)
    for year, value in marks[0.5].dropna().items():
        if year != years[-1]:
            ax.annotate(number(value, 1) + "%", (year, value), xytext=(6, 5), textcoords="offset points", fontsize=8, bbox=UNDER)
    last = marks.iloc[-1]
    told = f"{say('median', language)} {number(last[0.5], 1)}%"
    words = (say("range", language), last[1.0], 12), (say("quartiles", language), last[0.75], 1), (told, last[0.5], -1)
    for text, value, above in words:  # the offsets keep them apart where the marks are not
        ax.annotate(text, (years[-1] + 0.2, value), xytext=(6, above), textcoords="offset points", va="bottom" if above > 0 else "top",
                    fontsize=8, bbox=UNDER)  # fmt: skip
    ax.set_xticks(*_year_ticks(list(years)))
    ax.axhline(100, color=INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    ax.grid(axis="y", color=PALE)
    ax.grid(visible=False, axis="x")
    low, high = np.nanmin(marks), max(np.nanmax(marks), 100.0)
    ax.set_ylim(low - (high - low or 1.0) * 0.08, high + (high - low or 1.0) * 0.22)  # words stand above the highest
    ax.set_xlim(years[0] - 0.6, years[-1] + 0.6 + 0.13 * (len(years) + LINE / 8))
    return ax
