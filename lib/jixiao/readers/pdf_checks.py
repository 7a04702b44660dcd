"""Whether the bytes of a PDF are whole. pdfminer skips what it cannot unpack without a word; a figure must not go that way."""

from __future__ import annotations

import zlib
from collections.abc import Iterator

import pdfplumber
from pdfminer.pdftypes import LITERALS_FLATE_DECODE, PDFStream, resolve1
from pdfplumber.page import Page

_END = 2048  # bytes at the end of a file in which its last table of contents is named


class Broken(Exception):
    """Part of the file cannot be unpacked or is not there."""


def check_file(data: bytes) -> None:
    """Raises Broken for what is no PDF or has lost its end."""
    if b"%PDF-" not in data[:1024]:
        raise Broken("it does not begin like a PDF file")
    if b"startxref" not in data.rstrip(b"\0\r\n\t ")[-_END:]:
        raise Broken("its end is missing")


def check_pages(pdf: pdfplumber.PDF) -> None:
    """Raises Broken where not all pages that the file announces can be found."""
    tree = resolve1(pdf.doc.catalog.get("Pages"))
    announced = resolve1(tree.get("Count")) if isinstance(tree, dict) else None
    if not pdf.pages:
        raise Broken("no page of it can be found")
    if isinstance(announced, int) and announced > len(pdf.pages):
        raise Broken(f"only {len(pdf.pages)} of its {announced} pages can be found")


def check_page(page: Page) -> None:
    """Raises Broken where a page's content, or what says which characters its fonts show, cannot be unpacked whole."""
    attrs = page.page_obj.attrs
    contents = resolve1(attrs.get("Contents"))
    if attrs.get("Contents") is not None and contents is None:
        raise Broken(f"the content of page {page.page_number} is missing")
    parts = [resolve1(part) for part in (contents if isinstance(contents, list) else [contents])]
    for part in [*parts, *_fonts(page)]:
        if isinstance(part, PDFStream) and not _is_whole(part):
            raise Broken(f"page {page.page_number} cannot be unpacked")
    if contents is not None and not all(isinstance(part, PDFStream) for part in parts):
        raise Broken(f"the content of page {page.page_number} is missing")


def _fonts(page: Page) -> Iterator[object]:
    resources = resolve1(page.page_obj.resources)
    fonts = resolve1(resources.get("Font")) if isinstance(resources, dict) else None
    for ref in fonts.values() if isinstance(fonts, dict) else ():
        font = resolve1(ref)
        if not isinstance(font, dict):
            raise Broken(f"a font of page {page.page_number} is missing")
        for name in ("ToUnicode", "Encoding"):
            yield resolve1(font.get(name))


def _is_whole(stream: PDFStream) -> bool:
    filters = stream.get_filters()
    if stream.rawdata is None or not filters or filters[0][0] not in LITERALS_FLATE_DECODE:
        return True
    data = stream.rawdata
    if stream.decipher and stream.objid is not None and stream.genno is not None:
        data = stream.decipher(stream.objid, stream.genno, data, stream.attrs)
    unpacker = zlib.decompressobj()
    try:
        unpacker.decompress(data)
    except zlib.error:
        return False
    return unpacker.eof
