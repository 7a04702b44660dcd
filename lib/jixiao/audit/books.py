"""Checks of budget and accounts books (部门预算、部门决算公开): do their tables add up, and agree with each other and with the prose?

All of them look at one system of equations (`ledger`), so that one wrong figure is one finding (`book_causes`): the first check of
`ORDER` that it breaks tells of it, in the others it only counts as a failure.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from . import book_repeats, book_sums
from .book_causes import MOST, causes, misread
from .book_names import matched, names, repaired
from .checking import COMPARISON, Frames, check, comparisons, together
from .ledger import cells, judged, system
from .sums import NOT_PRINTED

ORDER = ["book_units", "book_classes", "book_totals", "book_columns", "book_balance", "book_tables", "prose_and_tables"]
_WAN = 1e4  # 万元 in 元


@dataclass(frozen=True)
class Book:
    """What the checks of books share: the ledger, and one row an equation with its gap, its cause and its places.

    `misread` are the equations of tables in which most do not hold, or which have figures that were not read: their columns may not be
    what they were taken for.
    """

    ledger: pd.DataFrame
    rows: pd.DataFrame
    misread: pd.DataFrame
    printed: pd.DataFrame | None = None  # the ledger with the codes as printed
    named: pd.DataFrame | None = None  # figures of tables with what they are of
    known: pd.DataFrame | None = None  # codes and their names
    matched: pd.DataFrame | None = None  # sentences that name a classification, with its code


_last: list[tuple[pd.DataFrame, Book]] = []


def book(frames: Frames) -> Book:
    """The equations of all books of these tables; kept for the checks that follow on the same tables."""
    if not _last or _last[0][0] is not frames["funds"]:
        _last[:] = [(frames["funds"], _book(frames))]
    return _last[0][1]


def _book(frames: Frames) -> Book:
    printed = cells(frames)
    ledger = repaired(printed)
    if ledger.empty:
        none = pd.DataFrame(columns=[*COMPARISON, "kind", "cause", "tells"])
        return Book(ledger, none, none)
    rows, prose, known = book_repeats.named(ledger), book_repeats.statements(ledger), names(ledger)
    coded = matched(ledger, prose, known)
    pieces = [
        book_sums.classes(ledger),
        book_sums.totals(ledger),
        book_sums.columns(ledger),
        book_sums.balance(ledger),
        book_repeats.repeats(rows),
        book_repeats.grants(rows),
        book_repeats.stated(prose, rows, coded),
    ]
    terms = system([piece for piece in pieces if len(piece)])
    every = judged(terms, ledger)
    wrong = misread(every, every["gap"].abs() > every["rounding"] + 1e-9, ledger) | _unread(frames, every, ledger)
    aside = every[wrong].assign(report_id=every["head"].map(ledger.set_index("cell")["report_id"]))
    every, terms = every[~wrong].reset_index(drop=True), terms[~terms["eq"].isin(aside["eq"])]
    return Book(ledger, _with_causes(every, terms, ledger), aside, printed, rows, known, coded)


def _unread(frames: Frames, rows: pd.DataFrame, ledger: pd.DataFrame) -> pd.Series:
    """Whether an equation adds the columns or rows of a table that has figures which reading did not take."""
    issues = frames["issues"]
    lost = issues[issues["code"].isin(["unread_figure", "unread_text"])]
    table = lost["place"].str.extract(r"(#.*?table=\d+)")[0].str.replace(r"page=\d+&", "", regex=True)
    own = rows["head"].map(ledger.set_index("cell")["line"]).str.replace(r"&row=\d+", "", regex=True)
    return own.isin(set(lost["report_id"] + table)) & rows["kind"].isin(["book_columns", "book_balance"])


def _with_causes(rows: pd.DataFrame, terms: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    if rows.empty:
        return rows.reindex(columns=[*COMPARISON, "kind", "cause", "tells"])
    every = ledger.set_index("cell")
    off = rows["gap"].abs() > rows["rounding"] + 1e-9
    printed = rows["head"].map(every["amount_wan"])
    ratio = (printed / (printed - rows["gap"])).abs()
    by_unit = (
        off
        & rows["kind"].isin(["book_tables", "prose_and_tables"])
        & (((ratio / _WAN - 1).abs() < 1e-3) | ((ratio * _WAN - 1).abs() < 1e-3))
    )
    rows["kind"] = rows["kind"].mask(by_unit, "book_units")
    found = causes(rows, off, terms, ledger)
    rows = rows.merge(found[["eq", "cell", "due", "cause"]], on="eq", how="left", validate="one_to_one")
    # what rounding explains is one note a table, the rest one finding a cause
    note = ~off & (rows["gap"].abs() > rows["tolerance"] + 1e-9)
    where = rows["head"].map(every["table"]).where(note)
    first = rows.assign(rank=rows["kind"].map({kind: at for at, kind in enumerate(ORDER)}), where=where).sort_values(["rank", "eq"])
    rows["raised_by"] = rows["cause"].map(first.drop_duplicates("cause").set_index("cause")["kind"])
    rows["raised_by"] = rows["raised_by"].where(off, where.map(first.drop_duplicates("where").set_index("where")["kind"]))
    rows["tells"] = rows["eq"].isin(first[off.reindex(first.index)].drop_duplicates("cause")["eq"])
    # a sentence is compared with its table, whichever of them is wrong
    several = (
        rows["tells"]
        & ~rows["kind"].isin(["prose_and_tables", "book_units"])
        & (rows["cause"].map(rows.groupby("cause")["eq"].nunique()) > 1)
    )
    named = rows["cell"].where(several, rows["head"])
    rows["report_id"], rows["expected"] = rows["head"].map(every["report_id"]), named.map(every["amount_wan"])
    rows["found"] = (rows["expected"] - rows["gap"]).where(~several, rows["due"])
    leaf = named.map(every["scope"]).str.split("/").str[1:].str.join("/").fillna("")
    rows["label"] = named.map(every["item"]) + ("（" + leaf + "）").where(leaf != "", "")
    rows["detail"], rows["scope"] = named.map(every["section"]), named.map(every["scope"])
    rows["places"] = _places(rows, terms, every)
    return rows


def _places(rows: pd.DataFrame, terms: pd.DataFrame, every: pd.DataFrame) -> pd.Series:
    """Of each equation its head's place; of those that tell of a cause the wrong figure's first, then those of all that it breaks."""
    places = rows["head"].map(every["place"])
    broken = rows[rows["cause"].notna()]
    own = terms.merge(broken[["eq", "cause", "cell"]].rename(columns={"cell": "culprit"}), on="eq")
    lead = own.drop_duplicates(["cause", "culprit"])[["cause", "culprit"]].rename(columns={"culprit": "cell"})
    own = own[own["cell"].map(every["amount_wan"]) != 0]
    listed = pd.concat([lead, own[["cause", "cell"]]], ignore_index=True).drop_duplicates(["cause", "cell"])
    texts = listed["cell"].map(every["place"]).groupby(listed["cause"], sort=False).agg(lambda each: " ".join(each.dropna().head(MOST)))
    return rows["cause"].map(texts).where(rows["tells"], places)


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
    parts = ledger[ledger["table"].notna() & ledger["amount_wan"].notna() & ledger["scope"].str.contains(book_sums.BASIC)]
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
