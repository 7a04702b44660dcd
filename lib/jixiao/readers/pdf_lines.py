"""Characters of a PDF page to lines of text.

Digits set in another font stand on another baseline than the words around them, by up to half a character; a fixed small
tolerance loses them out of their sentences. So a line here is whatever lies within half a character of its middle.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import dropwhile
from operator import itemgetter

from jixiao.document import Box

Char = dict

_WIDE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f\u2018-\u201d\u2014\u2026]")
_CLOSING = "，。、；：！？）》」』】〕”’,.;:!?)]}%％‰℃"
_OPENING = "（《「『【〔“‘([{"
_SIGNS = frozenset(".,%≥≤<>=+-－−＞＜")
_ZERO_WIDTH = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))

SAME_LINE = 0.45  # of the character size: two middles nearer than this are on one line
APART = 4.0  # of the character size: a wider gap separates two things that only happen to stand at one height


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text on a page. `lead` is the width of what could not have been broken off its beginning.

    `confidence` is how sure OCR was of it, None where the file says what is written.
    """

    text: str
    page: int
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    lead: float
    confidence: float | None = None

    @property
    def box(self) -> Box:
        return (self.x0, self.top, self.x1, self.bottom)


def middle(char: Char) -> float:
    """The height in which a character stands."""
    return (char["top"] + char["bottom"]) / 2


def middles_of(chars: Iterable[Char]) -> list[float]:
    """The `middle` of each character, of which a page has thousands: without a call for each."""
    return [(char["top"] + char["bottom"]) / 2 for char in chars]


def inside(chars: Sequence[Char], box: Box, middles: Sequence[float]) -> list[Char]:
    """The characters whose middle is in `box`; `chars` go from top to bottom and `middles` are theirs."""
    x0, top, x1, bottom = box
    among = chars[bisect_left(middles, top) : bisect_left(middles, bottom)]
    return [c for c in among if x0 <= (c["x0"] + c["x1"]) / 2 < x1]


def cell_text(chars: Sequence[Char]) -> str:
    """The text of a cell, its lines joined by line breaks."""
    return "\n".join(text for row in rows_of(chars) if (text := joined(row)))


def confidence(chars: Sequence[Char]) -> float | None:
    """How sure OCR was of the least sure digit or sign of a figure; where there is none, of the least sure letter; else of any character.

    None for characters that were not read by OCR. How wide a bracket or a colon is nobody can be sure of, and nobody minds.
    """
    sure = [(c["sure"], c["text"]) for c in chars if "sure" in c]
    if not sure:
        return None
    if any(text.isdigit() for _, text in sure):
        counts = [s for s, text in sure if text.isdigit() or text in _SIGNS]
    else:
        counts = [s for s, text in sure if text.isalpha()]
    return round(min(counts or [s for s, _ in sure]), 3)


def lines_of(chars: Sequence[Char], page: int) -> list[Line]:
    """The lines of prose, from top to bottom; a gap of four characters parts a line in two."""
    lines: list[Line] = []
    for row in rows_of(chars):
        parts = [line for part in _parts(row) if (line := _line(part, page)).text]
        # one height for all parts of a line, so that they stay in their order
        lines += [replace(line, top=min(p.top for p in parts)) for line in parts] if len(parts) > 1 else parts
    return lines


def rows_of(chars: Sequence[Char]) -> list[list[Char]]:
    """The characters by line, each line from left to right."""
    middles = middles_of(chars)
    if len(set(middles)) == 1:  # most cells are a line in one font
        return [sorted(chars, key=itemgetter("x0"))]
    strips: list[tuple[list[float], list[Char]]] = []  # the middles of characters, and these
    above = float("-inf")
    for y, char in sorted(zip(middles, chars, strict=True), key=itemgetter(0)):
        if y - above > 0.5:
            strips.append(([], []))
        ys, strip = strips[-1]
        ys.append(y)
        strip.append(char)
        above = y
    if len(strips) < 2:
        return [sorted(strip, key=itemgetter("x0")) for _, strip in strips]
    # Lines grow round their fullest strip, so that a few raised digits go to their line and do not pull it up.
    lines: list[tuple[float, list[Char]]] = []
    for ys, strip in sorted(strips, key=_weight, reverse=True):
        y = sum(ys) / len(ys)
        size = max(c["size"] for c in strip)
        near = [line for line in lines if abs(line[0] - y) <= SAME_LINE * max(size, line[1][0]["size"])]
        if near:
            min(near, key=lambda line: abs(line[0] - y))[1].extend(strip)
        else:
            lines.append((y, strip))
    return [sorted(chars, key=itemgetter("x0")) for _, chars in sorted(lines, key=itemgetter(0))]


def _weight(strip: tuple[list[float], list[Char]]) -> float:
    return sum([c["size"] for c in strip[1] if not c["text"].isspace()])


def _parts(row: Sequence[Char]) -> Iterator[list[Char]]:
    part: list[Char] = []
    for char in row:
        if char["text"].isspace():
            continue
        if part:
            last = part[-1]
            gap = char["x0"] - last["x1"]
            if gap > APART * char["size"] and gap > APART * last["size"]:
                yield part
                part = []
        part.append(char)
    if part:
        first, last = part[0]["x0"], part[-1]["x1"]
        yield part if len(part) == len(row) else [c for c in row if first <= c["x0"] <= last]


def joined(row: Sequence[Char]) -> str:
    """The text of characters that stand beside each other: blanks where the page shows one, doubled (fake bold) ones once."""
    text = ""
    last: Char | None = None
    blank = was_wide = False
    for char in row:
        new, ink, wide = _sort(char["text"])
        if not ink:
            blank = blank or bool(new)
            continue
        if last is not None:
            size = char["size"] if char["size"] > last["size"] else last["size"]
            if char["text"] == last["text"] and abs(char["x0"] - last["x0"]) < 0.12 * size:
                continue
            gap = char["x0"] - last["x1"]
            if (blank and gap > 0.15 * size) or gap > (0.5 if wide or was_wide else 0.3) * size:
                text += " "
        text += new
        last, was_wide, blank = char, wide, False
    return text


@lru_cache(1 << 14)
def _sort(text: str) -> tuple[str, bool, bool]:
    """What a character stands for in a text, whether there is anything to see of it, whether it is as wide as a Chinese one."""
    new = "\ufffd" if text.startswith("(cid:") else text.translate(_ZERO_WIDTH)
    return new, bool(new.strip("\0")) and not new.isspace(), _WIDE.match(text) is not None


def _line(part: list[Char], page: int) -> Line:
    solid = [c for c in part if not c["text"].isspace()]
    sizes = sorted(c["size"] for c in solid)
    return Line(
        text=joined(part),
        page=page,
        x0=solid[0]["x0"],
        top=min(c["top"] for c in solid),
        x1=max(c["x1"] for c in solid),
        bottom=max(c["bottom"] for c in solid),
        size=sizes[len(sizes) // 2],
        lead=_lead(part, solid[0]),
        confidence=confidence(solid),
    )


def _lead(part: list[Char], first: Char) -> float:
    """How much room the beginning of a line needs: a number or a Chinese character, and the marks that stick to it."""
    end, state = first["x1"], "start"
    for char in dropwhile(lambda c: c is not first, part):
        text = char["text"]
        if text.isspace():
            break
        if state == "start":
            if text not in _OPENING:
                state = "wide" if _WIDE.match(text) else "word"
        elif text in _CLOSING:
            pass
        elif state == "wide" or _WIDE.match(text):
            break
        end = char["x1"]
    return end - first["x0"]
