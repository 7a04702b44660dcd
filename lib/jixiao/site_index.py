"""What the home page of the site lists: the institutes and the years of the reports, with the pages that there are of each."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from .catalogue import Run
from .site_pages import Institute, Link, Year
from .words import missing, say


def institutes(
    tables: Mapping[str, pd.DataFrame], runs: Sequence[Run], there: Collection[str], proof: Mapping[str, str], words: Mapping[str, str]
) -> list[Institute]:
    """Every institute of the reports, by name, with those of its pages that are `there`; `proof` is the page of evidence of a report."""
    counts = tables["findings"]["report_id"].value_counts()
    found: dict[str, Institute] = {}
    reports = tables["reports"].dropna(subset=["institute"]).sort_values(["institute", "fiscal_year", "report_id"])
    for row in reports.to_dict("records"):
        each = found.setdefault(row["institute"], Institute(row["institute"], f"institute-{len(found) + 1}"))
        for name in ("province", "city", "supervisor"):  # as the newest report says that says it
            setattr(each, name, getattr(each, name) if missing(row[name]) else row[name])
        if not missing(row["fiscal_year"]):
            each.years.add(int(row["fiscal_year"]))
        each.findings += int(counts.get(row["report_id"], 0))
        if row["report_id"] in proof:
            each.evidence.append(Link(row["report_id"], proof[row["report_id"]]))
    for task in runs:
        if (name := task.parameters.get("institute")) in found:
            label = str(task.parameters.get("year", words["whole"]))
            found[name].briefings.append(_link(label, task, there))
    return list(found.values())


def years(runs: Sequence[Run], there: Collection[str], language: str) -> list[Year]:
    """Every year of the reports, with its briefing and those of its institutes."""
    found: dict[int, Year] = {}
    for task in runs:
        if (year := task.parameters.get("year")) is None:
            continue
        title = say("title_year", language, year=year)
        each = found.setdefault(year, Year(str(year), Link(title)))
        if task.page.kind == "year":
            each.briefing = _link(title, task, there)
        elif "institute" in task.parameters:
            each.institutes.append(_link(task.parameters["institute"], task, there))
    return [found[year] for year in sorted(found)]


def _link(label: str, task: Run, there: Collection[str]) -> Link:
    more = tuple((end.upper(), f"{task.page.stem}.{end}") for end in ("docx", "pdf") if f"{task.page.stem}.{end}" in there)
    return Link(label, task.page.file if task.page.file in there else "", more)
