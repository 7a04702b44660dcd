"""Checks of what prose says of changes: their rate, amount, direction and base, and the reason given for them.

Each compares all reports at once. Its docstring is the question that it asks; see `checking` for what it returns.
"""

from __future__ import annotations

import pandas as pd

from ..checking import CENT, Frames, check, comparisons, joined, listed, reason_where, shared
from .figures import NO_FIGURES, PUBLIC_PARTS, PUBLIC_WHOLES, completed, of_kind, printed, ratios, sign_of


@shared
def _changes(frames: Frames) -> pd.DataFrame:
    rows = of_kind(frames, "change")
    rows["against"] = rows["against"].astype("object").where(rows["against"].notna(), rows["stage"])
    rows = completed(rows, printed(frames))
    rows["sign"] = sign_of(rows["way"])
    return rows.assign(label=rows["item"], detail=rows["printed"])


@check("change_rate", "medium", "rate", kinds=("change",))
def change_rate(frames: Frames) -> pd.DataFrame:
    """Is the printed rate of a change the change over last year's figure?"""
    rows = _changes(frames)
    rows = rows[rows["rate"].notna() & (rows["way"] != "flat")]
    change = rows["change_wan"].fillna((rows["amount_wan"] - rows["against_wan"]).abs())
    base = (rows["amount_wan"] - rows["sign"] * rows["change_wan"]).fillna(rows["against_wan"])
    return ratios(rows, change, base.where(base > CENT))


@check("change_amount", "medium", kinds=("change",))
def change_amount(frames: Frames) -> pd.DataFrame:
    """Is a printed change the difference of the two years' figures, where the report prints both?"""
    rows = _changes(frames)
    rows = rows[rows["change_wan"].notna() & rows["amount_wan"].notna()]
    rows["expected"], rows["found"] = rows["sign"] * rows["change_wan"], rows["amount_wan"] - rows["against_wan"]
    rows = rows[(rows["sign"] * rows["found"] >= 0) | rows["found"].isna()]  # the other way round is for `change_direction`
    return comparisons(
        rows, reason_where(rows["found"].isna(), "the other year's figure is not printed"), tolerance=CENT / 2, rounding=1.5 * CENT
    )


@check("change_direction", "high", kinds=("change",))
def change_direction(frames: Frames) -> pd.DataFrame:
    """Does a figure that is said to rise, fall or stay do so?

    A figure of zero cannot have risen, and nothing can have fallen below zero. Where the other year's figure is printed it decides.
    """
    rows = _changes(frames)
    difference = rows["amount_wan"] - rows["against_wan"]
    # two figures a cent apart may have been said to be the same
    otherwise = (difference * rows["sign"] < -CENT) | ((rows["sign"] == 0) & (difference.abs() > CENT))
    moved = rows["change_wan"].fillna(rows["rate"]).fillna(0) > 0
    impossible = (rows["way"] == "up") & moved & (rows["amount_wan"] - rows["change_wan"].fillna(0) < -CENT / 2)
    impossible |= (rows["way"] == "up") & moved & (rows["amount_wan"] == 0)
    contradicts = rows["words"] == "two ways"
    rows = rows.assign(
        expected=rows["against_wan"], found=rows["amount_wan"], fails=(otherwise | impossible | contradicts).astype("boolean")
    )
    unknown = rows["amount_wan"].isna() & ~contradicts
    return comparisons(rows, reason_where(unknown, NO_FIGURES))


@check("changes_add_up", "medium", kinds=("change",))
def changes_add_up(frames: Frames) -> pd.DataFrame:
    """Do the changes of the parts of the three public funds add to the change of the whole?"""
    rows = _changes(frames)
    rows = rows[rows["item"].isin([*PUBLIC_WHOLES, *PUBLIC_PARTS]) & rows["change_wan"].notna()]
    rows = rows.assign(expected=rows["sign"] * rows["change_wan"])
    key = ["report_id", "scope", "year", "stage", "against", "against_year", "item"]
    rows = rows.drop_duplicates(key)
    parts = rows.assign(whole=rows["item"].map(PUBLIC_PARTS)).dropna(subset="whole")
    parts = parts.drop(columns="item").rename(columns={"whole": "item", "expected": "part", "places": "part_places"})
    groups = parts.groupby(key, sort=False, dropna=False)
    sums = groups.agg(found=("part", "sum"), n=("part", "size"))
    sums["part_places"] = listed(parts["part_places"].fillna(""), groups.ngroup()).array
    wholes = rows[rows["item"].isin(PUBLIC_WHOLES)]
    rows = wholes.merge(sums.reset_index(), on=key, how="inner", validate="one_to_one")
    missing = rows["n"] < rows["item"].astype("object").map(PUBLIC_WHOLES).astype("float64")
    rows["places"] = joined(rows["places"], rows["part_places"])
    reason = reason_where(missing, "not every part's change is stated")
    return comparisons(rows, reason, tolerance=CENT / 2, rounding=CENT / 2 * (rows["n"] + 1))


@check("base_year", "medium", "number", kinds=("change",))
def base_year(frames: Frames) -> pd.DataFrame:
    """Is the year that a figure is compared with the year before?"""
    rows = _changes(frames)
    rows = rows[rows["year"].notna() & rows["against_year"].notna()]
    rows["expected"], rows["found"] = rows["year"].astype("float64") - 1, rows["against_year"].astype("float64")
    return comparisons(rows)


@check("reason_direction", "medium", "text", kinds=("reason",))
def reason_direction(frames: Frames) -> pd.DataFrame:
    """Is the reason given for the way in which the figure went?"""
    key = ["report_id", "section", "item", "year"]
    reasons = of_kind(frames, "reason")
    reasons = reasons[reasons["way"].notna()]
    changes = _changes(frames)
    ways = (
        changes.groupby(key, dropna=False)
        .agg(n=("way", "nunique"), changed=("way", "first"), change_place=("places", "first"))
        .reset_index()
    )
    rows = reasons.merge(ways[ways["n"] == 1], on=key, how="left", validate="many_to_one")
    rows["places"] = joined(rows["places"], rows["change_place"])
    rows = rows.assign(
        fails=(rows["way"] != rows["changed"]).astype("boolean"), label=rows["item"], detail=rows["printed"].str.slice(0, 40)
    )
    return comparisons(rows, reason_where(rows["changed"].isna(), "no change is stated beside the reason"))
