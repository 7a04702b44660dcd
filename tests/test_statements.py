"""What prose says of figures besides the figures, and what the audit makes of it: each check fires, keeps silent, or says why not."""

import pytest

from jixiao import audit, frames
from jixiao.parsing import parse_bytes

TITLE = "某市计量所2024年度部门决算"


def tables(*lines):
    source = parse_bytes("\n".join([TITLE, *lines]).encode(), "r.txt")
    source.report_id = "r"
    return frames.to_frames([source])


def said(kind, *lines):
    found = tables(*lines)["statements"]
    return found[found["kind"] == kind].to_dict("records")


def checked(*lines):
    found, statuses = audit.audit(tables(*lines))
    return found, statuses.set_index("check")["status"]


TOTAL = "某市计量所2024年度收入支出总计100.00万元。与2023年度相比，收入支出总计"
LIST = "本年支出合计100.00万元，其中：基本支出60.00万元，占60.00%；项目支出"
BUDGET = "“三公”经费支出年初预算为{}万元，支出决算为{}万元，完成预算的{}%。"
LISTED = "共有车辆8辆，其中：部级领导干部用车0辆、机要通信用车1辆、应急保障用车1辆、执法执勤用车1辆、其他用车{}辆。"
PUBLIC = (
    "2024年“三公”经费决算5.00万元，比2023年决算{}1.00万元。其中：公务接待费1.00万元，比2023年决算持平；"
    "因公出国（境）费0.00万元，比2023年决算持平；公务用车购置及运行维护费4.00万元，比2023年决算增加1.00万元。"
)
WORDS = "“三公”经费支出年初预算为2.00万元，支出决算为1.00万元，支出决算数{}预算数。"
EMPTY = "政府性基金预算财政拨款支出决算表\n\t科目编码\t科目名称\t合计\t基本支出\t项目支出\n\t合计\t\t{0}\t{0}\t\n"

# check: text that makes it fire, that keeps it silent, and that leaves it without what it needs
CASES = {
    "change_rate": (
        [TOTAL + "增加20.00万元，增长20.00%。"],
        [TOTAL + "增加20.00万元，增长25.00%。"],
        ["公务接待费支出比2023年度减少0.15万元，下降27.78%。"],
    ),
    "change_amount": (
        ["2023年公务接待费支出5.00万元。", "公务接待费支出6.00万元，比2023年增加2.00万元。"],
        ["2023年公务接待费支出5.00万元。", "公务接待费支出6.00万元，比2023年增加1.00万元。"],
        ["公务接待费支出6.00万元，比2023年增加1.00万元。"],
    ),
    "change_direction": (
        ["公务接待费支出0.00万元，比2023年增加2.00万元。"],
        ["公务接待费支出3.00万元，比2023年增加2.00万元。"],
        ["公务接待费支出比2023年度减少0.15万元。"],
    ),
    "changes_add_up": ([PUBLIC.format("减少")], [PUBLIC.format("增加")], [PUBLIC.format("增加").split("；因公")[0]]),
    "base_year": ([TOTAL.replace("2023", "2022") + "增加20.00万元。"], [TOTAL + "增加20.00万元。"], None),
    "share_rate": ([LIST + "40.00万元，占45.00%。"], [LIST + "40.00万元，占40.00%。"], ["公务接待费支出0.39万元，占100.00%。"]),
    "shares_to_whole": ([LIST + "41.00万元，占40.00%。"], [LIST + "40.00万元，占40.00%。"], None),
    "completion_rate": (
        [BUDGET.format("2.00", "1.00", "60.00")],
        [BUDGET.format("2.00", "1.00", "50.00")],
        ["公务接待费支出决算为0.39万元，完成预算的13.68%。"],
    ),
    "zero_base": ([BUDGET.format("0.00", "0.00", "0.00")], [BUDGET.format("2.00", "1.00", "50.00")], None),
    "compared_in_words": ([WORDS.format("大于")], [WORDS.format("小于")], ["公务接待费支出决算为0.39万元，决算数小于预算数。"]),
    "reason_direction": (
        ["公务接待费支出3.00万元，比2023年增加2.00万元。公务接待费支出减少的主要原因是接待批次变化。"],
        ["公务接待费支出3.00万元，比2023年增加2.00万元。公务接待费支出增加的主要原因是接待批次变化。"],
        ["公务接待费支出3.00万元。公务接待费支出减少的主要原因是接待批次变化。"],
    ),
    "listed_parts": ([LISTED.format(4)], [LISTED.format(5)], None),
    "empty_table": (
        [EMPTY.format("5.00"), "注：本单位无政府性基金预算财政拨款支出，故本表为空表。"],
        [EMPTY.format(""), "注：本单位无政府性基金预算财政拨款支出，故本表为空表。"],
        None,
    ),
    "named_institute": (["某县计量所2024年度部门决算表"], ["某市计量所2024年度部门决算表"], None),
    "named_year": (["某市计量所2023年度部门决算表"], ["某市计量所2024年度部门决算表"], None),
    "template_words": (
        ["公务接待费支出3.00万元，比2023年增加（减少）2.00万元。"],
        ["公务接待费支出3.00万元，比2023年增加2.00万元。"],
        None,
    ),
}


@pytest.mark.parametrize("check", CASES)
def test_a_check_fires(check):
    found, status = checked(*CASES[check][0])
    assert list(found["check"]).count(check) == 1 and status[check] == "fail", found["message"].tolist()
    assert found[found["check"] == check]["places"].str.startswith("r.txt#").all()


@pytest.mark.parametrize("check", CASES)
def test_a_check_keeps_silent(check):
    found, status = checked(*CASES[check][1])
    assert found["message"].tolist() == [] and status[check] == "pass"


@pytest.mark.parametrize("check", [check for check, cases in CASES.items() if cases[2]])
def test_a_check_without_its_inputs_is_no_pass(check):
    found, status = checked(*CASES[check][2])
    assert status[check] == "not_checked" and check not in set(found["check"])


def test_every_check_of_statements_has_its_cases():
    here = {code for code, each in audit.CHECKS.items() if each.compare.__module__.startswith("jixiao.audit.prose")}
    assert here == set(CASES)


@pytest.mark.parametrize("check", [code for code, each in audit.CHECKS.items() if each.kinds])
def test_without_its_kinds_of_statements_a_check_has_nothing_to_compare(check):
    found = tables(*CASES[check][0])
    others = ~found["statements"]["kind"].isin(audit.CHECKS[check].kinds)
    assert not others.all() and audit.CHECKS[check].compare({**found, "statements": found["statements"][others]}).empty


def test_a_change_keeps_its_figure_its_base_and_its_rate():
    (change,) = said("change", TOTAL + "增加20.00万元，增长25.00%。")
    wanted = {
        "item": "收入支出总计",
        "year": 2024,
        "amount_wan": 100.0,
        "way": "up",
        "change_wan": 20.0,
        "rate": 0.25,
        "against_year": 2023,
    }
    assert {name: change[name] for name in wanted} == wanted
    assert change["place"].startswith("r.txt#paragraph=2&chars=")


def test_a_change_is_of_what_its_clause_names_and_not_of_the_last_figure():
    text = "“三公”经费支出决算为0.39万元，比2023年度减少0.15万元，其中：公务接待费支出决算减少0.15万元，下降27.78%。"
    assert [change["item"] for change in said("change", text)] == ["total", "reception"]


@pytest.mark.parametrize("text", ["主要原因是。", "（增加内容）", "XX万元", "增加（减少）", "主要原因是主要原因是人员变动。"])
def test_words_of_the_template_are_found_wherever_they_stand(text):
    assert len(said("leftover", f"本年支出合计5.00万元，{text}")) == 1


def test_what_only_looks_like_a_template_is_none():
    assert not said("leftover", "检定Ｘ射线机3台，A4XX型仪器，（按规定）执行，原因：设备老化。")


def test_brackets_inside_a_list_are_no_parts_of_it():
    (parts,) = said("parts", "建筑面积100平方米，其中地上面积70平方米（其中地上一层10平方米），地下面积30平方米。")
    assert (parts["amount_wan"], parts["against_wan"], parts["count"]) == (100.0, 100.0, 2)


def test_a_slip_that_comes_again_is_one_finding_with_all_its_places():
    found, _ = checked("比上一度多，见下表。", "比上一度少，见下表。")
    (places,) = found[found["check"] == "template_words"]["places"]
    assert len(places.split()) == 2
