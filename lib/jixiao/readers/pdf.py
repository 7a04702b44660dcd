"""PDF files to a Document: ruled tables with merged cells, prose between them, both over page breaks."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass, replace

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page

from jixiao.document import Document, Paragraph, ReadingError, Table
from jixiao.readers import pdf_tables
from jixiao.readers.pdf_checks import check_file, check_page, check_pages
from jixiao.readers.pdf_lines import Line, lines_of
from jixiao.readers.pdf_prose import Prose, Sheet, furniture
from jixiao.readers.pdf_tables import Piece
from jixiao.readers.pdf_view import View, chars_of, view_of

# what pdfminer has to say about odd fonts and colours helps nobody who reads a report
logging.getLogger("pdfminer").setLevel(logging.ERROR)

FEW = 30  # characters: a page number, a stamp of the scanner
MANY = 300  # curves: text that was drawn and not written


@dataclass(frozen=True, slots=True)
class _Leaf:
    """What was read from one page."""

    sheet: Sheet
    view: View
    pieces: tuple[Piece, ...]
    readable: bool


def read(data: bytes, name: str) -> Document:
    """The document in a PDF file's bytes. Raises ReadingError (`encrypted_file`, `damaged_file`), nothing else.

    Pages whose text is a picture are named in `unread_pages`; where no page has any text the document has no blocks.
    """
    try:
        leaves = _leaves(data)
        blocks = tuple(_blocks(leaves))
    # bytes that are not what they say make pdfminer fail in every way there is, and it is always the file's fault
    except Exception as error:
        cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
        if isinstance(cause, PDFPasswordIncorrect):
            message = f"{name} is locked with a password: save a copy without one and read that"
            raise ReadingError(message, "encrypted_file") from error
        why = str(cause) or type(cause).__name__
        message = f"{name} is damaged or not complete ({why[:200]}): fetch the file again from where it was published"
        raise ReadingError(message, "damaged_file") from error
    unread = tuple(leaf.sheet.number for leaf in leaves if not (leaf.readable and blocks))
    return Document(name, "pdf", blocks, len(leaves), unread)


def _leaves(data: bytes) -> list[_Leaf]:
    check_file(data)
    leaves: list[_Leaf] = []
    with pdfplumber.open(io.BytesIO(data), raise_unicode_errors=False) as pdf:
        check_pages(pdf)
        for page in pdf.pages:
            check_page(page)
            before = leaves[-1].pieces[-1] if leaves and leaves[-1].pieces else None
            leaves.append(_leaf(page, before))
            page.close()  # a page's characters are many; nothing below needs them
    return leaves


def _leaf(page: Page, before: Piece | None) -> _Leaf:
    view = view_of(page)
    chars = chars_of(page, view)
    texts = [c["text"] for c in chars if not c["text"].isspace()]
    unknown = sum(text.startswith("(cid:") for text in texts) / max(1, len(texts))
    if unknown > 0.5:
        chars = []  # a font that does not say which characters it shows: what comes out is no text
    pieces, rest = pdf_tables.find(page, view, chars, before)
    lines = tuple(lines_of(rest, page.page_number))
    readable = unknown < 0.05 and _is_written(page, view, len(texts))
    return _Leaf(Sheet(page.page_number, view.wide, view.tall, lines), view, tuple(pieces), readable)


def _is_written(page: Page, view: View, characters: int) -> bool:
    """Whether what a page says is in the file as text, and not as a picture of it, as far as one can tell."""
    if not characters:
        return not page.images and len(page.curves) < MANY
    covered = max((i["width"] * i["height"] for i in page.images), default=0)
    return characters > FEW or covered < 0.5 * view.width * view.height


def _blocks(leaves: list[_Leaf]) -> list[Paragraph | Table]:
    views = {leaf.sheet.number: leaf.view for leaf in leaves}
    skip = furniture([leaf.sheet for leaf in leaves])
    sheets = [replace(leaf.sheet, lines=tuple(line for line in leaf.sheet.lines if line not in skip)) for leaf in leaves]
    prose = Prose(sheets)
    blocks: list[Paragraph | Table] = []
    tables = paragraphs = 0
    for run in _runs(leaves, sheets):
        if isinstance(run[0], Piece):
            tables += 1
            blocks.append(pdf_tables.table(run, tables, views))
            continue
        for text, page, box in prose.paragraphs(run):
            paragraphs += 1
            blocks.append(Paragraph(paragraphs, text, page, views[page].shown(box)))
    return blocks


def _runs(leaves: list[_Leaf], sheets: list[Sheet]) -> list[list[Piece] | list[Line]]:
    """Pieces of one table, lines with no table between them, in reading order."""
    runs: list[list[Piece] | list[Line]] = []
    for leaf, sheet in zip(leaves, sheets, strict=True):
        items = sorted([*leaf.pieces, *sheet.lines], key=lambda item: item.box[1])
        for at, item in enumerate(items):
            last = runs[-1][-1] if runs else None
            if isinstance(item, Line):
                joins = isinstance(last, Line)
            else:
                joins = at == 0 and isinstance(last, Piece) and pdf_tables.goes_on(last, item)
            if joins:
                runs[-1].append(item)
            else:
                runs.append([item])
    return runs
