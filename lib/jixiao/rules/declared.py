"""What a rule set declares: figures, rules, and how a rule turns its value into points. Numbers are exact fractions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from .formula import Formula

PER = ("report", "form")
SIDES = ("below", "above", "both")
STARTED = ("free", "whole", "share")  # a step of a deduction that is begun and not completed: costs nothing, all, its share


class RuleError(ValueError):
    """A rule set is wrong: the message names the file and the key."""


@dataclass(frozen=True)
class Source:
    """Where a figure may stand: a column of a table, in the rows that have the values of `where`."""

    table: str
    column: str
    where: tuple[tuple[str, str], ...] = ()
    year: int = 0  # against the report's: -1 is last year's
    factor: float = 1.0


@dataclass(frozen=True)
class Figure:
    """A named figure: its sources in order of preference, and which value is taken where a report states several."""

    key: str
    zh: str
    en: str
    unit: str
    sources: tuple[Source, ...]
    take: str = "first"


@dataclass(frozen=True)
class Band:
    """Points for values between two boundaries, each of which belongs to the band or does not; None has no boundary."""

    low: Fraction | None
    high: Fraction | None
    with_low: bool
    with_high: bool
    points: Fraction

    def holds(self, value: Fraction) -> bool:
        """Whether `value` lies in the band."""
        above = self.low is None or (value >= self.low if self.with_low else value > self.low)
        return above and (self.high is None or (value <= self.high if self.with_high else value < self.high))


@dataclass(frozen=True)
class Bands:
    """Points by bands (分档); each value lies in one of them."""

    bands: tuple[Band, ...]

    def points(self, value: Fraction, possible: Fraction) -> Fraction:
        """The points of `value`, of `possible`."""
        return next(band.points for band in self.bands if band.holds(value))


@dataclass(frozen=True)
class Deduct:
    """`cost` points off for each `each` that the value lies beyond `bound`, on one side or on both, down to `least` (扣完为止)."""

    bound: Fraction
    side: str
    each: Fraction
    cost: Fraction
    started: str
    least: Fraction = Fraction(0)

    def points(self, value: Fraction, possible: Fraction) -> Fraction:
        """The points of `value`, of `possible`."""
        return max(possible - self.steps(value) * self.cost, self.least)

    def steps(self, value: Fraction) -> Fraction:
        """How many steps the value lies beyond the bound, a step that is only begun counted as `started` says."""
        beyond = {"below": self.bound - value, "above": value - self.bound, "both": abs(value - self.bound)}[self.side]
        steps = max(beyond, Fraction(0)) / self.each
        return {"free": Fraction(math.floor(steps)), "whole": Fraction(math.ceil(steps)), "share": steps}[self.started]


@dataclass(frozen=True)
class Proportion:
    """Points in proportion to the value, all of them at `full` and beyond, none below 0."""

    full: Fraction

    def points(self, value: Fraction, possible: Fraction) -> Fraction:
        """The points of `value`, of `possible`."""
        return possible * min(max(value / self.full, Fraction(0)), Fraction(1))


@dataclass(frozen=True)
class Rule:
    """One rule: the points it is worth and its formula; without one (`formula` is None) figures cannot tell, and the reading says why."""

    key: str
    zh: str
    en: str
    possible: Fraction
    wording: str
    reading_zh: str
    reading_en: str
    formula: Formula | None = None
    scale: Bands | Deduct | Proportion | None = None


@dataclass(frozen=True)
class RuleSet:
    """Rules that are scored together. `per` is what is scored: each report as a whole, or each form of it."""

    name: str
    zh: str
    en: str
    source: str
    per: str
    possible: Fraction
    rules: tuple[Rule, ...]
    figures: dict[str, Figure]
