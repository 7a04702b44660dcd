"""Horizontal bars from a zero line: one a row, several a row, or stacked; many rows become the top, the bottom and the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from ..words import say, width, written
from .canvas import BLUE, ENDS, GREY, INK, MOST_ROWS, UNDER, axes, plain_numbers, rows_down


def ends(frame: pd.DataFrame, value: str) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """`frame` in falling order of `value`, as top, rest and bottom; few rows are all top."""
    ordered = frame.sort_values(value, ascending=False, kind="stable")
    if len(ordered) <= MOST_ROWS:
        return ordered, ordered.iloc[:0], ordered.iloc[:0]
    return ordered.iloc[:ENDS], ordered.iloc[ENDS:-ENDS], ordered.iloc[-ENDS:]


class Rest(NamedTuple):
    """The rows that are not drawn, as one: before which row it stands, their values, its name, and a note on median, lowest, highest."""

    at: int
    values: np.ndarray
    name: str
    note: str


def rest(top: pd.DataFrame, middle: pd.DataFrame, value: str, name: str, write: Callable[[float], str]) -> Rest | None:
    """The `middle` of `ends` as one row; None where all rows are drawn."""
    if middle.empty:
        return None
    values = middle[value].to_numpy(float)
    return Rest(len(top), values, name, f"{write(np.median(values))}  ({write(values.min())} – {write(values.max())})")


def _note(ax: Axes, text: str, at: tuple[float, float], known: bool = True, under: dict[str, Any] | None = None) -> None:
    """A note (8 points) behind the end of a bar, in grey where there is no bar, and with what lies `under` it."""
    ax.annotate(text, at, xytext=(4, 0), textcoords="offset points", va="center", fontsize=8, color=INK if known else GREY, bbox=under)


def frame_rows(ax: Axes, least: float, most: float, ends: Sequence[float], notes: Sequence[str], names: Sequence[str]) -> None:
    """Name the rows, and set limits from `least` to at least `most`, and so far that each note (8 points) has room behind its end; NaN
    ends at zero. Where bars go to both sides, a line shows where they start.

    The width that the names of the rows leave is reckoned, not measured: that would lay out the figure once more.
    """
    rows_down(ax, names)
    spec = ax.get_subplotspec()
    share = ax.figure.get_figwidth() / (spec.get_gridspec().ncols if spec else 1)
    across = max(share - max((width(line) for name in names for line in name.split("\n")), default=0) * 9 / 72 - 0.3, 1.0)
    part = np.minimum([(width(note) * 8 + 10) / 72 / across for note in notes], 0.8)
    begin = min(least, 0.0) * 1.05
    behind = (np.maximum(np.nan_to_num(np.asarray(ends, dtype=float)), 0) - begin) / (1 - part)
    ax.set_xlim(begin, max(begin + behind.max(initial=0), most) or 1.0)
    plain_numbers(ax)
    if begin < 0:
        ax.axvline(0, color=INK, linewidth=0.8)


def single(
    values: Sequence[float],
    names: Sequence[str],
    notes: Sequence[str],
    colours: Sequence[str],
    ax: Axes | None = None,
    others: Rest | None = None,
    reach: float = 0.0,
) -> Axes:
    """One bar a row, the first on top, with a note at its end. A null has no bar and its note in grey. The axis goes at least to `reach`.

    `others` become a row with their median as a bar and a line from lowest to highest.
    """
    values, names, notes, colours = list(values), list(names), list(notes), list(colours)
    if others is not None:
        values.insert(others.at, float(np.median(others.values)))
        names.insert(others.at, others.name)
        notes.insert(others.at, others.note)
        colours.insert(others.at, GREY)
    lines = max((name.count("\n") for name in names), default=0)
    ax = axes(ax, 1.0 + len(names) * (0.30 + 0.13 * lines))
    rows = np.arange(len(names))
    filled = np.nan_to_num(np.asarray(values, dtype=float))
    ax.barh(rows, filled, color=colours, height=0.62)
    least, tips = filled.min(initial=0), filled.clip(min=0)
    if others is not None:
        low, high = others.values.min(), others.values.max()
        ax.plot([low, high], [others.at] * 2, color=INK, linewidth=1.2, marker="|")
        least, tips[others.at] = min(least, low), max(high, 0)
    for row, value, tip, note in zip(rows, values, tips, notes, strict=True):
        _note(ax, note, (tip, row), not np.isnan(value), UNDER)
    frame_rows(ax, least, reach, tips, notes, names)
    return ax


def grouped(frame: pd.DataFrame, columns: Sequence[str], names: Sequence[str], words: Sequence[str], colours: Sequence[str],
            language: str, ax: Axes | None = None) -> Axes:  # fmt: skip
    """A bar for each of `columns` in each row, each labelled with its word and value; a null says that it is not stated."""
    step = 0.8 / len(columns)
    ax = axes(ax, 1.0 + len(frame) * 0.21 * (len(columns) + 0.6))
    rows = np.arange(len(frame))
    ends, notes = [], []
    for place, (column, word, colour) in enumerate(zip(columns, words, colours, strict=True)):
        values = frame[column].to_numpy(dtype=float, na_value=np.nan)
        at = rows - 0.4 + step * (place + 0.5)
        ax.barh(at, np.nan_to_num(values), color=colour, height=step * 0.9)
        for row, value in zip(at, values, strict=True):
            known = not np.isnan(value)
            text = f"{word} {written(value, 'wan', language) if known else say('not_stated', language)}"
            _note(ax, text, (max(value, 0) if known else 0, row), known)
            ends.append(value)
            notes.append(text)
    frame_rows(ax, np.nanmin(ends, initial=0), 0, ends, notes, names)
    return ax


def stacked(frame: pd.DataFrame, columns: Sequence[str], names: Sequence[str], words: Sequence[str], colours: Sequence[str],
            notes: Sequence[str], ax: Axes | None = None) -> Axes:  # fmt: skip
    """Bars of parts, one row each, those below zero to its left; `words` for the legend, a note (the total) at the end."""
    lines = max((name.count("\n") for name in names), default=0)
    ax = axes(ax, 1.4 + len(frame) * (0.32 + 0.13 * lines))
    rows, start, below = np.arange(len(frame)), np.zeros(len(frame)), np.zeros(len(frame))
    for column, word, colour in zip(columns, words, colours, strict=True):
        values = np.nan_to_num(frame[column].to_numpy(dtype=float, na_value=np.nan))
        if values.any():
            left = np.where(values < 0, below, start)
            hatch = "////" if colour == GREY else None  # in print grey is as dark as other colours
            ax.barh(rows, values, left=left, color=colour, height=0.62, label=word, edgecolor="white", linewidth=0.8, hatch=hatch)
        start, below = start + values.clip(min=0), below + values.clip(max=0)
    for row, end, note in zip(rows, start, notes, strict=True):
        _note(ax, note, (end, row))
    frame_rows(ax, below.min(initial=0), 0, start, notes, names)
    return ax


def with_rest(shown: pd.DataFrame, others: pd.DataFrame, columns: Sequence[str], how: str, names: Sequence[str],
              name: str) -> tuple[pd.DataFrame, list[str]]:  # fmt: skip
    """`columns` of `shown` and its row names, with one row `name` for the `others`: the `how` (median, mean) of each column."""
    columns = list(columns)
    rows, names = shown[columns].astype("float64"), list(names)
    if others.empty:
        return rows, names
    values = others[columns].astype("float64")
    values = values.fillna(0) if how == "mean" else values  # a part that is not stated has no length in any of the bars
    rest = values.agg(how).to_frame().T
    return pd.concat([rows, rest], ignore_index=True), [*names, name]


def plain(count: int) -> list[str]:
    """The colour of `count` bars that all mean the same."""
    return [BLUE] * count
