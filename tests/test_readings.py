"""What holds of all sentences: who ties is named together, institutes are counted as such, English agrees with its numbers."""

import re
import string

import pandas as pd
import pytest

import sample_tables
from jixiao import measures, readings, words
from jixiao.audit.messages import sentences
from jixiao.display import Table
from jixiao.provenance import made_from
from sample_tables import frame
from test_words import every_reading

YEARS = (2021, 2022, 2023)
TWIN = "之二"
ALONE = {"own_gaps", "own_rate", "own_history", "own_three_public", "peers"}  # of one institute each
OF_A_YEAR = {"in_five"}


def with_twins(seed: int, *chosen: int) -> tuple[dict[str, pd.DataFrame], list[str]]:
    """Tables of some institutes over several years, each there twice with the same figures, and the names of the first of each."""
    names = [sample_tables.names(8)[at] for at in chosen]
    tables = sample_tables.audited(sample_tables.tables(8, YEARS, seed=seed))
    reports = tables["reports"].loc[tables["reports"]["institute"].isin(names), "report_id"]

    def twice(table: pd.DataFrame) -> pd.DataFrame:
        own = table[table["report_id"].isin(reports)]
        twin = own.assign(report_id=own["report_id"] + "b")
        if "institute" in own:
            twin = twin.assign(institute=own["institute"] + TWIN)
        if "source_file" in own:
            twin = twin.assign(source_file="b" + own["source_file"])
        return pd.concat([own, twin], ignore_index=True)

    return {name: twice(table) for name, table in tables.items()}, names


def cut(text: str) -> bool:
    """Whether a list in it is too long to name all."""
    return bool(re.search(r"等 \d+ |and \d+ more", text))


@pytest.mark.parametrize("chosen", [(0,), (1,), (2,), (3,), (0, 1), (0, 3)])
@pytest.mark.parametrize("seed", [1, 2])
def test_institutes_with_the_same_figures_are_named_together(seed, chosen):
    tables, names = with_twins(seed, *chosen)
    for reading, text in every_reading(tables, "zh").items():
        if reading not in ALONE and not cut(text):
            for name in names:
                twin = text.count(name + TWIN)
                assert text.count(name) - twin == twin, (reading, text)


@pytest.mark.parametrize("language", words.LANGUAGES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_of_rows_does_not_decide_what_is_said(seed, language):
    """What ties (institutes, levels, checks, reasons) is named together, whichever comes first."""
    tables = sample_tables.audited(sample_tables.tables(4, YEARS, seed=seed))
    turned = {name: table[::-1].reset_index(drop=True) for name, table in tables.items()}
    before, after = every_reading(tables, language), every_reading(turned, language)
    for reading, text in before.items():
        if reading not in ALONE and not cut(text):
            assert sorted(text) == sorted(after[reading]), (reading, text, after[reading])


@pytest.mark.parametrize("institutes", [1, 3, 9])
def test_institutes_of_several_years_are_counted_once(institutes):
    tables = sample_tables.tables(institutes, YEARS, seed=4)
    for language, counted in (("zh", r"(\d+) 家"), ("en", r"(\d+) institutes?\b(?!-)")):
        for reading, text in every_reading(tables, language).items():
            assert reading in OF_A_YEAR or all(int(count) <= institutes for count in re.findall(counted, text)), (reading, text)
    scopes = measures.execution_rates(tables["execution"])
    projects = scopes.loc[scopes["part"].eq("project"), ["institute", "scope"]].drop_duplicates()
    if len(projects):
        counts = [int(count) for count in re.findall(r"项目共 (\d+) 个", readings.scopes(scopes, "zh"))]
        assert counts and max(counts) <= len(projects)


def test_levels_that_tie_are_all_named():
    def said(shares: dict[str, float]) -> str:
        rows = [{"level1": name, "weight": 10.0, "score": share * 10, "earned_share": share} for name, share in shares.items()]
        return readings.levels(pd.DataFrame(rows), "zh")

    assert "最低的是投入（得到应得分数的 80%），最高的是过程、效果（90%）" in said({"过程": 0.9, "投入": 0.8, "效果": 0.9})
    assert said({"过程": 0.9, "投入": 0.9}) == "各一级指标的得分比例相同，都得到应得分数的 90%。"


def test_basic_spending_and_projects_of_several_years_are_of_the_latest():
    case = {"report_id": "a", "institute": "甲所", "origin": "table"}
    rows = [{**case, "fiscal_year": year, "scope": f"整体/{part}", "executed_wan": amount}
            for year in (2022, 2023) for part, amount in (("基本支出", 60.0), ("项目支出", 40.0))]  # fmt: skip
    said = readings.parts(measures.spending_parts(frame("execution", rows), frame("funds", [])), "zh")
    assert said == "分列基本支出和项目支出的有 1 家：甲所，其中基本支出占 60%。"
    rows = [{**case, "fiscal_year": year, "scope": scope, "revised_budget_wan": 10.0, "executed_wan": spent}
            for year in (2022, 2023) for scope, spent in (("甲项目", 8.0), ("乙项目", 8.0), ("丙项目", 10.0))]  # fmt: skip
    said = readings.scopes(measures.execution_rates(frame("execution", rows)), "zh")
    assert said == "有执行率的项目共 3 个，其中 1 个执行率达到 100%；最低的是甲所 · 甲项目、甲所 · 乙项目，为 80%。"


def test_changes_of_one_size_up_and_down_are_named_together():
    rows = [{"report_id": name, "institute": name, "fiscal_year": 2024, "scope": "整体", "initial_budget_wan": 100.0,
             "revised_budget_wan": revised, "executed_wan": 90.0, "origin": "table"}
            for name, revised in (("甲", 110.0), ("乙", 90.0), ("丙", 101.0))]  # fmt: skip
    totals = measures.institute_rates(measures.execution_rates(frame("execution", rows)))
    assert "调整幅度最大的是甲、乙，为 ±10%" in readings.plan(totals, "zh").replace("乙、甲", "甲、乙")


def filled(text: object, count: int) -> dict[str, object]:
    """Something for each field of a text: `count` for each number, else what its specification writes."""
    cases = text.values() if isinstance(text, dict) else [text]
    specs: dict[str, set[str]] = {}
    for case in cases:
        for _, name, spec, _ in string.Formatter().parse(case):
            specs.setdefault(name or "", set()).add(spec or "")
    told: dict[str, object] = {}
    for name, how in specs.items():
        if any(spec == "," or spec[:2] in ("# ", "? ") for spec in how):
            told[name] = count
        elif any(spec.startswith("names") for spec in how):
            told[name] = ["A"]
        else:
            told[name] = 0.5 if how & {"wan", "signed_wan", "percent", "change", "pp", "points"} else "A"
    return {name: value for name, value in told.items() if name not in ("", "count")}


SINGULAR = {"was", "is", "has", "does", "states", "lacks", "keeps", "follows", "agrees", "disagrees", "prints", "gives"}
PLURAL = {"were", "are", "have", "do", "state", "lack", "keep", "follow", "agree", "disagree", "print", "give"}


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_nouns_and_verbs_of_english_texts_go_with_their_numbers(count):
    english = {key: text["en"] for key, text in words.texts()["text"].items()}
    cases = [case for text in english.values() for case in (text.values() if isinstance(text, dict) else [text])]
    pairs = {pair for case in cases for pair in re.findall(r":[#?] ([^|{}]+)\|([^{}]+)}", case)}
    assert len(pairs) > 10
    nouns = [pair for pair in pairs if not set(pair) & (SINGULAR | PLURAL)]
    verb, noun = (PLURAL, 1) if count == 1 else (SINGULAR, 0)
    wrong = "|".join(sorted({pair[noun] for pair in nouns} - {"other"} | verb))
    number = rf"(?<![\w.,]){count} (?:of (?:them|these|which) |more )?"
    bad = re.compile(rf"{number}(?:{wrong})(?![\w-])|\b[Tt]here {'are' if count == 1 else 'is'} (?:only )?{count}\b")
    if count == 1:
        bad = re.compile(bad.pattern + rf"|{number}[a-z]+ (?:{'|'.join(PLURAL)})\b")
    for key, text in english.items():
        said = words.say(key, "en", count=count, **filled(text, count))
        assert not bad.search(said), (key, said)


def test_standard_terms_are_english_on_english_pages_and_money_has_the_unit_of_the_tables():
    assert words.written("产出及效率", "level", "en") == "outputs and efficiency" and words.written("数量指标", "level", "zh") == "数量指标"
    assert words.written("整体/公用经费", "scope", "en") == "whole: general operating expenditure"
    assert words.written("优", "code", "en") == "excellent" and words.written("设备购置", "scope", "en") == "设备购置"
    found = pd.DataFrame([{"check": "same_figure", "label": "年度资金总额", "detail": "executed", "expected": 1066.26, "found": 1066.27}])
    assert sentences(found, "en").tolist() == [
        "total funds of the year (spending) is 1,066.26 (10,000 CNY) in one place and 1,066.27 (10,000 CNY) in another"
    ]
    assert sentences(found, "zh").tolist() == ["年度资金总额（支出）一处为 1,066.26万元，另一处为 1,066.27万元"]


def test_messages_agree_with_their_numbers():
    found = pd.DataFrame({"check": ["scores_missing", "staff_within_posts"], "label": "", "detail": "", "expected": [5, 1], "found": 1})
    assert sentences(found, "en").tolist() == ["of 5 indicators with points to get, 1 has a score", "there is 1 person in 1 post"]


def rates_over(*years: tuple[int, float | None, float | None, float, str], institute: str = "甲所") -> pd.DataFrame:
    """`institute_rates` of years with initial and revised budget, spending, and the scope."""
    rows = [{"report_id": f"{institute}{year}", "institute": institute, "fiscal_year": year, "scope": scope, "initial_budget_wan": initial,
             "revised_budget_wan": revised, "executed_wan": spent, "origin": "table"}
            for year, initial, revised, spent, scope in years]  # fmt: skip
    return measures.institute_rates(measures.execution_rates(frame("execution", rows)))


def test_a_history_says_where_its_rates_are_of_different_kinds():
    basis = rates_over((2023, 100.0, None, 90.0, "整体"), (2024, 100.0, 120.0, 108.0, "整体"))
    covers = rates_over((2023, 10.0, 10.0, 9.0, "甲项目"), (2024, 100.0, 100.0, 95.0, "整体"), institute="乙所")
    said = readings.own_history(basis, "zh")
    assert "2023 年（90%，按年初预算）；2024 年（90%，按全年预算）" in said and "变化不全是执行快慢造成的" in said
    assert "95% in 2024 (whole department)" in readings.own_history(covers, "en") and "against" not in readings.own_history(covers, "en")
    both = readings.history(pd.concat([basis, covers], ignore_index=True), "zh")
    assert both.startswith("只有 1 家有两个以上年度的执行率：甲所（2023 年 90%，2024 年 90%）。")
    assert "其中 1 家的两次执行率，一次按全年预算、一次按年初预算计算" in both and "不作比较：乙所。" in both
    plain = rates_over((2023, 100.0, 100.0, 90.0, "整体"), (2024, 100.0, 100.0, 95.0, "整体"))
    assert readings.own_history(plain, "zh") == "2 个年度的预算执行率：2023 年（90%）、2024 年（95%）；2024 年与 2023 年相比 +5 个百分点。"


def test_a_rate_that_is_cut_off_is_said_to_agree_and_to_be_a_finding_of_low_severity():
    row = {"report_id": "a", "institute": "甲所", "fiscal_year": 2024, "scope": "整体", "revised_budget_wan": 1109.91, "origin": "table",
           "executed_wan": 1066.26}  # fmt: skip
    said = [readings.printed_rates(measures.execution_rates(frame("execution", [{**row, "rate_printed": rate}])), "zh")
            for rate in (0.9606, 0.9607, 0.95)]  # fmt: skip
    assert said[0].endswith(
        "1 个与计算一致（末位相差不超过 1）。其中 1 个的末位没有四舍五入（多为直接截去），表中作一致，核对中列为程度低的问题：甲所。"
    )
    assert "四舍五入" not in said[1] and "不一致 1 个，相差最大的是甲所（印出 95%，计算 96.07%，相差 −1.07 个百分点）。" in said[2]


def test_the_gaps_of_one_institute_do_not_repeat_its_name():
    rows = pd.DataFrame([{"institute": "甲所", "fiscal_year": year, "topic": "scores", "gap": gap}
                         for year, gap in ((2023, "no_total"), (2024, "no_total"), (2024, "no_staff"))])  # fmt: skip
    assert readings.own_gaps(rows, "zh") == "- 没有列出在职人数，算不出人均：2024 年。\n- 没有印出总分：2023 年、2024 年。"
    assert readings.own_gaps(rows.tail(1), "en") == "- staff in post is not stated, so nothing can be said per head."


def test_digests_are_cut_to_a_line_and_where_all_of_them_stand_is_said():
    reports = sample_tables.tables(2, (2024,))["reports"].assign(sha256="0123456789abcdef" * 4)
    table = made_from(reports, {}, "en")[-1]
    assert {row[-1].text for row in table.rows} == {"0123456789abcdef"} and "reports.csv" in table.note


def test_plain_tables_have_columns_as_wide_as_their_content():
    assert 'style="table-layout: auto"' in Table(pd.DataFrame({"institute": ["甲所"]}), "zh")._repr_html_()


def test_what_is_most_frequent_is_said_of_what_comes_more_than_once():
    issues = pd.DataFrame({"report_id": ["a", "a", "b"], "code": ["unit_jump", "unread_text", "unit_jump"]})
    assert readings.issues(issues, "en").endswith("The most frequent kind is “about 10,000 times off the amounts beside it” (2).")
    assert readings.issues(issues.head(2), "zh").endswith("分别是“与相邻金额相差约一万倍，可能混用元与万元”；“应为金额处是文字”。")
    checks = pd.DataFrame({"report_id": ["a", "a", "b"], "check": ["staff_within_posts", "no_targets", "no_targets"], "compared": 0,
                           "reason": ["posts or people are not stated", "no total is printed", "no total is printed"]})  # fmt: skip
    assert "those of the most reports (2): “targets are stated” (no total is printed)." in readings.not_checked(checks, "en")
    assert "有 2 处：“在职人数是否超编”（没有写明编制数或人数）、" in readings.not_checked(checks.head(2), "zh")


def test_items_that_are_all_zero_are_not_said_to_be_missing():
    case = {"report_id": "a", "institute": "甲所", "fiscal_year": 2024, "year": 2024, "stage": "executed", "origin": "table"}
    rows = frame("three_public", [{**case, "item": item, "amount_wan": 0.0} for item in ("total", "reception")])
    funds = measures.three_public(rows, frame("reports", [{"report_id": "a", "institute": "甲所", "fiscal_year": 2024}]))
    assert readings.three_public_parts(funds, "zh") == "列出的“三公”经费各项都是 0。"
    assert readings.three_public_parts(funds.iloc[:0], "zh") == "没有单位把“三公”经费分项列出。"
