"""All figures behind a briefing as one table: what each is, what the report states, and where it stands.

One line a row of the tidy tables, since all figures of such a row stand at its place (a cell, a sentence).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from .display import Table
from .document import Place
from .evidence import where
from .facts import WHOLE
from .findings import SEVERITIES, open_ones
from .tables import only
from .touched import Mark, Touched
from .words import code, heading, missing, money, say, scope, written

COLUMNS = ["institute", "fiscal_year", "listed", "stated", "stands"]
_NEEDED = {
    "execution": "report_id institute fiscal_year scope initial_budget_wan revised_budget_wan executed_wan rate_printed rate weight "
                 "score_printed score place",
    "three_public": "report_id institute fiscal_year item year stage amount_wan place",
    "scores": "report_id institute fiscal_year scope name weight score_printed score place",
    "indicators": "report_id institute fiscal_year scope level2 level3 target actual weight score place",
}  # fmt: skip
_EXECUTION = {"initial_budget_wan": "wan", "revised_budget_wan": "wan", "executed_wan": "wan", "rate_printed": "percent"}
_STATED = {"execution": [*_EXECUTION], "three_public": ["amount_wan"], "scores": ["score", "weight"],
           "indicators": ["target", "actual", "score", "weight"]}  # fmt: skip


class Link(Mark):
    """A text that leads to the page of evidence of its report."""

    def html(self, text: str) -> str:
        return text


def figures(tables: Mapping[str, pd.DataFrame], touched: Touched, language: str, most: int, columns: list[str] = COLUMNS) -> Table:
    """The figures of `tables` as a table for reading; one that a finding touches leads to it, each place to its report's evidence."""
    rows: list[list[Any]] = []
    marks: dict[tuple[int, str], Mark] = {}
    stating = {table: _stating(tables, table) for table in _NEEDED}
    total = sum(map(len, stating.values()))
    chosen = list(stating.items()) if total <= most else _gravest(stating, tables, most)
    for row, listed, stated, mark in _rows(chosen, touched, language):
        if mark:
            marks[len(rows), "stated"] = mark
        marks[len(rows), "stands"] = Link(row["report_id"], 0, "")
        rows.append([row["institute"], row["fiscal_year"], listed, stated, _where(row["place"], language)])
    frame = pd.DataFrame(rows, columns=COLUMNS)
    order, source = say("order_figures", language), " ".join(_NEEDED)
    return Table(frame[columns], language, most, marks, say("table_figures", language), total, order, source)


def _stating(tables: Mapping[str, pd.DataFrame], table: str) -> pd.DataFrame:
    """The rows of a table that state a figure."""
    frame = only(tables, table, _NEEDED[table])
    return frame[frame[_STATED[table]].notna().any(axis=1)]


def _gravest(stating: Mapping[str, pd.DataFrame], tables: Mapping[str, pd.DataFrame], most: int) -> list[tuple[str, pd.DataFrame]]:
    """The first `most` rows, those first at whose places open findings point, the gravest before others; a table may come again."""
    found = open_ones(only(tables, "findings", "severity places accepted"))
    places = found.assign(places=found["places"].str.split(" ")).explode("places").drop_duplicates(["severity", "places"])
    chosen = []
    for level in (*SEVERITIES, None):
        pointed = set(places.loc[places["severity"].eq(level), "places"]) if level else set()
        for table, frame in stating.items():
            here = frame["place"].isin(pointed) if level else pd.Series(True, index=frame.index)
            stating = {**stating, table: frame[~here]}
            chosen.append((table, frame[here].head(most)))
            most -= len(chosen[-1][1])
    return [(table, frame) for table, frame in chosen if len(frame)]


def _rows(
    chosen: Iterable[tuple[str, pd.DataFrame]], touched: Touched, language: str
) -> Iterator[tuple[dict[str, Any], str, str, Mark | None]]:
    """A row of a table, what it is about, its figures, and the gravest finding that touches one of them."""
    tell = {"execution": _execution, "three_public": _three_public, "scores": _score, "indicators": _indicator}
    glue = "；" if language == "zh" else "; "
    for name, frame in chosen:
        marks = touched.cells(frame)
        first = {at: mark for (at, _), mark in sorted(marks.items(), key=lambda item: -item[1].number)}
        for at, row in enumerate(frame.to_dict("records")):
            listed, stated = tell[name](row, language)
            yield row, listed, glue.join(stated), first.get(at)


def _execution(row: dict[str, Any], language: str) -> tuple[str, list[str]]:
    stated = [
        say("listed_amount", language, name=code(name, language), amount=row[name]) if kind == "wan"
        else say("listed_value", language, name=heading(name, language), value=written(row[name], kind, language))
        for name, kind in _EXECUTION.items() if not missing(row[name])
    ]  # fmt: skip
    return " · ".join([say("listed_execution", language), scope(row["scope"], language)]), stated


def _three_public(row: dict[str, Any], language: str) -> tuple[str, list[str]]:
    year = "" if missing(row["year"]) else str(int(row["year"]))
    parts = [code("three_public", language), code(row["item"], language), code(row["stage"], language), year]
    return " · ".join(filter(None, parts)), [] if missing(row["amount_wan"]) else [money(row["amount_wan"], language)]


def _score(row: dict[str, Any], language: str) -> tuple[str, list[str]]:
    return _about(row, [code(row["name"], language, "level")], language), _points(row, language)


def _indicator(row: dict[str, Any], language: str) -> tuple[str, list[str]]:
    names = [row["level3"] if not missing(row["level3"]) else code(row["level2"], language, "level")]
    stated = [
        say("listed_value", language, name=heading(name, language), value=row[name])
        for name in ("target", "actual")
        if not missing(row[name])
    ]
    return _about(row, names, language), [*stated, *_points(row, language)]


def _about(row: dict[str, Any], names: list[Any], language: str) -> str:
    project = "" if row["scope"] == WHOLE else scope(row["scope"], language)
    return " · ".join([project, *names] if project else [str(name) for name in names if not missing(name)])


def _points(row: dict[str, Any], language: str) -> list[str]:
    score, weight = (written(row[name], "points", language) for name in ("score", "weight"))
    if score and weight:
        return [say("listed_points", language, score=score, weight=weight)]
    if score:
        return [say("listed_points_alone", language, score=score)]
    return [say("listed_weight", language, weight=weight)] if weight else []


def _where(place: object, language: str) -> str:
    return "" if missing(place) or not place else where(Place.parse(str(place)), language)
