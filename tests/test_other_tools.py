"""The tables for other programs: the workbook, and the package that describes the CSV files."""

import csv
import json
import zipfile

import jsonschema
import openpyxl
import pandas as pd
import pytest

import sample_tables
from jixiao import corpus, datapackage, dictionary, frames, store, workbook
from jixiao.facts import TABLES

HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2",
    "@SUM(1)",
    '=HYPERLINK("http://x")',
    "http://a.b/c",
    "0012",
    " a\tb\nc ",
    "\x01\x0b\ufffe",
    "<b>&amp;",
]

# the parts of the specification's own schema (specs.frictionlessdata.io) that a package of CSV tables needs
FIELD = {
    "type": "object",
    "required": ["name", "type"],
    "properties": {
        "name": {"type": "string", "minLength": 1},
        "type": {"enum": ["string", "integer", "number", "boolean"]},
        "title": {"type": "string"},
        "description": {"type": "string"},
        "constraints": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "required": {"type": "boolean"},
                "enum": {"type": "array", "minItems": 1, "uniqueItems": True},
                "pattern": {"type": "string"},
            },
        },
        "trueValues": {"type": "array", "minItems": 1},
        "falseValues": {"type": "array", "minItems": 1},
    },
}
KEY = {
    "type": "object",
    "required": ["fields", "reference"],
    "properties": {"fields": {"type": "string"}, "reference": {"type": "object", "required": ["resource", "fields"]}},
}
PACKAGE = {
    "type": "object",
    "required": ["resources", "profile"],
    "properties": {
        "profile": {"const": "tabular-data-package"},
        "name": {"pattern": "^([-a-z0-9._/])+$"},
        "resources": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["name", "path", "schema", "profile"],
                "properties": {
                    "profile": {"const": "tabular-data-resource"},
                    "name": {"pattern": "^([-a-z0-9._/])+$"},
                    "path": {"type": "string", "pattern": "^(?!/)(?!.*\\.\\.).+$"},
                    "schema": {
                        "type": "object",
                        "required": ["fields"],
                        "properties": {
                            "fields": {"type": "array", "minItems": 1, "items": FIELD},
                            "missingValues": {"type": "array", "items": {"type": "string"}},
                            "primaryKey": {"type": "string"},
                            "foreignKeys": {"type": "array", "items": KEY},
                        },
                    },
                },
            },
        },
    },
}


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A folder of tables whose texts would harm a careless program."""
    tables = sample_tables.tables(3, (2023, 2024), seed=2)
    funds = (
        pd.concat([tables["funds"]] * len(HOSTILE), ignore_index=True)
        .head(len(HOSTILE))
        .assign(item_printed=pd.Series(HOSTILE, dtype="str"))
    )
    tables["reports"] = tables["reports"].fillna({"figure_cells": 0, "figure_cells_taken": 0})
    tables["funds"] = frames.conform("funds", funds)
    out = tmp_path_factory.mktemp("hostile")
    store.write(tables, out)
    return out


def test_the_workbook_holds_every_value_of_every_table(built):
    book = openpyxl.load_workbook(built / workbook.NAME)
    assert book.sheetnames == ["dictionary", *TABLES]
    for table, frame in corpus.load(built).items():
        head, *rows = book[table].iter_rows(values_only=True)
        assert list(head) == list(frame.columns)
        wanted = frame.astype(object).where(frame.notna() & frame.ne(""), None).values.tolist()
        assert [list(row) for row in rows] == wanted, table
        assert book[table].freeze_panes == "B2"


def test_money_and_rates_have_their_formats_and_years_no_separator(built):
    sheet = openpyxl.load_workbook(built / workbook.NAME)["execution"]
    formats = {head.value: cell.number_format for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (formats["executed_wan"], formats["rate"], formats["fiscal_year"]) == ("#,##0.00####", "0.00%", "0")
    assert all(6 < sheet.column_dimensions[letter].width < 50 for letter in ("A", "B", "F"))


def test_a_text_that_looks_like_a_formula_stays_text(hostile):
    sheet = openpyxl.load_workbook(hostile / workbook.NAME)["funds"]
    at = list(frames.schema("funds")).index("item_printed")
    cells = [row[at] for row in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} <= {"s", "inlineStr"}
    clean = [text for text in HOSTILE if text.isprintable() or "\t" in text]
    found = [cell.value for cell in cells]
    assert [text for text in clean if text not in found] == []
    assert not any(cell.hyperlink for cell in cells)
    names = zipfile.ZipFile(hostile / workbook.NAME).namelist()
    assert not [name for name in names if "external" in name or name.startswith("xl/worksheets/_rels")]


def test_a_text_too_long_for_a_cell_says_so(tmp_path):
    tables = {table: frames.empty(table) for table in TABLES}
    tables["issues"] = sample_tables.frame("issues", [{"report_id": "a", "code": "odd", "message": "长" * 40_000}])
    store.write(tables, tmp_path)
    text = openpyxl.load_workbook(tmp_path / workbook.NAME)["issues"]["E2"].value
    assert text.startswith("[40,000 characters, whole in issues.csv] 长") and len(text) == workbook.MOST_CHARACTERS


def test_a_table_with_too_many_rows_is_left_out_whole_and_said(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_ROWS", 20)
    tables = sample_tables.tables(4)
    left_out = store.write(tables, tmp_path)
    assert left_out == [table for table, frame in tables.items() if len(frame) > 20] != []
    book = openpyxl.load_workbook(tmp_path / workbook.NAME)
    for table in left_out:
        ((text,),) = book[table].iter_rows(values_only=True)
        assert text.startswith(f"{len(tables[table]):,} rows are too many") and f"{table}.parquet" in text
    assert any("too many" in str(row) for row in book["dictionary"].iter_rows(values_only=True))


def test_the_same_tables_give_the_same_bytes(tmp_path):
    tables = sample_tables.tables(4)
    for name in ("a", "b"):
        store.write(tables, tmp_path / name)
    for name in (workbook.NAME, datapackage.NAME):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


def test_the_workbook_comes_back_where_it_is_missing_and_left_out_tables_are_told(root, tmp_path, monkeypatch):
    raw, out = tmp_path / "raw", tmp_path / "processed"
    raw.mkdir()
    (raw / "a.txt").write_text("某县计量所 2024 年部门整体支出绩效自评报告\n全年支出 100 万元。\n", encoding="utf-8")
    monkeypatch.setattr(workbook, "MOST_ROWS", 5)
    first = corpus.build(raw, out, progress=False, jobs=0)
    assert f"{workbook.NAME} is without checks" in str(first) and {workbook.NAME, datapackage.NAME} <= set(first.written)
    (out / workbook.NAME).unlink()
    again = corpus.build(raw, out, progress=False, jobs=0)
    assert again.written == [workbook.NAME] and (out / workbook.NAME).is_file()
    assert corpus.build(raw, out, progress=False, jobs=0).unchanged


def test_the_dictionary_has_a_text_for_every_column_and_none_too_many():
    assert dictionary.unused() == []
    for table in TABLES:
        assert [column.name for column in dictionary.columns(table)] == list(frames.schema(table))
        assert all(column.en and column.zh for column in dictionary.columns(table))
        assert dictionary.row_of(table, "en") and dictionary.row_of(table, "zh")


def test_the_package_is_valid_and_the_tracked_one(root):
    jsonschema.validate(datapackage.package(), PACKAGE)
    assert (root / "data" / "processed" / datapackage.NAME).read_text(encoding="utf-8") == datapackage.text(), "`jixiao build` writes it"


@pytest.mark.parametrize("folder", ["built", "hostile"])
def test_the_tables_keep_to_what_the_package_says(folder, request):
    """Read as any program would that knows the specification and nothing of this library."""
    folder = request.getfixturevalue(folder)
    described = json.loads((folder / datapackage.NAME).read_text(encoding="utf-8"))["resources"]
    held = {}
    for resource in described:
        with open(folder / resource["path"], encoding=resource["encoding"], newline="") as file:
            held[resource["name"]] = list(csv.DictReader(file))
    kinds = {"string": str, "integer": int, "number": float, "boolean": {"True": True, "False": False}.__getitem__}
    for resource in described:
        rows, schema = held[resource["name"]], resource["schema"]
        for field in schema["fields"]:
            constraints = field.get("constraints", {})
            values = [row[field["name"]] for row in rows]
            present = [value for value in values if value not in schema["missingValues"]]
            assert len(present) == len(values) or not constraints.get("required"), (resource["name"], field["name"])
            for value in present:
                kinds[field["type"]](value)
                assert value in constraints.get("enum", [value])
        for key in schema["foreignKeys"]:
            reference = key["reference"]
            known = {row[reference["fields"]] for row in held[reference["resource"] or resource["name"]]}
            assert {row[key["fields"]] for row in rows} - {""} <= known
        if "primaryKey" in schema:
            assert len({row[schema["primaryKey"]] for row in rows}) == len(rows)
