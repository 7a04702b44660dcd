"""The pages of the site that are no briefings: home, findings, data, notebooks with their code. Tables are in `site_tables`.

Each is one file of HTML, with its style and script in itself; a policy in its head lets it load nothing and run no other script.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import pandas as pd

from .audit.messages import told
from .dictionary import row_of
from .findings import SEVERITIES, ordered
from .pages import Page, render
from .words import code, missing, texts, written

if TYPE_CHECKING:
    from nbformat import NotebookNode

MOST_FINDINGS = 2_000  # on their page, the gravest: what a browser sorts at once
FEW = 40  # institutes that are listed by year and region without being asked for
HOME, FINDINGS, DATA = "index.html", "findings.html", "data.html"


@dataclass(frozen=True, slots=True)
class Link:
    """A page under a short name; one that could not be made has no file. `more` are the same in other formats: name, file."""

    label: str
    file: str = ""
    more: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Institute:
    """A line of the home page."""

    name: str
    anchor: str
    province: str = ""
    city: str = ""
    supervisor: str = ""
    findings: int = 0
    briefings: list[Link] = field(default_factory=list)
    evidence: list[Link] = field(default_factory=list)

    years: set[int] = field(default_factory=set)

    @property
    def region(self) -> str:
        return " ".join(dict.fromkeys(filter(None, (self.province, self.city))))

    @property
    def regions(self) -> list[str]:
        """The region and those that it lies in."""
        return list(dict.fromkeys(filter(None, (self.province, self.region))))


@dataclass(slots=True)
class Year:
    """A year of the home page: its briefing and those of its institutes."""

    label: str
    briefing: Link
    institutes: list[Link] = field(default_factory=list)


@cache
def site_words(language: str) -> dict[str, str]:
    return {key: text[language] for key, text in texts()["site"].items()}


def page(template: str, language: str, kind: str, here: str, title: str, up: str = "", **values: Any) -> str:
    words = site_words(language)
    style, script = (resources.files(__package__).joinpath(f"templates/site.{end}").read_text(encoding="utf-8") for end in ("css", "js"))
    # a notebook may bring scripts of its own; neither they nor anything else can load what is not in the page
    own = "script-src 'unsafe-inline' data: blob:; font-src data:" if kind == "code" else f"script-src '{_hash(script)}'"
    menu = [
        (up + HOME, words["home"]),
        (up + FINDINGS, words["findings"]),
        (up + DATA, words["data"]),
        (f"{up}{HOME}#comparisons", words["notebooks"]),
    ]
    return render(
        template, language, **{"words": words, "kind": kind, "here": here, "title": title, "menu": menu, "site_css": style,
                               "script": script, "policy": own, **values}
    )  # fmt: skip


def _hash(script: str) -> str:
    """How a policy names the one script that may run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def home_html(
    tables: Mapping[str, pd.DataFrame],
    institutes: Sequence[Institute],
    years: Sequence[Year],
    comparisons: Sequence[Mapping[str, str]],
    failed: Sequence[tuple[str, str]],
    language: str,
) -> str:
    """The index by institute, year and region, and the search."""
    words, reports = site_words(language), tables["reports"]
    counts = {"institutes": len(institutes), "years": len(years), "reports": len(reports), "findings": len(tables["findings"])}
    unplaced = int((reports["institute"].isna() | reports["fiscal_year"].isna()).sum())
    regions: dict[str, dict[str, list[Institute]]] = {}
    for each in sorted(institutes, key=lambda each: (not each.province, each.province, not each.city, each.city)):
        regions.setdefault(each.province, {}).setdefault(each.city if each.city != each.province else "", []).append(each)
    places = sorted({region for each in institutes for region in each.regions})
    choices = [
        (words["year"], 1, [(year.label, year.label) for year in years]),
        (words["region"], 4, [(place, place) for place in places]),
    ]
    return page(
        "site_home.html.j2", language, "home", HOME, words["title"], summary=words["summary"].format(**counts),
        unplaced=words["unplaced"].format(count=unplaced) if unplaced else "", institutes=institutes, years=years,
        regions=[(province, list(cities.items())) for province, cities in regions.items()], comparisons=comparisons, failed=failed,
        few=len(institutes) <= FEW, choices=choices,
    )  # fmt: skip


def findings_html(tables: Mapping[str, pd.DataFrame], files: Mapping[str, str], language: str) -> str:
    """All findings, the gravest first, each leading to its evidence; `files` is the page of evidence of each report."""
    words, rows = site_words(language), ordered(tables["findings"])
    rows = rows.assign(told=told(rows, language))
    shown = [_finding(row, files, language) for row in rows.head(MOST_FINDINGS).to_dict("records")]
    levels = [(level, code(level, language)) for level in SEVERITIES if any(row["severity"] == level for row in shown)]
    years = [(str(year), str(year)) for year in sorted({row["year"] for row in shown if row["year"]})]
    return page("site_findings.html.j2", language, "findings", FINDINGS, words["findings"], rows=shown,
                cut=cut(len(rows), MOST_FINDINGS, words), choices=[(words["severity"], 0, levels), (words["year"], 2, years)])  # fmt: skip


def _finding(row: Mapping[str, Any], files: Mapping[str, str], language: str) -> dict[str, Any]:
    about = (code(text, language, "scope") for text in (row["scope"], row["label"]) if not missing(text) and text)
    values = {f"{name}_value": "" if missing(row[name]) else repr(float(row[name])) for name in ("expected", "found")}
    return {
        **{name: "" if missing(row[name]) else row[name] for name in ("institute", "report_id", "severity", "number", "accepted")},
        **values,
        "year": "" if missing(row["fiscal_year"]) else int(row["fiscal_year"]),
        "rank": SEVERITIES.index(row["severity"]),
        "level": code(row["severity"], language),
        "check": code(row["check"], language, "check"),
        "about": " · ".join(about),
        "expected": written(row["expected"], "figure", language),
        "found": written(row["found"], "figure", language),
        "message": row["told"],
        "file": files.get(row["report_id"], ""),
    }


def data_html(tables: Mapping[str, pd.DataFrame], left_out: Sequence[str], language: str) -> str:
    """What tables there are, and where to get them; those `left_out` are too long for the workbook."""
    listed = [
        {"name": table, "row_of": row_of(table, language), "rows": len(frame), "left_out": table in left_out}
        for table, frame in tables.items()
    ]
    return page("site_data.html.j2", language, "data", DATA, site_words(language)["data"], tables=listed)


def cut(count: int, most: int, words: Mapping[str, str]) -> str:
    """That a page has `most` of `count` rows, where it has not all."""
    return words["cut"].format(shown=f"{most:,}", all=f"{count:,}") if count > most else ""


def notebook_html(notebook: NotebookNode, of: Page) -> str:
    """An executed notebook with its code, for a folder below the site's."""
    notebook = deepcopy(notebook)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                output.setdefault("metadata", {}).setdefault("image/png", {})["alt"] = of.title
    body, _ = _exporter().from_notebook_node(notebook)
    style = _highlighting()
    return page("site_notebook.html.j2", of.language, "code", "", of.title, up="../", body=f"<style>{style}</style>\n{body}")


@cache
def _exporter() -> Any:
    from nbconvert import HTMLExporter

    return HTMLExporter(template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True)


@cache
def _highlighting() -> str:
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter().get_style_defs(".highlight")
