"""Checks of scores that do not follow: from the weight, the target and its outcome, the rule, or another score.

Each compares all reports at once. Its docstring is the question that it asks; see `checking` for what it returns.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from ..checking import CENT, FORM, Frames, check, comparisons, joined, reason_where, together
from ..wording import beside, flat, is_all, says
from .judging import loses, scored
from .points import FULL_POINTS, TOTAL_SCORE

FAR = 1.3  # an outcome that much above its target shows a target set too low, which many rules dock
SHARE = 0.01  # of the weight: what rounding a score to hundredths can make
EXECUTION = "预算执行"
BANDS = {"优": 90.0, "良": 80.0, "中": 60.0, "差": 0.0}  # from so many points of a hundred on
TEXT_ONLY = "the target or its outcome is no figure"


@check("score_above_weight", "high", "points")
def score_above_weight(frames: Frames) -> pd.DataFrame:
    """Is any score more than the points that there are to get?"""
    indicators = frames["indicators"]
    bonus = says(indicators["level3"], "bonus") | says(indicators["criterion"], "bonus")
    one = indicators.assign(label=indicators["level3"], kind=bonus.map({True: "low", False: None}))
    execution = frames["execution"].drop(columns="score")
    two = execution.rename(columns={"score_printed": "score"}).assign(label=EXECUTION, kind=None)
    scores = frames["scores"]
    weights = scores[scores["weight"].notna()].drop_duplicates([*FORM, "name"])[[*FORM, "name", "weight"]]
    # 得分 and 分值 of a section may stand in different places
    three = scores.merge(weights, on=[*FORM, "name"], how="left", suffixes=("", "_elsewhere"), validate="many_to_one")
    three["weight"] = three["weight"].fillna(three["weight_elsewhere"])
    total = three["name"] == TOTAL_SCORE
    three["weight"] = three["weight"].mask(total & three["weight"].isna(), FULL_POINTS)
    with_bonus = three.set_index(FORM).index.isin(one[bonus].set_index(FORM).index)
    three = three.assign(label=three["name"], kind=pd.Series(with_bonus, index=three.index).map({True: "low", False: None}))
    columns = [*FORM, "label", "weight", "score", "kind", "place"]
    rows = together(*(each.loc[each["weight"].notna() & each["score"].notna(), columns] for each in (one, two, three)))
    rows = rows.rename(columns={"weight": "expected", "score": "found", "place": "places", "kind": "severity"})
    over = rows["found"] > rows["expected"] + CENT / 2
    # a total is too high because one of its scores is
    forms = rows.set_index(FORM).index
    follows = (rows["label"] == TOTAL_SCORE) & forms.isin(forms[over & (rows["label"] != TOTAL_SCORE)])
    return comparisons(rows, fails=over & ~follows)


@check("target_met_points_lost", "medium", "points")
def target_met_points_lost(frames: Frames) -> pd.DataFrame:
    """Does an indicator that met its target get all its points?

    A reason given for the deviation, a rule that may ask for more than the target, and an outcome far above the target (a sign of
    a target set too low, which many rules dock) leave it a question, not a contradiction.
    """
    rows = scored(frames)
    rows = rows[rows["target"].notna() & rows["actual"].notna()]
    far = (rows["target_op"] != "<=") & (rows["actual_value"] > FAR * rows["target_value"])
    open_to = far | rows["deviation_reason"].notna() | _has_rule(rows)
    reason = reason_where(rows["met"].isna(), TEXT_ONLY)
    return comparisons(
        rows,
        reason,
        label=rows["level3"],
        detail=beside(rows["target"], rows["actual"]),
        expected=rows["weight"],
        found=rows["score"],
        fails=(rows["met"].fillna(False).astype(bool) & loses(rows)),
        severity=open_to.map({True: "low", False: None}),
    )


@check("target_missed_full_points", "medium", "points")
def target_missed_full_points(frames: Frames) -> pd.DataFrame:
    """Does an indicator that missed its target lose points?

    A rule of its own may give all points for less than the target: then it is a question, not a contradiction.
    """
    rows = scored(frames)
    rows = rows[rows["target"].notna() & rows["actual"].notna()]
    undone = says(rows["actual"], "not_done") & rows["actual_value"].isna()
    judged = rows["met"].mask(undone, False)
    return comparisons(
        rows,
        reason_where(judged.isna(), TEXT_ONLY),
        label=rows["level3"],
        detail=beside(rows["target"], rows["actual"]),
        expected=rows["weight"],
        found=rows["score"],
        fails=(~judged.fillna(True).astype(bool)) & ~loses(rows),
        severity=_has_rule(rows).map({True: "low", False: None}),
    )


@check("deduction_without_reason", "medium", "points")
def deduction_without_reason(frames: Frames) -> pd.DataFrame:
    """Does each deduction have its reason beside it?

    Where no deduction of the form has one, it may have no place for it: a low finding. A reason that says that nothing is
    amiss is none. An indicator that met its target is the business of another check.
    """
    rows = scored(frames)
    rows = rows[loses(rows) & rows["actual"].notna() & ~rows["met"].fillna(False).astype(bool)]
    reason = rows["deviation_reason"]
    empty = reason.isna() | (flat(reason) == "")
    forms = rows.set_index(FORM).index
    given = pd.Series(forms.isin(forms[~empty]), index=rows.index)
    denied = is_all(reason, "no_deviation")
    return comparisons(
        rows,
        label=rows["level3"],
        detail=("（" + reason + "）").where(denied, ""),
        expected=rows["weight"],
        found=rows["score"],
        fails=empty | denied,
        severity=(given | denied).map({True: None, False: "low"}),
    )


@check("same_result_scored_differently", "medium", "rate")
def same_result_scored_differently(frames: Frames) -> pd.DataFrame:
    """Does the same indicator with the same target and outcome get the same share of its points wherever it stands?

    Outcomes in words leave room for judgement, and a reason beside the lower score explains it: low findings.
    """
    rows = scored(frames)
    rows = rows[rows["target"].notna() & rows["actual"].notna() & rows["level3"].notna() & (rows["weight"] > 0)]
    # points lost for nothing are told already, by the check above
    told = rows["met"].fillna(False).astype(bool) & loses(rows) & rows["deviation_reason"].isna()
    rows = rows[~told]
    rows = rows.assign(share=rows["score"] / rows["weight"], **{name: flat(rows[name]) for name in ("level3", "target", "actual")})
    key = ["report_id", "level3", "target", "actual"]
    rows = rows[rows.duplicated(key, keep=False)].sort_values([*key, "share"], kind="stable")
    low, high = rows.drop_duplicates(key), rows.drop_duplicates(key, keep="last")
    both = low.merge(high[[*key, "share", "places"]], on=key, suffixes=("", "_high"), validate="one_to_one")
    both["places"] = joined(both["places"], both["places_high"])
    unsure = both["deviation_reason"].notna() | both["target_value"].isna()
    return comparisons(
        both,
        label=both["level3"],
        detail=beside(both["target"], both["actual"]),
        expected=both["share_high"],
        found=both["share"],
        fails=both["share_high"] - both["share"] > SHARE,
        severity=unsure.map({True: "low", False: None}),
    )


@check("proportional_score", "medium", "points")
def proportional_score(frames: Frames) -> pd.DataFrame:
    """Where the rule is points in proportion to what was done, is the score the weight times outcome over target?

    Checked where that is the whole of the rule and the target is a least value. The digits of the score say how it was rounded.
    """
    rows = scored(frames)
    told = rows["met"].fillna(False).astype(bool) & loses(rows)  # of points lost for nothing another check tells
    rows = rows[says(rows["criterion"], "proportional") & ~told]
    rule = rows["target_op"].isin([">=", ">", "="]) & (rows["target_unit"].fillna("") == rows["actual_unit"].fillna(""))
    share = (rows["actual_value"] / rows["target_value"].where(rows["target_value"] > 0)).clip(upper=1)
    whole, tenth = (rows["score"].round(digits).sub(rows["score"]).abs() < 1e-9 for digits in (0, 1))
    reason = reason_where(~rule | share.isna() | rows["met"].isna(), TEXT_ONLY)
    reason = reason.mask(reason.isna() & says(rows["criterion"], "not_only_proportional"), "the rule says more than a proportion")
    return comparisons(
        rows,
        reason,
        label=rows["level3"],
        detail=beside(rows["target"], rows["actual"]),
        expected=rows["score"],
        found=rows["weight"] * share,
        tolerance=np.select([whole, tenth], [0.5, 0.05], CENT / 2),
    )


@check("rating_and_score", "medium", "points", source="财预〔2020〕10号")
def rating_and_score(frames: Frames) -> pd.DataFrame:
    """Is the printed rating that of the printed total?

    90 points of a hundred and more are 优, 80 良, 60 中, less 差.
    """
    scores = frames["scores"]
    rows = scores[scores["rating"].notna() & (scores["name"] == TOTAL_SCORE)].rename(columns={"place": "places"})
    points = 100 * rows["score"] / rows["weight"].fillna(FULL_POINTS)
    right = np.select([points >= least for least in BANDS.values()], list(BANDS), "差")
    return comparisons(
        rows,
        reason_where(points.isna(), "a rating without a total score").mask(~rows["rating"].isin(list(BANDS)), "a rating of another scale"),
        label=rows["rating"],
        detail=right,
        expected=rows["score"],
        found=rows["score"],
        fails=rows["rating"] != right,
    )


def _has_rule(rows: pd.DataFrame) -> pd.Series:
    """Where a rule in words stands beside the points, not the points again."""
    return rows["criterion"].notna() & ~flat(rows["criterion"]).str.fullmatch(r"[\d.]*分?").fillna(True).astype(bool)
