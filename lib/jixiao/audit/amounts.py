"""Checks of a report's amounts: do parts add to wholes, and is a figure the same wherever it stands?

Each compares all reports at once. Its docstring is the question that it asks; see `checking` for what it returns.
"""

from __future__ import annotations

import pandas as pd

from ..facts import WHOLE
from ..vocabulary import spellings
from .checking import CENT, RATE, Frames, check, comparisons, joined, reason_where, together
from .sums import add_up

TOTAL = "年度资金总额"
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


def _parts_and_whole(frame: pd.DataFrame, key: list[str], whole: str, parts: list[str], label: str | None = None) -> pd.DataFrame:
    """Comparisons of an item with the sum of its parts, for each `key`."""
    printed = frame["item"].isin([whole, *parts]) & frame["amount_wan"].notna() & (frame["origin"] != "derived")
    figures = frame.loc[printed, [*key, "item", "amount_wan", "place"]].drop_duplicates([*key, "item"])
    wholes = figures[figures["item"] == whole][[*key, "amount_wan", "place"]]
    wholes = wholes.rename(columns={"amount_wan": "expected", "place": "places"})
    own = figures[figures["item"].isin(parts)][[*key, "amount_wan", "place"]]
    if "scope" not in key:
        wholes, own, key = wholes.assign(scope=WHOLE), own.assign(scope=WHOLE), [*key, "scope"]
    return add_up(wholes, own, key, label=label)


@check("fund_sources", "medium")
def fund_sources(frames: Frames) -> pd.DataFrame:
    """Do the sources of funds add to the year's total?"""
    funds = frames["funds"]
    table = funds[funds["item"].isin([TOTAL, *SOURCES]) & (funds["origin"] == "table")]
    return _parts_and_whole(table, ["report_id", "scope", "year", "stage"], TOTAL, list(SOURCES))


@check("basic_and_project", "high")
def basic_and_project(frames: Frames) -> pd.DataFrame:
    """Do basic and project expenditure add to the total?"""
    funds = frames["funds"]
    key = ["report_id", "scope", "year", "stage"]
    funds = funds[funds["item"].isin([TOTAL, "基本支出", "项目支出"])]
    both = funds[funds["item"] != TOTAL].groupby(key, dropna=False)["item"].nunique()
    complete = funds.set_index(key).index.isin(both[both == 2].index)
    return _parts_and_whole(funds[complete], key, TOTAL, ["基本支出", "项目支出"])


@check("economic_classes", "high")
def economic_classes(frames: Frames) -> pd.DataFrame:
    """Do wages, goods and services, subsidies and capital outlay add to the expenditure that they are parts of?"""
    funds = frames["funds"]
    funds = funds[funds["item"].isin(CLASSES) & funds["code"].isna()].copy()
    inside = funds["scope"].str.startswith(f"{WHOLE}/")
    funds["whole"] = funds["scope"].str.removeprefix(f"{WHOLE}/").where(inside, TOTAL)
    funds = funds[(inside | (funds["scope"] == WHOLE))]
    key = ["report_id", "year", "stage", "whole"]
    figures = funds[funds["amount_wan"].notna()].drop_duplicates([*key, "item"])
    # the total may be derived: basic + project, both printed
    every = frames["funds"][(frames["funds"]["scope"] == WHOLE) & frames["funds"]["amount_wan"].notna()]
    wholes = every.drop_duplicates(["report_id", "year", "stage", "item"])
    wholes = wholes.rename(columns={"item": "whole", "amount_wan": "expected", "place": "places"})[[*key, "expected", "places"]]
    return add_up(wholes, figures[[*key, "amount_wan", "place"]], key, scope=WHOLE)


@check("named_projects", "medium")
def named_projects(frames: Frames) -> pd.DataFrame:
    """Do the parts listed under project expenditure add to it?"""
    funds = frames["funds"]
    funds = funds[funds["amount_wan"].notna()]
    key = ["report_id", "year", "stage"]
    parts = funds[(funds["scope"] == f"{WHOLE}/项目支出") & funds["section"].isna()].drop_duplicates([*key, "item"])
    wholes = funds[(funds["scope"] == WHOLE) & (funds["item"] == "项目支出")].drop_duplicates(key)
    wholes = wholes.rename(columns={"amount_wan": "expected", "place": "places"})[[*key, "expected", "places"]]
    return add_up(wholes, parts[[*key, "amount_wan", "place"]], key, scope=WHOLE)


@check("three_public_parts", "high")
def three_public_parts(frames: Frames) -> pd.DataFrame:
    """Do vehicles, travel abroad and reception add to the three public funds, purchase and running to vehicles?"""
    key = ["report_id", "year", "stage"]
    frame = frames["three_public"]
    total = _parts_and_whole(frame, key, "total", ["vehicle", "abroad", "reception"], "“三公”经费")
    # a report that prints only the running costs has no whole to compare with
    vehicle = _parts_and_whole(frame, key, "vehicle", ["vehicle_purchase", "vehicle_running"], "公务用车购置及运行维护费")
    return together(total, vehicle)


@check("budget_and_adjustment", "medium")
def budget_and_adjustment(frames: Frames) -> pd.DataFrame:
    """Is the initial budget with its adjustment the revised budget, where prose states all three?"""
    funds = frames["funds"]
    prose = funds[(funds["item"] == TOTAL) & (funds["origin"] == "text") & funds["amount_wan"].notna()]
    key = ["report_id", "scope", "year"]
    first = prose.drop_duplicates([*key, "stage"])

    def of(stage: str) -> pd.DataFrame:
        return first[first["stage"] == stage].set_index(key)[["amount_wan", "place"]]

    rows = (
        of("adjustment").join(of("initial_budget").add_suffix("_initial")).join(of("revised_budget").add_suffix("_revised")).reset_index()
    )
    rows["expected"], rows["found"] = rows["amount_wan_revised"], rows["amount_wan_initial"] + rows["amount_wan"]
    rows["places"] = joined(rows["place_revised"], rows["place_initial"], rows["place"])
    missing = rows["expected"].isna() | rows["found"].isna()
    return comparisons(
        rows,
        reason_where(missing, "not all of initial budget, adjustment and revised budget are stated"),
        tolerance=CENT / 2,
        rounding=CENT,
    )


@check("staff_control_rate", "low", "rate")
def staff_control_rate(frames: Frames) -> pd.DataFrame:
    """Is the printed control rate actual over authorised staff?"""
    rates = frames["activities"]
    rates = rates[rates["what"] == "财政供养人员控制率"].drop_duplicates("report_id")[["report_id", "value", "place"]]
    staff = frames["reports"][["report_id", "staff_authorised", "staff_actual"]]
    rows = rates.merge(staff, on="report_id", how="left", validate="one_to_one").rename(columns={"place": "places"})
    rows["expected"] = rows["value"] / 100
    rows["found"] = rows["staff_actual"].astype("Float64").astype("float64") / rows["staff_authorised"].astype("Float64").astype("float64")
    return comparisons(rows, reason_where(rows["found"].isna(), "no numbers of staff"), scope=WHOLE, tolerance=RATE / 2)


@check("same_figure", "medium")
def same_figure(frames: Frames) -> pd.DataFrame:
    """Is a figure that stands in several places the same in each of them?"""
    key = ["report_id", "scope", "item", "year", "stage"]
    funds = frames["funds"]
    # an item under a name of its own (一般行政管理事务) may be another one in another place
    # and what stands in the tables of a book is compared by what it is of, see `books`
    standard = (
        funds["code"].isna() & funds["section"].isna() & funds["item"].isin({*spellings("items").values(), *spellings("incomes").values()})
    )
    every = pd.concat([funds[standard], frames["three_public"].assign(scope=WHOLE)], ignore_index=True)
    every = every[every["amount_wan"].notna() & (every["origin"] != "derived")]
    first = every.drop_duplicates(key)[[*key, "amount_wan", "place"]]
    others = every[every.duplicated(key)].drop_duplicates([*key, "amount_wan"])[[*key, "amount_wan", "place"]]
    rows = others.merge(first, on=key, suffixes=("_other", ""), validate="many_to_one")
    rows["expected"], rows["found"] = rows["amount_wan"], rows["amount_wan_other"]
    rows["places"] = joined(rows["place"], rows["place_other"])
    return comparisons(rows, label=rows["item"], detail=rows["stage"], tolerance=CENT / 2)
