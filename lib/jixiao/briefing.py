"""Notebooks → briefings: runs them through papermill, several at a time, and writes each as a page of HTML, with an index.

brief()                                    # all there is to brief
brief(year=2024)                           # that year and its institutes
brief(institute="…", language="en")
"""

from __future__ import annotations

import logging
import os
import re
import unicodedata
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat

from . import kernels
from .pages import Page, index_html, page_html, pages_in, write
from .words import LANGUAGES, say

COMPARISONS = ("00_corpus", "01_execution_rates", "02_three_public_funds", "03_indicator_scores")
LONGEST_NAME = 60  # characters of an institute's name in a file name: three bytes each, where 255 are allowed


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
) -> list[Path]:
    """Write briefings into `out` and give the files written, the index last.

    With nothing given: the four comparisons, a briefing of each year, and one of each institute for its latest year. With `year`:
    that year's and its institutes'. With `institute`: that institute's, for each of its years or the one given.
    The executed notebooks are kept in `out/notebooks`. `notebooks` is the folder of the notebooks (None: see `find_notebooks`),
    `jobs` how many run at a time. Raises ValueError for a year, an institute or a language that there is not, listing what there
    is, and BriefingError after all others are written where a page could not be made.
    """
    kernels.warm_up()  # imports in another process while this one reads the tables
    folder, processed, out = find_notebooks(notebooks), Path(processed).resolve(), Path(out)
    runs = plan(folder, processed, year, institute, language)
    written: list[Path] = []
    failed: list[tuple[str, str]] = []
    jobs = min(jobs or os.cpu_count() or 1, max(len(runs), 1))
    with ThreadPoolExecutor(jobs) as pool:
        pending = {pool.submit(_make, run, language, out): run for run in runs}
        for future in _shown(as_completed(pending), len(runs), progress):
            error = future.exception()
            if error is None:
                written.append(future.result())
            else:
                failed.append((pending[future].page.title, _reason(error)))
    order = {run.page.file: at for at, run in enumerate(runs)}
    written.sort(key=lambda path: order[path.name])
    index = out / "index.html"
    write(index, index_html(pages_in(out), sorted(failed), language))
    written.append(index)
    if failed:
        raise BriefingError(written, failed)
    return written


def plan(folder: Path, processed: Path, year: int | str | None, institute: str | None, language: str) -> list[Run]:
    """The runs that `brief` makes. Raises ValueError as `brief` does."""
    from .notebook import as_year, choose, load_tables

    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}: choose one of {', '.join(LANGUAGES)}")
    reports = load_tables(processed)["reports"].dropna(subset=["institute", "fiscal_year"])
    cases = reports[["institute", "fiscal_year"]].drop_duplicates().astype({"fiscal_year": int})
    years, names = sorted(cases["fiscal_year"].unique().tolist()), cases["institute"].drop_duplicates().tolist()
    common = {"processed": _relative(processed, folder), "language": language}
    end = "" if language == "zh" else f"-{language}"
    pages: list[tuple[str, dict[str, Any], Page]] = []
    if year is None and institute is None:
        pages += [(stem, {}, Page(stem + end, _title(folder / f"{stem}.ipynb", language), "comparison", stem)) for stem in COMPARISONS]
        briefed, chosen = years, cases[cases["fiscal_year"].eq(cases.groupby("institute")["fiscal_year"].transform("max"))]
    else:
        briefed, chosen = [], cases
        if institute is not None:
            institute = choose(institute, names, "institute")
            chosen = chosen[chosen["institute"].eq(institute)]
        if year is not None:
            known = years if institute is None else sorted(chosen["fiscal_year"].tolist())
            year = choose(as_year(year), known, "year" if institute is None else f"{institute}: year")
            chosen = chosen[chosen["fiscal_year"].eq(year)]
            briefed = [year] if institute is None else []
    for of_year in briefed:
        page = Page(f"year-{of_year}{end}", say("title_year", language, year=of_year), "year", str(of_year))
        pages.append(("briefing_year", {"year": of_year}, page))
    stems: set[str] = set()
    for name, of_year in sorted(chosen.itertuples(index=False, name=None)):
        title = say("title_institute", language, institute=name, year=of_year)
        page = Page(_free(f"institute-{safe(name)}-{of_year}", end, stems), title, "institute", f"{name} {of_year}")
        pages.append(("briefing_institute", {"institute": name, "year": of_year}, page))
    return [Run(folder / f"{stem}.ipynb", {**common, **own}, page) for stem, own, page in pages]


def find_notebooks(folder: str | Path | None = None) -> Path:
    """The folder of the notebooks: the one given, `notebooks` here, or that of the checkout this library is used from.

    Raises FileNotFoundError that says where it looked and what to do.
    """
    here = [Path(folder)] if folder is not None else [Path("notebooks"), Path(__file__).resolve().parents[2] / "notebooks"]
    for candidate in here:
        if (candidate / f"{COMPARISONS[0]}.ipynb").is_file():
            return candidate.resolve()
    looked = " and ".join(str(candidate) for candidate in here)
    raise FileNotFoundError(f"no notebooks in {looked}: run this in a checkout of the project, or name the folder of its notebooks")


def run(notebook: str | Path, parameters: dict[str, Any]) -> nbformat.NotebookNode:
    """The notebook executed in its own folder with `parameters`, which it must declare.

    Raises ValueError for a parameter that it does not declare, listing those it does; papermill alone would only warn.
    """
    import papermill

    logging.getLogger("papermill").setLevel(logging.ERROR)
    notebook = Path(notebook).resolve()
    declared = list(papermill.inspect_notebook(str(notebook)))
    for name in parameters:
        if name not in declared:
            raise ValueError(f"{notebook.name}: parameter {name!r} is not known; there is: {', '.join(declared)}")
    place = {"metadata": {"path": str(notebook.parent)}}  # the kernel's folder; papermill's cwd would move this whole process
    executed = papermill.execute_notebook(
        str(notebook), None, parameters, progress_bar=False, kernel_manager_class=kernels.KernelHere, resources=place
    )
    return without_run_metadata(executed)


def without_run_metadata(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook without times, paths and states of the run, which mislead a later reader and change each time."""
    notebook.metadata.pop("papermill", None)
    notebook.metadata.pop("widgets", None)
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if not cell.metadata.get("tags"):
            cell.metadata.pop("tags", None)
    return notebook


def safe(name: str) -> str:
    """`name` for a file name on every system: letters, digits and - only, not too long."""
    plain = re.sub(r"[^\w-]+", "_", unicodedata.normalize("NFKC", name)).strip("_")
    return plain[:LONGEST_NAME] or "_"


def _free(stem: str, end: str, taken: set[str]) -> str:
    """`stem` + `end`, with a number where another page has it (compared as a file system that ignores case does)."""
    candidate, number = stem + end, 1
    while candidate.casefold() in taken:
        number += 1
        candidate = f"{stem}-{number}{end}"
    taken.add(candidate.casefold())
    return candidate


def _make(task: Run, language: str, out: Path) -> Path:
    notebook = run(task.notebook, task.parameters)
    write(out / "notebooks" / f"{task.page.stem}.ipynb", nbformat.writes(notebook) + "\n")
    path = out / task.page.file
    write(path, page_html(notebook, task.page, language, task.parameters))
    return path


def _reason(error: BaseException) -> str:
    """What went wrong in a run: the notebook's own error where it was one, without the colours of a terminal."""
    name, value = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", str(error))
    return re.sub(r"\x1b\[[0-9;]*m", "", f"{name}: {value}").strip()


def _title(notebook: Path, language: str) -> str:
    """The title of a notebook, `中文 · English` in its first heading."""
    for cell in nbformat.read(notebook, as_version=4).cells:
        if cell.cell_type == "markdown" and cell.source.startswith("# "):
            chinese, _, english = cell.source.splitlines()[0][2:].partition(" · ")
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
