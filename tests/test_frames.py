"""Facts become the contract's tables, and tables CSV files that are read back as they were."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jixiao import facts, frames, rows
from jixiao.document import Place

# the contract, written out: columns may be added to it, none may go
CONTRACT = {
    "reports": "province city supervisor kind title report_date staff_authorised staff_actual source_file source_format"
    " sha256 pages forms issues",
    "funds": "scope item item_printed code year stage amount_wan printed unit origin place",
    "execution": "scope initial_budget_wan revised_budget_wan executed_wan rate_printed rate weight score_printed score origin place",
    "three_public": "item year stage amount_wan printed origin place",
    "indicators": "scope position level1 level2 level3 target actual target_op target_value target_unit"
    " actual_value actual_unit weight score attained criterion deviation_reason place",
    "scores": "scope name weight score_printed score rating place",
    "activities": "scope what value approximate unit printed place",
    "findings": "scope check severity message expected found places",
    "checks": "check status compared reason",
    "issues": "code place printed message",
}


def fund(amount=1.0, printed="1", stage="executed", **more):
    return facts.Fund(
        scope="整体", item="基本支出", item_printed="基本支出", stage=stage, amount_wan=amount, printed=printed, origin="table", **more
    )


def parsed(*found, report_id="a", institute="某所", year=2024):
    result = rows.parsed("a.pdf", facts.Report(source_file="a.pdf"), found, institute=institute, fiscal_year=year)
    result.report_id = report_id
    return result


@pytest.mark.parametrize("table", CONTRACT)
def test_each_table_has_the_columns_of_the_contract_in_its_order(table):
    columns = list(rows.schema(table))
    first = ["report_id"] if table == "issues" else ["report_id", "institute", "fiscal_year"]
    assert columns[: len(first)] == first
    wanted = CONTRACT[table].split()
    assert [name for name in columns if name in wanted] == wanted
    assert set(frames.TABLES) == {*CONTRACT, "statements"}  # which is added


@pytest.mark.parametrize("table", CONTRACT)
def test_the_table_dictionary_lists_the_columns_there_are(root, table):
    text = (root / "data" / "processed" / "README.md").read_text(encoding="utf-8")
    (line,) = re.findall(rf"^\| `{table}` \|.*\|(.*)\|$", text, re.MULTILINE)
    listed = [name.strip() for name in re.sub(r"\([^()]*\)", "", line).split(",")]
    assert listed == [name for name in rows.schema(table) if name not in rows.KEYS]


def test_dtypes_follow_the_dataclasses():
    assert rows.schema("funds") | {"year": "Int64", "amount_wan": "float64", "printed": "str", "place": "str"} == rows.schema("funds")
    assert rows.schema("indicators")["attained"] == rows.schema("activities")["approximate"] == "boolean"
    for table in frames.TABLES:
        assert {name: str(dtype) for name, dtype in frames.empty(table).dtypes.items()} == rows.schema(table)


def test_rows_stand_by_report_and_then_in_order_of_reading():
    tables = frames.to_frames([parsed(fund(3.0), fund(1.0), report_id="b"), parsed(fund(2.0), report_id="a")])
    assert tables["funds"]["report_id"].tolist() == ["a", "b", "b"]
    assert tables["funds"]["amount_wan"].tolist() == [2.0, 3.0, 1.0]
    assert tables["reports"]["institute"].tolist() == ["某所", "某所"]
    frames.check(tables)


def test_places_are_written_out_and_amounts_lose_the_artefacts_of_binary_arithmetic():
    frame = frames.to_frames([parsed(fund(1017.48 + 48.78, place=Place("a.pdf", page=6, table=2, row=5, col=3)))])["funds"]
    assert frame["place"][0] == "a.pdf#page=6&table=2&row=5&col=3"
    assert ",1066.26," in next(frames.csv_lines(frame))


@pytest.mark.parametrize(
    ("value", "text"), [(10.0, "10.0"), (0.1 + 0.2, "0.3"), (-0.0, "0.0"), (0.000001, "0.000001"), (1e15, "1000000000000000.0"), (None, "")]
)
def test_how_figures_are_written(value, text):
    frame = frames.to_frames([parsed(fund(value))])["funds"]
    column = list(frame).index("amount_wan")
    assert next(frames.csv_lines(frame)).split(",")[column] == text


def test_a_null_a_blank_and_the_word_nan_are_three_things(tmp_path):
    frame = frames.to_frames([parsed(*(fund(None, printed) for printed in (None, "", "nan", "NA", "—", '"', ",", "a\nb", "a\r\nb", " ")))])[
        "funds"
    ]
    frames.write_csv(frame, tmp_path / "funds.csv")
    back = frames.read_csv("funds", tmp_path / "funds.csv")
    pd.testing.assert_frame_equal(back, frame)
    assert back["printed"].isna().tolist() == [True] + [False] * 9
    assert b"\r\n" not in (tmp_path / "funds.csv").read_bytes().replace(b"a\r\nb", b"")


texts = (
    st.none()
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
    | st.sampled_from(["", '"', '""', ",", "\n", "\r\n", "\ufeff"])
)


@given(st.lists(st.tuples(texts, st.none() | st.floats(-1e9, 1e9), st.none() | st.integers(-(2**40), 2**40)), max_size=5))
def test_any_text_comes_back_from_csv(tmp_path_factory, records):
    path = tmp_path_factory.mktemp("csv") / "funds.csv"
    frame = frames.to_frames([parsed(*(fund(amount, text, year=year) for text, amount, year in records))])["funds"]
    frames.write_csv(frame, path)
    pd.testing.assert_frame_equal(frames.read_csv("funds", path), frame)


def test_a_csv_that_went_through_a_spreadsheet_is_read(tmp_path):
    frame = frames.to_frames([parsed(fund(), fund(None, None))])["funds"]
    frames.write_csv(frame, tmp_path / "funds.csv")
    text = (tmp_path / "funds.csv").read_text(encoding="utf-8")
    (tmp_path / "funds.csv").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    pd.testing.assert_frame_equal(frames.read_csv("funds", tmp_path / "funds.csv"), frame)


@pytest.mark.parametrize("damage", ['a,"b\n', 'a,b"c,d\n', "a,b\n"])
def test_a_damaged_csv_is_refused_by_name(tmp_path, damage):
    frames.write_csv(frames.empty("checks"), tmp_path / "checks.csv")
    with open(tmp_path / "checks.csv", "a", encoding="utf-8") as file:
        file.write(damage)
    with pytest.raises(rows.FactError, match=r"checks\.csv"):
        frames.read_csv("checks", tmp_path / "checks.csv")


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (fund(stage="budget"), "table funds, column stage: 'budget' is not one of"),
        (fund(amount="12"), "table funds, column amount_wan: '12' is str, not float"),
        (fund(amount=float("nan")), "table funds, column amount_wan: nan is no figure"),
        (fund(amount=float("inf")), "table funds, column amount_wan: inf is no figure"),
        (fund(year=True), "table funds, column year: True is bool, not int"),
        (facts.Score(scope=None, name="总分"), "table scores, column scope: a value is missing"),
        ("a string", "str is no row of a table"),
    ],
)
def test_a_wrong_fact_is_refused_with_table_and_column(found, message):
    with pytest.raises(rows.FactError) as error:
        parsed(found)
    assert message in str(error.value)


def test_half_a_surrogate_pair_of_a_broken_file_can_still_be_written():
    assert parsed(fund(printed="1\ud83d")).rows["funds"][0]["printed"] == "1\ufffd"


def spoilt(table, **columns):
    tables = frames.to_frames([parsed(fund())])
    tables[table] = tables[table].assign(**columns)
    return tables


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        (spoilt("funds", stage="spent"), "table funds, column stage: 'spent'"),
        (spoilt("funds", scope=None), "table funds"),
        (spoilt("funds", amount_wan=np.array(["1"], dtype=object)), "table funds: columns or dtypes"),
        (spoilt("funds", report_id="b"), "table funds, column report_id: 'b' is not in reports"),
        (spoilt("funds", surprise=1), "table funds: columns or dtypes"),
        ({"reports": frames.empty("reports")}, "table funds is missing"),
        (frames.to_frames([parsed(), parsed()]), "table reports, column report_id: 'a' stands twice"),
    ],
)
def test_a_wrong_frame_is_refused_with_table_and_column(tables, message):
    with pytest.raises(rows.FactError) as error:
        frames.check(tables)
    assert message in str(error.value)


def test_conform_puts_columns_in_order_and_gives_them_their_dtypes():
    loose = pd.DataFrame({name: [None, None] for name in reversed(list(rows.schema("checks")))})
    loose["report_id"], loose["check"], loose["status"], loose["compared"] = ["b", "a"], "x", "pass", [1, 2]
    frame = frames.conform("checks", loose)
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == rows.schema("checks")
    assert frame["compared"].tolist() == [2, 1]
    with pytest.raises(rows.FactError, match="columns missing"):
        frames.conform("checks", loose.drop(columns="status"))
    with pytest.raises(rows.FactError, match="table checks, column compared"):
        frames.conform("checks", loose.assign(compared=["one", "two"]))
