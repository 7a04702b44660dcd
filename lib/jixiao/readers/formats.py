"""What a file is, told by its content: first bytes, the streams of an OLE file, the members of a zip archive."""

from __future__ import annotations

import codecs
import io
import re
import unicodedata
import zipfile

import olefile

_START = 4096

# kinds with a signature of their own
_SIGNATURES = (
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "png"),
    (b"\xff\xd8\xff", "jpeg"),
    (b"GIF8", "gif"),
    (b"BM", "bmp"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gzip"),
    (b"\xdb\xa5", "word2"),
)
_OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP_SIGNATURE = b"PK\x03\x04"
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
    ("xl/", "xlsx"),
    ("ppt/", "pptx"),
    ("OFD.xml", "ofd"),
    ("content.xml", "odf"),
)

# how a kind that no reader takes is called in a message
NAMES = {
    **{"png": "a PNG image", "jpeg": "a JPEG image", "gif": "a GIF image", "bmp": "a BMP image", "tiff": "a TIFF image"},
    **{"xlsx": "an Excel workbook (.xlsx)", "xls": "an Excel workbook (.xls)", "pptx": "a presentation (.pptx)"},
    **{"ppt": "a presentation (.ppt)", "ofd": "an OFD document", "odf": "an OpenDocument file", "html": "a web page (HTML)"},
    **{"mhtml": "a saved web page (MHTML)", "xml": "an XML file", "rtf": "a rich text file (RTF)", "zip": "a zip archive"},
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
    if start.startswith(_ZIP_SIGNATURE):
        return _zip_kind(data)
    for signature, kind in _SIGNATURES:
        if start.startswith(signature) and not (kind == "bmp" and not _is_bitmap(data)):
            return kind
    return _text_kind(data)


def _ole_kind(data: bytes) -> str:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            return next((kind for stream, kind in _STREAMS if ole.exists(stream)), "ole")
    except Exception:  # olefile has no common error for what is wrong in a damaged file
        return "damaged"


def _zip_kind(data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        return "damaged"
    return next((kind for member, kind in _MEMBERS if any(name.startswith(member) for name in names)), "zip")


def _is_bitmap(data: bytes) -> bool:
    """BM may also begin a text; a bitmap states its size next."""
    return int.from_bytes(data[2:6], "little") == len(data)


def _text_kind(data: bytes) -> str:
    # imported here because charset-normalizer takes longer to import than most files to read
    from jixiao.readers.text import decode

    text = decode(data)
    if not text or not _is_written(text):
        return "unknown"
    if not text.strip("\ufeff \t\r\n"):
        return "empty"
    head = text[:_START].lstrip("\ufeff \t\r\n").lower()
    if re.match(r"<!doctype html|<html|(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype html|<html)", head, re.DOTALL):
        return "html"
    if head.startswith("mime-version:"):
        return "mhtml"
    return "xml" if head.startswith("<?xml") else "text"


def _is_written(text: str) -> bool:
    """Whether nearly all characters are such as people write: no controls, nothing unassigned."""
    odd = sum(1 for char in text if unicodedata.category(char) in ("Cc", "Cn", "Co", "Cs") and char not in "\t\n\r\x0b\x0c")
    return 100 * (odd + text.count("\ufffd")) <= len(text)
