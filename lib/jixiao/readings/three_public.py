"""Sentences about three-public funds (三公经费). All take `measures.three_public` or its totals, whose year is `year`."""

from __future__ import annotations

import pandas as pd

from ..words import code, missing, say
from .common import cases, clauses, either_way, first_of, join, moved, moves_of, tied

PARTS = ("vehicle", "abroad", "reception")


def _latest(totals: pd.DataFrame) -> pd.DataFrame:
    return totals[totals["year"].eq(totals.groupby("institute")["year"].transform("max")).fillna(False).astype(bool)]


def three_public(totals: pd.DataFrame, language: str) -> str:
    """Who spent how much in its latest year, and who states a zero. `totals` is `measures.three_public_totals`."""
    rows = _latest(totals).dropna(subset=["executed_wan"]).sort_values("executed_wan", ascending=False, kind="stable")
    top, zero = tied(rows, "executed_wan"), rows[rows["executed_wan"].eq(0)]
    told = {"first": cases(top, language, totals), "spent": first_of(rows).get("executed_wan")}
    most = say("three_public_most", language, count=len(top), **told) if len(top) < len(rows) else ""
    spent = say("three_public", language, count=len(rows), sum=rows["executed_wan"].sum(), most=most, **told)
    zeros = len(zero) if len(rows) > 1 else 0
    return join(spent, say("three_public_zero", language, count=zeros, list=cases(zero, language, totals)), language=language)


def three_public_parts(funds: pd.DataFrame, language: str) -> str:
    """Which item takes the most. `funds` is `measures.three_public`; own years only."""
    rows = _latest(funds[funds["own"]])
    sums = rows[rows["item"].isin(PARTS)].groupby("item")["executed_wan"].sum(min_count=1).dropna()
    if sums.sum() == 0:
        return say("three_public_parts", language, count=0) if sums.empty else say("three_public_nothing", language)
    items = [code(item, language) for item in sums.index[sums.round(6).eq(sums.max().round(6))]]
    return say("three_public_parts", language, count=len(items), items=items, share=sums.max() / sums.sum())


def against_budget(totals: pd.DataFrame, language: str) -> str:
    """Spending against budget in each institute's latest year. `totals` is `measures.three_public_totals`."""
    rows = _latest(totals).dropna(subset=["against_budget_wan"])
    rates = rows.dropna(subset=["against_budget"]).sort_values("against_budget", ascending=False, kind="stable")
    over, first = rows["against_budget_wan"].gt(0.005), first_of(rates)
    zero, top = rows[over & rows["budget_wan"].eq(0)], cases(tied(rates, "against_budget"), language, totals)
    rate = say("against_budget_rate" if len(rates) else "against_budget_of_zero", language, rate=first.get("against_budget"))
    most = say("against_budget_most", language, first=top, rate=first.get("against_budget")) if len(rates) else ""
    moves = clauses(language, against_budget_over=int(over.sum()), against_budget_within=int((~over).sum()))
    text = say("against_budget", language, count=len(rows), moves=moves, most=most, rate=rate,
               first=cases(rows.head(1), language, totals), difference=first_of(rows).get("against_budget_wan"))  # fmt: skip
    more = len(zero) if len(rows) > 1 else 0
    return join(text, say("against_budget_zero", language, count=more, list=cases(zero, language, totals)), language=language)


def against_last_year(totals: pd.DataFrame, language: str) -> str:
    """Spending against last year's in each institute's latest year. `totals` is `measures.three_public_totals`."""
    rows = _latest(totals).dropna(subset=["against_last_year_wan"])
    rows = rows.sort_values("against_last_year_wan", key=lambda change: -change.abs(), kind="stable")
    change, first = rows["against_last_year_wan"].round(2), first_of(rows)
    moves = moves_of("against_last_year", change, language)
    widest = tied(rows, "against_last_year_wan", size=True)
    told = {"first": cases(widest, language, totals)}
    difference = either_way(widest["against_last_year_wan"], "wan", language)
    most = say("against_last_year_most", language, **told, difference=difference) if change.ne(0).any() else ""
    alone = moved(first["executed_wan"], first["last_year_wan"], language) if len(rows) == 1 else ""
    return say("against_last_year", language, count=len(rows), moves=moves, most=most, moved=alone, **told)


def per_head(totals: pd.DataFrame, language: str) -> str:
    """Spending per head of staff in each institute's latest year, and for how many it is 0 or not known. `totals` as above."""
    spending = _latest(totals).dropna(subset=["executed_wan"])
    rows = spending.dropna(subset=["per_head_wan"]).sort_values("per_head_wan", ascending=False, kind="stable")
    first, zeros = first_of(rows), int(rows["per_head_wan"].eq(0).sum())
    text = say("per_head", language, count=len(rows), first=cases(tied(rows, "per_head_wan"), language, totals),
               amount=first.get("per_head_wan"), staff=first.get("staff_actual"), median=rows["per_head_wan"].median())  # fmt: skip
    if zeros == len(rows) > 0:
        text, zeros = say("per_head_nothing", language, count=len(rows)), 0
    nobody = spending[spending["staff_actual"].eq(0).fillna(False).astype(bool)]
    unknown = int(spending["staff_actual"].isna().sum()) if len(rows) else 0  # else it has been said
    without = say("per_head_staff_zero", language, count=len(nobody), list=cases(nobody, language, totals))
    counts = say("per_head_zero", language, count=zeros), say("per_head_no_staff", language, count=unknown)
    return join(text, *counts, without, language=language)


def own_three_public(totals: pd.DataFrame, language: str) -> str:
    """One institute's three-public funds of one year. `totals` is its row of `measures.three_public_totals`, or no row."""
    first = first_of(totals.dropna(subset=["executed_wan"]))
    if first.empty:
        return say("own_three_public", language, count=0)
    spent, budget, last, staff = (first[name] for name in ("executed_wan", "budget_wan", "last_year_wan", "staff_actual"))
    told = [
        say("own_no_budget", language) if missing(budget)
        else say("own_against_budget", language, budget=budget, rate=first["against_budget"]) if budget
        else say("own_budget_zero", language),
        say("own_no_last_year", language) if missing(last)
        else say("own_against_last_year", language, moved=moved(spent, last, language)),
        say("own_no_staff", language) if missing(staff)
        else say("own_per_head", language, head=first["per_head_wan"], staff=int(staff)) if staff
        else say("own_staff_zero", language),
    ]  # fmt: skip
    more = ("，" if language == "zh" else "; ").join(told)
    return say("own_three_public", language, count=2, spent=spent, more=more)
