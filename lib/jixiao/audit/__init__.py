"""All checks on all reports → `findings` and `checks`.

Each check on each report ends as `pass`, `fail`, `not_checked` (its inputs are missing) or `not_applicable` (the report has
nothing of the kind), so that "nothing found" is never mistaken for "nothing looked at".
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np
import pandas as pd

from . import across, amounts, books, discipline, forms, prose  # noqa: F401  (they register their checks)
from .checking import CENT, CHECKS, COMPARISON, Frames, Run, listed, once_each
from .messages import sentences

__all__ = ["ACROSS", "CHECKS", "audit", "audit_across", "audit_each", "gathered", "in_order", "merged"]

REPORT = ["report_id", "institute", "fiscal_year"]

FINDING = [
    "report_id", "institute", "fiscal_year", "scope", "check", "severity", "message", "label", "detail", "expected", "found", "places",
    "accepted",
]  # fmt: skip
ACROSS = tuple(code for code, each in CHECKS.items() if each.gather is not None)
_NOISE = 1e-9  # of binary fractions
_SAME_TABLE = r"page=\d+&|&row=.*$"  # what tells the cells of a table apart
_MOST_PLACES = 12  # of a note


def audit(frames: Frames) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All checks on all reports: the contract's `findings` and `checks`.

    `findings.expected` is what is printed (points, 万元 or a fraction), `found` what the report's own figures give.
    """
    reports = frames["reports"]
    twins = reports["report_id"][reports["duplicate_of"].notna()]
    compared = [audit_across(code, rows, reports, twins) for code, rows in gathered(frames).items()]
    return merged([audit_each(frames), *compared])


def audit_each(frames: Frames) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The checks that look at one report at a time, on these reports."""
    run, said = Run(frames), set(frames["statements"]["kind"])
    own = {code: each for code, each in CHECKS.items() if each.gather is None}
    compared = {code: each.compare(run) for code, each in own.items() if not each.kinds or said.intersection(each.kinds)}
    return _judged(compared, frames["reports"][REPORT], list(own))


def gathered(frames: Frames) -> dict[str, pd.DataFrame]:
    """What the checks across reports need of these reports, by check."""
    return {code: CHECKS[code].gather(frames) for code in ACROSS}


def audit_across(code: str, rows: pd.DataFrame, reports: pd.DataFrame, twins: Collection[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One check across reports: `rows` is what was gathered of all of them, `twins` are those that are there a second time."""
    return _judged({code: CHECKS[code].compare(rows[~rows["report_id"].isin(twins)])}, reports[REPORT], [code])


def merged(results: list[tuple[pd.DataFrame, pd.DataFrame]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`findings` and `checks` of several runs as one pair, in the tables' order."""
    some = [found for found, _ in results if not found.empty] or [results[0][0]]
    return in_order(pd.concat(some, ignore_index=True)), in_order(pd.concat([checked for _, checked in results], ignore_index=True))


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Findings or checks as they stand in the tables."""
    return rows.sort_values([name for name in ("report_id", "check", "scope") if name in rows], kind="stable", ignore_index=True)


def _judged(compared: Mapping[str, pd.DataFrame], reports: pd.DataFrame, codes: list[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`findings` and `checks` of what each check compared, of the checks `codes` at once."""
    rows = pd.concat({code: each for code, each in compared.items() if len(each)} or compared, names=["check", None])
    rows = rows.reset_index("check").reset_index(drop=True).reindex(columns=["check", *COMPARISON]).astype(COMPARISON)
    gap = (rows["expected"] - rows["found"]).abs()
    off = rows["reason"].isna() & rows["fails"].fillna(gap > rows["tolerance"].fillna(0) + _NOISE).astype(bool)
    note = off & rows["fails"].isna() & (gap <= rows["rounding"].fillna(0) + _NOISE)
    own = off & rows["raised_by"].isna()  # another check tells of the cause of the rest
    findings = pd.DataFrame(columns=FINDING)
    if own.any():
        findings = in_order(_with_report(pd.concat([_findings(rows[own & ~note]), _notes(rows[own & note])], ignore_index=True), reports))
    return findings, in_order(_statuses(rows, off & ~note, reports, codes))


def _findings(off: pd.DataFrame) -> pd.DataFrame:
    gap = (off["found"] - off["expected"]).abs()
    wan = off["check"].map({code: each.unit == "wan" for code, each in CHECKS.items()}).astype(bool)
    # what rounding or truncation of one printed figure explains is worth a note, not an alarm
    small = (gap <= 2 * off["tolerance"] + _NOISE) & off["tolerance"].notna() | wan & (gap <= CENT + _NOISE)
    own = off["check"].map({code: each.severity for code, each in CHECKS.items()}).astype("str").mask(small, "low")
    found = off[["report_id", "scope", "label", "detail", "expected", "found", "check"]]
    return found.assign(severity=off["severity"].fillna(own), message=sentences(found, "en"), places=off["places"].fillna(""))


def _notes(off: pd.DataFrame) -> pd.DataFrame:
    """One low finding a table for all the sums of a check in it that differ only as rounding their parts may make them."""
    if off.empty:
        return _findings(off)
    table = off["places"].fillna("").str.split(" ").str[0].str.replace(_SAME_TABLE, "", regex=True)
    groups = off.groupby(["check", "report_id", table], sort=False, dropna=False)
    found = groups.agg(
        scope=("scope", "first"),
        label=("label", "first"),
        detail=("expected", "size"),
        expected=("expected", "first"),
        found=("found", "first"),
    )
    found["places"] = once_each(listed(off["places"].fillna(""), groups.ngroup()), _MOST_PLACES).array
    found = found.astype({"detail": "str"}).reset_index(["check", "report_id"]).reset_index(drop=True)
    return found.assign(severity="low", message=sentences(found, "en", rounding=True))


def _statuses(rows: pd.DataFrame, off: pd.Series, reports: pd.DataFrame, codes: list[str]) -> pd.DataFrame:
    """One row a report and check, of all `reports` and `codes`."""
    table = reports.merge(pd.DataFrame({"check": codes}), how="cross")
    where = pd.Index(reports["report_id"]).get_indexer(rows["report_id"]) * len(codes) + pd.Index(codes).get_indexer(rows["check"])
    done = rows["reason"].isna().to_numpy()
    compared, failed = (np.bincount(where[which], minlength=len(table)) for which in (done, off.to_numpy()))
    reasons = rows["reason"].set_axis(where)[~done].reset_index().drop_duplicates()
    reason = reasons.groupby("index")["reason"].agg("; ".join).reindex(table.index)
    status = np.select([failed > 0, compared > 0, reason.notna()], ["fail", "pass", "not_checked"], "not_applicable")
    return table.assign(status=status, compared=compared, reason=reason)


def _with_report(findings: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    whole = findings.merge(reports, on="report_id", how="left", validate="many_to_one")
    return whole.assign(accepted=None)[FINDING]  # a person accepts them later
