"""`show`: page images of PDF places, snippets of the rest, and errors that say what is missing."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from PIL.Image import Image

from jixiao import readers
from jixiao.document import Cell, Document, Paragraph, Place, Table
from jixiao.spot import Opened, Snippet, show

RAW = Path(__file__).parents[1] / "data/raw"
RED = (200, 0, 0)


def reds(image: Image) -> int:
    return sum(count for count, colour in image.getcolors(1 << 24) if colour == RED)


@pytest.fixture
def words(monkeypatch, tmp_path) -> Path:
    """A folder with a file whose reader is a stand-in: two paragraphs and a table with a merged cell."""
    cells = (
        Cell(0, 0, "项目"),
        Cell(0, 1, "金额"),
        Cell(1, 0, "合计\n<全年>", rowspan=3),
        Cell(1, 1, "1"),
        Cell(2, 1, "2"),
        Cell(3, 1, ""),
    )
    blocks = (Paragraph(1, "支出 5 < 6 万元。"), Table(1, cells), Paragraph(2, "完。"))
    monkeypatch.setattr(readers, "read", lambda data, name=None: Document(name, "docx", blocks))
    (tmp_path / "a.docx").write_bytes(b"content")
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("inner/a.docx", b"content")
    return tmp_path


def test_cell_of_a_pdf_is_outlined():
    image = show("zhuzhou-2024.pdf#page=6&table=1&row=2&col=6", RAW)
    assert isinstance(image, Image)
    assert image.width < 1240 and image.height < 500, "a part of the page"
    assert reds(image) > 300


def test_cell_after_the_break_is_on_its_page():
    """Row 20 of the form stands on page 8, near its upper edge there: the picture shows what is under it, too."""
    document = readers.read(RAW / "zhuzhou-2024.pdf")
    cell = document.tables[1].grid[19][2]
    place = document.place(document.tables[1], cell)
    assert place.page == 8
    image = show(place, RAW)
    assert reds(image) > 300
    centre = image.crop((image.width // 2 - 20, image.height // 2 - 20, image.width // 2 + 20, image.height // 2 + 20))
    assert centre.getcolors(1 << 24) != [(1600, (255, 255, 255))], "the cell's writing is in the middle"


def test_row_table_paragraph_and_page_of_a_pdf():
    whole = show("zhuzhou-2024.pdf#page=6", str(RAW))
    assert (whole.width, whole.height) == (1241, 1754) and not reds(whole)
    assert reds(show("zhuzhou-2024.pdf#table=1&row=2", RAW)) > reds(show("zhuzhou-2024.pdf#table=1&row=2&col=6", RAW))
    assert show("zhuzhou-2024.pdf#table=1", RAW).height > 1000
    assert reds(show(Place("zhuzhou-2024.pdf", page=2, paragraph=13, chars=(0, 5)), RAW)) > 300


def test_cell_of_another_format_is_marked_in_its_rows(words):
    snippet = show("a.docx#table=1&row=3&col=2", words)
    assert isinstance(snippet, Snippet) and str(snippet) == "a.docx#table=1&row=3&col=2"
    html = snippet._repr_html_()
    assert "<mark>2</mark>" in html and html.count("<mark>") == 1
    assert "合计<br>&lt;全年&gt;" in html and 'rowspan="3"' in html
    assert "项目" not in html, "only the rows beside it"


def test_merged_cell_that_begins_above_is_shown_whole(words):
    html = show("a.docx#table=1&row=4&col=1", words).html
    assert "<mark>合计<br>&lt;全年&gt;</mark>" in html and 'rowspan="2"' in html


def test_blank_cell_row_and_table(words):
    assert "<mark>&nbsp;</mark>" in show("a.docx#table=1&row=4&col=2", words).html
    assert show("a.docx#table=1&row=1", words).html.count("<mark>") == 2
    assert "<mark>" not in show("a.docx#table=1", words).html
    assert "2 paragraphs, 1 tables" in show("a.docx", words).html


def test_stretch_of_a_paragraph_is_marked_and_escaped(words):
    assert "支出 <mark>5 &lt; 6</mark> 万元。" in show("a.docx#paragraph=1&chars=3-8", words).html
    assert "<mark>完。</mark>" in show("a.docx#paragraph=2", words).html


def test_member_of_an_archive(words):
    assert "<mark>1</mark>" in show("b.zip!inner/a.docx#table=1&row=2&col=2", words).html
    with pytest.raises(FileNotFoundError, match="no member"):
        show("b.zip!c.docx#table=1", words)


def test_missing_file_names_the_folder():
    with pytest.raises(FileNotFoundError, match=r"nowhere\.pdf is not in the folder .*raw.*folder="):
        show("nowhere.pdf#page=1", RAW)


@pytest.mark.parametrize(
    ("rest", "message"),
    [
        ("page=99", "has 8 pages"),
        ("table=9", "has 2 tables, there is no table 9"),
        ("table=1&row=99", "has 22 rows"),
        ("table=1&row=0", "no row 0"),
        ("table=1&row=2&col=99", "no cell in column 99"),
        ("paragraph=999", "paragraphs, there is no paragraph 999"),
        ("nonsense", "not understood"),
    ],
)
def test_what_is_not_there_raises(rest, message):
    with pytest.raises(ValueError, match=message):
        show(f"zhuzhou-2024.pdf#{rest}", RAW)


def test_stretch_beyond_the_paragraph_raises(words):
    with pytest.raises(ValueError, match="no stretch"):
        show("a.docx#paragraph=2&chars=1-9", words)


def test_cells_of_one_table_that_stand_near_each_other_are_one_spot(words):
    places = [Place.parse(f"a.docx#{rest}") for rest in ("table=1&row=2&col=2", "paragraph=1&chars=3-8", "table=1&row=4&col=2")]
    table, sentence = Opened("a.docx", words).spots([*places, places[0]])
    assert table.places == (places[0], places[2]) and table.html.count("<mark>") == 2
    assert (sentence.text, sentence.row, sentence.column) == ("5 < 6", "", "")


def test_cells_near_each_other_on_a_page_are_one_picture():
    pages = [f"zhuzhou-2024.pdf#page={page}&table={table}&row={row}&col=6" for page, table, row in ((6, 1, 2), (6, 1, 4), (7, 2, 4))]
    near, other = Opened("zhuzhou-2024.pdf", RAW).spots(map(Place.parse, pages))
    assert (len(near.places), len(other.places)) == (2, 1) and reds(near.image) > 1.5 * reds(other.image)


def test_rows_far_apart_are_shown_with_a_gap(monkeypatch, tmp_path):
    cells = tuple(Cell(row, col, text) for row in range(12) for col, text in enumerate((f"第{row}项", str(row))))
    monkeypatch.setattr(readers, "read", lambda data, name=None: Document(name, "docx", (Table(1, cells),)))
    (tmp_path / "a.docx").write_bytes(b"content")
    (spot,) = Opened("a.docx", tmp_path).spots(Place("a.docx", table=1, row=row, col=2) for row in (2, 11))
    assert "⋮" in spot.html and "第5项" not in spot.html and "第2项" in spot.html


def test_a_cell_is_told_by_the_words_beside_and_above_it(words):
    spot = Opened("a.docx", words).spot(Place("a.docx", table=1, row=3, col=2))
    assert (spot.text, spot.column) == ("2", "金额")


def test_the_colon_of_a_label_is_left_out():
    assert Opened("zhuzhou-2024.pdf", RAW).spot(Place.parse("zhuzhou-2024.pdf#page=6&table=1&row=10&col=2")).row == "项目支出"


def test_the_digits_in_a_sentence_of_a_pdf_are_marked_alone():
    place = Place.parse("zhuzhou-2024.pdf#page=2&paragraph=13&chars=9-18")
    spot = Opened("zhuzhou-2024.pdf", RAW).spot(place)
    assert spot.text == "1066.26万元" and "<mark>1066.26万元</mark>" in spot.html
    whole = show("zhuzhou-2024.pdf#page=2&paragraph=13", RAW)
    assert 300 < reds(spot.image) < reds(whole) / 2
    assert (255, 235, 120) in {colour for _, colour in spot.image.getcolors(1 << 24)}


def test_a_source_is_known_by_its_content(words):
    import hashlib

    assert Opened("a.docx", words).sha256 == Opened("b.zip!inner/a.docx", words).sha256 == hashlib.sha256(b"content").hexdigest()
