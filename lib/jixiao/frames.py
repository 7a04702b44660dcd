"""Rows → the contract's tables as pandas frames, and their CSV form.

In a CSV file a null is nothing between two commas and a blank cell of the source (`printed` is "") is a pair of quotes:
`整体,,5.0` against `整体,"",5.0`. Other fields are quoted only where they must be. pandas writes and reads both as the
same, so `write_csv` and `read_csv` here do it; any other reader of CSV gets a valid file and only loses that difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from . import facts
from .rows import CODES, KEYS, FactError, Parsed, required, schema

if TYPE_CHECKING:
    import pyarrow as pa

TABLES = tuple(facts.TABLES)

_MUST_QUOTE = re.compile(r'[",\r\n]')
_FIELD = re.compile(r'(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n)')


def empty(table: str) -> pd.DataFrame:
    """The table without rows, with its columns and dtypes."""
    return pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in schema(table).items()})


def to_frames(sources: Iterable[Parsed]) -> dict[str, pd.DataFrame]:
    """All tables of some sources, by report_id and then in order of reading. `findings` and `checks` are empty: see `audit`."""
    columns: dict[str, dict[str, list]] = {table: {name: [] for name in schema(table)} for table in TABLES}
    for source in sorted(sources, key=lambda source: source.report_id):
        keys = {name: getattr(source, name) for name in KEYS}
        for table, rows in source.rows.items():
            for row in rows:
                for name, values in columns[table].items():
                    values.append(keys[name] if name in keys else row[name])
    frames = {}
    for table, lists in columns.items():
        series = {name: _series(table, name, values) for name, values in lists.items()}
        frames[table] = pd.DataFrame(series)
    return frames


def conform(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """`frame` with the table's columns in order and their dtypes, sorted by report_id. Raises FactError for a wrong one."""
    wanted = schema(table)
    missing = [name for name in wanted if name not in frame]
    strange = [name for name in frame if name not in wanted]
    if missing or strange:
        raise FactError(f"table {table}: columns missing: {missing}; not of the contract: {strange}")
    series = {name: _series(table, name, frame[name]) for name in wanted}
    return pd.DataFrame(series).sort_values("report_id", kind="stable", ignore_index=True)


def _series(table: str, name: str, values) -> pd.Series:
    dtype = schema(table)[name]
    if isinstance(values, pd.Series) and str(values.dtype) == dtype:
        return values.reset_index(drop=True)
    try:
        return pd.Series(list(values), dtype=dtype)
    except (TypeError, ValueError) as error:
        raise FactError(f"table {table}, column {name}: cannot be {dtype}: {error}") from error


def check(frames: dict[str, pd.DataFrame]) -> None:
    """Raise FactError, naming table and column, where a frame does not keep to the contract."""
    for table in TABLES:
        if table not in frames:
            raise FactError(f"table {table} is missing")
        frame = frames[table]
        found = {name: str(dtype) for name, dtype in frame.dtypes.items()}
        if list(found.items()) != list(schema(table).items()):
            wrong = sorted(set(found.items()) ^ set(schema(table).items())) or "their order"
            raise FactError(f"table {table}: columns or dtypes are not the contract's: {wrong}")
        for name in required(table):
            if frame[name].isna().any():
                raise FactError(f"table {table}, column {name}: a value is missing in row {int(frame[name].isna().argmax())}")
        for name, known in CODES.get(table, {}).items():
            strange = sorted(set(frame[name].dropna()) - set(known))
            if strange:
                raise FactError(f"table {table}, column {name}: {strange[0]!r} is not one of {', '.join(known)}")
        unknown = set(frame["report_id"]) - set(frames["reports"]["report_id"])
        if unknown:
            raise FactError(f"table {table}, column report_id: {min(unknown)!r} is not in reports")
    twice = frames["reports"]["report_id"].duplicated()
    if twice.any():
        raise FactError(f"table reports, column report_id: {frames['reports']['report_id'][twice].iloc[0]!r} stands twice")


def csv_lines(rows: pd.DataFrame | pa.Table) -> Iterator[str]:
    """The rows as lines of CSV, each with its line feed, without a header."""
    columns = (rows[name].to_list() for name in rows) if isinstance(rows, pd.DataFrame) else (each.to_pylist() for each in rows.columns)
    texts = [[_text(value) for value in column] for column in columns]
    for line in zip(*texts, strict=True):
        yield ",".join(line) + "\n"


def _text(value) -> str:
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"' if not value or _MUST_QUOTE.search(value) else value
    if value is pd.NA or value is None or value != value:
        return ""
    text = repr(value)
    return f"{value:.6f}".rstrip("0") if isinstance(value, float) and "e-" in text else text


def write_csv(frame: pd.DataFrame, path: str | Path) -> None:
    """Write `frame` as UTF-8 with line feeds on every system; floats in their shortest exact form."""
    with open(path, "w", encoding="utf-8", newline="") as file:
        file.write(",".join(frame.columns) + "\n")
        file.writelines(csv_lines(frame))


def read_csv(table: str, path: str | Path) -> pd.DataFrame:
    """The frame that `write_csv` wrote, dtypes, nulls and blanks alike. Raises FactError where the file is not the table."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        records = _records(file.read(), path)
    header = next(records, [])
    if header != list(schema(table)):
        raise FactError(f"{path}: the columns are not those of the table {table}; `jixiao build` writes it anew")
    lists: dict[str, list] = {name: [] for name in header}
    for record in records:
        if len(record) != len(header):
            raise FactError(f"{path}: a row has {len(record)} fields, not {len(header)}; `jixiao build` writes it anew")
        for name, value in zip(header, record, strict=True):
            lists[name].append(value)
    return pd.DataFrame({name: _series(table, name, _values(lists[name], schema(table)[name])) for name in header})


def _values(texts: list[str | None], dtype: str) -> list:
    read = {"str": str, "Int64": int, "float64": float, "boolean": {"True": True, "False": False}.__getitem__}[dtype]
    return [None if text is None else read(text) for text in texts]


def _records(text: str, path: str | Path) -> Iterator[list[str | None]]:
    """Records of a CSV text: a field is None where nothing stands, "" where a pair of quotes does."""
    at, record = 0, []
    for field in _FIELD.finditer(text if text.endswith("\n") or not text else text + "\n"):
        if field.start() != at:
            break
        at = field.end()
        quoted, bare, end = field.groups()
        record.append(quoted.replace('""', '"') if quoted is not None else bare or None)
        if end != ",":
            yield record
            record = []
    if at < len(text):
        raise FactError(f"{path}: not a CSV file from line {text.count(chr(10), 0, at) + 1} on")
