"""Self-evaluations whose figures agree, in several layouts, and ways to make one of them contradict itself.

`Form` and `Whole` are what a document states; `blocks` prints it. A contradiction changes one figure or word of a sound one.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

from drawn import ABOVE, LEFT, document, table
from jixiao.extract import extract
from jixiao.rows import Parsed, parsed

SECONDS = {
    "产出指标": ["数量指标", "数量指标", "质量指标", "质量指标", "时效指标", "成本指标"],
    "效益指标": ["社会效益指标", "可持续影响指标"],
    "满意度指标": ["服务对象满意度指标"],
}
LEVELS = [(first, second) for first, seconds in SECONDS.items() for second in seconds]
COUNTED = ["巡查道路", "更换灯具", "清理河段", "培训人员", "移交档案", "抽检样品", "补植苗木", "发放手册"]
RATED = ["设施完好率", "样品合格率", "整改完成率", "资料准确率", "服务覆盖率", "档案利用率"]
TIMELY = ["补助发放及时率", "投诉办结率", "任务按期完成率"]
WORDED = ["管护机制健全情况", "公共服务改善情况", "生态环境改善情况"]
PROJECTS = ["道路照明维护", "河道清淤", "苗木补植", "档案整理"]
REASONS = ["雨季停工，进度滞后", "招标流程较长", "部分设备到货较晚"]


@dataclass
class Row:
    """One indicator as it is printed."""

    level1: str
    level2: str
    name: str
    target: str
    actual: str
    weight: float
    score: float | None
    reason: str = ""
    criterion: str = ""


@dataclass
class Form:
    """One self-evaluation form: amounts in 万元, indicators, total."""

    project: str | None
    initial: float
    revised: float
    executed: float
    rows: list[Row]
    columns: list[str]
    weight: float = 10.0
    rate: str = ""
    score: float | None = None
    total: float | None = None

    def __post_init__(self) -> None:
        share = self.executed / self.revised
        self.rate = self.rate or f"{share * 100:.2f}%"
        self.score = round(self.weight * share, 2) if self.score is None else self.score
        if self.total is None:
            self.total = round(self.score + sum(row.score for row in self.rows), 2)


@dataclass
class Sound:
    """A report: prose, a base-data table, forms."""

    institute: str
    year: int
    forms: list[Form]
    prose: list[str] = field(default_factory=list)
    base: list[list[str]] = field(default_factory=list)

    @property
    def parsed(self) -> Parsed:
        """What is read of it as a document."""
        number = iter(range(1, 100))
        kind = "部门整体支出绩效自评报告" if self.prose or self.base else "项目支出绩效自评表"
        blocks: list = [f"{self.institute}{self.year}年度{kind}", *self.prose]
        if self.base:
            blocks.append(table(self.base, next(number)))
        for form in self.forms:
            title = "项目支出绩效自评表" if form.project else "部门整体支出绩效自评表"
            blocks += [title, f"（{self.year}年度）", table(_grid(form, self.institute), next(number))]
        found = extract(document(*blocks, name=f"{self.institute}-{self.year}.docx"))
        made = parsed(f"{self.institute}-{self.year}.docx", found.report, found.facts, found.issues, found.institute, found.fiscal_year)
        made.report_id = f"{self.institute}-{self.year}"
        return made


def _grid(form: Form, institute: str) -> list[list[str]]:
    heads = {"level1": "一级指标", "level2": "二级指标", "name": "三级指标", "target": "年度指标值", "actual": "实际完成值",
             "criterion": "评分标准", "weight": "分值", "score": "得分", "reason": "偏差原因分析及改进措施"}  # fmt: skip
    width = len(form.columns) + 1
    rows = [["项目名称", form.project, *[LEFT] * (width - 2)]] if form.project else []
    rows.append(["项目实施单位" if form.project else "部门名称", institute, *[LEFT] * (width - 2)])
    amounts = [f"{form.initial:.2f}", f"{form.revised:.2f}", f"{form.executed:.2f}", f"{form.weight:g}", form.rate, f"{form.score:g}"]
    labels = ["年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"]
    rows.append(_wide(["项目资金（万元）", "", *labels], width))
    rows.append(_wide([ABOVE, "年度资金总额", *amounts], width))
    rows.append(_wide([ABOVE, "其中：当年财政拨款", *amounts[:3], "—", "—", "—"], width))
    rows.append(["绩效指标", *(heads[name] for name in form.columns)])
    above = None
    for row in form.rows:
        told = {name: getattr(row, name) for name in heads} | {"weight": f"{row.weight:g}"}
        told["score"] = "" if row.score is None else f"{row.score:g}"
        cells = [told[name] for name in form.columns]
        if above is not None and above.level1 == row.level1:
            cells[0] = ABOVE
        rows.append([ABOVE, *cells])
        above = row
    last = [""] * width
    last[: form.columns.index("weight") + 1] = ["总分", *[LEFT] * form.columns.index("weight")]
    last[form.columns.index("weight") + 1], last[form.columns.index("score") + 1] = "100", f"{form.total:g}"
    return [*rows, last]


def _wide(row: list[str], width: int) -> list[str]:
    """The row on `width` columns, its second cell merged over those that are left over."""
    return [*row[:2], *[LEFT] * (width - len(row)), *row[2:]]


LAYOUTS = [
    ["level1", "level2", "name", "target", "actual", "weight", "score", "reason"],
    ["level1", "level2", "name", "target", "weight", "actual", "score", "reason"],
    ["level1", "level2", "name", "target", "actual", "criterion", "weight", "score", "reason"],
    ["level1", "level2", "name", "weight", "target", "actual", "score"],
    ["level1", "name", "target", "actual", "criterion", "weight", "score", "reason"],
]


def _rows(d: random.Random, columns: list[str], limit: float) -> list[Row]:
    """Nine indicators of ten points; some are missed, and lose points for it."""
    rows = []
    counted, rated, timely, worded = (d.sample(names, len(names)) for names in (COUNTED, RATED, TIMELY, WORDED))
    for level1, level2 in LEVELS:
        score, reason = 10.0, ""
        if level2 == "数量指标":
            value = d.randint(30, 4000)
            actual = d.choice([value, value + d.randint(1, 9), round(value * 0.9)])
            score = 10.0 if actual >= value else round(10 * actual / value, 2)
            name, target, told = f"{counted.pop()}数量", f"≥{value}处", f"{actual}处"
        elif level2 == "成本指标":
            name, target, told = "项目成本（万元）", f"≤{limit:g}", f"{limit * d.choice([1, 0.98]):g}"
        elif level2 in ("质量指标", "时效指标", "服务对象满意度指标"):
            name = {"质量指标": rated, "时效指标": timely}.get(level2, ["群众满意度"]).pop()
            aim = d.choice([90, 95, 98, 92.5])
            got = d.choice([aim, 100, aim, aim - 5])
            score = 10.0 if got >= aim else round(10 * got / aim, 2)
            target, told = f"≥{aim:g}%", f"{got:g}%"
        else:
            name, target, told = (
                worded.pop(),
                d.choice(["持续改善", "逐步健全", "稳步提升"]),
                d.choice(["有所改善", "基本健全", "达成预期"]),
            )
        if score < 10:
            reason = d.choice(REASONS)
        rule = "按完成比例计分" if level2 == "数量指标" else "达到目标得满分，未达到酌情扣分"
        rows.append(Row(level1, level2, name, target, told, 10.0, score, reason, rule if "criterion" in columns else ""))
    return rows


def form(d: random.Random, project: str | None, revised: float | None = None) -> Form:
    """A form whose figures agree."""
    columns = d.choice(LAYOUTS)
    revised = revised or round(d.uniform(20, 400), 2)
    initial = d.choice([revised, round(revised * 0.9, 2)])
    executed = d.choice([revised, round(revised * d.uniform(0.7, 1), 2)])
    return Form(project, initial, revised, executed, _rows(d, columns, revised), columns)


def projects(seed: int) -> Sound:
    """One form, or several after another."""
    d = random.Random(f"projects/{seed}")
    return Sound("青山区路灯管理所", 2023, [form(d, name) for name in d.sample(PROJECTS, d.randint(1, 3))])


def whole(seed: int) -> Sound:
    """A department: sentences, its base data, and its form."""
    d = random.Random(f"whole/{seed}")
    basic, project = (round(d.uniform(100, 900), 2) for _ in "bp")
    spent = round(basic + project, 2)
    revised = round(spent + d.choice([0, d.uniform(1, 50)]), 2)
    added = round(d.uniform(5, 60), 2)
    own = form(d, None, revised)
    own = Form(None, round(revised - added, 2), revised, spent, own.rows, own.columns)
    year, posts = 2023, d.randint(20, 90)
    people = posts - d.randint(0, 5)
    prose = [
        "一、部门基本情况",
        f"核定编制{posts}人，在职人员{people}人。",
        f"{year}年年初预算{own.initial:.2f}万元，追加预算{added:.2f}万元，全年预算{revised:.2f}万元。",
        f"{year}年总支出{spent:.2f}万元，其中：基本支出{basic:.2f}万元，项目支出{project:.2f}万元。",
        *([f"结余结转{revised - spent:.2f}万元。"] if d.random() < 0.5 else []),
        f"自评得分{own.total:g}分，评价等级为{'优' if own.total >= 90 else '良'}。",
    ]
    running, guests = (round(d.uniform(1, 9), 2) for _ in "rg")
    lines = {
        "三公经费": (running + guests, 12.0 + running + guests),
        "1、公务用车购置和维护经费": (running, running + 8),
        "其中：公车购置": None,
        "公车运行维护": (running, running + 8),
        "2、出国经费": None,
        "3、公务接待": (guests, guests + 4),
        "项目支出：": (project, project),
        "1、业务经费": (project, project),
    }
    base = [["经费控制情况（万元）", f"{year - 1}年决算数", f"{year}年预算数", f"{year}年决算数"]]
    for label, pair in lines.items():
        base.append([label, *(["", "", ""] if pair is None else [f"{pair[0]:.2f}", f"{pair[1]:.2f}", f"{pair[0]:.2f}"])])
    return Sound("青山区路灯管理所", year, [own], prose, base)
