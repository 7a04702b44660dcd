"""Property lists of a Word 97-2003 document: the pages that hold them, and their decoding.

Section numbers refer to [MS-DOC], Word (.doc) Binary File Format.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# ChpxFkp (2.9.33) and PapxFkp (2.9.174), pages of this size; BxPap (2.9.23)
PAGE_SIZE = 512
BX_PAP_SIZE = 13

# Sprm (2.2.5.1): the size of the operand by the value of spra, None where the operand states it
OPERAND_SIZES = (1, 1, 2, 4, 2, 2, None, 3)
SPRM_C_DELETED = 0x0800  # sprmCFRMarkDel
SPRM_C_HIDDEN = 0x083C  # sprmCFVanish
SPRM_P_IN_TABLE = 0x2416  # sprmPFInTable
SPRM_P_ROW_END = 0x2417  # sprmPFTtp
SPRM_P_INNER_CELL = 0x244B  # sprmPFInnerTableCell
SPRM_P_INNER_ROW_END = 0x244C  # sprmPFInnerTtp
SPRM_P_HUGE_PAPX = 0x6646  # sprmPHugePapx
SPRM_P_TABLE_PROPS = 0x646B  # sprmPTableProps
SPRM_P_CHANGE_TABS = 0xC615  # sprmPChgTabs
SPRM_T_DEFINITION = 0xD608  # sprmTDefTable
# one that counts its operand by one byte states 255 where it is longer than that
TOO_LONG = 0xFF

Properties = dict[int, bytes]


def is_on(properties: Properties, sprm: int) -> bool:
    return properties.get(sprm) == b"\x01"


@dataclass(frozen=True, slots=True)
class Runs:
    """Property lists by offset in the WordDocument stream: the list at `i` applies from `starts[i]` to `ends[i]`."""

    starts: Sequence[int]
    ends: Sequence[int]
    lists: Sequence[bytes]

    def at(self, offset: int) -> bytes:
        index = bisect_right(self.starts, offset) - 1
        return self.lists[index] if index >= 0 and offset < self.ends[index] else b""

    def all(self) -> Iterator[tuple[int, int, bytes]]:
        return zip(self.starts, self.ends, self.lists, strict=True)


def runs_of_pages(pages: Sequence[bytes], paragraphs: bool) -> Runs:
    """The runs of PapxFkp pages (`paragraphs`) or ChpxFkp pages; a page's last byte counts its runs."""
    runs = []
    for page in pages:
        count = page[-1]
        bounds = struct.unpack_from(f"<{count + 1}I", page)
        lists = (_paragraph_list if paragraphs else _character_list)(page, count)
        runs += zip(bounds, bounds[1:], lists, strict=False)
    runs.sort(key=lambda run: run[0])
    return Runs([run[0] for run in runs], [run[1] for run in runs], [run[2] for run in runs])


def _paragraph_list(page: bytes, count: int) -> Iterator[bytes]:
    """BxPap leads to PapxInFkp (2.9.175), in which the number of a style stands before the properties."""
    for index in range(count):
        at = page[4 * (count + 1) + BX_PAP_SIZE * index] * 2
        if at == 0:
            yield b""
            continue
        words = page[at]
        start, size = (at + 1, 2 * words - 1) if words else (at + 2, 2 * page[at + 1])
        yield page[start + 2 : start + size]


def _character_list(page: bytes, count: int) -> Iterator[bytes]:
    """One byte leads to a Chpx, its size and the properties."""
    for index in range(count):
        at = page[4 * (count + 1) + index] * 2
        yield page[at + 1 : at + 1 + page[at]] if at else b""


def single_properties(prls: bytes) -> Iterator[tuple[int, bytes]]:
    """The single properties (Prl, 2.2.5.2) of a list: what is modified, and the operand. The list ends where none fits any more."""
    at = 0
    while at + 3 <= len(prls):
        (sprm,) = struct.unpack_from("<H", prls, at)
        at += 2
        size = OPERAND_SIZES[sprm >> 13]
        if size is None:
            size = _stated_size(sprm, prls, at)
        if at + size > len(prls):
            return
        yield sprm, prls[at : at + size]
        at += size


def _stated_size(sprm: int, prls: bytes, at: int) -> int:
    if sprm == SPRM_T_DEFINITION and at + 2 <= len(prls):
        return struct.unpack_from("<H", prls, at)[0] + 1  # TDefTableOperand (2.9.321) counts one too many
    if sprm == SPRM_P_CHANGE_TABS and prls[at] == TOO_LONG and at + 2 <= len(prls):
        added = at + 2 + 4 * prls[at + 1]  # PChgTabsDelClose (2.9.181) has 4 bytes for each tab stop, what follows it 3
        return added + 1 + 3 * prls[added] - at if added < len(prls) else len(prls)
    return prls[at] + 1
