"""Checks of a book's economic classification (经济分类): its codes against the national ones, its items against the three public funds."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

import pandas as pd

from ..checking import CENT, Frames, check, comparisons, joined, listed, reason_where, together
from ..sums import MOST
from .book import book

THREE_PUBLIC = {"公务接待费": "reception", "公务用车运行维护费": "vehicle_running", "因公出国(境)费用": "abroad"}


@cache
def national() -> dict[str, str]:
    """Name → 科目编码 of the economic classification of departments."""
    classes = tomllib.loads(resources.files(__package__).joinpath("economic_codes.toml").read_text(encoding="utf-8"))
    return {name: f"{first}{last}" for first, names in classes.items() for last, name in names.items()}


def _economic(ledger: pd.DataFrame) -> pd.DataFrame:
    """The rows of economic items, once a table, with their `name` as printed but for spaces and the width of brackets."""
    rows = ledger[ledger["code"].str.fullmatch(r"3\d{4}").fillna(False) & ledger["table"].notna() & ledger["amount_wan"].notna()]
    name = rows["item_printed"].str.normalize("NFKC").str.replace(r"\s+", "", regex=True)
    return rows.assign(name=name).drop_duplicates(["table", "code", "name"])


@check("economic_codes", "low", "text", source="政府收支分类科目")
def economic_codes(frames: Frames) -> pd.DataFrame:
    """Have the items of basic expenditure the codes of the national classification?

    Only names of that classification are compared, so that an item of an institute's own is none. All of a table are one finding.
    """
    ledger = book(frames).ledger
    if ledger.empty:
        return comparisons(ledger)
    rows = _economic(ledger)
    known = rows["name"].map(national())
    odd = rows[known.notna() & (known != rows["code"])]
    texts = listed(odd["name"] + " " + odd["code"], odd["table"], "、")
    few = odd.groupby("table").head(MOST)
    places = listed(few["place"], few["table"])
    first = odd.drop_duplicates("table")
    found = first[["report_id"]].assign(label=first["table"].map(texts), detail=first["section"], places=first["table"].map(places))
    sound = rows[known == rows["code"]]
    lone = rows[~rows["report_id"].isin(rows.loc[known.notna(), "report_id"])][["report_id"]].drop_duplicates()
    return together(
        comparisons(found, fails=True),
        comparisons(sound[["report_id"]].assign(places=sound["place"], label=sound["name"]), fails=False),
        comparisons(lone, reason="no item has a name of the national classification"),
    )


@check("three_public_and_basic", "medium")
def three_public_and_basic(frames: Frames) -> pd.DataFrame:
    """Is what basic expenditure spends on receptions, vehicles and travel abroad within the three public funds?

    The three public funds are paid from basic and project expenditure, so that a part of them cannot be more than they are.
    """
    ledger = book(frames).ledger
    if ledger.empty:
        return comparisons(ledger)
    rows = _economic(ledger)
    rows = rows.assign(item=rows["name"].map(THREE_PUBLIC))
    rows = rows[rows["item"].notna() & ~rows["scope"].str.endswith("经费")].drop_duplicates(["report_id", "item", "year", "stage"])
    public = frames["three_public"]
    public = public[(public["origin"] == "table") & public["amount_wan"].notna()].drop_duplicates(["report_id", "item", "year", "stage"])
    both = rows.merge(public, on=["report_id", "item", "year", "stage"], how="left", suffixes=("", "_public"), validate="one_to_one")
    both["expected"], both["found"] = both["amount_wan_public"], both["amount_wan"]
    return comparisons(
        both.assign(places=joined(both["place_public"], both["place"]), label=both["name"]),
        reason_where(both["expected"].isna(), "no table of three public funds"),
        fails=(both["found"] > both["expected"] + CENT).fillna(False),
        tolerance=CENT / 2,
    )
