"""The base-data table of Hunan (部门整体支出绩效评价基础数据表): staff, funds of three columns, three public funds, buildings."""

from __future__ import annotations

from .draw import Draw, Unit, draw
from .model import LEFT, WHOLE, Grid, Made, Truth

PROJECT, PUBLIC = "项目支出", "公用经费"
ROWS: list[tuple[str, str, str, list[str]]] = [  # table, item, scope, labels
    ("three_public", "total", "", ["三公经费", "“三公”经费", "一、三公经费"]),
    ("three_public", "vehicle", "", ["1、公务用车购置和维护经费", "1.公务用车购置及运行维护费"]),
    ("three_public", "vehicle_purchase", "", ["其中：公车购置", "其中：公务用车购置费", "  其中：公车购置"]),
    ("three_public", "vehicle_running", "", ["公车运行维护", "      公务用车运行维护费"]),
    ("three_public", "abroad", "", ["2、出国经费", "2.因公出国（境）费"]),
    ("three_public", "reception", "", ["3、公务接待", "3.公务接待费"]),
    ("funds", PROJECT, WHOLE, ["项目支出：", "项目支出", "二、项目支出"]),
    ("funds", "业务经费", f"{WHOLE}/{PROJECT}", ["1、业务工作经费", "1、业务经费", "1.业务工作专项经费"]),
    ("funds", "运行维护经费", f"{WHOLE}/{PROJECT}", ["2、运行维护经费", "2.运行维护专项经费"]),
    ("funds", "本级专项资金", f"{WHOLE}/{PROJECT}", ["3、本级专项资金（一个专项一行）", "3.市级专项资金"]),
    ("funds", PUBLIC, WHOLE, ["公用经费：", "公用经费", "三、公用经费"]),
    ("funds", "办公经费", f"{WHOLE}/{PUBLIC}", ["其中：办公经费", "1、办公经费"]),
    ("funds", "水电差旅费", f"{WHOLE}/{PUBLIC}", ["水费、电费、差旅费", "   水费、电费、差旅费"]),
    ("funds", "会议培训费", f"{WHOLE}/{PUBLIC}", ["会议费、培训费"]),
    ("funds", "政府采购", WHOLE, ["政府采购金额", "四、政府采购金额"]),
]


def base_data(seed: int) -> Made:
    """The table between a cover and a sentence."""
    d = draw("base_data", seed)
    institute, year, truth, unit = d.institute(), d.year(), Truth(), d.unit()
    unit = Unit("万元", unit.thousands, unit.trimmed, unit.wide)
    truth.expect("funds", "three_public")
    authorised = d.randint(10, 200)
    actual = authorised - d.randint(0, 9)
    truth.add("reports", institute=institute, fiscal_year=year, staff_authorised=authorised, staff_actual=actual)
    people = d.pick(["", "人"])
    staff = [
        [
            "财政供养人员情况",
            d.label(d.pick(["编制数", "核定编制数"])),
            LEFT,
            d.label(d.pick([f"{year}年实际在职人数", "实际在职人数"])),
            LEFT,
            "控制率",
            LEFT,
        ],
        ["", f"{authorised}{people}", LEFT, f"{actual}{people}", LEFT, f"{100 * actual / authorised:.2f}%", LEFT],
    ]
    if d.chance(0.6):
        staff[1][0] = "↑"
    rows = staff + _funds(d, truth, year, unit)
    if d.chance(0.6):
        rows += _buildings(d, truth, year)
    if d.chance(0.7):
        rows.append(["厉行节约保障措施", "严格执行各项制度，压减一般性支出。", *[LEFT] * 5])
    title = d.pick(["部门整体支出绩效评价基础数据表", "基础数据表"])
    blocks: list[str | Grid] = [f"{year}年度{institute}部门整体支出绩效自评报告", title, Grid(rows)]
    return Made("base_data", seed, blocks, truth)


def _funds(d: Draw, truth: Truth, year: int, unit: Unit) -> list[list[str]]:
    columns = [
        (year - 1, "executed", f"{year - 1}年决算数"),
        (year, "initial_budget", f"{year}年预算数"),
        (year, "executed", f"{year}年决算数"),
    ]
    side = d.pick(["经费控制情况（万元）", "经费控制情况(万元)", "经费控制情况"])
    if side == "经费控制情况":
        columns = [(y, stage, f"{text}（万元）") for y, stage, text in columns]
    rows = [[side, *[part for _, _, text in columns for part in (d.label(text), LEFT)]]]
    for table, item, scope, labels in ROWS:
        row = [d.pick(labels)]
        empty = d.chance(0.2)
        for of_year, stage, _ in columns:
            value = None if empty or d.chance(0.1) else d.amount(unit, 0.5, 400)
            if value is not None:
                values = {"item": item, "year": of_year, "stage": stage, "amount_wan": unit.wan(value)}
                truth.add(table, **values, **({"scope": scope} if table == "funds" else {}))
            row += ["" if empty else d.nothing() if value is None else unit.show(value), LEFT]
        rows.append(row)
    return rows


def _buildings(d: Draw, truth: Truth, year: int) -> list[list[str]]:
    heads = [
        f"楼堂馆所控制情况（{year}年完工项目）",
        "批复规模（㎡）",
        "实际规模（㎡）",
        "规模控制率",
        "预算投资（万元）",
        "实际投资（万元）",
        "投资概算控制率",
    ]
    planned, spent = d.randint(100, 900), d.randint(100, 900)
    truth.add("funds", scope=WHOLE, item="楼堂馆所投资", year=year, stage="initial_budget", amount_wan=planned)
    truth.add("funds", scope=WHOLE, item="楼堂馆所投资", year=year, stage="executed", amount_wan=spent)
    return [heads, ["↑", "1200", "1180", "98.33%", f"{planned}", f"{spent}", f"{100 * spent / planned:.2f}%"]]
