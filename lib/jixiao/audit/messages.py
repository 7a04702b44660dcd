"""Findings as sentences, in both languages: `messages.toml` words them, a finding's columns fill them in."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources

import pandas as pd

from ..terms import agreeing, term
from .checking import CHECKS

_WAN = {"zh": "万元", "en": " (10,000 CNY)"}  # as the heads of tables have it


@cache
def texts() -> dict[str, dict[str, dict[str, str]]]:
    """`messages.toml`: the sentence of each check, by language."""
    return tomllib.loads(resources.files(__package__).joinpath("messages.toml").read_text(encoding="utf-8"))


def sentences(findings: pd.DataFrame, language: str, rounding: bool = False) -> pd.Series:
    """The sentences of rows with check, scope, label, detail, expected and found; `rounding`: of notes of rounding differences."""
    columns = [findings[name] for name in ("check", "label", "detail", "expected", "found")]
    said = [_say(language, rounding, *values) for values in zip(*columns, strict=True)]
    return pd.Series(said, index=findings.index, dtype="str")


def told(findings: pd.DataFrame, language: str) -> pd.Series:
    """What stored findings say, in `language`: rows of the table `findings`, whose `message` is English.

    A note of rounding differences is known by its stored message. A message that these texts do not make, of a check that is gone or
    of tables from before, is given as it is stored.
    """
    known = findings[findings["check"].isin(CHECKS)]
    said = findings["message"].astype("str")
    for rounding in (False, True):
        same = known[known["message"].eq(sentences(known, "en", rounding))]
        said = said.where(~said.index.isin(same.index), sentences(same, language, rounding).reindex(said.index))
    return said


def reason(text: str, language: str) -> str:
    """Why something was not checked (`checks.reason`, English; several with semicolons), in `language`; one not known stays as it is."""
    if language == "en":
        return text
    return "；".join(_reason(part) for part in text.split("; "))


def _reason(text: str) -> str:
    numbers = re.findall(r"\d+", text)
    said = texts()["reason"].get(re.sub(r"\d+", "#", text), text)
    for number in numbers if "#" in said else ():
        said = said.replace("#", number, 1)
    return said


def _say(language: str, rounding: bool, code: str, label: object, detail: object, expected: float, found: float) -> str:
    known = texts()
    text = known["rounding" if rounding else "check"].get(code) or known["rounding"]["any"]
    words = known["words"]
    filled = {
        name: words[value][language] if value in words else term(value, language) if isinstance(value, str) else ""
        for name, value in (("label", label), ("detail", detail))
    }
    numbers = {"expected": expected, "found": found, "gap": abs(found - expected)}
    return text[language].format(**filled, **{name: _Number(figure(value, CHECKS[code].unit, language)) for name, value in numbers.items()})


class _Number(str):
    """A number as it is written; `{found:? is|are}` is the word that goes with it."""

    def __format__(self, spec: str) -> str:
        return agreeing(self, spec[2:]) if spec.startswith("? ") else str(self)


def figure(value: float, unit: str, language: str = "zh") -> str:
    """A number of a finding as a reader finds it on the page: 1,109.91万元 (in English 1,109.91 (10,000 CNY)), 96.06%, 98.3."""
    if value is None or pd.isna(value):
        return "?"
    if unit == "rate":
        return f"{round(value * 100, 4):.4f}".rstrip("0").rstrip(".") + "%"
    text = f"{round(value, 6):,.6f}".rstrip("0").rstrip(".")
    if unit == "wan":
        whole, _, cents = text.partition(".")
        return f"{whole}.{cents.ljust(2, '0')}{_WAN[language]}" if cents else f"{whole}{_WAN[language]}"
    return text
