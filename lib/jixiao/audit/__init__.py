"""All checks on all reports → `findings` and `checks`.

Each check on each report ends as `pass`, `fail`, `not_checked` (its inputs are missing) or `not_applicable` (the report has
nothing of the kind), so that "nothing found" is never mistaken for "nothing looked at".
"""

from __future__ import annotations

import pandas as pd

from . import checks  # noqa: F401  (registers the checks)
from .checking import CHECKS, Check, Frames

__all__ = ["CHECKS", "audit"]


def audit(frames: Frames) -> tuple[pd.DataFrame, pd.DataFrame]:
    """All checks on all reports: the contract's `findings` and `checks`.

    `findings.expected` is the printed whole (points, 万元 or a fraction), `found` what the report's own figures give.
    """
    reports = frames["reports"][["report_id", "institute", "fiscal_year"]]
    findings, statuses = [], []
    for each in CHECKS.values():
        compared = each.compare(frames)
        done = compared[compared["reason"].isna()]
        off = done[(done["expected"] - done["found"]).abs() > done["tolerance"]]
        findings.append(_findings(each, off))
        statuses.append(_statuses(each, compared, off, reports))
    return _with_report(pd.concat(findings, ignore_index=True), reports), pd.concat(statuses, ignore_index=True)


def _findings(each: Check, off: pd.DataFrame) -> pd.DataFrame:
    gap = (off["found"] - off["expected"]).abs()
    # what rounding or truncation of one printed figure explains is worth a note, not an alarm
    small = gap <= 2 * off["tolerance"] + 1e-9
    return pd.DataFrame(
        {
            "report_id": off["report_id"],
            "scope": off["scope"],
            "check": each.code,
            "severity": small.map({True: "low", False: each.severity}).astype("str"),
            "message": off["label"].astype("str")
            + ": printed "
            + _figures(off["expected"])
            + ", its own figures give "
            + _figures(off["found"]),
            "expected": off["expected"].astype("float64"),
            "found": off["found"].astype("float64"),
            "places": off["places"].astype("str").fillna(""),
        }
    )


def _message(off: pd.DataFrame) -> pd.Series:
    return off["label"].astype("str") + ": printed " + _figures(off["expected"]) + ", its own figures give " + _figures(off["found"])


def _figures(values: pd.Series) -> pd.Series:
    return values.map(_figure).astype("str")


def _figure(value: float) -> str:
    return f"{round(value, 6):g}" if abs(value) < 1 else f"{round(value, 2):.2f}".rstrip("0").rstrip(".")


def _statuses(each: Check, compared: pd.DataFrame, off: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    done = compared[compared["reason"].isna()]
    counts = done.groupby("report_id").size()
    reasons = compared[compared["reason"].notna()].groupby("report_id")["reason"].agg(lambda texts: "; ".join(dict.fromkeys(texts)))
    table = reports.copy()
    table["check"] = each.code
    table["compared"] = table["report_id"].map(counts).fillna(0).astype("int64")
    table["reason"] = table["report_id"].map(reasons)
    failed = table["report_id"].isin(off["report_id"])
    table["status"] = "not_applicable"
    table.loc[table["reason"].notna(), "status"] = "not_checked"
    table.loc[table["compared"] > 0, "status"] = "pass"
    table.loc[failed, "status"] = "fail"
    return table[["report_id", "institute", "fiscal_year", "check", "status", "compared", "reason"]]


def _with_report(findings: pd.DataFrame, reports: pd.DataFrame) -> pd.DataFrame:
    order = findings.merge(reports, on="report_id", how="left", validate="many_to_one")
    columns = ["report_id", "institute", "fiscal_year", "scope", "check", "severity", "message", "expected", "found", "places"]
    return order[columns].sort_values(["report_id", "check", "scope"], kind="stable").reset_index(drop=True)
