"""Each format's name, how a document is written in it, and how it is read back."""

from __future__ import annotations

from collections.abc import Callable

from drawn import document, table
from jixiao import readers
from jixiao.document import Document

from . import printed, sheets, written
from .draw import Draw, draw
from .model import Made

WRITERS: dict[str, tuple[str, Callable[[Made, Draw], bytes]]] = {
    "docx": ("docx", written.as_docx),
    "html": ("html", written.as_html),
    "xlsx": ("xlsx", sheets.as_xlsx),
    "text": ("txt", written.as_text),
    "columns": ("txt", written.as_columns),
    "pdf": ("pdf", printed.as_pdf),
    "scan": ("pdf", printed.as_scan),
    "tiff": ("tif", printed.as_tiff),
}
FORMATS = ("drawn", *WRITERS)
CLEAN = ("drawn", "docx", "html", "xlsx", "text", "pdf")


def written_as(made: Made, form: str) -> bytes:
    """The file's bytes, none where it is `drawn`; the same seed gives the same file in content."""
    if form == "drawn":
        return b""
    return WRITERS[form][1](made, draw(f"{made.family}/{form}", made.seed))


def read_as(made: Made, form: str, data: bytes = b"") -> Document:
    """The document as its reader gives it from `data`, what `written_as` gave; `drawn` goes without a file. Raises ReadingError."""
    if form == "drawn":
        number = iter(range(1, 1000))
        return document(*(block if isinstance(block, str) else table(block.rows, next(number)) for block in made.blocks))
    return readers.read(data, f"{made.family}-{made.seed}.{WRITERS[form][0]}")
