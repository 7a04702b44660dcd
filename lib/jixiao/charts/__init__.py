"""Frame → Axes: every chart of the notebooks and briefings, in Chinese or English.

Each function takes a measure's frame and `language` and gives matplotlib Axes: units on the axis, bars from zero, names readable,
whether the frame holds no institute, four or four hundred.
"""

from .audit import findings
from .grids import coverage, levels
from .history import history
from .money import per_head, plan, rates, scope_rates, three_public_against, three_public_parts
from .points import lost, totals
from .ranked import ranked
from .ranks import comparable, rank_ranges, rule_coverage

__all__ = [
    "comparable", "coverage", "findings", "history", "levels", "lost", "per_head", "plan", "rank_ranges", "ranked", "rates",
    "rule_coverage", "scope_rates", "three_public_against", "three_public_parts", "totals",
]  # fmt: skip
