"""The tables of a folder read back: whole, or only the columns, years and reports that are asked for.

A table by fiscal year counts only where `build.json` knows it and the table's CSV file is the one that was made with it.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from . import frames, manifest
from .cache import digest
from .manifest import TablesError
from .storage import Folder

BY_YEAR = "by_year"
YEAR = "fiscal_year"
_CODED = pa.dictionary(pa.int32(), pa.large_string())
_NULLABLE = {pa.int64(): pd.Int64Dtype(), pa.bool_(): pd.BooleanDtype()}.get


class Stored:
    """The tables in a folder on this machine; what tells which of their files count is read once."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._outputs = outputs(Folder(folder))
        self._data: dict[str, ds.Dataset | None] = {}
        self._whole: dict[str, pd.DataFrame] = {}  # of those that are read from CSV files

    def read(
        self, table: str, columns: Collection[str] | None = None, years: Collection[int] | None = None,
        reports: Collection[str] | None = None,
    ) -> pd.DataFrame:  # fmt: skip
        """A table, or only these columns, fiscal years and reports (`report_id`) of it, by report_id.

        Nothing else is read from disk where the dataset by year is what the table's CSV file says and whole; a CSV file is read once.
        """
        names = [name for name in frames.schema(table) if columns is None or name in columns]
        if table not in self._data:
            self._data[table] = self._by_year(table)
        if (data := self._data[table]) is not None:
            try:
                return _taken(data, table, names, years, reports)
            except (pa.ArrowException, OSError):  # damaged
                self._data[table] = None
        if table not in self._whole:
            self._whole[table] = _read_csv(self.folder, table)
        frame = self._whole[table]
        keep = pd.Series(True, index=frame.index)
        if years is not None and YEAR in frame:
            keep &= frame[YEAR].isin(list(years)).fillna(False).astype(bool)
        if reports is not None:
            keep &= frame["report_id"].isin(list(reports))
        return frame.loc[keep, names].reset_index(drop=True)

    def _by_year(self, table: str) -> ds.Dataset | None:
        """The table by year; None where that is not what its CSV file says."""
        csv = f"{table}.csv"
        parts = [self.folder / name for name in self._outputs if name.startswith(f"{BY_YEAR}/{table}/")]
        if not parts:  # an empty table has none, nor has a folder that an earlier version of the library wrote
            return None
        if (self.folder / csv).is_file():
            if self._outputs.get(csv) != digest(self.folder / csv):
                return None
        elif csv in self._outputs:
            return None
        schema = pa.Schema.from_pandas(frames.empty(table), preserve_index=False)
        texts = [field.name for field in schema if pa.types.is_large_string(field.type)]
        # texts as numbers of distinct texts: of most columns there are few
        schema = pa.schema([field.with_type(_CODED) if field.name in texts else field for field in schema])
        coded = ds.ParquetFileFormat(read_options=ds.ParquetReadOptions(dictionary_columns=texts))
        years = ds.partitioning(pa.schema([(YEAR, pa.int64())]), flavor="hive")
        base = str(self.folder / BY_YEAR / table)
        try:
            return ds.dataset([*map(str, parts)], schema=schema, partitioning=years, partition_base_dir=base, format=coded)
        except (pa.ArrowException, OSError):
            return None


def _taken(data: ds.Dataset, table: str, names: list[str], years: Collection[int] | None, reports: Collection[str] | None) -> pd.DataFrame:
    chosen = pc.scalar(True)
    if years is not None and YEAR in data.schema.names:
        chosen &= ds.field(YEAR).isin(list(years))
    if reports is not None:
        chosen &= ds.field("report_id").isin(pa.array(list(reports), pa.large_string()))
    # by one thread: several take three times the processor's time, waiting for each other's memory
    rows = data.to_table(columns=list(dict.fromkeys(["report_id", *names])), filter=chosen, use_threads=False)
    count, order, taken, column = len(rows), _by_report(rows["report_id"]), {}, None
    for name in names:  # one after the other: in memory stands what was read, and not a second time
        column = _one(rows[name])
        rows = rows.drop_columns([name])
        taken[name] = _series(column if order is None else column.take(order), frames.schema(table)[name])
    del column
    pa.default_memory_pool().release_unused()  # what was needed on the way
    return pd.DataFrame(taken, index=pd.RangeIndex(count), copy=False)


def _one(column: pa.ChunkedArray) -> pa.Array:
    return (column.unify_dictionaries() if pa.types.is_dictionary(column.type) else column).combine_chunks()


def _series(column: pa.Array, dtype: str) -> pd.Series:
    if pa.types.is_dictionary(column.type):
        return pd.Series(pd.array(column.cast(pa.large_string()), dtype=dtype))
    return column.to_pandas(types_mapper=_NULLABLE).astype(dtype)


def _by_report(reports: pa.ChunkedArray) -> pa.Array | None:
    """The order of rows by report, in which each year stands; None where all do."""
    coded = _one(reports)
    places = pc.sort_indices(coded.dictionary).to_numpy()
    ranks = np.empty(len(places), dtype=np.int32)
    ranks[places] = np.arange(len(places), dtype=np.int32)
    of_row = ranks[coded.indices.to_numpy()]
    return None if (of_row[1:] >= of_row[:-1]).all() else pa.array(np.argsort(of_row, kind="stable"))


def outputs(folder: Folder) -> dict[str, str]:
    """The files that the last build wrote into the folder, with their digests; none where that is not known."""
    try:
        return dict(manifest.read(folder)["outputs"])
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _read_csv(folder: Path, table: str) -> pd.DataFrame:
    csv = folder / f"{table}.csv"
    if not csv.is_file():
        raise TablesError(f"{csv} is not there: `jixiao build` makes the tables")
    try:
        return frames.read_csv(table, csv)
    except (frames.FactError, ValueError, KeyError) as error:
        raise TablesError(f"{csv} cannot be read ({error}): `jixiao build` writes it anew") from error
