"""Checks of the words themselves: notes of empty tables, the institute and year of titles, what is left of a template.

Each compares all reports at once. Its docstring is the question that it asks; see `checking` for what it returns.
"""

from __future__ import annotations

import pandas as pd

from ...facts import WHOLE
from ..checking import Frames, check, comparisons, listed, reason_where, together
from .figures import of_kind


@check("empty_table", "medium", "number", kinds=("no_data", "empty_table"))
def empty_table(frames: Frames) -> pd.DataFrame:
    """Is a table empty where a note says so, and is there a note where it is empty?"""
    notes, empty = of_kind(frames, "no_data"), of_kind(frames, "empty_table")
    filled = notes.assign(
        expected=0.0, found=notes["count"].astype("float64"), label=notes["section"], detail=notes["printed"].str.slice(0, 60)
    )
    noted = empty.merge(
        notes[["report_id", "amount_place"]].drop_duplicates(), on=["report_id", "amount_place"], how="left", indicator=True
    )
    silent = noted.assign(fails=(noted["_merge"] == "left_only").astype("boolean"), severity="low", label=noted["section"])
    return together(comparisons(filled, tolerance=0.5), comparisons(silent))


@check("named_institute", "medium", "text", kinds=("named",))
def named_institute(frames: Frames) -> pd.DataFrame:
    """Do titles and sentences name the institute as the report does elsewhere?"""
    named = of_kind(frames, "named").drop_duplicates(["report_id", "item", "words"])
    differs = (named["item"] != named["institute"]) & named["institute"].notna()
    # a sentence may speak of another body; a title of the report's may not
    ours = named["words"].eq("title") | (named["item"].str[-4:] == named["institute"].str[-4:])
    rows = named.assign(
        fails=(differs & ours).astype("boolean"),
        severity=named["words"].eq("title").map({True: "medium", False: "low"}),
        label=named["item"],
        detail=named["institute"],
        scope=WHOLE,
    )
    return comparisons(
        rows.drop_duplicates(["report_id", "item"]), reason_where(rows["institute"].isna(), "the report's institute is not known")
    )


@check("named_year", "medium", "number", kinds=("named",))
def named_year(frames: Frames) -> pd.DataFrame:
    """Do titles name the year of the report?"""
    named = of_kind(frames, "named")
    rows = named[named["words"].eq("title") & named["fiscal_year"].notna()].drop_duplicates(["report_id", "item", "year"])
    rows = rows.assign(
        expected=rows["fiscal_year"].astype("float64"), found=rows["year"].astype("float64"), label=rows["item"], scope=WHOLE
    )
    return comparisons(rows)


@check("template_words", "medium", "text")
def template_words(frames: Frames) -> pd.DataFrame:
    """Are words of the template, empty reasons or doubled marks left in the text?"""
    rows = frames["statements"].rename(columns={"place": "places"})
    unsigned = rows["words"].eq("no sign") & (rows["kind"] == "change")
    left = rows["kind"].isin(["leftover", "slip"])
    rows = rows.assign(
        fails=(left | unsigned).astype("boolean"),
        severity=(rows["kind"] == "leftover").map({True: "medium", False: "low"}),
        detail=rows["printed"],
        label=rows["section"],
    )
    # the same words again and again are one finding
    again = rows[left].groupby(["report_id", "words"]).ngroup()
    rows.loc[left, "places"] = again.map(listed(rows.loc[left, "places"], again))
    return comparisons(rows[~left | ~rows.duplicated(["report_id", "kind", "words"])])
