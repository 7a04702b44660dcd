"""Lines of PDF pages to paragraphs: page furniture out, wrapped lines joined, over the page break as well."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from jixiao.document import Box, least, tidy
from jixiao.readers.pdf_lines import Line

_DASHES = r"[-—–－_·~|\s()（）\[\]【】]*"
_PAGE_NUMBER = re.compile(
    rf"{_DASHES}(第?\s*(?P<number>\d{{1,3}})\s*页?|[ivxlIVXL]{{1,6}})([,，、\s]*共\s*\d{{1,3}}\s*页|\s*(/|of)\s*\d{{1,3}}\s*页?)?{_DASHES}"
)
_CONTINUED = re.compile(r"[（(【]?(续表|续上表|接上表|接上页|续)[\d一二三四五六七八九十]*[）)】:：]?")
_HEADING = re.compile(
    r"第[一二三四五六七八九十\d]+(部分|章|节)|附[件表录图]\s*[\d一二三四五六七八九十]*\s*($|[:：.、])"
    r"|[一二三四五六七八九十]{1,3}\s*、|[（(]\s*[一二三四五六七八九十\d]{1,3}\s*[）)]|\d{1,2}\s*[、.．](?!\d(?!\d{3}年))|[①-⑳]"
)
_ENDED = re.compile(r"[。；;：:！!？?…][”’」』）)]*$")
EDGE = 0.1  # of the page's height: headers and footers stand this near to the edge


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page's size and its lines of prose; `number` counts from 1."""

    number: int
    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """Where the text of a page begins and ends, in points."""

    left: float
    right: float
    centre: float
    pitch: float


def furniture(sheets: Sequence[Sheet]) -> set[Line]:
    """The lines that belong to the page and not to the text: page numbers, headers and footers, 续表."""
    found: set[Line] = set()
    numbers: defaultdict[int | None, list[Line]] = defaultdict(list)
    repeated: defaultdict[tuple[str, int], list[Line]] = defaultdict(list)
    for sheet in sheets:
        near = EDGE * sheet.height
        for line in sheet.lines:
            if _CONTINUED.fullmatch(line.text):
                found.add(line)
            if near <= (line.top + line.bottom) / 2 <= sheet.height - near:
                continue
            if match := _PAGE_NUMBER.fullmatch(line.text):
                bare = line.text.isdigit()
                numbers[int(match["number"]) - line.page if bare else None].append(line)
            else:
                repeated[re.sub(r"\d+", "#", tidy(line.text)), round(line.top / 6)].append(line)
    for ahead, lines in numbers.items():
        # a number without any dash is a page number if it counts along with the pages; else it may be a figure
        if ahead is None or ahead == 0 or len({line.page for line in lines}) > 1:
            found.update(lines)
    for lines in repeated.values():
        if len(pages := {line.page for line in lines}) >= 3 and len(pages) >= 0.3 * len(sheets):
            found.update(lines)
    return found


class Prose:
    """Joins the lines of a document to paragraphs; knows the margins of every page."""

    def __init__(self, sheets: Sequence[Sheet]):
        sizes: Counter[float] = Counter()
        by_size: defaultdict[tuple[int, int], list[Line]] = defaultdict(list)
        for sheet in sheets:
            by_size[round(sheet.width), round(sheet.height)] += sheet.lines
            for line in sheet.lines:
                sizes[round(line.size, 1)] += len(line.text)
        self.body = sizes.most_common(1)[0][0] if sizes else 0.0
        self.frames = {}
        self.papers = {s.number: (round(s.width), round(s.height)) for s in sheets}
        for sheet in sheets:
            self.frames[sheet.number] = _frame(sheet, by_size[self.papers[sheet.number]])

    def paragraphs(self, lines: Iterable[Line]) -> list[tuple[str, int, Box, float | None]]:
        """Text, first page, the box on it and OCR's confidence of each paragraph in a run of lines with nothing between them."""
        groups: list[list[Line]] = []
        for line in lines:
            if groups and self._continues(groups[-1], line):
                groups[-1].append(line)
            else:
                groups.append([line])
        return [(self._text(group), group[0].page, _box(group), least(line.confidence for line in group)) for group in groups]

    def _continues(self, group: list[Line], line: Line) -> bool:
        last = group[-1]
        frame, before = self.frames[line.page], self.frames[last.page]
        turned = line.page != last.page
        if turned and self.papers[line.page] != self.papers[last.page]:
            return False
        step = line.top - last.top
        if not turned and (step < 0.5 * line.size or abs(line.size - last.size) > 0.15 * max(line.size, last.size)):
            return False
        full = before.right - last.x1 < line.lead + 1.2 * last.size
        if self._is_centred(line) and self._is_centred(last):
            return not turned and step < 2.2 * line.size and (full or line.size > 1.15 * self.body) and not _HEADING.match(line.text)
        if not full or (not turned and step > 1.7 * max(frame.pitch, 1.2 * line.size)):
            return False
        if _HEADING.match(line.text) and _ENDED.search(last.text):
            return False
        indent = line.x0 - frame.left
        if indent < 0.75 * line.size:
            # what follows a date or a unit at the right edge is not its continuation
            return len(group) > 1 or last.x0 - before.left < 4.5 * last.size
        # a hanging paragraph: its lines stand deep in the page, and its sentence has not ended
        return indent > 3 * line.size and not _ENDED.search(last.text) and not _HEADING.match(line.text) and line.x0 < last.x1

    def _is_centred(self, line: Line) -> bool:
        frame = self.frames[line.page]
        if line.x0 - frame.left < 1.2 * line.size and line.size < 1.15 * self.body:
            return False
        return min(abs((line.x0 + line.x1) / 2 - c) for c in (frame.centre, (frame.left + frame.right) / 2)) < 0.6 * line.size

    def _text(self, group: Sequence[Line]) -> str:
        text = group[0].text
        for last, line in pairwise(group):
            # a number too long for its line is cut where the line is full, without a blank
            cut = text[-1] in "0123456789.," and line.text[0] in "0123456789.,"
            full = self.frames[last.page].right - last.x1 < 0.6 * last.size
            text += ("" if cut and full else " ") + line.text
        return tidy(text)


def _frame(sheet: Sheet, alike: Sequence[Line]) -> Frame:
    """The margins of a page, from its own wide lines where it has some, else from the pages of its size."""
    own = [line for line in sheet.lines if line.x1 - line.x0 > 0.6 * sheet.width]
    lines = own if len(own) >= 4 else [line for line in alike if line.x1 - line.x0 > 0.6 * sheet.width]
    left = min((line.x0 for line in lines or alike), default=0.0)
    # without a wide line nobody knows how far a line may go: as far from the edge as on the left
    right = max((line.x1 for line in lines), default=sheet.width - left)
    steps = [b.top - a.top for a, b in pairwise(sheet.lines) if b.top - a.top > 0.5 * a.size]
    return Frame(left, right, sheet.width / 2, median(steps) if steps else 0.0)


def _box(group: Sequence[Line]) -> Box:
    lines = [line for line in group if line.page == group[0].page]
    x0, top = min(line.x0 for line in lines), min(line.top for line in lines)
    x1, bottom = max(line.x1 for line in lines), max(line.bottom for line in lines)
    return (x0, top, x1, bottom)
