"""Checks of budget and accounts books (部门预算、部门决算公开): do their tables add up, and agree with each other and with the prose?

All of them look at one system of equations (`book`), so that one wrong figure is one finding (`causes`): the first check of
`book.ORDER` that it breaks tells of it, in the others it only counts as a failure.
"""

from __future__ import annotations

import pandas as pd

from ..checking import Frames, check, comparisons, together
from ..sums import NOT_PRINTED
from .book import book
from .within import BASIC


def _compare(frames: Frames, kind: str, missing: pd.DataFrame) -> pd.DataFrame:
    all_books = book(frames)
    rows = all_books.rows
    aside = all_books.misread[all_books.misread["kind"] == kind]
    missing = pd.concat([missing, _missing(aside, "a table has figures that were not read, or most of its rows do not add up")])
    if rows.empty:
        return comparisons(missing)
    own = rows[rows["kind"] == kind]
    # the failure is this check's too, but another one tells of it
    elsewhere = own["cause"].notna() & ~own["tells"] | own["cause"].isna() & (own["raised_by"] != kind)
    noted = rows[(rows["raised_by"] == kind) & rows["cause"].isna() & (rows["kind"] != kind)]
    found = comparisons(own.assign(raised_by=own["raised_by"].where(elsewhere)))
    return together(found, comparisons(noted.assign(raised_by=None)), comparisons(missing))


def _missing(lacking: pd.DataFrame, text: str) -> pd.DataFrame:
    return lacking[["report_id"]].drop_duplicates().assign(reason=text)


@check("book_classes", "high", source="政府收支分类科目")
def book_classes(frames: Frames) -> pd.DataFrame:
    """Is each class the sum of its sections, and each section that of its items (类 = Σ款 = Σ项)?

    A code is a part of the longest shorter code of its table, in every column, over page breaks.
    """
    ledger = book(frames).ledger
    coded = ledger[ledger["code"].notna() & ledger["amount_wan"].notna()]
    return _compare(frames, "book_classes", _missing(coded, "no class stands with its sections or items"))


@check("book_totals", "high", source="财预〔2016〕143号")
def book_totals(frames: Frames) -> pd.DataFrame:
    """Is the total of a classified table the sum of its classes, and that of staff or office costs the sum of theirs?"""
    ledger = book(frames).ledger
    coded = ledger[ledger["code"].notna() & ledger["amount_wan"].notna()]
    return _compare(frames, "book_totals", _missing(coded, NOT_PRINTED))


@check("book_columns", "high", source="财预〔2016〕143号")
def book_columns(frames: Frames) -> pd.DataFrame:
    """Is each row's total the sum of its columns (合计 = 基本支出 + 项目支出 and the like)?

    Only where the table has all of the columns that the total is made of.
    """
    ledger = book(frames).ledger
    parts = ledger[ledger["table"].notna() & ledger["amount_wan"].notna() & ledger["scope"].str.contains(BASIC)]
    return _compare(frames, "book_columns", _missing(parts, "not all columns of the parts are printed"))


@check("book_balance", "high", source="预算法第三十二条")
def book_balance(frames: Frames) -> pd.DataFrame:
    """Do the items of a table of income and spending add to its totals, and are both sides equal?"""
    ledger = book(frames).ledger
    uncoded = ledger["table"].notna() & ~ledger["table"].isin(ledger.loc[ledger["code"].notna(), "table"].unique())
    return _compare(frames, "book_balance", _missing(ledger[uncoded & ledger["amount_wan"].notna()], NOT_PRINTED))


@check("book_units", "high")
def book_units(frames: Frames) -> pd.DataFrame:
    """Are the figures of a book's tables in the units that the tables state, and not 10,000 times off those of another?"""
    ledger = book(frames).ledger
    rows = book(frames).rows
    compared = rows[rows["kind"].isin(["book_tables", "prose_and_tables"]) & (rows["expected"] != 0)]
    found = _compare(frames, "book_units", _missing(ledger, "no figure stands in two places"))
    return together(found, comparisons(compared[["report_id", "scope", "label", "places"]], fails=False))


@check("book_tables", "high", source="财预〔2016〕143号")
def book_tables(frames: Frames) -> pd.DataFrame:
    """Is a figure that several tables of a book show the same in each of them?"""
    ledger = book(frames).ledger
    return _compare(frames, "book_tables", _missing(ledger[ledger["table"].notna()], "no figure stands in two tables"))


@check("prose_and_tables", "medium")
def prose_and_tables(frames: Frames) -> pd.DataFrame:
    """Is a figure of a book's prose the one that its tables show?

    What prose calls by class, section and item is looked up under these names, else by its amount in the same class. Several figures of
    one paragraph that are off by the same amount have one cause.
    """
    ledger = book(frames).ledger
    return _compare(
        frames, "prose_and_tables", _missing(ledger[ledger["origin"] == "text"], "the tables do not show what the prose states")
    )
