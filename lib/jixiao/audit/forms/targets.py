"""Checks of targets and outcomes: can the target be meant so, and does the outcome say what came of it?

Each compares all reports at once. Its docstring is the question that it asks; see `checking` for what it returns.
"""

from __future__ import annotations

import pandas as pd

from ..checking import FORM, Frames, check, comparisons, joined
from ..wording import beside, ends, flat, named, says
from .judging import unread

LONG = 12  # characters: a phrase so long is not the same by chance
SIGNS = {">=": "≥", ">": ">", "<=": "≤", "<": "<"}
SIGNED = r"[≥≤≧≦<>]|[^\d.]\d"  # a target that says its direction itself, in signs or words
SHORT = 2  # characters: a word that may well answer
LARGE = 100.0  # a count from here on
ROUND = 10.0  # and no multiple of this: it is not the same by chance


def _indicators(frames: Frames) -> pd.DataFrame:
    rows = frames["indicators"]
    return rows.assign(label=rows["level3"], detail=beside(rows["target"], rows["actual"])).rename(columns={"place": "places"})


@check("target_direction", "medium", "text")
def target_direction(frames: Frames) -> pd.DataFrame:
    """Is a target that should be reached a least value, and one that should not be passed a limit?

    A satisfaction of at most 100 % is met by every outcome.
    """
    rows = _indicators(frames)
    rows = rows[rows["target_op"].isin([">=", ">", "<=", "<"])]
    up, down = ends(rows["level3"], "higher"), ends(rows["level3"], "lower")
    limited = rows["target_op"].isin(["<=", "<"])
    signed = flat(rows["target"]).str.contains(SIGNED, regex=True).fillna(False).astype(bool)
    sign = rows["target_op"].map(SIGNS).astype("str").mask(signed, "")  # it may stand in a column of its own
    rows = rows.assign(detail=sign + rows["target"], fails=(up & limited) | (down & ~limited))
    return comparisons(rows[up | down])


@check("share_above_all", "medium", "rate")
def share_above_all(frames: Frames) -> pd.DataFrame:
    """Is every share at most 100 %, as target and as outcome?

    Of a rate that is a part of a whole there cannot be more than all; rates of completion and growth may be higher.
    """
    rows = _indicators(frames)
    percents = pd.concat([rows[f"{side}_value"].where(rows[f"{side}_unit"] == "%") for side in ("target", "actual")], axis=1)
    most = percents.max(axis=1)
    rows = rows.assign(expected=1.0, found=most / 100, fails=most > 100)
    return comparisons(rows[ends(rows["level3"], "shares") & most.notna()])


@check("target_without_figure", "low", "text")
def target_without_figure(frames: Frames) -> pd.DataFrame:
    """Does the target of a rate hold a figure?"""
    rows = _indicators(frames)
    rows = rows[ends(rows["level3"], "rates") & ~ends(rows["level3"], "no_rates") & rows["target"].notna()]
    words = ~flat(rows["target"]).str.contains(r"[\d零一二三四五六七八九十百]", regex=True).fillna(True).astype(bool)
    return comparisons(rows, detail=rows["target"], fails=(rows["target_op"] == "text") & words)


@check("outcome_repeats_target", "low", "text")
def outcome_repeats_target(frames: Frames) -> pd.DataFrame:
    """Does the outcome say more than its target did?

    A long text repeated word for word, or a target that is but the end of the indicator's name, shows nothing of what came of it.
    """
    rows = _indicators(frames)
    rows = rows[(rows["target_op"] == "text") & rows["actual"].notna()]
    target, outcome = flat(rows["target"]), flat(rows["actual"])
    whole = named(rows["level3"])
    # 及时 is an answer, 检定成本 is none to 器具检定成本
    inside = pd.Series([n.endswith(t) for t, n in zip(target.fillna("?"), whole.fillna(""), strict=True)], index=rows.index, dtype=bool)
    inside &= (target.str.len() > SHORT).fillna(False).astype(bool)
    same = (target == outcome).fillna(False).astype(bool)
    return comparisons(rows, detail=rows["target"], fails=same & ((target.str.len() >= LONG) | inside))


@check("same_outcome_in_projects", "low", "text")
def same_outcome_in_projects(frames: Frames) -> pd.DataFrame:
    """Is a long outcome in words that of one project only?"""
    rows = _indicators(frames)
    rows = rows.assign(key=flat(rows["actual"]))
    rows = rows[rows["actual_value"].isna() & (rows["key"].str.len() >= LONG)]
    return _in_projects(rows)


@check("same_count_in_projects", "low", "number")
def same_count_in_projects(frames: Frames) -> pd.DataFrame:
    """Is a large count that is no round number the outcome of one project only?

    Work that two projects both claim as theirs was paid for twice, or belongs to neither alone.
    """
    rows = _indicators(frames)
    count = rows["actual_value"]
    own = count.notna() & (rows["actual_unit"].fillna("") != "%") & (count >= LARGE) & (count % ROUND != 0)
    own &= ~says(rows["actual_unit"], "limit_unit")  # the days of the year, a price
    return _in_projects(rows[own].assign(key=count[own].astype("str"), expected=count[own]))


def _in_projects(rows: pd.DataFrame) -> pd.DataFrame:
    """One comparison a report and `key`; it fails where several scopes have it."""
    rows = rows.drop_duplicates(["report_id", "scope", "key"])
    rank = rows.groupby(["report_id", "key"]).cumcount()
    first = rows[rank == 0]
    second = rows.loc[rank == 1, ["report_id", "key", "scope", "places"]]
    pairs = first.merge(second, on=["report_id", "key"], how="left", suffixes=("", "_other"), validate="one_to_one")
    fails = pairs["scope_other"].notna()
    pairs["places"] = joined(pairs["places"], pairs["places_other"]).where(fails, pairs["places"])
    label = pairs["actual"] if "expected" not in pairs else pairs["label"]
    return comparisons(pairs, label=label, detail=pairs["scope_other"], fails=fails)


@check("target_without_outcome", "medium", "text")
def target_without_outcome(frames: Frames) -> pd.DataFrame:
    """Does each target of a form that states outcomes have one?

    A target whose points were given without an outcome stands for nothing; without points it is a gap.
    """
    rows = _with_outcomes(frames)
    rows = rows[rows["target"].notna()]
    got = rows["score"].fillna(0) > 0
    blank = rows["actual"].isna()
    reason = unread(frames, rows, blank)
    return comparisons(rows, reason, detail=rows["target"], fails=blank, severity=got.map({True: None, False: "low"}))


@check("outcome_without_target", "low", "text")
def outcome_without_target(frames: Frames) -> pd.DataFrame:
    """Does each outcome have the target that it is measured by?"""
    rows = _with_outcomes(frames)
    rows = rows[rows["actual"].notna()]
    return comparisons(rows, detail=rows["actual"], fails=rows["target"].isna())


def _with_outcomes(frames: Frames) -> pd.DataFrame:
    """Indicators of the forms in which some have a target, and some an outcome."""
    rows = _indicators(frames)
    # a text in a cell that is merged over several rows stands with the first of them
    forms = rows.groupby(FORM, sort=False)
    both = (forms["target"].transform("count") > 1) & (forms["actual"].transform("count") > 1)
    return rows[both & rows["shares_points_with"].isna()]
