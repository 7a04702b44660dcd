"""Dispatch: what a file is by its content, and what is said about files that cannot be read."""

from __future__ import annotations

import io
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from jixiao import readers
from jixiao.document import Document, ReadingError

RAW = Path(__file__).parents[1] / "data" / "raw"


def archive(*members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for member in members:
            file.writestr(member, "x")
    return buffer.getvalue()


def with_stream_renamed(new: str) -> bytes:
    """A tracked .doc whose main stream has another name, as a workbook's or an encrypted file's has."""
    data = bytearray((RAW / "quwo-2021.doc").read_bytes())
    start = data.index("WordDocument".encode("utf-16-le"))
    name = new.encode("utf-16-le")
    data[start : start + 64] = name.ljust(64, b"\0")
    data[start + 64 : start + 66] = (len(name) + 2).to_bytes(2, "little")
    return bytes(data)


def error_of(data: bytes, name: str = "a") -> ReadingError:
    with pytest.raises(ReadingError) as caught:
        readers.read(data, name)
    return caught.value


@pytest.mark.parametrize(
    ("name", "fmt"),
    [("changji-2020.doc", "doc"), ("quwo-2021.doc", "doc"), ("hengyang-2024.docx", "docx"), ("zhuzhou-2024.pdf", "pdf")],
)
def test_formats_of_the_tracked_reports(name, fmt):
    assert readers.format_of((RAW / name).read_bytes()) == fmt
    assert not readers.ending_disagrees(name, fmt)


def test_read_takes_a_path_or_bytes():
    path = RAW / "quwo-2021.doc"
    assert readers.read(path) == readers.read(str(path)) == readers.read(path.read_bytes(), path.name)
    assert readers.read(path, "archive.zip!quwo.doc").name == "archive.zip!quwo.doc"


def test_a_wrong_ending_does_not_matter():
    document = readers.read((RAW / "hengyang-2024.docx").read_bytes(), "report.pdf")
    assert (document.name, document.format) == ("report.pdf", "docx")
    assert readers.ending_disagrees("report.pdf", document.format)
    assert readers.ending_disagrees("REPORT.DOC", "docx")
    assert not readers.ending_disagrees("report.docm", "docx")
    assert not readers.ending_disagrees("report", "docx")
    assert not readers.ending_disagrees("report.2024", "docx")


@pytest.mark.parametrize(
    ("data", "fmt", "named"),
    [
        (b'<?xml version="1.0"?><w:wordDocument/>', "xml", "XML"),
        (archive("[Content_Types].xml", "ppt/presentation.xml"), "pptx", "presentation"),
        (archive("[Content_Types].xml", "xl/workbook.bin"), "xlsb", "xlsb"),
        (archive("OFD.xml"), "ofd", "OFD"),
        (archive("mimetype", "content.xml"), "odf", "OpenDocument"),
        (b"Rar!\x1a\x07\0" + b"\0" * 30, "rar", "RAR"),
        (b"7z\xbc\xaf\x27\x1c" + b"\0" * 30, "7z", "7z"),
        (b"\x1f\x8b\x08" + b"\0" * 30, "gzip", "gzip"),
        (b"\xdb\xa5\x2d\0" + b"\0" * 30, "word2", "Word 2"),
        (with_stream_renamed("PowerPoint Document"), "ppt", "presentation"),
        (with_stream_renamed("Other"), "ole", "OLE"),
    ],
)
def test_known_kinds_that_are_not_read(data, fmt, named):
    assert readers.format_of(data) == fmt
    error = error_of(data, "report.pdf")
    assert error.code == "unsupported_format"
    assert named in str(error) and "PDF, DOCX or DOC" in str(error)


@pytest.mark.parametrize(
    ("data", "fmt"),
    [
        (b"{\\rtf1\\ansi}", "rtf"),
        ("\n<!DOCTYPE html><html><p>预算</p></html>".encode(), "html"),
        ("<html><p>预算</p></html>".encode("gb18030"), "html"),
        ("<html><p>预算</p></html>".encode("utf-16"), "html"),
        ('<?xml version="1.0"?><html xmlns="x"><p>预算</p></html>'.encode(), "html"),
        (b"<!--" + b"<!-- " * 5000 + b"-->" + b"<!-- -->" * 5000 + b"<table><tr><td>1</table>", "html"),
        (b"<!-- -->" * 5000, "text"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "mhtml"),
        (b"From: <Saved by a program>\r\nSubject: a\r\n b\r\nMIME-Version: 1.0\r\n", "mhtml"),
        (archive("[Content_Types].xml", "xl/workbook.xml"), "xlsx"),
        (archive("[content_types].xml", "XL\\workbook.xml"), "xlsx"),
        (archive("[Content_Types].xml", "word/document.xml"), "docx"),
        (archive("a.doc", "b.doc"), "zip"),
        (archive("word/a.doc"), "zip"),
        (archive(), "zip"),
        (with_stream_renamed("Workbook"), "xls"),
        (with_stream_renamed("Book"), "xls"),
    ],
)
def test_kinds_that_are_read(data, fmt):
    assert readers.format_of(data) == fmt
    assert fmt in readers.MODULES


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", b"\xef\xbb\xbf"])
def test_empty_files(data):
    assert error_of(data).code == "empty_file"


def test_encrypted_package():
    data = with_stream_renamed("EncryptedPackage")
    assert readers.format_of(data) == "encrypted"
    error = error_of(data, "a.docx")
    assert error.code == "encrypted_file" and "password" in str(error)


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 8, b"\0" * 1000, b"\x7fELF\x02\x01\x01\0" + bytes(range(128, 256)) * 9, b"\x80\x81\xfe\xff" * 40]
)
def test_binary_junk(data):
    assert readers.format_of(data) == "unknown"
    error = error_of(data, "a.doc")
    assert error.code == "unsupported_format" and "save it as PDF, DOCX or DOC" in str(error)


@pytest.mark.parametrize("name", ["changji-2020.doc", "hengyang-2024.docx"])
def test_truncated_files_are_read_or_refused(name):
    data = (RAW / name).read_bytes()
    for cut in [*range(0, 700, 7), *range(700, len(data), 1501), len(data) - 1]:
        try:
            assert isinstance(readers.read(data[:cut], name), Document)
        except ReadingError as error:
            assert error.code in ("empty_file", "damaged_file", "unsupported_format"), cut
            assert error.code == "damaged_file" or cut < 16, cut


def test_a_file_that_is_too_large(monkeypatch):
    monkeypatch.setattr(readers.limits, "MAX_FILE", 100)
    assert error_of(b"x" * 101).code == "too_large"


def test_a_reader_is_imported_when_it_is_needed():
    code = (
        "import sys; from jixiao import readers; before = set(sys.modules); readers.read(sys.argv[1]);"
        "assert 'jixiao.readers.doc' in sys.modules and 'jixiao.readers.doc' not in before;"
        "assert not {'pdfplumber', 'docx', 'charset_normalizer'} & set(sys.modules), sorted(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, str(RAW / "quwo-2021.doc")], check=True)


def test_every_kind_has_a_reader_or_a_name():
    documents = {"pdf", "doc", "docx", "text", "xlsx", "xls", "ods", "html", "mhtml", "rtf", "image"}
    assert set(readers.MODULES) == documents | {"zip"}
    assert not set(readers.MODULES) & set(readers.formats.NAMES)
