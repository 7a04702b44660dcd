"""Declarations are checked when they are loaded; blocks are found by their header labels, wherever they stand."""

import pytest

from drawn import ABOVE, LEFT, table
from jixiao.layouts import LayoutError, blocks, check, find_blocks, refuse_rivals

GOOD = {"reads": "amounts", "requires": [["spent"]], "columns": {"spent": {"stage": "executed", "labels": ["决算数"]}}}


def test_the_declarations_of_the_library_hold():
    assert {block.name for block in blocks()} >= {"amounts", "two_up", "indicators", "staff", "goals"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colums": {}}, r"layouts/x\.toml \[b\]: unknown key colums"),
        ({"reads": "figures"}, "reads = 'figures'"),
        ({"requires": []}, "requires is missing"),
        ({"requires": [["planned"]]}, "requires or repeats names 'planned'"),
        ({"columns": {"spent": {"stage": "spent", "labels": ["决算数"]}}}, r"columns\.spent: stage = 'spent'"),
        ({"columns": {"spent": {"field": "target", "labels": ["决算数"]}}}, r"columns\.spent: field = 'target'"),
        ({"columns": {"spent": {"stage": "executed", "labels": []}}}, r"columns\.spent: it needs labels"),
        ({"columns": {"spent": {"labels": ["决算数"]}}}, "it needs a field or a stage"),
        ({"columns": {"spent": {"stage": "executed", "label": ["决算数"]}}}, "unknown key label"),
        (
            {"columns": {"spent": {"stage": "executed", "labels": ["数"]}, "plan": {"stage": "initial_budget", "labels": ["数"]}}},
            "label '数' is claimed by columns.spent too",
        ),
    ],
)
def test_a_wrong_declaration_is_refused_with_file_and_key(change, message):
    with pytest.raises(LayoutError, match=message):
        check("x.toml", {"b": GOOD | change})


def test_two_blocks_that_claim_one_header_are_refused():
    with pytest.raises(LayoutError, match="'a' and 'b' claim the same header"):
        refuse_rivals(check("x.toml", {"a": GOOD, "b": GOOD}).values())


def test_two_header_rows_are_read_together():
    found = find_blocks(table([["三级指标", "年度", "实际", "分值"], [ABOVE, "指标值", "完成值", ABOVE], ["甲", "1", "1", "10"]]))
    assert [(f.block.name, f.top, f.body) for f in found] == [("indicators", 0, 2)]
    assert {use.column.name for use in found[0].uses} == {"level3", "target", "actual", "weight"}


def test_a_stage_over_a_source_of_funds():
    header = [["任务名称", "预算数", LEFT, "执行数", LEFT, "得分"], [ABOVE, "总额", "财政拨款", "总额", "财政拨款", ABOVE]]
    (found,) = find_blocks(table([*header, ["甲", "3", "2", "1", "1", "5"]]))
    stages = [(use.column.stage, use.item) for use in found.uses if use.column.stage]
    assert stages == [(stage, item) for stage in ("initial_budget", "executed") for item in ("年度资金总额", "当年财政拨款")]


def test_a_blank_row_above_a_header_stays_with_its_block():
    rows = [["项目", "预算数", "决算数"], ["其他资金", "", ""], ["三级指标", "分值", "得分"], ["甲", "5", "5"]]
    assert [(f.block.name, f.top, f.body, f.end) for f in find_blocks(table(rows))] == [("amounts", 0, 1, 2), ("indicators", 2, 3, 4)]


def test_rows_of_figures_are_no_header():
    assert find_blocks(table([["1", "2"], ["3", "4"]])) == []
