"""All checks on all reports → `findings` and `checks`.

Each check on each report ends as `pass`, `fail`, `not_checked` (its inputs are missing) or `not_applicable` (the report has
nothing of the kind), so that "nothing found" is never mistaken for "nothing looked at".
"""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from . import across, amounts, books, discipline, forms, prose  # noqa: F401  (they register their checks)
from .checking import CENT, CHECKS, Check, Frames, Run
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
    reports, run = frames["reports"][REPORT], Run(frames)
    return merged([_run(each, run, reports) for each in CHECKS.values() if each.gather is None])


def gathered(frames: Frames) -> dict[str, pd.DataFrame]:
    """What the checks across reports need of these reports, by check."""
    return {code: CHECKS[code].gather(frames) for code in ACROSS}


def audit_across(code: str, rows: pd.DataFrame, reports: pd.DataFrame, twins: Collection[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One check across reports: `rows` is what was gathered of all of them, `twins` are those that are there a second time."""
    return _run(CHECKS[code], rows[~rows["report_id"].isin(twins)], reports[REPORT])


def merged(results: list[tuple[pd.DataFrame, pd.DataFrame]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """`findings` and `checks` of several runs as one pair, in the tables' order."""
    some = [found for found, _ in results if not found.empty] or [results[0][0]]
    return in_order(pd.concat(some, ignore_index=True)), in_order(pd.concat([checked for _, checked in results], ignore_index=True))


def in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """Findings or checks as they stand in the tables."""
    return rows.sort_values([name for name in ("report_id", "check", "scope") if name in rows], kind="stable", ignore_index=True)


def _run(each: Check, frames: Frames | pd.DataFrame, reports: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    compared = each.compare(frames)
    if compared.empty:  # most checks have nothing to do with most reports
        return pd.DataFrame(columns=FINDING), _statuses(each, compared, pd.Series(dtype=bool), reports)
    done = compared["reason"].isna()
    gap = (compared["expected"] - compared["found"]).abs()
    off = (
        compared["fails"].astype("object").where(compared["fails"].notna(), gap > compared["tolerance"].fillna(0) + _NOISE).astype(bool)
        & done
    )
    note = off & compared["fails"].isna() & (gap <= compared["rounding"].fillna(0) + _NOISE)
    if not off.any():
        return pd.DataFrame(columns=FINDING), _statuses(each, compared, off, reports)
    own = compared["raised_by"].isna()  # another check tells of the cause of the rest
    findings = pd.concat([_findings(each, compared[off & ~note & own]), _notes(each, compared[note & own])], ignore_index=True)
    return _with_report(findings, reports), _statuses(each, compared, off & ~note, reports)


def _findings(each: Check, off: pd.DataFrame) -> pd.DataFrame:
    gap = (off["found"] - off["expected"]).abs()
    # what rounding or truncation of one printed figure explains is worth a note, not an alarm
    small = (gap <= 2 * off["tolerance"] + _NOISE) & off["tolerance"].notna()
    if each.unit == "wan":
        small |= gap <= CENT + _NOISE
    found = off[["report_id", "scope", "label", "detail", "expected", "found"]].assign(check=each.code)
    found["severity"] = off["severity"].astype("object").where(off["severity"].notna(), small.map({True: "low", False: each.severity}))
    found["message"] = sentences(found, "en")
    found["places"] = off["places"].astype("object").where(off["places"].notna(), "")
    return found


def _notes(each: Check, off: pd.DataFrame) -> pd.DataFrame:
    """One low finding a table for all the sums in it that differ only as rounding their parts may make them."""
    if off.empty:
        return _findings(each, off)
    table = off["places"].astype("object").where(off["places"].notna(), "").str.split(" ").str[0].str.replace(_SAME_TABLE, "", regex=True)
    groups = off.groupby(["report_id", table], sort=False, dropna=False)
    found = groups.agg(
        scope=("scope", "first"),
        label=("label", "first"),
        count=("expected", "size"),
        expected=("expected", "first"),
        found=("found", "first"),
    )
    found["places"] = groups["places"].agg(lambda places: " ".join(list(dict.fromkeys(" ".join(places.dropna()).split()))[:_MOST_PLACES]))
    found = found.reset_index("report_id").reset_index(drop=True)
    found["detail"] = found.pop("count").astype("str")
    found["check"], found["severity"] = each.code, "low"
    found["message"] = sentences(found, "en", rounding=True)
    return found


def _statuses(each: Check, compared: pd.DataFrame, off: pd.Series, reports: pd.DataFrame) -> pd.DataFrame:
    if compared.empty:
        none = pd.Series(pd.NA, index=reports.index, dtype="str")
        nothing = reports.assign(check=each.code, status="not_applicable", compared=0, reason=none)
        return nothing[["report_id", "institute", "fiscal_year", "check", "status", "compared", "reason"]]
    done = compared[compared["reason"].isna()]
    counts = done.groupby("report_id").size()
    reasons = compared[compared["reason"].notna()].groupby("report_id")["reason"].agg(lambda texts: "; ".join(dict.fromkeys(texts)))
    table = reports.copy()
    table["check"] = each.code
    table["compared"] = table["report_id"].map(counts).fillna(0).astype("int64")
    table["reason"] = table["report_id"].map(reasons)
    failed = table["report_id"].isin(compared["report_id"][off])
    table["status"] = "not_applicable"
    table.loc[table["reason"].notna(), "status"] = "not_checked"
    table.loc[table["compared"] > 0, "status"] = "pass"
    table.loc[failed, "status"] = "fail"
    return table[["report_id", "institute", "fiscal_year", "check", "status", "compared", "reason"]]


def _with_report(findings: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    whole = findings.merge(reports, on="report_id", how="left", validate="many_to_one")
    return whole.assign(accepted=None)[FINDING]  # a person accepts them later
