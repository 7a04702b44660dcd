"""The paragraphs and tables of a web page's content, in order; tables that only arrange the page are looked through."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from jixiao.document import Cell
from jixiao.readers.blocks import Blocks, cell_text

Element = etree._Element

# what begins and ends a paragraph; any other element, known or not (Word's st1:chsdate), is a part of one
_BLOCKS = {
    *("address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "dir", "div", "dl", "dt", "fieldset"),
    *("figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li", "main", "menu", "nav"),
    *("ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul"),
}
_WITHOUT_TEXT = {"rt", "rp", "head", "script", "style"}
_MAX_SPAN = 1000  # of columns; browsers keep to it as well
_MAX_CELLS = 500_000
_MAX_NESTING = 40
_PROSE = 300  # characters of running text in one cell: no table of figures has that as its larger part
_BREAK, _END = "\n", "\0"  # a line break, and the end of a paragraph
_NEW_PARAGRAPH = re.compile(r"\n(?=[\u3000\xa0]{2})|\n(?:[ \xa0\u3000]*\n)+|\0")
_WHITE = re.compile(r"[ \t\r\n\f]+")


def add_blocks(container: Element, blocks: Blocks, nesting: int = 0) -> None:
    """Add what `container` holds to `blocks`."""
    if container.tag == "table":
        _add_table(container, blocks, nesting)
        return
    pieces: list[str] = []
    for piece in _pieces(container):
        if isinstance(piece, str):
            pieces.append(piece)
        else:
            _flush(pieces, blocks)
            _add_table(piece, blocks, nesting)
    _flush(pieces, blocks)


def _flush(pieces: list[str], blocks: Blocks) -> None:
    for text in _NEW_PARAGRAPH.split("".join(pieces)):
        blocks.paragraph(text)
    pieces.clear()


def _pieces(container: Element) -> Iterator[str | Element]:
    """The text inside an element, its breaks as marks, and its outermost tables, in order."""
    inside_table: Element | None = None
    skipped: Element | None = None
    verbatim = 0
    for event, element in etree.iterwalk(container, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if inside_table is None and skipped is None:
                if tag == "table" and element is not container:
                    inside_table = element
                    yield element
                elif tag in _WITHOUT_TEXT:
                    skipped = element
                else:
                    verbatim += tag in ("pre", "textarea")
                    yield _opening(tag)
                    yield _text(element.text, verbatim)
            continue
        if element is inside_table:
            inside_table = None
        elif element is skipped:
            skipped = None
        elif inside_table is None and skipped is None:
            verbatim -= tag in ("pre", "textarea")
            yield _opening(tag) if tag != "br" else ""
        if inside_table is None and skipped is None and element is not container:
            yield _text(element.tail, verbatim)


def _opening(tag: str) -> str:
    if tag == "br":
        return _BREAK
    return _END if tag in _BLOCKS else ""


def _text(text: str | None, verbatim: int) -> str:
    if not text:
        return ""
    return text.replace("\r\n", "\n") if verbatim else _WHITE.sub(" ", text)


def _add_table(table: Element, blocks: Blocks, nesting: int) -> None:
    caption = table.find("caption")
    if caption is not None:
        blocks.paragraph("".join(caption.itertext()))
    rows = list(_rows(table))
    every = [cell for _, cells in rows for cell in cells]
    holders = [cell for cell in every if next(cell.iter("table"), None) is not None] if nesting < _MAX_NESTING else []
    texts = {cell: _content(cell, whole=cell not in holders) for cell in every}
    if nesting < _MAX_NESTING and _only_arranges(texts, holders):
        for _, cells in rows:
            for cell in cells:
                add_blocks(cell, blocks, nesting + 1)
        return
    blocks.table(_cells(rows, texts))
    for cell in holders:
        for inner in _pieces(cell):
            if not isinstance(inner, str):
                _add_table(inner, blocks, nesting + 1)


def _only_arranges(texts: dict[Element, str], holders: list[Element]) -> bool:
    """Whether a table arranges parts of the page: it holds tables and hardly a figure itself, one cell, or one long text."""
    filled = [text for cell, text in texts.items() if text and cell not in holders]
    if holders:
        return sum(1 for text in filled if _is_short_figure(text)) < 3
    if len(filled) < 2:
        return len(texts) < 2 or any(len(text) > _PROSE for text in filled)
    total = sum(map(len, filled))
    prose = max(len(text) for text in filled)
    return prose > _PROSE and prose > 0.7 * total and sum(1 for text in filled if _is_short_figure(text)) < 3


def _is_short_figure(text: str) -> bool:
    return len(text) < 20 and text[-1:] in "0123456789%％" and any(char.isdigit() for char in text)


def _rows(table: Element) -> Iterator[tuple[int, list[Element]]]:
    """The rows of a table with the number of their group: spans of rows end with a group (thead, tbody, tfoot)."""
    group = 0
    for child in table:
        if child.tag == "tr":
            yield group, _row_cells(child)
        elif child.tag in ("thead", "tbody", "tfoot"):
            group += 1
            for row in child:
                if row.tag == "tr":
                    yield group, _row_cells(row)
            group += 1


def _row_cells(row: Element) -> list[Element]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _cells(rows: list[tuple[int, list[Element]]], texts: dict[Element, str]) -> list[Cell]:
    """The cells with their spans and texts."""
    cells: list[Cell] = []
    below: list[int] = []  # by column: how many rows a cell from above still reaches down
    ends = {group: number + 1 for number, (group, _) in enumerate(rows)}
    for number, (group, elements) in enumerate(rows):
        col = 0
        down: list[tuple[int, int, int]] = []
        for element in elements:
            while col < len(below) and below[col] > 0:
                col += 1
            colspan = min(_span(element, "colspan"), _MAX_SPAN)
            # a cell from above ends a span that would run into it
            colspan = next((n for n in range(1, colspan) if col + n < len(below) and below[col + n] > 0), colspan)
            rowspan = min(_span(element, "rowspan") or ends[group], ends[group] - number)
            cells.append(Cell(number, col, texts[element], rowspan, max(1, colspan)))
            down.append((col, max(1, colspan), rowspan))
            col += max(1, colspan)
            if len(cells) > _MAX_CELLS:
                raise ValueError(f"a table of more than {_MAX_CELLS} cells")
        below = [max(0, left - 1) for left in below]
        for start, width, rowspan in down:
            below += [0] * (start + width - len(below))
            below[start : start + width] = [rowspan - 1] * width
    return _cut(cells)


def _span(element: Element, name: str) -> int:
    match = re.match(r"\s*(\d{1,6})", element.get(name) or "")
    return int(match[1]) if match else 1


def _cut(cells: list[Cell]) -> list[Cell]:
    """The cells, columns cut that only spans claim: a title over 100 columns of a table that has 8."""
    width = max((cell.col + (cell.colspan if cell.colspan < 3 else 1) for cell in cells), default=0)
    return [Cell(c.row, c.col, c.text, c.rowspan, width - c.col) if c.col + c.colspan > width else c for c in cells]


def _content(cell: Element, whole: bool) -> str:
    """A cell's text, a line a paragraph; of a table inside a line a row where the `whole` is asked for, else nothing."""
    parts: list[str] = []
    for piece in _pieces(cell):
        if isinstance(piece, str):
            parts.append(piece.replace(_END, "\n"))
        elif whole:
            parts += ["\n", "\n".join("\t".join(cell_text("".join(c.itertext())) for c in row) for _, row in _rows(piece)), "\n"]
    lines = (line.replace("\xa0", " ").strip(" \u3000") for line in "".join(parts).split("\n"))
    return cell_text("\n".join(line for line in lines if line))
