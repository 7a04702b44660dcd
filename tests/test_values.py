"""Characters of cells → values, units and operators: a table of cases, and properties of any number."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao.values import Figure, Kind, figure, kind, number, operator

FIGURES = [
    ("1017.48", Figure(1017.48)),
    ("2,517.78", Figure(2517.78)),
    ("１．５万元", Figure(1.5, "万元")),
    (" 1 066.26 ", Figure(1066.26)),
    ("96.06%", Figure(96.06, "%")),
    ("９５％", Figure(95, "%")),
    ("≥95%", Figure(95, "%", ">=")),
    ("≧ 95%", Figure(95, "%", ">=")),
    ("不低于90%", Figure(90, "%", ">=")),
    ("95%以上", Figure(95, "%", ">=")),
    ("≤2.68", Figure(2.68, None, "<=")),
    ("不超过3次", Figure(3, "次", "<=")),
    ("10%以内", Figure(10, "%", "<=")),
    ("＝100%", Figure(100, "%", "=")),
    (">5", Figure(5, None, ">")),
    ("10分", Figure(10, "分")),
    ("1000余家", Figure(1000, "家", None, True)),
    ("约200人次", Figure(200, "人次", None, True)),
    ("11.5万台件", Figure(115000, "台件")),
    ("1.2亿元", Figure(1.2, "亿元")),
    ("0元", Figure(0, "元")),
    ("-48.78", Figure(-48.78)),
    ("5次/年", Figure(5, "次/年")),
    ("两项", Figure(2, "项")),
    ("十二个", Figure(12, "个")),
]


@pytest.mark.parametrize(("text", "expected"), FIGURES)
def test_figures(text, expected):
    assert figure(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        None,
        "/",
        "—",
        "无",
        "逐年增加",
        "2020年",
        "2020年12月31日前",
        "2020-12-31",
        "1-12月",
        "0-10%",
        "95%-100%",
        "1,23",
        "2.政府性基金",
    ],
)
def test_what_is_no_figure(text):
    assert figure(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Kind.BLANK),
        ("　", Kind.BLANK),
        ("/", Kind.MARK),
        ("－", Kind.MARK),
        ("不涉及", Kind.MARK),
        ("0", Kind.FIGURE),
        ("长期", Kind.TEXT),
    ],
)
def test_blank_mark_zero_and_text_are_told_apart(text, expected):
    assert kind(text) is expected


@pytest.mark.parametrize(
    ("text", "wan"), [("100元", 0.01), ("3.5万元", 3.5), ("1.2亿元", 12000.0), ("7千元", 0.7), ("5", None), ("5%", None)]
)
def test_money_in_ten_thousands(text, wan):
    assert figure(text).wan == wan


def test_points_are_bare_numbers():
    assert [number(text) for text in ("10", "9.61", "10分", "96%", "—", "")] == [10, 9.61, 10, None, None, None]


def test_signs_of_a_split_target():
    assert [operator(text) for text in ("≥", "不低于", "＝", "定性", "")] == [">=", ">=", "=", None, None]


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_thousands_separators_and_full_width_digits_do_not_change_a_number(value):
    wide = str(value).translate({ord(str(d)): chr(0xFF10 + d) for d in range(10)})
    assert figure(f"{value:,}").value == figure(str(value)).value == figure(wide).value == float(value)


@given(st.text(max_size=30))
def test_any_text_has_a_kind_and_never_raises(text):
    assert kind(text) in Kind
    assert (kind(text) is Kind.FIGURE) == (figure(text) is not None)
