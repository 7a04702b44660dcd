"""Which labels of a file are not known, the nearest known ones, and a declaration to paste: for the person who adds a layout.

Nearness only suggests here. Nothing that this module finds is ever taken for a meaning by the parser.
"""

from __future__ import annotations

from dataclasses import dataclass

from rapidfuzz import fuzz, process

from .document import Cell, Document, Table, tidy
from .layouts import Found, blocks, find_blocks
from .values import Kind, figure, kind
from .vocabulary import LABELS, is_label, label, spellings

LONGEST_LABEL = 24  # characters; longer cells are prose
SHOWN = 3
NEAR_ENOUGH = 50.0


@dataclass(frozen=True)
class Unknown:
    """A label that nothing claims: its cell, the part it plays (column, row, table), and the block it stands in."""

    table: Table
    cell: Cell
    part: str
    found: Found | None = None

    @property
    def text(self) -> str:
        return tidy(self.cell.text)


def explain(document: Document) -> str:
    """A text for a person: every unknown label with its place, the nearest known labels, and lines of TOML to paste."""
    unknown = [u for table in document.tables for u in unknown_labels(table)]
    counts = [f"{document.name}: {len(document.tables)} tables, {sum(len(find_blocks(t)) for t in document.tables)} known blocks in them"]
    if not document.tables:
        counts.append("There is no table in it; what its prose says is read by lib/jixiao/extract/sentences.toml.")
    if not unknown:
        return "\n".join([*counts, "Every label is known."])
    lines = [*counts, f"{len(unknown)} labels are not known:", ""]
    for each in unknown:
        lines.append(f"  {document.place(each.table, each.cell)}  {each.text}  ({each.part})")
        lines += [f"      near: {text}  {where}" for text, where in nearest(each)]
    lines += ["", "To teach them, paste what is right and correct the rest:", "", declaration(unknown)]
    return "\n".join(lines)


def unknown_labels(table: Table) -> list[Unknown]:
    """The labels of a table that no block, item, level or role claims."""
    found = find_blocks(table)
    if not found:
        return [Unknown(table, cell, "table") for cell in table.cells if cell.row < 3 and _is_label(cell) and not _is_known(cell)]
    result = []
    for this in found:
        claimed = {cell for use in this.uses for row in range(this.top, this.body) for cell in table.grid[row][use.start : use.stop]}
        first = min(use.start for use in this.uses)
        for cell in _cells(table, this.top, this.body):
            below = cell.row + cell.rowspan
            figures = below < this.end and any(c and figure(c.text) for c in table.grid[below][cell.col : cell.col + cell.colspan])
            if cell not in claimed and cell.col >= first and figures and _is_label(cell):
                result.append(Unknown(table, cell, "column", this))
        if this.block.reads in ("amounts", "halves"):
            result += [Unknown(table, cell, "row", this) for cell in _row_labels(table, this) if not _is_known(cell)]
    return result


def _cells(table: Table, top: int, end: int) -> list[Cell]:
    return list(dict.fromkeys(cell for row in range(top, end) for cell in table.row(row)))


def _row_labels(table: Table, found: Found) -> list[Cell]:
    first = min((use.start for use in found.uses if use.column.stage), default=0)
    limit = table.shape[1] if found.block.reads == "halves" else first
    return [c for c in _cells(table, found.body, found.end) if c.row >= found.body and c.col < limit and _is_label(c)]


def _is_label(cell: Cell) -> bool:
    text = tidy(cell.text)
    return 1 < len(text) <= LONGEST_LABEL and kind(text) is Kind.TEXT and not text.endswith("。")


def _is_known(cell: Cell) -> bool:
    text = label(cell.text).text
    return is_label(cell.text) or any(text in c.labels for b in blocks() for c in b.columns.values())


def _candidates(part: str) -> dict[str, str]:
    """Known label → where it is declared."""
    known = {}
    if part in ("column", "table"):
        known |= {text: f"layouts [{b.name}.columns] {c.name}" for b in blocks() for c in b.columns.values() for text in c.labels}
    if part in ("row", "table"):
        known |= {text: f"vocabulary.toml [{s}] {standard}" for s in LABELS for text, standard in spellings(s).items()}
    return known


def nearest(unknown: Unknown) -> list[tuple[str, str]]:
    """The known labels nearest to an unknown one, best first, each with the place of its declaration."""
    known = _candidates(unknown.part)
    hits = process.extract(label(unknown.text).text, list(known), scorer=fuzz.ratio, limit=SHOWN, score_cutoff=NEAR_ENOUGH)
    return [(text, known[text]) for text, _, _ in hits]


def declaration(unknown: list[Unknown]) -> str:
    """Lines of TOML for the unknown labels: spellings for rows, labels for columns, a block for a table that nothing claims."""
    lines: list[str] = []
    if rows := [u for u in unknown if u.part == "row"]:
        lines.append("# lib/jixiao/vocabulary.toml, under [items]: beside the term that it means, or a term of its own")
        lines += [*dict.fromkeys(_item_line(u) for u in rows), ""]
    for block, text in dict.fromkeys((u.found.block.name, label(u.text).text) for u in unknown if u.found and u.part == "column"):
        lines.append(f"# lib/jixiao/layouts: in [{block}.columns], add the label to the column that it means")
        lines += [f"labels = [..., {_quoted(text)}]", ""]
    for number in dict.fromkeys(u.table.number for u in unknown if u.part == "table"):
        labels = [label(u.text).text for u in unknown if u.part == "table" and u.table.number == number]
        lines += _block_lines(number, list(dict.fromkeys(labels)))
    return "\n".join(lines)


def _item_line(unknown: Unknown) -> str:
    text = label(unknown.text).text
    near = next((where.split("] ")[1] for _, where in nearest(unknown) if "[items]" in where), None)
    return f"{_quoted(near)} = [..., {_quoted(text)}]" if near else f"{_quoted(text)} = []"


def _block_lines(number: int, labels: list[str]) -> list[str]:
    required = ", ".join(f'["column_{i}"]' for i in range(1, min(3, len(labels) + 1)))
    columns = [f'column_{i} = {{ stage = "executed", labels = [{_quoted(text)}] }}' for i, text in enumerate(labels, start=1)]
    return [
        f"# a new file lib/jixiao/layouts/NAME.toml for table {number}: keep the columns that tell it from others, say what each means",
        "[NAME]",
        'reads = "amounts"',
        f"requires = [{required}]",
        "",
        "[NAME.columns]",
        *columns,
        "",
    ]


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
