"""Three public funds (三公经费): the table of the books in any order of its columns, and the sentences beside it."""

from __future__ import annotations

from .draw import Draw, Unit, draw
from .model import ABOVE, LEFT, Grid, Made, Truth

ITEMS = {
    "abroad": ["因公出国（境）费", "因公出国(境)费用", "因公出国\n（境）费"],
    "vehicle": ["公务用车购置及运行费", "公务用车购置及运行维护费", "公务用车购置及运行（维护）费"],
    "reception": ["公务接待费", "公务接待\n费"],
}
PARTS = {
    "vehicle": ["小计"],
    "vehicle_purchase": ["购置费", "公务用车购置费"],
    "vehicle_running": ["运行费", "运行维护费", "公务用车运行费", "运行（维护）费"],
}
STAGES = {"initial_budget": ["预算数", "年初预算数"], "executed": ["决算数", "决算数"]}


def funds(d: Draw, unit: Unit) -> dict[str, int]:
    """Amounts in hundredths of `unit` that add up."""
    found = {
        "abroad": 0 if d.chance(0.5) else d.amount(unit, 1, 30),
        "vehicle_purchase": 0 if d.chance(0.6) else d.amount(unit, 10, 40),
        "vehicle_running": d.amount(unit, 1, 30),
        "reception": 0 if d.chance(0.2) else d.amount(unit, 0.1, 9),
    }
    found["vehicle"] = found["vehicle_purchase"] + found["vehicle_running"]
    return {"total": found["abroad"] + found["vehicle"] + found["reception"], **found}


def public_table(d: Draw, truth: Truth, unit: Unit, year: int, stages: list[str]) -> Grid:
    """Items in the header, under each stage where there are two."""
    order = ["total", *d.sample(["abroad", "vehicle", "reception"], 3)]
    extra = d.chance(0.3) and len(stages) == 1
    upper, lower, values = [], [], []
    texts = {item: d.pick(labels) for item, labels in ITEMS.items()} | {"total": d.pick(["合计", "“三公”经费合计", "小计"])}
    if len(stages) == 1 and texts["total"] != "“三公”经费合计":
        texts["total"] = "“三公”经费合计"
    parts = {item: d.pick(labels) for item, labels in PARTS.items()}
    for stage in stages:
        amounts = funds(d, unit)
        for item in order:
            for part in list(PARTS) if item == "vehicle" else [item]:
                upper.append(LEFT if item == "vehicle" and part != "vehicle" else texts[item])
                lower.append(parts[part] if item == "vehicle" else ABOVE)
                blank = amounts[part] == 0 and d.chance(0.4)
                values.append("" if blank else unit.show(amounts[part]))
                if not blank:
                    truth.add("three_public", item=part, year=year, stage=stage, amount_wan=unit.wan(amounts[part]))
    if extra:
        upper.append("机关运行经费")
        lower.append(ABOVE)
        value = d.amount(unit, 10, 90)
        values.append(unit.show(value))
        truth.add("funds", scope="整体", item="机关运行经费", year=year, stage=stages[0], amount_wan=unit.wan(value))
    rows = [upper, lower]
    if len(stages) > 1:
        half = len(upper) // len(stages)
        rows.insert(0, [part for stage in stages for part in (d.pick(STAGES[stage]), *[LEFT] * (half - 1))])
    header = len(rows)
    if d.chance(0.3):
        rows.append([str(i + 1) for i in range(len(upper))])
    rows.append(values)
    return Grid(rows, header)


def public_prose(d: Draw, truth: Truth, year: int, stage: str) -> list[str]:
    """Paragraphs as the books word them; amounts in 万元."""
    unit = Unit("万元", False, d.chance(0.5))
    return _accounts_prose(d, truth, year, unit) if stage == "executed" else _budget_prose(d, truth, year, unit)


NAMES = {
    "total": ["“三公”经费", "“三公”经费财政拨款"],
    "abroad": ["因公出国（境）费", "因公出国（境）费用"],
    "vehicle": ["公务用车购置及运行费", "公务用车购置及运行维护费"],
    "vehicle_purchase": ["公务用车购置费"],
    "vehicle_running": ["公务用车运行费", "公务用车运行维护费"],
    "reception": ["公务接待费"],
}


def _accounts_prose(d: Draw, truth: Truth, year: int, unit: Unit) -> list[str]:
    planned, spent = funds(d, unit), funds(d, unit)
    names = {item: d.pick(labels) for item, labels in NAMES.items()}
    verb = d.pick(["完成预算的{}%", "完成预算{}%", "完成年初预算的{}%"])

    def clause(item: str) -> str:
        for stage, amounts in (("initial_budget", planned), ("executed", spent)):
            truth.add("three_public", item=item, year=year, stage=stage, amount_wan=unit.wan(amounts[item]))
        rate = verb.format(f"{100 * spent[item] / planned[item]:.2f}") if planned[item] else ""
        text = f"{names[item]}支出年初预算{unit.show(planned[item])}万元，支出决算{unit.show(spent[item])}万元"
        if item != "total" and d.chance(0.4):  # in the midst of a list
            change = min(spent[item], d.randint(0, 2) * 50)
            truth.add("three_public", item=item, year=year - 1, stage="executed", amount_wan=unit.wan(spent[item] - change))
            return text + (f"，比上年增加{unit.show(change)}万元" if change else "，与上年持平")
        return text + (f"，{rate}" if rate else "")

    first = f"{year}年度{clause('total')}，其中：" + "；".join(clause(item) for item in ("abroad", "vehicle", "reception")) + "。"
    sentences = [first]
    for item in ("total", "reception"):
        before = max(0, spent[item] + d.randint(-300, 300)) if d.chance(0.8) else spent[item]
        change = spent[item] - before
        way = "与上年持平" if change == 0 else f"比上年{'增加' if change > 0 else '减少'}{unit.show(abs(change))}万元"
        truth.add("three_public", item=item, year=year, stage="executed", amount_wan=unit.wan(spent[item]))
        truth.add("three_public", item=item, year=year - 1, stage="executed", amount_wan=unit.wan(before))
        tail = f"，{'增长' if change > 0 else '下降'}{100 * abs(change) / before:.2f}%" if change and before and d.chance(0.6) else ""
        sentences.append(f"{year}年度{names[item]}支出决算{unit.show(spent[item])}万元，{way}{tail}，主要原因是厉行节约。")
    return sentences


def _budget_prose(d: Draw, truth: Truth, year: int, unit: Unit) -> list[str]:
    amounts = funds(d, unit)
    names = {item: d.pick(labels) for item, labels in NAMES.items()}

    def told(item: str, lead: str) -> str:
        before = max(0, amounts[item] + d.randint(-200, 200)) if d.chance(0.7) else amounts[item]
        truth.add("three_public", item=item, year=year, stage="initial_budget", amount_wan=unit.wan(amounts[item]))
        truth.add("three_public", item=item, year=year - 1, stage="initial_budget", amount_wan=unit.wan(before))
        change = amounts[item] - before
        basis = d.pick([f"{year - 1}年预算", "上年预算", f"{year - 1}年预算数"])
        way = f"与{basis}持平" if change == 0 else f"比{basis}{'增加' if change > 0 else '减少'}{unit.show(abs(change))}万元"
        return f"{lead}{unit.show(amounts[item])}万元，{way}。"

    head = d.pick([f"{year}年{names['total']}预算数为", f"{year}年“三公”经费预算"])
    sentences = [told("total", head) + "其中："]
    for number, item in zip("一二三", ("abroad", "vehicle", "reception"), strict=True):
        if item == "abroad" and amounts[item] == 0 and d.chance(0.5):
            truth.add("three_public", item=item, year=year, stage="initial_budget", amount_wan=0)
            sentences.append(f"（{number}）{year}年无{names[item]}预算安排。")
            continue
        text = told(item, f"（{number}）{names[item]}")
        if item == "vehicle":
            text += "其中：" + told("vehicle_purchase", names["vehicle_purchase"]) + told("vehicle_running", names["vehicle_running"])
        sentences.append(text)
    return sentences


def public_family(seed: int) -> Made:
    """A table of one or two stages, or sentences, in a document of their own."""
    d = draw("public", seed)
    truth, institute, year, unit = Truth(), d.institute(), d.year(), d.unit()
    unit = Unit(unit.name, unit.thousands, unit.trimmed)
    truth.expect("three_public")
    truth.add("reports", institute=institute, fiscal_year=year)
    accounts = d.chance(0.6)
    stage = "executed" if accounts else "initial_budget"
    word = "决算" if accounts else "预算"
    blocks: list[str | Grid] = [f"{institute}{year}年度部门{word}公开"]
    if d.chance(0.7):
        stages = ["initial_budget", "executed"] if accounts and d.chance(0.7) else [stage]
        blocks += [f"“三公”经费支出{word}表", f"单位：{unit.name}", public_table(d, truth, unit, year, stages)]
    if d.chance(0.6) or len(blocks) == 1:
        blocks += public_prose(d, truth, year, stage)
    truth.rows.pop("funds", None)
    return Made("public", seed, blocks, truth)
