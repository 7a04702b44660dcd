"""Sentences about scores under one rule set (可比得分): what could be computed, against self-given scores, how sure ranks are."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..words import Named, say
from .common import case, cases, ends, first_of, join, teller, tied


def comparable(frame: pd.DataFrame, rule_set: Any, language: str) -> str:
    """Scores under a rule set beside self-given ones. `frame` is `rules.comparable` under `rule_set`."""
    known = frame.dropna(subset=["normalised"])
    shares, (top, bottom) = known["normalised"], ends(known, "normalised")
    told = float(sum(rule.possible for rule in rule_set.rules if rule.formula))
    text = say("comparable", language, count=len(known), total=len(frame), title=getattr(rule_set, language), scorable=told,
               possible=float(rule_set.possible), first=case(first_of(known), language, frame), median=shares.median(),
               highest=shares.max(), top=cases(top, language, frame), lowest=shares.min(),
               bottom=cases(bottom, language, frame))  # fmt: skip
    differ = known[known["differs"]]
    return join(text, _computed(known, language), against_self(frame, language),
                say("comparable_differs", language, count=len(differ), list=cases(differ, language, frame)), language=language)  # fmt: skip


def _computed(known: pd.DataFrame, language: str) -> str:
    share = known["computable_share"]
    count = min(len(known), share.round(6).nunique())  # one share for all is said once
    return say("comparable_share", language, count=count, share=share.mean(), most=share.max(), least=share.min())


def against_self(frame: pd.DataFrame, language: str) -> str:
    """Self-given scores against recomputed ones. `frame` is `rules.comparable`."""
    rows = frame.dropna(subset=["difference_pp"]).sort_values("difference_pp", key=lambda value: -value.abs(), kind="stable")
    widest, difference = tied(rows, "difference_pp", size=True), rows["difference_pp"].round(6)
    several = frame["fiscal_year"].nunique() > 1
    key = "case" if several else "case_alone"
    named = widest.assign(name=[say(key, language, institute=row.institute, year=row.fiscal_year) for row in widest.itertuples()])
    tell = teller("against_self_of", language, "first", "self", "normalised", "difference")
    told = Named(named[["name", "self_share", "normalised", "difference_pp"]], tell, "case")
    most = say("against_self_most", language, first=told) if difference.ne(0).any() else ""
    return say("against_self", language, count=len(rows), first=told, most=most, higher=int(difference.lt(0).sum()),
               lower=int(difference.gt(0).sum()))  # fmt: skip


def rule_coverage(frame: pd.DataFrame, language: str) -> str:
    """For how many reports each rule could be computed, and why not. `frame` is `rules.by_rule`."""
    told = frame[frame["told"]]
    text = say("rule_coverage", language, count=len(told), rules=len(frame), scorable=told["possible"].sum(),
               some=int(told["scored_reports"].gt(0).sum()), all=int(told["scored_reports"].eq(told["reports"]).sum()))  # fmt: skip
    short = told[told["scored_reports"].lt(told["reports"])].sort_values("scored_reports", kind="stable")
    if short.empty:
        return text
    least, first = tied(short, "scored_reports"), first_of(short)
    rules = Named(least[["rule", "reason"]], teller("rule_coverage_of", language, "rule", "reason"), "rule")
    more = say("rule_coverage_least", language, count=len(least), rules=rules, scored=first["scored_reports"], reports=first["reports"])
    return join(text, more, language=language)


def rank_ranges(frame: pd.DataFrame, language: str) -> str:
    """How far ranks may move for what is missing. `frame` is `rules.ranked_together`."""
    width = frame["rank_worst"] - frame["rank_best"]
    if width.eq(0).all():
        return say("rank_sure", language, count=len(frame), year=first_of(frame).get("fiscal_year"))
    widest = frame.loc[width.eq(width.max()), ["institute", "rank_best", "rank_worst"]]
    told = Named(widest, teller("rank_range_of", language, "name", "best", "worst"), "institute")
    text = say("rank_ranges", language, count=len(frame), year=first_of(frame)["fiscal_year"], sure=int(width.eq(0).sum()), first=told)
    sure = int((frame["rank_worst_all"] - frame["rank_best_all"]).eq(0).sum())
    same = frame["lowest_all"].eq(frame["lowest"]).all() and frame["highest_all"].eq(frame["highest"]).all()
    return text if same else join(text, say("rank_ranges_all", language, sure=sure), language=language)
