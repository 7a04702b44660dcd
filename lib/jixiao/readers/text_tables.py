"""The tables of a text dump: stretches of lines as rows, the forms that follow one another told apart."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from jixiao.document import Cell, tidy
from jixiao.page_breaks import mend_page_break
from jixiao.readers.blocks import Blocks, cell_text
from jixiao.values import figure
from jixiao.vocabulary import is_label, term

ROW_LINE = "row"
CELL_LINE = "cell"

_TITLE = re.compile(r".{2,40}表(?:[（(].{1,20}[）)])?")
_CLOSING = re.compile(r"(?:总分|总计|合计|总得分|综合得分)[：:]?")
_ATTACHMENT = re.compile(r"附[件表]\s*[\d一二三四五六七八九十]*(?:[-－]\d+)?[：:]?")
_NUMBERING = re.compile(r"[（(]?[\d一二三四五六七八九十]*[)）.．、]*|[①-⑳]")
# cells of a table are labels and numbers; indented prose has long lines that end a sentence
_SENTENCE = re.compile(r".{40,}|.*[。；;]$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TextRow:
    """A table row as its cells' texts; `after_gap` is true where an empty line stands before it."""

    texts: tuple[str, ...]
    after_gap: bool = False

    @property
    def only_text(self) -> str:
        """The row's text where it has a single cell that is not blank, else ""."""
        filled = [text for text in self.texts if text]
        return tidy(filled[0]) if len(filled) == 1 else ""


def add_row_lines(lines: Sequence[str], blocks: Blocks) -> bool:
    """Add the tables of a stretch with a row a line; false, and nothing added, where it is prose with tabs in it.

    That is a single line (单位名称 and 单位：万元 on one line), or numbers that a tab sets off from their paragraphs.
    An empty line within the stretch is a page break.
    """
    rows = list(_rows_of_lines(lines))
    if len(rows) < 2 or all(len(row.texts) == 2 and _NUMBERING.fullmatch(row.texts[0]) for row in rows):
        return False
    for table in _tables_by_width(rows):
        for form in _forms(table):
            _add(form, blocks, mend=True)
    return True


def add_cell_lines(lines: Sequence[str], blocks: Blocks) -> bool:
    """Add the tables of a stretch with a cell a line; false, and nothing added, where it is indented prose."""
    rows = list(_rows_of_cells(lines))
    texts = [text for row in rows for text in row.texts]
    sentences = sum(1 for text in texts if _SENTENCE.fullmatch(text))
    if max((len(row.texts) for row in rows), default=0) < 2 or 2 * sentences > len(texts):
        return False
    for form in _forms(rows):
        _add(form, blocks, mend=False)
    return True


def is_blank(line: str) -> bool:
    """Whether the line is empty; a tab alone is an empty cell."""
    return not line.strip() and "\t" not in line


def _rows_of_lines(lines: Sequence[str]) -> Iterator[TextRow]:
    """The rows of all pages; the first one of a page stands after a gap."""
    keeps_ends = any(line.endswith("\t") for line in lines)
    for number, (blank, page) in enumerate(groupby(lines, is_blank)):
        if not blank:
            rows = list(page)
            for index, row in enumerate(_joined(rows) if keeps_ends else rows):
                yield TextRow(tuple(map(cell_text, row.split("\t"))), after_gap=number > 0 and index == 0)


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """The lines of a page, those joined that a line break within a cell cut in two.

    That can be told only where the dump keeps the empty cells at a row's end: there a line with too few tabs, which ends
    and goes on within a cell, is a part of a row.
    """
    counts = Counter(line.count("\t") for line in lines)
    full = max(counts, key=lambda tabs: (counts[tabs], tabs))
    pending = ""
    for line in lines:
        if pending and not line.startswith("\t") and (pending + line).count("\t") <= full:
            line = f"{pending}\n{line}"
        elif pending:
            yield pending
        pending = ""
        if 0 < line.count("\t") < full and not line.endswith("\t"):
            pending = line
        else:
            yield line
    if pending:
        yield pending


def _rows_of_cells(lines: Sequence[str]) -> Iterator[TextRow]:
    """The rows; a line that does not start with a tab is more of the cell above it."""
    texts: list[str] = []
    for line in [*lines, ""]:
        if line.startswith("\t"):
            texts.append(line[1:])
        elif line.strip():
            texts[-1] += "\n" + line
        elif texts:
            yield TextRow(tuple(map(cell_text, texts)))
            texts = []


def _tables_by_width(rows: Sequence[TextRow]) -> Iterator[list[TextRow]]:
    """Cut where an empty line stands and the number of columns changes: another table begins."""
    table: list[TextRow] = []
    for row in rows:
        if table and row.after_gap and len(row.texts) != len(table[-1].texts):
            yield table
            table = []
        table.append(row)
    if table:
        yield table


def _forms(rows: Sequence[TextRow]) -> Iterator[list[TextRow]]:
    """Cut where another form begins: at a row that repeats the first form's title, or at a title below a closing row.

    A row that only numbers the attachment (附件1：) belongs to the form below it.
    """
    start = 0
    first = next((row.only_text for row in rows if not _is_attachment(row)), "")
    for number in range(1, len(rows)):
        title = rows[number].only_text
        begin = number
        while begin > start and _is_attachment(rows[begin - 1]):
            begin -= 1
        if begin <= start or not title:
            continue
        closed = begin < number or _is_closing(rows[begin - 1])
        if (_TITLE.fullmatch(title) and closed) or (title == first and len(title) > 3):
            yield list(rows[start:begin])
            start = begin
    yield list(rows[start:])


def _is_attachment(row: TextRow) -> bool:
    return bool(_ATTACHMENT.fullmatch(row.only_text))


def _is_closing(row: TextRow) -> bool:
    first = next((tidy(text) for text in row.texts if text), "")
    return bool(_CLOSING.fullmatch(first))


def _row_cells(rows: Sequence[TextRow], number: int, row: TextRow) -> Iterator[Cell]:
    """The cells of a row; those of a header's upper row as wide as what stands below them (预算数 over 总额, 财政拨款, 其他资金)."""
    below = rows[number + 1].texts if number + 1 < len(rows) else ()
    widths = _header_widths(row.texts, below)
    if widths is None and number + 2 < len(rows) and all(term("stages", text) for text in row.texts):
        under = _header_widths(below, rows[number + 2].texts)  # three rows: 决算数 over 公务用车购置及运行费 over 购置费
        if under and len(under) % len(row.texts) == 0:
            share = len(under) // len(row.texts)
            widths = [sum(under[i : i + share]) for i in range(0, len(under), share)]
            below = rows[number + 2].texts
    if widths and not any(len(each.texts) == len(below) for each in rows[number + 2 : number + 7]):
        widths = None  # what stands below is no header: it has no rows of its own length
    col = 0
    for text, width in zip(row.texts, widths or [1] * len(row.texts), strict=True):
        yield Cell(number, col, text, 1, width)
        col += width


def _header_widths(upper: Sequence[str], lower: Sequence[str]) -> list[int] | None:
    """How many cells of `lower` stand below each of `upper`, where the blanks of `lower` are the rest of cells that reach down.

    Of the others each has the same share. None where the rows are no such header.
    """
    blanks = [i for i, text in enumerate(lower) if not text.strip()]
    parents = len(upper) - len(blanks)
    labels = len(lower) - len(blanks)
    if not (0 < parents < labels) or labels % parents or not blanks or any(map(figure, (*upper, *lower))):
        return None
    share, widths, at = labels // parents, [], 0
    while at < len(lower):
        step = 1 if at in blanks else share
        if any(i in blanks for i in range(at + 1, at + step)):
            return None
        widths.append(step)
        at += step
    return widths if all(text.strip() for text in upper) else None


def _add(rows: Sequence[TextRow], blocks: Blocks, mend: bool) -> None:
    cells = [cell for r, row in enumerate(rows) for cell in _row_cells(rows, r, row)]
    seams = [number for number, row in enumerate(rows) if row.after_gap and number]
    # a dump with an empty line after each row says nothing about pages
    if mend and 4 * len(seams) <= len(rows):
        for seam in reversed(seams):  # from the end, because mending moves the rows below
            cells = mend_page_break(cells, seam, is_label)
    blocks.table(cells, aligned=False)
