"""What stands in the cells of scanned tables: rulings told from strokes, signs alone, characters below each other, small ink."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from jixiao import readers
from jixiao.document import Cell, Document, Paragraph, Table
from jixiao.extract.scanned import doubts
from jixiao.readers import ocr, scan_text
from jixiao.readers.ocr import Reading
from jixiao.readers.pdf_lines import confidence
from jixiao.readers.pdf_tables import Piece, Spot, goes_on
from jixiao.readers.scan_signs import signs
from jixiao.values import plain
from pictures import ABOVE, LEFT, encoded, page, scanned, table, write

LOW = 13.4  # points: the rows of a dense form


def read(rows, xs, ys, angle=0.4, noise=6.0, size=10.5) -> tuple[Table, list]:
    image = page(high=420)
    truth = [(*where, plain(text)) for *where, text in table(image, xs, ys, rows, size)]
    return readers.read(encoded(scanned(image, angle, noise)), "a.png").tables[0], truth


def cells(found: Table) -> list[tuple[int, int, int, int, str]]:
    return [(c.row, c.col, c.rowspan, c.colspan, plain(c.text)) for c in found.cells]


# rulings


@pytest.mark.parametrize("angle", [-0.6, 0.0, 0.4])
def test_strokes_of_characters_are_no_rulings_of_low_rows(angle):
    """Brackets and upright strokes are as high as the row nearly, level strokes of a label lie in a line."""
    rows = [
        ["项目（按功能分类）", "目标实际完成情况", "年初预算（万元）", "中国工业园"],
        ["一、一般公共预算财政拨款收入", "（1）", "1,111.11", "11"],
        ["二、政府性基金预算财政拨款收入", "（批复）", "（214.00）", "1"],
        ["三、国有资本经营预算财政拨款收入", "申报", "117.14", "7"],
    ]
    found, truth = read(rows, [30, 210, 330, 450, 560], [60 + LOW * n for n in range(5)], angle)
    assert cells(found) == truth


def test_a_character_below_the_end_of_a_ruling():
    """Its upright stroke is no part of the ruling."""
    rows = [["项目名称", "预算数", "分值"], ["甲类", "11.50", "10"], ["目标实际完成情况", LEFT, LEFT], ["申请中单位十年", LEFT, LEFT]]
    for left in range(100, 112, 3):
        found, truth = read(rows, [40, left, 175, 240], [60 + LOW * n for n in range(5)], 0.0)
        assert cells(found) == truth


def test_a_header_printed_again_with_other_brackets():
    """OCR gives brackets wide on one page and narrow on the next: the table goes on all the same."""
    tops = {1: 700.0, 2: 40.0}

    def piece(number: int, rows: list[list[str]]) -> Piece:
        top = tops[number]
        spots = [
            Spot((40 + 90 * c, top + 15 * r, 130 + 90 * c, top + 15 * r + 15), t) for r, row in enumerate(rows) for c, t in enumerate(row)
        ]
        return Piece(number, (40, top, 220, top + 15 * len(rows)), 842, tuple(spots))

    head = [["收入", "支出"], ["项目", "项目（按功能分类）"]]
    again = [["收入", "支出"], ["项目", "项目(按功能分类)"]]
    assert goes_on([piece(1, [*head, ["事业收入", "卫生健康支出"]])], piece(2, [*again, ["总计", "总计"]]))


# signs and small ink


def test_signs_alone_in_their_cells():
    signs = ["≥", "≤", "≧", "≦", "=", "＞", "＜", "≥"]
    values = ["95", "100", "12", "3.5", "7", "88", "4", "1200"]
    rows = [["指标", "符号", "指标值", "得分"], *(["服务覆盖率", s, v, "10"] for s, v in zip(signs, values, strict=True))]
    found, _ = read(rows, [40, 160, 220, 320, 420], [60 + 18 * n for n in range(10)])
    shapes = str.maketrans("≧≦", "≥≤")
    assert [plain(found.grid[r][1].text) for r in range(1, 9)] == [plain(s).translate(shapes) for s in signs]
    assert [found.grid[r][2].text for r in range(1, 9)] == values


def test_dashes_and_hyphens_alone_in_their_cells():
    rows = [["项目", "预算数", "执行数", "得分"], ["财政拨款", "—", "-", "12"], ["其他资金", "-", "—", "25"], ["合计", "/", "37", "-"]]
    for size in (7.5, 9.0, 12.0):
        found, truth = read(rows, [40, 160, 260, 360, 440], [60 + 20 * n for n in range(5)], size=size)
        dashes = str.maketrans("—", "-")
        assert [(*where, text.translate(dashes)) for *where, text in cells(found)] == [
            (*where, text.translate(dashes)) for *where, text in truth
        ]


def test_the_number_one_in_a_column_that_counts_is_no_dash():
    rows = [["序号", "项目", "金额"], ["一", "甲类", "12"], ["二", "乙类", "34"], ["三", "丙类", "56"]]
    found, _ = read(rows, [40, 100, 200, 300], [60 + 20 * n for n in range(5)])
    assert [found.grid[r][0].text for r in range(1, 4)] == ["一", "二", "三"]


def test_a_sign_counts_only_where_the_figure_beside_it_comes_out_the_same(monkeypatch):
    blank = np.full((30, 30), 255, np.uint8)
    readings = [Reading("M", (0.5,), (0.5,)), Reading("95", (0.99, 0.99), (0.3, 0.7))]

    def told(text: str) -> dict:
        answer = Reading(text, (0.99,) * len(text), tuple((i + 0.5) / len(text) for i in range(len(text))))
        monkeypatch.setattr(scan_text.ocr, "read_lines", lambda images: [answer for _ in images])
        return signs([(0, 0, 30, 30), (0, 0, 30, 30)], readings, [True, True], blank, 255 - blank, 30.0)

    assert told("≥95")[0].text == "≥"
    assert told("≥96") == told("M95") == told("95") == {}


def test_characters_below_each_other():
    rows = [
        ["绩\n效\n指\n标", "三级指标", "指标值", "得分"],
        [ABOVE, "设施完好率", "≥95%", "10"],
        [ABOVE, "补助发放率", "100%", "9.5"],
        [ABOVE, "档案移交数", "12份", "8"],
    ]
    for size in (9.0, 12.0):
        found, truth = read(rows, [40, 75, 200, 300, 380], [60, 82, 104, 126, 148], size=size)
        assert cells(found) == truth


def test_lines_that_the_detector_cuts_are_read_to_their_ends(monkeypatch):
    """A character that is cut is read twice or wrong, and a minus left out makes another figure."""
    rows = [["一级指标", "预算数"], ["一般公共预算", "-1,066.26"], ["上年结转资金", "-12.50"]]
    find = scan_text.ocr.find_lines

    def short(image):
        return [np.array([[p[0] + (9 if i in (0, 3) else -6), p[1]] for i, p in enumerate(line)]) for line in find(image)]

    monkeypatch.setattr(scan_text.ocr, "find_lines", short)
    found, truth = read(rows, [40, 180, 320], [60, 90, 120, 150])
    assert cells(found) == truth


# doubts


def test_doubtful_signs_and_names_are_issues():
    def cell(row: int, text: str, sure: float) -> Cell:
        return Cell(row, 0, text, 1, 1, 1, (0, 0, 10, 10), sure)

    texts = [("≥", 0.8), ("M", 0.8), ("场桥区市政设施管理处", 0.45), ("满意度指标", 0.7), ("/", 0.5), ("—", 0.95), ("≥95%", 0.99)]
    found = Document("a.png", "image", (Table(1, tuple(cell(i, t, s) for i, (t, s) in enumerate(texts))),), 1, (), (1,))
    assert [(i.code, i.printed) for i in doubts(found)] == [
        ("read_by_ocr", None),
        ("uncertain_figure", "≥"),
        ("uncertain_text", "M"),
        ("uncertain_text", "场桥区市政设施管理处"),
    ]
    prose = Paragraph(1, "部门预算公开" * 20, 1, (0, 0, 10, 10), 0.3)
    assert doubts(Document("a.png", "image", (prose,), 1)) == []


def test_how_sure_a_text_is():
    def chars(text: str, *sure: float) -> list[dict]:
        return [{"text": t, "sure": s} for t, s in zip(text, sure, strict=True)]

    assert confidence(chars("(元)", 0.4, 0.9, 0.4)) == 0.9
    assert confidence(chars("≥5个", 0.5, 0.9, 0.3)) == 0.5
    assert confidence(chars("/", 0.4)) == 0.4
    assert confidence([{"text": "元"}]) is None


def test_prose_beside_a_table_is_not_cut(tmp_path):
    """Level strokes of a heading lie in a line as long as a ruling."""
    image = page(high=300)
    write(image, 60, 40, "一般公共预算财政拨款支出决算表", 10.5)
    table(image, [40, 180, 320], [70, 90, 110], [["项目", "决算数"], ["合计", "12.50"]])
    for angle in (-0.55, -0.3, 0.2, 0.45):
        found = readers.read(encoded(scanned(image, angle, 5)), "a.png")
        assert [p.text for p in found.paragraphs] == ["一般公共预算财政拨款支出决算表"]


def test_a_dot_more_makes_no_other_label():
    words = SimpleNamespace(word_cols=[[1, 3, 5]], line_txt_len=6, confs=[0.9, 0.9, 0.9])
    found = SimpleNamespace(txts=["決算数"], word_results=[words])
    assert ocr._reading(found).text == "决算数"
