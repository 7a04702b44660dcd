"""Figures that findings touch are marked where they stand on a page and lead to the evidence; others are not."""

import re
import shutil

import pytest

import sample_tables
from jixiao import briefing, measures, pages
from jixiao.display import Table
from jixiao.findings import ordered
from jixiao.touched import Touched

FILE = "a-2024.pdf#page=1&table=1"


def tables(*findings, **rows):
    """Tables of two institutes with the same figures; the findings are of the first one's report."""
    case = {"report_id": "a-2024", "institute": "甲所", "fiscal_year": 2024}
    other = {"report_id": "b-2024", "institute": "乙所", "fiscal_year": 2024}
    execution = {"scope": "整体", "revised_budget_wan": 1109.91, "executed_wan": 1066.26, "rate_printed": 0.9606, "origin": "table"}
    found = {name: sample_tables.frame(name, []) for name in sample_tables.facts.TABLES}
    found["reports"] = sample_tables.frame("reports", [{**each, "source_file": f"{each['report_id']}.pdf"} for each in (case, other)])
    found["execution"] = sample_tables.frame("execution", [{**case, **execution, "place": f"{FILE}&row=4&col=2"}, {**other, **execution}])
    base = {"scope": "整体", "check": "fund_sources", "severity": "medium", "message": "m"}
    found["findings"] = ordered(sample_tables.frame("findings", [{**case, **base, **finding} for finding in findings]))
    return found | {name: sample_tables.frame(name, [{**case, **row} for row in own]) for name, own in rows.items()}


def amount(value, place, **more):
    return {
        "scope": "整体",
        "item": "年度资金总额",
        "item_printed": "年度资金总额",
        "year": 2024,
        "amount_wan": value,
        "origin": "table",
        "place": place,
        **more,
    }


BUDGET = {"expected": 1109.91, "found": 1199.91, "places": f"{FILE}&row=4&col=6"}


def test_a_figure_is_marked_in_the_rows_of_its_institute_alone():
    found = tables(BUDGET, funds=[amount(1109.91, BUDGET["places"])])
    rates = measures.execution_rates(found["execution"])
    marks = Touched(found, "zh").cells(rates)
    at = rates["institute"].eq("甲所").to_numpy().argmax()
    assert {(row, column) for row, column in marks} == {(at, "revised_budget_wan"), (at, "budget_wan")}
    html = Table(rates[["institute", "revised_budget_wan"]], "zh", marks=marks)._repr_html_()
    assert html.count("<mark") == 1
    assert 'data-evidence="a-2024" data-finding="1" title="问题 1（中）：各资金来源加总与资金总额">1,109.91</mark>' in html


def test_the_same_number_in_another_unit_year_or_scope_is_another_figure():
    place = BUDGET["places"]
    in_points = tables(BUDGET, scores=[{"scope": "整体", "name": "总分", "score": 1109.91, "place": place}])
    assert not Touched(in_points, "zh").cells(measures.execution_rates(in_points["execution"]))
    last_year = tables(BUDGET, funds=[amount(1109.91, place, year=2023)])
    assert not Touched(last_year, "zh").cells(measures.execution_rates(last_year["execution"]))
    project = tables({**BUDGET, "scope": "设备购置"}, funds=[amount(1109.91, place, scope="设备购置")])
    assert not Touched(project, "zh").cells(measures.execution_rates(project["execution"]))


def test_a_short_number_must_stand_in_the_same_row_of_the_source():
    rows = [{"scope": "整体", "position": at, "level3": name, "weight": 20.0, "score": 8.0, "place": f"{FILE}&row={10 + at}&col=1"}
            for at, name in enumerate(("甲", "乙"))]  # fmt: skip
    found = tables(
        {"check": "score_above_weight", "expected": 20.0, "found": 8.0, "places": f"{FILE}&row=11&col=5 {FILE}&row=11&col=1"},
        indicators=rows,
    )
    marks = Touched(found, "zh").cells(found["indicators"])
    assert set(marks) == {(1, "weight"), (1, "score")}
    found["findings"]["places"] = f"{FILE}&row=11&col=5"
    assert set(Touched(found, "zh").cells(found["indicators"])) == set(marks), "a cell of the row is enough"


def test_the_gravest_finding_is_the_one_that_is_led_to():
    low = {**BUDGET, "severity": "low", "check": "same_figure"}
    found = tables(low, BUDGET, funds=[amount(1109.91, BUDGET["places"])])
    assert {
        (mark.number, "资金来源" in mark.title)
        for mark in Touched(found, "zh").cells(measures.execution_rates(found["execution"])).values()
    } == {(1, True)}


@pytest.mark.parametrize(
    ("institutes", "text", "marked"),
    [
        (["甲所"], "预算 1,109.91 万元，支出 1,066.26 万元。", ["1,109.91 万元"]),
        (["甲所", "乙所"], "预算最多的是甲所，1,109.91 万元。", ["1,109.91 万元"]),
        (["甲所", "乙所"], "预算最多的是乙所，1,109.91 万元。", []),
        (["甲所", "乙所"], "甲所预算见表。合计 1,109.91 万元。", []),
        (["甲所"], "预算 21,109.91 万元，−1,109.91 万元。", []),
    ],
)
def test_sentences_mark_the_figures_of_the_institute_that_they_are_about(institutes, text, marked):
    found = tables(BUDGET, funds=[amount(1109.91, BUDGET["places"])])
    told = Touched(found, "zh").text(text, institutes)
    assert re.findall(r"<mark[^>]*>(.*?)</mark>", told) == marked
    assert re.sub(r"</?mark[^>]*>", "", told) == text


def test_english_sentences_too():
    found = tables({"expected": 0.9606, "found": 0.95, "places": f"{FILE}&row=4&col=2"})
    told = Touched(found, "en").text("They spent 96.06% of it, not 196.06%.\n95% would be by chance.", ["甲所"])
    assert re.findall(r"<mark[^>]*>(.*?)</mark>", told) == ["96.06%"]


def test_briefings_lead_to_the_evidence_and_the_evidence_back(tmp_path, root):
    processed = tmp_path / "data/processed"
    shutil.copytree(root / "data/processed", processed)
    (tmp_path / "data/raw").mkdir()
    shutil.copy(root / "data/raw/changji-2020.doc", tmp_path / "data/raw")
    out = tmp_path / "out"
    made = briefing.brief(year=2020, out=out, processed=processed, progress=False)
    assert made[-2].name == "evidence-changji-2020.html" and made[-1].name == "index.html"
    text = made[0].read_text(encoding="utf-8")
    links = re.findall(r'<a class="touched" href="([^"]*)" title="[^"]*">([^<]*)</a>', text)
    assert ("evidence-changji-2020.html#f1", "98.8") in links and ("evidence-changji-2020.html#f2", "92.8") in links
    assert "点开看原文依据" in text
    evidence = (out / "evidence-changji-2020.html").read_text(encoding="utf-8")
    assert 'id="f1"' in evidence and 'id="f2"' in evidence and '<a href="index.html">' in evidence
    assert [page.kind for page in pages.pages_in(out)].count("evidence") == 1
    assert all("mark" not in alt and "touched" not in alt for alt in re.findall(r'alt="([^"]*)"', text)) and "data-evidence" not in text
    index = (out / "index.html").read_text(encoding="utf-8")
    assert 'href="evidence-changji-2020.html"' in index and "(changji-2020)" in index


def test_a_mark_without_evidence_stays_a_mark(tmp_path):
    import nbformat

    found = tables(BUDGET, funds=[amount(1109.91, BUDGET["places"])])
    rates = measures.execution_rates(found["execution"])
    html = Table(rates, "zh", marks=Touched(found, "zh").cells(rates))._repr_html_()
    cell = nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("display_data", data={"text/html": html})])
    book = nbformat.v4.new_notebook(cells=[cell])
    page = pages.Page("a", "t", "year")
    assert '<mark class="touched"' in pages.page_html(book, page, {}) and '<a class="touched"' not in pages.page_html(book, page, {})
    assert 'href="evidence-x%20y.html#f1"' in pages.page_html(book, page, {}, {"a-2024": "evidence-x y.html"})
