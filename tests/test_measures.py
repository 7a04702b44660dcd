"""Measures against values worked out by hand, and their behaviour with blanks, repeated figures, and many reports."""

import math

import pandas as pd
import pytest

import sample_tables
from jixiao import coverage, marks, measures
from sample_tables import frame

CASE = {"report_id": "a-2024", "institute": "甲所", "fiscal_year": 2024}


def execution(*rows: dict) -> pd.DataFrame:
    return measures.execution_rates(frame("execution", [{**CASE, "scope": "整体", "origin": "table", **row} for row in rows]))


def test_a_table_goes_before_a_sentence_before_a_derived_figure_and_the_difference_is_noted():
    rows = execution(
        {"executed_wan": 99.9, "origin": "derived"},
        {"executed_wan": 100.0, "origin": "text", "place": "first"},
        {"executed_wan": 100.01, "origin": "table", "place": "second"},
        {"executed_wan": 100.02, "origin": "table", "place": "third"},
    )
    assert rows["executed_wan"].tolist() == [100.01]
    assert rows["place"].tolist() == ["second"]
    assert rows["printed_times"].tolist() == [4]
    assert rows["printed_differ"].tolist() == [True]


def test_a_blank_cell_never_goes_before_a_figure_and_is_no_difference():
    rows = execution({"executed_wan": None}, {"executed_wan": 5.0, "origin": "text"})
    assert rows["executed_wan"].tolist() == [5.0]
    assert rows["printed_differ"].tolist() == [False]


@pytest.mark.parametrize(
    ("printed", "executed", "agrees"),
    [
        (0.9607, 96.0672, True),
        (0.9606, 96.0672, True),
        (0.9605, 96.0672, False),
        (0.96, 96.0672, True),
        (0.95, 96.0672, False),
        (0.961, 96.0672, True),
    ],
)
def test_a_printed_rate_agrees_where_it_is_rounded_or_cut_off_in_its_last_place(printed, executed, agrees):
    rows = execution({"revised_budget_wan": 100.0, "executed_wan": executed, "rate_printed": printed})
    assert rows["rate_agrees"].tolist() == [agrees]
    assert rows["rate_difference_pp"].iloc[0] == pytest.approx(printed * 100 - executed)


def test_rates_are_against_the_revised_budget_or_else_the_initial_one():
    rows = execution(
        {
            "scope": "整体",
            "initial_budget_wan": 1000.0,
            "revised_budget_wan": 1100.0,
            "executed_wan": 1050.5,
            "weight": 10.0,
            "score_printed": 9.6,
        },
        {"scope": "整体/基本支出", "initial_budget_wan": 300.0, "executed_wan": 310.0, "weight": 10.0, "score_printed": 10.0},
        {"scope": "某项目", "executed_wan": 3.0},
        {"scope": "零项目", "revised_budget_wan": 0.0, "executed_wan": 0.0},
    )
    assert rows["part"].tolist() == ["whole", "part", "project", "project"]
    assert rows["basis"].tolist() == ["revised", "initial", "none", "revised"]
    assert rows["rate"].tolist()[:2] == [pytest.approx(0.955), pytest.approx(31 / 30)]
    assert rows["rate"].isna().tolist() == [False, False, True, True]
    assert rows["adjusted_wan"].iloc[0] == pytest.approx(100.0)
    assert rows["unspent_wan"].iloc[0] == pytest.approx(49.5)
    assert rows["score"].tolist()[:2] == [pytest.approx(9.55), 10.0]
    assert rows["score_difference"].iloc[0] == pytest.approx(0.05)


def test_an_institute_is_its_whole_budget_or_its_projects_added_up_but_never_half_known():
    rows = execution(
        {"institute": "甲所", "scope": "整体", "initial_budget_wan": 10.0, "executed_wan": 9.0},
        {"institute": "甲所", "scope": "某项目", "initial_budget_wan": 4.0, "revised_budget_wan": 4.0, "executed_wan": 4.0},
        {"institute": "乙所", "scope": "项目一", "initial_budget_wan": 20.0, "revised_budget_wan": 20.0, "executed_wan": 15.0},
        {"institute": "乙所", "scope": "项目二", "initial_budget_wan": None, "revised_budget_wan": 40.0, "executed_wan": 30.0},
    )
    totals = measures.institute_rates(rows).set_index("institute")
    assert totals["covers"].to_dict() == {"甲所": "whole", "乙所": "projects"}
    assert totals.loc["甲所", "rate"] == pytest.approx(0.9)
    assert math.isnan(totals.loc["乙所", "initial_budget_wan"])
    assert totals.loc["乙所", "revised_budget_wan"] == 60.0
    assert totals.loc["乙所", "rate"] == pytest.approx(0.75)
    assert totals.loc["乙所", "scopes"] == 2


def test_no_rank_among_fewer_than_three_and_only_like_with_like():
    whole = [
        {"institute": name, "scope": "整体", "revised_budget_wan": 100.0, "executed_wan": spent}
        for name, spent in zip("甲乙丙", (90.0, 80.0, 100.0), strict=True)
    ]
    projects = [{"institute": name, "scope": "项目", "revised_budget_wan": 10.0, "executed_wan": 1.0} for name in "丁戊"]
    peers = measures.place_among_peers(measures.institute_rates(execution(*whole, *projects))).set_index("institute")
    assert peers["rank"].dropna().to_dict() == {"甲": 2, "乙": 3, "丙": 1}
    assert peers["peers"].to_dict() == {"甲": 3, "乙": 3, "丙": 3, "丁": 2, "戊": 2}
    assert peers.loc["甲", "peers_median"] == pytest.approx(0.9)


def test_shares_of_the_parts():
    rows = frame(
        "execution",
        [
            {**CASE, "scope": f"整体/{part}", "executed_wan": spent, "origin": "text"}
            for part, spent in (("基本支出", 75.0), ("项目支出", 25.0))
        ],
    )
    parts = measures.spending_parts(rows, frame("funds", []))
    assert parts["item"].tolist() == ["基本支出", "项目支出"]
    assert parts["share"].tolist() == [0.75, 0.25]


def test_parts_that_only_the_table_of_funds_has_are_parts_too():
    scope = {**CASE, "scope": "整体/基本支出", "executed_wan": 75.0, "origin": "text"}
    part = {**CASE, "scope": "整体", "year": 2024, "stage": "executed", "origin": "table", "place": "a.pdf#page=1"}
    other = {**part, "institute": "乙所"}
    funds = frame(
        "funds",
        [
            {**part, "item": "基本支出", "amount_wan": 75.0},  # the scope again
            {**part, "item": "项目支出", "amount_wan": 25.0},
            {**part, "item": "项目支出", "amount_wan": 20.0, "stage": "initial_budget"},
            {**part, "item": "项目支出", "amount_wan": 9.0, "year": 2023},
            {**part, "item": "项目支出", "amount_wan": 8.0, "scope": "检定项目"},
            {**other, "item": "项目支出", "amount_wan": 30.0},
            {**other, "item": "项目支出", "amount_wan": 30.5},
        ],
    )
    parts = measures.spending_parts(frame("execution", [scope]), funds)
    assert parts["institute"].tolist() == ["甲所", "甲所", "乙所"]
    assert parts["executed_wan"].tolist() == [75.0, 25.0, 30.0]
    assert parts["initial_budget_wan"].dropna().tolist() == [20.0]
    assert parts["share"].iloc[:2].tolist() == [0.75, 0.25]
    assert pd.isna(parts["share"].iloc[2]), "of one part alone nothing is a share"
    assert parts["printed_differ"].tolist() == [False, False, True]


def three_public(*rows: dict) -> pd.DataFrame:
    full = [{**CASE, "item": "total", "year": 2024, "stage": "executed", "origin": "table", **row} for row in rows]
    reports = frame("reports", [{**CASE, "source_file": "a.pdf", "staff_actual": 40}])
    return measures.three_public(frame("three_public", full), reports)


def test_three_public_funds_against_budget_and_last_year_and_per_head():
    funds = three_public(
        {"year": 2023, "amount_wan": 15.0},
        {"stage": "initial_budget", "amount_wan": 16.0},
        {"amount_wan": 12.0},
        {"item": "reception", "amount_wan": 3.0},
        {"item": "abroad", "amount_wan": None},
    ).set_index(["year", "item"])
    total = funds.loc[(2024, "total")]
    assert (total["against_budget_wan"], total["against_budget"]) == (pytest.approx(-4.0), pytest.approx(0.75))
    assert (total["against_last_year_wan"], total["against_last_year"]) == (pytest.approx(-3.0), pytest.approx(-0.2))
    assert total["per_head_wan"] == pytest.approx(0.3)
    assert funds.loc[(2024, "reception"), "share"] == pytest.approx(0.25)
    assert funds.loc[(2024, "abroad"), "blank"]
    assert math.isnan(funds.loc[(2024, "abroad"), "share"])
    assert math.isnan(funds.loc[(2023, "total"), "per_head_wan"]), "the staff of 2024 is not that of 2023"
    totals = measures.three_public_totals(funds.reset_index())
    assert totals["year"].tolist() == [2024], "a comparison column is no year of its own"


def test_a_years_own_report_goes_before_a_later_ones_comparison_column():
    later = {"report_id": "a-2025", "fiscal_year": 2025, "year": 2024, "amount_wan": 99.0}
    funds = three_public(later, {"amount_wan": 12.0})
    assert funds["executed_wan"].tolist() == [12.0]
    assert funds["printed_differ"].tolist() == [True]


def test_a_printed_zero_is_a_zero_and_shares_of_nothing_are_null():
    funds = three_public(
        {"amount_wan": 0.0}, {"item": "vehicle_running", "amount_wan": 0.0}, {"stage": "initial_budget", "amount_wan": 0.0}
    )
    total = funds[funds["item"].eq("total")].iloc[0]
    assert total["executed_wan"] == 0.0
    assert not total["blank"]
    assert math.isnan(total["share"])
    assert math.isnan(total["against_budget"])
    assert total["against_budget_wan"] == 0.0


def indicators(*rows: tuple) -> pd.DataFrame:
    full = [
        {
            **CASE,
            "scope": "整体",
            "position": at,
            "level1": level,
            "level3": f"指标{at}",
            "weight": weight,
            "score": score,
            "attained": attained,
            "shares_points_with": shared,
        }
        for at, (level, weight, score, attained, shared) in enumerate(rows, start=1)
    ]
    return frame("indicators", full)


ROWS = indicators(
    ("产出指标", 10.0, 10.0, True, None),
    ("产出指标", 20.0, 15.0, False, None),
    ("效益指标", 30.0, 30.0, False, None),
    ("效益指标", 30.0, 30.0, True, 3),
)


def test_scores_by_level_lost_points_and_full_marks_despite_a_missed_target():
    levels = marks.level_scores(ROWS).set_index("level1")
    assert levels["earned_share"].to_dict() == {"产出指标": pytest.approx(25 / 30), "效益指标": 1.0}
    assert levels.loc["效益指标", "weight"] == 30.0, "points that two rows share are counted once"
    assert levels["rows"].to_dict() == {"产出指标": 2, "效益指标": 2}
    assert levels["lost"].to_dict() == {"产出指标": 5.0, "效益指标": 0.0}
    assert marks.points_lost(ROWS)[["level3", "lost"]].to_numpy().tolist() == [["指标2", 5.0]]
    assert marks.full_but_missed(ROWS)["level3"].tolist() == ["指标3"]


def total(printed: float | None, *sections: tuple, rows: pd.DataFrame = ROWS) -> pd.Series:
    scores = [{**CASE, "scope": "整体", "name": name, "score": score, "weight": weight} for name, score, weight in sections]
    scores.append({**CASE, "scope": "整体", "name": "总分", "score": printed})
    money = frame("execution", [{**CASE, "scope": "整体", "weight": 10.0, "score_printed": 9.61, "origin": "table"}])
    return marks.total_scores(rows, money, frame("scores", scores)).iloc[0]


def test_the_points_are_added_up_again_with_those_of_the_budget_execution():
    right, wrong = total(64.61), total(65.11)
    assert right["added_up"] == pytest.approx(64.61)
    assert right["agrees"]
    assert right["weight"] == 70.0
    assert wrong["difference"] == pytest.approx(0.5)
    assert not wrong["agrees"]


def test_a_rubric_without_scores_is_added_up_from_its_sections():
    bare = ROWS.assign(score=float("nan"))
    row = total(40.0, ("产出指标", 25.0, None), ("效益指标", None, 30.0), ("效益指标", 15.0, None), rows=bare)
    assert (row["basis"], row["added_up"], row["agrees"]) == ("sections", 40.0, True)
    scores = frame(
        "scores", [{**CASE, "scope": "整体", "name": name, "score": score} for name, score in (("产出指标", 24.0), ("别名", 9.0))]
    )
    forms = marks.form_scores(scores, bare).set_index("level1")
    assert forms.loc["产出指标", "earned_share"] == pytest.approx(0.8)
    assert math.isnan(forms.loc["别名", "earned_share"]), "a section that the rubric does not have gets no weight by guess"


def test_a_total_that_is_not_printed_stays_null():
    row = total(None)
    assert math.isnan(row["printed_total"])
    assert pd.isna(row["agrees"])


def test_gaps_name_what_is_missing():
    tables = sample_tables.tables(institutes=8, years=(2024,), seed=3)
    found = coverage.gaps(tables)
    known = {code for codes in coverage.GAPS.values() for code in codes}
    assert set(found["gap"]) <= known
    by_case = found.groupby("institute")["gap"].agg(set)
    whole, projects, prose, rubric = (name for name in sample_tables.names(4))
    assert "no_budget" in by_case[prose]
    assert {"projects_only", "blank_initial_budget"} <= by_case[projects]
    assert "criteria_without_scores" in by_case[rubric]
    assert "no_budget" not in by_case[whole]


def test_counts_have_a_row_for_each_institute_and_year_and_the_sum_of_each_table():
    tables = sample_tables.tables(institutes=6, years=(2022, 2023), seed=2)
    found = coverage.counts(tables)
    assert len(found) == len(tables["reports"])
    assert found[coverage.COUNTED].sum().to_dict() == {name: len(tables[name]) for name in coverage.COUNTED}
    assert found["issues"].sum() == len(tables["issues"])


def every_measure(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    rates = measures.execution_rates(tables["execution"])
    totals = measures.institute_rates(rates)
    funds = measures.three_public(tables["three_public"], tables["reports"])
    return {
        "rates": rates,
        "totals": totals,
        "peers": measures.place_among_peers(totals),
        "parts": measures.spending_parts(tables["execution"], tables["funds"]),
        "funds": funds,
        "public": measures.three_public_totals(funds),
        "levels": marks.level_scores(tables["indicators"]),
        "forms": marks.form_scores(tables["scores"], tables["indicators"]),
        "scores": marks.total_scores(tables["indicators"], tables["execution"], tables["scores"]),
        "lost": marks.points_lost(tables["indicators"]),
        "missed": marks.full_but_missed(tables["indicators"]),
        "counts": coverage.counts(tables),
        "gaps": coverage.gaps(tables),
    }


@pytest.mark.parametrize(("institutes", "years"), [(0, (2024,)), (1, (2024,)), (4, (2020, 2024)), (400, (2021, 2022, 2023))])
def test_every_measure_keeps_its_columns_and_its_input_for_any_number_of_institutes(institutes, years):
    tables = sample_tables.tables(institutes, years)
    before = {name: table.copy() for name, table in tables.items()}
    found = every_measure(tables)
    some = every_measure(sample_tables.tables(4, (2020, 2024)))
    assert {name: list(table.columns) for name, table in found.items()} == {name: list(table.columns) for name, table in some.items()}
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])
    assert not found["totals"].duplicated(["institute", "fiscal_year"]).any()
    assert not found["rates"].duplicated(["institute", "fiscal_year", "scope"]).any()
    assert not found["funds"].duplicated(["institute", "year", "item"]).any()


def test_all_forms_that_print_a_total_are_in_the_comparison():
    tables = sample_tables.tables(40, (2023, 2024), seed=5)
    scores = marks.total_scores(tables["indicators"], tables["execution"], tables["scores"])
    printed = tables["scores"][tables["scores"]["name"].eq("总分")]
    assert scores["printed_total"].notna().sum() == len(printed)
    wrong = scores["agrees"].eq(False).sum()
    assert 0 < wrong < len(scores) / 2, "the samples hold wrong totals, about three in ten"
