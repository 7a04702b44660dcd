"""The reader for web pages: encodings, what is around the content, tables that arrange the page and tables that hold data."""

from __future__ import annotations

import pytest

from jixiao import readers
from jixiao.document import Document, ReadingError, Table

MENU = "<ul>" + "".join(f'<li><a href="/{n}">栏目之{n}</a></li>' for n in range(6)) + "</ul>"
FIGURES = "<table><tr><td>项目</td><td>金额</td></tr><tr><td>合计</td><td>1,066.26</td></tr><tr><td>其他</td><td>5</td></tr></table>"
PROSE = "本年度各项工作按计划完成，预算执行情况良好，" * 6


def of(page: str | bytes, name: str = "a.html") -> Document:
    return readers.read(page if isinstance(page, bytes) else page.encode(), name)


def paragraphs(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def grid(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.grid]


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "gb2312"),
        ("utf-8", "gb2312"),
        ("gb18030", "utf-8"),
        ("gb18030", "gb2312"),
        ("gb18030", "iso-8859-1"),
        ("gb18030", "no-such-code"),
        ("utf-16", "utf-8"),
        ("big5", "big5"),
    ],
)
def test_encodings(encoding, declared):
    text = "自評表" if encoding == "big5" else "自评表镕"
    page = f'<html><head><meta charset="{declared}"><title>x</title></head><body><p>{text}，年度</p></body></html>'
    assert paragraphs(of(page.encode(encoding))) == [f"{text}，年度"]


def test_some_damaged_bytes_do_not_change_the_encoding():
    page = f"<html><body><p>{PROSE}</p></body></html>"
    for encoding in ("utf-8", "gb18030"):
        data = page.encode(encoding)
        at = data.index("预".encode(encoding))
        (paragraph,) = paragraphs(of(data[:at] + b"\xff" + data[at:]))
        assert paragraph.endswith("预算执行情况良好，")


@pytest.mark.parametrize(
    "start",
    [
        "<!-- a --><!-- b -->\n<table><tr><td>甲</td><td>1</td></tr></table>",
        '<?xml version="1.0" encoding="gb2312"?><!DOCTYPE html><html xmlns="x"><table><tr><td>甲</td><td>1</td></tr></table></html>',
        '<meta http-equiv=Content-Type content="text/html"><table><tr><td>甲</td><td>1</td></tr></table>',
        "<HTML><BODY><TABLE><TR><TD>甲<TD>1</TABLE>",
    ],
)
def test_pages_are_known_by_their_content(start):
    document = of(start.encode("gb18030"), "a.xls")
    assert document.format == "html" and grid(document.tables[0]) == [["甲", "1"]]
    assert readers.ending_disagrees("a.xls", document.format)


def test_what_is_around_the_content_is_left_out():
    page = f"""<html><head><title>自评表公开_甲市政府</title><style>p {{}}</style></head><body>
    <div class="top">{MENU}</div><nav><p>导航文字</p></nav>
    <div class="main"><div>当前位置：<a href="/">首页</a> &gt; <a href="/b">公开</a></div>
    <h1>甲市计量所绩效自评报告</h1><div id="zoom"><p>&nbsp;&nbsp;&nbsp;第一段。{PROSE}</p><p style="display: none">隐藏</p>{FIGURES}
    <p hidden>隐藏</p><script>document.write("<p>脚本</p>")</script><noscript>脚本</noscript></div></div>
    <div class="links">{MENU}</div><footer>版权所有 <select><option>友情链接</option></select></footer></body></html>"""
    document = of(page)
    assert paragraphs(document) == ["甲市计量所绩效自评报告", f"第一段。{PROSE}"]
    assert grid(document.tables[0])[1] == ["合计", "1,066.26"]
    assert document.blocks[-1] is document.tables[0]


def test_a_title_is_added_once():
    page = "<html><head><meta name='ArticleTitle' content='自评报告'></head><body>{}<div><p>" + PROSE + "</p></div></body></html>"
    assert paragraphs(of(page.format("")))[0] == "自评报告"
    assert paragraphs(of(page.format("").replace("<p>", "<p>自评报告</p><p>"))).count("自评报告") == 1


def test_no_table_with_figures_is_left_out():
    page = f"<html><body><header>{FIGURES}</header><div>{PROSE * 3}</div><aside>{FIGURES}</aside><div>{MENU}{FIGURES}</div></body></html>"
    assert len(of(page).tables) == 3


def test_tables_that_arrange_the_page_are_looked_through():
    inner = "<table border=1><tr><td rowspan=2>资金</td><td colspan=2>预算</td></tr><tr><td>1</td><td>2</td></tr></table>"
    page = f"<table><tr><td>{MENU}</td><td><table><tr><td><p>标题</p>{inner}<p>说明</p></td></tr></table></td></tr></table>"
    document = of(f"<html><body>{page}</body></html>")
    assert [type(block).__name__ for block in document.blocks] == ["Paragraph", "Table", "Paragraph"]
    assert grid(document.tables[0]) == [["资金", "预算", "预算"], ["资金", "1", "2"]]


def test_a_table_in_a_cell_of_a_table_of_figures_is_a_table_of_its_own():
    outer = FIGURES.replace("</table>", f"<tr><td>明细{FIGURES}</td><td>7</td></tr></table>")
    document = of(f"<html><body>{outer}</body></html>")
    assert [table.shape for table in document.tables] == [(4, 2), (3, 2)]
    assert grid(document.tables[0])[3] == ["明细", "7"]


def test_spans():
    rows = "<tr><td rowspan=9>a<td colspan=100>b<tr><td>c<td>d<tbody><tr><td rowspan=0>e<td colspan=x>f<td>g<tr><td>h<tr>"
    (table,) = of(f"<table>{rows}</table>").tables
    assert grid(table)[:2] == [["a", "b", "b"], ["a", "c", "d"]]
    assert [row[0] for row in grid(table)[2:4]] == ["e", "e"] and grid(table)[3][1] == "h"
    assert table.shape[1] == 3, "columns that only a span claims are cut"
    across = "<table><tr><td>1<td rowspan=2>2<td>3<tr><td colspan=3>4<td>5</table>"
    for row in of(across).tables[0].grid:
        assert all(row), "each position is covered once"


def test_text_of_cells_and_paragraphs():
    document = of(
        "<table><tr><td> 第一\n 行<br>第二行<p>第三行</p></td><td>&nbsp;１&ensp;</td><td style='display:none'>9</td></tr></table>"
    )
    assert grid(document.tables[0]) == [["第一 行\n第二行\n第三行", "１"]]
    page = (
        "<body>甲<br>乙<br>&nbsp;&nbsp;丙<br><br>丁<b>戊</b><div>己<span>庚</span></div><pre>辛\n壬</pre><ruby>字<rt>zi</rt></ruby></body>"
    )
    assert paragraphs(of(page)) == ["甲乙", "丙", "丁戊", "己庚", "辛壬", "字"]
    of_word = "<p class=MsoNormal>至<st1:chsdate year='2023'>2023年</st1:chsdate>底<o:p>&nbsp;</o:p></p>"
    assert paragraphs(of(of_word)) == ["至2023年底"]


def test_deep_nesting_is_read_or_refused():
    assert paragraphs(of("<div>" * 1500 + "<p>深</p>")) == ["深"]
    for part in ("<div>", "<table><tr><td>", "<div><ul><li>"):
        with pytest.raises(ReadingError, match="deep") as caught:
            of(part * 5000 + "深")
        assert caught.value.code == "damaged_file"


def mail(*parts: tuple[str, bytes]) -> bytes:
    head = b'From: <Saved by a program>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary="--=_b"\r\n\r\n'
    bodies = (
        b"----=_b\r\nContent-Type: %s\r\nContent-Transfer-Encoding: 8bit\r\n\r\n%s\r\n" % (kind.encode(), data) for kind, data in parts
    )
    return head + b"".join(bodies) + b"----=_b--\r\n"


def test_saved_pages():
    frame = b"<html><frameset><frame src=1></frameset></html>"
    pages = [("text/html; charset=gb2312", f"<html><p>第{n}页</p>{FIGURES}</html>".encode("gb18030")) for n in (1, 2)]
    document = readers.read(mail(("text/html", frame), *pages, ("image/png", b"\x89PNG")), "a.xls")
    assert document.format == "mhtml" and paragraphs(document) == ["第1页", "第2页"] and len(document.tables) == 2
    with pytest.raises(ReadingError, match="no page"):
        readers.read(mail(("image/png", b"x")), "a.mht")
