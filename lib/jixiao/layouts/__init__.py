"""Declared blocks: which header labels make a fund block, an indicator block, a record; and finding them in a table.

A published file is a mixture, but its blocks recur. A layout declares one block in a TOML file of this folder: the labels
of its columns, which of them it requires, and how it is read (`reads`). A new wording is a label there, no code.
Declarations are checked when loaded; what is wrong in them raises `LayoutError` with file and key.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from ..document import Cell, Table, tidy
from ..facts import STAGES
from ..values import figure, plain
from ..vocabulary import Label, label, term

HEADER_ROWS = 3  # a header never has more
FORM_TITLE = re.compile(r"自评表$|自评报告$|评价表$|绩效目标表$")

# what a column of a block may mean, by the way the block is read
FIELDS = {
    "amounts": {"rate", "weight", "score", "item", "remark", "serial"},
    "halves": set(),
    "indicators": {
        "level1", "level2", "level3", "target", "target_sign", "target_unit", "actual",
        "weight", "score", "criterion", "explanation", "deviation_reason", "serial",
    },
    "goals": {"expected", "achieved"},
    "record": {"staff_authorised", "staff_actual", "count", "amount"},
}  # fmt: skip


class LayoutError(Exception):
    """A declaration is wrong: the message names the file, the block and the key."""


@dataclass(frozen=True)
class Column:
    """One declared column: what it means, and the labels that it goes by."""

    name: str
    labels: frozenset[str]
    field: str | None = None
    stage: str | None = None
    item: str | None = None
    what: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Block:
    """One declared block (`reads` names the way it is read; `requires` is a list of alternatives, one of each is needed)."""

    name: str
    reads: str
    requires: tuple[tuple[str, ...], ...]
    columns: dict[str, Column]
    stops: frozenset[str] = frozenset()
    source: str = ""


@dataclass(frozen=True)
class Use:
    """A declared column where a table has it: grid columns `start` to `stop` (half open), and what its header says."""

    column: Column
    start: int
    stop: int
    label: Label
    item: str | None = None  # where the header names one under the stage: 预算数 over 财政拨款
    item_printed: str | None = None


@dataclass(frozen=True)
class Found:
    """A block in a table: header rows `top` to `body`, rows to read `body` to `end` (half open, from 0)."""

    block: Block
    top: int
    body: int
    uses: tuple[Use, ...]
    end: int = field(default=-1)

    def get(self, name: str) -> Use | None:
        return next((use for use in self.uses if use.column.name == name), None)


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
        _refuse_unknown(where, body, {"reads", "source", "requires", "stops", "columns"})
        if body.get("reads") not in FIELDS:
            raise LayoutError(f"{where}: reads = {body.get('reads')!r}; it is one of {', '.join(FIELDS)}")
        columns = {}
        claimed: dict[str, str] = {}
        for key, column in body.get("columns", {}).items():
            at = f"{where} columns.{key}"
            _refuse_unknown(at, column, {"labels", "field", "stage", "item", "what", "unit"})
            if column.get("stage") not in (None, *STAGES):
                raise LayoutError(f"{at}: stage = {column['stage']!r}; it is one of {', '.join(STAGES)}")
            if column.get("field") is not None and column["field"] not in FIELDS[body["reads"]]:
                raise LayoutError(f"{at}: field = {column['field']!r} is not one of {', '.join(sorted(FIELDS[body['reads']]))}")
            if column.get("field") is None and column.get("stage") is None:
                raise LayoutError(f"{at}: it needs a field or a stage")
            if not column.get("labels"):
                raise LayoutError(f"{at}: it needs labels")
            labels = frozenset(plain(text) for text in column["labels"])
            for text in labels:
                if claimed.setdefault(text, key) != key:
                    raise LayoutError(f"{at}: label {text!r} is claimed by columns.{claimed[text]} too")
            columns[key] = Column(key, **{**column, "labels": labels})
        for names in body.get("requires", []):
            for required in names:
                if required not in columns:
                    raise LayoutError(f"{where}: requires names {required!r}, which is no column of the block")
        if not body.get("requires"):
            raise LayoutError(f"{where}: requires is missing")
        result[name] = Block(
            name,
            body["reads"],
            tuple(map(tuple, body["requires"])),
            columns,
            frozenset(plain(text) for text in body.get("stops", [])),
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
            if len(one.requires) == len(other.requires) and all(
                _labels(one, names) & _labels(other, more) for names, more in zip(one.requires, other.requires, strict=True)
            ):
                raise LayoutError(f"layouts: blocks {one.name!r} and {other.name!r} claim the same header")


def _labels(block: Block, names: tuple[str, ...]) -> frozenset[str]:
    return frozenset().union(*(block.columns[name].labels for name in names))


def find_blocks(table: Table) -> list[Found]:
    """The blocks of a table, from top to bottom. A block ends where the next begins, or at a row that it says stops it."""
    found: list[Found] = []
    row = 0
    rows = table.shape[0]
    while row < rows:
        best = _header_at(table, row)
        if best is None:
            row += 1
            continue
        found.append(best)
        row = best.body
    ended = []
    for i, this in enumerate(found):
        end = found[i + 1].top if i + 1 < len(found) else rows
        for r in range(this.body, end):
            if _stops(table, r, this.block):
                end = r
                break
        ended.append(Found(this.block, this.top, this.body, this.uses, end))
    return ended


def _stops(table: Table, row: int, block: Block) -> bool:
    """Whether another part of the form begins: a label that the block names, the head of a form (项目名称), its title."""
    cells = [cell for cell in table.row(row) if cell.row == row]
    if any(label(cell.text).text in block.stops or term("roles", cell.text) for cell in cells):
        return True
    return len(cells) == 1 and FORM_TITLE.search(plain(cells[0].text)) is not None


def _header_at(table: Table, top: int) -> Found | None:
    best: Found | None = None
    if not any(cell.row == top for cell in table.row(top)):
        return None
    for depth in range(1, min(HEADER_ROWS, table.shape[0] - top) + 1):
        if any(figure(cell.text) for cell in table.row(top + depth - 1)):
            break  # a header holds no figures
        for block in blocks():
            uses = _uses(table, block, top, depth)
            if not any((cell := table.grid[top][use.start]) and cell.text.strip() for use in uses):
                continue  # the first row says nothing: the header begins below it
            names = {use.column.name for use in uses}
            complete = all(names & set(alternatives) for alternatives in block.requires)
            if complete and (best is None or len(uses) > len(best.uses)):
                best = Found(block, top, top + depth, tuple(uses))
    return best


def _uses(table: Table, block: Block, top: int, depth: int) -> list[Use]:
    uses: list[Use] = []
    for col in range(table.shape[1]):
        stack = list(dict.fromkeys(c for c in (table.grid[r][col] for r in range(top, top + depth)) if c is not None))
        if not stack or (uses and uses[-1].start <= col < uses[-1].stop):
            continue
        use = _use(block, stack, col)
        if use is not None:
            uses.append(use)
    return uses


def _use(block: Block, stack: list[Cell], col: int) -> Use | None:
    """What a column's header cells, from the top down, say together; or each alone: 预算数 over 财政拨款."""
    texts = [cell.text for cell in stack if cell.text.strip()]
    if not texts:
        return None
    lowest = stack[-1]
    stop = lowest.col + lowest.colspan
    whole = label("".join(texts))
    if column := _column(block, whole):
        return Use(column, col, stop, whole)
    if len(texts) < 2:
        return None
    last = label(texts[-1])
    for upper in map(label, reversed(texts[:-1])):
        column = _column(block, upper)
        item = term("items", last) or term("three_public", last) or ("年度资金总额" if last.text in {"总额", "小计"} else None)
        if column and column.stage and item:
            merged = Label(upper.text, upper.full, last.unit or upper.unit, upper.year, None, False)
            return Use(column, col, stop, merged, item, tidy(texts[-1]))
    return None


def _column(block: Block, lab: Label) -> Column | None:
    return next((column for column in block.columns.values() if lab.full in column.labels or lab.text in column.labels), None)
