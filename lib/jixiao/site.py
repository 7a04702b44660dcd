"""A site to browse from disk: all briefings, the notebooks, the findings with their evidence, and the data, with an index and a search.

site()                       # site/index.html
site(language="en", out="site-en")

No page loads anything from elsewhere, nor needs a server. Briefings, evidence and notebooks are those of `briefing`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from . import site_pages, site_tables, store
from .briefing import BriefingError, brief
from .catalogue import Run, catalogue, title_of
from .evidence import raw_beside
from .evidence_pages import page_names
from .notebook import open_tables
from .pages import Page, write
from .running import COMPARISONS, find_notebooks, run
from .site_pages import DATA, FINDINGS, HOME, Institute, Link, Year, site_words
from .words import missing, say

LIST = ".site.json"  # the files that a run wrote
BRIEFINGS = "briefing_"  # notebooks that become briefings, and are told by their institute or year


def site(
    language: str = "zh",
    out: str | Path = "site",
    processed: str | Path = "data/processed",
    progress: bool = True,
    notebooks: str | Path | None = None,
    jobs: int | None = None,
    raw: str | Path | None = None,
    rules: str | Path | None = None,
) -> list[Path]:
    """Write the site of the tables in `processed` into `out` and give the files written, its `index.html` last.

    What an earlier run wrote there and this one did not is removed; other files in the folder stay.
    The parameters are those of `briefing.brief`. Raises ValueError as it does and where the list of an earlier run is damaged,
    TablesError where the tables cannot be read, and BriefingError, after everything else is written, where a page could not be made;
    the home page names those, too.
    """
    folder, processed, out = find_notebooks(notebooks), Path(processed).resolve(), Path(out)
    earlier = _listed(out)
    raw = Path(raw or raw_beside(processed)).resolve()
    failed: list[tuple[str, str]] = []
    try:
        made = brief(language=language, out=out, processed=processed, progress=progress, notebooks=folder, jobs=jobs, raw=raw, rules=rules,
                     every=True)[:-1]  # fmt: skip
    except BriefingError as error:
        made, failed = error.written[:-1], list(error.failed)
    once = open_tables(processed)
    tables = store.load(processed)
    left_out = store.write(tables, out / "data")
    runs, there = catalogue(folder, processed, language, raw, rules), {path.name for path in made}
    comparisons = _notebooks(folder, runs, there, out, failed, language)
    names = page_names(once["reports"], language)
    proof = {report: f"{name}.html" for report, name in names.items() if f"{name}.html" in there}
    pages = {f"data-{table}.html": site_tables.table_html(table, frame, language, table in left_out) for table, frame in tables.items()}
    pages[DATA] = site_pages.data_html(tables, left_out, language)
    pages[FINDINGS] = site_pages.findings_html(once, proof, language)
    institutes = _institutes(once, runs, there, proof, language)
    pages[HOME] = site_pages.home_html(once, institutes, _years(runs, there, language), comparisons, sorted(failed), language)
    for name, text in pages.items():
        write(out / name, text)
    written = [*made, *(out / each["code"] for each in comparisons if each["code"]), *(out / name for name in pages)]
    kept = [out / "notebooks" / f"{path.stem}.ipynb" for path in written if path.suffix == ".html"]  # what a next run need not run again
    data = [out / "data" / f"{table}.{end}" for table in tables for end in ("csv", "parquet")]
    _clear(out, earlier, {*written, *kept, *data})
    if failed:
        raise BriefingError(written, failed)
    return written


def _listed(out: Path) -> list[str]:
    """The files that an earlier run wrote into `out`. Raises ValueError where its list cannot be read."""
    try:
        return list(json.loads((out / LIST).read_text(encoding="utf-8"))["files"])
    except FileNotFoundError:
        return []
    except (ValueError, TypeError, KeyError) as error:
        raise ValueError(f"{out / LIST} cannot be read ({error}): delete it and the old pages, or choose another folder") from error


def _clear(out: Path, earlier: list[str], written: set[Path]) -> None:
    """Take away what an earlier run wrote and this one did not, such as pages of an institute that is gone; nothing else."""
    files = sorted(path.relative_to(out).as_posix() for path in written if path.is_file())
    for name in set(earlier).difference(files):
        path = out / name
        if path.resolve().is_relative_to(out.resolve()):
            path.unlink(missing_ok=True)
    write(out / LIST, json.dumps({"files": files}, ensure_ascii=False, indent=1) + "\n")


def _notebooks(
    folder: Path, runs: list[Run], there: set[str], out: Path, failed: list[tuple[str, str]], language: str
) -> list[dict[str, str]]:
    """The comparisons with their code, and the other notebooks of the folder, which no briefing is made of: title, file, code."""
    import nbformat

    found = []
    for each in runs:
        if each.page.kind == "comparison" and each.page.file in there:
            executed = nbformat.read(out / "notebooks" / f"{each.page.stem}.ipynb", as_version=4)
            found.append({"title": each.page.title, "file": each.page.file, "code": _with_code(executed, each.page, out)})
    given = {name: runs[0].parameters[name] for name in ("processed", "language")} if runs else {}
    for path in sorted(folder.glob("*.ipynb")):
        if path.stem in COMPARISONS or path.stem.startswith(BRIEFINGS) or not given:
            continue
        page = Page(
            path.stem if language == "zh" else f"{path.stem}-{language}", title_of(path, language), "comparison", path.stem, language
        )
        try:
            executed = run(path, given)
        except Exception as error:  # whatever the notebook raises: the others are written
            failed.append((page.title, str(error)))
            continue
        write(out / "notebooks" / f"{page.stem}.ipynb", nbformat.writes(executed) + "\n")
        found.append({"title": page.title, "file": "", "code": _with_code(executed, page, out)})
    return found


def _with_code(executed: Any, page: Page, out: Path) -> str:
    name = f"notebooks/{page.stem}.html"
    write(out / name, site_pages.notebook_html(executed, page))
    return name


def _institutes(
    tables: Mapping[str, pd.DataFrame], runs: list[Run], there: set[str], proof: Mapping[str, str], language: str
) -> list[Institute]:
    """Every institute of the reports, by name, with what there is of it."""
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
            label = str(task.parameters.get("year", site_words(language)["whole"]))
            found[name].briefings.append(_link(label, task, there))
    return list(found.values())


def _years(runs: list[Run], there: set[str], language: str) -> list[Year]:
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


def _link(label: str, task: Run, there: set[str]) -> Link:
    more = tuple((end.upper(), f"{task.page.stem}.{end}") for end in ("docx", "pdf") if f"{task.page.stem}.{end}" in there)
    return Link(label, task.page.file if task.page.file in there else "", more)
