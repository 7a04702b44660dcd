"""The numbers of a text that mean something: sums of money, counts with their unit, percentages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ..values import MAGNITUDES, MONEY_WAN, chinese_number
from ..vocabulary import units


@cache
def _number_pattern() -> re.Pattern:
    """Any number of interest: money, a count with its unit, a percentage. Compiled from the vocabulary's units."""
    counted = "|".join(map(re.escape, units("count")))
    figure = r"(?P<near>约|近|逾|超|将近)?(?P<number>\d[\d,]*(?:\.\d+)?)\s?(?P<more>余|多|几)?(?P<magnitude>亿|万|千|百)?(?P<more2>余|多)?"
    bare = r"(?P<bare>[逾近上数])(?P<baremag>百|千|万|亿)"
    chinese = r"(?P<chinese>[两二三四五六七八九十]{1,3})"
    return re.compile(
        rf"(?<![\dA-Za-z.\-—/第·]){figure}(?P<unit>元|%|％|{counted}|(?=专项资金|资金|经费))"
        rf"|{bare}(?P<unit2>元|{counted})"
        rf"|(?<![一二三四五六七八九十第每]){chinese}(?P<unit3>{counted})(?=[，。；：、）)]|$)"
    )


@dataclass(slots=True)
class Number:
    """One number of a paragraph: value, unit, whether it is only about so, and where it stands in the tidied text."""

    value: float
    unit: str
    approximate: bool
    start: int
    stop: int
    printed: str

    @property
    def is_money(self) -> bool:
        return self.unit in MONEY_WAN


def numbers(text: str) -> list[Number]:
    """The numbers of `text` that carry a unit of money, of counting, or a percent sign."""
    found = []
    wide = text.translate(TO_ASCII)
    for match in _number_pattern().finditer(wide):
        groups = match.groupdict()
        near = bool(groups["near"] or groups["more"] or groups["more2"] or groups["bare"])
        if groups["number"]:
            value, unit, magnitude = float(groups["number"].replace(",", "")), groups["unit"] or "", groups["magnitude"] or ""
            if unit in ("元", ""):
                unit = magnitude + "元"
                if not groups["unit"] and magnitude not in ("万", "亿"):
                    continue
            else:
                value *= MAGNITUDES[magnitude]
        elif groups["bare"]:
            unit, magnitude, value = groups["unit2"], groups["baremag"], 1.0
            unit, value = (magnitude + unit, value) if unit == "元" else (unit, MAGNITUDES[magnitude])
        else:
            unit, value = groups["unit3"], chinese_number(groups["chinese"])
            if value is None:
                continue
        unit = "%" if unit == "％" else unit.replace("(", "（").replace(")", "）")
        start = match.start()
        found.append(Number(float(value), unit, near, start, match.end(), text[start : match.end()].strip()))
    return found


TO_ASCII = {0xFF10 + i: str(i) for i in range(10)} | {
    ord("．"): ".",
    ord("％"): "%",
    ord("（"): "(",
    ord("）"): ")",
    ord("－"): "-",
    ord("，"): "，",
}
