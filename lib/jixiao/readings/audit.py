"""Sentences about what the audit found, and what it looked at and what not."""

from __future__ import annotations

import pandas as pd

from ..audit.messages import reason
from ..findings import SEVERITIES, by_check, unchecked
from ..words import code, say
from .common import cases, first_of, join


def raised(rows: pd.DataFrame, language: str, brief: bool = False) -> str:
    """What stands out among the findings: by severity, institute and check. `rows` is the table `findings`; `brief`: one sentence."""
    levels = {level: int(rows["severity"].eq(level).sum()) for level in SEVERITIES}
    in_case = rows.groupby(["institute", "fiscal_year"], dropna=False, sort=False)["severity"].transform("size")
    of_check = rows["check"].value_counts()
    most = int(in_case.max()) if len(rows) else 0
    first, times = cases(rows[in_case.eq(most)], language, rows), int(of_check.iloc[0]) if len(of_check) else 0
    check = code(of_check.index[0], language, "check") if len(of_check) else ""
    several = in_case.lt(len(rows)).any()  # of one institute and year it is said already that it has them all
    told = say("raised_most", language, count=len(first), first=first, times=most) if several else ""
    kind = say("raised_kind", language, check=check, times=times) if times > 1 else ""
    text = say("raised", language, count=len(rows), **levels, first=first, check=check, most=told, kind=kind)
    if brief:
        return text
    return join(text, say("raised_accepted", language, count=int(rows["accepted"].notna().sum())), language=language)


def compared(rows: pd.DataFrame, language: str) -> str:
    """How many checks were made on how many figures, so that nothing found is not taken for nothing looked at. `rows` is `checks`."""
    counts = by_check(rows)[["pass", "fail", "not_checked", "not_applicable", "compared"]].sum()
    return say("compared", language, count=int(counts["pass"] + counts["fail"]), reports=rows["report_id"].nunique(),
               compared=int(counts["compared"]), left=int(counts["not_checked"]), out=int(counts["not_applicable"]))  # fmt: skip


def not_checked(rows: pd.DataFrame, language: str) -> str:
    """What could not be checked for want of figures, and the most frequent reason. `rows` is the table `checks`."""
    left = unchecked(rows).sort_values("reports", ascending=False, kind="stable")
    most = first_of(left)
    return say("unchecked", language, count=int(left["reports"].sum()), check=code(most.get("check"), language, "check"),
               reports=int(most.get("reports", 0)), reason=reason(most.get("reason", ""), language))  # fmt: skip
