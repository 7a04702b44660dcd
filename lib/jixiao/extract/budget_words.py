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
WHOLES = (TOTAL, "本年支出合计", "支出总计", "收入支出总计")
INCOMES = ("本年收入合计", "收入总计", "事业收入", "事业单位经营收入", "其他收入", "上级补助收入", "附属单位上缴收入")
SOURCES = ("一般公共预算拨款", "政府性基金预算拨款", "国有资本经营预算拨款")

# names that hold the word 预算 and say no stage
_NAMED_BUDGETS = re.compile(r"一般公共预算|政府性基金预算|国有资本经营预算|社会保险基金预算|预算单位|预算绩效")
_REASON = re.compile(r"[^，。；]*原因[^，。；]*")
_LAST_YEAR = re.compile(r"上年度?(?!结转|结余|财政拨款结转)|去年|上一年度?")


@cache
def _stage_words() -> list[tuple[str, str]]:
    pairs = [(word, stage) for stage, words in rules()["stages"].items() for word in words]
    return sorted(pairs, key=lambda pair: len(pair[0]), reverse=True)


def stage_of(lead: str) -> tuple[str | None, str | None, str]:
    """The last stage word of a lead: stage, the word as printed, and the lead without it."""
    lead = _NAMED_BUDGETS.sub(lambda match: "\0" * len(match[0]), lead)
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
def _item_words() -> list[tuple[str, re.Pattern, str, str]]:
    """Spelling, its pattern, section and term of every item that prose may name, longest first."""
    bare = set(rules()["bare"]["words"])
    words = [(w, s, t) for s in ("three_public", "items", "incomes") for w, t in spellings(s).items() if w not in bare]
    words.sort(key=lambda word: len(word[0]), reverse=True)
    # quotes may stand anywhere in a printed name: “三公”经费
    return [(w, re.compile("\0*".join(map(re.escape, w))), s, t) for w, s, t in words]


def _item_of(lead: str) -> tuple[str, str, str, str] | None:
    """The item named right before a number: section, term, spelling as printed, rest of the lead before it."""
    flat = lead.translate(TO_ASCII)
    flat = re.sub(r"[“”\"'「」]", lambda m: "\0", flat)
    unquoted = flat.replace("\0", "")
    hits = []
    for spelling, pattern, section, standard in _item_words():
        found = list(pattern.finditer(flat)) if spelling in unquoted else []
        if found and _says_nothing(flat[found[-1].end() :]):
            hits.append((found[-1], section, standard))
    if not hits:
        return None
    # “三公”经费财政拨款支出: the name that begins first is what the others are said of
    hit, section, standard = min(hits, key=lambda each: (each[0].start(), -each[0].end()))
    return section, standard, lead[hit.start() : hit.end()].strip("“”\"'"), lead[: hit.start()]


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
        state.scope, lead_says_scope = match["scope"], True
    else:
        lead_says_scope = False
    if side := re.search(rules()["names"]["sides"], lead):
        state.parent = f"{side['side']}总计"  # 支出包括：…: no parts of the item before
    elif state.item and _opener(lead):
        state.parent = state.item
    named = _named(lead, state, context, lead_says_scope)
    if named is None:
        return None
    section, item, printed, stage = named
    if stage == "executed" and context.stage == "initial_budget" and not _says_executed(lead):
        stage = None
    state.named = section, item, printed
    sign = -1 if stage == "reduction" else 1
    stage = "adjustment" if stage == "reduction" else stage or state.stage or context.stage
    state.stage = stage if stage != "adjustment" or state.stage is None else state.stage
    common = {
        "year": state.year - 1 if state.year and _LAST_YEAR.search(lead) else state.year,
        "stage": stage,
        "amount_wan": round(number.value * MONEY_WAN[number.unit] * sign, 8),
        "printed": number.printed,
        "unit": number.unit,
        "origin": "text",
        "place": place,
    }
    if section == "three_public":
        state.item, state.parent = None, None
        return ThreePublic(item=item, **common)
    scope = state.scope or context.scope
    if scope == WHOLE:
        scope = _scope(item, state.parent, state.source)
    if not state.parent:
        state.item = item
    return Fund(scope=scope, item=item, item_printed=printed, **common)


def _says_executed(lead: str) -> bool:
    """Whether a lead says that money was spent, by more than a word that also names what is planned (支出)."""
    words = set(rules()["stages"]["executed"]) - set(rules()["names"]["words"])
    return any(word in lead for word in words)


def _named(lead: str, state: Sentence, context: Context, lead_says_scope: bool) -> tuple[str, str, str, str | None] | None:
    """Section, item, printed name and stage of an amount, by the words before it; None where they name nothing of a budget."""
    if subject := last_subject(lead):
        item, printed, rest = subject
        state.subject = item, printed
        if _says_nothing(rest):
            return "items", item, printed, stage_of(rest)[0]
    found = _item_of(lead)
    if found:
        section, item, printed, before = found
        if item in ("基本支出", "项目支出"):
            state.source = _source(before)
        around = before + lead[len(before) + len(printed) :].replace(printed, "", 1)
        stage, _, _ = stage_of(_REASON.sub("", re.split("[；;]", around)[-1]))
        return section, item, printed, stage
    stage, word, rest = stage_of(lead)
    if stage and state.subject:
        return ("items", *state.subject, stage) if _says_nothing(_clause(rest)) else None
    if stage and (lead_says_scope or _says_nothing(_clause(rest).replace(context.institute or "\0", ""))):
        # 年初预算 X，支出决算 Y: the second amount is of what the first is of
        section, item, printed = state.named if state.named and not lead_says_scope and state.named[1] else ("items", TOTAL, word)
        return section, item, printed if item != TOTAL else word, stage
    if state.parent and (name := _name(lead)):
        return "items", term("items", label(name)) or name, name, stage
    return None


def _scope(item: str, parent: str | None, source: str | None) -> str:
    """The scope of an item of the whole, in a list of parts of `parent`: 整体/项目支出; income stands apart from spending."""
    if item in INCOMES or parent in INCOMES:
        return f"{WHOLE}/收入"
    natures = ("基本支出", "项目支出")
    whole = f"{WHOLE}/{source}" if source and (item in natures or parent in natures) else WHOLE
    return whole if parent in (None, item, *WHOLES) else f"{whole}/{parent}"


def _source(before: str) -> str | None:
    """The source of funds that stands right before a name: 一般公共预算财政拨款 before 基本支出."""
    before = before.translate(TO_ASCII).rstrip("的 ")
    named = ((t, spelling) for spelling, _, section, t in _item_words() if section == "items" and t in SOURCES)
    return next((t for t, spelling in named if before.endswith(spelling)), None)


def last_subject(lead: str) -> tuple[str, str, str] | None:
    """The last classification that a lead names (社会福利事业单位（项）), as printed with those above it, and what follows it."""
    hits = [match for pattern in rules()["subjects"]["patterns"] for match in re.finditer(pattern, lead)]
    if not hits:
        return None
    start = hits[-1].start()
    for hit in reversed(hits[:-1]):
        start = hit.start() if hit.end() == start else start
    return hits[-1]["item"], lead[start : hits[-1].end()].strip("“”"), lead[hits[-1].end() :]


def _opener(lead: str) -> bool:
    # behind a semicolon the list of parts goes on: 人员经费5万元，主要包括：甲、乙；公用经费3万元
    return any(word in re.split("[；;]", lead)[-1] for word in rules()["parts"]["openers"])


def _clause(rest: str) -> str:
    return re.sub(r"^.*[，。；：]", "", rest.rstrip("，、：； "))


def _name(lead: str) -> str:
    """What a lead names in a list of parts: 其中：1、强检经费 → 强检经费."""
    text = re.split(r"[，。；：;:,（(]|其中|包括|包含", lead)[-1]
    text = re.sub(r"^\s*(?:\d{1,2}[、.．)）]|[一二三四五六七八九十]+是)\s*", "", text).strip("、和及与 “”")
    return re.sub(r"(?:为|共计|共|约|达)$", "", text)
