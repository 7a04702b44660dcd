"""Prose → facts: sums of money with their stage, year and scope; printed points; counts of what was done.

A paragraph is read from left to right, one number at a time. What stands between a number and the one before it (its lead)
names it: a stage (年初预算), an item (基本支出), a year, the opening of a list of parts (其中). What the lead leaves open is
carried on from the number before. A sum of money that no stage or item names is kept as a count in 万元 or 元.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from ..document import Cell, Document, Paragraph, Place, tidy
from ..facts import WHOLE, Issue
from .budget_words import last_subject, read_fund, stage_of
from .comparisons import last_year, later_change, one_item, zeros
from .context import Context, Sentence, rules
from .counts import read_activity, read_scores
from .numbers import Number, numbers
from .statements import Located, read_statements

_HEADING = re.compile(
    r"(?P<one>[一二三四五六七八九十]{1,3}、)|(?P<two>[（(][一二三四五六七八九十\d]{1,3}[)）])|(?P<three>\d{1,2}[、.．](?!\d))"
)
_YEAR = re.compile(r"(20\d\d)年")
_COMPARED = re.compile(r"(?:比|较)(?:上年|去年|年初|20\d\d年)[^，。；]*$")
_CHANGED = re.compile(r"(?:增加|减少|增长|下降)了?$")
_COMPARISON = re.compile(r"(?:与|比|较|同)20\d\d年[^，。；]*")
_BREAK = re.compile(r"[。！？]")


def read_prose(
    document: Document, context: Context, cells: Mapping[int, Sequence[Cell]] = MappingProxyType({})
) -> tuple[list, list[Issue]]:
    """Facts and issues of all paragraphs of a document, and of its `cells` of prose by the number of their table."""
    facts: list = []
    issues: list[Issue] = []
    for block in document.blocks:
        for piece in [block] if isinstance(block, Paragraph) else cells.get(block.number, ()):
            text = piece.text if isinstance(piece, Paragraph) else tidy(piece.text)
            _enter(context, text)
            if isinstance(piece, Paragraph):
                new, troubles = read_paragraph(document, piece, context)
            else:
                new, troubles = read_text(text, context, lambda _, at=(block, piece): document.place(*at))
            facts += new
            issues += troubles
    return facts, issues


def _enter(context: Context, text: str) -> None:
    """Keeps the headings above a paragraph, and the project that a heading names."""
    match = _HEADING.match(text)
    if not match:
        return
    depth = 1 if match["one"] else 2 if match["two"] else 3
    project = re.search(rules()["scopes"]["heading"], text)
    if not project:
        context.headings = {d: h for d, h in context.headings.items() if d < depth}
        context.headings[depth] = re.split(r"[。，；：]", text[match.end() :])[0]
    context.scope = project["scope"] if project else WHOLE


def read_paragraph(document: Document, paragraph: Paragraph, context: Context) -> tuple[list, list[Issue]]:
    """Facts and issues of one paragraph under the headings of `context`."""
    return read_text(paragraph.text, context, lambda span: document.place(paragraph, chars=span))


def read_text(text: str, context: Context, place_of: Callable[[tuple[int, int]], Place]) -> tuple[list, list[Issue]]:
    """Facts and issues of a tidied text; `place_of` tells where a stretch of it stands."""
    facts: list = []
    issues: list[Issue] = []
    located: list[Located] = []
    scored = read_scores(text, place_of, context, facts)
    facts += zeros(text, context, place_of)
    state = Sentence(context.fiscal_year)
    end = compared = began = 0
    for number in numbers(text):
        lead = text[end : number.start]
        if cut := list(_BREAK.finditer(lead)):
            began = len(facts)
            # a new sentence speaks of the paragraph's subject, but carries on nothing else
            subject = last_subject(lead[: cut[-1].end()])
            ended, lead = state, lead[cut[-1].end() :]
            state = Sentence(ended.year, subject=subject[:2] if subject else ended.subject)
            if lead.startswith("其中") and ended.source:  # else the whole may be meant
                state.item, state.source, state.scope, state.stage = ended.item, ended.source, ended.scope, ended.stage
        if (year := _YEAR.findall(_COMPARISON.sub("", lead))) and number.is_money:
            state.year = int(year[-1])
        end = number.stop
        if number.start < compared:
            continue  # read with the figure that it is compared with
        if any(start <= number.start < stop for start, stop in scored) or _is_threshold(text, number):
            continue
        place = place_of((number.start, number.stop))
        if number.is_money and not number.approximate:
            if _COMPARED.search(lead) or (_CHANGED.search(lead.strip()) and stage_of(lead)[0] not in ("adjustment", "reduction")):
                if earlier := later_change(number, lead, facts, context, place_of):
                    facts += earlier
                    continue
                message = "A change against another figure; it is not a figure of its own and was not taken."
                issues.append(Issue(code="change_not_taken", place=place, printed=number.printed, message=message))
                continue
            fact = read_fund(number, lead, state, context, place)
            if fact is not None:
                facts.append(fact)
                located.append(Located(number.start, number.stop, fact))
                if (text[number.stop :][:1] != "。" or one_item(facts[began:])) and (other := last_year(fact, text, number.stop, place_of)):
                    earlier, compared = other
                    end = compared  # the words of the comparison do not name what comes next
                    facts.append(earlier)
                continue
        if not context.skipped() and (activity := read_activity(number, lead, text, state, context, place)):
            facts.append(activity)
    return [*facts, *read_statements(text, located, context, place_of)], issues


def _is_threshold(text: str, number: Number) -> bool:
    marks = rules()["thresholds"]
    before, after = text[max(0, number.start - 4) : number.start], text[number.stop : number.stop + 6]
    return any(before.endswith(w) for w in marks["before"]) or any(after.startswith(w) for w in marks["after"])
