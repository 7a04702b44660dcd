"""Indicator blocks and rubrics → `indicators`, and their section and total points → `scores`."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field

from ..document import Cell, tidy
from ..facts import Indicator, Score
from ..layouts import Found, Use
from ..values import Kind, figure, kind, number, plain, printed
from ..vocabulary import label, spellings, term
from .reading import Reading
from .targets import attained, parse_target, with_unit

LEVELS = ("level1", "level2", "level3")
COST = "成本指标"
SUBTOTAL = "小计"
BARE = ("weight", "score", "target_sign", "target_unit")  # a figure here counts as read only where it is one of points
_UNFILLED = re.compile(r"(?:指标)?\d{0,2}[:.、]?[….]*")  # what a form prints where an indicator may be filled in: 指标2：, ……
_NO_NAME = ("target", "actual", "criterion", "explanation", "deviation_reason")
ONCE = ("weight", "score", "criterion", "explanation")


@dataclass
class _Row:
    """What the columns of one row hold; a criterion may run over several rows."""

    cells: dict[str, Cell]
    levels: dict[str, str | None]
    criteria: list[str] = field(default_factory=list)


def read_indicators(reading: Reading, found: Found) -> None:
    """A block of indicators: each row with its levels filled down, targets parsed, points, and the total row."""
    weights, levels = _weights(found), [found.get(name) for name in LEVELS]
    name_use = next(use for use in reversed(levels) if use is not None)
    own_weight = weights.get(name_use.column.name) or weights.get("")
    rows: list[_Row] = []
    current: dict[str, str | None] = {}
    seen: set[Cell] = set()
    for row in range(found.body, found.end):
        if _is_note(reading, found, row) or _read_total(reading, found, row, own_weight, current.get("level1")):
            continue  # a note across the table, or the row of the total
        cells = {use.column.name: cell for use in found.uses if use.column.name != "weight" and (cell := reading.cell(row, use))}
        if own_weight and (cell := reading.cell(row, own_weight)):
            cells["weight"] = cell
        name = cells.get(name_use.column.name)
        if (name is None and not cells) or any(name is not None and name is cells.get(key) for key in _NO_NAME):
            continue  # nothing, or 评价结论 and its text over all columns
        _fill_down(current, cells, levels, seen)
        _read_sections(reading, row, cells, levels, weights, name_use, current, seen)
        if _continues(rows, cells, name, name_use):
            _continue(rows[-1], cells)
            continue
        if _is_placeholder(reading, row, found, cells, name):
            continue
        rows.append(_Row(cells, dict(current), [cells["criterion"].text] if "criterion" in cells else []))
    already = sum(1 for fact in reading.facts if isinstance(fact, Indicator) and fact.scope == reading.scope)
    _emit(reading, rows, name_use, already)


def _weights(found: Found) -> dict[str, Use]:
    """The columns of points by the level that they belong to: the level column on their left, "" where that is none of them."""
    ordered = sorted(found.uses, key=lambda use: use.start)
    points = [use for use in ordered if use.column.name == "weight"]
    if len(points) < 2:
        return {"": points[0]} if points else {}
    result = {}
    for left, use in itertools.pairwise(ordered):
        if use.column.name == "weight":
            result[left.column.name if left.column.name in LEVELS else ""] = use
    return result


def _fill_down(current: dict, cells: dict[str, Cell], levels: list[Use | None], seen: set[Cell]) -> None:
    told: set[Cell] = set()
    for depth, use in enumerate(levels):
        if use is None:
            continue
        cell = cells.get(use.column.name)
        if cell is not None and cell in told:  # merged over several levels: 预算执行率
            continue
        told.update((cell,) if cell else ())
        text = tidy(cell.text) if cell else ""
        if not text or (cell in seen and current.get(use.column.name)):
            continue
        lab = label(text)
        second = term("second_levels", lab) if use.column.name == "level2" else None
        current[use.column.name] = second or term("levels", lab) or (tidy(text) if lab.points is None else lab.text)
        for deeper in levels[depth + 1 :]:
            if deeper is not None:
                current[deeper.column.name] = None


def _read_sections(reading, row, cells, levels, weights, name_use, current, seen) -> None:
    """Points of a whole level: in a column of their own, or in brackets in its name."""
    for use in levels:
        cell = cells.get(use.column.name) if use else None
        if cell is None or use is name_use or cell in seen or not cell.text.strip():
            continue
        seen.add(cell)
        if cell is cells.get(name_use.column.name):
            continue  # its points are the indicator's own
        points_use = weights.get(use.column.name)
        points_cell = reading.cell(row, points_use) if points_use else None
        weight = number(points_cell.text) if points_cell else label(cell.text).points
        if points_cell is not None:
            reading.taken.add(points_cell)
        if weight is not None:
            where = points_cell or cell
            reading.facts.append(
                Score(
                    scope=reading.scope,
                    name=current[use.column.name],
                    name_printed=printed(cell.text),
                    weight=weight,
                    place=reading.place(where),
                )
            )


def _continues(rows: list[_Row], cells: dict[str, Cell], name: Cell | None, name_use: Use) -> bool:
    """Whether a row only carries on the one above: its name is the same merged cell, or is blank beside more of the criterion."""
    if not rows:
        return False
    above = rows[-1].cells.get(name_use.column.name)
    if name is not None and name is above:
        return True
    others = [cells[key] for key in ("level1", "level2") if key in cells and key != name_use.column.name]
    criterion = cells.get("criterion")
    blank = name is None or not name.text.strip()
    begins_anew = any(c.text.strip() and rows[-1].cells.get(k) is not c for k, c in cells.items() if k in LEVELS and c in others)
    return blank and not begins_anew and criterion is not None and bool(criterion.text.strip())


def _continue(row: _Row, cells: dict[str, Cell]) -> None:
    criterion = cells.get("criterion")
    if criterion is not None and criterion is not row.cells.get("criterion") and criterion.text.strip():
        row.criteria.append(criterion.text)


def _is_placeholder(reading: Reading, row: int, found: Found, cells: dict[str, Cell], name: Cell | None) -> bool:
    """A row that holds only marks ("/"). A figure that stands in it all the same is an issue."""
    told = [cells[key] for key in ("target", "actual", "criterion") if key in cells]
    if name is not None and kind(name.text) not in (Kind.BLANK, Kind.MARK):
        own = [cell for key, cell in cells.items() if key not in LEVELS and cell is not name and cell.row == row]
        return bool(_UNFILLED.fullmatch(plain(name.text))) and not any(kind(c.text) in (Kind.TEXT, Kind.FIGURE) for c in own)
    if any(kind(cell.text) is Kind.TEXT for cell in told):
        return False
    if (name is None or kind(name.text) is Kind.BLANK) and any(kind(cell.text) is Kind.FIGURE for cell in told):
        return False
    for cell in reading.table.row(row):
        below_header = cell.row == row and cell not in reading.taken
        if below_header and figure(cell.text) is not None and cell.col >= min(use.start for use in found.uses):
            reading.taken.add(cell)
            reading.issue("placeholder_row", cell, "A figure stands in a row that names no indicator; the row was dropped.")
    return True


def _read_total(reading: Reading, found: Found, row: int, weight_use: Use | None, level1: str | None) -> bool:
    """The row that sums the block up, or `level1` (小计): its points and score by column, or by their order where the cells do not tell."""
    cells = [c for c in reading.table.row(row) if c.text.strip()]
    name = cells[0] if cells else None
    # a cell that reaches down from above (绩效指标) is not this row's name
    own = next((c for c in cells if c.row == row), None)
    name = own or name
    if name is None:
        return False
    total = level1 if label(name.text).text == SUBTOTAL else term("totals", label(name.text))
    if total is None:
        return _read_rating(reading, name, cells)
    figures = [c for c in cells if c is not name and c.row == row and number(c.text) is not None]
    weight = score = None
    # in a text dump a merged name makes the row shorter than the header: then the columns are counted from the right
    short = 0 if reading.table.aligned else len(reading.table.row(found.top)) - len(reading.table.row(row))
    spots = {cell: _points_column(found, cell, short, weight_use) for cell in figures if _columns_of(found, cell) == 1 or short}
    if not short or None not in spots.values():
        weight = next((cell for cell, name in spots.items() if name == "weight"), None)
        score = next((cell for cell, name in spots.items() if name == "score"), None)
    if weight is None and score is None and len(figures) in (1, 2):
        # merged over the columns, or beside them in a text dump: the points come first, the score last
        weight, score = figures if len(figures) == 2 else (None, figures[0])
    # the same points come again under each level; any other figure stays an issue
    same = [c for c in figures if weight is not None and number(c.text) == number(weight.text)]
    reading.taken.update(cell for cell in (weight, score, *same) if cell is not None)
    where = score or weight or name
    reading.facts.append(
        Score(
            scope=reading.scope,
            name=total,
            name_printed=printed(name.text),
            weight=number(weight.text) if weight else None,
            score_printed=number(score.text) if score else None,
            score=number(score.text) if score else None,
            place=reading.place(where),
        )
    )
    return True


def _read_rating(reading: Reading, name: Cell, cells: list[Cell]) -> bool:
    """评价等级 | 优: the rating of the total above it."""
    rating = next((found for cell in cells if cell is not name and (found := term("ratings", label(cell.text)))), None)
    above = next((fact for fact in reversed(reading.facts) if isinstance(fact, Score)), None)
    if rating is None or label(name.text).text not in spellings("rating_rows") or above is None or above.name != "总分":
        return False
    above.rating = rating
    return True


def _points_column(found: Found, cell: Cell, shift: int, weight_use: Use | None) -> str | None:
    """weight or score: the column that a cell stands in, `shift` columns to its right; None for any other."""
    uses = {"score": found.get("score"), "weight": weight_use}
    return next((name for name, use in uses.items() if use and use.start <= cell.col + shift < use.stop), None)


def _is_note(reading: Reading, found: Found, row: int) -> bool:
    """Whether nothing stands in a row but one text across several columns (注：…); in sheets blank cells stand beside it."""
    cells = reading.table.row(row)
    filled = [cell for cell in cells if cell.text.strip()]
    return len(cells) == 1 or (len(filled) == 1 and filled[0].row == row and _columns_of(found, filled[0]) > 1)


def _columns_of(found: Found, cell: Cell) -> int:
    return sum(1 for use in found.uses if use.start < cell.col + cell.colspan and cell.col < use.stop)


def _emit(reading: Reading, rows: list[_Row], name_use: Use, already: int) -> None:
    carrier: dict[Cell, int] = {}
    printed_once: set[Cell] = set()
    for position, row in enumerate(rows, start=already + 1):
        # points and rules that a merged cell gives to several rows stand with the first of them
        cells = {key: cell for key, cell in row.cells.items() if cell not in printed_once}
        printed_once.update(row.cells[key] for key in ONCE if key in row.cells)
        text = {key: printed(cell.text) or None for key, cell in cells.items()}
        shared = carrier.get(row.cells.get("weight"))
        if shared is None and not reading.table.aligned and _only_named(cells, name_use):
            # without geometry a merged cell comes as blanks: a name with nothing beside it shares the points above it
            shared = next(reversed(carrier.values()), None)
        weight_cell, score_cell = cells.get("weight"), cells.get("score")
        if weight_cell is not None and weight_cell.text.strip():
            carrier[weight_cell] = position
        reading.taken.update(cell for key, cell in cells.items() if key not in BARE or number(cell.text) is not None)
        name = text.get(name_use.column.name)
        op, target = parse_target(text.get("target"), name, text.get("target_sign"), text.get("target_unit"))
        actual = with_unit(figure(text.get("actual")), name, text.get("target_unit"))
        is_cost = COST in (row.levels.get("level1"), row.levels.get("level2"))
        reading.facts.append(
            Indicator(
                scope=reading.scope,
                position=position,
                **{key: row.levels.get(key) for key in LEVELS} | {name_use.column.name: name},
                target=text.get("target"),
                actual=text.get("actual"),
                target_op=op,
                target_value=target.value if target else None,
                target_unit=target.unit if target else None,
                actual_value=actual.value if actual else None,
                actual_unit=actual.unit if actual else None,
                weight=_weight(weight_cell, row.cells.get(name_use.column.name), shared),
                score=number(score_cell.text) if score_cell else None,
                attained=attained(op, target, actual, is_cost),
                criterion=tidy("".join(map(tidy, row.criteria))) or None if "criterion" in cells else None,
                explanation=text.get("explanation"),
                deviation_reason=None if kind(text.get("deviation_reason")) is Kind.MARK else text.get("deviation_reason"),
                shares_points_with=shared,
                place=reading.place(row.cells.get(name_use.column.name) or next(iter(row.cells.values()))),
            )
        )


def _weight(cell: Cell | None, name: Cell | None, shared: int | None) -> float | None:
    """The points of an indicator: those of its cell, or where it has none those in its name: 相关性（5分）."""
    if cell is not None and cell.text.strip():
        return number(cell.text)
    return label(name.text).points if name is not None and shared is None else None


def _only_named(cells: dict[str, Cell], name_use: Use) -> bool:
    return all(not cell.text.strip() for key, cell in cells.items() if key not in ("level1", "level2", name_use.column.name))
