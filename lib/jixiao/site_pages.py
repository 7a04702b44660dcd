"""The pages of the site that are no briefings: home, findings, data, notebooks with their code. Tables are in `site_tables`.

Each is one file of HTML, with its style and script in itself; a policy in its head lets it load nothing and run no other script.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import pandas as pd

from .audit.messages import told
from .dictionary import row_of
from .evidence import about
from .findings import SEVERITIES, ordered
from .pages import Page, render, with_alternatives
from .words import code, missing, texts, written

if TYPE_CHECKING:
    from nbformat import NotebookNode

MOST_FINDINGS = 2_000  # on their page, the gravest: what a browser sorts at once
FEW = 40  # institutes that are listed by year and region without being asked for, and on paper
HOME, FINDINGS, DATA = "index", "findings", "data"
UP = "../"  # from the folder of the notebooks to the site's


@dataclass(frozen=True, slots=True)
class Edition:
    """The site in one `language`, of all its `languages`: how its own pages are called. The home page of the first is `index.html`."""

    language: str = "zh"
    languages: tuple[str, ...] = ()

    def stem(self, name: str) -> str:
        """The name of one of its own pages without the ending; those of other languages end as briefings do."""
        plain = self.language == (self.languages or (self.language,))[0] if name == HOME else self.language == "zh"
        return name if plain else f"{name}-{self.language}"

    def file(self, name: str) -> str:
        return f"{self.stem(name)}.html"

    @property
    def words(self) -> dict[str, str]:
        return {key: text[self.language] for key, text in texts()["site"].items()}

    @property
    def others(self) -> list[Edition]:
        """The site in its other languages."""
        return [Edition(each, self.languages) for each in self.languages if each != self.language]

    def links(self, up: str = "") -> tuple[tuple[str, str], ...]:
        """The pages that every page leads to, seen from a folder from which the site's is `up`."""
        words, home = self.words, up + self.file(HOME)
        own = [(up + self.file(name), words[name]) for name in (FINDINGS, DATA)]
        return (home, words["home"]), *own, (f"{home}#comparisons", words["notebooks"])


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


def page(template: str, edition: Edition, kind: str, here: str, title: str, up: str = "", **values: Any) -> str:
    """A page of the site; `here` is its name, without which `others` say where it is in other languages."""
    style, script = (resources.files(__package__).joinpath(f"templates/site.{end}").read_text(encoding="utf-8") for end in ("css", "js"))
    # a notebook may bring scripts of its own; neither they nor anything else can load what is not in the page
    own = "script-src 'unsafe-inline' data: blob:; font-src data:" if kind == "code" else f"script-src '{_hash(script)}'"
    others = [(other.language, other.file(here)) for other in edition.others] if here else []
    return render(
        template, edition.language, **{"words": edition.words, "kind": kind, "here": edition.file(here), "title": title, "policy": own,
                                       "menu": edition.links(up), "others": others, "site_css": style, "script": script, "to": edition.file,
                                       **values}
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
    edition: Edition,
) -> str:
    """The index by institute, year and region, and the search."""
    words, reports = edition.words, tables["reports"]
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
        "site_home.html.j2", edition, "home", HOME, words["title"], summary=words["summary"].format(**counts),
        unplaced=words["unplaced"].format(count=unplaced) if unplaced else "", institutes=institutes, years=years,
        regions=[(province, list(cities.items())) for province, cities in regions.items()], comparisons=comparisons, failed=failed,
        few=len(institutes) <= FEW, choices=choices,
    )  # fmt: skip


def findings_html(tables: Mapping[str, pd.DataFrame], files: Mapping[str, str], edition: Edition) -> str:
    """All findings, the gravest first, each leading to its evidence; `files` is the page of evidence of each report."""
    words, language, rows = edition.words, edition.language, ordered(tables["findings"])
    rows = rows.assign(told=told(rows, language))
    shown = [_finding(row, files, language) for row in rows.head(MOST_FINDINGS).to_dict("records")]
    levels = [(level, code(level, language)) for level in SEVERITIES if any(row["severity"] == level for row in shown)]
    years = [(str(year), str(year)) for year in sorted({row["year"] for row in shown if row["year"]})]
    return page("site_findings.html.j2", edition, "findings", FINDINGS, words["findings"], rows=shown,
                cut=cut(len(rows), MOST_FINDINGS, words), choices=[(words["severity"], 0, levels), (words["year"], 2, years)])  # fmt: skip


def _finding(row: Mapping[str, Any], files: Mapping[str, str], language: str) -> dict[str, Any]:
    values = {f"{name}_value": "" if missing(row[name]) else repr(float(row[name])) for name in ("expected", "found")}
    return {
        **{name: "" if missing(row[name]) else row[name] for name in ("institute", "report_id", "severity", "number", "accepted")},
        **values,
        "year": "" if missing(row["fiscal_year"]) else int(row["fiscal_year"]),
        "rank": SEVERITIES.index(row["severity"]),
        "level": code(row["severity"], language),
        "check": code(row["check"], language, "check"),
        "about": about(row, language),
        "expected": written(row["expected"], "figure", language),
        "found": written(row["found"], "figure", language),
        "message": row["told"],
        "file": files.get(row["report_id"], ""),
    }


def data_html(exported: Iterable[Exported], edition: Edition) -> str:
    """What tables there are, and where to get them."""
    listed = [(each, row_of(each.table, edition.language)) for each in exported]
    return page("site_data.html.j2", edition, "data", DATA, edition.words["data"], tables=listed)


@dataclass(frozen=True, slots=True)
class Exported:
    """A table as it stands in the folder `data`: its first rows, how many there are, and where it is.

    One that is `left_out` is too long for the workbook; one with `parts`, as year and file, is too long for one file, too.
    """

    table: str
    head: pd.DataFrame
    rows: int
    left_out: bool = False
    parts: tuple[tuple[str, str], ...] = ()


def cut(count: int, most: int, words: Mapping[str, str]) -> str:
    """That a page has `most` of `count` rows, where it has not all."""
    return words["cut"].format(shown=f"{most:,}", all=f"{count:,}") if count > most else ""


def notebook_html(notebook: NotebookNode, of: Page, edition: Edition, others: Sequence[tuple[str, str]] = ()) -> str:
    """An executed notebook with its code, for a folder below the site's, in which `others` are it in other languages."""
    body, _ = _exporter().from_notebook_node(with_alternatives(notebook, of.title))
    style = _highlighting()
    return page("site_notebook.html.j2", edition, "code", "", of.title, UP, others=others, body=f"<style>{style}</style>\n{body}")


def failed_html(of: Page, reason: str, edition: Edition, others: Sequence[tuple[str, str]] = (), up: str = "") -> str:
    """What stands in the place of a page that could not be made, to which other pages lead."""
    return page("site_failed.html.j2", edition, "failed", "", of.title, up, others=others, reason=reason)


@cache
def _exporter() -> Any:
    from nbconvert import HTMLExporter

    return HTMLExporter(template_name="basic", exclude_input_prompt=True, exclude_output_prompt=True)


@cache
def _highlighting() -> str:
    from pygments.formatters import HtmlFormatter

    return HtmlFormatter().get_style_defs(".highlight")
