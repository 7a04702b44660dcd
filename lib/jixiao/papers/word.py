"""A paper as DOCX, in the styles of a Chinese official document after GB/T 9704—2012 (党政机关公文格式).

A4 with its margins, 28 characters a line and 22 lines a page, title in 小标宋 of size 2, text in 仿宋 of size 3, headings in 黑体, 楷体
and 仿宋. A reader's machine may lack a font: each names those that stand in for it.
"""

from __future__ import annotations

import io
from functools import cache
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.text.paragraph import Paragraph as WordParagraph

from .model import TEXT_WIDTH_MM, Block, Figure, Heading, Paper, Paragraph, Run, Table
from .word_styles import CELL, FIGURE_CAPTION, QUIET, TABLE_CAPTION, element, plain, prepare

MOST_OF_PROPERTY = 255  # characters; python-docx takes no more
TALLEST_MM = 190  # a picture and its caption stay on one page


def write_docx(paper: Paper) -> bytes:
    """The file's content."""
    document = Document()
    prepare(document, paper.language)
    document.core_properties.title = plain(paper.title)[:MOST_OF_PROPERTY]
    document.core_properties.author = document.core_properties.last_modified_by = "jixiao"
    document.core_properties.comments = ""
    document.core_properties.language = "zh-CN" if paper.language == "zh" else "en-US"
    writer = _Writer(document)
    for number, block in enumerate(paper.blocks, start=1):
        writer.add(block, number)
    buffer = io.BytesIO()
    document.save(buffer)
    return _undated(buffer)


def _undated(package: io.BytesIO) -> bytes:
    """The package without the time when its parts were written: the same paper gives the same bytes."""
    copy = io.BytesIO()
    with ZipFile(package) as old, ZipFile(copy, "w", ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(ZipInfo(name), old.read(name), ZIP_DEFLATED)
    return copy.getvalue()


class _Writer:
    """Adds blocks to a document. python-docx looks through all styles for each paragraph, and the table for each cell: not here."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._style = cache(lambda name: document.part.get_style_id(name, WD_STYLE_TYPE.PARAGRAPH))

    def add(self, block: Block, number: int) -> None:
        if isinstance(block, Heading):
            self._paragraph("Title" if block.level == 1 else f"Heading {min(block.level, 4) - 1}", block.number + block.text)
        elif isinstance(block, Paragraph):
            paragraph = self._paragraph(QUIET if block.quiet else "List Bullet" if block.bullet else "Normal")
            for run in block.runs:
                self._run(paragraph._p, run)
        elif isinstance(block, Table):
            self._table(block)
        else:
            self._figure(block, number)

    def _paragraph(self, style: str, text: str = "") -> WordParagraph:
        paragraph = self.document.add_paragraph(plain(text))
        paragraph._p.style = self._style(style)
        return paragraph

    def _run(self, paragraph: Any, run: Run) -> Any:
        """A run, as a link to the evidence where it leads to any."""
        added = paragraph.add_r()
        added.text = plain(run.text)
        if not run.href:
            return added
        target = self.document.part.relate_to(run.href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        link = element("w:hyperlink", {"r:id": target, "w:tooltip": plain(run.title)} if run.title else {"r:id": target})
        if run.title:
            added.get_or_add_rPr().append(element("w:u", {"w:val": "dotted", "w:color": "C80000"}))
        link.append(added)
        paragraph.append(link)
        return added

    def _table(self, block: Table) -> None:
        """Caption above, ruled with thin lines; the head comes again on each page, no row is divided, and the widths are set."""
        self._paragraph(TABLE_CAPTION, f"{block.label}  {block.title}")
        size, shares = block.layout()
        widths = [str(Mm(TEXT_WIDTH_MM * share).twips) for share in shares]
        table = self.document.add_table(rows=0, cols=len(block.head), style="Table Grid")
        table.autofit, table.alignment = False, WD_TABLE_ALIGNMENT.CENTER
        table._tbl.tblPr.append(_cell_margins())
        for column, width in zip(table._tbl.tblGrid.findall(qn("w:gridCol")), widths, strict=True):
            column.set(qn("w:w"), width)
        sides, letters = ["right" if right else "left" for right in block.right], str(round(size * 2))
        for at, cells in enumerate((tuple(map(Run, block.head)), *block.rows)):
            row = _under(table._tbl, "w:tr")
            properties = _under(row, "w:trPr")
            _under(properties, "w:cantSplit")
            if at == 0:
                _under(properties, "w:tblHeader")
            for run, width, side in zip(cells, widths, sides, strict=True):
                self._run(self._cell(row, width, side if at else "center"), run).get_or_add_rPr().append(
                    element("w:sz", {"w:val": letters})
                )
        self._paragraph(QUIET, block.note)

    def _cell(self, row: Any, width: str, side: str) -> Any:
        """The paragraph of a new cell, the last of `row`."""
        cell = _under(row, "w:tc")
        properties = _under(cell, "w:tcPr")
        _under(properties, "w:tcW", {"w:type": "dxa", "w:w": width})
        _under(properties, "w:vAlign", {"w:val": "center"})
        paragraph = _under(cell, "w:p")
        properties = _under(paragraph, "w:pPr")
        _under(properties, "w:pStyle", {"w:val": self._style(CELL)})
        _under(properties, "w:jc", {"w:val": side})
        return paragraph

    def _figure(self, block: Figure, number: int) -> None:
        paragraph = self._paragraph(CELL)
        paragraph.alignment, paragraph.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
        shape = paragraph.add_run().add_picture(io.BytesIO(block.png))
        scale = min(Mm(TEXT_WIDTH_MM) / shape.width, Mm(TALLEST_MM) / shape.height)
        shape.width, shape.height = round(shape.width * scale), round(shape.height * scale)
        told = shape._inline.docPr
        told.set("id", str(number))
        told.set("name", block.label)
        told.set("descr", plain(block.alt))
        self._paragraph(FIGURE_CAPTION, f"{block.label}  {block.title}")


def _under(parent: Any, tag: str, attributes: dict[str, str] | None = None) -> Any:
    """A new element, the last in `parent`."""
    parent.append(made := element(tag, attributes or {}))
    return made


def _cell_margins() -> OxmlElement:
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        _under(margins, f"w:{side}", {"w:w": "50", "w:type": "dxa"})
    return margins
