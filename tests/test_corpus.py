"""A folder of reports becomes a folder of tables, whatever the files are and whatever happens on the way."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest

from jixiao import cache, corpus, frames, merging, parsing, pieces, store
from jixiao.document import Document, Paragraph, Place, ReadingError
from jixiao.extract import Extraction
from jixiao.facts import Activity, Issue, Report
from jixiao.layouts import LayoutError
from jixiao.manifest import TablesError
from jixiao.sources import find, report_ids
from jixiao.storage import Folder


def fake_read(data, name):
    """Stands for the readers: a file that says what is to happen to it."""
    text = data.decode()
    if text.startswith("raise "):
        raise {"reading": ReadingError("it is encrypted: save it without a password", "encrypted_file")}.get(
            text[6:], {"memory": MemoryError(), "recursion": RecursionError(), "value": ValueError("odd")}.get(text[6:])
        )
    if text == "die":
        os._exit(1)
    blocks = (Paragraph(1, text),) if text else ()
    return Document(name, "text", blocks, unread_pages=() if text else (1, 2), pages=2)


def fake_extract(document):
    report = Report(source_file=document.name, title="报告")
    text = document.blocks[0].text if document.blocks else ""
    if not text.startswith("report"):
        return Extraction(None, None, report)
    count = Activity(what="检定", value=len(text), unit="台", printed=text, place=Place(document.name, paragraph=1))
    return Extraction("某所", 2024, report, [count], [Issue(code="odd", place=Place(document.name, paragraph=1), message="odd")])


@pytest.fixture
def fake(monkeypatch):
    monkeypatch.setattr(parsing.readers, "read", fake_read)
    monkeypatch.setattr(parsing.extract, "extract", fake_extract)


@pytest.fixture
def folder(tmp_path):
    """data/raw of a checkout in a temporary folder; `put` writes files there."""
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    return raw


def put(folder, **files):
    for name, text in files.items():
        path = folder / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def run(folder, **options):
    # jobs=0: what stands for the readers here does not reach another process
    return corpus.build(folder, folder.parent / "processed", progress=False, **{"jobs": 0} | options)


def tables(folder):
    return corpus.load(folder.parent / "processed")


def files(folder):
    return {path.name: path.read_bytes() for path in (folder.parent / "processed").iterdir() if path.suffix in (".csv", ".parquet")}


# which files, and what they are called


def test_hidden_files_readmes_and_locks_are_no_reports(folder):
    put(folder, a_pdf="", b__a_doc="", README_md="", README_zh_md="", _hidden="", b___DS_Store="", Thumbs_db="")
    (folder / "~$a.doc").write_text("")
    assert sorted(source.name for source in find(folder)) == ["a.pdf", "b/a.doc"]


@pytest.mark.parametrize(
    "ids",
    [
        {"a.pdf": "a", "b.pdf": "b"},
        {"a.pdf": "a.pdf", "a.doc": "a.doc", "b.doc": "b"},
        {"2023/a.pdf": "2023/a.pdf", "2024/a.pdf": "2024/a.pdf"},
        {"a.pdf": "a.pdf", "2024/a.doc": "a.doc"},
        {"a.pdf.docx": "a.pdf.docx", "a.pdf": "a.pdf", "a.doc": "a.doc"},
        {"x/a.pdf": "x/a.pdf", "a.pdf": "a.pdf", "a.doc": "a.doc"},
        {"a": "a"},
    ],
)
def test_a_report_id_is_as_short_as_it_can_be_and_never_shared(ids):
    assert report_ids(list(ids)) == ids
    assert report_ids(list(reversed(ids))) == ids


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="the file system takes no name that is not Unicode")
def test_a_file_name_that_is_not_unicode_can_be_written_to_the_tables(fake, folder):
    Path(os.fsdecode(os.fsencode(folder) + b"/\xd6\xea.txt")).write_text("report")
    run(folder)
    assert tables(folder)["reports"]["source_file"].tolist() == ["\\udcd6\\udcea.txt"]


# one bad file never stops the others


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        ("raise reading", "encrypted_file", "it is encrypted: save it without a password"),
        ("raise memory", "out_of_memory", "--jobs 1"),
        ("raise recursion", "nested_too_deeply", "save it anew"),
        ("raise value", "parser_fault", "ValueError: odd"),
        ("a letter", "not_a_report", "jixiao explain"),
    ],
)
def test_a_bad_file_is_an_issue_and_the_others_are_read(fake, folder, content, code, message):
    put(folder, bad_txt=content, good_txt="report")
    summary = run(folder)
    read = tables(folder)
    assert read["reports"]["report_id"].tolist() == ["bad", "good"]
    assert read["reports"]["sha256"].notna().all()
    assert read["activities"]["report_id"].tolist() == ["good"]
    issue = read["issues"].query("report_id == 'bad'").iloc[0]
    assert issue["code"] == code and message in issue["message"] and issue["place"] == "bad.txt"
    assert read["reports"]["issues"].tolist() == [1, 1]
    assert (summary.files, summary.read) == (2, 1)
    assert [name for name, _ in summary.problems] == ["bad.txt"]


def test_a_fault_of_the_program_names_the_spot(fake):
    result = parsing.parse_bytes(b"report", "a.txt")
    assert result.has_facts
    broken = parsing.parse_bytes(b"raise nothing known", "a.txt")
    assert "parsing.py:" in broken.rows["issues"][0]["message"]


def test_a_broken_declaration_stops_the_build_and_the_old_tables_stay(fake, folder, monkeypatch):
    put(folder, a_txt="report")
    run(folder)
    before = files(folder)
    put(folder, b_txt="report", c_txt="report")

    def broken(_):
        raise LayoutError("layouts/x.toml [b]: unknown key colums")

    monkeypatch.setattr(parsing.extract, "extract", broken)
    with pytest.raises(LayoutError, match="unknown key colums"):
        run(folder)
    assert files(folder) == before


def test_each_page_without_text_is_an_issue_with_its_page(fake, folder):
    put(folder, scan_txt="")
    summary = run(folder)
    assert tables(folder)["issues"]["place"].tolist() == ["scan.txt#page=1", "scan.txt#page=2"]
    assert summary.issues == {"page_without_text": 2} and summary.read == 0


def test_an_ending_that_disagrees_is_an_issue_and_the_file_is_read(fake, folder):
    put(folder, a_pdf="report")
    assert run(folder).read == 1
    assert set(tables(folder)["issues"]["code"]) == {"ending_disagrees", "odd"}


@pytest.mark.skipif(os.name == "nt" or getattr(os, "geteuid", lambda: 0)() == 0, reason="nothing is unreadable to this user")
def test_a_file_that_may_not_be_opened_is_an_issue(fake, folder):
    put(folder, a_txt="report", b_txt="report")
    (folder / "a.txt").chmod(0)
    assert run(folder).read == 1
    assert tables(folder)["issues"]["code"].tolist()[0] == "unreadable_file"


def test_real_files_of_every_kind_of_damage(folder, root):
    report = (root / "data" / "raw" / "zhuzhou-2024.pdf").read_bytes()
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "cut.pdf").write_bytes(report[: len(report) // 2])
    (folder / "noise.doc").write_bytes(bytes(range(256)) * 40)
    (folder / "letter.txt").write_text("您好，今天天气很好。\n", encoding="utf-8")
    (folder / "whole.pdf").write_bytes(report)
    summary = run(folder)
    read = tables(folder)
    assert summary.files == 5 and summary.read >= 1
    assert set(read["funds"]["report_id"]) <= {"whole", "cut"} and "whole" in set(read["funds"]["report_id"])
    assert set(read["issues"]["report_id"]) >= {"empty", "cut", "noise", "letter"}
    assert read["issues"]["message"].str.len().min() > 10


def test_a_folder_without_reports_says_where_to_put_them(folder):
    with pytest.raises(TablesError, match="put PDF or Word files there"):
        run(folder)
    with pytest.raises(TablesError, match="is not a folder"):
        run(folder / "nowhere")


@pytest.mark.parametrize("out", ["", "processed", "../raw/a/b"])
def test_tables_do_not_go_where_they_would_be_taken_for_reports(fake, folder, out):
    put(folder, a_txt="report")
    with pytest.raises(TablesError, match="take the tables for reports: name a folder beside it"):
        corpus.build(folder, folder / out, jobs=0)
    assert [path.name for path in folder.iterdir()] == ["a.txt"]
    assert Folder("s3://a/raw").holds(Folder("s3://a/raw/out/")) and not Folder("s3://a/raw").holds(Folder("s3://a/raw2"))


# tables


def test_parse_gives_one_file_the_tables_that_build_gives_it(folder, root):
    shutil.copy(root / "data" / "raw" / "quwo-2021.doc", folder)
    run(folder)
    built, parsed = tables(folder), corpus.parse(folder / "quwo-2021.doc")
    assert list(parsed) == list(frames.TABLES)
    for table in frames.TABLES:
        pd.testing.assert_frame_equal(parsed[table], built[table])


def test_parse_of_a_file_that_is_not_there_says_so(tmp_path):
    with pytest.raises(FileNotFoundError):
        corpus.parse(tmp_path / "a.pdf")


def test_the_tables_do_not_depend_on_the_pieces_that_they_are_made_in(fake, folder, monkeypatch):
    put(folder, **{f"r{number}_txt": f"report{'!' * number}" if number % 2 else "raise reading" for number in range(7)})
    run(folder)
    whole, made = files(folder), {}
    shutil.rmtree(folder.parent / "processed")
    make = pieces.make
    monkeypatch.setattr(pieces, "MOST", 2)
    monkeypatch.setattr(pieces, "make", lambda batch, *more: made.setdefault(batch.key, make(batch, *more)))
    run(folder)
    assert len(made) == 4
    assert {name: content for name, content in files(folder).items() if name.endswith(".csv")} == {
        name: content for name, content in whole.items() if name.endswith(".csv")
    }
    assert tables(folder)["reports"]["report_id"].tolist() == [f"r{number}" for number in range(7)]
    checks = tables(folder)["checks"]["report_id"].tolist()
    assert checks == sorted(checks)
    frames.check(tables(folder))


def test_load_takes_the_csv_where_it_was_changed(fake, folder):
    put(folder, a_txt="report")
    run(folder)
    path = folder.parent / "processed" / "activities.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("台", "件"), encoding="utf-8", newline="")
    os.utime(path, (0, 0))  # the time of a file says nothing
    assert tables(folder)["activities"]["unit"].tolist() == ["件"]


def test_load_gives_the_same_from_csv_and_parquet(built, tmp_path):
    for path in built.glob("*.csv"):
        shutil.copy(path, tmp_path)
    from_csv, from_parquet = store.load(tmp_path), store.load(built)
    for table in frames.TABLES:
        pd.testing.assert_frame_equal(from_csv[table], from_parquet[table])
    frames.check(from_csv)


def test_load_reads_the_csv_where_the_parquet_file_is_damaged(fake, folder):
    put(folder, a_txt="report")
    run(folder)
    (folder.parent / "processed" / "activities.parquet").write_bytes(b"PAR1 no")
    assert len(tables(folder)["activities"]) == 1


@pytest.mark.parametrize("damage", [None, b"", b"report_id,surprise\n", b"report_id,code,place,printed,message\na,b\n"])
def test_load_says_which_table_is_missing_or_wrong(fake, folder, damage):
    put(folder, a_txt="report")
    run(folder)
    path = folder.parent / "processed" / "issues.csv"
    path.unlink() if damage is None else path.write_bytes(damage)
    with pytest.raises(TablesError, match=r"issues\.csv.*jixiao build"):
        tables(folder)


# what is kept


def count_parsed(monkeypatch):
    parsed = []
    whole = parsing.parse_bytes
    monkeypatch.setattr(parsing, "parse_bytes", lambda data, name: parsed.append(name) or whole(data, name))
    return parsed


def test_only_what_changed_is_parsed_again(fake, folder, monkeypatch):
    put(folder, a_txt="report", b_txt="report b")
    run(folder)
    parsed = count_parsed(monkeypatch)
    put(folder, b_txt="report changed", c_txt="report c")
    assert run(folder).parsed == 2
    assert parsed == ["b.txt", "c.txt"]
    assert tables(folder)["activities"]["printed"].tolist() == ["report", "report changed", "report c"]


def test_a_removed_report_leaves_the_tables(fake, folder):
    put(folder, a_txt="report", b_txt="report b")
    run(folder)
    (folder / "a.txt").unlink()
    assert not run(folder).unchanged
    assert tables(folder)["reports"]["report_id"].tolist() == ["b"]


def test_the_same_bytes_under_another_name_have_places_of_that_name(fake, folder):
    put(folder, a_txt="report")
    run(folder)
    (folder / "a.txt").rename(folder / "b.txt")
    run(folder)
    assert tables(folder)["activities"][["report_id", "place"]].values.tolist() == [["b", "b.txt#paragraph=1"]]


def test_a_build_with_nothing_to_do_says_the_same_and_touches_nothing(fake, folder):
    put(folder, a_txt="report", bad_txt="raise reading")
    first = run(folder)
    before = {path: path.stat().st_mtime_ns for path in (folder.parent / "processed").iterdir()}
    again = run(folder)
    assert again.unchanged and not first.unchanged
    assert (again.files, again.read, again.rows, again.problems) == (first.files, first.read, first.rows, first.problems)
    assert "nothing changed" in str(again)
    assert {path: path.stat().st_mtime_ns for path in (folder.parent / "processed").iterdir()} == before


@pytest.mark.parametrize("touch", ["remove a table", "change a table", "remove the manifest", "spoil the manifest", "other parser"])
def test_a_folder_that_is_not_as_it_was_left_is_made_again(fake, folder, monkeypatch, touch):
    put(folder, a_txt="report")
    run(folder)
    whole, out = files(folder), folder.parent / "processed"
    if touch == "remove a table":
        (out / "funds.parquet").unlink()
    elif touch == "change a table":
        (out / "funds.csv").write_text("x", encoding="utf-8")
    elif touch == "remove the manifest":
        (out / "build.json").unlink()
    elif touch == "spoil the manifest":
        (out / "build.json").write_text("{", encoding="utf-8")
    else:
        monkeypatch.setattr(corpus, "parser_version", lambda: "another")
    assert not run(folder).unchanged
    assert files(folder) == whole
    assert run(folder).unchanged


def test_what_ran_out_of_memory_is_tried_again(fake, folder, monkeypatch):
    put(folder, a_txt="raise memory", b_txt="report")
    run(folder)
    parsed = count_parsed(monkeypatch)
    assert not run(folder).unchanged
    assert parsed == ["a.txt"]


def test_a_spoilt_cache_entry_is_parsed_again(fake, folder):
    put(folder, a_txt="report")
    run(folder)
    entries = [path for path in (folder.parent / ".cache").rglob("*.json*") if path.is_file()]
    assert len(entries) == 2  # the report's and the piece's
    for entry in entries:
        entry.write_text("{", encoding="utf-8")
    shutil.rmtree(folder.parent / "processed")
    run(folder)
    assert len(tables(folder)["activities"]) == 1


def test_old_results_are_removed_and_nothing_else_is(tmp_path):
    names = ("jixiao-old", "jixiao-young", "jixiao-now", "other")
    for name in names:
        (tmp_path / name).mkdir()
        if name != "jixiao-young":
            os.utime(tmp_path / name, (0, 0))
    cache.Cache(tmp_path, "now").tidy()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["jixiao-now", "jixiao-young", "other"]


def test_two_builds_give_the_same_bytes(built, tmp_path, root):
    corpus.build(root / "data" / "raw", tmp_path / "processed", jobs=2, progress=False)
    for path in built.glob("*.*"):
        if path.suffix != ".json":
            assert (tmp_path / "processed" / path.name).read_bytes() == path.read_bytes(), path.name


# interrupted


def test_a_build_that_fails_leaves_the_old_tables_whole(fake, folder, monkeypatch):
    put(folder, a_txt="report")
    run(folder)
    before = files(folder)
    put(folder, b_txt="report")
    monkeypatch.setattr(merging, "across", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        run(folder)
    assert files(folder) == before
    assert not list((folder.parent / "processed").glob(".new-*"))


KILLED = """
import sys, time
from jixiao import corpus, merging
merging.across = lambda *_: (print("writing", flush=True), time.sleep(60))
corpus.build(sys.argv[1], sys.argv[2], jobs=0, progress=False)
"""


def test_a_build_that_is_killed_leaves_the_old_tables_whole(folder, root):
    shutil.copy(root / "data" / "raw" / "quwo-2021.doc", folder)
    run(folder)
    before, out = files(folder), folder.parent / "processed"
    shutil.copy(root / "data" / "raw" / "changji-2020.doc", folder)
    process = subprocess.Popen([sys.executable, "-c", KILLED, folder, out], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "writing\n"
    process.kill()
    process.communicate()
    assert files(folder) == before
    assert tables(folder)["reports"]["report_id"].tolist() == ["quwo-2021"]
    left = list(out.glob(".new-*"))
    assert left, "the test is to kill while the new tables are being written"
    os.utime(left[0], (time.time() - 7200,) * 2)
    run(folder)
    assert tables(folder)["reports"]["report_id"].tolist() == ["changji-2020", "quwo-2021"]
    assert not list(out.glob(".new-*"))


def test_a_table_that_another_program_has_open_is_named(fake, folder, monkeypatch):
    put(folder, a_txt="report")
    run(folder)
    put(folder, b_txt="report")

    def replace(source, target, _replace=os.replace):
        if Path(target).name == "funds.csv" or Path(target).name == "reports.csv":
            raise PermissionError(13, "in use")
        _replace(source, target)

    monkeypatch.setattr(store.os, "replace", replace)
    with pytest.raises(TablesError, match=r"reports\.csv cannot be replaced: close the program"):
        run(folder)
    assert not (folder.parent / "processed" / "build.json").exists(), "the next build takes nothing for up to date"


# processes


def test_processes_give_what_one_process_gives(folder, root):
    for number in range(2):
        for path in (root / "data" / "raw").glob("*.doc"):
            (folder / str(number)).mkdir(exist_ok=True)
            shutil.copy(path, folder / str(number))
    run(folder, jobs=2)
    two = files(folder)
    shutil.rmtree(folder.parent / "processed")
    shutil.rmtree(folder.parent / ".cache")
    run(folder)
    assert files(folder) == two
