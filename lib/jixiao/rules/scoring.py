"""Tables → points: every report scored by every rule, as far as its figures allow."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .declared import Rule, RuleSet
from .figures import cases, look_up
from .formula import exact, lacking

REASONS = ("not_by_figures", "figure_missing", "zero_denominator")
DIGITS = 6
DTYPES = {"covers": "str", "rule": "str", "figures": "str", "missing": "str", "places": "str", "reason": "str"}


def score(tables: dict[str, pd.DataFrame], rule_set: RuleSet) -> pd.DataFrame:
    """One row for each report (form, where the set is scored per form) and rule, in the order of both.

    Columns: report_id, institute, fiscal_year, scope, covers (`whole`, `projects`), rule (its key), numerator, denominator, value (of
    the formula), possible and points, `reason` (a code of `REASONS`) where points are null, `missing` (the figures that are not
    stated, `a|b` where one of them would do), `figures` (those used), `differs` (the report states one of them in more than one
    way) and `places` (of those used, joined by blanks). Money is in 万元, rates are fractions, points those of the rule set.
    """
    of = cases(tables, rule_set.per)
    names = sorted({name for rule in rule_set.rules if rule.formula for name in rule.formula.names})
    found = {name: look_up(rule_set.figures[name], tables, of) for name in names}
    values = {name: exact(rows["value"].to_numpy()) for name, rows in found.items()}
    parts = [_scored(rule, of, found, values).assign(_rule=at) for at, rule in enumerate(rule_set.rules)]
    rows = pd.concat([part.assign(_case=np.arange(len(of))) for part in parts], ignore_index=True)
    rows = rows.sort_values(["_case", "_rule"], kind="stable", ignore_index=True)
    return rows.drop(columns=["_case", "_rule"]).astype(DTYPES)


def _scored(rule: Rule, of: pd.DataFrame, found: dict[str, pd.DataFrame], values: dict[str, np.ndarray]) -> pd.DataFrame:
    """The rows of one rule, in the order of `of`."""
    blank = np.full(len(of), np.nan)
    common = {"rule": rule.key, "possible": float(rule.possible), "reason": None, "missing": None, "figures": None, "places": None}
    rows = of.assign(**common, numerator=blank, denominator=blank, value=blank, points=blank, differs=False)
    order = [*of.columns, "rule", "numerator", "denominator", "value", "possible", "points", "reason", "missing", "figures", "differs",
             "places"]  # fmt: skip
    if rule.formula is None:
        return rows.assign(reason="not_by_figures")[order]
    done = rule.formula.evaluate(values)
    known = ~lacking(done.value)
    points = np.full(len(of), np.nan)
    points[known] = [float(rule.scale.points(value, rule.possible)) for value in done.value[known]]
    lacks = {names: rows for rows, names in rule.formula.missing(values)}
    lacks = {names: [np.where(rows & lacking(values[name]), name, "") for name in names] for names, rows in lacks.items()}
    missing = _joined([_joined(texts, "|") for texts in lacks.values()])
    used = {name: rows & known for name, rows in done.used.items()}
    places = [np.where(rows, found[name]["place"].fillna(""), "") for name, rows in used.items()]
    return rows.assign(
        numerator=_floats(done.numerator, blank),
        denominator=_floats(done.denominator, blank),
        value=_floats(done.value, blank),
        points=np.round(points, DIGITS),
        reason=np.select([known, missing != ""], [None, "figure_missing"], "zero_denominator"),
        missing=np.where(known, None, _null(missing)),
        figures=_null(_joined([np.where(rows, name, "") for name, rows in used.items()])),
        places=_null(_joined(places)),
        differs=np.logical_or.reduce([rows & found[name]["differs"].to_numpy() for name, rows in used.items()]),
    )[order]


def _joined(parts: list[np.ndarray], by: str = " ") -> np.ndarray:
    """The texts of each row joined, each once and the empty ones left out."""
    return np.array([by.join(dict.fromkeys(filter(None, row))) for row in zip(*parts, strict=True)], dtype=object)


def _null(texts: np.ndarray) -> np.ndarray:
    """`texts` with None for the empty ones."""
    return np.where(texts == "", None, texts)


def _floats(values: np.ndarray | None, blank: np.ndarray) -> np.ndarray:
    """Exact values as floats, to the sixth decimal of the tables; points and rates have no finer one to show."""
    return blank if values is None else np.round(values.astype(float), DIGITS)
