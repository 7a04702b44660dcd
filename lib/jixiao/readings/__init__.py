"""Frame → sentences: what a table or chart shows, computed from its data in Chinese or English.

Each function takes the frame that the chart takes and a language and gives Markdown: for none, one, few and many rows, for rises
and falls, for zero and missing. The wording is data, in `words.toml`.
"""

from .audit import compared, not_checked, raised
from .comparable import against_self, comparable, rank_ranges, rule_coverage
from .execution import history, own_history, own_rate, parts, peers, plan, printed_rates, rates, scopes
from .five import in_five
from .general import caveats, checks, contradicted, corpus, differ, findings, gaps, issues, own_gaps, ranked, taken
from .scores import full_but_missed, levels, lost, totals, totals_agree
from .three_public import against_budget, against_last_year, own_three_public, per_head, three_public, three_public_parts

__all__ = [
    "against_budget", "against_last_year", "against_self", "caveats", "checks", "comparable", "compared", "contradicted", "corpus",
    "differ", "findings", "full_but_missed", "gaps", "history", "in_five", "issues", "levels", "lost", "not_checked", "own_gaps",
    "own_history", "own_rate", "own_three_public", "parts", "peers", "per_head", "plan", "printed_rates", "raised", "rank_ranges",
    "ranked", "rates", "rule_coverage", "scopes", "taken", "three_public", "three_public_parts", "totals", "totals_agree",
]  # fmt: skip
