"""One dataclass a table of the data contract: its fields are the table's columns, their types the columns' types.

`report_id`, `institute` and `fiscal_year` stand in front of all but `Issue` in the tables; `frames` puts them there.
Money is in 万元 (10,000 CNY) and ends in `_wan`; rates are fractions; None is a figure that is not there, never a zero.
`printed` keeps the characters of the source ("" for a blank cell); `place` is a `document.Place`, written out by `frames`.
"""

from __future__ import annotations

from dataclasses import dataclass

from .document import Place

WHOLE = "整体"  # the scope of a whole department; parts of it are "整体/基本支出" and the like
STAGES = ("initial_budget", "adjustment", "revised_budget", "executed")
ORIGINS = ("table", "text", "derived")
STATEMENTS = ("change", "share", "completion", "comparison", "reason", "parts", "no_data", "empty_table", "named", "leftover", "slip")
WAYS = ("up", "down", "flat")
THREE_PUBLIC_ITEMS = ("total", "abroad", "vehicle", "vehicle_purchase", "vehicle_running", "reception")


@dataclass(kw_only=True, slots=True)
class Report:
    """A source document (table `reports`)."""

    province: str | None = None
    city: str | None = None
    supervisor: str | None = None  # 主管部门
    kind: str | None = None  # whole, project, accounts
    title: str | None = None
    report_date: str | None = None  # ISO date
    staff_authorised: int | None = None  # 编制
    staff_actual: int | None = None  # 在职实有
    source_file: str
    source_format: str | None = None
    sha256: str | None = None
    pages: int | None = None
    duplicate_of: str | None = None  # report_id of the same report in another file
    forms: int = 0
    issues: int = 0
    figure_cells: int = 0  # cells with a number in its tables
    figure_cells_taken: int = 0  # those of them that went into a tidy table; each of the rest is in `issues`


@dataclass(kw_only=True, slots=True)
class Fund:
    """One money figure (table `funds`)."""

    scope: str
    item: str
    item_printed: str
    code: str | None = None
    section: str | None = None  # the title above the table, in budget and accounts books
    year: int | None = None
    stage: str | None = None
    amount_wan: float | None = None
    printed: str | None = None
    unit: str | None = None
    rate_printed: float | None = None  # the rate printed beside this amount
    origin: str
    place: Place | None = None


@dataclass(kw_only=True, slots=True)
class Execution:
    """Budget execution of one scope (table `execution`)."""

    scope: str
    initial_budget_wan: float | None = None
    revised_budget_wan: float | None = None
    executed_wan: float | None = None
    rate_printed: float | None = None
    rate: float | None = None
    weight: float | None = None
    score_printed: float | None = None
    score: float | None = None
    origin: str
    place: Place | None = None


@dataclass(kw_only=True, slots=True)
class ThreePublic:
    """One three-public-funds figure (三公经费, table `three_public`)."""

    item: str
    year: int | None = None
    stage: str | None = None
    amount_wan: float | None = None
    printed: str | None = None
    unit: str | None = None
    origin: str
    place: Place | None = None


@dataclass(kw_only=True, slots=True)
class Indicator:
    """One indicator of a form, or one criterion of a rubric (table `indicators`)."""

    scope: str
    position: int
    level1: str | None = None
    level2: str | None = None
    level3: str | None = None
    target: str | None = None
    actual: str | None = None
    target_op: str | None = None
    target_value: float | None = None
    target_unit: str | None = None
    actual_value: float | None = None
    actual_unit: str | None = None
    weight: float | None = None
    score: float | None = None
    attained: bool | None = None
    criterion: str | None = None
    explanation: str | None = None  # 指标说明 of a rubric
    deviation_reason: str | None = None
    shares_points_with: int | None = None  # the position whose weight (and score) also stands for this row
    place: Place | None = None


@dataclass(kw_only=True, slots=True)
class Score:
    """A printed total or section score (table `scores`)."""

    scope: str
    name: str
    name_printed: str | None = None
    weight: float | None = None
    score_printed: float | None = None
    score: float | None = None
    rating: str | None = None
    place: Place | None = None


@dataclass(kw_only=True, slots=True)
class Activity:
    """An operational count of the narrative (table `activities`); `value` is in `unit`, a percentage as printed."""

    scope: str | None = None
    what: str
    value: float
    approximate: bool = False
    unit: str
    printed: str
    place: Place | None = None


@dataclass(kw_only=True, slots=True)
class Statement:
    """What prose says of a figure besides the figure, or of a table (table `statements`): the audit tests each against the figures.

    `kind` is one of `STATEMENTS`: a change against an earlier year (`change`), a share of a whole (`share`), spending as a rate of its
    budget (`completion`) or compared with it in words (`comparison`), a reason (`reason`), a list of all the parts there are (`parts`),
    a note that a table is empty (`no_data`), a table without figures (`empty_table`), whose report it is (`named`), words of a
    template that were left in (`leftover`), a slip of the pen (`slip`). `amount_wan` is the figure it is about, `against_wan` what
    that is compared with.
    """

    kind: str
    section: str | None = None  # the heading or the table's title that it stands under
    scope: str | None = None
    item: str | None = None
    year: int | None = None
    stage: str | None = None
    amount_wan: float | None = None
    way: str | None = None  # up, down, flat
    change_wan: float | None = None
    rate: float | None = None
    decimals: int | None = None  # of the rate, as printed in percent
    against: str | None = None  # a stage, or the item that is the whole
    against_year: int | None = None
    against_wan: float | None = None
    count: int | None = None  # figures in the table
    words: str | None = None
    printed: str
    amount_place: Place | None = None
    against_place: Place | None = None
    place: Place | None = None


@dataclass(kw_only=True, slots=True)
class Finding:
    """Something an auditor would raise (table `findings`).

    `label` says of what and `detail` quotes what shows it, in the report's words; `places` are joined by a blank.
    """

    scope: str | None = None
    check: str
    severity: str
    message: str
    label: str | None = None
    detail: str | None = None
    expected: float | None = None
    found: float | None = None
    places: str = ""
    accepted: str | None = None  # the reason for which a person accepted it; see `accepted`


@dataclass(kw_only=True, slots=True)
class Check:
    """One check on one report (table `checks`)."""

    check: str
    status: str
    compared: int = 0
    reason: str | None = None


@dataclass(kw_only=True, slots=True)
class Issue:
    """Something reading could not settle (table `issues`)."""

    code: str
    place: Place | None = None
    printed: str | None = None
    message: str


TABLES: dict[str, type] = {
    "reports": Report,
    "funds": Fund,
    "execution": Execution,
    "three_public": ThreePublic,
    "indicators": Indicator,
    "scores": Score,
    "activities": Activity,
    "statements": Statement,
    "findings": Finding,
    "checks": Check,
    "issues": Issue,
}
