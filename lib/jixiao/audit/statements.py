"""Checks of what prose says of figures: changes, shares, completion rates, directions, lists, notes, and words of the template.

Each compares all reports at once. Its docstring is the question that it asks; see `checking` for what it returns.
"""

from __future__ import annotations

import pandas as pd

from ..facts import WHOLE
from .checking import CENT, Frames, check, comparisons, joined, reason_where, together

KEY = ["report_id", "scope", "item", "year", "stage"]
SIGN = {"up": 1.0, "down": -1.0, "flat": 0.0}
PUBLIC_WHOLES = {"total": 3, "vehicle": 2}  # and how many parts they have
PUBLIC_PARTS = {"abroad": "total", "vehicle": "total", "reception": "total", "vehicle_purchase": "vehicle", "vehicle_running": "vehicle"}
NO_FIGURES = "the figures it speaks of are not printed"


def _of_kind(frames: Frames, kind: str) -> pd.DataFrame:
    statements = frames["statements"]
    return statements[statements["kind"] == kind].rename(columns={"place": "places"})


def _sign(ways: pd.Series) -> pd.Series:
    return ways.astype("object").map(SIGN).astype("float64")


def _printed(frames: Frames) -> pd.DataFrame:
    """Every printed figure, once a `KEY`: amount_wan and place."""
    every = pd.concat([frames["funds"], frames["three_public"].assign(scope=WHOLE)], ignore_index=True)
    every = every[every["amount_wan"].notna() & (every["origin"] != "derived") & every["year"].notna()]
    return every.drop_duplicates(KEY)[[*KEY, "amount_wan", "place"]]


def _completed(rows: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Statements with the figures they speak of and compare with, from elsewhere in the report where the paragraph leaves them out."""
    index = rows.index
    own = printed.rename(columns={"amount_wan": "own", "place": "own_place"})
    rows = rows.merge(own, on=KEY, how="left", validate="many_to_one")
    base = printed.rename(columns={"year": "against_year", "stage": "against", "amount_wan": "base", "place": "base_place"})
    rows = rows.merge(base, on=["report_id", "scope", "item", "against_year", "against"], how="left", validate="many_to_one")
    rows.index = index
    rows["amount_place"] = rows["amount_place"].astype("object").where(rows["amount_wan"].notna(), rows["own_place"])
    rows["against_place"] = rows["against_place"].astype("object").where(rows["against_wan"].notna(), rows["base_place"])
    rows["amount_wan"] = rows["amount_wan"].fillna(rows["own"])
    rows["against_wan"] = rows["against_wan"].fillna(rows["base"])
    rows["places"] = joined(rows["places"], rows["amount_place"], rows["against_place"])
    return rows.drop(columns=["own", "own_place", "base", "base_place"])


def _changes(frames: Frames) -> pd.DataFrame:
    rows = _of_kind(frames, "change")
    rows["against"] = rows["against"].astype("object").where(rows["against"].notna(), rows["stage"])
    rows = _completed(rows, _printed(frames))
    rows["sign"] = _sign(rows["way"])
    return rows.assign(label=rows["item"], detail=rows["printed"])


def _half_step(rows: pd.DataFrame) -> pd.Series:
    """Half a unit of the last digit that a printed rate has."""
    return 0.5 * 10.0 ** -(rows["decimals"].astype("float64") + 2)


def _ratios(rows: pd.DataFrame, part: pd.Series, whole: pd.Series) -> pd.DataFrame:
    """Printed rates against `part` over `whole`: as printed, or off by what rounding of both to the cent makes."""
    rows = rows.assign(expected=rows["rate"], found=(part / whole.where(whole != 0)).abs())
    blur = CENT / 2 / whole.abs() * (1 + rows["found"])
    return comparisons(rows, reason_where(part.isna() | whole.isna(), NO_FIGURES), tolerance=_half_step(rows) + blur)


@check("change_rate", "medium", "rate")
def change_rate(frames: Frames) -> pd.DataFrame:
    """Is the printed rate of a change the change over last year's figure?"""
    rows = _changes(frames)
    rows = rows[rows["rate"].notna() & (rows["way"] != "flat")]
    change = rows["change_wan"].fillna((rows["amount_wan"] - rows["against_wan"]).abs())
    base = (rows["amount_wan"] - rows["sign"] * rows["change_wan"]).fillna(rows["against_wan"])
    return _ratios(rows, change, base.where(base > CENT))


@check("change_amount", "medium")
def change_amount(frames: Frames) -> pd.DataFrame:
    """Is a printed change the difference of the two years' figures, where the report prints both?"""
    rows = _changes(frames)
    rows = rows[rows["change_wan"].notna() & rows["amount_wan"].notna()]
    rows["expected"], rows["found"] = rows["sign"] * rows["change_wan"], rows["amount_wan"] - rows["against_wan"]
    rows = rows[(rows["sign"] * rows["found"] >= 0) | rows["found"].isna()]  # the other way round is for `change_direction`
    return comparisons(
        rows, reason_where(rows["found"].isna(), "the other year's figure is not printed"), tolerance=CENT / 2, rounding=1.5 * CENT
    )


@check("change_direction", "high")
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


@check("changes_add_up", "medium")
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
    sums["part_places"] = groups["part_places"].agg(lambda places: " ".join(places.dropna()))
    wholes = rows[rows["item"].isin(PUBLIC_WHOLES)]
    rows = wholes.merge(sums.reset_index(), on=key, how="inner", validate="one_to_one")
    missing = rows["n"] < rows["item"].astype("object").map(PUBLIC_WHOLES).astype("float64")
    rows["places"] = joined(rows["places"], rows["part_places"])
    reason = reason_where(missing, "not every part's change is stated")
    return comparisons(rows, reason, tolerance=CENT / 2, rounding=CENT / 2 * (rows["n"] + 1))


@check("base_year", "medium", "number")
def base_year(frames: Frames) -> pd.DataFrame:
    """Is the year that a figure is compared with the year before?"""
    rows = _changes(frames)
    rows = rows[rows["year"].notna() & rows["against_year"].notna()]
    rows["expected"], rows["found"] = rows["year"].astype("float64") - 1, rows["against_year"].astype("float64")
    return comparisons(rows)


@check("share_rate", "medium", "rate")
def share_rate(frames: Frames) -> pd.DataFrame:
    """Is a printed share the part over its whole?"""
    rows = _of_kind(frames, "share")
    rows["against_item"] = rows["against"].astype("object").where(rows["against"].notna(), _whole_of(rows["item"]))
    wholes = _printed(frames).rename(columns={"item": "against_item", "amount_wan": "whole", "place": "whole_place"})
    wholes = wholes[wholes["scope"] == WHOLE].drop(columns="scope")
    rows = rows.merge(wholes, on=["report_id", "against_item", "year", "stage"], how="left", validate="many_to_one")
    rows["places"] = joined(
        rows["places"], rows["amount_place"], rows["against_place"].astype("object").where(rows["against_wan"].notna(), rows["whole_place"])
    )
    whole = rows["against_wan"].fillna(rows["whole"])
    return _ratios(rows.assign(label=rows["item"], detail=rows["printed"]), rows["amount_wan"], whole.where(whole > 0))


def _whole_of(items: pd.Series) -> pd.Series:
    """The whole of an item that stands in a list of shares without it: the three-public funds."""
    return items.astype("object").map(PUBLIC_PARTS).where(items != "vehicle_purchase").where(items != "vehicle_running")


def _completions(frames: Frames) -> pd.DataFrame:
    rows = _completed(_of_kind(frames, "completion"), _printed(frames))
    return rows.assign(label=rows["item"], detail=rows["printed"])


@check("completion_rate", "medium", "rate")
def completion_rate(frames: Frames) -> pd.DataFrame:
    """Is a printed completion rate spending over budget?"""
    rows = _completions(frames)
    return _ratios(rows, rows["amount_wan"], rows["against_wan"].where(rows["against_wan"] != 0))


@check("zero_base", "low")
def zero_base(frames: Frames) -> pd.DataFrame:
    """Is a rate printed of a budget or a whole that is zero?

    Nothing has no percentage: 0.00万元 of a budget of 0.00万元 is neither 0 % nor 100 % of it.
    """
    rows = _completions(frames)
    rows = rows[rows["against_wan"].notna()]
    rows = rows.assign(expected=rows["against_wan"], found=rows["amount_wan"], fails=(rows["against_wan"] == 0).astype("boolean"))
    return comparisons(rows)


@check("compared_in_words", "medium")
def compared_in_words(frames: Frames) -> pd.DataFrame:
    """Is spending above, below or equal to its budget as the words say?"""
    rows = _completed(_of_kind(frames, "comparison"), _printed(frames))
    difference = rows["amount_wan"] - rows["against_wan"]
    sign = _sign(rows["way"])
    fails = (difference * sign < -CENT / 2) | ((sign == 0) & (difference.abs() > CENT)) | ((sign != 0) & (difference.abs() < CENT / 2))
    rows = rows.assign(
        expected=rows["against_wan"], found=rows["amount_wan"], fails=fails.astype("boolean"), label=rows["item"], detail=rows["printed"]
    )
    return comparisons(rows, reason_where(difference.isna(), NO_FIGURES))


@check("reason_direction", "medium", "text")
def reason_direction(frames: Frames) -> pd.DataFrame:
    """Is the reason given for the way in which the figure went?"""
    key = ["report_id", "section", "item", "year"]
    reasons = _of_kind(frames, "reason")
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


@check("listed_parts", "medium", "number")
def listed_parts(frames: Frames) -> pd.DataFrame:
    """Do the parts of a list that names them all add to its whole?"""
    rows = _of_kind(frames, "parts")
    rows = rows.assign(expected=rows["amount_wan"], found=rows["against_wan"], label=rows["item"], detail=rows["words"])
    money = rows["words"].str.endswith("元")
    return comparisons(rows, tolerance=money * CENT / 2, rounding=money * CENT / 2 * (rows["count"].astype("float64") + 1))


@check("shares_to_whole", "medium")
def shares_to_whole(frames: Frames) -> pd.DataFrame:
    """Do parts whose printed shares make 100 % add to their whole?"""
    shares = _of_kind(frames, "share")
    shares = shares[shares["against_wan"].notna() & shares["amount_wan"].notna()]
    key = ["report_id", "scope", "section", "against", "against_wan", "against_place"]
    groups = shares.groupby(key, sort=False, dropna=False)
    parts = groups.agg(found=("amount_wan", "sum"), n=("amount_wan", "size"), rates=("rate", "sum"))
    parts["places"] = groups["amount_place"].agg(lambda places: " ".join(places.dropna()))
    rows = parts.reset_index()
    rows = rows[(rows["n"] >= 2) & ((rows["rates"] - 1).abs() <= 0.0001 * rows["n"])]
    rows = rows.assign(expected=rows["against_wan"], label=rows["against"], places=joined(rows["against_place"], rows["places"]))
    return comparisons(rows, tolerance=CENT / 2, rounding=CENT / 2 * (rows["n"] + 1))


@check("empty_table", "medium", "number")
def empty_table(frames: Frames) -> pd.DataFrame:
    """Is a table empty where a note says so, and is there a note where it is empty?"""
    notes, empty = _of_kind(frames, "no_data"), _of_kind(frames, "empty_table")
    filled = notes.assign(
        expected=0.0, found=notes["count"].astype("float64"), label=notes["section"], detail=notes["printed"].str.slice(0, 60)
    )
    noted = empty.merge(
        notes[["report_id", "amount_place"]].drop_duplicates(), on=["report_id", "amount_place"], how="left", indicator=True
    )
    silent = noted.assign(fails=(noted["_merge"] == "left_only").astype("boolean"), severity="low", label=noted["section"])
    return together(comparisons(filled, tolerance=0.5), comparisons(silent))


@check("named_institute", "medium", "text")
def named_institute(frames: Frames) -> pd.DataFrame:
    """Do titles and sentences name the institute as the report does elsewhere?"""
    named = _of_kind(frames, "named").drop_duplicates(["report_id", "item", "words"])
    differs = (named["item"] != named["institute"]) & named["institute"].notna()
    # a sentence may speak of another body; a title of the report's may not
    ours = named["words"].eq("title") | (named["item"].str[-4:] == named["institute"].str[-4:])
    rows = named.assign(
        fails=(differs & ours).astype("boolean"),
        severity=named["words"].eq("title").map({True: "medium", False: "low"}),
        label=named["item"],
        detail=named["institute"],
        scope=WHOLE,
    )
    return comparisons(
        rows.drop_duplicates(["report_id", "item"]), reason_where(rows["institute"].isna(), "the report's institute is not known")
    )


@check("named_year", "medium", "number")
def named_year(frames: Frames) -> pd.DataFrame:
    """Do titles name the year of the report?"""
    named = _of_kind(frames, "named")
    rows = named[named["words"].eq("title") & named["fiscal_year"].notna()].drop_duplicates(["report_id", "item", "year"])
    rows = rows.assign(
        expected=rows["fiscal_year"].astype("float64"), found=rows["year"].astype("float64"), label=rows["item"], scope=WHOLE
    )
    return comparisons(rows)


@check("template_words", "medium", "text")
def template_words(frames: Frames) -> pd.DataFrame:
    """Are words of the template, empty reasons or doubled marks left in the text?"""
    rows = frames["statements"].rename(columns={"place": "places"})
    unsigned = rows["words"].eq("no sign") & (rows["kind"] == "change")
    left = rows["kind"].isin(["leftover", "slip"])
    rows = rows.assign(
        fails=(left | unsigned).astype("boolean"),
        severity=(rows["kind"] == "leftover").map({True: "medium", False: "low"}),
        detail=rows["printed"],
        label=rows["section"],
    )
    # the same words again and again are one finding
    again = rows[left].groupby(["report_id", "words"])["places"]
    rows.loc[left, "places"] = again.transform(lambda places: " ".join(places))
    return comparisons(rows[~left | ~rows.duplicated(["report_id", "kind", "words"])])
