"""`jixiao check`: findings by severity, what was and was not checked, and an exit status that gates a pipeline."""

import shutil

import pytest

import sample_tables
from jixiao import cli, gate
from jixiao.accepted import read_entries
from jixiao.terminal import columns


@pytest.fixture
def processed(tmp_path, root):
    return shutil.copytree(root / "data/processed", tmp_path / "processed")


def tables(*findings, checks=()):
    """Tables of one report with findings and checks."""
    case = {"report_id": "a", "institute": "甲所", "fiscal_year": 2024}
    rows = [{**case, "scope": "整体", "check": "c", "severity": "low", "message": "m", "places": "", **finding} for finding in findings]
    return {
        "reports": sample_tables.frame("reports", [{**case, "source_file": "a.pdf"}]),
        "findings": sample_tables.frame("findings", rows),
        "checks": sample_tables.frame("checks", [{**case, "compared": 0, **check} for check in checks]),
    }


def run(capsys, *arguments):
    try:
        status = cli.main(["check", *map(str, arguments)])
    except SystemExit as stop:
        status = stop.code
    return status, *capsys.readouterr()


def accept(processed, reason, most=None):
    """Accepts the findings of wrong totals, at most so many."""
    path = processed / "findings.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    wrong = [at for at, line in enumerate(lines) if ",scores_to_total," in line]
    for at in wrong[:most]:
        lines[at] += reason
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_findings_stand_by_severity_with_both_numbers_and_places(capsys, processed):
    status, output, errors = run(capsys, processed)
    assert (status, errors) == (0, "")
    assert output.index("high: 2 findings") < output.index("medium: 9 findings") < output.index("low: 20 findings")
    assert "1,109.91     1,199.91" in output and "    changji-2020.doc#table=1&row=27&col=11" in output
    assert "31 findings in 4 reports: 2 high, 9 medium, 20 low; 0 accepted" in output
    assert "indicators without a score (quwo-2021)" in output, "what was not checked, and why"
    assert "1 report" not in output.split("not checked:")[0]


def test_columns_stand_under_each_other_whatever_the_width_of_characters():
    found = tables(
        {"scope": "整体", "expected": 1.0, "found": 2.0}, {"scope": "ab", "expected": 10.0, "found": 2.5}, {"scope": "设备购置" * 8}
    )
    lines = [line for line in gate.Gate(found).lines(100) if line.startswith("a  ")]
    assert len({columns(line) for line in lines}) == 1 and "—" in lines[2]
    assert any(line.strip() == "设备购置" * 2 for line in gate.Gate(found).lines(100)), "the rest of a long scope goes on below"


def test_a_long_message_is_broken_where_the_window_ends():
    lines = list(gate.Gate(tables({"message": "合计与各项之和不一致" * 20})).lines(60))
    assert max(columns(line) for line in lines if "合计" in line) <= 60


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        ([], 0),
        (["--fail-on", "high"], 3),
        (["--fail-on", "low"], 3),
        (["--fail-on", "high", "--report", "zhuzhou-2024"], 0),
        (["--fail-on", "medium", "--report", "zhuzhou-2024"], 3),
        (["--fail-on", "high", "--check", "same_figure", "fund_sources"], 0),
        (["--fail-on", "high", "--severity", "low"], 3),
        (["--report", "nowhere"], 2),
        (["--check", "scores_to_totals"], 2),
        (["--severity", "grave"], 2),
        (["--fail-on", "grave"], 2),
    ],
)
def test_the_exit_status(capsys, processed, arguments, status):
    assert run(capsys, processed, *arguments)[0] == status


def test_accepted_findings_do_not_fail_but_are_counted_and_shown(capsys, processed):
    accept(processed, "已核对")
    status, output, _ = run(capsys, processed, "--fail-on", "high")
    assert status == 0 and "2 accepted" in output and "accepted: 已核对" in output
    assert run(capsys, processed, "--fail-on", "medium")[0] == 3


def test_no_tables_and_what_is_not_known_are_said(capsys, processed):
    status, output, errors = run(capsys, processed / "nowhere")
    assert (status, output) == (1, "") and "`jixiao build` makes the tables" in errors
    assert "are: scores_to_total" in run(capsys, processed, "--check", "scores_to_totals")[2]
    assert "changji-2020" in run(capsys, processed, "--report", "changji")[2]


def test_filters_say_what_they_do_not_list(capsys, processed):
    _, output, _ = run(capsys, processed, "--severity", "high", "medium")
    assert "low: 20" not in output and "20 not listed here" in output
    _, output, _ = run(capsys, processed, "--report", "quwo-2021")
    assert "3 findings in 1 report: " in output and "zhuzhou" not in output


def test_nothing_found_is_not_nothing_looked_at():
    checks = [
        {"check": "c", "status": "pass", "compared": 7},
        {"check": "d", "status": "not_checked", "reason": "no total is printed"},
        {"check": "e", "status": "pass", "compared": 2, "reason": "a blank"},
    ]
    text = "\n".join(gate.Gate(tables(checks=checks)).lines(100))
    assert text.startswith("0 findings") and "no total is printed (a)" in text and "a blank (a; other figures were compared)" in text
    assert [line.split() for line in text.splitlines() if line.startswith("c  ")] == [["c", "1", "0", "0", "0", "7"]]


def test_expired_entries_are_said_or_that_they_are_not_known(capsys, tmp_path, root):
    (tmp_path / "raw").mkdir()
    shutil.copy(root / "data/raw/changji-2020.doc", tmp_path / "raw")
    header = ",".join(gate.COLUMNS)
    line = "changji-2020,成本性支出,scores_to_total,,98.8,98.1,r,b,2026-01-31"
    (tmp_path / "accepted.csv").write_text(f"{header}\n{line}\n", encoding="utf-8")
    assert cli.main(["build", str(tmp_path / "raw"), "--out", str(tmp_path / "processed")]) == 0
    capsys.readouterr()
    _, output, _ = run(capsys, tmp_path / "processed")
    assert "1 entry of accepted.csv has expired:\n  line 2: changji-2020 · 成本性支出" in output
    (tmp_path / "processed/build.json").unlink()
    assert "`jixiao build` says which entries" in run(capsys, tmp_path / "processed")[1]


def test_lines_to_accept_are_read_once_they_are_filled_in(capsys, processed, tmp_path):
    accept(processed, "已核对", most=1)
    status, output, _ = run(capsys, processed, "--to-accept", "--severity", "high")
    header, line = output.splitlines()
    assert status == 0 and line.endswith("98.2,92.8,,,")
    path = tmp_path / "accepted.csv"
    path.write_text(f"{header}\n{line[:-2]}原件有误,李四,2026-02-01\n", encoding="utf-8")
    (entry,) = read_entries(path)
    assert (entry.scope, entry.expected, entry.found, entry.reason) == ("设备购置及维护", 98.2, 92.8, "原件有误")
