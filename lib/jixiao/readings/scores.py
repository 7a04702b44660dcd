"""Sentences about the scores that institutes give themselves (自评得分)."""

from __future__ import annotations

import pandas as pd

from ..words import Named, code, say
from .common import ends, forms, join


def totals(frame: pd.DataFrame, language: str, brief: bool = False) -> str:
    """The printed totals, and whether the points come to them. `frame` is `marks.total_scores`; `brief`: only the first sentence."""
    printed = frame.dropna(subset=["printed_total"])
    high, low = printed["printed_total"].max(), printed["printed_total"].min()
    top, bottom = (forms(rows, language, printed) for rows in ends(printed, "printed_total"))
    key = "totals_equal" if len(printed) > 1 and high == low else "totals"
    text = say(key, language, count=len(printed), first=next(iter(top), ""), highest=high, lowest=low, top=top, bottom=bottom)
    return text if brief else join(text, totals_agree(frame, language), language=language)


def totals_agree(frame: pd.DataFrame, language: str) -> str:
    """Printed totals against the points added up again. `frame` is `marks.total_scores`."""
    rows = frame.dropna(subset=["difference"])
    wrong = rows[rows["agrees"].eq(False).fillna(False).astype(bool)]
    wrong = wrong.sort_values("difference", key=lambda points: -points.abs(), kind="stable")
    lines = forms(wrong, language, rows, "printed_total added_up",
                  lambda name, printed, added_up: say("total_wrong", language, name=name, printed=printed, added_up=added_up))  # fmt: skip
    if len(rows) == len(wrong) == 1:
        return say("total_disagrees", language, list=lines)
    agreeing = say("totals_agreeing", language, count=len(rows) - len(wrong)) if len(wrong) else say("totals_all_agree", language)
    agree = say("totals_agree", language, count=len(rows), agreeing=agreeing)
    return join(agree, say("totals_wrong", language, count=len(wrong), list=lines), language=language)


def levels(frame: pd.DataFrame, language: str) -> str:
    """At which level points are taken and lost. `frame` is `marks.form_scores`."""
    sums = frame.dropna(subset=["earned_share"]).groupby("level1", sort=False)[["weight", "score"]].sum().reset_index()
    sums = sums.assign(share=sums["score"] / sums["weight"])
    if len(sums) and sums["share"].min() > 0.99995:
        return say("levels_full", language, count=len(sums))
    highest, lowest = ([code(name, language, "level") for name in rows["level1"]] for rows in ends(sums, "share"))
    key = "levels_equal" if len(lowest) == len(sums) > 1 else "levels"
    return say(key, language, count=len(sums), lowest=lowest, lowest_share=sums["share"].min(), highest=highest,
               highest_share=sums["share"].max())  # fmt: skip


def _indicators(rows: pd.DataFrame, key: str, language: str, among: pd.DataFrame) -> Named:
    return forms(rows, language, among, "level3 target actual", lambda name, label, target, actual: say(
        key, language, institute=name, indicator=label, target=target, actual=actual), "indicator")  # fmt: skip


def lost(frame: pd.DataFrame, indicators: pd.DataFrame, language: str) -> str:
    """Where points were lost and whether a reason is given. `frame` is `marks.points_lost` of `indicators`."""
    if not indicators["score"].notna().any():
        return say("lost_unknown", language)
    silent = int(frame["deviation_reason"].fillna("").isin(["", "/", "无"]).sum())
    points = frame["lost"].round(4)
    most = points.max() if len(frame) else None
    first = _indicators(frame[points.eq(most)], "indicator", language, frame)
    text = say("lost", language, count=len(frame), sum=frame["lost"].sum(), first=first, most=most)
    reasons = "lost_all_without_reason" if silent == len(frame) else "lost_without_reason"
    return join(text, say(reasons, language, count=silent) if len(frame) else "", language=language)


def full_but_missed(frame: pd.DataFrame, indicators: pd.DataFrame, language: str) -> str:
    """Rows with full marks whose target is missed, those worth most first. `frame` is `marks.full_but_missed` of `indicators`."""
    if not indicators["score"].notna().any():
        return say("full_unknown", language)
    rows = frame.sort_values("weight", ascending=False, kind="stable")
    return say("full_but_missed", language, count=len(rows), list=_indicators(rows, "indicator_missed", language, rows))
