"""Mending a table where a page break cut it: merged cells go on below, rows that were cut in two come together."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from .document import Cell, least

_ONLY_FIGURE = re.compile(r"[\d.,，％%()（）\-—－/ ≥≤]+")


def mend_page_break(cells: Sequence[Cell], seam: int, is_label: Callable[[str], bool] = lambda text: False) -> list[Cell]:
    """One table's cells where rows from `seam` on stand on the next page, in the same columns as those above.

    A blank tall cell at the top of the new page continues the merged cell above it, and so does a blank cell above the label
    that was printed in the lower part of its merged cell. A first row that has text only below
    text, and blanks below everything else, is the rest of a row that the page break cut in two: it goes back to its row.
    A text that `is_label` knows as a whole label begins a row of its own, with blank cells (上年结转资金).
    """
    above = {c.col: c for c in cells if c.row < seam <= c.row + c.rowspan}
    first = [c for c in cells if c.row == seam]
    merged: dict[Cell, Cell] = {}
    gone: set[Cell] = set()
    for cell in first:
        upper = above.get(cell.col)
        if not upper or upper.colspan != cell.colspan:
            continue
        if not cell.text.strip() and (cell.rowspan > 1 or (is_label(upper.text) and _is_merged_column(cells, cell, seam, is_label))):
            merged[upper] = replace(upper, rowspan=upper.rowspan + cell.rowspan)
            gone.add(cell)
        elif max(upper.rowspan, cell.rowspan) > 1 and is_label(upper.text + cell.text) and not is_label(upper.text):  # 满意 | 度指标
            text, confidence = upper.text + cell.text, least((upper.confidence, cell.confidence))
            merged[upper] = replace(upper, text=text, rowspan=upper.rowspan + cell.rowspan, confidence=confidence)
            gone.add(cell)
        elif not upper.text.strip() and (cell.rowspan > 1 or is_label(cell.text)) and _is_merged_column(cells, upper, seam, is_label):
            merged[upper] = replace(cell, row=upper.row, rowspan=upper.rowspan + cell.rowspan)
            gone.add(cell)
    if pairs := _one_group(cells, first, above, gone):
        for upper, cell in pairs:
            filled = upper if upper.text.strip() else replace(cell, row=upper.row)
            merged[upper] = replace(filled, rowspan=upper.rowspan + cell.rowspan)
            gone.add(cell)
        return [merged.get(cell, cell) for cell in cells if cell not in gone]
    rest = [c for c in first if c not in gone]
    if _is_torn(rest, above, is_label):
        for cell in rest:
            upper = above.get(cell.col)
            if upper and cell.text.strip():
                merged[upper] = replace(
                    merged.get(upper, upper), text=f"{upper.text}\n{cell.text}", confidence=least((upper.confidence, cell.confidence))
                )
        # the row ends here: what reached below it now begins one row higher
        result = []
        for cell in cells:
            if cell in gone or (cell in rest and cell.rowspan == 1):
                continue
            new = merged.get(cell, cell)
            if cell in merged and new.rowspan > cell.rowspan:
                new = replace(new, rowspan=new.rowspan - 1)
            if cell.row > seam:
                new = replace(new, row=new.row - 1)
            result.append(new)
        return result
    return [merged.get(cell, cell) for cell in cells if cell not in gone]


def _is_merged_column(cells: Sequence[Cell], blank: Cell, seam: int, is_label: Callable[[str], bool]) -> bool:
    """Whether the labels above and below `blank` in its column are merged over rows and, but at page breaks, never left blank.

    What is wider between them (小计) is a row of its own.
    """

    def is_level(cell: Cell) -> bool:
        return is_label(cell.text) or not cell.text.strip() or cell.colspan > blank.colspan

    column = {c.row: c for c in cells if c.col <= blank.col < c.col + c.colspan}
    above, below = [], []
    ends = {c.row + c.rowspan: c for c in column.values()}
    cell = ends.get(blank.row)
    while cell and is_level(cell):  # what else stands there is a header
        above.append(cell)
        cell = ends.get(cell.row)
    cell = column.get(blank.row + blank.rowspan)
    while cell and (is_level(cell) or not below):
        below.append(cell)
        cell = column.get(cell.row + cell.rowspan)
    run = [c for c in above + below if c.col == blank.col and c.colspan == blank.colspan]
    return any(c.rowspan > 1 for c in run) and all(c.text.strip() for c in run if c.row + c.rowspan < seam or c.row > seam)


def _one_group(cells: Sequence[Cell], first: Sequence[Cell], above: dict[int, Cell], gone: set[Cell]) -> list[tuple[Cell, Cell]] | None:
    """The halves of merged cells, where the break went through rows that are one but in a column or two (评分标准): else None.

    Each half that is filled stands beside a blank one, some above the break and some below, the figures all on one side. A column
    with text on both sides keeps its rows, as it does elsewhere within merged cells of the others.
    """
    pairs = [(above.get(cell.col), cell) for cell in first if cell not in gone]
    if any(upper is None or upper.colspan != cell.colspan for upper, cell in pairs):
        return None
    upper_only = [pair for pair in pairs if pair[0].text.strip() and not pair[1].text.strip()]
    lower_only = [pair for pair in pairs if pair[1].text.strip() and not pair[0].text.strip()]
    both = [cell.col for upper, cell in pairs if upper.text.strip() and cell.text.strip()]
    if not upper_only or not lower_only:
        return None
    if all(any(_ONLY_FIGURE.fullmatch(half.text.strip()) for half in halves) for halves in zip(*pairs, strict=True)):
        return None
    halves = [pair for pair in pairs if pair[1].col not in both]
    for col in both:
        inside = [c for c in cells if c.col == col and c.row not in (above[col].row, first[0].row)]
        parts = [c for c in cells if c.rowspan > 1 and any(c.col == lower.col and c.colspan == lower.colspan for _, lower in upper_only)]
        if not any(sum(whole.row <= c.row < whole.row + whole.rowspan for c in inside) > 1 for whole in parts):
            return None
    return halves


def _is_torn(row: Iterable[Cell], above: dict[int, Cell], is_label: Callable[[str], bool]) -> bool:
    row = list(row)
    filled = [c for c in row if c.text.strip()]
    if not filled or any(c.rowspan > 1 for c in filled):
        return False
    if any(_ONLY_FIGURE.fullmatch(c.text.strip()) for c in filled):
        return False
    uppers = [above.get(c.col) for c in filled]
    if not all(u and u.text.strip() and u.colspan == c.colspan for u, c in zip(uppers, filled, strict=True)):
        return False
    if any(is_label(c.text) and not is_label(u.text + c.text) for u, c in zip(uppers, filled, strict=True)):
        return False
    if len(filled) > 1 and any(u.text.rstrip().endswith("。") for u in uppers):
        return False  # what ended above does not go on below: a row with merged cells beside it
    blank_below_text = [c for c in row if not c.text.strip() and c.col in above and above[c.col].text.strip()]
    return len(blank_below_text) > len(filled)
