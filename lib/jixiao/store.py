"""The folder of tidy tables: written whole or not at all, and read back.

Each table is a CSV file (tracked, the one that counts) and a Parquet file (typed, fast) that names the CSV file it was
made with. `load` takes the Parquet file where that is the CSV file beside it, so an edited or updated CSV is never hidden.
Beside them stand a workbook of all tables and `datapackage.json`, which describes the CSV files.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from . import datapackage, frames, workbook
from .cache import digest
from .facts import TABLES
from .manifest import NAME as MANIFEST
from .manifest import TablesError

_MADE_WITH = "jixiao.csv.sha256"
_WORK = ".new-"
_STALE_SECONDS = 3600


class Writer:
    """Writes all tables piece by piece beside their final place; `commit` moves them there.

    Use as a context: without a commit, whatever the reason, the old tables stay as they are.
    """

    def __init__(self, out: Path):
        self.out = out
        out.mkdir(parents=True, exist_ok=True)
        for left in out.glob(_WORK + "*"):  # of a build that was killed
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(left, ignore_errors=True)
        self.work = Path(tempfile.mkdtemp(prefix=_WORK, dir=out))
        self._open = ExitStack()
        self._csv, self._parquet = {}, {}
        self._rows = dict.fromkeys(TABLES, 0)
        self.changed: list[str] = []
        self.left_out: list[str] = []  # tables with more rows than the workbook takes
        for table in TABLES:
            empty = frames.empty(table)
            csv = open(self.work / f"{table}.csv", "w", encoding="utf-8", newline="")  # noqa: SIM115 (closed by the stack)
            parquet = pq.ParquetWriter(self.work / f"{table}.parquet", pa.Schema.from_pandas(empty, preserve_index=False))
            self._csv[table], self._parquet[table] = self._open.enter_context(csv), self._open.enter_context(parquet)
            csv.write(",".join(empty.columns) + "\n")

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, *_) -> None:
        self._open.close()
        shutil.rmtree(self.work, ignore_errors=True)

    def append(self, table: str, frame: pd.DataFrame) -> None:
        """Rows of a table, in the order in which they are to stand."""
        self._csv[table].writelines(frames.csv_lines(frame, header=False))
        self._rows[table] += len(frame)
        if len(frame):
            self._parquet[table].write_table(pa.Table.from_pandas(frame, schema=self._parquet[table].schema, preserve_index=False))

    def commit(self) -> dict[str, str]:
        """Move the tables into place; returns {file name: sha256}. Files that came out as they were stay untouched."""
        for table in TABLES:
            self._csv[table].close()
            self._parquet[table].add_key_value_metadata({_MADE_WITH: digest(self.work / f"{table}.csv")})
        self._open.close()
        self._for_other_tools()
        made = {path.name: digest(path) for path in sorted(self.work.iterdir())}
        changed = [name for name, sha256 in made.items() if not (self.out / name).is_file() or digest(self.out / name) != sha256]
        if changed:
            # until the new manifest stands, the next build takes nothing for granted
            (self.out / MANIFEST).unlink(missing_ok=True)
        for name in changed:
            try:
                os.replace(self.work / name, self.out / name)
            except PermissionError as error:  # Windows, while Excel has the file open
                raise TablesError(f"{self.out / name} cannot be replaced: close the program that has it open and run again") from error
        self.changed = changed
        return made

    def _for_other_tools(self) -> None:
        self.left_out = workbook.write_workbook(self.work / workbook.NAME, self._rows, self._written)
        (self.work / datapackage.NAME).write_text(datapackage.text(), encoding="utf-8", newline="\n")

    def _written(self, table: str) -> Iterator[tuple]:
        with pq.ParquetFile(self.work / f"{table}.parquet") as file:
            for batch in file.iter_batches():
                yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def write(tables: Mapping[str, pd.DataFrame], out: Path) -> list[str]:
    """Write all files of these tables into `out`, whole or not at all; gives those tables that the workbook has no room for."""
    with Writer(out) as writer:
        for table, frame in tables.items():
            writer.append(table, frame)
        writer.commit()
    return writer.left_out


def write_manifest(out: Path, content: dict) -> None:
    temporary = out / f".{MANIFEST}.{os.getpid()}"
    temporary.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(temporary, out / MANIFEST)


def load(processed: str | Path = "data/processed") -> dict[str, pd.DataFrame]:
    """All tables of a folder that `jixiao build` made. Raises TablesError where one is not there or not of this version."""
    folder = Path(processed)
    return {table: _load(folder, table) for table in TABLES}


def _load(folder: Path, table: str) -> pd.DataFrame:
    csv, parquet = folder / f"{table}.csv", folder / f"{table}.parquet"
    if not csv.is_file():
        raise TablesError(f"{csv} is not there: `jixiao build` makes the tables")
    if parquet.is_file():
        try:
            with pq.ParquetFile(parquet) as file:
                made_with = (file.metadata.metadata or {}).get(_MADE_WITH.encode(), b"").decode()
                if made_with == digest(csv):
                    return frames.conform(table, file.read().to_pandas())
        except (pa.ArrowException, frames.FactError):
            pass  # damaged, or of another version: the CSV file is the one that counts
    try:
        return frames.read_csv(table, csv)
    except (frames.FactError, ValueError, KeyError) as error:
        raise TablesError(f"{csv} cannot be read ({error}): `jixiao build` writes it anew") from error
