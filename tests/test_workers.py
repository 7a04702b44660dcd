"""No file takes down a build or makes it hang: each is read in a process that can be ended and replaced."""

import os
import shutil
import subprocess
import sys
import threading
import time

import pytest

from jixiao import corpus, parsing, processes, workers
from jixiao.document import ReadingError
from jixiao.layouts import LayoutError
from jixiao.processes import Died, NotStarted, Process, TookTooLong
from jixiao.workers import Pool

# a module that the processes of a test import by its name; `parse` stands for the parsing of files that say what is to happen
TRICKS = """
import os, time
from pathlib import Path
from jixiao import parsing, workers  # parsing: its import takes none of the time of the first file
from jixiao.layouts import LayoutError

def double(number):
    print("this is no answer", flush=True)
    return 2 * number

def sleep():
    time.sleep(600)

def allocate():
    taken = []
    while True:
        taken.append(bytes(1 << 28))

def allocate_elsewhere(here):
    return "here" if os.getpid() == here else allocate()

def die():
    os._exit(9)

def fail():
    raise LayoutError("a declaration is wrong")

class Odd(Exception):
    def __init__(self, one, two):
        super().__init__(f"{one} and {two}")

def odd():
    raise Odd(1, 2)

def do(name, *arguments):
    return globals()[name](*arguments)

def parse(source, cache):
    trick = source.path.read_bytes()[:20].decode("latin-1").strip()
    if trick == "die once":
        source.path.write_text("die twice")
        die()
    if trick in ("sleep", "allocate", "die", "fail"):
        do(trick)
    return workers.parse_into(source, cache)
"""

limited = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits the memory of a process")


@pytest.fixture
def started(tmp_path, monkeypatch):
    """The processes that a test started; none may be left after it."""
    (tmp_path / "tricks.py").write_text(TRICKS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(workers, "TASK", "tricks:parse")
    found, threads = [], set(threading.enumerate())
    whole = subprocess.Popen

    def popen(*arguments, **options):
        found.append(whole(*arguments, **options))
        return found[-1]

    monkeypatch.setattr(processes.subprocess, "Popen", popen)
    yield found
    assert [process.args for process in found if process.returncode is None] == []
    left = set(threading.enumerate()) - threads
    assert [thread for thread in left if type(thread).__module__ == "threading"] == []  # tqdm has one of its own


@pytest.fixture
def process(started):
    process = Process("tricks:do")
    yield process
    process.close()


@pytest.fixture
def raw(tmp_path, root):
    """Three reports that can be read."""
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    for number in range(3):
        shutil.copy(root / "data" / "raw" / "quwo-2021.doc", raw / f"r{number}.doc")
    return raw


def build(raw, **options):
    summary = corpus.build(raw, raw.parent / "processed", progress=False, **options)
    return summary, corpus.load(raw.parent / "processed")


# one process


def test_a_process_is_kept_from_one_piece_of_work_to_the_next(process, started):
    assert [process.run("double", number, seconds=60) for number in range(3)] == [0, 2, 4]
    assert len(started) == 1


def test_a_process_that_takes_too_long_or_dies_is_replaced(process, started):
    start = time.monotonic()
    with pytest.raises(TookTooLong):
        process.run("sleep", seconds=0.2)
    with pytest.raises(Died):
        process.run("die", seconds=60)
    assert process.run("double", 2, seconds=60) == 4
    assert len(started) == 3 and time.monotonic() - start < 60


def test_an_error_comes_back_as_it_is_and_says_where_it_was_raised(process, started):
    with pytest.raises(LayoutError, match="a declaration is wrong") as caught:
        process.run("fail", seconds=60)
    assert "tricks.py" in caught.value.__notes__[0]
    with pytest.raises(RuntimeError, match="Odd: 1 and 2"):  # it cannot be sent
        process.run("odd", seconds=60)
    assert len(started) == 1


@limited
def test_a_process_has_so_much_memory_and_no_more(process):
    with pytest.raises(MemoryError):
        process.run("allocate", seconds=60)
    assert process.run("double", 2, seconds=60) == 4


def test_a_process_is_ended_while_it_works(process):
    answers = []

    def work():
        try:
            process.run("sleep", seconds=60)
        except Died as error:
            answers.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    time.sleep(0.1)  # it may be starting or at work
    process.close()
    thread.join(20)
    assert len(answers) == 1
    with pytest.raises(Died):
        process.run("double", 2, seconds=60)


def test_what_cannot_be_started_is_said(process, monkeypatch):
    monkeypatch.setattr(sys, "executable", "no/such/python")
    with pytest.raises(NotStarted):
        process.run("double", 2, seconds=60)
    monkeypatch.undo()
    with pytest.raises(NotStarted):
        Process("no_such_module:f").run(seconds=60)


ORPHAN = """
import sys, threading, time
from jixiao.processes import Process
process = Process("time:sleep")
process.run(0, seconds=60)
threading.Thread(target=process.run, args=(600,), kwargs={"seconds": 600}, daemon=True).start()
time.sleep(0.2)
print("at work", flush=True)
if sys.argv[1] == "killed":
    time.sleep(600)
"""


@pytest.mark.parametrize("end", ["over", "killed"])
def test_a_process_ends_with_its_parent(end):
    parent = subprocess.Popen([sys.executable, "-c", ORPHAN, end], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert parent.stdout.readline() == "at work\n"
    if end == "killed":
        parent.kill()
    parent.communicate(timeout=20)  # waits for all that could still write to the pipe, the process among them


# a build


def test_bad_files_cost_only_themselves(raw, started):
    tricks = {"sleep": "took_too_long", "die": "reader_died"} | ({"allocate": "out_of_memory"} if sys.platform == "linux" else {})
    for trick in tricks:
        (raw / f"{trick}.txt").write_text(trick)
    (raw / "once.txt").write_text("die once")
    summary, tables = build(raw, jobs=2, seconds=4)
    issues = tables["issues"].set_index("report_id")["code"]
    assert {trick: issues[trick] for trick in tricks} == tricks
    assert "reader_died" not in issues[["once"]].tolist(), "it was read when it was tried again"
    assert set(tables["scores"]["report_id"]) == {"r0", "r1", "r2"}
    assert tables["scores"].groupby("report_id").size().nunique() == 1
    assert (summary.files, summary.read, summary.complete) == (len(tricks) + 4, 3, False)
    message = tables["issues"].query("code == 'took_too_long'")["message"].item()
    assert "within 4 s" in message and "--seconds" in message
    assert tables["reports"]["sha256"].notna().all()


def test_what_is_no_fault_of_a_file_stops_the_build(raw, started):
    (raw / "a.txt").write_text("fail")
    (raw / "b.txt").write_text("sleep")
    start = time.monotonic()
    with pytest.raises(LayoutError, match="a declaration is wrong"):
        build(raw, jobs=2)
    assert time.monotonic() - start < 30, "nobody waits for the file that sleeps"


def test_where_no_process_can_be_started_files_are_read_in_this_one(raw, started, monkeypatch):
    monkeypatch.setattr(sys, "executable", "no/such/python")
    summary, _ = build(raw, jobs=2)
    assert summary.read == 3 and started == []


def test_a_script_needs_no_main_guard(raw, tmp_path):
    script = tmp_path / "script.py"
    script.write_text("import jixiao, sys\nprint('once')\nprint(jixiao.build(sys.argv[1], sys.argv[2], jobs=2, progress=False).read)")
    done = subprocess.run([sys.executable, script, raw, tmp_path / "out"], capture_output=True, text=True, timeout=60)
    assert (done.stdout, done.stderr) == ("once\n3\n", "")


def test_a_file_in_the_current_folder_stands_for_no_library(raw, tmp_path, monkeypatch, started):
    (raw / "lxml.py").write_text("raise SystemExit('taken for a library')")
    monkeypatch.chdir(raw)
    monkeypatch.setattr(sys, "path", [path for path in sys.path if path])
    assert build(raw, jobs=1)[0].read == 3


def test_when_one_task_fails_the_others_are_over(started):
    with Pool(2) as pool:
        with pytest.raises(LayoutError):
            pool.run([("tricks:fail",), ("tricks:sleep",), ("tricks:sleep",)])
        assert [process for process in started if process.poll() is None] == []


@limited
def test_the_limit_of_memory_is_for_files_and_not_for_tables(started):
    with Pool(2) as pool:
        assert pool.run([("tricks:allocate_elsewhere", os.getpid()), ("tricks:double", 2)]) == ["here", 4]


# how long, how many


def test_a_large_file_may_take_longer(tmp_path):
    (tmp_path / "a.zip").write_bytes(bytes(3 << 20))
    (tmp_path / "b!c.doc").write_bytes(b"")
    sources = [workers.Source(tmp_path / name, name, name, None) for name in ("a.zip", "a.zip!b.doc", "b!c.doc", "none", "none!d")]
    assert [workers.allowed(source) for source in sources] == [480, 480, 300, 300, 300]
    with (tmp_path / "a.zip").open("r+b") as file:
        file.truncate(500 << 20)
    assert workers.allowed(sources[0]) == workers.MOST_SECONDS


def test_processes_are_used_where_they_pay():
    assert workers.default_jobs(4) == 1
    assert workers.default_jobs(4000) >= 1


# memory


@pytest.mark.parametrize("error", [MemoryError(), RuntimeError("std::bad_alloc"), RuntimeError("can't start new thread")])
def test_memory_that_ran_out_is_not_taken_for_damage(monkeypatch, error):
    def read(data, name):
        try:
            raise error
        except Exception as cause:
            raise ReadingError("it is damaged", "damaged_file") from cause

    monkeypatch.setattr(parsing.readers, "read", read)
    assert parsing.parse_bytes(b"", "a.pdf").rows["issues"][0]["code"] == "out_of_memory"


def test_a_limit_that_is_lower_stays(monkeypatch):
    class Resource:
        RLIMIT_DATA = 2

        @staticmethod
        def getrlimit(_):
            return (1, 1)

        @staticmethod
        def setrlimit(*_):
            raise ValueError("not allowed to raise maximum limit")

    for resource in (Resource, None):
        monkeypatch.setattr(processes, "resource", resource)
        processes.limit_memory(1 << 30)
