"""What a reader could see either way is no contradiction, and one cause is one finding."""

from audit_cases import ONE, SENTENCE, TOTAL, TWO, budget, count, line, money, rate, report, total, words
from jixiao import frames
from jixiao.audit import audit
from jixiao.facts import Indicator


def found(*reports):
    findings, _ = audit(frames.to_frames(list(reports)))
    return [(row.check, row.severity) for row in findings.itertuples()]


def plain(name, target, actual, unit=None, held=None, **more):
    """An indicator whose target has no sign, worth ten points, all given."""
    return Indicator(
        **{"scope": "整体", "weight": 10.0, "score": 10.0} | more, position=1, level3=name, target=f"{target:g}{unit or ''}", target_op="=",
        target_value=float(target), target_unit=unit, actual=f"{actual:g}{unit or ''}", actual_value=float(actual), actual_unit=unit,
        attained=actual >= target if held is None else held,
    )  # fmt: skip


def test_what_can_be_meant_otherwise_raises_nothing():
    rows = [
        plain("平均办理时限", 10, 8, "天"),  # fewer days are better
        plain("投诉数量", 5, 2),
        plain("设备购置费", 100, 95, "万元", held=True, level2="成本指标"),
        plain("巡查数量", 100, 104),
        rate(2, 1, op="<=", name="不合格率"),
        rate(100, 100, op=">=", name="未成年人满意度"),
        words("有所提高", "明显提高", name="工作效率"),
        words("及时", "及时", name="补助发放及时"),
        words("发放问卷并邀请填写", "已邀请填写问卷", name="问卷调查情况"),
        rate(90, 135, name="任务完成率", score=10.0),
    ]
    assert found(report(*rows)) == []


def test_an_outcome_far_above_its_target_may_be_docked():
    assert found(report(count(100, 180, score=8.0))) == [("target_met_points_lost", "low")]


def test_a_rule_of_its_own_may_give_all_points_for_less():
    row = rate(100, 96, criterion="95%以上得满分")
    assert found(report(row)) == [("target_missed_full_points", "low")]


def test_a_total_too_high_because_of_one_score_is_not_told_again():
    rows = [rate(95, 96, score=14.0), total(104.0)]
    assert found(report(*rows)) == [("score_above_weight", "high")]


def test_points_lost_for_nothing_are_told_once():
    rows = [rate(95, 96, score=8.0, scope=ONE, criterion="按完成比例计分"), rate(95, 96, scope=TWO, criterion="按完成比例计分")]
    assert [check for check, _ in found(report(*rows))] == ["target_met_points_lost"]


def test_an_adjustment_of_just_the_excess_explains_it_and_a_revised_total_may():
    over = line("办公经费", budget(100.0, 103.0))
    assert found(report(*over)) == [("spending_above_budget", "medium")]
    assert found(report(*over, money(TOTAL, 3.0, "adjustment", scope=ONE))) == []
    assert found(report(*over, money(TOTAL, 900.0, "revised_budget"))) == [("spending_above_budget", "low")]


def test_an_overspent_total_is_told_once_and_not_of_its_sources():
    amounts = {TOTAL: (100.0, 105.0), "当年财政拨款": (90.0, 95.0), "其他资金": (10.0, 10.0)}
    lines = [fact for item, (of, spent) in amounts.items() for fact in line(item, {"revised_budget": of, "executed": spent})]
    assert found(report(*lines)) == [("spending_above_budget", "high")]


def test_accounts_books_have_their_own_reasons():
    assert found(report(*line(TOTAL, budget(100.0, 105.0)), kind="accounts")) == []


def test_a_blank_that_may_not_be_one_is_not_judged():
    made = report(rate(95, 96), rate(95, 97, None, position=2))
    made.rows["issues"] = [{"code": "unread_cell", "place": "r.pdf#page=1", "printed": None, "message": "…"}]
    findings, checks = audit(frames.to_frames([made]))
    assert findings.empty
    row = checks[checks["check"] == "scores_missing"].iloc[0]
    assert row["status"] == "not_checked" and "not read" in row["reason"]


def test_an_institute_may_say_the_same_again_and_its_twin_does():
    year, next_year = (report(words("及时", SENTENCE), year=each) for each in (2022, 2023))
    assert found(year, next_year) == [("text_of_another_report", "low")]
    again = report(words("及时", SENTENCE))
    again.report_id = "again"
    assert found(year, again) == []
