"""Evidence pages: each number beside the other as it stands in its source, of every kind of file, and nothing wrong in its place."""

import base64
import hashlib
import io
import re
import shutil
import zipfile
from html.parser import HTMLParser

import docx as word
import pytest
from PIL import Image

import pictures
import sample_tables
from jixiao import cli, evidence, findings, readers
from jixiao.evidence import Evidence
from jixiao.evidence_pages import page_names, write_pages

ROWS = [["项目", "全年预算数"], ["年度资金总额", "1109.91"], ["其中：基本支出", "772.48"]]
STRANGE = "<script>alert('x')</script> & \"甲\"</figure>"


class Page(HTMLParser):
    """The tags of a page, its pictures, and the text by tag."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.pictures, self.marked, self._in_mark = [], [], [], False
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self._in_mark = tag == "mark" or (self._in_mark and tag == "br")
        if tag == "img":
            data = dict(attrs)["src"].removeprefix("data:image/png;base64,")
            self.pictures.append(Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB"))

    def handle_data(self, data):
        if self._in_mark:
            self.marked.append(data)
        self._in_mark = False


def docx(rows):
    """A Word file that holds one table."""
    document = word.Document()
    table = document.add_table(len(rows), len(rows[0]))
    for row, texts in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def reds(image):
    return sum(count for count, (red, green, blue) in image.getcolors(1 << 24) if red > 150 and green < 60 and blue < 60)


def place_of(folder, file, text):
    """The place of the cell or stretch of prose with this text."""
    document = readers.read(folder / file, file)
    for table in document.tables:
        for cell in table.cells:
            if cell.text.strip() == text:
                return str(document.place(table, cell))
    paragraph = next(p for p in document.paragraphs if text in p.text)
    start = paragraph.text.index(text)
    return str(document.place(paragraph, chars=(start, start + len(text))))


def tables(folder, file, *rows, checks=(), **finding):
    """Tables with one report and its findings; each of `rows` is a finding's places."""
    content = readers.file_bytes(folder / file)[0]
    case = {"report_id": "甲 2024", "institute": "甲所", "fiscal_year": 2024}
    report = {**case, "source_file": file, "sha256": hashlib.sha256(content).hexdigest(), "kind": "whole", "title": "自评报告"}
    base = {**case, "scope": "整体", "check": "same_figure", "severity": "medium", "message": "m", "expected": 1109.91, "found": 772.48}
    return {
        "reports": sample_tables.frame("reports", [report]),
        "findings": sample_tables.frame("findings", [{**base, "places": " ".join(places), **finding} for places in rows]),
        "checks": sample_tables.frame("checks", [{**case, "check": "same_figure", "status": "fail", "compared": 2}, *checks]),
    }


def page(built, folder, out, language="zh", **options):
    (path,) = write_pages(built, ["甲 2024"], folder, out, language, **options)
    return path.read_text(encoding="utf-8")


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    return folder


def test_a_pdf_is_shown_as_crops_with_the_cell_and_the_digits_outlined(raw, tmp_path, root):
    shutil.copy(root / "data/raw/zhuzhou-2024.pdf", raw)
    places = ["zhuzhou-2024.pdf#page=7&table=2&row=4&col=6", "zhuzhou-2024.pdf#page=2&paragraph=13&chars=9-18"]
    text = page(tables(raw, "zhuzhou-2024.pdf", places), raw, tmp_path / "out")
    shown = Page(text)
    assert len(shown.pictures) == 2 and all(reds(picture) > 300 for picture in shown.pictures)
    assert shown.marked == ["1066.26万元"]
    assert "第 7 页 第 2 张表 第 4 行 第 6 列" in text and "年度资金总额 · 全年预算数(万元)" in text
    assert "1,109.91" in text and "772.48" in text and "−337.43" in text
    assert not re.search(r"https?://|@import|<script|url\(", text), "the page stands alone"


@pytest.mark.parametrize(("file", "text"), [("changji-2020.doc", "98.8"), ("hengyang-2024.docx", "1020.37万元")])
def test_word_files_are_shown_as_the_row_with_the_cell_marked(raw, tmp_path, root, file, text):
    shutil.copy(root / "data/raw" / file, raw)
    shown = Page(page(tables(raw, file, [place_of(raw, file, text)]), raw, tmp_path / "out"))
    assert shown.marked == [text] and not shown.pictures


def test_a_member_of_an_archive_with_a_blank_in_its_name(raw, tmp_path):
    with zipfile.ZipFile(raw / "各 单位.zip", "w") as archive:
        archive.writestr("自评 报告.docx", docx(ROWS))
    file = "各 单位.zip!自评 报告.docx"
    places = [place_of(raw, file, "1109.91"), place_of(raw, file, "772.48")]
    shown = Page(page(tables(raw, file, places), raw, tmp_path / "out"))
    assert shown.marked == ["1109.91", "772.48"] and shown.tags.count("figure") == 1, "two cells of one table in one picture of it"


def test_a_scan_is_shown_as_a_crop(raw, tmp_path):
    image = pictures.page(420, 300)
    pictures.table(image, [40, 180, 320], [40, 80, 120, 160], ROWS)
    (raw / "a.png").write_bytes(pictures.encoded(pictures.scanned(image)))
    document = readers.read(raw / "a.png")
    cell = next(cell for cell in document.tables[0].cells if "1109.91" in cell.text)
    place = str(document.place(document.tables[0], cell))
    shown = Page(page(tables(raw, "a.png", [place]), raw, tmp_path / "out"))
    assert len(shown.pictures) == 1 and reds(shown.pictures[0]) > 300


def test_a_source_that_is_gone_or_was_changed_is_said_and_never_shown(raw, tmp_path, root):
    shutil.copy(root / "data/raw/changji-2020.doc", raw)
    built = tables(raw, "changji-2020.doc", ["changji-2020.doc#table=1&row=27&col=11"])
    (raw / "changji-2020.doc").write_bytes((raw / "changji-2020.doc").read_bytes() + b"\0")
    text = page(built, raw, tmp_path / "out")
    assert "changji-2020.doc 在生成数据表之后改动过" in text and "<mark>" not in text and "第 27 行" in text
    assert "was changed after the tables were built" in page(built, raw, tmp_path / "out", "en")
    (raw / "changji-2020.doc").unlink()
    text = page(built, raw, tmp_path / "out")
    assert "中没有 changji-2020.doc" in text and "--raw" in text and "<mark>" not in text and "1,109.91" in text


def test_a_place_that_there_is_not_is_said_beside_the_others(raw, tmp_path, root):
    shutil.copy(root / "data/raw/changji-2020.doc", raw)
    built = tables(raw, "changji-2020.doc", ["changji-2020.doc#table=1&row=27&col=11"], ["changji-2020.doc#table=99&row=1&col=1"], [])
    text = page(built, raw, tmp_path / "out")
    assert "there is no table 99" in text and Page(text).marked == ["98.8"] and "没有可以指到的原文位置" in text


def test_what_reports_say_is_never_markup(raw, tmp_path):
    (raw / "a.docx").write_bytes(docx([["项目", STRANGE]]))
    (raw / f"b{'&<i>'}.docx").write_bytes(b"")
    checks = [{"report_id": "甲 2024", "check": STRANGE, "status": "not_checked", "reason": STRANGE}]
    places = [[place_of(raw, "a.docx", STRANGE)], ["b%26<i>.docx#table=1"]]
    built = tables(raw, "a.docx", *places, scope=STRANGE, message=STRANGE, accepted=STRANGE, checks=checks)
    built["reports"] = built["reports"].assign(institute=STRANGE, title=STRANGE)
    for text in (
        page(built, raw, tmp_path / "out"),
        Evidence(findings.ordered(built["findings"]), built["reports"], raw, "en")._repr_html_(),
    ):
        assert not {"script", "i"} & set(Page(text).tags) and "&lt;script&gt;" in text
        assert text.count("<figure") == text.count("</figure>")


def test_findings_stand_by_severity_and_checks_with_what_was_not_checked(raw, tmp_path):
    (raw / "a.docx").write_bytes(docx(ROWS))
    place = [place_of(raw, "a.docx", "1109.91")]
    checks = [{"report_id": "甲 2024", "check": "scores_to_total", "status": "not_checked", "compared": 0, "reason": "没有印出总分"},
              {"report_id": "甲 2024", "check": "staff_control_rate", "status": "not_applicable", "compared": 0}]  # fmt: skip
    built = tables(raw, "a.docx", place, place, place, checks=checks)
    built["findings"]["severity"] = ["low", "high", "medium"]
    built["findings"].loc[0, ["expected", "found"]] = None
    built["findings"].loc[1, "accepted"] = "已向单位核实"
    text = page(built, raw, tmp_path / "out")
    assert re.findall(r'class="finding (\w+)(?: accepted)?" id="(f\d)"', text) == [("high", "f1"), ("medium", "f2"), ("low", "f3")]
    assert "已确认，原因：已向单位核实" in text and "做了 1 项核对，比较了 2 个数字，发现 3 个问题；另有 1 项无法核对。" in text
    rows = re.findall(r'<tr class="(\w+)"><td>(.*?)</td><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td><td>(.*?)</td>', text)
    assert [row[0] for row in rows] == ["fail", "not_checked", "not_applicable"] and rows[1][2:] == ("无法核对", "0", "没有印出总分")
    english = page(built, raw, tmp_path / "out", "en")
    assert (
        "Is a figure that stands in several places the same in each of them?" in english and "Findings and evidence: 甲所, 2024" in english
    )


def test_rates_are_written_as_they_are_printed(raw, tmp_path):
    (raw / "a.docx").write_bytes(docx([["执行率", "96.06%"]]))
    text = page(tables(raw, "a.docx", [place_of(raw, "a.docx", "96.06%")], expected=0.9606, found=0.960672), raw, tmp_path / "out")
    assert "96.0672%" in text and "+0.0072 个百分点" in text


def test_many_places_are_named_but_not_all_shown(raw, tmp_path):
    (raw / "a.docx").write_bytes(docx([[f"{row}.5"] for row in range(40)]))
    text = page(tables(raw, "a.docx", [f"a.docx#table=1&row={row}&col=1" for row in range(1, 31)]), raw, tmp_path / "out")
    assert len(Page(text).marked) == evidence.MOST_SPOTS and text.count("<li>") == 30 - evidence.MOST_SPOTS


def test_a_source_is_opened_once_a_page_and_a_page_is_made_again_only_where_something_changed(raw, tmp_path, monkeypatch):
    (raw / "a.docx").write_bytes(docx(ROWS))
    built = tables(raw, "a.docx", *([place_of(raw, "a.docx", text)] for text in ("1109.91", "772.48", "年度资金总额")))
    read, opened = readers.read, []
    monkeypatch.setattr(readers, "read", lambda *arguments: opened.append(arguments[1]) or read(*arguments))
    first = page(built, raw, tmp_path / "out")
    assert opened == ["a.docx"]
    assert page(built, raw, tmp_path / "out") == first and opened == ["a.docx"], "nothing to do"
    built["findings"].loc[0, "accepted"] = "原因"
    assert page(built, raw, tmp_path / "out") != first and len(opened) == 2
    (raw / "a.docx").unlink()
    assert "中没有 a.docx" in page(built, raw, tmp_path / "out")


def test_pages_of_reports_whose_names_are_alike_do_not_meet():
    reports = sample_tables.frame("reports", [{"report_id": name} for name in ("a!b", "a b", "A_b")])
    assert list(page_names(reports, "en").values()) == ["evidence-a_b-en", "evidence-a_b-2-en", "evidence-A_b-3-en"]


def test_the_command_writes_the_pages_asked_for_and_refuses_others(capsys, tmp_path, root):
    def run(*arguments):
        status = cli.main(["evidence", "--processed", str(root / "data/processed"), "--out", str(tmp_path / "e"), *arguments])
        return status, *capsys.readouterr()

    status, output, errors = run("changji-2020", "quwo-2021", "changji-2020")
    names = ["evidence-changji-2020.html", "evidence-quwo-2021.html"]
    assert (status, errors) == (0, "") and output.splitlines() == [*(str(tmp_path / "e" / name) for name in names), "2 files written"]
    text = (tmp_path / "e" / names[0]).read_text(encoding="utf-8")
    assert {"98.8", "98.2"} <= set(Page(text).marked), "the reports lie beside the tables"
    assert "曲沃县综合检验检测中心" in (tmp_path / "e" / names[1]).read_text(encoding="utf-8")
    assert run()[0] == run("changji-2020", "--all")[0] == 2
    status, _, errors = run("changji")
    assert status == 2 and "report 'changji' is not known; there is: changji-2020" in errors
    run("changji-2020", "--raw", str(tmp_path), "--language", "en")
    assert "name the folder of the reports with --raw" in (tmp_path / "e/evidence-changji-2020-en.html").read_text(encoding="utf-8")


def test_a_report_without_findings_has_a_page_that_says_so(raw, tmp_path, root):
    shutil.copy(root / "data/raw/quwo-2021.doc", raw)
    built = tables(raw, "quwo-2021.doc", checks=[{"check": "fund_sources", "status": "pass", "compared": 3}])
    assert "核对没有发现问题" in page(built, raw, tmp_path / "out")
