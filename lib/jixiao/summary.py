"""What a build came to, for a person."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from .rows import schema

if TYPE_CHECKING:
    import pandas as pd

MOST_LINES = 20  # reports listed one by one
_NO_FIGURES = ("reports", "issues", "findings", "checks")


@dataclass(slots=True)
class BuildSummary:
    """The end of a build: what was read, what it came to by table, what is wrong with which file, what was written."""

    raw: str
    out: str
    files: int = 0
    read: int = 0  # files that gave figures
    rows: dict[str, int] = field(default_factory=dict)
    figures: dict[str, int] = field(default_factory=dict)  # amounts, rates, scores, weights, counts: numbers that are not null
    findings: dict[str, int] = field(default_factory=dict)  # by severity, and how many of them are accepted
    expired: list[str] = field(default_factory=list)  # entries of accepted.csv that no finding bears out any more
    issues: dict[str, int] = field(default_factory=dict)  # by code
    cells: list[int] = field(default_factory=lambda: [0, 0])  # cells with a number that were taken, that there are
    short: dict[str, list[int]] = field(default_factory=dict)  # the same of each report of which not all were taken
    problems: list[list[str]] = field(default_factory=list)  # [file, what is wrong and what to do]
    written: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)  # tables with more rows than the workbook takes
    by_year_only: list[str] = field(default_factory=list)  # tables too large to be one file
    parsed: int = 0  # files that were not in the cache
    complete: bool = True  # no file failed for a reason that may have passed by the next build
    unchanged: bool = False
    seconds: float = 0.0

    def to_json(self) -> dict:
        return asdict(self)

    def cell(self, report_id: str, taken: int, cells: int) -> None:
        """Count the cells with a number of a report."""
        self.cells = [self.cells[0] + taken, self.cells[1] + cells]
        if taken < cells:
            self.short[report_id] = [taken, cells]

    def tally(self, tables: Mapping[str, pd.DataFrame]) -> None:
        """Count the rows and figures of some tables."""
        for table, frame in tables.items():
            self.rows[table] = self.rows.get(table, 0) + len(frame)
            if table not in _NO_FIGURES:
                numbers = [name for name, dtype in schema(table).items() if dtype == "float64"]
                self.figures[table] = self.figures.get(table, 0) + int(frame[numbers].notna().sum().sum())

    def add(self, part: BuildSummary) -> None:
        """Add what a part of the reports came to."""
        self.read += part.read
        self.complete &= part.complete
        self.cells = [one + other for one, other in zip(self.cells, part.cells, strict=True)]
        self.short |= part.short
        self.problems += part.problems
        for counts, more in ((self.rows, part.rows), (self.figures, part.figures), (self.issues, part.issues)):
            for name, count in more.items():
                counts[name] = counts.get(name, 0) + count

    def again(self, seconds: float) -> BuildSummary:
        """The same, of a build that found nothing to do."""
        return replace(self, unchanged=True, written=[], parsed=0, seconds=seconds)

    def __str__(self) -> str:
        return "\n".join(self.lines())

    def _written(self) -> str:
        """The files by ending: "csv: funds, issues; parquet: funds, issues"."""
        endings = sorted({name.partition(".")[2] for name in self.written})
        by_ending = {end: [n.partition(".")[0] for n in self.written if n.partition(".")[2] == end] for end in endings}
        tables, others = ({end: names for end, names in by_ending.items() if (end in ("csv", "parquet")) == own} for own in (True, False))
        if all(set(names) == set(self.rows) for names in tables.values()):
            parts = [f"all {len(self.rows)} tables as {' and '.join(tables)}"] if tables else []
        else:
            parts = [f"{end}: {', '.join(names)}" for end, names in tables.items()]
        return "; ".join([*parts, *(f"{name}.{end}" for end, names in others.items() for name in names if end), *others.get("", [])])

    def _taken(self) -> list[str]:
        """The share of the tables' figures that went into the tidy tables: of all, and of each report where it is not all."""
        taken, cells = self.cells
        rest = "" if taken == cells else "; each of the rest is in issues"
        lines = [f"{taken} of {cells} cells with a number in the reports' tables were taken ({taken / cells:.1%}){rest}"]
        short = sorted((pair[0] / pair[1], name, pair) for name, pair in self.short.items())
        lines += [f"  {name}: {pair[0]} of {pair[1]} ({share:.1%})" for share, name, pair in short[:MOST_LINES]]
        return lines + ([f"  and {len(short) - MOST_LINES} more reports"] if len(short) > MOST_LINES else [])

    def about_expired(self) -> list[str]:
        """The entries of accepted.csv that have expired."""
        count = len(self.expired)
        head = f"{count} {'entry' if count == 1 else 'entries'} of accepted.csv {'has' if count == 1 else 'have'} expired:"
        return [head, *(f"  {line}" for line in self.expired)] if count else []

    def lines(self) -> list[str]:
        lines = [f"{self.read} of {self.files} files read from {self.raw}, {sum(self.figures.values())} figures", ""]
        lines.append(f"{'table':<14}{'rows':>8}{'figures':>10}")
        for table, rows in self.rows.items():
            kinds = {"findings": self.findings, "issues": self.issues}.get(table, {})
            note = ", ".join(f"{count} {kind}" for kind, count in kinds.items())
            lines.append(f"{table:<14}{rows:>8}{self.figures.get(table, ''):>10}   {note}".rstrip())
        if self.cells[1]:
            lines += ["", *self._taken()]
        if self.problems:
            files = len({name for name, _ in self.problems})
            lines += ["", f"{files} {'file' if files == 1 else 'files'} to look at:"]
            lines += [f"  {name}: {reason}" for name, reason in self.problems[:MOST_LINES]]
            lines += (
                [f"  and {len(self.problems) - MOST_LINES} more lines; the table issues has all"] if len(self.problems) > MOST_LINES else []
            )
        lines += ["", *self.about_expired()] if self.expired else []
        lines.append("")
        if self.unchanged:
            lines.append(f"nothing changed: the tables in {self.out} are up to date")
        elif self.written:
            lines.append(f"written to {self.out}: {self._written()}")
        else:
            lines.append(f"the tables in {self.out} came out as they were")
        if self.left_out:
            lines.append(
                f"jixiao.xlsx is without {', '.join(self.left_out)}: too many rows for a sheet; the CSV and Parquet files have all"
            )
        if self.by_year_only:
            lines.append(f"{', '.join(self.by_year_only)}: too many rows for one file; they are in by_year/, a Parquet file a year")
        lines.append(
            f"{self.seconds:.1f} s" + ("" if self.unchanged else f", {self.parsed} parsed, {self.files - self.parsed} kept from before")
        )
        return lines
