"""Tables to sort and search: in a live front end only, and there without anything loaded from elsewhere."""

import re
import subprocess

import pandas as pd
import pytest

import browser
import sample_tables
from jixiao import interactive, running
from jixiao.notebook import open_view

FRAME = pd.DataFrame({"institute": ["甲所", "<b>乙</b>", "丙中心"], "rate": [0.96, None, 1.02], "executed_wan": [1066.26, 9.5, 88.0]})


@pytest.fixture
def processed(tmp_path):
    return sample_tables.write(tmp_path / "processed", institutes=2)


@pytest.fixture
def live(monkeypatch):
    monkeypatch.setenv(interactive.SESSION, "notebooks/00_corpus.ipynb")


def test_a_kept_table_is_plain(processed, monkeypatch):
    monkeypatch.delenv(interactive.SESSION, raising=False)
    html = open_view({}, processed=processed).table(FRAME)._repr_html_()
    assert "<script" not in html and "data-order" not in html and " id=" not in html


def test_a_live_table_is_the_same_each_time_and_sorts_by_its_numbers(processed, live):
    view = open_view({}, processed=processed)
    html = view.table(FRAME)._repr_html_()
    assert html == view.table(FRAME)._repr_html_(), "no random names"
    assert re.findall('data-order="([^"]*)"', html) == ["0.96", "1066.26", "", "9.5", "1.02", "88.0"]
    assert "&lt;b&gt;乙" in html and "搜索" in html
    assert '"table-layout": "auto"' in html, "JupyterLab's tables have columns of one width, over which words run"
    long = pd.DataFrame({"institute": [f"第{number}所" for number in range(100)]})
    assert view.table(long)._repr_html_().count("<tr>") == 101, "all rows can be searched"


def test_a_notebook_run_by_this_program_is_never_live(root, processed, live):
    executed = running.run(root / "notebooks" / "00_corpus.ipynb", {"processed": str(processed)})
    assert "<script" not in str(executed)


@pytest.mark.skipif(not browser.find(), reason="needs Chromium")
def test_a_browser_without_a_network_sorts_and_finds(processed, live, tmp_path):
    table = open_view({}, processed=processed).table(FRAME)._repr_html_()
    click = """<script>window.addEventListener("load", () => setTimeout(() => {
      const rows = () => [...document.querySelectorAll("tbody tr")].map(row => row.cells[0].textContent).join();
      const out = [];
      document.querySelectorAll("th")[2].click(); setTimeout(() => { out.push(rows());
      const box = document.querySelector("input[type=search]"); box.value = "88"; box.dispatchEvent(new Event("input", {bubbles: true}));
      setTimeout(() => { out.push(rows()); document.body.dataset.done = out.join("|"); }, 900); }, 500);
    }, 1500));</script>"""
    page = tmp_path / "page.html"
    page.write_text(f"<!doctype html><meta charset='utf-8'><body>{interactive.bundle()}{table}{click}", encoding="utf-8")
    assert not re.search(r"<(script|link|img)[^>]+(src|href)=", page.read_text(encoding="utf-8"))
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND", "--virtual-time-budget=8000"]
    command = [browser.find(), *options, f"--user-data-dir={tmp_path / 'profile'}", "--dump-dom", page.as_uri()]
    shown = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=120, check=True).stdout
    assert re.search('data-done="([^"]*)"', shown)[1] == "&lt;b&gt;乙&lt;/b&gt;,丙中心,甲所|丙中心"
    assert "搜索：" in shown and "第1至1行，共1行（从3行中筛选）" in re.sub(r"<[^>]+>|\s", "", shown)


@pytest.mark.skipif(not browser.find(), reason="needs Chromium")
def test_the_figures_of_evidence_stand_apart_where_a_page_floats_terms(root, tmp_path):
    css = (root / "lib" / "jixiao" / "templates" / "evidence.css").read_text(encoding="utf-8")
    pair = "<div><dt>by its own figures</dt><dd>98.3</dd></div>"
    page = tmp_path / "page.html"
    host = ".lab dl dt { float: left; width: 20%; font-weight: bold } .lab dl dd { margin-left: 20% }"  # as JupyterLab does
    page.write_text(f"<style>{host}{css}</style><div class='lab'><div class='evidence'><dl class='numbers'>{pair * 2}</dl></div></div>")
    shown = browser.Browser(tmp_path / "profile")
    try:
        shown.open(page)
        box = "document.querySelector('{}').getBoundingClientRect()"
        assert shown.evaluate(f"{box.format('dt')}.bottom <= {box.format('dd')}.top + 1")
    finally:
        shown.close()
