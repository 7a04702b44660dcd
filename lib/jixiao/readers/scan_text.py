"""Characters of a scanned page: lines of text cut at the rulings of tables, read one by one, and what the detector missed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median

import cv2
import numpy as np

from jixiao.document import Box
from jixiao.readers import ocr
from jixiao.readers.ocr import Reading
from jixiao.readers.pdf_lines import Char
from jixiao.readers.scan_figures import mended
from jixiao.readers.scan_ink import by_ink, is_slash
from jixiao.readers.scan_page import Paper, bounds, cut

Spot = tuple[int, int, int, int]  # a line of text, or the part of it in one cell, in pixels

_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
_BODY = 0.15  # sizes of lines that differ by less are one size
UNSEEN_SURE = 0.75  # sureness of a lone reading in a cell below which it was dirt and no character
OUTSIDE_SURE = 0.85  # the same outside of tables, where stamps and dust are
SLASH = Reading("/", (UNSEEN_SURE,), (0.5,))
UNREAD = Reading("\0", (0.0,), (0.5,))  # ink that is no character: no text comes of it, but the cell is not known to be blank


def chars_of(paper: Paper, lines: Sequence[np.ndarray], cells: Sequence[Box], ruled: np.ndarray) -> list[Char]:
    """The page's characters in points from top to bottom, each with how sure the recogniser was of it (`sure`)."""
    grid = [_inner(paper, cell) for cell in cells]
    black = cv2.bitwise_and(paper.black, cv2.bitwise_not(ruled))
    clean = paper.grey.copy()
    clean[ruled > 0] = 255
    spots = _apart([spot for line in lines for spot in _split(bounds(line), grid, black)], black)
    chars: list[Char] = []
    readings = ocr.read_lines([cut(clean, spot) for spot in spots])
    high = median([spot[3] - spot[1] for spot in spots]) if spots else 12.0 / paper.scale
    missed = list(_missed(black, spots, grid, high))
    for spot, reading in zip(missed, ocr.read_lines([cut(clean, spot) for spot in missed]), strict=True):
        sure = sum(reading.sure) / len(reading.sure) if reading.sure else 0.0
        in_cell = _holder(spot, grid) is not None
        if in_cell and sure < UNSEEN_SURE:
            reading = SLASH if is_slash(cut(black, spot)) else UNREAD
        elif sure < OUTSIDE_SURE and not in_cell:
            continue
        spots.append(spot)
        readings.append(reading)
    sizes = _sizes(spots, readings, black)
    for spot, reading, size in zip(spots, readings, sizes, strict=True):
        alone = _holder(spot, grid) is not None
        reading = mended(reading, alone)
        if alone:
            reading = by_ink(reading, cut(black, spot), cut(clean, spot))
        chars += _chars(paper, spot, reading, size, black)
    return sorted(chars, key=lambda c: (c["top"] + c["bottom"]) / 2)


def _apart(spots: Sequence[Spot], black: np.ndarray) -> list[Spot]:
    """Lines that the detector found in two parts with a character in both: cut where there is least ink, so that it is read once."""
    result: list[Spot] = []
    for spot in sorted(spots):
        for other in result:
            both = _common(spot, other)
            if both is None or both[3] - both[1] < 0.6 * min(spot[3] - spot[1], other[3] - other[1]):
                continue
            if spot[2] <= other[2]:  # all of it was found already
                break
            columns = (cut(black, both) > 0).sum(axis=0)
            at = both[0] + int(np.flatnonzero(columns == columns.min())[-1])
            result[result.index(other)] = (other[0], other[1], at, other[3])
            spot = (at, *spot[1:])
        else:
            result.append(spot)
    return result


def _inner(paper: Paper, cell: Box) -> Spot:
    x0, top, x1, bottom = (round(v / paper.scale) for v in cell)
    return (x0, top, x1, bottom)


def _split(spot: Spot, grid: Sequence[Spot], black: np.ndarray) -> Iterator[Spot]:
    """The parts of a line of text that lie in different cells; the line itself where it is in no table."""
    inside = False
    for cell in grid:
        part = _common(spot, cell)
        if part is None or part[3] - part[1] < 0.5 * (spot[3] - spot[1]):
            continue
        inside = True
        if (trimmed := _trimmed(part, black)) is not None:
            yield trimmed
    if not inside:
        yield spot


def _trimmed(part: Spot, black: np.ndarray) -> Spot | None:
    """The part of a line where it holds ink, with a little room beside it; None where it is only a line's rim."""
    columns = np.flatnonzero(cut(black, part).any(axis=0))
    high = part[3] - part[1]
    if len(columns) < 2 or (cut(black, part) > 0).any(axis=1).sum() < 0.15 * high:
        return None
    room = max(2, high // 6)
    return (max(part[0], part[0] + int(columns[0]) - room), part[1], min(part[2], part[0] + int(columns[-1]) + 1 + room), part[3])


def _common(a: Spot, b: Spot) -> Spot | None:
    x0, top, x1, bottom = max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])
    return (x0, top, x1, bottom) if x1 - x0 > 2 and bottom - top > 2 else None


def _holder(spot: Spot, grid: Sequence[Spot]) -> Spot | None:
    x, y = (spot[0] + spot[2]) / 2, (spot[1] + spot[3]) / 2
    return next((cell for cell in grid if cell[0] <= x < cell[2] and cell[1] <= y < cell[3]), None)


def _missed(black: np.ndarray, spots: Sequence[Spot], grid: Sequence[Spot], high: float) -> Iterator[Spot]:
    """Ink as large as a character that is in no line: the detector overlooks single digits."""
    left = black.copy()
    for x0, top, x1, bottom in spots:
        left[max(0, top) : bottom, max(0, x0 - 2) : x1 + 2] = 0
    left = cv2.morphologyEx(left, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
    reach = max(3, round(0.4 * high))
    joined = cv2.dilate(left, np.ones((3, reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    for number in range(1, count):
        x, y, wide, tall, _ = (int(v) for v in stats[number])
        ys, xs = np.nonzero(np.where(labels[y : y + tall, x : x + wide] == number, left[y : y + tall, x : x + wide], 0))
        if not len(xs):
            continue
        box = (x + int(xs.min()), y + int(ys.min()), x + int(xs.max()) + 1, y + int(ys.max()) + 1)
        in_cell = _holder(box, grid)
        ink_high, ink_wide = box[3] - box[1], box[2] - box[0]
        dash = in_cell and ink_wide > 0.3 * high and ink_high >= 2
        if ink_high > 2 * high or not (ink_high > 0.35 * high or dash):
            continue
        # as much room round it as the recogniser is used to
        middle, half = (box[1] + box[3]) / 2, max(0.5 * high, 0.65 * ink_high)
        room = round(0.2 * high)
        spot = (max(0, box[0] - room), max(0, round(middle - half)), box[2] + room, round(middle + half))
        if in_cell:
            spot = _common(spot, in_cell) or spot
        yield spot


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
