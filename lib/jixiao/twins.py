"""The same report twice in a folder (as DOC and as PDF): recognised by institute, year, kind and figures.

All of its rows stay in the tables; the later one names the first in `reports.duplicate_of`, with an issue, and comparisons
leave it out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from .document import Place
from .facts import Issue
from .rows import Parsed, row

if TYPE_CHECKING:
    import pandas as pd

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


def second(fingerprints: Iterable[tuple[str, str]]) -> dict[str, str]:
    """report_id → the first report of the same fingerprint, for those that come again; `fingerprints` are (report_id, fingerprint)."""
    first: dict[str, str] = {}
    return {report_id: first[told] for report_id, told in fingerprints if first.setdefault(told, report_id) != report_id}


def marked(reports: pd.DataFrame, twins: Mapping[str, str]) -> pd.DataFrame:
    """`reports` with `duplicate_of` filled in, and the issue that `with_issues` adds counted."""
    again = reports["report_id"].isin(twins)
    return reports.assign(duplicate_of=reports["report_id"].map(twins).astype("str"), issues=reports["issues"] + again.astype("Int64"))


def with_issues(issues: pd.DataFrame, reports: pd.DataFrame, twins: Mapping[str, str]) -> pd.DataFrame:
    """`issues` of some reports, with one more of each that is there a second time behind its others."""
    import pandas as pd

    files = zip(reports["report_id"], reports["source_file"], strict=True)
    more = [{"report_id": report_id} | _issue(file, twins[report_id]) for report_id, file in files if report_id in twins]
    if not more:
        return issues
    added = pd.DataFrame(more, columns=list(issues)).astype(issues.dtypes.to_dict())
    return pd.concat([issues, added], ignore_index=True).sort_values("report_id", kind="stable", ignore_index=True)


def _issue(source_file: str, first: str) -> dict:
    message = f"The same report as {first}, by institute, year and figures: it is counted once in comparisons. Remove one of the two."
    return row("issues", Issue(code="same_report", place=Place(source_file), printed=first, message=message))
