"""One form of the Ministry of Finance in every format gives the same facts, and damaged files never give anything but a reason."""

from __future__ import annotations

import random
from dataclasses import asdict

import pytest

from drawn import ABOVE, LEFT, document, table
from jixiao import readers
from jixiao.document import Document, ReadingError
from jixiao.extract import extract
from office_files import as_html, as_ods, as_rtf, as_xls, as_xlsx, zipped

TITLE = "项目支出绩效自评表"
FORM = [
    [TITLE, *[LEFT] * 8],
    ["（2023年度）", *[LEFT] * 8],
    ["项目名称", LEFT, "检测设备购置", *[LEFT] * 6],
    ["主管部门", LEFT, "甲市市场监督管理局", LEFT, LEFT, "实施单位", LEFT, "甲市计量测试所", LEFT],
    ["项目资金\n（万元）", LEFT, "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    [ABOVE, LEFT, "年度资金总额", "1017.48", "1109.91", "1066.26", "10", "96.07%", "9.61"],
    [ABOVE, LEFT, "其中：当年财政拨款", "1000", "1000", "967.48", "—", "", "—"],
    [ABOVE, LEFT, "上年结转资金", "", "92.43", "92.43", "—", "100%", "—"],
    [ABOVE, LEFT, "其他资金", "17.48", "17.48", "6.35", "—", "", "—"],
    ["一级指标", "二级指标", "三级指标", "年度指标值", LEFT, "实际完成值", "分值", "得分", "偏差原因分析及改进措施"],
    ["产出指标", "数量指标", "检定台件数", "≥24000台件", LEFT, "32000台件", "15", "15", ""],
    [ABOVE, ABOVE, "检定证书数", "24000", LEFT, "24000", "15", "14.5", ""],
    [ABOVE, "质量指标", "合格率", "≥95%", LEFT, "97.5%", "20", "20", ""],
    ["效益指标", "社会效益指标", "投诉率", "≤2%", LEFT, "1%", "30", "30", ""],
    ["满意度指标", "服务对象满意度指标", "满意度", "95%", LEFT, "93%", "10", "9", "样本偏少"],
    ["总分", *[LEFT] * 5, "100", "98.11", ""],
]
BLOCKS = [FORM]
LAYOUT = (  # as sites frame what they publish
    '<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}"><title>公开_甲市政府</title></head><body>'
    '<table width="1000"><tr><td><a href="/">首页</a> | <a href="/a">政务公开</a> | <a href="/b">办事</a> | <a href="/c">互动</a></td></tr>'
    '<tr><td><div id="zoom">{content}</div></td></tr></table><div class="foot">版权所有：乙市政府办公室 电话：12345</div></body></html>'
)
MHTML = (
    'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset="gb2312"\r\n'
    "Content-Transfer-Encoding: 8bit\r\n\r\n"
)


def page(charset: str) -> bytes:
    return LAYOUT.format(charset=charset, content=as_html(BLOCKS)).encode(charset)


FILES = {
    "a.xlsx": as_xlsx(BLOCKS),
    "a.xls": as_xls(BLOCKS),
    "a.ods": as_ods(BLOCKS),
    "a.html": page("utf-8"),
    "b.html": page("gb18030"),
    "b.doc": as_html(BLOCKS).encode("gb18030"),
    "a.mht": MHTML.encode() + page("gb18030") + b"\r\n--b--\r\n",
    "a.rtf": as_rtf(BLOCKS),
}


def facts(doc: Document) -> list[tuple[str, dict]]:
    found = extract(doc)
    assert found.institute == "甲市计量测试所" and found.fiscal_year == 2023
    return [(type(fact).__name__, {k: v for k, v in asdict(fact).items() if k != "place"}) for fact in found.facts]


@pytest.mark.parametrize("name", FILES)
def test_the_form_gives_the_same_facts_in_every_format(name):
    drawn = facts(document(table(FORM)))
    assert len(drawn) == 19  # 12 amounts, their execution, 5 indicators, the total
    assert facts(readers.read(FILES[name], name)) == drawn


@pytest.mark.parametrize("name", FILES)
def test_the_cells_are_those_that_were_drawn(name):
    (found,) = readers.read(FILES[name], name).tables
    expected = [(c.row, c.col, c.text, c.rowspan, c.colspan) for c in table(FORM).cells]
    assert [(c.row, c.col, c.text, c.rowspan, c.colspan) for c in found.cells] == expected


@pytest.mark.parametrize("name", [*FILES, "a.zip"])
def test_damaged_files_are_read_or_refused(name):
    data = FILES.get(name) or zipped({"a.rtf": FILES["a.rtf"], "b.xlsx": FILES["a.xlsx"]})
    chance = random.Random(name)
    for number in range(120):
        damaged = bytearray(data)
        if number % 2:
            del damaged[chance.randrange(len(data)) :]
        for _ in range(chance.choice((0, 1, 5, 50)) if damaged else 0):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            assert isinstance(readers.read(bytes(damaged), name), Document)
        except ReadingError as error:
            assert len(str(error)) > 20 and error.code


@pytest.mark.parametrize("name", FILES)
def test_the_ending_says_nothing(name):
    assert readers.read(FILES[name], "a").tables == readers.read(FILES[name], "report.pdf").tables
