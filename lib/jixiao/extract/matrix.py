"""Tables of budget and accounts books → `funds` and `three_public`: rows by 科目编码 or name, parts in columns.

A figure's scope tells what it is of: 整体 the whole's spending, 整体/收入 its income, 整体/一般公共预算拨款 what that source pays;
a part that a column names is added (整体/基本支出). `section` keeps the title above the table, because books repeat figures.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..document import Cell
from ..facts import WHOLE, Fund, ThreePublic
from ..layouts import Found, Use
from ..values import Kind, figure, kind, plain, printed
from ..vocabulary import label, spellings, term
from .reading import Reading

TOTAL = "年度资金总额"
INCOME = "收入"
_CODE = re.compile(r"\d{1,9}")
_TOTALS = {"合计", "总计", "小计", "收入合计", "支出合计", "收入总计", "支出总计", "本年收入合计", "本年支出合计"}
_FUND_SOURCES = ("一般公共预算", "政府性基金", "国有资本经营预算")


@dataclass(frozen=True)
class _Group:
    """Columns that belong together: codes and a name, and the amounts to their right (books print two such groups side by side)."""

    codes: tuple[Use, ...]
    name: Use | None
    amounts: tuple[Use, ...]
    public: bool  # its rows are the three public funds


def read_matrix(reading: Reading, found: Found) -> None:
    """All groups of a table, row by row. Figures without a label of their own stay for `Reading.close` to report."""
    if found.get("scope") and not _is_of_projects(reading.section):
        return  # a list of purchases, say: what its amounts are is not known
    unit = reading.block_unit(found)
    stage = reading.section_stage
    for group in _groups(found):
        side = _side(reading, found, group)
        filled: dict[int, str] = {}
        for row in range(found.body, found.end):
            if not reading.numbers_columns(row, found.body):
                short = reading.shortness(row, found) if group.codes else 0
                _read_row(reading, row, group, side, stage, unit, filled, short)
    for row in range(found.body, found.end):
        reading.refuse_changes(found, row)
    for use in found.uses:
        if use.column.field == "line":
            reading.taken.update(cell for row in range(found.body, found.end) if (cell := reading.cell(row, use)))


def _is_of_projects(title: str | None) -> bool:
    flat = plain(title or "")
    return "项目" in flat and "采购" not in flat


def _groups(found: Found) -> list[_Group]:
    groups: list[_Group] = []
    codes: list[Use] = []
    name: Use | None = None
    amounts: list[Use] = []

    def close() -> None:
        if amounts:
            groups.append(_Group(tuple(codes), name, tuple(amounts), "three_public" in found.block.rows))

    for use in sorted(found.uses, key=lambda use: use.start):
        field = use.column.field or use.column.name
        if field in ("code", "name", "scope") and amounts:
            close()
            codes, name, amounts = [], None, []
        if field == "code":
            codes.append(use)
        elif field in ("name", "scope"):
            name = use
        elif field not in ("line", "change"):
            amounts.append(use)
    close()
    return groups


def _side(reading: Reading, found: Found, group: _Group) -> str:
    """The scope of a group's totals, by the header above it (收入, 支出), else by the title above the table."""
    first = (group.codes or ((group.name,) if group.name else ()) or group.amounts)[0]
    above = [reading.table.grid[row][first.start] for row in range(found.top, found.body)]
    header = "".join(plain(cell.text) for cell in above if cell)
    title = plain(reading.section or "")
    is_income = INCOME in header if (INCOME in header) != ("支出" in header) else INCOME in title and "支出" not in title
    scope = f"{WHOLE}/{INCOME}" if is_income else WHOLE
    source = next((term("items", s) for s in _FUND_SOURCES if s in title), None)
    if source is None and "财政拨款" in title + header:
        source = "财政拨款"
    scope = f"{scope}/{source}" if source and "三公" not in title else scope
    parts = [part for part in ("基本支出", "项目支出") if part in title]
    return f"{scope}/{parts[0]}" if len(parts) == 1 else scope


def _read_row(
    reading: Reading, row: int, group: _Group, side: str, stage: str | None, unit: str | None, filled: dict[int, str], short: int
) -> None:
    cells = [(use, cell) for use in group.amounts if (cell := reading.cell(row, use, short)) is not None and cell.row == row]
    if not cells:
        return
    code = None if short else _code(reading, row, group, filled)
    name = next(c for c in reading.table.row(row) if c.text.strip()) if short else _name(reading, row, group)
    told = any(figure(cell.text) for _, cell in cells) or code
    if not told and (name is None or all(kind(cell.text) is Kind.BLANK for _, cell in cells)):
        return  # rows that a form keeps for what this institute does not have
    if name is None and not all(use.column.name == "public" or use.item for use, _ in cells):
        return
    if name is not None and (counted := reading.counts(name, cells)):
        reading.facts += counted
        return
    for use, cell in cells:
        if kind(cell.text) is Kind.TEXT:
            continue
        amount, read_in = reading.amount(cell, use, unit)
        public = _public_item(name) if group.public and name is not None and use.column.field == "total" else None
        common = {
            "year": use.year(reading.fiscal_year),
            "stage": use.in_stage or stage,
            "amount_wan": amount,
            "printed": printed(cell.text),
            "unit": read_in,
            "origin": "table",
            "place": reading.place(cell),
        }
        if public or use.column.name == "public":
            reading.facts.append(ThreePublic(item=public or use.item, **common))
            continue
        own = name is None  # a column that names its item, in a row without a name
        part = None if own or use.column.field == "total" else use.item
        of_project = group.name is not None and group.name.column.field == "scope" and not own
        if of_project and label(name.text).text not in _TOTALS:
            scope, part_of = printed(name.text), part or TOTAL
        else:
            scope, part_of = WHOLE if own else _scope(side, part), None
        reading.facts.append(
            Fund(
                scope=f"{scope}/{use.under}" if use.under else scope,
                item=use.item if own else part_of or _item(name, scope),
                item_printed=use.item_printed if own else printed(name.text),
                code=code,
                section=reading.section,
                **common,
            )
        )


def _scope(side: str, part: str | None) -> str:
    """The scope of a column: a part of the side's total, or the total of income or of spending that it names itself."""
    income = f"{WHOLE}/{INCOME}"
    if part in ("本年支出合计", "支出总计"):
        return side.replace(income, WHOLE, 1)
    if part in ("本年收入合计", "收入总计"):
        return side if side.startswith(income) else side.replace(WHOLE, income, 1)
    return f"{side}/{part}" if part else side


def _code(reading: Reading, row: int, group: _Group, filled: dict[int, str]) -> str | None:
    """科目编码, from one column or from 类, 款 and 项 (208 | 05 | 02 → 2080502), where a row may leave out what the row above says."""
    steps: list[str] = []
    own = False
    for use in group.codes:
        cell = reading.cell(row, use)
        text = plain(cell.text) if cell else ""
        if cell is not None and _CODE.fullmatch(text):
            reading.taken.add(cell)
            for start in [start for start in filled if start > use.start]:
                del filled[start]
            filled[use.start] = text
            steps.append(text)
            own = True
        elif not own:
            steps.append(filled.get(use.start, ""))
    code = ""
    for step in steps:  # some books print 208 | 20805 | 2080502
        code = step if code and step.startswith(code) else code + step
    return code if own else None


def _public_item(name: Cell) -> str | None:
    lab = label(name.text)
    return term("three_public", lab) or ("total" if term("three_public_parts", lab) == "sum" else None)


def _name(reading: Reading, row: int, group: _Group) -> Cell | None:
    uses = [use for use in ((group.name,) if group.name else ()) + group.codes if use is not None]
    for use in uses:  # 合计 stands in a cell merged over the codes
        cell = reading.cell(row, use)
        if cell is not None and cell.row == row and kind(cell.text) is Kind.TEXT:
            return cell
    # or in the first column, over blanks
    left = [c for c in reading.table.grid[row][: group.amounts[0].start] if c is not None and c.row == row and c.text.strip()]
    return left[0] if len(left) == 1 and label(left[0].text).text in _TOTALS else None


def _item(name: Cell | None, side: str) -> str | None:
    """The standard item of a row's name; a total is one of income or of spending."""
    if name is None:
        return None
    lab = label(name.text)
    if lab.text in _TOTALS:
        kind_of = "收入" if f"/{INCOME}" in side else "支出"
        return f"{kind_of}总计" if lab.text in ("总计", "收入总计", "支出总计") else f"本年{kind_of}合计"
    return term("items", lab) or term("incomes", lab) or lab.full


def section_stage(title: str | None) -> str | None:
    """The stage that a table's title says: 决算 executed, 预算 initial_budget; None where it says both or neither."""
    text = plain(title or "").replace("一般公共预算", "").replace("政府性基金预算", "").replace("国有资本经营预算", "")
    stages = {stage for word, stage in spellings("stages").items() if word in text}
    if stages == {"initial_budget", "executed"} and "预决算" not in text and "决算" in text and "预算" not in text.replace("决算", ""):
        return "executed"
    return stages.pop() if len(stages) == 1 else None
