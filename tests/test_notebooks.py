"""The notebooks: their habits, that each runs with several sets of parameters, and that they refuse what they do not know."""

import ast
import json
import re

import matplotlib.pyplot as plt
import nbformat
import pandas as pd
import pytest
from IPython.display import Markdown

import sample_tables
from jixiao import notebook, pages, readings, running
from jixiao.findings import ordered
from jixiao.listing import figures
from jixiao.notebook import open_view
from jixiao.shown import Chart
from jixiao.touched import Touched

EXPLORING = [*running.COMPARISONS, "new_question"]
NAMES = [*EXPLORING, "briefing_year", "briefing_institute", "briefing_history"]
COMMON = ["processed", "institutes", "years", "language"]
DECLARED = dict.fromkeys(EXPLORING, COMMON) | {
    "04_audit": [*COMMON, "report", "check", "severity", "raw"],
    "05_comparable_scores": [*COMMON, "rule_set"],
    "briefing_year": [*COMMON, "year"],
    "briefing_institute": [*COMMON, "institute", "year"],
    "briefing_history": [*COMMON, "institute"],
}
INSTITUTES = sample_tables.names(4)


@pytest.fixture(scope="module")
def processed(tmp_path_factory):
    found = sample_tables.audited(sample_tables.tables(4, (2022, 2023, 2024), 4))
    return sample_tables.write_frames(tmp_path_factory.mktemp("tables") / "processed", found)


@pytest.fixture(scope="module")
def notebooks(root):
    return root / "notebooks"


def cells_of(path) -> list[dict]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def code_of(path) -> list[str]:
    return ["".join(cell["source"]) for cell in cells_of(path) if cell["cell_type"] == "code"]


def test_there_are_no_other_notebooks(notebooks):
    assert sorted(path.stem for path in notebooks.glob("*.ipynb")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_habits(notebooks, name):
    cells = cells_of(notebooks / f"{name}.ipynb")
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1
    assignments = ast.parse("".join(tagged[0]["source"])).body
    assert [node.targets[0].id for node in assignments] == DECLARED[name]
    assert all("#" in line for line in "".join(tagged[0]["source"]).splitlines() if line.strip()), "each parameter says what it is"
    code = code_of(notebooks / f"{name}.ipynb")
    assert len(code) <= 15
    for source in code:
        assert len([line for line in source.splitlines() if not line.startswith("#")]) <= 8
        assert max(len(line) for line in source.splitlines()) <= 91, "a page and a screen have room for it"
        assert not re.search(r"read_csv|\.\./(?!data/processed)|import re\b|pathlib|os\.path|https?:", source)
        loops = (ast.For, ast.While, ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.ListComp, ast.DictComp, ast.GeneratorExp, ast.Try)
        assert not any(isinstance(node, loops) for node in ast.walk(ast.parse(source)))


@pytest.mark.parametrize("name", NAMES)
def test_kept_outputs_are_clean_and_small(notebooks, name):
    path = notebooks / f"{name}.ipynb"
    found = json.loads(path.read_text(encoding="utf-8"))
    assert path.stat().st_size < 1_000_000
    assert set(found["metadata"]) == {"kernelspec", "language_info"}
    assert found["metadata"]["kernelspec"]["name"] == "python3"
    code = [cell for cell in found["cells"] if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    for cell in found["cells"]:
        assert set(cell["metadata"]) <= {"tags"}
        for output in cell.get("outputs", []):
            assert output["output_type"] in ("display_data", "execute_result"), "no warnings, no errors"
    assert any("image/png" in output["data"] for cell in code for output in cell["outputs"])
    assert "NBVAL_CHECK_OUTPUT" in json.dumps(found)


@pytest.mark.parametrize("name", EXPLORING)
def test_a_notebook_begins_with_its_answer_and_ends_with_what_to_try_next(notebooks, name):
    cells = cells_of(notebooks / f"{name}.ipynb")
    title = "".join(cells[0]["source"])
    assert "**问题：**" in title and "**Question:**" in title
    outputs = [cell["outputs"] for cell in cells if cell.get("outputs")]
    answer = "".join(outputs[0][0]["data"]["text/markdown"])
    assert answer.startswith("**答案：** ") and "**留意：**\n\n- " in answer, "the first thing that is shown"
    (start,) = (at for at, cell in enumerate(cells) if cell["source"][:1] == ["## 接着看 · Try next\n"])
    after = cells[start + 1 :]
    assert 2 <= len(after) <= 3
    assert all(cell["outputs"] and cell["metadata"]["tags"] == ["next"] for cell in after), "they were run"


def test_the_template_is_ten_cells_long(notebooks):
    assert len(cells_of(notebooks / "new_question.ipynb")) == 10


def test_a_page_ends_before_what_to_try_next(notebooks):
    page = pages.Page("00", "有哪些数据", "comparison")
    html = pages.page_html(nbformat.read(notebooks / "00_corpus.ipynb", as_version=4), page, {})
    assert "读取时未能确定之处" in html and "接着看" not in html


def text_of(executed: nbformat.NotebookNode) -> str:
    outputs = [output for cell in executed.cells if cell.cell_type == "code" for output in cell.outputs]
    assert all("data" in output for output in outputs), outputs
    return "\n".join(str(output["data"].get(kind, "")) for output in outputs for kind in ("text/html", "text/markdown"))


def images_of(executed: nbformat.NotebookNode) -> int:
    return sum("image/png" in output.get("data", {}) for cell in executed.cells for output in cell.get("outputs", []))


SETS = {
    "all": {},
    "one": {"institutes": [INSTITUTES[0]], "years": [2024]},
    "prose only, in English": {"institutes": INSTITUTES[2], "years": "2022,2023", "language": "en"},
}


@pytest.mark.parametrize("which", SETS)
@pytest.mark.parametrize("name", EXPLORING)
def test_a_comparison_runs_with_all_one_and_a_few(notebooks, processed, name, which):
    executed = running.run(notebooks / f"{name}.ipynb", {"processed": str(processed), **SETS[which]})
    text = text_of(executed)
    assert images_of(executed) >= 1
    assert "nan" not in re.sub("nanquan|finance", "", text.lower())
    shown = [institute for institute in INSTITUTES if institute in text]
    chosen = SETS[which].get("institutes", INSTITUTES)
    assert set(shown) <= set([chosen] if isinstance(chosen, str) else chosen)
    assert shown, "at least what is missing is said of each"
    assert bool(re.search(r">institute<|\bstates?\b|\bNo\b", text)) == ("English" in which)


def test_sums_of_projects_and_years_without_a_report_of_their_own_are_not_compared(notebooks, processed):
    asked = running.run(notebooks / "new_question.ipynb", {"processed": str(processed)})
    assert "整体支出" in text_of(asked) and "项目合计" not in text_of(asked), "no spending per head of some projects alone"
    funds = running.run(notebooks / "02_three_public_funds.ipynb", {"processed": str(processed)})
    vehicles = next(cell for cell in funds["cells"] if "vehicles = " in cell["source"])
    shown = "".join(output["data"]["text/html"] for output in vehicles["outputs"] if "text/html" in output.get("data", {}))
    assert "2022" in shown and "2021" not in shown, "2021 is only the last year of the reports of 2022"


@pytest.mark.parametrize(
    ("name", "parameters", "title"),
    [
        ("briefing_year", {}, "# 2024 年度绩效自评简报"),
        ("briefing_year", {"year": 2022, "language": "en"}, "# Performance self-evaluation briefing, 2022"),
        ("briefing_institute", {"institute": INSTITUTES[0], "year": 2023}, f"# {INSTITUTES[0]} 2023 年度绩效自评简报"),
        ("briefing_history", {"institute": INSTITUTES[0]}, f"# {INSTITUTES[0]}历年绩效自评简报"),
        ("briefing_institute", {"institute": INSTITUTES[1]}, f"# {INSTITUTES[1]} 2023 年度绩效自评简报"),  # it has no report of 2024
        ("briefing_institute", {"language": "en", "year": "2022"}, ", 2022"),
    ],
)
def test_a_briefing_is_of_the_year_and_institute_asked_for_or_the_latest(notebooks, processed, name, parameters, title):
    executed = running.run(notebooks / f"{name}.ipynb", {"processed": str(processed), **parameters})
    text = text_of(executed)
    assert title in text
    assert images_of(executed) >= 2


def test_a_parameter_that_a_notebook_does_not_declare_is_refused_with_those_it_does(notebooks):
    with pytest.raises(ValueError, match="'yeers' is not known; there is: processed, institutes, years, language"):
        running.run(notebooks / "00_corpus.ipynb", {"yeers": [2024]})


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"institutes": ["青溪市计量检定所"]}, f"institute '青溪市计量检定所' is not known; there is: {INSTITUTES[0]}"),
        ({"years": [1999]}, "year 1999 is not known; there is: 2022, 2023, 2024"),
        ({"years": [2042]}, "year 2042 is not known; there is: 2022, 2023, 2024"),
        ({"language": "fr"}, "language 'fr': choose one of zh, en"),
        ({"processed": "nowhere"}, "processed 'nowhere': the folder is not there"),
    ],
)
def test_a_run_with_an_unknown_value_stops_with_a_list_of_what_there_is(notebooks, processed, parameters, message):
    import papermill

    with pytest.raises(papermill.PapermillExecutionError, match=re.escape(message)):
        running.run(notebooks / "01_execution_rates.ipynb", {"processed": str(processed), **parameters})


def test_a_run_from_the_folder_above_the_notebooks_finds_the_tables_of_their_defaults(processed, tmp_path, monkeypatch):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "processed").symlink_to(processed, target_is_directory=True)
    (tmp_path / "notebooks").mkdir()
    for place in ("notebooks", "."):
        monkeypatch.chdir(tmp_path / place)
        seen = open_view({}, processed="../data/processed")
        assert len(seen.reports) and seen.processed.resolve() == processed.resolve(), place
    monkeypatch.chdir(tmp_path.parent)
    looked = (tmp_path.parents[1] / "data" / "processed").resolve()
    with pytest.raises(ValueError, match=re.escape(f"the folder is not there ({looked})")):
        open_view({}, processed="../data/processed")


def view(processed, cells=(), **parameters):
    return open_view({"In": list(cells)}, processed=processed, **parameters)


def test_papermills_cell_and_a_cell_edited_by_hand_may_set_declared_names_only(processed):
    view(processed, ["# Parameters\nyears = [2024]", "years = []\nlanguage = 'zh'"])
    with pytest.raises(ValueError, match="parameter 'insitutes' is not known; there is: institutes"):
        view(processed, ["# Parameters\ninsitutes = []"])
    with pytest.raises(ValueError, match="parameter 'lang' is not known"):
        view(processed, ["processed = '../data/processed'\nlang = 'en'"])
    view(processed, ["import pandas\nx = 1", "threshold = 3", "%matplotlib inline", "broken ("])  # a reader's own cells are no parameters


def test_lists_single_values_and_texts_are_all_understood(processed):
    for years in ([2023, 2024], (2023, 2024), "2023, 2024", "[2023，2024年]"):
        assert sorted(view(processed, years=years).reports["fiscal_year"].unique()) == [2023, 2024]
    assert view(processed, institutes=INSTITUTES[1]).reports["institute"].unique().tolist() == [INSTITUTES[1]]
    assert len(view(processed, institutes="", years=None).reports) == len(sample_tables.tables(4, (2022, 2023, 2024), 4)["reports"])


def test_a_view_filters_every_table_and_issues_by_their_reports(processed):
    chosen = view(processed, institutes=[INSTITUTES[0]], years=[2024])
    for name, table in chosen.tables.items():
        if "institute" in table:
            assert set(table["institute"]) <= {INSTITUTES[0]}, name
    assert set(chosen.issues["report_id"]) <= set(chosen.reports["report_id"])
    everything = view(processed)
    narrowed = everything.of(institute=INSTITUTES[0], year=2024)
    pd.testing.assert_frame_equal(narrowed.funds, chosen.funds)
    assert len(everything.indicators) > len(narrowed.indicators) > 0
    with pytest.raises(AttributeError, match="its tables are reports"):
        everything.nothing  # noqa: B018


def test_an_institute_without_a_report_of_the_year_is_refused(tmp_path):
    tables = sample_tables.tables(2, (2023, 2024), seed=0)
    name = sample_tables.names(1)[0]
    for table, frame in tables.items():
        if "institute" in frame:
            tables[table] = frame[~(frame["institute"].eq(name) & frame["fiscal_year"].eq(2024))]
    sample_tables.write_frames(tmp_path, tables)
    with pytest.raises(ValueError, match=f"{name}: year 2024 is not known; there is: 2023"):
        view(tmp_path, institute=name, year=2024)
    assert view(tmp_path, institute=name, year=None).year == 2023


def test_words_of_reports_are_never_markup(processed):
    said = view(processed).read(lambda frame, language: "甲*所*<script>alert(1)</script>[x](http://a) & `b`", None)
    assert isinstance(said, Markdown)
    assert "<script" not in said.data
    assert "\\[x\\]" in said.data and "\\*所\\*" in said.data and "&amp;" in said.data
    frame = pd.DataFrame({"institute": ["<b>甲</b>"], "rate": [0.5]})
    assert "&lt;b&gt;甲&lt;/b&gt;" in view(processed).table(frame)._repr_html_()


def test_a_long_table_says_what_it_leaves_out_and_an_empty_one_that_it_is_empty(processed):
    frame = pd.DataFrame({"institute": [f"第{n}所" for n in range(50)], "rate": 0.96067})
    table = view(processed).table(frame)
    assert table._repr_html_().count("<tr>") == 41
    assert "前 40 行，共 50 行" in table._repr_html_()
    assert "96.07%" in repr(table)
    assert repr(view(processed, language="en").table(frame.head(0))) == "(no rows to show)"


def test_of_one_institutes_projects_it_is_not_said_each_time_whose_they_are(processed):
    def told(frame: object, language: str) -> str:
        return f"{INSTITUTES[0]} · 设备购置，91.8 分；{INSTITUTES[0]}，80 分。"

    own = view(processed).of(institute=INSTITUTES[0])
    assert own.read(told, None).data == f"设备购置，91.8 分；{INSTITUTES[0]}，80 分。"
    assert view(processed).read(told, None).data.count("·") == 1


def test_the_note_of_a_chart_is_told_from_its_title():
    def titled(title: str) -> str:
        ax = plt.subplots()[1]
        ax.set_title(title)
        return Chart(ax).title

    assert titled("上年支出与本年支出\n只画出最大的 10 家") == "上年支出与本年支出：只画出最大的 10 家"
    assert titled("Budget and spending\nthe largest 10") == "Budget and spending: the largest 10"
    assert titled("预算执行率") == "预算执行率"


def test_a_table_that_is_cut_shows_first_what_matters_and_says_where_the_rest_is(processed):
    amounts = [float(n) for n in range(48)] + [None, -90.0]
    frame = pd.DataFrame({"institute": [f"第{n}所" for n in range(50)], "unspent_wan": amounts})
    table = view(processed).table(frame, by="unspent_wan size", source="execution")
    assert table.frame["unspent_wan"].head(3).tolist() == [-90.0, 47.0, 46.0]
    assert table.note == ("表中列出前 40 行，共 50 行，按未支出（万元）由多到少（不论正负）；其余 10 行见数据文件夹中的表 execution。")
    lowest = view(processed, language="en").table(frame, by="unspent_wan up")
    assert lowest.frame["unspent_wan"].iloc[0] == -90.0
    assert lowest.note.endswith(", lowest first; the other 10 follow from the tables of the data.")
    assert view(processed).table(frame, most=50, by="unspent_wan size").frame["institute"].iloc[0] == "第0所", "all are there"
    severities = pd.DataFrame({"severity": ["high"] * 30 + ["medium"] * 20})
    assert "按程度由高到低" in view(processed).table(severities, by="severity down").note


def test_of_more_figures_than_are_listed_those_that_findings_concern_come_first():
    case = {"report_id": "a", "institute": "甲所", "fiscal_year": 2024, "scope": "整体"}
    scores = [{**case, "name": f"部分{n}", "score": float(n), "place": f"a.pdf#page=1&table=1&row={n}&col=2"} for n in range(1, 9)]
    raised = [("low", 3, None), ("high", 8, "写明了原因"), ("high", 7, None), ("medium", 2, None), ("high", 2, None)]
    findings = [{**case, "check": "scores_to_total", "severity": severity, "places": f"a.pdf#page=1&table=1&row={row}&col=2",
                 "accepted": reason} for severity, row, reason in raised]  # fmt: skip
    execution = [{**case, "executed_wan": 1.0, "place": "a.pdf#page=1&table=2&row=1&col=2"}]
    rows = {"execution": execution, "scores": scores, "findings": findings, "reports": [{**case, "source_file": "a.pdf"}]}
    tables = {name: sample_tables.frame(name, rows.get(name, [])) for name in sample_tables.facts.TABLES}
    tables["findings"] = ordered(tables["findings"])
    touched = Touched(tables, "zh")
    listed = figures(tables, touched, "zh", 6)
    assert listed.frame["listed"].tolist() == ["部分2", "部分7", "部分3", "预算执行 · 整体", "部分1", "部分4"]
    assert "共 9 行，核对问题所涉及的在前" in listed.note
    assert listed.note.endswith("其余 3 行见数据文件夹中的表 execution、three_public、scores、indicators。")
    assert figures(tables, touched, "zh", 9).frame["listed"].iloc[0] == "预算执行 · 整体", "all are there, in their order"


def test_empty_tables_make_an_empty_view(tmp_path):
    sample_tables.write(tmp_path, institutes=0)
    nothing = view(tmp_path, institute=None, year=None)
    assert (nothing.institute, nothing.year) == (None, None)
    assert readings.gaps(notebook.pd.DataFrame({"topic": [], "gap": []}), "en") == "Nothing is missing here."


def test_those_who_tie_for_the_most_are_named_together():
    rows = pd.DataFrame({"institute": ["甲所", "乙所", "丙所", "甲所", "乙所"]})
    rows = rows.assign(fiscal_year=2024, severity="low", check="fund_sources", accepted=None)
    assert "最多的是甲所、乙所，各有 2 个" in readings.raised(rows, "zh")
    lost = pd.DataFrame({"institute": ["甲所", "乙所", "丙所"], "level3": ["A", "B", "C"], "lost": [2.0, 10 - 8.0, 1.0]})
    lost = lost.assign(fiscal_year=2024, scope="整体", target="1", actual="1", score=1.0, deviation_reason="x")
    assert "丢得最多的是甲所“A”、乙所“B”，丢 2 分" in readings.lost(lost, lost, "zh")
