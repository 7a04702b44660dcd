"""The page and the styles of a DOCX after GB/T 9704—2012, and the few pieces of WordprocessingML that python-docx has no words for."""

from __future__ import annotations

import re
from typing import Any

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

LATIN = "Times New Roman"
TITLE, SONG, HEI, KAI, FANG = "方正小标宋简体", "宋体", "黑体", "楷体", "仿宋"
STAND_INS = {  # where a machine lacks a font: names under which other systems have it, or one like it
    TITLE: "方正小标宋_GBK,FZXiaoBiaoSong-B05S,华文中宋,STZhongsong,宋体,SimSun,Songti SC,Noto Serif CJK SC",
    SONG: "SimSun,Songti SC,STSong,Noto Serif CJK SC,AR PL UMing CN",
    HEI: "SimHei,Heiti SC,STHeiti,Microsoft YaHei,Noto Sans CJK SC,WenQuanYi Zen Hei",
    KAI: "楷体_GB2312,KaiTi,KaiTi_GB2312,Kaiti SC,STKaiti,AR PL UKai CN",
    FANG: "仿宋_GB2312,FangSong,FangSong_GB2312,STFangsong,宋体,SimSun,Noto Serif CJK SC",
}
TABLE_CAPTION, FIGURE_CAPTION, CELL, QUIET = "Table Caption", "Figure Caption", "Table Text", "Small Print"
LINE = Pt(28.95)  # 22 lines in 225 mm
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plain(text: str) -> str:
    """`text` without the characters that XML cannot hold; each becomes �, so that it is seen that one stood there."""
    return _NO_XML.sub("\ufffd", text)


def element(tag: str, attributes: dict[str, str]) -> Any:
    """An element of WordprocessingML."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(name), value)
    return made


def prepare(document: Document, language: str) -> None:
    """The page, the fonts, the styles and the page numbers."""
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(37), Mm(35), Mm(28), Mm(26)
    section.footer_distance = Mm(28)  # the page number stands 7 mm below the text
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)
    if language == "zh":
        section._sectPr.append(element("w:docGrid", {"w:type": "lines", "w:linePitch": "579"}))
    _styles(document, language)
    _fonts(document)
    _page_numbers(document, section)


def _styles(document: Document, language: str) -> None:
    chinese = language == "zh"
    _style(document, "Normal", FANG, 16 if chinese else 12, indent=2 if chinese else 0, justify=chinese, line=LINE if chinese else Pt(20))
    _style(document, "Title", TITLE, 22, align=WD_ALIGN_PARAGRAPH.CENTER, line=Pt(32), after=20)
    for number, font in enumerate((HEI, KAI, FANG), start=1):
        name = f"Heading {number}"
        _style(document, name, font, 16 if chinese else 16 - number, indent=2 if chinese else 0, before=6, keep=True, bold=not chinese)
    _style(document, "List Bullet", FANG, 16 if chinese else 12, justify=chinese, line=LINE if chinese else Pt(20))
    _style(document, TABLE_CAPTION, HEI, 12 if chinese else 10.5, align=WD_ALIGN_PARAGRAPH.CENTER, line=Pt(18), before=8, keep=True)
    _style(document, FIGURE_CAPTION, HEI, 12 if chinese else 10.5, align=WD_ALIGN_PARAGRAPH.CENTER, line=Pt(18), after=8)
    _style(document, CELL, SONG, 10.5)
    _style(document, QUIET, FANG, 10.5, line=Pt(16), after=4)
    document.styles[CELL].paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
    for name in (CELL, QUIET, TABLE_CAPTION, FIGURE_CAPTION):
        _off_the_grid(document.styles[name])
    if chinese:  # as paragraphs do, an item begins two characters in; its other lines stand under its first word
        item = document.styles["List Bullet"].paragraph_format
        item.left_indent, item.first_line_indent = Pt(16 * 3), Pt(-16)
    if chinese:  # 28 characters of size 3 are a little wider than the line: a grid of characters is not drawn alike by all programs
        document.styles["Normal"].element.rPr.append(element("w:spacing", {"w:val": "-5"}))
        for name in (CELL, QUIET, TABLE_CAPTION, FIGURE_CAPTION):
            document.styles[name].element.rPr.append(element("w:spacing", {"w:val": "0"}))


def _style(document: Document, name: str, font: str, size: float, *, indent: int = 0, align: Any = None, justify: bool = False,
           line: Any = None, before: float = 0, after: float = 0, keep: bool = False, bold: bool = False) -> None:  # fmt: skip
    styles = document.styles
    style = styles[name] if name in styles else styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.name, style.font.size, style.font.bold, style.font.italic = LATIN, Pt(size), bold, False
    style.font.color.rgb = RGBColor(0, 0, 0)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        del fonts.attrib[attribute]
    for attribute, value in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", font)):
        fonts.set(qn(f"w:{attribute}"), value)
    form = style.paragraph_format
    form.space_before, form.space_after, form.keep_with_next, form.widow_control = Pt(before), Pt(after), keep, True
    form.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY if justify else align if align is not None else WD_ALIGN_PARAGRAPH.LEFT
    if line is not None:
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, line
    properties = style.element.get_or_add_pPr()
    for old in (*properties.findall(qn("w:pBdr")), *(properties.findall(qn("w:ind")) if name != "List Bullet" else ())):
        properties.remove(old)
    if name != "List Bullet":
        form.first_line_indent = Pt(size * indent)
        properties.find(qn("w:ind")).set(qn("w:firstLineChars"), str(indent * 100))


def _off_the_grid(style: Any) -> None:
    """Cells, captions and notes do not keep to the lines of the page."""
    properties = style.element.get_or_add_pPr()
    properties.insert(0, element("w:snapToGrid", {"w:val": "0"}))


def _fonts(document: Document) -> None:
    """Names of stand-ins in the table of fonts, where Word and LibreOffice look for a font that is not there."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    part = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    fonts = parse_xml(part.blob)
    for name, others in STAND_INS.items():
        font = parse_xml(f'<w:font {nsdecls("w")} w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="86"/></w:font>')
        fonts.append(font)
    from lxml import etree

    part._blob = etree.tostring(fonts, xml_declaration=True, encoding="UTF-8", standalone=True)


def _page_numbers(document: Document, section: Any) -> None:
    """— 1 — in 宋体 of size 4: odd pages at the right, even ones at the left, one character in from the margin."""
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, WD_ALIGN_PARAGRAPH.RIGHT), (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT)):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        form = paragraph.paragraph_format
        form.first_line_indent = Pt(0)
        form.right_indent, form.left_indent = (Pt(14), Pt(0)) if side == WD_ALIGN_PARAGRAPH.RIGHT else (Pt(0), Pt(14))
        for kind, text in ((None, "— "), ("begin", ""), ("code", " PAGE "), ("separate", ""), (None, "1"), ("end", ""), (None, " —")):
            run = paragraph.add_run(text if kind is None else "")
            run.font.size, run.font.name = Pt(14), SONG
            run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), SONG)
            if kind == "code":
                code = OxmlElement("w:instrText")
                code.set(qn("xml:space"), "preserve")
                code.text = text
                run._r.append(code)
            elif kind is not None:
                run._r.append(element("w:fldChar", {"w:fldCharType": kind}))
