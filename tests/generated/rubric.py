"""Rubrics (评价标准): points at each level, scores filled in, criteria over several rows, points shared by a group of rows."""

from __future__ import annotations

from . import words
from .draw import Draw, draw
from .model import ABOVE, LEFT, WHOLE, Grid, Made, Truth

LEVELS = {
    "投入": ["预算编制", "目标设定"],
    "过程": ["预算执行", "预算管理", "资产管理"],
    "产出指标": ["职责履行", "重点工作"],
    "效益指标": ["履职效益", "公众评价"],
}
SPELLED = {"产出指标": ["产出", "产出指标"], "效益指标": ["效益", "效益指标", "项目效果"]}
NAMES = [
    "预算完成率",
    "预算调整率",
    "结转结余变动率",
    "公用经费控制率",
    "采购执行率",
    "制度健全性",
    "资金合规性",
    "信息公开性",
    "资产利用率",
    "实际完成率",
    "质量达标率",
    "完成及时率",
    "职责明确性",
    "目标合理性",
    "预决算公开及时性",
    "会计信息完整性",
    "支付进度",
    "绩效目标覆盖",
]


def rubric(seed: int) -> Made:
    """One rubric of a whole department."""
    d = draw("rubric", seed)
    institute, year, truth = d.institute(), d.year(), Truth()
    truth.expect("indicators", "scores", "funds")
    truth.add("reports", institute=institute, fiscal_year=year)
    points = d.pick([(True, True), (True, True), (False, False), (True, False)])  # at the first and second level
    scored = d.chance(0.75)
    columns = ["level1", *(["weight1"] if points[0] else []), "level2", *(["weight2"] if points[1] else []), "level3", "weight"]
    columns += [*d.pick([["criterion", "explanation"], ["explanation", "criterion"], ["criterion"]]), "score"]
    heads = {
        "level1": "一级指标",
        "level2": "二级指标",
        "level3": "三级指标",
        "weight1": "分值",
        "weight2": "分值",
        "weight": d.pick(["分值", "权重"]),
        "criterion": d.pick(words.CRITERION),
        "explanation": d.pick(["指标说明", "指标解释"]),
        "score": d.pick(words.MARKS),
    }
    if heads["weight"] != "分值":
        heads["weight1"] = heads["weight2"] = heads["weight"]
    rows = [[d.label(heads[name]) for name in columns]]
    names = d.sample(NAMES, len(NAMES))
    total = score_sum = 0.0
    for level1, seconds in LEVELS.items():
        spelled = d.pick(SPELLED.get(level1, [level1]))
        plan = [(second, d.randint(1, 2)) for second in seconds]
        each = {second: [float(d.pick([2, 3, 4, 5])) for _ in range(count)] for second, count in plan}
        shared = {second: count == 2 and d.chance(0.25) for second, count in plan}
        weights = {second: sum(each[second][: 1 if shared[second] else None]) for second, _ in plan}
        if points[0]:
            truth.add("scores", scope=WHOLE, name=level1, weight=sum(weights.values()))
        new1 = True
        for second, count in plan:
            if points[1]:
                truth.add("scores", scope=WHOLE, name=second, weight=weights[second])
            for i in range(count):
                cells = dict.fromkeys(columns, "")
                cells["level1"], cells["weight1"] = (spelled, f"{sum(weights.values()):g}") if new1 else (ABOVE, ABOVE)
                cells["level2"], cells["weight2"] = (second, f"{weights[second]:g}") if i == 0 else (ABOVE, ABOVE)
                new1 = False
                weight = each[second][i]
                score = round(weight * d.pick([1, 1, 0.5]), 2) if scored else None
                first = not (shared[second] and i)
                cells["level3"] = name = names.pop()
                criterion = d.pick(words.CRITERIA)
                cells["weight"] = f"{weight:g}" if first else ABOVE
                cells["score"] = (f"{score:g}" if scored else "") if first else ABOVE
                cells["criterion"] = criterion if first else ABOVE
                cells["explanation"] = f"{name}等于实际数与计划数之比。"
                lines = [cells]
                if first and not shared[second] and d.chance(0.25):  # the criterion runs on in a second row
                    more = d.pick(["②另一半得2分。", "扣完为止。"])
                    lines.append({key: more if key == "criterion" else ABOVE for key in columns})
                    criterion += more
                rows += [[line[key] for key in columns] for line in lines]
                if first:
                    total += weight
                    score_sum += score or 0
                truth.add(
                    "indicators",
                    scope=WHOLE,
                    level1=level1,
                    level2=second,
                    level3=name,
                    weight=weight if first else None,
                    score=score if first else None,
                    criterion=criterion if first else None,
                )
    if d.chance(0.7):
        rows.append(_grand(d, truth, columns, total, score_sum if scored else None))
    blocks: list[str | Grid] = [f"{institute}{year}年度部门整体支出绩效自评报告", "部门整体支出绩效评价指标体系", Grid(rows)]
    return Made("rubric", seed, blocks, truth)


def _grand(d: Draw, truth: Truth, columns: list[str], total: float, score: float | None) -> list[str]:
    row = [""] * len(columns)
    row[0] = d.pick(words.GRAND)
    if "weight1" in columns and d.chance(0.5):
        row[columns.index("weight1")] = f"{total:g}"
    else:
        for i in range(1, columns.index("weight")):
            row[i] = LEFT
    row[columns.index("weight")] = f"{total:g}"
    if score is not None:
        row[columns.index("score")] = f"{score:g}"
    truth.add("scores", scope=WHOLE, name="总分", weight=total, score=score)
    return row
