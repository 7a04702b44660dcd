"""What the sentences of several topics share: how rows are named in them."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from ..facts import WHOLE
from ..words import Named, missing, money, names, say, written


def year_column(frame: pd.DataFrame) -> str:
    """The column that holds the rows' year: `year` of a figure, else `fiscal_year` of its report."""
    return "year" if "year" in frame else "fiscal_year"


def case(row: pd.Series, language: str, among: pd.DataFrame) -> str:
    """A row's institute, with its year where the rows `among` which it stands are of several years; nothing for no row."""
    if row.empty:
        return ""
    year = year_column(among)
    key = "case" if among[year].nunique() > 1 else "case_alone"
    return say(key, language, institute=row["institute"], year=row[year])


def cases(rows: pd.DataFrame, language: str, among: pd.DataFrame) -> Named:
    """The institutes of `rows`, each once, with the year where the rows `among` which they stand are of several."""
    year = year_column(among)
    key = "case" if among[year].nunique() > 1 else "case_alone"
    named = rows[["institute", year]].drop_duplicates()
    counted = "institute" if named["institute"].is_unique else "case"
    return Named(named, lambda institute, of_year: say(key, language, institute=institute, year=of_year), counted)


def forms(
    rows: pd.DataFrame, language: str, among: pd.DataFrame, also: str = "", told: Callable[..., str] | None = None, counted: str = "form"
) -> Named:  # fmt: skip
    """The rows' forms: the institute, the project's name where the form is a project's, and the year where `among` has several.

    `told` makes more of a form's name and of the columns `also`; what the names then stand for is `counted`.
    """
    key = "case" if among["fiscal_year"].nunique() > 1 else "case_alone"

    def named(institute: str, scope: str, year: int, *more: object) -> str:
        whole = missing(institute) or scope == WHOLE
        name = say(key, language, institute=institute if whole else f"{institute} · {scope}", year=year)
        return name if told is None else told(name, *more)

    return Named(rows[["institute", "scope", "fiscal_year", *also.split()]], named, counted)


def teller(key: str, language: str, *fields: str) -> Callable[..., str]:
    """What words the values of a row by the text `key`, whose fields they fill in in this order."""
    return lambda *values: say(key, language, **dict(zip(fields, values, strict=True)))


def first_of(rows: pd.DataFrame) -> pd.Series:
    """The first row, or one without any value."""
    return rows.iloc[0] if len(rows) else pd.Series(dtype=object)


def tied(rows: pd.DataFrame, column: str, size: bool = False) -> pd.DataFrame:
    """Those of `rows`, which stand in the order of `column`, that have the value of the first: who ties is named together.

    `size`: values of one size tie whatever their sign.
    """
    value = rows[column].astype("float64").round(6)
    value = value.abs() if size else value
    return rows[value.eq(value.iloc[0])] if len(rows) else rows


def ends(rows: pd.DataFrame, column: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Those of `rows` that have the highest value of `column`, and those that have the lowest; rows without one are neither."""
    known = rows.dropna(subset=[column]).sort_values(column, kind="stable")
    lowest, highest = tied(known, column), tied(known[::-1], column)
    return highest.sort_index(kind="stable"), lowest.sort_index(kind="stable")


def most_frequent(values: pd.Series) -> tuple[list, int]:
    """The values that occur most often, all that tie in the order in which they stand, and how often each of them does."""
    counts = values.value_counts(sort=False)
    most = int(counts.max()) if len(counts) else 0
    return counts.index[counts.eq(most)].tolist(), most


def either_way(values: pd.Series, how: str, language: str) -> str:
    """The change that `values` of one size share, with its sign; with ± where some rose and some fell. `how` is a kind, or `wan`."""
    if values.empty or missing(values.iloc[0]):
        return ""
    write = money if how == "wan" else lambda value, language, sign=False: written(value, how, language)
    text = write(float(values.iloc[0]), language, sign=True)
    return "±" + text.lstrip("+−") if values.gt(0).any() and values.lt(0).any() else text


def clauses(language: str, **counts: int) -> str:
    """How many there are of each, those of which there are none left out. Each name is a text of `words.toml`."""
    return ("，" if language == "zh" else ", ").join(say(key, language, count=count) for key, count in counts.items() if count)


def moves_of(key: str, change: pd.Series, language: str) -> str:
    """How many rose, fell and stayed: the texts `key`_up, _down and _same."""
    counts = {"up": change.gt(0), "down": change.lt(0), "same": change.eq(0)}
    return clauses(language, **{f"{key}_{name}": int(rows.sum()) for name, rows in counts.items()})


def join(*sentences: str, language: str) -> str:
    """Sentences one after the other, those that say nothing left out."""
    return ("" if language == "zh" else " ").join(filter(None, sentences))


def year_span(years: pd.Series, language: str) -> str:
    """Years in words: `2020、2021、2024`, or first–last where they follow each other."""
    found = sorted({int(year) for year in years.dropna()})
    if len(found) > 2 and found[-1] - found[0] == len(found) - 1:
        return f"{found[0]}—{found[-1]}" if language == "zh" else f"{found[0]}–{found[-1]}"
    return names(found, language, most=12)


def moved(now: float, before: float, language: str) -> str:
    """What an amount (万元) did against the one before: up, down, level, or up from nothing."""
    change = round(now - before, 2)
    if change == 0:
        return say("moved_same", language)
    if before == 0:
        return say("moved_from_zero", language, amount=change)
    key = "moved_up" if change > 0 else "moved_down"
    return say(key, language, amount=abs(change), share=abs(change / before))
