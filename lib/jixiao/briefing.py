"""Notebooks → briefings: runs them through papermill, several at a time, and writes each as a page of HTML, with an index.

brief()                                    # all there is to brief
brief(year=2024)                           # that year and its institutes
brief(institute="…", language="en")
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .evidence import raw_beside
from .evidence_pages import BesideBriefings, OfReport
from .forking import warm_up
from .pages import Page, free_name, index_html, page_html, pages_in, safe, write
from .running import AUDIT, COMPARISONS, SCORES, find_notebooks, run
from .words import LANGUAGES, say


class BriefingError(RuntimeError):
    """Some pages could not be made. `written` are the files that were, `failed` pairs of title and reason."""

    def __init__(self, written: list[Path], failed: list[tuple[str, str]]) -> None:
        self.written, self.failed = written, failed
        lines = [f"  {title}: {reason.splitlines()[-1] if reason else ''}" for title, reason in failed]
        super().__init__(f"{len(failed)} of {len(failed) + len(written) - 1} briefings could not be made:\n" + "\n".join(lines))


@dataclass(frozen=True)
class Run:
    """One notebook with its parameters, and the page it becomes."""

    notebook: Path
    parameters: dict[str, Any]
    page: Page


def brief(
    year: int | str | None = None,
    institute: str | None = None,
    language: str = "zh",
    out: str | Path = "briefings",
    processed: str | Path = "data/processed",
    progress: bool = True,
    notebooks: str | Path | None = None,
    jobs: int | None = None,
    raw: str | Path | None = None,
    rules: str | Path | None = None,
    every: bool = False,
) -> list[Path]:
    """Write briefings into `out` and give the files written, the index last, before it the evidence of what the audit found.

    With nothing given: the comparisons, a briefing of each year, and one of each institute for its latest year. With `year`:
    that year's and its institutes'. With `institute`: that institute's, for each of its years or the one given. With `every`: all
    there can be, whatever else is given.
    The executed notebooks are kept in `out/notebooks`. `notebooks` is the folder of the notebooks (None: see `find_notebooks`),
    `jobs` how many run at a time, `raw` the folder of the reports, which the evidence shows (None: `raw` beside the tables), `rules`
    the rule set of the comparable scores or a file of one (None: the notebook's own).
    Raises ValueError for a year, an institute, a language or a rule set that there is not, listing what there is, and BriefingError
    after all others are written where a page could not be made.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}: choose one of {', '.join(LANGUAGES)}")
    from .notebook import each_once, load_tables

    warm_up()  # imports in another process while this one reads the tables
    folder, processed, out = find_notebooks(notebooks), Path(processed).resolve(), Path(out)
    raw = Path(raw or raw_beside(processed)).resolve()
    everything = catalogue(folder, processed, language, raw, rules)
    runs = everything if every else plan(everything, year, institute)
    written: list[Path] = []
    failed: list[tuple[str, str]] = []
    jobs = min(jobs or os.cpu_count() or 1, max(len(runs), 1))
    proof = BesideBriefings(each_once(load_tables(processed)), raw, out, language)
    with ThreadPoolExecutor(jobs) as pool:
        pending = {pool.submit(_make, run, out, proof.files): run for run in runs}
        pending |= {pool.submit(proof.write, each): each for each in _proving(runs, proof)}
        for future in _shown(as_completed(pending), len(pending), progress):
            error = future.exception()
            if error is None:
                written.append(future.result())
            else:
                failed.append((pending[future].page.title, _reason(error)))
    order = {run.page.file: at for at, run in enumerate(pending.values())}
    written.sort(key=lambda path: order[path.name])
    index, current = out / "index.html", {(run.page.kind, run.page.order) for run in [*everything, *proof.all]}
    there = [page for page in pages_in(out) if (page.kind, page.order) in current]  # not of an institute that is gone
    write(index, index_html(there, sorted(failed), language))
    written.append(index)
    if failed:
        raise BriefingError(written, failed)
    return written


def plan(runs: list[Run], year: int | str | None = None, institute: str | None = None) -> list[Run]:
    """Those of `runs` that are asked for. Raises ValueError as `brief` does."""
    from .choices import choose
    from .notebook import as_year

    of_year = [run for run in runs if run.page.kind == "year"]
    of_institute = [run for run in runs if run.page.kind == "institute"]
    if institute is not None:
        institute = choose(institute, list(dict.fromkeys(run.parameters["institute"] for run in of_institute)), "institute")
        of_institute = [run for run in of_institute if run.parameters["institute"] == institute]
    if year is not None:
        known = sorted({run.parameters["year"] for run in of_institute})
        year = choose(as_year(year), known, "year" if institute is None else f"{institute}: year")
        of_year = [run for run in of_year if run.parameters["year"] == year]
        of_institute = [run for run in of_institute if run.parameters["year"] == year]
    if institute is not None:
        return of_institute
    if year is not None:
        return of_year + of_institute
    newest = {run.parameters["institute"]: run for run in of_institute}  # they stand by year: the last one stays
    return [run for run in runs if run.page.kind == "comparison"] + of_year + list(newest.values())


def _proving(runs: list[Run], proof: BesideBriefings) -> list[OfReport]:
    """The pages of evidence of all that `runs` tell of."""
    if any(run.page.kind == "comparison" for run in runs):
        return proof.all
    institutes = [run.parameters["institute"] for run in runs if run.page.kind == "institute"]
    return proof.of(institutes, [run.parameters["year"] for run in runs if run.page.kind == "year"])


def catalogue(folder: Path, processed: Path, language: str, raw: Path | None = None, rules: str | Path | None = None) -> list[Run]:
    """Every briefing there can be of the tables in `processed`: comparisons, each year, each institute and year."""
    from .notebook import load_tables

    reports = load_tables(processed)["reports"].dropna(subset=["institute", "fiscal_year"])
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
        runs.append(Run(notebook, common | own, page("comparison", stem, _title(notebook, language), stem)))
    for year in sorted(cases["fiscal_year"].unique().tolist()):
        made = page("year", f"year-{year}", say("title_year", language, year=year), str(year))
        runs.append(Run(folder / "briefing_year.ipynb", {**common, "year": year}, made))
    for name, year in sorted(cases.itertuples(index=False, name=None)):
        title = say("title_institute", language, institute=name, year=year)
        made = page("institute", f"institute-{safe(name)}-{year}", title, f"{name} {year}")
        runs.append(Run(folder / "briefing_institute.ipynb", {**common, "institute": name, "year": year}, made))
    return runs


def _rule_set(rules: str | Path, folder: Path, processed: Path) -> str:
    """The rule set as the notebook is to name it. Raises ValueError where it is wrong or not there."""
    from .rules import load

    load(rules, beside=processed)
    path = Path(rules)
    return _relative(path.resolve(), folder) if path.suffix == ".toml" else str(rules)


def _make(task: Run, out: Path, evidence: dict[str, str]) -> Path:
    import nbformat

    notebook = run(task.notebook, task.parameters)
    write(out / "notebooks" / f"{task.page.stem}.ipynb", nbformat.writes(notebook) + "\n")
    path = out / task.page.file
    write(path, page_html(notebook, task.page, task.parameters, evidence))
    return path


def _reason(error: BaseException) -> str:
    """What went wrong in a run: the notebook's own error where it was one, without the colours of a terminal."""
    name, value = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", str(error))
    return re.sub(r"\x1b\[[0-9;]*m", "", f"{name}: {value}").strip()


def _title(notebook: Path, language: str) -> str:
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


def _shown(items: Iterable[Any], total: int, progress: bool) -> Iterable[Any]:
    from tqdm import tqdm

    return tqdm(items, total=total, desc="briefings", unit="page", disable=not progress)
