"""The `jixiao` command. Says what is wrong and what to do instead of a traceback; what is no fault of its user is raised."""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
from collections.abc import Callable
from pathlib import Path

from .ending import as_interrupts, status

# each command loads what it needs: `build` with nothing to do answers before pandas would be loaded

FAILED, WRONG_USE, STOPPED = 1, 2, 3
MOST_FILES = 40
SEVERITIES = ("high", "medium", "low")
FORMATS = ("html", "docx", "pdf")
TABLES = "folder of the tables (data/processed)"
CHECK_STATUS = (
    "Exit status: 0 where nothing is found that --fail-on names (always without it), 3 where something is, 1 where the tables cannot be "
    "read, 2 for a wrong use. Findings accepted in data/accepted.csv are listed and counted but never fail; --severity says what is "
    "listed, not what fails."
)


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit status: 0, 1 where nothing could be read or written, 2 for a wrong use.

    `check` ends with 3 where a finding holds up what `--fail-on` gates.
    """
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # a Windows console may still have another encoding
            stream.reconfigure(encoding="utf-8", errors="replace")
    options = _parser().parse_args(arguments)
    try:
        with as_interrupts():
            return options.run(options)
    except KeyboardInterrupt as stop:
        with contextlib.suppress(OSError):  # the terminal may be closed
            print("\nstopped; what was written before is as it was", file=sys.stderr)
        return status(stop)
    except BrokenPipeError:  # `jixiao read … | head`
        sys.stderr.close()
        return 0
    except Exception as error:
        from .layouts import LayoutError
        from .vocabulary import VocabularyError

        if isinstance(error, (LayoutError, VocabularyError)):  # whoever adds a layout meets these
            return _complain(f"a declaration is wrong: {error}", FAILED)
        raise


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="jixiao", description="Performance self-evaluation reports (绩效自评报告) as tables and briefings."
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    build = commands.add_parser("build", help="parse the reports of a folder into the tidy tables")
    build.add_argument("raw", nargs="?", default="data/raw", metavar="RAW", help="folder of the reports (data/raw), or s3://bucket/folder")
    build.add_argument("--out", default="data/processed", metavar="DIR", help="folder of the tables (data/processed), or s3://…")
    build.add_argument("--jobs", type=_positive, metavar="N", help="processes that parse (as many as pay)")
    build.add_argument("--engine", choices=("local", "dask"), default="local", help="dask: the workers of a Dask cluster parse (local)")
    build.add_argument("--scheduler", metavar="ADDRESS", help="of the Dask cluster (workers on this machine)")
    build.add_argument("--seconds", type=_positive, metavar="N", help="what a file may take (300, and more for a large one)")
    build.set_defaults(run=_build)

    brief = commands.add_parser("brief", help="run the notebooks on the tables and write readable briefings")
    brief.add_argument("--year", type=int, metavar="Y", help="only this year (all)")
    brief.add_argument("--institute", metavar="NAME", help="only this institute (all)")
    brief.add_argument("--language", nargs="+", choices=("zh", "en"), default=["zh", "en"], help="languages of the briefings (zh en)")
    brief.add_argument("--format", nargs="+", choices=FORMATS, default=FORMATS, help="formats beside HTML (html docx pdf)")
    brief.add_argument("--out", default="briefings", type=_folder, metavar="DIR", help="folder of the briefings (briefings)")
    brief.add_argument("--processed", default="data/processed", type=Path, metavar="DIR", help=TABLES)
    brief.add_argument("--raw", type=Path, metavar="RAW", help="folder of the reports, for the evidence (raw, beside the tables)")
    brief.add_argument("--rules", metavar="NAME", help="rule set of the comparable scores, or a TOML file of one (quwo-2021)")
    brief.add_argument("--jobs", type=_positive, metavar="N", help="pages made at a time (as many as processors)")
    brief.set_defaults(run=_brief)

    site = commands.add_parser("site", help="write a site to browse: all briefings, notebooks, findings and data, for any browser, offline")
    site.add_argument(
        "--language", nargs="+", choices=("zh", "en"), default=["zh", "en"], help="its languages, that of index.html first (zh en)"
    )
    site.add_argument("--out", default="site", type=_folder, metavar="DIR", help="folder of the site (site)")
    site.add_argument("--processed", default="data/processed", type=Path, metavar="DIR", help=TABLES)
    site.add_argument("--raw", type=Path, metavar="RAW", help="folder of the reports, for the evidence (raw, beside the tables)")
    site.add_argument("--rules", metavar="NAME", help="rule set of the comparable scores, or a TOML file of one (quwo-2021)")
    site.add_argument("--jobs", type=_positive, metavar="N", help="pages made at a time (as many as processors)")
    site.set_defaults(run=_site)

    check = commands.add_parser("check", help="list what the audit found, and what it could not look at", epilog=CHECK_STATUS)
    check.add_argument("processed", nargs="?", default="data/processed", type=Path, metavar="PROCESSED", help=TABLES)
    check.add_argument("--report", nargs="+", default=[], metavar="ID", help="only these reports (all)")
    check.add_argument("--check", nargs="+", default=[], metavar="CODE", help="only these checks (all)")
    check.add_argument("--severity", nargs="+", default=[], choices=SEVERITIES, help="list only findings of these severities (all)")
    check.add_argument("--fail-on", choices=SEVERITIES, help="exit status 3 for a finding as grave as this, or graver, not accepted")
    check.add_argument("--to-accept", action="store_true", help="print the findings as lines for data/accepted.csv instead")
    check.set_defaults(run=_check)

    evidence = commands.add_parser("evidence", help="write a page a report: each finding beside the spots of the source")
    evidence.add_argument("report", nargs="*", metavar="REPORT", help="reports, as they are called in the tables (report_id)")
    evidence.add_argument("--all", action="store_true", help="every report, also those without findings")
    evidence.add_argument("--language", choices=("zh", "en"), default="zh", help="language of the pages (zh)")
    evidence.add_argument("--out", default="evidence", type=_folder, metavar="DIR", help="folder of the pages (evidence)")
    evidence.add_argument("--raw", type=Path, metavar="RAW", help="folder of the reports (raw, beside the tables)")
    evidence.add_argument("--processed", default="data/processed", type=Path, metavar="DIR", help=TABLES)
    evidence.set_defaults(run=_evidence)

    read = commands.add_parser("read", help="show what the program sees of a file, block by block")
    read.add_argument("file", type=Path, metavar="FILE")
    read.set_defaults(run=_read)

    explain = commands.add_parser("explain", help="list the labels of a file that are not known, with a declaration to paste")
    explain.add_argument("file", type=Path, metavar="FILE")
    explain.set_defaults(run=_explain)
    return parser


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{number} is too small: the number starts at 1")
    return number


def _folder(text: str) -> Path:
    if Path(text).exists() and not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"{text} is a file: name a folder")
    return Path(text)


def _build(options: argparse.Namespace) -> int:
    from .corpus import build
    from .edited import EditedError
    from .manifest import TablesError
    from .storage import is_address

    if not is_address(options.raw) and not Path(options.raw).is_dir():
        return _complain(f"{options.raw} is not a folder: name the folder that holds the reports", WRONG_USE)
    if not is_address(options.out) and Path(options.out).is_file():
        return _complain(f"{options.out} is a file: name a folder for the tables", WRONG_USE)
    if options.scheduler and options.engine != "dask":
        return _complain("--scheduler is for --engine dask: name that too, or leave the scheduler out", WRONG_USE)
    more = {"seconds": options.seconds, "engine": options.engine, "scheduler": options.scheduler}
    try:
        summary = build(options.raw, options.out, options.jobs, **more)
    except (TablesError, EditedError) as error:
        return _complain(str(error), FAILED)
    except OSError as error:
        return _complain(_reason(error), FAILED)
    print(summary)
    return 0 if summary.read else FAILED


def _brief(options: argparse.Namespace) -> int:
    from .briefing import brief

    more = {"raw": options.raw, "rules": options.rules, "formats": tuple(options.format), "jobs": options.jobs}
    return _written(lambda: brief(options.year, options.institute, options.language, options.out, options.processed, **more))


def _site(options: argparse.Namespace) -> int:
    from .site import site

    more = {"raw": options.raw, "rules": options.rules, "jobs": options.jobs}
    return _written(lambda: site(options.language, options.out, options.processed, **more))


def _written(make: Callable[[], list[Path]]) -> int:
    """Let `make` write its pages, and print which."""
    from .briefing import BriefingError
    from .manifest import TablesError

    start = time.perf_counter()
    try:
        written = make()
    except BriefingError as error:
        print(_list(error.written))
        return _complain(str(error), FAILED)
    except TablesError as error:
        return _complain(str(error), FAILED)
    except ValueError as error:  # a year, an institute, a folder of tables or a rule set that there is not
        return _complain(str(error), WRONG_USE)
    except OSError as error:
        return _complain(_reason(error), FAILED)
    print(f"{_list(written)}\n{time.perf_counter() - start:.1f} s")
    return 0


def _check(options: argparse.Namespace) -> int:
    from . import corpus
    from .gate import Gate, expired
    from .manifest import TablesError

    try:
        gate = Gate(corpus.load(options.processed), options.report, options.check, options.severity)
    except TablesError as error:
        return _complain(str(error), FAILED)
    except ValueError as error:  # a report or a check that there is not
        return _complain(str(error), WRONG_USE)
    for line in gate.to_accept() if options.to_accept else gate.lines(expired=expired(options.processed)):
        print(line)
    if options.fail_on and gate.stops(options.fail_on):
        return _complain(f"there are findings of severity {options.fail_on} or above that are not accepted", STOPPED)
    return 0


def _evidence(options: argparse.Namespace) -> int:
    from . import corpus
    from .evidence import raw_beside
    from .evidence_pages import reports_in, write_pages
    from .manifest import TablesError

    if bool(options.report) == options.all:
        return _complain("name one or more reports, or --all for every report", WRONG_USE)
    try:
        tables = corpus.load(options.processed)
        chosen = reports_in(tables, options.report)
        written = write_pages(tables, chosen, options.raw or raw_beside(options.processed), options.out, options.language)
    except TablesError as error:
        return _complain(str(error), FAILED)
    except ValueError as error:  # a report that there is not
        return _complain(str(error), WRONG_USE)
    except OSError as error:
        return _complain(_reason(error), FAILED)
    print(_list(written))
    return 0


def _list(written: list[Path]) -> str:
    """The files, so many by name as can be looked over; the last one is the index."""
    shown = written if len(written) <= MOST_FILES else [*written[: MOST_FILES - 2], "…", written[-1]]
    return "\n".join(map(str, [*shown, f"{len(written)} files written"]))


def _read(options: argparse.Namespace) -> int:
    from .terminal import lines

    return _of_document(options.file, lines)


def _explain(options: argparse.Namespace) -> int:
    from .explain import explain

    return _of_document(options.file, lambda document: [explain(document)])


def _of_document(path: Path, say) -> int:
    """Print the lines that `say` gives of the document at `path`."""
    from . import readers
    from .document import ReadingError

    if not path.is_file() and "!" not in str(path):  # archive.zip!member.doc
        return _complain(f"{path} is not a file", WRONG_USE)
    try:
        document = readers.read(path)
    except ReadingError as error:
        return _complain(f"{path}: {error}", FAILED)
    except OSError as error:
        return _complain(_reason(error), FAILED)
    for line in say(document):
        print(line)
    return 0


def _reason(error: OSError) -> str:
    return f"{error.filename}: {error.strerror}" if error.filename else str(error)


def _complain(message: str, status: int) -> int:
    print(f"jixiao: {message}", file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
