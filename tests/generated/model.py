"""A drawn document: paragraphs and tables, and the rows of the data contract that it states (its truth)."""

from __future__ import annotations

from dataclasses import dataclass, field

from drawn import ABOVE, LEFT, table
from jixiao.document import Cell

__all__ = ["ABOVE", "LEFT", "Grid", "Made", "Truth", "blank_row", "fit"]

WHOLE = "整体"
COMPARED = {
    "reports": ("institute", "fiscal_year", "staff_authorised", "staff_actual"),
    "funds": ("scope", "item", "code", "year", "stage", "amount_wan"),
    "execution": ("scope", "initial_budget_wan", "revised_budget_wan", "executed_wan", "rate_printed", "rate", "weight", "score_printed"),
    "three_public": ("item", "year", "stage", "amount_wan"),
    "indicators": (
        *("scope", "level1", "level2", "level3", "target", "actual", "target_op", "target_value", "target_unit"),
        *("actual_value", "actual_unit", "weight", "score", "criterion"),
    ),
    "scores": ("scope", "name", "weight", "score"),
}


@dataclass
class Truth:
    """Rows by table under the contract's column names; a table that is not a key is not compared."""

    rows: dict[str, list[dict]] = field(default_factory=dict)

    def add(self, table: str, **values: object) -> None:
        unknown = set(values) - set(COMPARED[table])
        assert not unknown, f"{table} has no compared column {unknown}"
        self.rows.setdefault(table, []).append({name: values.get(name) for name in COMPARED[table]})

    def expect(self, *tables: str) -> None:
        """These tables are compared even where the document has no row of them."""
        for name in tables:
            self.rows.setdefault(name, [])


@dataclass
class Grid:
    """A table as rows of equal length (see `drawn`); the first `header` rows are those that a long table repeats on each page."""

    rows: list[list[str]]
    header: int = 1

    @property
    def cells(self) -> tuple[Cell, ...]:
        return table(self.rows).cells

    @property
    def width(self) -> int:
        return len(self.rows[0])


@dataclass
class Made:
    """A drawn document with its truth."""

    family: str
    seed: int
    blocks: list[str | Grid]
    truth: Truth


def fit(rows: list[list[str]], widths: list[int]) -> list[list[str]]:
    """The rows on a finer grid: column i becomes `widths[i]` columns, its cells merged over them."""
    return [[part for cell, count in zip(row, widths, strict=True) for part in (cell, *[LEFT] * (count - 1))] for row in rows]


def blank_row(width: int) -> list[str]:
    return [""] * width
