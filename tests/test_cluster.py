"""Builds by Dask, and from and to an object store, give the tables of a build on this machine."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import time

import pandas as pd
import pytest

from jixiao import cluster as jixiao_cluster
from jixiao import corpus, frames, pieces
from jixiao.manifest import TablesError
from jixiao.storage import Folder

dask = pytest.importorskip("dask.distributed", reason="Dask is an extra: requirements-cluster.txt has it")
config = pytest.importorskip("dask.config")

CONNECT = "distributed.comm.timeouts.connect"

TEXT = "某县第{0}计量检定所2023年度部门整体支出绩效自评报告\n全年预算{1}万元，全年支出{1}万元，“三公”经费支出{0}.5万元。\n"


@pytest.fixture(scope="module")
def raw(tmp_path_factory, root):
    """Reports of every kind that is tracked, and texts, some of which give nothing."""
    raw = tmp_path_factory.mktemp("many") / "data" / "raw"
    raw.mkdir(parents=True)
    for path in sorted((root / "data" / "raw").glob("*.doc*")):
        shutil.copy(path, raw)
    for number in range(8):
        (raw / f"r{number}.txt").write_text(TEXT.format(number, 100 + number), encoding="utf-8")
    (raw / "letter.txt").write_text("您好，今天天气很好。\n", encoding="utf-8")
    (raw / "broken.pdf").write_bytes(b"%PDF-1.7 no more")
    return raw


@pytest.fixture(scope="module")
def local(raw):
    """The tables of a build on this machine, in one piece."""
    out = raw.parent / "local" / "processed"
    corpus.build(raw, out, jobs=1, progress=False)
    return out


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Pieces of four reports."""
    monkeypatch.setattr(pieces, "MOST", 4)


def same(one, other):
    """Both folders hold the same tables, byte for byte."""
    names = sorted(path.name for path in one.glob("*.csv"))
    assert names == sorted(path.name for path in other.glob("*.csv")) == sorted(f"{table}.csv" for table in frames.TABLES)
    for name in names:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name


@pytest.fixture(scope="module")
def cluster():
    with dask.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        yield cluster


def test_a_build_by_dask_gives_the_tables_of_a_build_here(raw, local, cluster, tmp_path):
    summary = corpus.build(raw, tmp_path / "processed", progress=False, engine="dask", scheduler=cluster.scheduler_address)
    same(tmp_path / "processed", local)
    assert summary.parsed == summary.files == 13
    assert {"letter", "broken"} <= set(corpus.load(tmp_path / "processed")["issues"]["report_id"]), "they are listed with their reasons"
    again = corpus.build(raw, tmp_path / "processed", progress=False, engine="dask", scheduler=cluster.scheduler_address)
    assert again.unchanged


def test_only_the_pieces_that_changed_are_made_by_the_next_build(raw, cluster, tmp_path):
    mine = shutil.copytree(raw, tmp_path / "data" / "raw")
    options = {"progress": False, "engine": "dask", "scheduler": cluster.scheduler_address}
    corpus.build(mine, tmp_path / "data" / "processed", **options)
    (mine / "r3.txt").write_text(TEXT.format(3, 999), encoding="utf-8")
    assert corpus.build(mine, tmp_path / "data" / "processed", **options).parsed == 4
    funds = corpus.load(tmp_path / "data" / "processed")["funds"]
    assert 999.0 in funds.loc[funds["report_id"].eq("r3"), "amount_wan"].tolist()


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_a_worker_that_is_killed_half_way_loses_nothing(raw, local, tmp_path):
    with dask.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0") as cluster:
        victim = next(iter(cluster.workers.values())).pid
        stop = threading.Event()

        def kill():
            kept = tmp_path / ".cache"
            while not stop.is_set() and not list(kept.glob("*/pieces/*/piece.json")):
                time.sleep(0.01)
            os.kill(victim, signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        try:
            corpus.build(raw, tmp_path / "processed", progress=False, engine="dask", scheduler=cluster.scheduler_address)
        finally:
            stop.set()
            killer.join()
    same(tmp_path / "processed", local)


def die(*_):
    os._exit(9)


def test_a_piece_over_which_workers_are_lost_again_and_again_is_named(raw, tmp_path, monkeypatch):
    monkeypatch.setattr(jixiao_cluster, "make_piece", die)
    lost = r"2 workers were lost over the [14] reports from .* to .*: give the workers more memory"
    with (
        config.set({"distributed.scheduler.allowed-failures": 1}),
        dask.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=":0") as mortal,
        pytest.raises(TablesError, match=lost),
    ):
        corpus.build(raw, tmp_path / "processed", progress=False, engine="dask", scheduler=mortal.scheduler_address)


def test_without_a_scheduler_workers_are_started_here_and_the_command_says_what_it_did(raw, local, tmp_path):
    command = [sys.executable, "-m", "jixiao.cli", "build", raw, "--out", tmp_path / "processed", "--engine", "dask", "--jobs", "1"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "11 of 13 files read" in done.stdout
    same(tmp_path / "processed", local)


def test_what_cannot_be_is_said(raw, tmp_path):
    with pytest.raises(ValueError, match=r"choose one of local, dask"):
        corpus.build(raw, tmp_path / "processed", engine="spark")
    with pytest.raises(TablesError, match=r"no Dask scheduler answers at .*: start one"), config.set({CONNECT: "1s"}):
        corpus.build(raw, tmp_path / "processed", progress=False, engine="dask", scheduler="tcp://127.0.0.1:1")
    assert not (tmp_path / "processed" / "build.json").exists()


def test_two_builds_at_one_scheduler_each_have_their_pieces(raw, local, cluster, tmp_path):
    options = {"progress": False, "engine": "dask", "scheduler": cluster.scheduler_address}
    outs = [tmp_path / name / "processed" for name in ("one", "other")]
    threads = [threading.Thread(target=corpus.build, args=(raw, out), kwargs=options) for out in outs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for out in outs:
        same(out, local)


def test_a_scheduler_without_workers_is_not_waited_for_for_ever(raw, tmp_path, monkeypatch):
    monkeypatch.setattr(jixiao_cluster, "WAIT", 1)
    with dask.LocalCluster(n_workers=0, dashboard_address=":0") as empty, pytest.raises(TablesError, match="no worker for 1 s: start some"):
        corpus.build(raw, tmp_path / "processed", progress=False, engine="dask", scheduler=empty.scheduler_address)


def test_a_worker_that_came_later_with_another_version_makes_no_piece(tmp_path):
    with pytest.raises(TablesError, match=r"another version of jixiao .*: install this one"):
        jixiao_cluster.make_piece(pieces.Batch("key", ()), pieces.Making(pieces.Pieces(Folder(tmp_path)), None, {}), "another")
    assert list(tmp_path.iterdir()) == []


# an object store


@pytest.fixture(scope="module")
def bucket():
    """The address of an empty bucket of a server that speaks S3, on this machine."""
    server_of = pytest.importorskip("moto.server", reason="the server is for tests: requirements-cluster.txt has it")
    import boto3

    server = server_of.ThreadedMotoServer(port=0)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            patch.setenv(name, "test")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        boto3.client("s3").create_bucket(Bucket="reports")
        yield "s3://reports"
    server.stop()


@pytest.mark.parametrize("engine", ["local", "dask"])
def test_reports_and_tables_may_be_in_an_object_store(raw, local, bucket, tmp_path, engine):
    import s3fs

    store = s3fs.S3FileSystem()
    base = f"{bucket}/{engine}"
    store.put(str(raw) + "/", f"{base}/raw/", recursive=True)
    jobs = {"jobs": 1, "progress": False, "engine": engine}
    summary = corpus.build(f"{base}/raw", f"{base}/processed", **jobs)
    assert (summary.files, summary.read) == (13, 11)
    store.get(f"{base}/processed/", str(tmp_path / "processed") + "/", recursive=True)
    same(tmp_path / "processed", local)
    there = corpus.load(f"{base}/processed")
    for table, frame in corpus.load(local).items():
        pd.testing.assert_frame_equal(there[table], frame)
    assert corpus.build(f"{base}/raw", f"{base}/processed", **jobs).unchanged
    store.pipe(f"{base}/raw/r0.txt", TEXT.format(0, 555).encode())
    store.rm(f"{base}/raw/letter.txt")
    again = corpus.build(f"{base}/raw", f"{base}/processed", **jobs)
    assert not again.unchanged and again.files == 12
    funds = corpus.load(f"{base}/processed")["funds"]
    assert 555.0 in funds.loc[funds["report_id"].eq("r0"), "amount_wan"].tolist()


def test_a_store_that_does_not_answer_or_has_no_such_bucket_is_named(bucket, tmp_path, monkeypatch):
    import s3fs
    from botocore.exceptions import NoCredentialsError

    with pytest.raises(OSError, match=r"s3://nobucket/x: .*bucket does not exist"):
        corpus.build("s3://nobucket/x", tmp_path / "processed")

    def no_keys(*_, **__):
        raise NoCredentialsError  # no OSError

    monkeypatch.setattr(s3fs.S3FileSystem, "find", no_keys)
    with pytest.raises(OSError, match=r"s3://reports/x: .*credentials; check the address, and the keys"):
        corpus.build("s3://reports/x", tmp_path / "processed")


def test_a_piece_in_a_store_is_as_old_as_what_was_last_written_into_it(bucket):
    folder = Folder(f"{bucket}/aged")
    folder.write("piece/a.parquet", b"123")
    assert folder.age("piece") < 600 and folder.age("none") == float("inf")
    assert folder.sizes("piece") == {"a.parquet": 3}


def test_a_store_that_is_not_there_says_so(tmp_path):
    with pytest.raises(OSError, match=r"nosuch://a: .*jixiao"):
        corpus.build("nosuch://a", tmp_path / "processed")


def test_another_file_system_by_its_address(raw, local, tmp_path):
    corpus.build(raw.as_uri(), (tmp_path / "processed").as_uri(), jobs=1, progress=False)
    same(tmp_path / "processed", local)


def test_a_bucket_that_is_not_there_is_not_made(raw, bucket, tmp_path):
    import boto3

    with pytest.raises(OSError):
        corpus.build(raw, "s3://reprots/processed", jobs=0, progress=False)
    assert [each["Name"] for each in boto3.client("s3").list_buckets()["Buckets"]] == ["reports"]
