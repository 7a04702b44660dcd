"""The quick reading of PDF pages against pdfplumber's own: the same characters, paths and cells, on every PDF there is."""

from __future__ import annotations

import io
import random
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pytest
from pdfminer.pdffont import PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import resolve1
from pdfplumber.page import Page

from generated.families import FAMILIES
from generated.formats import written_as
from jixiao.readers import pdf as reader
from jixiao.readers import pdf_content, pdf_edges, pdf_plain
from jixiao.readers.pdf_content import Content
from jixiao.readers.pdf_operations import Fonts, Unusual
from tiny_pdf import grid, line, pdf, table, text

ROOT = Path(__file__).parents[1]
PUBLISHED = [*sorted((ROOT / "data/raw").glob("*.pdf")), *sorted((ROOT.parent / "shared").glob("*/*.pdf"))]
NEAR = 1e-6  # points: the same sum in another order


def rectangle(x0: float, y0: float, width: float, height: float, paint: str = "f") -> str:
    return f"{x0} {y0} {width} {height} re {paint}\n"


WORDS = text(60, 100, "预算数 12.5") + text(60, 200, "旁注", turned=True)
GRID = table([50, 150, 250], [300, 320, 340], [["项目", "金额"], ["合计", "12"]])
SONG = "".join(f"{ord(char):04x}" for char in "年度 预算")
CONTENTS = {
    "words": WORDS,
    "table": GRID,
    "spacing": f"BT /F1 9 Tf 2 Tc 3 Tw 80 Tz 4 Ts 14 TL 60 700 Td [<{SONG}> -250 <{SONG}>12.5<5e74>] TJ T* <{SONG}> Tj <{SONG}> ' ET\n",
    "lines below": f"BT /F1 9 Tf 60 700 Td <{SONG}> Tj 0 -20 TD <{SONG}> Tj T* <{SONG}> Tj 3 0 0 -3 60 500 Tm <{SONG}> Tj ET\n",
    "escapes": r"BT /F1 9 Tf 60 700 Td (\116\121\\\)x) Tj (^t\(^t\)) Tj [(N\n) 3 (N(^t)(()))(\7\x)] TJ ET" + "\n",
    "slanted": f"BT /F1 9 Tf 1 0 .3 1 60 700 Tm <{SONG}> Tj .7 .7 -.7 .7 60 500 Tm <{SONG}> Tj -1 0 0 -1 300 400 Tm <{SONG}> Tj ET\n",
    "rectangles": "q 1 g 0 0 9 9 re f Q .2 .3 0 rg " + rectangle(50, 50, 90, 0.5) + rectangle(50, 9, 9, 0, "B*") + rectangle(9, 9, -9, -9),
    "drawn apart": "50 50 m 90 50 l 90 80 l 50 80 l h S 50 50 m 90 60 l S 20 20 m 30 20 l 30 40 l b* 5 5 m 9 9 l 9 5 l 5 5 l 7 7 l f",
    "curves": "50 50 m 60 80 70 80 90 50 c 100 50 120 70 v 130 60 140 50 y s",
    "two in one": "50 50 m 90 50 l 10 10 20 30 re 70 70 m S 10 10 20 30 re 60 60 40 40 re f*",
    "clipped": "q 10 10 500 700 re W* n " + WORDS + "Q 20 20 30 30 re W n " + rectangle(60, 60, 50, 50),
    "matrices": "q .5 0 0 -.5 20 700 cm " + WORDS + rectangle(50, 50, 90, 30) + "q 0 1 -1 0 300 0 cm " + GRID + "Q Q Q " + GRID,
    "skewed": "q 1 .2 0 1 0 0 cm " + GRID + rectangle(60, 60, 50, 50) + "Q",
    "colours": "/DeviceRGB cs 1 1 1 scn /DeviceCMYK CS 0 0 0 0 SCN " + GRID + "0 0 0 0 k 1 0 0 RG " + rectangle(60, 60, 50, 50, "B"),
    "marked": "/P <</MCID 0/ActualText(a>b\\))/E<FEFF0020>>> BDC\n" + WORDS + "EMC /Artifact BMC " + GRID + "EMC",
    "doubled": text(60, 100, "合计11") + text(60.4, 100, "合计11"),
    "off the page": text(700, 100, "看不见") + text(60, -40, "看不见"),
}  # fmt: skip
UNUSUAL = {
    "a picture inside": "q 40 0 0 40 60 60 cm BI /W 1 /H 1 /BPC 8 /CS /G ID \x7f EI Q " + GRID,
    "a comment": "% drawn by hand\n" + GRID,
    "a number too few": "60 700 90 re f " + GRID,
    "an unknown operator": "1 2 XX " + GRID,
    "a font that is not there": "BT /F9 9 Tf 60 700 Td (a) Tj ET " + GRID,
    "text without a font": "BT 60 700 Td (a) Tj ET " + GRID,
    "brackets within brackets": "BT /F1 9 Tf 60 700 Td ((((((^t)))))) Tj ET " + GRID,
    "a pattern for a colour": "/Pattern cs /P1 scn " + GRID,
}
PAGES = {
    "": "",
    "turned": "/Rotate 90",
    "upside down": "/Rotate 180",
    "cropped": "/CropBox[100 42 500 742]",
    "moved": "/MediaBox[10 42 500 742]",
}


def pages(data: bytes) -> list[tuple[Page, Page]]:
    """Each page twice, so that neither reading sees what the other left behind."""
    one, other = (pdfplumber.open(io.BytesIO(data), raise_unicode_errors=False) for _ in range(2))
    return list(zip(one.pages, other.pages, strict=True))


def chars(content: Content) -> list[tuple]:
    return [(c["text"], *(pytest.approx(c[side], abs=NEAR) for side in ("x0", "top", "x1", "bottom", "size"))) for c in content.chars]


def shapes(content: Content) -> list[tuple]:
    found = sorted(content.shapes, key=lambda shape: ("line", "rect", "curve").index(shape.kind))
    return [(s.kind, pytest.approx(s.box, abs=NEAR), s.stroke, s.fill, s.stroking, s.filling) for s in found]


def cells(page: Page) -> list[list[tuple]]:
    """pdfplumber's own tables, from the lines that can be seen and those that close an open side."""

    def seen(obj: dict) -> bool:
        return obj["object_type"] in ("line", "rect", "curve") and pdf_plain.shape(obj).visible

    page = page.filter(seen)
    edges = [edge for edge in page.edges if edge["orientation"] and max(edge["width"], edge["height"]) >= pdf_edges.SHORTEST]
    return [table.cells for table in page.find_tables(pdf_edges.missing_sides(edges))] if len(edges) >= 4 else []


def compare(data: bytes) -> None:
    fonts = Fonts()
    for quick, plain in pages(data):
        found, wanted = pdf_content.read(quick, fonts), pdf_plain.read(plain)
        assert chars(found) == [(c["text"], *(c[side] for side in ("x0", "top", "x1", "bottom", "size"))) for c in wanted.chars]
        assert shapes(found) == [(s.kind, s.box, *s[3:]) for s in wanted.shapes]
        assert found.images == wanted.images
        mine, theirs = (sorted(sorted(each) for each in tables) for tables in (pdf_edges.tables(found.shapes), cells(plain)))
        assert mine == [[pytest.approx(cell, abs=NEAR) for cell in each] for each in theirs]


def plainly(data: bytes, monkeypatch) -> object:
    """The document that comes of pdfplumber alone."""

    def refuse(page, fonts):
        raise Unusual("not now")

    with monkeypatch.context() as patch:
        patch.setattr(pdf_content, "read", refuse)
        return reader.read(data, "a.pdf")


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_published_files(path, monkeypatch):
    compare(path.read_bytes())
    if "scan" not in path.stem:
        assert reader.read(path.read_bytes(), "a.pdf") == plainly(path.read_bytes(), monkeypatch)


@pytest.mark.parametrize("family", FAMILIES)
def test_drawn_files(family, monkeypatch):
    for seed in random.Random(family).sample(range(1000), 2):
        data = written_as(FAMILIES[family](seed), "pdf")
        compare(data)
        assert reader.read(data, "a.pdf") == plainly(data, monkeypatch)


@pytest.mark.parametrize("extra", PAGES)
@pytest.mark.parametrize("name", CONTENTS)
def test_contents_of_every_kind(name, extra):
    compare(pdf(CONTENTS[name], extra=PAGES[extra]))


@pytest.mark.parametrize("name", UNUSUAL)
def test_what_is_unusual_is_left_to_pdfplumber(name):
    data = pdf(UNUSUAL[name])
    with pytest.raises(Unusual):
        compare(data)
    assert [c.text for c in reader.read(data, "a.pdf").tables[0].cells] == ["项目", "金额", "合计", "12"]


def test_text_set_downwards_is_left_to_pdfplumber(monkeypatch):
    data = pdf(WORDS).replace(b"UniGB-UCS2-H", b"UniGB-UCS2-V")
    with pytest.raises(Unusual):
        compare(data)
    assert reader.read(data, "a.pdf").paragraphs


def test_forms_within_a_page():
    form = "<</Type/XObject/Subtype/Form/BBox[0 0 500 500]/Matrix[.5 0 0 .5 20 30]/Length {}>>stream\n{}\nendstream"
    content = "q 1 0 0 1 40 50 cm /Fx Do Q " + WORDS
    body = "0 0 1 rg " + GRID + WORDS
    data = pdf(content, WORDS, extra="/Resources<</Font<</F1 3 0 R>>/XObject<</Fx 8 0 R>>>>")
    data = data.replace(b"xref\n", b"8 0 obj\n" + form.format(len(body), body).encode() + b"\nendobj\nxref\n", 1)
    compare(data.replace(b"/Resources<</Font<</F1 3 0 R>>>>", b"", 2))


def test_lines_drawn_as_narrow_rectangles_close_their_open_sides():
    """The ends of such lines are no lines of their own."""
    across = "".join(rectangle(50, y, 300, 0.5) for y in (700, 720, 740))
    down = "".join(rectangle(x, 700, 0.5, 40) for x in (150, 250))
    words = "".join(text(53 + 100 * c, 104 + 20 * r, word, 10) for r, row in enumerate(["甲乙丙", "123"]) for c, word in enumerate(row))
    found = reader.read(pdf(across + down + words), "a.pdf").tables[0]
    assert [[c.text for c in found.row(r)] for r in range(2)] == [["甲", "乙", "丙"], ["1", "2", "3"]]


def test_a_curve_beside_a_table_does_no_harm():
    page = GRID + "400 400 m 420 430 l 440 400 l s 400 600 m 420 640 440 640 460 600 c S"
    assert [c.text for c in reader.read(pdf(page), "a.pdf").tables[0].cells] == ["项目", "金额", "合计", "12"]


def test_many_lines_of_one_table():
    """Where each cell is a rectangle of its own, lines stand beside each other."""
    boxes = "".join(rectangle(50 + 100 * c, 700 - 20 * r, 99.4, 19.4, "S") for r in range(3) for c in range(3))
    compare(pdf(boxes + grid([50, 150], [300, 320]) + line(10, 10, 10.5, 10)))


@pytest.mark.parametrize("seed", range(12))
def test_tables_with_gaps_in_their_lines(seed):
    """Merged cells of every kind, and lines of which some go through under all others."""
    draw = random.Random(seed)
    xs, ys = ([50 + step * n for n in range(draw.randint(2, 7))] for step in (60, 25))
    across = [(a, y, b, y) for y in ys for a, b in pairwise(xs) if draw.random() < 0.9 or y == ys[0]]
    down = [(x, a, x, b) for x in xs for a, b in pairwise(ys) if draw.random() < 0.8]
    beside = [(500 + x / 10, y, 500 + x / 10, y + 30) for x, y in zip(xs, ys, strict=False)]
    compare(pdf("".join(line(*each) for each in across + down + beside * draw.randint(0, 1))))


def test_numbers_that_touch_each_other():
    """Blanks are not needed where a sign or a point begins the next number; pdfplumber alone reads it, if nobody else does."""
    data = pdf("BT /F1 9 Tf 60 700 Td [(N)-250(N)-100-100(N)]TJ ET 1 0 0 1 5 5cm 50 50 m 90 50 l S 50-50 m 90 50 l S " + GRID)
    with pytest.raises(Unusual):
        compare(data)
    assert [c.text for c in reader.read(data, "a.pdf").tables[0].cells] == ["项目", "金额", "合计", "12"]
    compare(pdf("BT /F1 9 Tf 60 700 Td[(N)-250(N)-100-100(N)]TJ ET 1 0 0 1 5 5cm 50 50 m 90 50 l S " + GRID))


def test_a_character_that_a_font_does_not_name_comes_out_of_its_file(root):
    def told(font):
        texts = []
        for cid in range(256):
            try:
                texts.append(font.to_unichr(cid))
            except PDFUnicodeNotDefined:
                texts.append(None)
        return texts

    seen = 0
    with pdfplumber.open(root / "data" / "raw" / "zhuzhou-2024.pdf") as pdf:
        for ref in resolve1(pdf.pages[0].page_obj.resources["Font"]).values():
            spec = resolve1(ref)
            late, whole = Fonts().manager.get_font(None, spec), PDFResourceManager().get_font(None, spec)
            assert told(late) == told(whole)
            seen += type(late) is not type(whole)
            late, whole = Fonts().manager.get_font(None, spec), PDFResourceManager().get_font(None, spec)
            for font in (late, whole):
                font.unicode_map.cid2unichr.clear()
            assert told(late) == told(whole)  # of the standard encoding, which pdfminer begins with, nothing is left
    assert seen
