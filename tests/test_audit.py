"""Each check fires, keeps silent, and says when it could not look."""

import ast

import pytest
from pandas import isna

import test_statements
from audit_cases import EVALUATIONS
from jixiao import frames
from jixiao.audit import CHECKS, audit
from jixiao.document import Place
from jixiao.facts import Activity, Execution, Fund, Indicator, Report, Score, ThreePublic
from jixiao.rows import Parsed, parsed
from test_audit_books import NOT_CHECKED, PLANTED

WHOLE = "整体"


def money(item, amount, scope=WHOLE, stage="executed", origin="table"):
    return Fund(scope=scope, item=item, item_printed=item, year=2022, stage=stage, amount_wan=amount, origin=origin)


def public(item, amount):
    return ThreePublic(item=item, year=2022, stage="executed", amount_wan=amount, origin="table")


def points(weight, score, position=1, level1=None):
    return Indicator(scope=WHOLE, position=position, level1=level1, level3="甲", weight=weight, score=score)


def total(score, weight=None, name="总分"):
    return Score(scope=WHOLE, name=name, weight=weight, score=score, score_printed=score)


def executed(rate=None, score=None, weight=10.0, budget=200.0, spent=100.0):
    own = spent / budget if budget else None
    computed = weight * min(own, 1) if own is not None and weight is not None else None
    return Execution(
        scope=WHOLE,
        revised_budget_wan=budget,
        executed_wan=spent,
        rate_printed=rate,
        rate=own,
        weight=weight,
        score_printed=score,
        score=computed,
        origin="table",
    )


def control(printed):
    return Activity(what="财政供养人员控制率", value=printed, unit="%", printed=f"{printed}%")


STAFF = {"staff_authorised": 37, "staff_actual": 34}
CLASSES = [money("工资福利支出", 60), money("商品和服务支出", 30)]
SECTIONS = [total(13, name="投入"), total(55, name="过程")]
PROSE = [money("年度资金总额", a, stage=s, origin="text") for s, a in (("initial_budget", 100), ("adjustment", 10))]
# check: facts that make it fire, that keep it silent, and that leave it without its inputs
CASES = {
    "weights_to_total": ([points(80, 80), executed()], [points(90, 80), executed()], [points(90, 80), points(None, 1, 2)]),
    "scores_to_total": ([points(100, 80), total(85)], [points(90, 80), executed(score=5), total(85)], [points(90, None), total(85)]),
    "sections_to_total": ([*SECTIONS, total(70)], [*SECTIONS, total(68)], SECTIONS),
    "section_weights": (
        [points(100, 8, level1="投入"), total(None, 90, "投入")],
        [points(90, 8, level1="投入"), total(None, 90, "投入")],
        None,
    ),
    "execution_rate": ([executed(rate=0.6)], [executed(rate=0.5)], [executed(rate=0.6, budget=None)]),
    "execution_score": ([executed(score=6)], [executed(score=5)], [executed(score=5, weight=None)]),
    "fund_sources": (
        [money("年度资金总额", 9), money("其他资金", 5), money("当年财政拨款", 5)],
        [money("年度资金总额", 10), money("其他资金", 5), money("当年财政拨款", 5)],
        [money("其他资金", 5)],
    ),
    "basic_and_project": (
        [money("年度资金总额", 9), money("基本支出", 5), money("项目支出", 5)],
        [money("年度资金总额", 10), money("基本支出", 5), money("项目支出", 5)],
        [money("基本支出", 5), money("项目支出", 5)],
    ),
    "economic_classes": ([*CLASSES, money("年度资金总额", 95)], [*CLASSES, money("年度资金总额", 90)], CLASSES),
    "named_projects": (
        [money("项目支出", 9), money("甲", 5, "整体/项目支出")],
        [money("项目支出", 5), money("甲", 5, "整体/项目支出")],
        [money("甲", 5, "整体/项目支出")],
    ),
    "three_public_parts": (
        [public("total", 9), public("vehicle", 5), public("reception", 5)],
        [public("total", 10), public("vehicle", 5), public("reception", 5), public("vehicle_running", 5)],
        [public("reception", 5)],
    ),
    "budget_and_adjustment": (
        [*PROSE, money("年度资金总额", 120, stage="revised_budget", origin="text")],
        [*PROSE, money("年度资金总额", 110, stage="revised_budget", origin="text")],
        PROSE,
    ),
    "same_figure": (
        [money("项目支出", 5), money("项目支出", 6, origin="text")],
        [money("项目支出", 5), money("项目支出", 5, origin="text")],
        None,
    ),
    "staff_control_rate": ([control(92.5)], [control(91.89)], None),
    **EVALUATIONS,
}


def run(facts, staff=STAFF):
    """Findings and checks of one report's facts, or of several reports."""
    if not facts or not isinstance(facts[0], Parsed):
        facts = [parsed("r.pdf", Report(source_file="r.pdf", **staff), facts, [], "某中心", 2022)]
    return audit(frames.to_frames(facts))


def status(checks, code):
    """The row of a check; of several reports the one that it had most to say of."""
    order = ["not_applicable", "not_checked", "pass", "fail"]
    return max(checks[checks["check"] == code].to_dict("records"), key=lambda row: order.index(row["status"]))


def test_every_check_has_its_cases():
    books = {code for code, _ in PLANTED.values()}
    assert {*CASES, *test_statements.CASES, *books} == set(CHECKS) and books == set(NOT_CHECKED)


@pytest.mark.parametrize("code", CASES)
def test_a_check_fires(code):
    findings, checks = run(CASES[code][0])
    assert list(findings["check"]) == [code]
    assert status(checks, code)["status"] == "fail" and status(checks, code)["compared"] > 0


@pytest.mark.parametrize("code", CASES)
def test_a_check_keeps_silent_on_a_consistent_report(code):
    findings, checks = run(CASES[code][1])
    assert list(findings[findings["check"] == code]["message"]) == []
    assert status(checks, code)["status"] == "pass" and status(checks, code)["compared"] > 0


@pytest.mark.parametrize("code", [code for code, cases in CASES.items() if cases[2] is not None])
def test_a_check_without_its_inputs_is_no_pass(code):
    findings, checks = run(CASES[code][2])
    found = status(checks, code)
    assert found["status"] == "not_checked" and found["compared"] == 0 and found["reason"]
    assert code not in set(findings["check"])


def test_a_rate_cannot_be_checked_without_staff():
    _, checks = run([control(91.89)], staff={})
    assert status(checks, "staff_control_rate")["status"] == "not_checked"


def test_a_report_without_figures_is_not_applicable_everywhere():
    findings, checks = run([], staff={})
    assert findings.empty and set(checks["status"]) == {"not_applicable"} and set(checks["check"]) == set(CHECKS)


def test_a_truncated_rate_is_a_small_matter_and_a_wrong_one_is_not():
    findings, _ = run([executed(rate=0.4999)])
    assert list(findings["severity"]) == ["low"]
    findings, _ = run([executed(rate=0.45)])
    assert list(findings["severity"]) == ["medium"]


def test_points_shared_by_a_group_count_once():
    shared = points(None, None, 2)
    shared.shares_points_with = 1
    findings, checks = run([points(100, 90), shared, total(90)])
    assert findings.empty and status(checks, "scores_to_total")["status"] == "pass"


def test_an_amount_printed_twice_counts_once():
    facts = [money("年度资金总额", 10), money("其他资金", 10), money("其他资金", 10)]
    assert run(facts)[0].empty


def test_the_four_reports(built):
    from jixiao import corpus

    findings = corpus.load(built)["findings"]
    found = [
        (r.report_id, r.scope, r.check, r.severity, None if isna(r.expected) else r.expected, None if isna(r.found) else round(r.found, 4))
        for r in findings.itertuples()
    ]
    assert found == [
        ("changji-2020", "设备购置及维护", "budget_missing", "low", None, None),
        ("changji-2020", "成本性支出", "deduction_without_reason", "low", 5.0, 3.8),
        ("changji-2020", "成本性支出", "deduction_without_reason", "low", 10.0, 9.5),
        ("changji-2020", "成本性支出", "same_count_in_projects", "low", 34941.0, None),
        ("changji-2020", "成本性支出", "same_result_scored_differently", "low", 1.0, 0.95),
        ("changji-2020", "成本性支出", "scores_to_total", "high", 98.8, 98.3),
        ("changji-2020", "设备购置及维护", "scores_to_total", "high", 98.2, 92.8),
        ("changji-2020", "劳务费支出", "target_direction", "medium", None, None),
        ("changji-2020", "设备购置及维护", "target_met_points_lost", "medium", 10.0, 9.0),
        ("changji-2020", "设备购置及维护", "target_met_points_lost", "low", 10.0, 4.8),
        ("changji-2020", "成本性支出", "target_without_figure", "low", None, None),
        ("changji-2020", "琴键开关式低热电势扫描开关", "target_without_figure", "low", None, None),
        ("changji-2020", "设备购置及维护", "target_without_figure", "low", None, None),
        ("changji-2020", "设备购置及维护", "target_without_figure", "low", None, None),
        ("hengyang-2024", "整体", "budget_missing", "low", None, None),
        ("hengyang-2024", "整体", "no_targets", "low", None, None),
        ("quwo-2021", "整体", "basic_for_project", "medium", 65.95, 67.93),
        ("quwo-2021", "整体", "no_targets", "low", None, None),
        ("quwo-2021", "整体", "scores_missing", "medium", 21.0, 0.0),
        ("zhuzhou-2024", "计量检定项目", "addition_above_total", "medium", 48.78, 56.79),
        ("zhuzhou-2024", "整体", "basic_and_project", "low", 1066.26, 1066.27),
        ("zhuzhou-2024", "整体", "execution_rate", "low", 0.9606, 0.9607),
        ("zhuzhou-2024", "整体", "fund_sources", "medium", 1109.91, 1199.91),
        ("zhuzhou-2024", "整体", "outcome_repeats_target", "low", None, None),
        ("zhuzhou-2024", "整体", "same_figure", "low", 293.79, 293.78),
        ("zhuzhou-2024", "整体", "same_figure", "medium", 1109.91, 1066.26),
        ("zhuzhou-2024", "整体", "same_figure", "medium", 77.48, 293.78),
        ("zhuzhou-2024", "整体", "same_figure", "low", 1066.26, 1066.27),
        ("zhuzhou-2024", "整体/公用经费", "spending_above_budget", "low", 85.17, 106.13),
        ("zhuzhou-2024", "整体/公用经费", "spending_above_budget", "low", 27.0, 61.23),
        ("zhuzhou-2024", "整体", "target_missed_full_points", "medium", 5.0, 5.0),
    ]


def test_what_rounding_of_parts_explains_is_one_note_and_no_failure():
    amounts = [money("年度资金总额", 10.01), money("基本支出", 5), money("项目支出", 5)]
    findings, checks = run(amounts)
    assert list(findings["severity"]) == ["low"] and "rounding" in findings["message"][0]
    assert status(checks, "basic_and_project")["status"] == "pass"
    findings, checks = run([*amounts[1:], money("年度资金总额", 10.02)])
    assert status(checks, "basic_and_project")["status"] == "fail"


def test_every_check_has_its_sentence_in_both_languages():
    from jixiao.audit import messages

    assert set(messages.texts()["check"]) == set(CHECKS)
    sections = [messages.texts()[name] for name in ("check", "rounding", "words")]
    assert all(set(text) == {"zh", "en"} for section in sections for text in section.values())
    assert all(messages.texts()["reason"].values()), "reasons are English in the table; these are their Chinese"


def test_every_reason_why_something_was_not_checked_has_its_chinese(root):
    from jixiao.audit import messages

    where = {"reason_where": 1, "_missing": 1, "comparisons": 1}  # which argument is a reason; of comparisons a keyword
    said = set()
    for path in (root / "lib" / "jixiao" / "audit").rglob("*.py"):
        for call in (node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            given = [*call.args[where.get(name, 99) :], *(each.value for each in call.keywords if each.arg == "reason")]
            texts = [part for value in given for part in ast.walk(value) if isinstance(part, ast.Constant | ast.JoinedStr)]
            for text in texts if name in where else ():
                parts = text.values if isinstance(text, ast.JoinedStr) else [text]
                said.add("".join(str(part.value) if isinstance(part, ast.Constant) else "#" for part in parts))
    reasons = {text for text in said if " " in text and not text.startswith(("fewer than ", " "))}  # that with a number is there
    assert len(reasons) > 15 and reasons - set(messages.texts()["reason"]) == set()
    assert messages.reason("no figure stands in two tables; the whole is not printed", "zh") == "没有在两张表中列出的数字；没有印出合计"


def test_a_finding_names_the_places_of_the_whole_and_of_its_parts():
    def at(row, fact):
        fact.place = Place("r.pdf", page=1, table=1, row=row, col=2)
        return fact

    rows = [at(1, money("年度资金总额", 9)), at(2, money("基本支出", 5)), at(3, money("项目支出", 5))]
    findings, _ = run(rows)
    assert findings["places"][0].split() == [f"r.pdf#page=1&table=1&row={row}&col=2" for row in (1, 2, 3)]
