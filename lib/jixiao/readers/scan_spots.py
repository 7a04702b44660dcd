"""Where lines of text stand on a page: cut at the cells of tables, whole at both ends, and what the detector overlooked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import cv2
import numpy as np

from jixiao.document import Box
from jixiao.readers.scan_page import Paper, Spot, cut

_BARS = 0.3  # of a line's height: the bars of one sign are nearer to each other
_HYPHEN = 0.15  # of a line's height: how long a hyphen is at least


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
    if len(columns) < 2 or (cut(black, part) > 0).any(axis=1).sum() < 0.15 * high:
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
    """The lines made as long as the strokes of their first and last characters, which the detector may cut."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(black)
    result = []
    for spot in spots:
        x0, top, x1, bottom = spot
        cell = holder(spot, grid)
        lowest, highest = (cell[0], cell[2]) if cell else (0, black.shape[1])
        left = _reached(labels, stats, (x0, top, x0 + 1, bottom), high)
        right = _reached(labels, stats, (x1 - 1, top, x1, bottom), high)
        x0 = max(lowest, min([x0, *(x - 2 for x, _ in left)]))
        x1 = min(highest, max([x1, *(x + 2 for _, x in right)]))
        result.append((x0, top, x1, bottom))
    return result


def _reached(labels: np.ndarray, stats: np.ndarray, edge: Spot, high: float) -> list[tuple[int, int]]:
    """From where to where the strokes go that cross the edge of a line; what is larger than a character is none."""
    found = []
    for number in np.unique(cut(labels, edge)).tolist():
        x, y, wide, tall, _ = (int(v) for v in stats[number])
        if number and wide <= high and y >= edge[1] and y + tall <= edge[3]:
            found.append((x, x + wide))
    return found


def missed(black: np.ndarray, spots: Sequence[Spot], grid: Sequence[Spot], high: float) -> Iterator[Spot]:
    """Ink as large as a character that is in no line: the detector overlooks single digits."""
    left = black.copy()
    for x0, top, x1, bottom in spots:
        left[max(0, top) : bottom, max(0, x0 - 2) : x1 + 2] = 0
    left = cv2.morphologyEx(left, cv2.MORPH_OPEN, np.ones((2, 2), np.uint8))
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
        dash = in_cell and ink_wide > _HYPHEN * high and ink_high >= 2
        if ink_high > 2 * high or not (ink_high > 0.35 * high or dash):
            continue
        # as much room round it as the recogniser is used to
        middle, half = (box[1] + box[3]) / 2, max(0.5 * high, 0.65 * ink_high)
        room = round(0.2 * high)
        spot = (max(0, box[0] - room), max(0, round(middle - half)), box[2] + room, round(middle + half))
        if in_cell:
            spot = common(spot, in_cell) or spot
        yield spot
