"""A sum of money in prose and the words before it → `Fund` or `ThreePublic`: its stage, item, year and scope."""

from __future__ import annotations

import re
from functools import cache

from ..facts import WHOLE, Fund, ThreePublic
from ..values import MONEY_WAN
from ..vocabulary import label, spellings, term
from .context import Context, Sentence, rules
from .numbers import TO_ASCII, Number

TOTAL = "年度资金总额"

_LAST_YEAR = re.compile(r"上年度?|去年|上一年度?")


@cache
def _stage_words() -> list[tuple[str, str]]:
    pairs = [(word, stage) for stage, words in rules()["stages"].items() for word in words]
    return sorted(pairs, key=lambda pair: len(pair[0]), reverse=True)


def stage_of(lead: str) -> tuple[str | None, str | None, str]:
    """The last stage word of a lead: stage, the word as printed, and the lead without it."""
    best: tuple[int, int, str, str] | None = None
    for word, stage in _stage_words():
        at = lead.rfind(word)
        if at < 0:
            continue
        rank = (at + len(word), len(word), stage, word)
        if best is None or rank[:2] > best[:2]:
            best = rank
    if best is None:
        return None, None, lead
    end, size, stage, word = best
    return stage, word, lead[: end - size] + lead[end:]


@cache
def _item_words() -> list[tuple[str, str, str]]:
    """Spelling, section and term of every item that prose may name, longest first."""
    words = [(w, s, t) for s in ("three_public", "items") for w, t in spellings(s).items() if w not in {"合计", "总计", "三公"}]
    return sorted(words, key=lambda word: len(word[0]), reverse=True)


def _item_of(lead: str) -> tuple[str, str, str, str] | None:
    """The item named right before a number: section, term, spelling as printed, rest of the lead before it."""
    flat = lead.translate(TO_ASCII)
    flat = re.sub(r"[“”\"'「」]", lambda m: "\0", flat)
    for spelling, section, standard in _item_words():
        # quotes may stand anywhere in a printed name: “三公”经费
        pattern = "\0*".join(map(re.escape, spelling))
        hits = list(re.finditer(pattern, flat))
        if hits and _says_nothing(flat[hits[-1].end() :]):
            hit = hits[-1]
            return section, standard, lead[hit.start() : hit.end()].strip("“”\"'"), lead[: hit.start()]
    return None


@cache
def _filler() -> re.Pattern:
    stages = [word for word, _ in _stage_words()]
    words = sorted([*rules()["filler"]["words"], *stages], key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, words))}|20\d\d年度?|[\0\s：:（(，,、；;]|其中)*")


def _says_nothing(text: str) -> bool:
    return _filler().fullmatch(text) is not None


def read_fund(number: Number, lead: str, state: Sentence, context: Context, place):
    """A `Fund` or `ThreePublic` fact, or None where the number is not one of a budget. Updates `state`."""
    if match := next((m for p in rules()["scopes"]["patterns"] if (m := re.search(p, lead.rstrip()))), None):
        state.scope = match["scope"]
    opener = _opener(lead)
    if opener and state.item:
        state.parent = state.item
    found = _item_of(lead)
    stage_lead = lead if found is None else found[3] + lead[len(found[3]) + len(found[2]) :].replace(found[2], "", 1)
    stage, stage_word, rest = stage_of(stage_lead)
    scope = state.scope or context.scope
    section, item, printed = (found[0], found[1], found[2]) if found else ("items", None, None)
    if found is None and stage is not None and (state.scope or _says_nothing(_core(rest)) or _names_whole(rest)):
        item, printed = TOTAL, stage_word
    elif found is None and state.parent and (core := _name(lead)):
        item, printed = term("items", label(core)) or core, core
    if item is None:
        return None
    sign = -1 if stage == "reduction" else 1
    stage = "adjustment" if stage == "reduction" else stage or state.stage or "executed"
    state.stage = stage if stage != "adjustment" or state.stage is None else state.stage
    year = state.year - 1 if state.year and _LAST_YEAR.search(lead) else state.year
    amount = round(number.value * MONEY_WAN[number.unit] * sign, 8)
    common = {
        "year": year,
        "stage": stage,
        "amount_wan": amount,
        "printed": number.printed,
        "unit": number.unit,
        "origin": "text",
        "place": place,
    }
    if section == "three_public":
        state.item, state.parent = None, None
        return ThreePublic(item=item, **common)
    if state.parent and state.parent != item and scope == WHOLE and state.parent != TOTAL:
        scope = f"{scope}/{state.parent}"
    elif not state.parent:
        state.item = item
    return Fund(scope=scope, item=item, item_printed=printed, **common)


def _opener(lead: str) -> bool:
    return any(word in lead for word in rules()["parts"]["openers"])


def _core(rest: str) -> str:
    return re.sub(r"^.*[，。；：]", "", re.sub(r"^.*20\d\d年度?", "", rest))


def _names_whole(rest: str) -> bool:
    """Whether what is left of a lead speaks of the institute as a whole: 2021年我单位."""
    return bool(re.fullmatch(r".{0,12}?(?:我|本)?(?:单位|所|局|中心|院|部门|站)?(?:我|本)?(?:单位)?", _core(rest))) and "项目" not in _core(
        rest
    )


def _name(lead: str) -> str:
    """What a lead names in a list of parts: 其中：1、强检经费 → 强检经费."""
    text = re.split(r"[，。；：;:,（(]|其中|包括|包含", lead)[-1]
    text = re.sub(r"^\s*(?:\d{1,2}[、.．)）]|[一二三四五六七八九十]+是)\s*", "", text).strip("、和及与 “”")
    return re.sub(r"(?:为|共计|共|约|达)$", "", text)
