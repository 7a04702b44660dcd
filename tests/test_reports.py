"""What comes out of the four reports, figure by figure: read off the published pages by hand."""

from functools import cache
from pathlib import Path

import pytest

from jixiao import readers
from jixiao.extract import extract
from jixiao.facts import Activity, Execution, Fund, Indicator, Score, ThreePublic

RAW = Path(__file__).parents[1] / "data" / "raw"


@cache
def read(name):
    return extract(readers.read(RAW / name))


def rows(name, kind, *columns, **wanted):
    found = [f for f in read(name).facts if isinstance(f, kind) and all(getattr(f, k) == v for k, v in wanted.items())]
    return [tuple(getattr(f, column) for column in columns) for f in found]


ZHUZHOU, HENGYANG, CHANGJI, QUWO = "zhuzhou-2024.pdf", "hengyang-2024.docx", "changji-2020.doc", "quwo-2021.doc"


@pytest.mark.parametrize(
    ("name", "institute", "year", "province", "city", "supervisor", "kind", "authorised", "actual", "forms"),
    [
        (ZHUZHOU, "株洲市计量测试检定所", 2024, "湖南省", "株洲市", "株洲市市场监督管理局", "whole", 37, 34, 1),
        (HENGYANG, "衡阳市计量测试中心", 2024, "湖南省", "衡阳市", "市市场监督管理局", "whole", 59, 52, 0),
        (
            CHANGJI,
            "昌吉回族自治州计量检定所",
            2020,
            "新疆维吾尔自治区",
            "昌吉回族自治州",
            "昌吉回族自治州市场监督管理局",
            "project",
            None,
            None,
            4,
        ),
        (QUWO, "曲沃县综合检验检测中心", 2021, "山西省", "临汾市", None, "whole", None, 27, 1),
    ],
)
def test_who_and_when(name, institute, year, province, city, supervisor, kind, authorised, actual, forms):
    found, report = read(name), read(name).report
    assert (found.institute, found.fiscal_year, report.province, report.city, report.supervisor) == (
        institute,
        year,
        province,
        city,
        supervisor,
    )
    assert (report.kind, report.staff_authorised, report.staff_actual, report.forms) == (kind, authorised, actual, forms)


def test_zhuzhou_base_data():
    three = rows(ZHUZHOU, ThreePublic, "item", "year", "stage", "amount_wan", "printed")
    columns = [(2023, "executed"), (2024, "initial_budget"), (2024, "executed")]
    printed = {
        "total": ("15.72", "16", "12.99"),
        "vehicle": ("14.93", "14", "12.4"),
        "vehicle_purchase": ("", "", ""),
        "vehicle_running": ("14.93", "14", "12.4"),
        "abroad": ("", "", ""),
        "reception": ("0.79", "2", "0.59"),
    }
    assert three == [(i, *c, float(p) if p else None, p) for i, texts in printed.items() for c, p in zip(columns, texts, strict=True)]
    funds = {
        ("整体", "项目支出"): ("77.48", "237", "293.79"),
        ("整体/项目支出", "业务经费"): ("77.48", "237", "293.79"),
        ("整体/项目支出", "运行维护经费"): ("", "", ""),
        ("整体/项目支出", "本级专项资金"): ("", "", ""),
        ("整体", "公用经费"): ("", "", ""),
        ("整体/公用经费", "办公经费"): ("305.35", "85.17", "106.13"),
        ("整体/公用经费", "水电差旅费"): ("65.36", "27", "61.23"),
        ("整体/公用经费", "会议培训费"): ("11.72", "12", "7.60"),
        ("整体", "政府采购"): ("177.20", "270.70", "176.97"),
        ("整体", "基本支出预算调整"): ("", "", ""),
    }
    expected = [(*k, *c, float(p) if p else None, p) for k, texts in funds.items() for c, p in zip(columns, texts, strict=True)]
    base = [
        f for f in read(ZHUZHOU).facts if isinstance(f, Fund) and f.origin == "table" and f.place.table == 1 and f.item != "楼堂馆所投资"
    ]
    assert [(f.scope, f.item, f.year, f.stage, f.amount_wan, f.printed) for f in base] == expected
    assert rows(ZHUZHOU, Activity, "value", "unit", what="财政供养人员控制率") == [(91.89, "%")]


def test_zhuzhou_fund_block_and_execution():
    assert rows(
        ZHUZHOU, Execution, "scope", "initial_budget_wan", "revised_budget_wan", "executed_wan", "weight", "rate_printed", "score_printed"
    ) == [("整体", 1017.48, 1109.91, 1066.26, 10, 0.9606, 9.61)]
    (execution,) = (f for f in read(ZHUZHOU).facts if isinstance(f, Execution))
    assert execution.rate == pytest.approx(1066.26 / 1109.91) and execution.score == pytest.approx(10 * 1066.26 / 1109.91)
    form = [f for f in read(ZHUZHOU).facts if isinstance(f, Fund) and f.origin == "table" and f.place.table == 2]
    assert [(f.item, f.stage, f.amount_wan) for f in form if f.item != "年度资金总额"] == [
        ("一般公共预算拨款", "revised_budget", 1109.91),
        ("基本支出", "executed", 772.48),
        ("政府性基金预算拨款", "revised_budget", 0),
        ("财政专户管理资金", "revised_budget", 90),
        ("项目支出", "executed", 293.78),
        ("其他资金", "revised_budget", 0),
    ]


def test_zhuzhou_indicators_over_the_page_break():
    found = rows(ZHUZHOU, Indicator, "level1", "level2", "level3", "target", "actual", "weight", "score", "attained")
    assert found == [
        ("产出指标", None, "计量仪器仪表维护、维修", "20", "20", 5, 5, True),
        ("产出指标", None, "计量器具检定出具证书", "24000", "32000", 10, 10, True),
        ("产出指标", None, "计量器具检定台件数", "24500", "34758", 5, 5, True),
        ("产出指标", None, "计量检测效准证书出具率", "95%", "100%", 5, 5, True),
        ("产出指标", None, "计量检定合格证书出具率", "97%", "100%", 10, 10, True),
        ("产出指标", None, "计量标准器具检定", "计量器具规程规定", "按检定规程完成", 5, 5, None),
        ("产出指标", None, "计量器具检定", "计量器具规程规定", "按检定规程完成", 5, 5, None),
        ("效益指标", None, "计量检定非税收入", "100%", "100%", 10, 10, True),
        ("效益指标", None, "计量器具检定、校准工作的能力", "保证商品流通的可靠性", "高质量提升检定能力", 5, 5, None),
        ("效益指标", None, "计量检定工作", "100%", "100%", 5, 5, True),
        ("效益指标", None, "计量检定工作能力", "100%", "98%", 5, 5, False),
        ("满意度指标", None, "计量器具送检对象满意度指标", "97%", "100%", 5, 5, True),
        ("成本指标", None, "计量器具项目检定资金投入", "100%", "100%", 10, 10, True),
        ("成本指标", None, "计量器具检定成本", "检定成本", "检定成本", 5, 5, None),
    ]
    assert rows(ZHUZHOU, Score, "name", "score") == [("总分", 99.61)]


def test_zhuzhou_prose():
    assert rows(ZHUZHOU, Fund, "scope", "item", "year", "stage", "amount_wan", origin="text") == [
        ("整体", "年度资金总额", 2024, "revised_budget", 1066.26),
        ("整体", "年度资金总额", 2024, "initial_budget", 1017.48),
        ("整体", "年度资金总额", 2024, "adjustment", 48.78),
        ("整体", "年度资金总额", 2024, "executed", 1066.26),
        ("整体", "基本支出", 2024, "executed", 772.48),
        ("整体", "项目支出", 2023, "executed", 293.78),
        ("整体", "年度资金总额", 2024, "executed", 1066.27),
        ("计量检定项目", "年度资金总额", 2024, "initial_budget", 237),
        ("计量检定项目", "年度资金总额", 2024, "adjustment", 56.79),
        ("计量检定项目", "年度资金总额", 2024, "executed", 293.79),
        ("计量检定项目", "结余结转", 2024, "executed", 0),
        ("计量检定业务项目", "项目支出", 2024, "executed", 293.79),
        ("计量检定业务", "年度资金总额", 2024, "adjustment", 56.79),
        ("计量检定业务", "年度资金总额", 2024, "executed", 56.79),
        ("计量检定业务", "结余结转", 2024, "executed", 0),
        ("计量检定业务项目", "项目支出", 2024, "executed", 293.79),
    ]


def test_hengyang_is_prose_and_states_no_budget():
    assert rows(HENGYANG, Fund, "scope", "item", "stage", "amount_wan", "origin") == [
        ("整体", "基本支出", "executed", 1020.37, "text"),
        ("整体/基本支出", "工资福利支出", "executed", 832.83, "text"),
        ("整体/基本支出", "商品和服务支出", "executed", 88.92, "text"),
        ("整体/基本支出", "对个人和家庭的补助", "executed", 98.62, "text"),
        ("整体", "项目支出", "executed", 363.74, "text"),
        ("整体/项目支出", "强检计量器具工作经费", "executed", 50, "text"),
        ("整体/项目支出", "省级市场监督管理专项资金", "executed", 80, "text"),
        ("整体/项目支出", "衡器产业园科技资金", "executed", 68.47, "text"),
        ("整体/项目支出", "非税执收成本及事业性收费执收成本", "executed", 165.27, "text"),
        ("整体", "年度资金总额", "executed", 1384.11, "derived"),
    ]
    assert rows(HENGYANG, Execution, "initial_budget_wan", "revised_budget_wan", "executed_wan", "rate", "origin", scope="整体") == [
        (None, None, 1384.11, None, "derived")
    ]
    assert [issue.code for issue in read(HENGYANG).issues] == ["budget_not_stated"]


def test_hengyang_counts():
    counts = rows(HENGYANG, Activity, "value", "unit", "approximate")
    assert len(counts) == 41
    assert counts[:3] == [(92, "人", False), (5, "人", False), (35, "人", False)]
    for expected in [(7610, "条", False), (115000, "台件", True), (850, "万元", True), (1400, "家", True), (10000, "台件", True)]:
        assert expected in counts
    for expected in [
        (300, "万元", True),
        (2, "项", False),
        (120, "万元", False),
        (107, "人次", False),
        (100, "%", False),
        (270, "人次", True),
    ]:
        assert expected in counts


@pytest.mark.parametrize(
    ("scope", "initial", "spent", "total", "indicators"),
    [
        ("成本性支出", 100, 100, 98.8, 11),
        ("琴键开关式低热电势扫描开关", 20, 20, 96.7, 8),
        ("设备购置及维护", None, 40, 98.2, 11),
        ("劳务费支出", 2.68, 2.68, 99.5, 8),
    ],
)
def test_changji_scopes(scope, initial, spent, total, indicators):
    assert rows(
        CHANGJI,
        Execution,
        "initial_budget_wan",
        "revised_budget_wan",
        "executed_wan",
        "rate_printed",
        "rate",
        "weight",
        "score_printed",
        scope=scope,
    ) == [(initial, spent, spent, 1, 1, 10, 10)]
    assert rows(CHANGJI, Score, "weight", "score", scope=scope) == [(100, total)]
    assert len(rows(CHANGJI, Indicator, "position", scope=scope)) == indicators
    items = ["年度资金总额", "当年财政拨款", "上年结转资金", "其他资金"]
    assert rows(CHANGJI, Fund, "item", "stage", scope=scope) == [
        (i, s) for i in items for s in ("initial_budget", "revised_budget", "executed")
    ]
    assert rows(CHANGJI, Fund, "amount_wan", "printed", scope=scope, item="上年结转资金") == [(None, "")] * 3


def test_changji_targets():
    found = rows(
        CHANGJI,
        Indicator,
        "target_op",
        "target_value",
        "target_unit",
        "actual_value",
        "score",
        "attained",
        scope="琴键开关式低热电势扫描开关",
    )
    assert found[2:5] == [(">=", 90, "%", 70, 7.7, False), ("text", None, None, 90, 9, None), ("=", 20, "万元", 20, 10, True)]


def test_quwo_budget_and_spending():
    once = dict.fromkeys(rows(QUWO, Fund, "scope", "item", "stage", "amount_wan"))
    assert list(once) == [
        ("整体", "年度资金总额", "initial_budget", 367.35),
        ("整体", "基本支出", "executed", 287.96),
        ("整体", "项目支出", "executed", 67.93),
        ("整体", "工资福利支出", "executed", 258.79),
        ("整体", "商品和服务支出", "executed", 54.49),
        ("整体", "对个人和家庭的补助", "executed", 13.84),
        ("整体", "资本性支出", "executed", 28.77),
        ("整体", "基本支出", "initial_budget", 301.4),
        ("整体", "项目支出", "initial_budget", 65.95),
        ("整体", "年度资金总额", "executed", 355.89),
    ]
    assert set(rows(QUWO, ThreePublic, "item", "stage", "amount_wan", "printed")) == {
        ("total", "executed", 0, "0元"),
        ("vehicle_running", "executed", 0, "0元"),
    }


def test_quwo_rubric():
    found = rows(QUWO, Indicator, "level3", "weight", "shares_points_with")
    weights = [3, 3, 3, 2, 2, 5, 5, 5, 5, 8, 6, 6, 6, 8, 2, 3, 6, 6, 4, 8, None, None, None, 4]
    assert [weight for _, weight, _ in found] == weights
    assert [name for name, _, shared in found if shared == 20] == ["社会效益", "生态效益", "可持续影响"]
    assert sum(filter(None, weights)) == 100
    assert rows(QUWO, Score, "name", "weight", "score", "rating") == [
        ("投入", 13, None, None),
        ("预算编制", 13, None, None),
        ("过程", 59, None, None),
        ("预算执行", 20, None, None),
        ("预算管理", 39, None, None),
        ("产出及效率", 28, None, None),
        ("职责履行", 16, None, None),
        ("履职效益", 12, None, None),
        ("总分", 100, None, None),
        ("投入", None, 13, None),
        ("过程", None, 55, None),
        ("产出及绩效", None, 25, None),
        ("总分", None, 93, "优"),
    ]


@pytest.mark.parametrize("name", [ZHUZHOU, HENGYANG, CHANGJI, QUWO])
def test_everything_printed_has_a_place_in_its_file(name):
    for fact in read(name).facts:
        derived = getattr(fact, "origin", None) == "derived"
        assert derived or (fact.place is not None and fact.place.file == name), fact
