"""Rules and scores for a reader: names, formulas and reasons in Chinese or English."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from ..words import code, names, say
from .comparing import normalised
from .declared import RuleSet
from .loading import available, load
from .scoring import score


def listed(rule_set: RuleSet, language: str) -> pd.DataFrame:
    """One row a rule: rule (its name), possible, formula, wording (the source's) and reading (how it is taken)."""
    rows = [
        {
            "rule": _name(rule, language),
            "possible": float(rule.possible),
            "formula": _formula(rule.formula.text, rule_set, language) if rule.formula else code("not_by_figures", language),
            "wording": rule.wording,
            "reading": rule.reading_zh if language == "zh" else rule.reading_en,
        }
        for rule in rule_set.rules
    ]
    return pd.DataFrame(rows)


def overview(
    tables: dict[str, pd.DataFrame], language: str, beside: str | Path | None = None,
    known: Sequence[tuple[RuleSet, pd.DataFrame]] = (),
) -> pd.DataFrame:  # fmt: skip
    """One row a rule set there is: rule_set, title, source, possible, scorable, institutes (and years scored), shares.

    `known` are rule sets with what `comparable` gave of them: these are not scored once more.
    """
    rows = []
    for name in available(beside):
        rule_set = load(name, beside)
        frame = next((frame for scored, frame in known if scored == rule_set), None)
        frame = normalised(score(tables, rule_set)) if frame is None else frame
        told = sum(rule.possible for rule in rule_set.rules if rule.formula)
        rows.append(
            {
                "rule_set": name,
                "title": _name(rule_set, language),
                "source": rule_set.source,
                "possible": float(rule_set.possible),
                "scorable": float(told),
                "institutes": int(frame["normalised"].count()),
                "mean_computable": frame["computable_share"].mean(),
                "median_share": frame["normalised"].median(),
            }
        )
    return pd.DataFrame(rows)


def worded(scored: pd.DataFrame, rule_set: RuleSet, language: str) -> pd.DataFrame:
    """`score`'s rows with rules and figures by their names, and the reason why there are no points as a sentence."""
    rules = {rule.key: _name(rule, language) for rule in rule_set.rules}
    why = dict.fromkeys(scored.loc[scored["missing"].notna(), "missing"])
    missing = {text: say("not_stated_figures", language, list=_figures(text, rule_set, language)) for text in why}
    reason = scored["reason"].map(lambda value: code(value, language), na_action="ignore")
    used = {text: names(_figures(text, rule_set, language), language, most=9) for text in dict.fromkeys(scored["figures"].dropna())}
    return scored.assign(
        rule=scored["rule"].map(rules),
        reason=reason.mask(scored["missing"].notna(), scored["missing"].map(missing)),
        figures=scored["figures"].map(used),
        missing=scored["missing"].map({text: names(_figures(text, rule_set, language), language, most=9) for text in why}),
    )


def by_rule(scored: pd.DataFrame, rule_set: RuleSet, language: str) -> pd.DataFrame:
    """One row a rule: rule, possible, told (by a formula), scored_reports, of reports, mean_share taken, the most frequent reason."""
    groups = scored.groupby("rule", sort=False)
    share = scored["points"] / scored["possible"]
    first = worded(scored, rule_set, language).groupby(scored["rule"], sort=False)["reason"].agg(_most_frequent)
    frame = pd.DataFrame(
        {
            "possible": groups["possible"].first(),
            "told": groups["reason"].first().ne("not_by_figures").fillna(True),
            "scored_reports": groups["points"].count(),
            "reports": groups.size(),
            "mean_share": share.groupby(scored["rule"], sort=False).mean(),
            "reason": first,
        }
    ).rename_axis("rule")
    rules = {rule.key: _name(rule, language) for rule in rule_set.rules}
    order = [rule.key for rule in rule_set.rules if rule.key in frame.index]
    return frame.loc[order].reset_index().assign(rule=lambda rows: rows["rule"].map(rules))


def _most_frequent(reasons: pd.Series) -> str | None:
    counts = reasons.value_counts(sort=False)
    return None if counts.empty else counts.idxmax()


def _name(named: object, language: str) -> str:
    return getattr(named, language)


def _figures(text: str, rule_set: RuleSet, language: str) -> list[str]:
    """The figures `a b|c` by their names: a; b or c."""
    either = say("either", language)
    return [either.join(_name(rule_set.figures[key], language) for key in part.split("|")) for part in text.split(" ")]


def _formula(text: str, rule_set: RuleSet, language: str) -> str:
    """A formula with its figures by their names."""
    text = re.sub(r"\b[^\W\d]\w*\b(?!\s*\()", lambda match: _name(rule_set.figures[match[0]], language), text)
    return text.replace("*", "×").replace("/", "÷").replace("first(", say("first_of", language) + "(")
