"""Finding the declared blocks in a table, by the labels of their headers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from ..document import Cell, Table, tidy
from ..facts import THREE_PUBLIC_ITEMS
from ..values import Kind, figure, kind, plain
from ..vocabulary import Label, label, spellings, term
from .declared import Block, Column, blocks
from .wording import public_item, relative, stage_of, year_of

HEADER_ROWS = 5  # a header never has more
ROWS_SEEN = 12  # the first rows tell what a table is of
BEYOND_PUBLIC = {"会议费", "培训费"}  # where these stand beside the three public funds, 合计 is of all together
CARRIED = {"上年结转资金", "结余结转", "年初结转和结余", "年末结转和结余"}
FORM_TITLE = re.compile(r"自评表$|自评报告$|评价表$|绩效目标表$")


@dataclass(frozen=True)
class Use:
    """A declared column where a table has it: grid columns `start` to `stop` (half open), and what its header says."""

    column: Column
    start: int
    stop: int
    label: Label
    item: str | None = None  # where the header names one under the stage: 预算数 over 财政拨款
    item_printed: str | None = None
    stage: str | None = None  # where the header names one, else the declared column's
    years_back: int = 0  # 上年决算数 is of the year before the report's
    under: str | None = None  # money carried over that the header above is of: 一般公共预算 under 上年结转

    @property
    def in_stage(self) -> str | None:
        return self.stage or self.column.stage

    def year(self, fiscal_year: int | None) -> int | None:
        """The year of the column's figures, where the report is about `fiscal_year`."""
        return self.label.year or (fiscal_year and fiscal_year - self.years_back)


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
    while row < rows:
        best = _header_at(table, row)
        if best is None or _begins_below(table, best):
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


def _begins_below(table: Table, found: Found) -> bool:
    """Whether the first row only stands above the header (a title, a caption, 部门名称 and its value): the rows below it say as much."""
    for row in range(found.top + 1, found.body):
        other = _header_at(table, row)
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
        columns = [(col, stack, _meanings(tuple(cell.text for cell in stack))) for col, stack in _stacks(table, top, depth)]
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


@lru_cache(1 << 14)  # the same header comes in many tables, and is asked for again from each row of it
def _meanings(stack: tuple[str, ...]) -> dict[Block, Use]:
    """What the texts of a column's header cells, from the top down, mean to each block that knows them, wherever the column stands."""
    texts = [text for text in stack if text.strip()]
    uses = ((block, _matrix_use(block, texts) if block.reads == "matrix" else _use(block, texts)) for block in blocks() if texts)
    return {block: use for block, use in uses if use}


def _use(block: Block, texts: list[str]) -> Use | None:
    """What header texts say together; or each alone: 预算数 over 财政拨款."""
    whole = label("".join(texts))
    if column := _column(block, whole):
        return Use(column, 0, 0, whole, item=column.item, item_printed=column.item and tidy(texts[-1]))
    if (older := relative(whole)) and (column := _column(block, older[0])) and column.stage:
        return Use(column, 0, 0, older[0], years_back=older[1])
    if len(texts) < 2 or block.reads == "halves":
        return None
    last = label(texts[-1])
    for upper in map(label, reversed(texts[:-1])):
        column = _column(block, upper)
        item = term("items", last) or term("three_public", last) or ("年度资金总额" if last.text in {"总额", "小计"} else None)
        if column and column.stage and item:
            merged = Label(upper.text, upper.full, last.unit or upper.unit, upper.year, None, False)
            return Use(column, 0, 0, merged, item, tidy(texts[-1]))
    return None


def _matrix_use(block: Block, texts: list[str]) -> Use | None:
    """A column by its lowest label that is known; stage, year and unit may stand in any label above or below it."""
    labels = list(map(label, texts))
    year, back = year_of(labels)
    unit = next((lab.unit for lab in reversed(labels) if lab.unit), None)
    stage = next((found for lab in reversed(labels) if (found := stage_of(lab))), None)
    for at in reversed(range(len(labels))):
        lab, above = labels[at], labels[:at]
        item = public_item(lab, above) if any("three_public" in c.terms for c in block.columns.values()) else None
        column = _column(block, lab) if item is None else next(c for c in block.columns.values() if "three_public" in c.terms)
        if column is None and (older := relative(lab)) and (column := _column(block, older[0])):
            lab = older[0]
        if column is None or (column.field == "scope" and at < len(labels) - 1):
            continue  # 项目名称 in the head of a form stands above other labels
        if item is None and column.field == "part":
            item = next((t for section in column.terms or ("items",) if (t := term(section, lab))), None) or lab.text
        # 小计 under 基本支出 is basic expenditure, not the whole
        nature = next((t for upper in above if (t := term("items", upper)) in ("基本支出", "项目支出")), None)
        if column.field == "total" and nature and "part" in block.columns:
            column, item = block.columns["part"], nature
        merged = Label(lab.text, lab.full, unit, year)
        under = next((t for upper in above if (t := term("items", upper) or term("incomes", upper)) in CARRIED and t != item), None)
        return Use(column, 0, 0, merged, item, tidy(texts[at]), stage, back, under)
    return None


@lru_cache(1 << 14)
def _column(block: Block, lab: Label) -> Column | None:
    """The column that a label names: with its bracket (预算数(调整后)) before without."""
    columns = block.columns.values()
    whole = next((column for column in columns if lab.full in column.labels), None)
    return whole or next((c for c in columns if lab.text in c.labels or any(term(section, lab) for section in c.terms)), None)
