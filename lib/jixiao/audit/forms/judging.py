"""Indicators as the checks look at them: which have a score, which met their targets as far as that is certain."""

from __future__ import annotations

import pandas as pd

from ..checking import Frames, reason_where, shared
from ..wording import says

# issues after which a report may say more than was read
UNREAD = ("unclaimed_table", "page_without_text", "unreadable_file", "unread_cell", "unread_figure")
COST = "成本指标"
LEAST = 0.005  # points below the weight that are a loss, not rounding


@shared
def scored(frames: Frames) -> pd.DataFrame:
    """Indicators that have a weight and a score of their own, with their place as `places` and whether they are `met`."""
    rows = frames["indicators"]
    rows = rows[(rows["weight"] > 0) & rows["score"].notna() & rows["shares_points_with"].isna()]
    return rows.rename(columns={"place": "places"}).assign(met=met(rows))


def loses(rows: pd.DataFrame) -> pd.Series:
    """Where the score is below the weight."""
    return rows["score"] < rows["weight"] - LEAST


def met(rows: pd.DataFrame) -> pd.Series:
    """Whether an outcome met its target; null where a reader could see it either way.

    A number without a sign may be a least value or a limit: it is met where outcome and target are equal; it is missed where the
    outcome falls short and the name is not that of something to be kept low, or where a cost is above it.
    """
    attained = rows["attained"].astype("boolean")
    exact = rows["target_op"] == "="
    limit = says(rows["level3"], "limit") | says(rows["target_unit"], "limit_unit")
    cost = (rows["level1"] == COST) | (rows["level2"] == COST)
    gap = rows["actual_value"] - rows["target_value"]
    wrong_way = (gap > 0) & ~cost | (gap < 0) & cost
    unsure = exact & (gap != 0) & ((limit & ~cost) | (wrong_way & ~attained.fillna(True).astype(bool)))
    return attained.mask(unsure, pd.NA)


def unread(frames: Frames, rows: pd.DataFrame, blank: pd.Series) -> pd.Series:
    """Why what is `blank` in these rows may not be blank in the report; null where all of it was read."""
    issues = frames["issues"]
    reports = issues["report_id"][issues["code"].isin(UNREAD)]
    return reason_where(blank & rows["report_id"].isin(reports), "a cell, table or page of the report was not read")
