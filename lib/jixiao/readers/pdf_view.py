"""From a PDF page's own coordinates to those in which it is read, and back to those in which it is shown.

A page is cropped to what a viewer shows of it. Where its text runs from top to bottom or the other way (a wide table put on an
upright page), it is turned, so that everything else here may take text to run from left to right.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from pdfplumber.page import Page

from jixiao.document import Box
from jixiao.readers.pdf_content import Content
from jixiao.readers.pdf_lines import Char, middle

_UPRIGHT = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class Shown(Protocol):
    """A page as it is read: its size in points, and where a box of it stands on the page that is shown."""

    @property
    def wide(self) -> float: ...

    @property
    def tall(self) -> float: ...

    def shown(self, box: Box) -> Box: ...


@dataclass(frozen=True, slots=True)
class View:
    """What is shown of a page: its origin, width and height in pdfplumber's coordinates; `quarter` turns make its text upright."""

    x0: float
    top: float
    width: float
    height: float
    quarter: int = 0

    @property
    def wide(self) -> float:
        return self.height if self.quarter % 2 else self.width

    @property
    def tall(self) -> float:
        return self.width if self.quarter % 2 else self.height

    def read(self, box: Iterable[float]) -> Box:
        """A box of pdfplumber's in the coordinates in which the page is read."""
        x0, top, x1, bottom = box
        x0, x1, top, bottom = x0 - self.x0, x1 - self.x0, top - self.top, bottom - self.top
        if self.quarter == 1:  # text runs from bottom to top
            return (self.height - bottom, x0, self.height - top, x1)
        if self.quarter == 2:
            return (self.width - x1, self.height - bottom, self.width - x0, self.height - top)
        if self.quarter == 3:  # text runs from top to bottom
            return (top, self.width - x1, bottom, self.width - x0)
        return (x0, top, x1, bottom)

    def shown(self, box: Box) -> Box:
        """A box in reading coordinates as a viewer shows it, from the page's upper left corner, in points."""
        x0, top, x1, bottom = box
        if self.quarter == 1:
            box = (top, self.height - x1, bottom, self.height - x0)
        elif self.quarter == 2:
            box = (self.width - x1, self.height - bottom, self.width - x0, self.height - top)
        elif self.quarter == 3:
            box = (self.width - bottom, x0, self.width - top, x1)
        x0, top, x1, bottom = box
        return (round(float(x0), 2), round(float(top), 2), round(float(x1), 2), round(float(bottom), 2))


def view_of(page: Page, content: Content) -> View:
    """The part of the page that is shown, turned the way most of its text runs."""
    full, crop = page.mediabox, page.cropbox
    x0, top, x1, bottom = max(full[0], crop[0]), max(full[1], crop[1]), min(full[2], crop[2]), min(full[3], crop[3])
    if x1 <= x0 or bottom <= top:
        x0, top, x1, bottom = full
    turns = Counter(_turn(c) for c in content.chars if not c["text"].isspace()) if content.turned else Counter()
    turns.pop(None, None)
    quarter = turns.most_common(1)[0][0] if turns else 0
    return View(float(x0), float(top), float(x1 - x0), float(bottom - top), quarter)


def chars_of(content: Content, view: View) -> list[Char]:
    """A page's characters in reading coordinates, from top to bottom.

    Text drawn off the page goes, and watermarks set askew.
    """
    plain = view == View(0.0, 0.0, view.width, view.height)
    chars = content.chars if plain else [_moved(char, view) for char in content.chars]
    wide, tall = 2 * view.wide, 2 * view.tall
    kept = [c for c in chars if 0 <= c["x0"] + c["x1"] <= wide and 0 <= c["top"] + c["bottom"] <= tall]
    if content.turned:
        kept = [char for char in kept if _turn(char) is not None]
    return sorted(kept, key=middle)


def _moved(char: Char, view: View) -> Char:
    x0, top, x1, bottom = view.read((char["x0"], char["top"], char["x1"], char["bottom"]))
    size = bottom - top if view.quarter % 2 else char["size"]
    return {**char, "x0": x0, "top": top, "x1": x1, "bottom": bottom, "size": size}


def _turn(char: Char) -> int | None:
    """How many quarters a character is turned, to the left; None for one set askew."""
    a, b = char.get("matrix", _UPRIGHT)[:2]
    if b == 0 and a > 0:
        return 0
    degrees = math.degrees(math.atan2(b, a))
    quarters = round(degrees / 90)
    return quarters % 4 if abs(degrees - quarters * 90) <= 10 else None
