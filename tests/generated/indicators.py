"""The indicator block of a self-evaluation form (绩效指标), as provinces vary it, and its truth."""

from __future__ import annotations

from dataclasses import dataclass

from . import words
from .draw import Draw
from .model import ABOVE, LEFT, Truth

SIGNS = {">=": ["≥", "≥", "≧", "不低于", "大于等于", "不少于", "至少", ">="], "<=": ["≤", "≤", "≦", "不超过", "小于等于", "不高于"],
         "=": ["＝", "=", "等于"], ">": ["＞", ">"], "<": ["＜", "<"]}  # fmt: skip


@dataclass
class Target:
    """What an indicator aims at, printed in one cell or split in sign, value and unit, and what came out."""

    op: str
    value: float | None
    unit: str | None
    sign: str
    text: str  # where there is no value
    actual: float | None
    done: str


def target(d: Draw, *, split: bool) -> Target:
    kind = d.random()
    if kind < 0.2:
        return Target("text", None, None, "", d.pick(words.TEXTS), None, d.pick([*words.DONE, "100%"]))
    op = d.pick([">=", ">=", ">=", "=", "<="])
    sign = d.pick(SIGNS[op])
    if op == "=" and not split and d.chance(0.6):
        sign = ""
    if kind < 0.6:
        value: float = d.pick([100, 95, 90, 98, 85, 92.5])
        return Target(op, value, "%", sign, "", d.pick([value, 100, 96.3, 88, value]), "")
    value = d.pick([d.randint(1, 60), d.randint(100, 5000)])
    return Target(op, value, d.pick(words.COUNTS), sign, "", d.pick([value, value + d.randint(0, 9), value]), "")


def indicator_block(d: Draw, truth: Truth, scope: str) -> list[list[str]]:
    """Rows of the block, its header in the first ones. The first column is the side label."""
    split = d.chance(0.3)
    two_levels = d.chance(0.2)
    no_points_column_of_levels = d.chance(0.3)
    columns = ["level1"] + ([] if two_levels else ["level2"]) + (["serial"] if d.chance(0.12) else []) + ["level3"]
    columns += ["sign", "target", "unit"] if split and d.chance(0.7) else ["sign", "unit", "target"] if split else ["target"]
    columns += d.pick([["actual", "weight", "score"], ["actual", "weight", "score"], ["weight", "actual", "score"]])
    if d.chance(0.25):
        columns.insert(columns.index("weight"), "criterion")
    if d.chance(0.7):
        columns.append("reason")
    labels = {
        "level1": words.LEVEL1, "level2": words.LEVEL2, "level3": words.LEVEL3, "target": words.TARGET, "actual": words.ACTUAL,
        "weight": words.POINTS, "score": words.MARKS, "criterion": words.CRITERION, "reason": words.REASON, "sign": words.SIGN,
        "unit": words.UNIT, "serial": ["序号"],
    }  # fmt: skip
    chosen = {name: "指标值" if split and name == "target" and d.chance(0.7) else d.pick(labels[name]) for name in columns}
    heads, body = _header(d, columns, chosen), []
    for level1, level2, count in _plan(d):
        spelled1 = d.pick(words.LEVELS[level1][0])
        points = None
        if no_points_column_of_levels and d.chance(0.5) and level1 not in _seen(truth, scope):
            points = d.pick([10, 20, 30, 40, 50])
            spelled1 += d.pick(["（{}分）", "({}分)", "({})"]).format(points)
        body.append((level1, level2, count, spelled1, points))
    rows = _rows(d, truth, scope, columns, body, split, two_levels)
    grand = d.chance(0.8)
    if grand:
        rows.append(_grand(d, truth, scope, columns))
    side = d.pick(["绩效指标", "绩\n效\n指\n标", "绩 效 指 标", "年度绩效指标"])
    numbered = [[side if r == 0 else ABOVE, *row] for r, row in enumerate([*heads, *rows])]
    if grand:  # the total stands across the side label as well
        numbered[-1] = [numbered[-1][1], LEFT, *numbered[-1][2:]]
    return numbered


def _seen(truth: Truth, scope: str) -> set[str]:
    return {row["name"] for row in truth.rows.get("scores", []) if row["scope"] == scope}


def _header(d: Draw, columns: list[str], chosen: dict[str, str]) -> list[list[str]]:
    if d.chance(0.2):  # in two rows: 年度 / 指标值, 实际 / 完成值
        upper, lower = [], []
        for name in columns:
            text = chosen[name]
            for first in ("年度", "实际", "年初"):
                if text.startswith(first) and name in ("target", "actual") and len(text) > len(first) + 1:
                    upper.append(first)
                    lower.append(text.removeprefix(first))
                    break
            else:
                upper.append(d.label(text))
                lower.append(ABOVE)
        return [upper, lower] if any(cell != ABOVE for cell in lower) else [upper]
    return [[d.label(chosen[name]) for name in columns]]


def _plan(d: Draw) -> list[tuple[str, str, int]]:
    firsts = ["产出指标", "效益指标", "满意度指标"]
    if d.chance(0.3):
        firsts.insert(d.randint(0, 1), "成本指标")
    plan = []
    for first in firsts:
        seconds = [s for s in words.LEVELS[first][1] if not (s == "成本指标" and "成本指标" in firsts)]
        for second in seconds:
            if first == "满意度指标" or d.chance(0.8) or second == seconds[0]:
                plan.append((first, second, d.randint(1, 3)))
    return plan


def _rows(d: Draw, truth: Truth, scope: str, columns: list[str], plan: list, split: bool, two_levels: bool) -> list[list[str]]:
    rows: list[list[str]] = []
    printed1: dict[str, str] = {}
    merged = d.chance(0.85)  # else levels are printed in their first row only, cells below stay blank
    names = d.sample([f"{n}{end}" for n in words.NAMES for end in ("率", "数量", "情况", "")], 60)
    last1, number = None, 0
    subtotals = merged and d.chance(0.15)
    for at, (level1, level2, count, spelled1, points) in enumerate(plan):
        placeholder = d.chance(0.1) and level1 == "效益指标"
        spelled2 = d.pick(words.LEVELS[level1][1][level2])
        for i in range(1 if placeholder else count):
            number += 1
            new1 = level1 != last1
            cells = dict.fromkeys(columns, "")
            cells["level1"] = (printed1.setdefault(level1, spelled1)) if new1 else (ABOVE if merged else "")
            if new1 and points is not None:
                truth.add("scores", scope=scope, name=level1, weight=points)
            cells["level2"] = spelled2 if i == 0 else (ABOVE if merged else "")
            cells["serial"] = str(number)
            last1 = level1
            if placeholder:
                for name in columns:
                    if name not in ("level1", "level2"):
                        cells[name] = "/" if name != "serial" else str(number)
                rows.append([cells[name] for name in columns])
                continue
            _fill(d, truth, scope, columns, cells, names.pop(), level1, None if two_levels else level2, split)
            rows.append([cells[name] for name in columns])
        if subtotals and not any(each[0] == level1 for each in plan[at + 1 :]):
            rows.append(_subtotal(d, truth, scope, columns, level1))
    return rows


def _subtotal(d: Draw, truth: Truth, scope: str, columns: list[str], level1: str) -> list[str]:
    """小计 below the indicators of a first level."""
    weight, score = d.randint(10, 50), round(d.uniform(5, 10), 1)
    row = [ABOVE, "小计", *[LEFT] * (columns.index("weight") - 2), *[""] * (len(columns) - columns.index("weight"))]
    row[columns.index("weight")], row[columns.index("score")] = f"{weight}", f"{score:g}"
    truth.add("scores", scope=scope, name=level1, weight=weight, score=score)
    return row


def _fill(
    d: Draw, truth: Truth, scope: str, columns: list[str], cells: dict, name: str, level1: str, level2: str | None, split: bool
) -> None:
    aim = target(d, split=split)
    target_unit = actual_unit = None
    if aim.value is None:
        printed_target, printed_actual = aim.text, aim.done
        cells["sign"] = d.pick(["定性", ""])
        actual_value, actual_unit = (100.0, "%") if aim.done == "100%" else (None, None)
    elif split:
        printed_target, cells["sign"], cells["unit"] = f"{aim.value:g}", aim.sign, aim.unit
        printed_actual = f"{aim.actual:g}" + (aim.unit if d.chance(0.3) else "")
        target_unit = actual_unit = aim.unit
        actual_value = aim.actual
    else:
        in_name = aim.unit != "%" and d.chance(0.3)
        if in_name:
            name += d.pick(["（{}）", "({})"]).format(aim.unit)
        shown = "" if in_name else aim.unit
        printed_target = f"{aim.sign}{aim.value:g}{shown}"
        printed_actual = f"{aim.actual:g}{shown}"
        target_unit = actual_unit = aim.unit
        actual_value = aim.actual
    if d.chance(0.1) and len(name) > 3:
        cells["level3"] = f"{name[:2]}\n{name[2:]}"
    else:
        cells["level3"] = name
    cells["target"], cells["actual"] = printed_target, printed_actual
    weight = d.pick([5, 10, 2.5, 8, 3])
    score = weight if d.chance(0.7) else round(weight * d.uniform(0.3, 0.99), d.pick([1, 2]))
    cells["weight"], cells["score"] = f"{weight:g}", f"{score:g}" + ("分" if d.chance(0.04) else "")
    criterion = None
    if "criterion" in columns:
        cells["criterion"] = criterion = d.pick(words.CRITERIA)
    cells["reason"] = d.pick(["", "", "/", "无", d.pick(words.REASONS)])
    truth.add(
        "indicators", scope=scope, level1=level1, level2=level2, level3=name, target=printed_target, actual=printed_actual,
        target_op=aim.op, target_value=aim.value, target_unit=target_unit, actual_value=actual_value, actual_unit=actual_unit,
        weight=weight, score=score, criterion=criterion,
    )  # fmt: skip


def _grand(d: Draw, truth: Truth, scope: str, columns: list[str]) -> list[str]:
    """The row of the total: its name merged up to the points, then the points and the score."""
    score = round(d.uniform(70, 100), d.pick([0, 1, 2]))
    row = [LEFT] * len(columns)
    row[0] = d.pick(words.GRAND)
    weight = 100
    for name, text in (("weight", f"{weight}"), ("score", f"{score:g}")):
        row[columns.index(name)] = text
    start = columns.index("weight") + 1
    for i in range(start, len(columns)):
        if columns[i] not in ("weight", "score"):
            row[i] = ""
    truth.add("scores", scope=scope, name="总分", weight=weight, score=score)
    return row
