"""One file → its rows. Whatever happens to a file stays with that file: this never raises for what a file holds.

A broken declaration is no file's fault: it stops the program before good tables are replaced by empty ones.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from pathlib import Path

from . import extract, readers
from .document import Document, Place, ReadingError
from .extract import scanned
from .facts import Issue, Report
from .layouts import LayoutError
from .rows import Parsed, parsed
from .storage import on_disk
from .vocabulary import VocabularyError

# how libraries in C++ (onnxruntime, OpenCV) and threads say that there is no memory left
_NO_MEMORY = re.compile(r"bad_alloc|bad allocation|insufficient memory|failed to allocate|can't start new thread", re.IGNORECASE)


def parse_file(path: str | Path, name: str) -> Parsed:
    """The rows of the file at `path` (or at an address), called `name` in its places. What is wrong with it becomes an issue."""
    try:
        with on_disk(path) as file:
            data, _ = readers.file_bytes(file)
    except ReadingError as error:  # a member of an archive that cannot be unpacked
        return failed(name, error.code, str(error))
    except OSError as error:
        reason = error.strerror or str(error)
        return failed(name, "unreadable_file", f"the file cannot be opened ({reason}): close it elsewhere or mend its permissions")
    except MemoryError:
        return out_of_memory(name)
    return parse_bytes(data, name)


def parse_bytes(data: bytes, name: str) -> Parsed:
    """The rows of a file's bytes; see `parse_file`."""
    sha256 = hashlib.sha256(data).hexdigest()
    form = None
    try:
        document = readers.read(data, name)
        form = document.format
        found = extract.extract(document)
        found.report.source_format = found.report.source_format or form
        found.report.sha256 = sha256
        found.report.pages = document.pages
        issues = [*_about_file(document, bool(found.facts)), *found.issues]
        return parsed(name, found.report, found.facts, issues, found.institute, found.fiscal_year)
    except ReadingError as error:
        # a reader takes whatever goes wrong for damage, and so would one who has the file fetched again
        return out_of_memory(name, sha256, form) if _no_memory(error) else failed(name, error.code, str(error), sha256, form)
    except RecursionError:
        return failed(name, "nested_too_deeply", "the file nests its parts too deeply to be read: save it anew and try again", sha256, form)
    except (LayoutError, VocabularyError, tomllib.TOMLDecodeError):
        raise
    except Exception as error:
        if _no_memory(error):
            return out_of_memory(name, sha256, form)
        where = _where(error)
        message = f"a fault of jixiao at {where} ({type(error).__name__}: {error}): report it together with the file"
        return failed(name, "parser_fault", message, sha256, form)


def failed(name: str, code: str, message: str, sha256: str | None = None, form: str | None = None, transient: bool = False) -> Parsed:
    """The rows of a file that gave nothing: one in `reports`, one in `issues`."""
    report = Report(source_file=name, source_format=form, sha256=sha256)
    return parsed(name, report, issues=[Issue(code=code, place=Place(name), message=message)], transient=transient)


def out_of_memory(name: str, sha256: str | None = None, form: str | None = None) -> Parsed:
    message = "memory ran out while the file was read: split the file, or close other programs and run with --jobs 1"
    return failed(name, "out_of_memory", message, sha256, form, transient=True)


def _about_file(document: Document, has_facts: bool) -> list[Issue]:
    """What there is to say about the file as a whole."""
    issues = []
    name = document.name
    if readers.ending_disagrees(name, document.format):
        message = f"the file is {document.format.upper()} by its content, not what its ending says; it was read as that: rename it"
        issues.append(Issue(code="ending_disagrees", place=Place(name), message=message))
    issues += [Issue(code=note.code, place=note.place, message=note.message) for note in document.notes]
    issues += scanned.doubts(document)
    for page in document.unread_pages:
        message = (
            "the page is a picture in which no text was found: replace the file by one with text, or type the page's figures in by hand"
        )
        issues.append(Issue(code="page_without_text", place=Place(name, page=page), message=message))
    if not has_facts and (document.blocks or not document.unread_pages):
        message = "nothing of a report was found in the file: remove it, or see with `jixiao read` and `jixiao explain` what it holds"
        issues.append(Issue(code="not_a_report", place=Place(name), message=message))
    return issues


def _no_memory(error: BaseException | None) -> bool:
    """Whether an error is of memory, or came of one."""
    while error is not None:
        if isinstance(error, MemoryError) or _NO_MEMORY.search(str(error)):
            return True
        error = error.__cause__ or error.__context__
    return False


def _where(error: Exception) -> str:
    """The innermost spot of this library that the error came through, for the person who mends it."""
    home = Path(__file__).parent
    spot, trace = "an unknown place", error.__traceback__
    while trace:
        path = Path(trace.tb_frame.f_code.co_filename)
        if path.is_relative_to(home):
            spot = f"{path.relative_to(home).as_posix()}:{trace.tb_lineno}"
        trace = trace.tb_next
    return spot
