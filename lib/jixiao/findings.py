"""Frame → frame: what the audit found, in the order in which it is shown, and what it looked at and what not.

Pure functions over the tables `findings` and `checks` of the data contract.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

SEVERITIES = ("high", "medium", "low")
STATUSES = ("pass", "fail", "not_checked", "not_applicable")


def ordered(findings: pd.DataFrame) -> pd.DataFrame:
    """All findings, the gravest first, with `number`: from 1 in each report, by which every page and list calls it."""
    rank = findings["severity"].map({level: at for at, level in enumerate(SEVERITIES)}).astype("int64")
    rows = findings.assign(_rank=rank).sort_values("_rank", kind="stable").drop(columns="_rank")
    return rows.assign(number=rows.groupby("report_id", sort=False).cumcount() + 1).reset_index(drop=True)


def chosen(rows: pd.DataFrame, reports: Sequence[str] = (), checks: Sequence[str] = (), severities: Sequence[str] = ()) -> pd.DataFrame:
    """The rows of these reports, checks and severities; nothing given is all."""
    for column, values in (("report_id", reports), ("check", checks), ("severity", severities)):
        if values:
            rows = rows[rows[column].isin(list(values))]
    return rows.reset_index(drop=True)


def open_ones(findings: pd.DataFrame, level: str = "low") -> pd.DataFrame:
    """The findings at `level` or above that nobody has accepted."""
    return findings[findings["accepted"].isna() & findings["severity"].isin(SEVERITIES[: SEVERITIES.index(level) + 1])]


def levels(findings: pd.DataFrame) -> dict[str, int]:
    """How many findings there are of each severity."""
    return {level: int(findings["severity"].eq(level).sum()) for level in SEVERITIES}


def by_check(checks: pd.DataFrame) -> pd.DataFrame:
    """One row a check, in the order of the register: how many reports by status, and `compared`, how many figures in all."""
    groups = checks.groupby("check", sort=False)
    counts = {status: checks["status"].eq(status).groupby(checks["check"], sort=False).sum() for status in STATUSES}
    return pd.DataFrame({**counts, "compared": groups["compared"].sum()}).astype("int64").rename_axis("check").reset_index()


def unchecked(checks: pd.DataFrame) -> pd.DataFrame:
    """What was not checked and why: check, reason, `partly` (other figures of the report were compared), reports, report_id (the first)."""
    rows = checks[checks["reason"].notna()]
    rows = rows.assign(partly=rows["compared"].gt(0))
    groups = rows.groupby(["check", "reason", "partly"], sort=False)["report_id"]
    return groups.agg(reports="size", report_id="first").reset_index()


def by_institute(findings: pd.DataFrame) -> pd.DataFrame:
    """How many findings each institute and year has: high, medium, low, `accepted` (of all these) and `total`; the gravest first."""
    keys = ["institute", "fiscal_year"]
    counts = {level: findings["severity"].eq(level) for level in SEVERITIES}
    rows = findings[keys].assign(**counts, accepted=findings["accepted"].notna(), total=True)
    sums = rows.groupby(keys, dropna=False, sort=True)[[*SEVERITIES, "accepted", "total"]].sum().astype("int64").reset_index()
    return sums.sort_values([*SEVERITIES], ascending=False, kind="stable").reset_index(drop=True)


def by_report(reports: pd.DataFrame, findings: pd.DataFrame, checks: pd.DataFrame) -> pd.DataFrame:
    """One row a report: findings by severity, `taken` (accepted) of them, its checks by status, and how many figures were compared."""
    raised = pd.get_dummies(findings["severity"]).reindex(columns=list(SEVERITIES), fill_value=False)
    raised = raised.assign(taken=findings["accepted"].notna()).groupby(findings["report_id"]).sum()
    made = pd.get_dummies(checks["status"]).reindex(columns=list(STATUSES), fill_value=False)
    made = made.assign(compared=checks["compared"]).groupby(checks["report_id"]).sum()
    rows = reports[["report_id", "institute", "fiscal_year"]].join(raised, on="report_id").join(made, on="report_id")
    counts = dict.fromkeys([*SEVERITIES, "taken", *STATUSES, "compared"], 0)
    return rows.fillna(counts).astype(dict.fromkeys(counts, "int64")).reset_index(drop=True)


def by_severity(findings: pd.DataFrame) -> pd.DataFrame:
    """How many findings each check has: check, high, medium, low, taken (accepted), reports (that have one); the gravest first."""
    counts = {level: findings["severity"].eq(level) for level in SEVERITIES}
    rows = findings[["check"]].assign(**counts, taken=findings["accepted"].notna())
    groups = rows.groupby("check", sort=False)[[*SEVERITIES, "taken"]].sum().astype("int64")
    groups = groups.join(findings.groupby("check", sort=False)["report_id"].nunique().rename("reports")).reset_index()
    return groups.sort_values([*SEVERITIES], ascending=False, kind="stable").reset_index(drop=True)
