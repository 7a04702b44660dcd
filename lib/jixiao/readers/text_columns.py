"""Tables of a text dump whose columns are aligned by spaces, as programs print them that keep a page's layout.

A run of lines is such a table where gaps of two or more blanks stand one below the other: the columns are what lies
between them. A Chinese character is two columns wide, or one where the program that aligned them counted characters.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from jixiao.document import Cell
from jixiao.readers.blocks import Blocks
from jixiao.vocabulary import is_label

_SEGMENT = re.compile(r"\S+(?:[ \u3000]\S+)*")
_FIGURE = re.compile(r"[-−¥￥]?[\d,，]*\d(?:\.\d+)?\s?[%％]?|[-—－/无]+")
_PROSE = re.compile(r".{25,}|.*[。；;]$")
_LEAST_LINES = 3
_SHARE = 0.3  # of the lines that have a gap where a piece of text reaches across: it is a header over several columns
_MIN_GAP = 2
MOST_COLUMNS = 60


@dataclass(frozen=True, slots=True)
class _Segment:
    """A piece of a line between gaps, with the columns of the screen that it takes."""

    start: int
    end: int
    text: str


Line = tuple[_Segment, ...]
Range = tuple[int, int]


def split_columns(lines: Sequence[str]) -> Iterator[tuple[bool, Sequence[str]]]:
    """Cut lines of prose into stretches: (whether it is a table aligned by spaces, its lines)."""
    start = 0
    for first, last in _runs([_segments(line) for line in lines], [_segments(line, 1) for line in lines]):
        if first > start:
            yield False, lines[start:first]
        yield True, lines[first:last]
        start = last
    if start < len(lines):
        yield False, lines[start:]


def add_columns(lines: Sequence[str], blocks: Blocks) -> None:
    """Add the table that `lines`, a stretch found by `split_columns`, hold."""
    readings = [[row for line in lines if (row := _segments(line, wide))] for wide in (2, 1)]
    rows = min(readings, key=_disorder)
    columns = _of_full_rows(rows) or _told_apart(_columns(rows), rows)
    placed = [_placed(row, columns) for row in rows]
    cells: list[Cell] = []
    for number, texts in enumerate(placed):
        col = 0
        while col < len(columns):
            span, parts = texts.get(col, (1, []))
            span = next((n for n in range(1, span) if col + n in texts), span)
            # two figures in one column are none: 20 and 19.6 must not become 2019.6
            cells.append(Cell(number, col, (" ／ " if _figures(parts) > 1 else " ").join(parts), 1, span))
            col += span
    blocks.table(cells)


def _placed(row: Line, columns: Sequence[Range]) -> dict[int, tuple[int, list[str]]]:
    """Column → how many columns the text covers, and its pieces."""
    if len(row) == len(columns):  # one for each: whatever their geometry
        return {col: (1, [segment.text]) for col, segment in enumerate(row)}
    texts: dict[int, tuple[int, list[str]]] = {}
    for segment in row:
        touched = [c for c, (start, end) in enumerate(columns) if segment.start < end and segment.end > start]
        first, last = (touched[0], touched[-1]) if touched else (_nearest(segment, columns),) * 2
        span, parts = texts.setdefault(first, (1, []))
        parts.append(segment.text)
        texts[first] = (max(span, last - first + 1), parts)
    return texts


def _of_full_rows(rows: Sequence[Line]) -> list[Range]:
    """The columns by the order of the pieces, where most lines have as many as the header and none has more: those have a piece in
    each column, even where they are aligned badly. None where a piece of another line is not in one of these columns alone."""
    most = max(map(len, rows))
    full = [row for row in rows if len(row) == most]
    if 2 * len(full) < len(rows) or len(full) < 2 or most < 3 or _figures([segment.text for segment in full[0]]):
        return []
    starts = [min(row[i].start for row in full) for i in range(most)]
    if sorted(set(starts)) != starts:
        return []
    columns = list(pairwise([*starts, max(row[-1].end for row in full)]))
    others = (row for row in rows if len(row) < most)
    held_by = ([[c for c, (start, end) in enumerate(columns) if s.start < end and s.end > start] for s in row] for row in others)
    return columns if all(len({*map(tuple, held)}) == len(held) and max(map(len, held)) == 1 for held in held_by) else []


def _told_apart(columns: list[Range], rows: Sequence[Line]) -> list[Range]:
    """The columns, those cut in two that hold two pieces of one line: a longer text of another line had bridged them."""
    for _ in range(MOST_COLUMNS):
        cut = next((found for row in rows for found in _both_in_one(row, columns)), None)
        if cut is None:
            break
        number, left, right = cut
        start, end = columns[number]
        columns = [*columns[:number], (start, left.end), (right.start, end), *columns[number + 1 :]]
    return columns


def _both_in_one(row: Line, columns: Sequence[Range]) -> Iterator[tuple[int, _Segment, _Segment]]:
    if len(row) == len(columns):
        return
    held = [[c for c, (start, end) in enumerate(columns) if s.start < end and s.end > start] for s in row]
    for (left, first), (right, second) in pairwise(zip(row, held, strict=True)):
        if len(first) == len(second) == 1 and first == second:
            yield first[0], left, right


def _figures(parts: Sequence[str]) -> int:
    return sum(1 for part in parts if _FIGURE.fullmatch(part))


def _disorder(rows: Sequence[Line]) -> int:
    """How little the pieces stand in columns: in the width that they were written for they begin or end one below the other, and
    seldom two of a line in one column."""
    columns = _columns(rows)
    together = sum(1 for row in rows for _ in _both_in_one(row, columns))
    return 2 * together + len({segment.start for row in rows for segment in row}) + len({segment.end for row in rows for segment in row})


def _runs(lines: Sequence[Line], narrow: Sequence[Line]) -> Iterator[tuple[int, int]]:
    """The ranges of lines that are tables: lines with gaps, and between two of them at most one line without any, or several that
    are labels of rows left blank or the rest of a cell above them. `narrow` are the lines by characters.

    An empty line ends a table, unless one stands behind each of its rows.
    """
    number = 0
    while number < len(lines):
        end = number
        while end < len(lines) and len(lines[end]) > 1:
            end += 1
            ahead = end
            while len(_at(lines, ahead)) == 1 and (
                _is_row(lines[ahead]) or any(_carries_on(each, end - 1, ahead) for each in (lines, narrow))
            ):
                ahead += 1
            if len(_at(lines, ahead)) > 1:
                end = ahead
            elif len(_at(lines, end)) < 2 and len(_at(lines, end + 1)) > 1 and _may_stand_between(lines, number, end):
                end += 1
        rows = [line for line in lines[number:end] if line]
        if sum(1 for row in rows if len(row) > 1) >= _LEAST_LINES and _is_table(rows):
            yield number, end
        number = max(end, number + 1)


def _at(lines: Sequence[Line], number: int) -> Line:
    return lines[number] if 0 <= number < len(lines) else ()


def _is_row(line: Line) -> bool:
    return is_label(line[0].text)


def _carries_on(lines: Sequence[Line], row: int, number: int) -> bool:
    """Whether a line of one piece stands below a piece of a row, and not below its first: the rest of that cell."""
    return lines[number][0].start in {segment.start for segment in lines[row][1:]}


def _may_stand_between(lines: Sequence[Line], start: int, number: int) -> bool:
    if lines[number]:
        return not _PROSE.fullmatch(lines[number][0].text)
    return not _at(lines, number + 2) and (number - 1 == start or not _at(lines, number - 2))


def _is_table(rows: Sequence[Line]) -> bool:
    texts = [segment.text for row in rows for segment in row]
    figures = sum(1 for text in texts if _FIGURE.fullmatch(text))
    prose = sum(1 for text in texts if _PROSE.fullmatch(text))
    # a table may well hold sentences (rules, reasons), but it begins its lines with labels
    labels = sum(1 for row in rows if not _PROSE.fullmatch(row[0].text))
    return figures >= 2 and (2 * prose < len(texts) or labels == len(rows)) and (max(map(len, rows)) > 2 or len(_columns(rows)) > 1)


def _columns(rows: Sequence[Line]) -> list[Range]:
    """Where the columns lie: what the segments cover together, without those that reach across gaps of other rows."""
    rows = [row for row in rows if len(row) > 1]
    gaps = Counter((left.end, right.start) for row in rows for left, right in pairwise(row))
    taken = {(segment.start, segment.end) for row in rows for segment in row}
    least = max(2, _SHARE * len(rows))
    narrow = [(s, e) for s, e in taken if sum(n for (start, end), n in gaps.items() if s < start and end < e) < least]
    columns: list[Range] = []
    for start, end in sorted(narrow):
        if columns and start < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(end, columns[-1][1]))
        else:
            columns.append((start, end))
    return _joined(columns, rows)


def _joined(columns: Sequence[Range], rows: Sequence[Line]) -> list[Range]:
    """The columns, those joined that lie side by side and of which no row has both: a header and the short numbers beside it."""
    together = set()
    for row in rows:
        held = [number for number, (start, end) in enumerate(columns) for s in row if s.start < end and s.end > start]
        together.update(pairwise(held))
    result: list[Range] = []
    for number, (start, end) in enumerate(columns):
        if result and start - result[-1][1] <= _MIN_GAP and (number - 1, number) not in together:
            result[-1] = (result[-1][0], end)
        else:
            result.append((start, end))
    return result


def _nearest(segment: _Segment, columns: Sequence[Range]) -> int:
    middle = segment.start + segment.end
    return min(range(len(columns)), key=lambda c: abs(sum(columns[c]) - middle))


def _segments(line: str, wide: int = 2) -> Line:
    """The pieces of a line between gaps of two or more blanks, where a Chinese character is `wide` columns."""
    found = []
    position, at = 0, 0
    for match in _SEGMENT.finditer(line):
        position += _width(line[at : match.start()], wide)
        width = _width(match[0], wide)
        found.append(_Segment(position, position + width, match[0]))
        position, at = position + width, match.end()
    return tuple(found)


def _width(text: str, wide: int) -> int:
    return len(text) + (wide - 1) * sum(1 for char in text if unicodedata.east_asian_width(char) in "WF")
