"""A number in a table of budgets, three public funds or indicators ends in a tidy table or in the issues, with its place."""

from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from drawn import document, table
from jixiao import readers
from jixiao.extract import extract
from jixiao.layouts import find_blocks
from jixiao.values import figure, printed

RAW = Path(__file__).parents[1] / "data" / "raw"


def lost(doc):
    """The figures of known tables that neither a row of the tidy tables nor an issue accounts for, by place or by value."""
    found = extract(doc)
    rows = [fact for fact in found.facts if getattr(fact, "place", None)]
    cells = {(place.table, place.row, place.col) for place in [f.place for f in rows] + [i.place for i in found.issues]}
    unclaimed = {issue.place.table for issue in found.issues if issue.code == "unclaimed_table"}
    told: dict[tuple, set[float]] = {}
    for fact in rows:
        told.setdefault((fact.place.table, fact.place.row), set()).update(v for v in asdict(fact).values() if isinstance(v, float))
    # texts are kept as printed: a target of 5 is in `target`
    texts = {(f.place.table, f.place.row, v) for f in rows for v in asdict(f).values() if isinstance(v, str)}
    codes = {(f.place.table, f.place.row): f.code for f in rows if getattr(f, "code", None)}
    staff = {found.report.staff_authorised, found.report.staff_actual}
    result = []
    for each in filter(find_blocks, doc.tables):
        for cell in each.cells:
            value, where = figure(cell.text), (each.number, cell.row + 1)
            if printed(cell.text) in codes.get(where, ""):
                continue  # a part of the row's 科目编码
            if value is None or each.number in unclaimed or (*where, cell.col + 1) in cells or value.value in staff:
                continue
            # a rate without a percent sign is told as a fraction
            values = {value.value, value.fraction, round(value.value / 100, 10)}
            if not values & told.get(where, set()) and (*where, printed(cell.text)) not in texts:
                result.append((*where, cell.col + 1, cell.text))
    return result


@pytest.mark.parametrize("name", ["zhuzhou-2024.pdf", "hengyang-2024.docx", "changji-2020.doc", "quwo-2021.doc"])
def test_no_figure_of_the_reports_is_lost(name):
    assert lost(readers.read(RAW / name)) == []


HEADERS = [
    ["经费控制情况", "年初预算数", "决算数", "备注"],
    ["资金来源", "预算数", "执行数", "执行率"],
    ["三级指标", "目标值", "分值", "得分"],
    ["按收入性质分", "", "按支出性质分", ""],
    ["编制数", "实际在职人数", "控制率", ""],
]
LABELS = ["其他资金", "不认识的资金", "合计", "三公经费", "甲", "/", ""]
VALUES = ["", "1.5", "20", "95%", "/", "—", "0", "3个", "2万元", "文字"]


INDICATORS = ["三级指标", "目标值", "分值", "得分"]


@example([(["经费控制情况", "年初预算数", "决算数", "备注"], [("其他资金", "", "", "1.5")])])
@example([(INDICATORS, [("甲", "", "", "95%")])])
@example([(INDICATORS, [("合计", "1.5", "", "20")])])
@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(st.sampled_from(HEADERS), st.lists(st.tuples(st.sampled_from(LABELS), *[st.sampled_from(VALUES)] * 3), max_size=4)),
        min_size=1,
        max_size=3,
    )
)
def test_no_figure_of_any_drawn_table_is_lost(parts):
    rows = [list(row) for header, body in parts for row in [header, *body]]
    doc = document("某市某某中心2022年度整体支出绩效自评报告", table(rows))
    assert find_blocks(doc.tables[0])
    assert lost(doc) == []
