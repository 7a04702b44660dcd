"""PDF files to a Document: ruled tables with merged cells, prose between them, both over page breaks; pictures of pages by OCR."""

from __future__ import annotations

import io
import logging

import pdfplumber
import pypdfium2
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page

from jixiao.document import Document, ReadingError
from jixiao.readers import pdf_content, pdf_plain, pdf_tables, scan_gaps
from jixiao.readers.leaves import Leaf, blocks_of, last_piece, notes_of
from jixiao.readers.pdf_checks import check_file, check_page, check_pages
from jixiao.readers.pdf_content import Content
from jixiao.readers.pdf_lines import lines_of
from jixiao.readers.pdf_operations import Fonts, Unusual
from jixiao.readers.pdf_prose import Sheet
from jixiao.readers.pdf_tables import Piece
from jixiao.readers.pdf_view import View, chars_of, view_of

# what pdfminer has to say about odd fonts and colours helps nobody who reads a report
logging.getLogger("pdfminer").setLevel(logging.ERROR)

FEW = 30  # characters: a page number, a stamp of the scanner
MANY = 300  # curves: text that was drawn and not written


def read(data: bytes, name: str) -> Document:
    """The document in a PDF file's bytes. Raises ReadingError (`encrypted_file`, `damaged_file`), nothing else.

    Pages that are pictures are read by OCR and named in `read_by_ocr`; where that finds nothing, in `unread_pages`.
    """
    try:
        leaves = _leaves(data)
    # bytes that are not what they say make pdfminer fail in every way there is, and it is always the file's fault
    except Exception as error:
        cause = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
        if isinstance(cause, PDFPasswordIncorrect):
            message = f"{name} is locked with a password: save a copy without one and read that"
            raise ReadingError(message, "encrypted_file") from error
        why = str(cause) or type(cause).__name__
        message = f"{name} is damaged or not complete ({why[:200]}): fetch the file again from where it was published"
        raise ReadingError(message, "damaged_file") from error
    for at, leaf in enumerate(leaves):
        if not leaf.readable:
            leaves[at] = _scanned(data, leaf, last_piece(leaves[:at]))
    unread = tuple(leaf.number for leaf in leaves if not leaf.readable)
    by_ocr = tuple(leaf.number for leaf in leaves if leaf.by_ocr)
    return Document(name, "pdf", blocks_of(leaves), len(leaves), unread, by_ocr, notes_of(leaves, name))


def _leaves(data: bytes) -> list[Leaf]:
    check_file(data)
    leaves: list[Leaf] = []
    fonts = Fonts()
    with pdfplumber.open(io.BytesIO(data), raise_unicode_errors=False) as pdf:
        check_pages(pdf)
        for page in pdf.pages:
            check_page(page)
            leaves.append(_leaf(page, _content(page, fonts), last_piece(leaves)))
            page.close()  # a page's characters are many; nothing below needs them
    return leaves


def _content(page: Page, fonts: Fonts) -> Content:
    try:
        return pdf_content.read(page, fonts)
    except Unusual:
        return pdf_plain.read(page)


def _leaf(page: Page, content: Content, before: Piece | None) -> Leaf:
    view = view_of(page, content)
    chars = chars_of(content, view)
    texts = [c["text"] for c in chars if not c["text"].isspace()]
    unknown = sum(text.startswith("(cid:") for text in texts) / max(1, len(texts))
    if unknown > 0.5:
        chars = []  # a font that does not say which characters it shows: what comes out is no text
    pieces, outside = pdf_tables.find(page, content, view, chars, before)
    pieces, rest = scan_gaps.with_unruled(pieces, outside, page.page_number, view.tall)
    lines = tuple(lines_of(rest, page.page_number))
    readable = unknown < 0.05 and _is_written(content, view, len(texts))
    return Leaf(Sheet(page.page_number, view.wide, view.tall, lines), view, tuple(pieces), readable)


def _scanned(data: bytes, leaf: Leaf, before: Piece | None) -> Leaf:
    """What OCR reads on a page that is a picture; the page as it was where OCR reads nothing."""
    # only here: OCR takes seconds to import, and most PDF files need none
    from jixiao.readers import scan
    from jixiao.readers.scan_image import rendered

    try:
        with pypdfium2.PdfDocument(data) as pdf:
            frame = rendered(pdf[leaf.number - 1])
    except pypdfium2.PdfiumError:
        return leaf  # what cannot be shown stays unread
    found = scan.leaf(frame, leaf.number, before)
    return found if found.by_ocr or leaf.empty else leaf


def _is_written(content: Content, view: View, characters: int) -> bool:
    """Whether what a page says is in the file as text, and not as a picture of it, as far as one can tell."""
    if not characters:
        return not content.images and sum(shape.kind == "curve" for shape in content.shapes) < MANY
    covered = max((width * height for width, height in content.images), default=0)
    return characters > FEW or covered < 0.5 * view.width * view.height
