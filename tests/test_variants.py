"""Wordings and arrangements of provinces: forms, lists of projects, rubrics, budget and accounts books."""

from drawn import document, rows, table
from jixiao.extract import extract
from jixiao.facts import Activity, Execution, Fund, Indicator, Score, ThreePublic
from jixiao.values import figure


def read(text, *before):
    return extract(document(*(before or ("某市某局2023年度自评报告",)), table(rows(text))))


def facts(found, kind):
    return [fact for fact in found.facts if isinstance(fact, kind)]


def codes(found):
    return [issue.code for issue in found.issues]


def public(found):
    return [(f.item, f.year, f.stage, f.amount_wan) for f in facts(found, ThreePublic)]


def test_rows_that_a_form_leaves_unfilled_are_no_indicators():
    found = read(
        """
        一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
        产出指标 | 数量指标 | 指标1：巡查次数 | ≥50次 | 50次 | 8 | 8
        ^ | ^ | 指标2： | | | |
        ^ | ^ | …… | | | |
        ^ | 质量指标 | 指标1 | | | 5 | 5
        """
    )
    assert [i.level3 for i in facts(found, Indicator)] == ["指标1：巡查次数", "指标1"]


def test_a_row_over_all_levels_is_one_indicator():
    found = read(
        """
        一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分
        预算执行率（10分） | < | < | 100% | 95% | 10 | 9.5
        产出指标（50分） | 数量指标 | 次数 | 12次 | 12次 | 50 | 50
        """
    )
    assert [(i.level1, i.level2, i.level3, i.weight) for i in facts(found, Indicator)] == [
        ("预算执行率", None, "预算执行率（10分）", 10),
        ("产出指标", "数量指标", "次数", 50),
    ]
    assert [(s.name, s.weight) for s in facts(found, Score)] == [("产出指标", 50)]


def test_a_conclusion_below_the_indicators_is_none():
    found = read(
        """
        指标 | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 权重 | 得分 | 未完成原因分析
        ^ | 产出指标 | 数量指标 | 覆盖率 | = | 100 | % | 100 | 60 | 60 |
        合计 | < | < | < | < | < | < | < | 60 | 60 |
        评价结论 | 该项目资金支付及时。 | < | < | < | < | < | < | < | < | <
        """
    )
    assert len(facts(found, Indicator)) == 1
    assert [(s.name, s.weight, s.score) for s in facts(found, Score)] == [("总分", 60, 60)]


def test_points_in_the_name_of_a_criterion_are_its_weight():
    found = read("一级指标 | 二级指标 | 三级指标 | 得分\n部门决策（25分） | 目标任务（15分） | 相关性（5分） | 4")
    assert [(i.level3, i.weight, i.score) for i in facts(found, Indicator)] == [("相关性（5分）", 5, 4)]


def test_points_of_the_side_label_are_the_weight_of_execution():
    found = read(
        """
        预算执行情况（万元）（20分） | | 预算数(A) | 执行数(B) | 执行率(B/A) | 得分（20分*执行率）
        ^ | 年度财政资金总额 | 1.56 | 1.56 | 100% | 20分
        """
    )
    assert [(e.weight, e.score_printed) for e in facts(found, Execution)] == [(20, 20)]


def test_a_form_without_points_has_indicators_all_the_same():
    found = read("一级指标 | 二级指标 | 三级指标 | 指标值 | 全年实际完成值\n产出指标 | 数量指标 | 培训人数 | ≥200人次 | 210人次")
    assert [(i.level3, i.target_value, i.actual_value, i.attained) for i in facts(found, Indicator)] == [("培训人数", 200, 210, True)]
    found = read("一级指标 | 二级指标 | 三级指标 | 指标值\n产出指标 | 数量指标 | 资助人数 | ≥500人")
    assert [(i.level3, i.target_value, i.weight) for i in facts(found, Indicator)] == [("资助人数", 500, None)]


def test_a_list_of_projects_gives_each_its_execution_and_score():
    found = read(
        """
        序号 | 主管部门 | 项目单位 | 项目名称 | 预算数 | < | 执行数 | < | 预算执行率 | 自评分 | 评价等次
        ^ | ^ | ^ | ^ | 总额 | 其中：财政拨款 | 总额 | 其中：财政拨款 | ^ | ^ | ^
        1 | 某市某局 | 某市某站 | 甲项目 | 1,000.00 | 900.00 | 990.00 | 890.00 | 99% | 98 | 优
        2 | 某市某局 | 某市某馆 | 乙项目 | 500.00 | 500.00 | 250.00 | 250.00 | 50% | 88 | 良
        """,
        "2023年度项目支出绩效自评情况汇总表",
        "填报单位：某市某局　　　金额单位：元",
    )
    assert (found.institute, found.report.kind) == ("某市某局", "project")
    assert [(e.scope, e.initial_budget_wan, e.executed_wan, e.weight, e.score_printed) for e in facts(found, Execution)] == [
        ("甲项目", 0.1, 0.099, None, None),
        ("乙项目", 0.05, 0.025, None, None),
    ]
    assert [(s.scope, s.name, s.score, s.rating) for s in facts(found, Score)] == [
        ("甲项目", "总分", 98, "优"),
        ("乙项目", "总分", 88, "良"),
    ]
    assert {f.scope for f in facts(found, Fund)} == {"甲项目", "乙项目"}


def test_what_remains_stands_beside_what_was_spent():
    found = read(
        """
        资金来源 | 年初预算数 | 全年执行数 | 结余数 | 执行率
        年度资金总额 | 110 | 105 | 5 | 95.45%
        其中：财政拨款 | 60 | 58 | 2 | —
        """
    )
    remains = [(f.scope, f.item, f.stage, f.amount_wan) for f in facts(found, Fund) if f.item == "结余结转"]
    assert remains == [("整体", "结余结转", "executed", 5), ("整体/当年财政拨款", "结余结转", "executed", 2)]
    assert [(e.executed_wan, e.rate_printed) for e in facts(found, Execution)] == [(105, 0.9545)]


def test_a_total_of_blanks_is_no_execution():
    found = read("资金来源 | 年初预算数 | 全年执行数 | 执行率\n年度资金总额 | | |\n其中：财政拨款 | 10 | 9 |")
    assert [e for e in facts(found, Execution) if e.origin == "table"] == []


def test_a_bracket_tells_two_budgets_apart():
    found = read("资金来源 | 预算数 | 预算数(调整后) | 执行数 | 执行率\n年度资金总额 | 100 | 120 | 90 | 75%")
    assert [(e.initial_budget_wan, e.revised_budget_wan, e.rate) for e in facts(found, Execution)] == [(100, 120, 0.75)]


def test_three_public_funds_in_rows_of_two_years():
    found = read(
        """
        项目 | 上年决算数 | 本年决算数 | 比上年增、减情况 | <
        ^ | ^ | ^ | 增、减金额 | 增、减幅度
        合计 | 29.1 | 27.0 | -2.1 | -7.2%
        1.因公出国（境）费 | 13 | 10 | -3 | -23.1%
        2.公务接待费 | 16.1 | 17 | 0.9 | 5.6%
        """
    )
    assert public(found) == [
        (item, year, "executed", amount)
        for item, amounts in (("total", (29.1, 27.0)), ("abroad", (13, 10)), ("reception", (16.1, 17)))
        for year, amount in zip((2022, 2023), amounts, strict=True)
    ]
    assert codes(found).count("change_not_taken") == 6
    assert found.report.figure_cells == found.report.figure_cells_taken == 12


def test_three_public_funds_in_rows_of_one_budget():
    found = read(
        """
        项　目 | 本年预算数 | 其中：公共预算财政拨款
        合　计 | 34.35 | 30
        1．因公出国（境）费用 | 0 | 0
        2．公务接待费 | 1.70 | 1
        """
    )
    budget = [("total", 2023, "initial_budget", 34.35), ("abroad", 2023, "initial_budget", 0), ("reception", 2023, "initial_budget", 1.7)]
    assert public(found) == budget
    assert {(f.scope, f.item, f.amount_wan) for f in facts(found, Fund)} >= {("整体/一般公共预算拨款", "公务接待费", 1)}


def test_items_stand_over_the_stages():
    found = read(
        """
        一般公共预算财政拨款“三公”经费 | < | < | < | 机关运行经费决算数
        合计 | < | 公务接待费 | < | ^
        预算数 | 决算数 | 预算数 | 决算数 | ^
        22.00 | 8.77 | 8.00 | 0.30 | 325.88
        """
    )
    assert public(found) == [
        ("total", 2023, "initial_budget", 22),
        ("total", 2023, "executed", 8.77),
        ("reception", 2023, "initial_budget", 8),
        ("reception", 2023, "executed", 0.3),
    ]


def test_counts_stand_between_rows_of_money():
    found = read(
        """
        项目 | 行次 | 预算数 | 决算数
        栏次 | | 1 | 2
        一、“三公”经费支出 | 1 | 12.00 | 8.50
        3.公务接待费 | 2 | 2.00 | 0.50
        4.公务用车保有量（辆） | 3 | — | 3
        """
    )
    assert [f for f in facts(found, Fund) if f.origin == "table"] == []
    assert [(a.what, a.value, a.unit) for a in facts(found, Activity)] == [("公务用车保有量", 3, "辆")]
    assert len(public(found)) == 4


def test_the_row_that_numbers_the_columns_beside_the_steps_of_a_code():
    found = read(
        """
        项目 | < | < | < | 本年支出合计 | 基本支出 | 项目支出
        功能分类科目编码 | < | < | 科目名称 | ^ | ^ | ^
        类 | 款 | 项 | 栏次 | 1 | 2 | 3
        ^ | ^ | ^ | 合计 | 12 | 10 | 2
        2080505 | < | < | 养老保险缴费支出 | 12 | 10 | 2
        """,
        "某市某局2023年度部门决算",
        "支出决算表",
    )
    assert [(f.item, f.code, f.amount_wan) for f in facts(found, Fund) if f.scope == "整体"] == [
        ("本年支出合计", None, 12),
        ("养老保险缴费支出", "2080505", 12),
    ]


def test_the_number_of_a_table_is_not_its_title():
    found = read(
        "科目编码 | 科目名称 | 本年支出\n212 | 城乡社区支出 | 120",
        "某市某局2023年度部门决算",
        "政府性基金预算财政拨款收入支出决算表",
        "公开08表",
    )
    assert [(f.scope, f.item) for f in facts(found, Fund)] == [("整体/政府性基金预算拨款", "城乡社区支出")]


def test_a_code_before_a_name_is_not_the_name():
    form = "项目名称 | 甲 | 主管部门 | 219-某市某区某镇人民政府\n实施单位 | 219001-某市某区某镇人民政府 | |"
    found = read(form, "项目支出绩效自评表", "（2022年度）")
    assert (found.institute, found.report.supervisor) == ("某市某区某镇人民政府", "某市某区某镇人民政府")


def test_a_word_that_only_labels_rows_names_nothing_in_a_sentence():
    found = extract(document("某市某局2023年度自评报告", "签订采购合同总额100万元。"))
    assert facts(found, Fund) == []


def test_hundredths_and_months_are_told_from_figures():
    assert (figure("≥100百分比").value, figure("≥100百分比").unit) == (100, "%")
    assert figure("12月底之前") is None
    assert figure("12月31日前") is None
    assert figure("12个月").value == 12


def test_the_budget_of_a_year_before_beside_this_year_s():
    found = read(
        """
        2022年预算数 | < | < | 2023年预算数 | < | <
        合计 | 因公出国（境）费 | 公务接待费 | 合计 | 因公出国（境）费 | 公务接待费
        16.00 | 0.00 | 16.00 | 15.00 | 0.00 | 15.00
        """,
        "某市某局2023年部门预算",
    )
    assert [(year, amount) for item, year, stage, amount in public(found) if item == "total"] == [(2022, 16), (2023, 15)]


def test_a_total_alone_is_none_of_the_three_public_funds():
    found = read("部门代码 | 合计 | 本年收入 | <\n^ | ^ | 小计 | 一般公共预算\n118 | 12 | 12 | 12", "某市某局2023年部门预算", "收入总表")
    assert public(found) == []


def test_projects_of_a_budget_book_with_money_carried_over():
    found = read(
        """
        类型 | 项目名称 | 合计 | 本年拨款 | < | 财政拨款结转结余 | <
        ^ | ^ | ^ | 一般公共预算 | 政府性基金预算 | 一般公共预算 | 政府性基金预算
        特定目标类 | 会计考试 | 20.00 | 15.00 | | 5.00 |
        合计 | | 20.00 | 15.00 | | 5.00 |
        """,
        "某市某局2023年部门预算",
        "项目支出表",
    )
    assert [(f.scope, f.item, f.amount_wan) for f in facts(found, Fund) if f.amount_wan] == [
        ("会计考试", "年度资金总额", 20),
        ("会计考试", "一般公共预算拨款", 15),
        ("会计考试/结余结转", "一般公共预算拨款", 5),
        ("整体/项目支出", "本年支出合计", 20),
        ("整体/项目支出/一般公共预算拨款", "本年支出合计", 15),
        ("整体/项目支出/一般公共预算拨款/结余结转", "本年支出合计", 5),
    ]


def test_three_groups_side_by_side():
    found = read(
        """
        收入 | < | 支出 | < | < | <
        项目 | 预算数 | 功能分类 | 预算数 | 经济分类 | 预算数
        一、一般公共预算拨款 | 5 | 一、教育支出 | 4 | 一、工资福利支出 | 3
        """,
        "某市某局2023年部门预算",
        "收支总表",
    )
    assert [(f.scope, f.item, f.amount_wan) for f in facts(found, Fund)] == [
        ("整体/收入", "一般公共预算拨款", 5),
        ("整体", "教育支出", 4),
        ("整体", "工资福利支出", 3),
    ]


def test_levels_over_their_names_and_points():
    found = read(
        """
        一级指标 | < | 二级指标 | < | 三级指标 | < | 自评得分
        指标名称 | 分值 | 指标名称 | 分值 | 指标名称 | 分值 | ^
        履职效能 | 50 | 整体效能 | 25 | 产出完成情况 | 15 | 14.5
        ^ | ^ | ^ | ^ | 效益完成情况 | 10 | 10
        """
    )
    assert [(i.level1, i.level2, i.level3, i.weight, i.score) for i in facts(found, Indicator)] == [
        ("履职效能", "整体效能", "产出完成情况", 15, 14.5),
        ("履职效能", "整体效能", "效益完成情况", 10, 10),
    ]
    assert [(s.name, s.weight) for s in facts(found, Score)] == [("履职效能", 50), ("整体效能", 25)]


def test_the_rating_stands_below_the_total():
    found = read("三级指标 | 年度指标值 | 分值 | 得分\n次数 | 12次 | 90 | 88\n自评总分 | < | < | 98\n评价等级 | 优 | < | <")
    assert [(s.name, s.score, s.rating) for s in facts(found, Score)] == [("总分", 98, "优")]


def test_a_table_of_targets_plans_by_task():
    found = read(
        """
        任务名称 | 主要内容 | 预算金额（万元） | <
        ^ | ^ | 总额 | 财政拨款
        任务1 | 预算管理 | 100 | 90
        金额合计 | < | 100 | 90
        """
    )
    assert [(f.scope, f.item, f.stage, f.amount_wan) for f in facts(found, Fund)] == [
        (scope, item, "initial_budget", amount)
        for scope in ("任务1", "整体")
        for item, amount in (("年度资金总额", 100), ("当年财政拨款", 90))
    ]


def test_staff_stand_beside_their_labels():
    report = read("联系人 | 吴某 | 联络电话 | 0000\n人员编制 | 21 | 实有人数 | 20").report
    assert (report.staff_authorised, report.staff_actual) == (21, 20)


def test_a_form_goes_on_in_the_table_right_below_it():
    head = table(rows("项目名称 | 甲项目\n实施单位 | 某市某局"))
    points = "三级指标 | 年度指标值 | 分值 | 得分\n次数 | 12次 | 90 | 88"

    def scopes(*blocks):
        return [i.scope for i in facts(extract(document("项目支出绩效自评表", head, *blocks)), Indicator)]

    assert scopes(table(rows(points), 2)) == ["甲项目"]
    assert scopes("部门整体支出", table(rows(points), 2)) == ["整体"]
    assert scopes(table(rows(f"部门整体支出绩效自评表 | < | < | <\n{points}"), 2)) == ["整体"]


def test_a_list_of_purchases_is_no_list_of_projects():
    found = read("项目名称 | 采购品目 | 合计\n办公设备 | 计算机 | 5.00", "某市某局2023年部门预算", "政府采购预算表", "单位：万元")
    assert facts(found, Fund) == []
    assert "unread_figure" in codes(found)


def test_the_head_of_a_form_is_no_header():
    found = read(
        """
        项目名称 | 甲项目 | < | < | <
        项目资金（万元） | 全年预算数（A） | < | 全年执行数（B） | <
        ^ | 合计 | 财政拨款 | 合计 | 财政拨款
        ^ | 100 | 90 | 95 | 88
        """,
        "项目支出绩效自评表",
        "（2023年度）",
    )
    assert [(f.scope, f.item, f.stage, f.amount_wan) for f in facts(found, Fund)] == [
        ("甲项目", "年度资金总额", "revised_budget", 100),
        ("甲项目", "当年财政拨款", "revised_budget", 90),
        ("甲项目", "年度资金总额", "executed", 95),
        ("甲项目", "当年财政拨款", "executed", 88),
    ]
