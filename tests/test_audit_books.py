"""Budget and accounts books: a consistent one has no finding, and one wrong figure is one finding at the right place."""

import re

import pytest

from drawn import ABOVE, LEFT, document, table
from generated.consistent import NAMES, book
from jixiao import frames
from jixiao.audit import audit
from jixiao.extract import extract
from jixiao.rows import parsed

KINDS = ("决算", "预算")
SEEDS = range(40)


def run(books):
    """Findings and checks of books by name, audited together."""
    sources = []
    for name, made in books.items():
        found = extract(made.document())
        sources.append(parsed("drawn.docx", found.report, found.facts, found.issues, found.institute, found.fiscal_year))
        sources[-1].report_id = name
    return audit(frames.to_frames(sources))


def told(findings):
    return [(r.report_id, r.check, r.severity, r.message, r.places) for r in findings.itertuples()]


@pytest.fixture(scope="module")
def consistent():
    return run({f"{kind}{seed}": book(seed, kind) for kind in KINDS for seed in SEEDS})


def test_consistent_books_have_no_finding(consistent):
    assert told(consistent[0]) == []


@pytest.mark.parametrize(
    "code",
    [
        "book_classes",
        "book_totals",
        "book_columns",
        "book_balance",
        "book_tables",
        "prose_and_tables",
        "book_codes",
        "book_names",
        "economic_codes",
    ],
)
def test_each_consistent_book_is_looked_at(consistent, code):
    checks = consistent[1]
    own = checks[checks["check"] == code]
    assert set(own["status"]) == {"pass"} and (own["compared"] > 0).all()


def item(made):
    """The first item of the general budget: what it is called, and as prose calls it."""
    return NAMES[next(iter(made.made.general))]


def section(made):
    return NAMES[next(iter(made.made.general))[:5]]


def klass(made):
    return NAMES[next(iter(made.made.general))[:3]]


def figure(table, row, col):
    """Another figure in the row of `table` that `row` names (a text, or a function of the book), at `col` from the right."""

    def plant(made):
        at = made.put(table, row(made) if callable(row) else row, col)
        number = list(made.tables).index(table) + 1
        return f"drawn.docx#table={number}&row={at[0]}&col={at[1]}"

    return plant


def prose(before, after):
    """Another figure in the sentence that holds `before`: `after` is put in place of the amount that follows it."""

    def plant(made):
        before_ = before(made) if callable(before) else before
        at = next(i for i, line in enumerate(made.prose) if re.search(rf"{re.escape(before_)}\d", line))
        made.prose[at] = re.sub(rf"({re.escape(before_)})[\d.]+", rf"\g<1>{after}", made.prose[at], count=1)
        return f"drawn.docx#paragraph={at + 2 + 2 * len(made.tables)}&"

    return plant


def renamed(made):
    made.prose = [line.replace(f"{item(made)}（项）", "其他名称支出（项）") for line in made.prose]
    at = next(i for i, line in enumerate(made.prose) if "其他名称支出" in line)
    return f"drawn.docx#paragraph={at + 2 + 2 * len(made.tables)}&"


def renamed_class(made):
    rows = made.tables["balance"]
    at = next(i for i, cells in enumerate(rows) if cells[2].endswith(f"、{klass(made)}"))
    rows[at][2] = f"{rows[at][2][:2]}旧名称支出"
    return f"drawn.docx#table=1&row={at + 1}&col=4"


def recoded(made):
    rows = made.tables["spending"]
    at = next(i for i, cells in enumerate(rows) if item(made) in cells)
    rows[at][0] = "7" if made.made.three else "799" + rows[at][0][3:]
    return f"drawn.docx#table=3&row={at + 1}&"


def left_out(made):
    at = next(i for i, line in enumerate(made.prose) if f"{item(made)}（项）" in line)
    del made.prose[at]
    return "drawn.docx#table=5&"


def other_unit(made):
    """All amounts of a table in the other of 元 and 万元, under the caption of the first."""
    factor, digits = (1e-4, 6) if made.made.yuan else (1e4, 0)
    for row in made.tables["spending"]:
        row[-3:] = [f"{float(cell.replace(',', '')) * factor:.{digits}f}" if cell[:1].isdigit() else cell for cell in row[-3:]]
    return "drawn.docx#table=3&"


def recoded_economic(made):
    at = next(i for i, cells in enumerate(made.tables["basic"]) if "水费" in cells)
    row = made.tables["basic"][at]
    row[row.index("水费") - 1] = "30206"
    return f"drawn.docx#table=6&row={at + 1}&"


def less_reception(made):
    """Less in the table of three public funds than basic expenditure has, on both sides by more than rounding."""
    made.tables["public"][1] = [made.made.show(amount) for amount in (500, 500, 0)]
    return "drawn.docx#table=7&row=2&col=3"


def whole_row(made):
    figure("spending", item, -3)(made)
    return figure("spending", item, -2)(made)


def throughout(made):
    places = [figure("spending", row, col)(made) for row in (item, section, klass, "合计") for col in (-3, -2)]
    return places[-1].rsplit("&", 2)[0]


def class_of(text):
    return lambda made: f"{'一二三四五六七'[sorted({c[:3] for c in all_codes(made)}).index(code_of(made)[:3])]}、{klass(made)}"


def code_of(made):
    return next(iter(made.made.general))


def all_codes(made):
    return [*made.made.general, *made.made.fund, *made.made.other]


# check and how the book is put wrong, which gives the place (or the beginning of it) that the finding must name
PLANTED = {
    "item, basic": ("book_classes", figure("spending", item, -2)),
    "item, total": ("book_classes", figure("general", item, -3)),
    "section": ("book_classes", figure("income", section, -3)),
    "class": ("book_classes", figure("spending", klass, -3)),
    "total": ("book_totals", figure("spending", "合计", -3)),
    "total of basic": ("book_totals", figure("general", "合计", -2)),
    "a row's total and part": ("book_classes", whole_row),
    "a table at odds throughout": ("book_tables", throughout),
    "class of the balance": ("book_balance", figure("balance", class_of("balance"), -1)),
    "income of the balance": ("book_balance", figure("balance", "一、一般公共预算财政拨款收入", 1)),
    "class of the grants": ("book_columns", figure("grants", class_of("grants"), -3)),
    "source of the grants": ("book_balance", figure("grants", "一、一般公共预算财政拨款", 1)),
    "economic item": ("book_classes", figure("basic", "基本工资", 2)),
    "prose: income": ("prose_and_tables", prose("本年收入合计", "1.23")),
    "prose: basic": ("prose_and_tables", prose("其中：基本支出", "1.23")),
    "prose: basic of the general budget": ("prose_and_tables", prose("拨款基本支出", "1.23")),
    "prose: staff": ("prose_and_tables", prose("其中：人员经费", "1.23")),
    "prose: item": ("prose_and_tables", prose(lambda made: f"{item(made)}（项）", "1.23")),
    "name in prose": ("book_names", renamed),
    "name of a class": ("book_names", renamed_class),
    "code": ("book_codes", recoded),
    "economic code": ("economic_codes", recoded_economic),
    "three public funds": ("three_public_and_basic", less_reception),
    "item left out": ("book_items_told", left_out),
    "unit": ("book_units", other_unit),
}


@pytest.fixture(scope="module")
def planted():
    books, places = {}, {}
    for kind in KINDS:
        for seed in range(3):
            for name, (_, plant) in PLANTED.items():
                made = book(seed, kind)
                places[f"{name} {kind}{seed}"] = plant(made)
                books[f"{name} {kind}{seed}"] = made
    findings, checks = run(books)
    return findings, checks, places


@pytest.mark.parametrize("name", PLANTED)
def test_one_contradiction_is_one_finding_at_its_place(planted, name):
    findings, checks, places = planted
    code = PLANTED[name][0]
    for each, place in places.items():
        if each.rsplit(" ", 1)[0] == name:
            own = findings[findings["report_id"] == each]
            assert list(own["check"]) == [code], (each, told(own))
            assert place in own["places"].iloc[0] + "&", (each, place, told(own))
            (status,) = checks[(checks["report_id"] == each) & (checks["check"] == code)]["status"]
            assert status == "fail"


def bare(*names, prose=()):
    """A book of these tables alone."""
    made = book(0, "决算")
    made.tables, made.prose = {name: made.tables[name] for name in names}, list(prose)
    return made


def only_items(made):
    """No class, no section, no total, and basic expenditure alone."""
    table = made.tables["spending"]
    head = [row for row in table if not row[-3][:1].isdigit()]
    table = head + [row for row in table if item(made) in row]
    made.tables["spending"] = [[*row[:-1]] for row in table]
    return made


NOT_CHECKED = {
    "book_classes": only_items(bare("spending")),
    "book_totals": only_items(bare("spending")),
    "book_columns": only_items(bare("spending")),
    "book_units": bare("spending"),
    "book_tables": bare("spending"),
    "book_codes": bare("spending"),
    "book_names": bare("spending"),
    "book_items_told": bare("general"),
    "economic_codes": bare("basic"),
    "three_public_and_basic": bare("basic"),
    "prose_and_tables": bare("general", prose=["本年收入合计5.00万元。"]),
    "book_balance": bare("balance"),
}
NOT_CHECKED["book_balance"].tables["balance"] = [row for row in NOT_CHECKED["book_balance"].tables["balance"] if "计" not in row[0]]
for row in NOT_CHECKED["economic_codes"].tables["basic"][1:]:
    row[:] = [f"{cell}甲" if re.fullmatch(r"[一-龥]+", cell) and "合计" not in cell else cell for cell in row]


@pytest.fixture(scope="module")
def lacking():
    return run(NOT_CHECKED)


@pytest.mark.parametrize("code", NOT_CHECKED)
def test_a_check_without_its_inputs_is_no_pass(lacking, code):
    findings, checks = lacking
    (found,) = checks[(checks["report_id"] == code) & (checks["check"] == code)].to_dict("records")
    assert (found["status"], found["compared"]) == ("not_checked", 0) and found["reason"]
    assert told(findings[findings["report_id"] == code]) == []


def test_the_published_books(shared):
    """All that a reader finds in these three between tables, and between tables and prose; what rounding explains aside."""
    from jixiao import corpus

    found = []
    for path in sorted((shared / "real").glob("*.pdf")):
        findings = corpus.parse(path)["findings"]
        own = findings[findings["check"].isin(NOT_CHECKED) & ~findings["message"].str.contains("rounding")]
        figures = own[["expected", "found"]].round(2).astype("object").where(own["expected"].notna(), None)
        found += [(path.stem, *row) for row in zip(own["check"], own["label"].str[:14], *map(figures.get, figures), strict=True)]
    accounts, street, welfare = "putuo-planning-2024-accounts", "putuo-wanli-2025-budget", "putuo-welfare-2024-budget"
    assert found == [
        (accounts, "book_names", "住房保障支出（款）", None, None),
        (accounts, "book_names", "机关事业单位退休人员活动费支", None, None),
        (accounts, "book_names", "其他国土资源事务支出（项）", None, None),
        (accounts, "prose_and_tables", "本年支出合计（一般公共预算拨", 5364.75, 5377.64),
        (street, "book_names", "卫生健康支出（款）计划生育事", None, None),
        (welfare, "book_codes", "事业单位医疗", None, None),
        (welfare, "book_items_told", "其他行政事业单位养老支出", None, None),
        (welfare, "book_names", "医疗卫生与计划生育支出（类）", None, None),
        (welfare, "economic_codes", "咨询费 30202、水费 3", None, None),
        (welfare, "prose_and_tables", "社会福利事业单位（一般公共预", 696.48, 738.66),
    ]


def drawn(title, rows, *more):
    kind = "决算" if "决算" in title else "预算"
    found = extract(document(f"某市教育局2023年部门{kind}公开", title, "单位：万元", table(rows), *more))
    return audit(frames.to_frames([parsed("drawn.docx", found.report, found.facts, found.issues, found.institute, found.fiscal_year)]))


SHAPES = {
    "部门收支预算总表": [
        ["收入", LEFT, "支出", LEFT, LEFT, LEFT],
        ["项目", "预算数", "项目（按功能分类）", "预算数", "项目（按支出性质分类）", "预算数"],
        ["一、一般公共预算拨款收入", "100.00", "一、教育支出", "90.00", "一、基本支出", "80.00"],
        ["其中：经费拨款", "60.00", "二、社会保障和就业支出", "30.00", "人员经费", "50.00"],
        ["二、政府性基金预算拨款收入", "", "", "", "公用经费", "30.00"],
        ["三、事业收入", "10.00", "", "", "二、项目支出", "40.00"],
        ["本年收入合计", "110.00", "本年支出合计", "120.00", "本年支出合计", "120.00"],
        ["上年结转", "10.00", "结转下年", "", "", ""],
        ["收入总计", "120.00", "支出总计", "120.00", "支出总计", "120.00"],
    ],
    "财政拨款收支总表": [
        ["收入", LEFT, "支出", LEFT, LEFT, LEFT, LEFT],
        ["项目", "预算数", "项目", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"],
        ["一、本年收入", "110.00", "一、本年支出", "120.00", "115.00", "5.00", ""],
        ["（一）一般公共预算拨款", "105.00", "（一）教育支出", "90.00", "90.00", "", ""],
        ["（二）政府性基金预算拨款", "5.00", "（二）社会保障和就业支出", "25.00", "25.00", "", ""],
        ["（三）国有资本经营预算拨款", "", "（三）城乡社区支出", "5.00", "", "5.00", ""],
        ["二、上年结转", "10.00", "二、结转下年", "", "", "", ""],
        ["（一）一般公共预算拨款", "10.00", "", "", "", "", ""],
        ["收入总计", "120.00", "支出总计", "120.00", "115.00", "5.00", ""],
    ],
    "部门收入总表": [
        ["科目编码", "科目名称", "合计", "上年结转", "一般公共预算拨款收入", "政府性基金预算拨款收入", "事业收入", "其他收入"],
        ["205", "教育支出", "120.00", "10.00", "95.00", "5.00", "10.00", ""],
        ["20502", "普通教育", "120.00", "10.00", "95.00", "5.00", "10.00", ""],
        ["2050202", "小学教育", "120.00", "10.00", "95.00", "5.00", "10.00", ""],
        ["合计", LEFT, "120.00", "10.00", "95.00", "5.00", "10.00", ""],
    ],
    "一般公共预算支出表": [
        ["科目编码", "科目名称", "合计", "基本支出", LEFT, LEFT, "项目支出"],
        [ABOVE, ABOVE, ABOVE, "小计", "人员经费", "公用经费", ABOVE],
        ["205", "教育支出", "120.00", "80.00", "50.00", "30.00", "40.00"],
        ["20502", "普通教育", "120.00", "80.00", "50.00", "30.00", "40.00"],
        ["2050202", "小学教育", "120.00", "80.00", "50.00", "30.00", "40.00"],
        ["合计", LEFT, "120.00", "80.00", "50.00", "30.00", "40.00"],
    ],
    "政府性基金预算财政拨款收入支出决算表": [
        ["科目编码", "科目名称", "年初结转和结余", "本年收入", "本年支出", LEFT, LEFT, "年末结转和结余"],
        [ABOVE, ABOVE, ABOVE, ABOVE, "小计", "基本支出", "项目支出", ABOVE],
        ["212", "城乡社区支出", "10.00", "50.00", "45.00", "", "45.00", "15.00"],
        ["21208", "国有土地使用权出让收入安排的支出", "10.00", "50.00", "45.00", "", "45.00", "15.00"],
        ["2120899", "其他", "10.00", "50.00", "45.00", "", "45.00", "15.00"],
        ["合计", LEFT, "10.00", "50.00", "45.00", "", "45.00", "15.00"],
    ],
}


@pytest.mark.parametrize("title", SHAPES)
def test_consistent_tables_of_other_shapes_have_no_finding(title):
    findings, checks = drawn(title, SHAPES[title])
    assert told(findings) == []
    compared = checks.set_index("check")["compared"]
    assert compared["book_columns"] + compared["book_balance"] > 0


def test_a_filled_table_under_a_note_that_it_is_empty():
    title = "政府性基金预算财政拨款收入支出决算表"
    findings, _ = drawn(title, SHAPES[title], "注：本部门2023年度无政府性基金预算财政拨款收入和支出。")
    assert [(r.check, r.expected, r.found) for r in findings.itertuples()] == [("prose_and_tables", 45, 0)]


def test_columns_are_not_added_where_a_figure_of_the_table_was_not_read():
    rows = [["科目编码", "科目名称", "合计", "基本支出", "项目支出", "别的"], ["205", "教育支出", "60.00", "20.00", "30.00", "10.00"]]
    findings, checks = drawn("支出预算表", rows)
    status = checks.set_index("check").loc["book_columns"]
    assert told(findings) == [] and status["status"] == "not_checked" and "not read" in status["reason"]
