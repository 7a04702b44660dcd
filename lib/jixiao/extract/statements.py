"""What prose says of figures besides the figures → `Statement`: changes, shares, completion rates, reasons, words left of a template.

Every statement keeps the figure it is about and what that is compared with, as far as the paragraph prints them; whether they agree
is the audit's question. `statements.toml` words the patterns.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from ..facts import WHOLE, Statement
from ..values import MONEY_WAN
from ..vocabulary import spellings, wordings
from .context import Context
from .paragraph import AS_ASCII, SENTENCE_END, Located, PlaceOf, Prose, last_clause, named_item, pattern, rules, way_of

LONGEST_TITLE = 60  # characters


def read_statements(text: str, figures: Sequence[Located], context: Context, place_of: PlaceOf) -> list[Statement]:
    """The statements of a tidied paragraph, whose money is `figures` in the order of the text."""
    prose = Prose(text, figures, context, place_of)
    return [statement for read in _READERS for statement in read(prose)]


def _changes(prose: Prose) -> Iterator[Statement]:
    """与2023年度相比，收入支出总计增加1062.85万元，增长12.08%."""
    bases = list(pattern("bases").finditer(prose.text))
    for match in pattern("changes").finditer(prose.text):
        base = next((b for b in reversed(bases) if b.end() <= match.start()), None)
        if base is None or SENTENCE_END.search(prose.text, base.end(), match.start()):
            continue  # it says nothing of another year
        way = way_of(match["way"])
        if way != "flat" and not match["number"] and not match["rate"]:
            continue
        named, about = prose.subject(match.start(), base)
        year = about.fact.year if about else prose.context.fiscal_year
        against_year = int(base["year"][:4]) if base["year"].startswith("20") else year - 1 if year else None
        way2 = way_of(match["way2"])
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
    openers = [m.end() for m in pattern("shares", "openers").finditer(prose.text)]
    for match in pattern("shares").finditer(prose.text):
        about = prose.before(match.start(), prose.sentence(match.start()))
        if about is None:
            continue
        named = named_item(match["whole"]) if match["whole"] else None
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
    for match in pattern("completions").finditer(prose.text):
        about = prose.before(match.start(), stages=("executed",))
        if about is None:
            continue
        stages = ("revised_budget", "initial_budget")  # a rate of execution is of the revised budget where there is one
        if match["basis"]:
            stages = ("revised_budget",) if match["basis"] in rules()["completions"]["revised_budget"] else ("initial_budget",)
        budget = next((b for stage in stages if (b := prose.of(about.fact.item, match.start(), (stage,)))), None)
        printed = match["rate"] or match["rate2"]
        rate, decimals = float(printed) / 100, _decimals(printed)
        stage = budget.fact.stage if budget else stages[-1]
        said = {"rate": rate, "decimals": decimals, "against": stage, "against_year": about.fact.year}
        yield prose.statement("completion", match, about, budget, **said)


def _comparisons(prose: Prose) -> Iterator[Statement]:
    """决算数小于预算数: of the spending and the budget that the paragraph states before."""
    for match in pattern("comparisons").finditer(prose.text):
        named, about = prose.subject(match.start(), stages=("executed",))
        item = about.fact.item if about else named
        if item is None:
            continue
        budget = prose.of(item, match.start(), ("initial_budget", "revised_budget"))
        said = {
            "way": way_of(match["way"] or match["flat"]),
            "against": budget.fact.stage if budget else "initial_budget",
            "against_year": about.fact.year if about else prose.context.fiscal_year,
        }
        yield prose.statement("comparison", match, about, budget, **(_only_named(named, prose, match.start(), "executed") | said))


def _reasons(prose: Prose) -> Iterator[Statement]:
    """公务接待费支出减少的主要原因是…: what it gives as the reason, and of which way."""
    for match in pattern("reasons").finditer(prose.text):
        words = match["words"].strip(" \t：:，,")
        if not words and not match["end"]:
            continue  # the reasons stand in the next paragraphs
        named, about = prose.subject(match.start())
        said = {"way": way_of(match["way"]), "words": words}
        yield prose.statement("reason", match, about, **(_only_named(named, prose, match.start()) | said))


def _parts(prose: Prose) -> Iterator[Statement]:
    """共有车辆8辆，其中：…用车0辆、其他用车8辆: a list of parts that are all there are."""
    part, complete = pattern("parts", "part"), rules()["parts"]["complete"]
    for opener in pattern("parts", "opener").finditer(prose.text):
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
        if (text[at] == ")" and depth == 0 and inside) or SENTENCE_END.match(text, at):
            return "".join(seen[:at])
        depth += (text[at] == "(") - (text[at] == ")" and depth > 0)
        if depth:
            seen[at] = "\0"
    return "".join(seen)


def _named(prose: Prose) -> Iterator[Statement]:
    for match in pattern("named").finditer(prose.text):
        name = re.sub(rules()["named"]["prefix"], "", match["name"].strip("()"))
        if name.endswith(tuple(wordings("organisations", "endings"))) and not re.match(rules()["named"]["not"], name):
            title = len(prose.text) <= LONGEST_TITLE and not SENTENCE_END.search(prose.text)
            yield prose.statement("named", match, item=name, year=int(match["year"]), words="title" if title else None)


def _leftovers(prose: Prose) -> Iterator[Statement]:
    yield from leftovers(prose.raw, prose.place_of, prose.section)


def leftovers(text: str, place_of: PlaceOf, section: str | None = None) -> Iterator[Statement]:
    """Words of a template that were left in a paragraph or cell, and slips of the pen."""
    wide = text.translate(AS_ASCII)
    if not _any_leftover().search(wide):
        return
    for kind, key in (("leftover", "patterns"), ("slip", "slips")):
        for wording in rules()["leftovers"][key]:
            for match in re.finditer(wording, wide):
                clause = len(last_clause(wide[: match.start()]))
                printed = text[match.start() - clause : match.end()]
                yield Statement(kind=kind, section=section, words=match[0], printed=printed, place=place_of(match.span()))


@cache
def _any_leftover() -> re.Pattern:
    return re.compile("|".join(rules()["leftovers"]["patterns"] + rules()["leftovers"]["slips"]))


_READERS = (_changes, _shares, _completions, _comparisons, _reasons, _parts, _named, _leftovers)


def _only_named(item: str | None, prose: Prose, at: int, stage: str | None = None) -> dict:
    """What is known of an item that a clause names without its figure."""
    if item is None:
        return {}
    return {"item": item, "scope": WHOLE, "year": prose.context.fiscal_year, "stage": stage or prose.context.stage}


def _label(text: str) -> str:
    """The name in front of a number: 政府采购金额(以合同签订为准)为 → 政府采购金额."""
    return re.sub(r"\([^()]*\)|(?:为|共|约|达到?)+$|^20\d\d年度?", "", last_clause(text)).strip()


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
