"""A page's image made level and upright, its ground evened out, and the way back to where things stand on the page as it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from jixiao.document import Box
from jixiao.readers import ocr

STEEPEST = 8.0  # degrees: paper lies no more askew on a scanner's glass
SEEN = 2 / 3  # of the image's size: enough to find lines of text, at less than half the cost
Spot = tuple[int, int, int, int]  # a line of text, or the part of it in one cell: left, top, right and bottom in pixels

SURE = 0.9  # mean sureness of a few lines above which nobody doubts that they stand upright
_BEGINNING = 10  # times its height: as much of a line is read to see whether it stands upright
_ROOM = 40  # pixels round what is written
_POINTS = 60_000  # of ink that are enough to tell a page's slope


@dataclass(frozen=True, slots=True)
class TurnedView:
    """The way back from a page as it is read to the page as it is shown; sizes in points.

    The page as it is shown was turned by `quarter` quarters to the left and then by `angle` degrees to become the one that is read.
    """

    wide: float
    tall: float
    quarter: int = 0
    angle: float = 0.0

    def shown(self, box: Box) -> Box:
        """A box in points as it stands on the page that is shown: its middle moved there, its sides kept."""
        x0, top, x1, bottom = box
        back = cv2.getRotationMatrix2D((self.wide / 2, self.tall / 2), -self.angle, 1)
        x, y = back @ np.array([(x0 + x1) / 2, (top + bottom) / 2, 1.0])
        wide, tall = x1 - x0, bottom - top
        if self.quarter == 1:
            x, y, wide, tall = self.tall - y, x, tall, wide
        elif self.quarter == 2:
            x, y = self.wide - x, self.tall - y
        elif self.quarter == 3:
            x, y, wide, tall = y, self.wide - x, tall, wide
        corners = (x - wide / 2, y - tall / 2, x + wide / 2, y + tall / 2)
        x0, top, x1, bottom = (round(float(v), 2) for v in corners)
        return (x0, top, x1, bottom)


@dataclass(frozen=True)
class Paper:
    """A page to be read: `ink` is how much darker each pixel is than the paper around it, `scale` the points that a pixel is wide.

    `quarter` and `angle` are how it was turned to become upright and level, see TurnedView.
    """

    ink: np.ndarray
    scale: float
    quarter: int = 0
    angle: float = 0.0

    @property
    def wide(self) -> float:
        return self.ink.shape[1] * self.scale

    @property
    def tall(self) -> float:
        return self.ink.shape[0] * self.scale

    @cached_property
    def grey(self) -> np.ndarray:
        """The writing on white paper."""
        return 255 - self.ink

    @cached_property
    def black(self) -> np.ndarray:
        """Where there is ink, as 0 and 255."""
        # noise of a blank page stays below 25; thin grey lines reach it
        limit = min(70.0, max(25.0, 0.35 * float(np.percentile(self.ink, 99.5))))
        return cv2.threshold(self.ink, limit, 255, cv2.THRESH_BINARY)[1]

    def points(self, box: Sequence[float]) -> Box:
        """A box in pixels as points."""
        x0, top, x1, bottom = (float(v) * self.scale for v in box)
        return (x0, top, x1, bottom)

    @property
    def view(self) -> TurnedView:
        return TurnedView(self.wide, self.tall, self.quarter, self.angle)

    def turned(self, quarters: int) -> Paper:
        """The paper turned by so many quarters to the left more."""
        # turning first and levelling then is the same as the other way round, about the middle
        ink = np.ascontiguousarray(np.rot90(self.ink, quarters))
        return Paper(ink, self.scale, (self.quarter + quarters) % 4, self.angle)


def upright(grey: np.ndarray, scale: float) -> tuple[Paper, list[np.ndarray]]:
    """The paper of a grey image, level and upright, and the corners of the lines of text on it."""
    paper = level(Paper(_ink(grey), scale))
    if not paper.black.any():
        return paper, []
    lines = _lines(paper)
    sideways = _sideways(lines)
    upwards = paper
    if sideways:
        upwards, lines = paper.turned(1), [_turned_left(line, paper) for line in lines]
    sure = _sureness(upwards, lines)
    if lines and (sideways or sure < SURE):
        other = upwards.turned(2)
        if _sureness(other, [_turned_over(line, upwards) for line in lines]) > sure:
            upwards = other
    # lines of a page that lies are found less well
    return upwards, lines if upwards is paper else _lines(upwards)


def _ink(grey: np.ndarray) -> np.ndarray:
    """How much darker than the paper around it each pixel is: shadows and yellowed paper go, writing stays."""
    high, wide = grey.shape
    small = cv2.resize(grey, (max(1, wide // 4), max(1, high // 4)), interpolation=cv2.INTER_AREA)
    ground = cv2.medianBlur(cv2.dilate(small, np.ones((5, 5), np.uint8)), 21)
    return cv2.subtract(cv2.resize(ground, (wide, high), interpolation=cv2.INTER_LINEAR), grey)


def level(paper: Paper) -> Paper:
    """The paper turned so that lines of text and rulings run along its edges."""
    angle = _slope(paper.black)
    if abs(angle) < 0.03:
        return paper
    high, wide = paper.ink.shape
    turn = cv2.getRotationMatrix2D((wide / 2, high / 2), angle, 1)
    ink = cv2.warpAffine(paper.ink, turn, (wide, high), flags=cv2.INTER_CUBIC, borderValue=0)
    return Paper(ink, paper.scale, paper.quarter, angle)


def _slope(black: np.ndarray) -> float:
    """The angle in degrees at which the ink gathers most in rows and columns."""
    ys, xs = np.nonzero(black[::2, ::2])
    if len(xs) < 50:
        return 0.0
    step = -(-len(xs) // _POINTS)
    xs, ys = xs[::step].astype(np.float32), ys[::step].astype(np.float32)
    best = 0.0
    for width, width_of_step in ((STEEPEST, 0.5), (0.5, 0.1), (0.1, 0.02)):
        angles = best + np.arange(-width, width + width_of_step / 2, width_of_step)
        best = float(max(angles, key=lambda angle: _gathered(xs, ys, angle)))
    return best


def _gathered(xs: np.ndarray, ys: np.ndarray, angle: float) -> float:
    cos, sin = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    total = 0.0
    for along in (ys * cos - xs * sin, xs * cos + ys * sin):
        counts = np.bincount((along - along.min()).astype(np.int32)).astype(np.float64)
        total += float(np.square(counts).sum())
    return total


def _lines(paper: Paper) -> list[np.ndarray]:
    # blank margins cost as much as what is written
    x0, top, x1, bottom = _written(paper.black)
    small = cv2.resize(paper.grey[top:bottom, x0:x1], None, fx=SEEN, fy=SEEN, interpolation=cv2.INTER_AREA)
    return [line / SEEN + (x0, top) for line in ocr.find_lines(small)]


def _written(black: np.ndarray) -> Spot:
    """The part of a page that holds all ink but single specks, with a little room round it."""
    x, y, wide, high = cv2.boundingRect(cv2.erode(black, np.ones((2, 2), np.uint8)))
    if not wide:
        return (0, 0, black.shape[1], black.shape[0])
    return (max(0, x - _ROOM), max(0, y - _ROOM), x + wide + _ROOM, y + high + _ROOM)


def _sideways(lines: Sequence[np.ndarray]) -> bool:
    """Whether most of what is longer than one character is taller than wide."""
    tall = wide = 0.0
    for line in lines:
        width, height = np.ptp(line[:, 0]), np.ptp(line[:, 1])
        if height > 1.6 * width:
            tall += height / max(1.0, width)
        elif width > 1.6 * height:
            wide += width / max(1.0, height)
    return tall > wide


def _sureness(paper: Paper, lines: Sequence[np.ndarray]) -> float:
    """How sure the recogniser is of a few long lines."""
    long = sorted(lines, key=lambda line: -np.ptp(line[:, 0]) / max(1.0, np.ptp(line[:, 1])))[:4]
    crops = [crop for line in long if (crop := cut(paper.grey, bounds(line))).size]
    readings = ocr.read_lines([crop[:, : _BEGINNING * len(crop)] for crop in crops])
    sure = [share for reading in readings for share in reading.sure]
    return sum(sure) / len(sure) if sure else 0.0


def bounds(line: np.ndarray) -> tuple[int, int, int, int]:
    """The upright rectangle round a line's corners, in whole pixels."""
    (x0, top), (x1, bottom) = line.min(axis=0), line.max(axis=0)
    return (int(x0), int(top), int(np.ceil(x1)), int(np.ceil(bottom)))


def cut(image: np.ndarray, box: Sequence[int]) -> np.ndarray:
    """The part of an image that lies in a box."""
    x0, top, x1, bottom = box
    return image[max(0, top) : max(0, bottom), max(0, x0) : max(0, x1)]


def _turned_left(line: np.ndarray, paper: Paper) -> np.ndarray:
    return np.stack([line[:, 1], paper.ink.shape[1] - line[:, 0]], axis=1)


def _turned_over(line: np.ndarray, paper: Paper) -> np.ndarray:
    high, wide = paper.ink.shape
    return np.array([wide, high]) - line
