"""The tables of a folder as they are asked for: a column is read from disk when something needs it, and of the chosen reports alone.

    tables = Tables(folder).of(years=[2024])
    tables["funds"]                                # the whole table, a plain frame
    only(tables, "funds", "institute amount_wan")  # these columns; no other is read
    measured(tables, marks.total_scores)           # a measure, of the columns that it declares

The functions take a dict of whole tables as well.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from copy import copy
from pathlib import Path

import pandas as pd

from . import facts, frames
from .stored import Stored

Measure = Callable[..., pd.DataFrame]
Shape = tuple[Sequence[str], Callable[[pd.DataFrame], pd.DataFrame]]  # the columns that a change of a table's rows needs, and the change


class Tables(Mapping[str, pd.DataFrame]):
    """The tables in `folder` without the reports that are there a second time; the issues of these say so and stay.

    `shapes` is what is to be done to a table that was read. Frames have plain dtypes; to change one changes no other.
    """

    def __init__(self, folder: Path, shapes: Mapping[str, Shape] | None = None) -> None:
        self._stored, self._shapes, self._wider = Stored(folder), shapes or {}, None
        reports = self._stored.read("reports", ["report_id", "institute", "fiscal_year", "duplicate_of"])
        self.reports = reports.loc[reports["duplicate_of"].isna(), ["report_id", "institute", "fiscal_year"]]  # which these tables are of
        self._again = reports.loc[reports["duplicate_of"].notna(), "report_id"]
        self._years: set[int] | None = None  # None: all
        self._few = False  # whether reports are chosen other than by their years
        self._held: dict[str, dict[str, pd.Series]] = {}  # the columns that were read
        self._measured: dict[Measure, pd.DataFrame] = {}

    def of(self, names: Collection[str] = (), years: Collection[int] = (), reports: Collection[str] | None = None) -> Tables:
        """The tables of these institutes and years (nothing is all) and, where given, of these reports (`report_id`)."""
        if not names and not years and reports is None:
            return self
        keep = pd.Series(True, index=self.reports.index)
        if names:
            keep &= self.reports["institute"].isin(list(names))
        if years:
            keep &= self.reports["fiscal_year"].isin(list(years)).fillna(False).astype(bool)
        if reports is not None:
            keep &= self.reports["report_id"].isin(list(reports))
        narrower = copy(self)
        narrower.reports, narrower._wider = self.reports[keep], self
        if years:
            narrower._years = set(years) & (self._years or set(years))
        narrower._few = self._few or bool(names) or reports is not None
        narrower._held, narrower._measured = {}, {}
        return narrower

    def once(self) -> Tables:
        """These tables for one look: what was read before is at hand, what is read for it is not kept."""
        passing = copy(self)
        passing._held = {table: dict(columns) for table, columns in self._held.items()}
        passing._measured = dict(self._measured)
        return passing

    def __getitem__(self, table: str) -> pd.DataFrame:
        if table not in facts.TABLES:
            raise KeyError(table)
        schema = frames.schema(table)
        held = self._columns(table, list(schema))
        return self.only(table, [*schema, *(name for name in held if name not in schema)])

    def __iter__(self) -> Iterator[str]:
        return iter(facts.TABLES)

    def __len__(self) -> int:
        return len(facts.TABLES)

    def only(self, table: str, columns: Sequence[str]) -> pd.DataFrame:
        """These columns of a table; those that nobody has asked for yet are read."""
        held = self._columns(table, columns)
        return pd.concat({name: held[name] for name in columns}, axis=1)

    def measure(self, measure: Measure) -> pd.DataFrame:
        """`measured` of these tables, worked out once."""
        if measure not in self._measured:
            self._measured[measure] = measure(*(self.only(*each) for each in measure.reads.items()))
        return self._measured[measure].copy(deep=False)

    def _columns(self, table: str, columns: Sequence[str]) -> dict[str, pd.Series]:
        """The columns of a table that were read so far, these among them."""
        held = self._held.setdefault(table, {})
        lacking = [name for name in columns if name not in held]
        if lacking:
            keyed = list(dict.fromkeys(["report_id", *lacking]))
            if self._wider is not None and set(keyed) <= self._wider._held.get(table, {}).keys():
                rows = self._wider.only(table, keyed)
                rows = rows[rows["report_id"].isin(self.reports["report_id"])].reset_index(drop=True)
            else:
                rows = self._read(table, keyed)
            held |= {name: rows[name] for name in rows if name not in held}
        return held

    def _read(self, table: str, columns: Sequence[str]) -> pd.DataFrame:
        needed, change = self._shapes.get(table, ((), None))
        by_report = self._few or (table == "issues" and self._years is not None)  # which has no years
        rows = self._stored.read(table, [*needed, *columns], self._years, self.reports["report_id"] if by_report else None)
        if not by_report and table != "issues" and len(self._again):
            rows = rows[~rows["report_id"].isin(self._again)].reset_index(drop=True)
        return rows if change is None else change(rows)


def only(tables: Mapping[str, pd.DataFrame], table: str, columns: str) -> pd.DataFrame:
    """These columns, with blanks between, of a table; of `Tables` nothing else is read."""
    names = columns.split()
    return tables.only(table, names) if isinstance(tables, Tables) else tables[table][names]


def once(tables: Mapping[str, pd.DataFrame]) -> Mapping[str, pd.DataFrame]:
    """The tables for one look: of `Tables`, what is read for it is not kept."""
    return tables.once() if isinstance(tables, Tables) else tables


def of_reports(tables: Mapping[str, pd.DataFrame], reports: Collection[str]) -> Mapping[str, pd.DataFrame]:
    """The tables of these reports (`report_id`) alone."""
    if isinstance(tables, Tables):
        return tables.of(reports=reports)
    return {table: frame[frame["report_id"].isin(list(reports))] for table, frame in tables.items()}


def reads(**columns: str) -> Callable[[Measure], Measure]:
    """Declare of a measure which columns, with blanks between, of which tables its arguments are, in their order."""

    def declare(measure: Measure) -> Measure:
        measure.reads = {table: names.split() for table, names in columns.items()}
        return measure

    return declare


def measured(tables: Mapping[str, pd.DataFrame], measure: Measure) -> pd.DataFrame:
    """What `measure` gives of the columns of `tables` that it declares (see `reads`)."""
    if isinstance(tables, Tables):
        return tables.measure(measure)
    return measure(*(tables[table][names] for table, names in measure.reads.items()))
