"""What is said about tables, and what tables say besides figures → `Statement`: notes that one is empty, words left of a template."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from ..document import Document, Place, Table, tidy
from ..facts import Statement
from ..layouts import Found
from ..values import figure
from .paragraph import AS_ASCII, pattern
from .statements import leftovers

NEAR = 4  # paragraphs below a table that may be its notes


def read_tables_notes(document: Document, blocks: Mapping[int, Sequence[Found]], sections: Mapping[int, str | None]) -> Iterator[Statement]:
    """The statements about each table, by the blocks found in it and the title above it."""
    table, since = None, 0
    for block in document.blocks:
        if isinstance(block, Table):
            table, since = block, 0
            section, count = sections[block.number], figures(block, blocks[block.number])
            if not any(found.block.reads == "indicators" for found in blocks[block.number]):  # the audit looks at their rows
                yield from _of_cells(document, block, section)
            if not count and any(found.block.reads == "matrix" for found in blocks[block.number]):
                yield _about("empty_table", document, block, section, count, "", document.place(block))
            continue
        since += 1
        if table and since <= NEAR and says_no_data(block.text):
            count = figures(table, blocks[table.number])
            yield _about("no_data", document, table, sections[table.number], count, block.text, document.place(block))


def _of_cells(document: Document, table: Table, section: str | None) -> Iterator[Statement]:
    for cell in table.cells:
        yield from leftovers(tidy(cell.text), lambda _, cell=cell: document.place(table, cell), section)


def _about(kind: str, document: Document, table: Table, section: str | None, count: int, printed: str, place: Place) -> Statement:
    return Statement(kind=kind, section=section, count=count, printed=printed, amount_place=document.place(table), place=place)


def says_no_data(text: str) -> bool:
    """Whether a paragraph says that a table is empty (故本表为空表)."""
    return pattern("no_data").search(text.translate(AS_ASCII)) is not None


def figures(table: Table, found: Sequence[Found]) -> int:
    """How many figures but zeros stand in the rows below the headers, the numbers of codes and rows left out."""
    count = 0
    for this in found:
        amounts = [use for use in this.uses if (use.column.field or use.column.name) not in ("code", "name", "line")]
        columns = {column for use in amounts for column in range(use.start, use.stop)}
        cells = {cell for row in range(this.body, this.end) for cell in table.row(row) if cell.col in columns}
        count += sum(1 for cell in cells if (value := figure(cell.text)) and value.value)
    return count
