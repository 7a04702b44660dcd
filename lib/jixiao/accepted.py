"""Findings that a person has looked at and accepted: `accepted.csv` beside the folder of reports.

An entry names a finding by its report, scope, check, label and both numbers. It holds as long as the finding is there with these
numbers; else it has expired, and says so. A finding that is accepted stays among the findings, with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from . import edited

if TYPE_CHECKING:
    import pandas as pd

FILE = "accepted.csv"
COLUMNS = ("report_id", "scope", "check", "label", "expected", "found", "reason", "accepted_by", "accepted_on")
_NEEDED = ("report_id", "check", "reason", "accepted_by", "accepted_on")
_SAME = 5e-7  # the tables keep six places
_NUMBER = re.compile(r"[+-]?\d[\d,]*(\.\d*)?(e[+-]?\d+)?", re.IGNORECASE)


class AcceptedError(edited.EditedError):
    """The table of accepted findings is wrong; the message says where, and what to do."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table; `expected` and `found` are None for a finding without numbers, a blank `label` stands for any."""

    line: int
    report_id: str
    scope: str
    check: str
    label: str
    expected: float | None
    found: float | None
    reason: str

    @property
    def name(self) -> str:
        return " · ".join(filter(None, (self.report_id, self.scope, self.check, self.label)))


def read_entries(path: Path) -> list[Entry]:
    """The entries of the table, none where there is no file. Raises AcceptedError naming file and line."""
    entries: list[Entry] = []
    for line, fields in edited.lines(path, COLUMNS, AcceptedError):
        missing = [column for column in _NEEDED if not fields[column]]
        if missing:
            raise AcceptedError(f"{path}, line {line}: {missing[0]} is missing; every entry needs {', '.join(_NEEDED)}")
        _check_date(fields["accepted_on"], f"{path}, line {line}")
        numbers = {column: _number(fields[column], f"{path}, line {line}: {column}") for column in ("expected", "found")}
        texts = {column: fields[column] for column in ("report_id", "scope", "check", "label", "reason")}
        entries.append(Entry(line, **texts, **numbers))
    return entries


def _number(text: str, where: str) -> float | None:
    percent = text.endswith(("%", "％"))
    plain = text.rstrip("%％").strip()
    if not text:
        return None
    if not _NUMBER.fullmatch(plain):
        raise AcceptedError(f"{where} is {text!r}, not a number; copy it from findings.csv, or leave it blank where it is blank there")
    return float(plain.replace(",", "")) / (100 if percent else 1)


def _check_date(text: str, where: str) -> None:
    try:
        date(*map(int, re.split(r"[-/.]", text)))  # Excel writes 2026/1/5
    except (TypeError, ValueError):
        raise AcceptedError(f"{where}: accepted_on is {text!r}, not a date; write it as 2026-01-31") from None


def mark(findings: pd.DataFrame, entries: Iterable[Entry], reports: Iterable[str]) -> tuple[pd.DataFrame, list[tuple[int, str]]]:
    """`findings` with `accepted` filled in (the reason, else null), and for each entry that has expired its line and what to do.

    `reports` are the report_ids of the build, to say whether a report or only the finding is gone.
    """
    reasons = findings["accepted"].copy() if "accepted" in findings else findings["report_id"].mask(True)
    entries, known, expired = list(entries), set(reports), []
    named = findings[findings["report_id"].isin({entry.report_id for entry in entries})]
    of_report = dict(list(named.groupby("report_id")))
    for entry in entries:
        rows = of_report.get(entry.report_id, findings.iloc[:0])
        rows = rows[rows["check"].eq(entry.check) & rows["scope"].fillna("").eq(entry.scope)]
        if entry.label and "label" in rows:
            rows = rows[rows["label"].eq(entry.label)]
        same = rows[_equal(rows["expected"], entry.expected) & _equal(rows["found"], entry.found)]
        # without numbers, only its label tells one finding from another: an entry is for one, not for those to come
        if len(same) == 1 or (len(same) and entry.expected is not None and entry.found is not None):
            reasons.loc[same.index] = entry.reason
        else:
            expired.append((entry.line, f"line {entry.line}: {entry.name}: {_why(entry, rows, len(same), known)}"))
    return findings.assign(accepted=reasons), expired


def _equal(values: pd.Series, number: float | None) -> pd.Series:
    return values.isna() if number is None else (values - number).abs().le(_SAME)


def _why(entry: Entry, rows: pd.DataFrame, same: int, reports: set[str]) -> str:
    if entry.report_id not in reports:
        return "there is no such report; remove the line"
    if same:
        return f"{same} findings are like that; fill in the label of the one that is meant"
    if rows.empty:
        return "there is no such finding any more; remove the line"
    now = "; ".join(f"{_written(e)} and {_written(f)}" for e, f in rows[["expected", "found"]].head(3).itertuples(index=False))
    then = f"{_written(entry.expected)} and {_written(entry.found)}"
    return f"accepted with {then}, now {now}; look again, then correct the line or remove it"


def _written(value: float | None) -> str:
    return "none" if value is None or value != value else f"{value:.6f}".rstrip("0").rstrip(".")
