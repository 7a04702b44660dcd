"""Checks of gaps: what a form asks for and the report leaves open.

Each compares all reports at once. Its docstring is the question that it asks; see `checking` for what it returns.
"""

from __future__ import annotations

import pandas as pd

from ...facts import WHOLE
from ..amounts import TOTAL
from ..checking import FORM, Frames, check, comparisons, joined, together
from ..wording import says
from .judging import unread
from .points import TOTAL_SCORE

TEXTS = ("level3", "target", "actual", "deviation_reason")
SELF_EVALUATIONS = ("whole", "project")  # the kinds of reports that have indicators


@check("scores_missing", "medium", "number")
def scores_missing(frames: Frames) -> pd.DataFrame:
    """Does every weight have its score, where outcomes or a total score are stated?

    A total that no score stands behind cannot be followed.
    """
    rows = frames["indicators"]
    rows = rows[rows["weight"].notna() & rows["shares_points_with"].isna() & (rows["weight"] > 0)]
    groups = rows.assign(blank=rows["score"].isna(), blank_place=rows["place"].where(rows["score"].isna())).groupby(FORM, sort=False)
    forms = groups.agg(
        expected=("weight", "size"), found=("score", "count"), outcomes=("actual", "count"), label=("level3", "first"),
        places=("blank_place", "first"),
    ).reset_index()  # fmt: skip
    totals = frames["scores"]
    totals = totals[(totals["name"] == TOTAL_SCORE) & totals["score"].notna()].drop_duplicates(FORM)[[*FORM, "place"]]
    forms = forms.merge(totals, on=FORM, how="left", validate="one_to_one")
    evaluated = (forms["outcomes"] > 0) | (forms["found"] > 0) | forms["place"].notna()
    forms = forms[evaluated]
    fails = forms["found"] < forms["expected"]
    forms = forms.assign(places=joined(forms["places"], forms["place"]))
    return comparisons(forms, unread(frames, forms, fails), fails=fails)


@check("weights_missing", "medium", "number")
def weights_missing(frames: Frames) -> pd.DataFrame:
    """Does every indicator with a target or a score have a weight, where others of its form have one?"""
    rows = frames["indicators"]
    rows = rows[rows["shares_points_with"].isna()]
    blank = rows["weight"].isna() & (rows["score"].notna() | (rows["target"].notna() & rows["actual"].notna()))
    rows = rows.assign(blank=blank, label=rows["level3"].where(blank), places=rows["place"].where(blank))
    groups = rows.groupby(FORM, sort=False)
    forms = groups.agg(
        weighted=("weight", "count"), blank=("blank", "sum"), label=("label", "first"), places=("places", "first")
    ).reset_index()  # fmt: skip
    forms = forms[forms["weighted"] > 0]
    reason = unread(frames, forms, forms["blank"] > 0)
    return comparisons(forms, reason, expected=forms["weighted"] + forms["blank"], found=forms["weighted"], fails=forms["blank"] > 0)


@check("budget_missing", "low", "text")
def budget_missing(frames: Frames) -> pd.DataFrame:
    """Is a budget stated for what was spent?

    A blank cell under the initial budget of a form is a gap too, whatever stands beside it.
    """
    execution = frames["execution"]
    books = frames["reports"]["report_id"][frames["reports"]["kind"] == "accounts"]
    spent = execution[execution["executed_wan"].notna() & ~execution["report_id"].isin(books)].rename(columns={"place": "places"})
    # the whole stands for its parts, and where it is derived the first of them stands for its place
    top = spent[~spent["scope"].str.startswith(f"{WHOLE}/")]
    first = top["report_id"].map(spent[spent["places"].notna()].groupby("report_id")["places"].first())
    top = top.assign(places=top["places"].astype("object").where(top["places"].notna(), first))
    none = top["initial_budget_wan"].isna() & top["revised_budget_wan"].isna()
    funds = frames["funds"]
    cells = funds[(funds["origin"] == "table") & (funds["item"] == TOTAL) & (funds["stage"] == "initial_budget") & funds["section"].isna()]
    cells = cells.drop_duplicates(FORM).rename(columns={"place": "places"})
    cells = cells[cells.set_index(FORM).index.isin(top.set_index(FORM).index)]
    one = comparisons(top, fails=none, label="budget")
    blank = cells["amount_wan"].isna() & ~cells.set_index(FORM).index.isin(top[none].set_index(FORM).index)
    return together(one, comparisons(cells, fails=blank, label="initial_budget"))


@check("guidance_left", "medium", "text")
def guidance_left(frames: Frames) -> pd.DataFrame:
    """Is every cell of the form filled in, not left with the form's own guidance or sample?"""
    rows = frames["indicators"].rename(columns={"place": "places"})
    columns = [rows[[*FORM, "places"]].assign(detail=rows[name])[rows[name].notna()] for name in TEXTS]
    texts = together(*columns)
    return comparisons(texts, label=texts["detail"], fails=says(texts["detail"], "guidance"))


@check("no_targets", "low", "text")
def no_targets(frames: Frames) -> pd.DataFrame:
    """Does a self-evaluation state any target that it measures itself by?"""
    reports = frames["reports"]
    reports = reports[reports["kind"].isin(SELF_EVALUATIONS)]
    indicators = frames["indicators"]
    having = indicators["report_id"][indicators["target"].notna()]
    none = ~reports["report_id"].isin(having)
    return comparisons(reports, unread(frames, reports, none), scope=WHOLE, fails=none)
