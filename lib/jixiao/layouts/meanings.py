"""What the texts of a column's header cells mean to the declared blocks, whatever table they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ..document import tidy
from ..vocabulary import Label, label, term
from .declared import Block, Column, blocks
from .wording import public_item, relative, stage_of, year_of

CARRIED = {"上年结转资金", "结余结转", "年初结转和结余", "年末结转和结余"}


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


@lru_cache(1 << 14)  # the same header comes in many tables, and is asked for again from each row of it
def meanings_of(stack: tuple[str, ...]) -> dict[Block, Use]:
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
    public = next((column for column in block.columns.values() if "three_public" in column.terms), None)
    for at in reversed(range(len(labels))):
        lab, above = labels[at], labels[:at]
        item = public_item(lab, above) if public else None
        column = _column(block, lab) if item is None else public
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
        year, back = year_of(labels)
        unit = next((each.unit for each in reversed(labels) if each.unit), None)
        stage = next((found for each in reversed(labels) if (found := stage_of(each))), None)
        merged = Label(lab.text, lab.full, unit, year)
        under = next((t for upper in above if (t := term("items", upper) or term("incomes", upper)) in CARRIED and t != item), None)
        return Use(column, 0, 0, merged, item, tidy(texts[at]), stage, back, under)
    return None


def _column(block: Block, lab: Label) -> Column | None:
    """The column of a block that a label names."""
    return _columns(lab).get(block)


@lru_cache(1 << 14)
def _columns(lab: Label) -> dict[Block, Column]:
    """The column that a label names in each block that knows it: with its bracket (预算数(调整后)) before without."""
    found = {}
    for block in blocks():
        columns = block.columns.values()
        whole = next((column for column in columns if lab.full in column.labels), None)
        named = whole or next((c for c in columns if lab.text in c.labels or any(term(section, lab) for section in c.terms)), None)
        if named:
            found[block] = named
    return found
