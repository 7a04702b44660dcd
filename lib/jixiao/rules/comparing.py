"""Scored rules → institutes and years side by side: points of those that could be computed, ranks, and how sure both are."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..facts import WHOLE
from ..marks import TOTAL, total_scores
from ..measures import CASE, SCOPE
from ..tables import measured, only
from .declared import RuleSet
from .scoring import DIGITS, score

FEWEST = 3  # institutes that can be ranked
WITHIN = ["fiscal_year", "covers"]  # who is ranked together: of one year, a whole department not with another's projects


def comparable(tables: dict[str, pd.DataFrame], rule_set: RuleSet, scored: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row for each institute and year: its points under `rule_set` beside those that it gives itself.

    `points` of the rules that could be computed, `computable` what these are worth, `scorable` what the rules with a formula are,
    `possible` what all are, `computable_share` = computable / possible; `normalised` = points / computable. `lowest` and `highest` are the
    share of the scorable points were the missing ones all lost or all taken, `lowest_all` and `highest_all` the same of all points, those
    of the rules that figures cannot tell among the missing. `self_points` is the printed total (the mean of several forms),
    `self_share` of the forms' points, `difference_pp` normalised less self_share. Among the `peers` of a year, those with any rule
    computed, where they are three: `rank` by `normalised` (1 is highest), `rank_best` and `rank_worst`, the ranks that it could
    have whatever figures are missing, `rank_best_all` and `rank_worst_all` whatever is, and `self_rank`. `differs` marks points that
    rest on a figure stated in more than one way. `scored` is `score(tables, rule_set)` where it is at hand.
    A report whose institute or year is not known is left out: it cannot be compared.
    """
    frame = normalised(score(tables, rule_set) if scored is None else scored)
    frame = frame.merge(self_given(tables), on=[*CASE], how="left", validate="one_to_one")
    frame = frame.assign(difference_pp=((frame["normalised"] - frame["self_share"]) * 100).round(4))
    return _ranked(frame)


def normalised(rows: pd.DataFrame) -> pd.DataFrame:
    """The columns of `comparable` that are of the points of one institute and year alone, of rows of `score`."""
    rows = _one_each(rows.dropna(subset=CASE))
    done, told = rows["points"].notna(), rows["reason"].ne("not_by_figures").fillna(True)
    rows = rows.assign(
        computable=rows["possible"].where(done, 0.0), scorable=rows["possible"].where(told, 0.0), rules_computed=done.astype(int), rules=1
    )
    groups = rows.groupby([*CASE, "covers"], sort=False)
    frame = groups[["points", "computable", "scorable", "possible"]].sum().round(DIGITS)
    frame = frame.join(groups[["rules", "rules_computed"]].sum()).join(groups["differs"].any()).reset_index()
    points, computable, possible, scorable = (frame[name] for name in ("points", "computable", "possible", "scorable"))
    missing, missing_all = (scorable - computable).round(DIGITS), (possible - computable).round(DIGITS)
    frame = frame.assign(
        points=points.where(computable.gt(0)),
        computable_share=(computable / possible).round(DIGITS),
        normalised=(points / computable.where(computable.gt(0))).round(DIGITS),
        lowest=(points / scorable.where(scorable.gt(0))).round(DIGITS),
        highest=((points + missing) / scorable.where(scorable.gt(0))).round(DIGITS),
        lowest_all=(points / possible).round(DIGITS),
        highest_all=((points + missing_all) / possible).round(DIGITS),
    )
    return frame.sort_values(CASE, kind="stable", ignore_index=True)


def ranked_together(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of `comparable` that are ranked together in the latest year with ranks, the highest first: the largest such group."""
    rows = frame.dropna(subset=["rank"])
    rows = rows[rows["fiscal_year"].eq(rows["fiscal_year"].max()).fillna(False)]
    rows = rows[rows["peers"].eq(rows["peers"].max()).fillna(False)]
    return rows[rows["covers"].eq(rows["covers"].max())].sort_values(["rank", "institute"], kind="stable", ignore_index=True)


def _one_each(rows: pd.DataFrame) -> pd.DataFrame:
    """Each rule once for an institute, year and scope, from the first report that it could be computed from.

    Where one report of an institute is of the whole and another one of projects, the whole counts.
    """
    whole = rows["covers"].eq("whole").groupby([rows[name] for name in CASE]).transform("any")
    rows = rows[rows["covers"].eq("whole") | ~whole].assign(_blank=lambda frame: frame["points"].isna())
    return rows.sort_values("_blank", kind="stable").drop_duplicates([*SCOPE, "rule"]).sort_index().drop(columns="_blank")


def self_given(tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """What institutes give themselves: institute, fiscal_year, self_points (the printed total), self_share of the form's points.

    That of the form for the whole, or the mean of its projects' forms. The share is null where nothing says what the form's points are.
    """
    scores = only(tables, "scores", "institute fiscal_year scope name weight")
    totals = measured(tables, total_scores).dropna(subset=[*CASE, "printed_total"])
    printed = scores[scores["name"].eq(TOTAL).fillna(False)].dropna(subset=["weight"]).drop_duplicates(SCOPE)
    printed = printed[[*SCOPE, "weight"]].rename(columns={"weight": "printed_weight"})
    totals = totals.merge(printed, on=SCOPE, how="left", validate="one_to_one")
    weight = totals["printed_weight"].fillna(totals["weight"])
    totals = totals.assign(self_points=totals["printed_total"], self_share=totals["printed_total"] / weight.where(weight.gt(0)))
    whole = totals["scope"].eq(WHOLE)
    totals = totals[whole | ~whole.groupby([totals[name] for name in CASE]).transform("any")]
    return totals.groupby(CASE, sort=False)[["self_points", "self_share"]].mean().round(DIGITS).reset_index()


def _ranked(frame: pd.DataFrame) -> pd.DataFrame:
    known = frame["normalised"].notna()
    groups = frame[known].groupby(WITHIN, sort=False)
    peers = groups["normalised"].transform("size")
    ranks = {"rank": groups["normalised"].rank(ascending=False, method="min")}
    for end in ("", "_all"):
        wide = frame["highest" + end].gt(frame["lowest" + end])[known]  # nobody is beaten by itself
        ranks["rank_best" + end] = 1 + _beaten_by(groups, "lowest" + end, "highest" + end)
        ranks["rank_worst" + end] = 1 + _beaten_by(groups, "highest" + end, "lowest" + end) - wide
    ranks = pd.DataFrame({**ranks, "self_rank": groups["self_share"].rank(ascending=False, method="min")})
    ranks = ranks.where(peers.ge(FEWEST)).reindex(frame.index)
    enough = frame[known].groupby(WITHIN)["self_share"].transform("count").ge(FEWEST).reindex(frame.index, fill_value=False)
    ranks["self_rank"] = ranks["self_rank"].where(enough)
    return frame.assign(peers=peers.reindex(frame.index).astype("Int64"), **{name: ranks[name].astype("Int64") for name in ranks})


def _beaten_by(groups, theirs: str, own: str) -> pd.Series:
    """For each row how many of its group have more in `theirs` than it has in `own`."""
    parts = [
        pd.Series(len(group) - np.searchsorted(np.sort(group[theirs].to_numpy()), group[own].to_numpy(), side="right"), index=group.index)
        for _, group in groups
    ]
    return pd.concat(parts) if parts else pd.Series(dtype="int64")
