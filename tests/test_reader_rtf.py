"""The reader for rich text files: characters in all notations, what is not the document's text, tables with merged cells."""

from __future__ import annotations

import pytest

from jixiao import readers
from jixiao.document import Document, ReadingError, Table
from office_files import as_rtf, rtf, rtf_bytes, rtf_text


def of(body: str) -> Document:
    return readers.read(rtf(body), "a.rtf")


def paragraphs(document: Document) -> list[str]:
    return [paragraph.text for paragraph in document.paragraphs]


def grid(table: Table) -> list[list[str]]:
    return [[cell.text if cell else "" for cell in row] for row in table.grid]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rtf_bytes("自评表"), "自评表"),
        (rtf_text("自评表"), "自评表"),
        (rtf_text("２０２３𠮷"), "２０２３𠮷"),
        (r"\uc2 \u33258\'d7\'d4\u-29791\'c6\'c0", "自计"),
        (r"\uc1\u33258{?}\u35780 ?\u34920\emdash x", "自?评表x"),
        (r"{\uc0\u33258\u35780}\u34920?", "自评表"),
        (r"\f1\'80{\f0\'d7\'d4}\~5\_6\{7\}\\", "€自5-6{7}\\"),
        (r"\f1 a\emdash b\ldblquote c\rdblquote", "a—b“c”"),
        (r"12\bin3 {}\3", "123"),
        (r"1\v 2\v0 3{\deleted 4}5", "135"),
        ("1\r\n2\n3", "123"),
        (r"\loch\af1\hich\af1\dbch\f0 " + rtf_bytes("年度"), "年度"),
    ],
)
def test_characters(body, text):
    assert paragraphs(of(body + r"\par")) == [text]


def test_a_code_page_without_fonts():
    text = "{\\rtf1\\ansi\\ansicpg936 " + rtf_bytes("自评表") + "}"
    assert paragraphs(readers.read(text.encode(), "a")) == ["自评表"]
    assert paragraphs(readers.read(b"{\\rtf1\\ansicpg936 " + "自评表".encode("gbk") + b"\\par}", "a")) == ["自评表"]


def test_what_is_not_the_text_is_left_out():
    body = r"{\header " + rtf_text("页眉") + r"\par}{\stylesheet{\s1 heading;}}{\*\unknown{\nested x}y}{\pict\pngblip 89504e47}"
    body += r"{\field{\*\fldinst HYPERLINK x}{\fldrslt " + rtf_text("链接") + r"}}{\footnote z}{\object{\*\objdata 00}{\result 5}}\par "
    body += r"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt " + rtf_text("文本框") + r"\par}}{\shprslt c}}\sect " + rtf_text("完")
    assert paragraphs(of(body)) == ["链接5", "文本框", "完"]


def test_tables_and_paragraphs_in_order():
    document = readers.read(as_rtf(["一", [["a", "←"], ["b", "c"], ["↑", "d"]], "二", [["x", "y"]], [["z", "w"]]]), "a.doc")
    assert [type(block).__name__ for block in document.blocks] == ["Paragraph", "Table", "Paragraph", "Table"]
    assert document.format == "rtf"
    first, second = document.tables
    assert grid(first) == [["a", "a"], ["b", "c"], ["b", "d"]] and len(first.cells) == 4
    assert grid(second) == [["x", "y"], ["z", "w"]], "rows that follow one another are one table"


def test_columns_are_found_by_edges():
    """Wide cells without merge flags, edges a few twips apart, a row that starts further right."""
    rows = [([2000, 3000], "ab"), ([1000, 2005, 3002], "cde"), ([1010, 2990], "fg")]
    body = "".join(
        r"\trowd\trleft0 "
        + "".join(rf"\cellx{edge}" for edge in edges)
        + r"\pard\intbl "
        + "".join(rf"{t}\cell " for t in texts)
        + r"\row "
        for edges, texts in rows
    )
    body += r"\trowd\trleft1000\cellx2000\cellx3000\pard\intbl h\cell i\cell\row\pard "
    (table,) = of(body).tables
    assert grid(table) == [["a", "a", "b"], ["c", "d", "e"], ["f", "g", "g"], ["", "h", "i"]]


def test_paragraphs_and_tables_inside_a_cell():
    inner = r"\pard\intbl\itap2 1\nestcell 2\nestcell{\*\nesttableprops\trowd\cellx10\cellx20\nestrow}{\nonesttables\par}"
    body = r"\trowd\cellx1000\cellx2000\pard\intbl a\par b\line c\cell " + inner + r"\pard\intbl\itap1 3\cell\row\pard d\par"
    document = of(body)
    (table,) = document.tables
    assert grid(table) == [["a\nb\nc", "1\t2\n3"]] and paragraphs(document) == ["d"]


def test_what_a_file_leaves_open_is_not_lost():
    assert paragraphs(of(r"\trowd\cellx1000\pard\intbl 1\cell 2\cell 3")) == ["1", "2", "3"]
    (table,) = of(r"\trowd\cellx1000\pard\intbl 1\cell 2\cell 3\cell\row").tables
    assert grid(table) == [["1", "2", "3"]]
    assert paragraphs(readers.read(b"{\\rtf1 {{{ 1}}}}}}} 2\\par", "a")) == ["1 2"]


def test_groups_nested_without_end_are_refused():
    with pytest.raises(ReadingError, match="deeply") as caught:
        readers.read(b"{\\rtf1 " + b"{" * 100_000, "a")
    assert caught.value.code == "damaged_file"
