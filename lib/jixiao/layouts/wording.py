"""What the label of a column says besides its name: the stage, the year, the item of the three public funds."""

from __future__ import annotations

from functools import lru_cache

from ..vocabulary import Label, label, spellings, term


@lru_cache(1 << 14)
def stage_of(lab: Label) -> str | None:
    """The stage that a header says, as a whole (决算数) or at its end (三公经费预算数)."""
    known = spellings("stages")
    if lab.text in known:
        return known[lab.text]
    ending = next((word for word in sorted(known, key=len, reverse=True) if len(word) > 2 and lab.text.endswith(word)), None)
    return known[ending] if ending else None


def public_item(lab: Label, above: list[Label]) -> str | None:
    """The item of the three public funds that a header names, alone or under the one above it (公务用车…: 小计, 购置费)."""
    if item := term("three_public", lab):
        return item
    parent = next((item for upper in reversed(above) if (item := term("three_public", upper))), None)
    part = term("three_public_parts", lab)
    if parent is None or part is None:
        return None
    return parent if part == "sum" else part if parent == "vehicle" else None


@lru_cache(1 << 14)
def relative(lab: Label) -> tuple[Label, int] | None:
    """A label without a leading word for the year, and how many years before the report's it is: 上年决算数 → 决算数, 1."""
    words = spellings("relative_years")
    word = next((word for word in sorted(words, key=len, reverse=True) if lab.text.startswith(word)), None)
    return (label(lab.text[len(word) :]), int(words[word] == "last")) if word else None


def year_of(labels: list[Label]) -> tuple[int | None, int]:
    """The year that a column's labels print (2023年预算数), and how many years before the report's they say it is (上年决算数)."""
    backs = (older[1] for lab in labels if (older := relative(lab)) and (not older[0].text or stage_of(older[0])))
    return next((lab.year for lab in labels if lab.year), None), next(backs, 0)
