"""How blocks are read, on tables drawn for it: layouts that none of the four reports has."""

import pytest

from drawn import ABOVE, LEFT, document, table
from jixiao.document import Table
from jixiao.extract import extract
from jixiao.extract.indicators import attained, parse_target
from jixiao.facts import Execution, Fund, Indicator, Score, ThreePublic
from jixiao.values import figure


def facts(kind, *blocks):
    """The facts of a kind that are printed, in order."""
    found = extract(document(*blocks)).facts
    return [fact for fact in found if isinstance(fact, kind) and getattr(fact, "origin", None) != "derived"]


BY_TASK = table(
    [
        ["年度主要任务", "任务名称", "预算数", LEFT, "执行数", LEFT, "分值", "执行率", "得分"],
        [ABOVE, ABOVE, "总额", "其他资金", "总额", "其他资金", ABOVE, ABOVE, ABOVE],
        [ABOVE, "任务一", "100", "20", "90", "", "5", "90%", "4.5"],
        [ABOVE, "合计", "150.5", "20", "140.5", "0", "10", "93.36%", "9.34"],
    ]
)


def test_execution_by_task_with_two_header_rows():
    rows = facts(Execution, "某某局2023年度整体支出绩效自评报告", "单位：万元", BY_TASK)
    assert [(r.scope, r.initial_budget_wan, r.executed_wan, r.weight, r.rate_printed, r.score_printed) for r in rows] == [
        ("任务一", 100, 90, 5, 0.9, 4.5),
        ("整体", 150.5, 140.5, 10, 0.9336, 9.34),
    ]


def test_a_blank_amount_is_null_and_a_zero_is_zero():
    rows = [f for f in facts(Fund, BY_TASK) if f.item == "其他资金" and f.stage == "executed"]
    assert [(f.scope, f.amount_wan, f.printed) for f in rows] == [("任务一", None, ""), ("整体", 0, "0")]


SPLIT_TARGET = table(
    [
        ["项目名称", "某项目", LEFT, "实施单位", "湖北省武汉市某某中心", LEFT, LEFT, LEFT, LEFT],
        ["预算执行情况(元)", "资金来源", LEFT, "年初预算", "全年预算(调整后)", "执行数(B)", "权重", "支出率(B/A)", "得分(20分*执行率)"],
        [ABOVE, "合计", LEFT, "1,000,000.00", "1,200,000.00", "900,000.00", "20", "75%", "15"],
        ["一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "全年实际值", "权重", "得分"],
        ["产出指标(50分)", "数量指标", "检测批次", "≥", "95", "批次", "100", "20", "20"],
        [ABOVE, "产出质量", "合格率", "＝", "100", "%", "101", "30", "29.7"],
        ["满意度指标(10分)", "满意度", "投诉率", "≤", "2", "%", "3", "10", "10"],
        ["总分", "", "", "", "", "", "", "100", "94.7"],
    ]
)


def test_targets_split_in_sign_value_and_unit():
    rows = facts(Indicator, SPLIT_TARGET)
    assert [(i.target_op, i.target_value, i.target_unit, i.actual_value, i.attained) for i in rows] == [
        (">=", 95, "批次", 100, True),
        ("=", 100, "%", 101, False),
        ("<=", 2, "%", 3, False),
    ]
    assert [(i.level1, i.level2) for i in rows] == [
        ("产出指标", "数量指标"),
        ("产出指标", "质量指标"),
        ("满意度指标", "服务对象满意度指标"),
    ]


def test_amounts_in_yuan_are_brought_to_ten_thousands():
    (row,) = facts(Execution, SPLIT_TARGET)
    assert (row.scope, row.initial_budget_wan, row.revised_budget_wan, row.executed_wan) == ("某项目", 100, 120, 90)
    assert (row.rate, row.score) == (0.75, 15)


def test_a_jump_by_ten_thousand_is_an_issue():
    rows = [["资金来源", "年初预算数(万元)", "全年预算数(万元)", "执行数(万元)", "执行率"], ["其他资金", "35.5", "36", "351234.5", "97%"]]
    issues = [issue for issue in extract(document(table(rows))).issues if issue.code == "unit_jump"]
    assert [(issue.printed, issue.place.col) for issue in issues] == [("351234.5", 4)]
    plain = [rows[0], ["其他资金", "0.5", "36", "351", "97%"]]
    assert "unit_jump" not in {issue.code for issue in extract(document(table(plain))).issues}


def test_points_in_brackets_and_of_the_total():
    assert [(s.name, s.weight, s.score) for s in facts(Score, SPLIT_TARGET)] == [
        ("产出指标", 50, None),
        ("满意度指标", 10, None),
        ("总分", 100, 94.7),
    ]


def test_one_level_and_a_total_merged_over_the_columns():
    rows = [
        ["指标名称", "计划值", "完成情况", "标准分值", "自评得分"],
        ["培训(人次)", "≥200", "210", "100", "98"],
        ["合计", "98", LEFT, LEFT, LEFT],
    ]
    indicator, score = facts((Indicator, Score), table(rows))[::-1]
    assert (indicator.level1, indicator.level3, indicator.target_unit, indicator.actual_unit, indicator.attained) == (
        None,
        "培训(人次)",
        "人次",
        "人次",
        True,
    )
    assert (score.weight, score.score) == (None, 98)


def test_points_shared_by_a_group_stand_with_its_first_row():
    rows = [["三级指标", "分值", "评价标准", "得分"], ["甲", "8", "共四项", "6"], ["乙", ABOVE, ABOVE, ABOVE], ["丙", "2", "另一项", "2"]]
    found = facts(Indicator, table(rows))
    assert [(i.level3, i.weight, i.score, i.shares_points_with) for i in found] == [
        ("甲", 8, 6, None),
        ("乙", None, None, 1),
        ("丙", 2, 2, None),
    ]


def test_a_criterion_over_several_rows_is_one():
    rows = [["三级指标", "分值", "评价标准"], ["甲", "8", "①有制度"], [ABOVE, ABOVE, "②执行好"], ["乙", "2", "另"]]
    assert [(i.level3, i.criterion) for i in facts(Indicator, table(rows))] == [("甲", "①有制度②执行好"), ("乙", "另")]


def test_levels_are_filled_down_but_not_into_the_next_first_level():
    rows = [["一级指标", "二级指标", "三级指标", "分值"], ["产出", "数量", "甲", "1"], ["", "", "乙", "1"], ["效益", "", "丙", "1"]]
    found = [(i.level1, i.level2) for i in facts(Indicator, table(rows))]
    assert found == [("产出指标", "数量指标"), ("产出指标", "数量指标"), ("效益指标", None)]


def test_two_tables_side_by_side():
    rows = [
        ["预算申请(万元)", "按收入性质分", LEFT, "按支出性质分", LEFT],
        [ABOVE, "一般公共预算：", "10.5", "其中：基本支出：", "7"],
        [ABOVE, "政府性基金拨款", "", "项目支出", "3.5"],
    ]
    assert [(f.item, f.stage, f.amount_wan) for f in facts(Fund, table(rows))] == [
        ("一般公共预算拨款", "revised_budget", 10.5),
        ("基本支出", "executed", 7),
        ("政府性基金预算拨款", "revised_budget", None),
        ("项目支出", "executed", 3.5),
    ]


def test_years_of_columns_and_parts_of_three_public_funds():
    rows = [
        ["经费控制情况(万元)", "2023年决算数", "2024年预算数", "2024年决算数"],
        ["三公经费", "3", "4", "—"],
        ["其中：公车购置", "", "1", "无"],
        ["项目支出", "5", "6", "7"],
        ["1、业务经费", "5", "6", "7"],
    ]
    three = facts(ThreePublic, table(rows))
    assert [(t.item, t.year, t.stage, t.amount_wan, t.printed) for t in three] == [
        ("total", 2023, "executed", 3, "3"),
        ("total", 2024, "initial_budget", 4, "4"),
        ("total", 2024, "executed", None, "—"),
        ("vehicle_purchase", 2023, "executed", None, ""),
        ("vehicle_purchase", 2024, "initial_budget", 1, "1"),
        ("vehicle_purchase", 2024, "executed", None, "无"),
    ]
    assert {(f.scope, f.item) for f in facts(Fund, table(rows))} == {("整体", "项目支出"), ("整体/项目支出", "业务经费")}


def test_forms_below_one_another_in_one_table_have_their_own_scopes():
    def form(name):
        head = ["项目名称", name, LEFT, LEFT]
        return [
            head,
            ["资金来源", "预算数", "执行数", "得分"],
            ["资金总额", "1", "1", "10"],
            ["三级指标", "目标值", "分值", "得分"],
            ["甲", "1", "90", "90"],
        ]

    found = facts((Execution, Indicator), table(form("甲项目") + form("乙项目")))
    assert [(type(f).__name__, f.scope) for f in found] == [
        ("Execution", "甲项目"),
        ("Indicator", "甲项目"),
        ("Execution", "乙项目"),
        ("Indicator", "乙项目"),
    ]
    assert [f.position for f in found if isinstance(f, Indicator)] == [1, 1]


@pytest.mark.parametrize(
    ("target", "name", "op", "value", "unit"),
    [
        ("≥95%", "合格率", ">=", 95, "%"),
        ("≥30000", "检定台件数（台）", ">=", 30000, "台"),
        ("39", "设备（万元）", "=", 39, "万元"),
        ("98", "合格率%", "=", 98, "%"),
        ("有效保护", "权益", "text", None, None),
        ("2020年12月31日前", "投入运行", "text", None, None),
        ("/", "无", None, None, None),
        ("", "空", None, None, None),
    ],
)
def test_targets(target, name, op, value, unit):
    found_op, found = parse_target(target, name)
    assert (found_op, found and found.value, found and found.unit) == (op, value, unit)


@pytest.mark.parametrize(
    ("target", "actual", "is_cost", "expected"),
    [
        ("20", "25", False, True),
        ("61", "63.54", True, False),
        ("＝20", "25", False, False),
        ("≤39", "36.46", False, True),
        ("≥95%", "0.96", False, None),
        ("逐年增加", "95%", False, None),
    ],
)
def test_whether_a_target_is_met(target, actual, is_cost, expected):
    op, found = parse_target(target, "名")
    assert attained(op, found, figure(actual), is_cost) is expected


FORM = [["项目资金", "", "年初预算数", "执行数", "执行率(%)"], ["↑", "年度资金总额", "100", "90", "90.0"]]


def test_a_percent_sign_in_the_header_holds_for_the_rates_below():
    (row,) = facts(Execution, "单位：万元", table(FORM))
    assert (row.rate_printed, row.rate) == (0.9, 0.9)


def test_a_unit_in_a_row_above_a_form_holds_for_it_alone():
    def stacked(unit, name):
        return [["项目支出绩效自评表", *[""] * 4], [f"金额单位：{unit}", *[""] * 4], ["项目名称", name, LEFT, LEFT, LEFT], *FORM]

    rows = facts(Execution, table([*stacked("元", "甲"), [""] * 5, *stacked("万元", "乙")]))
    assert [(r.scope, r.executed_wan) for r in rows] == [("甲", 0.009), ("乙", 90)]


def test_the_name_of_a_county_is_no_unit():
    found = extract(document("填报单位：元阳县林业局", table(FORM)))
    assert "unit_not_stated" in [issue.code for issue in found.issues]


def test_the_header_of_tasks_does_not_begin_at_the_name_of_the_department():
    rows = [["部门名称", "某县某某局", LEFT, LEFT, LEFT], ["主要任务", "任务名称", "预算数", "执行数", "执行率"]]
    rows += [[ABOVE, "甲", "10", "9", "90%"], [ABOVE, "金额合计", "10", "9", "90%"]]
    assert [(r.scope, r.executed_wan) for r in facts(Execution, table(rows))] == [("甲", 9), ("整体", 9)]


def test_a_label_over_blank_cells_holds_for_the_labels_below_them():
    rows = [["任务", "预算数", "", "执行数", ""], ["", "总额", "其他资金", "总额", "其他资金"], ["甲", "3", "1", "2", "1"]]
    found = facts(Fund, table(rows, aligned=False))
    assert [(f.item, f.stage, f.amount_wan) for f in found] == [
        ("年度资金总额", "initial_budget", 3),
        ("其他资金", "initial_budget", 1),
        ("年度资金总额", "executed", 2),
        ("其他资金", "executed", 1),
    ]


def test_the_total_of_a_dump_is_read_by_its_columns_from_the_right():
    rows = [["一级指标", "三级指标", "分值", "评价标准", "得分"], ["产出", "甲", "100", "是", ""]]
    short = table([*rows, ["总分", "100", "", "", ""]], aligned=False)
    cells = tuple(cell for cell in short.cells if (cell.row, cell.col) != (2, 4))
    (total,) = facts(Score, Table(1, cells, aligned=False))
    assert (total.weight, total.score) == (100, None)


def test_a_note_across_a_sheet_is_no_indicator():
    rows = [["三级指标", "目标值", "分值", "得分", ""], ["甲", "1", "90", "90", ""], ["注：得分不超过分值。", LEFT, LEFT, "", ""]]
    assert [i.level3 for i in facts(Indicator, table(rows))] == ["甲"]


def test_an_amount_like_a_year_and_a_month_is_an_amount_and_such_a_target_a_date():
    assert figure("2024.12").value == 2024.12 and figure("2024.12.31") is None
    assert parse_target("2024.12", "完成时间") == ("text", None)


def test_a_rate_without_any_percent_sign_is_told_by_its_amounts():
    head = ["资金来源（万元）", "预算数", "执行数", "执行率"]
    found = facts(Execution, table([head, ["合计", "100", "96.06", "96.06"]])) + facts(
        Execution, table([head, ["合计", "100", "97", "0.97"]])
    )
    assert [row.rate_printed for row in found] == [0.9606, 0.97]


def test_execution_is_of_the_report_s_year_where_the_year_before_stands_beside_it():
    rows = [["资金来源（万元）", "2022年决算数", "2023年预算数", "2023年决算数", "执行率"], ["合计", "5", "10", "9", "90%"]]
    (row,) = facts(Execution, "某市某某局2023年度整体支出绩效自评报告", table(rows))
    assert (row.initial_budget_wan, row.executed_wan, row.rate_printed) == (10, 9, 0.9)


def test_label_and_amount_in_one_cell_of_two_tables_side_by_side():
    rows = [["预算（万元）", "按收入性质分", LEFT, "按支出性质分", LEFT], [ABOVE, "一般公共预算：90", LEFT, "其中：基本支出：50.5", LEFT]]
    assert [(f.item, f.stage, f.amount_wan) for f in facts(Fund, table(rows))] == [
        ("一般公共预算拨款", "revised_budget", 90),
        ("基本支出", "executed", 50.5),
    ]


def test_points_of_a_level_below_its_indicators():
    rows = [["一级指标", "二级指标", "三级指标", "分值", "得分"], ["产出", "数量", "甲", "25", "20"], [ABOVE, "小计", LEFT, "25", "20"]]
    found = facts((Indicator, Score), table(rows))
    assert [(type(f).__name__, f.level3 if isinstance(f, Indicator) else f.name, f.weight, f.score) for f in found] == [
        ("Score", "产出指标", 25, 20),
        ("Indicator", "甲", 25, 20),
    ]


def test_a_header_of_three_rows():
    rows = [["指标", LEFT, "年度", "评分", LEFT], ["一级", "三级", "指标值", "分值", "得分"], ["指标", "指标", ABOVE, ABOVE, ABOVE]]
    assert [i.level3 for i in facts(Indicator, table([*rows, ["产出", "甲", "1", "5", "5"]]))] == ["甲"]
