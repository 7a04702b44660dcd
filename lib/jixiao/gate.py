"""Findings and checks as lines for a terminal, and whether they hold up a pipeline: for `jixiao check`."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from . import findings as found
from .accepted import COLUMNS
from .choices import choose
from .manifest import NAME
from .summary import BuildSummary
from .terminal import columns, pad, wrap

INDENT = "    "
WIDEST = 24  # columns of a terminal for a scope; a longer one goes on below
NOTHING = "—"
HEAD = ["report", "check", "scope", "printed", "own figures"]


class Gate:
    """The findings and checks of a folder of tables, or of the chosen reports and checks of it.

    `severities` says which findings are listed; all are counted. Raises ValueError for a report or check that there is not.
    """

    def __init__(
        self, tables: dict[str, pd.DataFrame], reports: Sequence[str] = (), checks: Sequence[str] = (), severities: Sequence[str] = ()
    ) -> None:
        for report in reports:
            choose(report, tables["reports"]["report_id"].tolist(), "report")
        for check in checks:
            choose(check, sorted({*tables["checks"]["check"], *tables["findings"]["check"]}), "check")
        self.findings = found.chosen(found.ordered(tables["findings"]), reports, checks)
        self.checks = found.chosen(tables["checks"], reports, checks)
        self.shown = found.chosen(self.findings, severities=severities)
        self.reports = len(reports) or len(tables["reports"])

    def stops(self, level: str) -> bool:
        """Whether a finding at `level` or above stands that nobody has accepted."""
        return len(found.open_ones(self.findings, level)) > 0

    def lines(self, width: int | None = None, expired: Sequence[str] = ()) -> Iterator[str]:
        """The findings by severity, then the checks by status, then what was not checked and why."""
        width = max(width or shutil.get_terminal_size((140, 24)).columns, 40)
        for level in found.SEVERITIES:
            rows = self.shown[self.shown["severity"].eq(level)]
            if len(rows):
                yield f"{level}: {_count(len(rows), 'finding')}"
                yield ""
                yield from _findings(rows, width)
        yield from self._counts()
        yield ""
        yield from _checks(self.checks)
        yield from _unchecked(self.checks, width)
        yield from (["", *expired] if expired else [])

    def _counts(self) -> Iterator[str]:
        taken = int(self.findings["accepted"].notna().sum())
        levels = ", ".join(f"{int(self.findings['severity'].eq(level).sum())} {level}" for level in found.SEVERITIES)
        hidden = len(self.findings) - len(self.shown)
        yield (
            f"{_count(len(self.findings), 'finding')} in {_count(self.reports, 'report')}: {levels}; {taken} accepted"
            + (f"; {hidden} not listed here" if hidden else "")
        )

    def to_accept(self) -> Iterator[str]:
        """The findings that are listed and not accepted, as lines for accepted.csv: reason, name and date are to be filled in."""
        import csv
        import io

        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(COLUMNS)
        rows = self.shown[self.shown["accepted"].isna()].reindex(columns=list(COLUMNS)).astype(object)
        writer.writerows(rows.where(rows.notna(), "").itertuples(index=False, name=None))
        yield from text.getvalue().splitlines()


def expired(processed: Path) -> list[str]:
    """The entries of accepted.csv that had expired when the tables were built, as lines; or that this is not known."""
    try:
        return BuildSummary(**json.loads((processed / NAME).read_text(encoding="utf-8"))["summary"]).about_expired()
    except (OSError, ValueError, KeyError, TypeError):
        return [f"{processed / NAME} is not there or not of this version: `jixiao build` says which entries of accepted.csv have expired"]


def figure(value: object) -> str:
    """A figure of `findings` as it is printed beside others; a dash for none."""
    return NOTHING if pd.isna(value) else f"{value:,.6f}".rstrip("0").rstrip(".")


def _findings(rows: pd.DataFrame, width: int) -> Iterator[str]:
    scopes = [wrap(scope, WIDEST) if isinstance(scope, str) else [NOTHING] for scope in rows["scope"]]
    texts = [
        [each.report_id, each.check, scope[0], figure(each.expected), figure(each.found)]
        for each, scope in zip(rows.itertuples(), scopes, strict=True)
    ]
    wide = [max(columns(row[at]) for row in [HEAD, *texts]) for at in range(len(HEAD))]
    wide[2] = max(columns(line) for lines in [HEAD[2:3], *scopes] for line in lines)
    yield _row(HEAD, wide)
    for each, row, scope in zip(rows.itertuples(), texts, scopes, strict=True):
        yield _row(row, wide)
        yield from (" " * (wide[0] + wide[1] + 4) + line for line in scope[1:])
        for line in wrap(each.message, width - len(INDENT)):
            yield INDENT + line
        yield from (INDENT + place for place in filter(None, each.places.split(" ")))
        if isinstance(each.accepted, str):
            yield from (INDENT + line for line in wrap(f"accepted: {each.accepted}", width - len(INDENT)))
        yield ""


def _row(texts: Sequence[str], wide: Sequence[int]) -> str:
    """Names to the left, the two figures to the right."""
    names = [pad(text, space) for text, space in zip(texts[:3], wide[:3], strict=True)]
    return "  ".join([*names, *(" " * (space - columns(text)) + text for text, space in zip(texts[3:], wide[3:], strict=True))])


def _checks(checks: pd.DataFrame) -> Iterator[str]:
    head = ["check", "passed", "failed", "not checked", "not applicable", "figures compared"]
    rows = [[str(value) for value in row] for row in found.by_check(checks).itertuples(index=False, name=None)]
    wide = [max(columns(row[at]) for row in [head, *rows]) for at in range(len(head))]
    for row in [head, *rows]:
        yield "  ".join([pad(row[0], wide[0]), *(f"{text:>{space}}" for text, space in zip(row[1:], wide[1:], strict=True))])


def _unchecked(checks: pd.DataFrame, width: int) -> Iterator[str]:
    rows = found.unchecked(checks)
    if rows.empty:
        return
    yield ""
    yield "not checked:"
    room = max(map(len, rows["check"]))
    for each in rows.itertuples():
        where = each.report_id if each.reports == 1 else f"{each.reports} reports, {each.report_id} for one"
        text = f"{each.reason} ({where}{'; other figures were compared' if each.partly else ''})"
        for at, line in enumerate(wrap(text, max(width - room - 4, 20))):
            yield f"  {pad(each.check if at == 0 else '', room)}  {line}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
