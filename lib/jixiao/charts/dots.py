"""Rows of dots: a figure of the report (dot) beside the recomputed one (ring), with the range that either may lie in (lines).

Dots need no zero line, so that small differences can be seen; the axis names its range.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..words import width
from .canvas import BLUE, MOST_ROWS, ORANGE, axes, plain_numbers, rows_down


class Span(NamedTuple):
    """A line from `low` to `high` in each row, with its word in the legend (none: it is not in it)."""

    low: np.ndarray
    high: np.ndarray
    colour: str
    thickness: float
    word: str = ""


def furthest(frame: pd.DataFrame, value: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Of more than 24 rows those whose `value` is furthest from zero, and the others; few rows are all there."""
    if len(frame) <= MOST_ROWS:
        return frame, frame.iloc[:0]
    order = frame.sort_values(value, key=lambda column: -column.abs(), kind="stable")
    return order.iloc[:MOST_ROWS], order.iloc[MOST_ROWS:]


def compared(names: Sequence[str], printed: np.ndarray, again: np.ndarray, words: tuple[str, str], spans: Sequence[Span],
             notes: Sequence[str] = (), ax: Axes | None = None) -> Axes:  # fmt: skip
    """One row a name, the first on top: `printed` as a dot, `again` as a ring, `spans` behind them, a note at the end.

    `words` name dot and ring in the legend. What is NaN is not drawn.
    """
    lines = max(name.count("\n") for name in names)
    ax = axes(ax, 1.7 + len(names) * (0.30 + 0.13 * lines))
    rows = np.arange(len(names))
    for order, span in enumerate(spans, start=1):
        ax.hlines(rows, span.low, span.high, color=span.colour, linewidth=span.thickness, zorder=order, label=span.word or None)
    front = len(spans) + 1
    ax.scatter(again, rows, s=90, facecolors="none", edgecolors=ORANGE, linewidths=1.8, zorder=front, label=words[1])
    if not np.isnan(printed).all():
        ax.scatter(printed, rows, s=30, color=BLUE, zorder=front + 1, label=words[0])
    drawn = np.array([printed, again, *(end for span in spans for end in (span.low, span.high))], dtype=float)
    least, most = np.nanmin(drawn), np.nanmax(drawn)
    room = max(most - least, 1.0)
    longest = max(map(width, notes), default=0)
    ax.set_xlim(least - room * 0.06, most + room * (0.06 + 0.045 * longest))
    plain_numbers(ax)
    for row, note in enumerate(notes):
        ax.annotate(note, (np.nanmax(drawn[:, row]), row), xytext=(9, 0), textcoords="offset points", va="center", fontsize=8)
    rows_down(ax, names)
    return ax
