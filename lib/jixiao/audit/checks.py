"""Checks of a report's arithmetic: do parts add to wholes, scores to totals, do rates recompute?

Each compares all reports at once. Its docstring is the question that it asks; see `checking` for what it returns.
"""

from __future__ import annotations

import pandas as pd

from ..facts import WHOLE
from ..vocabulary import spellings
from .checking import Frames, check, comparisons, reason_where

TOTAL, TOTAL_SCORE = "年度资金总额", "总分"
SOURCES = [
    "当年财政拨款",
    "一般公共预算拨款",
    "政府性基金预算拨款",
    "国有资本经营预算拨款",
    "财政专户管理资金",
    "上年结转资金",
    "单位资金",
    "其他资金",
    "自有资金",
]
CLASSES = ["工资福利支出", "商品和服务支出", "对个人和家庭的补助", "资本性支出"]
FULL_POINTS = 100.0  # the forms are scored out of a hundred
CENT = 0.01  # amounts and points are printed to two decimals


def _form_sums(frames: Frames) -> pd.DataFrame:
    """One row a form (report, scope): weights and scores of its indicators and its execution, and the printed total."""
    key = ["report_id", "scope"]
    indicators = frames["indicators"]
    own = indicators[indicators["shares_points_with"].isna()]
    sums = own.groupby(key, sort=False).agg(
        weights=("weight", "sum"), scores=("score", "sum"), n=("weight", "size"), weighted=("weight", "count"), scored=("score", "count")
    )
    execution = frames["execution"].drop_duplicates(key).set_index(key)[["weight", "score_printed"]]
    execution.columns = ["execution_weight", "execution_score"]
    totals = frames["scores"]
    totals = totals[totals["name"] == TOTAL_SCORE]
    printed = totals[totals["score"].notna()].drop_duplicates(key).set_index(key)[["score", "place"]]
    full = totals[totals["weight"].notna()].drop_duplicates(key).set_index(key)[["weight"]].rename(columns={"weight": "full"})
    joined = sums.join(execution, validate="one_to_one").join(printed, validate="one_to_one").join(full, validate="one_to_one")
    return joined.reset_index().rename(columns={"place": "places"})


@check("weights_to_total", "medium")
def weights_to_total(frames: Frames) -> pd.DataFrame:
    """Do the weights of all indicators and of the execution add to the form's total?"""
    forms = _form_sums(frames)
    forms["expected"] = forms["full"].fillna(FULL_POINTS)
    forms["found"] = forms["weights"] + forms["execution_weight"].fillna(0)
    reason = reason_where(forms["weighted"] < forms["n"], "indicators without a weight")
    return comparisons(forms, "sum of weights", CENT / 2, reason)


@check("scores_to_total", "high")
def scores_to_total(frames: Frames) -> pd.DataFrame:
    """Do the scores of all indicators and of the execution add to the printed total?"""
    forms = _form_sums(frames)
    forms["expected"] = forms["score"]
    forms["found"] = forms["scores"] + forms["execution_score"].fillna(0)
    reason = reason_where(forms["scored"] < forms["n"], "indicators without a score")
    reason = reason.mask(reason.isna() & forms["score"].isna(), "no total is printed")
    return comparisons(forms, "total score", CENT / 2, reason)


@check("sections_to_total", "high")
def sections_to_total(frames: Frames) -> pd.DataFrame:
    """Do the scores of the sections add to the printed total?"""
    key = ["report_id", "scope"]
    scores = frames["scores"][frames["scores"]["score"].notna()]
    is_total = scores["name"] == TOTAL_SCORE
    sections = scores[~is_total].groupby(key, sort=False).agg(found=("score", "sum"), n=("score", "size")).reset_index()
    totals = scores[is_total].drop_duplicates(key)[[*key, "score", "place"]]
    rows = sections.merge(totals, on=key, how="left", validate="one_to_one").rename(columns={"score": "expected", "place": "places"})
    return comparisons(rows, "total score of the sections", CENT / 2, reason_where(rows["expected"].isna(), "no total is printed"))


@check("section_weights", "medium")
def section_weights(frames: Frames) -> pd.DataFrame:
    """Do the weights of a level's criteria add to the points printed for the level?"""
    indicators = frames["indicators"]
    pieces = []
    for level in ("level1", "level2"):
        sums = indicators.groupby(["report_id", "scope", level], sort=False)["weight"].sum().rename("found").reset_index()
        pieces.append(sums.rename(columns={level: "name"}))
    scores = frames["scores"]
    printed = scores[scores["weight"].notna() & (scores["name"] != TOTAL_SCORE)][["report_id", "scope", "name", "weight", "place"]]
    both = pd.concat(pieces, ignore_index=True).drop_duplicates(["report_id", "scope", "name"])
    rows = printed.merge(both, on=["report_id", "scope", "name"], how="inner").rename(columns={"weight": "expected", "place": "places"})
    return comparisons(rows, "weights of " + rows["name"], CENT / 2)


@check("execution_rate", "medium")
def execution_rate(frames: Frames) -> pd.DataFrame:
    """Is the printed execution rate spending over budget, rounded as printed?"""
    rows = frames["execution"][frames["execution"]["rate_printed"].notna()].rename(columns={"place": "places"})
    rows = rows.assign(expected=rows["rate_printed"], found=rows["rate"])
    return comparisons(
        rows, "execution rate", 0.5 * CENT * CENT, reason_where(rows["rate"].isna(), "no budget or no spending to compute the rate")
    )


@check("execution_score", "medium")
def execution_score(frames: Frames) -> pd.DataFrame:
    """Is the printed execution score weight × rate?"""
    rows = frames["execution"][frames["execution"]["score_printed"].notna()].rename(columns={"place": "places"})
    rows = rows.assign(expected=rows["score_printed"], found=rows["score"])
    return comparisons(rows, "execution score", CENT / 2, reason_where(rows["score"].isna(), "no weight or no rate to compute the score"))


def parts_and_whole(frame: pd.DataFrame, key: list[str], whole: str, parts: list[str], label: str) -> pd.DataFrame:
    """Comparisons of an item with the sum of its parts, for each `key`; a figure printed twice counts once, a null not at all."""
    figures = frame[frame["amount_wan"].notna() & (frame["origin"] != "derived")].drop_duplicates([*key, "item"])
    is_part = figures["item"].isin(parts)
    sums = figures[is_part].groupby(key, sort=False, dropna=False).agg(found=("amount_wan", "sum"), n=("amount_wan", "size")).reset_index()
    wholes = figures[figures["item"] == whole][[*key, "amount_wan", "place"]]
    rows = sums.merge(wholes, on=key, how="left", validate="one_to_one").rename(columns={"amount_wan": "expected", "place": "places"})
    if "scope" not in rows:
        rows["scope"] = WHOLE
    tolerance = CENT / 2 * rows["n"] + CENT / 2
    return comparisons(rows, label, tolerance, reason_where(rows["expected"].isna(), f"{label}: the whole is not printed"))


@check("fund_sources", "medium")
def fund_sources(frames: Frames) -> pd.DataFrame:
    """Do the sources of funds add to the year's total?"""
    table = frames["funds"][frames["funds"]["origin"] == "table"]
    return parts_and_whole(table, ["report_id", "scope", "year", "stage"], TOTAL, list(SOURCES), "total of the sources of funds")


@check("basic_and_project", "high")
def basic_and_project(frames: Frames) -> pd.DataFrame:
    """Do basic and project expenditure add to the total?"""
    funds = frames["funds"]
    key = ["report_id", "scope", "year", "stage"]
    both = funds[funds["item"].isin(["基本支出", "项目支出"])].groupby(key, dropna=False)["item"].nunique()
    complete = funds.set_index(key).index.isin(both[both == 2].index)
    return parts_and_whole(funds[complete], key, TOTAL, ["基本支出", "项目支出"], "total of basic and project expenditure")


@check("economic_classes", "high")
def economic_classes(frames: Frames) -> pd.DataFrame:
    """Do wages, goods and services, subsidies and capital outlay add to the expenditure that they are parts of?"""
    funds = frames["funds"][frames["funds"]["code"].isna()].copy()
    inside = funds["scope"].str.startswith(f"{WHOLE}/")
    funds["whole"] = funds["scope"].str.removeprefix(f"{WHOLE}/").where(inside, TOTAL)
    funds = funds[funds["item"].isin(CLASSES) & (inside | (funds["scope"] == WHOLE))]
    key = ["report_id", "year", "stage", "whole"]
    figures = funds[funds["amount_wan"].notna()].drop_duplicates([*key, "item"])
    sums = figures.groupby(key, sort=False, dropna=False).agg(found=("amount_wan", "sum"), n=("amount_wan", "size")).reset_index()
    # the total may be derived: basic + project, both printed
    every = frames["funds"][(frames["funds"]["scope"] == WHOLE) & frames["funds"]["amount_wan"].notna()]
    wholes = every.drop_duplicates(["report_id", "year", "stage", "item"]).rename(
        columns={"item": "whole", "amount_wan": "expected", "place": "places"}
    )
    rows = sums.merge(wholes[[*key, "expected", "places"]], on=key, how="left", validate="one_to_one")
    rows["scope"] = WHOLE
    return comparisons(
        rows, "total of the economic classes", CENT / 2 * (rows["n"] + 1), reason_where(rows["expected"].isna(), "the whole is not printed")
    )


@check("named_projects", "medium")
def named_projects(frames: Frames) -> pd.DataFrame:
    """Do the parts listed under project expenditure add to it?"""
    funds = frames["funds"]
    parts = funds[(funds["scope"] == f"{WHOLE}/项目支出") & funds["amount_wan"].notna() & funds["section"].isna()]
    key = ["report_id", "year", "stage"]
    parts = parts.drop_duplicates([*key, "item"])
    sums = parts.groupby(key, sort=False, dropna=False).agg(found=("amount_wan", "sum"), n=("amount_wan", "size")).reset_index()
    wholes = funds[(funds["scope"] == WHOLE) & (funds["item"] == "项目支出") & funds["amount_wan"].notna()].drop_duplicates(key)
    rows = sums.merge(wholes[[*key, "amount_wan", "place"]], on=key, how="left", validate="one_to_one")
    rows = rows.rename(columns={"amount_wan": "expected", "place": "places"}).assign(scope=WHOLE)
    return comparisons(
        rows, "total of the projects", CENT / 2 * (rows["n"] + 1), reason_where(rows["expected"].isna(), "the whole is not printed")
    )


@check("three_public_parts", "high")
def three_public_parts(frames: Frames) -> pd.DataFrame:
    """Do vehicles, travel abroad and reception add to the three public funds, purchase and running to vehicles?"""
    key = ["report_id", "year", "stage"]
    frame = frames["three_public"]
    total = parts_and_whole(frame, key, "total", ["vehicle", "abroad", "reception"], "three public funds")
    vehicle = parts_and_whole(frame, key, "vehicle", ["vehicle_purchase", "vehicle_running"], "vehicles")
    # a report that prints only the running costs has no whole to compare with
    return pd.concat([total, vehicle], ignore_index=True)


@check("budget_and_adjustment", "medium")
def budget_and_adjustment(frames: Frames) -> pd.DataFrame:
    """Is the initial budget with its adjustment the revised budget, where prose states all three?"""
    funds = frames["funds"]
    prose = funds[(funds["item"] == TOTAL) & (funds["origin"] == "text") & funds["amount_wan"].notna()]
    key = ["report_id", "scope", "year"]
    wide = prose.drop_duplicates([*key, "stage"]).pivot(index=key, columns="stage", values=["amount_wan", "place"])
    stages = ("initial_budget", "adjustment", "revised_budget")
    amount = pd.DataFrame(
        {stage: wide.get(("amount_wan", stage), pd.Series(index=wide.index, dtype="float64")) for stage in stages}
    ).astype("float64")
    rows = amount[amount["adjustment"].notna()].reset_index()
    rows["expected"], rows["found"] = rows["revised_budget"], rows["initial_budget"] + rows["adjustment"]
    places = wide.get(("place", "revised_budget"), pd.Series(index=wide.index, dtype="object"))
    rows["places"] = list(places[amount["adjustment"].notna()])
    missing = rows["expected"].isna() | rows["found"].isna()
    return comparisons(
        rows, "revised budget", CENT, reason_where(missing, "not all of initial budget, adjustment and revised budget are stated")
    )


@check("staff_control_rate", "low")
def staff_control_rate(frames: Frames) -> pd.DataFrame:
    """Is the printed control rate actual over authorised staff?"""
    rates = frames["activities"]
    rates = rates[rates["what"] == "财政供养人员控制率"].drop_duplicates("report_id")[["report_id", "value", "place"]]
    staff = frames["reports"][["report_id", "staff_authorised", "staff_actual"]]
    rows = rates.merge(staff, on="report_id", how="left", validate="one_to_one").rename(columns={"place": "places"})
    rows["scope"], rows["expected"] = WHOLE, rows["value"] / 100
    rows["found"] = rows["staff_actual"].astype("Float64").astype("float64") / rows["staff_authorised"].astype("Float64").astype("float64")
    return comparisons(rows, "staff control rate", 0.5 * CENT * CENT, reason_where(rows["found"].isna(), "no numbers of staff"))


@check("same_figure", "medium")
def same_figure(frames: Frames) -> pd.DataFrame:
    """Is a figure that stands in several places the same in each of them?"""
    key = ["report_id", "scope", "item", "year", "stage"]
    funds = frames["funds"]
    # an item under a name of its own (一般行政管理事务) may be another one in another place
    standard = funds["code"].isna() & funds["item"].isin({*spellings("items").values(), *spellings("incomes").values()})
    every = pd.concat([funds[standard], frames["three_public"].assign(scope=WHOLE)], ignore_index=True)
    every = every[every["amount_wan"].notna() & (every["origin"] != "derived")]
    first = every.drop_duplicates(key)[[*key, "amount_wan", "place"]]
    others = every[every.duplicated(key)].drop_duplicates([*key, "amount_wan"])[[*key, "amount_wan", "place"]]
    rows = others.merge(first, on=key, suffixes=("_other", ""), validate="many_to_one")
    rows["expected"], rows["found"] = rows["amount_wan"], rows["amount_wan_other"]
    rows["places"] = rows["place"] + " " + rows["place_other"]
    return comparisons(rows, rows["item"] + " (" + rows["stage"] + ") in another place", CENT / 2)
