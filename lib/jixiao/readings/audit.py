"""Sentences about what the audit found, and what it looked at and what not."""

from __future__ import annotations

import pandas as pd

from ..audit.messages import reason
from ..findings import by_check, levels, unchecked
from ..words import Named, code, say
from .common import cases, first_of, join, most_frequent, tied


def raised(rows: pd.DataFrame, language: str, brief: bool = False) -> str:
    """What stands out among the findings: by severity, institute and check. `rows` is the table `findings`; `brief`: one sentence."""
    in_case = rows.groupby(["institute", "fiscal_year"], dropna=False, sort=False)["severity"].transform("size")
    kinds, times = most_frequent(rows["check"])
    most = int(in_case.max()) if len(rows) else 0
    first, check = cases(rows[in_case.eq(most)], language, rows), _checks(kinds, language)
    several = in_case.lt(len(rows)).any()  # of one institute and year it is said already that it has them all
    told = say("raised_most", language, count=len(first), first=first, times=most) if several else ""
    kind = say("raised_kind", language, count=len(kinds), check=check, times=times) if times > 1 else ""
    text = say("raised", language, count=len(rows), **levels(rows), first=first, check=check, most=told, kind=kind)
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
    most = tied(left, "reports").drop_duplicates(["check", "reason"])
    told = Named(most[["check", "reason"]], lambda check, why: say(
        "unchecked_check", language, check=code(check, language, "check"), reason=reason(why, language)), "kind")  # fmt: skip
    reports = int(first_of(left).get("reports", 0))
    return say("unchecked_each" if reports == 1 else "unchecked", language, count=int(left["reports"].sum()), list=told, reports=reports)


def _checks(codes: list[str], language: str) -> Named:
    """Checks in words, each in quotation marks."""
    return Named(pd.DataFrame({"check": codes}), lambda check: say("quoted", language, text=code(check, language, "check")), "kind")
