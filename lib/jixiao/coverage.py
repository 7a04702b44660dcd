"""Frame → frame: what the tables hold for each institute and year, and what they do not hold and why.

A gap is a code (`GAPS`); its wording in both languages is in `words.toml`. A comparison that leaves something out says so.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from .choices import choose
from .marks import form_scores, total_scores
from .measures import CASE, execution_rates, institute_rates, staff, three_public, three_public_totals
from .tables import measured, only

ALL = "all"  # topics
COUNTED = ["funds", "execution", "three_public", "indicators", "scores", "activities"]
GAPS = {
    "execution": ["no_execution", "projects_only", "no_budget", "no_revised_budget", "blank_initial_budget", "not_spent"],
    "three_public": ["no_three_public", "three_public_blank", "no_three_public_budget", "no_last_year", "no_staff"],
    "scores": ["no_forms", "criteria_without_scores", "section_without_weight", "no_total"],
}


def counts(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """How many rows each table holds: institute, fiscal_year, one integer column a table, reading issues last."""
    cases = only(tables, "reports", "institute fiscal_year").drop_duplicates().reset_index(drop=True)
    for name in COUNTED:
        sizes = only(tables, name, "institute fiscal_year").groupby(CASE, dropna=False).size().rename(name).reset_index()
        cases = cases.merge(sizes, on=CASE, how="left", validate="one_to_one")
    owners = only(tables, "reports", "report_id institute fiscal_year").drop_duplicates("report_id")
    issues = only(tables, "issues", "report_id").merge(owners, on="report_id", how="inner", validate="many_to_one")
    issues = issues.groupby(CASE, dropna=False).size().rename("issues").reset_index()
    cases = cases.merge(issues, on=CASE, how="left", validate="one_to_one")
    cases = cases.fillna(dict.fromkeys([*COUNTED, "issues"], 0)).astype(dict.fromkeys([*COUNTED, "issues"], "int64"))
    return cases.sort_values(CASE, kind="stable").reset_index(drop=True)


def gaps(tables: Mapping[str, pd.DataFrame], topic: str = ALL) -> pd.DataFrame:
    """What cannot be compared of a topic, or of all: institute, fiscal_year, topic, gap (a code of `GAPS`), scopes (how many forms).

    Only what the topic needs is worked out. Raises ValueError for a topic that there is not.
    """
    topics = list(GAPS) if topic == ALL else [choose(topic, list(GAPS), "topic")]
    cases = only(tables, "reports", "institute fiscal_year").drop_duplicates()
    found = {code: rows for each in topics for code, rows in _FOUND[each](tables, cases).items()}
    parts = [found[code][CASE].assign(topic=each, gap=code) for each in topics for code in GAPS[each]]
    sizes = pd.concat(parts, ignore_index=True).groupby([*CASE, "topic", "gap"], dropna=False, sort=False).size()
    return sizes.rename("scopes").reset_index().sort_values(CASE, kind="stable").reset_index(drop=True)


def _of_execution(tables: Mapping[str, pd.DataFrame], cases: pd.DataFrame) -> dict[str, pd.DataFrame]:
    rates = measured(tables, execution_rates)
    totals = institute_rates(rates)
    project = rates["part"].eq("project")
    some = rates["executed_wan"].notna() | rates["revised_budget_wan"].notna()
    return {
        "no_execution": _without(cases, totals),
        "projects_only": totals[totals["covers"].eq("projects")],
        "no_budget": totals[totals["basis"].eq("none") & totals["executed_wan"].notna() & totals["covers"].eq("whole")],
        "no_revised_budget": totals[totals["basis"].eq("initial")],
        "blank_initial_budget": rates[project & some & rates["initial_budget_wan"].isna()],
        "not_spent": totals[totals["executed_wan"].isna() & totals["budget_wan"].notna()],
    }


def _of_three_public(tables: Mapping[str, pd.DataFrame], cases: pd.DataFrame) -> dict[str, pd.DataFrame]:
    stated, reports = (only(tables, table, " ".join(columns)) for table, columns in three_public.reads.items())
    known = three_public_totals(three_public(stated[stated["item"].eq("total")], reports)).rename(columns={"year": "fiscal_year"})
    known = _in(known, cases)
    return {
        "no_three_public": _without(cases, stated),
        "three_public_blank": _without(_in(cases, stated), known),
        "no_three_public_budget": known[known["budget_wan"].isna()],
        "no_last_year": known[known["last_year_wan"].isna()],
        "no_staff": _without(cases, measured(tables, staff)),
    }


def _of_scores(tables: Mapping[str, pd.DataFrame], cases: pd.DataFrame) -> dict[str, pd.DataFrame]:
    sections = measured(tables, form_scores)
    marks = measured(tables, total_scores)
    return {
        "no_forms": _without(cases, marks),
        "criteria_without_scores": marks[marks["rows"].gt(0).fillna(False) & marks["scored_rows"].eq(0).fillna(False)],
        "section_without_weight": sections[sections["weight"].isna()],
        "no_total": marks[marks["printed_total"].isna()],
    }


_FOUND = {"execution": _of_execution, "three_public": _of_three_public, "scores": _of_scores}


def _without(cases: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The cases that `rows` does not hold."""
    marked = cases.merge(rows[CASE].drop_duplicates(), on=CASE, how="left", indicator=True, validate="one_to_one")
    return marked.loc[marked["_merge"].eq("left_only"), CASE]


def _in(rows: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    """The rows whose institute and year `cases` holds."""
    return rows.merge(cases[CASE].drop_duplicates(), on=CASE, how="inner", validate="many_to_one")
