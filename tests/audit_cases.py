"""Facts for the checks of self-evaluations: of each check what makes it fire, what keeps it silent, what leaves it without its inputs."""

from __future__ import annotations

from jixiao.facts import Execution, Fund, Indicator, Report, Score, ThreePublic
from jixiao.rows import Parsed, parsed

WHOLE = "整体"
ONE, TWO = "道路照明维护", "河道清淤"  # projects
SENTENCE = "完成辖区内全部路段照明设施的巡查维护并按月通报处理结果"
PLACES = ["青溪", "白云", "临河", "沙湾", "石门", "红谷", "云台", "东岭", "南泉"]


def whole(facts):
    """The facts, with an indicator in each form that brings its weights to a hundred points."""
    rest, points = [], [fact for fact in facts if isinstance(fact, Indicator)]
    for scope in dict.fromkeys(fact.scope for fact in points):
        weight = 100 - sum(fact.weight or 0 for fact in points if fact.scope == scope)
        rest.append(Indicator(scope=scope, position=99, level3="其余各项", weight=weight, score=weight))
    return [*facts, *rest]


def report(*facts, institute="某中心", year=2022, kind=None, staff=(None, None)) -> Parsed:
    """One report of an institute and year, to be audited beside others."""
    facts, about = whole(facts), Report(source_file="r.pdf", kind=kind, staff_authorised=staff[0], staff_actual=staff[1])
    made = parsed("r.pdf", about, facts, [], institute, year)
    made.report_id = f"{institute}-{year}"
    return made


def money(item, amount, stage="executed", scope=WHOLE, year=2022, origin="table"):
    return Fund(scope=scope, item=item, item_printed=item, year=year, stage=stage, amount_wan=amount, origin=origin)


def public(item, amount, stage="executed", year=2022):
    return ThreePublic(item=item, year=year, stage=stage, amount_wan=amount, origin="table")


def rate(target, actual, score=10.0, op=">=", name="设施完好率", position=1, **more):
    """An indicator in percent worth ten points."""
    signs = {">=": "≥", "<=": "≤", "=": ""}
    held = {">=": actual >= target, "<=": actual <= target, "=": actual >= target}[op]
    return Indicator(
        **{"scope": WHOLE, "weight": 10.0} | more, position=position, level3=name, target=f"{signs[op]}{target:g}%", target_op=op,
        target_value=target, target_unit="%", actual=f"{actual:g}%", actual_value=actual, actual_unit="%", score=score, attained=held,
    )  # fmt: skip


def count(target, actual, score=10.0, name="巡查数量", position=1, **more):
    """An indicator in numbers worth ten points."""
    return Indicator(
        **{"scope": WHOLE, "weight": 10.0} | more, position=position, level3=name, target=f"≥{target:g}", target_op=">=",
        target_value=float(target), actual=f"{actual:g}", actual_value=float(actual), score=score, attained=actual >= target,
    )  # fmt: skip


def words(target, actual, score=10.0, name="巡查情况", position=1, scope=WHOLE, weight=10.0, **more):
    """An indicator in words worth ten points."""
    op = "text" if target else None
    return Indicator(
        scope=scope, position=position, level3=name, target=target, target_op=op, actual=actual, weight=weight, score=score, **more
    )  # fmt: skip


def total(score, weight=None, **more):
    return Score(scope=WHOLE, name="总分", score=score, weight=weight, score_printed=score, **more)


def executed(initial=None, revised=None, spent=100.0, **more):
    own = spent / (revised or initial) if revised or initial else None
    return Execution(
        **{"scope": WHOLE, "origin": "table"} | more, initial_budget_wan=initial, revised_budget_wan=revised, executed_wan=spent, rate=own
    )  # fmt: skip


def line(item, stages, **more):
    """The amounts of one line by stage."""
    return [money(item, amount, stage, **more) for stage, amount in stages.items()]


def budget(initial, spent, **more):
    return {"initial_budget": initial, "executed": spent} | more


def peers(*rates):
    """Reports of as many institutes with these execution rates."""
    forms = [(f"{place}所", executed(initial=100.0, spent=100 * each)) for place, each in zip(PLACES, rates, strict=False)]
    return [report(form, *SOUND, institute=name, kind="whole") for name, form in forms]


TOTAL, BASIC, PROJECT = "年度资金总额", "基本支出", "项目支出"
ZERO = money("结余结转", 0.0)
PAIR = [rate(95, 96, scope=ONE), rate(95, 96, scope=TWO)]
NEAR = [0.95, 0.96, 0.94, 0.97, 0.93, 0.955, 0.965, 0.945]
SOUND = [rate(95, 96), rate(95, 97, position=2)]
BLANK = Fund(scope=WHOLE, item=TOTAL, item_printed=TOTAL, stage="initial_budget", printed="", origin="table")

CASES = {
    "score_above_weight": ([rate(95, 96, score=11.0)], [rate(95, 96)], None),
    "target_met_points_lost": ([rate(95, 96, score=8.0)], [rate(95, 96)], [words("按期完成", "已完成")]),
    "target_missed_full_points": ([rate(95, 90)], [rate(95, 90, score=9.0, deviation_reason="雨季停工")], [words("按期完成", "已完成")]),
    "deduction_without_reason": ([rate(95, 90, score=9.0)], [rate(95, 90, score=9.0, deviation_reason="雨季停工")], None),
    "same_result_scored_differently": (
        [rate(95, 94, 9.0, deviation_reason="雨季停工", scope=ONE), rate(95, 94, 9.9, deviation_reason="设备老化", scope=TWO)],
        PAIR,
        None,
    ),
    "proportional_score": (
        [rate(100, 90, 9.5, criterion="按完成比例计分", deviation_reason="雨季停工")],
        [rate(100, 90, 9.0, criterion="按完成比例计分", deviation_reason="雨季停工")],
        [rate(100, 90, 9.5, criterion="按完成比例计分，低于60%不得分", deviation_reason="雨季停工")],
    ),
    "rating_and_score": ([total(84.0, rating="优")], [total(90.0, rating="优")], [total(None, rating="优")]),
    "target_direction": ([rate(100, 96, op="<=", name="群众满意度（%）")], [rate(95, 96, name="群众满意度（%）")], None),
    "share_above_all": ([rate(95, 120, name="群众满意度")], [rate(95, 120, name="任务完成率"), rate(95, 96, name="群众满意度")], None),
    "target_without_figure": ([words("逐年提高", "有所提高", name="设备配备率")], [rate(95, 96, name="设备配备率")], None),
    "outcome_repeats_target": ([words(SENTENCE, SENTENCE)], [words("按期完成", "按期完成")], None),
    "same_outcome_in_projects": (
        [words("及时", SENTENCE, scope=ONE), words("到位", SENTENCE, scope=TWO)],
        [words("及时", SENTENCE, scope=ONE), words("到位", SENTENCE + "情况", scope=TWO)],
        None,
    ),
    "same_count_in_projects": (
        [count(3000, 3491, scope=ONE), count(3000, 3491, scope=TWO)],
        [count(3000, 3491, scope=ONE), count(3000, 3492, scope=TWO)],
        None,
    ),
    "target_without_outcome": ([*SOUND, words("及时", None, position=3)], SOUND, None),
    "outcome_without_target": ([*SOUND, words(None, "已完成", position=3)], SOUND, None),
    "spending_above_budget": (
        line(TOTAL, {"revised_budget": 100.0, "executed": 103.0}),
        line("办公经费", budget(100.0, 103.0)) + line(TOTAL, {"adjustment": 3.0}, scope=ONE) + line(PROJECT, budget(9.0, 8.0)),
        None,
    ),
    "basic_for_project": (
        line(PROJECT, budget(60.0, 63.0)) + line(BASIC, budget(300.0, 290.0)),
        line(PROJECT, budget(60.0, 59.0)) + line(BASIC, budget(300.0, 290.0)),
        line(PROJECT, budget(60.0, 60.0)),
    ),
    "three_public_above_budget": (
        [public("reception", 2.0, "initial_budget"), public("reception", 2.6)],
        [public("reception", 2.0, "initial_budget"), public("reception", 2.0)],
        None,
    ),
    "carry_over_zero": (
        [ZERO, *line(TOTAL, {"revised_budget": 100.0, "executed": 90.0})],
        [ZERO, *line(TOTAL, {"revised_budget": 100.0, "executed": 100.0})],
        [ZERO],
    ),
    "addition_above_total": (
        line(TOTAL, {"adjustment": 40.0}) + line(TOTAL, {"adjustment": 56.0}, scope=ONE),
        line(TOTAL, {"adjustment": 40.0}) + line(TOTAL, {"adjustment": 56.0}, scope=ONE) + line(BASIC, {"adjustment": -16.0}),
        line(TOTAL, {"adjustment": 56.0}, scope=ONE),
    ),
    "projects_within_total": (
        [*PAIR, money(PROJECT, 90.0), money(TOTAL, 50.0, scope=ONE), money(TOTAL, 50.0, scope=TWO)],
        [*PAIR, money(PROJECT, 100.0), money(TOTAL, 50.0, scope=ONE), money(TOTAL, 50.0, scope=TWO)],
        None,
    ),
    "staff_within_posts": ([report(staff=(30, 34))], [report(staff=(34, 34))], [report(staff=(None, 34))]),
    "scores_missing": ([rate(95, 96), rate(95, 97, None, position=2)], SOUND, None),
    "weights_missing": ([rate(95, 96), rate(95, 97, position=2, weight=None)], SOUND, None),
    "budget_missing": ([executed()], [executed(initial=100.0)], None),
    "guidance_left": ([words("（填写年度指标值）", "已完成")], SOUND, None),
    "no_targets": ([report(kind="whole")], [report(*SOUND, kind="whole")], None),
    "text_of_another_report": (
        [report(words("及时", SENTENCE), institute=name) for name in ("甲所", "乙所")],
        [report(words("及时", SENTENCE + name), institute=name) for name in ("甲所", "乙所")],
        None,
    ),
    "score_never_moves": (
        [report(total(98.0), year=year) for year in (2021, 2022, 2023)],
        [report(total(96.0 + year - 2020), year=year) for year in (2021, 2022, 2023)],
        [report(total(98.0), year=year) for year in (2021, 2022)],
    ),
    "far_from_peers": (peers(*NEAR, 0.5), peers(*NEAR), peers(*NEAR[:7])),
    "last_year_figure": (
        [report(money(PROJECT, 90.0, year=2021), year=2021), report(money(PROJECT, 70.0, year=2021), year=2022)],
        [report(money(PROJECT, 90.0, year=2021), year=2021), report(money(PROJECT, 90.0, year=2021), year=2022)],
        None,
    ),
}  # fmt: skip
EVALUATIONS = {
    code: tuple(facts if facts is None or isinstance(facts[0], Parsed) else whole(facts) for facts in cases)
    for code, cases in CASES.items()
}
