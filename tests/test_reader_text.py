"""The reader for text dumps: the published dumps where they are at hand, and short ones written here."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from jixiao.document import Document, ReadingError, Table
from jixiao.readers import read, text

ROOT = Path(__file__).parents[1]
RAW = ROOT / "data" / "raw"
REPORTS = ROOT.parent / "shared" / "reports"


def dump(name: str) -> Document:
    path = REPORTS / name
    if not path.exists():
        pytest.skip("the published dump is not kept beside this checkout")
    return read(path)


def of(content: str) -> Document:
    return text.read(content.encode(), "a.txt")


def rows(table: Table) -> list[list[str]]:
    return [[cell.text for cell in table.row(number)] for number in range(table.shape[0])]


def figures(table: Table) -> list[str]:
    return sorted(cell.text for cell in table.cells if re.fullmatch(r"[\d.%≥≤≧]+", cell.text))


def paragraphs(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def test_rows_of_zhuzhou():
    document = dump("zhuzhou-2024.txt")
    base, form = document.tables
    assert (document.format, document.pages, base.aligned, form.aligned) == ("text", None, False, False)
    assert (base.shape, form.shape) == ((21, 7), (28, 9))
    assert rows(base)[0] == ["财政供养人员情况", "编制数", "", "2024 年实际在职人数", "", "控制率", ""]
    assert rows(base)[1] == ["", "", "37", "", "34", "", "91.89%"]  # as they stand, a column beside their headers
    assert rows(form)[3][1:8] == ["年度资金 总额:", "1017.48", "1109.91", "1066.26", "10", "96.06%", "9.61"]
    assert rows(form)[27][1:3] == ["总分", "99.61"]


def test_name_torn_by_a_page_break():
    form = dump("zhuzhou-2024.txt").tables[1]
    assert rows(form)[13] == ["", "", "计量器具检定出具\n证书", "24000", "32000", "10", "10", "10", ""]
    assert rows(form)[14][2] == "计量器具 检定台件 数"


def test_paragraphs_torn_by_a_page_break():
    found = paragraphs(dump("zhuzhou-2024.txt"))
    assert len(found) == 60
    for joined in ("粮食购销领域非自动衡器和水分", "加强了计量标准建设", "计量检定效率及质量大幅提升"):
        assert sum(joined in paragraph for paragraph in found) == 1
    assert found.count("无") == 3 and found[-1] == "自评表"


def test_forms_of_changji_are_those_of_the_document():
    dumped, document = dump("changji-2020.txt"), read(RAW / "changji-2020.doc")
    assert [table.shape[0] for table in dumped.tables] == [table.shape[0] for table in document.tables] == [27, 24, 28, 25]
    assert not dumped.paragraphs
    for one, other in zip(dumped.tables, document.tables, strict=True):
        # figures only: the tracked document is a shortened version of the published one
        assert len(figures(one)) > 40 and figures(one) == figures(other)
    assert [row[0] for row in rows(dumped.tables[2])[:3]] == ["附件1：", "项目支出绩效自评表", "（2020年度）"]
    assert rows(dumped.tables[1])[19][2] == "社会效益\n指标"
    assert rows(dumped.tables[3])[26 - 2] == ["总分", "100", "99.5", ""]


def test_rubric_of_quwo():
    document = dump("quwo-2021.txt")
    (rubric,) = document.tables
    assert rubric.shape == (34, 9) and len(document.paragraphs) == 128
    assert rows(rubric)[0] == ["部门整体支出绩效自评表"]
    assert rows(rubric)[33] == ["合计", "100", "", "100", "", "100", "", "", ""]
    assert [len(row) for row in rows(rubric)[1:]] == [9] * 33
    assert not [paragraph for paragraph in paragraphs(document) if "bookmark" in paragraph]
    before = document.blocks[document.blocks.index(rubric) - 1]
    assert before.text == "（3）评价过程"


def test_dump_and_document_have_the_same_paragraphs():
    dumped = dump("hengyang-2024.txt")
    assert len(dumped.paragraphs) == len(read(RAW / "hengyang-2024.docx").paragraphs) == 27
    assert dumped.paragraphs[0].text == "附件2"


def test_a_run_tells_its_own_style():
    document = of("标题\n甲\t乙\t\n1\t2\t\n\n正文。\n\t甲\n\t乙\n二\n\n\t1\n\t\n\n完")
    first, second = document.tables
    assert rows(first) == [["甲", "乙", ""], ["1", "2", ""]]
    assert rows(second) == [["甲", "乙\n二"], ["1", ""]]
    assert paragraphs(document) == ["标题", "正文。", "完"]


def test_page_break_within_rows():
    (table,) = of("指标\t目标\t实际\n检定\t10\t11\n服务\t20\t21\n\n次数\t\t\n其他\t30\t31\n").tables
    assert rows(table)[1:] == [["检定", "10", "11"], ["服务\n次数", "20", "21"], ["其他", "30", "31"]]
    (even,) = of("a\tb\n\n1\t2\n\n3\t4\n").tables
    assert rows(even) == [["a", "b"], ["1", "2"], ["3", "4"]]


def test_rows_of_another_width_behind_a_gap_are_another_table():
    document = of("a\tb\tc\n1\t2\t3\n\nx\ty\n4\t5\n")
    assert [table.shape for table in document.tables] == [(2, 3), (2, 2)]


def test_a_cell_with_a_line_break_does_not_end_its_row():
    (table,) = of("a\tb\tc\t\n1\t目标1：\n目标2：\n目标3\t3\t\n4\t5\t6\t\n").tables
    assert rows(table) == [["a", "b", "c", ""], ["1", "目标1：\n目标2：\n目标3", "3", ""], ["4", "5", "6", ""]]


def test_rows_without_their_empty_ends_are_not_joined():
    (table,) = of("a\tb\tc\td\n合计\t100\n其他\t20\t30\n1\t2\t3\t4\n").tables
    assert rows(table)[1:3] == [["合计", "100"], ["其他", "20", "30"]]


def test_tabs_within_prose():
    assert of("单位名称：甲所\t单位：万元\n正文。").tables == []
    assert paragraphs(of("1.\t一段话。\n2.\t又一段。\n")) == ["1.一段话。", "2.又一段。"]
    assert paragraphs(of("\t第一段。\n\t第二段。\n\n\t第三段。\n")) == ["第一段。", "第二段。", "第三段。"]


def form(title: str) -> str:
    return f"\t{title}\n\n\t项目名称\n\t甲\n\n\t总分\n\t100\n\n"


def test_a_title_below_a_total_begins_a_form():
    assert [t.shape[0] for t in of(form("项目支出绩效自评表") + form("部门整体支出绩效自评表（2024年度）")).tables] == [3, 3]
    with_attachment = of(form("自评表甲") + "\t附件2：\n\t\n\n" + form("自评表甲"))
    assert [rows(t)[0][0] for t in with_attachment.tables] == ["自评表甲", "附件2："]


def test_a_line_across_the_form_does_not_begin_one():
    content = "\t项目支出绩效自评表\n\n\t项目名称\n\t甲\n\n\t年度绩效指标表\n\n\t指标\n\t分值\n\n\t总分\n\t100\n\n\t填表人：甲\n\n"
    assert [t.shape[0] for t in of(content).tables] == [6]


LONG = "计量工作" * 8


def test_what_joins_paragraphs():
    assert paragraphs(of(f"{LONG}，继续加强标准\n\n\n建设。")) == [f"{LONG}，继续加强标准建设。"]
    for before, after in [
        (f"{LONG}，完成。", "下一段"),
        (f"{LONG}，完成：", "下一段"),
        (f"{LONG}，“完成。”", "下一段"),
        (f"{LONG}，完成", "二、下一节"),
        (f"{LONG}，完成", "（二）下一节"),
        (f"{LONG}，完成", "3.下一条"),
        (f"{LONG}，完成", "　　下一段"),
        (LONG, "没有标点的标题"),
        ("短，行", "下一段"),
    ]:
        assert len(paragraphs(of(f"{before}\n\n{after}"))) == 2, (before, after)
    assert len(paragraphs(of(f"{LONG}，支出\n\n3.5万元"))) == 1
    assert len(paragraphs(of(f"{LONG}，没有空行\n下一段"))) == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030", "big5"])
def test_encodings(encoding):
    content = "附件\r\n\t年度\r\n\t分值\r\n\r\n\t甲\r\n\t10\r\n"
    document = read(content.encode(encoding), "a.txt")
    assert paragraphs(document) == ["附件"]
    assert rows(document.tables[0]) == [["年度", "分值"], ["甲", "10"]]


def test_a_character_cut_off_at_the_end_does_not_change_the_encoding():
    content = ("自评表\n" + "检定" * 500).encode()
    assert paragraphs(text.read(content[:-1], "a.txt"))[0] == "自评表"
    damaged = content[:100] + b"\xff" + content[100:]
    assert paragraphs(text.read(damaged, "a.txt"))[0] == "自评表"


def test_debris_is_dropped():
    assert paragraphs(of("[bookmark: _GoBack]2、结余。\n\x0c第二页")) == ["2、结余。", "第二页"]


def test_truncated_at_any_length():
    content = ("标题\n\n" + form("项目支出绩效自评表") * 2 + "甲\t乙\t\n1\t2\t\n\n完。").encode()
    for cut in range(len(content)):
        try:
            assert isinstance(text.read(content[:cut], "a.txt"), Document)
        except ReadingError as error:
            assert error.code == "unsupported_format", cut


ALIGNED = """
某某中心2023年度自评表
资金来源              年初预算数    全年预算数    全年执行数    执行率
年度资金总额            1,017.48       1109.91       1066.26    96.06%
  其中：当年财政拨款    1,000.00       1000.00        950.00
        上年结转资金       17.48         17.48         17.48
        其他资金                         92.43         98.78

三级指标      指标值     实际值    得分
检定台件数    ≥24000     32000       10
满意度        ≥95%       97%         10

填表人：甲    联系电话：乙
完。
"""


def test_columns_aligned_by_spaces():
    document = of(ALIGNED)
    funds, indicators = document.tables
    assert funds.aligned and indicators.aligned
    assert rows(funds)[1] == ["年度资金总额", "1,017.48", "1109.91", "1066.26", "96.06%"]
    assert rows(funds)[2:] == [
        ["其中：当年财政拨款", "1,000.00", "1000.00", "950.00", ""],
        ["上年结转资金", "17.48", "17.48", "17.48", ""],
        ["其他资金", "", "92.43", "98.78", ""],
    ]
    assert rows(indicators)[1:] == [["检定台件数", "≥24000", "32000", "10"], ["满意度", "≥95%", "97%", "10"]]
    assert paragraphs(document) == ["某某中心2023年度自评表", "填表人：甲联系电话：乙", "完。"]


def test_columns_with_an_empty_line_behind_each_row():
    spaced = "标题\n\n" + "\n\n".join(line for line in ALIGNED.split("\n")[2:7]) + "\n\n完。"
    document = of(spaced)
    assert [table.shape for table in document.tables] == [(5, 5)] and paragraphs(document) == ["标题", "完。"]


def test_a_header_across_columns_and_a_line_without_gaps():
    lines = ["项目      预算数及执行数", "名称      年初      全年      执行", "资金甲      10        20        30"]
    lines += ["其他", "资金乙      40        50        60", "资金丙       4         5"]
    (table,) = of("\n".join(lines)).tables
    assert [[cell.text for cell in table.row(r)] for r in (1, 3, 4)] == [
        ["名称", "年初", "全年", "执行"],
        ["其他", "", "", ""],
        ["资金乙", "40", "50", "60"],
    ]
    assert {cell.colspan for cell in table.row(0) if cell.text == "预算数及执行数"} == {2}


def test_columns_aligned_by_characters_and_labels_that_reach_over_two():
    lines = ["预算执行情况（万元）            年初预算数    执行数     得分", "          年度资金总额      100.5    90.25    9.5"]
    lines += ["绩效指标      一级指标        三级指标     指标值     得分", "          产出指标        次数       12次     10"]
    (table,) = of("\n".join(lines)).tables
    assert [[cell.text for cell in table.row(r) if cell.text] for r in range(4)] == [line.split() for line in lines]
    assert len({next(cell.col for cell in table.row(r) if cell.text == text) for r, text in ((1, "年度资金总额"), (2, "一级指标"))}) == 1


def test_two_figures_of_a_line_never_become_one():
    lines = [
        "名称        年初预算数      执行数",
        "甲          20          19.6",
        "乙                20  19.6",
        "丙          30          29",
    ]
    texts = {cell.text for table in of("\n".join(lines)).tables for cell in table.cells}
    assert not {"2019.6", "20 19.6"} & texts


def test_the_rest_of_a_cell_on_a_line_of_its_own():
    lines = ["三级指标    分值    评分标准                      得分", "甲          5       ≥95%得满分，每降低1%扣1分。   5"]
    lines += ["                    扣完为止。", "乙          3       按完成比例计分                3"]
    (table,) = of("\n".join(lines)).tables
    assert [cell.text for cell in table.row(2)] == ["", "", "扣完为止。", ""]


def test_prose_with_gaps_is_no_table():
    for prose in (
        "单位：甲所    日期：2024年\n完。",
        "　　第一段的话  说完了。\n　　第二段的话  说完了。\n　　第三段的话  说完了。",
        "甲  乙\n丙    丁\n戊  己",
    ):
        assert not of(prose).tables


def test_a_header_in_two_rows_of_a_dump_of_cells_is_as_wide_as_what_stands_below():
    lines = ["任务|预算数|执行数", "|总额|其他资金|总额|其他资金", "甲|3|1|2|1"]
    text = "\n\n".join("\n".join("\t" + cell for cell in line.split("|")) for line in lines)
    (table,) = read(text.encode(), "a.txt").tables
    assert [(cell.text, cell.col, cell.colspan) for cell in table.row(0)] == [("任务", 0, 1), ("预算数", 1, 2), ("执行数", 3, 2)]


def test_commas_and_bars_between_cells_are_read_as_a_table():
    csv = '项目支出绩效自评表,,,\n三级指标,年度指标值,分值,得分\n购置设备,≥5台,50,50\n"甲,乙",≥90%,10,10\n'
    markdown = "# 绩效自评表\n\n| 三级指标 | 年度指标值 | 得分 |\n|---|---:|---:|\n| 购置设备 |  | 50 |\n"
    first, second = (read(each.encode(), "a.txt") for each in (csv, markdown))
    assert [cell.text for cell in first.tables[0].row(3)] == ["甲,乙", "≥90%", "10", "10"]
    assert second.paragraphs[0].text == "绩效自评表"
    assert [cell.text for cell in second.tables[0].row(1)] == ["购置设备", "", "50"]


def test_commas_in_prose_are_no_table():
    prose = "检定甲, 乙, 丙共5台\n检定甲, 乙, 丁共6台\n检定丙, 乙, 丁共7台\n2,000,000元\n"
    assert not of(prose).tables
