"""Finding the declared blocks in a table, by the labels of their headers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial

from ..document import Cell, Table, tidy
from ..facts import THREE_PUBLIC_ITEMS
from ..values import Kind, figure, kind, plain
from ..vocabulary import Label, label, spellings, term
from .declared import Block, blocks
from .meanings import Use, meanings_of
from .wording import stage_of, year_of

HEADER_ROWS = 5  # a header never has more
ROWS_SEEN = 12  # the first rows tell what a table is of
BEYOND_PUBLIC = {"会议费", "培训费"}  # where these stand beside the three public funds, 合计 is of all together
FORM_TITLE = re.compile(r"自评表$|自评报告$|评价表$|绩效目标表$")


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


def find_blocks(table: Table) -> list[Found]:
    """The blocks of a table, from top to bottom. A block ends where the next begins, or at a row that it says stops it."""
    found: list[Found] = []
    row = 0
    rows = table.shape[0]
    header_at = cache(partial(_header_at, table))
    while row < rows:
        best = header_at(row)
        if best is None or _begins_below(table, best, header_at):
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


def _begins_below(table: Table, found: Found, header_at: Callable[[int], Found | None]) -> bool:
    """Whether the first row only stands above the header (a title, a caption, 部门名称 and its value): the rows below it say as much."""
    for row in range(found.top + 1, found.body):
        other = header_at(row)
        if other is None or other.body < found.body:
            continue
        if len(other.uses) > len(found.uses):
            return True
        above = all(_is_above(table, each) for each in range(found.top, row))
        if above and other.body == found.body and list(map(_says, other.uses)) == list(map(_says, found.uses)):
            return True
    return False


def _is_above(table: Table, row: int) -> bool:
    """Whether a row belongs to what stands above a block: a title or caption alone, or who is who (项目名称, 实施单位)."""
    filled = [cell for cell in table.row(row) if cell.text.strip()]
    return len(filled) == 1 or any(cell.row == row and term("roles", label(cell.text)) for cell in filled)


def _says(use: Use) -> tuple:
    return use.column.name, use.start, use.stop, use.item, use.under


def _stops(table: Table, row: int, block: Block) -> bool:
    """Whether another part of the form begins: a label that the block names, the head of a form (项目名称), its title."""
    cells = [cell for cell in table.row(row) if cell.row == row]
    if any(label(cell.text).text in block.stops or term("roles", cell.text) for cell in cells):
        return True
    filled = [cell for cell in cells if cell.text.strip()]
    return len(filled) == 1 and FORM_TITLE.search(plain(filled[0].text)) is not None


def _header_at(table: Table, top: int) -> Found | None:
    best: Found | None = None
    if not any(cell.row == top for cell in table.row(top)):
        return None
    for depth in range(1, min(HEADER_ROWS, table.shape[0] - top) + 1):
        if any(figure(cell.text) for cell in table.row(top + depth - 1)):
            break  # a header holds no figures
        columns = [(col, stack, meanings_of(tuple(cell.text for cell in stack))) for col, stack in _stacks(table, top, depth)]
        for block in blocks():
            if not _may_be(block, columns):
                continue
            uses = _uses(table, block, top, depth, columns)
            if not any((cell := table.grid[top][use.start]) and cell.text.strip() for use in uses):
                continue  # the first row says nothing: the header begins below it
            names = {use.column.name for use in uses}
            complete = all(names & set(alternatives) for alternatives in block.requires)
            complete = complete and all(sum(use.column.name == name for use in uses) > 1 for name in block.repeats)
            complete = complete and _has_rows(table, block, uses, top + depth)
            # what its rows are says more of a table than how many of its columns are known
            if complete and (best is None or (bool(block.rows), _told(uses)) > (bool(best.block.rows), _told(best.uses))):
                best = Found(block, top, top + depth, tuple(uses))
    return best


def _may_be(block: Block, columns: Sequence[tuple[int, list[Cell], dict[Block, Use]]]) -> bool:
    """Whether these columns can be all that the block requires: most are nothing to most blocks."""
    found = {meanings[block].column.name for _, _, meanings in columns if block in meanings}
    if not found:
        return False
    found.update(column.name for column in block.columns.values() if "three_public" in column.terms)
    return not any(found.isdisjoint(alternatives) for alternatives in block.requires)


def _has_rows(table: Table, block: Block, uses: Sequence[Use], body: int) -> bool:
    """Whether rows can be named at all, and are by the terms that the block expects there (`rows`)."""
    if block.reads == "amounts":
        values = [use for use in uses if use.column.stage]
        return min(use.start for use in values) > 0 or any(use.item for use in values)
    if not block.rows:
        return True
    first = next(use for use in uses if use.column.name == "name")
    cells = dict.fromkeys(
        cell for row in table.grid[body : body + ROWS_SEEN] if (cell := row[first.start]) is not None and cell.text.strip()
    )
    names = [lab for cell in cells if (lab := label(cell.text)) and term("three_public_parts", lab) != "sum"]
    known = sum(1 for name in names if any(term(section, name) for section in block.rows))
    return known > 1 and 2 * known >= len(names)


def _told(uses: Sequence[Use]) -> tuple[int, int, int, int]:
    """How much of a header a block explains: its columns, how many of them mean something of their own, how many three public funds,
    and the length of its labels (一级 over 指标 says more than 一级)."""
    meanings = {(use.column.name, use.item, use.in_stage, use.label.year) for use in uses}
    return len(uses), len(meanings), sum(use.item in THREE_PUBLIC_ITEMS for use in uses), sum(len(use.label.full) for use in uses)


def _stacks(table: Table, top: int, depth: int) -> list[tuple[int, list[Cell]]]:
    """Columns that have header cells, and these from the top down."""
    stacks = []
    for col in range(table.shape[1]):
        cells = (_header_cell(table, r, col, top + depth) for r in range(top, top + depth))
        if stack := list(dict.fromkeys(cell for cell in cells if cell is not None)):
            stacks.append((col, stack))
    return stacks


def _uses(table: Table, block: Block, top: int, depth: int, columns: Sequence[tuple[int, list[Cell], dict[Block, Use]]]) -> list[Use]:
    uses: list[Use] = []
    for col, stack, meanings in columns:
        if (use := meanings.get(block)) is None or (uses and uses[-1].start <= col < uses[-1].stop):
            continue
        lowest = next(cell for cell in reversed(stack) if cell.text.strip()) if block.reads == "matrix" else stack[-1]
        uses.append(replace(use, start=col, stop=lowest.col + lowest.colspan))
    return uses + _sums(table, block, top, depth, uses)


def _sums(table: Table, block: Block, top: int, depth: int, uses: list[Use]) -> list[Use]:
    """Columns called only 合计 or 小计 in a block of three public funds that has no other total: they are it, once a stage."""
    column = next((c for c in block.columns.values() if "three_public" in c.terms), None)
    items = {use.item for use in uses} & set(THREE_PUBLIC_ITEMS)
    if column is None or not items or "total" in items or any(use.label.text in BEYOND_PUBLIC for use in uses):
        return []
    found = []
    for col in range(table.shape[1]):
        filled = [c for r in range(top, top + depth) if (c := table.grid[r][col]) is not None and c.text.strip()]
        if not filled or filled[-1].col != col or any(use.start <= col < use.stop for use in uses):
            continue
        stages = spellings("stages")
        cell = next((c for c in reversed(filled) if label(c.text).text not in stages), filled[-1])  # 合计 over 预算数 and 决算数
        if term("three_public_parts", label(cell.text)) == "sum":
            upper = [c for r in range(top, top + depth) if (c := _header_cell(table, r, col, top + depth)) is not None]
            labels = [label(c.text) for c in upper]
            stage = next((stage for lab in reversed(labels) if (stage := stage_of(lab))), None)
            year, back = year_of(labels)
            own = label(cell.text)
            merged = Label(own.text, own.full, own.unit, year)
            found.append(Use(column, col, col + filled[-1].colspan, merged, "total", tidy(cell.text), stage, back))
    return found


def _header_cell(table: Table, row: int, col: int, end: int) -> Cell | None:
    """The header cell at a spot; for a blank one above a label, the label on its left that has one below too.

    Text dumps write a merged cell so (预算数 and a blank over 总额 and 其他资金), and sheets whose makers centred a text over cells
    without merging them.
    """
    cell = table.grid[row][col]
    below = range(row + 1, end)
    if (cell is not None and cell.text.strip()) or not any(_stands(table, r, col) for r in below):
        return cell
    left = next((c for c in reversed(table.grid[row][:col]) if c is not None and c.text.strip()), None)
    return left if left is not None and left.row == row and left.rowspan == 1 and any(_stands(table, r, left.col) for r in below) else cell


def _stands(table: Table, row: int, col: int) -> bool:
    cell = table.grid[row][col]
    return cell is not None and cell.row == row and kind(cell.text) is Kind.TEXT
