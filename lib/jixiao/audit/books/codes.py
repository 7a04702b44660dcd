"""Checks of a book's words: do codes and names of the classification agree, and does its prose list what its tables show?"""

from __future__ import annotations

import pandas as pd

from ..checking import Frames, check, comparisons, listed, once_each, together
from ..sums import MOST
from .book import book
from .names import disagreeing, functional
from .repeats import GENERAL

_LEVELS = {"klass": "（类）", "section": "（款）", "name": "（项）"}
_SUFFIX = r"支出$|[\s()（）]"  # what two spellings of a name may differ in
_LISTED = 3  # items that make a list


def _once(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """Rows with places, once each `key`, with all their places."""
    number = rows.groupby(key, sort=False).ngroup()
    first = rows[key].loc[~number.duplicated()]
    return first.assign(places=once_each(listed(rows["places"], number), MOST).array).reset_index(drop=True)


@check("book_codes", "medium", "text", source="政府收支分类科目")
def book_codes(frames: Frames) -> pd.DataFrame:
    """Has a name of the classification the same code in all tables of a book, and a code the same name?

    A name that stands under several codes (行政运行) must have each of them in one of the two tables only to be odd.
    """
    ledger = book(frames).printed
    if ledger is None:
        return comparisons(book(frames).ledger)
    rows = functional(ledger)
    several = rows.groupby(["report_id", "item"], sort=False)["table"].transform("nunique") > 1
    compared = rows[several].drop_duplicates(["report_id", "item"])
    pairs = disagreeing(ledger)
    by_name = pairs["by"] == "item"
    low, high = pairs[["code", "code_other"]].min(axis=1), pairs[["code", "code_other"]].max(axis=1)
    odd = pairs.assign(
        label=pairs["item"].where(by_name, pairs["code"]),
        detail=(low + "、" + high).where(by_name, pairs["item"] + "、" + pairs["item_other"]),
        places=pairs["place"] + " " + pairs["place_other"],
    )
    # a code that is not the only one of its name was compared with the rest of it
    odd = odd[
        by_name
        | ~pd.MultiIndex.from_frame(odd[["report_id", "code"]]).isin(pd.MultiIndex.from_frame(odd.loc[by_name, ["report_id", "code"]]))
    ]
    found = _once(odd, ["report_id", "label", "detail"])
    sound = compared[~pd.MultiIndex.from_frame(compared[["report_id", "item"]]).isin(pd.MultiIndex.from_frame(odd[["report_id", "label"]]))]
    lone = rows[~rows["report_id"].isin(compared["report_id"])][["report_id"]].drop_duplicates()
    return together(
        comparisons(found, fails=True),
        comparisons(sound.assign(places=sound["place"], label=sound["item"])[["report_id", "label", "places"]], fails=False),
        comparisons(lone, reason="no name stands in two tables"),
    )


@check("book_names", "medium", "text", source="政府收支分类科目")
def book_names(frames: Frames) -> pd.DataFrame:
    """Does a book call a class, section or item by one name, in its prose and in all its tables?

    Prose is compared with the row of the tables that it speaks of (by its name, else by its amount within its class); a class of a table
    without codes with the one of the same amount whose name that table lacks.
    """
    ledger = book(frames).ledger
    if ledger.empty:
        return comparisons(ledger)
    rows = book(frames).matched
    told = rows[["report_id"]].assign(label="", detail="", places=rows["place"] + " " + rows["place_known"])
    differs = pd.Series(False, index=rows.index)
    for level, mark in _LEVELS.items():
        printed, known = rows[level], rows[f"{level}_known"]
        same = pd.Series([b.endswith(a) for a, b in zip(_plain(printed), _plain(known), strict=True)], index=rows.index, dtype="bool")
        other = printed.notna() & known.notna() & ~same
        told["label"] += (printed + mark).where(other, "")
        told["detail"] += (known + mark).where(other, "")
        differs |= other
    off = pd.concat([told[differs], _renamed_classes(book(frames).named, ledger)], ignore_index=True)
    found = _once(off, ["report_id", "label", "detail"])
    known = book(frames).known
    unchecked = known[~known["report_id"].isin([*rows["report_id"], *found["report_id"]])][["report_id"]].drop_duplicates()
    return together(
        comparisons(found, fails=True),
        comparisons(told[~differs].drop(columns=["label", "detail"]), fails=False),
        comparisons(unchecked, reason="the prose names nothing of the tables"),
    )


def _plain(text: pd.Series) -> list[str]:
    return text.fillna("").str.replace(_SUFFIX, "", regex=True).tolist()


def _renamed_classes(rows: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Classes of a table without codes that no other table has, and the class of the same amount that this table lacks."""
    rows = rows[rows["amount_wan"] != 0]
    classes = rows[rows["code"].str.fullmatch(r"2\d\d").fillna(False)]
    bare = rows[rows["code"].isna() & ~rows["table"].isin(ledger.loc[ledger["code"].notna(), "table"].unique())]
    known = pd.MultiIndex.from_frame(classes[["report_id", "item"]])
    unknown = bare[
        ~pd.MultiIndex.from_frame(bare[["report_id", "item"]]).isin(known)
        & bare["item_printed"].str.contains(r"^[一二三四五六七八九十]+[、．.]")
    ]
    unknown = unknown[unknown["item"].str.endswith("支出")]
    key = ["report_id", "of", "year", "stage", "amount_wan"]
    both = unknown.merge(classes, on=key, suffixes=("", "_known"))
    has = pd.MultiIndex.from_frame(bare[["table", "item"]])
    both = both[~pd.MultiIndex.from_frame(both[["table", "item_known"]]).isin(has)]
    return both.assign(
        label=both["item"] + "（类）", detail=both["item_known"] + "（类）", places=both["place"] + " " + both["place_known"]
    )[["report_id", "label", "detail", "places"]]


@check("book_items_told", "low", "text")
def book_items_told(frames: Frames) -> pd.DataFrame:
    """Does the prose that goes through the items of general public budget expenditure leave one of them out?"""
    ledger = book(frames).ledger
    if ledger.empty:
        return comparisons(ledger)
    rows = book(frames).named
    items = rows[(rows["of"] == GENERAL) & rows["code"].str.fullmatch(r"2\d{6}").fillna(False) & (rows["amount_wan"] != 0)]
    items = items.drop_duplicates(["report_id", "code"])
    told = book(frames).matched
    told = told[told["length"] == 7].drop_duplicates(["report_id", "code"])
    items["told"] = pd.MultiIndex.from_frame(items[["report_id", "code"]]).isin(pd.MultiIndex.from_frame(told[["report_id", "code"]]))
    listed = items.groupby("report_id")["told"].transform("sum")
    is_list = (listed >= _LISTED) & (listed * 2 > items.groupby("report_id")["told"].transform("size"))
    items = items.assign(label=items["item"], places=items["place"], expected=items["amount_wan"])
    lone = items[~is_list][["report_id"]].drop_duplicates()
    return together(
        comparisons(items[is_list][["report_id", "scope", "label", "places"]].assign(fails=~items.loc[is_list, "told"])),
        comparisons(lone, reason="the prose does not go through the items"),
    )
