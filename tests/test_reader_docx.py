"""The reader for .docx, on the tracked report and on documents built here."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

import pictures
from jixiao.document import Document, ReadingError
from jixiao.readers import docx as reader
from jixiao.readers import format_of, read

RAW = Path(__file__).parents[1] / "data" / "raw"


def saved(document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def with_body(xml: str) -> Document:
    """A document whose body is `xml`, elements of the `w` namespace."""
    document = docx.Document()
    body = document.element.body
    for element in list(body):
        body.remove(element)
    namespaces = nsdecls("w", "wp", "a") + ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    body.extend(list(parse_xml(f"<w:body {namespaces}>{xml}</w:body>")))
    return reader.read(saved(document), "a.docx")


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


RESTART, CONTINUE = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"


def spans(document: Document) -> list[tuple]:
    (table,) = document.tables
    return [(c.row, c.col, c.rowspan, c.colspan, c.text) for c in table.cells]


def test_tracked_report():
    document = read(RAW / "hengyang-2024.docx")
    assert (document.format, document.pages, len(document.tables), len(document.paragraphs)) == ("docx", None, 0, 27)
    assert document.paragraphs[0].text == "附件2"
    assert document.paragraphs[2].text == "一、部门、单位基本情况"
    assert [p.number for p in document.paragraphs] == list(range(1, 28))
    assert "基本支出资金为1020.37万元" in "".join(p.text for p in document.paragraphs)


def test_merged_cells_are_stated_once():
    document = docx.Document()
    document.add_paragraph("前")
    table = document.add_table(5, 5)
    for row in range(5):
        for col in range(5):
            table.cell(row, col).text = f"{row}{col}"
    for first, last in [((0, 0), (0, 4)), ((1, 0), (3, 0)), ((1, 2), (2, 3)), ((4, 3), (4, 4))]:
        table.cell(*first).merge(table.cell(*last)).text = "m"
    document.add_paragraph("后")
    result = reader.read(saved(document), "a.docx")
    assert [type(block).__name__ for block in result.blocks] == ["Paragraph", "Table", "Paragraph"]
    found = result.tables[0]
    assert found.shape == (5, 5) and len(found.cells) == 15
    merged = [(c.row, c.col, c.rowspan, c.colspan) for c in found.cells if c.text == "m"]
    assert merged == [(0, 0, 1, 5), (1, 0, 3, 1), (1, 2, 2, 2), (4, 3, 1, 2)]
    assert all(c is not None for row in found.grid for c in row)


def test_rows_that_start_and_end_within_the_grid():
    first = f"<w:tr>{cell('a')}{cell('b')}{cell('c')}</w:tr>"
    second = f'<w:tr><w:trPr><w:gridBefore w:val="1"/><w:gridAfter w:val="1"/></w:trPr>{cell("d")}</w:tr>'
    document = with_body(f"<w:tbl>{first}{second}</w:tbl>")
    assert spans(document)[3:] == [(1, 1, 1, 1, "d")]
    assert document.tables[0].grid[1][0] is None


def test_a_continued_merge_without_a_beginning_is_a_cell():
    rows = [
        f"<w:tr>{cell('a')}{cell('b', CONTINUE)}</w:tr>",
        f"<w:tr>{cell('c', RESTART)}{cell('d')}</w:tr>",
        f"<w:tr>{cell('', CONTINUE)}{cell('e')}</w:tr>",
        f"<w:tr>{cell('f')}{cell('g')}</w:tr>",
        f"<w:tr>{cell('h', CONTINUE)}{cell('i')}</w:tr>",
    ]
    found = spans(with_body(f"<w:tbl>{''.join(rows)}</w:tbl>"))
    assert [c[4] for c in found] == list("abcdefghi")
    assert found[2] == (1, 0, 2, 1, "c")


def test_old_horizontal_merge():
    first = cell("a", '<w:hMerge w:val="restart"/>')
    row = f"<w:tr>{first}{cell('', '<w:hMerge/>')}{cell('b')}</w:tr>"
    assert spans(with_body(f"<w:tbl>{row}</w:tbl>")) == [(0, 0, 1, 2, "a"), (0, 2, 1, 1, "b")]


def test_content_controls_around_paragraphs_rows_and_cells():
    def control(inside: str) -> str:
        return f'<w:sdt><w:sdtPr><w:alias w:val="x"/></w:sdtPr><w:sdtContent>{inside}</w:sdtContent></w:sdt>'

    row = f"<w:tr>{cell('a')}{control(cell('b'))}</w:tr>"
    document = with_body(control(paragraph("标题")) + control(f"<w:tbl>{control(row)}<w:tr>{cell('c')}{cell('d')}</w:tr></w:tbl>"))
    assert document.paragraphs[0].text == "标题"
    assert [c[4] for c in spans(document)] == list("abcd")
    run = control("<w:r><w:t>96.06%</w:t></w:r>")
    assert with_body(f"<w:p>{run}</w:p>").paragraphs[0].text == "96.06%"


def test_tracked_changes_and_hidden_text():
    inserted = '<w:ins w:id="1" w:author="x"><w:r><w:t>100</w:t></w:r></w:ins>'
    deleted = '<w:del w:id="2" w:author="x"><w:r><w:delText>90</w:delText></w:r></w:del>'
    hidden = "<w:r><w:rPr><w:vanish/></w:rPr><w:t>80</w:t></w:r>"
    shown = '<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>万元</w:t></w:r>'
    assert with_body(f"<w:p>{deleted}{inserted}{hidden}{shown}</w:p>").paragraphs[0].text == "100万元"
    gone = f'<w:tr><w:trPr><w:del w:id="3" w:author="x"/></w:trPr>{cell("old")}</w:tr>'
    assert spans(with_body(f"<w:tbl>{gone}<w:tr>{cell('new')}</w:tr></w:tbl>")) == [(0, 0, 1, 1, "new")]


def test_breaks_tabs_and_fields():
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>7</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    body = f"<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t></w:r>{field}</w:p>"
    assert with_body(body).paragraphs[0].text == "a b-c7"
    broken = "<w:p><w:r><w:t>年度</w:t><w:br/><w:t>指标值</w:t></w:r></w:p>"
    assert with_body(broken).paragraphs[0].text == "年度指标值"
    two = f"<w:tbl><w:tr><w:tc>{broken}{paragraph('x')}<w:p/></w:tc></w:tr></w:tbl>"
    assert spans(with_body(two)) == [(0, 0, 1, 1, "年度\n指标值\nx")]


def test_nested_table_is_text_of_its_cell():
    inner = f"<w:tbl><w:tr>{cell('1')}{cell('2')}</w:tr><w:tr>{cell('3')}{cell('4')}</w:tr></w:tbl>"
    document = with_body(f"<w:tbl><w:tr><w:tc>{paragraph('a')}{inner}<w:p/></w:tc>{cell('b')}</w:tr></w:tbl>")
    assert spans(document) == [(0, 0, 1, 1, "a\n1\t2\n3\t4"), (0, 1, 1, 1, "b")]


def test_a_text_box_is_read_once():
    box = f"<w:r><w:drawing><w:txbxContent>{paragraph('附注')}</w:txbxContent></w:drawing></w:r>"
    both = f'<mc:AlternateContent><mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>'
    assert [p.text for p in with_body(f"<w:p><w:r><w:t>正文</w:t></w:r>{both}</w:p>").paragraphs] == ["正文", "附注"]


def test_headers_and_footers_are_left_out():
    document = docx.Document()
    document.add_paragraph("正文")
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "页脚"
    assert [p.text for p in reader.read(saved(document), "a.docx").paragraphs] == ["正文"]


def rewritten(data: bytes, changes: dict[str, tuple[bytes, bytes]]) -> bytes:
    """The package with bytes replaced in some of its members ("" for all)."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for member in old.namelist():
            content = old.read(member)
            for name, (before, after) in changes.items():
                if name in ("", member):
                    content = content.replace(before, after)
            new.writestr(member, content)
    return buffer.getvalue()


def test_documents_with_macros_and_strict_ones():
    document = docx.Document()
    document.add_table(1, 2).cell(0, 1).text = "甲"
    plain = saved(document)
    kind = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    macros = rewritten(plain, {"[Content_Types].xml": (kind, b"application/vnd.ms-word.document.macroEnabled.main+xml")})
    office = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    strict = rewritten(
        plain,
        {
            "_rels/.rels": (office, b"http://purl.oclc.org/ooxml/officeDocument/relationships"),
            "word/document.xml": (
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            ),
        },
    )
    for data in (plain, macros, strict):
        assert format_of(data) == "docx"
        assert spans(read(data)) == [(0, 0, 1, 1, ""), (0, 1, 1, 1, "甲")]


def test_truncated_at_any_length():
    data = (RAW / "hengyang-2024.docx").read_bytes()
    for cut in [*range(0, 2000, 101), *range(2000, len(data), 997), len(data) - 1]:
        with pytest.raises(ReadingError) as caught:
            reader.read(data[:cut], "a.docx")
        assert caught.value.code == "damaged_file", cut


@pytest.mark.parametrize("before", [b"<w:body>", b"</w:body>"])
def test_broken_xml_is_damage(before):
    data = rewritten((RAW / "hengyang-2024.docx").read_bytes(), {"word/document.xml": (before, b"<")})
    with pytest.raises(ReadingError) as caught:
        read(data)
    assert caught.value.code == "damaged_file"


def with_picture(image, *texts: str) -> Document:
    document, picture = docx.Document(), io.BytesIO()
    image.save(picture, "PNG", dpi=(200, 200))
    for text in texts:
        document.add_paragraph(text)
    document.add_picture(picture, width=docx.shared.Inches(6))
    return read(saved(document), "a.docx")


def test_scanned_pages_pasted_into_a_document_are_read_as_pages():
    scan = pictures.page()
    pictures.write(scan, 200, 60, "项目支出绩效自评表", 16)
    pictures.table(scan, (60, 220, 380, 530), (100, 130, 160), (("三级指标", "分值", "得分"), ("检定数量", "10", "9.5")))
    document = with_picture(scan, "附件")
    assert [paragraph.text for paragraph in document.paragraphs] == ["附件", "项目支出绩效自评表"]
    assert [cell.text for cell in document.tables[0].row(1)] == ["检定数量", "10", "9.5"]
    assert document.read_by_ocr == (1,)


def test_pictures_beside_text_and_small_ones_are_no_pages():
    blank = pictures.page()
    assert with_picture(blank, "本单位认真开展绩效自评工作。" * 30).read_by_ocr == ()
    assert with_picture(blank.resize((300, 400)), "附件").read_by_ocr == ()
