"""The figures of budget and accounts books as a ledger, and equations between its figures.

A ledger is one row a printed figure: its `cell` (a number of its own), report_id, table (a number), row, col, line (a number of the row
of a table, or of the paragraph), scope, item, item_printed, code, section, year, stage, amount_wan, cent (what its last digit is worth,
in 万元), origin, place, and column: a number for the figures of a table that are of the same scope, year and stage.
Equations are one row a term: eq, name, kind (the check that they are of), cell and sign; the signed amounts of an equation add to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from ...values import MONEY_WAN
from ..checking import CENT, Frames

COLUMN = ["column"]
KEPT = ["report_id", "scope", "item", "item_printed", "code", "section", "year", "stage", "amount_wan", "origin", "place"]
_SPOT = r"(?P<where>#.*?(?:table|paragraph)=\d+)(?:&row=(?P<row>\d+))?(?:&col=(?P<col>\d+))?"
_PAGE = r"page=\d+&"
_FEW = 3  # amounts that do not tell how a table rounds


def cells(frames: Frames) -> pd.DataFrame:
    """The ledger of all reports: tables under a title or with 科目编码, and what the prose of the same reports states."""
    funds = frames["funds"]
    booked = (funds["origin"] == "table") & (funds["section"].notna() | funds["code"].notna())
    books = funds.loc[booked, "report_id"].unique()
    stated = (funds["origin"] == "text") & funds["amount_wan"].notna() & funds["report_id"].isin(books)
    ledger = funds.loc[booked | stated, [*KEPT, "printed", "unit"]].reset_index(drop=True)
    ledger["cell"] = ledger.index
    spot = _extracted(ledger["place"], _SPOT)
    # a table goes on over pages
    where = ledger["report_id"] + spot["where"].str.replace(_PAGE, "", regex=True)
    table = (where + "|" + ledger["section"].fillna("")).where(ledger["origin"] == "table")
    # by number, in the order of their names, which is faster to compare than names are
    tables, names = pd.factorize(table, sort=True)
    ledger["table"] = pd.Series(tables, dtype="float64").mask(tables < 0)
    ledger["line"] = ledger.assign(where=where, row=spot["row"]).groupby(["where", "row"], sort=False, dropna=False).ngroup() + len(names)
    ledger["row"], ledger["col"] = spot["row"].astype("Float64"), spot["col"].astype("Float64")
    # the figures of one table that are of the same: its column
    ledger["column"] = ledger.groupby(["table", "scope", "year", "stage"], sort=False, dropna=False).ngroup()
    ledger["cent"] = _cent(ledger)
    return ledger.drop(columns=["printed", "unit"])


def _extracted(texts: pd.Series, pattern: str) -> pd.DataFrame:
    """The named groups of a pattern in a long column, which pandas would match text by text; null where a group has nothing."""
    found = pc.extract_regex(pa.array(texts, type=pa.large_string()), pattern)
    none = found.is_null().to_numpy(zero_copy_only=False)
    groups = {field.name: pd.Series(found.field(at), index=texts.index, dtype="str") for at, field in enumerate(found.type)}
    return pd.DataFrame({name: group.mask(none | (group == "")) for name, group in groups.items()})


def _cent(ledger: pd.DataFrame) -> pd.Series:
    """What the last printed digit of a figure is worth: that of the most exact figure of its table."""
    unit = ledger["unit"].map(MONEY_WAN).astype("float64").fillna(1.0)
    digits = _extracted(ledger["printed"], r"\.(?P<digits>\d+)")["digits"].str.len().fillna(0).astype("int64")
    where = ledger["table"].fillna(ledger["line"])
    told = (ledger["amount_wan"].fillna(0) != 0).groupby(where).transform("sum")
    most = digits.groupby(where).transform("max")
    return (unit * 10.0 ** -most.astype("float64")).where((told >= _FEW) | (most > 0) | (unit < 1), CENT)


def sheets(report_id: pd.Series, places: pd.Series) -> pd.Series:
    """The table of a report that a place is in, wherever it goes on; null for a place in prose."""
    return report_id + places.str.extract(r"(#.*?table=\d+)")[0].str.replace(_PAGE, "", regex=True)


def equate(
    kind: str, name: str, heads: pd.DataFrame, parts: pd.DataFrame, on: Sequence[str], head_sign: int = 1, part_signs: bool = False
) -> pd.DataFrame:
    """Equations head = sum of parts, for the heads and parts with the same `on`; a key with several heads has none.

    With `part_signs` the parts bring their own `sign`.
    """
    on = list(on)
    heads = heads[heads["amount_wan"].notna()]
    heads = heads[~heads.duplicated(on, keep=False)][[*on, "cell"]].rename(columns={"cell": "head"})
    parts = parts[parts["amount_wan"].notna()]
    terms = parts[[*on, "cell", *(["sign"] if part_signs else [])]].merge(heads, on=on, how="inner")
    terms = terms[terms["cell"] != terms["head"]]
    if not part_signs:
        terms["sign"] = -1
    own = terms[["head"]].drop_duplicates()
    own = own.assign(cell=own["head"], sign=head_sign)
    every = pd.concat([own, terms[["head", "cell", "sign"]]], ignore_index=True)
    return every.assign(kind=kind, name=name)


def system(pieces: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Equations of several kinds, numbered."""
    none = pd.DataFrame({"head": [], "cell": [], "sign": [], "kind": [], "name": []}, dtype="object")
    terms = pd.concat([*pieces, none], ignore_index=True).astype({"head": "int64", "cell": "int64", "sign": "int64"})
    terms["eq"] = terms.groupby(["name", "head"], sort=False).ngroup()
    return terms


def judged(terms: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """One row an equation: eq, kind, name, head, gap (of its signed amounts), tolerance and rounding."""
    amounts = ledger.set_index("cell")[["amount_wan", "cent"]].astype("float64")
    long = terms.merge(amounts, left_on="cell", right_index=True)
    long["signed"] = long["amount_wan"] * long["sign"]
    long["counted"] = long["signed"] != 0
    found = long.groupby("eq", sort=False).agg(
        kind=("kind", "first"),
        name=("name", "first"),
        head=("head", "first"),
        gap=("signed", "sum"),
        n=("counted", "sum"),
        cent=("cent", "max"),
    )
    found["tolerance"], found["rounding"] = found["cent"] / 2, found["cent"] / 2 * found["n"].clip(lower=2)
    found["gap"] = found["gap"].round(8)  # nothing of it is lost in binary fractions
    return found.reset_index()
