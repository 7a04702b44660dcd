"""Papers: HTML, DOCX and PDF of one content say the same, keep to their page, and show texts of reports as they are."""

import io
import re
import time
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser

import docx
import matplotlib.pyplot as plt
import pypdfium2
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm

from jixiao import papers
from jixiao.pages import Page, paper_html
from jixiao.papers import Figure, Heading, Paper, Paragraph, Run, Table
from jixiao.papers.gathering import ContentError
from jixiao.papers.model import chinese, numbered
from jixiao.papers.pdf import breakable
from jixiao.shown import Chart

NASTY = '甲县<b>所</b> #let x = 1; $a_1$ *b* _c_ `d` @e [f] \\ "g" {{ h }} =1+1 & -- // /* <label>'
SHA = "bfa07094f33c4d97381b9b34ba131845d396aea527747ec311fe89a5020d5268"


def picture(height: float = 2) -> bytes:
    figure, ax = plt.subplots(figsize=(7, height))
    ax.bar([1, 2], [3, 4])
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    plt.close(figure)
    return buffer.getvalue()


def sample(language: str = "zh") -> Paper:
    rows = tuple((Run(f"第{n}家单位的很长的名称计量测试检定所"), Run(f"{n * 1000.5:,.2f}"), Run(NASTY), Run(SHA)) for n in range(60))
    blocks = [
        Heading(1, "标题 " + NASTY),
        Heading(2, "预算执行"),
        Paragraph((Run("支出 "), Run("1,066.26 万元", "evidence-a.html#f1", "问题 1"), Run("，" + NASTY + "。"))),
        papers.paragraph("- 第一条"),
        Table("各单位", ("单位", "金额（万元）", "说明", "校验值"), rows, (False, True, False, False), "表中列出前 60 行。"),
        Heading(2, "图"),
        Heading(3, "小节"),
        Figure("一张图", picture(), "图中可见：支出上升"),
        Figure("一张很高的图", picture(30), "很高"),
    ]
    return Paper("标题", language, numbered(blocks, language))


def spoken(paper: Paper) -> list[str]:
    """All texts of a paper, in order."""
    out = []
    for block in paper.blocks:
        if isinstance(block, Heading):
            out.append(block.number + block.text)
        elif isinstance(block, Paragraph):
            out.append(block.text)
        elif isinstance(block, Figure):
            out.append(block.label + block.title)
        else:
            out += [block.label + block.title, *block.head, *(run.text for row in block.rows for run in row), *filter(None, [block.note])]
    return [squeezed(text) for text in out]


def squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", unicodedata.normalize("NFKC", text))


def of_docx(content: bytes) -> str:
    body = docx.Document(io.BytesIO(content)).element.body
    return squeezed("".join(text.text or "" for text in body.iter(qn("w:t"))))


def of_pdf(content: bytes) -> str:
    pages = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(content)]
    return "".join(re.sub(r"—\d+—", "", squeezed(page)) for page in pages)


def of_html(text: str) -> str:
    words: list[str] = []

    class Reader(HTMLParser):
        def handle_data(self, data: str) -> None:
            words.append(data)

    Reader().feed(text[text.index("<main") :])
    return squeezed("".join(words))


def in_order(texts: list[str], whole: str) -> list[str]:
    """Those of `texts` that `whole` does not hold, each after the one before."""
    at, lacking = 0, []
    for text in texts:
        found = whole.find(text, at)
        if found < 0:
            lacking.append(text)
        else:
            at = found + len(text)
    return lacking


def test_the_title_of_a_document_may_be_longer_than_its_property():
    paper = replace(sample("zh"), title="长" * 300)
    document = docx.Document(io.BytesIO(papers.write_docx(paper)))
    assert document.core_properties.title == "长" * 255


def test_the_same_paper_gives_the_same_bytes_whenever_it_is_written(monkeypatch):
    paper = sample("zh")
    once = papers.write_docx(paper), papers.write_pdf(paper)
    monkeypatch.setattr(time, "localtime", lambda *_: time.gmtime(1_000_000_000))
    assert (papers.write_docx(paper), papers.write_pdf(paper)) == once


@pytest.mark.parametrize("language", ["zh", "en"])
def test_all_formats_say_all_of_it_in_order_and_texts_of_reports_stay_texts(language):
    paper = sample(language)
    texts = spoken(paper)
    page = Page("a", paper.title, "year", "2024", language)
    assert in_order(texts, of_html(paper_html(paper, page, {}))) == []
    assert in_order(texts, of_docx(papers.write_docx(paper))) == []
    assert in_order(texts, of_pdf(papers.write_pdf(paper))) == []
    assert "<b>" not in paper_html(paper, page, {})


def test_a_docx_keeps_to_the_page_of_an_official_document():
    document = docx.Document(io.BytesIO(papers.write_docx(sample())))
    section = document.sections[0]
    sides = (section.page_width, section.page_height, section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(side / Mm(1)) for side in sides] == [210, 297, 37, 35, 28, 26]
    fonts = {name: document.styles[name].element.rPr.rFonts for name in ("Normal", "Title", "Heading 1", "Heading 2", "Heading 3")}
    assert [each.get(qn("w:eastAsia")) for each in fonts.values()] == ["仿宋", "方正小标宋简体", "黑体", "楷体", "仿宋"]
    assert {each.get(qn("w:ascii")) for each in fonts.values()} == {"Times New Roman"}
    assert (document.styles["Normal"].font.size.pt, document.styles["Title"].font.size.pt) == (16, 22)
    for footer in (section.footer, section.even_page_footer):
        assert footer.paragraphs[0].text == "— 1 —" and " PAGE " in footer._element.xml
    headings = [each.text for each in document.paragraphs if each.style.name.startswith("Heading")]
    assert headings == ["一、预算执行", "二、图", "（一）小节"]


def test_tables_of_a_docx_stay_on_the_page_and_repeat_their_head():
    document = docx.Document(io.BytesIO(papers.write_docx(sample())))
    (table,) = document.tables
    rows = table._tbl.tr_lst
    assert [row.trPr.find(qn("w:tblHeader")) is not None for row in rows] == [True] + [False] * 60
    assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    widths = [cell.width for cell in table.rows[0].cells]
    assert sum(widths) <= Mm(156.5) and min(widths) > Mm(10)


def test_pictures_have_their_words_and_fit_on_a_page():
    document = docx.Document(io.BytesIO(papers.write_docx(sample())))
    told = [(shape._inline.docPr.get("descr"), shape.width, shape.height) for shape in document.inline_shapes]
    assert [words for words, _, _ in told] == ["图中可见：支出上升", "很高"]
    assert all(width <= Mm(156.1) and height <= Mm(190.1) for _, width, height in told)


def test_figures_lead_to_their_evidence_in_every_format():
    paper = sample()
    links = [part.target_ref for part in docx.Document(io.BytesIO(papers.write_docx(paper))).part.rels.values() if part.is_external]
    assert links == ["evidence-a.html#f1"]
    assert b"evidence-a.html#f1" in papers.write_pdf(paper)
    assert '<a class="touched" href="evidence-a.html#f1" title="问题 1">1,066.26 万元</a>' in paper_html(paper, Page("a", "t", "year"), {})


def test_a_pdf_is_a4_repeats_heads_and_is_the_same_each_time():
    content = papers.write_pdf(sample())
    document = pypdfium2.PdfDocument(content)
    assert {tuple(round(side) for side in document.get_page_size(at)) for at in range(len(document))} == {(595, 842)}
    heads = [at for at, page in enumerate(document) if "校验值" in page.get_textpage().get_text_bounded()]
    assert len(heads) >= 3
    assert content == papers.write_pdf(sample())


def test_characters_that_xml_cannot_hold_are_seen_to_be_gone():
    paper = Paper("t", "zh", (papers.paragraph("a\x01b"),))
    assert docx.Document(io.BytesIO(papers.write_docx(paper))).paragraphs[0].text == "a\ufffdb"
    papers.write_pdf(paper)


@pytest.mark.parametrize(("number", "words"), [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (32, "三十二")])
def test_headings_are_counted_in_chinese(number, words):
    assert chinese(number) == words


def test_long_words_may_break_and_others_not():
    assert breakable(SHA).replace("\u200b", "") == SHA and "\u200b" in breakable(SHA)
    assert "\u200b" not in breakable("self-evaluation of the administration 1,066.26")


def test_columns_of_numbers_keep_their_numbers_whole():
    head = tuple(f"很长的列名称{n}（万元）" for n in range(9))
    table = Table("t", head, ((Run("某某市计量测试检定所"), *(Run("12,345,678.90") for _ in range(8))),), (False, *(True,) * 8))
    size, shares = table.layout()
    assert sum(shares) == pytest.approx(1)
    characters = 156 / (size * 25.4 / 72)
    assert all(share * characters >= 13 * 0.55 for share in shares[1:])


def test_columns_of_texts_keep_names_of_reports_whole():
    head = ("check", "reports", "report", "reason")
    row = (Run("initial budget and adjustment make the revised budget"), Run("12"), Run("zhuzhou-2024"), Run("not all are stated " * 4))
    table = Table("t", head, (row,), (False, True, False, False))
    page = pypdfium2.PdfDocument(papers.write_pdf(Paper("t", "en", (table,))))[0].get_textpage()
    text = page.get_text_range()
    ends, begins = (page.get_charbox(text.index(word) + at) for word, at in (("zhuzhou-2024", 11), ("not all", 0)))
    assert ends[2] + 3 < begins[0], "a name that runs into the next column"


def test_an_output_that_does_not_say_what_it_is_is_refused():
    import nbformat

    output = nbformat.v4.new_output("display_data", {"text/plain": "1"})
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=[output])])
    with pytest.raises(ContentError, match="cell 1"):
        papers.gather(notebook, "t", "zh")


def test_a_chart_without_anything_to_show_becomes_a_sentence():
    from jixiao.charts.canvas import empty

    assert Chart(empty("empty_rates", "zh")).said == "没有可画的执行率：没有一份报告同时列出预算和支出。"
    assert "draw: no" in Chart(empty("empty_rates", "en")).said


def test_the_words_of_items_stand_under_each_other():
    items = [papers.paragraph(f"- {text}") for text in ("短", "一句很长的话，" * 12 + "CNY 1,066.26 million " * 4)]
    page = pypdfium2.PdfDocument(papers.write_pdf(Paper("标题", "zh", tuple(items))))[0].get_textpage()
    text = page.get_text_range()
    first = [page.get_charbox(text.index(start))[0] for start in ("短", "一句")]
    assert first[0] == pytest.approx(first[1], abs=1)
    styles = docx.Document(io.BytesIO(papers.write_docx(Paper("标题", "zh", tuple(items))))).styles
    item = styles["List Bullet"].paragraph_format
    assert item.left_indent.pt + item.first_line_indent.pt == 32, "two characters in, as a paragraph"


def test_captions_and_notes_do_not_keep_to_the_lines_of_the_page():
    styles = docx.Document(io.BytesIO(papers.write_docx(sample()))).styles
    for name in ("Table Text", "Small Print", "Table Caption", "Figure Caption"):
        assert styles[name].element.pPr.find(qn("w:snapToGrid")).get(qn("w:val")) == "0", name


def test_a_table_of_many_rows_is_set_smaller():
    row = (Run("甲县计量测试检定所"), Run(SHA))
    sizes = [Table("", ("单位", "校验值"), (row,) * count, (False, False)).layout()[0] for count in (100, 101)]
    assert sizes == [10.5, 8.0]
