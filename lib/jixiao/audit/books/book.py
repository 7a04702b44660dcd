"""The equations of all budget and accounts books, judged, and the cause of each that is broken: what the checks of books share."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ..checking import COMPARISON, Frames, listed, shared
from . import repeats, within
from .causes import MOST, causes, misread
from .ledger import cells, judged, sheets, system
from .names import matched, names, repaired

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


@shared
def book(frames: Frames) -> Book:
    """The equations of all books of these tables."""
    printed = cells(frames)
    if printed.empty:
        none = pd.DataFrame(columns=[*COMPARISON, "kind", "cause", "tells"])
        return Book(printed, none, none)
    ledger = repaired(printed)
    rows, prose, known = repeats.named(ledger), repeats.statements(ledger), names(ledger)
    coded = matched(ledger, prose, known)
    pieces = [
        within.classes(ledger),
        within.totals(ledger),
        within.columns(ledger),
        within.balance(ledger),
        repeats.repeats(rows),
        repeats.grants(rows),
        repeats.stated(prose, rows, coded),
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
    within = rows["kind"].isin(["book_columns", "book_balance"])
    tables = ledger[ledger["report_id"].isin(lost["report_id"]) & ledger["table"].notna()]
    if tables.empty:
        return within & False
    first = tables.drop_duplicates("table")
    hit = first["table"][sheets(first["report_id"], first["place"]).isin(sheets(lost["report_id"], lost["place"]).dropna())]
    return within & rows["head"].isin(tables["cell"][tables["table"].isin(hit)])


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
    # what is sound needs no words
    worded = rows[off | note]
    named = every.loc[named[off | note], ["scope", "item", "section"]].set_index(worded.index)
    leaf = named["scope"].str.split("/").str[1:].str.join("/").fillna("")
    label = named["item"] + ("（" + leaf + "）").where(leaf != "", "")
    words = pd.DataFrame({"label": label, "detail": named["section"], "scope": named["scope"], "places": _places(worded, terms, every)})
    return rows.join(words)


def _places(rows: pd.DataFrame, terms: pd.DataFrame, every: pd.DataFrame) -> pd.Series:
    """Of each equation its head's place; of those that tell of a cause the wrong figure's first, then those of all that it breaks."""
    places = rows["head"].map(every["place"])
    broken = rows[rows["cause"].notna()]
    own = terms.merge(broken[["eq", "cause", "cell"]].rename(columns={"cell": "culprit"}), on="eq")
    lead = own.drop_duplicates(["cause", "culprit"])[["cause", "culprit"]].rename(columns={"culprit": "cell"})
    own = own[own["cell"].map(every["amount_wan"]) != 0]
    pairs = pd.concat([lead, own[["cause", "cell"]]], ignore_index=True).drop_duplicates(["cause", "cell"])
    first = pairs.assign(place=pairs["cell"].map(every["place"])).dropna(subset="place").groupby("cause").head(MOST)
    return rows["cause"].map(listed(first["place"], first["cause"])).where(rows["tells"], places)
