"""What a check is, and the register of all checks (they stand in `checks.py`, `audit.py` runs them).

A check turns the tables into one row for each comparison it would make: what it could compare with `expected` (the printed
whole), `found` (what the report's own figures give) and a tolerance; what it could not compare with a `reason`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

Frames = Mapping[str, pd.DataFrame]
Comparisons = Callable[[Frames], pd.DataFrame]

COMPARISON = ["report_id", "scope", "label", "expected", "found", "tolerance", "places", "reason"]


@dataclass(frozen=True)
class Check:
    """A registered check: its code, how grave a failure is, and what it asks, for a reader."""

    code: str
    severity: str
    question: str
    compare: Comparisons


CHECKS: dict[str, Check] = {}


def check(code: str, severity: str) -> Callable[[Comparisons], Comparisons]:
    """Registers a function as check `code`; its docstring is the question it asks."""

    def register(function: Comparisons) -> Comparisons:
        CHECKS[code] = Check(code, severity, function.__doc__ or "", function)
        return function

    return register


def comparisons(rows: pd.DataFrame, label: str | pd.Series, tolerance: float | pd.Series, reason: pd.Series | None = None) -> pd.DataFrame:
    """Rows with report_id, scope, expected, found, places → the comparisons that `audit` judges."""
    result = rows.reindex(columns=["report_id", "scope", "expected", "found", "places"]).copy()
    result["label"] = label
    result["tolerance"] = tolerance
    result["reason"] = reason if reason is not None else pd.Series(pd.NA, index=rows.index, dtype="str")
    return result[COMPARISON]


def reason_where(missing: pd.Series, text: str) -> pd.Series:
    """`text` where `missing`, null elsewhere."""
    return pd.Series(pd.NA, index=missing.index, dtype="str").mask(missing, text)
