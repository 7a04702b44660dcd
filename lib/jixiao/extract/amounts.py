"""Blocks of amounts → `funds`, `three_public` and `execution`: fund blocks, base-data tables, tables by task, two-up blocks."""

from __future__ import annotations

import itertools
from dataclasses import replace

from ..document import Cell
from ..facts import THREE_PUBLIC_ITEMS, WHOLE, Execution, Fund, Score, ThreePublic
from ..layouts import Found, Use
from ..values import Kind, figure, kind, number, printed
from ..vocabulary import Label, label, term, wholes
from .reading import Reading

TOTAL = "年度资金总额"


def execution_rate(executed: float | None, revised: float | None, initial: float | None) -> float | None:
    """执行率: executed / revised budget, or / initial budget where there is no revised one; None without a budget."""
    budget = revised if revised is not None else initial
    return None if executed is None or not budget else executed / budget


def execution_score(weight: float | None, rate: float | None) -> float | None:
    """weight × min(rate, 1)."""
    return None if weight is None or rate is None else weight * min(rate, 1.0)


def read_amounts(reading: Reading, found: Found) -> None:
    """A block whose rows are items or tasks and whose columns are stages of the budget."""
    values = [use for use in found.uses if use.column.stage]
    unit = reading.block_unit(found)
    by_task = found.get("scope") is not None
    parents: set[str] = set()
    for row in range(found.body, found.end):
        if reading.numbers_columns(row, found.body):
            continue
        short = reading.shortness(row, found)
        name = _row_label(reading, found, row, min(use.start for use in values), short)
        cells = [(use, cell) for use in values if (cell := reading.cell(row, use, short)) is not None]
        if not cells or (name is None and not any(use.item for use in values)):
            continue
        lab = label(name.text) if name else Label("", "")
        known = term("items", lab) or term("three_public", lab) or term("incomes", lab)
        if known is None and not any(kind(cell.text) in (Kind.FIGURE, Kind.MARK) for _, cell in cells):
            if lab.text and not by_task and all(kind(cell.text) is Kind.BLANK for _, cell in cells):
                reading.issue("unknown_label", name, "This row's label is not known and its cells are blank.")
            continue
        if known is None and lab.text and not by_task:
            reading.issue("unknown_label", name, "This row's label is not known; its amounts stand under the label as printed.")
        is_task = by_task and name is not None and known != TOTAL
        if name is not None and (counted := reading.counts(name, cells)):
            reading.facts += counted
            continue
        scope = printed(name.text) if is_task else _scope(reading.scope, known, lab, parents)
        _read_row(reading, found, row, cells, name, TOTAL if is_task else known, scope, unit)
        parents.add(known or lab.text)


def _row_label(reading: Reading, found: Found, row: int, first: int, short: int = 0) -> Cell | None:
    if short:
        return next(cell for cell in reading.table.row(row) if cell.text.strip())
    if items := [use for use in found.uses if use.column.field in ("item", "scope")]:
        # a column whose cell reaches down from the header is the side label of the block (主要任务)
        named = (cell for use in items if (cell := reading.cell(row, use)) and cell.text.strip() and cell.row >= found.body)
        total = (c for c in reading.table.grid[row][:first] if c and c.row == row and term("items", label(c.text)) == TOTAL)
        return next(named, None) or next(total, None)  # 合计 stands over the columns before the items' too
    cells = dict.fromkeys(c for c in reading.table.grid[row][:first] if c is not None and c.text.strip())
    # a cell that reaches down from the header names the whole block, not this row
    own = [c for c in cells if c.row >= found.body and figure(c.text) is None]
    return own[-1] if own else None


def _scope(scope: str, known: str | None, lab: Label, parents: set[str]) -> str:
    whole = wholes().get(known or "")
    return f"{scope}/{whole}" if scope == WHOLE and whole in parents else scope


def _read_row(reading, found, row, cells, name, known, scope, unit) -> None:
    beside: list[tuple[Cell, float | None]] = []
    short = reading.shortness(row, found)
    rate_cell, weight_cell, score_cell = (_cell(reading, found, row, field, short) for field in ("rate", "weight", "score"))
    public = term("three_public", label(name.text)) if name and known != TOTAL else None
    read = [(use, cell, *reading.amount(cell, use, unit)) for use, cell in cells]
    # 2023年决算数 beside 2024年决算数: the rate is of the report's year
    now = reading.fiscal_year
    whole = [(use, amount) for use, _, amount, _ in read if use.item in (None, TOTAL) and use.year(now) in (None, now)]
    stages = {use.column.stage: amount for use, amount in reversed(whole)}
    computed = execution_rate(stages.get("executed"), stages.get("revised_budget"), stages.get("initial_budget"))
    rate = _rate(rate_cell, found.get("rate"), computed)
    for use, cell, amount, read_in in read:
        beside.append((cell, amount))
        item = use.item or known or printed(name.text)
        common = {"year": use.year(now), "stage": use.column.stage, "amount_wan": amount, "printed": printed(cell.text), "unit": read_in}
        common |= {"origin": "table", "place": reading.place(cell)}
        public_item = public or (use.item if use.item in THREE_PUBLIC_ITEMS else None)
        if public_item:
            reading.facts.append(ThreePublic(item=public_item, **common))
        else:
            if use.column.item and known != TOTAL:
                common["scope"] = f"{scope}/{known or printed(name.text)}"  # 结余数 of 财政拨款
            own_rate = rate if use.column.stage == "executed" and any(use is each for each, _ in whole) else None
            if own_rate is not None:
                reading.taken.add(rate_cell)
            label_printed = use.item_printed or printed(name.text)
            reading.facts.append(Fund(**{"scope": scope} | common, item=item, item_printed=label_printed, rate_printed=own_rate))
    reading.compare_magnitudes(beside)
    reading.refuse_changes(found, row)
    if not short and (serial := _cell(reading, found, row, "serial")):
        reading.taken.add(serial)  # the number of the row says nothing
    has_execution = any(found.get(key) for key in ("rate", "weight", "score"))
    if found.get("scope") and not found.get("weight") and name is not None and known == TOTAL:
        # a list of projects: the score is of the project, not of its execution
        _read_project_score(reading, found, row, scope, name)
        score_cell = None
    told = [cell for cell in (*(cell for _, cell, _, _ in read), rate_cell, weight_cell, score_cell) if cell and figure(cell.text)]
    if known == TOTAL and has_execution and told:
        reading.taken.update(cell for cell in (rate_cell, weight_cell, score_cell) if cell)
        weight = number(weight_cell.text) if weight_cell else _side_points(reading, found)
        reading.facts.append(
            Execution(
                scope=scope,
                initial_budget_wan=stages.get("initial_budget"),
                revised_budget_wan=stages.get("revised_budget"),
                executed_wan=stages.get("executed"),
                rate_printed=rate,
                rate=computed,
                weight=weight,
                score_printed=number(score_cell.text) if score_cell else None,
                score=execution_score(weight, computed),
                origin="table",
                place=reading.place(name or cells[0][1]),
            )
        )


def _read_project_score(reading: Reading, found: Found, row: int, scope: str, name: Cell) -> None:
    score_cell, rating_cell = (_cell(reading, found, row, field) for field in ("score", "rating"))
    score = number(score_cell.text) if score_cell else None
    rating = term("ratings", label(rating_cell.text)) if rating_cell else None
    if score is None and rating is None:
        return
    where = score_cell if score is not None else rating_cell
    reading.taken.add(where)
    reading.facts.append(
        Score(
            scope=scope,
            name="总分",
            name_printed=printed(name.text),
            score_printed=score,
            score=score,
            rating=rating,
            place=reading.place(where),
        )
    )


def _side_points(reading: Reading, found: Found) -> float | None:
    """The points that the block's side label states where no column does: 预算执行情况（20分）."""
    first = min(use.start for use in found.uses)
    sides = (cell for row in range(found.top, found.body) for cell in reading.table.grid[row][:first] if cell is not None)
    return next((points for cell in sides if (points := label(cell.text).points) is not None), None)


def _rate(cell: Cell | None, use: Use | None, computed: float | None) -> float | None:
    """The rate that a cell prints, as a fraction. The percent sign may stand in the header or nowhere: then the amounts tell."""
    found = figure(cell.text) if cell else None
    if found is None:
        return None
    hundredth = round(found.value / 100, 10)
    if found.unit is not None or use is None:
        return found.fraction
    if use.label.unit == "%" or (computed is not None and abs(hundredth - computed) < abs(found.value - computed)):
        return hundredth
    return found.fraction


def _cell(reading: Reading, found: Found, row: int, name: str, short: int = 0) -> Cell | None:
    use = found.get(name)
    return reading.cell(row, use, short) if use else None


def _halves(reading: Reading, found: Found, halves: list[Use], row: int) -> list[list[Cell]]:
    """The cells of a row below each half's header; where a text dump has another number of cells in it, equal shares of them."""
    table = reading.table
    if not table.aligned and len(table.row(row)) != len(table.row(found.top)):
        cells = [c for c in table.row(row) if c.col >= halves[0].start]
        share = -(-len(cells) // len(halves))
        return [cells[i : i + share] for i in range(0, len(cells), share)]
    bounds = [use.start for use in halves] + [table.shape[1]]
    spans = itertools.pairwise(bounds)
    return [[c for c in dict.fromkeys(table.grid[row][start:stop]) if c is not None and c.col >= start] for start, stop in spans]


def _label_and_amount(text: str) -> tuple[str, str | None]:
    """A cell's label, and the amount that stands behind its colon, if one does."""
    name, colon, rest = text.replace("：", ":").rpartition(":")
    return (name, rest) if colon and name.strip() and figure(rest) else (text, None)


def read_halves(reading: Reading, found: Found) -> None:
    """Two tables side by side in the same rows: in each half a label, then its amount."""
    unit = reading.block_unit(found)
    halves = sorted(found.uses, key=lambda use: use.start)
    for row in range(found.body, found.end):
        for use, cells in zip(halves, _halves(reading, found, halves, row), strict=False):
            name = next((c for c in cells if c.text.strip()), None)
            if name is None:
                continue
            text, together = _label_and_amount(name.text)
            lab = label(text)
            item = term("items", lab)
            after = [c for c in cells if c.col > name.col]
            value = next((c for c in after if c.text.strip()), after[0] if after else None)
            if together:  # 基本支出：50.5 in one cell
                value = replace(name, text=together)
                reading.taken.add(name)
            if value is None or (item is None and figure(value.text) is None):
                continue
            if item is None:
                reading.issue("unknown_label", name, "This row's label is not known; its amount stands under the label as printed.")
            amount, read_in = reading.amount(value, use, unit)
            reading.facts.append(
                Fund(
                    scope=reading.scope,
                    item=item or printed(text),
                    item_printed=printed(text),
                    year=use.year(reading.fiscal_year),
                    stage=use.column.stage,
                    amount_wan=amount,
                    printed=printed(value.text),
                    unit=read_in,
                    origin="table",
                    place=reading.place(value),
                )
            )
