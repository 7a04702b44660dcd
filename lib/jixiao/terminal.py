"""A document as lines for a terminal: what the program sees of a file, for `jixiao read`."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterator

from .document import Cell, Document, Paragraph, Table, tidy
from .layouts import find_blocks

LEFT, ABOVE = "←", "↑"  # a position that the cell to the left, or above, covers
NOTHING = "×"  # a position without a cell; a blank cell is blank
NARROWEST = 4

_PIECES = re.compile(r"[!-~]+|.", re.DOTALL)


def lines(document: Document, width: int | None = None) -> Iterator[str]:
    """The document block by block: paragraphs with their number, tables as grids with the blocks that layouts find in them."""
    width = width or shutil.get_terminal_size((140, 24)).columns
    pages = f", {document.pages} pages" if document.pages else ""
    yield f"{document.name}: {document.format}{pages}, {len(document.paragraphs)} paragraphs, {len(document.tables)} tables"
    if document.read_by_ocr:
        yield f"pages read by character recognition: {', '.join(map(str, document.read_by_ocr))}"
    if document.unread_pages:
        yield f"pages without text: {', '.join(map(str, document.unread_pages))}"
    for block in document.blocks:
        if isinstance(block, Paragraph):
            yield from _paragraph(block, width)
        else:
            yield ""
            yield from _table(document, block, width)
            yield ""


def _paragraph(paragraph: Paragraph, width: int) -> Iterator[str]:
    page = f" p.{paragraph.page}" if paragraph.page else ""
    head = f"¶{paragraph.number}{page}  "
    for number, line in enumerate(wrap(paragraph.text, max(width - len(head), NARROWEST))):
        yield (head if number == 0 else " " * len(head)) + line


def _table(document: Document, table: Table, width: int) -> Iterator[str]:
    rows, cols = table.shape
    yield f"{document.place(table)}  {rows} rows, {cols} columns"
    found = find_blocks(table)
    for block in found:
        columns = ", ".join(f"{use.column.name} = col {_span(use.start, use.stop)}" for use in block.uses)
        yield f"  {block.block.name}: header rows {_span(block.top, block.body)}, rows {_span(block.body, block.end)}: {columns}"
    if not found:
        yield "  no layout claims it"
    texts = [[_shown(cell, row, col) for col, cell in enumerate(cells)] for row, cells in enumerate(table.grid)]
    room = _widths(texts, width - len(str(rows)) - 1)
    yield " " * len(str(rows)) + "│" + "│".join(pad(str(col), space) for col, space in enumerate(room, 1))
    for number, row in enumerate(texts, 1):
        yield from _row(number, row, room, len(str(rows)))


def _row(number: int, texts: list[str], room: list[int], margin: int) -> Iterator[str]:
    wrapped = [wrap(text, space) for text, space in zip(texts, room, strict=True)]
    for line in range(max(map(len, wrapped), default=0)):
        pieces = (pad(cell[line] if line < len(cell) else "", space) for cell, space in zip(wrapped, room, strict=True))
        yield f"{number if line == 0 else '':>{margin}}│" + "│".join(pieces)


def _shown(cell: Cell | None, row: int, col: int) -> str:
    if cell is None:
        return NOTHING
    if cell.row < row:
        return ABOVE
    return tidy(cell.text) if cell.col == col else LEFT


def _span(start: int, stop: int) -> str:
    """Rows or columns from 0, half open, as places count them: from 1, the last one included."""
    return str(stop) if stop - start == 1 else f"{start + 1}-{stop}"


def _widths(texts: list[list[str]], width: int) -> list[int]:
    """Widths for the columns: what they need, the widest narrowed until all stand side by side."""
    room = [max(1, *(columns(text) for text in column)) for column in zip(*texts, strict=True)]
    while room and sum(room) + len(room) - 1 > width and max(room) > NARROWEST:
        room[room.index(max(room))] -= 1
    return room


def columns(text: str) -> int:
    """How many columns of a terminal `text` takes: a Chinese character takes two."""
    return sum(_width(char) for char in text)


def _width(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def pad(text: str, width: int) -> str:
    return text + " " * (width - columns(text))


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` columns. Chinese breaks anywhere; a number or word only where it fits no line."""
    result, line = [], ""
    for piece in _PIECES.findall(text):
        if columns(line) + columns(piece) > width and line:
            result.append(line)
            line = ""
        line += piece
        while columns(line) > width and len(line) > 1:
            result.append(line[:width])
            line = line[width:]
    return [*result, line]
