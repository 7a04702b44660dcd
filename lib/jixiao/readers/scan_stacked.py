"""Characters below each other (绩 / 效 / 指 / 标), which are found as one tall line: read as if they stood side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from jixiao.readers import ocr
from jixiao.readers.ocr import Reading
from jixiao.readers.scan_page import Spot, cut

TALL = 1.5  # times as high as wide: no line of text, and no single character
_SQUARE = 1.15  # times as high as wide: the highest character
_ROOM = 0.12  # of a character's height, round it in the line that is read


@dataclass(frozen=True, slots=True)
class Stack:
    """Characters below each other, each with its box in pixels."""

    parts: tuple[Spot, ...]


def stack_of(spot: Spot, black: np.ndarray, high: float) -> Stack | None:
    """The characters of a tall line; None where it is not one. `high` is the height of the page's lines."""
    x0, top, x1, bottom = spot
    if bottom - top < TALL * max(x1 - x0, high):
        return None
    filled = cut(black, spot).any(axis=1)
    ink = np.flatnonzero(cut(black, spot).any(axis=0))
    if not len(ink):
        return None
    edges = np.flatnonzero(np.diff(np.concatenate(([0], filled.astype(np.int8), [0]))))
    runs: list[list[int]] = []
    for start, end in edges.reshape(-1, 2).tolist():
        if runs and end - runs[-1][0] <= _SQUARE * (ink[-1] + 1 - ink[0]):
            runs[-1][1] = end  # the strokes of 三 are one character
        else:
            runs.append([start, end])
    left, right = x0 + int(ink[0]), x0 + int(ink[-1]) + 1
    return Stack(tuple((left, top + start, right, top + end) for start, end in runs)) if len(runs) > 1 else None


def read(stacks: Sequence[Stack], grey: np.ndarray) -> list[tuple[Spot, Reading]]:
    """Each character with its box. Side by side the recogniser sees the word that they make."""
    found: list[tuple[Spot, Reading]] = []
    for stack, reading in zip(stacks, ocr.read_lines([_line(stack, grey) for stack in stacks]), strict=True):
        count = len(stack.parts)
        for number, part in enumerate(stack.parts):
            its = [i for i, at in enumerate(reading.at) if number <= at * count < number + 1 and not reading.text[i].isspace()]
            text = "".join(reading.text[i] for i in its)
            found.append((part, Reading(text, tuple(reading.sure[i] for i in its), tuple(reading.at[i] * count - number for i in its))))
    return found


def _line(stack: Stack, grey: np.ndarray) -> np.ndarray:
    """The characters side by side, each in a field of the same size."""
    high = max(bottom - top for _, top, _, bottom in stack.parts)
    room = round(_ROOM * high)
    wide = max(x1 - x0 for x0, _, x1, _ in stack.parts)
    fields = []
    for part in stack.parts:
        image = cut(grey, part)
        above = (high - image.shape[0]) // 2
        below, beside = high - image.shape[0] - above, wide - image.shape[1]
        fields.append(
            cv2.copyMakeBorder(image, above + room, below + room, beside // 2, beside - beside // 2, cv2.BORDER_CONSTANT, value=255)
        )
    return np.hstack(fields)
