"""Documents as workbooks (XLSX): merged cells, numbers as numbers with their formats, one sheet or one a table."""

from __future__ import annotations

import io
import re

import openpyxl

from .draw import Draw
from .model import Grid, Made

_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_PERCENT = re.compile(r"(\d+(?:\.(\d+))?)%")


def as_xlsx(made: Made, d: Draw) -> bytes:
    """Figures are numbers where the cell's text is one; a percentage is a fraction with a percent format."""
    book = openpyxl.Workbook()
    sheet = book.active
    several = d.chance(0.5)
    numbers = d.chance(0.8)
    row, tables = 1, 0
    if d.chance(0.2):
        row = 2  # a blank row on top
    for block in made.blocks:
        if isinstance(block, str):
            sheet.cell(row, 1, block)
            if d.chance(0.5):
                sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=8)
            row += 1
            continue
        _fill(sheet, block, row, numbers)
        row += len(block.rows)
        tables += 1
        more = block is not [b for b in made.blocks if isinstance(b, Grid)][-1]
        if several and more:
            sheet, row = book.create_sheet(f"表{tables + 1}"), 1
        else:
            row += d.randint(0, 2) if more else 1
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(sheet, grid: Grid, top: int, numbers: bool) -> None:
    for cell in grid.cells:
        r, c = top + cell.row, 1 + cell.col
        target = sheet.cell(r, c)
        value: object = cell.text or None
        if numbers and cell.text.isascii() and (match := _NUMBER.fullmatch(cell.text)) and not re.match(r"0\d", cell.text):
            value = float(cell.text.replace(",", ""))
            value = int(value) if value == int(value) and "." not in cell.text else value
            digits = len(cell.text.partition(".")[2])
            target.number_format = ("#,##0" if "," in match[0] else "0") + ("." + "0" * digits if digits else "")
        elif numbers and cell.text.isascii() and (match := _PERCENT.fullmatch(cell.text)):
            value = round(float(match[1]) / 100, 10)
            target.number_format = "0" + ("." + "0" * len(match[2]) if match[2] else "") + "%"
        target.value = value
        if isinstance(value, str):
            target.data_type = "s"  # =100% is no formula
        if cell.rowspan > 1 or cell.colspan > 1:
            sheet.merge_cells(start_row=r, start_column=c, end_row=r + cell.rowspan - 1, end_column=c + cell.colspan - 1)
