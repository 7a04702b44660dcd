"""The field's terms: which standard term a printed label is. Data in `vocabulary.toml`; labels are compared whole.

No similarity decides what a label means: it is one of the spellings, or it is unknown.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources

from .values import MONEY_WAN, plain

_QUOTES = str.maketrans("", "", "\"'“”‘’「」《》*★")
_ENUMERATOR = re.compile(
    r"\(?\d{1,2}\)|\d{1,2}[、.．](?!\d)|[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\)|[①-⑳]|[IVX]{1,4}[、.]"
)
_YEAR = re.compile(r"((?:19|20)\d\d)年度?")
_BRACKET = re.compile(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)$")
_POINTS = re.compile(r"(\d+(?:\.\d+)?)分?")


class VocabularyError(Exception):
    """`vocabulary.toml` contradicts itself; the message names section and key."""


@dataclass(frozen=True, slots=True)
class Label:
    """A printed label taken apart: "其中：2023年决算数(万元)" is text 决算数, year 2023, unit 万元, part True."""

    text: str
    full: str  # as text, with a bracket at the end that `text` lacks
    unit: str | None = None
    year: int | None = None
    points: float | None = None
    part: bool = False


@lru_cache(1 << 15)  # labels come again, the texts of cells do not
def label(printed: str) -> Label:
    """`printed` normalised for comparison, with the unit, year and points that it carries."""
    text = plain(printed).translate(_QUOTES).rstrip(":")
    part = False
    while True:
        shorter = _ENUMERATOR.sub("", text, count=1) if _ENUMERATOR.match(text) else text
        if shorter.startswith("其中"):
            shorter, part = shorter[2:].lstrip(":,、"), True
        if shorter == text:
            break
        text = shorter
    year = None
    if match := _YEAR.match(text):
        year, text = int(match[1]), text[match.end() :]
    full, unit, points = text, None, None
    while match := _BRACKET.search(text):  # 预算数(A)(万元) has two
        inside = match[1].removeprefix("单位:").removeprefix("单位")
        core = text[: match.start()]
        if not core:
            break
        if inside in MONEY_WAN or inside in {"%", "分", "m2", "㎡"}:
            unit, text, full = unit or inside, core, core
        elif found := _POINTS.fullmatch(inside):
            points, text, full = float(found[1]), core, core
        else:
            text = core
            break
    return Label(text.rstrip(":"), full.rstrip(":"), unit, year, points, part)


@cache
def _data() -> dict:
    return tomllib.loads(resources.files(__package__).joinpath("vocabulary.toml").read_text(encoding="utf-8"))


@cache
def spellings(section: str) -> dict[str, str]:
    """Normalised spelling → standard term of one section. Raises VocabularyError where a spelling has two terms."""
    found: dict[str, str] = {}
    for term, others in _data()[section].items():
        for spelling in others if term.isascii() else [term, *others]:  # a code is no spelling of itself
            key = plain(spelling).translate(_QUOTES)
            if found.setdefault(key, term) != term:
                raise VocabularyError(f"vocabulary.toml [{section}]: {spelling!r} stands under both {found[key]!r} and {term!r}")
    return found


def term(section: str, printed: str | Label) -> str | None:
    """The standard term of `section` that `printed` spells, or None."""
    lab = printed if isinstance(printed, Label) else label(printed)
    known = spellings(section)
    return known.get(lab.full) or known.get(lab.text)


LABELS = ("items", "three_public", "levels", "totals", "roles", "staff")


def is_label(printed: str) -> bool:
    """Whether `printed` is, as a whole, a label that the vocabulary knows."""
    lab = label(printed)
    return any(term(section, lab) for section in LABELS)


def wordings(section: str, key: str) -> tuple[str, ...]:
    """A list of the vocabulary that is no list of spellings, longest first."""
    return tuple(sorted(_data()[section][key], key=len, reverse=True))


def units(kind: str) -> tuple[str, ...]:
    """Units of `kind` (count, money), longest first."""
    return wordings("units", kind)


@cache
def wholes() -> dict[str, str]:
    """Item → the item that it is a part of (办公经费 → 公用经费)."""
    return {part: whole for whole, parts in _data()["parts"].items() for part in parts}
