"""Characters of a scanned page: lines of text cut at the rulings of tables, read one by one, and what the detector missed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import cv2
import numpy as np

from jixiao.document import Box
from jixiao.readers import ocr, scan_stacked
from jixiao.readers.ocr import Reading
from jixiao.readers.pdf_lines import Char
from jixiao.readers.scan_figures import mended
from jixiao.readers.scan_ink import by_ink, is_slash
from jixiao.readers.scan_page import Paper, Spot, bounds, cut
from jixiao.readers.scan_signs import signs
from jixiao.readers.scan_spots import alone, apart, holder, inner, missed, split, whole

_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
_BODY = 0.15  # sizes of lines that differ by less are one size
UNSEEN_SURE = 0.75  # sureness of a lone reading in a cell below which it was dirt and no character
OUTSIDE_SURE = 0.85  # the same outside of tables, where stamps and dust are
SLASH = Reading("/", (UNSEEN_SURE,), (0.5,))
UNREAD = Reading("\0", (0.0,), (0.5,))  # ink that is no character: no text comes of it, but the cell is not known to be blank


@dataclass(frozen=True, slots=True, eq=False)
class _Ink:
    """A page without its rulings: in grey, and where it is black; its cells; how high a line of its text is, all in pixels."""

    grey: np.ndarray
    black: np.ndarray
    grid: Sequence[Spot]
    high: float

    def crops(self, spots: Sequence[Spot]) -> list[np.ndarray]:
        return [cut(self.grey, spot) for spot in spots]


def chars_of(paper: Paper, lines: Sequence[np.ndarray], cells: Sequence[Box], ruled: np.ndarray) -> list[Char]:
    """The page's characters in points from top to bottom, each with how sure the recogniser was of it (`sure`)."""
    black = cv2.bitwise_and(paper.black, cv2.bitwise_not(ruled))
    clean = paper.grey.copy()
    clean[ruled > 0] = 255
    found = [bounds(line) for line in lines]
    high = median([spot[3] - spot[1] for spot in found]) if found else 12.0 / paper.scale
    ink = _Ink(clean, black, [inner(paper, cell) for cell in cells], high)
    read = _overlooked(ink, _read(ink, found))
    spots, readings = [spot for spot, _ in read], [reading for _, reading in read]
    for number, reading in signs(spots, readings, alone(spots, ink.grid), clean, black, high).items():
        readings[number] = reading
    chars: list[Char] = []
    for spot, reading, size in zip(spots, readings, _sizes(spots, readings, black), strict=True):
        in_cell = holder(spot, ink.grid) is not None
        reading = mended(reading, in_cell)
        if in_cell:
            reading = by_ink(reading, cut(black, spot), cut(clean, spot))
        chars += _chars(paper, spot, reading, size, black)
    return sorted(chars, key=lambda c: (c["top"] + c["bottom"]) / 2)


def _read(ink: _Ink, found: Sequence[Spot]) -> list[tuple[Spot, Reading]]:
    """What the lines say that the detector found."""
    stacks = {spot: stack for spot in found if (stack := scan_stacked.stack_of(spot, ink.black, ink.high))}
    spots = apart([part for spot in found if spot not in stacks for part in split(spot, ink.grid, ink.black)], ink.black)
    spots = whole(spots, ink.grid, ink.black, ink.high)
    return [*zip(spots, ocr.read_lines(ink.crops(spots)), strict=True), *scan_stacked.read(list(stacks.values()), ink.grey)]


def _overlooked(ink: _Ink, read: list[tuple[Spot, Reading]]) -> list[tuple[Spot, Reading]]:
    """`read` and what the detector overlooked."""
    more = list(missed(ink.black, [spot for spot, _ in read], ink.grid, ink.high))
    for spot, reading in zip(more, ocr.read_lines(ink.crops(more)), strict=True):
        sure = sum(reading.sure) / len(reading.sure) if reading.sure else 0.0
        in_cell = holder(spot, ink.grid) is not None
        if in_cell and sure < UNSEEN_SURE:
            reading = SLASH if is_slash(cut(ink.black, spot)) else UNREAD
        elif sure < OUTSIDE_SURE and not in_cell:
            continue
        read = [*read, (spot, reading)]
    return read


def _sizes(spots: Sequence[Spot], readings: Sequence[Reading], black: np.ndarray) -> list[float]:
    """The size of the characters of each line in pixels; sizes near the commonest are that."""
    found = []
    for spot, reading in zip(spots, readings, strict=True):
        high = spot[3] - spot[1]
        rows = np.flatnonzero(cut(black, spot).any(axis=1))
        ink = float(rows[-1] - rows[0] + 1) if len(rows) else 0.7 * high
        # a Chinese character fills most of its square, a digit three quarters of its height
        size = ink / (0.92 if _WIDE.search(reading.text) else 0.75)
        found.append(min(max(size, 0.5 * high), 1.1 * high))
    weighed = [size for size, reading in zip(found, readings, strict=True) for _ in reading.text if _WIDE.search(reading.text)]
    body = median(weighed) if weighed else 0.0
    return [body if abs(size - body) <= _BODY * body else size for size in found]


def _chars(paper: Paper, spot: Spot, reading: Reading, size: float, black: np.ndarray) -> Iterator[Char]:
    """The characters of one line side by side without gaps, so that none is taken for a blank; blanks that were read stay."""
    x0, top, x1, bottom = spot
    ink = np.flatnonzero(cut(black, spot).any(axis=0))
    left, right = (x0 + int(ink[0]), x0 + int(ink[-1]) + 1) if len(ink) else (x0, x1)
    at = [x0 + share * (x1 - x0) for share in reading.at]
    edges = [left, *((a + b) / 2 for a, b in pairwise(at)), right]
    middle = (top + bottom) / 2
    for i, (text, sure) in enumerate(zip(reading.text, reading.sure, strict=True)):
        start, _, end, _ = paper.points((edges[i], 0, max(edges[i] + 1, edges[i + 1]), 0))
        high, low = (middle - size / 2) * paper.scale, (middle + size / 2) * paper.scale
        yield {"text": text, "x0": start, "x1": end, "top": high, "bottom": low, "size": size * paper.scale, "sure": sure}
