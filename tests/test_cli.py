"""The `jixiao` command: what it prints and how it ends."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from jixiao import cli, terminal
from jixiao.document import Cell, Document, Paragraph, Table
from jixiao.layouts import LayoutError


@pytest.fixture
def here(tmp_path, monkeypatch, root):
    """A folder to work in, with one report in data/raw."""
    raw = tmp_path / "data" / "raw"
    raw.mkdir(parents=True)
    shutil.copy(root / "data" / "raw" / "quwo-2021.doc", raw)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(capsys, *arguments):
    """Status, output and error output of a command."""
    try:
        status = cli.main(list(arguments))
    except SystemExit as stop:  # argparse
        status = stop.code
    return status, *capsys.readouterr()


def test_build_sums_up_what_it_read_and_wrote(capsys, here):
    status, output, errors = run(capsys, "build")
    assert status == 0
    assert output.startswith(f"1 of 1 files read from {Path('data', 'raw')}, ")
    assert "all 11 tables as csv and parquet" in output and "1 parsed, 0 kept" in output
    rows = {line.split()[0]: line.split()[1:] for line in output.splitlines() if line[:1].isalpha() and len(line.split()) >= 2}
    assert rows["reports"][0] == "1" and int(rows["indicators"][0]) >= 24
    assert "parsing" in errors
    status, output, errors = run(capsys, "build")
    assert (status, errors) == (0, "") and "nothing changed" in output


def test_build_names_the_files_that_need_a_look(capsys, here):
    (here / "data" / "raw" / "empty.pdf").write_bytes(b"")
    status, output, _ = run(capsys, "build")
    assert status == 0
    assert "1 of 2 files read" in output and "1 file to look at:\n  empty.pdf: " in output


def test_build_fails_only_where_nothing_could_be_read(capsys, here):
    (here / "data" / "raw" / "quwo-2021.doc").write_bytes(b"")
    status, output, _ = run(capsys, "build")
    assert status == 1 and "0 of 1 files read" in output
    status, output, errors = run(capsys, "build")
    assert status == 1 and "nothing changed" in output and "Traceback" not in errors


def test_build_of_an_empty_folder_says_where_reports_go(capsys, here):
    (here / "data" / "raw" / "quwo-2021.doc").unlink()
    status, output, errors = run(capsys, "build")
    assert (status, output) == (1, "") and "put PDF or Word files there" in errors


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "nowhere"], "nowhere is not a folder"),
        (["build", "--out", "data/raw/quwo-2021.doc"], "is a file: name a folder"),
        (["build", "--jobs", "0"], "starts at 1"),
        (["build", "--jobs", "many"], "--jobs"),
        (["build", "--seconds", "0"], "starts at 1"),
        (["read", "nowhere.pdf"], "nowhere.pdf is not a file"),
        (["read", "data"], "data is not a file"),
        (["explain", "nowhere.pdf"], "nowhere.pdf is not a file"),
        (["brief", "--language", "fr"], "--language"),
        (["brief", "--out", "data/raw/quwo-2021.doc"], "is a file: name a folder"),
        (["site", "--out", "data/raw/quwo-2021.doc"], "is a file: name a folder"),
        (["evidence", "--all", "--out", "data/raw/quwo-2021.doc"], "is a file: name a folder"),
        (["brief", "--year", "1999"], "1999"),
        (["brief", "--institute", "无此单位"], "无此单位"),
        (["brief", "--processed", "nowhere"], "nowhere"),
        (["brief", "--rules", "quwo"], "rule set 'quwo' is not known; there is: mof-2020, quwo-2021"),
        (["brief", "--rules", "nowhere.toml"], "nowhere.toml: cannot be read"),
        ([], "command"),
    ],
)
def test_a_wrong_use_is_said_in_one_message(capsys, here, root, arguments, message):
    if arguments[:1] == ["brief"]:
        run(capsys, "build")
        shutil.copytree(root / "notebooks", here / "notebooks")
    status, output, errors = run(capsys, *arguments)
    assert (status, output) == (2, "")
    assert message in errors and "Traceback" not in errors


def test_a_file_that_cannot_be_read_is_said_in_one_message(capsys, here):
    Path("a.pdf").write_bytes(b"")
    status, output, errors = run(capsys, "read", "a.pdf")
    assert (status, output) == (1, "") and "a.pdf" in errors


def test_a_broken_declaration_is_said_with_its_file_and_key(capsys, here, monkeypatch):
    def broken(*_):
        raise LayoutError("layouts/x.toml [b]: unknown key colums")

    monkeypatch.setattr("jixiao.parsing.extract.extract", broken)
    monkeypatch.setattr("jixiao.corpus.default_jobs", lambda _: 0)  # in this process, which is the one with the broken declaration
    status, output, errors = run(capsys, "build")
    assert (status, output) == (1, "") and "layouts/x.toml [b]: unknown key colums" in errors and "Traceback" not in errors


def test_brief_says_what_it_wrote(capsys, here, monkeypatch):
    asked = []
    monkeypatch.setattr("jixiao.briefing.brief", lambda *asks, **more: asked.append((*asks, more)) or [Path("a.html"), Path("index.html")])
    options = ["--year", "2021", "--language", "en", "--out", "b", "--raw", "r", "--rules", "mof-2020", "--format", "pdf", "--jobs", "3"]
    status, output, _ = run(capsys, "brief", *options)
    more = {"raw": Path("r"), "rules": "mof-2020", "formats": ("pdf",), "jobs": 3}
    assert asked == [(2021, None, ["en"], Path("b"), Path("data/processed"), more)]
    assert status == 0 and output.startswith("a.html\nindex.html\n2 files written\n") and output.rstrip().endswith(" s")


def test_brief_lists_what_was_written_where_some_failed(capsys, here, monkeypatch):
    from jixiao.briefing import BriefingError

    def fail(*_, **__):
        raise BriefingError([Path("a.html"), Path("index.html")], [("a title", "a reason")])

    monkeypatch.setattr("jixiao.briefing.brief", fail)
    status, output, errors = run(capsys, "brief")
    assert status == 1 and "a.html" in output and "a title: a reason" in errors


def test_many_briefings_are_not_all_listed():
    lines = cli._list([Path(f"{number}.html") for number in range(500)]).splitlines()
    assert len(lines) == cli.MOST_FILES + 1 and lines[-2:] == ["499.html", "500 files written"]


def test_explain_prints_the_labels_that_are_not_known(capsys, here, root):
    status, output, _ = run(capsys, "explain", str(root / "data" / "raw" / "changji-2020.doc"))
    assert status == 0 and output.strip()


def test_the_command_speaks_utf8_whatever_the_console_does(here):
    environment = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run([sys.executable, "-m", "jixiao.cli", "read", "data/raw/quwo-2021.doc"], capture_output=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert "曲沃县综合检验检测中心" in done.stdout.decode("utf-8")


@pytest.mark.skipif(not hasattr(signal, "SIGHUP"), reason="this system has no such signals")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_command_that_is_ended_puts_away_what_is_temporary(name, capsys, monkeypatch, tmp_path):
    number = getattr(signal, name)
    usual = signal.default_int_handler if name == "SIGINT" else signal.SIG_DFL
    before = signal.signal(number, usual)  # where the tests run in the background it may be ignored

    def ended(_):
        with tempfile.TemporaryDirectory(dir=tmp_path):
            signal.raise_signal(number)
            pytest.fail("it went on")

    monkeypatch.setattr(cli, "_build", ended)
    try:
        status, _, errors = run(capsys, "build")
        assert (status, "stopped" in errors, list(tmp_path.iterdir())) == (128 + number, True, [])
        assert signal.getsignal(number) is usual, "a program that calls the command has its own"
    finally:
        signal.signal(number, before)


def test_what_ignores_a_closed_terminal_goes_on(capsys, monkeypatch):
    if not hasattr(signal, "SIGHUP"):
        pytest.skip("this system has no such signals")
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        monkeypatch.setattr(cli, "_build", lambda _: signal.raise_signal(signal.SIGHUP) or 0)
        assert run(capsys, "build")[0] == 0
    finally:
        signal.signal(signal.SIGHUP, before)


# what the program sees

TABLE = Table(
    1,
    (
        Cell(0, 0, "项目\n名称", rowspan=2, page=3),
        Cell(0, 1, "金额", colspan=2, page=3),
        Cell(1, 1, "1,017.48", page=3),
        Cell(1, 2, "", page=3),
        Cell(2, 0, "合计", page=3),
    ),
)
DOCUMENT = Document("a.pdf", "pdf", (Paragraph(1, "第一段", page=2), TABLE), pages=3, unread_pages=(1,))


def test_read_shows_paragraphs_and_tables_with_their_places():
    assert list(terminal.lines(DOCUMENT, 80)) == [
        "a.pdf: pdf, 3 pages, 1 paragraphs, 1 tables",
        "pages without text: 1",
        "¶1 p.2  第一段",
        "",
        "a.pdf#page=3&table=1  3 rows, 3 columns",
        "  no layout claims it",
        " │1       │2       │3",
        "1│项目名称│金额    │←",
        "2│↑       │1,017.48│ ",
        "3│合计    │×       │×",
        "",
    ]


def test_a_table_keeps_to_the_width_of_the_terminal_and_loses_nothing():
    lines = list(terminal.lines(DOCUMENT, 18))[6:]
    assert max(map(terminal.columns, lines)) <= 18
    assert "".join(line.split("│")[2].strip() for line in lines if line.count("│") == 3) == "2金额1,017.48×"


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("计量检定", 4, ["计量", "检定"]),
        ("计量检定", 5, ["计量", "检定"]),
        ("支出1066.26万元", 10, ["支出", "1066.26万", "元"]),
        ("1066.26", 4, ["1066", ".26"]),
        ("", 4, [""]),
        ("计", 1, ["计"]),
    ],
)
def test_text_is_cut_where_a_reader_expects_it(text, width, lines):
    assert terminal.wrap(text, width) == lines


def test_read_names_the_layouts_that_claim_a_table(capsys, root):
    status, output, _ = run(capsys, "read", str(root / "data" / "raw" / "zhuzhou-2024.pdf"))
    assert status == 0
    assert "zhuzhou-2024.pdf#page=6&table=1" in output
    assert "indicators: header rows" in output
    assert "1017.48" in output
