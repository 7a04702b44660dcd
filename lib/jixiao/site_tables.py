"""The pages of the site that show a table of the data: to sort, search and download, with what its columns hold.

The rows of a short table stand in its page. Those of a long one stand in it as data, from which its script shows a part at a time.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from . import store
from .dictionary import Column, columns, row_of
from .site_pages import DATA, Edition, Exported, cut, page
from .stored import BY_YEAR
from .words import missing, number, width

MOST_ROWS = 50_000  # of a table on its page: what a browser searches at once and a page of some MB holds
STANDING = 200  # rows that stand in a page, which is what it shows where no script may run
WIDEST = 14  # Chinese characters of a column before its texts are broken over lines


def export(tables: Iterable[tuple[str, pd.DataFrame]], folder: Path) -> list[Exported]:
    """Write the tables into `folder` for other programs; of each the rows that its page shows are kept in memory."""
    heads, counts = {}, {}

    def passing() -> Iterator[tuple[str, pd.DataFrame]]:
        for table, frame in tables:
            heads[table], counts[table] = frame.head(MOST_ROWS).copy(), len(frame)
            yield table, frame

    left_out = store.write(passing(), folder)
    return [Exported(table, heads[table], counts[table], table in left_out, _parts(folder, table)) for table in heads]


def _parts(folder: Path, table: str) -> tuple[tuple[str, str], ...]:
    """The files by year of a table that is no single file, with their years (blank: none)."""
    if (folder / f"{table}.csv").is_file():
        return ()
    found = sorted((folder / BY_YEAR / table).rglob("*.parquet"))
    years = [path.parent.name.partition("=")[2] for path in found]
    return tuple((year if year.isdigit() else "", path.relative_to(folder).as_posix()) for year, path in zip(years, found, strict=True))


def table_html(exported: Exported, edition: Edition) -> str:
    """One table to sort and search, with what its columns hold."""
    table, rows = exported.table, exported.head
    words, language, shown = edition.words, edition.language, columns(table)
    cells = [[_cell(column, value, words) for value in rows[column.name].head(STANDING)] for column in shown]
    widths = [round(min(max((width(cell.text) for cell in column), default=0), WIDEST) + 1.5, 1) for column in cells]  # and the padding
    return page(
        "site_table.html.j2", edition, "table", f"{DATA}-{table}", f"{words['data']} · {table}", name=table,
        row_of=row_of(table, language), rows=list(zip(*cells, strict=True)), columns=shown, widths=widths, exported=exported,
        cut=cut(exported.rows, len(rows), words),
        data=_data(rows, shown, words) if len(rows) > STANDING else "", unscripted=words["no_script"].format(count=STANDING),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    attributes: str = ""  # of the element, as HTML


def _cell(column: Column, value: Any, words: Mapping[str, str]) -> Cell:
    from markupsafe import Markup

    if missing(value):
        return Cell("", Markup(' class="number"') if column.numeric else "")
    if column.numeric:
        text = str(value) if column.dtype == "Int64" else number(value, 6)
        return Cell(text, Markup(f' class="number" data-value="{escape(repr(float(value)))}"'))
    if value == "":
        return Cell(_blank(column, words), Markup(' class="blank"'))
    return Cell(str(value))


def _blank(column: Column, words: Mapping[str, str]) -> str:
    """How a text without characters is shown: only of characters of the source is it a finding."""
    return words["blank"] if column.name == "printed" else ""


def _data(rows: pd.DataFrame, shown: tuple[Column, ...], words: Mapping[str, str]) -> Any:
    """The rows as JSON for the script: of each column its different values, and which of them each row has (−1: none)."""
    from markupsafe import Markup

    found = []
    for column in shown:
        codes, values = pd.factorize(rows[column.name])
        kind = {"Int64": "integer", "float64": "number"}.get(column.dtype, "text")
        plain = values.tolist() if column.numeric else [str(value) for value in values]
        found.append({"kind": kind, "blank": _blank(column, words), "values": plain, "at": codes.tolist()})
    text = json.dumps({"count": len(rows), "columns": found}, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # no text of a report ends the element that holds it
