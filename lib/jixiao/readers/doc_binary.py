"""The binary structures of a Word 97-2003 document: its text by character position, and the properties that apply there.

Section numbers refer to [MS-DOC], Word (.doc) Binary File Format. Only what tables and text need is decoded.
"""

from __future__ import annotations

import io
import struct
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, pairwise

import olefile

from jixiao.document import ReadingError
from jixiao.readers.doc_properties import (
    PAGE_SIZE,
    SPRM_C_DELETED,
    SPRM_C_HIDDEN,
    SPRM_P_HUGE_PAPX,
    SPRM_P_TABLE_PROPS,
    Properties,
    Runs,
    is_on,
    runs_of_pages,
    single_properties,
)

# FibBase (2.5.2)
WORD_97_IDENT = 0xA5EC
OLDER_IDENTS = {0xA5DC, 0xA5DB}
OLDEST_VERSION = 0x00C0  # nFib is 0x00C1 from Word 97 on, in some builds one less
FIB_FLAGS = 0x0A
FLAG_ENCRYPTED = 0x0100
FLAG_TABLE_STREAM = 0x0200
# FibRgLw97 (2.5.4): lengths of the parts of the text, in the order in which they stand in it
FIB_LENGTHS = 0x4C
MAIN_TEXT = 0
TEXT_BOXES = 6  # behind footnotes, headers, macros, comments and endnotes
# FibRgFcLcb97 (2.5.6): offset and size of structures in the table stream
FIB_CHARACTER_RUNS = 0xFA  # fcPlcfBteChpx
FIB_PARAGRAPH_RUNS = 0x102  # fcPlcfBtePapx
FIB_PIECES = 0x1A2  # fcClx
# Clx (2.9.38): Prc, each introduced by CLXT_PRC, then Pcdt (2.9.178)
CLXT_PRC = 0x01
CLXT_PCDT = 0x02
PCD_SIZE = 8
# FcCompressed (2.9.73)
IS_COMPRESSED = 0x40000000
OFFSET_MASK = 0x3FFFFFFF
# PnFkpPapx (2.9.207)
PAGE_NUMBER_MASK = 0x3FFFFF
FREE_SECTOR = 0xFFFFFFFF

NOT_SHOWN = "\0"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text, positions `start` to `end`, that stands in one place of the WordDocument stream (Pcd, 2.9.177)."""

    start: int
    end: int
    offset: int
    width: int
    modifier: bytes

    def offset_of(self, position: int) -> int:
        return self.offset + (position - self.start) * self.width

    def position_of(self, offset: int) -> int:
        """The first position at or behind `offset`, within the piece."""
        return min(max(self.start + -(-(offset - self.offset) // self.width), self.start), self.end)


class WordBinary:
    """An opened .doc. `text` is the main text, one UTF-16 code unit a position, `text_boxes` that of all text boxes."""

    def __init__(self, data: bytes):
        self._word, self._table, self._data = _streams(data)
        self._pieces = self._read_pieces()
        self._piece_starts = [piece.start for piece in self._pieces]
        text = "".join(map(self._piece_text, self._pieces))
        lengths = struct.unpack_from(f"<{TEXT_BOXES + 1}I", self._word, FIB_LENGTHS)
        if lengths[MAIN_TEXT] > len(text):
            raise damaged(f"its text should have {lengths[MAIN_TEXT]} characters and has {len(text)}")
        self.text = text[: lengths[MAIN_TEXT]]
        boxes_start, boxes_end = list(accumulate(lengths))[TEXT_BOXES - 1 :]
        self.text_boxes = text[boxes_start:boxes_end]
        self._paragraph_runs = self._runs(FIB_PARAGRAPH_RUNS, paragraphs=True)
        self._character_runs = self._runs(FIB_CHARACTER_RUNS, paragraphs=False)
        self._expand = lru_cache(maxsize=None)(self._expand_list)

    def paragraph_properties(self, position: int) -> Properties:
        """The direct formatting of the paragraph, cell or row whose mark stands at `position` (2.4.6.1)."""
        piece = self._pieces[bisect_right(self._piece_starts, position) - 1]
        properties = self._expand(self._paragraph_runs.at(piece.offset_of(position)))
        return {**properties, **self._expand(piece.modifier)} if piece.modifier else properties

    def shown_text(self) -> str:
        """The main text, NOT_SHOWN for each character that the page does not show: deleted with tracking, or hidden."""
        chars = list(self.text)
        for start, end, prls in self._character_runs.all():
            properties = self._expand(prls)
            if not (is_on(properties, SPRM_C_DELETED) or is_on(properties, SPRM_C_HIDDEN)):
                continue
            for piece in self._pieces:
                first, last = piece.position_of(start), min(piece.position_of(end), len(chars))
                chars[first:last] = NOT_SHOWN * (last - first)
        return "".join(chars)

    def _read_pieces(self) -> list[Piece]:
        """The piece table (PlcPcd, 2.8.35), with the property lists of fast-saved changes that its pieces refer to."""
        start, size = struct.unpack_from("<II", self._word, FIB_PIECES)
        clx = _cut(self._table, start, size, "the piece table")
        modifiers, at = [], 0
        while clx[at] == CLXT_PRC:
            (length,) = struct.unpack_from("<h", clx, at + 1)
            modifiers.append(_cut(clx, at + 3, length, "a property list"))
            at += 3 + length
        if clx[at] != CLXT_PCDT:
            raise damaged("its piece table is missing")
        (length,) = struct.unpack_from("<I", clx, at + 1)
        plc = _cut(clx, at + 5, length, "the piece table")
        count = (length - 4) // (4 + PCD_SIZE)
        pieces = []
        for index, (first, last) in enumerate(pairwise(struct.unpack_from(f"<{count + 1}I", plc))):
            _, fc, prm = struct.unpack_from("<HIH", plc, 4 * (count + 1) + PCD_SIZE * index)
            if last < first:
                raise damaged("its pieces of text overlap")
            offset, width = fc & OFFSET_MASK, 2
            if fc & IS_COMPRESSED:
                offset, width = offset // 2, 1
            # Prm1 (2.9.216) refers to a property list; what a Prm0 can say is of no use here
            modifier = modifiers[prm >> 1] if prm & 1 and prm >> 1 < len(modifiers) else b""
            pieces.append(Piece(first, last, offset, width, modifier))
        return pieces

    def _piece_text(self, piece: Piece) -> str:
        raw = _cut(self._word, piece.offset, (piece.end - piece.start) * piece.width, "a piece of text")
        if piece.width == 1:
            return "".join(map(_narrow_char, raw))
        return "".join(map(chr, struct.unpack(f"<{len(raw) // 2}H", raw)))

    def _runs(self, where: int, paragraphs: bool) -> Runs:
        """The runs that PlcBtePapx (2.8.6) or PlcBteChpx (2.8.5) leads to: bounds, then the numbers of the pages."""
        start, size = struct.unpack_from("<II", self._word, where)
        plc = _cut(self._table, start, size, "the index of properties")
        count = max(0, (size - 4) // 8)
        numbers = struct.unpack_from(f"<{count}I", plc, 4 * (count + 1)) if count else ()
        offsets = [(number & PAGE_NUMBER_MASK) * PAGE_SIZE for number in numbers]
        return runs_of_pages([_cut(self._word, offset, PAGE_SIZE, "a page of properties") for offset in offsets], paragraphs)

    def _expand_list(self, prls: bytes) -> Properties:
        """A property list as a dictionary. A list kept in the Data stream (PrcData) is followed, and what it says stands:
        the rest of the list that refers to it is there for programs that cannot follow (see the example in 3.6)."""
        found: Properties = {}
        outside: Properties = {}
        for sprm, operand in single_properties(prls):
            if sprm in (SPRM_P_HUGE_PAPX, SPRM_P_TABLE_PROPS):
                (offset,) = struct.unpack("<I", operand)
                (size,) = struct.unpack("<h", _cut(self._data, offset, 2, "a property list"))
                outside.update(single_properties(_cut(self._data, offset + 2, size, "a property list")))
            else:
                found[sprm] = operand
        return {**found, **outside}


def _streams(data: bytes) -> tuple[bytes, bytes, bytes]:
    """The WordDocument, table and Data streams (2.1) of a file that we can read."""
    with olefile.OleFileIO(io.BytesIO(data)) as ole:
        word = ole.openstream("WordDocument").read()
        ident, version = struct.unpack_from("<HH", word)
        if ident in OLDER_IDENTS or (ident == WORD_97_IDENT and version < OLDEST_VERSION):
            raise ReadingError("This is a document of Word 6 or Word 95: save it as PDF, DOCX or DOC (Word 97-2003).", "unsupported_format")
        if ident != WORD_97_IDENT:
            raise damaged("its header is not that of a Word document")
        (flags,) = struct.unpack_from("<H", word, FIB_FLAGS)
        if flags & FLAG_ENCRYPTED:
            raise ReadingError("The document is protected by a password: save it without one.", "encrypted_file")
        # the last sector that the file counts as used; sector 0 follows the header, which takes one sector
        last = max((number for number, following in enumerate(ole.fat) if following != FREE_SECTOR), default=0)
        if (last + 1) * ole.sectorsize >= len(data):
            raise damaged("its end is missing")
        table = ole.openstream("1Table" if flags & FLAG_TABLE_STREAM else "0Table").read()
        return word, table, ole.openstream("Data").read() if ole.exists("Data") else b""


def _narrow_char(byte: int) -> str:
    """A character of a compressed piece: the bytes are code points, but 0x82-0x9F stand for those of Windows-1252."""
    return bytes([byte]).decode("cp1252", "replace") if 0x82 <= byte <= 0x9F else chr(byte)


def _cut(stream: bytes, start: int, size: int, what: str) -> bytes:
    if size < 0 or start + size > len(stream):
        raise damaged(f"{what} lies outside the file")
    return stream[start : start + size]


def damaged(what: object) -> ReadingError:
    return ReadingError(
        f"The Word document is damaged or incomplete ({what}): fetch it again, or save it anew as DOCX or PDF.", "damaged_file"
    )
