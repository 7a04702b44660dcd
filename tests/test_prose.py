"""Sentences → sums of money, points and counts. Sentences are made up for the tests."""

import pytest

from drawn import document
from jixiao.extract import extract
from jixiao.extract.numbers import numbers
from jixiao.facts import Activity, Execution, Fund, Score, ThreePublic

TITLE = "某市某某中心2022年度整体支出绩效自评报告"


def facts(kind, *paragraphs):
    return [fact for fact in extract(document(TITLE, *paragraphs)).facts if isinstance(fact, kind)]


def funds(*paragraphs):
    return [(f.scope, f.item, f.year, f.stage, f.amount_wan) for f in facts(Fund, *paragraphs) if f.origin == "text"]


def test_budget_adjustment_and_spending_of_the_whole():
    assert funds(
        "2022年预算收入110万元，其中年初预算100万元，调整追加10万元。2022年共支出1050000元，其中基本支出80万元、项目支出25万元。"
    ) == [
        ("整体", "年度资金总额", 2022, "revised_budget", 110),
        ("整体", "年度资金总额", 2022, "initial_budget", 100),
        ("整体", "年度资金总额", 2022, "adjustment", 10),
        ("整体", "年度资金总额", 2022, "executed", 105),
        ("整体", "基本支出", 2022, "executed", 80),
        ("整体", "项目支出", 2022, "executed", 25),
    ]


def test_parts_carry_the_stage_of_their_whole():
    assert funds("2022年我单位预算批复为36亿元，其中：基本支出30亿元，项目支出6亿元。") == [
        ("整体", "年度资金总额", 2022, "initial_budget", 360000),
        ("整体", "基本支出", 2022, "initial_budget", 300000),
        ("整体", "项目支出", 2022, "initial_budget", 60000),
    ]


def test_parts_of_a_part_and_projects_by_their_names():
    assert funds("项目支出30万元：甲工作经费10万元，乙专项资金20万元。") == [
        ("整体", "项目支出", 2022, "executed", 30),
        ("整体/项目支出", "甲工作经费", 2022, "executed", 10),
        ("整体/项目支出", "乙专项资金", 2022, "executed", 20),
    ]


def test_a_project_with_its_own_amounts():
    assert funds("1.年初预算项目“丙业务”，金额20万元，年中执行调减5万元，实际支出15万元，结余结转0万元。") == [
        ("丙业务", "年度资金总额", 2022, "initial_budget", 20),
        ("丙业务", "年度资金总额", 2022, "adjustment", -5),
        ("丙业务", "年度资金总额", 2022, "executed", 15),
        ("丙业务", "结余结转", 2022, "executed", 0),
    ]


def test_a_year_in_the_sentence_goes_before_the_report_s():
    assert funds("2021年项目支出9万元。") == [("整体", "项目支出", 2021, "executed", 9)]


def test_three_public_funds_of_zero():
    found = facts(ThreePublic, "“三公经费”支出0元（公务用车运行维护费0元）。")
    assert [(t.item, t.stage, t.amount_wan, t.printed) for t in found] == [
        ("total", "executed", 0, "0元"),
        ("vehicle_running", "executed", 0, "0元"),
    ]


def test_rules_and_changes_are_no_figures_of_the_year():
    assert funds("超过1万元的大额资金支出由班子会议决定。采购预算在100000元以下的货物，自行采购。") == []
    assert facts(Activity, "向三家以上供应商询价，一式两份。") == []
    trouble = [i.code for i in extract(document(TITLE, "项目支出比上年增加5万元。")).issues]
    assert "change_not_taken" in trouble


def test_a_report_without_a_budget_says_so():
    found = extract(document(TITLE, "基本支出80万元，项目支出25万元。"))
    (total,) = [f for f in found.facts if isinstance(f, Fund) and f.origin == "derived"]
    assert (total.item, total.stage, total.amount_wan, total.place) == ("年度资金总额", "executed", 105, None)
    whole = next(f for f in found.facts if isinstance(f, Execution))
    assert (whole.executed_wan, whole.initial_budget_wan, whole.rate, whole.origin) == (105, None, None, "derived")
    assert "budget_not_stated" in [i.code for i in found.issues]


def test_points_and_rating():
    found = facts(Score, "投入方面得分为13分；过程方面得分为55.5分；综合得分为93分，评价结论为优秀。")
    assert [(s.name, s.score, s.rating) for s in found] == [("投入", 13, None), ("过程", 55.5, None), ("总分", 93, "优")]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("检定计量器具24000台（件），免征费用200余万元。", [("检定计量器具", 24000, "台（件）", False), ("免征费用", 200, "万元", True)]),
        ("校准器具逾万台件。", [("校准器具", 10000, "台件", True)]),
        ("全年检定近11.5万台件。", [("全年检定", 115000, "台件", True)]),
        ("完成7项标准建设、2个课题。", [("完成标准建设", 7, "项", False), ("课题", 2, "个", False)]),
        ("申请国家专利两项，抓三个重点。", [("申请国家专利", 2, "项", False)]),
        ("检定电子秤45家58台。", [("检定电子秤", 45, "家", False), ("检定电子秤", 58, "台", False)]),
        ("“水、电、气”三表检定507块。", [("“水、电、气”三表检定", 507, "块", False)]),
        ("送检率达到100%，增幅明显。", [("送检率", 100, "%", False)]),
        ("12月31日前，按JJF 1099-2018建立装置，5.20宣传30余次。", [("5.20宣传", 30, "次", True)]),
    ],
)
def test_counts(sentence, expected):
    assert [(a.what, a.value, a.unit, a.approximate) for a in facts(Activity, sentence)] == expected


def test_places_point_at_the_printed_words():
    text = "全年培训技术人员７０余人次，支出12.5万元。"
    found = extract(document(TITLE, text))
    printed = [fact for fact in found.facts if isinstance(fact, Fund | Activity)]
    assert len(printed) == 2
    assert all(text[slice(*fact.place.chars)] == fact.printed for fact in printed)


def test_staff_in_prose_stands_with_the_report():
    report = extract(document(TITLE, "核定编制37人，实有人数34人。")).report
    assert (report.staff_authorised, report.staff_actual) == (37, 34)


def test_numbers_without_a_unit_are_none():
    assert numbers("拨打12365，利用315活动，采用15KA标准源，第3次会议。") == []


def test_what_is_said_of_last_year_does_not_reach_the_next_item():
    found = facts(ThreePublic, "因公出国（境）费支出决算0元，与上年持平；公务接待费支出决算50,000元，比上年增加10,000元。")
    assert [(t.item, t.year, t.amount_wan) for t in found] == [
        ("abroad", 2022, 0),
        ("abroad", 2021, 0),
        ("reception", 2022, 5),
        ("reception", 2021, 4),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022年度收、支总计均为1500万元。与2021年相比，收、支总计各增加100万元，增长7.14%。", [("收入支出总计", 1400)]),
        ("2022年收入总计1500万元，支出总计1500万元。与上年相比，收、支总计各减少100万元。", [("支出总计", 1600), ("收入总计", 1600)]),
        ("一般公共预算财政拨款支出1200万元，占100%。与2021年相比，一般公共预算财政拨款支出增加200万元。", [("一般公共预算拨款", 1000)]),
        ("项目支出1200万元，较上年增长20%，增加200万元。", [("项目支出", 1000)]),
        ("项目支出1200万元，主要用于设备。较上年减少200万元。", [("项目支出", 1400)]),
        ("项目支出1200万元，完成预算的85%，较上年度减少200万元。", [("项目支出", 1400)]),
        ("项目支出1200万元。项目支出决算比2021年度减少200万元。", [("项目支出", 1400)]),
        ("基本支出100万元，项目支出1200万元。比上年减少200万元。", []),  # of which of them?
        ("项目支出1200万元。与上年相比，基本支出减少200万元。", []),
    ],
)
def test_a_comparison_in_a_sentence_of_its_own(text, expected):
    found = extract(document(TITLE, text))
    before = [(f.item, f.amount_wan) for f in found.facts if isinstance(f, Fund) and f.year == 2021]
    assert sorted(before) == sorted(expected)
    assert ("change_not_taken" in [i.code for i in found.issues]) == (not expected)


def test_ways_to_say_that_there_was_nothing():
    found = extract(document(TITLE, "没有发生公务用车购置费支出，也没有使用政府性基金安排的支出。未安排公务接待费预算。"))
    assert [(f.item, f.stage, f.amount_wan) for f in found.facts if isinstance(f, (Fund, ThreePublic)) and f.origin == "text"] == [
        ("vehicle_purchase", "executed", 0),
        ("政府性基金预算拨款", "executed", 0),
        ("reception", "initial_budget", 0),
    ]


def test_a_budget_book_speaks_of_what_is_planned():
    title = "某市某某中心2022年部门预算"
    text = "收支总预算150万元。收入包括：一般公共预算拨款收入140万元、上年结转10万元；支出包括：教育支出120万元、住房保障支出30万元。"
    found = extract(document(title, text))
    assert [(f.scope, f.item, f.year, f.stage, f.amount_wan) for f in found.facts if isinstance(f, Fund)] == [
        ("整体", "收入支出总计", 2022, "initial_budget", 150),
        ("整体/收入", "一般公共预算拨款", 2022, "initial_budget", 140),
        ("整体/收入", "上年结转资金", 2022, "initial_budget", 10),
        ("整体", "教育支出", 2022, "initial_budget", 120),
        ("整体", "住房保障支出", 2022, "initial_budget", 30),
    ]
