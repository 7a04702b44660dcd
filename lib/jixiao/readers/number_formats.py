"""A spreadsheet's number as a person sees it, where that matters: percentages, dates, units that its format writes.

Other formats only hide digits (1066.2567 shown as 1,066.26): there the number itself is given, without the artefacts of
binary fractions. Format codes are those of ECMA-376-1, 18.8.30 and 18.8.31; .xls and .xlsx share them.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import pairwise

# the codes that every program knows by number; 27 to 58 as a Chinese program shows them
BUILT_IN = {
    **{0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??"},
    **{14: "yyyy/m/d", 15: "d-m-yy", 16: "m-d", 17: "yyyy-m", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm", 21: "h:mm:ss"},
    **{22: "yyyy/m/d h:mm", 45: "mm:ss", 46: "h:mm:ss", 47: "mm:ss", 49: "@"},
    **{27: "yyyy年m月", 28: "m月d日", 29: "m月d日", 30: "m-d-yy", 31: "yyyy年m月d日", 32: "h时mm分", 33: "h时mm分ss秒", 36: "yyyy年m月"},
    **{50: "yyyy年m月", 51: "m月d日", 52: "yyyy年m月", 53: "m月d日", 54: "m月d日", 57: "yyyy年m月", 58: "m月d日"},
}
_DIGITS = 15  # what a spreadsheet itself keeps of a number

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|\[\$(?P<currency>[^\]-]*)[^\]]*\]|\[(?P<elapsed>h+|m+|s+)\]|(?P<skip>_.|\*.|\[[^\]]*\])'
    r"|(?P<general>General|G/通用格式)|(?P<noon>am/pm|a/p|上午/下午)|(?P<exponent>e[+-])|(?P<date>y+|m+|d+|h+|s+|a{3,4})"
    r"|(?P<digit>[0#?])|(?P<dot>\.)|(?P<comma>,)|(?P<percent>%)|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_KIND = {"quoted": "literal", "escaped": "literal", "currency": "literal", "elapsed": "date", "other": "literal"}
_SAYS_SOMETHING = re.compile(r"[^\W_]|[‰$€£]")  # a unit; brackets, dashes and blanks only draw the number
_YUAN = str.maketrans("", "", "¥￥")  # the field's tables are in yuan, with the sign or without it

_LARGEST = 1e15  # no amount and no date

Token = tuple[str, str]


def number_text(value: float, code: str, from_1904: bool = False) -> str:
    """The text of the number `value` that a cell shows in the format `code`."""
    if not abs(value) < _LARGEST or _only_digits(code):
        return plain_number(value)
    tokens = _sections(code)[_section(code, value)]
    kinds = {kind for kind, _ in tokens}
    if "date" in kinds and not kinds & {"general", "percent"}:
        moment = _moment(value, from_1904)
        return plain_number(value) if moment is None else _date_text(moment, tokens)
    if "exponent" in kinds or not kinds & {"digit", "general"}:
        return plain_number(value)
    return _shown(value, tokens)


def plain_number(value: float) -> str:
    """A number with the digits that it was typed with: 91.89, 34, and 0.3 instead of 0.30000000000000004."""
    if not abs(value) < _LARGEST:
        return f"{value:.{_DIGITS}g}"
    if value == int(value):
        return str(int(value))
    text = repr(float(value))
    return text if len(text) <= _DIGITS and "e" not in text else _plain(_decimal(value))


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.{_DIGITS}g}")


def _plain(number: Decimal) -> str:
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


@cache
def _sections(code: str) -> list[list[Token]]:
    """The tokens of a format's sections: for positive numbers, for negative ones, for zero, for texts."""
    sections: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(code[:255]):
        kind, text = match.lastgroup or "", match[match.lastgroup or 0]
        if kind == "other" and text == ";":
            sections.append([])
        elif kind != "skip":
            sections[-1].append((_KIND.get(kind, kind), text))
    return sections


@cache
def _only_digits(code: str) -> bool:
    """Whether a format, as most do, shows nothing but a number's digits."""
    return re.fullmatch(r"General|[0#,.]*(?<!,)|@", code) is not None


def _section(code: str, value: float) -> int:
    wanted = 1 if value < 0 else 2 if value == 0 else 0
    return wanted if wanted < min(3, len(_sections(code))) and _sections(code)[wanted] else 0


def _shown(value: float, tokens: list[Token]) -> str:
    """A number with its percent sign and unit; the format's decimals count only for percentages."""
    kinds = [kind for kind, _ in tokens]
    places = [at for at, kind in enumerate(kinds) if kind in ("digit", "general")]
    first, last = places[0], places[-1]
    number = _decimal(value)
    # commas behind the last digit divide by a thousand each, a point drawn between digits divides once more (0!.0, is 万)
    number = number.scaleb(-3 * sum(1 for _ in _commas_behind(kinds, last)))
    drawn = [at for at in range(first, last) if tokens[at] == ("literal", ".")]
    if drawn:
        number = number.scaleb(-kinds[drawn[-1] : last + 1].count("digit"))
    percents = kinds.count("percent")
    text = _percentage(number.scaleb(2 * percents), tokens) if percents else _plain(number)
    before, behind = _literal(tokens[:first]), _literal(tokens[last + 1 :])
    return f"{before}{text}{'%' * percents}{behind}"


def _commas_behind(kinds: list[str], last: int):
    for kind in kinds[last + 1 :]:
        if kind != "comma":
            return
        yield kind


def _percentage(number: Decimal, tokens: list[Token]) -> str:
    kinds = [kind for kind, _ in tokens]
    if "general" in kinds:
        return _plain(number)
    decimals = [text for kind, text in tokens[kinds.index("dot") :] if kind == "digit"] if "dot" in kinds else []
    text = f"{number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP):f}"
    for optional in reversed(decimals):
        if optional != "#" or not text.endswith("0"):
            break
        text = text[:-1]
    text = text.rstrip(".")
    return text.removeprefix("-") if not text.strip("-0.") else text


def _literal(tokens: list[Token]) -> str:
    text = "".join(text for kind, text in tokens if kind == "literal").translate(_YUAN).strip()
    return text if _SAYS_SOMETHING.search(text) else ""


def _moment(value: float, from_1904: bool) -> datetime | None:
    # 1900 was no leap year, but the program that spreadsheets copied took it for one
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 31) if 0 <= value < 60 else datetime(1899, 12, 30)
    try:
        return start + timedelta(seconds=round(value * 86400)) if value >= 0 else None
    except (OverflowError, ValueError):
        return None


def _date_text(moment: datetime, tokens: list[Token]) -> str:
    dates = [text.lower() for kind, text in tokens if kind == "date"]
    minutes = {at for at, (one, other) in enumerate(pairwise(["", *dates])) if other[0] == "m" and one[:1] in ("h", "s")}
    minutes |= {at for at, (one, other) in enumerate(pairwise(dates)) if one[0] == "m" and other[0] == "s"}
    noon = any(kind == "noon" for kind, _ in tokens)
    parts, number = [], -1
    for kind, text in tokens:
        if kind == "date":
            number += 1
            parts.append(_date_part(moment, "n" * len(text) if number in minutes else text.lower(), noon))
        elif kind == "noon":
            parts.append("上午" if moment.hour < 12 else "下午")
        elif kind in ("literal", "dot", "comma"):
            parts.append(text)
    return "".join(parts).strip()


def _date_part(moment: datetime, token: str, noon: bool) -> str:
    letter, width = token[0], len(token)
    if letter == "y":
        return f"{moment.year % 100:02}" if width < 3 else f"{moment.year:04}"
    if letter == "a" or (letter == "d" and width > 2):
        return ("星期" if width == 4 else "") + "一二三四五六日"[moment.weekday()]
    hour = (moment.hour - 1) % 12 + 1 if noon else moment.hour
    value = {"m": moment.month, "n": moment.minute, "d": moment.day, "h": hour, "s": moment.second}[letter]
    return f"{value:0{min(width, 2)}}"
