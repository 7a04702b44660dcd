"""The readers of spreadsheets: what a person sees in a cell, merged cells, sheets, and workbooks that claim too much."""

from __future__ import annotations

import datetime
import io
import zipfile

import openpyxl
import pytest
import xlwt

from jixiao import readers
from jixiao.document import Document, Place, ReadingError
from jixiao.readers import limits, sheets
from jixiao.readers.number_formats import number_text
from office_files import as_xlsx, ods, zipped

ACCOUNTING = '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.9189, "0.00%", "91.89%"),
        (0.9189, "0%", "92%"),
        (0.00125, "0.0#%", "0.13%"),
        (1, "0.##%", "100%"),
        (-0.05, "0.00%;[Red]-0.00%", "-5.00%"),
        (1066.2567, "#,##0.00", "1066.2567"),
        (0.1 + 0.2, "General", "0.3"),
        (1017.4799999999999, "0.00", "1017.48"),
        (34.0, "0.00_ ", "34"),
        (1e-7, "General", "0.0000001"),
        (1066.26, '"¥"#,##0.00', "1066.26"),
        (1066.26, '#,##0.00"万元"', "1066.26万元"),
        (12, "0人", "12人"),
        (2024, '0"年度"', "2024年度"),
        (123456, "0!.0,", "12.3456"),
        (123456, '0\\.0,"万元"', "12.3456万元"),
        (12345678, '0.00,,"百万元"', "12.345678百万元"),
        (0, ACCOUNTING, "0"),
        (-5.5, ACCOUNTING, "-5.5"),
        (5, ";;;", "5"),
        (7, "@", "7"),
        (45356, "yyyy/m/d", "2024/3/5"),
        (45356, 'yyyy"年"m"月"d"日";@', "2024年3月5日"),
        (45356, "[DBNum1][$-804]yyyy年m月", "2024年3月"),
        (45356.6041667, "yyyy-mm-dd hh:mm", "2024-03-05 14:30"),
        (45356.6041667, "h:mm AM/PM", "2:30 下午"),
        (1e300, "yyyy", "1e+300"),
        (1e300, "0%", "1e+300"),
        (float("nan"), "0%", "nan"),
    ],
)
def test_a_number_is_what_a_person_sees(value, code, text):
    assert number_text(value, code) == text


def test_days_are_counted_from_1904_where_the_workbook_says_so():
    assert number_text(45356 - 1462, "yyyy/m/d", from_1904=True) == "2024/3/5"
    assert number_text(1, "yyyy/m/d") == "1900/1/1"


def saved(book) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def texts(document: Document, number: int = 0) -> dict[tuple[int, int], str]:
    return {(cell.row, cell.col): cell.text for cell in document.tables[number].cells}


def workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "表 1&2"
    sheet["B3"] = "自评表"
    sheet.merge_cells("B3:XFD3")
    sheet["B4"], sheet["C4"], sheet["D4"], sheet["E4"] = 0.9189, 34.0, datetime.date(2024, 3, 5), True
    sheet["B4"].number_format = "0.00%"
    sheet["B5"], sheet["D5"] = "第一行\n第二行", "_x000D_"
    sheet["Z90"].font = openpyxl.styles.Font(bold=True)
    hidden = book.create_sheet("隐藏")
    hidden.sheet_state = "hidden"
    hidden["A1"] = "甲"
    hidden.row_dimensions[1].hidden = True
    book.create_sheet("空")
    return saved(book)


def test_sheets_of_an_xlsx():
    document = readers.read(workbook(), "a.xlsx")
    first, second = document.tables
    assert (document.format, first.sheet, second.sheet) == ("xlsx", "表 1&2", "隐藏")
    assert first.shape == (5, 5), "rows and columns keep their numbers, what is blank behind them is cut"
    found = texts(document)
    assert found[2, 1] == "自评表" and first.grid[2][4] is first.grid[2][1]
    assert [found[3, col] for col in range(5)] == ["", "91.89%", "34", "2024-03-05", "TRUE"]
    assert found[4, 1] == "第一行\n第二行" and found[4, 2] == ""
    place = document.place(first, first.grid[3][1])
    assert str(place) == "a.xlsx#sheet=表%201%262&table=1&row=4&col=2" and Place.parse(str(place)) == place


def test_formulas_give_their_saved_values_or_a_note():
    book = openpyxl.Workbook()
    book.active["A1"], book.active["C2"] = 1.5, "=A1*2"
    document = readers.read(saved(book), "a.xlsx")
    assert document.tables[0].shape == (2, 3)
    (note,) = document.notes
    assert (note.code, str(note.place)) == ("formula_without_value", "a.xlsx#sheet=Sheet&table=1&row=2&col=3")
    data = replaced(
        saved(book), "xl/worksheets/sheet1.xml", b"<v />", b"<v>3.0000000000000004</v>", b"<v></v>", b"<v>3.0000000000000004</v>"
    )
    assert texts(readers.read(data, "a.xlsx"))[1, 2] == "3"


def replaced(data: bytes, member: str, *pairs: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        members[member] = members[member].replace(old, new)
    return zipped(members)


def test_a_workbook_that_other_programs_wrote():
    """Parts with backslashes and other cases, texts in the cells, no references, styles that are nonsense, another namespace."""
    sheet = '<x:worksheet xmlns:x="urn:x"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>甲</x:t></x:is></x:c>'
    sheet += '<x:c s="99"><x:v>1.5</x:v></x:c>'
    sheet += '<x:c t="e"><x:v>#DIV/0!</x:v></x:c><x:c t="str"><x:f>A1</x:f><x:v>乙</x:v></x:c></x:row></x:sheetData></x:worksheet>'
    relations = '<Relationships xmlns="r"><Relationship Id="{}" Type="http://x/{}" Target="{}"/></Relationships>'
    data = zipped(
        {
            "[Content_Types].xml": b"<Types/>",
            "_rels\\.rels": relations.format("r1", "officeDocument", "/XL/workbook.xml").encode(),
            "xl\\workbook.xml": '<workbook xmlns:q="u"><sheets><sheet name="一" q:id="r9"/></sheets></workbook>'.encode(),
            "xl\\_rels\\workbook.xml.rels": relations.format("r9", "worksheet", "worksheets/Sheet1.xml").encode(),
            "xl\\worksheets\\sheet1.xml": sheet.encode(),
        }
    )
    document = readers.read(data, "a.xlsx")
    assert list(texts(document).values()) == ["甲", "1.5", "#DIV/0!", "乙"]


def test_a_cell_far_away_is_noted_and_costs_nothing():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["B2"], sheet["XFD1048576"] = "甲", 2, "误"
    sheet.merge_cells("A1048570:XFD1048571")
    document = readers.read(saved(book), "a.xlsx")
    assert document.tables[0].shape == (2, 2)
    (note,) = document.notes
    assert note.code == "cell_far_away" and note.place.row == 1048576 and "误" in note.message


def test_a_sheet_that_is_too_large_is_noted(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_AREA", 8)
    document = readers.read(as_xlsx([[["甲"] * 3] * 3]), "a.xlsx")
    assert not document.tables and document.notes[0].code == "sheet_too_large"
    monkeypatch.setattr(sheets, "MAX_CELLS", 8)
    with pytest.raises(ReadingError, match="cells") as caught:
        readers.read(as_xlsx([[["甲"] * 3] * 3]), "a.xlsx")
    assert caught.value.code == "too_large"


def test_ranges_that_overlap_are_left_out():
    data = as_xlsx([[["甲", "乙"], ["丙", "丁"]]])
    ranges = b'<mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="A2:B2"/><mergeCell ref="?"/></mergeCells></worksheet>'
    document = readers.read(replaced(data, "xl/worksheets/sheet1.xml", b"</worksheet>", ranges), "a.xlsx")
    assert texts(document) == {(0, 0): "甲", (0, 1): "乙", (1, 1): "丁"}


def test_sheets_of_an_xls():
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("甲")
    sheet.write_merge(1, 2, 0, 255, "合并")
    for col, (value, code) in enumerate([(0.9189, "0.00%"), (1066.26, "#,##0.00"), (45356, "yyyy/m/d"), (True, "General"), ("文字", "@")]):
        sheet.write(3, col, value, xlwt.easyxf(num_format_str=code))
    sheet.write(60000, 3, "误")
    book.add_sheet("乙").write(0, 0, "二")
    document = readers.read(saved(book), "a.et")
    assert (document.format, [t.sheet for t in document.tables], document.tables[0].shape) == ("xls", ["甲", "乙"], (4, 5))
    found = texts(document)
    assert [found[3, col] for col in range(5)] == ["91.89%", "1066.26", "2024/3/5", "TRUE", "文字"]
    merged = document.tables[0].grid[1][0]
    assert merged.text == "合并" and (merged.rowspan, merged.colspan) == (2, 5)
    assert [note.code for note in document.notes] == ["cell_far_away"]


def test_an_ods_cell_keeps_what_it_shows():
    cell = '<t:table-cell o:value-type="{}" o:value="{}"><x:p>{}</x:p></t:table-cell>'
    row = cell.format("percentage", 0.91891, "91.89%") + cell.format("float", 1066.2567, "1,066.26") + cell.format("float", 12, "12人")
    row += '<t:table-cell o:value-type="percentage" o:value="0.5"/><t:table-cell><x:p>甲<x:s x:c="2"/>乙<x:line-break/>'
    row += "<x:span>丙</x:span></x:p><x:p>丁</x:p></t:table-cell>"
    group = f"<t:table-row-group><t:table-row>{row}</t:table-row></t:table-row-group>"
    blank = '<t:table-row t:number-rows-repeated="3"><t:table-cell t:number-columns-repeated="9"/></t:table-row>'
    twice = '<t:table-row t:number-rows-repeated="2"><t:table-cell t:number-columns-repeated="2"><x:p>0</x:p></t:table-cell></t:table-row>'
    document = readers.read(ods(f'<t:table t:name="一">{group}{blank}{twice}</t:table>'), "a.ods")
    found = texts(document)
    assert [found[0, col] for col in range(5)] == ["91.89%", "1066.2567", "12人", "50%", "甲  乙\n丙\n丁"]
    assert [key for key, text in found.items() if text == "0"] == [(4, 0), (4, 1), (5, 0), (5, 1)]


def test_an_ods_with_a_password():
    data = zipped(
        {
            "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": b"\x01",
            "META-INF/manifest.xml": b"<encryption-data/>",
        }
    )
    with pytest.raises(ReadingError, match="password") as caught:
        readers.read(data, "a.ods")
    assert caught.value.code == "encrypted_file"


LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 20}'>" for n in range(9)) + "]>"
OUTSIDE = '<!DOCTYPE x [<!ENTITY j SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize("declaration", [LAUGHS, OUTSIDE])
def test_entities_are_not_expanded(declaration):
    sheet = '<t:table t:name="一"><t:table-row><t:table-cell><x:p>甲&j;</x:p></t:table-cell></t:table-row></t:table>'
    with zipfile.ZipFile(io.BytesIO(ods(sheet.replace("&j;", "ENTITY")))) as archive:
        content = declaration + archive.read("content.xml").decode().replace("ENTITY", "&j;")
    try:
        document = readers.read(
            zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()}), "a"
        )
        assert texts(document) == {(0, 0): "甲"}
    except ReadingError as error:
        assert error.code == "damaged_file"
    data = replaced(as_xlsx([[["甲", "乙"]]]), "xl/worksheets/sheet1.xml", b"<worksheet", declaration.encode() + b"<worksheet")
    data = replaced(data, "xl/worksheets/sheet1.xml", b"<v>0</v>", b"<v>0&j;</v>")
    try:
        assert set(texts(readers.read(data, "a")).values()) == {"甲", "乙"}
    except ReadingError as error:
        assert error.code == "damaged_file"


@pytest.mark.parametrize("fmt", ["xlsx", "docx", "ods"])
def test_a_document_that_is_a_bomb_is_refused(fmt):
    bomb = b"<a>" + b" " * (limits.SMALL + 1)
    members = {
        "xlsx": {"[Content_Types].xml": b"", "xl/workbook.xml": bomb},
        "docx": {"[Content_Types].xml": b"", "word/document.xml": bomb},
        "ods": {"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": bomb},
    }[fmt]
    data = zipped(members)
    assert readers.format_of(data) == fmt
    with pytest.raises(ReadingError, match="times its size") as caught:
        readers.read(data, "a")
    assert caught.value.code == "too_large"


def test_a_binary_workbook_is_named():
    with pytest.raises(ReadingError, match="xlsb") as caught:
        readers.read(zipped({"[Content_Types].xml": b"", "xl/workbook.bin": b""}), "a.xlsb")
    assert caught.value.code == "unsupported_format"
