"""Checks of budget discipline: does spending keep to the budget, line by line, and what is said of the rest?

Each compares all reports at once. Its docstring is the question that it asks; see `checking` for what it returns.
"""

from __future__ import annotations

import pandas as pd

from ..facts import WHOLE
from .amounts import SOURCES, TOTAL
from .checking import CENT, FORM, Frames, check, comparisons, joined, reason_where, shared

LINE = ["report_id", "scope", "item", "year"]
BASIC, PROJECT, CARRIED = "基本支出", "项目支出", "结余结转"
NO_SPENDING = (CARRIED, "上年结转资金", "基本支出预算调整")  # lines that have no initial budget to keep to
BUDGETS = ("initial_budget", "adjustment", "revised_budget")


@shared
def _lines(frames: Frames) -> pd.DataFrame:
    """A row a line (report, scope, item, year) of self-evaluations: the largest amount printed for each stage of its budget, the
    least for its spending, and `budget`: the revised one, else the initial one with its adjustment."""
    funds = frames["funds"]
    # classification rows, and accounts books with their own reasons for each line, are another matter
    books = frames["reports"]["report_id"][frames["reports"]["kind"] == "accounts"]
    own = funds["amount_wan"].notna() & (funds["origin"] != "derived") & funds["code"].isna() & funds["section"].isna()
    funds = funds[own & funds["year"].notna() & ~funds["report_id"].isin(books)]
    lines = funds[LINE].drop_duplicates().set_index(LINE)
    for stage in (*BUDGETS, "executed"):
        of_stage = funds[funds["stage"] == stage].sort_values("amount_wan", ascending=stage == "executed", kind="stable")
        first = of_stage.drop_duplicates(LINE).set_index(LINE)[["amount_wan", "place"]]
        lines = lines.join(first.rename(columns={"amount_wan": stage, "place": f"{stage}_place"}), validate="one_to_one")
    lines["budget"] = lines["revised_budget"].fillna(lines["initial_budget"] + lines["adjustment"].fillna(0))
    lines["budget_place"] = lines["revised_budget_place"].fillna(lines["initial_budget_place"])
    return lines.reset_index()


@check("spending_above_budget", "high")
def spending_above_budget(frames: Frames) -> pd.DataFrame:
    """Does spending keep within the budget of its line, or is an adjustment reported?

    Above a revised budget there should be no spending. Above the initial one it needs an adjustment: one of just that amount
    anywhere in the report explains it, a revised total may hide one.
    """
    lines = _lines(frames)
    lines = lines[lines["budget"].notna() & lines["executed"].notna() & ~lines["item"].isin(NO_SPENDING)]
    over = (lines["executed"] - lines["budget"]).round(6)
    only_initial = lines["revised_budget"].isna() & lines["adjustment"].isna()
    lines = lines.assign(over=over.where(over > 0))
    funds = frames["funds"]
    explained = only_initial & _adjusted_by(funds, lines)
    # one overspending is one finding: of the total rather than of its sources, of the first of several lines that show the same
    above = lines[(lines["item"] == TOTAL) & lines["over"].notna()].set_index(FORM).index
    source = lines["item"].isin(SOURCES) & lines.set_index(FORM).index.isin(above)
    again = lines.duplicated(["report_id", "budget", "executed"]) & lines["over"].notna()
    swapped = _swapped(frames)
    of_basic = only_initial & (lines["scope"] == WHOLE) & (lines["item"] == PROJECT) & lines["report_id"].isin(swapped["report_id"])
    revised_somewhere = lines["report_id"].isin(funds["report_id"][funds["stage"].isin(BUDGETS[1:]) & funds["amount_wan"].notna()])
    severity = pd.Series(pd.NA, index=lines.index, dtype="str")
    severity = severity.mask(only_initial, "medium").mask(only_initial & revised_somewhere, "low")
    severity = severity.mask(lines["over"] <= CENT, "low")
    return comparisons(
        lines,
        label=lines["item"],
        detail=only_initial.map({True: "initial_budget", False: "revised_budget"}),
        expected=lines["budget"],
        found=lines["executed"],
        fails=lines["over"].notna() & ~explained & ~source & ~again & ~of_basic,
        severity=severity,
        places=joined(lines["budget_place"], lines["executed_place"]),
    )


def _adjusted_by(funds: pd.DataFrame, lines: pd.DataFrame) -> pd.Series:
    """Where an adjustment of just `over` is reported, wherever it stands and but for rounding."""
    adjustments = funds.loc[(funds["stage"] == "adjustment") & funds["amount_wan"].notna(), ["report_id", "amount_wan"]].drop_duplicates()
    over = lines.loc[lines["over"].notna(), ["report_id", "over"]].reset_index(names="line")
    pairs = over.merge(adjustments, on="report_id", how="inner")
    near = (pairs["over"] - pairs["amount_wan"]).abs() <= 2 * CENT + 1e-9
    return pd.Series(lines.index.isin(pairs["line"][near]), index=lines.index)


@check("basic_for_project", "medium")
def basic_for_project(frames: Frames) -> pd.DataFrame:
    """Is project expenditure within its budget while basic expenditure stays below its own?

    Money moved between the two needs an adjustment; where the report has budgets of both and no adjustment, it states none.
    """
    both = _both(frames)
    swapped = both["report_id"].isin(_swapped(frames)["report_id"])
    return comparisons(
        both,
        reason_where(both[["expected", "found", "basic_budget", "basic_spent"]].isna().any(axis=1), "not both budgets are stated"),
        scope=WHOLE,
        label=PROJECT,
        fails=swapped,
    )


@shared
def _both(frames: Frames) -> pd.DataFrame:
    """A row a report and year with basic and project expenditure of the whole side by side."""
    lines = _lines(frames)
    key = ["report_id", "year"]
    columns = ["budget", "executed", "revised_budget", "adjustment", "budget_place", "executed_place"]
    sides = [lines[(lines["scope"] == WHOLE) & (lines["item"] == item)].set_index(key)[columns] for item in (PROJECT, BASIC)]
    both = sides[0].join(sides[1].add_suffix("_basic"), validate="one_to_one").reset_index()
    adjusted = both[["revised_budget", "adjustment", "revised_budget_basic", "adjustment_basic"]].notna().any(axis=1)
    both = both.rename(columns={"budget": "expected", "executed": "found", "budget_basic": "basic_budget", "executed_basic": "basic_spent"})
    both["places"] = joined(both["budget_place"], both["executed_place"], both["budget_place_basic"], both["executed_place_basic"])
    return both[~adjusted]


def _swapped(frames: Frames) -> pd.DataFrame:
    """Those of `_both` in which projects took what basic expenditure left."""
    both = _both(frames)
    over, left = both["found"] - both["expected"], both["basic_budget"] - both["basic_spent"]
    return both[(over > CENT) & (left > CENT)]


@check("three_public_above_budget", "high")
def three_public_above_budget(frames: Frames) -> pd.DataFrame:
    """Do the three public funds keep within their budget, in all and by item?"""
    frame = frames["three_public"]
    frame = frame[frame["amount_wan"].notna() & (frame["origin"] != "derived")]
    key = ["report_id", "item", "year"]
    budgets = frame[frame["stage"].isin(["initial_budget", "revised_budget"])]
    budgets = budgets.sort_values("amount_wan", ascending=False, kind="stable").drop_duplicates(key)
    spent = frame[frame["stage"] == "executed"].sort_values("amount_wan", kind="stable").drop_duplicates(key)
    rows = spent.merge(budgets[[*key, "amount_wan", "place"]], on=key, suffixes=("", "_budget"), validate="one_to_one")
    over = (rows["amount_wan"] - rows["amount_wan_budget"]).round(6)
    again = rows.duplicated(["report_id", "year", "amount_wan", "amount_wan_budget"])
    return comparisons(
        rows,
        scope=WHOLE,
        label=rows["item"],
        expected=rows["amount_wan_budget"],
        found=rows["amount_wan"],
        fails=(over > 0) & ~again,
        severity=(over <= CENT).map({True: "low", False: None}),
        places=joined(rows["place_budget"], rows["place"]),
    )


@check("carry_over_zero", "high")
def carry_over_zero(frames: Frames) -> pd.DataFrame:
    """Is a carry-over stated as zero where nothing of the budget is left?

    Where only the initial budget is stated it may have been cut: then the difference is a low finding.
    """
    lines = _lines(frames)
    zero = lines[(lines["item"] == CARRIED) & (lines["executed"] == 0)]
    totals = lines[lines["item"] == TOTAL]
    key = ["report_id", "scope", "year"]
    rows = zero[[*key, "executed", "executed_place"]].merge(totals, on=key, how="left", suffixes=("_zero", ""), validate="one_to_one")
    rows["expected"], rows["found"] = rows["executed_zero"], (rows["budget"] - rows["executed"]).round(6)
    sure = rows["revised_budget"].notna() | rows["adjustment"].notna()
    return comparisons(
        rows,
        reason_where(rows["found"].isna(), "no budget or no spending beside the carry-over"),
        fails=rows["found"] > CENT,
        severity=sure.map({True: None, False: "low"}),
        places=joined(rows["executed_place_zero"], rows["budget_place"], rows["executed_place"]),
    )


@check("addition_above_total", "medium")
def addition_above_total(frames: Frames) -> pd.DataFrame:
    """Is every addition to a part of the budget within the addition to the whole?

    A larger one is explained by a cut elsewhere: where the report states one, there is nothing to say.
    """
    lines = _lines(frames)
    lines = lines[lines["adjustment"].notna()]
    wholes = lines[(lines["scope"] == WHOLE) & (lines["item"] == TOTAL)].drop_duplicates(["report_id", "year"])
    wholes = wholes[["report_id", "year", "adjustment", "adjustment_place"]]
    parts = lines[(lines["scope"] != WHOLE) | (lines["item"] != TOTAL)].sort_values("adjustment", ascending=False, kind="stable")
    cut = parts[parts["adjustment"] < 0]
    largest = parts[parts["adjustment"] > 0].drop_duplicates(["report_id", "year"])
    rows = largest.merge(wholes, on=["report_id", "year"], how="left", suffixes=("", "_whole"), validate="one_to_one")
    rows["expected"], rows["found"] = rows["adjustment_whole"], rows["adjustment"]
    return comparisons(
        rows,
        reason_where(rows["expected"].isna(), "no adjustment of the whole is stated"),
        label=rows["scope"].where(rows["scope"] != WHOLE, rows["item"]),
        fails=(rows["found"] > rows["expected"] + CENT) & ~rows["report_id"].isin(cut["report_id"]),
        places=joined(rows["adjustment_place_whole"], rows["adjustment_place"]),
    )


@check("projects_within_total", "medium")
def projects_within_total(frames: Frames) -> pd.DataFrame:
    """Do the forms of single projects together stay within the project expenditure of the whole?

    Not every project has a form, so less is no contradiction.
    """
    forms = frames["indicators"][FORM].drop_duplicates().set_index(FORM).index
    funds = frames["funds"]
    funds = funds[funds["amount_wan"].notna() & (funds["origin"] != "derived") & funds["section"].isna() & funds["code"].isna()]
    key = ["report_id", "year", "stage"]
    own = funds[(funds["item"] == TOTAL) & ~funds["scope"].str.startswith(WHOLE) & funds.set_index(FORM).index.isin(forms)]
    own = own.drop_duplicates([*key, "scope"])
    sums = own.groupby(key, sort=False).agg(found=("amount_wan", "sum"), n=("amount_wan", "size"), place=("place", "first")).reset_index()
    wholes = funds[(funds["scope"] == WHOLE) & (funds["item"] == PROJECT)].sort_values("amount_wan", ascending=False, kind="stable")
    wholes = wholes.drop_duplicates(key).rename(columns={"amount_wan": "expected", "place": "places"})
    rows = sums.merge(wholes[[*key, "expected", "places"]], on=key, how="inner", validate="one_to_one")
    return comparisons(
        rows,
        scope=WHOLE,
        label=PROJECT,
        detail=rows["stage"],
        fails=rows["found"] > rows["expected"] + CENT * rows["n"],
        places=joined(rows["places"], rows["place"]),
    )


@check("staff_within_posts", "low", "number")
def staff_within_posts(frames: Frames) -> pd.DataFrame:
    """Are there at most as many people as posts?"""
    rows = frames["reports"]
    rows = rows[rows["staff_authorised"].notna() | rows["staff_actual"].notna()]
    expected, found = (rows[name].astype("Float64").astype("float64") for name in ("staff_authorised", "staff_actual"))
    missing = reason_where(expected.isna() | found.isna(), "posts or people are not stated")
    return comparisons(rows, missing, scope=WHOLE, expected=expected, found=found, fails=found > expected)
