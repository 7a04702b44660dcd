"""A paragraph while its statements are read: its text as the patterns of `statements.toml` see it, and its figures."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from ..document import Place
from ..facts import WHOLE, Fund, Statement, ThreePublic
from ..values import MONEY_WAN
from ..vocabulary import label, term, units
from .context import Context
from .numbers import TO_ASCII

PlaceOf = Callable[[tuple[int, int]], Place]

SENTENCE_END = re.compile(r"[。！？]")
AS_ASCII = TO_ASCII | {ord("“"): '"', ord("”"): '"'}


@cache
def rules() -> dict:
    return tomllib.loads(resources.files(__package__).joinpath("statements.toml").read_text(encoding="utf-8"))


@cache
def pattern(name: str, key: str = "pattern") -> re.Pattern:
    ways = sorted((word for words in rules()["ways"].values() for word in words), key=len, reverse=True)
    counted = sorted([*MONEY_WAN, *units("count")], key=len, reverse=True)
    text = rules()[name][key].replace("{ways}", "|".join(ways)).replace("{units}", "|".join(map(re.escape, counted)))
    return re.compile(text)


def way_of(word: str | None) -> str | None:
    return next((way for way, words in rules()["ways"].items() if word in words), None)


@dataclass(frozen=True, slots=True)
class Located:
    """A figure of the paragraph and the stretch of text that prints it."""

    start: int
    stop: int
    fact: Fund | ThreePublic

    @property
    def scope(self) -> str:
        return self.fact.scope if isinstance(self.fact, Fund) else WHOLE


@dataclass
class Prose:
    """A paragraph while its statements are read: its text as patterns see it, its figures, where it stands."""

    text: str
    figures: Sequence[Located]
    context: Context
    place_of: PlaceOf
    section: str | None = field(init=False)
    raw: str = field(init=False)

    def __post_init__(self) -> None:
        headings = self.context.headings
        self.section = headings[max(headings)] if headings else None
        self.raw, self.text = self.text, self.text.translate(AS_ASCII)

    def sentence(self, at: int) -> int:
        """Where the sentence that holds `at` begins."""
        return max((m.end() for m in SENTENCE_END.finditer(self.text, 0, at)), default=0)

    def before(self, at: int, since: int = 0, stages: Sequence[str] = ()) -> Located | None:
        """The last figure of this year in front of `at`, of one of `stages` where there are any."""
        year = self.context.fiscal_year
        found = [f for f in self.figures if since <= f.start and f.stop <= at and f.fact.year in (year, None)]
        return next((f for f in reversed(found) if not stages or f.fact.stage in stages), None)

    def of(self, item: str | None, at: int, stages: Sequence[str] = ()) -> Located | None:
        """The last figure of `item` in front of `at`."""
        found = [f for f in self.figures if f.stop <= at and f.fact.item == item and (not stages or f.fact.stage in stages)]
        return found[-1] if found else None

    def subject(self, at: int, base: re.Match | None = None, stages: Sequence[str] = ()) -> tuple[str | None, Located | None]:
        """What is said to have changed at `at`: the item that the clause names, and its figure; else the last figure.

        The words of a comparison (`base`) name nothing; what is compared may stand before or behind them.
        """
        start = base.start() if base else at
        clauses = [self.text[base.end() : at]] if base else []
        for clause in map(last_clause, [*clauses, self.text[:start]]):
            if item := named_item(clause):
                return item, self.of(item, at, stages)
        return None, self.before(start, stages=stages)

    def statement(self, kind: str, match: re.Match, about: Located | None = None, base: Located | None = None, **said) -> Statement:
        if about is not None:
            fact = about.fact
            said = {
                "scope": about.scope,
                "item": fact.item,
                "year": fact.year,
                "stage": fact.stage,
                "amount_wan": fact.amount_wan,
                "amount_place": fact.place,
            } | said
        if base is not None:
            said = {"against_wan": base.fact.amount_wan, "against_place": base.fact.place} | said
        printed = self.raw[slice(*match.span())].strip("，,。；;、")
        return Statement(kind=kind, section=self.section, printed=printed, place=self.place_of(match.span()), **said)


def last_clause(text: str) -> str:
    return re.split(r"[,，。；;：:！？]", text)[-1].lstrip()


def named_item(text: str) -> str | None:
    """The standard name of the item that a phrase is: 收入支出总计, 公务接待费支出决算数, 2024年度“三公”经费财政拨款支出决算数."""
    phrase = re.sub(r"^(?:其中|20\d\d年度?|本年度?|财政拨款(?=\"))+", "", text).replace('"', "")
    words = re.sub(r"(?:财政拨款)?(?:支出)?(?:决算|预算|执行)?数?$", "", phrase)
    for candidate in dict.fromkeys((phrase, words, words.removesuffix("支出"), words + "支出")):
        for section in ("three_public", "items", "incomes"):
            if candidate and (item := term(section, label(candidate))):
                return item
    return None
