"""A folder of reports → the folder of tidy tables.

What was parsed before comes out of the cache; one bad file never stops the others; the old tables stay whole until the
new ones stand complete beside them. Rows go to disk in batches of reports, so memory does not grow with their number.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from . import accepted, institutes
from .cache import Cache, digest, parser_version
from .manifest import TablesError, content, unchanged
from .rows import Parsed, schema
from .sources import Source, at, find
from .summary import BuildSummary
from .twins import Twins

# pandas, pyarrow and the readers are loaded inside the functions that need them: a build with nothing to do needs none

if TYPE_CHECKING:
    import pandas as pd

BATCH = 100  # reports whose rows are in memory at once
AUDITED = 1000  # reports that are audited at once: what the checks cost however few there are is paid once for all of them

_ABOUT_FILE = ("ending_disagrees", "page_without_text", "read_by_ocr", "low_resolution", "table_without_rulings", "not_a_report")
_KEPT = ("findings", "checks")  # a few rows a report, written when all have been audited


def parse(path: str | Path) -> dict[str, pd.DataFrame]:
    """All tables of one file, or of the files in one archive, as `build` would make them of a folder that holds only it.

    A file that cannot be read gives a row in `reports` and an issue that says why. Raises OSError where there is no file.
    """
    from . import audit, frames
    from .parsing import parse_file

    tables = frames.to_frames([_labelled(parse_file(source.path, source.name), source, {}) for source in at(Path(path))])
    found = zip(_KEPT, audit.audit(tables), strict=True)
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
    summary = BuildSummary(str(raw), str(out), files=len(sources))
    failures = _parse_missing(sources, kept, jobs, seconds, progress, summary)
    _write(sources, kept, failures, names, entries, out, summary, version, start)
    kept.tidy()
    return summary


def _version(*edited: Path) -> str:
    """What may change the tables besides the reports: the parser, and the tables that users edit."""
    return "+".join([parser_version(), *(f"{path.name}:{digest(path)[:16]}" for path in edited if path.is_file())])


def _parse_missing(
    sources: list[Source], kept: Cache, jobs: int | None, seconds: float | None, progress: bool, summary: BuildSummary
) -> dict[str, Parsed]:
    """Parse what the cache does not hold into it; returns what could not be kept there, by name."""
    from . import workers

    missing = [source for source in sources if source.sha256 is None or not kept.has(source.name, source.sha256)]
    summary.parsed = len(missing)
    with workers.Work(missing, kept, workers.default_jobs(len(missing)) if jobs is None else jobs, seconds) as work:
        # what writes the tables takes a second to load: meanwhile the processes parse
        from tqdm import tqdm

        from . import frames, store  # noqa: F401

        bar = tqdm(work, "parsing", total=len(missing), unit="report", disable=not (progress and missing), file=sys.stderr, ascii=None)
        return {source.name: result for source, result in bar if result is not None}


def _write(
    sources: list[Source],
    kept: Cache,
    failures: dict[str, Parsed],
    names: dict[str, str],
    entries: list[accepted.Entry],
    out: Path,
    summary: BuildSummary,
    version: str,
    start: float,
) -> None:
    from . import frames, store
    from .parsing import parse_file

    def read(source: Source) -> Parsed:
        # an entry that went missing or bad since it was found is parsed again here: there was one, so the file does no harm
        found = failures.get(source.name) or kept.load(source.name, source.sha256 or "") or parse_file(source.path, source.name)
        return _labelled(found, source, names)

    of_source: dict[Source, str] = {}
    twins = Twins()
    with store.Writer(out) as writer:
        for batch in _batches(sources, dict.fromkeys(sources, ""), BATCH):
            parsed = [read(source) for source in batch]
            of_source |= {source: each.institute or "" for source, each in zip(batch, parsed, strict=True)}
            for each in parsed:
                twins.mark(each)
                _count(each, summary)
            tables = frames.to_frames(parsed)
            for table, frame in tables.items():
                if table not in _KEPT:
                    writer.append(table, frame)
                    _tally(table, frame, summary)
        audited = _audit_all(sources, of_source, read)
        ids = [source.report_id for source in sources]
        audited["findings"], summary.expired = accepted.mark(audited["findings"], entries, ids)
        for table, frame in audited.items():
            writer.append(table, frame)
            _tally(table, frame, summary)
        summary.rows = {table: summary.rows[table] for table in frames.TABLES}
        outputs = writer.commit()
        summary.written, summary.left_out = writer.changed, writer.left_out
        summary.seconds = round(time.perf_counter() - start, 3)
        store.write_manifest(out, content(version, sources, outputs, summary))


def _audit_all(sources: list[Source], of_source: dict[Source, str], read) -> dict[str, pd.DataFrame]:
    """Findings and checks of all reports. The reports of one institute are audited together, whatever the batches."""
    from . import audit, frames

    results = []
    across = audit.Across()
    for batch in _batches(sorted(sources, key=lambda s: (of_source[s], s.report_id)), of_source, AUDITED):
        tables = frames.to_frames([read(source) for source in batch])
        results.append(audit.audit_each(tables))
        across.add(tables)
    found = zip(_KEPT, audit.merged([*results, *across.audit()]), strict=True)
    return {table: frames.conform(table, frame) for table, frame in found}


def _batches(sources: list[Source], group: dict[Source, str], size: int) -> Iterator[list[Source]]:
    """`sources` in runs of about `size`; a named group that stands together is not cut."""
    batch: list[Source] = []
    for source in sources:
        together = batch and group[source] and group[source] == group[batch[-1]]
        if len(batch) >= size and not together:
            yield batch
            batch = []
        batch.append(source)
    yield batch


def _labelled(parsed: Parsed, source: Source, names: dict[str, str]) -> Parsed:
    parsed.report_id = source.report_id
    parsed.institute = institutes.institute_of(parsed.institute, names)
    return parsed


def _count(parsed: Parsed, summary: BuildSummary) -> None:
    summary.read += parsed.has_facts
    summary.complete &= not parsed.transient
    report = parsed.rows["reports"][0]
    if report["figure_cells"]:
        summary.cells[parsed.report_id] = [report["figure_cells_taken"], report["figure_cells"]]
    for issue in parsed.rows.get("issues", ()):
        summary.issues[issue["code"]] = summary.issues.get(issue["code"], 0) + 1
        if not parsed.has_facts or issue["code"] in _ABOUT_FILE:
            summary.problems.append([parsed.source_file, issue["message"]])


def _tally(table: str, frame: pd.DataFrame, summary: BuildSummary) -> None:
    summary.rows[table] = summary.rows.get(table, 0) + len(frame)
    if table not in (*_KEPT, "reports", "issues"):
        numbers = [name for name, dtype in schema(table).items() if dtype == "float64"]
        summary.figures[table] = summary.figures.get(table, 0) + int(frame[numbers].notna().sum().sum())
    if table == "findings":
        kinds = {kind: int((frame["severity"] == kind).sum()) for kind in ("high", "medium", "low")}
        taken = int(frame["accepted"].notna().sum())
        summary.findings = kinds | ({"accepted": taken} if taken else {})
