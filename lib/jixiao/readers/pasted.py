"""Scanned pages pasted as pictures into a document of a word processor: read as scanned pages are, after the document's own text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace

from PIL import Image

from jixiao.document import Document, Paragraph, ReadingError, Table
from jixiao.readers.leaves import Leaf, blocks_of, last_piece, notes_of

A_PAGE = 1000  # pixels of the longer side: logos, stamps and signatures are smaller
LITTLE = 200  # characters a picture: beside more text than that, pictures are photographs and charts


def with_scans(document: Document, pictures: Sequence[bytes]) -> Document:
    """`document` with what its `pictures` say, where they are its pages; their cells and paragraphs have the picture's number as page."""
    pages = [data for data in pictures if _is_page(data)]
    if not pages or _written(document) > LITTLE * len(pages):
        return document
    # only here: OCR takes seconds to import, and most documents need none
    from jixiao.readers import scan
    from jixiao.readers.scan_image import frames

    leaves: list[Leaf] = []
    for data in pages:
        try:
            for frame in frames(data, document.name):
                leaves.append(scan.leaf(frame, len(leaves) + 1, last_piece(leaves)))
        except ReadingError as error:
            raise ReadingError(f"a picture in {error}", error.code) from error
    found = blocks_of(leaves)
    tables, paragraphs = len(document.tables), len(document.paragraphs)
    moved = [replace(block, number=block.number + (tables if isinstance(block, Table) else paragraphs)) for block in found]
    by_ocr = tuple(leaf.number for leaf in leaves if leaf.by_ocr)
    unread = tuple(leaf.number for leaf in leaves if not leaf.readable)
    notes = (*document.notes, *notes_of(leaves, document.name))
    return replace(document, blocks=(*document.blocks, *moved), read_by_ocr=by_ocr, unread_pages=unread, notes=notes)


def _is_page(data: bytes) -> bool:
    try:
        with Image.open(io.BytesIO(data)) as image:
            return max(image.size) >= A_PAGE
    except (OSError, Image.DecompressionBombError):
        return False  # a drawing (WMF, EMF), which no scanner makes


def _written(document: Document) -> int:
    return sum(len(b.text) if isinstance(b, Paragraph) else sum(len(cell.text) for cell in b.cells) for b in document.blocks)
