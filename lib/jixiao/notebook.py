"""What a notebook calls: `open_view` reads the tables, checks the notebook's parameters and gives a `View` to ask.

    view = open_view(globals(), processed=processed, institutes=institutes, years=years, language=language)
    rates = view.measure(measures.execution_rates)
    view.table(rates, "institute fiscal_year rate")
    charts.rates(rates, view.language)
    view.read(readings.rates, rates)

papermill only warns about a parameter that a notebook does not have; here it is refused, as is an institute or a year that is not
in the tables, with a list of what there is.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd
from IPython.display import HTML, Markdown, display
from matplotlib.axes import Axes

from . import coverage, interactive, readings
from .audit.messages import reason, told
from .choices import choose, listed, unknown
from .display import Table, foremost
from .evidence import Evidence, raw_beside
from .facts import TABLES
from .findings import SEVERITIES, chosen, ordered
from .listing import figures
from .readings.common import year_span
from .shown import Chart, Said, Title
from .stored import BY_YEAR
from .tables import Shape, Tables, measured, only
from .touched import Touched
from .words import LANGUAGES, say

FEW, MANY = 3, 20  # findings shown with their sources
FILTERED = ("institute", "fiscal_year")


@dataclass(frozen=True)
class View:
    """The tables that a notebook looks at, and the language it speaks.

    `tables` are those of the chosen institutes and years; each is also an attribute (`view.funds`), and is read when it is first asked
    for. `findings` stand by severity, numbered in their reports as on every page. `institute` and `year` are those of a briefing.
    """

    tables: Tables
    language: str
    institute: str | None = None
    year: int | None = None
    processed: Path = Path()

    def __getattr__(self, name: str) -> pd.DataFrame:
        if name in TABLES and "tables" in self.__dict__:
            return self.tables[name]
        raise AttributeError(f"View has no {name!r}; its tables are {', '.join(TABLES)}")

    def only(self, table: str, columns: str) -> pd.DataFrame:
        """These columns of a table, with blanks between: `view.only("indicators", "institute level1 score")`; no other is read."""
        return only(self.tables, table, columns)

    def measure(self, measure: Callable[..., pd.DataFrame]) -> pd.DataFrame:
        """What `measure` (of `measures` or `marks`) gives of the tables; only the columns that it declares are read."""
        return measured(self.tables, measure)

    def table(
        self, frame: pd.DataFrame, columns: str | None = None, most: int = 40, title: str | None = None, by: str = "", source: str = ""
    ) -> Table:  # fmt: skip
        """`frame` for reading: headings in words, numbers with their units, at most `most` rows; touched by a finding, marked.

        `columns` names those to show, in order, with blanks between: `"institute fiscal_year rate"`; `title` is a key of `words.toml`.
        Where rows are left out, `by` says which come first (see `display.foremost`), and `source` names the tables that have all.
        """
        most, order = interactive.most(most), ""
        if by and len(frame) > most:
            frame, order = foremost(frame.reset_index(drop=True), by, self.language)
        names = list(frame) if columns is None else columns.split()
        if "told" in names and "told" not in frame:  # the sentences of findings, of those that are shown
            frame = frame.assign(told=told(frame.head(most), self.language))
        shown = frame[names]
        marks, told_title = self._touched.cells(frame.head(most)), say(title, self.language) if title else ""
        return Table(shown, self.language, most, marks, told_title, order=order, source=source)

    def figures(self, columns: str = "institute fiscal_year listed stated stands", most: int = 400) -> Table:
        """Every figure of these institutes and years: what it is, what the report states, and where."""
        return figures(self.tables, self._touched, self.language, most, columns.split())

    def chart(self, draw: Callable[..., Axes], frame: Any, *more: Any) -> Chart:
        """What `draw` draws of `frame`, with its title below it as a caption; a page of one institute does not name it on each row."""
        frame = frame.assign(institute="") if self.institute else frame
        return Chart(draw(frame, *more, self.language))

    def gaps(self, topic: str = coverage.ALL) -> pd.DataFrame:
        """What cannot be compared of a topic, or of all, and why: `coverage.gaps` of the tables."""
        if topic not in self._gaps:
            self._gaps[topic] = coverage.gaps(self.tables.once(), topic)
        return self._gaps[topic]

    @cached_property
    def _gaps(self) -> dict[str, pd.DataFrame]:
        """What was asked for so far."""
        return {}

    @cached_property
    def _touched(self) -> Touched:
        return Touched(self.tables, self.language)

    def read(self, reading: Callable[..., str], frame: Any, *more: Any) -> Markdown:
        """What `reading` says about `frame`, in the view's language; of one institute's projects not each time whose they are."""
        said, names = reading(frame, *more, self.language), self.tables.reports["institute"].dropna().unique()
        return self._said(said.replace(f"{names[0]} · ", "") if len(names) == 1 else said)

    def answer(self, reading: Callable[..., str], frame: Any, *more: Any, about: str | None = None) -> Markdown:
        """What `reading` says about `frame` as the answer of a notebook, and below it what to mind.

        `about` is a topic of `coverage.GAPS`, whose gaps are counted there; "all" counts those of every topic.
        """
        lacking = None if about is None else self.gaps(about)
        texts = reading(frame, *more, self.language), readings.caveats(self.tables.once(), lacking, self.language)
        said = [self._said(text).data for text in texts]
        return Markdown("**{}** {}\n\n**{}**\n\n{}".format(say("answer", self.language), said[0], say("caveats", self.language), said[1]))

    def _said(self, text: str) -> Said:
        return Said(self._touched.runs(text, self.tables.reports["institute"].dropna().unique()))

    @property
    def span(self) -> str:
        """The years of its reports in words."""
        return year_span(self.tables.reports["fiscal_year"], self.language)

    def chosen(self, report: Any = None, check: Any = None, severity: Any = None) -> pd.DataFrame:
        """The findings of these reports, checks and severities, each one or a list, nothing for all.

        Raises ValueError for one that there is not, listing what there is.
        """
        asked = [listed(value) for value in (report, check, severity)]
        if asked[0]:
            _known(asked[0], self.tables.reports["report_id"], "report")
        if asked[1]:
            _known(asked[1], self.only("checks", "check")["check"], "check")
        _known(asked[2], SEVERITIES, "severity")
        return chosen(self.tables["findings"], *asked)

    def evidence(self, findings: pd.DataFrame, raw: str | Path | None = None) -> Evidence:
        """`findings` with the spots of the source, the first few where nothing was chosen, and never so many that nobody reads them.

        `raw` is the folder of the reports (None: beside the tables).
        """
        most = FEW if len(findings) == len(self.only("findings", "report_id")) else MANY
        return Evidence(findings, self.only("reports", "source_file sha256"), raw or raw_beside(self.processed), self.language, most)

    def say(self, key: str, **values: Any) -> Markdown:
        """A text of `words.toml` in the view's language."""
        return Said([(say(key, self.language, **values), None)])

    def heading(self, key: str, level: int = 2, **values: Any) -> Markdown:
        """A heading in the view's language."""
        return Title(say(key, self.language, **values), level)

    def of(self, institute: str | None = None, year: int | None = None) -> View:
        """The view of one institute or year, or both, out of this one."""
        tables = self.tables.of([institute] if institute else [], [year] if year else [])
        return replace(self, tables=tables, institute=institute or self.institute, year=year or self.year)


def open_view(
    namespace: dict[str, Any],
    *,
    processed: str | Path = "data/processed",
    institutes: Any = None,
    years: Any = None,
    language: str = "zh",
    **one: Any,
) -> View:
    """Read the tables in `processed` and check the notebook's parameters.

    `namespace` is the notebook's `globals()`. `institutes` and `years` may be a list, one value, or nothing for all. A briefing
    passes `year` or `institute` and `year`; nothing stands for the latest year, and the institute with the latest report. Other
    parameters of `one` are the notebook's own.
    Raises ValueError for a parameter that the notebook does not declare, an institute, a year or a language that there is not, and
    a folder without tables; the message lists what there is.
    """
    declared = ["processed", "institutes", "years", "language", *one]
    _refuse_undeclared(namespace, declared)
    if language not in LANGUAGES:
        raise ValueError(f"language {language!r}: choose one of {', '.join(LANGUAGES)}")
    processed = _seen_from_here(Path(processed))
    tables = open_tables(processed, {"findings": (["severity"], ordered), "checks": ([], lambda rows: _reasons(rows, language))})
    reports = tables.reports
    known_years = sorted(int(year) for year in reports["fiscal_year"].dropna().unique())
    known_names = list(dict.fromkeys(reports["institute"].dropna()))
    names = [choose(name, known_names, "institute") for name in listed(institutes)]
    chosen = [choose(as_year(year), known_years, "year") for year in listed(years)]

    year, institute = as_year(one.get("year")) or None, one.get("institute") or None
    if institute is not None:
        institute = choose(institute, known_names, "institute")
    if year is not None:
        year = choose(year, known_years, "year")
    if "institute" in one and institute is None and known_names:
        newest = reports if year is None else reports[reports["fiscal_year"].eq(year)]
        newest = newest.dropna(subset=list(FILTERED)).sort_values("fiscal_year", ascending=False, kind="stable")
        institute = str(newest["institute"].iloc[0]) if len(newest) else known_names[0]
    if "year" in one:
        own = reports if institute is None else reports[reports["institute"].eq(institute)]
        own_years = sorted(int(value) for value in own["fiscal_year"].dropna().unique())
        if year is not None and institute is not None:
            choose(year, own_years, f"{institute}: year")
        year = year or (own_years[-1] if own_years else None)
    if interactive.live():
        display(HTML(interactive.bundle()))  # in the output of the cell that opens the view, for all tables after it
    return View(tables.of(names, chosen), language, institute, year, processed)


def _seen_from_here(processed: Path) -> Path:
    """The folder of the tables. A notebook names it as seen from its own folder, and papermill runs it in the caller's: often one above."""
    above = Path(*processed.parts[1:]) if processed.parts[:1] == ("..",) else processed
    return above if above.is_dir() and not processed.is_dir() else processed


def _known(values: Iterable[Any], there: Iterable[Any], what: str) -> None:
    known = list(dict.fromkeys(there))
    for value in values:
        choose(value, known, what)


def _refuse_undeclared(namespace: dict[str, Any], declared: list[str]) -> None:
    """Refuse a name set by papermill's cell, or by a parameters cell edited by hand, that is no parameter of the notebook."""
    for name in _set_by_cells(namespace.get("In", []), declared):
        if name not in declared:
            raise ValueError(unknown("parameter", name, declared))


def _set_by_cells(cells: Iterable[str], declared: list[str]) -> list[str]:
    """The names that parameter cells set: cells that only assign, and begin as papermill's do or assign a declared parameter."""
    found: list[str] = []
    for source in cells:
        try:
            statements = ast.parse(source).body
        except (SyntaxError, ValueError):  # a cell of magics, or one that failed
            continue
        targets = [target.id for statement in statements if isinstance(statement, ast.Assign) for target in statement.targets
                   if isinstance(target, ast.Name)]  # fmt: skip
        only = len(targets) == len(statements) > 0
        if only and (source.lstrip().startswith("# Parameters") or set(targets) & set(declared)):
            found += targets
    return found


def open_tables(processed: str | Path, shapes: Mapping[str, Shape] | None = None) -> Tables:
    """The tables in the folder `processed`, to be read as they are asked for. Raises ValueError where there are none."""
    folder = Path(processed)
    if not (folder / "reports.csv").is_file() and not (folder / BY_YEAR / "reports").is_dir():
        found = f"the folder is not there ({folder.resolve()})" if not folder.is_dir() else "there is no reports.csv in it"
        raise ValueError(f"processed {str(processed)!r}: {found}; `jixiao build` makes the tables, processed names their folder")
    return Tables(folder, shapes)


def _reasons(checks: pd.DataFrame, language: str) -> pd.DataFrame:
    """The rows with the reason why something was not checked in `language`."""
    if "reason" not in checks:
        return checks
    said = {text: reason(text, language) for text in checks["reason"].dropna().unique()}
    return checks.assign(reason=checks["reason"].map(said).astype("str"))


def as_year(value: Any) -> Any:
    """A year as a number where it is one."""
    text = str(value).strip().removesuffix("年")
    return int(text) if text.isdigit() else value
