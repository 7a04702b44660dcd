"""Painted paths of a PDF page: what kind of shape each is, and the lines that it shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from jixiao.document import Box

Point = tuple[float, float]
Ruling = tuple[bool, float, float, float]  # whether it goes down the page, where it stands, where it begins and ends


class Shape(NamedTuple):
    """A painted path: `line`, `rect` or `curve`, as pdfplumber calls them; the points of a curve; how and in which colours."""

    kind: str
    box: Box
    points: Sequence[Point]
    stroke: bool
    fill: bool
    stroking: object
    filling: object

    @classmethod
    def of(cls, path: str, points: list[Point], stroke: bool, fill: bool, stroking: object, filling: object) -> Shape:
        """The shape of a path (`mlllh`: how it goes to each of its points), told as pdfminer tells it."""
        if len(path) > 3 and path.endswith("lh") and points[-2] == points[0]:
            path, points = path[:-2] + "h", points[:-1]
        kind = "curve"
        if path in ("ml", "mlh"):
            kind, points = "line", points[:2]
        elif path in ("mlllh", "mllll"):
            (x0, y0), (x1, y1), (x2, y2), (x3, y3), last = points
            upright = (x0 == x1 and y1 == y2 and x2 == x3 and y3 == y0) or (y0 == y1 and x1 == x2 and y2 == y3 and x3 == x0)
            if last == points[0] and upright:
                kind, points = "rect", points[:4]
        xs, ys = zip(*points, strict=True)
        return cls(kind, (min(xs), min(ys), max(xs), max(ys)), points, stroke, fill, stroking, filling)

    @property
    def visible(self) -> bool:
        """Whether it can be seen as a line: a white ground behind the text cannot."""
        if self.kind == "line":
            return not _is_white(self.stroking)
        if self.stroke:
            return not (_is_white(self.stroking) and _is_white(self.filling))
        return self.fill and not _is_white(self.filling)

    def rulings(self) -> Iterator[Ruling]:
        """Its straight edges that lie along the page's sides."""
        x0, top, x1, bottom = self.box
        if self.kind == "line":
            yield (False, top, x0, x1) if top == bottom else (True, x0, top, bottom)
        elif self.kind == "rect":
            yield from ((False, top, x0, x1), (False, bottom, x0, x1), (True, x0, top, bottom), (True, x1, top, bottom))
        else:
            for (ax, ay), (bx, by) in pairwise(self.points):
                if ax == bx:
                    yield (True, ax, min(ay, by), max(ay, by))
                elif ay == by:
                    yield (False, ay, min(ax, bx), max(ax, bx))


@lru_cache(1 << 10)
def _is_white(colour: object) -> bool:
    values = colour if isinstance(colour, tuple) else (colour,)
    if not values or not all(isinstance(v, (int, float)) for v in values):
        return False
    return all(v == 0 for v in values) if len(values) == 4 else all(v >= 0.999 for v in values)
