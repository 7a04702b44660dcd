"""Parts and wholes: the arithmetic that many checks share."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from .checking import CENT, comparisons, joined, listed, reason_where

MOST = 12  # places of parts that a finding names

NOT_PRINTED = "the whole is not printed"


def sums(parts: pd.DataFrame, key: Sequence[str], amount: str = "amount_wan") -> pd.DataFrame:
    """One row a `key`: `found` (the sum of the parts' `amount`) and `n` (how many there are)."""
    groups = parts.groupby(list(key), sort=False, dropna=False)[amount]
    return groups.agg(["sum", "count"]).rename(columns={"sum": "found", "count": "n"}).reset_index()


def add_up(
    wholes: pd.DataFrame, parts: pd.DataFrame, key: Sequence[str], cent: float = CENT, how: str = "right", **columns
) -> pd.DataFrame:
    """Comparisons of `wholes` (key, expected, places, label) with the sums of `parts` (key, amount_wan, place).

    Parts without a whole are `not_checked`; with `how` = "inner" they are nothing to check. A difference of half a `cent` for each
    number is what rounding them can make.
    """
    key = list(key)
    rows = wholes.merge(sums(parts, key), on=key, how=how, validate="one_to_one")
    rows["tolerance"], rows["rounding"] = cent / 2, cent / 2 * (rows["n"] + 1)
    rows["places"] = with_parts(rows, parts, key)
    return comparisons(rows, reason_where(rows["expected"].isna(), NOT_PRINTED), **columns)


def with_parts(rows: pd.DataFrame, parts: pd.DataFrame, key: Sequence[str]) -> pd.Series:
    """The places of the rows that do not add up, and those of their parts behind them; only the former of the rest."""
    off = (rows["expected"] - rows["found"]).abs() > rows["tolerance"]
    if not off.any():
        return rows["places"]
    key = list(key)
    own = parts[parts["place"].notna()].merge(rows.loc[off, key].reset_index(names="row"), on=key, how="inner")
    own = own.groupby("row").head(MOST)
    return joined(rows["places"], listed(own["place"], own["row"]).reindex(rows.index)).where(off, rows["places"])
