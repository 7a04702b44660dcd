"""Records: labels in one row and their values in the row below (财政供养人员情况, 楼堂馆所控制情况)."""

from __future__ import annotations

import itertools

from ..document import Cell
from ..facts import Activity, Fund
from ..layouts import Found, Use
from ..values import figure, printed
from ..vocabulary import label, term
from .reading import Reading


def read_record(reading: Reading, found: Found, staff: dict[str, int]) -> None:
    """Counts and amounts of one record; the numbers of staff (staff_authorised, staff_actual) go to `staff`, the first ones stay."""
    if found.body >= found.end:
        return
    for use, cell in _values(reading, found).items():
        column = use.column
        if column.field == "amount":
            unit = use.label.unit or reading.block_unit(found)
            amount, read_in = reading.amount(cell, use, unit)
            reading.facts.append(
                Fund(
                    scope=reading.scope,
                    item=column.item,
                    item_printed=use.label.text,
                    year=use.year(reading.fiscal_year),
                    stage=column.stage,
                    amount_wan=amount,
                    printed=printed(cell.text),
                    unit=read_in,
                    origin="table",
                    place=reading.place(cell),
                )
            )
            continue
        reading.taken.add(cell)
        value = figure(cell.text)
        if value is None:
            continue
        if column.field == "count":
            unit = value.unit or use.label.unit or column.unit
            reading.facts.append(
                Activity(
                    scope=reading.scope,
                    what=column.what,
                    value=value.value,
                    unit=unit,
                    printed=printed(cell.text),
                    place=reading.place(cell),
                )
            )
        elif value.value != int(value.value) or value.unit not in (None, "人", "名", "个"):
            reading.issue("unread_figure", cell, "A number of staff is expected here.")
        elif staff.setdefault(column.field, int(value.value)) != value.value:
            reading.issue("staff_stated_twice", cell, f"The report states {staff[column.field]} before; that was kept.")


def read_staff(reading: Reading, found: list[Found], staff: dict[str, int]) -> None:
    """Numbers of staff beside their labels, outside of the blocks: 人员编制 | 21 | 实有人数 | 21."""
    inside = {row for each in found for row in range(each.top, each.end)}
    for row in set(range(reading.table.shape[0])) - inside:
        for name, cell in itertools.pairwise(cell for cell in reading.table.row(row) if cell.text.strip()):
            known, value = term("staff", label(name.text)), figure(cell.text)
            if known and value and value.value == int(value.value) and value.unit in (None, "人", "名", "个"):
                reading.taken.add(cell)
                staff.setdefault(f"staff_{known}", int(value.value))


def _values(reading: Reading, found: Found) -> dict[Use, Cell]:
    """The value cell of each label. In a text dump a row may stand beside its headers: then by meaning (a percentage goes to a
    rate) and order, and only where there are as many figures as labels."""
    row = found.body
    by_column = {use: cell for use in found.uses if (cell := reading.cell(row, use)) is not None}
    if reading.table.aligned:
        return by_column
    figures = [cell for cell in reading.table.row(row) if figure(cell.text)]
    if set(figures) <= set(by_column.values()) and all(_fits(use, cell) for use, cell in by_column.items()):
        return by_column
    in_order = dict(zip(found.uses, figures, strict=False))
    if len(figures) == len(found.uses) and all(_fits(use, cell) for use, cell in in_order.items()):
        return in_order
    return {}


def _fits(use: Use, cell: Cell) -> bool:
    value = figure(cell.text)
    return value is None or (value.unit == "%") == (use.column.unit == "%")
