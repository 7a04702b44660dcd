"""A site to browse from disk: all briefings, the notebooks, the findings with their evidence, and the data, with an index and a search.

site()                                      # site/index.html
site(language=("zh", "en"), out="both")     # both/index.html in Chinese, each page leading to the same in English

No page loads anything from elsewhere, nor needs a server. Briefings, evidence and notebooks are those of `briefing`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from . import site_pages, site_tables, store
from .briefing import BriefingError, brief
from .catalogue import Run, catalogue, title_of
from .choices import choose
from .evidence import raw_beside
from .evidence_pages import BesideBriefings
from .facts import TABLES
from .notebook import open_tables
from .pages import Menu, Page, write
from .running import COMPARISONS, find_notebooks, run
from .site_folder import SiteFolder
from .site_index import institutes, years
from .site_pages import DATA, FINDINGS, HOME, Edition, Exported
from .words import LANGUAGES

BRIEFINGS = "briefing_"  # notebooks that become briefings, and are told by their institute or year


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
        editions.append(_Site(Edition(each, languages), runs, {one.report_id: one.page for one in proof.all}, tables, folder))
    failed: list[tuple[str, str]] = []
    with place.begin() as work:
        try:
            made = brief(language=languages, out=work, processed=processed, progress=progress, notebooks=folder, jobs=jobs, raw=raw,
                         rules=rules, every=True, menus=_menus(editions))[:-1]  # fmt: skip
        except BriefingError as error:
            made, failed = error.written[:-1], list(error.failed)
        exported = site_tables.export(((table, store.read(processed, table)) for table in TABLES), work / "data")
        there = {path.name for path in made}
        for one in reversed(editions):  # the home page of the site comes last
            made += one.write(work, there, exported, failed)
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
        others = zip(*(other.pages for other in editions if other is not one), strict=True)
        same = {page.stem: tuple((each.language, each.file) for each in pages) for page, pages in zip(one.pages, others, strict=False)}
        found[one.edition.language] = Menu(one.edition.links(), same)
    return found


@dataclass(frozen=True)
class _Site:
    """All that the site has in one language: its briefings, the page of evidence of each report, and what they are made from."""

    edition: Edition
    runs: list[Run]
    evidence: Mapping[str, Page]
    tables: Mapping[str, pd.DataFrame]
    notebooks: Path

    @property
    def pages(self) -> list[Page]:
        return [*(task.page for task in self.runs), *self.evidence.values()]

    def write(self, out: Path, there: Collection[str], exported: Sequence[Exported], failed: list[tuple[str, str]]) -> list[Path]:
        """Write the pages that are no briefings into `out`, the home page last; `there` are the files of the briefings.

        In the place of a briefing that could not be made stands a page that says so; titles and reasons are added to `failed`.
        """
        edition, tables = self.edition, self.tables
        comparisons = self._notebooks(out, there, failed)
        proof = {report: page.file for report, page in self.evidence.items() if page.file in there}
        reasons = dict(failed)
        pages = {
            page.file: site_pages.failed_html(page, reasons.get(page.title, ""), edition) for page in self.pages if page.file not in there
        }
        pages |= {edition.file(f"{DATA}-{each.table}"): site_tables.table_html(each, edition) for each in exported}
        pages[edition.file(DATA)] = site_pages.data_html(exported, edition)
        pages[edition.file(FINDINGS)] = site_pages.findings_html(tables, proof, edition)
        known = institutes(tables, self.runs, there, proof, edition.words)
        told = sorted(failed)
        pages[edition.file(HOME)] = site_pages.home_html(
            tables, known, years(self.runs, there, edition.language), comparisons, told, edition
        )
        for name, text in pages.items():
            write(out / name, text)
        return [*(out / each["code"] for each in comparisons if each["code"]), *(out / name for name in pages)]

    def _notebooks(self, out: Path, there: Collection[str], failed: list[tuple[str, str]]) -> list[dict[str, str]]:
        """The comparisons with their code, and the other notebooks of the folder, which no briefing is made of: title, file, code."""
        import nbformat

        found, language, runs = [], self.edition.language, self.runs
        for each in runs:
            if each.page.kind == "comparison" and each.page.file in there:
                executed = nbformat.read(out / "notebooks" / f"{each.page.stem}.ipynb", as_version=4)
                found.append({"title": each.page.title, "file": each.page.file, "code": self._with_code(executed, each.page, out)})
        given = {name: runs[0].parameters[name] for name in ("processed", "language")} if runs else {}
        for path in sorted(self.notebooks.glob("*.ipynb")):
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
            found.append({"title": page.title, "file": "", "code": self._with_code(executed, page, out)})
        return found

    def _with_code(self, executed: Any, page: Page, out: Path) -> str:
        name = f"notebooks/{page.stem}.html"
        write(out / name, site_pages.notebook_html(executed, page, self.edition))
        return name
