"""Pieces → the tables of all reports, one table after the other, so that memory does not grow with the number of reports.

What only all reports together can tell is added here: which reports are there twice, the checks across reports, which findings a
person has accepted.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from . import accepted, audit, frames, twins, workbook
from .facts import TABLES
from .pieces import Pieces
from .rows import CODES
from .storage import Folder
from .store import MOST_ROWS, TableWriter, Workplace, write_package
from .summary import BuildSummary
from .workers import Pool

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

AUDITED = ("findings", "checks")
SEVERITIES = CODES["findings"]["severity"]
_ACROSS, _MERGE, _WORKBOOK = f"{__name__}:across", f"{__name__}:merge", "jixiao.store:write_workbook"
_FOUND = "found"  # the folder of what the checks across reports found, while tables are being made
_MANY = 8  # pieces
_AT_ONCE = 250_000  # rows that a check across reports looks at together, if it need not see all


@dataclass(frozen=True)
class Whole:
    """All pieces of a build, in order, and what is known of them as a whole."""

    pieces: Pieces
    keys: tuple[str, ...]
    twins: dict[str, str] = field(default_factory=dict)  # report_id → the report that it is a second time
    entries: tuple[accepted.Entry, ...] = ()


@dataclass
class Merged:
    """What merging a table came to."""

    severities: dict[str, int] = field(default_factory=dict)  # of findings, and how many of them are accepted
    expired: list[tuple[int, str]] = field(default_factory=list)  # entries that no finding bears out, with their lines

    def count(self, findings: pd.DataFrame) -> None:
        for severity in SEVERITIES:
            self.severities[severity] = self.severities.get(severity, 0) + int(findings["severity"].eq(severity).sum())
        if taken := int(findings["accepted"].notna().sum()):
            self.severities["accepted"] = self.severities.get("accepted", 0) + taken


def merge_all(
    pool: Pool, pieces: Pieces, keys: list[str], entries: list[accepted.Entry], out: Folder, summary: BuildSummary
) -> dict[str, str]:
    """Merge the pieces into the tables of `out`, and add what they came to to `summary`; gives {file written: sha256}."""
    prints: list[tuple[str, str]] = []
    for key in keys:
        about = pieces.about(key)
        summary.add(BuildSummary(**about["summary"]))
        prints += about["fingerprints"]
    again = twins.second(prints)
    if again:
        summary.issues["same_report"] = len(again)
    whole = Whole(pieces, tuple(keys), again, tuple(entries))
    with Workplace(out) as work:
        found = work.folder / _FOUND
        found.mkdir()
        if len(keys) > _MANY:
            pool.rest()  # what the processes held of documents is memory that merging can do with
        pool.run((_ACROSS, whole, code, found) for code in audit.ACROSS)
        summary.rows = {table: rows(whole, table, summary.rows[table], found) for table in TABLES}
        orders = {table: (_MERGE, whole, table, count, work.folder, found) for table, count in summary.rows.items()}
        # those that go into the workbook first: it takes as long to write as the large ones to merge
        small = [table for table, count in summary.rows.items() if count <= workbook.MOST_ROWS]
        large = [table for table in TABLES if table not in small]
        merged = pool.run(orders[table] for table in small)
        summary.left_out, *more = pool.run([(_WORKBOOK, work.folder, summary.rows), *(orders[table] for table in large)])
        for result in (*merged, *more):
            summary.findings |= result.severities
            summary.expired += [text for _, text in sorted(result.expired)]
        summary.by_year_only = [table for table, count in summary.rows.items() if count > MOST_ROWS]
        shutil.rmtree(found)
        write_package(work.folder)
        outputs = work.commit()
        summary.written = work.changed
    return outputs


def across(whole: Whole, code: str, folder: Path) -> None:
    """One check across reports, on what the pieces hold for it; `merge` finds what it gives in `folder`.

    Where there is much, the check looks at a part of the reports at a time: those that it compares with each other are in one part.
    """
    import pandas as pd

    alike = audit.CHECKS[code].alike
    held = sum(whole.pieces.rows(key, code, ["report_id"]).num_rows for key in whole.keys)
    parts = 1 + held // _AT_ONCE if alike else 1
    results = []
    for part in range(parts):
        reports, gathered = (
            pd.concat([_part(_frame(whole.pieces.rows(key, name, columns)), alike, part, parts) for key in whole.keys], ignore_index=True)
            for name, columns in (("reports", audit.REPORT), (code, None))
        )
        results.append(audit.audit_across(code, gathered, reports, whole.twins))
    for name, found in zip(AUDITED, audit.merged(results), strict=True):
        frames.conform(name, found).to_parquet(folder / f"{name}-{code}.parquet")


def _part(rows: pd.DataFrame, alike: str | None, part: int, parts: int) -> pd.DataFrame:
    """One of so many parts of the rows, by what `alike` holds."""
    from pandas.util import hash_pandas_object

    if parts == 1:
        return rows
    return rows[hash_pandas_object(rows[alike].astype("str"), index=False) % parts == part]


def rows(whole: Whole, table: str, held: int, found: Path) -> int:
    """How many rows a table has, of which the pieces hold so many; `found` is the folder of what `across` gave."""
    import pyarrow.parquet as pq

    if table == "issues":
        return held + len(whole.twins)
    return held + sum(pq.read_metadata(path).num_rows for path in found.glob(f"{table}-*.parquet"))


def merge(whole: Whole, table: str, count: int, folder: Path, found: Path) -> Merged:
    """Write a table, which has so many rows, into `folder`; `found` is the folder of what `across` gave."""
    merged = Merged()
    with TableWriter(folder, table, single=count <= MOST_ROWS) as writer:
        for piece in _pieces(whole, table, found, merged):
            writer.append(piece)
    return merged


def _pieces(whole: Whole, table: str, found: Path, merged: Merged) -> Iterator[pa.Table | pd.DataFrame]:
    if table in AUDITED:
        yield from _audited(whole, table, found, merged)
        return
    for key in whole.keys:
        rows = whole.pieces.rows(key, table)
        if whole.twins and table == "reports":
            yield twins.marked(_frame(rows), whole.twins)
        elif whole.twins and table == "issues":
            yield twins.with_issues(_frame(rows), _frame(whole.pieces.rows(key, "reports", ["report_id", "source_file"])), whole.twins)
        else:
            yield rows


def _audited(whole: Whole, table: str, found: Path, merged: Merged) -> Iterator[pd.DataFrame]:
    """Findings, or checks: those of the pieces, and among them those of the checks across reports."""
    import pandas as pd

    more = pd.concat([pd.read_parquet(path) for path in sorted(found.glob(f"{table}-*.parquet"))], ignore_index=True)
    more = more.sort_values("report_id", kind="stable", ignore_index=True)
    entries = list(whole.entries)
    for key in whole.keys:
        ids = whole.pieces.rows(key, "reports", ["report_id"])["report_id"].to_pylist()
        start, end = more["report_id"].searchsorted(ids[0], "left"), more["report_id"].searchsorted(ids[-1], "right")
        own = _frame(whole.pieces.rows(key, table))
        frame = audit.in_order(pd.concat([part for part in (own, more.iloc[start:end]) if len(part)] or [own], ignore_index=True))
        if table == "findings":
            mine = [entry for entry in entries if entry.report_id in set(ids)]
            entries = [entry for entry in entries if entry not in mine]
            frame, expired = accepted.mark(frame, mine, ids)
            merged.expired += expired
            merged.count(frame)
        yield frames.conform(table, frame)
    if table == "findings":
        merged.expired += accepted.mark(frames.empty(table), entries, ())[1]  # of reports that there are not


def _frame(rows: pa.Table) -> pd.DataFrame:
    return rows.to_pandas()
