"""`jixiao explain`: unknown labels, the nearest known ones, and a declaration that can be pasted."""

import tomllib

from drawn import document, table
from jixiao.explain import explain, nearest, unknown_labels
from jixiao.layouts import check

KNOWN = [["项目", "年初预算数", "决算数"], ["其他资金", "1", "1"]]


def test_a_known_document_has_nothing_to_explain():
    assert "Every label is known." in explain(document(table(KNOWN)))


def test_an_unknown_row_is_named_with_its_place_and_the_nearest_item():
    text = explain(document(table([*KNOWN, ["其他类资金", "2", "2"]])))
    assert "drawn.docx#table=1&row=3&col=1  其他类资金" in text
    assert '"其他资金" = [..., "其他类资金"]' in text


def test_an_unknown_column_over_figures_is_named():
    drawn = table([["项目", "年初预算数", "决算数", "已拨付数"], ["其他资金", "1", "1", "7"]])
    (unknown,) = unknown_labels(drawn)
    assert (unknown.text, unknown.part) == ("已拨付数", "column")
    assert all(where.startswith("layouts [") for _, where in nearest(unknown))


def test_the_block_it_proposes_for_an_unclaimed_table_loads():
    text = explain(document(table([["收入来源", "本期收到"], ["甲", "3"]])))
    proposed = text[text.index("# a new file") :]
    assert check("new.toml", tomllib.loads(proposed))["NAME"].columns["column_1"].labels == {"收入来源"}
