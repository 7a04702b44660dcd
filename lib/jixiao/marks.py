"""Frame → frame: the scores (得分) that institutes give themselves, added up again and looked at by level.

Points are the form's own (of 100 as a rule). Pure functions over the tables of the data contract.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from .measures import CASE, SCOPE, pick
from .tables import reads

TOTAL = "总分"  # the standard name of a form's total
SAME_POINTS = 0.005


def counted(indicators: pd.DataFrame) -> pd.DataFrame:
    """All rows; one that shares the points of another row has no weight and no score of its own, so that none is added twice."""
    shared = indicators["shares_points_with"].notna()
    return indicators.assign(weight=indicators["weight"].mask(shared), score=indicators["score"].mask(shared))


def level_scores(indicators: pd.DataFrame, by: Sequence[str] = ("level1",)) -> pd.DataFrame:
    """Share of the weight earned by each institute, year, scope and `by`.

    `weight` is of all rows, `scored_weight` of those with a score; `earned_share` = score / scored_weight, `lost` the difference.
    `full_but_missed` counts the rows that take full marks although the target is missed (`attained` is false).
    """
    rows = counted(indicators)
    scored = rows["score"].notna() & rows["weight"].notna()
    rows = rows.assign(
        scored_weight=rows["weight"].where(scored),
        score=rows["score"].where(scored),
        rows=1,
        missed=rows["attained"].eq(False).fillna(False).astype(int),
        full_but_missed=_full_but_missed(rows).astype(int),
    )
    groups = rows.groupby([*SCOPE, *by], dropna=False, sort=False)
    points = groups[["weight", "scored_weight", "score"]].sum(min_count=1)
    counts = groups[["rows", "missed", "full_but_missed"]].sum().assign(scored_rows=groups["score"].count().to_numpy())
    out = points.assign(**{name: counts[name].to_numpy() for name in counts})  # of the same groups: to join them takes far longer
    out = out.assign(
        lost=out["scored_weight"] - out["score"], earned_share=out["score"] / out["scored_weight"].where(out["scored_weight"].ne(0))
    )
    return out.reset_index()


def _full_but_missed(rows: pd.DataFrame) -> pd.Series:
    missed = rows["attained"].eq(False).fillna(False).astype(bool)
    return missed & rows["weight"].gt(0).fillna(False).astype(bool) & rows["score"].ge(rows["weight"]).fillna(False).astype(bool)


_INDICATOR = [*SCOPE, "position", "level1", "level2", "level3", "target", "actual", "weight", "score"]


@reads(indicators="institute fiscal_year scope position level1 level2 level3 target actual weight score shares_points_with "
       "deviation_reason place")  # fmt: skip
def points_lost(indicators: pd.DataFrame) -> pd.DataFrame:
    """The indicators that did not take full marks, the most points lost first."""
    rows = counted(indicators)[["weight", "score"]]
    less = (rows["weight"] - rows["score"]).rename("lost")
    at = np.flatnonzero(less.gt(SAME_POINTS).fillna(False).astype(bool))  # whole rows are taken once: there may be many
    keys = indicators[[*SCOPE, "position"]].iloc[at].assign(lost=less.iloc[at], at=at)
    keys = keys.sort_values(["lost", *SCOPE, "position"], ascending=[False] + [True] * 4, kind="stable")
    found = indicators[[*_INDICATOR, "deviation_reason", "place"]].iloc[keys["at"]].reset_index(drop=True)
    found.insert(len(_INDICATOR), "lost", keys["lost"].to_numpy())
    return found


@reads(indicators="institute fiscal_year scope position level1 level2 level3 target actual weight score attained shares_points_with "
       "deviation_reason place")  # fmt: skip
def full_but_missed(indicators: pd.DataFrame) -> pd.DataFrame:
    """The indicators with full marks whose actual value misses the target: a reviewer asks for the reason."""
    full = _full_but_missed(counted(indicators))
    return indicators.loc[full, [*_INDICATOR, "deviation_reason", "place"]].reset_index(drop=True)


def printed_totals(scores: pd.DataFrame) -> pd.DataFrame:
    """The total that each form prints (总分): institute, fiscal_year, scope, printed_total, rating, place; the first with a number."""
    totals = scores[scores["name"].eq(TOTAL)]
    totals = pick(totals, SCOPE, ["score"])
    return totals.rename(columns={"score": "printed_total", "weight": "printed_weight"})[
        [*SCOPE, "printed_total", "printed_weight", "rating", "printed_differ", "place"]
    ]


@reads(indicators="institute fiscal_year scope weight score attained shares_points_with",
       execution="institute fiscal_year scope score_printed weight origin",
       scores="institute fiscal_year scope name weight score rating place")  # fmt: skip
def total_scores(indicators: pd.DataFrame, execution: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """The total of each form as printed and as its printed points add up: `printed_total`, `added_up`, `difference`, `agrees`.

    `added_up` is the indicators' scores and the score of the budget execution; where the indicators carry no scores (a rubric),
    the section scores. `basis` says which (`indicators`, `sections`, `none`). `weight` is what the parts weigh together.
    """
    levels = level_scores(indicators, by=())
    parts = levels[[*SCOPE, "weight", "score", "rows", "scored_rows", "full_but_missed"]]
    money = pick(execution, SCOPE, ["score_printed", "weight"])[[*SCOPE, "weight", "score_printed"]]
    money = money.rename(columns={"weight": "execution_weight", "score_printed": "execution_score"})
    sections = scores[scores["name"].ne(TOTAL).fillna(False).astype(bool)]
    sections = pick(sections, [*SCOPE, "name"], ["score"]).groupby(SCOPE, dropna=False)["score"].sum(min_count=1)
    frame = printed_totals(scores).merge(parts, on=SCOPE, how="outer", validate="one_to_one")
    frame = frame.merge(money, on=SCOPE, how="left", validate="one_to_one")
    frame = frame.merge(sections.rename("sections").reset_index(), on=SCOPE, how="left", validate="one_to_one")

    full = frame["scored_rows"].gt(0).fillna(False).astype(bool)
    by_rows = frame["score"] + frame["execution_score"].fillna(0)
    added_up = by_rows.where(full, frame["sections"]).round(6)
    difference = (frame["printed_total"] - added_up).round(6)
    basis = np.select([full, frame["sections"].notna()], ["indicators", "sections"], "none")
    agrees = difference.abs().lt(SAME_POINTS).astype("boolean").mask(difference.isna())
    frame = frame.assign(
        weight=frame["weight"] + frame["execution_weight"].fillna(0).where(full, 0),
        added_up=added_up,
        difference=difference,
        agrees=agrees,
        basis=pd.Series(basis, index=frame.index, dtype="str"),
    )
    counts = {"rows": "Int64", "scored_rows": "Int64", "full_but_missed": "Int64"}
    order = scores.drop_duplicates(SCOPE)[SCOPE].assign(_order=np.arange(len(scores.drop_duplicates(SCOPE))))
    frame = frame.merge(order, on=SCOPE, how="left", validate="one_to_one").sort_values([*CASE, "_order"], kind="stable")
    columns = [*SCOPE, "printed_total", "added_up", "difference", "agrees", "basis", "rating", "weight", *counts, "printed_differ", "place"]
    return frame.astype(counts)[columns].reset_index(drop=True)


@reads(scores="institute fiscal_year scope name weight score",
       indicators="institute fiscal_year scope level1 weight score attained shares_points_with")  # fmt: skip
def form_scores(scores: pd.DataFrame, indicators: pd.DataFrame, by: str = "level1") -> pd.DataFrame:
    """Share of the weight earned by section: from the indicators' scores, or from section scores where only those are printed.

    Columns institute, fiscal_year, scope, `by`, weight, score, earned_share, basis. A section's weight is the sum of its
    criteria's weights; it is null for a section score whose name the rubric does not have, for nobody says which one is meant.
    """
    levels = level_scores(indicators, by=(by,))
    scored = levels[levels["scored_rows"].gt(0)].assign(basis="indicators", weight=lambda frame: frame["scored_weight"])
    sections = scores[scores["name"].ne(TOTAL).fillna(False).astype(bool) & scores["score"].notna()]
    sections = pick(sections, [*SCOPE, "name"], ["score"]).rename(columns={"name": by, "weight": "printed_weight"})
    bare = levels[levels["scored_rows"].eq(0)][[*SCOPE, by, "weight"]]
    sections = sections.merge(bare, on=[*SCOPE, by], how="left", validate="one_to_one")
    weight = sections["weight"].fillna(sections["printed_weight"])
    sections = sections.assign(weight=weight, earned_share=sections["score"] / weight.where(weight.ne(0)), basis="sections")
    columns = [*SCOPE, by, "weight", "score", "earned_share", "basis"]
    return pd.concat([scored[columns], sections[columns]], ignore_index=True)
