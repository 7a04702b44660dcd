"""Counts of what was done and printed points in prose → `Activity` and `Score`."""

from __future__ import annotations

import re

from ..facts import Activity, Score
from ..vocabulary import spellings, term
from .context import Context, Sentence, rules
from .numbers import Number


def read_scores(text: str, place_of, context: Context, facts: list) -> list[tuple[int, int]]:
    """Printed points of prose (投入方面得分为13分); returns the stretches that were read."""
    wording = rules()["scores"]
    spans = []
    rating = re.search(wording["rating"], text)
    for match in re.finditer(wording["pattern"], text):
        name = re.sub(r"方面$|部分$|指标$", "", match["name"].strip())
        is_total = not name or any(name.endswith(word) for word in wording["totals"])
        spans.append(match.span("score"))
        value = float(match["score"])
        place = place_of(match.span("score"))
        own = rating["rating"] if rating and is_total else None
        facts.append(
            Score(
                scope=context.scope,
                name="总分" if is_total else name,
                name_printed=f"{match['name']}得分" if is_total else match["name"],
                score_printed=value,
                score=value,
                rating=term("ratings", own) if own else None,
                place=place,
            )
        )
    return spans


def _last_clause(lead: str) -> str:
    """What stands behind the last mark of `lead` that is not inside quotes or brackets: 用水、“水、电”三表 → “水、电”三表."""
    depth, start = 0, 0
    for at, char in enumerate(lead):
        if char in "“《（(":
            depth += 1
        elif char in "”》）)":
            depth = max(0, depth - 1)
        elif char in "，。；;：:、" and depth == 0:
            start = at + 1
    clause = lead[start:]
    return clause.rsplit("（", 1)[-1] if clause.count("（") > clause.count("）") else clause


def read_activity(number: Number, lead: str, text: str, state: Sentence, context: Context, place) -> Activity | None:
    wording = rules()["counts"]
    clause = _last_clause(lead)
    before = re.sub(r"^\s*(?:[一二三四五六七八九十]是|\d{1,2}[、.．)）](?!\d)|其中|20\d\d年度?|共有)*", "", clause).strip()
    if any(before.endswith(word) for word in spellings("staff")):
        return None  # the number of staff stands with the report
    after = re.split(r"[，。；;：:、）)（(\d]", text[number.stop :])[0]
    if number.unit == "%" and not any(rate in before for rate in wording["rates"]):
        return None
    if any(idiom in text[max(0, number.start - 2) : number.stop] for idiom in wording["idioms"]):
        return None
    if state.named_by_after and not re.search(r"[，。；;：:、）)]", lead):
        before = ""  # these words name the number before: 5项新建和8项已建标准
    before = re.sub(r"(?:均为|为|达到|达|共计|共|约|各|计)$", "", before)
    state.named_by_after = bool(after)
    what = (re.sub(r"等$", "", before) if not after else before + re.sub(r"[和及与]$", "", after)).strip("《》 ")
    if not what:
        what = state.what
    if not what:
        return None
    state.what = what
    return Activity(
        scope=context.scope,
        what=what,
        value=number.value,
        approximate=number.approximate,
        unit=number.unit,
        printed=number.printed,
        place=place,
    )
