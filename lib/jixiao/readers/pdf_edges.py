"""The lines that a PDF page really shows, and the sides of tables that it leaves open."""

from __future__ import annotations

from collections.abc import Sequence

from pdfplumber.page import Page
from pdfplumber.table import merge_edges

NEAR = 3.0  # points: edges nearer than this are one edge (pdfplumber's own snapping)
MOST = 250_000  # pairs of lines: beyond that it is a drawing, which has no sides to close

Edge = dict


def ruled(page: Page) -> Page | None:
    """The page with nothing but its visible lines; None where there are too few for a table."""
    if not (page.rects or page.lines or page.curves):
        return None
    drawn = page.filter(_is_drawn)
    return drawn if len(drawn.edges) >= 4 else None


def _is_drawn(obj: dict) -> bool:
    """Whether an object can be seen as a line: writing is none, nor is a white ground behind the text."""
    kind = obj["object_type"]
    if kind == "line":
        return not _is_white(obj.get("stroking_color"))
    if kind not in ("rect", "curve"):
        return False
    if obj.get("stroke"):
        return not (_is_white(obj.get("stroking_color")) and _is_white(obj.get("non_stroking_color")))
    return bool(obj.get("fill")) and not _is_white(obj.get("non_stroking_color"))


def _is_white(colour: object) -> bool:
    values = colour if isinstance(colour, (tuple, list)) else (colour,)
    if not values or not all(isinstance(v, (int, float)) for v in values):
        return False
    return all(v == 0 for v in values) if len(values) == 4 else all(v >= 0.999 for v in values)


def missing_sides(edges: Sequence[Edge]) -> dict[str, list[Edge]]:
    """Settings for pdfplumber that close tables with an open side, from the lines that there are.

    Many forms have no line at the left and right; where a page break cuts a row, the line below it is often missing. Without
    these lines pdfplumber drops the whole outer column or row.
    """
    edges = merge_edges(list(edges), NEAR, NEAR, NEAR, NEAR)
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
