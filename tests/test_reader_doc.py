"""The reader for Word 97-2003 documents, on the tracked reports and on damaged copies of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from jixiao.document import Document, ReadingError, Table
from jixiao.readers import doc, read
from jixiao.readers.doc_binary import WORD_97_IDENT
from jixiao.readers.doc_properties import single_properties

ROOT = Path(__file__).parents[1]
RAW = ROOT / "data" / "raw"
REPORTS = ROOT.parent / "shared" / "reports"


@pytest.fixture(scope="module")
def changji() -> Document:
    return read(RAW / "changji-2020.doc")


@pytest.fixture(scope="module")
def quwo() -> Document:
    return read(RAW / "quwo-2021.doc")


def cell_at(table: Table, row: int, col: int):
    return next(cell for cell in table.cells if (cell.row, cell.col) == (row, col))


def test_four_forms_are_four_tables(changji):
    assert (changji.name, changji.format, changji.pages) == ("changji-2020.doc", "doc", None)
    assert [table.shape for table in changji.tables] == [(27, 13), (24, 13), (28, 15), (25, 15)]
    assert [len(table.cells) for table in changji.tables] == [154, 136, 168, 150]
    assert [table.number for table in changji.tables] == [1, 2, 3, 4]
    assert all(table.aligned for table in changji.tables)


def test_cells_cover_every_position_once(changji, quwo):
    for table in [*changji.tables, *quwo.tables]:
        assert all(cell is not None for row in table.grid for cell in row)
        rows, cols = table.shape
        assert sum(cell.rowspan * cell.colspan for cell in table.cells) == rows * cols


def test_both_spans(changji):
    form = changji.tables[0]
    title, funds, indicators = cell_at(form, 0, 0), cell_at(form, 4, 0), cell_at(form, 11, 0)
    assert (title.text, title.rowspan, title.colspan) == ("项目支出绩效自评表", 1, 13)
    assert (funds.text.split(), funds.rowspan, funds.colspan) == (["项目资金", "（万元）"], 5, 2)
    assert ("".join(indicators.text.split()), indicators.rowspan, indicators.colspan) == ("绩效指标", 15, 1)


def test_fund_row_stands_below_its_headers(changji):
    form = changji.tables[2]
    header = next(row for row in form.grid if any(cell.text == "全年执行数" for cell in row))
    totals = next(row for row in form.grid if any(cell.text == "年度资金总额" for cell in row))
    found = {above.text: cell.text for above, cell in zip(header, totals, strict=True)}
    assert (found["年初预算数"], found["全年预算数"], found["全年执行数"], found["执行率"]) == ("", "40", "40", "100%")


def test_rubric_with_tall_cells(quwo):
    (rubric,) = quwo.tables
    assert (rubric.shape, len(rubric.cells)) == ((34, 9), 150)
    spans = {(cell.row, cell.col): cell.rowspan for cell in rubric.cells if cell.rowspan > 1}
    assert spans[7, 0] == 15 and spans[11, 2] == 11 and spans[14, 4] == 4 and spans[25, 5] == 4
    assert [cell.text for cell in rubric.row(33)] == ["合计", "100", "", "100", "", "100", "", "", ""]


def test_paragraphs_in_order_without_empty_ones(quwo):
    assert len(quwo.paragraphs) == 128
    assert [paragraph.number for paragraph in quwo.paragraphs] == list(range(1, 129))
    assert quwo.paragraphs[1].text == "2021年度整体支出绩效自评报告"
    assert all(paragraph.text for paragraph in quwo.paragraphs)
    before, after = quwo.blocks.index(quwo.tables[0]) - 1, quwo.blocks.index(quwo.tables[0]) + 1
    assert quwo.blocks[before].text == "（3）评价过程"
    assert "投入方面得分为13分" in quwo.blocks[after].text


def test_no_control_characters_are_left(changji, quwo):
    texts = [cell.text for table in [*changji.tables, *quwo.tables] for cell in table.cells]
    texts += [paragraph.text for paragraph in quwo.paragraphs]
    assert not [text for text in texts if any(ord(char) < 32 and char not in "\n\t" for char in text)]


@pytest.mark.parametrize("name", ["changji-2020", "quwo-2021"])
def test_published_files_have_the_same_layout(name):
    path = REPORTS / f"{name}.doc"
    if not path.exists():
        pytest.skip("the published file is not kept beside this checkout")
    published, tracked = read(path), read(RAW / f"{name}.doc")
    assert len(published.paragraphs) == len(tracked.paragraphs)
    for one, other in zip(published.tables, tracked.tables, strict=True):
        assert [(c.row, c.col, c.rowspan, c.colspan) for c in one.cells] == [(c.row, c.col, c.rowspan, c.colspan) for c in other.cells]


@pytest.mark.parametrize("name", ["changji-2020.doc", "quwo-2021.doc"])
def test_truncated_at_any_length(name):
    data = (RAW / name).read_bytes()
    whole = doc.read(data, name)
    cuts = [*range(0, 2048, 97), *range(2048, len(data), 1999), *range(len(data) - 1100, len(data), 50)]
    for cut in cuts:
        try:
            assert doc.read(data[:cut], name) == whole, cut
        except ReadingError as error:
            assert error.code == "damaged_file", cut


def test_flipped_bytes_never_give_another_error():
    data = (RAW / "quwo-2021.doc").read_bytes()
    for start in range(0, len(data), 211):
        damaged = bytearray(data)
        damaged[start : start + 2] = b"\xff\x7f"
        try:
            for table in doc.read(bytes(damaged), "quwo-2021.doc").tables:
                assert table.grid
        except ReadingError as error:
            assert error.code in ("damaged_file", "encrypted_file", "unsupported_format"), start


def word_header_patched(offset: int, value: bytes) -> bytes:
    """A tracked document with bytes of its FIB replaced; the FIB starts a sector with its ident."""
    data = bytearray((RAW / "quwo-2021.doc").read_bytes())
    ident = WORD_97_IDENT.to_bytes(2, "little")
    start = next(at for at in range(512, len(data), 512) if data[at : at + 2] == ident)
    data[start + offset : start + offset + len(value)] = value
    return bytes(data)


@pytest.mark.parametrize(
    ("offset", "value", "code"),
    [
        (0x0B, b"\x13", "encrypted_file"),
        (0, b"\xdc\xa5", "unsupported_format"),
        (2, b"\x68\0", "unsupported_format"),
        (0, b"ab", "damaged_file"),
    ],
)
def test_what_the_header_says(offset, value, code):
    with pytest.raises(ReadingError) as caught:
        read(word_header_patched(offset, value), "a.doc")
    assert caught.value.code == code


def test_a_text_longer_than_the_file_is_damage():
    with pytest.raises(ReadingError, match="damaged or incomplete") as caught:
        read(word_header_patched(0x4C, b"\xff\xff\xff\0"), "a.doc")
    assert caught.value.code == "damaged_file"


@pytest.mark.parametrize("flags", [(0, 1, 2, 2, 0), (0, 2, 1, 1, 0), (0, 3, 1, 1, 0)])
def test_horizontally_merged_whatever_value_marks_the_first(flags):
    row = doc.Row(("a", "b", "", "", "c"), (0, 100, 200, 300, 400, 500), flags)
    assert [(cell.text, cell.col, cell.colspan) for cell in doc._cells([row])] == [("a", 0, 1), ("b", 1, 3), ("c", 4, 1)]


def test_edges_that_differ_by_a_few_twips_are_one_line():
    rows = [doc.Row(("a", "b"), (0, 1000, 2000), (0, 0)), doc.Row(("c", "d"), (-5, 1012, 2003), (0, 0))]
    assert [(cell.row, cell.col, cell.colspan) for cell in doc._cells(rows)] == [(0, 0, 1), (0, 1, 1), (1, 0, 1), (1, 1, 1)]


def test_a_vertical_merge_ends_with_its_last_cell():
    flags = (doc.VERTICAL_MERGE, 0)
    continued = (doc.VERTICAL_CONTINUED, 0)
    rows = [doc.Row(("a", str(n)), (0, 1000, 2000), f) for n, f in enumerate([flags, continued, (0, 0), continued])]
    tall = [(cell.row, cell.rowspan) for cell in doc._cells(rows) if cell.col == 0]
    assert tall == [(0, 2), (2, 1), (3, 1)]


def test_the_text_of_a_cell_without_width_is_kept():
    cells = doc._cells([doc.Row(("", "a", "x", "b"), (0, 0, 500, 510, 1000), (0, 0, 0, 0))])
    assert [(cell.text, cell.col) for cell in cells] == [("a", 0), ("x\nb", 1)]
    more = doc._cells([doc.Row(("a", "b", "c"), (0, 500, 1000), (0, 0))])
    assert [cell.text for cell in more] == ["a", "b\nc"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x13 PAGE \x147\x15b", "a7b"),
        ("a\x13 TIME \x15b", "ab"),
        ("\x13 IF \x13 REF x \x14no\x15 \x14yes\x15!", "yes!"),
        ("a\x13b", "ab"),
        ("a\x14b\x15", "ab"),
        ("a\x0bb\x1e\x1fc\x01", "a\nb-c"),
        ("\ud83d\ude00", "\U0001f600"),
    ],
)
def test_field_codes_and_special_characters(text, shown):
    assert doc._clean(doc._without_instructions(text)) == shown


def test_property_lists_of_odd_sizes():
    tabs = b"\x15\xc6\xff\x01" + b"\0" * 4 + b"\x02" + b"\0" * 6
    table = b"\x08\xd6\x04\x00\x00\x00\x00"
    in_table = b"\x16\x24\x01"
    assert [sprm for sprm, _ in single_properties(tabs + table + in_table)] == [0xC615, 0xD608, 0x2416]
    assert list(single_properties(in_table + b"\x08")) == [(0x2416, b"\x01")]
    assert list(single_properties(b"\x08\xd6\xff\xff\0")) == []
