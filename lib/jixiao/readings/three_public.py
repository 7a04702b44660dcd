"""Sentences about three-public funds (三公经费). All take `measures.three_public` or its totals, whose year is `year`."""

from __future__ import annotations

import pandas as pd

from ..words import code, missing, say
from .common import case, cases, first_of, join

PARTS = ("vehicle", "abroad", "reception")


def _latest(totals: pd.DataFrame) -> pd.DataFrame:
    return totals[totals["year"].eq(totals.groupby("institute")["year"].transform("max")).fillna(False).astype(bool)]


def three_public(totals: pd.DataFrame, language: str) -> str:
    """Who spent how much in its latest year, and who states a zero. `totals` is `measures.three_public_totals`."""
    rows = _latest(totals).dropna(subset=["executed_wan"]).sort_values("executed_wan", ascending=False, kind="stable")
    first, zero = first_of(rows), rows[rows["executed_wan"].eq(0)]
    spent = say("three_public", language, count=len(rows), sum=rows["executed_wan"].sum(), spent=first.get("executed_wan"),
                first=case(first, language, totals))  # fmt: skip
    zeros = len(zero) if len(rows) > 1 else 0
    verb = "states" if zeros == 1 else "state"
    return join(spent, say("three_public_zero", language, count=zeros, verb=verb, list=cases(zero, language, totals)), language=language)


def three_public_parts(funds: pd.DataFrame, language: str) -> str:
    """Which item takes the most. `funds` is `measures.three_public`; own years only."""
    rows = _latest(funds[funds["own"]])
    sums = rows[rows["item"].isin(PARTS)].groupby("item")["executed_wan"].sum(min_count=1).dropna()
    if sums.empty or sums.sum() == 0:
        return say("three_public_parts", language, count=0)
    item = sums.idxmax()
    return say("three_public_parts", language, count=2, item=code(item, language), share=sums[item] / sums.sum())


def against_budget(totals: pd.DataFrame, language: str) -> str:
    """Spending against budget in each institute's latest year. `totals` is `measures.three_public_totals`."""
    rows = _latest(totals).dropna(subset=["against_budget"]).sort_values("against_budget", ascending=False, kind="stable")
    over, first = int(rows["against_budget_wan"].gt(0.005).sum()), first_of(rows)
    return say("against_budget", language, count=len(rows), over=over, within=len(rows) - over, rate=first.get("against_budget"),
               first=case(first, language, totals), difference=first.get("against_budget_wan"))  # fmt: skip


def against_last_year(totals: pd.DataFrame, language: str) -> str:
    """Spending against last year's in each institute's latest year. `totals` is `measures.three_public_totals`."""
    rows = _latest(totals).dropna(subset=["against_last_year_wan"])
    rows = rows.sort_values("against_last_year_wan", key=lambda change: -change.abs(), kind="stable")
    change, first = rows["against_last_year_wan"].round(2), first_of(rows)
    return say("against_last_year", language, count=len(rows), up=int(change.gt(0).sum()), down=int(change.lt(0).sum()),
               same=int(change.eq(0).sum()), first=case(first, language, totals),
               change=first.get("against_last_year"), difference=first.get("against_last_year_wan"))  # fmt: skip


def per_head(totals: pd.DataFrame, language: str) -> str:
    """Spending per head of staff in each institute's latest year. `totals` is `measures.three_public_totals`."""
    rows = _latest(totals).dropna(subset=["per_head_wan"]).sort_values("per_head_wan", ascending=False, kind="stable")
    first = first_of(rows)
    return say("per_head", language, count=len(rows), first=case(first, language, totals), amount=first.get("per_head_wan"),
               staff=first.get("staff_actual"), median=rows["per_head_wan"].median())  # fmt: skip


def own_three_public(totals: pd.DataFrame, language: str) -> str:
    """One institute's three-public funds of one year. `totals` is its row of `measures.three_public_totals`, or no row."""
    first = first_of(totals.dropna(subset=["executed_wan"]))
    clauses = {
        "own_against_budget": {"rate": first.get("against_budget")},
        "own_against_last_year": {"change": first.get("against_last_year")},
        "own_per_head": {"head": first.get("per_head_wan")},
    }
    more = "".join(say(key, language, **value) for key, value in clauses.items() if not any(map(missing, value.values())))
    return say("own_three_public", language, count=0 if first.empty else 2, spent=first.get("executed_wan"), more=more)
