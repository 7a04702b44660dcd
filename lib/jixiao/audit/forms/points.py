"""Checks of self-evaluation forms: do weights, scores and rates follow from each other?

Each compares all reports at once. Its docstring is the question that it asks; see `checking` for what it returns.
"""

from __future__ import annotations

import pandas as pd

from ..checking import CENT, FORM, RATE, Frames, check, comparisons, joined, reason_where, shared, together
from ..sums import add_up

TOTAL_SCORE = "总分"
FULL_POINTS = 100.0  # the forms are scored out of a hundred


@shared
def _form_sums(frames: Frames) -> pd.DataFrame:
    """One row a form (report, scope): weights and scores of its indicators and its execution, and the printed total."""
    indicators = frames["indicators"]
    own = indicators[indicators["shares_points_with"].isna()]
    sums = own.groupby(FORM, sort=False).agg(
        weights=("weight", "sum"), scores=("score", "sum"), n=("weight", "size"), weighted=("weight", "count"), scored=("score", "count")
    )
    execution = frames["execution"].drop_duplicates(FORM).set_index(FORM)[["weight", "score_printed", "place"]]
    execution.columns = ["execution_weight", "execution_score", "execution_place"]
    totals = frames["scores"]
    totals = totals[totals["name"] == TOTAL_SCORE]
    printed = totals[totals["score"].notna()].drop_duplicates(FORM).set_index(FORM)[["score", "place"]]
    full = totals[totals["weight"].notna()].drop_duplicates(FORM).set_index(FORM)[["weight"]].rename(columns={"weight": "full"})
    joined = sums.join(execution, validate="one_to_one").join(printed, validate="one_to_one").join(full, validate="one_to_one")
    return joined.reset_index().rename(columns={"place": "places"})


@check("weights_to_total", "medium", "points")
def weights_to_total(frames: Frames) -> pd.DataFrame:
    """Do the weights of all indicators and of the execution add to the form's total?"""
    forms = _form_sums(frames)
    forms["expected"] = forms["full"].fillna(FULL_POINTS)
    forms["found"] = forms["weights"] + forms["execution_weight"].fillna(0)
    return comparisons(forms, reason_where(forms["weighted"] < forms["n"], "indicators without a weight"), tolerance=CENT / 2)


@check("scores_to_total", "high", "points")
def scores_to_total(frames: Frames) -> pd.DataFrame:
    """Do the scores of all indicators and of the execution add to the printed total?"""
    forms = _form_sums(frames)
    forms["expected"] = forms["score"]
    forms["found"] = forms["scores"] + forms["execution_score"].fillna(0)
    forms["places"] = joined(forms["places"], forms["execution_place"])
    reason = reason_where(forms["scored"] < forms["n"], "indicators without a score")
    reason = reason.mask(reason.isna() & forms["score"].isna(), "no total is printed")
    return comparisons(forms, reason, tolerance=CENT / 2)


@check("sections_to_total", "high", "points")
def sections_to_total(frames: Frames) -> pd.DataFrame:
    """Do the scores of the sections add to the printed total?"""
    scores = frames["scores"][frames["scores"]["score"].notna()]
    is_total = scores["name"] == TOTAL_SCORE
    totals = scores[is_total].drop_duplicates(FORM)[[*FORM, "score", "place"]].rename(columns={"score": "expected", "place": "places"})
    parts = scores[~is_total][[*FORM, "score", "place"]].rename(columns={"score": "amount_wan"})
    return add_up(totals, parts, FORM)


@check("section_weights", "medium", "points")
def section_weights(frames: Frames) -> pd.DataFrame:
    """Do the weights of a level's criteria add to the points printed for the level?"""
    indicators = frames["indicators"]
    named = [indicators[[*FORM, level, "weight", "place"]].rename(columns={level: "label"}) for level in ("level1", "level2")]
    # a name that stands on both levels is that of the upper one
    first = named[0][[*FORM, "label"]].drop_duplicates()
    lower = named[1].merge(first, on=[*FORM, "label"], how="left", indicator=True)
    parts = together(named[0], lower[lower["_merge"] == "left_only"].drop(columns="_merge")).rename(columns={"weight": "amount_wan"})
    scores = frames["scores"]
    printed = scores[scores["weight"].notna() & (scores["name"] != TOTAL_SCORE)]
    wholes = printed.rename(columns={"name": "label", "weight": "expected", "place": "places"})[[*FORM, "label", "expected", "places"]]
    return add_up(wholes.drop_duplicates([*FORM, "label"]), parts, [*FORM, "label"], how="inner")


@check("execution_rate", "medium", "rate")
def execution_rate(frames: Frames) -> pd.DataFrame:
    """Is the printed execution rate spending over budget, rounded as printed?"""
    rows = frames["execution"][frames["execution"]["rate_printed"].notna()].rename(columns={"place": "places"})
    rows = rows.assign(expected=rows["rate_printed"], found=rows["rate"], tolerance=RATE / 2)
    return comparisons(rows, reason_where(rows["rate"].isna(), "no budget or no spending to compute the rate"))


@check("execution_score", "medium", "points", source="财预〔2020〕10号")
def execution_score(frames: Frames) -> pd.DataFrame:
    """Is the printed execution score weight × rate?"""
    rows = frames["execution"][frames["execution"]["score_printed"].notna()].rename(columns={"place": "places"})
    rows = rows.drop(columns="score").assign(expected=rows["score_printed"], found=rows["score"], tolerance=CENT / 2)
    return comparisons(rows, reason_where(rows["found"].isna(), "no weight or no rate to compute the score"))
