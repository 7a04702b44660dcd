"""All of a chart lies inside its figure and no text over another, whatever the names, the years and the amounts are."""

import warnings
from itertools import pairwise

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import laid_out
import sample_tables
from jixiao import charts
from jixiao.charts import bars, canvas, grids, row_names
from test_charts import frames_for

LONG = "某某省某某市某某经济技术开发区食品药品检验检测与药品不良反应监测中心{name}"
ENGLISH = "Metrology and Testing Institute of the Economic and Technological Development Zone No. {number}"
ENDS = "某某自治区某某市产品质量计量检测研究院（含某某分院）第{number}检验所"
NAMES = {"plain": "{name}", "long": LONG, "english": ENGLISH, "ends": ENDS}
AMOUNTS = {
    "plain": lambda amounts, spent, at: amounts,
    "zero": lambda amounts, spent, at: amounts * 0,
    "negative": lambda amounts, spent, at: amounts * np.where(at % 2, -1, 1),
    "above": lambda amounts, spent, at: amounts * np.where((at % 3 == 0) & spent, 25.0, 1.0),
    "tiny and huge": lambda amounts, spent, at: amounts * np.choose(at % 3, [1e-6, 1e5, 1.0]),
    "equal": lambda amounts, spent, at: amounts.where(amounts.isna(), 100.0),
    "missing": lambda amounts, spent, at: amounts * np.nan,
}
SPENT = {"executed_wan", "score", "amount_wan"}
FIGURES = {
    "execution": ["initial_budget_wan", "revised_budget_wan", "executed_wan"],
    "three_public": ["amount_wan"],
    "indicators": ["score"],
    "scores": ["score"],
}
THREE, EIGHT = (2022, 2023, 2024), tuple(range(2017, 2025))
CASES = [  # institutes, years, names, amounts, language
    (1, EIGHT, "plain", "plain", "en"),
    (2, THREE, "ends", "above", "zh"),
    (4, EIGHT, "long", "negative", "en"),
    (4, THREE, "english", "tiny and huge", "en"),
    (4, (2024,), "plain", "zero", "zh"),
    (4, (2024,), "long", "missing", "en"),
    (40, THREE, "long", "above", "zh"),
    (40, THREE, "english", "negative", "en"),
    (40, THREE, "plain", "tiny and huge", "zh"),
    (40, EIGHT, "ends", "equal", "en"),
    (400, (2024,), "long", "plain", "en"),
]


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def harsh(count: int, years: tuple[int, ...], names: str, amounts: str) -> dict[str, pd.DataFrame]:
    """The sample tables under other names and with other amounts."""
    tables = sample_tables.tables(count, years)
    institutes = tables["reports"]["institute"].drop_duplicates()
    called = {name: NAMES[names].format(name=name, number=number) for number, name in enumerate(institutes, start=1)}
    for table, columns in FIGURES.items():
        rows = tables[table]
        for column in columns:
            changed = AMOUNTS[amounts](rows[column].astype("float64"), column in SPENT, np.arange(len(rows)))
            rows = rows.assign(**{column: changed.astype(rows[column].dtype)})
        tables[table] = rows
    return {table: rows.assign(institute=rows["institute"].map(called).astype(rows["institute"].dtype)) if "institute" in rows else rows
            for table, rows in tables.items()}  # fmt: skip


@pytest.fixture(scope="module", params=CASES, ids=lambda case: f"{case[0]}-{len(case[1])}-{case[2]}-{case[3]}-{case[4]}")
def case(request):
    return frames_for(harsh(*request.param[:-1])), request.param[-1]


@pytest.mark.parametrize("name", charts.__all__)
def test_all_of_a_chart_lies_inside_its_figure_and_no_text_over_another(case, name):
    frames, language = case
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # a layout that does not fit, a character that the fonts do not have
        figure = getattr(charts, name)(frames[name], language).figure
        assert laid_out.beyond(figure) == []
        assert laid_out.overlapping(figure) == []
    assert figure.get_figheight() <= canvas.TALLEST


def test_what_lies_beyond_or_over_is_found():
    figure, ax = plt.subplots(figsize=(4, 2), layout="constrained")
    for words, at in {"inside": 0.1, "over": 0.15, "out": 0.99}.items():
        ax.text(at, 0.5, words * 3).set_in_layout(False)
    assert [name for name, _ in laid_out.beyond(figure) if name.startswith("out")] == ["outoutout"]
    assert laid_out.overlapping(figure) == [("insideinsideinside", "overoverover")]


def test_bars_below_zero_start_at_the_zero_line_and_their_notes_to_its_right():
    frame = pd.DataFrame({"a": [3.0, -2.0], "b": [-1.0, np.nan]})
    for ax in (bars.grouped(frame, ["a", "b"], ["甲", "乙"], ["a", "b"], ["C0", "C1"], "zh"),
               bars.stacked(frame, ["a", "b"], ["甲", "乙"], ["a", "b"], ["C0", "C1"], ["3", "−2"])):  # fmt: skip
        assert ax.get_xlim()[0] < -2
        spans = sorted({(patch.get_x(), patch.get_width()) for patch in ax.patches if patch.get_width()})
        assert spans == [(0, -2), (0, -1), (0, 3)]
        assert all(note.xy[0] >= 0 for note in ax.texts)


def test_a_note_has_as_much_room_as_it_needs():
    notes = ["102.67%  (14,949,000.00 / 14,560,000.00)", "1%"]
    ax = bars.single([100, 1], ["甲所", "乙所"], notes, bars.plain(2))
    assert laid_out.beyond(ax.figure) == []
    short = bars.single([100, 1], ["甲所", "乙所"], ["", "1%"], bars.plain(2))
    assert short.get_xlim()[1] < ax.get_xlim()[1]


@pytest.mark.parametrize("pattern", [LONG, ENGLISH, ENDS])
def test_names_that_differ_in_one_place_keep_it(pattern):
    names = [pattern.format(name=f"第{number}所", number=number) for number in range(8, 13)]
    for short in (row_names.labels(names), row_names.one_line(names), row_names.told_apart(names, 8)):
        assert len(set(short)) == len(names)
        assert all(str(number) in label for number, label in zip(range(8, 13), short, strict=True))
        assert all(label.count("\n") <= 1 for label in short)


def test_forms_of_institutes_with_long_names_are_told_apart():
    rows = pd.DataFrame({"institute": [ENDS.format(number=number) for number in (1, 2)], "scope": "整体", "fiscal_year": 2024})
    assert len(set(row_names.form_labels(rows, "zh"))) == 2
    lost = rows.assign(level3="完成率", weight=10.0, score=8.0, lost=2.0)
    assert len({label.get_text() for label in charts.lost(lost, "zh").get_yticklabels()}) == 2


def test_the_lowest_figure_of_many_years_is_not_written_over_the_last():
    frame = pd.DataFrame({"institute": "甲所", "fiscal_year": EIGHT, "rate": [*[0.95] * 6, 0.879, 0.88]})
    frame = frame.assign(basis="revised", covers="whole")
    assert laid_out.overlapping(charts.history(frame, "zh").figure) == []


def test_severities_and_what_is_not_broken_down_are_told_apart_in_grey_print():
    counts = pd.DataFrame({"institute": ["甲所"], "fiscal_year": 2024, "high": 1, "medium": 1, "low": 1, "accepted": 0, "total": 3})
    faces = [grids.luminance(patch.get_facecolor()) for patch in charts.findings(counts, "zh").patches]
    assert all((lighter + 0.05) / (darker + 0.05) > 1.4 for darker, lighter in pairwise(faces)), faces
    funds = pd.DataFrame({"institute": "甲所", "year": 2024, "item": ["total", "abroad"], "executed_wan": [3.0, 1.0], "own": True})
    ax = charts.three_public_parts(funds, "zh")
    assert {bool(patch.get_hatch()) for patch in ax.patches} == {True, False}, "green and grey are equally dark"


def test_the_notes_of_spending_per_head_are_in_the_unit_of_the_axis():
    totals = pd.DataFrame({"institute": ["甲所"], "year": 2024, "per_head_wan": [0.3821]})
    assert [note.get_text() for note in charts.per_head(totals, "en").texts] == ["0.3821"]


def test_what_is_not_drawn_is_counted_in_the_title():
    rates = pd.DataFrame({"institute": sample_tables.names(30), "fiscal_year": 2024, "covers": "whole", "rate": [0.9] * 28 + [np.nan] * 2,
                          "executed_wan": 9.0, "budget_wan": [10.0] * 28 + [np.nan] * 2, "basis": "revised"})  # fmt: skip
    drawn = charts.rates(rates, "zh"), charts.history(rates, "zh"), charts.ranked(rates, "zh", value="rate")
    assert all("另有 2 项没有此数" in ax.get_title(loc="left") for ax in drawn)
    few = rates.head(3).assign(per_head_wan=[0.1, 0.2, np.nan], year=2024)
    assert charts.per_head(few, "en").get_title(loc="left").endswith("2024; 1 more without a figure")
    assert "项没有此数" not in charts.rates(rates.tail(3), "zh").get_title(loc="left"), "few rows are all there"


def test_the_row_of_the_rest_says_its_median_and_its_ends():
    frame = pd.DataFrame({"institute": sample_tables.names(30), "fiscal_year": 2024, "rate": np.linspace(0.5, 1.08, 30)})
    ax = charts.ranked(frame, "zh", value="rate")
    assert "79%  (70% – 88%)" in [note.get_text() for note in ax.texts]
    assert laid_out.beyond(ax.figure) == []


def test_an_axis_says_its_numbers_as_they_are():
    frame = pd.DataFrame({"institute": ["甲所", "乙所"], "fiscal_year": 2024, "executed_wan": [0.0, 0.0]})
    for amounts in ([0.0, 0.0], [0.00001, 0.00002], [98_765_432.1, 98_765_433.1]):
        ax = charts.ranked(frame.assign(executed_wan=amounts), "zh")
        ax.figure.draw_without_rendering()
        assert ax.xaxis.get_offset_text().get_text() == ""
    labels = [label.get_text() for label in ax.get_xticklabels()]
    assert labels[:3] == ["0", "20,000,000", "40,000,000"]


def test_boxes_say_what_they_are(case):
    frames, language = case
    ax = charts.levels(frames["levels"], language)
    title = ax.get_title(loc="left")
    assert bool(ax.patches) == (("box" if language == "en" else "方框") in title)
