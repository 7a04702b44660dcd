"""The lines that a PDF page really shows, and the sides of tables that it leaves open."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import chain, groupby
from operator import itemgetter

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from jixiao.document import Box
from jixiao.readers.pdf_shapes import Ruling, Shape

NEAR = 3.0  # points: edges nearer than this are one edge (pdfplumber's own snapping)
SHORTEST = 1.0  # points: what is shorter is the end of a line that was drawn as a narrow rectangle (pdfplumber's own limit)
MOST = 250_000  # pairs of lines: beyond that it is a drawing, which has no sides to close

Edge = dict
Crossings = dict[tuple[float, float], dict[str, list[Edge]]]  # a point, and the lines down and across that meet there


def tables(shapes: Iterable[Shape]) -> list[list[Box]]:
    """The cells of each table that the painted shapes of a page make, in pdfplumber's coordinates: what is one, its finder decides."""
    rulings = [ruling for shape in shapes if shape.visible for ruling in shape.rulings() if ruling[3] - ruling[2] >= SHORTEST]
    if len(rulings) < 4:
        return []
    merged = _merged(rulings)
    sides = _open_sides(merged)
    closing = [_ruling(side) for lines in sides.values() for side in lines]
    edges = _merged(rulings + closing) if closing else merged
    edges = [edge for edge in edges if edge["width"] >= NEAR or edge["height"] >= NEAR]
    cells = (intersections_to_cells(part) for part in _bands(edges_to_intersections(edges, NEAR, NEAR), edges))
    return cells_to_tables(list(chain.from_iterable(cells)))


def _bands(crossings: Crossings, edges: Sequence[Edge]) -> list[Crossings]:
    """The crossings between each two lines that go through under all others: pdfplumber compares each crossing with every other one.

    No cell reaches over such a line. Its sides would cross it, and from its upper corners these crossings are nearer than its lower
    corners, and joined to each other by the line itself.
    """
    ends = [edge["x0"] for edge in edges if edge["orientation"] == "v"]
    if not ends:
        return []
    left, right = min(ends) + NEAR, max(ends) - NEAR
    through = sorted({e["top"] for e in edges if e["orientation"] == "h" and e["x0"] <= left and right <= e["x1"]})
    bands: list[Crossings] = [{} for _ in range(len(through) + 1)]
    for point, lines in crossings.items():
        below = bisect_right(through, point[1])
        bands[below][point] = lines
        if below and through[below - 1] == point[1]:
            bands[below - 1][point] = lines
    return bands


def _merged(rulings: Iterable[Ruling]) -> list[Edge]:
    """pdfplumber's `merge_edges`, for so many lines as pages have where each cell is a rectangle of its own."""
    merged: list[Edge] = []
    for goes_down, some in groupby(sorted(rulings, key=itemgetter(0, 1)), key=itemgetter(0)):
        snapped: list[list[Ruling]] = []
        for ruling in some:
            if snapped and ruling[1] <= snapped[-1][-1][1] + NEAR:
                snapped[-1].append(ruling)
            else:
                snapped.append([ruling])
        for group in snapped:
            at = sum(ruling[1] for ruling in group) / len(group)
            ends = sorted(ruling[2:] for ruling in group)
            start, end = ends[0]
            for low, high in ends[1:]:
                if low > end + NEAR:
                    merged.append(line(at, start, at, end) if goes_down else line(start, at, end, at))
                    start, end = low, high
                end = max(end, high)
            merged.append(line(at, start, at, end) if goes_down else line(start, at, end, at))
    return merged


def _ruling(edge: Edge) -> Ruling:
    if edge["orientation"] == "v":
        return (True, edge["x0"], edge["top"], edge["bottom"])
    return (False, edge["top"], edge["x0"], edge["x1"])


def missing_sides(edges: Iterable[Edge]) -> dict[str, list[Edge]]:
    """Settings for pdfplumber that close tables with an open side, from the lines that there are.

    Many forms have no line at the left and right; where a page break cuts a row, the line below it is often missing. Without
    these lines pdfplumber drops the whole outer column or row.
    """
    return _open_sides(merge_edges(list(edges), NEAR, NEAR, NEAR, NEAR))


def _open_sides(edges: Sequence[Edge]) -> dict[str, list[Edge]]:
    across = [e for e in edges if e["orientation"] == "h"]
    down = [e for e in edges if e["orientation"] == "v"]
    sides: dict[str, list[Edge]] = {"explicit_vertical_lines": [], "explicit_horizontal_lines": []}
    if len(across) * len(down) > MOST:
        return sides
    for hs, vs in groups(across, down):
        if len(hs) < 2 or not vs:
            continue
        for side, at in (("x0", min(h["x0"] for h in hs)), ("x1", max(h["x1"] for h in hs))):
            loose = [h["top"] for h in hs if abs(h[side] - at) <= NEAR and not any(_meet(h, v, at, h["top"]) for v in vs)]
            if len(loose) > 1 and max(loose) - min(loose) > NEAR:
                sides["explicit_vertical_lines"].append(line(at, min(loose), at, max(loose)))
        for side, at in (("top", min(v["top"] for v in vs)), ("bottom", max(v["bottom"] for v in vs))):
            loose = [v["x0"] for v in vs if abs(v[side] - at) <= NEAR and not any(_meet(h, v, v["x0"], at) for h in hs)]
            if len(loose) > 1 and max(loose) - min(loose) > NEAR:
                sides["explicit_horizontal_lines"].append(line(min(loose), at, max(loose), at))
    return sides


def groups(across: Sequence[Edge], down: Sequence[Edge]) -> list[tuple[list[Edge], list[Edge]]]:
    """The lines that hang together by crossing each other."""
    groups: list[tuple[list[Edge], list[Edge]]] = [([h], []) for h in across]
    for v in down:
        touched = [g for g in groups if any(_meet(h, v, v["x0"], h["top"]) for h in g[0])]
        groups = [g for g in groups if not any(g is t for t in touched)]
        groups.append(([h for g in touched for h in g[0]], [v, *(x for g in touched for x in g[1])]))
    return groups


def _meet(h: Edge, v: Edge, x: float, y: float) -> bool:
    """Whether both lines pass the point."""
    level = abs(h["top"] - y) <= NEAR and h["x0"] - NEAR <= x <= h["x1"] + NEAR
    return level and abs(v["x0"] - x) <= NEAR and v["top"] - NEAR <= y <= v["bottom"] + NEAR


def line(x0: float, top: float, x1: float, bottom: float) -> Edge:
    """A line as pdfplumber wants it."""
    size = {"width": x1 - x0, "height": bottom - top, "doctop": top}
    return {
        "object_type": "line",
        "orientation": "v" if x0 == x1 else "h",
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "y0": -bottom,
        "y1": -top,
        **size,
    }
