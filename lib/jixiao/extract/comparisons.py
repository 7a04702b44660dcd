"""What a sentence says besides its figure: last year's by comparison (比上年减少 N 万元, 持平), and zeros (无…支出)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from ..document import Place
from ..facts import Fund, ThreePublic
from ..values import MONEY_WAN
from ..vocabulary import label, spellings, term
from .context import Context, rules
from .numbers import Number

SECTIONS = ("three_public", "items", "incomes")


def last_year(fact: Fund | ThreePublic, text: str, at: int, place_of: Callable[[tuple[int, int]], Place]):
    """The earlier year's figure that the words behind a figure state, and where they end; None where they state none.

    Its origin is `derived` (the report prints the change, not the figure), its place is that of the words.
    """
    wording = rules()["comparisons"]
    match = re.match(wording["pattern"], text[at:])
    if not match or fact.amount_wan is None or fact.year is None:
        return None
    if match["way"] == "持平":
        change = 0.0
    elif match["number"]:
        change = float(match["number"].replace(",", "")) * MONEY_WAN[match["unit"]]
    else:
        return None
    end = at + match.end()
    printed = text[at + match.start("words") : end]
    return _before(fact, match, change, printed, place_of((end - len(printed), end))), end


def one_item(facts: list) -> bool:
    """Whether a sentence states figures of one item only, so that the next may speak of it without its name."""
    return (
        len({(type(f), getattr(f, "scope", None), f.item) for f in facts if isinstance(f, Fund | ThreePublic) and f.origin == "text"}) == 1
    )


def later_change(number: Number, lead: str, facts: list, context: Context, place_of: Callable[[tuple[int, int]], Place]) -> list:
    """Last year's figures by a comparison that begins a sentence and speaks of what the paragraph stated before; none where that
    is not certain."""
    wording = rules()["comparisons"]
    match = re.match(wording["later"], lead) or re.match(wording["later_named"], lead)
    if not match:
        return []
    stated = [f for f in facts if isinstance(f, Fund | ThreePublic) and f.origin == "text" and f.amount_wan is not None]
    stated = [f for f in stated if f.year == context.fiscal_year and f.stage == context.stage]
    if match["what"]:
        known = _known(match["what"], tuple(rules()["nothing"]["endings"]))
        items = () if known is None else (known[1],)
        if not any(f.item in items for f in stated):
            items = tuple(item for name in items for item in wording["both"].get(name, ()))
        stated = [f for f in stated if f.item in items]
    else:
        items = (None,)
    if not stated or len({(type(f), getattr(f, "scope", None), f.item) for f in stated}) != len(items):
        return []
    start = number.start - len(lead)
    printed = lead + number.printed
    change = number.value * MONEY_WAN[number.unit]
    firsts = {f.item: f for f in reversed(stated)}.values()
    if len({(f.item, f.amount_wan) for f in stated}) != len(firsts):
        return []
    return [_before(f, match, change, printed, place_of((start, number.stop))) for f in firsts]


def _before(fact: Fund | ThreePublic, match: re.Match, change: float, printed: str, place: Place) -> Fund | ThreePublic:
    year = int(match["year"][:4]) if match["year"][:2] == "20" else fact.year - 1
    amount = round(fact.amount_wan - change if match["way"] in rules()["comparisons"]["up"] else fact.amount_wan + change, 8)
    stage = spellings("stages").get(match["basis"] or "", "executed" if "执行数" in (match["basis"] or "") else fact.stage)
    return replace(fact, year=year, stage=stage, amount_wan=amount, printed=printed, origin="derived", place=place)


def zeros(text: str, context: Context, place_of: Callable[[tuple[int, int]], Place]) -> list[Fund | ThreePublic]:
    """Figures that a sentence states to be nothing: 本年度无政府性基金预算财政拨款支出."""
    wording = rules()["nothing"]
    found: list[Fund | ThreePublic] = []
    for match in re.finditer(wording["pattern"], text):
        if any(word in match[0][: match.start("printed") - match.start()] for word in wording["reasons"]):
            continue
        known = _known(match["what"], tuple(wording["endings"]))
        if known is None:
            continue
        section, item, printed = known
        unplanned = any(match["what"].endswith(word) for word in wording["budgets"]) and item not in match["what"]
        stage = "initial_budget" if unplanned and "预算" not in printed else context.stage
        common = {"year": context.fiscal_year, "stage": stage, "amount_wan": 0.0, "printed": match["printed"], "origin": "text"}
        common["place"] = place_of(match.span("printed"))
        if section == "three_public":
            found.append(ThreePublic(item=item, **common))
        else:
            found.append(Fund(scope=context.scope, item=item, item_printed=printed, **common))
    return found


def _known(what: str, endings: tuple[str, ...]) -> tuple[str, str, str] | None:
    """Section, item and printed label of a phrase, whole or without an ending that says nothing more."""
    candidates = [what, *(what.removesuffix(ending) for ending in endings if what.endswith(ending))]
    for candidate in candidates:
        for section in SECTIONS:
            if item := term(section, label(candidate)):
                return section, item, candidate
    return None
