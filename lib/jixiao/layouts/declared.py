"""The declarations: blocks and their columns, read from the TOML files of this folder and checked when loaded."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from ..facts import STAGES
from ..values import plain

# what a column of a block may mean, by the way the block is read
FIELDS = {
    "amounts": {"rate", "weight", "score", "item", "scope", "rating", "change", "remark", "serial"},
    "halves": set(),
    "indicators": {
        "level1", "level2", "level3", "target", "target_sign", "target_unit", "actual",
        "weight", "score", "criterion", "explanation", "deviation_reason", "serial",
    },
    "goals": {"expected", "achieved"},
    "matrix": {"code", "name", "scope", "total", "part", "public", "line", "change"},
    "record": {"staff_authorised", "staff_actual", "count", "amount"},
}  # fmt: skip


class LayoutError(Exception):
    """A declaration is wrong: the message names the file, the block and the key."""


@dataclass(frozen=True)
class Column:
    """One declared column: what it means, and the labels that it goes by."""

    name: str
    labels: frozenset[str]
    terms: tuple[str, ...] = ()  # sections of the vocabulary whose terms are its labels too
    field: str | None = None
    stage: str | None = None
    item: str | None = None
    what: str | None = None
    unit: str | None = None


@dataclass(frozen=True, eq=False)
class Block:
    """One declared block: `reads` names the way it is read, `requires` lists alternatives of which one each is needed, columns in
    `repeats` stand there more than once, and several of its rows are named by terms of the sections `rows` of the vocabulary."""

    name: str
    reads: str
    requires: tuple[tuple[str, ...], ...]
    columns: dict[str, Column]
    stops: frozenset[str] = frozenset()
    repeats: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    source: str = ""


@cache
def blocks() -> tuple[Block, ...]:
    """All declared blocks. Raises LayoutError."""
    found: dict[str, Block] = {}
    for path in sorted(resources.files(__package__).iterdir(), key=lambda p: p.name):
        if not path.name.endswith(".toml"):
            continue
        try:
            declared = tomllib.loads(path.read_text(encoding="utf-8"))
        except tomllib.TOMLDecodeError as error:
            raise LayoutError(f"layouts/{path.name}: {error}") from error
        for name, block in check(path.name, declared).items():
            if name in found:
                raise LayoutError(f"layouts/{path.name}: block {name!r} is declared in another file too")
            found[name] = block
    refuse_rivals(found.values())
    return tuple(found.values())


def check(file: str, declared: dict) -> dict[str, Block]:
    """The blocks of one declaration file. Raises LayoutError naming `file` and the key at fault."""
    result = {}
    for name, body in declared.items():
        where = f"layouts/{file} [{name}]"
        _refuse_unknown(where, body, {"reads", "source", "requires", "repeats", "rows", "stops", "columns"})
        if body.get("reads") not in FIELDS:
            raise LayoutError(f"{where}: reads = {body.get('reads')!r}; it is one of {', '.join(FIELDS)}")
        columns = {}
        claimed: dict[str, str] = {}
        for key, column in body.get("columns", {}).items():
            at = f"{where} columns.{key}"
            _refuse_unknown(at, column, {"labels", "terms", "field", "stage", "item", "what", "unit"})
            if column.get("stage") not in (None, *STAGES):
                raise LayoutError(f"{at}: stage = {column['stage']!r}; it is one of {', '.join(STAGES)}")
            if column.get("field") is not None and column["field"] not in FIELDS[body["reads"]]:
                raise LayoutError(f"{at}: field = {column['field']!r} is not one of {', '.join(sorted(FIELDS[body['reads']]))}")
            if column.get("field") is None and column.get("stage") is None:
                raise LayoutError(f"{at}: it needs a field or a stage")
            if not column.get("labels") and not column.get("terms"):
                raise LayoutError(f"{at}: it needs labels")
            labels = frozenset(plain(text) for text in column.get("labels", []))
            for text in labels:
                if claimed.setdefault(text, key) != key:
                    raise LayoutError(f"{at}: label {text!r} is claimed by columns.{claimed[text]} too")
            columns[key] = Column(key, **{**column, "labels": labels, "terms": tuple(column.get("terms", ()))})
        for names in [*body.get("requires", []), body.get("repeats", [])]:
            for required in names:
                if required not in columns:
                    raise LayoutError(f"{where}: requires or repeats names {required!r}, which is no column of the block")
        if not body.get("requires"):
            raise LayoutError(f"{where}: requires is missing")
        result[name] = Block(
            name,
            body["reads"],
            tuple(map(tuple, body["requires"])),
            columns,
            frozenset(plain(text) for text in body.get("stops", [])),
            tuple(body.get("repeats", ())),
            tuple(body.get("rows", ())),
            body.get("source", ""),
        )
    return result


def _refuse_unknown(where: str, body: dict, known: set[str]) -> None:
    if unknown := sorted(set(body) - known):
        raise LayoutError(f"{where}: unknown key {', '.join(unknown)}; known are {', '.join(sorted(known))}")


def refuse_rivals(all_blocks) -> None:
    """Two blocks whose required columns share labels all along would claim the same header: raises LayoutError."""
    all_blocks = list(all_blocks)
    for i, one in enumerate(all_blocks):
        for other in all_blocks[i + 1 :]:
            told_apart = one.rows != other.rows
            if (
                not told_apart
                and len(one.requires) == len(other.requires)
                and all(_labels(one, names) & _labels(other, more) for names, more in zip(one.requires, other.requires, strict=True))
            ):
                raise LayoutError(f"layouts: blocks {one.name!r} and {other.name!r} claim the same header")


def _labels(block: Block, names: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(block.columns[name].labels for name in names))
