"""Readers: bytes in, `Document` out. The format is told by what the file contains, never by its ending."""

from __future__ import annotations

import importlib
from pathlib import Path, PurePath

from jixiao.document import Document, ReadingError
from jixiao.readers.archive import file_bytes
from jixiao.readers.formats import NAMES, UNREADABLE, format_of
from jixiao.readers.limits import check_size

__all__ = ["MODULES", "ending_disagrees", "file_bytes", "format_of", "read"]

# the module of each format; imported when a file of that format comes, so that a .doc needs no pdfplumber
MODULES = {
    "pdf": "jixiao.readers.pdf",
    "doc": "jixiao.readers.doc",
    "docx": "jixiao.readers.docx",
    "text": "jixiao.readers.text",
    "xlsx": "jixiao.readers.xlsx",
    "xls": "jixiao.readers.xls",
    "ods": "jixiao.readers.ods",
    "html": "jixiao.readers.html",
    "mhtml": "jixiao.readers.mhtml",
    "rtf": "jixiao.readers.rtf",
    "image": "jixiao.readers.scan",
    "zip": "jixiao.readers.archive",
}

_ENDINGS = {
    **{".pdf": "pdf", ".docx": "docx", ".docm": "docx", ".doc": "doc", ".dot": "doc", ".wps": "doc", ".txt": "text"},
    **{".xlsx": "xlsx", ".xlsm": "xlsx", ".xls": "xls", ".et": "xls", ".ods": "ods", ".mht": "mhtml", ".mhtml": "mhtml"},
    **{".pptx": "pptx", ".ppt": "ppt", ".html": "html", ".htm": "html", ".rtf": "rtf"},
    **{".zip": "zip", ".ofd": "ofd"},
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".gif", ".webp"), "image"),
}


def read(path_or_bytes: str | Path | bytes, name: str | None = None) -> Document:
    """The document in a file or in bytes; `name` is what its places are called by, the file's own name if not given.

    A path `archive.zip!member.doc` is a file in an archive. Raises ReadingError with the code `empty_file`, `damaged_file`,
    `encrypted_file`, `too_large` or `unsupported_format`; for an archive, `archive`: it is read by its members.
    """
    if isinstance(path_or_bytes, bytes):
        data, name = path_or_bytes, name or "unnamed"
    else:
        data, own_name = file_bytes(Path(path_or_bytes))
        name = name or own_name
    check_size(data)
    found = format_of(data)
    if found in MODULES:
        return importlib.import_module(MODULES[found]).read(data, name)
    if found in UNREADABLE:
        message, code = UNREADABLE[found]
        raise ReadingError(message, code)
    raise ReadingError(f"This is {NAMES[found]}, which is not read yet: save it as PDF, DOCX or DOC.", "unsupported_format")


def ending_disagrees(name: str, fmt: str) -> bool:
    """Whether `name` ends like a file of another format than `fmt`, what the file really is."""
    expected = _ENDINGS.get(PurePath(name).suffix.lower())
    return expected is not None and expected != fmt
