"""Targets of indicators and whether their outcomes meet them: "≥95%" → >= 95 %, by the cell or by columns of sign and unit."""

from __future__ import annotations

import re

from ..document import tidy
from ..values import Figure, Kind, figure, kind, operator, plain

_MONTH = re.compile(r"20[0-3]\d\.(?:0?[1-9]|1[0-2])")  # a target of 2024.12 is a date


def parse_target(
    target: str | None, name: str | None, sign: str | None = None, unit: str | None = None
) -> tuple[str | None, Figure | None]:
    """Operator and figure of a target: ("≥95%") → ">=", 95 %. A bare number is "=", anything else "text", nothing None.

    The unit may stand in the name instead: 检定设备(台). A sign and a unit in cells of their own go before both.
    """
    if kind(target) in (Kind.BLANK, Kind.MARK):
        return None, None
    found = figure(target)
    if found is None or _MONTH.fullmatch(plain(target or "")):
        return "text", None
    stated = operator(sign) or found.op
    found = with_unit(found, name, unit)
    return stated or "=", Figure(found.value, found.unit, stated, found.approximate)


def with_unit(found: Figure | None, name: str | None, unit: str | None = None) -> Figure | None:
    """`found` with the unit of its own cell, else of the unit column, else of the bracket that ends the indicator's name."""
    if found is None or found.unit:
        return found
    unit = unit if (unit and kind(unit) is Kind.TEXT) or unit == "%" else _unit_of_name(name)
    return Figure(found.value, unit, found.op, found.approximate)


def _unit_of_name(name: str | None) -> str | None:
    flat = tidy(name or "").replace("（", "(").replace("）", ")")
    if flat.endswith("%"):
        return "%"
    if not flat.endswith(")") or "(" not in flat:
        return None
    inside = flat[flat.rindex("(") + 1 : -1]
    return inside if 0 < len(inside) <= 5 and not any(char.isdigit() for char in inside) else None


def attained(op: str | None, target: Figure | None, actual: Figure | None, is_cost: bool) -> bool | None:
    """Whether the outcome meets the target; None where it cannot be judged (text, no outcome, units that differ).

    A number printed without a sign is a least value, but a limit for costs (成本指标): so the forms are filled in.
    """
    if op in (None, "text") or target is None or actual is None:
        return None
    if (target.unit or "") != (actual.unit or ""):
        return None
    if op == "=" and target.op is None:
        op = "<=" if is_cost else ">="
    wanted, got = target.value, actual.value
    return {">=": got >= wanted, ">": got > wanted, "<=": got <= wanted, "<": got < wanted, "=": got == wanted}[op]
