"""Reader for Word 97-2003 documents (.doc): paragraphs, and tables with every cell's row and column span.

`doc_binary` gives the text by position and the properties at a position; here marks become paragraphs, rows and cells
([MS-DOC] 2.4.3). Headers, footers, footnotes and comments are parts of their own behind the main text and are left out.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from jixiao.document import Cell, Document, Paragraph, ReadingError, Table
from jixiao.readers.blocks import Blocks, cell_text
from jixiao.readers.doc_binary import NOT_SHOWN, WordBinary, damaged
from jixiao.readers.doc_properties import (
    SPRM_P_IN_TABLE,
    SPRM_P_INNER_CELL,
    SPRM_P_INNER_ROW_END,
    SPRM_P_ROW_END,
    SPRM_T_DEFINITION,
    Properties,
    is_on,
)
from jixiao.readers.grid import TOLERANCE, grid_lines

PARAGRAPH_MARK = "\r"
CELL_MARK = "\x07"  # also the mark of a row's end, with sprmPFTtp
SECTION_MARK = "\x0c"  # also a page break
LINE_BREAK = "\x0b"
COLUMN_BREAK = "\x0e"
FIELD_BEGIN, FIELD_SEPARATOR, FIELD_END = "\x13", "\x14", "\x15"
# non-breaking and optional hyphen; pictures, references, fields and drawings have no text
_CHARACTERS = {ord(LINE_BREAK): "\n", ord(COLUMN_BREAK): "\n", 0x1E: "-", 0x1F: None, 0xA0: " "}
_CHARACTERS |= {code: None for code in range(0x20) if chr(code) not in "\t\n\x0b\x0e\x1e"}

# TCGRF (2.9.317)
HORIZONTAL_MERGE = 0x0003
VERTICAL_MERGE = 0x0060
VERTICAL_CONTINUED = 0x0020
TC80_SIZE = 20


@dataclass(frozen=True, slots=True)
class Row:
    """A table row as stored: `edges` (twips) are one more than the cells, `flags` one TCGRF a cell."""

    texts: tuple[str, ...]
    edges: tuple[int, ...]
    flags: tuple[int, ...]


def read(data: bytes, name: str) -> Document:
    """The document in `data`. Raises ReadingError: `damaged_file`, `encrypted_file`, `unsupported_format` (Word 6 or 95)."""
    try:
        blocks = _blocks(WordBinary(data))
    except ReadingError:
        raise
    except Exception as error:  # an offset of a damaged file may lead anywhere, within olefile too
        raise damaged(error) from error
    return Document(name, "doc", blocks)


def _blocks(word: WordBinary) -> tuple[Paragraph | Table, ...]:
    """Walk the marks of the main text: each ends a paragraph, a cell or a row. The text boxes follow."""
    blocks = Blocks()
    text = _without_instructions(word.shown_text())
    rows: list[Row] = []
    cells: list[str] = []
    pending = ""  # the paragraphs of a cell whose mark is still to come
    start = 0
    for position, mark in enumerate(word.text):
        if mark not in (PARAGRAPH_MARK, CELL_MARK, SECTION_MARK):
            continue
        piece = pending + _clean(text[start:position])
        pending, start = "", position + 1
        properties = word.paragraph_properties(position)
        if not is_on(properties, SPRM_P_IN_TABLE):
            _end_table(blocks, rows, cells)
            rows, cells = [], []
            blocks.paragraph(piece)
        elif mark != CELL_MARK:
            pending = piece + _inner_mark(properties)
        elif is_on(properties, SPRM_P_ROW_END):
            rows.append(_row(cells, properties))
            cells = []
        else:
            cells.append(cell_text(piece))
    _end_table(blocks, rows, cells)
    blocks.paragraph(pending + _clean(text[start:]))
    for line in _without_instructions(word.text_boxes).split(PARAGRAPH_MARK):
        blocks.paragraph(_clean(line))
    return blocks.all()


def _end_table(blocks: Blocks, rows: Sequence[Row], cells: Sequence[str]) -> None:
    """Add the table of `rows`; cells whose row never ended are no table, but their text is not lost."""
    blocks.table(_cells(rows))
    for text in cells:
        blocks.paragraph(text)


def _inner_mark(properties: Properties) -> str:
    """What the paragraph mark stands for in a cell's text: of a nested table, a tab after a cell, a line for a row."""
    row_end = is_on(properties, SPRM_P_INNER_ROW_END)
    return "\t" if is_on(properties, SPRM_P_INNER_CELL) and not row_end else "\n"


def _row(texts: Sequence[str], properties: Properties) -> Row:
    """The row that ends where `properties` apply; they hold its TDefTableOperand (2.9.321)."""
    definition = properties.get(SPRM_T_DEFINITION)
    if definition is None:
        raise damaged("a table row has no layout")
    count = definition[2]
    edges = struct.unpack_from(f"<{count + 1}h", definition, 3)
    descriptions = definition[3 + 2 * (count + 1) :]
    # a cell whose description is left out has none of the properties
    flags = [
        struct.unpack_from("<H", descriptions, start)[0] if start + 2 <= len(descriptions) else 0
        for start in range(0, TC80_SIZE * count, TC80_SIZE)
    ]
    return Row(tuple(texts), edges, tuple(flags))


def _cells(rows: Sequence[Row]) -> list[Cell]:
    """The cells of a table, each stated once with its spans: columns are found by the edges of all rows together."""
    lines = grid_lines(edge for row in rows for edge in row.edges)
    open_merges: dict[tuple[int, int], int] = {}
    cells: list[Cell] = []
    for number, row in enumerate(rows):
        still_open: dict[tuple[int, int], int] = {}
        for left, right, flags, text in _row_cells(row):
            col, end = bisect_right(lines, left) - 1, bisect_right(lines, right) - 1
            above = open_merges.get((col, end))
            if flags & VERTICAL_MERGE == VERTICAL_CONTINUED and above is not None:
                upper = cells[above]
                cells[above] = Cell(upper.row, upper.col, upper.text, upper.rowspan + 1, upper.colspan)
                still_open[col, end] = above
                continue
            if flags & VERTICAL_MERGE:
                still_open[col, end] = len(cells)
            cells.append(Cell(number, col, text, 1, end - col))
        open_merges = still_open
    return cells


def _row_cells(row: Row) -> list[tuple[int, int, int, str]]:
    """Left edge, right edge, flags and text of a row's cells, horizontally merged ones joined.

    Which value of horzMerge marks the first cell of a merged set differs between [MS-DOC] and its predecessor of 1997;
    the first cell of a run of such cells is one anyhow, and tells.
    """
    found: list[tuple[int, int, int, str]] = []
    first_value = 0
    hidden = ""  # a cell without width is not seen, but its text is not lost: the next cell takes it, or the last one
    for index, flags in enumerate(row.flags):
        left, right = row.edges[index], row.edges[index + 1]
        text = row.texts[index] if index < len(row.texts) else ""
        merge = flags & HORIZONTAL_MERGE
        if right - left <= TOLERANCE:
            hidden = cell_text(f"{hidden}\n{text}")
        elif merge and first_value and merge != first_value and found:
            before = found[-1]
            found[-1] = (before[0], right, before[2], cell_text(f"{before[3]}\n{hidden}\n{text}"))
            hidden = ""
        else:
            first_value = merge
            found.append((left, right, flags, cell_text(f"{hidden}\n{text}")))
            hidden = ""
    rest = cell_text("\n".join([hidden, *row.texts[len(row.flags) :]]))
    if rest and found:
        left, right, flags, text = found[-1]
        found[-1] = (left, right, flags, cell_text(f"{text}\n{rest}"))
    return found


def _without_instructions(text: str) -> str:
    """`text`, as long, without field instructions: what stands between a field's begin and its separator or end.

    A begin without an end is an ordinary character: it must not swallow the rest of the document.
    """
    chars = list(text)
    open_fields: list[list[int]] = []
    for position, char in enumerate(text):
        if char == FIELD_BEGIN:
            open_fields.append([position, -1])
        elif char == FIELD_SEPARATOR and open_fields:
            open_fields[-1][1] = position
        elif char == FIELD_END and open_fields:
            begin, separator = open_fields.pop()
            end = separator if separator >= 0 else position
            chars[begin : end + 1] = NOT_SHOWN * (end + 1 - begin)
    return "".join(chars)


def _clean(text: str) -> str:
    """`text` without characters that are none, the halves of surrogate pairs joined."""
    return text.translate(_CHARACTERS).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
