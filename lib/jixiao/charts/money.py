"""Charts of budget execution (预算执行) and three-public funds (三公经费)."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..measures import latest
from ..words import code, number, say
from . import bars
from .canvas import BLUE, ENDS, GREEN, GREY, INK, ORANGE, SKY, empty, finish, remarks, year_note
from .row_names import case_labels, form_labels

MOST_GROUPS = 10  # institutes with several bars each


def _rate_note(row, language: str) -> str:
    if pd.isna(row.rate):
        return say("no_budget" if pd.notna(row.executed_wan) and pd.isna(row.budget_wan) else "not_stated", language)
    both = f"{row.executed_wan:,.2f} / {row.budget_wan:,.2f}"
    return f"{number(row.rate * 100)}%  ({both})"


def rates(frame: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """Execution rate of each institute in its latest year, highest first, with spending / budget in 万元.

    `frame` is `measures.institute_rates`. Institutes with project forms only have another colour and say so; one without a rate
    keeps its row. Of more than 24 institutes the ten highest and lowest are drawn and the rest as one row.
    """
    rows = latest(frame)
    if rows["rate"].notna().sum() == 0:
        return empty("empty_rates", language, ax)
    return _rate_bars(rows, case_labels(rows, language), language, ax)


def scope_rates(frame: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """Execution rate of each form that has one, whole departments and projects, of each institute's latest year.

    `frame` is `measures.execution_rates`.
    """
    rows = latest(frame[frame["rate"].notna() & frame["part"].ne("part")].assign(covers=frame["part"]))
    if rows.empty:
        return empty("empty_rates", language, ax)
    return _rate_bars(rows, form_labels(rows, language), language, ax, "the_rest_rows", "chart_scope_rates")


def _rate_bars(rows: pd.DataFrame, names: list[str], language: str, ax: Axes | None, rest: str = "the_rest",
               title: str = "chart_rates") -> Axes:  # fmt: skip
    suffix = say("only_projects", language)
    rows = rows.assign(_name=names)
    rows["_name"] = rows["_name"].where(rows["covers"].ne("projects"), rows["_name"] + suffix)
    known = rows.dropna(subset=["rate"]) if len(rows) > bars.MOST_ROWS else rows
    top, middle, bottom = bars.ends(known.assign(_percent=known["rate"] * 100), "rate")
    drawn = pd.concat([top, bottom])
    notes = [_rate_note(row, language) for row in drawn.itertuples()]
    colours = np.where(drawn["covers"].eq("whole"), BLUE, SKY)
    others = bars.rest(top, middle, "_percent", say(rest, language, count=len(middle)), lambda percent: number(percent) + "%")
    ax = bars.single(drawn["_percent"], drawn["_name"], notes, colours, ax, others, reach=100)
    ax.axvline(100, color=INK, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    return finish(ax, title, "axis_rate", language, remarks(language, year_note(rows, language), without=len(rows) - len(known)))


def plan(frame: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """Initial budget, revised budget and spending of each institute in its latest year, the largest first.

    `frame` is `measures.institute_rates`. Of many institutes the ten that spent most are drawn and the medians of the rest.
    """
    rows = latest(frame).dropna(subset=["initial_budget_wan", "revised_budget_wan", "executed_wan"], how="all")
    if rows.empty:
        return empty("empty_amounts", language, ax)
    return _grouped(rows, "executed_wan", ["initial_budget_wan", "revised_budget_wan", "executed_wan"], "chart_plan", "fiscal_year",
                    language, ax)  # fmt: skip


def _grouped(rows: pd.DataFrame, size: str, columns: list[str], title: str, year: str, language: str, ax: Axes | None) -> Axes:
    ordered = rows.sort_values(size, ascending=False, kind="stable")
    shown, others = ordered.head(MOST_GROUPS), ordered.iloc[MOST_GROUPS:]
    words = [code(column, language) for column in columns]
    rest = say("the_rest", language, count=len(others))
    drawn, names = bars.with_rest(shown, others, columns, "median", case_labels(shown, language, year), rest)
    ax = bars.grouped(drawn, columns, names, words, [SKY, ORANGE, BLUE], language, ax)
    note = year_note(shown, language, year)
    if len(shown) < len(rows):
        note = say("the_rest_left_out", language, shown=len(shown), total=len(rows))
    return finish(ax, title, "axis_wan", language, note)


def three_public_against(totals: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """Three-public funds of each institute's latest year: last year's spending, budget, spending.

    `totals` is `measures.three_public_totals`. Of many institutes the ten that spent most are drawn and the medians of the rest.
    """
    rows = _latest_year(totals)
    if rows.empty:
        return empty("empty_three_public", language, ax)
    return _grouped(rows, "executed_wan", ["last_year_wan", "budget_wan", "executed_wan"], "chart_against", "year", language, ax)


def _latest_year(rows: pd.DataFrame) -> pd.DataFrame:
    newest = rows.groupby("institute")["year"].transform("max")
    return rows[rows["year"].eq(newest).fillna(False).astype(bool)]


def three_public_parts(funds: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """Three-public spending of each institute's latest year by item, the total at the end of the bar.

    `funds` is `measures.three_public`; a total without items is drawn in grey. Of more than 24 institutes those that
    spent most, and the mean of the rest.
    """
    own = _latest_year(funds[funds["own"]])
    wide = own.pivot(index=["institute", "year"], columns="item", values="executed_wan")
    wide = wide.reindex(columns=["total", "vehicle", "reception", "abroad"]).astype("float64").reset_index()
    parts = wide[["vehicle", "reception", "abroad"]].sum(axis=1)
    wide = wide.assign(rest=(wide["total"] - parts).where((wide["total"] - parts).gt(0.005), 0.0), sum=wide["total"].fillna(parts))
    known = wide[wide["total"].notna() | wide[["vehicle", "reception", "abroad"]].notna().any(axis=1)]
    if known.empty:
        return empty("empty_three_public", language, ax)
    ordered = known.sort_values("sum", ascending=False, kind="stable")
    most = bars.MOST_ROWS if len(ordered) <= bars.MOST_ROWS else 2 * ENDS
    shown, others = ordered.head(most), ordered.iloc[most:]
    columns = ["vehicle", "reception", "abroad", "rest"]
    words = [code(column, language) for column in columns[:3]] + [say("not_broken_down", language)]
    rest = say("the_rest_mean", language, count=len(others))  # the parts of a mean add up to it, those of a median do not
    drawn, names = bars.with_rest(shown, others, [*columns, "sum"], "mean", case_labels(shown, language, "year"), rest)
    notes = [number(value) for value in drawn["sum"]]
    ax = bars.stacked(drawn, columns, names, words, [BLUE, ORANGE, GREEN, GREY], notes, ax)
    note = say("the_rest_left_out", language, shown=len(shown), total=len(known)) if len(shown) < len(known) else ""
    note = remarks(language, note or year_note(shown, language, "year"), without=len(wide) - len(known))
    return finish(ax, "chart_parts", "axis_wan", language, note, legend=4)


def per_head(totals: pd.DataFrame, language: str = "zh", ax: Axes | None = None) -> Axes:
    """Three-public spending per head of staff in each institute's latest year. `totals` is `measures.three_public_totals`."""
    newest = _latest_year(totals)
    rows = newest.dropna(subset=["per_head_wan"])
    if rows.empty:
        return empty("empty_per_head", language, ax)
    top, middle, bottom = bars.ends(rows.assign(_name=case_labels(rows, language, "year")), "per_head_wan")
    drawn = pd.concat([top, bottom])
    notes = [number(value, 4) for value in drawn["per_head_wan"]]
    others = bars.rest(top, middle, "per_head_wan", say("the_rest", language, count=len(middle)), lambda wan: number(wan, 4))
    ax = bars.single(drawn["per_head_wan"], drawn["_name"], notes, bars.plain(len(drawn)), ax, others)
    note = remarks(language, year_note(rows, language, "year"), without=len(newest) - len(rows))
    return finish(ax, "chart_per_head", "axis_per_head", language, note)
