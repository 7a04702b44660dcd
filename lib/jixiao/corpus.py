"""A folder of reports → the folder of tidy tables.

What was parsed before comes out of the cache; one bad file never stops the others; the old tables stay whole until the
new ones stand complete beside them. Reports go to disk in pieces (see `pieces`), which are then merged table by table (see
`merging`): memory does not grow with their number, and a build that was stopped goes on where it stopped.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from . import accepted, institutes, pieces
from .cache import Cache, digest, folder_name, parser_version
from .manifest import TablesError, content, unchanged, write
from .pieces import Batch, Making, Pieces
from .sources import at, find
from .storage import Folder, on_disk
from .summary import BuildSummary
from .workers import Pool, Work, default_jobs

# pandas, pyarrow and the readers are loaded inside the functions that need them: a build with nothing to do needs none

if TYPE_CHECKING:
    import pandas as pd

ENGINES = ("local", "dask")
PIECES = "pieces"


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
    raw, out = _places(raw, out, engine)
    sources = find(raw.place)
    if not sources:
        raise TablesError(f"there are no reports in {raw}: put PDF or Word files there and run again")
    with ExitStack() as stack:
        edited = {file: _beside(raw, file, stack) for file in (institutes.FILE, accepted.FILE)}
        names, entries = institutes.read_names(edited[institutes.FILE]), accepted.read_entries(edited[accepted.FILE])
        version = _version(*edited.values())
        if (done := unchanged(out, version, sources)) is not None:
            return done.again(time.perf_counter() - start)
        kept, held = _kept(out, cache, stack)
        batches = pieces.batches(sources, _version(edited[institutes.FILE]))
        todo = [batch for batch in batches if not held.has(batch.key)]
        summary = BuildSummary(str(raw), str(out), files=len(sources))
        making = Making(held, kept, names, seconds)
        with Pool(default_jobs(len(sources)) if jobs is None else jobs) as pool:
            if engine == "dask":
                # what is parsed for an object store is kept on this machine, which the workers need not reach
                making = replace(making, cache=None if out.address else kept)
                summary.parsed = _make_by_dask(todo, making, scheduler, max(1, pool.jobs), progress)
            else:
                summary.parsed = _make_here(pool, todo, making, progress)
            from . import merging

            outputs = merging.merge_all(pool, held, [batch.key for batch in batches], entries, out, summary)
    summary.seconds = round(time.perf_counter() - start, 3)
    write(out, content(version, sources, outputs, summary))
    held.tidy(batch.key for batch in batches)
    kept.tidy()
    return summary


def _places(raw: str | Path, out: str | Path, engine: str) -> tuple[Folder, Folder]:
    """The two folders, if a build can be made of the one into the other."""
    if engine not in ENGINES:
        raise ValueError(f"engine {engine!r}: choose one of {', '.join(ENGINES)}")
    raw, out = Folder(raw), Folder(out)
    if not raw.address and not raw.place.is_dir():
        raise TablesError(f"{raw} is not a folder: put the reports into a folder and name it, or run this where data/raw is")
    if raw.holds(out):
        raise TablesError(f"{out} is in {raw}, so that the next build would take the tables for reports: name a folder beside it")
    # Dask's workers have folders of their own that they run in
    return (raw.absolute, out.absolute) if engine == "dask" else (raw, out)


def _kept(out: Folder, cache: str | Path | None, stack: ExitStack) -> tuple[Cache, Pieces]:
    """Where parsed files and pieces are kept: in an object store the pieces alone, beside the tables."""
    if out.address and cache is None:
        kept = Cache(stack.enter_context(tempfile.TemporaryDirectory(prefix="jixiao-")))
        return kept, Pieces(out.parent / ".cache" / folder_name() / PIECES)
    kept = Cache(Path(cache or out.parent.place / ".cache").absolute())
    return kept, Pieces(Folder(kept.folder) / PIECES)


def _make_here(pool: Pool, todo: list[Batch], making: Making, progress: bool) -> int:
    """Make these pieces in the pool's processes; gives the number of files that were parsed."""
    work = Work(pool, todo, making)
    # what merges takes a second to load: meanwhile the processes parse
    from . import merging  # noqa: F401

    _watch(((source, 1) for source in work), work.missing, progress)
    return work.missing


def _make_by_dask(todo: list[Batch], making: Making, scheduler: str | None, jobs: int, progress: bool) -> int:
    """Make these pieces by Dask; gives the number of files in them."""
    files = sum(len(batch.sources) for batch in todo)
    if todo:
        from . import cluster

        made = cluster.make(todo, making, scheduler, jobs)
        _watch(((batch, len(batch.sources)) for batch in made), files, progress)
    return files


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
