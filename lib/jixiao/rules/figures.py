"""The figures of rules, looked up in the tidy tables: one value for each report and scope, with its place."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..facts import WHOLE
from ..frames import schema
from ..measures import pick
from ..tables import only
from .declared import Figure, Source

CASE = ["report_id", "scope"]


def cases(tables: Mapping[str, pd.DataFrame], per: str) -> pd.DataFrame:
    """What is scored: report_id, institute, fiscal_year, scope, covers (`whole`, `projects`), in the order of the reports.

    Per report the whole of it; per form the whole of it where it has execution figures of one, else each of its projects.
    """
    keys = ["report_id", "institute", "fiscal_year"]
    reports = only(tables, "reports", " ".join(keys)).reset_index(drop=True)
    whole = reports.assign(scope=WHOLE, covers="whole")
    if per == "report":
        return whole
    scopes = only(tables, "execution", " ".join(CASE)).drop_duplicates()
    scopes = scopes[~scopes["scope"].str.startswith(WHOLE + "/")]
    has_whole = scopes.loc[scopes["scope"].eq(WHOLE), "report_id"]
    projects = scopes[scopes["scope"].ne(WHOLE) & ~scopes["report_id"].isin(has_whole)]
    projects = projects.assign(covers="projects", _order=np.arange(len(projects)))
    whole = whole[~whole["report_id"].isin(projects["report_id"])].assign(_order=-1)
    projects = projects.merge(reports, on="report_id", how="inner", validate="many_to_one")
    both = pd.concat([whole, projects[whole.columns]], ignore_index=True)
    order = pd.Series(np.arange(len(reports)), index=reports["report_id"])
    both = both.assign(_report=both["report_id"].map(order)).sort_values(["_report", "_order"], kind="stable", ignore_index=True)
    return both.drop(columns=["_report", "_order"])


def look_up(figure: Figure, tables: Mapping[str, pd.DataFrame], of: pd.DataFrame) -> pd.DataFrame:
    """The figure for each row of `of` (`cases`): value (NaN where none is stated), place, differs (several values are stated)."""
    found = pd.concat([_rows(source, _stating(source, tables), rank) for rank, source in enumerate(figure.sources)], ignore_index=True)
    found = found.dropna(subset=["value"])
    prefer = ["value"] if figure.take == "lowest" else ["_rank"]
    found = pick(found, CASE, ["value"], prefer).rename(columns={"printed_differ": "differs"})
    found = of[CASE].merge(found[[*CASE, "value", "place", "differs"]], on=CASE, how="left", validate="one_to_one")
    differs = found["differs"].eq(True)
    if figure.take == "only":
        found["value"] = found["value"].mask(differs)
    return found.assign(differs=differs & (figure.take == "first"))


def _stating(source: Source, tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The columns of the source's table that say which figure a row states, and where."""
    columns = dict.fromkeys(["report_id", source.column, *dict(source.where)])
    known = schema(source.table)
    columns |= dict.fromkeys(name for name in ("fiscal_year", "year", "code", "scope", "origin", "place") if name in known)
    return only(tables, source.table, " ".join(columns))


def _rows(source: Source, table: pd.DataFrame, rank: int) -> pd.DataFrame:
    """The rows that state a figure: report_id, scope, value, origin, place, _rank."""
    keep = table[source.column].notna()
    for column, value in source.where:
        keep &= table[column].eq(value).fillna(False)
    if "year" in table:
        keep &= table["year"].eq(table["fiscal_year"] + source.year).fillna(False)
    if "code" in table:
        keep &= table["code"].isna()  # a row of the classification is another figure than the item of the same name
    rows = table[keep.astype(bool)]
    scoped = "scope" in table and "scope" not in dict(source.where)
    return pd.DataFrame(
        {
            "report_id": rows["report_id"],
            "scope": rows["scope"] if scoped else WHOLE,
            "value": rows[source.column].astype("float64") * source.factor,
            "origin": rows["origin"] if "origin" in table else "table",
            "place": rows["place"] if "place" in table else None,
            "_rank": rank,
        }
    ).astype({"origin": "str", "place": "str", "scope": "str"})
