"""Whole documents of self-evaluation forms (项目支出绩效自评表, 部门整体支出绩效自评表): one, or several after another."""

from __future__ import annotations

from . import words
from .draw import Draw, draw
from .funds import fund_block
from .indicators import indicator_block
from .model import ABOVE, LEFT, WHOLE, Grid, Made, Truth, fit


def project_form(seed: int) -> Made:
    """One form of 财预〔2020〕10号 as a province words it."""
    d = draw("project", seed)
    institute, year = d.institute(), d.year()
    truth = Truth()
    truth.expect("funds", "execution", "indicators", "scores", "three_public")
    blocks = _form(d, truth, institute, d.pick(words.PROJECTS) + d.pick(["项目", "经费", ""]), year)
    truth.add("reports", institute=institute, fiscal_year=year)
    return Made("project", seed, blocks, truth)


def several_forms(seed: int) -> Made:
    """Several projects in one file: a table each, or one table below the other."""
    d = draw("several", seed)
    institute, year = d.institute(), d.year()
    truth = Truth()
    truth.expect("funds", "execution", "indicators", "scores", "three_public")
    blocks: list[str | Grid] = []
    for name in d.sample(words.PROJECTS, d.randint(2, 4)):
        if blocks and d.chance(0.5):
            blocks.append(f"附件{len(blocks)}")
        blocks += _form(d, truth, institute, name, year)
    truth.add("reports", institute=institute, fiscal_year=year)
    return Made("several", seed, blocks, truth)


def whole_form(seed: int) -> Made:
    """The form of a whole department, with its fund block plain."""
    d = draw("whole", seed)
    institute, year = d.institute(), d.year()
    truth = Truth()
    truth.expect("funds", "execution", "indicators", "scores", "three_public")
    blocks = _form(d, truth, institute, None, year)
    truth.add("reports", institute=institute, fiscal_year=year)
    return Made("whole", seed, blocks, truth)


def year_line(d: Draw, year: int) -> str:
    digits = dict(zip("0123456789", "〇一二三四五六七八九", strict=True))
    return d.pick([f"（{year}年度）", f"{year}年度", f"({year} 年度)", f"（ {year}年 ）", "".join(digits[c] for c in str(year)) + "年度"])


def head_rows(d: Draw, institute: str, project: str | None) -> list[list[str]]:
    """Who is who, in four columns."""
    if project is None:
        return [[d.label(d.pick(["预算部门名称", "部门名称", "部门（单位）名称", "填报单位"])), institute, LEFT, LEFT]]
    supervisor = d.pick(words.SUPERVISORS)
    unit = d.label(d.pick(["实施单位", "项目实施单位", "项目单位"]))
    name = d.label("项目名称")
    return d.pick(
        [
            [[name, project, LEFT, LEFT], [d.label("主管部门"), supervisor, unit, institute]],
            [[name, project, unit, institute]],
            [[name, project, LEFT, LEFT], [unit, institute, LEFT, LEFT]],
            [["序号", "1", "", ""], [name, project, LEFT, LEFT], [d.label("主管部门"), supervisor, unit, institute]][1:],
        ]
    )


def _form(d: Draw, truth: Truth, institute: str, project: str | None, year: int) -> list[str | Grid]:
    scope = project or WHOLE
    unit = d.unit()
    caption = d.chance(0.2)
    title = d.pick(
        ["项目支出绩效自评表", "项目支出绩效自评表", "预算项目绩效自评表"]
        if project
        else ["部门整体支出绩效自评表", "部门（单位）整体支出绩效自评表"]
    )
    funds = fund_block(d, truth, scope, year, unit, whole=project is None, caption=caption)
    found = indicator_block(d, truth, scope)
    goals = _goals(d) if d.chance(0.8) else []
    head = head_rows(d, institute, project)
    width = max(len(funds[0]), len(found[0]), 4) + d.randint(0, 2)
    rows = [row for part in (head, funds, goals, found) if part for row in fit(part, _widths(d, len(part[0]), width))]
    blocks: list[str | Grid] = []
    lines = [title, year_line(d, year)] if d.chance(0.7) else [f"{year}年度{title}"]
    captions = [f"{d.pick(['单位', '金额单位'])}：{unit.name}"] if caption else []
    if d.chance(0.6):
        blocks += [*lines, *captions]
    else:  # title, year and unit are rows of the table
        rows = [[line, *[LEFT] * (width - 1)] for line in [*lines, *captions]] + rows
    if d.chance(0.3):
        rows.append([d.pick(words.NOTES), *[LEFT] * (width - 1)])
    blocks.append(Grid(rows, header=len(lines) if len(rows[0]) > 1 and rows[0][1] == LEFT else 1))
    return blocks


def _goals(d: Draw) -> list[list[str]]:
    side = d.pick(["年度总体目标", "年度总体\n目标", "年度绩效目标", "总体目标"])
    first = d.pick(["预期目标", "年初设定目标", "年初预期目标"])
    second = d.pick(["实际完成情况", "目标实际完成情况", "全年实际完成情况"])
    return [[side, first, second], [ABOVE, d.pick(words.GOALS), d.pick(words.GOALS)]]


def _widths(d: Draw, count: int, width: int) -> list[int]:
    """How many columns of the common grid each of `count` columns takes."""
    widths = [1] * count
    for _ in range(width - count):
        widths[d.randrange(1, count) if d.chance(0.8) else 0] += 1
    return widths
