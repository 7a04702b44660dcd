"""Figures of a book that stand in several of its tables, or in its prose: what each of them is of, and that they are the same."""

from __future__ import annotations

import pandas as pd

from ...facts import WHOLE
from ..checking import per_text
from .ledger import equate
from .within import BASIC, GRANTS, INCOME, INCOMES, NATURES, OFFICE, SOURCES, STAFF, TOTALS, total_cells

# tables that show the funds of other purposes under the same classes
OTHER_TABLES = "采购|购买服务|绩效|债务|转移支付|资产|专户|项目支出表|项目支出预算表|项目支出决算表|项目支出明细|政府预算支出经济"
WHAT = ["report_id", "of", "what", "year", "stage"]  # what a figure is of
GENERAL = f"{WHOLE}/{SOURCES[0]}"
_ONE, _ALL = "合计", "总计"  # the year's total, and that with what is carried over

# what prose names → where a table has it, the likeliest first
_STATED = [
    (INCOME, "收入总计", INCOME, _ALL),
    (INCOME, "收入总计", INCOME, _ONE),
    (INCOME, "本年收入合计", INCOME, _ONE),
    (INCOME, "本年收入合计", INCOME, _ALL),
    (WHOLE, "支出总计", WHOLE, _ALL),
    (WHOLE, "支出总计", WHOLE, _ONE),
    (WHOLE, "本年支出合计", WHOLE, _ONE),
    (WHOLE, "本年支出合计", WHOLE, _ALL),
    (WHOLE, "收入支出总计", WHOLE, _ALL),
    (WHOLE, "收入支出总计", INCOME, _ALL),
    (WHOLE, "收入支出总计", WHOLE, _ONE),
    (WHOLE, GRANTS, f"{WHOLE}/{GRANTS}", _ALL),
    (WHOLE, GRANTS, f"{WHOLE}/{GRANTS}", _ONE),
    (WHOLE, GRANTS, f"{INCOME}/{GRANTS}", _ALL),
    (WHOLE, GRANTS, INCOME, GRANTS),
    *[(INCOME, item, INCOME, item) for item in [*INCOMES, *SOURCES]],
    *[(WHOLE, source, f"{WHOLE}/{source}", _ONE) for source in SOURCES],
    *[(WHOLE, source, f"{WHOLE}/{source}", _ALL) for source in SOURCES],
    *[(WHOLE, source, INCOME, source) for source in SOURCES],
    *[(WHOLE, nature, WHOLE, nature) for nature in NATURES],
    *[(f"{WHOLE}/{BASIC}", part, f"{WHOLE}/{BASIC}", part) for part in (STAFF, OFFICE)],
    *[(WHOLE, part, f"{WHOLE}/{BASIC}", part) for part in (STAFF, OFFICE)],
    *[(WHOLE, part, f"{GENERAL}/{BASIC}", part) for part in (STAFF, OFFICE)],
    *[(f"{WHOLE}/{BASIC}", part, f"{GENERAL}/{BASIC}", part) for part in (STAFF, OFFICE)],
    *[
        (f"{WHOLE}/{source}{inside}", item, f"{WHOLE}/{source}{inside}", item)
        for source in (*SOURCES, GRANTS)
        for inside, items in (("", NATURES), (f"/{BASIC}", (STAFF, OFFICE)))
        for item in items
    ],
]


def named(ledger: pd.DataFrame) -> pd.DataFrame:
    """The figures of comparable tables, once a table, with what they are `of` (a scope) and `what` (a code, a class's name, a total)."""
    other = per_text(ledger["section"], lambda titles: titles.fillna("").str.contains(OTHER_TABLES))
    rows = ledger[ledger["table"].notna() & ledger["amount_wan"].notna() & ~other].copy()
    of = per_text(rows["scope"], lambda scopes: scopes.str.replace(rf"/{GRANTS}/({'|'.join(SOURCES)})", r"/\1", regex=True))
    functional_class = per_text(rows["code"], lambda codes: codes.str.fullmatch(r"2\d\d").fillna(False))
    what = rows["code"].where(rows["code"].notna() & ~functional_class, rows["item"])
    what = per_text(what, _of_side)
    one = rows["cell"].isin(total_cells(ledger)["cell"])
    what = what.mask(one, _ONE).mask(~one & rows["item"].isin(TOTALS) & rows["code"].isna(), _ALL)
    # the total of a column is what its header names: 整体/基本支出, 合计 → 整体, 基本支出
    leaf, above = (per_text(of, lambda scopes, at=at: scopes.str.rsplit("/", n=1).str[at].astype("str")) for at in (1, 0))
    column = one & (leaf.isin([*NATURES, STAFF, OFFICE]) | ((above == INCOME) & leaf.isin([*INCOMES, *SOURCES])))
    of, what = of.mask(column, above), what.mask(column, leaf)
    of = of.mask((of == f"{INCOME}/{GRANTS}") & what.isin(SOURCES), INCOME)
    # staff and office costs are those of basic expenditure, whose column some tables leave out
    of = of.mask(what.isin([STAFF, OFFICE]) & ~of.str.endswith(BASIC), of + f"/{BASIC}")
    rows["of"], rows["what"] = of, what
    return rows.sort_values("cell").drop_duplicates(["table", *WHAT])


def _of_side(items: pd.Series) -> pd.Series:
    """日常公用经费合计 → 公用经费."""
    side = items.str.extract(r"^(?:日常)?(人员|公用)(?:经费|支出)(?:合计|小计)$")[0]
    return items.mask(side.notna(), side + "经费")


def repeats(rows: pd.DataFrame) -> pd.DataFrame:
    """The first table's figure = that of each other table that repeats it, of `named` rows."""
    first = rows.drop_duplicates(WHAT)
    others = rows[rows.duplicated(WHAT)]
    return _pairs("book_tables", "repeated", first, others, WHAT)


def _pairs(kind: str, name: str, heads: pd.DataFrame, parts: pd.DataFrame, on: list[str]) -> pd.DataFrame:
    """An equation for each part."""
    both = parts[[*on, "cell"]].merge(heads[[*on, "cell"]], on=on, suffixes=("", "_head"))
    return pairs(kind, name, both["cell_head"], both["cell"])


def pairs(kind: str, name: str, heads: pd.Series, parts: pd.Series) -> pd.DataFrame:
    """Equations of two figures: the cells of `heads` = those of `parts`, side by side."""
    number = range(len(heads))
    left = pd.DataFrame({"head": heads.array, "cell": heads.array, "sign": 1, "number": number})
    right = pd.DataFrame({"head": heads.array, "cell": parts.array, "sign": -1, "number": number})
    both = pd.concat([left, right], ignore_index=True)
    return both.assign(kind=kind, name=name + both.pop("number").astype("str"))


def grants(rows: pd.DataFrame) -> pd.DataFrame:
    """财政拨款 of the table of incomes = its sources in a table that names no sum of them, of `named` rows."""
    income = rows[rows["of"] == INCOME]
    key = ["report_id", "year", "stage"]
    sources = income[income["what"].isin(SOURCES) & (income["scope"] == INCOME)]
    has = income.loc[income["what"] == GRANTS, "table"]
    sources = sources[~sources["table"].isin(has)]
    sources = sources[sources["table"] == sources.groupby(key, dropna=False)["table"].transform("first")]
    heads = income[income["what"] == GRANTS].drop_duplicates(key)
    return equate("book_tables", "grants", heads, sources, key)


def statements(ledger: pd.DataFrame) -> pd.DataFrame:
    """What prose states, once each: the ledger's rows of prose that differ in what they say."""
    rows = ledger[(ledger["origin"] == "text") & ledger["amount_wan"].notna()]
    return rows.drop_duplicates(["report_id", "scope", "item", "item_printed", "year", "stage", "amount_wan"])


def stated(prose: pd.DataFrame, rows: pd.DataFrame, coded: pd.DataFrame) -> pd.DataFrame:
    """Prose = the table that has what it states: the one that agrees, where several may be meant.

    Of `statements`, the `named` rows of tables, and the statements that are `matched` with a code.
    """
    table = rows[[*WHAT, "cell", "amount_wan", "cent"]]
    rules = pd.DataFrame(_STATED, columns=["scope", "item", "of", "what"]).assign(rank=range(len(_STATED)))
    plain = prose.merge(rules, on=["scope", "item"])
    places = pd.DataFrame({"of": [GENERAL, f"{WHOLE}/{GRANTS}", *[f"{WHOLE}/{s}" for s in SOURCES[1:]], WHOLE], "rank": range(5)})
    classed = coded.assign(what=coded["code"].where(coded["length"] != 3, coded["name_known"])).merge(places, how="cross")
    # a class that prose names as part of one source is that source's
    inside = classed["scope"].str.extract(rf"^({WHOLE}/(?:{'|'.join(SOURCES)}))")[0]
    classed = classed[inside.isna() | (inside == classed["of"])]
    # where a name says both, its class goes first
    plain = plain[~plain["cell"].isin(classed["cell"])]
    wanted = pd.concat([plain, classed], ignore_index=True)[[*WHAT, "cell", "amount_wan", "cent", "rank"]]
    found = wanted.merge(table, on=WHAT, suffixes=("", "_table"))
    exact = found[["cent", "cent_table"]].max(axis=1) / 2 + 1e-9
    found["agrees"] = (found["amount_wan"] - found["amount_wan_table"]).abs() <= exact
    found = found.sort_values(["cell", "agrees", "rank"], ascending=[True, False, True], kind="stable").drop_duplicates("cell")
    return pairs("prose_and_tables", "stated", found["cell_table"], found["cell"])
