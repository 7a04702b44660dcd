"""Where lines of text stand on a page: cut at the cells of tables, whole at both ends, and what the detector overlooked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from jixiao.document import Box
from jixiao.readers.scan_page import Paper, Spot, cut

_BARS = 0.3  # of a line's height: the bars of one sign are nearer to each other
_CLOSE = 0.25  # of a line's height: what stands nearer to a line's end belongs to it
_RIM = 0.25  # of a line's height: a little ink that is nearer to its edge belongs to the line above or below
_SPECK = 6  # pixels: ink that is less is dirt
_SIGN = 6  # pixels: the height and the width of a hyphen together


def inner(paper: Paper, cell: Box) -> Spot:
    x0, top, x1, bottom = (round(v / paper.scale) for v in cell)
    return (x0, top, x1, bottom)


def split(spot: Spot, grid: Sequence[Spot], black: np.ndarray) -> Iterator[Spot]:
    """The parts of a line of text that lie in different cells; the line itself where it is in no table."""
    inside = False
    for cell in grid:
        part = common(spot, cell)
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
    rows = np.flatnonzero(cut(black, part).any(axis=1))
    if len(columns) < 2 or (len(rows) < 0.15 * high and not _RIM * high <= (rows[0] + rows[-1]) / 2 <= (1 - _RIM) * high):
        return None
    room = max(2, high // 6)
    return (max(part[0], part[0] + int(columns[0]) - room), part[1], min(part[2], part[0] + int(columns[-1]) + 1 + room), part[3])


def common(a: Spot, b: Spot) -> Spot | None:
    x0, top, x1, bottom = max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])
    return (x0, top, x1, bottom) if x1 - x0 > 2 and bottom - top > 2 else None


def holder(spot: Spot, grid: Sequence[Spot]) -> Spot | None:
    x, y = (spot[0] + spot[2]) / 2, (spot[1] + spot[3]) / 2
    return next((cell for cell in grid if cell[0] <= x < cell[2] and cell[1] <= y < cell[3]), None)


def alone(spots: Sequence[Spot], grid: Sequence[Spot]) -> list[bool]:
    """Whether each line is all that stands in its cell."""
    holders = [holder(spot, grid) for spot in spots]
    lines = Counter(holders)
    return [holder is not None and lines[holder] == 1 for holder in holders]


def apart(spots: Sequence[Spot], black: np.ndarray) -> list[Spot]:
    """Lines that the detector found in two parts with a character in both: cut where there is least ink, so that it is read once."""
    result: list[Spot] = []
    for spot in sorted(spots):
        for other in result:
            both = common(spot, other)
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


def whole(spots: Sequence[Spot], grid: Sequence[Spot], black: np.ndarray, high: float) -> list[Spot]:
    """The lines with what stands close to their ends: the detector cuts a character, or leaves out a sign before a figure."""
    free = _free(spots, black)
    near, most = round(_CLOSE * high), round(high)
    result = []
    for spot in spots:
        x0, top, x1, bottom = spot
        cell = holder(spot, grid)
        lowest, highest = (cell[0], cell[2]) if cell else (0, black.shape[1])
        before = cut(free, (max(lowest, x0 - most), top, x0, bottom)).any(axis=0)[::-1]
        after = cut(free, (x1, top, min(highest, x1 + most), bottom)).any(axis=0)
        result.append((x0 - _reach(before, near), top, x1 + _reach(after, near), bottom))
    return result


def _reach(columns: np.ndarray, near: int) -> int:
    """How far ink goes on, with gaps of at most `near` columns."""
    end = 0
    for at in np.flatnonzero(columns).tolist():
        if at > end + near:
            break
        end = at + 1
    return min(len(columns), end + 2) if end else 0


def _free(spots: Sequence[Spot], black: np.ndarray) -> np.ndarray:
    """The ink that is in no line, without specks."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(black)
    # specks first: what is left over of a character that a line cuts may be as small
    free = np.where((stats[:, cv2.CC_STAT_AREA] >= _SPECK)[labels], black, 0).astype(np.uint8)
    for x0, top, x1, bottom in spots:
        free[max(0, top) : bottom, max(0, x0 - 2) : x1 + 2] = 0
    return free


def missed(black: np.ndarray, spots: Sequence[Spot], grid: Sequence[Spot], high: float) -> Iterator[Spot]:
    """Ink as large as a character that is in no line: the detector overlooks single digits. Less counts alone in its cell, as a dash."""
    left = _free(spots, black)
    taken = {holder(spot, grid) for spot in spots}
    reach = max(3, round(0.4 * high))
    # the bars of = and ≧ are one sign
    joined = cv2.dilate(left, np.ones((max(3, round(_BARS * high)), reach), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(joined)
    for number in range(1, count):
        x, y, wide, tall, _ = (int(v) for v in stats[number])
        ys, xs = np.nonzero(np.where(labels[y : y + tall, x : x + wide] == number, left[y : y + tall, x : x + wide], 0))
        if not len(xs):
            continue
        box = (x + int(xs.min()), y + int(ys.min()), x + int(xs.max()) + 1, y + int(ys.max()) + 1)
        in_cell = holder(box, grid)
        ink_high, ink_wide = box[3] - box[1], box[2] - box[0]
        lone = in_cell and in_cell not in taken and ink_wide + ink_high >= _SIGN
        if ink_high > 2 * high or not (ink_high > 0.35 * high or lone):
            continue
        # as much room round it as the recogniser is used to
        middle, half = (box[1] + box[3]) / 2, max(0.5 * high, 0.65 * ink_high)
        room = round(0.2 * high)
        spot = (max(0, box[0] - room), max(0, round(middle - half)), box[2] + room, round(middle + half))
        if in_cell:
            spot = common(spot, in_cell) or spot
        yield spot
