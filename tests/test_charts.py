"""Charts of 0, 1, 4 and 400 institutes: units on axes, bars from zero, every character in the font, nothing written over another."""

import re
from itertools import pairwise

import matplotlib

matplotlib.use("agg")

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib import font_manager
from matplotlib.text import Text

import laid_out
import sample_tables
from jixiao import charts, coverage, findings, marks, measures, rules
from jixiao.charts import bars, canvas, grids, row_names
from jixiao.notebook import open_view

SIZES = {"none": (0, (2024,)), "one": (1, (2024,)), "four": (4, (2021, 2022, 2024)), "many": (400, (2023, 2024))}
BARS = {"rates", "scope_rates", "plan", "three_public_parts", "three_public_against", "per_head", "lost", "findings", "rule_coverage"}


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def frames_for(tables: dict[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The frame that each chart draws."""
    rates = measures.execution_rates(tables["execution"])
    totals = measures.institute_rates(rates)
    funds = measures.three_public(tables["three_public"], tables["reports"])
    public = measures.three_public_totals(funds)
    rubric = rules.load("quwo-2021")
    scored = rules.score(tables, rubric)
    comparable = rules.comparable(tables, rubric, scored)
    return {
        "comparable": comparable,
        "rule_coverage": rules.by_rule(scored, rubric, "en"),
        "rank_ranges": rules.ranked_together(comparable),
        "coverage": coverage.counts(tables),
        "rates": totals,
        "plan": totals,
        "history": totals,
        "scope_rates": rates,
        "three_public_parts": funds,
        "three_public_against": public,
        "per_head": public,
        "ranked": totals[["institute", "fiscal_year", "unspent_wan"]],
        "totals": marks.total_scores(tables["indicators"], tables["execution"], tables["scores"]),
        "levels": marks.form_scores(tables["scores"], tables["indicators"]),
        "findings": findings.by_institute(sample_tables.audited(tables)["findings"]),
        "lost": marks.points_lost(tables["indicators"]),
    }


@pytest.fixture(scope="module")
def samples() -> dict[str, dict[str, pd.DataFrame]]:
    return {size: frames_for(sample_tables.tables(*arguments)) for size, arguments in SIZES.items()}


def ticks(axis) -> list[Text]:
    """The tick labels that are drawn: matplotlib also keeps some outside the limits."""
    low, high = sorted(axis.get_view_interval())
    pairs = zip(axis.get_majorticklocs(), axis.get_majorticklabels(), strict=False)
    return [label for place, label in pairs if low <= place <= high and label.get_text().strip()]


def glyphs() -> set[int]:
    """The characters that the two fonts of the charts have."""
    files = [font_manager.findfont(font_manager.FontProperties(family=[name]), fallback_to_default=False) for name in canvas.FONTS]
    return {code for file in files for code in font_manager.get_font(file).get_charmap()}


def test_every_chart_is_tried():
    assert set(frames_for(sample_tables.tables(1))) == set(charts.__all__)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", charts.__all__)
def test_a_chart_has_its_unit_its_characters_and_room_for_all_of_them(samples, name, size, language):
    ax = getattr(charts, name)(samples[size][name], language)
    figure = ax.figure
    assert laid_out.beyond(figure) == []
    assert laid_out.overlapping(figure) == []
    texts = laid_out.texts(figure)

    known = glyphs()
    assert {char for text in texts for char in text.get_text() if not char.isspace() and ord(char) not in known} == set()
    assert all(text.get_fontfamily() == canvas.FONTS for text in texts)
    if language == "en":
        assert not re.search("[一-鿿]", ax.get_title(loc="left")), "an English chart has an English title"

    width, height = figure.get_size_inches()
    assert width <= 8.3 and height <= canvas.TALLEST
    if not ax.get_title(loc="left"):  # nothing to draw: a sentence says so
        assert samples[size][name].empty or size in ("none", "one")
        assert any(len(text.get_text()) > 8 for text in texts)
        return

    unit = " ".join([ax.get_xlabel(), ax.get_ylabel(), ax.get_title(loc="left")])
    assert re.search(r"万元|10,000 CNY|%|分|points|行数|rows|年度|问题（个）|findings", unit), unit
    if name in BARS:
        assert ax.get_xlim()[0] == 0
        assert all(patch.get_x() >= 0 for patch in ax.patches)


def labels_of(ax) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


@pytest.mark.parametrize("name", charts.__all__)
def test_400_institutes_are_summarised(samples, name):
    ax = getattr(charts, name)(samples["many"][name], "zh")
    assert len(labels_of(ax)) <= 2 * canvas.ENDS + 6


def test_the_rest_is_one_row_with_its_number_and_the_ends_stay(samples):
    frame = samples["many"]["rates"]
    ax = charts.rates(frame, "zh")
    labels = labels_of(ax)
    known = measures.latest(frame)["rate"].notna().sum()
    assert f"其余 {known - 2 * canvas.ENDS} 家（中位数）" in labels
    assert len(labels) == 2 * canvas.ENDS + 1
    drawn = [patch.get_width() for patch in ax.patches]
    rates = measures.latest(frame)["rate"].dropna().sort_values(ascending=False) * 100
    assert drawn[: canvas.ENDS] == pytest.approx(rates.head(canvas.ENDS).tolist())
    assert drawn[-canvas.ENDS :] == pytest.approx(rates.tail(canvas.ENDS).tolist())
    assert drawn[canvas.ENDS] == pytest.approx(rates.iloc[canvas.ENDS : -canvas.ENDS].median())


def test_an_institute_without_a_rate_keeps_its_row_and_projects_are_named(samples):
    ax = charts.rates(samples["four"]["rates"], "zh")
    texts = [text.get_text() for text in laid_out.texts(ax.figure)]
    assert "预算未列明" in texts
    assert any("（项目合计）" in text for text in texts)


def rates_of(count: int, years: tuple[int, ...], missing: int | None = None) -> pd.DataFrame:
    """A frame for `charts.history`: each institute with a rate in each of `years`, but for `missing` of the first."""
    pairs = [(name, year) for name in sample_tables.names(count) for year in years]
    frame = pd.DataFrame(pairs, columns=["institute", "fiscal_year"]).assign(rate=[0.9 + at % 20 / 100 for at in range(len(pairs))])
    frame = frame.assign(basis="revised", covers="whole")
    return frame[~(frame["institute"].eq(frame["institute"].iloc[0]) & frame["fiscal_year"].eq(missing))]


def test_one_rate_alone_is_no_history():
    ax = charts.history(rates_of(1, (2024,)), "en")
    assert [text.get_text() for text in ax.texts] == ["There is one rate alone:\nno chart over the years."] and not ax.get_title(loc="left")
    assert charts.history(rates_of(2, (2024,)), "en").get_title(loc="left")


def test_a_few_institutes_have_a_panel_each_with_the_same_axes_and_gaps_for_missing_years():
    ax = charts.history(rates_of(12, (2019, 2020, 2021, 2022, 2024), missing=2021), "zh")
    panels = ax.child_axes
    assert len(panels) == 12
    assert len({(panel.get_xlim(), panel.get_ylim()) for panel in panels}) == 1
    assert [label.get_text() for label in panels[-1].get_xticklabels()] == ["2019", "2020", "2021", "2022", "2023", "2024"]
    gaps = [sum(text.get_text() == "—" for text in panel.texts) for panel in panels]
    assert sorted(gaps) == [1] * 11 + [2], "2023 has no report at all, 2021 none of one institute"
    assert all(np.isnan(panel.lines[1].get_ydata()).sum() == gap for panel, gap in zip(panels, gaps, strict=True)), "the line is broken"


def test_forty_institutes_are_lines_of_a_heat_map_that_names_each():
    ax = charts.history(rates_of(40, (2022, 2024)), "zh")
    names = labels_of(ax)
    assert len(set(names)) == 40 and all("\n" not in name for name in names)
    assert [label.get_text() for label in ax.get_xticklabels()] == ["2022", "2023", "2024"]
    assert sum(text.get_text() == "—" for text in ax.texts) == 40


def test_a_rate_of_another_kind_is_marked_and_not_joined_with_the_others():
    frame = rates_of(2, (2021, 2022, 2023, 2024)).reset_index(drop=True)
    frame.loc[1, "basis"], frame.loc[2, "covers"] = "initial", "projects"
    ax = charts.history(frame, "en")
    assert "○ initial budget; ■ projects" in ax.get_title(loc="left")
    name = frame["institute"].iloc[0]
    panel = next(each for each in ax.child_axes if each.texts[-1].get_text().replace("\n", "") == name)
    dots = {line.get_marker(): line for line in panel.lines if line.get_markerfacecolor() == "white" and len(line.get_xdata())}
    assert dots["o"].get_xdata().tolist() == [2022], "the initial budget's dot is hollow"
    joined = [line.get_xdata().tolist() for line in panel.lines[1:] if line.get_linestyle() == "-" and len(line.get_xdata()) > 1]
    assert [2021, 2022] in joined and not any(2023 in years for years in joined), "projects are not joined with the whole"
    assert "initial" not in charts.history(frame.assign(basis="initial"), "en").get_title(loc="left"), "what is so of all is no change"
    many = pd.concat([frame, rates_of(20, (2021, 2022, 2023, 2024)).iloc[8:]])
    shown = [text.get_text() for text in charts.history(many, "zh").texts]
    assert sum(text.endswith("°") for text in shown) == 1 and sum(text.endswith("*") for text in shown) == 1


def test_a_page_of_one_institute_does_not_name_it_on_each_row(tmp_path):
    name = sample_tables.names(1)[0]
    folder = sample_tables.write(tmp_path, institutes=2, years=(2022, 2023, 2024), seed=5)
    view = open_view({}, processed=folder, institute=name).of(institute=name)
    levels = view.measure(marks.form_scores)
    totals = measures.institute_rates(view.measure(measures.execution_rates))
    for draw, frame in ((charts.levels, levels), (charts.history, totals)):
        drawn = []
        view.chart(lambda rows, language, draw=draw, drawn=drawn: drawn.append(draw(rows, language)) or drawn[0], frame)
        texts = [text.get_text().replace("\n", "") for text in drawn[0].figure.findobj(Text)]
        assert not any(name[:4] in text for text in texts), texts
        assert any("2022" in text for text in texts)


@pytest.mark.parametrize("years", [(2024,), tuple(range(2004, 2025))])
@pytest.mark.parametrize("count", [4, 12, 400])
def test_the_ticks_of_years_are_whole_years_that_stay_apart(count, years):
    ax = charts.history(rates_of(count, years), "en")
    ax.figure.canvas.draw()
    axis = (ax.child_axes or [ax])[-1].xaxis
    shown = ticks(axis)
    assert shown[-1].get_text() == "2024" and all(re.fullmatch(r"20\d\d", label.get_text()) for label in shown)
    boxes = [label.get_window_extent() for label in shown]
    assert not any(laid_out.shared(first, second) for first, second in pairwise(boxes))


def test_names_on_one_line_are_shortened_as_far_as_they_differ():
    other = LONG.replace("药品不良", "医疗器械不良")
    assert len(set(row_names.one_line([LONG, other]))) == 2
    assert row_names.one_line([LONG, "乙县计量所"])[1] == "乙县计量所"
    assert row_names.width(row_names.one_line([LONG])[0]) <= 1.4 * row_names.LINE


def test_points_lost_in_several_years_say_which():
    rows = [{"institute": "甲所", "scope": "整体", "level3": "完成率", "weight": 10.0, "score": 8.0, "lost": 2.0, "fiscal_year": year}
            for year in (2023, 2024)]  # fmt: skip
    assert labels_of(charts.lost(pd.DataFrame(rows), "zh")) == ["完成率\n甲所 2023", "完成率\n甲所 2024"]
    assert labels_of(charts.lost(pd.DataFrame(rows[:1]), "zh")) == ["完成率\n甲所"]


def test_the_rest_of_a_chart_of_dots_is_its_medians(samples):
    frame = measures.latest(samples["many"]["comparable"]).dropna(subset=["normalised"])
    ax = charts.comparable(samples["many"]["comparable"], "zh")
    assert labels_of(ax)[-1] == f"其余 {len(frame) - canvas.MOST_ROWS} 家（中位数）"
    others = frame.sort_values("difference_pp", key=lambda value: -value.abs(), kind="stable").iloc[canvas.MOST_ROWS :]
    rings, dots = ax.collections[-2:]
    assert rings.get_offsets()[-1][0] == pytest.approx(others["normalised"].median() * 100)
    assert dots.get_offsets()[-1][0] == pytest.approx(others["self_share"].median() * 100)


def test_a_printed_zero_is_drawn_as_a_zero_and_not_as_missing():
    case = {"report_id": "a-2024", "institute": "甲所", "fiscal_year": 2024, "item": "total", "year": 2024, "origin": "table"}
    rows = sample_tables.frame("three_public", [{**case, "stage": "executed", "amount_wan": 0.0}])
    reports = sample_tables.frame("reports", [{**case, "source_file": "a.pdf"}])
    funds = measures.three_public(rows, reports)
    assert "0" in [text.get_text() for text in charts.three_public_parts(funds, "zh").texts]
    against = [text.get_text() for text in charts.three_public_against(measures.three_public_totals(funds), "zh").texts]
    assert against == ["上年支出 未列明", "本年预算 未列明", "支出 0.00"]


LONG = "某某省某某市某某经济技术开发区食品药品检验检测与药品不良反应监测中心（某某市产品质量监督检验所）"


def test_long_names_keep_their_place_and_different_names_never_look_the_same():
    short = row_names.labels([LONG, LONG.replace("药品不良", "医疗器械不良"), "乙县计量所"])
    assert short[0].startswith("某某省某某市")
    assert short[2] == "乙县计量所"
    assert len(set(short)) == 3
    assert all(row_names.width(line) <= row_names.LINE + 1 for label in short for line in label.split("\n"))
    assert row_names.labels([LONG])[0].count("\n") == 1


def test_a_label_of_english_words_is_broken_between_them():
    (label,) = row_names.labels(["execution of government procurement (6)"])
    assert label == "execution of\ngovernment procurement (6)"


def test_the_chinese_font_is_the_one_of_the_package_after_seaborn_was_set_up():
    canvas.style()
    found = font_manager.findfont(font_manager.FontProperties(family=matplotlib.rcParams["font.family"]))
    assert "zhplot" in found


def test_the_mean_of_the_rest_is_as_long_as_its_parts(samples):
    for name in ("three_public_parts", "findings"):
        ax = getattr(charts, name)(samples["many"][name], "zh")
        last = max(patch.get_y() for patch in ax.patches)
        length = sum(patch.get_width() for patch in ax.patches if patch.get_y() == last)
        assert float(ax.texts[-1].get_text()) == pytest.approx(length, abs=0.005), name
        assert "平均" in labels_of(ax)[-1]
    assert "个单位年度" in ax.get_title(loc="left"), "rows of several years are no number of institutes"


def test_the_rest_of_a_grouped_chart_is_its_medians(samples):
    frame = samples["many"]["plan"]
    ax = charts.plan(frame, "zh")
    others = measures.latest(frame).sort_values("executed_wan", ascending=False, kind="stable").iloc[10:]
    assert ax.texts[-1].get_text() == f"支出 {others['executed_wan'].median():,.2f}"


def test_without_staff_nothing_is_said_of_spending(samples):
    (text,) = charts.per_head(samples["one"]["per_head"], "zh").texts
    assert "在职人数" in text.get_text(), "spending is stated, staff is not"


def test_numbers_on_a_heat_map_can_be_read(samples):
    ax = charts.levels(samples["four"]["levels"], "zh")
    faces = [face for face, value in zip(ax.collections[0].get_facecolors(), ax.collections[0].get_array().filled(-1).ravel(), strict=True)
             if value >= 0]  # fmt: skip
    for face, text in zip(faces, [text for text in ax.texts if text.get_text() != "—"], strict=True):
        light, dark = sorted((grids.luminance(face), grids.luminance(matplotlib.colors.to_rgba(text.get_color()))), reverse=True)
        assert (light + 0.05) / (dark + 0.05) > 4.5


def test_few_rows_are_all_top():
    frame = pd.DataFrame({"value": range(canvas.MOST_ROWS)})
    top, rest, bottom = bars.ends(frame, "value")
    assert (len(top), len(rest), len(bottom)) == (canvas.MOST_ROWS, 0, 0)
    top, rest, bottom = bars.ends(pd.DataFrame({"value": range(100)}), "value")
    assert top["value"].tolist() == list(range(99, 89, -1))
    assert bottom["value"].tolist() == list(range(9, -1, -1))
    assert len(rest) == 80


def test_drawing_into_given_axes_leaves_its_figure():
    _, (left, right) = plt.subplots(1, 2)
    frames = frames_for(sample_tables.tables(4))
    assert charts.rates(frames["rates"], "zh", ax=left) is left
    assert charts.lost(frames["lost"], "en", ax=right) is right
    assert len(plt.get_fignums()) == 1


def test_a_report_without_institute_or_year_has_a_label():
    frame = pd.DataFrame({"institute": pd.Series(["甲所", None], dtype="str"), "fiscal_year": pd.Series([2023, None], dtype="Int64")})
    two_years = pd.concat([frame, frame.head(1).assign(fiscal_year=2024)])
    assert row_names.case_labels(two_years, "zh") == ["甲所\n2023", "未列明\n未列明", "甲所\n2024"]


def test_any_column_is_drawn_with_its_unit_and_what_is_below_zero_to_the_left():
    frame = pd.DataFrame(
        {"institute": ["甲所", "乙所", "丙所"], "fiscal_year": 2024, "rate": [0.96, None, 1.02], "difference_pp": [3.5, 0.5, -28.56]}
    )
    shares = charts.ranked(frame, "zh", value="rate")
    assert [round(patch.get_width(), 6) for patch in shares.patches] == [102, 96], "in %, and a row without the figure has no bar"
    assert shares.get_xlabel() == "执行率 (%)"
    apart = charts.ranked(frame, "zh")
    assert apart.get_xlabel() == "重算减自评（百分点）" and apart.get_title(loc="left").startswith("重算减自评")
    assert apart.get_xlim()[0] < -28.56 < 0 < apart.get_xlim()[1]
    assert [text.get_text() for text in apart.texts] == ["+3.5", "+0.5", "−28.56"]
