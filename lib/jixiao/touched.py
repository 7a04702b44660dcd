"""Which of the figures on a page a finding touches, so that they are marked there and lead to the evidence.

A finding names places and two numbers. The tidy tables say what stands at a place: an amount, a rate, points; of which institute,
year and scope. A figure on a page is touched where all of that is the same. A number of one or two digits is met too often by
chance: it must also stand in the finding's row of the source.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from html import escape

import pandas as pd

from .document import Place
from .findings import SEVERITIES, ordered
from .frames import schema
from .tables import of_reports, once, only
from .words import code, kind, missing, money, number, say, written

GROUPS = {"wan": "wan", "percent": "rate", "points": "points"}  # kinds of columns whose figures a finding can touch
_COLUMNS = {
    "funds": {"amount_wan": "wan", "rate_printed": "rate"},
    "three_public": {"amount_wan": "wan"},
    "execution": {"initial_budget_wan": "wan", "revised_budget_wan": "wan", "executed_wan": "wan", "rate_printed": "rate", "rate": "rate",
                  "weight": "points", "score_printed": "points", "score": "points"},
    "scores": {"score": "points", "weight": "points"},
    "indicators": {"score": "points", "weight": "points"},
}  # fmt: skip
_FINDING = "report_id institute fiscal_year scope check severity expected found places"
_FEW = 2  # digits
_SENTENCE = re.compile(r"[^。\n]*[。\n]?|.+$")
_ROW = re.compile(r"^([^#]*#).*?(table=\d+)&(row=\d+)")


@dataclass(frozen=True, slots=True)
class Mark:
    """A figure's finding: the report and the number by which its page calls it, and what it is about."""

    report_id: str
    number: int
    title: str

    def html(self, text: str) -> str:
        """`text`, which is HTML, marked; `pages` makes a link of it where the evidence is written."""
        told = f'data-evidence="{escape(self.report_id)}" data-finding="{self.number}" title="{escape(self.title)}"'
        return f'<mark class="touched" {told}>{text}</mark>'

    def content(self, text: str) -> dict[str, str | int]:
        """`text` and what touches it, as data."""
        return {"text": text, "report": self.report_id, "finding": self.number, "title": self.title}


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that a finding touches: a value in its group, and the scope, year and row of the source that it belongs to."""

    group: str
    value: float
    scope: str | None
    year: int | None
    rows: frozenset[str]
    mark: Mark


class Touched:
    """The figures that the findings of some tables touch, by institute; those of an institute are looked up when it is first shown."""

    def __init__(self, tables: Mapping[str, pd.DataFrame], language: str) -> None:
        self.language, self._tables = language, tables
        found = only(once(tables), "findings", "report_id institute severity").dropna()
        gravest = (found.loc[found["severity"].eq(level), "institute"].unique() for level in SEVERITIES)
        self._institutes = list(dict.fromkeys(name for names in gravest for name in names))  # the one with the gravest finding first
        self._raised = found.drop_duplicates("report_id")[["report_id", "institute"]]
        self._known: dict[str, list[Figure]] = {}

    def _of(self, institutes: Collection[str]) -> dict[str, list[Figure]]:
        """The figures of those of `institutes` that have findings."""
        wanted = set(institutes)
        own = [name for name in self._institutes if name in wanted]
        if new := [name for name in own if name not in self._known]:
            self._known |= {name: [] for name in new}
            tables = of_reports(self._tables, self._raised.loc[self._raised["institute"].isin(new), "report_id"])
            findings = ordered(only(tables, "findings", _FINDING))
            facts = _facts(self._beside(findings), findings)
            for row in findings.to_dict("records"):
                self._known[row["institute"]].extend(self._figures(row, facts))
        return {name: self._known[name] for name in own}

    def _beside(self, findings: pd.DataFrame) -> Mapping[str, pd.DataFrame]:
        """The tables of the reports with findings among those that `findings` name: a finding may compare two reports."""
        files = {Place.parse(place.partition("#")[0]).file for places in findings["places"] for place in places.split(" ") if place}
        reports = only(self._tables, "reports", "report_id source_file")
        named = reports.loc[reports["source_file"].isin(list(files)), "report_id"]
        return of_reports(self._tables, self._raised.loc[self._raised["report_id"].isin(named), "report_id"])

    def _figures(self, row: dict, facts: dict[str, list[tuple[str, float, int | None]]]) -> Iterable[Figure]:
        title = say("touched", self.language, number=row["number"], check=code(row["check"], self.language, "check"),
                    severity=code(row["severity"], self.language))  # fmt: skip
        mark = Mark(row["report_id"], int(row["number"]), title)
        places = [place for place in row["places"].split(" ") if place]
        rows = frozenset(filter(None, map(_row, places)))
        year = None if missing(row["fiscal_year"]) else int(row["fiscal_year"])
        given = [float(row[name]) for name in ("expected", "found") if not missing(row[name])]
        # it touches what is one of its numbers: at its places, else in their rows, since a tidy row has one place for all its figures
        exact, beside = ([fact for place in keys for fact in facts.get(place, ())] for keys in (places, sorted(rows)))
        same = ([fact for fact in facts_there if any(_same(fact[1], number) for number in given)] for facts_there in (exact, beside))
        at_places = next(filter(None, same), exact)
        groups = {group for group, _, _ in at_places}
        years = {of_year for _, _, of_year in at_places if of_year is not None} or {year}
        for value in given:
            for group in groups:
                for of_year in years:
                    yield Figure(group, value, None if missing(row["scope"]) else row["scope"], of_year, rows, mark)

    def cells(self, frame: pd.DataFrame) -> dict[tuple[int, str], Mark]:
        """The cells of `frame` to be marked, by position of the row and column; the gravest finding where several touch one."""
        found: dict[tuple[int, str], Mark] = {}
        if not self._institutes or "institute" not in frame:
            return found
        of = self._of(frame["institute"].dropna().unique())
        columns = {column: GROUPS[kind(column)] for column in frame if kind(column) in GROUPS}
        for at, row in enumerate(frame.to_dict("records")):
            own = of.get(row["institute"], ())
            if "severity" in row and "places" in row:
                marks = [each.mark for each in own if each.mark.report_id == row["report_id"] and each.mark.number == row.get("number")]
                found |= {(at, column): marks[0] for column in ("expected", "found", "told") if marks and not missing(row.get(column))}
                continue
            for figure in own:
                if _of_row(figure, row):
                    for column, group in columns.items():
                        if group == figure.group and not missing(row[column]) and _stands(figure, row, float(row[column])):
                            found.setdefault((at, column), figure.mark)
        return found

    def text(self, text: str, institutes: Iterable[str]) -> str:
        """`text` (Markdown) with its touched figures marked, as `runs` finds them."""
        return "".join(mark.html(part) if mark else part for part, mark in self.runs(text, institutes))

    def runs(self, text: str, institutes: Iterable[str]) -> list[tuple[str, Mark | None]]:
        """`text` in pieces, the touched figures with their marks: those of the one institute it is about, or that a sentence names."""
        institutes = list(institutes)
        alone = set(institutes) if len(institutes) == 1 else set()
        own = self._of([name for name in self._institutes if name in alone or name in text])
        return [run for part in _SENTENCE.findall(text) for run in self._sentence(part, alone, own)] if self._institutes else [(text, None)]

    def _sentence(self, text: str, institutes: set[str], own: Mapping[str, list[Figure]]) -> list[tuple[str, Mark | None]]:
        spots: dict[tuple[int, int], Mark] = {}
        for institute, figures in own.items():
            if institute in institutes or institute in text:
                for figure in figures:
                    for told in self._told(figure):
                        for match in re.finditer(rf"(?<![\d.,−-]){re.escape(told)}(?![\d]|[.,]\d)", text):
                            spots.setdefault(match.span(), figure.mark)
        found, at = [], 0
        for (start, end), mark in sorted(spots.items()):
            if start >= at:  # of two that overlap the first
                found += [(text[at:start], None), (text[start:end], mark)]
                at = end
        return [run for run in (*found, (text[at:], None)) if run[0]]

    def _told(self, figure: Figure) -> list[str]:
        """How sentences write a figure; nothing for one that they might write by chance."""
        if _digits(figure.value) <= _FEW:
            return []
        if figure.group == "wan":
            return [money(figure.value, self.language)]
        return [written(figure.value, "percent" if figure.group == "rate" else "points", self.language)]


def _facts(tables: Mapping[str, pd.DataFrame], findings: pd.DataFrame) -> dict[str, list[tuple[str, float, int | None]]]:
    """What stands in `tables` at the places of `findings`, and in their rows of the source: group, value and the year that it is of."""
    wanted = {place for places in findings["places"] for place in places.split(" ")}
    wanted |= set(filter(None, map(_row, wanted)))
    found: dict[str, list[tuple[str, float, int | None]]] = {}
    for table, columns in _COLUMNS.items():
        years = " year" if "year" in schema(table) else ""
        rows = only(tables, table, f"fiscal_year{years} place {' '.join(columns)}")
        for row in rows[rows["place"].notna()].to_dict("records"):
            keys = wanted & {row["place"], _row(row["place"])}
            year = row.get("year", row["fiscal_year"])
            year = None if missing(year) else int(year)
            for key in keys:
                values = ((group, row[column]) for column, group in columns.items() if not missing(row[column]))
                found.setdefault(key, []).extend((group, float(value), year) for group, value in values)
    return found


def _of_row(figure: Figure, row: dict) -> bool:
    """Whether a row of a frame is of the figure's year and scope, as far as the row says."""
    year = row.get("year", row.get("fiscal_year"))
    if not missing(year) and figure.year is not None and int(year) != figure.year:
        return False
    return "scope" not in row or missing(row["scope"]) or row["scope"] == figure.scope


def _stands(figure: Figure, row: dict, value: float) -> bool:
    if not _same(figure.value, value):
        return False
    return _digits(value) > _FEW or (not missing(row.get("place")) and _row(row["place"]) in figure.rows)


def _same(one: float, other: float) -> bool:
    return abs(one - other) < 1e-6


def _digits(value: float) -> int:
    return len(number(value, 6).replace(",", "").replace(".", "").strip("−0"))


def _row(place: str) -> str | None:
    """The file, table and row of a place in a table."""
    found = _ROW.match(place)
    return "".join(found.groups()) if found else None
