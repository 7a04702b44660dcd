"""Budget and accounts books, three as published: totals, classification rows, three public funds by item, year and stage."""

from dataclasses import asdict
from functools import cache

import pytest

from drawn import ABOVE, LEFT, document, table
from jixiao import readers
from jixiao.extract import extract
from jixiao.facts import Fund, ThreePublic

ACCOUNTS, WELFARE, STREET = "putuo-planning-2024-accounts.pdf", "putuo-welfare-2024-budget.pdf", "putuo-wanli-2025-budget.pdf"


@cache
def read(path):
    return extract(readers.read(path))


@pytest.fixture(scope="module")
def rows(shared):
    def select(name, kind, *columns, **wanted):
        found = [f for f in read(shared / "real" / name).facts if isinstance(f, kind)]
        return [tuple(getattr(f, c) for c in columns) for f in found if all(asdict(f)[k] == v for k, v in wanted.items())]

    return select


def test_who_and_when(shared):
    found = {name: read(shared / "real" / name) for name in (ACCOUNTS, WELFARE, STREET)}
    assert [(x.institute, x.fiscal_year, x.report.kind, x.report.province, x.report.city) for x in found.values()] == [
        ("上海市普陀区规划和自然资源局", 2024, "accounts", "上海市", "上海市"),
        ("上海市普陀区社会福利院", 2024, "accounts", "上海市", "上海市"),
        ("上海市普陀区人民政府万里街道办事处", 2025, "accounts", "上海市", "上海市"),
    ]


@pytest.mark.parametrize(
    ("name", "section", "scope", "item", "stage", "amount"),
    [
        (ACCOUNTS, "收入支出决算总表", "整体/收入", "收入总计", "executed", 9859.38),
        (ACCOUNTS, "收入支出决算总表", "整体", "支出总计", "executed", 9859.38),
        (ACCOUNTS, "收入决算表", "整体/收入", "本年收入合计", "executed", 9746.5),
        (ACCOUNTS, "支出决算表", "整体", "本年支出合计", "executed", 9759.38),
        (ACCOUNTS, "支出决算表", "整体/基本支出", "本年支出合计", "executed", 5377.64),
        (ACCOUNTS, "支出决算表", "整体/项目支出", "本年支出合计", "executed", 4381.74),
        (WELFARE, "2024年预算单位财务收支预算总表", "整体/收入", "收入总计", "initial_budget", 1212.1164),
        (WELFARE, "2024年预算单位财务收支预算总表", "整体/公用经费", "支出总计", "initial_budget", 212.095),
        (STREET, "2025年部门支出预算总表", "整体/项目支出", "本年支出合计", "initial_budget", 8842.5805),
    ],
)
def test_totals_of_income_and_spending(rows, name, section, scope, item, stage, amount):
    assert rows(name, Fund, "amount_wan", section=section, scope=scope, item=item, stage=stage) == [(amount,)]


@pytest.mark.parametrize(
    ("name", "section", "code", "item", "amounts"),
    [
        (ACCOUNTS, "支出决算表", "2080501", "行政单位离退休", {"整体": 54.53, "整体/基本支出": 54.53, "整体/项目支出": 0}),
        (ACCOUNTS, "支出决算表", "2210203", "购房补贴", {"整体": 171.49, "整体/基本支出": 171.49, "整体/项目支出": 0}),
        (
            WELFARE,
            "2024年预算单位支出预算总表",
            "2081005",
            "社会福利事业单位",
            {"整体": 958.4796, "整体/基本支出": 696.4796, "整体/项目支出": 262},
        ),
        (STREET, "2025年部门支出预算总表", "2010507", "专项普查活动", {"整体": 43.83, "整体/基本支出": 0, "整体/项目支出": 43.83}),
    ],
)
def test_classification_rows_with_basic_and_project(rows, name, section, code, item, amounts):
    found = {
        scope: amount
        for scope, amount in rows(name, Fund, "scope", "amount_wan", section=section, code=code, item=item)
        if scope in amounts
    }
    assert found == amounts


def test_economic_classes_side_by_side(rows):
    section = "一般公共预算财政拨款基本支出决算表"
    found = {code: (item, amount) for code, item, amount in rows(ACCOUNTS, Fund, "code", "item", "amount_wan", section=section)}
    assert found["30101"] == ("基本工资", 537.64)
    assert found["30206"] == ("电费", 18.86)
    assert (found["301"], found["302"]) == (("工资福利支出", 4816.14), ("商品和服务支出", 440.9))


def test_three_public_funds_of_the_accounts(rows):
    table_rows = rows(ACCOUNTS, ThreePublic, "item", "stage", "amount_wan", origin="table")
    printed = {
        "total": (2.85, 0.39),
        "abroad": (0, 0),
        "vehicle": (0, 0),
        "vehicle_purchase": (0, 0),
        "vehicle_running": (0, 0),
        "reception": (2.85, 0.39),
    }
    assert table_rows == [(i, s, a) for i, pair in printed.items() for s, a in zip(("initial_budget", "executed"), pair, strict=True)]
    prose = rows(ACCOUNTS, ThreePublic, "item", "stage", "amount_wan", origin="text")
    assert prose[:2] == [("total", "initial_budget", 2.85), ("total", "executed", 0.39)]


def test_three_public_funds_of_the_budgets_and_of_the_year_before(rows):
    expected = {
        WELFARE: {
            "total": (6.4, 6.4),
            "abroad": (0, 0),
            "vehicle": (6.4, 6.4),
            "vehicle_purchase": (0, 0),
            "vehicle_running": (6.4, 6.4),
            "reception": (0, 0),
        },
        STREET: {
            "total": (37.91, 47.91),
            "abroad": (0, 0),
            "vehicle": (36.56, 46.56),
            "vehicle_purchase": (15, 25),
            "vehicle_running": (21.56, 21.56),
            "reception": (1.35, 1.35),
        },
    }
    for name, year in ((WELFARE, 2024), (STREET, 2025)):
        stated = dict(rows(name, ThreePublic, "item", "amount_wan", origin="text", year=year, stage="initial_budget"))
        before = dict(rows(name, ThreePublic, "item", "amount_wan", origin="derived", year=year - 1, stage="initial_budget"))
        assert {item: (stated[item], before[item]) for item in stated} == expected[name]


def test_nothing_by_a_sentence_is_a_zero_with_its_place(rows):
    found = rows(WELFARE, Fund, "item", "stage", "amount_wan", "printed", origin="text", item="机关运行经费")
    assert found == [("机关运行经费", "initial_budget", 0, "无机关运行经费")]


@pytest.mark.parametrize("name", [ACCOUNTS, WELFARE, STREET])
def test_no_figure_of_a_published_book_is_lost(name, shared):
    from test_nothing_lost import lost

    assert lost(readers.read(shared / "real" / name)) == []


def test_a_book_of_another_shape():
    drawn = table(
        [
            ["科目编码", "科目名称", "2023年决算数", LEFT, "2024年预算数", LEFT],
            [ABOVE, ABOVE, "合计", "其中：基本支出", "合计", "项目支出"],
            ["2010101", "行政运行", "10.5", "10.5", "12", "2"],
            ["合计", LEFT, "10.5", "10.5", "12", "2"],
        ]
    )
    found = [f for f in extract(document("某市某某局2024年部门预算公开", "支出预算表", "单位：万元", drawn)).facts if isinstance(f, Fund)]
    assert [(f.code, f.scope, f.item, f.year, f.stage, f.amount_wan) for f in found] == [
        ("2010101", "整体", "行政运行", 2023, "executed", 10.5),
        ("2010101", "整体/基本支出", "行政运行", 2023, "executed", 10.5),
        ("2010101", "整体", "行政运行", 2024, "initial_budget", 12),
        ("2010101", "整体/项目支出", "行政运行", 2024, "initial_budget", 2),
        (None, "整体", "本年支出合计", 2023, "executed", 10.5),
        (None, "整体/基本支出", "本年支出合计", 2023, "executed", 10.5),
        (None, "整体", "本年支出合计", 2024, "initial_budget", 12),
        (None, "整体/项目支出", "本年支出合计", 2024, "initial_budget", 2),
    ]


def book(*rows, title="三公经费支出决算表"):
    return extract(document("某市某某局2024年部门决算公开", title, "单位：万元", table(list(rows))))


def test_a_sum_without_a_name_is_the_total_of_three_public_funds():
    found = book(
        ["预算数", LEFT, LEFT, "决算数", LEFT, LEFT],
        ["小计", "公务用车购置及运行费", "公务接待费", "小计", "公务用车购置及运行费", "公务接待费"],
        ["1", "2", "3", "4", "5", "6"],
        ["9", "8", "1", "6", "5", "1"],
    )
    amounts = [(f.item, f.stage, f.amount_wan) for f in found.facts if isinstance(f, ThreePublic) and f.item == "total"]
    assert amounts == [("total", "initial_budget", 9), ("total", "executed", 6)]
    assert not [i for i in found.issues if i.code == "unread_figure"]


def test_beside_meetings_and_training_a_sum_is_not_of_three_public_funds_alone():
    rows = [["合计", "因公出国（境）费", "公务接待费", "会议费"], ["9", "1", "2", "6"]]
    found = [f.item for f in book(*rows).facts if isinstance(f, ThreePublic)]
    assert found == ["abroad", "reception"]


def test_codes_in_steps_of_class_kind_and_item():
    rows = [["科目编码", LEFT, LEFT, "科目名称", "合计", "基本支出"], ["类", "款", "项", ABOVE, ABOVE, ABOVE]]
    rows += [
        ["208", "", "", "甲", "1", "1"],
        ["", "05", "", "乙", "1", "1"],
        ["", "", "02", "丙", "1", "1"],
        ["210", "", "", "丁", "1", "1"],
    ]
    found = [f.code for f in book(*rows, title="支出决算表").facts if isinstance(f, Fund) and f.scope == "整体"]
    assert found == ["208", "20805", "2080502", "210"]


def test_sentences_in_the_cells_of_a_sheet_are_read():
    text = "2024年公务接待费支出决算3万元，比上年减少1万元。"
    rows = [
        ["三公经费支出决算表", "", ""],
        ["公务接待费", "因公出国（境）费", "公务用车购置费"],
        ["3", "0", "0"],
        ["", "", ""],
        [text, "", ""],
    ]
    found = [f for f in book(*rows).facts if isinstance(f, ThreePublic) and f.origin != "table"]
    assert [(f.item, f.year, f.amount_wan, f.place.row) for f in found] == [("reception", 2024, 3, 5), ("reception", 2023, 4, 5)]


def test_a_sum_under_basic_expenditure_is_no_whole():
    rows = [["科目编码", "科目名称", "合计", "基本支出", LEFT, "项目支出"], [ABOVE, ABOVE, ABOVE, "小计", "人员经费", ABOVE]]
    found = book(*rows, ["205", "教育支出", "9", "5", "4", "4"], title="支出决算表")
    assert [(f.scope, f.amount_wan) for f in found.facts if isinstance(f, Fund)] == [
        ("整体", 9),
        ("整体/基本支出", 5),
        ("整体/人员经费", 4),
        ("整体/项目支出", 4),
    ]
