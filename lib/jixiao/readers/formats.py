"""What a file is, told by its content: first bytes, the streams of an OLE file, the members of a zip archive."""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
import zipfile
import zlib
from pathlib import Path
from typing import IO

import olefile

_START = 4096

_BITMAP = b"BM"
# kinds with a signature of their own
_SIGNATURES = (
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (_BITMAP, "image"),
    (b"II*\0", "image"),
    (b"MM\0*", "image"),
    (b"II+\0", "image"),
    (b"MM\0+", "image"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"\xdb\xa5", "word2"),
)
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_SIGNATURES = (b"PK\x03\x04", b"PK\x05\x06")  # the second begins an archive without members
# by streams of an OLE file, by members of a zip archive: the first that is there
_STREAMS = (
    ("EncryptedPackage", "encrypted"),
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
)
_MEMBERS = (
    ("word/", "docx"),
    ("xl/workbook.bin", "xlsb"),
    ("xl/", "xlsx"),
    ("ppt/", "pptx"),
)
_CONTENT_TYPES = "[content_types].xml"  # what tells an Office file from an archive with a folder called word
_ODS = (b"opendocument.spreadsheet", b"<office:spreadsheet")
# the tags that a page, or the part of one that a program exports as .xls or .doc, begins with
_HTML = re.compile(
    r"(?:<\?xml[^>]*>|<!--(?:(?!-->).)*-->|\s)*"
    r"<(?:!doctype html|(?:html|head|body|meta|title|link|style|script|table|div|center|p|h\d)[\s>])",
    re.DOTALL,
)
_HTML_START = 1 << 16  # comments and scripts may stand in front
_MHTML = re.compile(r"(?:[\w-]+:.*\n(?:[ \t].*\n)*)*?mime-version:")

# how a kind that no reader takes is called in a message
NAMES = {
    **{"pptx": "a presentation (.pptx)"},
    **{"ppt": "a presentation (.ppt)", "ofd": "an OFD document", "odf": "an OpenDocument file", "xml": "an XML file"},
    **{"xlsb": "a binary Excel workbook (.xlsb)"},
    **{"rar": "a RAR archive", "7z": "a 7z archive", "gzip": "a gzip archive", "word2": "a document of Word 2 or older"},
    "ole": "an OLE file without a Word document",
}
# kinds that are no format: message and code
UNREADABLE = {
    "empty": ("The file is empty: fetch it again.", "empty_file"),
    "encrypted": ("The document is protected by a password: save it without one.", "encrypted_file"),
    "damaged": ("The file is damaged or incomplete: fetch it again or save it anew as PDF or DOCX.", "damaged_file"),
    "unknown": ("The file is of no kind that is known here: save it as PDF, DOCX or DOC.", "unsupported_format"),
}


def format_of(data: bytes) -> str:
    """The format of a file's content: `pdf`, `doc`, `docx`, `text`, a key of NAMES or one of UNREADABLE."""
    start = data[:_START]
    if not data.removeprefix(codecs.BOM_UTF8).strip():
        return "empty"
    if b"%PDF-" in start[:1024]:
        return "pdf"
    if start.startswith(_OLE_SIGNATURE):
        return _ole_kind(data)
    if start.startswith(ZIP_SIGNATURES):
        return zip_kind(io.BytesIO(data))
    for signature, kind in _SIGNATURES:
        if start.startswith(signature) and not (signature == _BITMAP and not _is_bitmap(data)):
            return kind
    if start.startswith(b"RIFF") and start[8:12] == b"WEBP":
        return "image"
    return _text_kind(data)


def _ole_kind(data: bytes) -> str:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            return next((kind for stream, kind in _STREAMS if ole.exists(stream)), "ole")
    except Exception:  # olefile has no common error for what is wrong in a damaged file
        return "damaged"


def zip_kind(file: Path | IO[bytes]) -> str:
    """The format of a zip container: a document, `zip` for an archive of files, `damaged`."""
    try:
        with zipfile.ZipFile(file) as archive:
            # some programs write other cases, and backslashes
            names = {name.replace("\\", "/").lower(): name for name in archive.namelist()}
            if _CONTENT_TYPES in names:
                return next((kind for member, kind in _MEMBERS if any(name.startswith(member) for name in names)), "zip")
            if "content.xml" in names:
                return _odf_kind(archive, [names[name] for name in ("mimetype", "content.xml") if name in names])
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, OSError, NotImplementedError, RuntimeError):
        return "damaged"
    return "ofd" if "ofd.xml" in names else "zip"


def _odf_kind(archive: zipfile.ZipFile, names: list[str]) -> str:
    for name in names:
        with archive.open(name) as file:
            if any(mark in file.read(_HTML_START) for mark in _ODS):
                return "ods"
    return "odf"


def _is_bitmap(data: bytes) -> bool:
    """BM may also begin a text; a bitmap states its size next."""
    return int.from_bytes(data[2:6], "little") == len(data)


def _text_kind(data: bytes) -> str:
    # imported here because charset-normalizer takes longer to import than most files to read
    from jixiao.readers.text import decode

    # a page in a code page that is not known is still a page, and its reader knows more about encodings
    start = data[:_HTML_START].decode("latin-1").removeprefix("ï»¿").lower()
    if _HTML.match(start):
        return "html"
    if _MHTML.match(start.lstrip().replace("\r\n", "\n")):
        return "mhtml"
    text = decode(data)
    if not text or not _is_written(text):
        return "unknown"
    if not text.strip("\ufeff \t\r\n"):
        return "empty"
    head = text[:_HTML_START].lstrip("\ufeff \t\r\n").lower()
    if _HTML.match(head):
        return "html"
    return "xml" if head.startswith("<?xml") else "text"


def _is_written(text: str) -> bool:
    """Whether nearly all characters are such as people write: no controls, nothing unassigned."""
    odd = sum(1 for char in text if unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs") and char not in "\t\n\r\x0b\x0c")
    return 100 * (odd + text.count("\ufffd")) <= len(text)
