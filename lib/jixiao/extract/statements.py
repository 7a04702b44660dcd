"""What prose says of figures besides the figures → `Statement`: changes, shares, completion rates, reasons, words left of a template.

Every statement keeps the figure it is about and what that is compared with, as far as the paragraph prints them; whether they agree
is the audit's question. `statements.toml` words the patterns.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from ..document import Place
from ..facts import WHOLE, Fund, Statement, ThreePublic
from ..values import MONEY_WAN
from ..vocabulary import label, spellings, term, units, wordings
from .context import Context
from .numbers import TO_ASCII

PlaceOf = Callable[[tuple[int, int]], Place]

LONGEST_TITLE = 60  # characters

_SENTENCE = re.compile(r"[。！？]")
_ALSO_ASCII = TO_ASCII | {ord("“"): '"', ord("”"): '"'}


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
        self.raw, self.text = self.text, self.text.translate(_ALSO_ASCII)

    def sentence(self, at: int) -> int:
        """Where the sentence that holds `at` begins."""
        return max((m.end() for m in _SENTENCE.finditer(self.text, 0, at)), default=0)

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
        for clause in map(_last_clause, [*clauses, self.text[:start]]):
            if item := _named_item(clause):
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


@cache
def _rules() -> dict:
    return tomllib.loads(resources.files(__package__).joinpath("statements.toml").read_text(encoding="utf-8"))


@cache
def _pattern(name: str, key: str = "pattern") -> re.Pattern:
    ways = sorted((word for words in _rules()["ways"].values() for word in words), key=len, reverse=True)
    counted = sorted([*MONEY_WAN, *units("count")], key=len, reverse=True)
    text = _rules()[name][key].replace("{ways}", "|".join(ways)).replace("{units}", "|".join(map(re.escape, counted)))
    return re.compile(text)


def _way(word: str | None) -> str | None:
    return next((way for way, words in _rules()["ways"].items() if word in words), None)


def read_statements(text: str, figures: Sequence[Located], context: Context, place_of: PlaceOf) -> list[Statement]:
    """The statements of a tidied paragraph, whose money is `figures` in the order of the text."""
    prose = Prose(text, figures, context, place_of)
    return [statement for read in _READERS for statement in read(prose)]


def _changes(prose: Prose) -> Iterator[Statement]:
    """与2023年度相比，收入支出总计增加1062.85万元，增长12.08%."""
    bases = list(_pattern("bases").finditer(prose.text))
    for match in _pattern("changes").finditer(prose.text):
        base = next((b for b in reversed(bases) if b.end() <= match.start()), None)
        if base is None or _SENTENCE.search(prose.text, base.end(), match.start()):
            continue  # it says nothing of another year
        way = _way(match["way"])
        if way != "flat" and not match["number"] and not match["rate"]:
            continue
        named, about = prose.subject(match.start(), base)
        year = about.fact.year if about else prose.context.fiscal_year
        against_year = int(base["year"][:4]) if base["year"].startswith("20") else year - 1 if year else None
        way2 = _way(match["way2"])
        rate = float(match["rate"]) / 100 if match["rate"] else None
        said = {
            "way": way,
            "change_wan": _wan(match["number"], match["unit"]) if match["number"] else 0.0 if way == "flat" else None,
            "rate": rate if match["sign"] == "%" else None,
            "decimals": _decimals(match["rate"]) if match["sign"] == "%" else None,
            "against": _stage(base["basis"]) or (about.fact.stage if about else None),
            "against_year": against_year,
            "words": "two ways" if way2 and way2 != way else "no sign" if match["rate"] and not match["sign"] else None,
        }
        yield prose.statement("change", match, about, **(_only_named(named, prose, match.start()) | said))


def _shares(prose: Prose) -> Iterator[Statement]:
    """基本支出5377.64万元，占55.10%: of what stands before the list, or of the whole that is named."""
    openers = [m.end() for m in _pattern("shares", "openers").finditer(prose.text)]
    for match in _pattern("shares").finditer(prose.text):
        about = prose.before(match.start(), prose.sentence(match.start()))
        if about is None:
            continue
        named = _named_item(match["whole"]) if match["whole"] else None
        if match["whole"].strip("的") and named is None:
            continue  # of something that is no figure of the report
        whole = prose.of(named, match.start()) if named else _whole(prose, about, openers)
        yield prose.statement(
            "share",
            match,
            about,
            whole,
            rate=float(match["rate"]) / 100,
            decimals=_decimals(match["rate"]),
            against=named or (whole.fact.item if whole else None),
            against_year=about.fact.year,
        )


def _whole(prose: Prose, part: Located, openers: Sequence[int]) -> Located | None:
    """The figure in front of the word that opens the list in which a part stands."""
    for opener in reversed([at for at in openers if at <= part.start]):
        before = [f for f in prose.figures if f.stop <= opener]
        if before and before[-1].fact.amount_wan is not None and before[-1].fact.item != part.fact.item:
            return before[-1]
    return None


def _completions(prose: Prose) -> Iterator[Statement]:
    """支出决算为9746.50万元，完成年初预算的95.45%."""
    for match in _pattern("completions").finditer(prose.text):
        about = prose.before(match.start(), stages=("executed",))
        if about is None:
            continue
        stages = ("revised_budget", "initial_budget")  # a rate of execution is of the revised budget where there is one
        if match["basis"]:
            stages = ("revised_budget",) if match["basis"] in _rules()["completions"]["revised_budget"] else ("initial_budget",)
        budget = next((b for stage in stages if (b := prose.of(about.fact.item, match.start(), (stage,)))), None)
        printed = match["rate"] or match["rate2"]
        rate, decimals = float(printed) / 100, _decimals(printed)
        stage = budget.fact.stage if budget else stages[-1]
        said = {"rate": rate, "decimals": decimals, "against": stage, "against_year": about.fact.year}
        yield prose.statement("completion", match, about, budget, **said)


def _comparisons(prose: Prose) -> Iterator[Statement]:
    """决算数小于预算数: of the spending and the budget that the paragraph states before."""
    for match in _pattern("comparisons").finditer(prose.text):
        named, about = prose.subject(match.start(), stages=("executed",))
        item = about.fact.item if about else named
        if item is None:
            continue
        budget = prose.of(item, match.start(), ("initial_budget", "revised_budget"))
        said = {
            "way": _way(match["way"] or match["flat"]),
            "against": budget.fact.stage if budget else "initial_budget",
            "against_year": about.fact.year if about else prose.context.fiscal_year,
        }
        yield prose.statement("comparison", match, about, budget, **(_only_named(named, prose, match.start(), "executed") | said))


def _reasons(prose: Prose) -> Iterator[Statement]:
    """公务接待费支出减少的主要原因是…: what it gives as the reason, and of which way."""
    for match in _pattern("reasons").finditer(prose.text):
        words = match["words"].strip(" \t：:，,")
        if not words and not match["end"]:
            continue  # the reasons stand in the next paragraphs
        named, about = prose.subject(match.start())
        said = {"way": _way(match["way"]), "words": words}
        yield prose.statement("reason", match, about, **(_only_named(named, prose, match.start()) | said))


def _parts(prose: Prose) -> Iterator[Statement]:
    """共有车辆8辆，其中：…用车0辆、其他用车8辆: a list of parts that are all there are."""
    part, complete = _pattern("parts", "part"), _rules()["parts"]["complete"]
    for opener in _pattern("parts", "opener").finditer(prose.text):
        wholes = [m for m in part.finditer(prose.text, prose.sentence(opener.start()), opener.start()) if m.end() == opener.start()]
        if not wholes:
            continue
        whole = wholes[-1]
        text = _listed(prose.text, opener)
        listed = [match for match in part.finditer(text, opener.end()) if match["unit"] == whole["unit"]]
        if not any(all(any(word in match["name"] for match in listed) for word in words) for words in complete):
            continue
        factor = MONEY_WAN.get(whole["unit"], 1.0)
        span = (whole.start("number"), listed[-1].end())
        yield Statement(
            kind="parts",
            section=prose.section,
            item=_label(prose.text[: whole.start("number")]),
            year=prose.context.fiscal_year,
            amount_wan=round(_number(whole["number"]) * factor, 8),
            against_wan=round(sum(_number(match["number"]) for match in listed) * factor, 8),
            count=len(listed),
            words=whole["unit"],
            printed=prose.raw[slice(*span)],
            place=prose.place_of(span),
        )


def _listed(text: str, opener: re.Match) -> str:
    """`text` up to where a list ends: its bracket closes, or the sentence; what stands in brackets inside it is no part of it."""
    inside = "(" in opener[0]
    depth = 0
    seen = list(text)
    for at in range(opener.end(), len(text)):
        if (text[at] == ")" and depth == 0 and inside) or _SENTENCE.match(text, at):
            return "".join(seen[:at])
        depth += (text[at] == "(") - (text[at] == ")" and depth > 0)
        if depth:
            seen[at] = "\0"
    return "".join(seen)


def _named(prose: Prose) -> Iterator[Statement]:
    for match in _pattern("named").finditer(prose.text):
        name = re.sub(_rules()["named"]["prefix"], "", match["name"].strip("()"))
        if name.endswith(tuple(wordings("organisations", "endings"))) and not re.match(_rules()["named"]["not"], name):
            title = len(prose.text) <= LONGEST_TITLE and not _SENTENCE.search(prose.text)
            yield prose.statement("named", match, item=name, year=int(match["year"]), words="title" if title else None)


def _leftovers(prose: Prose) -> Iterator[Statement]:
    yield from leftovers(prose.raw, prose.place_of, prose.section)


def leftovers(text: str, place_of: PlaceOf, section: str | None = None) -> Iterator[Statement]:
    """Words of a template that were left in a paragraph or cell, and slips of the pen."""
    wide = text.translate(_ALSO_ASCII)
    for kind, key in (("leftover", "patterns"), ("slip", "slips")):
        for pattern in _rules()["leftovers"][key]:
            for match in re.finditer(pattern, wide):
                clause = len(_last_clause(wide[: match.start()]))
                printed = text[match.start() - clause : match.end()]
                yield Statement(kind=kind, section=section, words=match[0], printed=printed, place=place_of(match.span()))


def says_no_data(text: str) -> bool:
    """Whether a paragraph says that a table is empty (故本表为空表)."""
    return _pattern("no_data").search(text.translate(_ALSO_ASCII)) is not None


_READERS = (_changes, _shares, _completions, _comparisons, _reasons, _parts, _named, _leftovers)


def _only_named(item: str | None, prose: Prose, at: int, stage: str | None = None) -> dict:
    """What is known of an item that a clause names without its figure."""
    if item is None:
        return {}
    return {"item": item, "scope": WHOLE, "year": prose.context.fiscal_year, "stage": stage or prose.context.stage}


def _last_clause(text: str) -> str:
    return re.split(r"[,，。；;：:！？]", text)[-1].lstrip()


def _named_item(text: str) -> str | None:
    """The standard name of the item that a phrase is: 收入支出总计, 公务接待费支出决算数, 2024年度“三公”经费财政拨款支出决算数."""
    phrase = re.sub(r"^(?:其中|20\d\d年度?|本年度?|财政拨款(?=\"))+", "", text).replace('"', "")
    words = re.sub(r"(?:财政拨款)?(?:支出)?(?:决算|预算|执行)?数?$", "", phrase)
    for candidate in dict.fromkeys((phrase, words, words.removesuffix("支出"), words + "支出")):
        for section in ("three_public", "items", "incomes"):
            if candidate and (item := term(section, label(candidate))):
                return item
    return None


def _label(text: str) -> str:
    """The name in front of a number: 政府采购金额(以合同签订为准)为 → 政府采购金额."""
    return re.sub(r"\([^()]*\)|(?:为|共|约|达到?)+$|^20\d\d年度?", "", _last_clause(text)).strip()


def _stage(basis: str | None) -> str | None:
    if not basis:
        return None
    return spellings("stages").get(basis) or ("executed" if "执行" in basis or "决算" in basis else "initial_budget")


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _wan(number: str, unit: str) -> float:
    return round(_number(number) * MONEY_WAN[unit], 8)


def _decimals(rate: str | None) -> int | None:
    return len(rate.partition(".")[2]) if rate else None
