"""Books whose figures are all of one account: every table adds up and agrees with the others and with the prose.

Amounts are whole hundredths of 万元. `tables` are kept by name, so that a test can put one figure wrong and see what is found.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from drawn import document, table
from jixiao.document import Document

from .books import CLASSES
from .draw import Draw, draw
from .model import ABOVE, LEFT

NAMES = dict(CLASSES) | {
    "20103": "政府办公厅及相关机构事务",
    "2082699": "其他基本养老支出",
    "20826": "财政对基本养老保险的补助",
    "212": "城乡社区支出",
    "21208": "国有土地使用权出让收入安排的支出",
    "2120899": "其他国有土地使用权出让收入安排的支出",
}
ITEMS = [code for code in NAMES if len(code) == 7 and not code.startswith("212")]
STAFF = {
    "301": "工资福利支出",
    "30101": "基本工资",
    "30107": "绩效工资",
    "303": "对个人和家庭的补助",
    "30302": "退休费",
    "30305": "生活补助",
}
OFFICE = {"302": "商品和服务支出", "30201": "办公费", "30205": "水费", "30217": "公务接待费", "310": "资本性支出", "31002": "办公设备购置"}
TAKEN = {"basic": "基本支出", "project": "项目支出"}


@dataclass
class Account:
    """A year's money: by item what is basic and what project expenditure of the general budget, of the fund budget and of other income."""

    d: Draw
    kind: str  # 决算 or 预算
    general: dict[str, dict[str, int]] = field(default_factory=dict)
    fund: dict[str, dict[str, int]] = field(default_factory=dict)
    other: dict[str, dict[str, int]] = field(default_factory=dict)
    economic: dict[str, int] = field(default_factory=dict)
    year: int = 2024
    institute: str = ""
    carried: int = 0

    def show(self, amount: int, wan: bool = False) -> str:
        if self.yuan and not wan:
            return f"{amount * 100:,}"
        return f"{amount / 100:,.2f}" if self.thousands and not wan else f"{amount / 100:.2f}"


def account(seed: int, kind: str) -> Account:
    d = draw(f"consistent {kind}", seed)
    made = Account(d, kind, institute=d.institute(), year=d.year())
    made.yuan, made.thousands, made.three = d.chance(0.4), d.chance(0.5), d.chance(0.5)
    for code in sorted(d.sample(ITEMS, d.randint(4, 7))):
        made.general[code] = {"basic": d.randint(0, 4) and d.randint(1, 90000), "project": d.randint(0, 2) and d.randint(1, 90000)}
    first = next(iter(made.general))
    made.general[first]["basic"] += 100
    if d.chance(0.5):
        made.fund["2120899"] = {"basic": 0, "project": d.randint(1, 90000)}
    if d.chance(0.5):
        made.other[first] = {"basic": d.randint(1, 5000), "project": d.randint(1, 5000)}
    made.carried = d.randint(1, 9000) if kind == "决算" and d.chance(0.5) else 0
    _economic(made, sum(each["basic"] for each in made.general.values()))
    return made


def _economic(made: Account, basic: int) -> None:
    leaves = [code for code in (*STAFF, *OFFICE) if len(code) == 5]
    cuts = sorted(made.d.randint(0, basic) for _ in leaves[1:])
    shares = [b - a for a, b in zip([0, *cuts], [*cuts, basic], strict=True)]
    made.economic = dict(zip(leaves, shares, strict=True))
    for code in (*STAFF, *OFFICE):
        if len(code) == 3:
            made.economic[code] = sum(amount for leaf, amount in zip(leaves, shares, strict=True) if leaf.startswith(code))


def summed(*parts: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """Amounts by code of class, section and item, and of "" for all."""
    found: dict[str, dict[str, int]] = {}
    for part in parts:
        for code, amounts in part.items():
            for key in (code, code[:5], code[:3], ""):
                own = found.setdefault(key, {"basic": 0, "project": 0})
                for name in own:
                    own[name] += amounts[name]
    return dict(sorted(found.items()))


def whole(amounts: dict[str, int]) -> int:
    return amounts["basic"] + amounts["project"]


@dataclass
class Book:
    made: Account
    titles: dict[str, str]
    tables: dict[str, list[list[str]]]
    prose: list[str]

    def put(self, name: str, row: str, col: int, text: str | None = None, by: int = 12345) -> tuple[int, int]:
        """Puts another figure into the first row of a table that names `row`; returns the row and column, counted from 1."""
        rows = self.tables[name]
        at = next(i for i, cells in enumerate(rows) if row in cells[:4] and cells[col] not in TAKEN.values() and cells[col] != ABOVE)
        old = float(rows[at][col].replace(",", "") or 0)
        factor = 100 if self.made.yuan else 0.01
        rows[at][col] = text if text is not None else f"{old + by * factor:.2f}" if not self.made.yuan else f"{round(old + by * factor)}"
        return at + 1, (col if col >= 0 else len(rows[at]) + col) + 1

    def document(self) -> Document:
        made = self.made
        blocks: list = [f"{made.institute}{made.year}年度部门{made.kind}公开"]
        for number, (name, rows) in enumerate(self.tables.items(), start=1):
            blocks += [self.titles[name], f"单位：{'元' if made.yuan else '万元'}", table(rows, number)]
        return document(*blocks, *self.prose)


def book(seed: int, kind: str) -> Book:
    """A consistent book of accounts (决算) or of a budget (预算)."""
    made = account(seed, kind)
    every, granted, general = summed(made.general, made.fund, made.other), summed(made.general, made.fund), summed(made.general)
    other, fund = summed(made.other), summed(made.fund)
    spent = whole(every[""])
    extra = whole(other[""]) if other else 0
    grants, funds = whole(granted[""]), whole(fund[""]) if fund else 0
    word = made.kind
    titles = {
        "balance": f"收入支出{word}总表",
        "income": f"收入{word}表",
        "spending": f"支出{word}表",
        "grants": f"财政拨款收入支出{word}总表",
        "general": f"一般公共预算财政拨款支出{word}表",
        "basic": f"一般公共预算财政拨款基本支出{word}表",
        "public": f"财政拨款“三公”经费支出{word}表",
        "fund": f"政府性基金预算财政拨款支出{word}表",
    }
    tables = {
        "balance": _balance(
            made, every, [("一般公共预算财政拨款收入", grants - funds), ("政府性基金预算财政拨款收入", funds), ("事业收入", extra)]
        ),
        "income": _classified(
            made,
            every,
            ["本年收入合计", "财政拨款收入", "事业收入"],
            lambda c: [whole(granted.get(c) or _NIL), whole(other.get(c) or _NIL)],
        ),
        "spending": _classified(made, every, ["本年支出合计", *TAKEN.values()], lambda c: list(every[c].values())),
        "grants": _grants(made, granted, general, fund),
        "general": _classified(made, general, ["合计", *TAKEN.values()], lambda c: list(general[c].values())),
        "basic": _basic(made),
        "public": _public(made),
        "fund": _classified(made, fund or {"": _NIL}, ["合计", *TAKEN.values()], lambda c: list((fund.get(c) or _NIL).values())),
    }
    if not fund:
        del tables["fund"]  # an empty table would need its note
    assert sum(made.economic[c] for c in ("301", "302", "303", "310")) == general[""]["basic"]
    return Book(made, titles, tables, _prose(made, every, general, grants, funds, extra, spent))


_NIL = {"basic": 0, "project": 0}


def _lead(made: Account, code: str) -> list[str]:
    return [code[:3], code[3:5], code[5:7]] if made.three else [code]


def _classified(made: Account, amounts: dict, columns: list[str], parts) -> list[list[str]]:
    if made.three:
        rows = [["科目编码", LEFT, LEFT, "科目名称", *columns], ["类", "款", "项", ABOVE, *[ABOVE] * len(columns)]]
    else:
        rows = [["科目编码", "科目名称", *columns]]
    width = 4 if made.three else 2
    body = []
    for code in amounts:
        shares = parts(code)
        texts = [made.show(sum(shares)), *(made.show(share) if share or made.yuan else "" for share in shares)]
        body.append(["合计", *[LEFT] * (width - 1), *texts] if code == "" else [*_lead(made, code), NAMES[code], *texts])
    return rows + (body if made.d.chance(0.5) else body[1:] + body[:1])


def _balance(made: Account, every: dict, incomes: list[tuple[str, int]]) -> list[list[str]]:
    classes = [code for code in every if len(code) == 3]
    total = whole(every[""])
    left = [(f"{n}、{name}", amount) for n, (name, amount) in zip("一二三", incomes, strict=True)]
    right = [(f"{n}、{NAMES[code]}", whole(every[code])) for n, code in zip("一二三四五六七", classes, strict=False)]
    depth = max(len(left), len(right))
    left, right = left + [("", None)] * (depth - len(left)), right + [("", None)] * (depth - len(right))
    if made.kind == "决算":
        left += [("本年收入合计", total), ("年初结转和结余", made.carried), ("总计", total + made.carried)]
        right += [("本年支出合计", total), ("年末结转和结余", made.carried), ("总计", total + made.carried)]
    else:
        left, right = [*left, ("收入总计", total)], [*right, ("支出总计", total)]
    rows = [["收入", LEFT, "支出", LEFT], ["项目", f"{made.kind}数", "项目", f"{made.kind}数"]]
    show = [
        (a, "" if x is None else made.show(x), b, "" if y is None else made.show(y)) for (a, x), (b, y) in zip(left, right, strict=True)
    ]
    return rows + [list(row) for row in show]


def _grants(made: Account, granted: dict, general: dict, fund: dict) -> list[list[str]]:
    classes = [code for code in granted if len(code) == 3]
    own = {"": granted[""], **{code: granted[code] for code in classes}}
    total, of_general, of_fund = whole(granted[""]), whole(general[""]), whole(fund.get("") or _NIL)
    left = [("一、一般公共预算财政拨款", of_general), ("二、政府性基金预算财政拨款", of_fund)]
    right = [(f"{n}、{NAMES[code]}", code) for n, code in zip("一二三四五六七", classes, strict=False)]
    depth = max(len(left), len(right))
    left, right = left + [("", None)] * (depth - len(left)), right + [("", None)] * (depth - len(right))
    ends = [("本年收入合计", "本年支出合计"), ("总计", "总计")] if made.kind == "决算" else [("收入总计", "支出总计")]
    left, right = left + [(a, total) for a, _ in ends], right + [(b, "") for _, b in ends]
    rows = [
        ["收入", LEFT, "支出", *[LEFT] * 3],
        ["项目", f"{made.kind}数", "项目", "合计", "一般公共预算财政拨款", "政府性基金预算财政拨款"],
    ]
    for (name, amount), (spent, code) in zip(left, right, strict=True):
        figures = ["", "", ""] if code is None else [made.show(whole(each.get(code) or _NIL)) for each in (own, general, fund)]
        rows.append([name, "" if amount is None else made.show(amount), spent, *figures])
    return rows


def _basic(made: Account) -> list[list[str]]:
    staff, office = ([(code, name, made.economic[code]) for code, name in names.items()] for names in (STAFF, OFFICE))
    sums = [sum(amount for code, _, amount in each if len(code) == 3) for each in (staff, office)]
    if made.d.chance(0.5):
        rows = [["科目编码", "科目名称", f"{made.kind}数"] * 2]
        rows += [[a, b, made.show(x), c, d, made.show(y)] for (a, b, x), (c, d, y) in zip(staff, office, strict=True)]
        return [*rows, ["人员经费合计", LEFT, made.show(sums[0]), "公用经费合计", LEFT, made.show(sums[1])]]
    rows = [["科目编码", "科目名称", "合计", "人员经费", "公用经费"]]
    rows += [[code, name, made.show(x), made.show(x), ""] for code, name, x in staff]
    rows += [[code, name, made.show(x), "", made.show(x)] for code, name, x in office]
    return [*rows, ["合计", LEFT, *(made.show(x) for x in (sum(sums), *sums))]]


def _public(made: Account) -> list[list[str]]:
    received = made.economic["30217"]
    return [["合计", "因公出国（境）费", "公务接待费"], [made.show(received + 500), made.show(500), made.show(received)]]


def _prose(made: Account, every: dict, general: dict, grants: int, funds: int, extra: int, spent: int) -> list[str]:
    def wan(amount: int) -> str:
        return f"{made.show(amount, wan=True)}万元"

    basic, project = every[""].values()
    staff = made.economic["301"] + made.economic["303"]
    word, year = made.kind, made.year
    lines = [
        f"二、收入{word}情况说明",
        f"本年收入合计{wan(spent)}，其中：财政拨款收入{wan(grants)}，事业收入{wan(extra)}。",
        f"三、支出{word}情况说明",
        f"本年支出合计{wan(spent)}，其中：基本支出{wan(basic)}；项目支出{wan(project)}。",
        f"四、一般公共预算财政拨款支出{word}情况说明",
        f"{year}年度一般公共预算财政拨款支出{wan(grants - funds)}。",
    ]
    for number, code in enumerate((c for c in general if len(c) == 7), start=1):
        path = f"{NAMES[code[:3]]}（类）{NAMES[code[:5]]}（款）{NAMES[code]}（项）"
        lines.append(f"{number}.{path}{wan(whole(general[code]))}，主要用于日常工作。")
    of_basic = general[""]["basic"]
    lines += [
        f"五、一般公共预算财政拨款基本支出{word}情况说明",
        f"一般公共预算财政拨款基本支出{wan(of_basic)}。其中：人员经费{wan(staff)}，公用经费{wan(of_basic - staff)}。",
    ]
    return lines
