"""Where the texts of a drawn figure stand: which lie beyond its edge, and which lie over each other."""

from __future__ import annotations

from itertools import combinations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Bbox

TOUCH = 1.0  # pixels that two boxes may share: the extent of a text is a little more than its ink


def texts(figure: Figure) -> list[Text]:
    """All texts that are drawn: no hidden ones, no tick labels outside the limits of their axis."""
    found = [text for text in figure.findobj(Text) if text.get_visible() and text.get_text().strip()]
    found += [text for axes in panels(figure) if axes.get_legend() for text in axes.get_legend().get_texts() if text not in found]
    unseen = {label for axes in panels(figure) for axis in (axes.xaxis, axes.yaxis) for label in _unseen(axis)}
    return [text for text in found if text not in unseen]


def panels(figure: Figure) -> list[Axes]:
    """The axes of a figure, those inside others too."""
    return [inner for axes in figure.axes for inner in (axes, *axes.child_axes)]


def _unseen(axis) -> set[Text]:
    low, high = sorted(axis.get_view_interval())
    slack = (high - low) * 1e-6
    return {label for tick in (*axis.majorTicks, *axis.minorTicks) for label in (tick.label1, tick.label2)
            if not low - slack <= tick.get_loc() <= high + slack}  # fmt: skip


def beyond(figure: Figure) -> list[tuple[str, Bbox]]:
    """The texts and other marks of `figure` that go beyond its edge, as laid out: what a picture of just the figure would cut off."""
    figure.draw_without_rendering()
    renderer, page = figure.canvas.get_renderer(), figure.bbox.padded(TOUCH)
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in texts(figure)]
    boxes += [(f"axes {at}", box) for at, axes in enumerate(panels(figure)) if (box := axes.get_tightbbox(renderer)) is not None]
    return [(name, box) for name, box in boxes if not (page.contains(*box.min) and page.contains(*box.max))]


def overlapping(figure: Figure) -> list[tuple[str, str]]:
    """Pairs of texts of `figure` that lie over each other."""
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()
    boxes = [(text, _ink(text, renderer)) for text in texts(figure)]
    return [(first.get_text(), second.get_text()) for (first, one), (second, other) in combinations(boxes, 2) if shared(one, other)]


def _ink(text: Text, renderer) -> Bbox:
    """The extent of the words of `text` alone, without an arrow."""
    return Text.get_window_extent(text, renderer) if isinstance(text, Annotation) else text.get_window_extent(renderer)


def shared(one: Bbox, other: Bbox) -> bool:
    """Whether two boxes share more than a pixel in both directions."""
    across = min(one.x1, other.x1) - max(one.x0, other.x0)
    return across > TOUCH and min(one.y1, other.y1) - max(one.y0, other.y0) > TOUCH
