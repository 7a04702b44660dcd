"""The words that checks go by (`wording.toml`), and columns of text brought into one form to be compared with them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib import resources

import pandas as pd

from ..values import plain

_TAIL = r"(?:\([^()]*\)|%|:|指标)+$"  # of a name: its unit, and what kind of thing it is


@cache
def _data() -> dict[str, dict]:
    return tomllib.loads(resources.files(__package__).joinpath("wording.toml").read_text(encoding="utf-8"))


@cache
def _ending(name: str) -> str:
    return f"(?:{'|'.join(map(re.escape, _data()['endings'][name]))})$"


def flat(texts: pd.Series) -> pd.Series:
    """The texts in NFKC without white space; null stays null."""
    return texts.map({text: plain(text) for text in texts.dropna().unique()}).astype("str")


def named(names: pd.Series) -> pd.Series:
    """Names of indicators without the unit in brackets and the 指标 that may end them."""
    return flat(names).str.replace(_TAIL, "", regex=True)


def ends(names: pd.Series, ending: str) -> pd.Series:
    """Which of the names of indicators end as `wording.toml` lists under `ending`, and are not negated."""
    short = named(names)
    return _found(short, re.compile(_ending(ending)).search) & (~says(short, "negated") if ending != "lower" else True)


def says(texts: pd.Series, pattern: str) -> pd.Series:
    """Which of the texts hold the pattern of `wording.toml`."""
    return _found(texts, re.compile(_data()["patterns"][pattern]).search)


def is_all(texts: pd.Series, pattern: str) -> pd.Series:
    """Which of the texts are, as a whole, the pattern of `wording.toml`."""
    return _found(texts, re.compile(_data()["patterns"][pattern]).fullmatch)


def _found(texts: pd.Series, test: Callable[[str], object]) -> pd.Series:
    # a column holds few different texts, a table many rows
    return texts.isin([text for text in texts.dropna().unique() if test(plain(text))])


def beside(first: pd.Series, second: pd.Series) -> pd.Series:
    """A target and what came of it, in the report's words: "≥95% → 96%"."""
    return first.fillna("").astype("str") + " → " + second.fillna("").astype("str")
