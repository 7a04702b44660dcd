"""Reports in sentences: budget, adjustments and spending of the whole, its parts and its projects, in 元, 万元 and 亿元 mixed."""

from __future__ import annotations

from . import words
from .draw import draw
from .model import WHOLE, Grid, Made, Truth

TOTAL = "年度资金总额"
BASIC = ["工资福利支出", "商品和服务支出", "对个人和家庭的补助"]


def prose(seed: int) -> Made:
    """A whole report without a table."""
    d = draw("prose", seed)
    institute, year, truth = d.institute(), d.year(), Truth()
    authorised, actual = d.randint(20, 90), d.randint(10, 90)
    truth.add("reports", institute=institute, fiscal_year=year, staff_authorised=authorised, staff_actual=actual)
    truth.expect("funds")
    initial, basic, project = d.randint(20000, 900000), d.randint(9000, 400000), d.randint(9000, 400000)
    added = basic + project - initial

    def fund(item: str, stage: str, hundredths: int, scope: str = WHOLE) -> str:
        unit = d.pick(["万元", "万元", "万元", "元", "亿元"])
        if unit == "亿元" and hundredths % 1000:
            unit = "万元"
        text = {"万元": f"{hundredths / 100:.2f}", "元": f"{hundredths * 100}", "亿元": f"{hundredths / 1e6:g}"}[unit]
        if unit == "元" and d.chance(0.5):
            text = f"{hundredths * 100:,.2f}"
        truth.add("funds", scope=scope, item=item, year=year, stage=stage, amount_wan=hundredths / 100)
        return text + unit

    paragraphs = [f"{institute}{year}年度部门整体支出绩效自评报告", "一、部门基本情况"]
    paragraphs.append(f"{institute}核定编制{authorised}个，{d.pick(['实有人数', '在职人员'])}{actual}人。")
    paragraphs.append("二、预算执行情况")
    start = f"{year}年年初预算{fund(TOTAL, 'initial_budget', initial)}"
    if added >= 0:
        start += f"，{d.pick(['调整追加', '追加预算', '年中追加'])}{fund(TOTAL, 'adjustment', added)}"
        start += f"，全年预算{fund(TOTAL, 'revised_budget', basic + project)}"
    paragraphs.append(start + "。")
    spent = d.pick([f"{year}年共支出", f"{year}年度总支出", "全年支出"])
    parts = f"基本支出{fund('基本支出', 'executed', basic)}，项目支出{fund('项目支出', 'executed', project)}"
    paragraphs.append(f"{spent}{fund(TOTAL, 'executed', basic + project)}，其中：{parts}。")
    paragraphs.append("（一）基本支出情况")
    one = d.randint(1, basic // 2)
    two = d.randint(1, basic - one - 1)
    shares = dict(zip(BASIC, (one, two, basic - one - two), strict=True))
    text = d.pick(["包括", "其中：", "主要包括："]) + d.pick(["；", "，"]).join(
        f"{item}{fund(item, 'executed', shares[item], f'{WHOLE}/基本支出')}" for item in BASIC
    )
    paragraphs.append(f"{year}年基本支出{fund('基本支出', 'executed', basic)}，{text}。")
    paragraphs.append("（二）项目支出情况")
    names = d.sample(words.PROJECTS, 3)
    first, second = project // 3, project // 4
    amounts = dict(zip(names, (first, second, project - first - second), strict=True))
    listed = d.pick(["，", "；"]).join(
        f"{name}{d.pick(['', '经费'])}" + fund(name, "executed", value, f"{WHOLE}/项目支出") for name, value in amounts.items()
    )
    for row in truth.rows["funds"]:
        if row["item"] in names:
            at = listed.index(row["item"])
            row["item"] = row["item"] + ("经费" if listed[at + len(row["item"]) :].startswith("经费") else "")
    paragraphs.append(f"{year}年项目支出{fund('项目支出', 'executed', project)}，其中：{listed}。")
    paragraphs.append("三、存在的问题")
    paragraphs.append("绩效目标设置不够细化，超过10万元的采购需求编制不够及时。")
    return Made("prose", seed, list[str | Grid](paragraphs), truth)
