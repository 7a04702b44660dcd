"""Places, merged cells and rows torn by a page break."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn import ABOVE, LEFT, table
from jixiao.document import Cell, Place, tidy
from jixiao.page_breaks import mend_page_break
from jixiao.vocabulary import is_label

numbers = st.none() | st.integers(1, 10**6)
names = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=20)


@given(names, numbers, st.none() | names, numbers, numbers, numbers, numbers)
def test_a_place_is_read_back_as_it_was(file, page, sheet, paragraph, number, row, col):
    place = Place(file, page, sheet, paragraph, number, row, col, chars=(3, 9))
    assert Place.parse(str(place)) == place


def test_a_place_reads_as_the_contract_writes_it():
    assert str(Place("a.pdf", page=6, table=2, row=5, col=3)) == "a.pdf#page=6&table=2&row=5&col=3"


def test_a_place_that_is_not_understood_says_which_part():
    with pytest.raises(ValueError, match="'seite=3' is not understood"):
        Place.parse("a.pdf#seite=3")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("2024 年 支出\n10 万元", "2024年支出10万元"), ("JJF 1099\n2018", "JJF 1099 2018"), (" 公 用 经 费 ", "公用经费"), ("", "")],
)
def test_tidy(text, expected):
    assert tidy(text) == expected


def test_a_merged_cell_stands_at_each_position_that_it_covers():
    drawn = table([["一", LEFT, "二"], [ABOVE, LEFT, "三"]])
    # drawn as 2 × 2 above: only the upper row's LEFT widens it
    assert drawn.grid[0][0] is drawn.grid[0][1] is drawn.grid[1][0]
    assert [cell.text for cell in drawn.row(0)] == ["一", "二"]


def rows(*texts):
    return [Cell(r, c, text) for r, row in enumerate(texts) for c, text in enumerate(row)]


def texts(cells):
    return [[c.text for c in cells if c.row == r] for r in sorted({c.row for c in cells})]


def test_a_torn_name_goes_back_to_its_row():
    cells = rows(["产出", "检定出具", "24000", "5"], ["", "证书", "", ""], ["", "合格率", "97%", "5"])
    assert texts(mend_page_break(cells, 1)) == [["产出", "检定出具\n证书", "24000", "5"], ["", "合格率", "97%", "5"]]


def test_a_row_of_figures_after_the_break_is_its_own():
    cells = rows(["产出", "甲", "24000", "5"], ["", "乙", "97%", "5"])
    assert texts(mend_page_break(cells, 1)) == texts(cells)


def test_a_known_label_with_blank_cells_is_a_row_of_its_own():
    cells = rows(["当年财政拨款", "100", "100", "100"], ["上年结转资金", "", "", ""])
    assert texts(mend_page_break(cells, 1, is_label)) == texts(cells)


def test_the_rest_of_a_known_label_goes_back():
    cells = rows(["一般公共预算", "100", "100", "100"], ["拨款", "", "", ""])
    assert texts(mend_page_break(cells, 1, is_label)) == [["一般公共预算\n拨款", "100", "100", "100"]]


def test_a_merged_cell_goes_on_over_the_break():
    cells = [Cell(0, 0, "产出", 2), Cell(0, 1, "甲"), Cell(1, 1, "乙"), Cell(2, 0, "", 2), Cell(2, 1, "丙"), Cell(3, 1, "丁")]
    mended = mend_page_break(cells, 2)
    assert [(c.text, c.rowspan) for c in mended if c.col == 0] == [("产出", 4)]


def level(text):
    return text in ("产出", "效益", "满意度")


def test_a_label_in_the_lower_part_of_its_merged_cell_names_the_upper_part_too():
    cells = [Cell(0, 0, "产出", 2), Cell(0, 1, "甲"), Cell(1, 1, "乙"), Cell(2, 0, ""), Cell(2, 1, "丙"), Cell(3, 0, "效益", 2)]
    cells += [Cell(3, 1, "丁"), Cell(4, 1, "戊")]
    assert [(c.text, c.row, c.rowspan) for c in mend_page_break(cells, 3, level) if c.col == 0] == [("产出", 0, 2), ("效益", 2, 3)]


def test_where_levels_are_left_blank_below_their_first_row_a_blank_goes_on_above():
    cells = rows(["产出", "甲"], ["", "乙"], ["", "丙"], ["效益", "丁"])
    assert texts(mend_page_break(cells, 3, level)) == texts(cells)


def test_a_label_torn_in_a_merged_cell_is_put_together():
    cells = [Cell(0, 0, "满意", 1), Cell(0, 1, "甲"), Cell(1, 0, "度", 2), Cell(1, 1, "乙"), Cell(2, 1, "丙")]
    assert [(c.text, c.rowspan) for c in mend_page_break(cells, 1, level) if c.col == 0] == [("满意度", 3)]


def test_a_subtotal_between_merged_labels_does_not_part_them():
    cells = [Cell(0, 0, "产出", 2), Cell(0, 1, "甲"), Cell(1, 1, "乙"), Cell(2, 0, "小计", 1, 2)]
    cells += [Cell(3, 0, ""), Cell(3, 1, "丙"), Cell(4, 0, "效益"), Cell(4, 1, "丁"), Cell(5, 0, "小计", 1, 2)]
    mended = mend_page_break(cells, 4, level)
    assert [(c.text, c.row, c.rowspan) for c in mended if c.col == 0 and c.colspan == 1] == [("产出", 0, 2), ("效益", 3, 2)]


def rubric(*lower):
    """A rubric whose criteria stand in rows of their own within merged cells; a page break before its last row."""
    cells = [Cell(0, 0, "履职", 2), Cell(0, 1, "完成率", 2), Cell(0, 2, "5", 2), Cell(0, 3, "完成得满分"), Cell(1, 3, "扣完为止")]
    upper = ["", "明确性", "3", "按比例计分"]
    return cells + [Cell(2 + r, c, text) for r, row in enumerate((upper, lower)) for c, text in enumerate(row)]


def test_the_halves_of_merged_cells_come_together_over_the_break():
    mended = mend_page_break(rubric("工作", "", "", "另一半"), 3)
    assert [(c.text, c.row, c.rowspan) for c in mended if c.row > 1] == [
        ("工作", 2, 2),
        ("明确性", 2, 2),
        ("3", 2, 2),
        ("按比例计分", 2, 1),
        ("另一半", 3, 1),
    ]


def test_rows_with_a_name_or_figures_of_their_own_stay_apart():
    for lower in (("工作", "清晰性", "", "另一半"), ("工作", "", "2", "另一半"), ("", "", "2", "另一半")):
        assert texts(mend_page_break(rubric(*lower), 3)) == texts(rubric(*lower))


def test_a_place_has_no_blank_so_that_blanks_part_places():
    place = Place("2024年 自评报告.xlsx", sheet="Sheet 1", table=1, row=2, col=3)
    assert " " not in str(place) and Place.parse(str(place)) == place
