"""Forms of whole departments: two tables side by side (按收入性质分, 按支出性质分), execution by task (年度主要任务完成情况)."""

from __future__ import annotations

from . import words
from .draw import Draw, draw
from .forms import head_rows, year_line
from .funds import TOTAL, Sums, fund_block, split, sums
from .indicators import indicator_block
from .model import ABOVE, LEFT, WHOLE, Grid, Made, Truth, fit

INCOME_HEADS = ["按收入性质分", "按收入性质分：", "按资金来源分", "按收入性质分:"]
SPENDING_HEADS = ["按支出性质分", "按支出性质分：", "按支出性质分:"]
TASK_HEADS = ["任务名称", "主要任务", "任务"]
TASK_TOTALS = ["合计", "金额合计", "总计", "合  计"]
AMOUNTS = {TOTAL: ["总额", "小计"], "当年财政拨款": ["财政拨款", "其中：财政拨款"], "其他资金": ["其他资金", "其中：其他资金"]}


def two_up(seed: int) -> Made:
    """The form whose fund block has sources of income and kinds of spending side by side below the total."""
    d = draw("two_up", seed)
    institute, year, truth, unit = d.institute(), d.year(), Truth(), d.unit()
    truth.expect("funds", "execution", "indicators", "scores")
    truth.add("reports", institute=institute, fiscal_year=year)
    top = fund_block(d, truth, WHOLE, year, unit, whole=True, caption=True)[:2]
    for row in truth.rows["funds"][:]:
        if row["item"] != TOTAL:
            truth.rows["funds"].remove(row)
    top[0][0] = d.pick(["年度预算申请", "预算执行情况", "部门预算"]) + f"（{unit.name}）"
    halves = _halves(d, truth, year, unit)
    width = max(len(top[0]), 5)
    found = indicator_block(d, truth, WHOLE)
    width = max(width, len(found[0]))
    rows = fit(head_rows(d, institute, None), [1, 1, 1, width - 3])
    rows += _widened(top, width) + _widened(halves, width) + _widened(found, width)
    return Made("two_up", seed, [f"{year}年度部门整体支出绩效自评表", Grid(rows)], truth)


def _widened(rows: list[list[str]], width: int) -> list[list[str]]:
    return fit(rows, [1, 1 + width - len(rows[0]), *[1] * (len(rows[0]) - 2)])


def _halves(d: Draw, truth: Truth, year: int, unit) -> list[list[str]]:
    rows = [[ABOVE, d.label(d.pick(INCOME_HEADS)), LEFT, d.label(d.pick(SPENDING_HEADS)), LEFT]]
    sources = d.sample(["一般公共预算拨款", "政府性基金预算拨款", "财政专户管理资金", "国有资本经营预算拨款", "其他资金"], d.randint(2, 4))
    left = [(item, d.pick(words.PARTS[item]), "revised_budget") for item in sources]
    right = [(item, d.pick(words.SPENDING[item]), "executed") for item in ("基本支出", "项目支出")]
    together = d.chance(0.25)  # label and amount in one cell: 基本支出：50.5
    for i in range(max(len(left), len(right))):
        row = [ABOVE]
        for half in (left, right):
            if i >= len(half):
                row += ["", ""]
                continue
            item, printed, stage = half[i]
            value = None if d.chance(0.2) and i else 0 if d.chance(0.1) else d.amount(unit)
            if value is not None:
                truth.add("funds", scope=WHOLE, item=item, year=year, stage=stage, amount_wan=unit.wan(value))
            text = d.nothing() if value is None else unit.show(value)
            row += [f"{printed.rstrip('：:')}：{'' if value is None else text}", LEFT] if together else [d.label(printed), text]
        rows.append(row)
    return rows


def by_task(seed: int) -> Made:
    """A row a task, budget and execution each split into total and sources in a second header row."""
    d = draw("by_task", seed)
    institute, year, truth, unit = d.institute(), d.year(), Truth(), d.unit()
    truth.expect("funds", "execution", "indicators", "scores")
    truth.add("reports", institute=institute, fiscal_year=year)
    items = d.pick([list(AMOUNTS), list(AMOUNTS), [TOTAL, "其他资金"], [TOTAL]])
    rest = d.pick([[], [], ["weight", "rate", "score"], ["rate"]])
    stages = [("initial_budget", d.pick(words.ONLY_BUDGET)), ("executed", d.pick(words.EXECUTED))]
    labels = {"weight": d.pick(words.WEIGHT), "rate": d.pick(words.RATE), "score": d.pick(words.SCORE)}
    spelled = {item: d.pick(AMOUNTS[item]) for item in items}
    where = d.pick(["caption", "head", "side"])
    suffix = f"（{unit.name}）" if where == "head" else ""
    side = d.pick(["年度主要任务完成情况", "年度主要\n任务完成\n情况", "主要任务"]) + (f"（{unit.name}）" if where == "side" else "")
    content, serial = d.chance(0.4), d.chance(0.3)
    before = [*(["序号"] if serial else []), d.pick(TASK_HEADS), *(["主要内容"] if content else [])]
    upper = (
        [side, *map(d.label, before)]
        + [part for _, text in stages for part in (text + suffix, *[LEFT] * (len(items) - 1))]
        + [labels[r] for r in rest]
    )
    lower = [ABOVE] * (1 + len(before)) + [d.label(spelled[item]) for _ in stages for item in items] + [ABOVE] * len(rest)
    rows = [upper, lower] if len(items) > 1 else [upper]
    tasks = d.sample(words.PROJECTS, d.randint(2, 5))
    for number, task in enumerate([*tasks, None], start=1):
        lead = [*([f"{number}"] if serial else []), task or d.pick(TASK_TOTALS), *(["组织实施" + (task or "")] if content else [])]
        if task is None:
            lead = [lead[-1 - content], *[LEFT] * (len(lead) - 1)] if d.chance(0.7) else ["", *lead[1:]] if serial else lead
            if content and lead[-1] != LEFT:
                lead[-1] = ""
        rows.append(_task_row(d, truth, task or WHOLE, year, unit, items, rest, lead))
    found = indicator_block(d, truth, WHOLE)
    width = max(len(rows[0]), len(found[0]))
    name_at = 2 if serial else 1
    widths = [1] * len(rows[0])
    widths[name_at] += width - len(rows[0])
    grid = fit(head_rows(d, institute, None), [1, 1, 1, width - 3]) + fit(rows, widths) + _widened(found, width)
    lines = ["部门整体支出绩效自评表", year_line(d, year)] + ([f"单位：{unit.name}"] if where == "caption" else [])
    return Made("by_task", seed, [*lines, Grid(grid)], truth)


def _task_row(d: Draw, truth: Truth, scope: str, year: int, unit, items: list[str], rest: list[str], lead: list[str]) -> list[str]:
    total = sums(d, unit)
    total.revised = None
    values = {TOTAL: total}
    if len(items) > 1:
        parts = split(d, Sums(total.initial, None, total.executed), len(items) - 1)
        values |= dict(zip(items[1:], parts, strict=True))
    if len(items) == 3 and d.chance(0.3):
        values["其他资金"] = Sums(None, None, None)
    row = [ABOVE, *lead]
    for stage, name in (("initial_budget", "initial"), ("executed", "executed")):
        for item in items:
            value = getattr(values[item], name)
            if value is not None:
                truth.add("funds", scope=scope, item=item, year=year, stage=stage, amount_wan=unit.wan(value))
            row.append(d.nothing() if value is None else unit.show(value))
    rate = total.executed / total.initial
    score = round(10 * min(rate, 1), 2)
    told = {"weight": "10", "rate": f"{rate * 100:.2f}%", "score": f"{score:g}"}
    row += [told[name] for name in rest]
    if rest:
        truth.add(
            "execution", scope=scope, initial_budget_wan=unit.wan(total.initial), executed_wan=unit.wan(total.executed),
            rate_printed=round(float(told["rate"][:-1]) / 100, 10), rate=unit.wan(total.executed) / unit.wan(total.initial),
            weight=10 if "weight" in rest else None, score_printed=score if "score" in rest else None,
        )  # fmt: skip
    elif scope == WHOLE:  # the printed totals say it
        wan = unit.wan(total.initial), unit.wan(total.executed)
        truth.add("execution", scope=scope, initial_budget_wan=wan[0], executed_wan=wan[1], rate=wan[1] / wan[0])
    return row
