"""Frame → frame: one figure out of several, execution rates (预算执行率) and three-public funds (三公经费).

Pure functions over the tables of the data contract; they change nothing that they are given. Money is in 万元 (10,000 CNY)
and ends in `_wan`, rates are fractions, `_pp` is a difference in percentage points. A figure that is not known stays null.
The scores are in `marks`, what is there and what is missing in `coverage`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .facts import ORIGINS, THREE_PUBLIC_ITEMS, WHOLE
from .tables import reads

CASE = ["institute", "fiscal_year"]  # what a comparison compares
SCOPE = [*CASE, "scope"]
PART = [*CASE, "item"]
PARTS = ("基本支出", "项目支出")
BUDGETS = ["initial_budget_wan", "revised_budget_wan", "executed_wan"]
STAGE_COLUMNS = {
    "initial_budget": "initial_budget_wan",
    "adjustment": "adjustment_wan",
    "revised_budget": "revised_budget_wan",
    "executed": "executed_wan",
}
SAME_WAN = 0.005  # amounts are printed with two decimals: less than half of the last one is the same figure


def pick(rows: pd.DataFrame, keys: Sequence[str], values: Sequence[str], prefer: Sequence[str] = ()) -> pd.DataFrame:
    """One row for each `keys` where a report prints a figure more than once, in the order of first mention.

    A row with a figure goes before one without, then by the columns `prefer` (smallest first), then a table before a sentence
    before a derived figure, then the first in order. Adds `printed_times` (rows that state the first of `values`) and
    `printed_differ` (the rows disagree by at least half a unit of the last place in one of `values`).
    """
    keys, values = list(keys), list(values)
    ranks = {origin: rank for rank, origin in enumerate(ORIGINS)}
    origin = rows["origin"].map(ranks) if "origin" in rows else pd.Series(0, index=rows.index)
    ranked = rows.assign(
        _blank=rows[values].isna().all(axis=1), _origin=origin.astype("float64").fillna(len(ranks)), _order=np.arange(len(rows))
    )
    # told by number, the groups of `keys` need no merge
    group = rows.groupby(keys, dropna=False, sort=False).ngroup().to_numpy()
    groups = rows[values].groupby(group)
    spread = (groups.max() - groups.min()).ge(SAME_WAN).any(axis=1).to_numpy()
    stated = groups[values[0]].count().to_numpy()
    ranked = ranked.assign(printed_times=stated[group], printed_differ=spread[group])
    chosen = ranked.sort_values(["_blank", *prefer, "_origin", "_order"], kind="stable").drop_duplicates(keys)
    return chosen.sort_values("_order").drop(columns=["_blank", "_origin", "_order"]).reset_index(drop=True)


def latest(frame: pd.DataFrame, keys: Sequence[str] = ("institute",)) -> pd.DataFrame:
    """The rows of each `keys` in its latest year in `frame`: what a chart of institutes compares."""
    newest = frame.groupby(list(keys), dropna=False)["fiscal_year"].transform("max")
    return frame[frame["fiscal_year"].eq(newest).fillna(False).astype(bool)].reset_index(drop=True)


def _add_rates(frame: pd.DataFrame) -> pd.DataFrame:
    """Adds budget_wan (revised, or initial where there is no revised one), basis, rate, adjusted_wan and unspent_wan."""
    revised, initial = frame["revised_budget_wan"], frame["initial_budget_wan"]
    budget = revised.fillna(initial)
    basis = pd.Series(np.select([revised.notna(), initial.notna()], ["revised", "initial"], "none"), index=frame.index, dtype="str")
    return frame.assign(
        budget_wan=budget,
        basis=basis,
        rate=frame["executed_wan"] / budget.where(budget.ne(0)),
        adjusted_wan=revised - initial,
        unspent_wan=budget - frame["executed_wan"],
    )


@reads(execution="institute fiscal_year scope initial_budget_wan revised_budget_wan executed_wan rate_printed weight score_printed origin "
       "place report_id")  # fmt: skip
def execution_rates(execution: pd.DataFrame) -> pd.DataFrame:
    """Budget execution, one row for each institute, year and scope: planned, revised, spent, rate, printed rate, difference.

    `part` tells what the scope is: `whole` (整体), `part` (整体/…) or `project`. `rate_difference_pp` is printed less computed;
    `rate_agrees` is true where it is within one unit of the printed rate's last place, for forms cut off as well as round;
    `rate_rounded` where it is within half a unit, which is what the audit asks of it.
    `score_difference` is the printed score less weight × min(rate, 1).
    """
    rows = _add_rates(pick(execution, SCOPE, ["executed_wan", "revised_budget_wan", "initial_budget_wan"]))
    scope = rows["scope"].astype("str")
    part = np.select([scope.eq(WHOLE), scope.str.startswith(WHOLE + "/")], ["whole", "part"], "project")
    printed = rows["rate_printed"]
    percent = printed.astype("float64") * 100
    step = np.select([np.isclose(percent, percent.round()), np.isclose(percent, percent.round(1))], [1.0, 0.1], 0.01)
    difference = (printed - rows["rate"]) * 100
    score = rows["weight"] * rows["rate"].clip(upper=1)
    agrees, rounded = (difference.abs().le(part * step * 1.0001).astype("boolean").mask(difference.isna()) for part in (1, 0.5))
    out = rows.assign(
        part=pd.Series(part, index=rows.index, dtype="str"),
        rate_difference_pp=difference,
        rate_agrees=agrees,
        rate_rounded=rounded,
        score=score,
        score_difference=rows["score_printed"] - score,
    )
    columns = [*SCOPE, "part", *BUDGETS, "budget_wan", "basis", "rate", "rate_printed", "rate_difference_pp", "rate_agrees", "rate_rounded"]
    columns += ["adjusted_wan", "unspent_wan", "weight", "score", "score_printed", "score_difference"]
    return out[[*columns, "printed_times", "printed_differ", "origin", "place", "report_id"]]


def institute_rates(rates: pd.DataFrame) -> pd.DataFrame:
    """One row for each institute and year out of `execution_rates`: its whole budget, or else its projects added up.

    `covers` is `whole` or `projects`, `scopes` how many rows stand behind the figure. A sum over projects is null where one of
    them is blank: a sum of what happens to be known is no budget.
    """
    whole = rates[rates["part"].eq("whole")].assign(covers="whole", scopes=1)
    groups = rates[rates["part"].eq("project")].groupby(CASE, dropna=False)
    sizes = groups.size()
    sums = groups[BUDGETS].sum(min_count=1)
    projects = sums.where(groups[BUDGETS].count().eq(sizes, axis=0)).assign(covers="projects", scopes=sizes).reset_index()
    both = pd.concat([whole[[*CASE, *BUDGETS, "covers", "scopes"]], projects], ignore_index=True)
    both = both.drop_duplicates(CASE)  # the whole stands first
    printed = whole[[*CASE, "rate_printed"]]
    both = both.merge(printed, on=CASE, how="left", validate="one_to_one")
    return _add_rates(both).astype({"scopes": "Int64", "covers": "str"}).sort_values(CASE, kind="stable").reset_index(drop=True)


def place_among_peers(frame: pd.DataFrame, value: str = "rate", within: Sequence[str] = ("fiscal_year", "covers")) -> pd.DataFrame:
    """`frame` with `peers` (institutes with a value, this one included), `rank` (1 = highest), `peers_median` and `sharing`.

    Peers share `within`: a whole department is not ranked with another's projects. `rank` is null with fewer than three peers;
    `sharing` is how many have it, this one included.
    """
    groups = frame.assign(_value=frame[value].round(9)).groupby(list(within), dropna=False)["_value"]  # a tie, however it was divided
    peers = groups.transform("count").astype("Int64")
    ranked = peers.ge(3).astype(bool)
    rank = groups.rank(ascending=False, method="min").where(ranked).astype("Int64")
    sharing = rank.groupby([frame[name] for name in within] + [rank], dropna=False).transform("size").astype("Int64").where(rank.notna())
    median = frame.groupby(list(within), dropna=False)[value].transform("median")
    return frame.assign(peers=peers, rank=rank, peers_median=median, sharing=sharing)


@reads(
    execution="institute fiscal_year scope initial_budget_wan revised_budget_wan executed_wan origin place",
    funds="institute fiscal_year scope item year stage amount_wan origin place",
)
def spending_parts(execution: pd.DataFrame, funds: pd.DataFrame) -> pd.DataFrame:
    """The parts of the whole (基本支出, 项目支出) an institute reports, with each one's share of what the parts add up to.

    A part that `execution` does not have as a scope of its own is taken from `funds`. `share` is null where only one part is known.
    """
    scopes = execution[execution["scope"].astype("str").str.startswith(WHOLE + "/")]
    scopes = scopes.assign(item=scopes["scope"].astype("str").str.removeprefix(WHOLE + "/"))
    own = funds["scope"].eq(WHOLE) & funds["item"].isin(PARTS) & funds["year"].eq(funds["fiscal_year"])
    amounts = pick(funds[own.fillna(False).astype(bool)], [*PART, "stage"], ["amount_wan"])
    spent = amounts[amounts["stage"].eq("executed")][[*PART, "printed_differ", "origin", "place"]]
    wide = amounts.pivot(index=PART, columns="stage", values="amount_wan").rename(columns=STAGE_COLUMNS).reindex(columns=BUDGETS)
    printed = spent.merge(wide.astype("float64").reset_index(), on=PART, how="left", validate="one_to_one")
    both = pd.concat([pick(scopes, PART, ["executed_wan"]), printed], ignore_index=True).drop_duplicates(PART)  # a scope of its own first
    groups = both.groupby(CASE, dropna=False)["executed_wan"]
    total = groups.transform("sum").where(groups.transform("count").gt(1))
    rows = both.assign(share=both["executed_wan"] / total.where(total.ne(0)))
    return rows[[*PART, *BUDGETS, "share", "printed_differ", "origin", "place"]].reset_index(drop=True)


@reads(reports="institute fiscal_year staff_actual")
def staff(reports: pd.DataFrame) -> pd.DataFrame:
    """Staff in post (在职实有人数) of each institute and year; the first report that states it."""
    stated = reports.dropna(subset=["staff_actual"]).drop_duplicates(CASE)
    return stated[[*CASE, "staff_actual"]].reset_index(drop=True)


@reads(three_public="institute fiscal_year item year stage amount_wan origin", reports="institute fiscal_year staff_actual")
def three_public(rows: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    """Three-public funds, one row for each institute, year the figure belongs to, and item.

    A year's figure is taken from that year's own report before a later one's comparison column. Adds the share of the total,
    execution against budget and against last year (万元 and fraction), and spending per head of staff where both are known;
    `blank` marks an item whose cells are there but empty, which is not a zero; `own` a year that has a report of its own.
    """
    keys = ["institute", "year", "item", "stage"]
    other = rows["year"].ne(rows["fiscal_year"]).fillna(True).astype(bool)
    rows = rows.assign(_other_year=other)
    rows = pick(rows.dropna(subset=["year"]), keys, ["amount_wan"], prefer=["_other_year"])
    wide = rows.pivot(index=keys[:3], columns="stage", values="amount_wan").rename(columns=STAGE_COLUMNS)
    wide = wide.reindex(columns=list(STAGE_COLUMNS.values())).astype("float64").reset_index().rename_axis(columns=None)
    notes = rows.assign(own=~rows["_other_year"]).groupby(keys[:3])[["printed_differ", "own"]].any().reset_index()
    wide = wide.merge(notes, on=keys[:3], how="left", validate="one_to_one")

    before = wide[[*keys[:3], "executed_wan"]].rename(columns={"executed_wan": "last_year_wan"})
    wide = wide.merge(before.assign(year=before["year"] + 1), on=keys[:3], how="left", validate="one_to_one")
    totals = wide.loc[wide["item"].eq("total"), ["institute", "year", "executed_wan"]].rename(columns={"executed_wan": "_total"})
    wide = wide.merge(totals, on=["institute", "year"], how="left", validate="many_to_one")
    heads = staff(reports).rename(columns={"fiscal_year": "year"})
    wide = wide.merge(heads, on=["institute", "year"], how="left", validate="many_to_one")

    spent, last, head = wide["executed_wan"], wide["last_year_wan"], wide["staff_actual"].astype("Float64").astype("float64")
    budget = wide["revised_budget_wan"].fillna(wide["initial_budget_wan"])
    order = wide["item"].map({item: rank for rank, item in enumerate(THREE_PUBLIC_ITEMS)})
    wide = wide.assign(
        budget_wan=budget,
        share=spent / wide["_total"].where(wide["_total"].ne(0)),
        against_budget_wan=spent - budget,
        against_budget=spent / budget.where(budget.ne(0)),
        against_last_year_wan=spent - last,
        against_last_year=spent / last.where(last.ne(0)) - 1,
        per_head_wan=spent / head.where(head.gt(0)),
        blank=wide[list(STAGE_COLUMNS.values())].isna().all(axis=1),
        _order=order,
    )
    wide = wide.sort_values([*keys[:2], "_order"], kind="stable")
    return wide.drop(columns=["_total", "_order"]).reset_index(drop=True)


def three_public_totals(funds: pd.DataFrame) -> pd.DataFrame:
    """The totals of `three_public` for the years that have a report of their own.

    A year known only from the comparison column of the next year's report stays out; it is that row's `last_year_wan`.
    """
    return funds[funds["item"].eq("total") & ~funds["blank"] & funds["own"]].reset_index(drop=True)
