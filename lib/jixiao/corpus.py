"""A folder of reports → the folder of tidy tables.

What was parsed before comes out of the cache; one bad file never stops the others; the old tables stay whole until the
new ones stand complete beside them. Reports go to disk in pieces (see `pieces`), which are then merged table by table (see
`merging`): memory does not grow with their number, and a build that was stopped goes on where it stopped.
"""

from __future__ import annotations

import shutil
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from . import accepted, institutes, pieces, twins
from .cache import Cache, digest, parser_version
from .facts import TABLES
from .manifest import TablesError, content, unchanged
from .pieces import Batch, Pieces
from .sources import at, find
from .storage import Folder
from .summary import BuildSummary
from .workers import Pool, Work, default_jobs

# pandas, pyarrow and the readers are loaded inside the functions that need them: a build with nothing to do needs none

if TYPE_CHECKING:
    import pandas as pd

_MERGE, _ACROSS = "jixiao.merging:merge", "jixiao.merging:across"
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
) -> BuildSummary:
    """Parse the reports under `raw` into the tables of `out`.

    Beside `raw`, `institutes.csv` may bring the names of institutes together (see `institutes`), and `accepted.csv` may list findings
    that a person has accepted (see `accepted`). `jobs` is the number of processes
    that parse (None: what pays; 0: none, all is parsed in this one, without limits), `cache` the folder of what was parsed before
    (None: `.cache` beside `out`), `seconds` what a file may take (None: see `workers`). Raises TablesError where `raw` holds no
    reports or `out` cannot be written, EditedError for a wrong table of names or of accepted findings.
    """
    start = time.perf_counter()
    raw, out = Path(raw), Path(out)
    if not raw.is_dir():
        raise TablesError(f"{raw} is not a folder: put the reports into a folder and name it, or run this where data/raw is")
    sources = find(raw)
    if not sources:
        raise TablesError(f"there are no reports in {raw}: put PDF or Word files there and run again")
    beside = raw.resolve().parent
    names = institutes.read_names(beside / institutes.FILE)
    entries = accepted.read_entries(beside / accepted.FILE)
    version = _version(beside / institutes.FILE, beside / accepted.FILE)
    if (done := unchanged(out, version, sources)) is not None:
        return done.again(time.perf_counter() - start)
    kept = Cache(cache or out.resolve().parent / ".cache", parser_version())
    held = Pieces(Folder(kept.folder / "pieces"))
    batches = pieces.batches(sources, _version(beside / institutes.FILE))
    summary = BuildSummary(str(raw), str(out), files=len(sources))
    with Pool(default_jobs(len(sources)) if jobs is None else jobs) as pool:
        summary.parsed = _make_missing(pool, batches, held, kept, names, seconds, progress)
        outputs = _merge_all(pool, batches, held, entries, out, summary)
    summary.seconds = round(time.perf_counter() - start, 3)
    from . import store

    store.write_manifest(out, content(version, sources, outputs, summary))
    held.tidy(batch.key for batch in batches)
    kept.tidy()
    return summary


def _version(*edited: Path) -> str:
    """What may change the tables besides the reports: the parser, and the tables that users edit."""
    return "+".join([parser_version(), *(f"{path.name}:{digest(path)[:16]}" for path in edited if path.is_file())])


def _make_missing(
    pool: Pool, batches: list[Batch], held: Pieces, kept: Cache, names: dict[str, str], seconds: float | None, progress: bool
) -> int:
    """Make the pieces that are not there; gives the number of files that were parsed for it."""
    from tqdm import tqdm

    work = Work(pool, [batch for batch in batches if not held.has(batch.key)], held, kept, names, seconds)
    bar = tqdm(work, "parsing", total=work.missing, unit="report", disable=not (progress and work.missing), file=sys.stderr, ascii=None)
    for _ in bar:
        pass
    return work.missing


def _merge_all(
    pool: Pool, batches: list[Batch], held: Pieces, entries: list[accepted.Entry], out: Path, summary: BuildSummary
) -> dict[str, str]:
    """Merge the pieces into the tables of `out`, and add up what they came to; gives the files that were written and their digests."""
    from . import audit, merging, store

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
        pool.map(_ACROSS, [(whole, code, found) for code in audit.ACROSS])
        merged = pool.map(_MERGE, [(whole, table, summary.rows[table], work.folder, found) for table in TABLES])
        for table, result in zip(TABLES, merged, strict=True):
            summary.rows[table] = result.rows
            summary.findings |= result.severities
            summary.expired += [text for _, text in sorted(result.expired)]
        summary.by_year_only = [table for table, rows in summary.rows.items() if rows > store.MOST_ROWS]
        shutil.rmtree(found)
        summary.left_out = store.for_other_tools(work.folder, summary.rows)
        outputs = work.commit()
        summary.written = work.changed
    return outputs
