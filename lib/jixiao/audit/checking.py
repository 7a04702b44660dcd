"""What a check is, and the register of all checks (the modules beside this one hold them, `audit` runs them).

A check turns the tables into one row for each comparison it would make: what it could compare with `expected` (what is printed, or
the rule asks for), `found` (what the report's own figures give) and a tolerance; what it could not compare with a `reason`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import TypeVar

import pandas as pd

Frames = Mapping[str, pd.DataFrame]
Comparisons = Callable[..., pd.DataFrame]  # of the tables; of what was gathered, for a check across reports
Gather = Callable[[Frames], pd.DataFrame]

FORM = ["report_id", "scope"]  # what tells forms apart
CENT = 0.01  # amounts and points are printed to two decimals
RATE = 0.0001  # rates to hundredths of a percent
UNITS = ("wan", "rate", "points", "number", "text")

# A row of comparisons. `label` says of what (a name of the report's, in its own words), `detail` quotes what shows it; both may be
# null. `fails` overrides the comparison of two numbers for what is no number, `severity` the check's own. A difference of at most
# `rounding` comes of rounding the parts: all of these in one table are one note. `raised_by` is the check that tells of the same cause:
# the comparison fails, but is no finding of its own.
COMPARISON = {
    "report_id": "str",
    "scope": "str",
    "label": "str",
    "detail": "str",
    "expected": "float64",
    "found": "float64",
    "tolerance": "float64",
    "rounding": "float64",
    "fails": "boolean",
    "severity": "str",
    "places": "str",
    "raised_by": "str",
    "reason": "str",
}


@dataclass(frozen=True)
class Check:
    """A registered check: its code, how grave a failure is, what its numbers are, what it asks and why, and where the rule is from.

    `gather` is given for a check across reports: the few rows and columns, `report_id` among them, that it needs of each. What it gives
    for a report must not depend on the others. Of such a check only reports with the same `alike`, a column of `reports` and of what
    was gathered, are compared with each other (None: all are). `kinds` are the kinds of statements that a check of them compares:
    where none of these is there, it is not run.
    """

    code: str
    severity: str
    unit: str
    question: str
    rationale: str
    source: str | None
    compare: Comparisons
    gather: Gather | None = None
    alike: str | None = None
    kinds: tuple[str, ...] = ()


CHECKS: dict[str, Check] = {}


def check(
    code: str,
    severity: str,
    unit: str = "wan",
    source: str | None = None,
    gather: Gather | None = None,
    alike: str | None = None,
    kinds: tuple[str, ...] = (),
) -> Callable[[Comparisons], Comparisons]:
    """Registers a function as check `code`: the first line of its docstring is the question it asks, the rest the rationale."""
    if unit not in UNITS:
        raise ValueError(f"check {code}: the unit {unit!r} is none of {', '.join(UNITS)}")

    def register(function: Comparisons) -> Comparisons:
        if code in CHECKS:
            raise ValueError(f"check {code} is registered twice")
        question, _, rationale = (function.__doc__ or "").partition("\n")
        words = question.strip(), " ".join(rationale.split())
        CHECKS[code] = Check(code, severity, unit, *words, source, function, gather, alike, kinds)
        return function

    return register


class Run(dict):
    """The tables of one run of the checks, and what several of them derive from these tables, each made once."""

    def __init__(self, frames: Frames) -> None:
        super().__init__(frames)
        self.made: dict[Callable, object] = {}


T = TypeVar("T")


def shared(function: Callable[[Frames], T]) -> Callable[[Frames], T]:
    """What several checks derive from the tables, made once a `Run`; each gets a frame of its own, which it may add columns to."""

    @wraps(function)
    def made(frames: Frames) -> T:
        if not isinstance(frames, Run):
            return function(frames)
        if function not in frames.made:
            frames.made[function] = function(frames)
        result = frames.made[function]
        return result.copy(deep=False) if isinstance(result, pd.DataFrame) else result

    return made


def comparisons(rows: pd.DataFrame, reason: pd.Series | None = None, **columns: object) -> pd.DataFrame:
    """Rows with report_id, scope, expected, found, places → the comparisons that `audit` judges; `columns` are set on them.

    Columns of `COMPARISON` that neither has are left out, and null.
    """
    given = {**rows, **columns} if reason is None else {**rows, **columns, "reason": reason}
    made = {name: _cast(given[name], rows.index, kind) for name, kind in COMPARISON.items() if given.get(name) is not None}
    return pd.DataFrame(made, index=rows.index)


def _cast(values: object, index: pd.Index, kind: str) -> pd.Series:
    return values if getattr(values, "dtype", None) == kind else pd.Series(values, index=index, dtype=kind)


def together(*pieces: pd.DataFrame) -> pd.DataFrame:
    """Comparisons of several kinds, as one check's."""
    return pd.concat(pieces, ignore_index=True)


def reason_where(missing: pd.Series, text: str) -> pd.Series:
    """`text` where `missing`, null elsewhere."""
    return pd.Series(pd.NA, index=missing.index, dtype="str").mask(missing, text)


def per_text(texts: pd.Series, function: Callable[[pd.Series], pd.Series]) -> pd.Series:
    """`function` of a column of text, worked out once for each different text: a column has few of them, a table many rows."""
    codes, known = pd.factorize(texts, use_na_sentinel=False)
    return function(pd.Series(known, dtype=texts.dtype)).iloc[codes].set_axis(texts.index)


def joined(*places: pd.Series) -> pd.Series:
    """Places side by side, separated by a blank; missing ones left out, each once."""
    rows = zip(*(each.astype("object").where(each.notna(), "") for each in places), strict=True)
    texts = [" ".join(dict.fromkeys(place for text in row for place in str(text).split())) for row in rows]
    return pd.Series(texts, index=places[0].index, dtype="str")


def listed(texts: pd.Series, groups: pd.Series, separator: str = " ") -> pd.Series:
    """The texts of each group behind each other: a row a group, in the order in which they come; null texts and groups are left out."""
    found: dict[object, list[str]] = {}
    told = texts.notna() & groups.notna()
    for group, text in zip(groups[told].tolist(), texts[told].tolist(), strict=True):  # a call of pandas for each group takes far longer
        found.setdefault(group, []).append(text)
    return pd.Series({group: separator.join(each) for group, each in found.items()}, dtype="str")


def once_each(places: pd.Series, most: int) -> pd.Series:
    """At most so many of the places that are side by side in each text, each once."""
    return places.map(lambda text: " ".join(list(dict.fromkeys(text.split()))[:most]), na_action="ignore").astype("str")
