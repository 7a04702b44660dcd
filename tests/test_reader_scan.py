"""Scanned pages and images: the published report as a scan, and pages drawn for one question each."""

from __future__ import annotations

import io
import math
import subprocess
import sys
import time
import zlib
from collections.abc import Sequence
from dataclasses import asdict

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from jixiao import parsing, readers
from jixiao.document import Document, ReadingError, Table
from jixiao.extract import extract
from jixiao.extract.scanned import DOUBTFUL, doubts
from jixiao.readers import scan_text
from jixiao.readers.ocr import Reading
from jixiao.readers.scan_figures import MENDED, mended
from jixiao.spot import show
from jixiao.values import plain
from pictures import LEFT, encoded, page, scanned, table, write
from tiny_pdf import pdf, text

WORDING = {"place", "what", "criterion", "explanation", "deviation_reason", "item_printed", "name_printed", "printed"}
OF_THE_FILE = {"source_file", "source_format", "pages", "sha256"}
XS = [40, 130, 220, 310, 400, 490]
YS = [60, 90, 120, 170, 210, 250]
FORM = [
    ["项目支出绩效自评表", LEFT, LEFT, LEFT, LEFT],
    ["项目资金\n（万元）", "年初预算数", "全年执行数", "执行率", "得分"],
    ["↑", "1,237.50", "1,109.91", "89.69%", "8.97"],
    ["其中：本年\n财政拨款", "0.00", "", "7", "5"],
    ["其他资金", "/", "/", "≥95%", "10"],
]


def cells(found: Table) -> list[tuple[int, int, int, int, str]]:
    """Without the width of brackets and colons, which nobody can see in a picture."""
    return [(c.row, c.col, c.rowspan, c.colspan, plain(c.text)) for c in found.cells]


def as_pdf(*images: Image.Image) -> bytes:
    return encoded(images[0], "PDF", more=images[1:], quality=95)


def joined(*parts: bytes) -> bytes:
    """One PDF with the pages of several."""
    out = pypdfium2.PdfDocument.new()
    for part in parts:
        out.import_pages(pypdfium2.PdfDocument(part))
    buffer = io.BytesIO()
    out.save(buffer)
    return buffer.getvalue()


def where(x0: float, top: float, x1: float, bottom: float, angle: float, turned: int) -> tuple[float, ...]:
    """Where a box of an upright page lies when the page is askew and turned, its sides kept."""
    lean = complex(math.cos(math.radians(angle)), -math.sin(math.radians(angle)))
    middle = (complex((x0 + x1) / 2, (top + bottom) / 2) - complex(297.5, 421)) * lean + complex(297.5, 421)
    x, y, wide, tall = middle.real, middle.imag, x1 - x0, bottom - top
    for turn in range(turned):
        x, y, wide, tall = y, (842 if turn % 2 else 595) - x, tall, wide
    return (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)


@pytest.fixture(scope="module")
def form() -> tuple[Image.Image, list]:
    image = page()
    truth = [(*where, plain(text)) for *where, text in table(image, XS, YS, FORM)]
    write(image, 60, 300, "以上数据由单位财务部门提供，")
    write(image, 60, 330, "编制37人。", 16)
    return image, truth


# the published report


@pytest.fixture(scope="module")
def report(shared) -> tuple[Document, Document, float]:
    """The scan, the file with text, and the seconds that a page of the scan took."""
    path = shared / "reports" / "zhuzhou-2024-scan.pdf"
    if not path.is_file():
        pytest.skip("the scanned report (../shared/reports/zhuzhou-2024-scan.pdf) is not on this machine")
    start = time.process_time()
    scan = readers.read(path)
    return scan, readers.read(shared / "reports" / "zhuzhou-2024.pdf"), (time.process_time() - start) / 11


def rows(document: Document) -> Sequence[object]:
    """All rows of all tables, without their places and their wording."""
    found = extract(document)
    facts = [(type(f).__name__, {k: v for k, v in asdict(f).items() if k not in WORDING}) for f in found.facts]
    report = {k: v for k, v in asdict(found.report).items() if k not in OF_THE_FILE}
    return found.institute, found.fiscal_year, report, [issue.code for issue in found.issues], facts


def test_the_scan_gives_the_tables_of_the_report(report):
    scan, written, _ = report
    assert rows(scan) == rows(written)


def test_the_scan_has_the_cells_of_the_report(report):
    scan, written, _ = report
    assert scan.read_by_ocr == tuple(range(1, 12)) and not scan.unread_pages
    assert [t.shape for t in scan.tables] == [t.shape for t in written.tables]
    for mine, other in zip(scan.tables, written.tables, strict=True):
        for a, b in zip(mine.cells, other.cells, strict=True):
            assert (a.row, a.col, a.rowspan, a.colspan, a.page) == (b.row, b.col, b.rowspan, b.colspan, b.page)
            assert a.box == pytest.approx(b.box, abs=12)
            assert a.confidence is None if not a.text else 0 < a.confidence <= 1
            assert b.confidence is None


def test_what_is_doubtful_in_the_scan_is_little(report):
    codes = [issue.code for issue in doubts(report[0])]
    assert codes.count("read_by_ocr") == 11
    assert codes.count("uncertain_figure") <= 6
    assert not doubts(report[1])


def test_a_page_takes_less_than_two_seconds_on_two_processors(report):
    assert report[2] < 4, "seconds of processor time a page"


# pages that are drawn here


@pytest.mark.parametrize(
    ("angle", "noise", "turned"),
    [(0, 0, 0), (1.4, 8, 0), (-2.5, 4, 0), (0.6, 6, 1), (-0.6, 6, 3), (0.5, 4, 2)],
    ids=["clean", "askew", "more askew", "to the left", "to the right", "upside down"],
)
def test_a_form_is_read_as_it_was_drawn(form, angle, noise, turned):
    image, truth = form
    found = readers.read(encoded(scanned(image, angle, noise, turned)), "a.png")
    assert (found.format, found.pages, found.read_by_ocr) == ("image", 1, (1,))
    assert [(r, c, h, w) for r, c, h, w, _ in truth if h > 1 or w > 1] == [(0, 0, 1, 5), (1, 0, 2, 1)]
    assert cells(found.tables[0]) == truth
    assert "编制37人。" in found.paragraphs[-1].text
    assert found.tables[0].grid[2][1].box == pytest.approx(where(130, 120, 220, 170, angle, turned), abs=4)


def test_pages_of_a_tiff_continue_a_table():
    first, second = page(), page()
    table(first, XS[:4], [600, 640, 680, 720], [["指标", "目标", "完成"], ["甲类指标", "11", "12"], ["乙类指标", "13", "14"]])
    table(second, XS[:4], [60, 100, 140], [["指标", "目标", "完成"], ["丙类指标", "15", "16"]])
    data = encoded(first, "TIFF", more=[second], compression="tiff_deflate")
    found = readers.read(data, "a.tif")
    assert (found.pages, len(found.tables), found.tables[0].shape) == (2, 1, (4, 3))
    assert [c.text for c in found.tables[0].row(3)] == ["丙类指标", "15", "16"]
    assert {c.page for c in found.tables[0].cells} == {1, 2}


def test_jpeg_with_the_camera_held_sideways(form):
    image, truth = form
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned to the right
    data = encoded(image.rotate(90, expand=True), "JPEG", quality=90, exif=exif)
    found = readers.read(data, "a.jpg")
    assert cells(found.tables[0]) == truth
    assert found.tables[0].grid[2][1].box == pytest.approx((130, 120, 220, 170), abs=3)


def test_scanned_page_among_written_pages():
    image = page()
    table(image, XS[:4], [100, 140, 180], [["项目", "预算数", "决算数"], ["合计", "237.50", "9"]])
    found = readers.read(joined(pdf(text(60, 100, "第一页有文字。")), as_pdf(image), pdf(text(60, 100, "第三页有文字。"))), "a.pdf")
    assert (found.format, found.pages, found.read_by_ocr, found.unread_pages) == ("pdf", 3, (2,), ())
    assert [b.page for b in found.blocks] == [1, 2, 3]
    assert [c.text for c in found.tables[0].row(1)] == ["合计", "237.50", "9"]
    assert [p.confidence for p in found.paragraphs] == [None, None]
    assert found.tables[0].cells[0].box == pytest.approx((40, 100, 130, 140), abs=3)


def test_blank_pages_have_nothing_to_read():
    found = readers.read(encoded(scanned(page(), 0, 6), "TIFF", more=[page()]), "a.tif")
    assert (found.blocks, found.pages, found.read_by_ocr, found.unread_pages) == ((), 2, (), ())
    assert readers.read(as_pdf(page()), "a.pdf").unread_pages == ()


def test_a_picture_without_writing_is_named():
    image = page()
    image.paste(90, (300, 300, 1300, 1500))
    assert readers.read(encoded(image), "a.png").unread_pages == (1,)


def test_single_digits_that_the_detector_overlooks(monkeypatch, form):
    """The ink of a cell is read although no line of text was found in it."""
    image, truth = form
    find = scan_text.ocr.find_lines
    monkeypatch.setattr(scan_text.ocr, "find_lines", lambda image: [line for line in find(image) if np.ptp(line[:, 0]) > 40])
    found = readers.read(encoded(image), "a.png")
    assert cells(found.tables[0]) == truth


def test_pages_without_rulings_keep_their_columns():
    image = page()
    words = [
        ["项目", "预算数", "决算数"],
        ["基本支出", "772.48", "770.11"],
        ["项目支出", "293.78", "290.00"],
        ["合计", "1066.26", "1060.11"],
    ]
    table(image, [60, 220, 360, 500], [100, 130, 160, 190, 220], words, ruled=False)
    write(image, 60, 60, "收入支出决算总表", 14)
    found = readers.read(encoded(image), "a.png")
    assert [[c.text for c in found.tables[0].row(r)] for r in range(4)] == words
    assert [p.text for p in found.paragraphs] == ["收入支出决算总表"]
    assert [(note.code, note.place.page) for note in found.notes] == [("table_without_rulings", 1)]


def test_a_single_row_below_its_header_without_rulings():
    image = page()
    words = [["合计", "因公出国", "公务接待", "运行费"], ["35.44", "0", "2.44", "33"]]
    table(image, [60, 180, 300, 420, 540], [100, 130, 160], words, ruled=False)
    found = readers.read(encoded(image), "a.png")
    assert [[c.text for c in found.tables[0].row(r)] for r in range(2)] == words


def test_figures_outside_of_tables_are_named():
    image = page()
    # which of the columns the second label covers, nobody can tell
    words = [["合计", "公务用车", ""], ["", "小计", "运行费"], ["35.44", "33.05", "29.10"]]
    table(image, [60, 220, 360, 500], [100, 130, 160, 190], words, ruled=False)
    found = readers.read(encoded(image), "a.png")
    assert not found.tables
    assert [note.code for note in found.notes] == ["table_without_rulings"]
    assert "35.44, 33.05, 29.10" in found.notes[0].message


def test_tables_without_rulings_go_on_only_in_the_same_columns():
    def rows(*names: str) -> list[list[str]]:
        return [[f"{name}类支出", f"{ord(name) % 800 + 100}.50", f"{120 + n}.25"] for n, name in enumerate(names)]

    first, same, other = page(), page(), page()
    table(first, [60, 220, 360, 500], [640, 670, 700, 730, 760], [["项目", "预算", "决算"], *rows("甲", "乙", "丙")], ruled=False)
    table(same, [60, 220, 360, 500], [60, 90, 120, 150], rows("丁", "戊", "己"), ruled=False)
    table(other, [60, 290, 390, 500], [60, 90, 120, 150], rows("丁", "戊", "己"), ruled=False)
    assert [t.shape for t in readers.read(encoded(first, "TIFF", more=[same]), "a.tif").tables] == [(7, 3)]
    assert [t.shape for t in readers.read(encoded(first, "TIFF", more=[other]), "a.tif").tables] == [(4, 3), (3, 3)]


# figures


@pytest.mark.parametrize(
    ("read", "alone", "said"),
    [
        ("1O9.91", True, "109.91"),
        ("l,066.26", True, "1,066.26"),
        ("1066。26", True, "1066.26"),
        ("1.066.26", True, "1,066.26"),
        ("84%6", True, "84%"),
        ("共支出1O66。26万元", False, "共支出1066.26万元"),
        ("共12。其中3个", False, "共12。其中3个"),
        ("F1O", True, "F1O"),
        ("O", True, "O"),
        ("IO", False, "IO"),
        ("JJF1O99", True, "JJF1O99"),
    ],
)
def test_confusions_inside_figures(read, alone, said):
    reading = Reading(read, (0.99,) * len(read), tuple((i + 0.5) / len(read) for i in range(len(read))))
    found = mended(reading, alone)
    assert found.text == said and len(found.sure) == len(found.at) == len(said)
    assert (min(found.sure) == MENDED) == (said != read)


def test_a_mended_figure_is_an_issue(monkeypatch, form):
    image, _ = form
    spoil = {"8.97": "8。97", "编制37人。": "编制37人。"}
    read = scan_text.ocr.read_lines
    monkeypatch.setattr(
        scan_text.ocr, "read_lines", lambda images: [Reading(spoil.get(r.text, r.text), r.sure, r.at) for r in read(images)]
    )
    found = readers.read(encoded(image), "a.png")
    issues = {issue.code: issue for issue in doubts(found)}
    assert set(issues) == {"read_by_ocr", "uncertain_figure"}
    assert str(issues["read_by_ocr"].place) == "a.png#page=1"
    assert (issues["uncertain_figure"].printed, str(issues["uncertain_figure"].place)) == ("8.97", "a.png#page=1&table=1&row=3&col=5")
    assert MENDED < DOUBTFUL
    rows = parsing.parse_bytes(encoded(image), "a.png").rows["issues"]
    assert {"read_by_ocr", "uncertain_figure"} <= {row["code"] for row in rows}


# what is no page


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n" + b"\0" * 50, b"\xff\xd8\xff\xe0" + b"\0" * 50, b"II*\0" + b"\0" * 50, b"GIF89a" + b"\0" * 9]
)
def test_damaged_images(data):
    with pytest.raises(ReadingError) as caught:
        readers.read(data, "a.png")
    assert caught.value.code == "damaged_file"


def test_cut_images(form):
    for kind in ("PNG", "JPEG", "TIFF"):
        data = encoded(form[0], kind)
        with pytest.raises(ReadingError) as caught:
            readers.read(data[: len(data) // 2], "a.png")
        assert caught.value.code == "damaged_file"


def test_images_of_absurd_size():
    """A hundred thousand pixels square, packed into some kilobytes: refused before it is unpacked."""
    head = bytearray(encoded(Image.new("1", (8, 8))))
    head[16:24] = (100_000).to_bytes(4, "big") * 2
    head[29:33] = zlib.crc32(bytes(head[12:29])).to_bytes(4, "big")
    with pytest.raises(ReadingError, match="100,000 × 100,000 pixels") as caught:
        readers.read(bytes(head), "a.png")
    assert caught.value.code == "too_large"
    strip = encoded(Image.new("L", (9000, 12), 255))
    assert readers.read(strip, "a.png").blocks == ()


def test_a_coarse_image_is_named(form):
    small = form[0].resize((form[0].width // 2, form[0].height // 2), Image.Resampling.BOX)
    note = readers.read(encoded(small, dpi=(100, 100)), "a.png").notes[0]
    assert (note.code, str(note.place)) == ("low_resolution", "a.png#page=1") and "100 dpi" in note.message
    document = readers.read(encoded(small, "PDF", dpi=(100, 100)), "a.pdf")
    assert [note.code for note in document.notes] == ["low_resolution"]


def test_show_outlines_the_cell_of_an_image(form, tmp_path):
    (tmp_path / "a.png").write_bytes(encoded(form[0]))
    image = show("a.png#page=1&table=1&row=3&col=2", tmp_path)
    reds = sum(count for count, colour in image.getcolors(1 << 24) if colour == (200, 0, 0))
    assert image.width < 1100 and image.height < 600 and reds > 300
    assert show("a.png#page=1", tmp_path).width == 1240


def test_ocr_is_imported_for_scans_only():
    code = (
        "import sys; from jixiao import parsing; parsing.parse_file(sys.argv[1], 'a.pdf');"
        "assert not {'rapidocr', 'onnxruntime', 'cv2'} & set(sys.modules), 'a file with text needs no OCR'"
    )
    path = readers.__file__.replace("lib/jixiao/readers/__init__.py", "data/raw/zhuzhou-2024.pdf")
    subprocess.run([sys.executable, "-c", code, path], check=True)
