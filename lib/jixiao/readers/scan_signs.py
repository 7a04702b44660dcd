"""Signs that stand alone in a cell (≥, =, —): the recogniser is not used to them alone, but knows them before a figure."""

from __future__ import annotations

import re
from collections.abc import Sequence

import cv2
import numpy as np

from jixiao.readers import ocr
from jixiao.readers.ocr import Reading
from jixiao.readers.scan_page import Spot, cut

SIGNS = frozenset("≥≤>＞<＜=＝-－—+±")
_FIGURE = re.compile(r"\d[\d.,]{0,8}")
_BARS = frozenset("一二三")  # characters that are bars, like dashes and signs of equality
CERTAIN = 0.95  # a lone sign or character that is as sure as this is that
_SURE = 0.8  # of a sign before a figure
_LONG = 0.45  # of a line's height: a dash is longer, a hyphen shorter
_FLAT = 0.3  # of its width: a dash is not higher


def signs(
    spots: Sequence[Spot], readings: Sequence[Reading], alone: Sequence[bool], grey: np.ndarray, black: np.ndarray, high: float
) -> dict[int, Reading]:
    """Which of the lines that are `alone` in their cells are signs: their number → what they say. `high` is the height of a line.

    A bar is told by its ink. Other signs are read again before a figure of the same page; they count only where that comes out the same.
    """
    found, doubtful = {}, []
    for i, reading in enumerate(readings):
        if not alone[i] or not _may_be_sign(reading, spots[i]):
            continue
        if (dash := _dash(cut(black, spots[i]), high)) is None:
            doubtful.append(i)
        elif not _counts(i, spots, readings):
            found[i] = Reading(dash, (CERTAIN,), (0.5,))
    figure = _figure(readings)
    if figure is None:
        return found
    number = readings[figure].text
    again = ocr.read_lines([_before(cut(grey, spots[i]), cut(grey, spots[figure])) for i in doubtful])
    for i, reading in zip(doubtful, again, strict=True):
        text = "".join(reading.text.split())
        if text[1:] == number and text[0] in SIGNS and reading.sure[0] >= _SURE:
            found[i] = Reading(text[0], (reading.sure[0],), (0.5,))
    return found


def _figure(readings: Sequence[Reading]) -> int | None:
    """The number of the line that is most surely a figure, a short one if there is."""
    chosen = [i for i, r in enumerate(readings) if _FIGURE.fullmatch(r.text) and min(r.sure) >= CERTAIN]
    return min(chosen, key=lambda i: (len(readings[i].text) == 1, len(readings[i].text), -min(readings[i].sure)), default=None)


def _may_be_sign(reading: Reading, spot: Spot) -> bool:
    text = reading.text.strip("\0")
    if len(text) > 1 or spot[2] - spot[0] > 2 * (spot[3] - spot[1]):
        return False
    if not text or text in SIGNS | _BARS:
        return True
    return not text.isdecimal() and text != "/" and min(reading.sure) < CERTAIN


def _before(sign: np.ndarray, figure: np.ndarray) -> np.ndarray:
    """The image of a sign set before that of a figure, on one line."""
    high = max(len(sign), len(figure))
    fields = []
    for image in (sign, figure):
        above = (high - len(image)) // 2
        fields.append(cv2.copyMakeBorder(image, above, high - len(image) - above, 0, 0, cv2.BORDER_CONSTANT, value=255))
    return np.hstack(fields)


def _dash(black: np.ndarray, high: float) -> str | None:
    """A dash or a hyphen by its length; None where the ink is no bar."""
    ys, xs = np.nonzero(black)
    if not len(xs) or np.ptp(ys) + 1 > max(4.0, _FLAT * (np.ptp(xs) + 1)):
        return None
    return "—" if np.ptp(xs) + 1 > _LONG * high else "-"


def _counts(number: int, spots: Sequence[Spot], readings: Sequence[Reading]) -> bool:
    """Whether a bar stands in a column that counts 一, 二, 三."""
    x0, _, x1, _ = spots[number]
    column = {r.text for (left, _, right, _), r in zip(spots, readings, strict=True) if left < x1 and x0 < right}
    return len(column & _BARS) > 1
