"""Checks of what prose says of a figure beside another: shares, completion rates, comparisons in words, lists of parts.

Each compares all reports at once. Its docstring is the question that it asks; see `checking` for what it returns.
"""

from __future__ import annotations

import pandas as pd

from ...facts import WHOLE
from ..checking import CENT, Frames, check, comparisons, joined, listed, reason_where, shared
from .figures import NO_FIGURES, PUBLIC_PARTS, completed, of_kind, printed, ratios, sign_of


@check("share_rate", "medium", "rate", kinds=("share",))
def share_rate(frames: Frames) -> pd.DataFrame:
    """Is a printed share the part over its whole?"""
    rows = of_kind(frames, "share")
    rows["against_item"] = rows["against"].astype("object").where(rows["against"].notna(), _whole_of(rows["item"]))
    wholes = printed(frames).rename(columns={"item": "against_item", "amount_wan": "whole", "place": "whole_place"})
    wholes = wholes[wholes["scope"] == WHOLE].drop(columns="scope")
    rows = rows.merge(wholes, on=["report_id", "against_item", "year", "stage"], how="left", validate="many_to_one")
    rows["places"] = joined(
        rows["places"], rows["amount_place"], rows["against_place"].astype("object").where(rows["against_wan"].notna(), rows["whole_place"])
    )
    whole = rows["against_wan"].fillna(rows["whole"])
    return ratios(rows.assign(label=rows["item"], detail=rows["printed"]), rows["amount_wan"], whole.where(whole > 0))


def _whole_of(items: pd.Series) -> pd.Series:
    """The whole of an item that stands in a list of shares without it: the three-public funds."""
    return items.astype("object").map(PUBLIC_PARTS).where(items != "vehicle_purchase").where(items != "vehicle_running")


@shared
def _completions(frames: Frames) -> pd.DataFrame:
    rows = completed(of_kind(frames, "completion"), printed(frames))
    return rows.assign(label=rows["item"], detail=rows["printed"])


@check("completion_rate", "medium", "rate", kinds=("completion",))
def completion_rate(frames: Frames) -> pd.DataFrame:
    """Is a printed completion rate spending over budget?"""
    rows = _completions(frames)
    return ratios(rows, rows["amount_wan"], rows["against_wan"].where(rows["against_wan"] != 0))


@check("zero_base", "low", kinds=("completion",))
def zero_base(frames: Frames) -> pd.DataFrame:
    """Is a rate printed of a budget or a whole that is zero?

    Nothing has no percentage: 0.00万元 of a budget of 0.00万元 is neither 0 % nor 100 % of it.
    """
    rows = _completions(frames)
    rows = rows[rows["against_wan"].notna()]
    rows = rows.assign(expected=rows["against_wan"], found=rows["amount_wan"], fails=(rows["against_wan"] == 0).astype("boolean"))
    return comparisons(rows)


@check("compared_in_words", "medium", kinds=("comparison",))
def compared_in_words(frames: Frames) -> pd.DataFrame:
    """Is spending above, below or equal to its budget as the words say?"""
    rows = completed(of_kind(frames, "comparison"), printed(frames))
    difference = rows["amount_wan"] - rows["against_wan"]
    sign = sign_of(rows["way"])
    fails = (difference * sign < -CENT / 2) | ((sign == 0) & (difference.abs() > CENT)) | ((sign != 0) & (difference.abs() < CENT / 2))
    rows = rows.assign(
        expected=rows["against_wan"], found=rows["amount_wan"], fails=fails.astype("boolean"), label=rows["item"], detail=rows["printed"]
    )
    return comparisons(rows, reason_where(difference.isna(), NO_FIGURES))


@check("listed_parts", "medium", "number", kinds=("parts",))
def listed_parts(frames: Frames) -> pd.DataFrame:
    """Do the parts of a list that names them all add to its whole?"""
    rows = of_kind(frames, "parts")
    rows = rows.assign(expected=rows["amount_wan"], found=rows["against_wan"], label=rows["item"], detail=rows["words"])
    money = rows["words"].str.endswith("元")
    return comparisons(rows, tolerance=money * CENT / 2, rounding=money * CENT / 2 * (rows["count"].astype("float64") + 1))


@check("shares_to_whole", "medium", kinds=("share",))
def shares_to_whole(frames: Frames) -> pd.DataFrame:
    """Do parts whose printed shares make 100 % add to their whole?"""
    shares = of_kind(frames, "share")
    shares = shares[shares["against_wan"].notna() & shares["amount_wan"].notna()]
    key = ["report_id", "scope", "section", "against", "against_wan", "against_place"]
    groups = shares.groupby(key, sort=False, dropna=False)
    parts = groups.agg(found=("amount_wan", "sum"), n=("amount_wan", "size"), rates=("rate", "sum"))
    parts["places"] = listed(shares["amount_place"].fillna(""), groups.ngroup()).array
    rows = parts.reset_index()
    rows = rows[(rows["n"] >= 2) & ((rows["rates"] - 1).abs() <= 0.0001 * rows["n"])]
    rows = rows.assign(expected=rows["against_wan"], label=rows["against"], places=joined(rows["against_place"], rows["places"]))
    return comparisons(rows, tolerance=CENT / 2, rounding=CENT / 2 * (rows["n"] + 1))
