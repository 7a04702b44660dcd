"""Lists: projects with their budgets, execution and scores, and the three public funds one below the other."""

from __future__ import annotations

from . import words
from .draw import draw
from .model import ABOVE, LEFT, Grid, Made, Truth
from .public import NAMES, funds

RATINGS = ["优", "良", "中"]
SCORES = ["自评得分", "自评分", "得分", "自评总分"]


def project_list(seed: int) -> Made:
    """项目支出绩效自评汇总表: a project a row, in one header row or two."""
    d = draw("project_list", seed)
    truth, institute, year, unit = Truth(), d.institute(), d.year(), d.unit()
    truth.add("reports", institute=institute, fiscal_year=year)
    truth.expect("funds", "execution", "scores")
    split, scored, revised = d.chance(0.4), d.chance(0.7), d.chance(0.5)
    stages = ["initial_budget", *(["revised_budget"] if revised else []), "executed"]
    labels = {
        "initial_budget": d.pick(words.INITIAL if revised else words.ONLY_BUDGET),
        "revised_budget": d.pick(words.REVISED),
        "executed": d.pick(words.EXECUTED),
    }
    items = ["年度资金总额", "当年财政拨款", "其他资金"] if split else ["年度资金总额"]
    under = {"年度资金总额": d.pick(["总额", "小计"]), "当年财政拨款": d.pick(["财政拨款", "其中：财政拨款"]), "其他资金": "其他资金"}
    upper = ["序号", d.label("项目名称")]
    lower = [ABOVE, ABOVE]
    for stage in stages:
        upper += [d.label(labels[stage]), *[LEFT] * (len(items) - 1)]
        lower += [under[item] for item in items] if split else [ABOVE]
    ends = ["执行率", *([d.pick(SCORES), d.pick(["自评等级", "评价等次"])] if scored else []), "备注"]
    upper, lower = upper + ends, lower + [ABOVE] * len(ends)
    rows = [upper, lower] if split else [upper]
    header = len(rows)
    totals = dict.fromkeys(((s, i) for s in stages for i in items), 0)
    for number, name in enumerate(d.sample(words.PROJECTS, d.randint(2, 6)), 1):
        row, wholes = [str(number), name], {}
        for stage in stages:
            first, second = d.amount(unit), d.amount(unit)
            amounts = {"年度资金总额": first + second, "当年财政拨款": first, "其他资金": second}
            wholes[stage] = amounts["年度资金总额"]
            for item in items:
                row.append(unit.show(amounts[item]))
                totals[stage, item] += amounts[item]
                truth.add("funds", scope=name, item=item, year=year, stage=stage, amount_wan=unit.wan(amounts[item]))
        _execution(truth, name, unit, wholes, row)
        if scored:
            score = round(d.uniform(60, 100), 1)
            row += [f"{score:g}", d.pick(RATINGS)]
            truth.add("scores", scope=name, name="总分", score=score)
        rows.append([*row, ""])
    if d.chance(0.6):
        row = [d.pick(["合计", "合  计"]), LEFT]
        for stage in stages:
            for item in items:
                row.append(unit.show(totals[stage, item]))
                truth.add("funds", scope="整体", item=item, year=year, stage=stage, amount_wan=unit.wan(totals[stage, item]))
        _execution(truth, "整体", unit, {stage: totals[stage, "年度资金总额"] for stage in stages}, row)
        rows.append([*row, *[""] * (len(upper) - len(row))])
    title = f"{institute}{year}年度项目支出绩效自评{d.pick(['汇总表', '情况汇总表', '结果汇总表'])}"
    return Made("project_list", seed, [title, f"{d.pick(['单位', '金额单位'])}：{unit.name}", Grid(rows, header)], truth)


def _execution(truth: Truth, scope: str, unit, wholes: dict[str, int], row: list[str]) -> None:
    wan = {stage: unit.wan(amount) for stage, amount in wholes.items()}
    rate = wan["executed"] / wan.get("revised_budget", wan["initial_budget"])
    row.append(f"{rate:.2%}")
    truth.add(
        "execution",
        scope=scope,
        initial_budget_wan=wan["initial_budget"],
        revised_budget_wan=wan.get("revised_budget"),
        executed_wan=wan["executed"],
        rate_printed=round(float(f"{rate:.4f}"), 10),
        rate=rate,
    )


def public_rows(seed: int) -> Made:
    """The three public funds in rows: budget and outcome, or one of them of two years with the change between them."""
    d = draw("public_rows", seed)
    truth, institute, year, unit = Truth(), d.institute(), d.year(), d.unit()
    truth.add("reports", institute=institute, fiscal_year=year)
    truth.expect("three_public")
    accounts = d.chance(0.5)
    word = "决算" if accounts else "预算"
    stage = "executed" if accounts else "initial_budget"
    if accounts and d.chance(0.5):
        columns, changes = [("预算数", year, "initial_budget"), ("决算数", year, "executed")], False
    else:
        last = d.pick([f"上年{word}数", f"{year - 1}年{word}数", f"上年度{word}数"])
        this = d.pick([f"本年{word}数", f"{year}年{word}数", f"本年度{word}数"])
        columns, changes = [(last, year - 1, stage), (this, year, stage)], d.chance(0.6)
    lines = d.chance(0.4)
    head = [d.pick(["项目", "项  目"]), *(["行次"] if lines else []), *(label for label, _, _ in columns)]
    rows = [[*head, *(["增减额", "增减率"] if changes else [])]]
    amounts = [funds(d, unit) for _ in columns]
    order = ["total", "abroad", *d.sample(["vehicle", "reception"], 2)]
    if "vehicle" in order:
        at = order.index("vehicle") + 1
        order[at:at] = ["vehicle_purchase", "vehicle_running"]
    for line, item in enumerate(order, 1):
        marks = {"vehicle_purchase": "其中：（1）", "vehicle_running": "（2）", "total": ""}
        name = marks.get(item, f"{line}.") + (d.pick(["合计", "合  计", "“三公”经费合计"]) if item == "total" else d.pick(NAMES[item]))
        row = [name, *([str(line)] if lines else [])]
        for (_, of, at_stage), values in zip(columns, amounts, strict=True):
            row.append(unit.show(values[item]))
            truth.add("three_public", item=item, year=of, stage=at_stage, amount_wan=unit.wan(values[item]))
        if changes:
            before, now = (values[item] for values in amounts)
            row += [f"{(now - before) / 100:.2f}", f"{100 * (now - before) / before:.2f}%" if before else "—"]
        rows.append(row)
    blocks: list[str | Grid] = [f"{institute}{year}年度部门{word}", f"“三公”经费支出{word}表", f"公开0{d.randint(7, 9)}表"]
    return Made("public_rows", seed, [*blocks, f"单位：{unit.name}", Grid(rows)], truth)
