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
    for section in ("text", "column", "code", "scope", "check", "issue", "gap", "counted", "page", "sortable"):
        for key, text in words.texts()[section].items():
            assert set(text) >= {"zh", "en"}, (section, key)
            assert isinstance(text["zh"], dict) == isinstance(text["en"], dict), (section, key)
    for key, text in words.texts()["text"].items():
        for language in words.LANGUAGES:
            if isinstance(text[language], dict):
                assert "many" in text[language], (key, language)
                assert set(text[language]) <= {"none", "one", "two", "many"}, (key, language)
        chinese, english = fields(text["zh"]), fields(text["en"])
        assert chinese ^ english <= {"count", "more", "verb", "counted"}, (key, chinese ^ english)


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
        (-0.004, "wan", "0.00"),
        (None, "wan", ""), (float("nan"), "percent", ""), (pd.NA, "yes", ""), ("98.80", "points", "98.80"), (34, "number", "34"),
    ],
)  # fmt: skip
def test_numbers_are_written_by_the_kind_of_their_column(value, how, text):
    assert words.written(value, how, "zh") == text


def test_lists_name_each_once_and_count_what_they_leave_out():
    assert words.names(["甲", "乙", "甲"], "zh") == "甲、乙"
    assert words.names(list("甲乙丙丁戊己"), "zh") == "甲、乙、丙、丁等 6 项"
    assert words.names(list("甲乙丙丁戊己"), "zh", counted="report") == "甲、乙、丙、丁等 6 份"
    assert words.names(list("abcdef"), "en") == "a, b, c, d and 2 more"
    assert words.names([f"{name}，1" for name in "甲乙丙丁戊"], "zh") == "甲，1；乙，1；丙，1；丁，1，等 5 项"
    assert words.names([f"{name}, 1" for name in "abcde"], "en") == "a, 1; b, 1; c, 1; d, 1; and 1 more"


def test_what_is_counted_has_its_own_counting_word():
    many = rates(*[120.0] * 6)
    assert "甲所1、甲所2、甲所3、甲所4等 6 家。" in readings.rates(many.assign(institute=[f"甲所{n}" for n in range(1, 7)]), "zh")
    years = pd.DataFrame([{"institute": "甲所", "fiscal_year": year, "topic": "scores", "gap": "no_total"} for year in range(2019, 2025)])
    assert "等 6 个单位年度" in readings.gaps(years, "zh")
    issues = pd.DataFrame([{"report_id": f"r{n}", "code": "unit_jump"} for n in range(6)])
    assert "涉及 r0、r1、r2、r3等 6 份" in readings.issues(issues, "zh")
    assert "in r0, r1, r2, r3 and 2 more" in readings.issues(issues, "en")


def test_quotation_marks_stand_within_others_and_large_counts_have_separators():
    rows = pd.DataFrame({"institute": ["甲所"] * 1234, "fiscal_year": 2024, "severity": "high", "check": "three_public_above_budget",
                         "accepted": None})  # fmt: skip
    kind = "最常见的一类是“‘三公’经费是否超预算”，有 1,234 个。"
    assert readings.raised(rows, "zh") == "核对发现 1,234 个问题（高 1,234、中 0、低 0）；" + kind
    assert "found 1,234 things" in readings.raised(rows, "en") and "most concern" not in readings.raised(rows, "en")


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
        for name, amount in zip("甲乙丙丁戊己", spent, strict=False)
    ]
    return measures.institute_rates(measures.execution_rates(frame("execution", rows)))


@pytest.mark.parametrize(
    ("spent", "chinese", "english"),
    [
        ((), "没有单位列出预算执行数据。", "No institute states figures of budget execution."),
        ((None,), "有预算执行数据的 1 家单位中没有一家能算出预算执行率。", "for none of 1 institute with figures of it."),
        (
            (90.0,),
            "能算出预算执行率的有 1 家：甲，支出 90.00 万元，预算 100.00 万元，执行率 90%。",
            "for 1 institute: 甲 spent CNY 900,000",
        ),
        (
            (90.0, 80.0, None),
            "有预算执行数据的 3 家单位中，能算出执行率的有 2 家：甲，90%；乙，80%。",
            "for 2 of 3 institutes with figures of it: 甲, 90%, and 乙, 80%.",
        ),
        (
            (90.0, 70.0, 80.0),
            "能算出预算执行率的有 3 家，中位数 80%；最高的是甲，为 90%；最低的是乙，为 70%。",
            "for 3 institutes; the median is 80%, the highest that of 甲, 90%",
        ),
        ((100.0, 100.0), "都是 100%", "is 100% for each"),
        ((110.0, 80.0), "支出超过预算的有 1 家：甲。", "1 institute spent more than planned: 甲."),
        ((110.0, 120.0), "支出超过预算的有 2 家：乙、甲。", "2 institutes spent more than planned: 乙, 甲."),
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
    assert readings.against_last_year(totals, "zh") == "与上年可比的有 1 家：甲所比上年减少 2.73 万元（17.37%）。"
    assert (
        readings.own_three_public(totals, "zh")
        == "“三公”经费支出 12.99 万元，为预算（16.00 万元）的 81.19%，比上年减少 2.73 万元（17.37%），人均 0.38 万元（在职 34 人）。"
    )
    assert readings.own_three_public(totals, "en").startswith("Three-public spending was CNY 129,900; 81.19% of its budget of CNY 160,000")
    nothing = totals.iloc[:0]
    assert readings.own_three_public(nothing, "zh") == "报告没有列出“三公”经费支出。"
    assert readings.three_public(nothing, "en") == "No institute states three-public spending."


def public(*rows: tuple[float | None, float | None, float | None, int | None]) -> pd.DataFrame:
    """Totals of institutes that spent so much, with this budget, so much last year, and so many staff."""
    stated, reports = [], []
    for name, (spent, budget, last, staff) in zip("ABCD", rows, strict=False):
        case = {**CASE, "report_id": name, "institute": name, "item": "total", "origin": "table"}
        amounts = ((2024, "executed", spent), (2024, "initial_budget", budget), (2023, "executed", last))
        stated += [{**case, "year": year, "stage": stage, "amount_wan": amount} for year, stage, amount in amounts if amount is not None]
        reports.append({**CASE, "report_id": name, "institute": name, "staff_actual": staff})
    return measures.three_public_totals(measures.three_public(frame("three_public", stated), frame("reports", reports)))


def test_per_head_says_who_spent_nothing_and_whose_staff_is_not_known():
    rows = public((10.0, None, None, 5), (0.0, None, None, 4), (3.0, None, None, None), (3.0, None, None, 0))
    assert readings.per_head(rows, "zh") == (
        "能算人均的有 2 家，中位数每人 1.00 万元；最高的是A，每人 2.00 万元。其中 1 家没有支出，人均为 0。"
        "列出支出却没有列出在职人数的有 1 家，表中记作“—”。在职人数印的是 0、算不出人均的有 1 家：D。"
    )
    assert "1 institute prints 0 staff in post, so nothing can be said per head: D." in readings.per_head(rows, "en")
    assert readings.per_head(public((0.0, None, None, 5), (0.0, None, None, 4)), "zh") == "能算人均的有 2 家，都没有支出，人均为 0。"
    assert readings.per_head(public((1.0, None, None, None)), "zh") == "没有单位同时列出“三公”经费支出和在职人数，算不出人均。"


def test_a_budget_of_zero_that_was_spent_is_overspent():
    rows = public((10.0, 0.0, None, None), (4.0, 8.0, None, None), (0.0, 0.0, None, None))
    assert readings.against_budget(rows, "zh") == (
        "与预算可比的有 3 家：1 家超预算，2 家未超；支出占预算比例最高的是B，为 50%。其中 1 家预算为 0 却有支出：A。"
    )
    assert readings.against_budget(rows.head(1), "zh") == "与预算可比的有 1 家：A预算为 0（+10.00 万元）。"
    assert readings.against_budget(rows.head(1), "en").endswith("A had a budget of 0 (+CNY 100,000).")


def test_those_who_tie_are_all_named_and_no_change_has_no_largest():
    rows = public((10.0, 8.0, 10.0, 5), (10.0, 8.0, 10.0, 5), (4.0, 8.0, 4.0, 5))
    assert "最多的是A、B，各 10.00 万元" in readings.three_public(rows, "zh")
    assert "支出占预算比例最高的是A、B，为 125%" in readings.against_budget(rows, "zh")
    assert "最高的是A、B，每人 2.00 万元" in readings.per_head(rows, "zh")
    assert readings.against_last_year(rows, "zh") == "与上年可比的有 3 家：3 家持平。"
    peers = measures.place_among_peers(rates(90.0, 45.0 / 50 * 100 + 1e-13, 80.0, 70.0))
    assert readings.peers(peers.tail(1), "zh").startswith("在同年度、同口径的 4 家单位中，执行率与另外 1 家并列第 1 位")
    assert readings.peers(peers[peers["institute"].eq("丙")], "en").startswith("Its execution rate ranks 3 of 4 institutes")


def test_an_institutes_own_sentences_tell_what_is_missing_zero_or_overspent():
    told = [readings.own_three_public(public(row), "zh") for row in ((5.0, None, None, None), (5.0, 0.0, 0.0, 0), (0.0, 0.0, 0.0, 7))]
    assert told[0] == "“三公”经费支出 5.00 万元，没有列出预算，没有列出上年支出，没有列出在职人数，算不出人均。"
    assert told[1] == "“三公”经费支出 5.00 万元，预算为 0，上年为 0，本年增加 5.00 万元，在职人数印的是 0，算不出人均。"
    assert told[2] == "“三公”经费支出 0.00 万元，预算为 0，与上年持平，人均 0.00 万元（在职 7 人）。"
    assert readings.own_rate(rates(120.0), "zh") == "预算 100.00 万元，支出 120.00 万元，执行率 120%，超出预算 20.00 万元。"
    assert readings.own_rate(rates(100.0), "en").endswith("an execution rate of 100%, all of it spent.")
    case = {**CASE, "scope": "整体", "origin": "table"}

    def own(**amounts: float) -> str:
        return readings.own_rate(measures.institute_rates(measures.execution_rates(frame("execution", [{**case, **amounts}]))), "zh")

    assert own(revised_budget_wan=0.0, executed_wan=3.0) == "预算为 0，支出 3.00 万元，算不出执行率。"
    assert own(executed_wan=3.0) == "支出 3.00 万元；报告没有列出预算，算不出执行率。"
    assert own(revised_budget_wan=9.0) == "预算 9.00 万元；报告没有列出支出，算不出执行率。"
    both = [{**case, "scope": "甲项目", "revised_budget_wan": 9.0, "executed_wan": 3.0}, {**case, "scope": "乙项目", "executed_wan": 4.0}]

    def told_of(*rows: dict) -> str:
        return readings.own_rate(measures.institute_rates(measures.execution_rates(frame("execution", rows))), "zh")

    unknown = "各项目支出合计 7.00 万元；没有一种预算是每个项目都列出的，算不出执行率。"
    assert told_of(*both).startswith(unknown), "one of the projects states a budget"
    assert told_of(both[0], {**both[0], "scope": "丙项目", "executed_wan": None}).startswith("各项目预算合计 18.00 万元；不是每个项目都")
    assert told_of(both[1], {**both[0], "scope": "丙项目", "executed_wan": None}) == "各项目的预算和支出没有列全，算不出合计和执行率。"
    alone = measures.place_among_peers(rates(90.0))
    assert readings.peers(alone, "zh") == "同年度、同口径有执行率的只有本单位，没有可以比较的同类单位。"


def test_several_reports_of_one_institute_are_all_its_own():
    tables = sample_tables.tables(1, (2021, 2022))
    said = readings.corpus(coverage.counts(tables), tables["reports"], "zh")
    assert said.startswith(f"共 2 份报告，都是{sample_tables.names(1)[0]}的，年度为 2021、2022，") and "1 家单位" not in said


def test_an_institutes_history_tells_each_year():
    rows = [{**CASE, "fiscal_year": year, "scope": "整体", "revised_budget_wan": 100.0, "executed_wan": spent, "origin": "table"}
            for year, spent in ((2021, 80.0), (2022, 95.0), (2024, 90.0))]  # fmt: skip
    own = measures.institute_rates(measures.execution_rates(frame("execution", rows)))
    told = "3 个年度的预算执行率：2021 年（80%）、2022 年（95%）、2024 年（90%）；2024 年与 2021 年相比 +10 个百分点。"
    assert readings.own_history(own, "zh") == told
    assert readings.own_history(own.head(1), "zh") == "只有 2021 年（80%）一个年度的预算执行率，看不出变化。"
    assert "of one year only, 80% in 2021," in readings.own_history(own.head(1), "en")


def test_sums_of_one_of_some_and_of_all():
    one = readings.five.public_in_one(public((5.0, 4.0, 5.0, None)), "zh")
    assert one == "列出“三公”经费支出的有 1 家：A，5.00 万元，为预算的 125%，与上年持平。"
    several = readings.five.public_in_one(public((5.0, 4.0, 5.0, None), (5.0, None, 2.0, None)), "zh")
    assert several.endswith("合计 10.00 万元；其中 1 家有预算可比，支出为预算的 125%；都有上年数可比，比上年增加 3.00 万元（42.86%）。")


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
    raised = tables if len(tables["findings"]) else sample_tables.audited(tables)
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
        "own_gaps": readings.own_gaps(missing[missing["institute"].eq(missing["institute"].min())], language),
        "caveats": readings.caveats(raised, missing, language),
        "ranked": readings.ranked(totals, "rate", language),
        "own_rate": readings.own_rate(totals.head(1), language),
        "own_history": readings.own_history(totals[totals["institute"].eq(totals["institute"].min())], language),
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
    assert "甲所 · 设备购置（2019年）印 99，加得 98.5" in said and "不一致的有 6 张" in said and "等 6 张" in said
    worse = totals.assign(added_up=[98.5] * 5 + [90.0], difference=[0.5] * 5 + [9.0])
    assert "有 6 张：甲所 · 设备购置（2024年）印 99，加得 90；" in readings.totals_agree(worse, "zh"), "the largest difference first"
    assert "（2019年）" not in readings.totals_agree(totals.head(1), "zh"), "nothing to tell apart"
    rows = [{"institute": "甲所", "fiscal_year": year, "scope": "整体", "level3": "准则", "weight": 9.0, "score": 9.0, "target": "≥9",
             "actual": "8", "attained": False} for year in range(2019, 2025)]  # fmt: skip
    indicators = frame("indicators", rows)
    missed = readings.full_but_missed(marks.full_but_missed(indicators), indicators, "zh")
    assert "有 6 个指标" in missed and "甲所（2019年）“准则”" in missed and "等 6 个" in missed
