"""The rulings of a scanned table, and the cells between them, by the same rules as the lines of a written PDF page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from jixiao.document import Box
from jixiao.readers.pdf_edges import MOST, NEAR, Edge, groups, line, missing_sides
from jixiao.readers.scan_page import Paper

LONG = 21.0  # points: strokes of large characters are shorter
SHORT = 11.0  # points: the side of a single low row, taken only where it ends on rulings
REACH = 1.5  # points: from the end of such a side to the middle of the ruling
GAP = 4.0  # points: a faded spot in a ruling
TABLE = 60.0  # points: no table is narrower, and no character wider
THICK = 5.0  # points: what is thicker is a bar or a picture
_UNBROKEN = 0.94  # of its length that is ink: a ruling; the strokes of a line of text reach 0.93 where they lie in a row
_CLEAR = 0.2  # of what lies beside a line that may be ink, where the line may be broken; strokes of text have 0.23 and more
_CROSSED = 0.4  # the same where the line is unbroken: other rulings cross it, characters touch it
_ENDS = 0.15  # of a line: where other rulings meet it


@dataclass(frozen=True, slots=True, eq=False)
class _Stroke:
    """A straight stroke: its middle line in points, the corner of its box in pixels, and its ink in that box."""

    edge: Edge
    at: tuple[int, int]
    ink: np.ndarray

    @property
    def length(self) -> float:
        return max(self.edge["width"], self.edge["bottom"] - self.edge["top"])


def rulings(paper: Paper) -> tuple[list[Edge], np.ndarray]:
    """The lines of tables in points, and where their ink is on the paper (0 and 255)."""
    across = list(_strokes(paper, LONG, turned=False))
    held = [stroke.edge for stroke in across]
    down = [_ended(stroke, held, paper) for stroke in _strokes(paper, SHORT, turned=True)]
    down = [stroke for stroke in down if stroke.length >= LONG or _held(stroke.edge, held)]
    small = _small([*across, *down])
    mask = np.zeros_like(paper.black)
    kept = [stroke for stroke in (*across, *down) if id(stroke.edge) not in small]
    for stroke in kept:
        (x, y), (high, wide) = stroke.at, stroke.ink.shape
        mask[y : y + high, x : x + wide] |= stroke.ink
    return [stroke.edge for stroke in kept], cv2.dilate(mask, np.ones((3, 3), np.uint8))


def _small(strokes: list[_Stroke]) -> set[int]:
    """The edges (by id) of what is too small for a table: the large characters of a title, alone or crossing."""
    across = [s.edge for s in strokes if s.edge["orientation"] == "h"]
    down = [s.edge for s in strokes if s.edge["orientation"] == "v"]
    found: set[int] = set()
    if len(across) * len(down) > MOST:
        return found
    grouped: set[int] = set()
    for group in groups(across, down):
        edges = [*group[0], *group[1]]
        grouped.update(map(id, edges))
        if max(e["x1"] for e in edges) - min(e["x0"] for e in edges) < TABLE:
            found.update(map(id, edges))
    return found | {id(e) for e in down if id(e) not in grouped}


def _strokes(paper: Paper, shortest: float, turned: bool) -> Iterator[_Stroke]:
    """Straight strokes at least so long, across the page or down it."""

    def brush(points: float) -> np.ndarray:
        length = max(3, round(points / paper.scale))
        return np.ones((length, 1) if turned else (1, length), np.uint8)

    # close faded spots by a little only, before strokes of characters go: they would grow together to lines
    closed = cv2.morphologyEx(paper.black, cv2.MORPH_CLOSE, brush(1.5))
    # a line that is not quite straight steps from one row of pixels to the next
    beside = np.ones((1, 3) if turned else (3, 1), np.uint8)
    found = cv2.morphologyEx(cv2.dilate(closed, beside), cv2.MORPH_OPEN, brush(shortest))
    # each is looked at before it grows together with others, or the stroke of a character below a ruling's end would go with it
    drawn = np.zeros_like(found)
    for at, shape in _parts(found):
        view = (slice(at[1], at[1] + shape.shape[0]), slice(at[0], at[0] + shape.shape[1]))
        if _is_ruling(paper.black, np.where(shape, paper.black[view], 0), at, turned, round(LONG / paper.scale)):
            drawn[view][shape] = 255
    for at, shape in _parts(cv2.morphologyEx(drawn, cv2.MORPH_CLOSE, brush(GAP))):
        high, wide = shape.shape
        length = high if turned else wide
        thick = int(shape.sum()) / length
        if thick * paper.scale > THICK or thick > 0.2 * length:
            continue
        ink = np.where(shape, paper.black[at[1] : at[1] + high, at[0] : at[0] + wide], 0).astype(np.uint8)
        x0, top, x1, bottom = paper.points((*at, at[0] + wide, at[1] + high))
        across, along = (x0 + x1) / 2, (top + bottom) / 2
        yield _Stroke(line(across, top, across, bottom) if turned else line(x0, along, x1, along), at, ink)


def _parts(mask: np.ndarray) -> Iterator[tuple[tuple[int, int], np.ndarray]]:
    """What hangs together: the left upper corner of its box, and where in the box it is."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask)
    for number in range(1, count):
        x, y, wide, high, _ = (int(v) for v in stats[number])
        yield (x, y), labels[y : y + high, x : x + wide] == number


def _is_ruling(black: np.ndarray, ink: np.ndarray, at: tuple[int, int], turned: bool, long: int) -> bool:
    """Whether a stroke is a line that was drawn: strokes of characters in a row have gaps, and other strokes begin at them.

    A line of fewer pixels than `long` must be unbroken.
    """
    (x, y), down = at, ink.T if turned else ink
    first, page = (x, black.T) if turned else (y, black)
    filled = down.any(axis=0)
    at_ink = np.flatnonzero(filled)
    inner = at_ink[int(_ENDS * len(at_ink)) : len(at_ink) - int(_ENDS * len(at_ink))]
    if not len(inner):
        return False
    top = first + (down[:, inner] > 0).argmax(axis=0)
    foot = first + len(down) - 1 - (down[::-1, inner] > 0).argmax(axis=0)
    along = inner + (y if turned else x)
    rows = [np.clip(edge + step, 0, len(page) - 1) for edge, steps in ((top, (-3, -2)), (foot, (2, 3))) for step in steps]
    beside = sum(float((page[row, along] > 0).mean()) for row in rows) / 2
    unbroken = float(filled.mean()) >= _UNBROKEN
    return beside <= (_CROSSED if unbroken else _CLEAR) and (unbroken or len(filled) >= long)


def _ended(stroke: _Stroke, across: list[Edge], paper: Paper) -> _Stroke:
    """An upright line without a short end beyond the last ruling that it meets: that is the stroke of a character close by."""
    edge = stroke.edge
    x, top, bottom = edge["x0"], edge["top"], edge["bottom"]
    met = [h["top"] for h in across if h["x0"] - NEAR <= x <= h["x1"] + NEAR and top - REACH <= h["top"] <= bottom + REACH]
    if len(met) < 2:
        return stroke
    first = min(met) if REACH < min(met) - top < LONG else top
    last = max(met) if REACH < bottom - max(met) < LONG else bottom
    if (first, last) == (top, bottom):
        return stroke
    start = round((first - top) / paper.scale)
    return _Stroke(line(x, first, x, last), (stroke.at[0], stroke.at[1] + start), stroke.ink[start : round((last - top) / paper.scale) + 1])


def _held(edge: Edge, across: list[Edge]) -> bool:
    """Whether a short upright line reaches from one ruling to another; the strokes of characters in a low row end before them."""
    ends = [
        any(abs(h["top"] - edge[end]) <= REACH and h["x0"] - NEAR <= edge["x0"] <= h["x1"] + NEAR for h in across)
        for end in ("top", "bottom")
    ]
    return all(ends)


def tables(edges: list[Edge]) -> list[list[Box]]:
    """The cells of each table, in points, from the lines that bound them."""
    if not edges:
        return []
    sides = missing_sides(edges)
    every = [*edges, *sides["explicit_vertical_lines"], *sides["explicit_horizontal_lines"]]
    # an edge of a scan wavers more than one that was drawn
    merged = merge_edges(every, NEAR, NEAR, 2 * NEAR, 2 * NEAR)
    cells = intersections_to_cells(edges_to_intersections(merged, NEAR, NEAR))
    return [table for table in cells_to_tables(cells) if len(table) > 1]
