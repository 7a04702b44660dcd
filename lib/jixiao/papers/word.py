"""A paper as DOCX, in the styles of a Chinese official document after GB/T 9704—2012 (党政机关公文格式).

A4 with its margins, 28 characters a line and 22 lines a page, title in 小标宋 of size 2, text in 仿宋 of size 3, headings in 黑体, 楷体
and 仿宋. A reader's machine may lack a font: each names those that stand in for it.
"""

from __future__ import annotations

import io

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph as WordParagraph

from .model import TEXT_WIDTH_MM, Block, Figure, Heading, Paper, Paragraph, Run, Table
from .word_styles import CELL, FIGURE_CAPTION, QUIET, TABLE_CAPTION, element, plain, prepare

TALLEST_MM = 190  # a picture and its caption stay on one page


def write_docx(paper: Paper) -> bytes:
    """The file's content."""
    document = Document()
    prepare(document, paper.language)
    document.core_properties.title = plain(paper.title)
    document.core_properties.author = document.core_properties.last_modified_by = "jixiao"
    document.core_properties.comments = ""
    document.core_properties.language = "zh-CN" if paper.language == "zh" else "en-US"
    for number, block in enumerate(paper.blocks, start=1):
        _add(document, block, number)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _add(document: Document, block: Block, number: int) -> None:
    if isinstance(block, Heading):
        text = plain(block.number + block.text)
        document.add_paragraph(text, style="Title" if block.level == 1 else f"Heading {min(block.level, 4) - 1}")
    elif isinstance(block, Paragraph):
        paragraph = document.add_paragraph(style=QUIET if block.quiet else "List Bullet" if block.bullet else "Normal")
        for run in block.runs:
            _add_run(paragraph, run)
    elif isinstance(block, Table):
        _add_table(document, block)
    else:
        _add_figure(document, block, number)


def _add_run(paragraph: WordParagraph, run: Run) -> None:
    """A run, as a link to the evidence where it leads to any."""
    if not run.href:
        paragraph.add_run(plain(run.text))
        return
    target = paragraph.part.relate_to(run.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    link = element("w:hyperlink", {"r:id": target, "w:tooltip": plain(run.title)} if run.title else {"r:id": target})
    added = paragraph.add_run(plain(run.text))
    if run.title:
        added._r.get_or_add_rPr().append(element("w:u", {"w:val": "dotted", "w:color": "C80000"}))
    link.append(added._r)
    paragraph._p.append(link)


def _add_table(document: Document, block: Table) -> None:
    """Caption above, ruled with thin lines; the head comes again on each page, no row is divided, and the widths are set."""
    document.add_paragraph(plain(f"{block.label}  {block.title}"), style=TABLE_CAPTION)
    size, shares = block.layout()
    widths, style = [Mm(TEXT_WIDTH_MM * share) for share in shares], document.styles[CELL].style_id
    table = document.add_table(rows=1 + len(block.rows), cols=len(block.head), style="Table Grid")
    table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
    table._tbl.tblPr.append(_cell_margins())
    for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
        column.set(qn("w:w"), str(width.twips))
    heads = tuple(Run(text) for text in block.head)
    for at, (row, cells) in enumerate(zip(table._tbl.tr_lst, (heads, *block.rows), strict=True)):
        properties = row.get_or_add_trPr()
        properties.append(OxmlElement("w:cantSplit"))
        if at == 0:
            properties.append(OxmlElement("w:tblHeader"))
        for cell, run, width, right in zip(row.tc_lst, cells, widths, block.right, strict=True):
            cell.width = width
            cell.get_or_add_tcPr().append(element("w:vAlign", {"w:val": "center"}))
            paragraph = WordParagraph(cell.p_lst[0], table)
            paragraph._p.style = style
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER if at == 0 else WD_ALIGN_PARAGRAPH.RIGHT if right else WD_ALIGN_PARAGRAPH.LEFT
            _add_run(paragraph, run)
            for added in paragraph._p.iter(qn("w:r")):
                properties = added.get_or_add_rPr()
                properties.append(element("w:sz", {"w:val": str(round(size * 2))}))
    document.add_paragraph(plain(block.note), style=QUIET)


def _cell_margins() -> OxmlElement:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margins.append(element(f"w:{side}", {"w:w": "50", "w:type": "dxa"}))
    return margins


def _add_figure(document: Document, block: Figure, number: int) -> None:
    paragraph = document.add_paragraph(style=CELL)
    paragraph.alignment, paragraph.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
    shape = paragraph.add_run().add_picture(io.BytesIO(block.png))
    scale = min(Mm(TEXT_WIDTH_MM) / shape.width, Mm(TALLEST_MM) / shape.height)
    shape.width, shape.height = round(shape.width * scale), round(shape.height * scale)
    told = shape._inline.docPr
    told.set("id", str(number))
    told.set("name", block.label)
    told.set("descr", plain(block.alt))
    document.add_paragraph(plain(f"{block.label}  {block.title}"), style=FIGURE_CAPTION)
