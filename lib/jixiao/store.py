"""The folder of tidy tables: written whole or not at all, and read back.

Up to `MOST_ROWS` rows, a table is a CSV file (tracked, the one that counts) and a Parquet file; whatever its size, it is a Parquet
dataset by fiscal year under `by_year/`, of which a reader takes the years and columns that it needs. Both kinds of Parquet file are
typed, and made with the CSV file that `build.json` names: an edited or updated CSV file is never hidden by them.
Beside them stand a workbook of all tables and `datapackage.json`, which describes the CSV files.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from . import datapackage, frames, workbook
from .cache import digest
from .facts import TABLES
from .manifest import NAME as MANIFEST
from .manifest import TablesError
from .storage import Folder, is_address
from .stored import BY_YEAR, YEAR, Stored, outputs

MOST_ROWS = workbook.ONE_FILE  # Excel, which most CSV files are opened with, takes hardly more
_GROUP = 1 << 16  # rows that are written to a Parquet file together
_WORK = ".new-"
_STALE_SECONDS = 3600


class TableWriter:
    """Writes one table piece by piece into a folder: as one file of each kind, or by year, or both. To be used as a context."""

    def __init__(self, folder: Path, table: str, single: bool = True, by_year: bool = True):
        self.folder, self.table = folder, table
        self._schema = pa.Schema.from_pandas(frames.empty(table), preserve_index=False)
        self._split = by_year
        self._csv = open(folder / f"{table}.csv", "w", encoding="utf-8", newline="") if single else None  # noqa: SIM115 (__exit__ closes it)
        self._single = pq.ParquetWriter(folder / f"{table}.parquet", self._schema) if single else None
        self._held: dict[int | None, list[pa.Table]] = {}  # rows of each year that wait to be written together
        self._years: dict[int | None, pq.ParquetWriter] = {}
        if self._csv:
            self._csv.write(",".join(self._schema.names) + "\n")

    def __enter__(self) -> TableWriter:
        return self

    def append(self, rows: pd.DataFrame | pa.Table) -> None:
        """Rows of the table, in the order in which they are to stand."""
        if isinstance(rows, pd.DataFrame):
            rows = pa.Table.from_pandas(rows, preserve_index=False)
        rows = rows.cast(self._schema)
        if self._csv:
            self._csv.writelines(frames.csv_lines(rows))
        if self._single and len(rows):
            self._single.write_table(rows)
        for year, of_year in _by_year(rows) if self._split else ():
            held = self._held.setdefault(year, [])
            held.append(of_year)
            if sum(map(len, held)) >= _GROUP:
                self._flush(year)

    def _flush(self, year: int | None) -> None:
        rows = pa.concat_tables(self._held.pop(year))
        if year not in self._years:
            path = _part(self.folder / BY_YEAR / self.table, self._schema, year)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._years[year] = pq.ParquetWriter(path, rows.schema, compression="zstd")
        self._years[year].write_table(rows)

    def __exit__(self, *_: object) -> None:
        for year in list(self._held):
            self._flush(year)
        for writer in (*self._years.values(), self._single, self._csv):
            if writer is not None:
                writer.close()


def _by_year(rows: pa.Table) -> Iterator[tuple[int | None, pa.Table]]:
    """The rows of each year without the column of it, which its folder tells; `issues` has no years."""
    if YEAR not in rows.column_names:
        yield None, rows
        return
    rest = rows.drop_columns([YEAR])
    for year in sorted(pa.compute.unique(rows[YEAR]).to_pylist(), key=lambda year: (year is None, year)):
        mask = pa.compute.is_null(rows[YEAR]) if year is None else pa.compute.equal(rows[YEAR], year)
        yield year, rest.filter(mask)


def _part(folder: Path, schema: pa.Schema, year: int | None) -> Path:
    if YEAR not in schema.names:
        return folder / "part-0.parquet"
    return folder / f"{YEAR}={'__HIVE_DEFAULT_PARTITION__' if year is None else year}" / "part-0.parquet"


class Workplace:
    """A folder in which new tables are made, beside the old ones where these are on this machine; `commit` moves them to their places.

    Use as a context: without a commit, whatever the reason, the old tables stay as they are.
    """

    def __init__(self, out: Folder):
        self.out = out
        if not out.address:
            out.place.mkdir(parents=True, exist_ok=True)
            for left in out.place.glob(_WORK + "*"):  # of a build that was killed
                if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                    shutil.rmtree(left, ignore_errors=True)
        self.folder = Path(tempfile.mkdtemp(prefix=_WORK, dir=None if out.address else out.place))
        self.changed: list[str] = []  # what was not as it was: files, and the folder of the tables by year as a whole

    def __enter__(self) -> Workplace:
        return self

    def __exit__(self, _: object, error: BaseException | None, *__: object) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)
        if isinstance(error, OSError) and error.strerror:  # of a full disk, which does not say where
            error.filename = error.filename or str(self.out)

    def commit(self) -> dict[str, str]:
        """Move what stands in the folder into place; returns {file name: sha256}. Files that came out as they were stay untouched."""
        made = {path.relative_to(self.folder).as_posix(): digest(path) for path in sorted(self.folder.rglob("*")) if path.is_file()}
        there = self._there(made)
        changed = [name for name, sha256 in made.items() if there.get(name) != sha256]
        # a table that has grown too large is no file any more, and a year may go
        gone = [name for name in there if name not in made and _is_of_table(name)]
        if changed or gone:
            # until the new manifest stands, the next build takes nothing for granted
            self.out.remove(MANIFEST)
        for name in changed:
            self._move(name)
        for name in gone:
            self.out.remove(name)
        split = [BY_YEAR] if any(name.startswith(BY_YEAR) for name in changed) else []
        self.changed = [name for name in changed if not name.startswith(BY_YEAR)] + split
        return made

    def _there(self, made: Collection[str]) -> dict[str, str]:
        """The files in their places, with what tells their content."""
        if self.out.address:  # what a store says of a version is no digest: the last build's word for those that are there
            held = outputs(self.out)
            return {name: held.get(name, "") for name in self.out.files()}
        # nothing else that stands there is looked at: it may be what another build is making
        paths = [path for path in (*self.out.place.glob("*"), *(self.out.place / BY_YEAR).rglob("*")) if path.is_file()]
        names = {path.relative_to(self.out.place).as_posix(): path for path in paths}
        return {name: digest(path) for name, path in names.items() if name in made or _is_of_table(name)}

    def _move(self, name: str) -> None:
        if self.out.address:
            self.out.put(name, self.folder / name)
            return
        target = self.out.place / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(self.folder / name, target)
        except PermissionError as error:  # Windows, while Excel has the file open
            raise TablesError(f"{target} cannot be replaced: close the program that has it open and run again") from error


def _is_of_table(name: str) -> bool:
    table, _, ending = name.rpartition(".")
    return (table in TABLES and ending in ("csv", "parquet")) or (name.startswith(f"{BY_YEAR}/") and ending == "parquet")


def write_workbook(folder: Path, counts: Mapping[str, int]) -> list[str]:
    """Write the workbook of the tables in `folder`, which have so many rows; gives those that it has no room for."""
    return workbook.write_workbook(folder / workbook.NAME, counts, lambda table: _written(folder, table))


def write_package(folder: Path) -> None:
    """Describe the CSV files of `folder` to other programs."""
    single = [table for table in TABLES if (folder / f"{table}.csv").is_file()]
    (folder / datapackage.NAME).write_text(datapackage.text(single), encoding="utf-8", newline="\n")


def _written(folder: Path, table: str) -> Iterator[tuple]:
    with pq.ParquetFile(folder / f"{table}.parquet") as file:
        for batch in file.iter_batches():
            yield from zip(*(column.to_pylist() for column in batch.columns), strict=True)


def write(tables: Mapping[str, pd.DataFrame] | Iterable[tuple[str, pd.DataFrame]], out: Path) -> list[str]:
    """Write these tables into `out` as files to pass on, whole or not at all; gives those that the workbook has no room for.

    One of more than `MOST_ROWS` rows becomes files by year alone. Pairs are asked for one after the other, and none is kept.
    """
    counts = {}
    with Workplace(Folder(out)) as work:
        for table, frame in tables.items() if isinstance(tables, Mapping) else tables:
            counts[table], single = len(frame), len(frame) <= MOST_ROWS
            with TableWriter(work.folder, table, single=single, by_year=not single) as writer:
                writer.append(frame)
        left_out = write_workbook(work.folder, counts)
        write_package(work.folder)
        work.commit()
    return left_out


def load(processed: str | Path = "data/processed") -> dict[str, pd.DataFrame]:
    """All tables of a folder that `jixiao build` made. Raises TablesError where one is not there or not of this version."""
    with fetched(processed) as folder:
        stored = Stored(folder)
        return {table: stored.read(table) for table in TABLES}


@contextmanager
def fetched(processed: str | Path) -> Iterator[Path]:
    """The folder of tables on this machine, a copy of it where it is an address."""
    if not is_address(processed):
        yield Path(processed)
        return
    with tempfile.TemporaryDirectory(prefix="jixiao-") as copy:
        Folder(processed).get(Path(copy))
        yield Path(copy)


def read(folder: Path, table: str, columns: Collection[str] | None = None, years: Collection[int] | None = None) -> pd.DataFrame:
    """A table, or only these columns and fiscal years of it; see `Stored.read`."""
    return Stored(folder).read(table, columns, years)
