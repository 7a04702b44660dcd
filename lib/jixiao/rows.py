"""Facts as rows: what one source gave, as plain values under the contract's column names.

Columns and their types are declared once, by the dataclasses of `facts`; everything here is read off them.
A row that does not keep to them is a fault of this program: FactError names the table and the column.
"""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from functools import cache

from . import facts
from .document import Place

KEYS = {"report_id": "str", "institute": "str", "fiscal_year": "Int64"}
DIGITS = 6  # 万元 to 0.01 元; rates far finer than any report prints

_DTYPES = {str: "str", int: "Int64", float: "float64", bool: "boolean", Place: "str"}

CODES: dict[str, dict[str, tuple[str, ...]]] = {
    "reports": {"kind": ("whole", "project", "accounts")},
    "funds": {"stage": facts.STAGES, "origin": facts.ORIGINS},
    "execution": {"origin": facts.ORIGINS},
    "three_public": {"item": facts.THREE_PUBLIC_ITEMS, "stage": facts.STAGES, "origin": facts.ORIGINS},
    "indicators": {"target_op": (">=", ">", "<=", "<", "=", "text")},
    "statements": {"kind": facts.STATEMENTS, "way": facts.WAYS},
    "findings": {"severity": ("high", "medium", "low")},
    "checks": {"status": ("pass", "fail", "not_checked", "not_applicable")},
}


class FactError(Exception):
    """A row or frame that does not keep to the contract; the message names table and column."""


@cache
def _columns(table: str) -> dict[str, tuple[type, bool]]:
    """Column → (type, may be null) of the table's dataclass."""
    found = {}
    hints = typing.get_type_hints(facts.TABLES[table])
    for each in fields(facts.TABLES[table]):
        kinds = typing.get_args(hints[each.name]) or (hints[each.name],)
        (kind,) = (k for k in kinds if k is not types.NoneType)
        found[each.name] = (kind, types.NoneType in kinds)
    return found


@cache
def schema(table: str) -> dict[str, str]:
    """Column → pandas dtype of a table of the contract, in order."""
    first = {"report_id": "str"} if table == "issues" else KEYS
    return first | {name: _DTYPES[kind] for name, (kind, _) in _columns(table).items()}


@cache
def required(table: str) -> tuple[str, ...]:
    """The columns that are never null."""
    return ("report_id", *(name for name, (_, null) in _columns(table).items() if not null))


@dataclass(slots=True)
class Parsed:
    """What one source gave: rows by table (`reports` has one), without the keys that frames put in front.

    `transient` says that the same file may well be read another time (memory ran out, a process was killed).
    """

    source_file: str
    institute: str | None = None
    fiscal_year: int | None = None
    rows: dict[str, list[dict]] = field(default_factory=dict)
    transient: bool = False
    report_id: str = ""

    @property
    def has_facts(self) -> bool:
        return any(rows for table, rows in self.rows.items() if table not in ("reports", "issues"))


def parsed(
    name: str,
    report: facts.Report,
    found: Iterable[object] = (),
    issues: Iterable[facts.Issue] = (),
    institute: str | None = None,
    fiscal_year: int | None = None,
    transient: bool = False,
) -> Parsed:
    """Facts of one source as rows, in the order in which they were read."""
    tables: dict[str, list[dict]] = {table: [] for table in facts.TABLES}
    homes = {kind: table for table, kind in facts.TABLES.items()}
    for fact in (*found, *issues):
        if type(fact) not in homes:
            raise FactError(f"{type(fact).__name__} is no row of a table of the contract ({', '.join(facts.TABLES)})")
        table = homes[type(fact)]
        tables[table].append(row(table, fact))
    report.issues = len(tables["issues"])
    tables["reports"] = [row("reports", report)]
    _typed("reports", "institute", institute, str, True)
    _typed("reports", "fiscal_year", fiscal_year, int, True)
    return Parsed(name, institute, fiscal_year, {table: rows for table, rows in tables.items() if rows}, transient)


def row(table: str, fact: object) -> dict:
    """One fact as {column: value}: places written out, floats rounded to `DIGITS` places."""
    values = {}
    codes = CODES.get(table, {})
    for name, (kind, null) in _columns(table).items():
        value = _typed(table, name, getattr(fact, name), kind, null)
        known = codes.get(name)
        if known and value is not None and value not in known:
            raise FactError(f"table {table}, column {name}: {value!r} is not one of {', '.join(known)}")
        values[name] = value
    return values


def _typed(table: str, name: str, value: object, kind: type, null: bool):
    if value is None:
        if null:
            return None
        raise FactError(f"table {table}, column {name}: a value is missing")
    if kind is float and type(value) in (int, float):
        if not math.isfinite(value):
            raise FactError(f"table {table}, column {name}: {value!r} is no figure; a missing figure is None")
        return round(float(value), DIGITS) + 0.0  # no minus zero
    # a StrEnum is a string, True is no count
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise FactError(f"table {table}, column {name}: {value!r} is {type(value).__name__}, not {kind.__name__}")
    return _sound(str(value)) if kind in (str, Place) else value


def _sound(text: str) -> str:
    """`text` as it can be written: half of a surrogate pair, out of a broken file, becomes U+FFFD."""
    try:
        text.encode()
        return text
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
