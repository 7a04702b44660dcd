"""Rule sets: what a wrong one is told, points at, below and above each boundary, what is missing, and ranks with their bounds."""

import itertools
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sample_tables
from jixiao import facts, rules
from jixiao.rules import RuleError
from jixiao.rules.formula import FormulaError, exact, parse
from jixiao.rules.loading import _figures
from sample_tables import frame

CASE = {"report_id": "a-2024", "institute": "甲所", "fiscal_year": 2024}
QUWO, MOF = rules.load("quwo-2021"), rules.load("mof-2020")
RULES = {rule.key: rule for rule in QUWO.rules}
TEXTS = {"zh": "甲", "en": "a", "wording": "满分", "reading_zh": "照字面", "reading_en": "as it stands"}


def made(**rows: list[dict]) -> dict[str, pd.DataFrame]:
    """Tables with these rows, `reports` for each report in them."""
    rows = {table: [{**CASE, **row} for row in listed] for table, listed in rows.items()}
    reports = {row["report_id"]: {name: row[name] for name in CASE} for listed in rows.values() for row in listed} or {"a-2024": CASE}
    rows["reports"] = [{**reports.pop(row["report_id"], {}), **row} for row in rows.get("reports", [])] + list(reports.values())
    return {table: frame(table, rows.get(table, [])) for table in facts.TABLES}


def execution(initial: float | None, revised: float | None, spent: float | None, **more: object) -> dict:
    place = "a-2024.pdf#page=1&table=1&row=2&col=2"
    return {"scope": "整体", "initial_budget_wan": initial, "revised_budget_wan": revised, "executed_wan": spent, "origin": "table",
            "place": place, **more}  # fmt: skip


def fund(item: str, stage: str, amount: float | None, **more: object) -> dict:
    return {"scope": "整体", "item": item, "item_printed": item, "year": 2024, "stage": stage, "amount_wan": amount, "origin": "table",
            "place": f"a-2024.pdf#page=1&table=2&row={len(item)}&col={len(stage)}", **more}  # fmt: skip


def three_public(stage: str, amount: float, **more: object) -> dict:
    return {"item": "total", "year": 2024, "stage": stage, "amount_wan": amount, "origin": "table", "place": "a.pdf#page=1", **more}


def row_of(tables: dict, rule: str, rule_set=QUWO) -> pd.Series:
    rows = rules.score(tables, rule_set)
    return rows[rows["rule"].eq(rule)].iloc[0]


# ---- boundaries of the rubric ----


def quwo_points(rule: str, percent: str) -> float:
    """The points of a rate in percent, exactly as written."""
    return float(RULES[rule].scale.points(Fraction(percent) / 100, RULES[rule].possible))


@pytest.mark.parametrize(
    ("rule", "points"),
    [
        ("requested", {"80": 3, "80.000001": 3, "79.999999": 2, "50": 2, "49.999999": 1, "30": 1, "29.999999": 0, "0": 0, "120": 3}),
        ("completion", {"100": 5, "130": 5, "99.999999": 5, "95.000001": 5, "95": 4.5, "94.999999": 4.5, "90.000001": 4.5, "90": 4,
                        "85": 3.5, "50": 0, "50.000001": 0.5, "49": 0, "0": 0}),
        ("adjustment", {"0": 5, "5": 5, "5.000001": 5, "5.099999": 5, "5.1": 4.9, "5.199999": 4.9, "9.99": 0.1, "10": 0, "40": 0}),
        ("control", {"0": 5, "0.000001": 4, "10": 4, "10.000001": 3, "20": 3, "20.000001": 2, "30": 2, "30.000001": 0, "99": 0}),
        ("progress", {"0": 5, "100": 5, "104.999999": 5, "105": 3, "109.999999": 3, "110": 1, "115": 0, "200": 0}),
        ("three_public", {"0": 8, "100": 8, "100.999999": 8, "101": 7.5, "102": 7, "116": 0, "115.999999": 0.5, "300": 0}),
        ("procurement", {"100": 6, "100.1": 6, "95.000001": 6, "95": 4, "104.999999": 6, "105": 4, "90": 2, "110": 2, "85": 0, "0": 0}),
        ("satisfaction", {"100": 4, "90": 4, "89.999999": 3, "80": 3, "79.999999": 2, "70": 2, "69.999999": 0}),
    ],
)  # fmt: skip
def test_points_of_the_quwo_rubric_on_below_and_above_each_boundary(rule, points):
    assert {percent: quwo_points(rule, percent) for percent in points} == points


def test_the_rubric_is_scored_from_the_figures_of_the_tables():
    tables = made(
        reports=[{"staff_actual": 9}],
        execution=[execution(100.0, 110.0, 95.0)],
        three_public=[three_public("initial_budget", 10.0), three_public("executed", 10.1)],
        funds=[fund("政府采购", "initial_budget", 20.0), fund("政府采购", "executed", 21.0), fund("项目支出", "initial_budget", 40.0)],
        indicators=[
            {"scope": "整体", "position": 1, "level1": "满意度指标", "actual_value": 90.0, "actual_unit": "%"},
            {"scope": "整体", "position": 2, "level1": "满意度指标", "actual_value": 88.0, "actual_unit": "%"},
            {"scope": "丙项目", "position": 1, "level1": "满意度指标", "actual_value": 10.0, "actual_unit": "%"},
        ],
    )
    rows = rules.score(tables, QUWO).set_index("rule")
    expected = {
        "completion": 4.5,
        "adjustment": 0.0,
        "control": 4.0,
        "progress": 5.0,
        "three_public": 7.5,
        "procurement": 4.0,
        "satisfaction": 3.0,
    }
    assert rows["points"].dropna().to_dict() == expected
    one = rows.loc["adjustment"]
    assert (one["numerator"], one["denominator"], one["value"]) == (10.0, 100.0, 0.1)
    assert (one["figures"], one["places"]) == ("revised_budget initial_budget", "a-2024.pdf#page=1&table=1&row=2&col=2")
    assert rows.loc["procurement", "places"].count("#") == 2
    assert rows.loc["satisfaction", "value"] == 0.88, "the lowest of the whole's"
    told = rows[rows["points"].isna()]
    assert set(told["reason"]) == {"not_by_figures", "figure_missing"}
    assert told.loc["requested", "missing"] == "project_requested"
    assert rows["possible"].sum() == 100


@pytest.mark.parametrize(
    ("spent", "budget", "points"), [(0.95, 1.0, 4.5), (2.85, 3.0, 4.5), (0.9, 1.0, 4.0), (6.3, 7.0, 4.0), (6.3001, 7.0, 4.5)]
)
def test_a_rate_on_a_boundary_falls_on_its_side_whatever_binary_fractions_make_of_it(spent, budget, points):
    assert row_of(made(execution=[execution(budget, None, spent)]), "completion")["points"] == points


def test_what_a_figure_is_when_it_is_not_where_it_is_looked_for_first():
    rows = rules.score(made(execution=[execution(None, 110.0, 99.0)]), QUWO).set_index("rule")
    assert rows.loc["completion", "figures"] == "executed revised_budget"
    assert rows.loc["completion", "value"] == 0.9
    assert rows.loc["control", "missing"] == "initial_budget"
    prose = [fund("年度资金总额", "executed", 90.0, origin="text"), fund("年度资金总额", "initial_budget", 100.0, origin="text"),
             fund("年度资金总额", "adjustment", 8.0, origin="text")]  # fmt: skip
    rows = rules.score(made(funds=prose), QUWO).set_index("rule")
    assert rows.loc["control", ["value", "points", "figures"]].tolist() == [0.08, 4.0, "initial_budget adjustment"]
    twice = rules.score(made(funds=[*prose, fund("年度资金总额", "adjustment", 3.0)]), QUWO).set_index("rule")
    assert twice.loc["control", "missing"] == "revised_budget|adjustment", "two additions are parts of a sum that nobody states"


def test_what_is_missing_is_a_reason_and_never_a_zero():
    row = row_of(made(execution=[execution(None, None, 90.0)]), "completion")
    assert pd.isna(row["points"]) and pd.isna(row["value"]) and row["numerator"] == 90.0
    assert (row["reason"], row["missing"]) == ("figure_missing", "initial_budget|revised_budget")
    row = row_of(made(three_public=[three_public("initial_budget", 0.0), three_public("executed", 0.0)]), "three_public")
    assert pd.isna(row["points"]) and row["reason"] == "zero_denominator" and pd.isna(row["missing"])
    row = row_of(made(three_public=[three_public("executed", 0.0, year=2023), three_public("initial_budget", 1.0)]), "three_public")
    assert row["missing"] == "three_public_executed", "last year's figure is not this year's"
    row = row_of(made(funds=[fund("政府采购", "executed", 5.0), fund("政府采购", "initial_budget", 5.0, scope="乙项目")]), "procurement")
    assert row["missing"] == "procurement_budget", "a project's figure is not the whole's"
    row = row_of(made(funds=[fund("政府采购", "executed", 5.0), fund("政府采购", "initial_budget", 5.0, code="2080101")]), "procurement")
    assert row["missing"] == "procurement_budget", "a row of the classification is another figure"


def test_a_figure_that_is_stated_in_two_ways_is_taken_from_the_table_and_marked():
    again = fund("年度资金总额", "initial_budget", 120.0, origin="text")
    row = row_of(made(execution=[execution(100.0, 100.0, 95.0)], funds=[again]), "completion")
    assert (row["value"], row["differs"]) == (0.95, True)
    same = made(execution=[execution(100.0, 100.0, 95.0)], funds=[{**again, "amount_wan": 100.0}])
    assert not row_of(same, "completion")["differs"]


def test_the_ministrys_points_are_weight_times_rate_and_of_the_whole_or_of_each_project():
    tables = made(execution=[execution(None, 200.0, 150.0), execution(50.0, None, 60.0, scope="乙项目"),
                             {**execution(10.0, 10.0, 1.0, scope="乙项目"), "report_id": "b-2024", "institute": "乙所"},
                             {**execution(None, None, 1.0, scope="丙项目"), "report_id": "b-2024", "institute": "乙所"},
                             {**execution(10.0, 10.0, 20.0, scope="丁项目"), "report_id": "b-2024", "institute": "乙所"}])  # fmt: skip
    rows = rules.score(tables, MOF)
    assert rows[["report_id", "scope", "covers"]].to_numpy().tolist() == [
        ["a-2024", "整体", "whole"], ["b-2024", "乙项目", "projects"], ["b-2024", "丙项目", "projects"], ["b-2024", "丁项目", "projects"],
    ]  # fmt: skip
    assert rows["points"].fillna(-1).tolist() == [7.5, 1.0, -1, 10.0]
    compared = rules.comparable(tables, MOF).set_index("institute")
    assert compared.loc["乙所", ["points", "computable", "possible", "normalised"]].tolist() == [11.0, 20.0, 30.0, 0.55]


# ---- institutes side by side ----


def several(*spent: float | None, **extra: list[dict]) -> dict[str, pd.DataFrame]:
    """Institutes A, B, C, … of one year, each with a budget of 100; None states no spending but a three-public figure each."""
    rows = [
        {**execution(100.0, 100.0, amount), "report_id": name, "institute": name} for name, amount in zip("ABCDEFG", spent, strict=False)
    ]
    return made(execution=rows, **extra)


def test_points_bounds_and_self_given_scores_stand_side_by_side():
    scores = [{"report_id": "A", "institute": "A", "scope": "整体", "name": "总分", "weight": 100.0, "score": 96.0, "score_printed": "96"}]
    compared = rules.comparable(several(90.0, 100.0, 95.0, scores=scores), QUWO).set_index("institute")
    a = compared.loc["A"]
    assert (a["points"], a["computable"], a["scorable"], a["possible"]) == (19.0, 20.0, 41.0, 100.0)
    assert (a["normalised"], a["computable_share"]) == (0.95, 0.2)
    assert (a["lowest"], a["highest"]) == (round(19 / 41, 6), round(40 / 41, 6))
    assert (a["lowest_all"], a["highest_all"]) == (0.19, 0.99)
    assert (a["self_points"], a["self_share"], a["difference_pp"]) == (96.0, 0.96, -1.0)
    assert compared["rank"].to_dict() == {"A": 3, "B": 1, "C": 2}
    assert set(compared["rank_best"]) == {1} and set(compared["rank_worst"]) == {3}, "21 missing points could turn everything round"
    assert pd.isna(compared.loc["B", "self_points"]) and pd.isna(a["self_rank"])


def test_rank_bounds_hold_what_the_ranks_would_be_were_the_missing_lost_or_taken():
    tables = several(100.0, 80.0, 60.0, None, 40.0)
    compared = rules.comparable(tables, MOF).set_index("institute")
    assert compared["rank"].dropna().to_dict() == {"A": 1, "B": 2, "C": 3, "E": 4}
    assert compared["rank_best"].dropna().eq(compared["rank"].dropna()).all(), "nothing is missing for them: their ranks are sure"
    assert compared["rank_worst"].dropna().eq(compared["rank"].dropna()).all()
    assert pd.isna(compared.loc["D", "rank"]) and pd.isna(compared.loc["D", "normalised"]) and pd.isna(compared.loc["D", "peers"])


def test_two_institutes_are_not_ranked_and_years_are_not_mixed():
    assert rules.comparable(several(90.0, 80.0), MOF)["rank"].isna().all()
    tables = several(90.0, 80.0, 70.0)
    tables = {name: table.assign(fiscal_year=table["fiscal_year"].where(table["report_id"].ne("C"), 2023)) for name, table in tables.items()
              if "fiscal_year" in table} | {"issues": tables["issues"]}  # fmt: skip
    compared = rules.comparable(tables, MOF)
    assert compared["rank"].isna().all() and compared["peers"].tolist() == [2, 2, 1]
    assert rules.ranked_together(compared).empty


def test_a_rule_is_counted_once_where_an_institute_has_two_reports_of_a_year():
    second = {**execution(None, None, None), "report_id": "a-second", "institute": "甲所"}
    tables = made(execution=[second, execution(100.0, 100.0, 95.0)])
    compared = rules.comparable(tables, QUWO)
    assert len(compared) == 1 and compared["possible"].item() == 100 and compared["points"].item() == 19.5


def test_a_report_without_institute_or_year_is_scored_and_not_compared():
    tables = made(execution=[{**execution(100.0, 100.0, 95.0), "institute": None}])
    assert rules.score(tables, MOF)["points"].tolist() == [9.5]
    assert rules.comparable(tables, MOF).empty


def test_empty_tables_give_empty_frames_with_the_same_columns():
    empty, full = sample_tables.tables(0), sample_tables.tables(3)
    for rule_set in (QUWO, MOF):
        assert rules.score(empty, rule_set).columns.tolist() == rules.score(full, rule_set).columns.tolist()
        assert rules.score(empty, rule_set).empty and rules.comparable(empty, rule_set).empty
        assert rules.comparable(empty, rule_set).columns.tolist() == rules.comparable(full, rule_set).columns.tolist()
        assert rules.by_rule(rules.score(empty, rule_set), rule_set, "zh").empty


def test_the_same_tables_give_the_same_frames_in_any_order_of_their_rows_and_keep_them():
    tables = sample_tables.tables(12, (2022, 2023, 2024), 5)
    before = {name: table.copy(deep=True) for name, table in tables.items()}
    first, again = rules.comparable(tables, QUWO), rules.comparable(tables, QUWO)
    pd.testing.assert_frame_equal(first, again)
    turned = {name: table.iloc[::-1].reset_index(drop=True) if name == "three_public" else table for name, table in tables.items()}
    pd.testing.assert_frame_equal(first, rules.comparable(turned, QUWO))
    for name, table in tables.items():
        pd.testing.assert_frame_equal(table, before[name])


# ---- what holds whatever the figures ----

AMOUNTS = st.one_of(st.none(), st.integers(0, 10**7).map(lambda cents: cents / 100))


@settings(max_examples=12)  # each is of many institutes
@given(st.lists(st.tuples(AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS), min_size=1, max_size=40))
def test_points_lie_between_none_and_all_bounds_hold_them_and_ranks_lie_in_their_bounds(drawn):
    keys = [{"report_id": f"r{number}", "institute": f"第{number}所"} for number in range(len(drawn))]
    public = [{**three_public(stage, value), **key} for key, (*_, d, e) in zip(keys, drawn, strict=True)
              for stage, value in (("initial_budget", d), ("executed", e))]  # fmt: skip
    tables = made(execution=[{**execution(*row[:3]), **key} for key, row in zip(keys, drawn, strict=True)], three_public=public)
    for rule_set in (QUWO, MOF):
        rows = rules.score(tables, rule_set)
        known = rows.dropna(subset=["points"])
        assert known["points"].between(0, known["possible"]).all()
        assert rows["points"].isna().eq(rows["reason"].notna()).all()
        assert rows["reason"].dropna().isin(rules.REASONS).all()
        compared = rules.comparable(tables, rule_set).dropna(subset=["normalised"])
        assert (compared["lowest"] <= compared["highest"]).all() and (compared["lowest_all"] <= compared["highest_all"]).all()
        ranked = compared.dropna(subset=["rank"])
        for end in ("", "_all"):
            assert (ranked[f"rank_best{end}"] <= ranked[f"rank_worst{end}"]).all()
            assert ranked[f"rank_best{end}"].ge(1).all() and ranked[f"rank_worst{end}"].le(ranked["peers"]).all()


RATES = st.fractions(min_value=0, max_value=3, max_denominator=10**6)


@given(RATES, RATES)
def test_points_never_rise_the_other_way(one, other):
    low, high = sorted((one, other))
    rising = dict.fromkeys(["requested", "completion", "satisfaction"], True)
    for key, rises in (rising | dict.fromkeys(["adjustment", "control", "progress", "three_public"], False)).items():
        points = [RULES[key].scale.points(value, RULES[key].possible) for value in (low, high)]
        assert (points if rises else points[::-1]) == sorted(points), key
    near, far = sorted((one, other), key=lambda value: abs(value - 1))
    assert RULES["procurement"].scale.points(near, Fraction(6)) >= RULES["procurement"].scale.points(far, Fraction(6))


# ---- a set of one's own ----


def rule(**more: object) -> dict:
    return {**TEXTS, "points": 5, "formula": "executed / initial_budget", "proportion": {"full": 1}, **more}


def declared(rules_: dict | None = None, **more: object) -> dict:
    rules_ = {"one": rule()} if rules_ is None else rules_
    return {"zh": "甲", "en": "a", "source": "丙", "points": 5, "rules": rules_, **more}


def bands(*listed: dict) -> dict:
    return {"one": {key: value for key, value in rule(bands=list(listed)).items() if key != "proportion"}}


def deduct(**more: object) -> dict:
    body = {"beyond": 1, "side": "below", "each": Fraction(1, 20), "points": 1, "started": "free", **more}
    body = {key: value if not isinstance(value, Fraction) else 1 for key, value in body.items() if value is not None}
    return {"one": {key: value for key, value in rule(deduct=body).items() if key != "proportion"}}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (declared(pionts=5), "mine.toml pionts: the key is not known; known are zh, en, source, points, rules, per, figures"),
        ({key: value for key, value in declared().items() if key != "source"}, "mine.toml source: the key is missing"),
        (declared(points=7), "mine.toml points: 7, but the rules' points come to 5"),
        (declared(per="project"), "mine.toml per: 'project' is not one of report, form"),
        (declared({"one": rule(formular="x")}), "mine.toml rules.one formular: the key is not known"),
        (declared({"one": rule(reading_en="")}), "mine.toml rules.one reading_en: it is a text"),
        (declared({"one": rule(points=0)}), "mine.toml rules.one points: 0 is not more than 0"),
        (declared({"one": rule(points="5")}), "mine.toml rules.one points: '5' is no number"),
        (declared({"one": rule(formula="spent / initial_budget")}), "rules.one formula: there is no figure 'spent'; there is: adj"),
        (declared({"one": rule(formula="sqrt(executed)")}), "mine.toml rules.one formula: 'sqrt(executed)' is not of the language"),
        (declared({"one": rule(formula="__import__('os').system('true')")}), "is not of the language of formulas"),
        (declared({"one": rule(formula="executed / initial_budget / 2")}), "has more than one ratio"),
        (declared({"one": rule(formula="executed /")}), "rules.one formula: 'executed /' is no formula"),
        (declared({"one": rule(formula="abs(executed, 2)")}), "abs() takes 1 arguments, not 2"),
        (declared({"one": rule(formula="1 / 2")}), "names no figure"),
        (declared({"one": rule(deduct={})}), "rules.one: a formula needs one of bands, deduct, proportion, not deduct and proportion"),
        (declared({"one": {**TEXTS, "points": 5, "proportion": {"full": 1}}}), "mine.toml rules.one proportion: there is no formula"),
        (declared({"one": rule(proportion={"full": 0})}), "mine.toml rules.one proportion full: 0 is not more than 0"),
        (declared(bands({"below": 1, "points": 0}, {"above": 1, "points": 5})), "mine.toml rules.one bands: 1 lies in no band"),
        (declared(bands({"to": 1, "points": 0}, {"from": 1, "points": 5})), "mine.toml rules.one bands: 1 lies in two bands"),
        (declared(bands({"to": 1, "points": 0}, {"above": 2, "points": 5})), "bands: there is no band between 1 and 2"),
        (declared(bands({"to": 3, "points": 0}, {"above": 2, "points": 5})), "bands: two bands overlap at 2"),
        (declared(bands({"points": 0}, {"above": 2, "points": 5})), "bands: two bands overlap at 2"),
        (declared(bands({"from": 0, "points": 5})), "bands: there is no band below 0"),
        (declared(bands({"to": 0, "points": 5})), "bands: there is no band above 0"),
        (declared(bands({"below": 1, "to": 1, "points": 5})), "bands[1]: a boundary is from (with it) or above"),
        (declared(bands({"from": 2, "to": 1, "points": 5})), "bands[1]: no value lies in it"),
        (declared(bands({"points": 6})), "bands[1] points: 6 are not between 0 and the rule's 5"),
        (declared(deduct(side="under")), "mine.toml rules.one deduct side: 'under' is not one of below, above, both"),
        (declared(deduct(started="half")), "mine.toml rules.one deduct started: 'half' is not one of free, whole, share"),
        (declared(deduct(started=None)), "mine.toml rules.one deduct started: the key is missing"),
        (declared(deduct(each=0)), "mine.toml rules.one deduct each: 0 is not more than 0"),
        (declared(deduct(least=5)), "mine.toml rules.one deduct least: 5 is not less than the rule's 5 points"),
        (declared(figures={"executed": {}}), "mine.toml figures executed: there is a figure of that name already"),
        (declared(figures={"own": {"zh": "a", "en": "a", "unit": "wan", "sources": [{"table": "fund"}]}}),
         "mine.toml figures own sources[1] table: 'fund' is not one of reports, funds"),
        (declared(figures={"own": {"zh": "a", "en": "a", "unit": "wan", "sources": [{"table": "funds", "column": "item"}]}}),
         "sources[1] column: 'item' is no column of figures of the table funds"),
        (declared(figures={"own": {"zh": "a", "en": "a", "unit": "wan", "sources": [{"table": "funds", "where": {"items": "x"}}]}}),
         "sources[1] where.items: it is a column of texts"),
        (declared(figures={"own": {"zh": "a", "en": "a", "unit": "wan", "sources": [{"table": "reports", "column": "pages", "year": -1}]}}),
         "sources[1] year: it is a number of years"),
    ],
)  # fmt: skip
def test_a_wrong_rule_set_is_refused_with_file_and_key(body, message):
    with pytest.raises(RuleError) as caught:
        rules.check("mine.toml", body)
    assert message in str(caught.value)


def test_a_file_that_is_no_toml_or_not_there_and_a_name_that_is_not_known_are_said(tmp_path):
    (tmp_path / "broken.toml").write_text("zh = ", encoding="utf-8")
    with pytest.raises(RuleError, match=r"broken\.toml: Invalid value"):
        rules.load(tmp_path / "broken.toml")
    with pytest.raises(RuleError, match=r"nothing\.toml: cannot be read: No such file"):
        rules.load(tmp_path / "nothing.toml")
    with pytest.raises(RuleError, match="rule set 'quwo' is not known; there is: mof-2020, quwo-2021, or name a TOML file"):
        rules.load("quwo")


def test_the_example_is_known_beside_the_tables_and_scores_by_each_kind_of_rule(root):
    assert list(rules.available(root / "data" / "processed")) == ["mof-2020", "quwo-2021", "example"]
    example = rules.load("example", beside=root / "data" / "processed")
    assert rules.load(root / "data" / "rules" / "example.toml") == example
    scales = {each.key: each for each in example.rules}

    def points(key: str, *values: str) -> list[float]:
        return [round(float(scales[key].scale.points(Fraction(value), scales[key].possible)), 4) for value in values]

    assert points("completion", "0.95", "0.94", "1.2", "-1") == [10, 9.8947, 10, 0]
    assert points("carry_over", "0.1", "0.100001", "0.15", "0.150001", "0.2") == [5, 4, 4, 3, 3]
    assert points("operating", "1", "1.000001", "1.1", "1.100001") == [5, 3, 3, 0]
    assert points("staff", "1", "1.01", "1.005", "1.5") == [5, 4.5, 4.75, 1]
    tables = made(
        reports=[{"staff_actual": 10, "staff_authorised": 10}],
        execution=[execution(100.0, None, 95.0)],
        funds=[
            fund("会议培训费", "executed", 7.0, scope="整体/公用经费"),
            fund("会议培训费", "initial_budget", 7.0, scope="整体/公用经费"),
        ],
    )
    rows = rules.score(tables, example).set_index("rule")
    assert rows["points"].dropna().to_dict() == {"completion": 10.0, "staff": 5.0, "meetings": 5.0}
    assert rows.loc["operating", "missing"] == "operating_executed operating_budget"


def test_a_set_of_ones_own_may_not_have_the_name_of_another(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "mof-2020.toml").write_text("", encoding="utf-8")
    with pytest.raises(RuleError, match="there is a rule set 'mof-2020' already"):
        rules.available(tmp_path / "processed")


@pytest.mark.parametrize(
    ("text", "value"),
    [("a + b", 9), ("a - b", -3), ("-a", -3), ("a * 0.5", 1.5), ("(a + b) / a", 3), ("abs(a - b)", 3), ("min(a, b)", 3),
     ("max(a, b, 7)", 7), ("first(c, a)", 3), ("first(c, c, b)", 6), ("c + a", None), ("a / z", None),
     ("max(c, 1)", None), ("first(c, z)", 0)],
)  # fmt: skip
def test_formulas_compute_and_a_missing_figure_stays_missing(text, value):
    figures = {name: exact([number]) for name, number in {"a": 3.0, "b": 6.0, "c": float("nan"), "z": 0.0}.items()}
    (found,) = parse(text, figures).evaluate(figures).value
    assert found == value if value is not None else found != found


@pytest.mark.parametrize(
    "text", ["a ** 2", "a if a else b", "[a]", "a.real", "a and b", "lambda: a", "a @ b", "a // b", "True + a", "a(b)", "max(a)", ""]
)
def test_formulas_are_no_programs(text):
    with pytest.raises(FormulaError):
        parse(text, {"a", "b"})


# ---- the words ----


def test_rules_figures_and_reasons_are_said_in_both_languages():
    tables = made(
        execution=[execution(None, None, 90.0)], three_public=[three_public("initial_budget", 0.0), three_public("executed", 0.0)]
    )
    for language, missing, zero, formula in (
        ("zh", "未列明：年初预算或全年预算", "分母为 0，没有比率",
         "全年支出 ÷ 取先有的(年初预算, 全年预算)"),
        ("en", "not stated: initial budget or revised budget", "the denominator is 0: there is no rate",
         "spending of the year ÷ first of (initial budget, revised budget)"),
    ):  # fmt: skip
        scored = rules.score(tables, QUWO)
        said = rules.worded(scored, QUWO, language).set_index(scored["rule"])
        assert said.loc["completion", "reason"] == missing
        assert said.loc["three_public", "reason"] == zero
        listed = rules.listed(QUWO, language)
        assert listed["formula"].tolist()[5] == formula
        assert not listed.isna().any(axis=None) and len(listed) == len(QUWO.rules)


def test_every_named_figure_can_be_found_in_tables_of_its_own_rows():
    for key, figure in _figures().items():
        for source in figure.sources:
            if source.table not in ("funds", "three_public"):
                continue
            row = {
                "item": "x",
                "item_printed": "x",
                "scope": "整体",
                "year": 2024 + source.year,
                "amount_wan": 5.0,
                "origin": "table",
                **dict(source.where),
            }
            row = {name: value for name, value in row.items() if source.table == "funds" or name not in ("scope", "item_printed")}
            own = declared({"one": rule(formula=f"{key} / 2")})
            assert rules.score(made(**{source.table: [row]}), rules.check("own.toml", own))["value"].tolist() == [2.5], (key, source)


def test_the_overview_names_every_rule_set_there_is(root):
    found = rules.overview(sample_tables.tables(6), "en", beside=root / "data" / "processed")
    assert found["rule_set"].tolist() == ["mof-2020", "quwo-2021", "example"]
    assert found["scorable"].tolist() == [10.0, 41.0, 30.0]
    assert all(itertools.starmap(lambda some, all_: some <= all_, zip(found["scorable"], found["possible"], strict=True)))


def test_the_overview_takes_what_was_compared_for_the_same_rules_alone(root, monkeypatch):
    tables, beside = sample_tables.tables(6), root / "data" / "processed"
    chosen = rules.load("quwo-2021")
    compared = rules.comparable(tables, chosen)
    other = rules.check("quwo-2021.toml", declared({"one": rule(formula="executed / 2")}), "quwo-2021")
    expected = rules.overview(tables, "en", beside)
    scored = []

    def noted(tables: dict[str, pd.DataFrame], rule_set: rules.RuleSet) -> pd.DataFrame:
        scored.append(rule_set.name)
        return rules.score(tables, rule_set)

    monkeypatch.setattr("jixiao.rules.wording.score", noted)
    pd.testing.assert_frame_equal(rules.overview(tables, "en", beside, known=[(chosen, compared)]), expected)
    assert scored == ["mof-2020", "example"]
    pd.testing.assert_frame_equal(rules.overview(tables, "en", beside, known=[(other, compared.head(1))]), expected)
    assert scored[2:] == ["mof-2020", "quwo-2021", "example"], "other rules of the same name are scored"
