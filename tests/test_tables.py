"""What is read from disk: the tables, years, columns and reports that are asked for, and the same figures as with everything loaded."""

import json

import pandas as pd
import pytest

import sample_tables
from jixiao import coverage, frames, marks, measures, running
from jixiao.facts import TABLES
from jixiao.findings import ordered
from jixiao.notebook import open_view
from jixiao.stored import Stored
from jixiao.tables import Tables, measured

MEASURES = [marks.total_scores, marks.form_scores, marks.points_lost, marks.full_but_missed, measures.execution_rates,
            measures.spending_parts, measures.staff, measures.three_public]  # fmt: skip
INSTITUTE = sample_tables.names(2)[1]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """120 reports as a build writes them, the last one the same as another."""
    out = sample_tables.many(tmp_path_factory.mktemp("many") / "processed", 120)
    assert sorted(path.name for path in (out / "by_year" / "reports").iterdir()) == [f"fiscal_year={year}" for year in range(2020, 2025)]
    return out


@pytest.fixture
def asked(monkeypatch):
    """What was asked of the disk: (table, columns, years, how many reports)."""
    calls = []
    read = Stored.read

    def noted(self, table, columns=None, years=None, reports=None):
        calls.append((table, set(columns), None if years is None else set(years), None if reports is None else len(reports)))
        return read(self, table, columns, years, reports)

    monkeypatch.setattr(Stored, "read", noted)
    return calls


def view(folder, **parameters):
    return open_view({}, processed=folder, **parameters)


def test_a_view_reads_nothing_but_which_reports_there_are(folder, asked):
    view(folder)
    assert [(table, columns) for table, columns, *_ in asked] == [("reports", {"report_id", "institute", "fiscal_year", "duplicate_of"})]


def test_a_measure_reads_its_columns_once_of_the_chosen_years(folder, asked):
    chosen = view(folder, years=[2023, 2024])
    asked.clear()
    chosen.measure(marks.form_scores)
    chosen.measure(marks.form_scores)
    scope = {"report_id", "institute", "fiscal_year", "scope"}
    assert asked == [
        ("scores", {*scope, "name", "weight", "score"}, {2023, 2024}, None),
        ("indicators", {*scope, "level1", "weight", "score", "attained", "shares_points_with"}, {2023, 2024}, None),
    ]
    asked.clear()
    chosen.only("indicators", "scope level1 level3")
    assert asked == [("indicators", {"report_id", "level3"}, {2023, 2024}, None)], "what was read before is not read again"


def test_a_briefings_year_and_institute_are_read_alone(folder, asked):
    everything = view(folder)
    asked.clear()
    of_year = everything.of(year=2022)
    of_year.funds, of_year.of(institute=INSTITUTE).scores
    assert [(table, years, reports) for table, _, years, reports in asked] == [("funds", {2022}, None), ("scores", {2022}, 1)]
    everything.only("execution", "scope executed_wan")
    asked.clear()
    assert len(of_year.only("execution", "executed_wan")) and not asked, "what is in memory is not read"


@pytest.mark.parametrize("name", ["01_execution_rates", "03_indicator_scores"])
def test_a_notebook_leaves_the_texts_and_the_other_tables_alone(root, folder, asked, name):
    """Its cells in this process, without charts, so that what they ask for can be seen."""
    cells = json.loads((root / "notebooks" / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    names = {"display": lambda shown: repr(shown)}
    for cell in cells:
        if cell["cell_type"] == "code":
            exec("".join(line for line in cell["source"] if not line.startswith("charts.")), names)
            names["processed"] = folder if "parameters" in cell["metadata"].get("tags", []) else names["processed"]
    tables = {table for table, *_ in asked}
    assert not tables & {"checks", "activities", "statements"}
    assert not any(columns & {"criterion", "explanation", "printed", "message"} for table, columns, *_ in asked if table != "issues")


@pytest.mark.parametrize("chosen", [{}, {"years": [2021, 2024]}, {"institutes": [INSTITUTE]}, {"institutes": [INSTITUTE], "years": [2023]}])
def test_the_tables_are_those_that_were_written(folder, chosen):
    found = view(folder, **chosen).tables
    written = {table: Stored(folder).read(table) for table in TABLES}
    written["findings"] = ordered(written["findings"])
    for table, frame in written.items():
        if "institute" in frame and "institutes" in chosen:
            frame = frame[frame["institute"].isin(chosen["institutes"])]
        if "fiscal_year" in frame and "years" in chosen:
            frame = frame[frame["fiscal_year"].isin(chosen["years"])]
        if table == "issues":
            frame = frame[frame["report_id"].isin(found["reports"]["report_id"])]
        if table == "checks":
            assert len(found[table]) == len(frame), "their reasons are in the language of the view"
            continue
        pd.testing.assert_frame_equal(found[table], frame.reset_index(drop=True))
        first = Tables(folder)  # column by column
        pd.testing.assert_frame_equal(pd.concat([first.only(table, [name]) for name in frames.schema(table)], axis=1),
                                      Stored(folder).read(table))  # fmt: skip


def test_measures_are_the_same_with_everything_loaded(folder):
    lazily, whole = Tables(folder), {table: Stored(folder).read(table) for table in TABLES}
    for measure in MEASURES:
        every = measure(*(whole[table] for table in measure.reads))
        pd.testing.assert_frame_equal(measured(lazily, measure), every)
        pd.testing.assert_frame_equal(measured(whole, measure), every)
    pd.testing.assert_frame_equal(coverage.gaps(lazily), coverage.gaps(whole))
    pd.testing.assert_frame_equal(coverage.counts(lazily), coverage.counts(whole))


def test_the_same_outputs_from_the_tables_by_year_and_from_csv_files(root, folder, tmp_path):
    for path in folder.glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    by_year, from_csv = (
        running.run(root / "notebooks" / "03_indicator_scores.ipynb", {"processed": str(each)}) for each in (folder, tmp_path)
    )
    assert [cell.get("outputs") for cell in by_year.cells[3:]] == [cell.get("outputs") for cell in from_csv.cells[3:]]


def test_a_second_report_of_the_same_content_is_left_out_wherever_it_is_read(tmp_path):
    found = sample_tables.tables(3, (2023, 2024), seed=5)
    again, first = found["reports"]["report_id"].iloc[[-1, 0]]
    found["reports"].loc[found["reports"]["report_id"].eq(again), "duplicate_of"] = first
    found["issues"] = sample_tables.frame("issues", [{"report_id": again, "code": "same_report", "message": "m"}])
    sample_tables.write_frames(tmp_path, found)
    everything = view(tmp_path)
    assert list(everything.issues["report_id"]) == [again]
    for table in set(TABLES) - {"issues"}:
        assert again not in set(everything.tables[table]["report_id"]), table
    year = int(found["reports"]["fiscal_year"].iloc[-1])
    assert again not in set(everything.of(year=year).execution["report_id"])


def test_a_frame_that_is_changed_changes_no_other(folder):
    everything = view(folder)
    first, totals = everything.scores, everything.measure(marks.total_scores)
    first.loc[0, "name"], totals["printed_total"] = "x", 0.0
    assert everything.scores["name"].iloc[0] != "x" and everything.measure(marks.total_scores)["printed_total"].sum() > 0
