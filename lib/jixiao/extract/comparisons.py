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

SECTIONS = ("three_public", "items", "incomes")


def last_year(fact: Fund | ThreePublic, text: str, at: int, place_of: Callable[[tuple[int, int]], Place]):
    """The earlier year's figure that the words behind a figure state, and where they end; None where they state none.

    Its origin is `derived` (the report prints the change, not the figure), its place is that of the words.
    """
    wording = rules()["comparisons"]
    match = re.match(wording["pattern"], text[at:])
    if not match or fact.amount_wan is None or fact.year is None:
        return None
    year = int(match["year"][:4]) if match["year"][:2] == "20" else fact.year - 1
    if match["way"] == "持平":
        amount = fact.amount_wan
    elif match["number"]:
        change = float(match["number"].replace(",", "")) * MONEY_WAN[match["unit"]]
        amount = round(fact.amount_wan - change if match["way"] in wording["up"] else fact.amount_wan + change, 8)
    else:
        return None
    stage = spellings("stages").get(match["basis"] or "", "executed" if "执行数" in (match["basis"] or "") else fact.stage)
    end = at + match.end()
    printed = match[0].lstrip("，、。")
    place = place_of((end - len(printed), end))
    earlier = replace(fact, year=year, stage=stage, amount_wan=amount, printed=printed, origin="derived", place=place)
    return earlier, end


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
        common = {"year": context.fiscal_year, "stage": context.stage, "amount_wan": 0.0, "printed": match["printed"], "origin": "text"}
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
