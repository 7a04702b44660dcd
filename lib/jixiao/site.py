"""A site to browse from disk: all briefings, the notebooks, the findings with their evidence, and the data, with an index and a search.

site()                                      # site/index.html
site(language=("zh", "en"), out="both")     # both/index.html in Chinese, each page leading to the same in English

No page loads anything from elsewhere, nor needs a server. Briefings, evidence and notebooks are those of `briefing`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from . import site_pages, site_tables, store
from .briefing import BriefingError, brief, reason_of
from .catalogue import Run, catalogue, others
from .choices import choose
from .evidence import raw_beside
from .evidence_pages import BesideBriefings, OfReport
from .facts import TABLES
from .making import Maker
from .notebook import open_tables
from .pages import Menu, Page, write
from .running import find_notebooks
from .site_folder import SiteFolder
from .site_index import institutes, years
from .site_pages import DATA, FINDINGS, HOME, Edition, Exported
from .words import LANGUAGES


def site(
    language: str | Sequence[str] = "zh",
    out: str | Path = "site",
    processed: str | Path = "data/processed",
    progress: bool = True,
    notebooks: str | Path | None = None,
    jobs: int | None = None,
    raw: str | Path | None = None,
    rules: str | Path | None = None,
) -> list[Path]:
    """Write the site of the tables in `processed` into `out` and give the files written, its `index.html` last.

    The home page is in the first `language`; pages of others end as their briefings do. The new site takes the place of the old one when
    all of it is made: what an earlier run wrote and this one did not is removed then; other files in the folder stay.
    The parameters are those of `briefing.brief`. Raises ValueError as it does, where the list of an earlier run is damaged and where the
    folder holds the site in a language that is not among these, TablesError where the tables cannot be read, and BriefingError, after
    everything else is written, where a page could not be made; the home page names those, too. Raises OSError where another run is
    writing the same site.
    """
    named = [language] if isinstance(language, str) else language
    languages = tuple(dict.fromkeys(choose(each, LANGUAGES, "language") for each in named))
    folder, processed = find_notebooks(notebooks), Path(processed).resolve()
    raw, place = Path(raw or raw_beside(processed)).resolve(), SiteFolder(Path(out), languages)
    tables = open_tables(processed)
    editions = []
    for each in languages:
        runs = catalogue(folder, processed, each, raw, rules)
        proof = BesideBriefings(tables, raw, place.work, each)
        editions.append(_Site(Edition(each, languages), runs, others(folder, runs, each), proof.all, tables))
    menus = _menus(editions)
    failed: list[tuple[str, str]] = []
    with place.begin() as work:
        try:
            made = brief(language=languages, out=work, processed=processed, progress=progress, notebooks=folder, jobs=jobs, raw=raw,
                         rules=rules, every=True, menus=menus)[:-1]  # fmt: skip
        except BriefingError as error:
            made, failed = error.written[:-1], list(error.failed)
        exported = site_tables.export(((table, store.read(processed, table)) for table in TABLES), work / "data")
        there, maker = {path.name for path in made}, Maker(work, processed, tables, raw, (), menus)
        for one in reversed(editions):  # the home page of the site comes last
            made += one.write(maker, there, exported, failed)
        kept = [work / "notebooks" / f"{path.stem}.ipynb" for path in made if path.suffix == ".html"]  # what a next run need not run again
        data = [path for path in (work / "data").rglob("*") if path.is_file()]
        place.commit([*kept, *data, *made])
    written = [place.out / path.relative_to(work) for path in made]
    if failed:
        raise BriefingError(written, failed)
    return written


def _menus(editions: Sequence[_Site]) -> dict[str, Menu]:
    """By language, what its pages lead to: the pages of the site, and each page in the other languages, where they stand in one order."""
    found: dict[str, Menu] = {}
    for one in editions:
        elsewhere = zip(*(other.pages for other in editions if other is not one), strict=True)
        same = {page.stem: tuple((each.language, each.file) for each in pages) for page, pages in zip(one.pages, elsewhere, strict=False)}
        found[one.edition.language] = Menu(one.edition.links(), same, one.briefings_of_evidence())
    return found


@dataclass(frozen=True)
class _Site:
    """All that the site has in one language: its briefings, the other notebooks, the pages of evidence, and what they are made from."""

    edition: Edition
    runs: list[Run]
    others: list[Run]
    evidence: list[OfReport]
    tables: Mapping[str, pd.DataFrame]

    @property
    def notebooks(self) -> list[Run]:
        """Those that stand in the site with their code: the comparisons, and those that no briefing is made of."""
        return [*(task for task in self.runs if task.page.kind == "comparison"), *self.others]

    @property
    def pages(self) -> list[Page]:
        return [*(task.page for task in [*self.runs, *self.others]), *(each.page for each in self.evidence)]

    def briefings_of_evidence(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """The briefings of the institute and year that a page of evidence is of, and that of the institute over its years."""
        of: dict[tuple[str, int | None], list[tuple[str, str]]] = {}
        for task in self.runs:
            if "institute" in task.parameters:
                of.setdefault((task.parameters["institute"], task.parameters.get("year")), []).append((task.page.file, task.page.title))
        return {
            each.page.stem: tuple(of.get((each.institute, each.year), []) + of.get((each.institute, None), []) * (each.year is not None))
            for each in self.evidence
        }

    def write(self, maker: Maker, there: Collection[str], exported: Sequence[Exported], failed: list[tuple[str, str]]) -> list[Path]:
        """Write the pages that are no briefings, the home page last; `there` are the files of the briefings that were made.

        In the place of a page that could not be made stands one that says so; titles and reasons are added to `failed`.
        """
        edition, tables, menu = self.edition, self.tables, maker.menus[self.edition.language]
        pages = self._notebooks(maker, failed)
        proof = {each.report_id: each.page.file for each in self.evidence if each.page.file in there}
        reasons = dict(failed)
        for page in [*(task.page for task in self.runs), *(each.page for each in self.evidence)]:
            if page.file not in there:
                pages[page.file] = site_pages.failed_html(page, reasons.get(page.title, ""), edition, menu.of(page)["others"])
        pages |= {edition.file(f"{DATA}-{each.table}"): site_tables.table_html(each, edition) for each in exported}
        pages[edition.file(DATA)] = site_pages.data_html(exported, edition)
        pages[edition.file(FINDINGS)] = site_pages.findings_html(tables, proof, edition)
        known = institutes(tables, self.runs, there, proof, edition.words)
        comparisons = [
            {"title": task.page.title, "file": task.page.file if task.page.file in there else "", "code": _code(task)}
            for task in self.notebooks
        ]
        of_years = years(self.runs, there, edition.language)
        pages[edition.file(HOME)] = site_pages.home_html(tables, known, of_years, comparisons, sorted(failed), edition)
        for name, text in pages.items():
            write(maker.out / name, text)
        return [maker.out / name for name in pages]

    def _notebooks(self, maker: Maker, failed: list[tuple[str, str]]) -> dict[str, str]:
        """The pages of the notebooks with their code, by file; those that cannot be run are added to `failed`."""
        edition, menu, reasons = self.edition, maker.menus[self.edition.language], dict(failed)
        pages = {}
        for task in self.notebooks:
            same, reason = menu.of(task.page)["others"], reasons.get(task.page.title)
            if reason is None:
                try:
                    pages[_code(task)] = site_pages.notebook_html(maker.executed(task), task.page, edition, same)
                    continue
                except Exception as error:  # whatever the notebook raises: the others are written
                    failed.append((task.page.title, reason := reason_of(error)))
            pages[_code(task)] = site_pages.failed_html(task.page, reason, edition, same, site_pages.UP)
        return pages


def _code(task: Run) -> str:
    """The file of a notebook with its code."""
    return f"notebooks/{task.page.stem}.html"
