"""A folder of reports → the folder of tidy tables.

What was parsed before comes out of the cache; one bad file never stops the others; the old tables stay whole until the
new ones stand complete beside them. Reports go to disk in pieces (see `pieces`), which are then merged table by table (see
`merging`): memory does not grow with their number, and a build that was stopped goes on where it stopped.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from . import accepted, institutes, pieces, twins
from .cache import Cache, digest, folder_name, parser_version
from .facts import TABLES
from .manifest import TablesError, content, unchanged, write
from .pieces import Batch, Pieces
from .sources import at, find
from .storage import Folder, on_disk
from .summary import BuildSummary
from .workers import Pool, Work, default_jobs

# pandas, pyarrow and the readers are loaded inside the functions that need them: a build with nothing to do needs none

if TYPE_CHECKING:
    import pandas as pd

_MERGE, _ACROSS, _WORKBOOK = "jixiao.merging:merge", "jixiao.merging:across", "jixiao.store:write_workbook"
ENGINES = ("local", "dask")
_MANY = 8  # pieces
_FOUND = "found"  # the folder of what the checks across reports found, while tables are being made


def parse(path: str | Path) -> dict[str, pd.DataFrame]:
    """All tables of one file, or of the files in one archive, as `build` would make them of a folder that holds only it.

    A file that cannot be read gives a row in `reports` and an issue that says why. Raises OSError where there is no file.
    """
    from . import audit, frames
    from .parsing import parse_file

    tables = frames.to_frames([pieces.labelled(parse_file(source.path, source.name), source, {}) for source in at(Path(path))])
    found = zip(("findings", "checks"), audit.audit(tables), strict=True)
    tables |= {table: frames.conform(table, frame) for table, frame in found}
    frames.check(tables)
    return tables


def load(processed: str | Path = "data/processed") -> dict[str, pd.DataFrame]:
    """The tables that `build` wrote, with their dtypes. Raises TablesError where there are none."""
    from . import store

    return store.load(processed)


def build(
    raw: str | Path = "data/raw",
    out: str | Path = "data/processed",
    jobs: int | None = None,
    progress: bool = True,
    cache: str | Path | None = None,
    seconds: float | None = None,
    engine: str = "local",
    scheduler: str | None = None,
) -> BuildSummary:
    """Parse the reports under `raw` into the tables of `out`; both may be addresses of fsspec (`s3://bucket/folder`).

    Beside `raw`, `institutes.csv` may bring the names of institutes together (see `institutes`), and `accepted.csv` may list findings
    that a person has accepted (see `accepted`). `jobs` is the number of processes (None: what pays; 0: none, all is done in this one,
    without limits), `cache` the folder of what was parsed before (None: `.cache` beside `out`), `seconds` what a file may take
    (None: see `workers`). With the engine "dask" the workers of `scheduler`, an address, parse (None: workers on this machine; see
    `cluster`). Raises TablesError where `raw` holds no reports, `out` cannot be written or there are no workers, EditedError for a
    wrong table of names or of accepted findings.
    """
    start = time.perf_counter()
    if engine not in ENGINES:
        raise ValueError(f"engine {engine!r}: choose one of {', '.join(ENGINES)}")
    raw, out = Folder(raw), Folder(out)
    if engine == "dask":  # its workers have folders of their own that they run in
        raw, out = raw.absolute, out.absolute
    if not raw.address and not raw.place.is_dir():
        raise TablesError(f"{raw} is not a folder: put the reports into a folder and name it, or run this where data/raw is")
    if raw.holds(out):
        raise TablesError(f"{out} is in {raw}, so that the next build would take the tables for reports: name a folder beside it")
    sources = find(raw.place)
    if not sources:
        raise TablesError(f"there are no reports in {raw}: put PDF or Word files there and run again")
    with ExitStack() as stack:
        edited = {file: _beside(raw, file, stack) for file in (institutes.FILE, accepted.FILE)}
        names, entries = institutes.read_names(edited[institutes.FILE]), accepted.read_entries(edited[accepted.FILE])
        version, reading = _version(*edited.values()), _version(edited[institutes.FILE])
        if (done := unchanged(out, version, sources)) is not None:
            return done.again(time.perf_counter() - start)
        if out.address and cache is None:  # pieces are kept in the store; files that were parsed are not
            kept, held = Cache(stack.enter_context(tempfile.TemporaryDirectory(prefix="jixiao-"))), out.parent / ".cache" / folder_name()
        else:
            kept = Cache(Path(cache or out.parent.place / ".cache").absolute())
            held = Folder(kept.folder)
        held = Pieces(held / "pieces")
        batches = pieces.batches(sources, reading)
        todo = [batch for batch in batches if not held.has(batch.key)]
        summary = BuildSummary(str(raw), str(out), files=len(sources))
        jobs = default_jobs(len(sources)) if jobs is None else jobs
        with Pool(jobs) as pool:
            if engine == "dask":
                from . import cluster

                summary.parsed = sum(len(batch.sources) for batch in todo)
                made = cluster.make(todo, held, None if out.address else kept, names, seconds, scheduler, max(1, jobs)) if todo else ()
                _watch(((batch.key, len(batch.sources)) for batch in made), summary.parsed, progress)
            else:
                work = Work(pool, todo, held, kept, names, seconds)
                # what merges takes a second to load: meanwhile the processes parse
                from . import merging, store  # noqa: F401

                summary.parsed = work.missing
                _watch(((source, 1) for source in work), work.missing, progress)
            outputs = _merge_all(pool, batches, held, entries, out, summary)
    summary.seconds = round(time.perf_counter() - start, 3)
    write(out, content(version, sources, outputs, summary))
    held.tidy(batch.key for batch in batches)
    kept.tidy()
    return summary


def _beside(raw: Folder, file: str, stack: ExitStack) -> Path:
    """A table that users edit, as a file on this machine; it need not be there."""
    if not raw.address:
        return raw.parent.place / file
    try:
        return stack.enter_context(on_disk(str(raw.parent / file)))
    except FileNotFoundError:
        return Path(file + " is not there")


def _version(*edited: Path) -> str:
    """What may change the tables besides the reports: the parser, and the tables that users edit."""
    return "+".join([parser_version(), *(f"{path.name}:{digest(path)[:16]}" for path in edited if path.is_file())])


def _watch(done: Iterable[tuple[object, int]], total: int, progress: bool) -> None:
    """Go through what is done, which is so many reports each, with a bar."""
    from tqdm import tqdm

    with tqdm(desc="parsing", total=total, unit="report", disable=not (progress and total), file=sys.stderr, ascii=None) as bar:
        for _, reports in done:
            bar.update(reports)


def _merge_all(
    pool: Pool, batches: list[Batch], held: Pieces, entries: list[accepted.Entry], out: Folder, summary: BuildSummary
) -> dict[str, str]:
    """Merge the pieces into the tables of `out`, and add up what they came to; gives the files that were written and their digests."""
    from . import audit, merging, store, workbook

    prints: list[tuple[str, str]] = []
    for batch in batches:
        about = held.about(batch.key)
        summary.add(BuildSummary(**about["summary"]))
        prints += about["fingerprints"]
    again = twins.second(prints)
    if again:
        summary.issues["same_report"] = len(again)
    whole = merging.Whole(held, tuple(batch.key for batch in batches), again, tuple(entries))
    with store.Workplace(out) as work:
        found = work.folder / _FOUND
        found.mkdir()
        if len(batches) > _MANY:
            pool.rest()  # what the processes held of documents is memory that merging can do with
        pool.run((_ACROSS, whole, code, found) for code in audit.ACROSS)
        rows = {table: merging.rows(whole, table, summary.rows[table], found) for table in TABLES}
        orders = {table: (_MERGE, whole, table, rows[table], work.folder, found) for table in TABLES}
        # those that go into the workbook first: it takes as long to write as the large ones to merge
        small = [table for table in TABLES if rows[table] <= workbook.MOST_ROWS]
        large = [table for table in TABLES if table not in small]
        merged = pool.run(orders[table] for table in small)
        summary.left_out, *more = pool.run([(_WORKBOOK, work.folder, rows), *(orders[table] for table in large)])
        for result in (*merged, *more):
            summary.findings |= result.severities
            summary.expired += [text for _, text in sorted(result.expired)]
        summary.rows = rows
        summary.by_year_only = [table for table in TABLES if rows[table] > store.MOST_ROWS]
        shutil.rmtree(found)
        store.write_package(work.folder)
        outputs = work.commit()
        summary.written = work.changed
    return outputs
