"""What the ink itself says where the recogniser is known to be wrong without noticing: a slash, a lost decimal point."""

from __future__ import annotations

import re
from dataclasses import replace

import cv2
import numpy as np

from jixiao.readers.ocr import Reading
from jixiao.readers.scan_figures import MENDED

_STROKES = frozenset("1lI|/丨丿J")
_LEAN = 0.25  # of its height: italic digits lean less
_PALE = 0.3  # of the darkest ink
_DIGITS = re.compile(r"[≥≤>＞<＜=]?\d{2,}[%％]?")


def by_ink(reading: Reading, black: np.ndarray, grey: np.ndarray) -> Reading:
    """The reading of a cell's line, compared with its ink (0 and 255) and with the image itself, both without rulings."""
    if reading.text in _STROKES:
        return _slash(reading, black)
    if _DIGITS.fullmatch(reading.text) and _has_point(grey):
        return replace(reading, sure=tuple(min(sure, MENDED) for sure in reading.sure))
    return reading


def _slash(reading: Reading, black: np.ndarray) -> Reading:
    return replace(reading, text="/") if is_slash(black) else reading


def is_slash(black: np.ndarray) -> bool:
    """Whether the ink is a lone stroke that leans like a slash (a cell that does not apply); OCR takes it for a digit, or nothing."""
    ys, xs = np.nonzero(black)
    if len(xs) < 8:
        return False
    lean = -float(np.cov(xs, ys)[0, 1] / max(1e-6, np.var(ys)))  # how far the stroke goes to the right on its way up
    off = float(np.std(xs + lean * ys))
    return lean > _LEAN and off < 0.12 * float(np.ptp(ys))


def _has_point(grey: np.ndarray) -> bool:
    """Whether a spot as large as a decimal point stands at the foot of the digits, between two of them."""
    # at a low resolution a point is paler than the digits
    ink = cv2.GaussianBlur(255 - grey, (3, 3), 0)
    black = (ink > _PALE * float(ink.max())).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(black)
    parts = stats[1:count].tolist()
    tall = [part for part in parts if part[3] > 0.5 * max(p[3] for p in parts)]
    if len(tall) < 2:
        return False
    top, foot = min(p[1] for p in tall), max(p[1] + p[3] for p in tall)
    left, right = min(p[0] + p[2] for p in tall), max(p[0] for p in tall)
    high = foot - top
    return any(
        0.08 * high <= h <= 0.3 * high
        and w <= 0.3 * high
        and area >= 4
        and abs(y + h - foot) <= 0.15 * high
        and left <= x + w
        and x <= right
        for x, y, w, h, area in parts
    )
