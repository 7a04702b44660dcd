"""Findings and checks as frames: the order and numbers by which every page calls them, and counts that leave nothing out."""

import sample_tables
from jixiao import findings


def rows(*pairs):
    case = {"fiscal_year": 2024, "check": "c", "message": "m", "places": ""}
    return sample_tables.frame("findings", [{**case, "report_id": name, "institute": name, "severity": level} for name, level in pairs])


def test_the_gravest_stand_first_and_each_report_counts_its_own():
    found = findings.ordered(rows(("a", "low"), ("b", "high"), ("a", "high"), ("a", "low"), ("b", "medium")))
    assert list(zip(found["report_id"], found["severity"], found["number"], strict=True)) == [
        ("b", "high", 1), ("a", "high", 1), ("b", "medium", 2), ("a", "low", 2), ("a", "low", 3),
    ]  # fmt: skip
    again = findings.ordered(findings.ordered(found).sample(frac=1, random_state=1).sort_index())
    assert again["number"].tolist() == found["number"].tolist()


def test_open_ones_are_as_grave_or_graver_and_not_accepted():
    found = rows(("a", "low"), ("b", "high"), ("c", "medium"))
    found.loc[1, "accepted"] = "原因"
    assert [findings.open_ones(found, level)["report_id"].tolist() for level in findings.SEVERITIES] == [[], ["c"], ["a", "c"]]


def test_counts_hold_every_finding_and_check_also_of_reports_that_name_no_institute():
    found = sample_tables.audited(sample_tables.tables(12, (2023, 2024), 3))
    raised, checks = found["findings"].copy(), found["checks"]
    raised.loc[0, "institute"] = None
    by_institute, by_severity = findings.by_institute(raised), findings.by_severity(raised)
    assert by_institute["total"].sum() == len(raised) == by_severity[["high", "medium", "low"]].sum().sum()
    assert by_institute["accepted"].sum() == by_severity["taken"].sum() == raised["accepted"].notna().sum()
    counts = findings.by_check(checks)
    assert counts[list(findings.STATUSES)].sum().sum() == len(checks) and counts["compared"].sum() == checks["compared"].sum()
    assert findings.unchecked(checks)["reports"].sum() == checks["reason"].notna().sum()
    by_report = findings.by_report(found["reports"], raised, checks)
    assert by_report["report_id"].tolist() == found["reports"]["report_id"].tolist()
    assert by_report[["high", "medium", "low"]].sum().sum() == len(raised) and by_report["compared"].sum() == checks["compared"].sum()


def test_nothing_found_makes_empty_counts():
    found = sample_tables.tables(0)
    assert findings.ordered(found["findings"]).empty and findings.by_institute(found["findings"]).empty
    assert findings.by_severity(found["findings"]).empty and findings.by_check(found["checks"]).empty
    assert findings.unchecked(found["checks"]).empty
    one = sample_tables.tables(1)
    assert findings.by_report(one["reports"], one["findings"], one["checks"])["compared"].tolist() == [0] * len(one["reports"])
