"""Accepted findings: an entry holds while its numbers do, says when it has expired, and a broken table stops the build."""

import re
import shutil

import pandas as pd
import pytest

import sample_tables
from jixiao import accepted, corpus
from jixiao.accepted import COLUMNS, AcceptedError, mark, read_entries
from jixiao.edited import EditedError

HEADER = ",".join(COLUMNS)
LINE = "changji-2020,成本性支出,scores_to_total,,98.8,98.3,已核对，印刷有误,张三,2026-01-31"


def written(folder, *lines, encoding="utf-8", end="\n"):
    path = folder / accepted.FILE
    path.write_bytes("".join(line + end for line in (HEADER, *lines)).encode(encoding))
    return path


@pytest.fixture
def corpus_folder(tmp_path, root):
    (tmp_path / "raw").mkdir()
    shutil.copy(root / "data/raw/changji-2020.doc", tmp_path / "raw")
    return tmp_path


def build(folder):
    summary = corpus.build(folder / "raw", folder / "processed", jobs=0, progress=False)
    return summary, corpus.load(folder / "processed")["findings"]


@pytest.mark.parametrize(("encoding", "end"), [("utf-8", "\n"), ("utf-8-sig", "\r\n")])
def test_an_accepted_finding_stays_with_its_reason(corpus_folder, encoding, end):
    written(corpus_folder, LINE, ",,,,,,,,", encoding=encoding, end=end)
    summary, findings = build(corpus_folder)
    of_scope = findings[findings["check"] == "scores_to_total"].set_index("scope")["accepted"]
    assert of_scope["成本性支出"] == "已核对，印刷有误" and pd.isna(of_scope["设备购置及维护"])
    assert summary.expired == [] and summary.findings["accepted"] == 1
    assert re.search(r"2 high, \d+ medium, \d+ low, 1 accepted", str(summary))


def test_a_changed_table_is_noticed_and_an_unchanged_one_too(corpus_folder):
    assert build(corpus_folder)[1]["accepted"].isna().all()
    written(corpus_folder, LINE)
    summary, findings = build(corpus_folder)
    assert not summary.unchanged and summary.parsed == 0 and findings["accepted"].notna().sum() == 1
    assert build(corpus_folder)[0].unchanged
    (corpus_folder / accepted.FILE).unlink()
    assert build(corpus_folder)[1]["accepted"].isna().all()


def test_an_entry_whose_numbers_changed_has_expired_and_every_build_says_so(corpus_folder):
    written(corpus_folder, LINE.replace("98.3", "98.2"), LINE.replace("changji-2020", "gone-1999"), LINE.replace("成本性支出", "无此项目"))
    summary, findings = build(corpus_folder)
    assert findings["accepted"].isna().all()
    assert "accepted with 98.8 and 98.2, now 98.8 and 98.3; look again" in summary.expired[0]
    assert summary.expired[0].startswith("line 2: changji-2020 · 成本性支出 · scores_to_total: ")
    assert "there is no such report" in summary.expired[1] and "no such finding any more" in summary.expired[2]
    assert "3 entries of accepted.csv have expired:" in str(summary)
    again, _ = build(corpus_folder)
    assert again.unchanged and "3 entries of accepted.csv have expired:" in str(again)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("report,check\n", "its first line must be report_id,scope"),
        (f"{HEADER}\n{LINE.replace('已核对，印刷有误', '')}\n", "line 2: reason is missing"),
        (f"{HEADER}\n{LINE.replace('张三', '')}\n", "line 2: accepted_by is missing"),
        (f"{HEADER}\n\n{LINE.replace('98.8', '九十八')}\n", "line 3: expected is '九十八', not a number"),
        (f"{HEADER}\n{LINE.replace('2026-01-31', '昨天')}\n", "line 2: accepted_on is '昨天', not a date; write it as 2026-01-31"),
        (f"{HEADER}\n{LINE},more\n", "line 2: there are 10 fields for 9 columns; put quotes"),
        (f"{HEADER}\n{LINE.replace('已核', chr(34) + '已' + chr(34) + '核')}\n", "line 2: "),
        (f"{HEADER}\n{LINE}\n".encode("gb18030"), "this is not UTF-8; in Excel, save it as “CSV UTF-8"),
    ],
)
def test_a_broken_table_stops_with_file_line_and_what_to_do(corpus_folder, content, message):
    path = corpus_folder / accepted.FILE
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(EditedError) as raised:
        build(corpus_folder)
    assert str(raised.value).startswith(str(path)) and message in str(raised.value)
    assert isinstance(raised.value, AcceptedError)
    assert not (corpus_folder / "processed").exists()


@pytest.mark.parametrize(("text", "value"), [("", None), ("1,109.91", 1109.91), ("96.06%", 0.9606), ("-3", -3.0), ("1.5e-05", 1.5e-05)])
def test_numbers_as_excel_and_people_write_them(tmp_path, text, value):
    entry = read_entries(written(tmp_path, f'a,整体,c,,"{text}",1,r,b,2026/1/5'))[0]
    assert entry.expected == pytest.approx(value) if value is not None else entry.expected is None


def finding(**values):
    row = {"report_id": "a", "scope": "整体", "check": "c", "severity": "high", "message": "m", "places": ""}
    return {**row, **values}


def test_a_finding_without_numbers_is_accepted_alone_or_not_at_all(tmp_path):
    entries = read_entries(written(tmp_path, "a,整体,c,,,,r,b,2026-01-31"))
    one = sample_tables.frame("findings", [finding(), finding(scope=None)])
    marked, expired = mark(one, entries, ["a"])
    assert marked["accepted"].notna().tolist() == [True, False] and expired == []
    marked, expired = mark(pd.concat([one, one.head(1)], ignore_index=True), entries, ["a"])
    assert marked["accepted"].isna().all() and "2 findings are like that; fill in the label" in expired[0][1]


def test_a_label_tells_findings_apart(tmp_path):
    entries = read_entries(written(tmp_path, "a,整体,c,数量指标,,,r,b,2026-01-31"))
    both = sample_tables.frame("findings", [finding(), finding()]).assign(label=["数量指标", "质量指标"])
    assert mark(both, entries, ["a"])[0]["accepted"].notna().tolist() == [True, False]
