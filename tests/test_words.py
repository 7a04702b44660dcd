"""Sentences: the right words, numbers and units for none, one, few and many, in both languages."""

import string

import pandas as pd
import pytest

import sample_tables
from jixiao import coverage, marks, measures, readings, rules, words
from jixiao.audit.checking import CHECKS
from sample_tables import frame


def fields(text: object) -> set[str]:
    cases = text.values() if isinstance(text, dict) else [text]
    return {name for case in cases for _, name, _, _ in string.Formatter().parse(case) if name}


def test_every_text_is_there_in_both_languages_and_asks_for_nothing_that_the_other_does_not():
    for section in ("text", "column", "code", "scope", "level", "check", "issue", "gap", "page", "sortable"):
        for key, text in words.texts()[section].items():
            assert set(text) >= {"zh", "en"}, (section, key)
            assert isinstance(text["zh"], dict) == isinstance(text["en"], dict), (section, key)
    for key, text in words.texts()["text"].items():
        for language in words.LANGUAGES:
            if isinstance(text[language], dict):
                assert "many" in text[language], (key, language)
                assert set(text[language]) <= {"none", "one", "many"}, (key, language)
        chinese, english = fields(text["zh"]), fields(text["en"])
        assert chinese ^ english <= {"count", "more", "verb", "agree"}, (key, chinese ^ english)


def test_every_gap_check_and_kind_of_column_has_its_words():
    assert set(words.texts()["gap"]) == {code for codes in coverage.GAPS.values() for code in codes}
    assert set(CHECKS) <= set(words.texts()["check"])
    known = {
        "wan",
        "percent",
        "change",
        "pp",
        "points",
        "number",
        "figure",
        "text",
        "code",
        "scope",
        "level",
        "yes",
        "check",
        "issue",
        "gap",
    }
    assert {column["kind"] for column in words.texts()["column"].values()} <= known


@pytest.mark.parametrize(
    ("wan", "chinese", "english"),
    [
        (1066.26, "1,066.26 万元", "CNY 10.66 million"),
        (12.99, "12.99 万元", "CNY 129,900"),
        (0.0, "0.00 万元", "CNY 0"),
        (-3.01, "−3.01 万元", "−CNY 30,100"),
        (0.0012, "12 元", "CNY 12"),
        (100.0, "100.00 万元", "CNY 1.00 million"),
    ],
)
def test_money_has_its_unit(wan, chinese, english):
    assert words.money(wan, "zh") == chinese
    assert words.money(wan, "en") == english


@pytest.mark.parametrize(
    ("value", "how", "text"),
    [
        (0.960672, "percent", "96.07%"), (1.0, "percent", "100%"), (0.0, "percent", "0%"), (-0.1737, "change", "−17.37%"),
        (0.0908, "change", "+9.08%"), (0.0, "change", "0%"), (-0.0001, "pp", "0"), (0.5, "pp", "+0.5"), (9.61, "points", "9.61"),
        (100.0, "points", "100"), (1109.91, "wan", "1,109.91"), (-0.004, "points", "0"), (0.960672, "figure", "0.960672"),
        (None, "wan", ""), (float("nan"), "percent", ""), (pd.NA, "yes", ""), ("98.80", "points", "98.80"), (34, "number", "34"),
    ],
)  # fmt: skip
def test_numbers_are_written_by_the_kind_of_their_column(value, how, text):
    assert words.written(value, how, "zh") == text


def test_lists_name_each_once_and_count_what_they_leave_out():
    assert words.names(["甲", "乙", "甲"], "zh") == "甲、乙"
    assert words.names(list("甲乙丙丁戊己"), "zh") == "甲、乙、丙、丁等 6 项"
    assert words.names(list("abcdef"), "en") == "a, b, c, d and 2 more"


def test_an_unknown_text_or_a_missing_field_is_an_error_and_a_missing_value_is_said():
    with pytest.raises(KeyError):
        words.say("no_such_text", "zh")
    with pytest.raises(KeyError):
        words.say("case", "zh", institute="甲所")
    assert "未列明" in words.say("three_public", "zh", count=1, first="甲所", spent=None, sum=0.0)


CASE = {"report_id": "a-2024", "institute": "甲所", "fiscal_year": 2024}


def rates(*spent: float | None) -> pd.DataFrame:
    case = {**CASE, "scope": "整体", "initial_budget_wan": 100.0, "origin": "table"}
    rows = [
        {**case, "institute": name, "revised_budget_wan": 100.0 if amount is not None else None, "executed_wan": amount}
        for name, amount in zip("甲乙丙丁", spent, strict=False)
    ]
    return measures.institute_rates(measures.execution_rates(frame("execution", rows)))


@pytest.mark.parametrize(
    ("spent", "chinese", "english"),
    [
        ((), "0 家单位中没有一家", "for none of 0 institutes"),
        ((None,), "1 家单位中没有一家", "for none of 1 institute."),
        (
            (90.0,),
            "1 家单位中有 1 家能算出预算执行率：甲，支出 90.00 万元，预算 100.00 万元，执行率 90%。",
            "for 1 of 1 institute: 甲 spent CNY 900,000",
        ),
        (
            (90.0, 80.0, None),
            "3 家单位中有 2 家能算出预算执行率，中位数 85%；最高的是甲，为 90%；最低的是乙，为 80%。",
            "for 2 of 3 institutes; the median is 85%",
        ),
        ((100.0, 100.0), "都是 100%", "is 100% for each"),
        ((110.0, 80.0), "支出超过预算的有 1 家：甲。", "1 institute spent more than planned: 甲."),
    ],
)
def test_execution_rates_in_words(spent, chinese, english):
    assert chinese in readings.rates(rates(*spent), "zh")
    assert english in readings.rates(rates(*spent), "en")


def test_the_year_is_named_only_where_there_are_several():
    case = {**CASE, "scope": "整体", "revised_budget_wan": 10.0, "origin": "table"}
    older = {**case, "institute": "甲所", "fiscal_year": 2023, "executed_wan": 8.0}
    rows = frame("execution", [older, {**case, "institute": "乙所", "executed_wan": 9.0}])
    both = readings.rates(measures.institute_rates(measures.execution_rates(rows)), "zh")
    assert "乙所（2024年）" in both
    assert "（" not in readings.rates(rates(90.0, 80.0), "zh")


def history(*pairs: tuple[int, float]) -> str:
    rows = [
        {**CASE, "fiscal_year": year, "scope": "整体", "revised_budget_wan": 100.0, "executed_wan": spent, "origin": "table"}
        for year, spent in pairs
    ]
    return readings.history(measures.institute_rates(measures.execution_rates(frame("execution", rows))), "zh")


def test_change_is_against_the_time_before_even_over_a_missing_year():
    assert "看不出变化" in history((2024, 90.0))
    assert "2021 年 80%，2024 年 90%" in history((2021, 80.0), (2024, 90.0))


def test_three_public_in_words_tells_less_more_zero_and_nothing():
    rows = [{**CASE, "item": "total", "year": year, "stage": stage, "amount_wan": amount, "origin": "table"}
            for year, stage, amount in ((2023, "executed", 15.72), (2024, "initial_budget", 16.0), (2024, "executed", 12.99))]  # fmt: skip
    reports = frame("reports", [{**CASE, "source_file": "a.pdf", "staff_actual": 34}])
    totals = measures.three_public_totals(measures.three_public(frame("three_public", rows), reports))
    assert readings.against_budget(totals, "zh") == "与预算可比的有 1 家：甲所支出为预算的 81.19%（−3.01 万元）。"
    assert readings.against_last_year(totals, "zh") == "与上年可比的有 1 家：甲所比上年 −17.37%（−2.73 万元）。"
    assert readings.own_three_public(totals, "zh") == "“三公”经费支出 12.99 万元，为预算的 81.19%，比上年 −17.37%，人均 0.38 万元。"
    assert readings.own_three_public(totals, "en").startswith("Three-public spending was CNY 129,900, 81.19% of its budget")
    nothing = totals.iloc[:0]
    assert readings.own_three_public(nothing, "zh") == "报告没有列出“三公”经费支出。"
    assert readings.three_public(nothing, "en") == "No institute states three-public spending."


def test_no_scores_are_not_the_same_as_no_points_lost():
    rows = frame("indicators", [{**CASE, "scope": "整体", "position": 1, "level1": "投入", "level3": "准则", "weight": 5.0}])
    assert "看不出" in readings.lost(marks.points_lost(rows), rows, "zh")
    scored = rows.assign(score=5.0)
    assert readings.lost(marks.points_lost(scored), scored, "zh") == "没有丢分的指标。"
    short = rows.assign(score=3.0, deviation_reason="设备故障")
    assert readings.lost(marks.points_lost(short), short, "zh") == "丢分的指标有 1 个：甲所“准则”，丢 2 分。丢分的都写了原因。"


def every_reading(tables: dict[str, pd.DataFrame], language: str) -> dict[str, str]:
    scopes = measures.execution_rates(tables["execution"])
    totals = measures.institute_rates(scopes)
    funds = measures.three_public(tables["three_public"], tables["reports"])
    public = measures.three_public_totals(funds)
    scores = marks.total_scores(tables["indicators"], tables["execution"], tables["scores"])
    missing = coverage.gaps(tables)
    said = {name: getattr(readings, name)(totals, language) for name in ("rates", "plan", "history")}
    said |= {name: getattr(readings, name)(scopes, language) for name in ("scopes", "printed_rates", "differ")}
    said |= {
        name: getattr(readings, name)(public, language) for name in ("three_public", "against_budget", "against_last_year", "per_head")
    }
    said |= {name: getattr(readings, name)(public.head(1), language) for name in ("own_three_public",)}
    said |= {name: getattr(readings, name)(tables[name], language) for name in ("issues", "checks", "findings")}
    raised = sample_tables.audited(tables)
    said["raised"] = readings.raised(raised["findings"], language)
    said |= {name: getattr(readings, name)(raised["checks"], language) for name in ("compared", "not_checked")}
    said["taken"] = readings.taken(tables["reports"], language)
    said["contradicted"] = readings.contradicted(tables["findings"], language)
    peers = measures.place_among_peers(totals)
    rubric = rules.load("quwo-2021")
    scored = rules.score(tables, rubric)
    compared = rules.comparable(tables, rubric, scored)
    return said | {
        "comparable": readings.comparable(compared, rubric, language),
        "against_self": readings.against_self(compared, language),
        "rule_coverage": readings.rule_coverage(rules.by_rule(scored, rubric, language), language),
        "rank_ranges": readings.rank_ranges(rules.ranked_together(compared), language),
        "corpus": readings.corpus(coverage.counts(tables), tables["reports"], language),
        "in_five": readings.in_five(
            tables["reports"], coverage.counts(tables), totals, measures.three_public_totals(funds), scores, tables["findings"], language
        ),
        "parts": readings.parts(measures.spending_parts(tables["execution"], tables["funds"]), language),
        "three_public_parts": readings.three_public_parts(funds, language),
        "totals": readings.totals(scores, language),
        "totals_agree": readings.totals_agree(scores, language),
        "levels": readings.levels(marks.form_scores(tables["scores"], tables["indicators"]), language),
        "lost": readings.lost(marks.points_lost(tables["indicators"]), tables["indicators"], language),
        "full_but_missed": readings.full_but_missed(marks.full_but_missed(tables["indicators"]), tables["indicators"], language),
        "gaps": readings.gaps(missing, language),
        "caveats": readings.caveats(raised, missing, language),
        "ranked": readings.ranked(totals, "rate", language),
        "own_rate": readings.own_rate(totals.head(1), language),
        "peers": readings.peers(peers.head(1), language),
    }  # fmt: skip


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize(("institutes", "years"), [(0, (2024,)), (1, (2024,)), (2, (2024,)), (4, (2021, 2024)), (400, (2023, 2024))])
def test_every_reading_says_something_whole_for_any_number_of_institutes(institutes, years, language):
    said = every_reading(sample_tables.tables(institutes, years), language)
    assert set(said) == set(readings.__all__)
    for name, text in said.items():
        assert text, name
        assert not any(bad in text for bad in ("nan", "NaN", "<NA>", "None", "{", "}")), (name, text)
        assert text.rstrip("）)")[-1] in "。.%" or text.endswith(("）", ".)")), (name, text)
        assert len(text) < (1500 if name == "gaps" else 500) * (1 if language == "zh" else 3), (name, "a sentence for 400 stays short")
    if language == "en":
        assert not any(" 1 institutes" in text or " 1 reports" in text or " 1 forms" in text for text in said.values())


def test_forms_of_several_years_are_told_apart_and_counted_as_often_as_they_are():
    totals = pd.DataFrame(
        [{"institute": "甲所", "scope": "设备购置", "fiscal_year": year, "printed_total": 99.0, "added_up": 98.5, "difference": 0.5,
          "agrees": False} for year in range(2019, 2025)]
    )  # fmt: skip
    said = readings.totals_agree(totals, "zh")
    assert "甲所 · 设备购置（2019年）印 99，加得 98.5" in said and "不一致的有 6 张" in said and "等 6 项" in said
    assert "（2019年）" not in readings.totals_agree(totals.head(1), "zh"), "nothing to tell apart"
    rows = [{"institute": "甲所", "fiscal_year": year, "scope": "整体", "level3": "准则", "weight": 9.0, "score": 9.0, "target": "≥9",
             "actual": "8", "attained": False} for year in range(2019, 2025)]  # fmt: skip
    indicators = frame("indicators", rows)
    missed = readings.full_but_missed(marks.full_but_missed(indicators), indicators, "zh")
    assert "有 6 个指标" in missed and "甲所（2019年）“准则”" in missed and "等 6 项" in missed
