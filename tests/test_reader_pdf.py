"""The PDF reader on a published report, on account books where they are at hand, and on small files made for one question each."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest

from jixiao.document import Document, ReadingError, Table
from jixiao.readers.pdf import read
from tiny_pdf import grid, line, pdf, table, text

ROOT = Path(__file__).parents[1]
ZHUZHOU = ROOT / "data/raw/zhuzhou-2024.pdf"
SHARED = ROOT.parent / "shared"
BOOKS = sorted((SHARED / "real").glob("*.pdf")) or [None]


@pytest.fixture(scope="module")
def zhuzhou() -> Document:
    return read(ZHUZHOU.read_bytes(), ZHUZHOU.name)


def shared(path: str) -> bytes:
    if not (SHARED / path).is_file():
        pytest.skip(f"{path} is not beside this checkout")
    return (SHARED / path).read_bytes()


def bare(words: str) -> str:
    return re.sub(r"\s+", "", words)


def texts(found: Table) -> list[list[str]]:
    """A row's own cells, without line breaks."""
    return [[bare(c.text) for c in found.row(r) if c.row == r] for r in range(found.shape[0])]


# the published report


def test_tables_of_the_report(zhuzhou):
    assert (zhuzhou.format, zhuzhou.pages, zhuzhou.unread_pages) == ("pdf", 8, ())
    assert [(t.number, t.page, t.shape) for t in zhuzhou.tables] == [(1, 6, (22, 7)), (2, 7, (28, 13))]


def test_merged_cells_have_their_spans(zhuzhou):
    staff = zhuzhou.tables[0].grid[1][0]
    assert (bare(staff.text), staff.row, staff.rowspan) == ("财政供养人员情况", 0, 2)
    title = zhuzhou.tables[1].cells[0]
    assert (title.text, title.colspan) == ("自评表", 13)


def test_form_goes_on_over_the_page_break(zhuzhou):
    form = zhuzhou.tables[1]
    output = next(c for c in form.cells if bare(c.text) == "产出指标")
    names = [bare(form.grid[r][2].text) for r in range(12, 26)]
    assert len(set(names)) == 14
    assert (output.row, output.rowspan) == (12, 7)
    assert names[3] == "计量检测效准证书出具率"
    assert [bare(c.text) for c in form.row(15)][2:6] == [names[3], "95%", "100%", "5"]
    assert {c.page for c in form.cells} == {7, 8}


def test_cells_know_their_box(zhuzhou):
    cell = next(c for c in zhuzhou.tables[0].cells if c.text == "91.89%")
    x0, top, x1, bottom = cell.box
    assert 416 < x0 < 418 and 529 < x1 < 532 and 149 < top < 151 and 172 < bottom < 175


def test_prose_is_in_paragraphs(zhuzhou):
    found = [p.text for p in zhuzhou.paragraphs]
    assert found[:4] == ["附件1", "2024年度部门（单位）整体支出绩效自评报告", "部门（单位）名称：株洲市计量测试检定所", "2025年5月15日"]
    assert "二、一般公共预算支出情况" in found and "（二）项目支出情况" in found and "基础数据表" in found
    assert any(p.startswith("2024年预算收入1066.26万元") and p.endswith("调整追加48.78万元。") for p in found)
    assert not any(re.fullmatch(r"[—\s\d]+", p) for p in found), "page numbers are no text"
    assert [p.number for p in zhuzhou.paragraphs] == list(range(1, len(found) + 1))


def test_tables_stand_between_their_paragraphs(zhuzhou):
    kinds = ["T" if isinstance(b, Table) else b.text for b in zhuzhou.blocks]
    assert kinds[-4:] == ["基础数据表", "T", "自评表", "T"]


def test_longer_edition_has_the_same_cells(zhuzhou):
    """Longer prose moves the page break into another row; the form must come out the same."""
    long = read(shared("reports/zhuzhou-2024.pdf"), "zhuzhou-2024.pdf")
    assert [t.shape for t in long.tables] == [t.shape for t in zhuzhou.tables]
    for mine, other in zip(zhuzhou.tables, long.tables, strict=True):
        for a, b in zip(mine.cells, other.cells, strict=True):
            assert (a.row, a.col, a.rowspan, a.colspan) == (b.row, b.col, b.rowspan, b.colspan)
            assert bare(a.text) == bare(b.text) or min(len(a.text), len(b.text)) > 60


@pytest.mark.parametrize("path", BOOKS, ids=lambda p: p.stem if p else "none")
def test_account_books_keep_every_number(path):
    """What pdfium reads of a whole page is the measure: no number may be lost, cut or put together."""
    if path is None:
        pytest.skip("no account books beside this checkout")
    number = re.compile(r"\d[\d,]*\.?\d*")
    document = read(path.read_bytes(), path.name)
    mine: Counter[str] = Counter()
    for block in document.blocks:
        for words in [c.text for c in block.cells] if isinstance(block, Table) else [block.text]:
            mine.update(number.findall(words))
    with pypdfium2.PdfDocument(path) as other:
        pages = [page.get_textpage().get_text_bounded() for page in other]
    assert mine == Counter(n for page in pages for n in number.findall(page))
    assert len(document.tables) >= 9 and all(t.shape[1] > 2 for t in document.tables)


# small files


def test_digits_on_another_baseline_stay_in_their_sentence():
    page = text(60, 100, "支出") + text(84, 105, "12.5", 12) + text(108, 100, "万元。")
    assert [p.text for p in read(pdf(page), "a.pdf").paragraphs] == ["支出12.5万元。"]
    cell = grid([50, 250, 400], [90, 130, 160]) + page
    assert read(pdf(cell), "a.pdf").tables[0].cells[0].text == "支出12.5万元。"


def test_text_off_the_page_is_not_there():
    page = text(60, 100, "看得见") + text(700, 100, "看不见") + text(60, -40, "看不见")
    assert [p.text for p in read(pdf(page), "a.pdf").paragraphs] == ["看得见"]


def test_doubled_bold_is_read_once():
    page = text(60, 100, "合计11") + text(60.4, 100, "合计11")
    assert [p.text for p in read(pdf(page), "a.pdf").paragraphs] == ["合计11"]


def test_one_cell_frames_are_prose():
    page = grid([50, 400], [90, 130]) + text(60, 100, "框内的说明。")
    assert [type(b).__name__ for b in read(pdf(page), "a.pdf").blocks] == ["Paragraph"]


def test_open_sides_are_closed():
    xs, ys, rows = [50, 150, 250, 350], [100, 120, 140], [["项目", "预算数", "决算数"], ["合计", "2", "3"]]
    assert texts(read(pdf(table(xs, ys, rows, sides=False)), "a.pdf").tables[0]) == rows


def test_row_without_a_line_below_is_kept():
    """Where a page break cuts a row, the line below it is often not drawn."""
    page = grid([50, 150, 250], [700, 720]) + "".join(line(x, 720, x, 760) for x in (50, 150, 250))
    page += text(53, 704, "项目", 10) + text(53, 730, "合计", 10) + text(153, 730, "7", 10)
    assert texts(read(pdf(page), "a.pdf").tables[0]) == [["项目", ""], ["合计", "7"]]


XS = [50, 150, 250, 350]
HEAD = ["指标", "目标", "完成"]


def test_repeated_header_is_dropped():
    first = table(XS, [700, 720, 740, 760], [HEAD, ["甲类指标", "1", "2"], ["乙类指标", "3", "4"]]) + text(280, 800, "— 1 —")
    second = table(XS, [60, 80, 100], [HEAD, ["丙类指标", "5", "6"]]) + text(280, 800, "— 2 —")
    document = read(pdf(first, second), "a.pdf")
    assert len(document.tables) == 1 and not document.paragraphs
    assert texts(document.tables[0]) == [HEAD, ["甲类指标", "1", "2"], ["乙类指标", "3", "4"], ["丙类指标", "5", "6"]]


def test_total_alone_on_the_next_page_and_other_columns():
    first = table(XS, [720, 740, 760], [HEAD, ["甲类指标", "1", "2"]])
    second = table([50, 250, 350], [60, 80], [["总分", "9"]])
    found = read(pdf(first, second), "a.pdf").tables
    assert len(found) == 1
    assert [(c.row, c.col, c.colspan, c.text, c.page) for c in found[0].cells][-2:] == [(2, 0, 2, "总分", 2), (2, 2, 1, "9", 2)]


@pytest.mark.parametrize("top", ["title", "form", "sides"])
def test_other_table_on_the_next_page_stays_apart(top):
    first = table(XS, [700, 720, 740, 760], [["项目名称", "甲", ""], HEAD, ["甲类指标", "1", "2"]])
    xs = [80, 150, 250, 300] if top == "sides" else XS
    second = table(xs, [100, 120, 140, 160], [["项目名称", "乙", ""], HEAD, ["甲类指标", "5", "6"]])
    if top == "title":
        second += text(260, 60, "另一张表", 16)
    assert len(read(pdf(first, second), "a.pdf").tables) == 2


def test_a_form_below_a_title_of_its_own_is_another_one():
    """Forms that follow each other: the second has title rows, which stand above its next part again."""
    first = table(XS, [720, 740, 760], [["项目名称", "甲", ""], HEAD])
    title = ["自评表", "", ""]
    second = table(XS, [60, 80, 100, 120], [title, ["项目名称", "乙", ""], HEAD]) + grid(XS, [120, 700])
    third = table(XS, [60, 80, 100], [title, ["甲类指标", "1", "2"]])
    found = read(pdf(first, second, third), "a.pdf").tables
    assert [texts(t)[0] for t in found] == [["项目名称", "甲", ""], title]
    assert texts(found[1])[-1] == ["甲类指标", "1", "2"]
    assert texts(found[1]).count(title) == 1


def test_paragraph_runs_over_the_page_break():
    wide = "一二三四五六七八九十" * 4
    first = text(74, 100, wide[:38]) + text(50, 120, wide) + text(280, 800, "第 1 页 共 3 页")
    second = text(50, 60, "到这里为止。") + text(74, 80, "下一段。") + text(280, 800, "第 2 页 共 3 页")
    found = read(pdf(first, second), "a.pdf").paragraphs
    assert [(p.text, p.page) for p in found] == [(wide[:38] + wide + "到这里为止。", 1), ("下一段。", 2)]


def test_repeated_headers_are_no_text():
    pages = [text(50, 20, "某单位绩效报告") + text(74, 200, f"第{n}段的话。") for n in "一二三四"]
    assert [p.text for p in read(pdf(*pages), "a.pdf").paragraphs] == [f"第{n}段的话。" for n in "一二三四"]


def test_bare_numbers_at_the_edge_are_page_numbers_only_if_they_count():
    pages = [text(74, 200, f"第{n}段的话。") + text(290, 800, str(n + 4)) for n in range(1, 4)]
    assert len(read(pdf(*pages), "a.pdf").paragraphs) == 3
    alone = pdf(text(74, 200, "编制人数") + text(290, 800, "37"))
    assert [p.text for p in read(alone, "a.pdf").paragraphs] == ["编制人数", "37"]


def test_things_far_apart_on_one_line_are_two():
    page = text(50, 100, "编制部门：某所") + text(450, 100, "单位：万元")
    assert [p.text for p in read(pdf(page), "a.pdf").paragraphs] == ["编制部门：某所", "单位：万元"]


def test_wide_table_laid_sideways():
    """Text that runs from bottom to top, without a word in the page's dictionary."""
    page = grid([100, 130, 160], [300, 450, 600])
    words = {"项目": (105, 590), "金额": (105, 440), "合计": (135, 590), "12": (135, 440)}
    page += "".join(text(x + 10, top, w, 10, turned=True) for w, (x, top) in words.items())
    found = read(pdf(page), "a.pdf").tables[0]
    assert texts(found) == [["项目", "金额"], ["合计", "12"]]
    assert found.cells[0].box == pytest.approx((100, 450, 130, 600), abs=0.5)


def test_page_turned_by_its_dictionary():
    page = grid([100, 130, 160], [300, 450, 600])
    words = {"项目": (105, 590), "金额": (105, 440), "合计": (135, 590), "12": (135, 440)}
    page += "".join(text(x + 10, top, w, 10, turned=True) for w, (x, top) in words.items())
    found = read(pdf(page, extra="/Rotate 90"), "a.pdf").tables[0]
    assert texts(found) == [["项目", "金额"], ["合计", "12"]]
    assert found.cells[0].box == pytest.approx((242, 100, 392, 130), abs=0.5)


def test_boxes_count_from_the_visible_corner():
    page = table([150, 250, 350], [200, 220, 240], [["项目", "金额"], ["合计", "1"]]) + text(20, 300, "裁掉")
    for extra in ("/CropBox[100 42 500 742]", "/MediaBox[100 42 500 742]"):
        document = read(pdf(page, extra=extra), "a.pdf")
        assert document.tables[0].cells[0].box == pytest.approx((50, 100, 150, 120), abs=0.5)
        assert not document.paragraphs


def test_blank_page_is_not_unread():
    document = read(pdf(text(50, 100, "有字。"), ""), "a.pdf")
    assert (document.pages, document.unread_pages) == (2, ())


# bytes that are not what they say


@pytest.mark.parametrize("data", [b"", b"not a pdf", b"%PDF-1.7\n", b"%PDF-1.4\nstartxref\n9\n%%EOF"])
def test_no_pdf(data):
    with pytest.raises(ReadingError) as caught:
        read(data, "a.pdf")
    assert caught.value.code == "damaged_file" and "a.pdf" in str(caught.value)


def test_locked_file():
    locked = "/Encrypt<</Filter/Standard/V 1/R 2/O<" + "41" * 32 + ">/U<" + "42" * 32 + ">/P -4>>/ID[<41><41>]"
    with pytest.raises(ReadingError, match="password") as caught:
        read(pdf(text(50, 100, "秘密"), trailer=locked), "a.pdf")
    assert caught.value.code == "encrypted_file"


def test_every_cut_is_noticed():
    data = ZHUZHOU.read_bytes()
    for length in range(0, len(data) - 50, len(data) // 60):
        with pytest.raises(ReadingError) as caught:
            read(data[:length], "a.pdf")
        assert caught.value.code == "damaged_file"


def test_flipped_bytes_raise_nothing_else(zhuzhou):
    """A byte turned over inside packed text is noticed by its check sum, so no figure changes unseen."""
    data, chance = ZHUZHOU.read_bytes(), random.Random(7)
    caught = 0
    for _ in range(25):
        broken = bytearray(data)
        for _ in range(chance.choice((1, 5, 50))):
            broken[chance.randrange(len(broken))] ^= 1 << chance.randrange(8)
        try:
            read(bytes(broken), "a.pdf")
        except ReadingError as error:
            assert error.code in ("damaged_file", "encrypted_file")
            caught += 1
    assert caught > 5
    at = data.index(b"stream", data.index(b"/FlateDecode")) + 60
    with pytest.raises(ReadingError, match="damaged"):
        read(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :], "a.pdf")


def test_a_table_without_rulings_has_the_columns_that_its_gaps_show():
    rows = [("项目", "预算数", "决算数"), ("公务接待费", "5.00", "4.00"), ("办公费", "1.00", "0.50"), ("差旅费", "0.00", "0.00")]
    drawn = [text(x, 100 + 20 * at, cell) for at, row in enumerate(rows) for x, cell in zip((60, 250, 400), row, strict=True)]
    document = read(pdf("".join([*drawn, text(60, 300, "支出比预算少。")])), "a.pdf")
    (found,) = document.tables
    assert [[cell.text for cell in found.row(row)] for row in range(4)] == [list(row) for row in rows]
    assert [note.code for note in document.notes] == ["table_without_rulings"]
    assert document.paragraphs[-1].text == "支出比预算少。"
