"""Whole documents through reading and audit: those that agree raise no alarm, those with one contradiction are caught."""

import random

import pytest

import sound
from jixiao import frames
from jixiao.audit import audit

SEEDS = range(40)


def audited(*reports):
    """Findings and checks of documents, each of an institute of its own."""
    return audit(frames.to_frames([each.parsed for each in reports]))


def alone(make):
    """The documents of all seeds, named apart."""
    made = [make(seed) for seed in SEEDS]
    for seed, each in enumerate(made):
        each.institute = f"青山区第{seed}路灯管理所"
    return made


@pytest.mark.parametrize("make", [sound.projects, sound.whole])
def test_a_report_whose_figures_agree_raises_no_alarm(make):
    findings, checks = audited(*alone(make))
    assert list(findings.loc[findings["severity"] != "low", "message"]) == []
    assert set(findings["check"]) <= {"deduction_without_reason"}  # forms without a column for reasons
    # nothing found, not nothing looked at
    looked = checks[checks["status"].isin(["pass", "fail"])].groupby("report_id")["check"].nunique()
    assert (looked >= 15).all() and len(looked) == len(SEEDS)


def at(form, level2):
    return next(row for row in form.rows if row.level2 == level2)


def settle(report):
    """The total of the first form anew, after a score was changed."""
    own = report.forms[0]
    own.total = round(own.score + sum(row.score or 0 for row in own.rows), 2)


def change(level2, **values):
    """One indicator changed, the total with it: the change contradicts the row, nothing else."""

    def made(report):
        row = at(report.forms[0], level2)
        for name, value in values.items():
            setattr(row, name, value)
        settle(report)

    return made


def of_form(**values):
    def made(report):
        for name, value in values.items():
            setattr(report.forms[0], name, value)
        if "score" in values:
            settle(report)

    return made


def overspent(report):
    own = report.forms[0]
    own.executed, own.rate, own.score = round(own.revised * 1.04, 2), "104.00%", 10.0
    settle(report)


def twice_scored(report):
    first, second = (at(form, "质量指标") for form in report.forms[:2])
    for row, score in ((first, 9.0), (second, 9.8)):
        row.name, row.target, row.actual, row.score, row.reason = "设施完好率", "≥95%", "90%", score, "雨季停工，进度滞后"
    for form in report.forms:
        form.total = round(form.score + sum(row.score for row in form.rows), 2)


def more_than_added(report):
    report.prose.append("年初预算项目苗木补植1万元，年中追加99万元，实际支出100万元，结余结转0万元。")


def left_over(report):
    own = report.forms[0]
    report.prose = [line for line in report.prose if "结余结转" not in line and "总支出" not in line]
    report.prose.append("结余结转0万元。")
    own.executed, own.rate = round(own.revised * 0.9, 2), "90.00%"
    own.score = 9.0
    settle(report)
    report.prose = [line for line in report.prose if "自评得分" not in line]


def guests(report):
    row = next(row for row in report.base if "公务接待" in row[0])
    over = float(row[2]) + 1
    whole = report.base[1]
    whole[3] = f"{float(whole[3]) - float(row[3]) + over:.2f}"
    row[3] = f"{over:.2f}"


# what the contradiction is, in which kind of report, how it is made, and the check that should tell it
CONTRADICTIONS = [
    ("score above its weight", sound.projects, change("质量指标", score=11.0), "score_above_weight"),
    ("execution score above its weight", sound.projects, of_form(score=12.0), "score_above_weight"),
    ("target met", sound.projects, change("质量指标", target="≥95%", actual="96%", score=8.0, reason=""), "target_met_points_lost"),
    ("target missed, all points", sound.projects, change("质量指标", target="≥95%", actual="80%", score=10.0), "target_missed_full_points"),
    ("not done, all points", sound.projects, change("社会效益指标", actual="未开展", score=10.0), "target_missed_full_points"),
    ("no reason", sound.projects, change("社会效益指标", score=7.0, reason=""), "deduction_without_reason"),
    (
        "rule of proportion",
        sound.projects,
        change("质量指标", target="≥100%", actual="80%", score=9.5, reason="雨季停工，进度滞后", criterion="按完成比例计分"),
        "proportional_score",
    ),
    ("same result, other score", sound.projects, twice_scored, "same_result_scored_differently"),
    ("satisfaction at most", sound.projects, change("服务对象满意度指标", target="≤100%", actual="96%", score=10.0), "target_direction"),
    ("more than all", sound.projects, change("服务对象满意度指标", actual="105%", score=10.0), "share_above_all"),
    ("no outcome", sound.projects, change("时效指标", actual="", score=10.0), "target_without_outcome"),
    ("guidance", sound.projects, change("社会效益指标", actual="（请填写实际完成情况）"), "guidance_left"),
    ("no score", sound.projects, change("社会效益指标", score=None), "scores_missing"),
    ("spending above budget", sound.projects, overspent, "spending_above_budget"),
    ("wrong execution rate", sound.projects, of_form(rate="55.00%"), "execution_rate"),
    ("wrong total", sound.projects, of_form(total=60.5), "scores_to_total"),
    ("wrong rating", sound.whole, lambda report: report.prose.append("自评得分75分，评价等级为优。"), "rating_and_score"),
    ("receptions above budget", sound.whole, guests, "three_public_above_budget"),
    ("nothing left, money unspent", sound.whole, left_over, "carry_over_zero"),
    ("more added to a part than to all", sound.whole, more_than_added, "addition_above_total"),
]  # fmt: skip


@pytest.mark.parametrize(("make", "contradict", "check"), [case[1:] for case in CONTRADICTIONS], ids=[case[0] for case in CONTRADICTIONS])
def test_a_report_with_one_contradiction_is_caught(make, contradict, check):
    rng = random.Random(check)
    for seed in rng.sample(range(40, 400), 60):
        report = make(seed)
        if any(len(form.columns) < 8 for form in report.forms) or (contradict is twice_scored and len(report.forms) < 2):
            continue  # the contradiction shows in forms with all columns
        if check == "proportional_score" and "criterion" not in report.forms[0].columns:
            continue
        contradict(report)
        findings, _ = audited(report)
        found = findings[findings["check"] == check]
        assert len(found) == 1, f"seed {seed}"
        assert found["places"].str.contains("#").all()
        return
    raise AssertionError("no document to contradict")
