"""Sentences about scores under one rule set (可比得分): what could be computed, against self-given scores, how sure ranks are."""

from __future__ import annotations

from typing import Any

import pandas as pd

from ..words import say
from .common import case, cases, first_of, join


def comparable(frame: pd.DataFrame, rule_set: Any, language: str) -> str:
    """Scores under a rule set beside self-given ones. `frame` is `rules.comparable` under `rule_set`."""
    known = frame.dropna(subset=["normalised"])
    shares = known["normalised"]
    told = float(sum(rule.possible for rule in rule_set.rules if rule.formula))
    text = say("comparable", language, count=len(known), total=len(frame), title=getattr(rule_set, language), scorable=told,
               possible=float(rule_set.possible), first=case(first_of(known), language, frame), median=shares.median(),
               highest=shares.max(), top=cases(known[shares.eq(shares.max())], language, frame), lowest=shares.min(),
               bottom=cases(known[shares.eq(shares.min())], language, frame))  # fmt: skip
    differ = known[known["differs"]]
    return join(text, _computed(known, frame, language), against_self(frame, language),
                say("comparable_differs", language, count=len(differ), list=cases(differ, language, frame)), language=language)  # fmt: skip


def _computed(known: pd.DataFrame, frame: pd.DataFrame, language: str) -> str:
    rows = known.sort_values("computable_share", ascending=False, kind="stable")
    share = rows["computable_share"]
    count = min(len(rows), share.nunique())  # one share for all is said once
    return say("comparable_share", language, count=count, share=share.mean(), first=case(first_of(rows), language, frame),
               most=share.max(), last=case(first_of(rows.iloc[::-1]), language, frame), least=share.min())  # fmt: skip


def against_self(frame: pd.DataFrame, language: str) -> str:
    """Self-given scores against recomputed ones. `frame` is `rules.comparable`."""
    rows = frame.dropna(subset=["difference_pp"]).sort_values("difference_pp", key=lambda value: -value.abs(), kind="stable")
    first, difference = first_of(rows), rows["difference_pp"]
    return say("against_self", language, count=len(rows), first=case(first, language, frame), self=first.get("self_share"),
               normalised=first.get("normalised"), difference=first.get("difference_pp"), higher=int(difference.lt(0).sum()),
               lower=int(difference.gt(0).sum()))  # fmt: skip


def rule_coverage(frame: pd.DataFrame, language: str) -> str:
    """For how many reports each rule could be computed, and why not. `frame` is `rules.by_rule`."""
    told = frame[frame["told"]]
    text = say("rule_coverage", language, count=len(told), rules=len(frame), scorable=told["possible"].sum(),
               some=int(told["scored_reports"].gt(0).sum()), all=int(told["scored_reports"].eq(told["reports"]).sum()))  # fmt: skip
    least = first_of(told[told["scored_reports"].lt(told["reports"])].sort_values("scored_reports", kind="stable"))
    if least.empty:
        return text
    more = say("rule_coverage_least", language, rule=least["rule"], scored=least["scored_reports"], reports=least["reports"],
               reason=least["reason"])  # fmt: skip
    return join(text, more, language=language)


def rank_ranges(frame: pd.DataFrame, language: str) -> str:
    """How far ranks may move for what is missing. `frame` is `rules.ranked_together`."""
    width = frame["rank_worst"] - frame["rank_best"]
    if width.eq(0).all():
        return say("rank_sure", language, count=len(frame), year=first_of(frame).get("fiscal_year"))
    widest = first_of(frame.loc[width.sort_values(ascending=False, kind="stable").index])
    text = say("rank_ranges", language, count=len(frame), year=widest["fiscal_year"], sure=int(width.eq(0).sum()),
               first=widest["institute"], best=widest["rank_best"], worst=widest["rank_worst"])  # fmt: skip
    sure = int((frame["rank_worst_all"] - frame["rank_best_all"]).eq(0).sum())
    same = frame["lowest_all"].eq(frame["lowest"]).all() and frame["highest_all"].eq(frame["highest"]).all()
    return text if same else join(text, say("rank_ranges_all", language, sure=sure), language=language)
