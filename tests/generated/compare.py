"""Truth and found rows as multisets, and the figures of tables that were lost without a word."""

from __future__ import annotations

import unicodedata
from collections import Counter
from dataclasses import asdict, dataclass, field

from jixiao.document import Cell, Document, Table
from jixiao.extract import Extraction
from jixiao.facts import TABLES
from jixiao.values import figure, printed

from .model import COMPARED, Truth

Key = tuple
SAME_SIGN = str.maketrans("≧≦", "≥≤")  # two shapes of one sign
SERIALS = {"序号", "编号", "行次", "栏次"}


@dataclass
class Outcome:
    """How one table of one document came out; `missing` and `extra` are rows with the columns of `COMPARED`."""

    right: int = 0
    missing: list[Key] = field(default_factory=list)
    extra: list[Key] = field(default_factory=list)

    def __iadd__(self, other: Outcome) -> Outcome:
        self.right += other.right
        self.missing += other.missing
        self.extra += other.extra
        return self

    @property
    def precision(self) -> float:
        return self.right / (self.right + len(self.extra)) if self.right + len(self.extra) else 1.0

    @property
    def recall(self) -> float:
        return self.right / (self.right + len(self.missing)) if self.right + len(self.missing) else 1.0


def compare(truth: Truth, found: Extraction) -> dict[str, Outcome]:
    """Each compared table's outcome. Rows without an amount say nothing about money and are left out on both sides."""
    outcomes = {}
    for table, rows in truth.rows.items():
        wanted = Counter(_key(table, row) for row in rows if _counts(table, row))
        got = Counter(_key(table, row) for row in _found(table, found) if _counts(table, row))
        outcomes[table] = Outcome(
            sum((wanted & got).values()), sorted((wanted - got).elements(), key=str), sorted((got - wanted).elements(), key=str)
        )
    return outcomes


def _found(table: str, found: Extraction) -> list[dict]:
    if table == "reports":
        return [asdict(found.report) | {"institute": found.institute, "fiscal_year": found.fiscal_year}]
    rows = [asdict(fact) for fact in found.facts if type(fact) is TABLES[table]]
    return [row for row in rows if table not in ("funds", "execution") or row["place"] is not None]  # sums that no source prints


def _counts(table: str, row: dict) -> bool:
    return table not in ("funds", "three_public") or row["amount_wan"] is not None


def _key(table: str, row: dict) -> Key:
    return tuple(_comparable(row[name]) for name in COMPARED[table])


def _comparable(value: object) -> object:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return round(float(value), 6) + 0.0
    return "".join(unicodedata.normalize("NFKC", str(value)).split()).translate(SAME_SIGN)


def lost(doc: Document, found: Extraction) -> list[tuple]:
    """The figures of tables that neither a row of the tidy tables nor an issue accounts for: (table, row, col, text)."""
    rows = [fact for fact in found.facts if getattr(fact, "place", None)]
    cells = {(place.table, place.row, place.col) for place in [f.place for f in rows] + [i.place for i in found.issues if i.place]}
    unclaimed = {issue.place.table for issue in found.issues if issue.code == "unclaimed_table"}
    told: dict[tuple, set] = {}
    for fact in rows:
        values = asdict(fact)
        told.setdefault((fact.place.table, fact.place.row), set()).update(v for v in values.values() if isinstance(v, float | str))
    staff = {found.report.staff_authorised, found.report.staff_actual}
    result = []
    for each in doc.tables:
        for cell in each.cells:
            value, where = figure(cell.text), (each.number, cell.row + 1)
            if value is None or each.number in unclaimed or (*where, cell.col + 1) in cells or value.value in staff:
                continue
            known = told.get(where, set())
            codes = "".join(text for text in known if isinstance(text, str) and text.isdigit())
            # a rate under a header that holds the percent sign is told as a fraction
            if {value.value, value.fraction, round(value.value / 100, 10), printed(cell.text)} & known or (
                printed(cell.text) or ""
            ) in codes:
                continue
            if not _numbers_only(each, cell):
                result.append((*where, cell.col + 1, cell.text))
    return result


def _numbers_only(table: Table, cell: Cell) -> bool:
    """Whether the cell only numbers a row or a column: below a header of serial numbers, or in a row that says 1, 2, 3."""
    above = (table.grid[row][cell.col] for row in range(cell.row))
    if any("".join(head.text.split()).rstrip("：:") in SERIALS for head in above if head):
        return True
    texts = [text for c in table.row(cell.row) if c.row == cell.row and (text := "".join(c.text.split()))]
    numbers = [text for text in texts if text not in SERIALS]
    return numbers == [str(i + 1) for i in range(len(numbers))]
