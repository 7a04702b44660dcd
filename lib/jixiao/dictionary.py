"""What the tables and their columns hold, in English and Chinese, with types, units and codes: one source for all that tell of them.

Texts stand in `dictionary.toml`; types, codes and what is required come from the dataclasses of `facts`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from .facts import TABLES
from .rows import CODES, required, schema

RATES = ("rate", "rate_printed")  # fractions


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its pandas dtype, what it holds, its unit ("" for none), and its codes (none: any text)."""

    name: str
    dtype: str
    en: str
    zh: str
    unit: str
    codes: tuple[str, ...]
    required: bool  # never null; a text may be blank

    @property
    def numeric(self) -> bool:
        return self.dtype in ("Int64", "float64")

    def text(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@cache
def _declared() -> dict[str, Any]:
    return tomllib.loads(resources.files(__package__).joinpath("dictionary.toml").read_text(encoding="utf-8"))


def row_of(table: str, language: str) -> str:
    """What a row of the table is."""
    return _declared()["table"][table][language]


@cache
def columns(table: str) -> tuple[Column, ...]:
    """The columns of a table in their order. Raises KeyError, naming it, for one that `dictionary.toml` does not have."""
    shared, own = _declared()["column"], _declared()["of"].get(table, {})
    never_null = required(table)
    found = []
    for name, dtype in schema(table).items():
        text = own.get(name) or shared[name]
        unit = "万元" if name.endswith("_wan") else "1 = 100 %" if name in RATES else ""
        found.append(Column(name, dtype, text["en"], text["zh"], unit, CODES.get(table, {}).get(name, ()), name in never_null))
    return tuple(found)


def unused() -> list[str]:
    """Texts of `dictionary.toml` that no table has a column for."""
    declared = _declared()
    everywhere = {name for table in TABLES for name in schema(table)}
    wrong = [name for name in declared["column"] if name not in everywhere]
    wrong += [table for table in declared["table"] if table not in TABLES]
    return wrong + [f"{table}.{name}" for table, own in declared["of"].items() for name in own if name not in schema(table)]
