"""Rule sets out of TOML files, checked when loaded: a wrong one raises RuleError naming the file and the key."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from ..facts import TABLES
from ..rows import KEYS, schema
from .declared import PER, SIDES, STARTED, Band, Bands, Deduct, Figure, Proportion, Rule, RuleError, RuleSet, Source
from .formula import FormulaError, parse

FIGURES = "figures.toml"
UNITS = ("wan", "people", "rate")
TAKES = ("first", "lowest", "only")
SCALES = ("bands", "deduct", "proportion")
EDGES = ("from", "above", "to", "below")


def available(beside: str | Path | None = None) -> dict[str, Path]:
    """The rule sets there are by name: those of the package, then those of the folder `rules` next to the folder `beside`."""
    packaged = [path for path in resources.files(__package__).iterdir() if path.name.endswith(".toml") and path.name != FIGURES]
    own = [] if beside is None else (Path(beside).parent / "rules").glob("*.toml")
    found: dict[str, Path] = {}
    for path in [*sorted(map(Path, map(str, packaged))), *sorted(own)]:
        if path.stem in found:
            raise RuleError(f"{path}: there is a rule set {path.stem!r} already; give the file another name")
        found[path.stem] = path
    return found


def load(name: str | Path, beside: str | Path | None = None) -> RuleSet:
    """The rule set `name`: one of `available(beside)`, or the path of a TOML file.

    Raises RuleError for a file that is wrong or not there, and for a name that there is not, listing those there are.
    """
    path = Path(name)
    if path.suffix != ".toml":
        there = available(beside)
        if str(name) not in there:
            raise RuleError(f"rule set {str(name)!r} is not known; there is: {', '.join(there)}, or name a TOML file of your own")
        path = there[str(name)]
    return check(path.name, _read(path), path.stem)


@cache
def _figures() -> dict[str, Figure]:
    return _read_figures(FIGURES, _toml(FIGURES, resources.files(__package__).joinpath(FIGURES).read_text(encoding="utf-8")), {})


def _read(path: Path) -> dict[str, Any]:
    try:
        return _toml(path.name, path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise RuleError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _toml(file: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{file}: {error}") from error


def check(file: str, declared: dict[str, Any], name: str | None = None) -> RuleSet:
    """The rule set that `declared` (a parsed TOML file) is. Raises RuleError naming `file` and the key at fault."""
    _keys(file, declared, ("zh", "en", "source", "points", "rules"), ("per", "figures"))
    figures = _figures() | _read_figures(f"{file} figures", declared.get("figures", {}), _figures())
    rules = tuple(_rule(f"{file} rules.{key}", key, body, figures) for key, body in declared["rules"].items())
    possible, together = _number(file, declared, "points"), sum((rule.possible for rule in rules), Fraction(0))
    if not rules or possible != together:
        raise RuleError(f"{file} points: {float(possible):g}, but the rules' points come to {float(together):g}")
    return RuleSet(
        name or file.removesuffix(".toml"),
        *(_text(file, declared, key) for key in ("zh", "en", "source")),
        _choice(file, declared, "per", PER),
        possible,
        rules,
        figures,
    )


def _rule(where: str, key: str, body: Any, figures: dict[str, Figure]) -> Rule:
    texts = ("zh", "en", "wording", "reading_zh", "reading_en")
    _keys(where, body, (*texts, "points"), ("formula", *SCALES))
    zh, en, wording, reading_zh, reading_en = (_text(where, body, name) for name in texts)
    possible = _number(where, body, "points", above=0)
    scales = [name for name in SCALES if name in body]
    if "formula" not in body:
        if scales:
            raise RuleError(f"{where} {scales[0]}: there is no formula whose value it could turn into points")
        return Rule(key, zh, en, possible, wording, reading_zh, reading_en)
    if len(scales) != 1:
        raise RuleError(f"{where}: a formula needs one of {', '.join(SCALES)}, not {' and '.join(scales) or 'none'}")
    try:
        formula = parse(body["formula"], figures)
    except FormulaError as error:
        raise RuleError(f"{where} formula: {error}") from error
    read = {"bands": _bands, "deduct": _deduct, "proportion": _proportion}[scales[0]]
    scale = read(f"{where} {scales[0]}", body[scales[0]], possible)
    return Rule(key, zh, en, possible, wording, reading_zh, reading_en, formula, scale)


def _bands(where: str, listed: Any, possible: Fraction) -> Bands:
    if not isinstance(listed, list) or not listed:
        raise RuleError(f"{where}: it is a list of bands, {{ from = 0.5, below = 0.8, points = 2 }}")
    bands = []
    for number, body in enumerate(listed, start=1):
        at = f"{where}[{number}]"
        _keys(at, body, ("points",), EDGES)
        if {"from", "above"} <= set(body) or {"to", "below"} <= set(body):
            raise RuleError(f"{at}: a boundary is from (with it) or above (without it), to (with it) or below (without it)")
        low, high = (_number(at, body, one if one in body else other, None) for one, other in (("from", "above"), ("to", "below")))
        points = _number(at, body, "points")
        if not 0 <= points <= possible:
            raise RuleError(f"{at} points: {float(points):g} are not between 0 and the rule's {float(possible):g}")
        band = Band(low, high, "from" in body, "to" in body, points)
        if low is not None and high is not None and (low > high or (low == high and not (band.with_low and band.with_high))):
            raise RuleError(f"{at}: no value lies in it")
        bands.append(band)
    _refuse_gaps(where, bands)
    return Bands(tuple(bands))


def _refuse_gaps(where: str, bands: list[Band]) -> None:
    """Each value has one band: raises RuleError where bands leave one out or share one."""
    ordered = sorted(bands, key=lambda band: (band.low is not None, band.low or 0, not band.with_low, band.high or 0))
    if ordered[0].low is not None:
        raise RuleError(f"{where}: there is no band below {float(ordered[0].low):g}")
    for before, after in itertools.pairwise(ordered):
        if before.high is None or after.low is None or before.high > after.low:
            raise RuleError(f"{where}: two bands overlap{'' if after.low is None else f' at {float(after.low):g}'}")
        if before.high == after.low and before.with_high and after.with_low:
            raise RuleError(f"{where}: {float(after.low):g} lies in two bands")
        if before.high < after.low:
            raise RuleError(f"{where}: there is no band between {float(before.high):g} and {float(after.low):g}")
        if not before.with_high and not after.with_low:
            raise RuleError(f"{where}: {float(after.low):g} lies in no band")
    if ordered[-1].high is not None:
        raise RuleError(f"{where}: there is no band above {float(ordered[-1].high):g}")


def _deduct(where: str, body: Any, possible: Fraction) -> Deduct:
    _keys(where, body, ("beyond", "side", "each", "points", "started"), ("least",))
    least = _number(where, body, "least", Fraction(0))
    if least >= possible:
        raise RuleError(f"{where} least: {float(least):g} is not less than the rule's {float(possible):g} points")
    side, started = _choice(where, body, "side", SIDES), _choice(where, body, "started", STARTED)
    each, cost = _number(where, body, "each", above=0), _number(where, body, "points", above=0)
    return Deduct(_number(where, body, "beyond"), side, each, cost, started, least)


def _proportion(where: str, body: Any, possible: Fraction) -> Proportion:
    _keys(where, body, ("full",), ())
    return Proportion(_number(where, body, "full", above=0))


def _read_figures(where: str, declared: Any, known: dict[str, Figure]) -> dict[str, Figure]:
    found = {}
    for key, body in declared.items():
        at = f"{where} {key}"
        if key in known:
            raise RuleError(f"{at}: there is a figure of that name already; give it another one")
        _keys(at, body, ("zh", "en", "unit", "sources"), ("take",))
        if not key.isidentifier() or not isinstance(body["sources"], list) or not body["sources"]:
            raise RuleError(f"{at}: its name is letters, digits and _, and sources is a list of where it may stand")
        sources = tuple(_source(f"{at} sources[{number}]", each) for number, each in enumerate(body["sources"], start=1))
        unit, take = _choice(at, body, "unit", UNITS), _choice(at, body, "take", TAKES)
        found[key] = Figure(key, _text(at, body, "zh"), _text(at, body, "en"), unit, sources, take)
    return found


def _source(where: str, body: Any) -> Source:
    _keys(where, body, ("table",), ("column", "where", "year", "factor"))
    table = _choice(where, body, "table", [name for name in TABLES if name not in ("findings", "checks", "issues")])
    columns = schema(table)
    column = body.get("column", "amount_wan")
    if columns.get(column) not in ("float64", "Int64") or column in KEYS:
        raise RuleError(f"{where} column: {column!r} is no column of figures of the table {table}")
    chosen = body.get("where", {})
    if not isinstance(chosen, dict):
        raise RuleError(f"{where} where: it is a table of columns and their values")
    for name, value in chosen.items():
        if columns.get(name) != "str" or name in KEYS or not isinstance(value, str):
            raise RuleError(f"{where} where.{name}: it is a column of texts of the table {table} and the text that stands there")
    year = body.get("year", 0)
    if type(year) is not int or (year and "year" not in columns):
        raise RuleError(f"{where} year: it is a number of years before (-1) or after the report's, in a table that has years")
    return Source(table, column, tuple(chosen.items()), year, float(_number(where, body, "factor", Fraction(1))))


def _keys(where: str, body: Any, needed: Iterable[str], more: Iterable[str]) -> None:
    if not isinstance(body, dict):
        raise RuleError(f"{where}: it is a table of {', '.join([*needed, *more])}")
    if unknown := sorted(set(body) - {*needed, *more}):
        raise RuleError(f"{where} {unknown[0]}: the key is not known; known are {', '.join([*needed, *more])}")
    if absent := [key for key in needed if key not in body]:
        raise RuleError(f"{where} {absent[0]}: the key is missing")


def _text(where: str, body: dict[str, Any], key: str) -> str:
    if not isinstance(body[key], str) or not body[key].strip():
        raise RuleError(f"{where} {key}: it is a text")
    return body[key]


def _choice(where: str, body: dict[str, Any], key: str, among: Iterable[str]) -> str:
    """The value of `key`, the first of `among` where it does not stand there."""
    among = list(among)
    value = body.get(key, among[0])
    if value not in among:
        raise RuleError(f"{where} {key}: {value!r} is not one of {', '.join(among)}")
    return value


def _number(where: str, body: dict[str, Any], key: str, missing: Any = ..., above: int | None = None) -> Any:
    """The exact number that `key` has; `missing` where it does not stand there."""
    if key not in body and missing is not ...:
        return missing
    value = body[key]
    if type(value) not in (int, Decimal) or (isinstance(value, Decimal) and not value.is_finite()):
        raise RuleError(f"{where} {key}: {value!r} is no number")
    if above is not None and value <= above:
        raise RuleError(f"{where} {key}: {value} is not more than {above}")
    return Fraction(value)
