"""One cause is one finding: which figure, if it were another, would put several equations right at once.

A wrong figure breaks the sum of its row, that of its column and what other tables repeat of it. Each broken equation says what each of
its figures would have to be; the figure that most of them agree on, and that fewest sound equations hold, is taken for the cause. What
stands in one table or paragraph and is off by the same amount has one cause too, as has a table that is off throughout.
"""

from __future__ import annotations

import pandas as pd

MOST = 12  # places that a finding names
MANY = 4  # so many broken equations of a kind in one table, and most of them, speak of the table
_UNIT, _THROUGHOUT = -1.0, -2.0  # in place of an amount


def causes(rows: pd.DataFrame, off: pd.Series, terms: pd.DataFrame, ledger: pd.DataFrame) -> pd.DataFrame:
    """Equations (eq, kind, head, gap, unit), of which those `off` are broken → the broken ones with the number of their `cause`, the
    `cell` that is taken for it and what that should be (`due`)."""
    every = ledger.set_index("cell")
    broken = rows[off]
    where = every["table"].fillna(every["line"])
    suspects = broken[["eq", "gap", "head"]].merge(terms[["eq", "cell", "sign"]], on="eq", validate="one_to_many")
    suspects["due"] = (suspects["cell"].map(every["amount_wan"]) - suspects["gap"] * suspects["sign"]).round(4)
    suspects["where"] = suspects["cell"].map(where)
    suspects["off"] = suspects["eq"].map(_off(rows, off, terms, where).set_axis(broken["eq"]))
    sound = terms[~terms["eq"].isin(broken["eq"]) & terms["cell"].isin(suspects["cell"])]
    suspects["votes"] = suspects.groupby(["cell", "due"])["eq"].transform("nunique")
    suspects["here"] = suspects.groupby(["where", "off"])["eq"].transform("nunique")
    suspects["held"] = suspects["cell"].map(sound.groupby("cell")["eq"].nunique()).fillna(0)
    suspects["is_head"] = suspects["cell"] == suspects["head"]
    order = ["eq", "votes", "here", "held", "is_head"]
    suspects.loc[suspects["off"] < 0, "votes"] = 0
    chosen = suspects.sort_values(order, ascending=[True, False, False, True, False], kind="stable").drop_duplicates("eq")
    chosen["cause"] = chosen.groupby(["where", "off"], sort=False).ngroup()
    return broken.merge(chosen[["eq", "cell", "due", "cause"]], on="eq", validate="one_to_one")


def _off(rows: pd.DataFrame, off: pd.Series, terms: pd.DataFrame, where: pd.Series) -> pd.Series:
    """By how much each broken equation is off, in 万元; one mark for all between two tables that differ by a unit or throughout."""
    amount = rows["gap"].abs().round(2)
    part = terms[terms["sign"] < 0].drop_duplicates("eq").set_index("eq")["cell"]
    pair = [rows["kind"], rows["head"].map(where), rows["eq"].map(part).map(where)]
    many = off.groupby(pair, dropna=False).transform("sum")
    most = (many >= MANY) & (many * 2 > off.groupby(pair, dropna=False).transform("size"))
    amount = amount.mask(most & rows["kind"].isin(["book_tables", "book_units"]), _THROUGHOUT)
    return amount.mask(rows["kind"] == "book_units", _UNIT)[off]


def misread(rows: pd.DataFrame, off: pd.Series, ledger: pd.DataFrame) -> pd.Series:
    """Whether most sums of a kind in an equation's table are broken: then its columns mean something else than was read."""
    table = rows["head"].map(ledger.set_index("cell")["table"])
    key = [rows["name"], table]
    many = off.groupby(key, dropna=False).transform("sum")
    told = (rows["n"] > 2).groupby(key, dropna=False).transform("sum")
    within = rows["kind"].isin(["book_classes", "book_totals", "book_columns", "book_balance"])
    return within & (many >= MANY) & (many * 2 > told)
