"""The figures of rules, looked up in the tidy tables: one value for each report and scope, with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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


def look_up(figures: Sequence[Figure], tables: Mapping[str, pd.DataFrame], of: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Each figure (its key) for each row of `of` (`cases`): value (NaN where none is stated), place, differs (several are stated)."""
    stating = _stating(figures, tables)
    rows = [
        _rows(source, stating[source.table]).assign(_figure=figure.key, _rank=rank)
        for figure in figures
        for rank, source in enumerate(figure.sources)
    ]
    if not rows:
        return {}
    found = pd.concat(rows, ignore_index=True).dropna(subset=["value"]).astype({"origin": "str", "place": "str", "scope": "str"})
    lowest = found["_figure"].isin([figure.key for figure in figures if figure.take == "lowest"])
    found = pick(found.assign(_rank=found["value"].where(lowest, found["_rank"])), ["_figure", *CASE], ["value"], ["_rank"])
    asked = pd.concat([of[CASE].assign(_figure=figure.key) for figure in figures], ignore_index=True)
    found = found.rename(columns={"printed_differ": "differs"})[["_figure", *CASE, "value", "place", "differs"]]
    found = asked.merge(found, on=["_figure", *CASE], how="left", validate="one_to_one")
    parts = np.arange(len(figures)) * len(of)
    return {figure.key: _taken(figure, found.iloc[start : start + len(of)]) for figure, start in zip(figures, parts, strict=True)}


def _taken(figure: Figure, found: pd.DataFrame) -> pd.DataFrame:
    """What is stated of one figure, as the figure is to be taken."""
    differs = found["differs"].eq(True).to_numpy()
    value = found["value"].mask(differs) if figure.take == "only" else found["value"]
    return pd.DataFrame({"value": value, "place": found["place"], "differs": differs & (figure.take == "first")})


def _stating(figures: Sequence[Figure], tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """The columns of the tables that say which figure a row states, and where."""
    columns: dict[str, dict[str, None]] = {}
    for source in (source for figure in figures for source in figure.sources):
        common = (name for name in ("fiscal_year", "year", "code", "scope", "origin", "place") if name in schema(source.table))
        columns.setdefault(source.table, {}).update(dict.fromkeys(["report_id", source.column, *dict(source.where), *common]))
    return {table: only(tables, table, " ".join(names)) for table, names in columns.items()}


def _rows(source: Source, table: pd.DataFrame) -> pd.DataFrame:
    """The rows that state a figure: report_id, scope, value, origin, place."""
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
        }
    )
