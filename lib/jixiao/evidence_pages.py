"""Pages of evidence: one a report, with its findings beside the spots of the source, and all that was checked on it.

write_pages(load(), ["zhuzhou-2024"], "data/raw", Path("evidence"))          # evidence/evidence-zhuzhou-2024.html
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from . import findings as found
from .audit.messages import reason
from .choices import choose
from .evidence import Evidence, Sources, evidence_words, places_of
from .pages import Menu, Page, free_name, index_menu, library_digest, made_from, render, safe, write
from .words import code, missing, say

KIND = "evidence"
_ONE = threading.Lock()  # PDFium draws in one thread at a time


def reports_in(tables: Mapping[str, pd.DataFrame], chosen: Sequence[str] = ()) -> list[str]:
    """The `chosen` reports, or all; each once. Raises ValueError, with what there is, for one that is not in the tables."""
    known = tables["reports"]["report_id"].tolist()
    return list(dict.fromkeys(choose(report, known, "report") for report in chosen)) or known


def page_names(reports: pd.DataFrame, language: str) -> dict[str, str]:
    """The name of each report's page, without its ending."""
    taken: set[str] = set()
    end = "" if language == "zh" else f"-{language}"
    return {report: free_name(f"{KIND}-{safe(report)}", end, taken) for report in reports["report_id"]}


def write_pages(
    tables: Mapping[str, pd.DataFrame], report_ids: Iterable[str], raw: str | Path, out: Path, language: str = "zh",
    menu: Menu | None = None,
) -> list[Path]:  # fmt: skip
    """Write the pages of these reports into `out` and give the files; one that would come out the same is left as it is.

    `raw` is the folder of the reports, `menu` what each page leads back to.
    """
    names, rows = page_names(tables["reports"], language), found.ordered(tables["findings"])
    reports = tables["reports"].set_index("report_id", drop=False)
    paths = []
    for report_id in report_ids:
        own, checks = (frame[frame["report_id"].eq(report_id)] for frame in (rows, tables["checks"]))
        report = reports.loc[report_id]
        evidence = Evidence(own, tables["reports"], raw, language)
        page = _page(names[report_id], report, language)
        path = out / page.file
        more = menu.of(page) if menu else {}
        digest = _digest(own, checks, report, evidence.sources, language, more)
        if made_from(path) != digest:
            write(path, _html(page, evidence, checks, report, digest, more))
        paths.append(path)
    return paths


def _page(stem: str, report: Mapping[str, Any], language: str) -> Page:
    title = say("title_evidence", language, institute=report["institute"], year=report["fiscal_year"])
    return Page(stem, title, KIND, report["report_id"], language)


def _html(page: Page, evidence: Evidence, checks: pd.DataFrame, report: pd.Series, digest: str, menu: Mapping[str, Any]) -> str:
    language = page.language
    lines = [
        {
            "status": row["status"],
            "name": code(row["check"], language, "check"),
            "result": code(row["status"], language),
            "compared": row["compared"],
            "reason": "" if missing(row["reason"]) else reason(row["reason"], language),
        }
        for row in checks.to_dict("records")
    ]
    order = {status: at for at, status in enumerate(("fail", "not_checked", "pass", "not_applicable"))}
    lines.sort(key=lambda line: order[line["status"]])
    counts = checks["status"].value_counts()
    summary = say("evidence_summary", language, count=len(evidence.findings), compared=int(checks["compared"].sum()),
                  checks=int(counts.get("pass", 0) + counts.get("fail", 0)), left=int(counts.get("not_checked", 0)))  # fmt: skip
    about = {"file": report["source_file"], "kind": code(report["kind"], language), "title": report["title"]}
    return render(
        "evidence.html.j2", language, page=page, items=evidence.items, checks=lines, summary=summary, digest=digest,
        about=[text for text in about.values() if not missing(text) and text], words=evidence_words(language), **menu,
    )  # fmt: skip


def _digest(own: pd.DataFrame, checks: pd.DataFrame, report: pd.Series, sources: Sources, language: str, menu: Mapping[str, Any]) -> str:
    """What a page is made from: the library, the rows, and each source as it is now."""
    files = dict.fromkeys(place.file for row in own["places"] for place in places_of(row))
    parts = [library_digest(), language, repr(menu), own.to_json(), checks.to_json(), report.to_json(), *map(sources.digest, files)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class OfReport:
    """The page of one report that has findings, to be written."""

    report_id: str
    institute: str | None
    year: int | None
    page: Page


class BesideBriefings:
    """The pages of the reports with findings, for the folder `out` of briefings, which lead to them."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], raw: str | Path, out: Path, language: str, menu: Menu | None = None) -> None:
        self._tables, self._raw, self._out, self._language = tables, raw, out, language
        self._menu = menu or index_menu(language)
        names = page_names(tables["reports"], language)
        reports = tables["reports"][tables["reports"]["report_id"].isin(tables["findings"]["report_id"])]
        self.all = [
            OfReport(
                row["report_id"],
                None if missing(row["institute"]) else row["institute"],
                None if missing(row["fiscal_year"]) else int(row["fiscal_year"]),
                _page(names[row["report_id"]], row, language),
            )
            for row in reports.to_dict("records")
        ]

    @property
    def files(self) -> dict[str, str]:
        """The page of each report with findings."""
        return {each.report_id: each.page.file for each in self.all}

    def of(self, institutes: Iterable[str], years: Iterable[int]) -> list[OfReport]:
        """Those of the institutes, of any year, and of the years, of any institute."""
        institutes, years = set(institutes), set(years)
        return [each for each in self.all if each.institute in institutes or each.year in years]

    def write(self, each: OfReport) -> Path:
        """Write one of them and give the file; to be called from any thread."""
        with _ONE:
            (path,) = write_pages(self._tables, [each.report_id], self._raw, self._out, self._language, self._menu)
        return path
