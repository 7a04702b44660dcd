"""`jixiao.xlsx`: all tables in one workbook, a sheet a table, behind a sheet that says what they and their columns hold.

Everything that is text stays text: a cell that begins with =, +, - or @ is no formula. The same tables give the same bytes.
"""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from .dictionary import RATES, Column, columns, row_of

NAME = "jixiao.xlsx"
MOST_ROWS = 50_000  # of a table; Excel takes 1,048,576, but writing them would take longer than all the rest of a build
ONE_FILE = 1_000_000  # rows of a table that is one CSV and one Parquet file; of larger ones there is the dataset by year
MOST_CHARACTERS = 16_000  # of a cell; Excel takes 32,767 halves of UTF-16, of which a rare character needs two
_LOOKED_AT = 200  # rows that say how wide a column is to be
_WIDTHS = (7, 46)
_MADE = datetime.datetime(2020, 1, 1)  # the workbook states a date; the day of the build would change its bytes
_HEAD = ("table", "column", "type", "unit", "codes", "English", "中文")
_HEAD_WIDTHS = (14, 22, 10, 10, 34, 60, 60)
_TYPES = {"str": "text", "Int64": "integer", "float64": "number", "boolean": "yes or no"}


def write_workbook(path: Path, counts: Mapping[str, int], rows: Callable[[str], Iterable[tuple]]) -> list[str]:
    """Write the tables that have a count of rows; `rows(table)` gives their rows in the columns' order, None for a null.

    Returns the tables left out because they have more than `MOST_ROWS` rows; their sheets say so, and where they are.
    """
    import xlsxwriter

    out = [table for table, count in counts.items() if count > MOST_ROWS]
    # one row is in memory at a time; each text stands in its cell
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "in_memory": False}) as book:
        book.set_properties({"title": "jixiao", "created": _MADE})
        formats = {
            "head": book.add_format({"bold": True, "bg_color": "#F0F0F0", "bottom": 1, "valign": "top"}),
            "bold": book.add_format({"bold": True}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
            "money": book.add_format({"num_format": "#,##0.00####"}),
            "rate": book.add_format({"num_format": "0.00%"}),
            "count": book.add_format({"num_format": "0"}),
            "score": book.add_format({"num_format": "General"}),
        }
        _dictionary(book.add_worksheet("dictionary"), formats, counts, out)
        for table in counts:
            sheet = book.add_worksheet(table)
            if table in out:
                sheet.write_string(0, 0, _left_out(table, counts[table]))
            else:
                _sheet(sheet, formats, table, counts[table], iter(rows(table)))
    return out


def _left_out(table: str, count: int) -> str:
    files = f"{table}.csv and {table}.parquet" if count <= ONE_FILE else f"by_year/{table}"
    return f"{count:,} rows are too many for a sheet here (at most {MOST_ROWS:,}): all of them are in {files}"


def _dictionary(sheet: Any, formats: dict[str, Any], counts: Mapping[str, int], out: list[str]) -> None:
    _header(sheet, formats, _HEAD)
    for at, width in enumerate(_HEAD_WIDTHS):
        sheet.set_column(at, at, width)
    line = 1
    for table, count in counts.items():
        note = _left_out(table, count) if table in out else ""
        texts = (table, f"{count:,} rows", "", "", note, f"a row is {row_of(table, 'en')}", f"每行：{row_of(table, 'zh')}")
        for at, text in enumerate(texts):
            sheet.write_string(line, at, text, formats["bold"])
        line += 1
        for column in columns(table):
            codes = ", ".join(column.codes)
            for at, text in enumerate((table, column.name, _TYPES[column.dtype], column.unit, codes, column.en, column.zh)):
                sheet.write_string(line, at, text, formats["wrap"])
            line += 1
    sheet.autofilter(0, 0, line - 1, len(_HEAD) - 1)


def _sheet(sheet: Any, formats: dict[str, Any], table: str, count: int, rows: Iterator[tuple]) -> None:
    shown = columns(table)
    first = list(islice(rows, _LOOKED_AT))
    _header(sheet, formats, [column.name for column in shown])
    for at, column in enumerate(shown):
        sheet.set_column(at, at, _width(column, [row[at] for row in first]))
    styles = [_style(column, formats) for column in shown]
    for group in (first, rows):
        for line, row in enumerate(group, start=1 if group is first else len(first) + 1):
            for at, value in enumerate(row):
                _cell(sheet, line, at, value, styles[at], table)
    sheet.autofilter(0, 0, max(count, 1), len(shown) - 1)


def _header(sheet: Any, formats: dict[str, Any], names: Iterable[str]) -> None:
    for at, name in enumerate(names):
        sheet.write_string(0, at, name, formats["head"])
    sheet.freeze_panes(1, 1)


def _cell(sheet: Any, line: int, at: int, value: Any, style: Any, table: str) -> None:
    if value is None or value == "":
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, at, value)
    elif isinstance(value, str):
        if len(value) > MOST_CHARACTERS:
            value = f"[{len(value):,} characters, whole in {table}.csv] {value}"[:MOST_CHARACTERS]
        sheet.write_string(line, at, value)
    else:
        sheet.write_number(line, at, value, style)


def _style(column: Column, formats: dict[str, Any]) -> Any:
    if column.name.endswith("_wan"):
        return formats["money"]
    if column.name in RATES:
        return formats["rate"]
    return formats["count" if column.dtype == "Int64" else "score"]


def _width(column: Column, values: list[Any]) -> float:
    texts = [column.name + "  ", *(f"{value:,.2f}" if isinstance(value, float) else str(value) for value in values if value is not None)]
    widest = max(sum(2 if unicodedata.east_asian_width(char) in "WFA" else 1 for char in text[: _WIDTHS[1]]) for text in texts)
    return min(max(widest + 1, _WIDTHS[0]), _WIDTHS[1])
