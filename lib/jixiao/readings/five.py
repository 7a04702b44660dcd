"""A year in five sentences: reports, execution, three-public funds, scores, findings."""

from __future__ import annotations

import pandas as pd

from ..words import say
from . import audit, execution, general, scores
from .common import case, first_of, moved


def in_five(
    reports: pd.DataFrame, counts: pd.DataFrame, rates: pd.DataFrame, public: pd.DataFrame, totals: pd.DataFrame, findings: pd.DataFrame,
    language: str,
) -> str:  # fmt: skip
    """The year in five sentences, a line each. `counts` is `coverage.counts`, `rates` `measures.institute_rates`, `public`
    `measures.three_public_totals`, `totals` `marks.total_scores`, all of one year."""
    told = [
        general.corpus(counts, reports, language, brief=True),
        execution.rates(rates, language, brief=True),
        public_in_one(public, language),
        scores.totals(totals, language, brief=True),
        audit.raised(findings, language, brief=True),
    ]
    return "\n".join(f"- {sentence}" for sentence in told)


def public_in_one(totals: pd.DataFrame, language: str) -> str:
    """Three-public funds of a year in one sentence: the sum, and against budget and last year those that state one."""
    rows = totals.dropna(subset=["executed_wan"])
    budget, last = rows.dropna(subset=["budget_wan"]), rows.dropna(subset=["last_year_wan"])
    more = ""
    if budget["budget_wan"].sum() > 0:
        rate = budget["executed_wan"].sum() / budget["budget_wan"].sum()
        more += _of_some("budget", budget, rows, language, rate=rate)
    if len(last):
        more += _of_some("last_year", last, rows, language, moved=moved(last["executed_wan"].sum(), last["last_year_wan"].sum(), language))
    first = case(first_of(rows), language, totals)
    return say("five_three_public", language, count=len(rows), first=first, sum=rows["executed_wan"].sum(), more=more)


def _of_some(what: str, some: pd.DataFrame, rows: pd.DataFrame, language: str, **values: object) -> str:
    """A clause about those of `rows` that state `what`: of one institute, of some, or of all."""
    if len(rows) == 1:
        return say(f"five_its_{what}", language, **values)
    whom = say("five_all" if len(some) == len(rows) else "five_some", language, count=len(some))
    return say(f"five_against_{what}", language, whom=whom, **values)
