"""What a paper is made of, and what all its formats share: the numbers of headings and captions, the widths of columns."""

from __future__ import annotations

import re
from base64 import b64encode
from dataclasses import dataclass, field, replace

from ..words import say, width

SIZES = (10.5, 9.0, 8.0, 7.0)  # points of the letters in a table, the largest that fits
_LONG = 100  # rows of a table that is looked up, not read: it is set smaller
TEXT_WIDTH_MM = 156  # an A4 page less the margins of GB/T 9704—2012
_MM_PER_POINT = 25.4 / 72
_PADDING = 1.0  # characters beside the text of a cell
_NARROWEST, _WIDEST = 5.0, 26.0  # characters of a column of texts
WORD = 20  # characters of a word of Latin letters that stays whole
_LATIN = re.compile(r"[!-~]+")
_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text; `href` leads to the evidence of the finding that touches it, `title` says which."""

    text: str
    href: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading: `level` 1 is the paper's title; `number` is 一、 or （一） or 1. and blank for the title."""

    level: int
    text: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `bullet` is what a list puts before it. `quiet` is small print."""

    runs: tuple[Run, ...]
    bullet: str = ""
    quiet: bool = False

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its label (表1) and title, the head, the rows of cells, and which columns are numbers, which go to the right."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[Run, ...], ...]
    right: tuple[bool, ...]
    note: str = ""
    label: str = ""

    def layout(self) -> tuple[float, tuple[float, ...]]:
        """The size of the letters in points, and the width of each column as a share of the table's."""
        columns = list(zip(self.head, *[[run.text for run in row] for row in self.rows], strict=True))
        natural = [max(map(width, texts[1:]), default=0.0) for texts in columns]
        heads = [min(width(texts[0]), max(_NARROWEST, (width(texts[0]) + 1) / 2)) for texts in columns]
        words = [max(map(_latin_word, texts[1:]), default=0.0) for texts in columns]
        least = [_PADDING + (max(own, _longest_word(head)) if right else max(min(max(own, _longest_word(head)), _NARROWEST), word))
                 for own, head, right, word in zip(natural, self.head, self.right, words, strict=True)]  # fmt: skip
        wanted = [_PADDING + max(min(own, _WIDEST), head) for own, head in zip(natural, heads, strict=True)]
        for size in SIZES[2:] if len(self.rows) > _LONG else SIZES:
            room = TEXT_WIDTH_MM / (size * _MM_PER_POINT)
            if sum(least) <= room:
                break
        over = sum(least) / room
        if over >= 1:
            return size, tuple(value / sum(least) for value in least)
        spare, wishes = room - sum(least), [max(want - low, 0.0) for want, low in zip(wanted, least, strict=True)]
        given = [low + wish * min(spare / sum(wishes), 1.0) if sum(wishes) else low for low, wish in zip(least, wishes, strict=True)]
        return size, tuple(value / sum(given) for value in given)


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture (PNG) with its label (图1), its title, and a text for those who cannot see it."""

    title: str
    png: bytes = field(repr=False)
    alt: str = ""
    label: str = ""

    @property
    def base64(self) -> str:
        return b64encode(self.png).decode()


Block = Heading | Paragraph | Table | Figure


@dataclass(frozen=True, slots=True)
class Paper:
    """A title and blocks, in a language."""

    title: str
    language: str
    blocks: tuple[Block, ...]

    @property
    def marked(self) -> bool:
        """Whether any figure leads to evidence."""
        runs = [run for block in self.blocks if isinstance(block, Paragraph) for run in block.runs]
        runs += [run for block in self.blocks if isinstance(block, Table) for row in block.rows for run in row]
        return any(run.title for run in runs)


def paragraph(text: str, quiet: bool = False) -> Paragraph:
    """A paragraph of plain text; a beginning `- ` makes it an item of a list."""
    return Paragraph((Run(text.removeprefix("- ")),), "•" if text.startswith("- ") else "", quiet)


def numbered(blocks: list[Block], language: str) -> tuple[Block, ...]:
    """The blocks with the numbers of their headings, tables and pictures."""
    levels, tables, figures, out = [0, 0, 0], 0, 0, []
    for block in blocks:
        if isinstance(block, Heading) and block.level > 1:
            at = min(block.level, 4) - 2
            levels[at] += 1
            levels[at + 1 :] = [0] * (2 - at)
            block = replace(block, number=_number(levels[: at + 1], language))
        elif isinstance(block, Table):
            tables += 1
            block = replace(block, label=say("label_table", language, number=tables))
        elif isinstance(block, Figure):
            figures += 1
            block = replace(block, label=say("label_figure", language, number=figures))
        out.append(block)
    return tuple(out)


def _number(levels: list[int], language: str) -> str:
    if language != "zh":
        return ".".join(map(str, levels)) + ("." if len(levels) == 1 else "") + " "
    last = levels[-1]
    return {1: f"{chinese(last)}、", 2: f"（{chinese(last)}）", 3: f"{last}."}[len(levels)]


def chinese(number: int) -> str:
    """A whole number below 100 as headings are counted: 一, 十, 二十三."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


def _longest_word(text: str) -> float:
    """The width of the longest piece of a head that no line break divides: Chinese breaks anywhere, other words at blanks."""
    return max((width(word) if word.isascii() else min(width(word), 4.0) for word in text.split()), default=0.0)


def _latin_word(text: str) -> float:
    """The width of the longest word of Latin letters and digits that stays whole: no line break divides it."""
    return max((width(word[:WORD]) for word in _LATIN.findall(text)), default=0.0)
