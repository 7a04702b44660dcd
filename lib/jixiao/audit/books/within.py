"""Equations within the tables of a book: classes and their sections and items, totals and their columns, both sides of a balance."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ...facts import WHOLE
from .ledger import COLUMN, equate

INCOME = f"{WHOLE}/收入"
YEAR_TOTALS = ("本年收入合计", "本年支出合计")
GRAND_TOTALS = ("收入总计", "支出总计")
TOTALS = YEAR_TOTALS + GRAND_TOTALS
BASIC, PROJECT, STAFF, OFFICE = "基本支出", "项目支出", "人员经费", "公用经费"
NATURES = [BASIC, PROJECT, "上缴上级支出", "经营支出", "对附属单位补助支出"]
SOURCES = ["一般公共预算拨款", "政府性基金预算拨款", "国有资本经营预算拨款"]
GRANTS = "财政拨款"
INCOMES = [
    GRANTS, "财政专户管理资金", "事业收入", "事业单位经营收入", "上级补助收入", "附属单位上缴收入", "其他收入", "上年结转资金",
    "年初结转和结余", "使用非财政拨款结余",
]  # fmt: skip
OPENING, CLOSING, OF_YEAR, SPENT = "年初结转和结余", "结余结转", "本年收入合计", "本年支出合计"
STAFF_CLASSES = ("301", "303")  # 工资福利支出, 对个人和家庭的补助
_SIDE_TOTAL = r"(人员|公用|日常公用)(?:经费|支出)(?:合计|小计)"
_LEVELS = {  # how a row is numbered says whose part it is
    1: r"^[一二三四五六七八九十]+[、．.]",
    2: r"^[（(][一二三四五六七八九十]+[）)]",
    3: r"^\d+[、．.](?!\d)",
    4: r"^[（(]\d+[）)]",
    9: r"^(?:其中|#|减|加)",
}


def classes(ledger: pd.DataFrame) -> pd.DataFrame:
    """类 = Σ款, 款 = Σ项, in each column of each table with 科目编码."""
    coded = coded_cells(ledger)
    return equate("book_classes", "classes", coded.assign(parent=coded["code"]), coded[coded["parent"].notna()], [*COLUMN, "parent"])


def coded_cells(ledger: pd.DataFrame) -> pd.DataFrame:
    """The amounts with 科目编码 and the `parent` code of each in its column; a column that holds a code twice is left out."""
    own = ledger["code"].notna() & ledger["amount_wan"].notna() & ledger["table"].notna()
    coded = ledger.loc[own, ["cell", "column", "code", "amount_wan"]]
    coded = coded[~coded.duplicated([*COLUMN, "code"], keep=False)].copy()
    known = pd.MultiIndex.from_frame(coded[["column", "code"]])
    parent = pd.Series(pd.NA, index=coded.index, dtype="str")
    for less in (4, 2):  # the nearest one that the table has
        shorter = coded["code"].str[:-less]
        there = pd.MultiIndex.from_arrays([coded["column"], shorter]).isin(known) & (shorter.str.len() >= 3)
        parent = parent.mask(there, shorter)
    coded["parent"] = parent
    return coded


def roots(ledger: pd.DataFrame) -> pd.DataFrame:
    """The rows that a table's total is the sum of: its classes, where it has such, else all that have no parent."""
    coded = coded_cells(ledger)
    coded = coded[coded["parent"].isna()]
    classes = coded["code"].str.len() == 3
    return coded[classes | ~classes.groupby(coded["column"]).transform("any")]


def totals(ledger: pd.DataFrame) -> pd.DataFrame:
    """合计 = the classes of a table, and 人员经费合计 and 公用经费合计 = the economic classes of each."""
    top = roots(ledger)
    heads = total_cells(ledger)
    every = equate("book_totals", "classes to total", heads, top, COLUMN)
    sides = ledger[ledger["code"].isna() & ledger["table"].notna()].copy()
    side = sides["item"].str.extract(rf"^{_SIDE_TOTAL}$")[0]
    sides["side"] = side.replace("日常公用", "公用")
    economic = top[top["code"].str.match("3")].copy()
    economic["side"] = economic["code"].isin(STAFF_CLASSES).map({True: "人员", False: "公用"})
    return pd.concat([every, equate("book_totals", "classes to side", sides[side.notna()], economic, [*COLUMN, "side"])])


def total_cells(ledger: pd.DataFrame) -> pd.DataFrame:
    """The amounts of the total rows: of the year's where a table has both, each once a column."""
    rows = ledger[ledger["item"].isin(TOTALS) & ledger["table"].notna() & ledger["code"].isna() & ledger["amount_wan"].notna()]
    rank = rows["item"].isin(GRAND_TOTALS).astype("int64")
    best = rank.groupby(rows["column"]).transform("min")
    return rows[rank == best]


def columns(ledger: pd.DataFrame) -> pd.DataFrame:
    """合计 = its parts across the columns of a row (合计 = 基本支出 + 项目支出)."""
    own = ledger.loc[ledger["table"].notna(), ["cell", "table", "line", "scope", "item", "code", "year", "stage", "amount_wan"]]
    row = own.groupby(["line", "item", "code", "year", "stage"], sort=False, dropna=False).ngroup().to_numpy()
    # scopes are few: what is above and last of each, and a number for each name that a whole may have
    at, scopes = pd.factorize(own["scope"])
    path = pd.Series(scopes).str.rsplit("/", n=1)
    above, leaf = path.str[0].astype("str"), path.str[1].fillna("").astype("str")
    wholes, names = pd.factorize(pd.concat([pd.Series(scopes), above, above + f"/{BASIC}", above + f"/{GRANTS}"]))
    own_name, of_above, of_basic, of_grants = wholes.reshape(4, -1)
    beside = pd.Series(of_above[at]).groupby([own["table"].to_numpy(), of_above[at]], sort=False).ngroup().to_numpy()
    leaves = pd.DataFrame({"beside": beside, "scope": at}).drop_duplicates()
    heads = own[["cell", "amount_wan"]].assign(key=row * len(names) + own_name[at])

    def count(*of: str) -> np.ndarray:
        """How many of these names stand beside each figure's."""
        return np.bincount(leaves["beside"], leaf.isin(of).to_numpy()[leaves["scope"]], len(own))[beside]

    def have(*needed: str) -> np.ndarray:
        return count(*needed) == len(needed)

    def family(name: str, chosen: np.ndarray, whole: np.ndarray = of_above) -> pd.DataFrame:
        parts = own.loc[chosen, ["cell", "amount_wan"]].assign(key=(row * len(names) + whole[at])[chosen])
        return equate("book_columns", name, heads, parts, ["key"])

    def is_leaf(*of: str) -> np.ndarray:
        return leaf.isin(of).to_numpy()[at]

    split, basic, granted = have(STAFF, OFFICE), have(BASIC), have(GRANTS)
    sides, sources = is_leaf(STAFF, OFFICE), is_leaf(*SOURCES)
    natures = is_leaf(*NATURES) | (sides & split & ~basic)
    by_source = count(*SOURCES) > 1
    income = above.str.startswith(INCOME).to_numpy()[at]
    several, other = count(*{*INCOMES, *SOURCES}) > 1, count(*INCOMES) > 0
    moving = have(OPENING, OF_YEAR, CLOSING) & is_leaf(OPENING, OF_YEAR, CLOSING)
    flows = own.loc[moving, ["cell", "amount_wan"]].assign(
        key=(row * len(names) + of_above[at])[moving], sign=np.where(is_leaf(CLOSING)[moving], 1, -1)
    )
    return pd.concat(
        [
            family("natures", natures & have(PROJECT) & (basic | split)),
            family("staff and office", sides & split & above.str.endswith(BASIC).to_numpy()[at]),
            family("staff and office beside", sides & split & basic, of_basic),
            family("sources", sources & by_source & ~granted & ~(income & several & other)),
            family("sources of grants", sources & by_source & granted, of_grants),
            family("incomes", income & several & other & (is_leaf(*INCOMES) | (sources & ~granted))),
            equate("book_columns", "flows", heads, flows, ["key"], part_signs=True),
        ],
        ignore_index=True,
    )


def balance(ledger: pd.DataFrame) -> pd.DataFrame:
    """The sums down each side of a table of income and spending, and that its sides are equal."""
    rows = _numbered(ledger)
    side = [*COLUMN, "col"]
    year, grand = rows[rows["item"].isin(YEAR_TOTALS)], rows[rows["item"].isin(GRAND_TOTALS)]
    listed = rows[~rows["item"].isin(TOTALS) & (rows["parent"].isna()) & (rows["level"] != 9)]
    above = listed[~(listed["row"] > listed["year_row"]).fillna(False)]
    # rows without numbers: what grants are made of stands under them
    above = above[~(above["level"].eq(0) & above["numbered"] & above["year_row"].notna())]
    granted = (above["item"] == GRANTS).groupby([above[c] for c in side], dropna=False).transform("any")
    above = above[~(above["item"].isin(SOURCES) & granted & (above["level"] == 0))]
    between = listed[((listed["row"] > listed["year_row"]) & (listed["row"] < listed["grand_row"])).fillna(False)]
    without = above["year_row"].isna()
    children = rows[rows["parent"].notna()]
    parents = rows.assign(parent=rows["cell"])
    return pd.concat(
        [
            equate("book_balance", "side to year's total", year, above[~without], side),
            equate("book_balance", "side to total", grand, pd.concat([above[without], between, year]), side),
            equate("book_balance", "numbered parts", parents, children, [*side, "parent"]),
            _sides(rows),
        ],
        ignore_index=True,
    )


def _numbered(ledger: pd.DataFrame) -> pd.DataFrame:
    """The rows of tables without 科目编码: their `level` by number, the `parent` cell that they are parts of, and where totals stand."""
    uncoded = ledger["table"].notna() & ~ledger["table"].isin(ledger.loc[ledger["code"].notna(), "table"].unique())
    rows = ledger[uncoded].sort_values(["table", "col", "scope", "row"], kind="stable").copy()
    level = pd.Series(0, index=rows.index)
    for number, pattern in _LEVELS.items():
        level = level.mask(rows["item_printed"].str.replace(r"\s+", "", regex=True).str.contains(pattern).fillna(False), number)
    rows["level"] = level
    group = rows.groupby([*COLUMN, "col"], sort=False, dropna=False).ngroup()
    for name, items in (("year_row", YEAR_TOTALS), ("grand_row", GRAND_TOTALS)):
        rows[name] = rows["row"].where(rows["item"].isin(items)).groupby(group).transform("min")
    rows["numbered"] = (level == 1).groupby(group).transform("any")
    below = (rows["row"] > rows["year_row"]).fillna(False)
    part = group.astype("str") + "/" + (level == 0).groupby(group).cumsum().astype("str")
    parent = pd.Series(pd.NA, index=rows.index, dtype="Float64")
    position = pd.Series(range(len(rows)), index=rows.index, dtype="Float64")
    cell = rows["cell"].astype("Float64").reset_index(drop=True)
    nearest = pd.Series(-1.0, index=rows.index, dtype="Float64")
    for upper in (0, 1, 2, 3):
        at = position.where(level == upper).groupby(part).ffill().fillna(-1.0)
        # above the year's total the classes are parts of it, below it of the row that they follow
        fits = (level > upper) & (level < 9) & (below if upper == 0 else True)
        nearest = nearest.mask(fits & (at > nearest), at)
    found = nearest >= 0
    parent[found] = cell.iloc[nearest[found].astype("int64")].to_numpy()
    rows["parent"] = parent
    return rows


def _sides(rows: pd.DataFrame) -> pd.DataFrame:
    """收入总计 = 支出总计, and the income of each source = what its column spends and keeps."""
    both = rows.assign(whose=rows["scope"].str.replace(rf"^{INCOME}", WHOLE, regex=True))
    both["row"] = both["col"] = 0
    key = ["table", "year", "stage", "whose"]
    on_left = both["scope"].str.startswith(INCOME)
    grand = both["item"].isin(GRAND_TOTALS)
    whole = equate("book_balance", "both sides", both[grand & on_left], both[grand & ~on_left].drop_duplicates(key), key)
    sources = both[on_left & both["item"].isin(SOURCES)]
    sources = sources.assign(whose=sources["whose"] + "/" + sources["item"])
    # only where all of the income is told by source
    told = sources.groupby("table")["amount_wan"].sum()
    income = both[grand & on_left].groupby("table")["amount_wan"].sum()
    complete = (income - told.reindex(income.index)).abs() < 1e-6
    sources = sources[sources["table"].isin(complete.index[complete])]
    return pd.concat([whole, equate("book_balance", "sources", both[grand & ~on_left], sources, key)], ignore_index=True)
