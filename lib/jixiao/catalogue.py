"""What can be briefed: a run of a notebook with its parameters for each comparison, year, institute and year, and institute."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .pages import Page, free_name, safe
from .running import AUDIT, COMPARISONS, SCORES
from .words import say

BRIEFINGS = "briefing_"  # notebooks that are told their institute or year


@dataclass(frozen=True)
class Run:
    """One notebook with its parameters, and the page it becomes."""

    notebook: Path
    parameters: dict[str, Any]
    page: Page


def catalogue(folder: Path, processed: Path, language: str, raw: Path | None = None, rules: str | Path | None = None) -> list[Run]:
    """Every briefing there can be of the tables in `processed`: comparisons, each year, each institute and year, each institute."""
    from .notebook import open_tables
    from .readings.common import year_span

    reports = open_tables(processed).reports.dropna(subset=["institute", "fiscal_year"])
    cases = reports[["institute", "fiscal_year"]].drop_duplicates().astype({"fiscal_year": int})
    common = {"processed": _relative(processed, folder), "language": language}
    end = "" if language == "zh" else f"-{language}"
    taken: set[str] = set()

    def page(kind: str, stem: str, title: str, label: str) -> Page:
        return Page(free_name(stem, end, taken), title, kind, label, language)

    runs = []
    for stem in COMPARISONS:
        notebook = folder / f"{stem}.ipynb"
        own = {"raw": _relative(raw, folder)} if raw and stem == AUDIT else {}
        if rules is not None and stem == SCORES:
            own = {"rule_set": _rule_set(rules, folder, processed)}
        runs.append(Run(notebook, common | own, page("comparison", stem, title_of(notebook, language), stem)))
    for year in sorted(cases["fiscal_year"].unique().tolist()):
        made = page("year", f"year-{year}", say("title_year", language, year=year), str(year))
        runs.append(Run(folder / "briefing_year.ipynb", {**common, "year": year}, made))
    for name, year in sorted(cases.itertuples(index=False, name=None)):
        title = say("title_institute", language, institute=name, year=year)
        made = page("institute", f"institute-{safe(name)}-{year}", title, f"{name} {year}")
        runs.append(Run(folder / "briefing_institute.ipynb", {**common, "institute": name, "year": year}, made))
    for name, own in sorted(cases.groupby("institute")["fiscal_year"]):
        title = say("title_history", language, institute=name, years=year_span(own, language))
        made = page("history", f"institute-{safe(name)}", title, f"{name}")
        runs.append(Run(folder / "briefing_history.ipynb", {**common, "institute": name}, made))
    return runs


def others(folder: Path, runs: list[Run], language: str) -> list[Run]:
    """The notebooks in the folder that none of `runs`, its catalogue in `language`, is of, with the parameters that all have."""
    common = {name: runs[0].parameters[name] for name in ("processed", "language")}
    end, taken = "" if language == "zh" else f"-{language}", {run.page.stem.casefold() for run in runs}
    found = [path for path in sorted(folder.glob("*.ipynb")) if path.stem not in COMPARISONS and not path.stem.startswith(BRIEFINGS)]
    return [
        Run(path, common, Page(free_name(path.stem, end, taken), title_of(path, language), "comparison", path.stem, language))
        for path in found
    ]


def _rule_set(rules: str | Path, folder: Path, processed: Path) -> str:
    """The rule set as the notebook is to name it. Raises ValueError where it is wrong or not there."""
    from .rules import load

    load(rules, beside=processed)
    path = Path(rules)
    return _relative(path.resolve(), folder) if path.suffix == ".toml" else str(rules)


def plan(runs: list[Run], year: int | str | None = None, institute: str | None = None) -> list[Run]:
    """Those of `runs` that are asked for. Raises ValueError as `brief` does."""
    from .choices import choose
    from .notebook import as_year

    of_year = [run for run in runs if run.page.kind == "year"]
    of_institute = [run for run in runs if run.page.kind == "institute"]
    over_years = [run for run in runs if run.page.kind == "history"]
    if institute is not None:
        institute = choose(institute, list(dict.fromkeys(run.parameters["institute"] for run in of_institute)), "institute")
        of_institute = [run for run in of_institute if run.parameters["institute"] == institute]
        over_years = [run for run in over_years if run.parameters["institute"] == institute]
    if year is not None:
        known = sorted({run.parameters["year"] for run in of_institute})
        year = choose(as_year(year), known, "year" if institute is None else f"{institute}: year")
        of_year = [run for run in of_year if run.parameters["year"] == year]
        of_institute = [run for run in of_institute if run.parameters["year"] == year]
    if year is not None:
        return of_institute if institute is not None else of_year + of_institute
    if institute is not None:
        return of_institute + over_years
    newest = {run.parameters["institute"]: run for run in of_institute}  # they stand by year: the last one stays
    return [run for run in runs if run.page.kind == "comparison"] + of_year + list(newest.values()) + over_years


def title_of(notebook: Path, language: str) -> str:
    """The title of a notebook, `中文 · English` in its first heading."""
    for cell in json.loads(notebook.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and source.startswith("# "):
            chinese, _, english = source.splitlines()[0][2:].partition(" · ")
            return chinese if language == "zh" or not english else english
    return notebook.stem


def _relative(folder: Path, start: Path) -> str:
    """`folder` as seen from `start`, so that an executed notebook names no machine's folders."""
    try:
        return Path(os.path.relpath(folder, start)).as_posix()
    except ValueError:  # Windows: on another drive
        return folder.as_posix()
