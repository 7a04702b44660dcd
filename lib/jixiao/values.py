"""A cell's or phrase's characters to a value, a unit and an operator, or why there is none.

"≥95%" → 95 % and >=      "2,517.78" → 2517.78      "１．５万元" → 1.5 万元      "/" → a mark for nothing      "" → blank
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import cn2an

from .document import tidy


class Kind(StrEnum):
    """What a cell holds."""

    BLANK = "blank"
    MARK = "mark"  # a sign for "nothing": / — 无
    FIGURE = "figure"
    TEXT = "text"


MARKS = frozenset({"/", "\\", "-", "--", "—", "——", "–", "－", "无", "不涉及", "不适用", "无此项", "/无"})

# 万元 for one of each unit of money
MONEY_WAN = {"元": 1e-4, "百元": 1e-2, "千元": 1e-1, "万元": 1.0, "十万元": 10.0, "百万元": 100.0, "千万元": 1e3, "亿元": 1e4}

MAGNITUDES = {"": 1, "十": 10, "百": 100, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7, "亿": 1e8}

_OPERATORS_BEFORE = {
    ">=": (">=", "≥", "≧", "大于等于", "大于或等于", "不低于", "不少于", "不小于", "至少", "达到", "高于等于"),
    "<=": ("<=", "≤", "≦", "小于等于", "小于或等于", "不超过", "不高于", "不多于", "不大于", "控制在"),
    ">": (">", "大于", "高于", "超过", "多于"),
    "<": ("<", "小于", "低于", "少于"),
    "=": ("=", "等于"),
}
_OPERATORS_AFTER = {">=": ("以上", "及以上", "(含)以上"), "<=": ("以内", "以下", "及以下", "(含)以下", "之内")}
_OPERATOR_BY_WORD = {word: op for op, words in _OPERATORS_BEFORE.items() for word in words}
_APPROXIMATE_BEFORE = "约|大约|近|逾|将近|接近|超"

_BEFORE = "|".join(re.escape(w) for w in sorted(_OPERATOR_BY_WORD, key=len, reverse=True))
_AFTER = "|".join(re.escape(w) for words in _OPERATORS_AFTER.values() for w in sorted(words, key=len, reverse=True))
_NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"

_FIGURE = re.compile(
    rf"(?P<op>{_BEFORE})?(?P<near>{_APPROXIMATE_BEFORE})?(?P<number>{_NUMBER})(?P<more>余|多|几)?(?P<magnitude>十万|百万|千万|万|亿|千|百(?!分))?(?P<more2>余|多)?"
    rf"(?P<unit>%|‰|(?![.．])[^\d\s%≥≤<>=~～,，。;；:：、至到-]{{0,8}}?)(?P<after>{_AFTER})?"
)
_CHINESE_FIGURE = re.compile(r"(?P<number>[零〇一二三四五六七八九十百千两]+)(?P<unit>[个项次篇台件家人名套份批期场户部座条]{1,2})")
# 2024.12 alone is no date here: it is an amount far more often, and a date taken for a figure is seen, an amount taken for a date lost
_YEAR_OR_DATE = re.compile(
    r"(?:19|20)\d\d(?:年|[-/]\d{1,2}(?:[-/]\d{1,2})?$|\.\d{1,2}\.\d{1,2}$)|\d{1,2}月(?:\d{1,2}[日号]|[底初末中前]|$)"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as printed: `value` in `unit` (None where none is printed), `op` one of >= > <= < = or None."""

    value: float
    unit: str | None = None
    op: str | None = None
    approximate: bool = False

    @property
    def wan(self) -> float | None:
        """The amount in 万元, None where the unit is not one of money."""
        factor = MONEY_WAN.get(self.unit or "")
        return None if factor is None else round(self.value * factor, 8)

    @property
    def fraction(self) -> float:
        """A rate as a fraction: 96.06 % is 0.9606, a figure without a percent sign stands as it is."""
        return round(self.value / {"%": 100, "‰": 1000}.get(self.unit or "", 1), 10)


KEPT = 1 << 14  # texts whose meaning is kept: a table asks for each of its cells many times


@lru_cache(KEPT)
def plain(text: str) -> str:
    """`text` in NFKC on one line without any white space: how labels and figures are compared."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).replace("−", "-").replace("﹪", "%")


@lru_cache(KEPT)
def kind(text: str | None) -> Kind:
    """What the characters of a cell are."""
    flat = plain(text or "")
    if not flat:
        return Kind.BLANK
    if flat in MARKS:
        return Kind.MARK
    return Kind.FIGURE if figure(text) else Kind.TEXT


@lru_cache(KEPT)
def figure(text: str | None) -> Figure | None:
    """The number that the whole of `text` is, or None. Dates, years, ranges and sentences are not figures."""
    flat = plain(text or "")
    if not flat or _YEAR_OR_DATE.match(flat):
        return None
    match = _FIGURE.fullmatch(flat)
    if not match:
        match = _CHINESE_FIGURE.fullmatch(flat)
        return Figure(float(_chinese(match["number"])), match["unit"]) if match else None
    unit, magnitude = match["unit"] or "", match["magnitude"] or ""
    value = float(match["number"].replace(",", ""))
    unit = "%" if unit == "百分比" else unit
    if (magnitude + unit) in MONEY_WAN:
        unit = magnitude + unit
    else:
        value *= MAGNITUDES[magnitude]
    op = _OPERATOR_BY_WORD.get(match["op"] or "") or next((o for o, words in _OPERATORS_AFTER.items() if match["after"] in words), None)
    approximate = bool(match["near"] or match["more"] or match["more2"])
    return Figure(value, unit or None, op, approximate)


def operator(text: str | None) -> str | None:
    """The operator that a cell of signs holds ("≥", "不低于"), or None."""
    return _OPERATOR_BY_WORD.get(plain(text or ""))


def _chinese(numeral: str) -> int:
    return int(cn2an.cn2an(numeral.replace("两", "二").replace("〇", "零"), "smart"))


def chinese_number(numeral: str) -> int | None:
    """十二 → 12, None where it is no numeral."""
    try:
        return _chinese(numeral)
    except ValueError:
        return None


def number(text: str | None) -> float | None:
    """The bare value of a weight or score cell ("10", "10分"), None for a blank, a mark or text."""
    found = figure(text)
    return found.value if found and found.unit in (None, "分") else None


def printed(text: str | None) -> str | None:
    """The characters of a cell as the tables keep them: on one line, otherwise as they stand."""
    return None if text is None else tidy(text)
