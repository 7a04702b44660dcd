"""The tables in pieces: reports that stand side by side make one piece, kept in a folder under what it was made of.

A piece holds the rows of its reports in all tables, what the audit finds in each of them, what the checks across reports need of
them, and what they came to. It is made by whichever process has time, once; `merging` puts pieces together. Where a report is added
or taken away, the cuts between the others stay where they were, so that only the piece that it stands in is made again.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from . import institutes
from .cache import Cache
from .facts import TABLES
from .manifest import TablesError
from .rows import Parsed
from .sources import Source, size
from .storage import Folder, is_address
from .summary import BuildSummary
from .twins import fingerprint

if TYPE_CHECKING:
    import pyarrow as pa

MEAN = 512  # reports of a piece: the checks cost as much on one report as on some hundred
MOST = 1024
MOST_BYTES = 64 << 20  # of the files, since a book of 300 pages gives as many rows as a hundred forms
_ROWS = 100  # reports whose rows are Python objects at once
_ABOUT = "piece.json"
_RECENT = 3600.0  # seconds
_ABOUT_FILE = ("ending_disagrees", "page_without_text", "read_by_ocr", "low_resolution", "table_without_rulings", "not_a_report")


@dataclass(frozen=True, slots=True)
class Batch:
    """The sources of a piece, and the name under which the piece is kept: it changes with them and with what reads them."""

    key: str
    sources: tuple[Source, ...]


def batches(sources: Iterable[Source], version: str) -> list[Batch]:
    """`sources`, which stand by report_id, cut into pieces. `version` says what reads them."""
    found: list[Batch] = []
    batch: list[Source] = []
    held = 0
    for source in sources:
        batch.append(source)
        held += size(source)
        # where to cut is told by the report itself, not by how many stand before it
        if zlib.crc32(source.report_id.encode()) % MEAN == 0 or len(batch) >= MOST or held >= MOST_BYTES:
            found.append(_batch(batch, version))
            batch, held = [], 0
    return [*found, _batch(batch, version)] if batch else found


def _batch(sources: list[Source], version: str) -> Batch:
    told = json.dumps([version, [[source.name, source.report_id, source.content] for source in sources]], ensure_ascii=False)
    return Batch(hashlib.sha256(told.encode()).hexdigest()[:32], tuple(sources))


class Pieces:
    """A folder of pieces."""

    def __init__(self, folder: Folder):
        self.folder = folder

    def has(self, key: str) -> bool:
        """Whether a piece is there, whole, and need not be made again: no file of it failed for a reason that may have passed."""
        try:
            about = self.about(key)
            return about["summary"]["complete"] and about["bytes"].items() <= self.folder.sizes(key).items()
        except (OSError, ValueError, KeyError, TypeError):
            return False

    def about(self, key: str) -> dict[str, Any]:
        """What a piece came to (see `make`). Raises OSError where there is no such piece."""
        return json.loads(self.folder.read(f"{key}/{_ABOUT}"))

    def rows(self, key: str, table: str, columns: list[str] | None = None) -> pa.Table:
        """The rows of a table, or of what was gathered for a check, in a piece. Raises TablesError, and forgets a piece that is damaged."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        name = f"{key}/{table}.parquet"
        try:
            with self.folder.open(name) as file:
                return pq.read_table(file, columns=columns)
        except (pa.ArrowException, OSError) as error:
            self.folder.remove(f"{key}/{_ABOUT}")
            raise TablesError(f"{self.folder / name} cannot be read ({error}): run again, and it is made anew") from error

    def keep(self, key: str, tables: Mapping[str, pa.Table], about: dict[str, Any]) -> None:
        """Keep a piece: what it came to is written last, so that a piece is whole or not there."""
        import pyarrow.parquet as pq

        sizes = {}
        for table, rows in tables.items():
            data = BytesIO()
            pq.write_table(rows, data, compression="zstd")
            self.folder.write(f"{key}/{table}.parquet", data.getbuffer())
            sizes[f"{table}.parquet"] = data.tell()
        self.folder.write(f"{key}/{_ABOUT}", json.dumps(about | {"bytes": sizes}, ensure_ascii=False).encode())

    def tidy(self, keys: Iterable[str]) -> None:
        """Remove all pieces but these, and those that another build may be making or about to merge."""
        wanted = set(keys)
        for name in self.folder.names():
            if name not in wanted and self.folder.age(name) > _RECENT:
                self.folder.remove(name)


@dataclass(frozen=True, slots=True)
class Making:
    """What pieces are made with, and where they are kept.

    `cache` holds what was parsed (None: nothing that other machines reach), `names` brings institutes' names together, and `seconds`
    is what a file may take (None: see `workers`).
    """

    pieces: Pieces
    cache: Cache | None
    names: Mapping[str, str]
    seconds: float | None = None


def make(batch: Batch, pieces: Pieces, cache: Cache, names: Mapping[str, str], failures: Mapping[str, Parsed]) -> dict[str, Any]:
    """Make the piece of a batch from the cache, and keep it; `failures` are the rows of what is not in the cache, by name.

    Returns what it came to: `summary` (a BuildSummary without its beginning and end) and `fingerprints`, [report_id, fingerprint] each.
    """
    import pandas as pd
    import pyarrow as pa

    from . import audit, frames

    summary = BuildSummary("", "")
    prints, parts = [], []
    for start in range(0, len(batch.sources), _ROWS):
        some = []
        for source in batch.sources[start : start + _ROWS]:
            # an entry that went missing or bad since it was found is parsed again here: there was one, so the file does no harm
            found = failures.get(source.name) or cache.load(source.name, source.content or "") or parse(source)
            some.append(labelled(found, source, names))
            _count(found, summary)
            if (told := fingerprint(found)) is not None:
                prints.append([source.report_id, told])
        parts.append(frames.to_frames(some))
    tables = {table: pd.concat([part[table] for part in parts], ignore_index=True) for table in TABLES}
    for table, frame in zip(("findings", "checks"), audit.audit_each(tables), strict=True):
        tables[table] = frames.conform(table, frame)
    summary.tally(tables)
    kept = {**tables, **audit.gathered(tables)}
    about = {"summary": summary.to_json(), "fingerprints": prints}
    pieces.keep(batch.key, {name: pa.Table.from_pandas(frame, preserve_index=False) for name, frame in kept.items()}, about)
    return about


def parse(source: Source) -> Parsed:
    """The rows of a source. Where its file is not, or no longer, what was found in the folder, they hold for this build alone."""
    from .parsing import parse_file

    result = parse_file(source.path, source.name)
    sha256 = result.rows["reports"][0]["sha256"]
    if is_address(source.path):  # what a store says of a version is no digest
        result.transient |= sha256 is None and source.content is not None
    else:
        result.transient |= sha256 != source.content
    return result


def labelled(parsed: Parsed, source: Source, names: Mapping[str, str]) -> Parsed:
    """`parsed` with what the build calls the report, and its institute by the table of names."""
    parsed.report_id = source.report_id
    parsed.institute = institutes.institute_of(parsed.institute, names)
    return parsed


def _count(parsed: Parsed, summary: BuildSummary) -> None:
    summary.read += parsed.has_facts
    summary.complete &= not parsed.transient
    report = parsed.rows["reports"][0]
    summary.cell(parsed.report_id, report["figure_cells_taken"], report["figure_cells"])
    for issue in parsed.rows.get("issues", ()):
        summary.issues[issue["code"]] = summary.issues.get(issue["code"], 0) + 1
        if not parsed.has_facts or issue["code"] in _ABOUT_FILE:
            summary.problems.append([parsed.source_file, issue["message"]])
