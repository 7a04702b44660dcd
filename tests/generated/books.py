"""Accounts and budget books (部门决算、部门预算公开): balances side by side, classification tables, three public funds, blank tables."""

from __future__ import annotations

from .draw import Draw, Unit, draw
from .model import ABOVE, LEFT, WHOLE, Grid, Made, Truth, blank_row
from .public import public_prose, public_table

INCOME = f"{WHOLE}/收入"
CLASSES = [  # 功能分类: code, name
    ("201", "一般公共服务支出"),
    ("20103", "政府办公厅（室）及相关机构事务"),
    ("2010301", "行政运行"),
    ("2010302", "一般行政管理事务"),
    ("208", "社会保障和就业支出"),
    ("20805", "行政事业单位养老支出"),
    ("2080501", "行政单位离退休"),
    ("2080505", "机关事业单位基本养老保险缴费支出"),
    ("210", "卫生健康支出"),
    ("21011", "行政事业单位医疗"),
    ("2101101", "行政单位医疗"),
    ("221", "住房保障支出"),
    ("22102", "住房改革支出"),
    ("2210201", "住房公积金"),
    ("2210203", "购房补贴"),
]
STAFF_COSTS = [
    ("301", "工资福利支出"),
    ("30101", "基本工资"),
    ("30102", "津贴补贴"),
    ("30108", "机关事业单位基本养老保险缴费"),
    ("303", "对个人和家庭的补助"),
    ("30302", "退休费"),
    ("30305", "生活补助"),
]
OFFICE_COSTS = [
    ("302", "商品和服务支出"),
    ("30201", "办公费"),
    ("30205", "水费"),
    ("30206", "电费"),
    ("30211", "差旅费"),
    ("30216", "培训费"),
    ("30228", "工会经费"),
]
ITEM_OF = {"办公费": "办公经费"}
MORE_SPENDING = ["上缴上级支出", "经营支出", "对附属单位补助支出"]
INCOMES = {"财政拨款": "财政拨款收入", "事业单位经营收入": "经营收入"} | {kind: kind for kind in ("上级补助收入", "事业收入", "其他收入")}


class Book:
    """What the tables of one book share."""

    def __init__(self, d: Draw, stage: str, word: str):
        self.d, self.stage, self.word = d, stage, word
        self.truth, self.unit, self.year = Truth(), d.unit(), d.year()
        self.unit = Unit(self.unit.name, self.unit.thousands, self.unit.trimmed)
        self.blocks: list[str | Grid] = []
        self.institute = d.institute()
        self.codes = d.pick(["one", "one", "three", "three", "steps"])

    def fund(self, scope: str, item: str, hundredths: int | None, code: str | None = None) -> str:
        """The printed amount, its row added to the truth."""
        if hundredths is None:
            return ""
        item = ITEM_OF.get(item, item)
        values = {
            "scope": scope,
            "item": item,
            "code": code,
            "year": self.year,
            "stage": self.stage,
            "amount_wan": self.unit.wan(hundredths),
        }
        self.truth.add("funds", **values)
        return self.unit.show(hundredths)

    def amount(self, blank: float = 0.0) -> int | None:
        return None if self.d.chance(blank) else 0 if self.d.chance(0.08) else self.d.amount(self.unit, 0.3, 5000)

    def title(self, text: str) -> None:
        self.blocks.append(text)
        if self.d.chance(0.3):
            self.blocks.append(f"编制单位：{self.institute}")
        self.blocks.append(f"{self.d.pick(['单位', '金额单位'])}：{self.unit.name}")


def accounts(seed: int) -> Made:
    """部门决算公开."""
    d = draw("accounts", seed)
    book = Book(d, "executed", "决算")
    return _made(book, "accounts", seed, f"{book.year}年度{book.institute}部门决算")


def budget(seed: int) -> Made:
    """部门预算公开."""
    d = draw("budget", seed)
    book = Book(d, "initial_budget", "预算")
    return _made(book, "budget", seed, f"{book.institute}{book.year}年{d.pick(['部门', '单位'])}预算")


def _made(book: Book, family: str, seed: int, title: str) -> Made:
    d = book.d
    book.truth.expect("funds", "three_public")
    book.truth.add("reports", institute=book.institute, fiscal_year=book.year)
    book.blocks.append(title)
    tables = [balance, incomes, spending, sourced, economic]
    for make in tables if d.chance(0.3) else [t for t in tables if d.chance(0.6)] or [spending]:
        make(book)
    if d.chance(0.7):
        book.title(d.pick([f"一般公共预算财政拨款“三公”经费支出{book.word}表", f"财政拨款“三公”经费支出{book.word}表"]))
        book.blocks.append(
            public_table(
                d,
                book.truth,
                book.unit,
                book.year,
                [book.stage] if d.chance(0.5) or book.stage != "executed" else ["initial_budget", "executed"],
            )
        )
    if d.chance(0.5):
        book.title(f"政府性基金预算财政拨款支出{book.word}表")
        rows = [["科目编码", "科目名称", "合计", "基本支出", "项目支出"], ["合计", LEFT, "", "", ""], blank_row(5), blank_row(5)]
        book.blocks.append(Grid(rows))
        book.blocks.append(f"注：本部门{book.year}年度无政府性基金预算财政拨款支出，故本表为空。")
        book.truth.add("funds", scope=WHOLE, item="政府性基金预算拨款", year=book.year, stage=book.stage, amount_wan=0)
    if d.chance(0.5):
        book.blocks += public_prose(d, book.truth, book.year, book.stage)
    return Made(family, seed, book.blocks, book.truth)


def balance(book: Book) -> None:
    """收入支出总表: sources on the left, functions on the right, totals below."""
    d = book.d
    book.title(f"收入支出{book.word}总表" if book.word == "决算" else f"{book.year}年部门收支{book.word}总表")
    line = d.chance(0.5)
    amount = f"{book.word}数" if d.chance(0.6) else "金额"
    upper = ["收入", *[LEFT] * (1 + line), "支出", *[LEFT] * (1 + line)]
    names = ["项目", d.pick(["项目", "项目（按功能分类）"])]
    lower = [part for name in names for part in (name, *(["行次"] if line else []), amount)]
    rows = [upper, lower]
    if line and d.chance(0.5):
        rows.append(["栏次", "", "1", "栏次", "", "2"])
    left = [
        ("一、一般公共预算财政拨款收入", "一般公共预算拨款"),
        ("二、政府性基金预算财政拨款收入", "政府性基金预算拨款"),
        ("三、事业收入", "事业收入"),
        ("四、其他收入", "其他收入"),
    ]
    right = [(f"{n}、{name}", name) for n, (_, name) in zip("一二三四", [c for c in CLASSES if len(c[0]) == 3], strict=True)]
    left += [("本年收入合计", "本年收入合计"), ("年初结转和结余", "年初结转和结余"), (d.pick(["总计", "收入总计"]), "收入总计")]
    right += [("本年支出合计", "本年支出合计"), ("年末结转和结余", "结余结转"), (d.pick(["总计", "支出总计"]), "支出总计")]
    for number, pair in enumerate(zip(left, right, strict=True), start=1):
        row = []
        for side, (printed, item) in zip((INCOME, WHOLE), pair, strict=True):
            total = "计" in printed
            at = number if side == INCOME else number + len(left)
            row += [printed, *([f"{at}"] if line else []), book.fund(side, item, book.amount(0 if total else 0.2))]
        rows.append(row)
    book.blocks.append(Grid(rows, 2))


def incomes(book: Book) -> None:
    """收入决算表: kinds of income in columns."""
    chosen = ["财政拨款", *book.d.sample(list(INCOMES)[1:], book.d.randint(1, 4))]
    book.title(f"收入{book.word}表" if book.word == "决算" else f"部门收入{book.word}总表")
    total = book.d.pick(["本年收入合计", "合计"])
    _classified(book, INCOME, "本年收入合计", total, {item: INCOMES[item] for item in chosen})


def spending(book: Book) -> None:
    """支出决算表: basic and project spending in columns."""
    more = book.d.sample(MORE_SPENDING, book.d.randint(0, 3))
    book.title(f"支出{book.word}表" if book.word == "决算" else f"部门支出{book.word}总表")
    total = book.d.pick(["本年支出合计", "合计"])
    _classified(book, WHOLE, "本年支出合计", total, {"基本支出": "基本支出", "项目支出": "项目支出"} | {m: m for m in more})


def sourced(book: Book) -> None:
    """一般公共预算财政拨款支出决算表."""
    book.title(f"一般公共预算财政拨款支出{book.word}表")
    _classified(
        book,
        f"{WHOLE}/一般公共预算拨款",
        "本年支出合计",
        book.d.pick(["合计", "小计", "本年支出合计"]),
        {"基本支出": "基本支出", "项目支出": "项目支出"},
    )


def _classified(book: Book, scope: str, total_item: str, total: str, parts: dict[str, str]) -> None:
    d = book.d
    split = book.codes != "one"
    width = (3 if split else 1) + 1
    columns = [total, *parts.values()]
    head = d.pick(["项目", "科目", "功能分类"])
    rows = []
    if split:
        code_head = d.pick(["科目编码", "功能分类科目编码"])
        rows.append([code_head, LEFT, LEFT, "科目名称", *columns])
        rows.append(["类", "款", "项", ABOVE, *[ABOVE] * len(columns)])
    elif d.chance(0.5):
        rows.append([head, LEFT, *columns])
        rows.append([d.pick(["科目编码", "功能分类科目编码"]), "科目名称", *[ABOVE] * len(columns)])
    else:
        rows.append([d.pick(["科目编码", "功能分类科目编码"]), d.pick(["科目名称", "功能分类科目名称"]), *columns])
    header = len(rows)
    if d.chance(0.5):
        rows.append(["栏次", *[LEFT] * (width - 1), *(str(i + 1) for i in range(len(columns)))])
    body = []
    for code, name in CLASSES:
        if not split:
            lead = [code, name]
        else:
            steps = [code[:3], code[3:5], code[5:7]]
            own = sum(1 for s in steps if s) - 1
            lead = [s if book.codes == "three" or i == own else "" for i, s in enumerate(steps)] + [name]
        indent = "  " * (len(code) // 2 - 1) if d.chance(0.3) else ""
        lead[-1] = indent + lead[-1]
        body.append([*lead, *_amounts(book, scope, name, list(parts), code)])
    grand = [["合计", *[LEFT] * (width - 1), *_amounts(book, scope, total_item, list(parts), None)]]
    rows += grand + body if d.chance(0.7) else body + grand
    book.blocks.append(Grid(rows, header))


def _amounts(book: Book, scope: str, item: str, parts: list[str], code: str | None) -> list[str]:
    texts = [book.fund(scope, item, book.amount(), code)]
    return texts + [book.fund(f"{scope}/{part}", item, book.amount(0.3), code) for part in parts]


def economic(book: Book) -> None:
    """基本支出: economic classes, two lists side by side."""
    d = book.d
    book.title(f"一般公共预算财政拨款基本支出{book.word}表")
    scope = f"{WHOLE}/一般公共预算拨款/基本支出"
    amount = f"{book.word}数" if d.chance(0.6) else "金额"
    code = d.pick(["科目编码", "经济分类科目编码"])
    group = [code, "科目名称", amount]
    rows = [group * 2]
    if d.chance(0.6):
        rows.insert(0, ["人员经费", LEFT, LEFT, "公用经费", LEFT, LEFT])
    header = len(rows)
    for left, right in zip(STAFF_COSTS, OFFICE_COSTS, strict=True):
        row = []
        for number, name in (left, right):
            row += [number, name, book.fund(scope, name, book.amount(0.1), number)]
        rows.append(row)
    book.blocks.append(Grid(rows, header))
