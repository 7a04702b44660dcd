"""Tables are made in pieces: where they are cut, what of them is made again, and how the merged tables lie on disk."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pyarrow.dataset as ds
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sample_tables
from jixiao import corpus, frames, manifest, merging, pieces, store, workbook, workers
from jixiao.cache import Cache, digest
from jixiao.manifest import TablesError
from jixiao.rows import Parsed
from jixiao.sources import Source
from jixiao.storage import Folder

TEXT = "某县第{0}计量检定所{1}年度部门整体支出绩效自评报告\n全年预算{2}万元，全年支出{2}万元，“三公”经费支出{0}.5万元。\n"


def source(number, size=1000):
    return Source(Path(f"{number}.txt"), f"{number}.txt", f"{number:04}", f"{number:064}", size)


def keys(sources):
    return {batch.key for batch in pieces.batches(sources, "1")}


@pytest.fixture
def raw(tmp_path):
    """Forty reports, two of each institute, in pieces of about eight."""
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    for number in range(40):
        text = TEXT.format(number % 20, 2023 + number // 20, 100 + number)
        (raw / f"r{number:02}.txt").write_text(text, encoding="utf-8")
    return raw


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(pieces, "MEAN", 8)
    monkeypatch.setattr(pieces, "MOST", 16)


def build(raw, **options):
    return corpus.build(raw, raw.parent / "processed", progress=False, **{"jobs": 0} | options)


# where they are cut


@given(st.integers(0, 400), st.integers(0, 400))
def test_a_report_more_or_less_changes_one_piece_or_two(count, at):
    every = [source(number) for number in range(count)]
    less = every[:at] + every[at + 1 :]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "MEAN", 8)
        patch.setattr(pieces, "MOST", 1000)
        cut = pieces.batches(every, "1")
        assert [each for batch in cut for each in batch.sources] == every
        assert len(keys(every) - keys(less)) <= 2 and len(keys(less) - keys(every)) <= 1
        assert keys(every).isdisjoint(batch.key for batch in pieces.batches(every, "2"))


def test_books_make_pieces_of_fewer_reports():
    sizes = [len(batch.sources) for batch in pieces.batches([source(number, pieces.MOST_BYTES // 3 + 1) for number in range(9)], "1")]
    assert max(sizes) == 3


# what is made again


def test_what_changed_is_made_again_and_nothing_else(raw, small, monkeypatch):
    build(raw)
    made, make = [], pieces.make
    monkeypatch.setattr(pieces, "make", lambda batch, *more: made.append(batch) or make(batch, *more))
    (raw / "r05.txt").write_text(TEXT.format(5, 2023, 999), encoding="utf-8")
    assert build(raw).parsed == 1
    assert len(made) == 1 and "r05" in [each.report_id for each in made[0].sources]
    funds = corpus.load(raw.parent / "processed")["funds"]
    assert set(funds.loc[funds["report_id"].eq("r05"), "amount_wan"]) == {999.0}
    fresh = shutil.copytree(raw, raw.parent / "again" / "raw")
    build(fresh)
    for path in (raw.parent / "processed").glob("*.csv"):
        assert path.read_bytes() == (fresh.parent / "processed" / path.name).read_bytes(), path.name


def test_a_piece_whose_files_went_bad_is_made_again(raw, small):
    build(raw)
    held = list((raw.parent / ".cache").glob("*/pieces/*"))
    assert len(held) > 3
    shutil.rmtree(held[0])
    (held[1] / "piece.json").write_text("{", encoding="utf-8")
    shutil.rmtree(raw.parent / "processed")
    assert build(raw).parsed == 0
    assert len(corpus.load(raw.parent / "processed")["reports"]) == 40
    assert sorted(path.name for path in (raw.parent / ".cache").glob("*/pieces/*")) == sorted(path.name for path in held)


def test_a_piece_that_is_cut_off_is_made_again(raw, small):
    build(raw)
    cut, gone = list((raw.parent / ".cache").glob("*/pieces/*"))[:2]
    os.truncate(cut / "funds.parquet", 40)
    (gone / "checks.parquet").unlink()
    shutil.rmtree(raw.parent / "processed")
    assert build(raw).parsed == 0
    assert len(corpus.load(raw.parent / "processed")["reports"]) == 40


def test_a_piece_that_cannot_be_read_is_named_and_made_again_by_the_next_build(raw, small):
    build(raw)
    spoilt = next((raw.parent / ".cache").glob("*/pieces/*")) / "funds.parquet"
    spoilt.write_bytes(bytes(spoilt.stat().st_size))
    shutil.rmtree(raw.parent / "processed")
    with pytest.raises(TablesError, match=r"funds\.parquet cannot be read .*: run again"):
        build(raw)
    assert build(raw).parsed == 0
    assert len(corpus.load(raw.parent / "processed")["reports"]) == 40


def test_a_file_that_changes_while_it_is_read_and_back_again_is_read_again(raw, small, monkeypatch):
    file, whole = raw / "r05.txt", pieces.parse
    before = file.read_bytes()

    def changing(source):
        if source.report_id == "r05":
            file.write_text(TEXT.format(5, 2023, 999), encoding="utf-8")
        return whole(source)

    for module in (pieces, workers):
        monkeypatch.setattr(module, "parse", changing)
    build(raw)
    monkeypatch.undo()
    file.write_bytes(before)
    assert not build(raw).unchanged
    funds = corpus.load(raw.parent / "processed")["funds"]
    assert set(funds.loc[funds["report_id"].eq("r05"), "amount_wan"]) == {105.0}


def test_a_file_that_could_not_be_opened_for_a_while_is_read_by_the_next_build(raw, small, monkeypatch):
    away, file, whole = raw.parent / "away.txt", raw / "r05.txt", pieces.parse
    monkeypatch.setattr(workers, "parse", lambda source: (file.rename(away) if source.report_id == "r05" else None, whole(source))[1])
    assert build(raw).read == 39
    monkeypatch.undo()
    away.rename(file)
    assert build(raw).read == 40


def test_a_piece_that_another_build_is_making_stays(tmp_path):
    making, left = Folder(tmp_path) / "making", Folder(tmp_path) / "left"
    for folder in (making, left):
        folder.write("reports.parquet", b"the first of its tables")
    os.utime(left.place, (0, 0))
    pieces.Pieces(Folder(tmp_path)).tidy([])
    assert [path.name for path in tmp_path.iterdir()] == ["making"]


def test_what_was_being_written_when_a_process_was_killed_is_removed(raw):
    build(raw)
    held = next((raw.parent / ".cache").glob("jixiao-*"))
    old, young = held / "00" / ".a.json.gz.1.tmp", held / "pieces" / "0" / ".reports.parquet.2.tmp"
    for path in (old, young):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half of it")
    os.utime(old, (0, 0))
    (raw / "new.txt").write_text(TEXT.format(1, 2020, 1), encoding="utf-8")
    build(raw)
    assert list(held.rglob("*.tmp")) == [young]


def test_a_file_of_the_cache_that_cannot_be_written_whole_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(OSError, match="No space left"):
        Cache(tmp_path).store("0" * 64, Parsed("a.txt"))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits the size of files in this way")
@pytest.mark.parametrize(("most", "place"), [(100, "/.cache/"), (20_000, "/processed: ")])
def test_a_disk_that_is_full_is_named(raw, most, place):
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({most}, {most}))"
    command = f"{limit}; from jixiao import cli; print(cli.main(['build', {str(raw)!r}, '--out', {str(raw.parent / 'processed')!r}]))"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, timeout=120)
    last = done.stderr.strip().splitlines()[-1]
    assert done.stdout == "1\n" and last.startswith("jixiao: ") and place in last and last.endswith("File too large"), done.stderr
    assert [path for path in raw.parent.rglob("*") if path.name.startswith(".new-") or path.suffix == ".tmp"] == []


def test_what_another_build_writes_beside_the_tables_is_not_looked_at(raw, small, monkeypatch):
    build(raw)
    other = raw.parent / "processed" / ".new-other" / "funds.csv"
    other.parent.mkdir()
    other.write_text("half", encoding="utf-8")
    (raw / "r05.txt").unlink()

    def looked(path):
        assert path != other
        return digest(path)

    monkeypatch.setattr(store, "digest", looked)
    build(raw)
    assert other.is_file()


def test_pieces_of_reports_that_are_gone_are_removed(raw, small):
    build(raw)
    for path in list(raw.iterdir())[:30]:
        path.unlink()
    build(raw)
    young = {path.parent.name for path in (raw.parent / ".cache").glob("*/pieces/*/piece.json")}
    assert len(young) > len(pieces.batches(corpus.find(raw), "1")), "another build may be about to merge them"
    for path in (raw.parent / ".cache").glob("*/pieces/*"):
        os.utime(path, (0, 0))
    (raw / "new.txt").write_text(TEXT.format(1, 2020, 1), encoding="utf-8")
    build(raw)
    held = {path.name for path in (raw.parent / ".cache").glob("*/pieces/*")}
    assert held == {batch.key for batch in pieces.batches(corpus.find(raw), corpus.parser_version())}


KILLED = """
import sys, time
from jixiao import corpus, pieces
pieces.MEAN, pieces.MOST = 8, 16
if __name__ == "__main__":
    corpus.build(sys.argv[1], sys.argv[2], jobs=1, progress=False)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_build_that_was_killed_goes_on_where_it_stopped(raw, small):
    script = raw.parent / "script.py"
    script.write_text(KILLED, encoding="utf-8")
    process = subprocess.Popen([sys.executable, script, raw, raw.parent / "processed"])
    try:
        while len(list((raw.parent / ".cache").glob("*/*/*.json.gz"))) < 10 and process.poll() is None:
            time.sleep(0.005)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert not (raw.parent / "processed" / "build.json").exists()
    summary = build(raw)
    assert summary.read == 40 and summary.parsed <= 30


# institutes whose reports are in several pieces


def test_what_only_all_reports_tell_is_found_across_pieces(raw, small):
    twin = (raw / "r00.txt").read_text(encoding="utf-8")
    (raw / "z.txt").write_text(twin, encoding="utf-8")
    summary = build(raw)
    several = corpus.load(raw.parent / "processed")
    reports = several["reports"].set_index("report_id")
    assert reports.loc["z", "duplicate_of"] == "r00" and reports["duplicate_of"].notna().sum() == 1
    assert several["issues"].query("code == 'same_report'")["report_id"].tolist() == ["z"] and summary.issues["same_report"] == 1
    assert (several["issues"].groupby("report_id").size() == reports["issues"].where(reports["issues"] > 0).dropna()).all()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pieces, "MEAN", 1_000_003)
        patch.setattr(pieces, "MOST", 1000)
        one = raw.parent / "one"
        corpus.build(raw, one, progress=False, jobs=0, cache=raw.parent / "other")
    for table, frame in corpus.load(one).items():
        pd.testing.assert_frame_equal(several[table], frame)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(merging, "_AT_ONCE", 7)  # the checks across reports look at some institutes, some years at a time
        shutil.rmtree(one)
        corpus.build(raw, one, progress=False, jobs=0, cache=raw.parent / "other")
    for table, frame in corpus.load(one).items():
        pd.testing.assert_frame_equal(several[table], frame)


# on disk


def test_a_table_lies_by_fiscal_year_and_only_what_is_asked_for_is_read(raw, small, monkeypatch):
    build(raw)
    out = raw.parent / "processed"
    assert sorted(path.name for path in (out / "by_year" / "funds").iterdir()) == ["fiscal_year=2023", "fiscal_year=2024"]
    whole = store.read(out, "funds")
    pd.testing.assert_frame_equal(whole, frames.read_csv("funds", out / "funds.csv"))
    monkeypatch.setattr(frames, "read_csv", None)
    some = store.read(out, "funds", columns=["amount_wan", "fiscal_year"], years=[2024])
    assert list(some) == ["fiscal_year", "amount_wan"] and some["fiscal_year"].dtype == "Int64"
    pd.testing.assert_frame_equal(some, whole.loc[whole["fiscal_year"].eq(2024), list(some)].reset_index(drop=True))
    (out / "by_year" / "funds" / "fiscal_year=2023" / "part-0.parquet").write_bytes(b"not read")
    assert len(store.read(out, "funds", years=[2024])) == len(some)
    other = ds.dataset(out / "by_year" / "checks", partitioning="hive").to_table().to_pandas()
    assert len(other) == len(store.read(out, "checks")) and set(other["fiscal_year"]) == {2023, 2024}


def test_a_dataset_that_is_not_there_or_not_whole_hides_no_row(raw, small):
    build(raw)
    out = raw.parent / "processed"
    whole = corpus.load(out)
    shutil.rmtree(out / "by_year" / "funds" / "fiscal_year=2023")
    pd.testing.assert_frame_equal(store.read(out, "funds"), whole["funds"])
    held = manifest.read(Folder(out))
    held["outputs"] = {name: sha256 for name, sha256 in held["outputs"].items() if not name.startswith("by_year/")}
    manifest.write(Folder(out), held)  # as it was written before there were datasets
    for table, frame in corpus.load(out).items():
        pd.testing.assert_frame_equal(frame, whole[table])


def test_a_year_that_is_gone_leaves_the_dataset(raw, small):
    build(raw)
    for number in range(20, 40):
        (raw / f"r{number}.txt").unlink()
    build(raw)
    left = [path for path in (raw.parent / "processed" / "by_year").rglob("*.parquet") if "2024" in str(path)]
    assert left == [] and build(raw).unchanged


def test_a_report_without_a_year_has_a_place_too(tmp_path):
    funds = sample_tables.tables(8, (2023,))["funds"]
    funds = funds.assign(fiscal_year=funds["fiscal_year"].mask(funds["report_id"].str[-6].astype("int64") % 2 == 0))
    with store.TableWriter(tmp_path, "funds") as writer:
        writer.append(funds)
    parts = sorted((tmp_path / "by_year" / "funds").iterdir())
    assert [part.name for part in parts] == ["fiscal_year=2023", "fiscal_year=__HIVE_DEFAULT_PARTITION__"]
    files = [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()]
    manifest.write(Folder(tmp_path), {"outputs": {name: digest(tmp_path / name) for name in files}})
    pd.testing.assert_frame_equal(store.read(tmp_path, "funds"), frames.conform("funds", funds))


def test_a_table_too_large_for_one_file_is_in_the_dataset_alone_and_the_build_says_so(raw, monkeypatch):
    build(raw)
    out = raw.parent / "processed"
    before = corpus.load(out)
    for module in (merging, store):
        monkeypatch.setattr(module, "MOST_ROWS", 100)
    monkeypatch.setattr(workbook, "ONE_FILE", 100)
    monkeypatch.setattr(workbook, "MOST_ROWS", 50)
    (raw / "r40.txt").write_text(TEXT.format(21, 2024, 77), encoding="utf-8")
    summary = build(raw)
    assert summary.by_year_only == [table for table in frames.TABLES if summary.rows[table] > 100] != []
    assert "checks: too many rows for one file; they are in by_year/" in str(summary)
    assert not (out / "checks.csv").exists() and not (out / "checks.parquet").exists() and (out / "reports.csv").exists()
    after = corpus.load(out)
    assert len(after["checks"]) == len(before["checks"]) * 41 / 40
    frames.check(after)
    assert build(raw).unchanged
    shutil.rmtree(out / "by_year" / "checks")
    with pytest.raises(TablesError, match=r"checks.*jixiao build"):
        corpus.load(out)
    monkeypatch.undo()
    build(raw)
    assert (out / "checks.csv").is_file()
    pd.testing.assert_frame_equal(corpus.load(out)["checks"], after["checks"])
