"""Tables → points: every report scored by every rule, as far as its figures allow."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .declared import Rule, RuleSet
from .figures import cases, look_up
from .formula import exact, lacking

REASONS = ("not_by_figures", "figure_missing", "zero_denominator")
DIGITS = 6
COLUMNS = ("rule", "numerator", "denominator", "value", "possible", "points", "reason", "missing", "figures", "differs", "places")
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
    found = look_up([rule_set.figures[name] for name in names], tables, of)
    values = {name: exact(rows["value"].to_numpy()) for name, rows in found.items()}
    scored = [_scored(rule, found, values, len(of)) for rule in rule_set.rules]
    rows = of.iloc[np.repeat(np.arange(len(of)), len(scored))].reset_index(drop=True)
    columns = {name: np.stack([each[name] for each in scored], axis=1).ravel() for name in COLUMNS}
    return pd.concat([rows, pd.DataFrame(columns)], axis=1).astype(DTYPES)


def _scored(rule: Rule, found: dict[str, pd.DataFrame], values: dict[str, np.ndarray], length: int) -> dict[str, np.ndarray]:
    """The columns `COLUMNS` of one rule, in the order of the figures' rows."""
    number, text = np.full(length, np.nan), np.full(length, None, dtype=object)
    columns = {
        "rule": np.full(length, rule.key, dtype=object), "numerator": number, "denominator": number, "value": number,
        "possible": np.full(length, float(rule.possible)), "points": number, "reason": text, "missing": text, "figures": text,
        "differs": np.zeros(length, dtype=bool), "places": text,
    }  # fmt: skip
    if rule.formula is None:
        return columns | {"reason": np.full(length, "not_by_figures", dtype=object)}
    done = rule.formula.evaluate(values)
    known = ~lacking(done.value)
    points = np.full(length, np.nan)
    points[known] = [float(rule.scale.points(value, rule.possible)) for value in done.value[known]]
    lacks = {names: rows for rows, names in rule.formula.missing(values)}
    lacks = {names: [np.where(rows & lacking(values[name]), name, "") for name in names] for names, rows in lacks.items()}
    missing = _joined([_joined(texts, "|") for texts in lacks.values()])
    used = {name: rows & known for name, rows in done.used.items()}
    places = [np.where(rows, found[name]["place"].fillna(""), "") for name, rows in used.items()]
    return columns | {
        "numerator": _floats(done.numerator, number),
        "denominator": _floats(done.denominator, number),
        "value": _floats(done.value, number),
        "points": np.round(points, DIGITS),
        "reason": np.select([known, missing != ""], [text, "figure_missing"], "zero_denominator"),
        "missing": np.where(known, None, _null(missing)),
        "figures": _null(_joined([np.where(rows, name, "") for name, rows in used.items()])),
        "places": _null(_joined(places)),
        "differs": np.logical_or.reduce([rows & found[name]["differs"].to_numpy() for name, rows in used.items()]),
    }


def _joined(parts: list[np.ndarray], by: str = " ") -> np.ndarray:
    """The texts of each row joined, each once and the empty ones left out."""
    return np.array([by.join(dict.fromkeys(filter(None, row))) for row in zip(*parts, strict=True)], dtype=object)


def _null(texts: np.ndarray) -> np.ndarray:
    """`texts` with None for the empty ones."""
    return np.where(texts == "", None, texts)


def _floats(values: np.ndarray | None, blank: np.ndarray) -> np.ndarray:
    """Exact values as floats, to the sixth decimal of the tables; points and rates have no finer one to show."""
    return blank if values is None else np.round(values.astype(float), DIGITS)
