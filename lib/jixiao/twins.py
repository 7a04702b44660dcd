"""The same report twice in a folder (as DOC and as PDF): recognised by institute, year, kind and figures.

All of its rows stay in the tables; the later one names the first in `reports.duplicate_of`, with an issue, and comparisons
leave it out.
"""

from __future__ import annotations

import hashlib
import json

from .document import Place
from .facts import Issue
from .rows import Parsed, row

FEWEST = 3  # figures: two short notices may share fewer by chance
_FIGURES = {
    "funds": ("amount_wan",),
    "execution": ("initial_budget_wan", "revised_budget_wan", "executed_wan", "weight"),
    "three_public": ("amount_wan",),
    "indicators": ("weight", "score"),
    "scores": ("weight", "score"),
}


def fingerprint(parsed: Parsed) -> str | None:
    """What tells one report from another; None where it has too few figures to tell."""
    figures = [
        (table, column, each[column])
        for table, columns in _FIGURES.items()
        for each in parsed.rows.get(table, ())
        for column in columns
        if each[column] is not None
    ]
    if len(figures) < FEWEST or parsed.institute is None:
        return None
    kind = parsed.rows["reports"][0]["kind"]
    told = json.dumps([parsed.institute, parsed.fiscal_year, kind, sorted(figures)], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


class Twins:
    """Marks the reports of a build, one after another, that are the same as one before."""

    def __init__(self) -> None:
        self._first: dict[str, str] = {}

    def mark(self, parsed: Parsed) -> None:
        """Fills `reports.duplicate_of` and adds the issue where this report was there before under another name."""
        figures = fingerprint(parsed)
        first = self._first.setdefault(figures, parsed.report_id) if figures else parsed.report_id
        if first == parsed.report_id:
            return
        report = parsed.rows["reports"][0]
        report["duplicate_of"] = first
        report["issues"] += 1
        message = f"The same report as {first}, by institute, year and figures: it is counted once in comparisons. Remove one of the two."
        issue = Issue(code="same_report", place=Place(parsed.source_file), printed=first, message=message)
        parsed.rows.setdefault("issues", []).append(row("issues", issue))
