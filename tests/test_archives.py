"""Archives: each member is a report of its own, names in any encoding, and archives that hold too much."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from jixiao import corpus, readers
from jixiao.document import ReadingError
from jixiao.parsing import parse_file
from jixiao.readers import archive, limits
from jixiao.sources import at, find, report_ids
from jixiao.spot import show
from office_files import zipped

RAW = Path(__file__).parents[1] / "data" / "raw"
TEXT = "某市某某中心2023年度部门整体支出绩效自评报告".encode()


def packed(*names: bytes, utf8: bool = False, extra: bytes = b"", data: bytes = TEXT) -> bytes:
    """An archive whose members have just these bytes as names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for number, name in enumerate(names):
            info = zipfile.ZipInfo(chr(65 + number) * len(name))
            info.extra = extra
            file.writestr(info, data)
    content = buffer.getvalue()
    for number, name in enumerate(names):
        content = content.replace(bytes([65 + number]) * len(name), name)
    # bit 11 of the flags, in each member's own header and in the directory
    if utf8:
        content = content.replace(b"PK\x03\x04\x14\x00\x00\x00", b"PK\x03\x04\x14\x00\x00\x08")
        content = content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x00\x08")
    return content


def names(data: bytes) -> list[str]:
    return [member.name for member in archive.members(data)]


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "a.zip").write_bytes(
        zipped(
            {
                "自评/quwo-2021.doc": (RAW / "quwo-2021.doc").read_bytes(),
                "自评/附件.wps": (RAW / "changji-2020.doc").read_bytes(),
                "说明.txt": TEXT,
                "inner.zip": zipped({"hengyang-2024.docx": (RAW / "hengyang-2024.docx").read_bytes(), "x.zip": zipped({"y.txt": TEXT})}),
                "坏.zip": b"PK\x03\x04 no archive",
                "__MACOSX/._a": b"x",
                "自评/Thumbs.db": b"x",
                "自评/~$a.doc": b"x",
                ".DS_Store": b"x",
            }
        )
    )
    return tmp_path


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "cp437"])
def test_names_in_any_encoding(encoding):
    wanted = ["é/ü.doc", "b.doc"] if encoding == "cp437" else ["绩效自评/项目支出.doc", "附件１.xls"]
    assert names(packed(*(name.encode(encoding) for name in wanted))) == wanted
    if encoding == "utf-8":
        assert names(packed(*(name.encode() for name in wanted), utf8=True)) == wanted


def test_the_name_of_the_unicode_field():
    raw, name = "附件.doc".encode("gb18030"), "另名.doc".encode()
    field = struct.pack("<HHBI", 0x7075, 5 + len(name), 1, zlib.crc32(raw)) + name
    assert names(packed(raw, extra=field)) == ["另名.doc"]
    wrong = struct.pack("<HHBI", 0x7075, 5 + len(name), 1, 0) + name
    assert names(packed(raw, extra=wrong)) == ["附件.doc"]


def test_names_are_paths_and_never_the_same():
    assert names(packed(b"a\\b.doc", b"a/b.doc", b"a/b.doc", b"/c\nd.doc")) == ["a/b.doc", "a/b (2).doc", "a/b (3).doc", "cd.doc"]


def test_each_member_is_a_source(folder):
    found = {source.name: source for source in find(folder)}
    inner = ["a.zip!inner.zip!hengyang-2024.docx", "a.zip!inner.zip!x.zip"]
    assert sorted(found) == sorted(["a.zip!自评/quwo-2021.doc", "a.zip!自评/附件.wps", "a.zip!说明.txt", "a.zip!坏.zip", *inner])
    assert {source.report_id for source in found.values()} == {
        *("a!quwo-2021", "a!附件", "a!说明", "a!坏", "a!inner!hengyang-2024", "a!inner!x")
    }
    for source in found.values():
        assert source.content and len(source.content) == 64
    assert [source.name for source in at(folder / "a.zip")] == [source.name for source in find(folder)]


def test_report_ids_in_archives():
    ids = {"a.zip!x/r.doc": "a.zip!r.doc", "b/a.zip!r.pdf": "a.zip!r.pdf", "2.报告!.doc": "2.报告!"}
    assert report_ids(list(ids)) == ids
    assert report_ids(["a.zip!r.doc", "r.doc"]) == {"a.zip!r.doc": "a!r", "r.doc": "r"}


def test_a_build_takes_the_reports_in_an_archive(folder):
    out = folder.parent / "processed"
    summary = corpus.build(folder, out, jobs=1, progress=False)
    tables = corpus.load(out)
    reports = tables["reports"].set_index("report_id")
    assert set(reports.index) == {"a!quwo-2021", "a!附件", "a!说明", "a!坏", "a!inner!hengyang-2024", "a!inner!x"}
    assert reports.loc["a!附件", "source_format"] == "doc" and reports.loc["a!附件", "forms"] == 4
    codes = set(tables["issues"].loc[lambda t: t["report_id"].isin(["a!坏", "a!inner!x"]), "code"])
    assert codes == {"damaged_file", "nested_archive"}
    assert summary.files == 6
    again = corpus.build(folder, out, jobs=1, progress=False)
    assert not again.parsed or again.parsed < 6
    place = next(place for place in tables["indicators"]["place"] if "附件" in place)
    assert place.startswith("a.zip!自评/附件.wps#table=") and "<mark>" in show(place, folder).html
    assert set(corpus.parse(folder / "a.zip")["reports"]["report_id"]) == set(reports.index)


def test_a_member_is_read_by_its_path(folder):
    document = readers.read(folder / "a.zip!自评/附件.wps")
    assert (document.name, document.format, len(document.tables)) == ("a.zip!自评/附件.wps", "doc", 4)
    assert readers.read(f"{folder}/a.zip!inner.zip!hengyang-2024.docx").format == "docx"
    with pytest.raises(FileNotFoundError, match="no member"):
        readers.read(folder / "a.zip!none.doc")
    with pytest.raises(ReadingError, match=r"6 files.*a\.zip!自评/quwo") as caught:
        readers.read(folder / "a.zip")
    assert caught.value.code == "archive"
    (folder / "b!c.txt").write_bytes(TEXT)
    assert readers.read(folder / "b!c.txt").name == "b!c.txt"


def issue(path: Path) -> tuple[str, str]:
    (source,) = at(path)
    (row,) = parse_file(source.path, source.name).rows["issues"]
    return row["code"], row["message"]


def write(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def test_a_member_with_a_password_is_an_issue(tmp_path):
    data = packed(b"a.txt").replace(b"PK\x03\x04\x14\x00\x00\x00", b"PK\x03\x04\x14\x00\x01\x00")
    data = data.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    code, message = issue(write(tmp_path / "a.zip", data))
    assert code == "encrypted_file" and "password" in message


def test_a_damaged_member_does_not_cost_the_others(tmp_path):
    data = zipped({"a.txt": TEXT, "b.txt": TEXT + b"2"}, zipfile.ZIP_STORED).replace(TEXT + b"2", TEXT + b"3")
    sources = at(write(tmp_path / "a.zip", data))
    assert [(source.report_id, source.content is None) for source in sources] == [("a!a", False), ("a!b", True)]
    (row,) = parse_file(sources[1].path, sources[1].name).rows["issues"]
    assert row["code"] == "damaged_file" and row["place"] == "a.zip!b.txt"


def test_a_packing_that_is_not_known(tmp_path):
    code, message = issue(write(tmp_path / "a.zip", zipped({"a.txt": TEXT}, zipfile.ZIP_LZMA)))
    assert code == "unsupported_format" and "unpack" in message


@pytest.mark.parametrize(
    ("members", "message"),
    [
        ({f"{n}.txt": b"x" for n in range(limits.MAX_MEMBERS + 1)}, "more than 2000"),
        ({"a.txt": b"0" * (limits.SMALL + 1)}, "times its size"),
        ({}, "no files"),
        ({"__MACOSX/a": b""}, "no files"),
    ],
)
def test_archives_beyond_the_limits_are_an_issue(tmp_path, members, message):
    code, said = issue(write(tmp_path / "a.zip", zipped(members)))
    assert message in said and code == ("empty_file" if "no files" in message else "too_large")


def test_what_is_inside_counts_towards_the_limits(tmp_path, monkeypatch):
    monkeypatch.setattr(archive, "MAX_TOTAL", 5000)
    inner = zipped({"a.txt": bytes(4000)})
    code, message = issue(write(tmp_path / "a.zip", zipped({"x.txt": bytes(5001)})))
    assert code == "too_large" and "unpack" in message
    sources = at(write(tmp_path / "b.zip", zipped({"x.zip": inner, "y.zip": inner})))
    assert [source.name for source in sources] == ["b.zip!x.zip!a.txt", "b.zip!y.zip"]


def test_sizes_that_are_lies_unpack_no_further():
    """A megabyte behind a stated size of ten bytes."""
    data = bytearray(zipped({"a.txt": b"0" * (1 << 20)}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at_size = data.index(signature) + offset
        data[at_size : at_size + 4] = (10).to_bytes(4, "little")
    (member,) = archive.members(bytes(data))
    assert member.error is None or member.error.code == "damaged_file"
    assert len(member.data) <= 10


def test_overlapping_members_count_in_full(tmp_path, monkeypatch):
    """Many entries of the directory that share one packed content."""
    monkeypatch.setattr(limits, "MAX_TOTAL", 1 << 20)
    data = zipped({"a.txt": b"0" * 300_000})
    start, end = data.index(b"PK\x01\x02"), data.index(b"PK\x05\x06")
    entry, tail = data[start:end], bytearray(data[end:])
    tail[8:12] = struct.pack("<HH", 9, 9)
    tail[12:16] = struct.pack("<I", 9 * len(entry))
    code, _ = issue(write(tmp_path / "a.zip", data[:start] + entry * 9 + bytes(tail)))
    assert code == "too_large"


def test_a_folder_called_word_makes_no_document():
    assert readers.format_of(zipped({"word/自评.doc": b"x", "xl/b.xls": b"x"})) == "zip"
