"""What statements speak of: their figures, where the paragraph prints them and where it does not, and the printed rates of them."""

from __future__ import annotations

import pandas as pd

from ...facts import WHOLE
from ..checking import CENT, Frames, comparisons, joined, reason_where, shared

KEY = ["report_id", "scope", "item", "year", "stage"]
SIGN = {"up": 1.0, "down": -1.0, "flat": 0.0}
PUBLIC_WHOLES = {"total": 3, "vehicle": 2}  # and how many parts they have
PUBLIC_PARTS = {"abroad": "total", "vehicle": "total", "reception": "total", "vehicle_purchase": "vehicle", "vehicle_running": "vehicle"}
NO_FIGURES = "the figures it speaks of are not printed"


def of_kind(frames: Frames, kind: str) -> pd.DataFrame:
    statements = frames["statements"]
    return statements[statements["kind"] == kind].rename(columns={"place": "places"})


def sign_of(ways: pd.Series) -> pd.Series:
    return ways.astype("object").map(SIGN).astype("float64")


@shared
def printed(frames: Frames) -> pd.DataFrame:
    """Every printed figure, once a `KEY`, of the reports that say something of figures: amount_wan and place."""
    speaking = frames["statements"]["report_id"].unique()
    both = []
    for frame in (frames["funds"], frames["three_public"].assign(scope=WHOLE)):
        own = frame["report_id"].isin(speaking) & frame["amount_wan"].notna() & (frame["origin"] != "derived") & frame["year"].notna()
        both.append(frame.loc[own, [*KEY, "amount_wan", "place"]])
    return pd.concat(both, ignore_index=True).drop_duplicates(KEY)


def completed(rows: pd.DataFrame, printed: pd.DataFrame) -> pd.DataFrame:
    """Statements with the figures they speak of and compare with, from elsewhere in the report where the paragraph leaves them out."""
    index = rows.index
    own = printed.rename(columns={"amount_wan": "own", "place": "own_place"})
    rows = rows.merge(own, on=KEY, how="left", validate="many_to_one")
    base = printed.rename(columns={"year": "against_year", "stage": "against", "amount_wan": "base", "place": "base_place"})
    rows = rows.merge(base, on=["report_id", "scope", "item", "against_year", "against"], how="left", validate="many_to_one")
    rows.index = index
    rows["amount_place"] = rows["amount_place"].astype("object").where(rows["amount_wan"].notna(), rows["own_place"])
    rows["against_place"] = rows["against_place"].astype("object").where(rows["against_wan"].notna(), rows["base_place"])
    rows["amount_wan"] = rows["amount_wan"].fillna(rows["own"])
    rows["against_wan"] = rows["against_wan"].fillna(rows["base"])
    rows["places"] = joined(rows["places"], rows["amount_place"], rows["against_place"])
    return rows.drop(columns=["own", "own_place", "base", "base_place"])


def half_step(rows: pd.DataFrame) -> pd.Series:
    """Half a unit of the last digit that a printed rate has."""
    return 0.5 * 10.0 ** -(rows["decimals"].astype("float64") + 2)


def ratios(rows: pd.DataFrame, part: pd.Series, whole: pd.Series) -> pd.DataFrame:
    """Printed rates against `part` over `whole`: as printed, or off by what rounding of both to the cent makes."""
    rows = rows.assign(expected=rows["rate"], found=(part / whole.where(whole != 0)).abs())
    blur = CENT / 2 / whole.abs() * (1 + rows["found"])
    return comparisons(rows, reason_where(part.isna() | whole.isna(), NO_FIGURES), tolerance=half_step(rows) + blur)
