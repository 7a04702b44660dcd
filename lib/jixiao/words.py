"""Sentences, headings and numbers in Chinese and English. The texts are data, in `words.toml`; nothing here knows a chart.

Money comes in 万元 (10,000 CNY): Chinese sentences keep it, English ones say CNY or CNY million. Rates come as fractions.
"""

from __future__ import annotations

import string
import tomllib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

from .terms import agreeing, term

LANGUAGES = ("zh", "en")
MOST_NAMES = 4  # a sentence names so many and counts the rest
_INNER = str.maketrans("“”", "‘’")  # quotation marks within others


@cache
def texts() -> dict[str, dict[str, Any]]:
    """The content of `words.toml`: text, column, code, gap."""
    return tomllib.loads(resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8"))


def say(key: str, language: str, count: int | None = None, **values: Any) -> str:
    """The text `key` in `language`, filled in; `count` chooses between its cases none, one, two and many.

    Raises KeyError for a key, a language or a field that the text does not have.
    """
    text = texts()["text"][key][language]
    if isinstance(text, dict):
        case = {0: "none", 1: "one", 2: "two"}.get(count, "many")
        text = text.get(case, text["many"])
    return _Formatter(language).vformat(text, (), {"count": count, **values})


def heading(column: str, language: str) -> str:
    """The heading of a column; the column's own name where it has none."""
    return texts()["column"].get(column, {}).get(language, column)


def kind(column: str) -> str:
    """How the values of a column are written; see `words.toml`."""
    return texts()["column"].get(column, {}).get("kind", "text")


def code(value: Any, language: str, of: str = "code") -> str:
    """A code of the tables, or a standard term, in words; the value itself where it has none. `of` is a section of `words.toml`."""
    if missing(value):
        return ""
    known = texts().get(of, {}).get(str(value))
    if known is None and of in ("code", "level"):
        return term(str(value), language)
    return known.get(language, str(value)) if known else str(value)


def scope(name: Any, language: str) -> str:
    """The scope of a figure: the whole, a part of it, or a project's name as it is."""
    if missing(name):
        return ""
    whole, _, part = str(name).partition("/")
    if part and whole == "整体" and name not in texts()["scope"]:
        return say("part_of_whole", language, part=term(part, language))
    return texts()["scope"].get(str(name), {}).get(language, str(name))


def gap(value: str, language: str) -> str:
    """Why something cannot be compared."""
    return texts()["gap"][value][language]


def missing(value: Any) -> bool:
    """Whether `value` is a null (None, NaN, NA); a list never is."""
    return value is None or (pd.api.types.is_scalar(value) and bool(pd.isna(value)))


def width(text: str) -> float:
    """The width of `text` in Chinese characters."""
    return sum(1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.55 for char in text)


def money(wan: float, language: str, sign: bool = False) -> str:
    """An amount of 万元 in words: `1,066.26 万元`, `CNY 10.66 million`, `CNY 129,900`."""
    plus = "+" if sign and wan > 0 else "−" if wan < 0 else ""
    amount = abs(wan)
    if language == "zh":
        return f"{plus}{amount:,.2f} 万元" if amount >= 0.01 or amount == 0 else f"{plus}{amount * 10_000:,.0f} 元"
    return f"{plus}CNY {amount / 100:,.2f} million" if amount >= 100 else f"{plus}CNY {amount * 10_000:,.0f}"


def number(value: float, places: int = 2) -> str:
    """A number with thousands separators and at most `places` decimals, none that are only zeros; − for less than 0."""
    text = f"{abs(value):,.{places}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return ("−" if value < 0 and text != "0" else "") + text


class Named(Sequence[str]):
    """Names of the different rows of a frame, in words that `word` makes of a row's values; only those that are read are worded.

    `counted` says what they are, for the word that counts them: a key of `counted` in `words.toml`.
    """

    def __init__(self, rows: pd.DataFrame, word: Callable[..., str], counted: str = "item") -> None:
        self._rows, self._word, self.counted = rows.drop_duplicates(), word, counted

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            return [self._word(*row) for row in self._rows.iloc[at].itertuples(index=False, name=None)]
        return self[at : at + 1 or None][0]


def names(values: Iterable[Any], language: str, most: int = MOST_NAMES, counted: str = "item") -> str:
    """A list in words, each name once: the first `most`, and how many there are in all, with the counting word of what they are."""
    items = values if isinstance(values, Named) else list(dict.fromkeys(str(value) for value in values))
    told = items[:most]
    clauses = any(("，" if language == "zh" else ",") in item for item in told)  # which a comma alone would not keep apart
    glue = ("；" if clauses else "、") if language == "zh" else "; " if clauses else ", "
    if len(items) <= most:
        return glue.join(told)
    counted = code(getattr(items, "counted", counted), language, "counted")
    key = "and_more_clauses" if clauses else "and_more"
    return say(key, language, count=len(items), names=glue.join(told), more=len(items) - most, counted=counted)


def written(value: Any, how: str, language: str) -> str:
    """`value` as a cell of a table shows it, by the `kind` of its column; nothing for a null."""
    if missing(value):
        return ""
    if how == "scope":
        return scope(value, language)
    if how in ("code", "level", "check", "issue"):
        return code(value, language, how)
    if isinstance(value, str) and how != "gap":
        return value  # characters of the source stay as they are, whatever the column usually holds
    if how == "wan":
        return f"{value:,.2f}".replace("-0.00", "0.00").replace("-", "−")  # a difference of what a float leaves is none
    if how == "exact_percent":
        return number(value * 100, 4) + "%"
    if how in ("percent", "change", "pp"):
        factor, sign = (1 if how == "pp" else 100), "+" if how != "percent" and value > 0 else ""
        text = number(value * factor)
        return ("" if text == "0" else sign) + text + ("" if how == "pp" else "%")
    if how in ("points", "number", "figure"):
        return number(float(value), 6 if how == "figure" else 2)
    if how == "yes":
        return code("yes" if value else "no", language)
    return gap(value, language) if how == "gap" else str(value)


class _Formatter(string.Formatter):
    """str.format with the field's own specifications: `wan`, `percent`, `names` and the like; see `words.toml`."""

    def __init__(self, language: str) -> None:
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if missing(value):
            return say("not_stated", self.language)
        if format_spec.startswith(("# ", "? ")):
            word = agreeing(value, format_spec[2:])
            return f"{value:,} {word}" if format_spec[0] == "#" else word
        if format_spec in ("wan", "signed_wan"):
            return money(float(value), self.language, sign=format_spec == "signed_wan")
        if format_spec == "pp":
            return written(value, "pp", self.language) + (" 个百分点" if self.language == "zh" else " percentage points")
        if format_spec.startswith("names"):
            return names(value, self.language, counted=format_spec[6:] or "item")
        if format_spec == "quoted":
            return f"“{str(value).translate(_INNER)}”"
        if format_spec in ("percent", "change", "points"):
            return written(value, format_spec, self.language)
        return super().format_field(value, format_spec)
