"""`datapackage.json`: the CSV tables described for other programs, as a Tabular Data Package (specs.frictionlessdata.io).

It says nothing of the figures, so it changes only where the tables' columns do.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from .dictionary import Column, columns, row_of
from .facts import TABLES

NAME = "datapackage.json"
_TYPES = {"str": "string", "Int64": "integer", "float64": "number", "boolean": "boolean"}


def package(tables: Iterable[str] = tuple(TABLES)) -> dict[str, Any]:
    """The descriptor of these tables, as plain values for JSON."""
    return {
        "profile": "tabular-data-package",
        "name": "jixiao",
        "title": "Performance self-evaluation reports (绩效自评报告) as tidy tables",
        "description": "Money is in 万元 (10,000 CNY), columns end in _wan; rates are fractions. A missing figure is empty, never 0.",
        "resources": [_resource(table) for table in tables],
    }


def text(tables: Iterable[str] = tuple(TABLES)) -> str:
    """The file's content."""
    return json.dumps(package(tables), ensure_ascii=False, indent=1) + "\n"


def _resource(table: str) -> dict[str, Any]:
    to_reports = {"resource": "" if table == "reports" else "reports", "fields": "report_id"}
    schema = {
        "fields": [_field(column) for column in columns(table)],
        "missingValues": [""],
        "foreignKeys": [{"fields": "duplicate_of" if table == "reports" else "report_id", "reference": to_reports}],
    }
    if table == "reports":
        schema["primaryKey"] = "report_id"
    return {
        "profile": "tabular-data-resource",
        "name": table,
        "path": f"{table}.csv",
        "description": f"A row is {row_of(table, 'en')}.",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"', "doubleQuote": True, "header": True},
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    field: dict[str, Any] = {"name": column.name, "type": _TYPES[column.dtype], "title": column.zh, "description": column.en}
    if column.unit:
        field["unit"] = column.unit
    if column.dtype == "boolean":
        field |= {"trueValues": ["True"], "falseValues": ["False"]}
    constraints: dict[str, Any] = {}
    # a text that the contract requires may be the blank of a cell, which a CSV reader takes for missing
    if column.required and (column.dtype != "str" or column.codes or column.name in ("report_id", "source_file", "check", "code")):
        constraints["required"] = True
    if column.codes:
        constraints["enum"] = list(column.codes)
    if column.name == "sha256":
        constraints["pattern"] = "[0-9a-f]{64}"
    return field | ({"constraints": constraints} if constraints else {})
