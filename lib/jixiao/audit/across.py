"""Checks across reports: texts that come again, scores that never move, figures far from those of peers, last year's figures.

Each compares all reports at once: what it needs of a report is gathered first, `compare` gets the rows of all, each report once.
Its docstring is the question that it asks; see `checking` for what it returns.
"""

from __future__ import annotations

import pandas as pd

from ..facts import WHOLE
from ..vocabulary import spellings
from .checking import CENT, FORM, Frames, check, comparisons, joined, reason_where, together
from .forms.points import TOTAL_SCORE
from .wording import flat

LONG = 20  # characters: a sentence so long is not written twice by chance
YEARS = 3  # in which a score does not move
PEERS = 8  # reports of one year and kind, the fewest that a median is taken of
FAR = 3.5  # of the modified z-score (Iglewicz and Hoaglin 1993)
TO_SIGMA = 0.6745  # what makes the median absolute deviation a standard deviation
LEAST = {"rate": 0.1, "score": 5.0}  # a smaller gap from the median is none, however close the peers are
KEYS = ["report_id", "institute", "fiscal_year"]


def _texts(frames: Frames) -> pd.DataFrame:
    """What the check of repeated texts needs: the long texts of outcomes and reasons, in one form."""
    rows = frames["indicators"]
    found = [rows[[*KEYS, "scope", "place"]].assign(text=flat(rows[name])) for name in ("actual", "deviation_reason")]
    texts = pd.concat(found, ignore_index=True)
    return texts[texts["text"].str.len() >= LONG].drop_duplicates(["report_id", "text"])


@check("text_of_another_report", "medium", "number", gather=_texts)
def text_of_another_report(rows: pd.DataFrame) -> pd.DataFrame:
    """Is what a report says of its outcomes and deviations its own?

    Compared are texts of twenty characters and more, without white space, word for word. Between institutes they were copied; from
    year to year of one institute they may hold again (a low finding). One finding for all that two reports share.
    """
    texts = rows.sort_values(["fiscal_year", "report_id"], kind="stable")
    first = texts.drop_duplicates("text")[["text", *KEYS, "place"]]
    pairs = texts.merge(first, on="text", suffixes=("", "_first"), validate="many_to_one")
    same_place = (pairs["institute"] == pairs["institute_first"]).fillna(False).astype(bool)
    same_year = (pairs["fiscal_year"] == pairs["fiscal_year_first"]).fillna(False).astype(bool)
    own = (pairs["report_id"] == pairs["report_id_first"]) | (same_place & same_year)  # another edition of the same report is no copy
    own |= pairs["institute"].isna() | pairs["institute_first"].isna()
    copied = pairs[~own].assign(same=same_place[~own])
    groups = copied.groupby(["report_id", "report_id_first"], sort=False)
    found = groups.agg(
        scope=("scope", "first"), found=("text", "size"), label=("text", "first"), same=("same", "first"), places=("place", "first"),
        other=("place_first", "first"), institute=("institute_first", "first"), year=("fiscal_year_first", "first"),
    ).reset_index()  # fmt: skip
    found["detail"] = found["institute"].astype("str") + " " + found["year"].astype("str")
    found["places"] = joined(found["places"], found["other"])
    failing = comparisons(found, fails=True, expected=0.0, severity=found["same"].map({True: "low", False: None}))
    return together(failing, comparisons(pairs[own].drop_duplicates("report_id"), fails=False))


def _totals(frames: Frames) -> pd.DataFrame:
    """What the checks of total scores and rates across reports need of each."""
    scores = frames["scores"]
    scores = scores[(scores["name"] == TOTAL_SCORE) & scores["score"].notna()].drop_duplicates(FORM)
    rates = frames["execution"][frames["execution"]["rate"].notna()].drop_duplicates(FORM)
    measured = [
        scores[[*KEYS, "scope", "score", "place"]].rename(columns={"score": "value"}).assign(measure="score"),
        rates[[*KEYS, "scope", "rate", "place"]].rename(columns={"rate": "value"}).assign(measure="rate"),
    ]
    rows = pd.concat(measured, ignore_index=True)
    return rows.merge(frames["reports"][["report_id", "kind"]], on="report_id", how="left", validate="many_to_one")


@check("score_never_moves", "low", "points", gather=_totals, alike="institute")
def score_never_moves(rows: pd.DataFrame) -> pd.DataFrame:
    """Does the total score of an institute or project change in three years and more?"""
    rows = rows[(rows["measure"] == "score") & rows["institute"].notna() & rows["fiscal_year"].notna()]
    key = ["institute", "scope"]
    rows = rows.drop_duplicates([*key, "fiscal_year"]).sort_values([*key, "fiscal_year"], kind="stable")
    groups = rows.groupby(key, sort=False)
    rows = rows.assign(years=groups["value"].transform("size"), spread=groups["value"].transform("max") - groups["value"].transform("min"))
    # told once, of the latest
    rows = rows.drop_duplicates(key, keep="last").rename(columns={"place": "places"})
    reason = reason_where(rows["years"] < YEARS, f"fewer than {YEARS} years of this institute")
    fails = rows["spread"] < CENT / 2
    return comparisons(rows, reason, expected=rows["years"], found=rows["value"], detail=rows["years"].astype("str"), fails=fails)


@check(
    "far_from_peers", "low", "rate", source="Iglewicz and Hoaglin (1993), modified z-score above 3.5", gather=_totals, alike="fiscal_year"
)
def far_from_peers(rows: pd.DataFrame) -> pd.DataFrame:
    """Is the execution rate or total score near those of other institutes' reports of the year?

    Medians and median absolute deviations, which a few odd reports do not move, of at least eight peers; fewer are no yardstick.
    """
    rows = rows[(rows["scope"] == WHOLE) & rows["kind"].notna() & rows["fiscal_year"].notna()].rename(columns={"place": "places"})
    key = ["measure", "kind", "fiscal_year"]
    rows = rows.drop_duplicates([*key, "institute"])
    groups = rows.groupby(key, sort=False)["value"]
    middle, peers = groups.transform("median"), groups.transform("size")
    gap = (rows["value"] - middle).abs()
    spread = gap.groupby([rows[name] for name in key], sort=False).transform("median")
    far = (TO_SIGMA * gap > FAR * spread) & (gap > rows["measure"].map(LEAST).astype("float64")) & (spread > 0)
    reason = reason_where(peers < PEERS, f"fewer than {PEERS} reports of the year and kind")
    reason = reason.mask(reason.isna() & (spread == 0), "most of the peers state the same")
    points = rows["measure"] == "score"
    # points of a hundred as a rate: both measures are said in percent
    scale = points.map({True: 0.01, False: 1.0}).astype("float64")
    return comparisons(rows, reason, label=rows["measure"], expected=middle * scale, found=rows["value"] * scale, fails=far)


def _figures(frames: Frames) -> pd.DataFrame:
    """Amounts of the whole, spent or in the initial budget, with the kind of their report."""
    funds = frames["funds"]
    standard = funds["code"].isna() & funds["section"].isna() & funds["item"].isin({*spellings("items").values()})
    standard &= funds["scope"] == WHOLE
    columns = [*KEYS, "item", "year", "stage", "amount_wan", "place"]
    public = frames["three_public"]
    rows = pd.concat([funds.loc[standard & (funds["origin"] != "derived"), columns], public[columns]], ignore_index=True)
    rows = rows[rows["amount_wan"].notna() & rows["stage"].isin(["executed", "initial_budget"]) & rows["institute"].notna()]
    rows = rows[(rows["year"] == rows["fiscal_year"]) | (rows["year"] == rows["fiscal_year"] - 1)]  # no other year is compared
    return rows.merge(frames["reports"][["report_id", "kind"]], on="report_id", how="left", validate="many_to_one")


@check("last_year_figure", "medium", gather=_figures, alike="institute")
def last_year_figure(rows: pd.DataFrame) -> pd.DataFrame:
    """Is a figure of last year the same in this year's report as in last year's?

    Where either report prints the figure several times, one that agrees will do.
    """
    key = ["institute", "kind", "item", "stage", "year"]
    now = rows[rows["year"] == rows["fiscal_year"] - 1]
    then = rows[rows["year"] == rows["fiscal_year"]]
    pairs = now.merge(then[[*key, "report_id", "fiscal_year", "amount_wan", "place"]], on=key, suffixes=("", "_then"))
    pairs = pairs.assign(gap=(pairs["amount_wan"] - pairs["amount_wan_then"]).abs()).sort_values("gap", kind="stable")
    pairs = pairs.drop_duplicates(["report_id", *key])
    return comparisons(
        pairs,
        scope=WHOLE,
        label=pairs["item"],
        detail=pairs["stage"],
        expected=pairs["amount_wan_then"],
        found=pairs["amount_wan"],
        tolerance=CENT / 2,
        places=joined(pairs["place"], pairs["place_then"]),
    )
