"""Scanned pages (扫描件) and images to the same leaves as written PDF pages give, by optical character recognition.

Imported only when a page is a picture: what it imports is large.
"""

from __future__ import annotations

import numpy as np

from jixiao.document import Document, ReadingError
from jixiao.readers import scan_gaps, scan_grid
from jixiao.readers.leaves import Leaf, blocks_of, last_piece, notes_of
from jixiao.readers.pdf_lines import lines_of
from jixiao.readers.pdf_prose import Sheet
from jixiao.readers.pdf_tables import Piece, pieces_of
from jixiao.readers.scan_image import Frame, frames
from jixiao.readers.scan_page import upright
from jixiao.readers.scan_text import chars_of

COARSE = 140  # dpi: figures of 9 points are read without a mistake at 150, at 120 one in a hundred is not
_DARKER = 60  # of 255: than the paper, more than noise is
_COVERED = 0.003  # of a page


def read(data: bytes, name: str) -> Document:
    """The document in the bytes of an image of one page or several.

    Raises ReadingError (`damaged_file`, `too_large`). A page with nothing written on it has no blocks.
    """
    leaves: list[Leaf] = []
    for number, frame in enumerate(frames(data, name), 1):
        leaves.append(leaf(frame, number, last_piece(leaves)))
    if not leaves:
        raise ReadingError(f"{name} holds no picture: fetch the file again from where it was published", "damaged_file")
    read_pages = tuple(leaf.number for leaf in leaves if leaf.by_ocr)
    unread = tuple(leaf.number for leaf in leaves if not leaf.readable)
    return Document(name, "image", blocks_of(leaves), len(leaves), unread, read_pages, notes_of(leaves, name))


def leaf(frame: Frame, number: int, before: Piece | None) -> Leaf:
    """What the image of page `number` says; `before` is the table that ended the page before."""
    paper, lines = upright(frame.grey, frame.scale)
    edges, ruled = scan_grid.rulings(paper)
    tables = scan_grid.tables(edges)
    chars = chars_of(paper, lines, [cell for table in tables for cell in table], ruled)
    ruled, outside = pieces_of(tables, number, paper.tall, chars, before)
    pieces, rest = scan_gaps.with_unruled(ruled, outside, number, paper.tall)
    sheet = Sheet(number, paper.wide, paper.tall, tuple(lines_of(rest, number)))
    by_ocr = bool(pieces or sheet.lines)
    coarse = frame.dpi if by_ocr and frame.dpi < COARSE else None
    return Leaf(sheet, paper.view, tuple(pieces), readable=by_ocr or not _is_covered(frame.grey), by_ocr=by_ocr, coarse=coarse)


def _is_covered(grey: np.ndarray) -> bool:
    """Whether so much of a page is darker than its paper that something must be on it: dust and the scanner's rim are less."""
    high, wide = grey.shape
    inner = grey[high // 20 : high - high // 20, wide // 20 : wide - wide // 20]
    return bool(inner.size) and float((inner < float(np.percentile(inner, 95)) - _DARKER).mean()) > _COVERED
