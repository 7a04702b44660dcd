"""One table while it is read: which cells were taken, what came out, and the sums of money in its cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from ..document import Cell, Document, Table
from ..facts import WHOLE, Activity, Issue
from ..layouts import Found, Use
from ..values import MONEY_WAN, Kind, figure, kind, plain, printed
from ..vocabulary import label, term, units

JUMP = (3000.0, 30000.0)  # amounts of one row that differ by so much differ by the factor of a unit, 10,000
SERIALS = {"序号", "编号", "行次", "栏次", "栏目"}  # columns that only number the rows
_CODE_STEPS = {"类", "款", "项"}


@dataclass
class Reading:
    """The state of reading one table of a document.

    `scope` and `fiscal_year` hold for the rows that come next; `stated_unit` is the unit of money that the surroundings state.
    """

    document: Document
    table: Table
    scope: str = WHOLE
    fiscal_year: int | None = None
    stated_unit: str | None = None
    section: str | None = None  # the title above the table
    section_stage: str | None = None
    taken: set[Cell] = field(default_factory=set)
    facts: list = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def place(self, cell: Cell):
        return self.document.place(self.table, cell)

    def issue(self, code: str, cell: Cell, message: str) -> None:
        self.issues.append(Issue(code=code, place=self.place(cell), printed=printed(cell.text), message=message))

    def cell(self, row: int, use: Use, short: int = 0) -> Cell | None:
        """The cell of `row` in the column `use`: the filled one where the column has several, None where it has none.

        `short` is by how many cells the row is shorter than the header (see `shortness`).
        """
        cells = list(dict.fromkeys(c for c in self.table.grid[row][max(0, use.start - short) : max(0, use.stop - short)] if c is not None))
        filled = [c for c in cells if c.text.strip()]
        return (filled or cells or [None])[0]

    def shortness(self, row: int, found: Found) -> int:
        """By how many cells the row of a total is shorter than the header: in a text dump its merged label (合计) is one cell, and
        all else stands further left."""
        filled = [] if self.table.aligned else [cell for cell in self.table.row(row) if cell.text.strip()]
        if not filled or not (term("totals", label(filled[0].text)) or term("items", label(filled[0].text)) == "年度资金总额"):
            return 0
        first = min(use.start for use in found.uses if use.column.stage or use.column.field in ("total", "part"))
        short = max(use.stop for use in found.uses) - max(cell.col + cell.colspan for cell in self.table.row(row))
        return short if 0 < short < first - filled[0].col else 0

    def numbers_columns(self, row: int, body: int) -> bool:
        """Whether a row only numbers the columns (栏次 | 1 | 2 | 3); its figures say nothing and count as taken."""
        cells = [cell for cell in self.table.row(row) if cell.text.strip()]
        figures = [cell for cell in cells if figure(cell.text)]
        named = [cell for cell in cells if cell not in figures]
        own = [label(cell.text).text for cell in named if cell.row == row]
        if not set(own) <= SERIALS | _CODE_STEPS or (not own and (row != body or len(figures) < 3)):
            return False
        if not figures or any(plain(cell.text) != str(i) for i, cell in enumerate(figures, start=1)):
            return False
        self.taken.update(figures)
        return True

    def counts(self, name: Cell, cells: list[tuple[Use, Cell]]) -> list[Activity]:
        """The counts of a row whose label names a unit of counting: 公务用车保有量(辆) between rows of money."""
        lab = label(name.text)
        unit = lab.full[len(lab.text) :].strip("()")
        if unit not in units("count"):
            return []
        found = []
        for _, cell in cells:
            if value := figure(cell.text):
                self.taken.add(cell)
                place = self.place(cell)
                fact = Activity(scope=self.scope, what=lab.text, value=value.value, unit=unit, printed=printed(cell.text), place=place)
                found.append(fact)
        return found

    def refuse_changes(self, found: Found, row: int) -> None:
        """Columns of changes (增减金额, 增减率) hold no figures of their own: each is an issue."""
        for use in found.uses:
            cell = self.cell(row, use) if use.column.field == "change" else None
            if cell is not None and figure(cell.text) and cell not in self.taken:
                self.taken.add(cell)
                self.issue("change_not_taken", cell, "A change between the columns beside it; no figure of its own, and not taken.")

    def block_unit(self, found: Found) -> str | None:
        """The unit that the header of a block states, in one of its cells or beside it (项目资金（万元）)."""
        for row in range(found.top, found.body):
            for cell in self.table.row(row):
                unit = label(cell.text).unit
                if unit in MONEY_WAN:
                    self.stated_unit = unit  # it holds for the blocks below too, unless they state another
                    return unit
        return self.stated_unit

    def amount(self, cell: Cell, use: Use, block_unit: str | None) -> tuple[float | None, str | None]:
        """What a cell of money says: 万元 and the unit it was read in; (None, None) for a blank, a mark or text.

        The cell's own unit goes before its column's, that before the block's. Where nobody states one it is read as 万元, the
        unit of the forms, and an issue says so.
        """
        self.taken.add(cell)
        found = figure(cell.text)
        if found is None:
            if kind(cell.text) is Kind.TEXT:
                self.issue("unread_text", cell, "Text stands where an amount is expected; read it in the source.")
            return None, None
        if found.unit in MONEY_WAN:
            return found.wan, found.unit
        if plain(cell.text).endswith("万"):
            return round(found.value / 1e4, 8), "万元"
        if found.unit is not None:
            self.issue("unread_figure", cell, f"The unit {found.unit!r} is not one of money; the figure was not taken as an amount.")
            return None, None
        unit = use.label.unit if use.label.unit in MONEY_WAN else block_unit
        if unit is None:
            self.unit_assumed = True
            unit = "万元"
        return round(found.value * MONEY_WAN[unit], 8), unit

    def compare_magnitudes(self, amounts: list[tuple[Cell, float | None]]) -> None:
        """An issue where amounts that stand side by side differ by about 10,000: one of them is in 元, the other in 万元."""
        told = sorted(((abs(amount), cell) for cell, amount in amounts if amount), key=lambda pair: pair[0])
        if len(told) < 2 or not JUMP[0] <= told[-1][0] / told[0][0] <= JUMP[1]:
            return
        middle = (told[0][0] * told[-1][0]) ** 0.5
        fewer = min([c for a, c in told if a < middle], [c for a, c in told if a > middle], key=len)
        for cell in fewer:
            self.issue(
                "unit_jump",
                cell,
                "About 10,000 times off the amounts beside it: 元 and 万元 may be mixed up. It was kept as printed.",
            )

    def _only_numbers_a_row(self, cell: Cell) -> bool:
        head = self.table.grid[0][cell.col]
        return head is not None and label(head.text).text in SERIALS

    unit_assumed: bool = False
    figure_cells: int = 0
    figure_cells_taken: int = 0

    def close(self, claimed: bool) -> None:
        """After all blocks were read: every figure that nothing took becomes an issue with its place."""
        every = [c for c in self.table.cells if figure(c.text) and not self._only_numbers_a_row(c)]
        figures = [c for c in every if c not in self.taken]
        self.figure_cells, self.figure_cells_taken = len(every), len(every) - len(figures)
        if not claimed:
            if figures:
                self.issue(
                    "unclaimed_table",
                    figures[0],
                    f"No layout claims this table; {len(figures)} figures in it were not read. See `jixiao explain`.",
                )
            return
        for cell in figures:
            self.issue("unread_figure", cell, "A figure in a known table that no column or row took; see `jixiao explain`.")
        if self.unit_assumed:
            self.issue("unit_not_stated", self.table.cells[0], "No unit of money is stated for this table; its amounts were read as 万元.")
