"""What the text before a number says about it: the headings and the scope it stands under, and the sentence so far."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from ..facts import WHOLE


@cache
def rules() -> dict:
    """`sentences.toml`: how prose words amounts, points and counts."""
    return tomllib.loads(resources.files(__package__).joinpath("sentences.toml").read_text(encoding="utf-8"))


@dataclass
class Context:
    """What earlier text says about the next number."""

    fiscal_year: int | None
    scope: str = WHOLE
    institute: str | None = None
    stage: str = "executed"  # of amounts that no word gives one: a budget book speaks of its budget
    headings: dict[int, str] = field(default_factory=dict)

    def skipped(self) -> bool:
        words = rules()["skipped"]["headings"]
        return any(word in heading for heading in self.headings.values() for word in words)


@dataclass
class Sentence:
    """What the numbers before it in the paragraph leave to the next number."""

    year: int | None
    stage: str | None = None
    item: str | None = None
    parent: str | None = None
    scope: str | None = None
    subject: tuple[str, str] | None = None  # what the whole paragraph is about: its item and its name as printed
    source: str | None = None  # the source of funds that the item is paid from (一般公共预算财政拨款基本支出)
    named: tuple[str, str, str] | None = None  # section, item and printed name of the amount before
    what: str = ""
    named_by_after: bool = False
