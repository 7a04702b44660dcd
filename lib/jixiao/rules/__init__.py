"""Scoring rules (评分规则) as data: one rule set over all institutes and years, as far as their figures allow.

Institutes score themselves by rules of their own, so their scores cannot be compared. A rule set is a TOML file: rules with a
formula over named figures of the tidy tables, and bands, deductions or a proportion that turn its value into points.

    chosen = rules.load("quwo-2021")               # or a file of one's own; `rules.available()` lists the ones there are
    scored = rules.score(tables, chosen)           # report × rule: the figures used, points, or why there are none
    ranks = rules.comparable(tables, chosen)       # institute × year: points, what could be computed, ranks and their bounds

`figures.toml` names the figures, `data/rules/README.md` says how to write a set of one's own.
"""

from .comparing import comparable, ranked_together
from .declared import Rule, RuleError, RuleSet
from .loading import available, check, load
from .scoring import REASONS, score
from .wording import by_rule, listed, overview, worded

__all__ = [
    "REASONS", "Rule", "RuleError", "RuleSet", "available", "by_rule", "check", "comparable", "listed", "load", "overview",
    "ranked_together", "score", "worded",
]  # fmt: skip
