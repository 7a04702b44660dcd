"""A document → facts and issues: finds its blocks, the section each stands in, and reads them.

Nothing here knows how a province words a label: that is in `layouts/`, `vocabulary.toml` and `sentences.toml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ..document import Cell, Document, Table, tidy
from ..facts import WHOLE, Activity, Execution, Fund, Issue, Report
from ..layouts import Found, find_blocks
from ..values import plain
from . import identity
from .amounts import TOTAL, execution_rate, read_amounts, read_halves
from .context import Context
from .indicators import read_indicators
from .matrix import read_matrix, section_stage
from .places import locate
from .reading import Reading
from .records import read_record, read_staff
from .sentences import read_prose, read_text
from .table_notes import read_tables_notes

# a title, but not the number of a table: 公开08表
_SECTION = re.compile(r"^(?!\D{0,8}\d{1,2}(?:-\d{1,2})?表$).{2,60}表(?:[(（].{1,12}[)）])?$")
_STATED_UNIT = re.compile(r"(?:金额)?单位[:：]?(?:人民币)?(元|百元|千元|万元|百万元|亿元)(?![一-龥])")


READERS = {"amounts": read_amounts, "halves": read_halves, "indicators": read_indicators, "matrix": read_matrix}


@dataclass
class Extraction:
    """All that one document says: the report's own row, facts of all tables (dataclasses of `facts`), issues."""

    institute: str | None
    fiscal_year: int | None
    report: Report
    facts: list = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)


def extract(document: Document) -> Extraction:
    """Reads a document. Never raises for what a report says: that becomes an issue with its place."""
    if not document.blocks:
        return Extraction(None, None, Report(source_file=document.name))
    blocks = {table.number: find_blocks(table) for table in document.tables}
    pairs = {table.number: identity.pairs(table, _headers(blocks[table.number])) for table in document.tables}
    named = {
        role: [value for found in pairs.values() for r, value, _ in found if r == role] for role in ("institute", "supervisor", "project")
    }
    title = identity.title(document)
    institute, trouble = identity.institute(document, named["institute"])
    year = identity.fiscal_year(document, title)
    result = Extraction(institute, year, Report(source_file=document.name, title=title))
    if trouble:
        result.issues.append(trouble)
    if year is None:
        result.issues.append(_of_document(document, "year_not_stated", "The report names no year; add it to the title."))
    staff, prose, sections = _read_tables(document, blocks, pairs, year, result)
    result.facts += read_tables_notes(document, blocks, sections)
    context = Context(year, institute=institute, stage=section_stage(title) or "executed")
    facts, issues = read_prose(document, context, prose)
    result.facts += facts
    result.issues += issues
    derive(result.facts, year)
    if not any(isinstance(f, (Fund, Execution)) and _is_budget(f) for f in result.facts) and any(isinstance(f, Fund) for f in result.facts):
        message = "Spending is stated, but no budget: there is no execution rate to compute."
        result.issues.append(_of_document(document, "budget_not_stated", message))
    _complete(document, result, named, staff, prose)
    return result


def _is_budget(fact: Fund | Execution) -> bool:
    if isinstance(fact, Execution):
        return fact.initial_budget_wan is not None or fact.revised_budget_wan is not None
    return fact.stage in ("initial_budget", "revised_budget") and fact.amount_wan is not None


def _of_document(document: Document, code: str, message: str) -> Issue:
    return Issue(code=code, place=document.place(document.blocks[0]), message=message)


def _headers(found: list[Found]) -> set[int]:
    return {row for each in found for row in range(each.top, each.body)}


def _read_tables(
    document: Document, blocks: dict[int, list[Found]], pairs: dict, year: int | None, result: Extraction
) -> tuple[dict[str, int], dict[int, list[Cell]], dict[int, str | None]]:
    """Reads all tables into `result`; returns the numbers of staff, by table the cells of prose that no block claims, and titles."""
    staff: dict[str, int] = {}
    prose: dict[int, list[Cell]] = {}
    sections: dict[int, str | None] = {}
    unit = section = None
    scope, sheet = WHOLE, None  # of a form whose next table goes on right below it
    for block in document.blocks:
        if not isinstance(block, Table):
            scope = WHOLE
            match = _STATED_UNIT.search(plain(block.text))
            unit = match[1] if match else unit
            section = block.text if _SECTION.search(plain(block.text)) else section
            continue
        stage = section_stage(section) or section_stage(result.report.title)
        reading = Reading(document, block, fiscal_year=year, stated_unit=_unit_in(block, 0, 4) or unit, section=section)
        reading.section_stage = stage
        projects = [(row, value) for role, value, row in pairs[block.number] if role == "project"]
        found = blocks[block.number]
        carried = scope if block.sheet == sheet and not _begins_form(block, pairs[block.number]) else WHOLE
        sheet = block.sheet
        for above, this in zip([0, *(each.body for each in found)], found, strict=False):
            reading.stated_unit = _unit_in(block, above, this.body) or reading.stated_unit
            # in a sheet the title of a table is a row above it
            if title := _section_in(block, above, this.top):
                reading.section = section = title
                reading.section_stage = section_stage(title) or section_stage(result.report.title)
            reading.scope = next((name for row, name in reversed(projects) if row < this.top), carried)
            if this.block.reads == "record":
                read_record(reading, this, staff)
            elif this.block.reads == "goals":
                _read_goals(reading, this)
            else:
                READERS[this.block.reads](reading, this)
        scope = projects[-1][1] if projects else carried
        sections[block.number] = reading.section
        # in a dump the title of the next table may stand in the last row, or in a table of its own
        section = _section_in(block, found[-1].body if found else 0, block.shape[0]) or section
        prose[block.number] = _prose_in(block, found)
        read_staff(reading, found, staff)
        reading.close(claimed=bool(found))
        result.facts += reading.facts
        result.issues += reading.issues
        result.report.figure_cells += reading.figure_cells
        result.report.figure_cells_taken += reading.figure_cells_taken
        result.report.forms += sum(1 for this in found if this.block.reads == "indicators")
    return staff, prose, sections


def _begins_form(table: Table, pairs: list[tuple[str, str, int]]) -> bool:
    """Whether a table has a head of its own: who is who, or a title."""
    return bool(pairs) or any("表" in cell.text for cell in lone_cells(table, 0, 1))


def _section_in(table: Table, top: int, bottom: int) -> str | None:
    titles = [tidy(cell.text) for cell in lone_cells(table, top, bottom) if _SECTION.search(plain(cell.text))]
    return titles[-1] if titles else None


def _prose_in(table: Table, found: list[Found]) -> list[Cell]:
    """Sentences that stand across a table or alone in its first column, but for goals, which are read as such."""
    goals = [range(each.body, each.end) for each in found if each.block.reads == "goals"]
    cells = (cell for cell in lone_cells(table, 0, table.shape[0]) if cell.col == 0 and "。" in cell.text)
    return [cell for cell in cells if not any(cell.row in rows for rows in goals)]


def lone_cells(table: Table, top: int, bottom: int) -> list[Cell]:
    """The cells that are the only text of their row: titles, captions and prose."""
    rows = ([cell for cell in table.row(row) if cell.text.strip()] for row in range(top, bottom))
    return list(dict.fromkeys(cells[0] for cells in rows if len(cells) == 1))


def _read_goals(reading: Reading, found: Found) -> None:
    """Counts in the prose of what was achieved; what was expected did not happen yet and is not counted."""
    # the side label may be worded like a column (年度总体目标完成情况): the column is on its right
    achieved = [use for use in found.uses if use.column.field == "achieved"][-1]
    for row in range(found.body, found.end):
        cell = reading.cell(row, achieved)
        if cell is None or cell.row != row or not cell.text.strip():
            continue
        facts, _ = read_text(tidy(cell.text), Context(reading.fiscal_year, reading.scope), lambda _, cell=cell: reading.place(cell))
        reading.facts += [fact for fact in facts if isinstance(fact, Activity)]


def _unit_in(table: Table, top: int, bottom: int) -> str | None:
    """The unit of money that a row of the table from `top` to `bottom` states as a caption does (单位：万元)."""
    for row in reversed(range(top, min(bottom, table.shape[0]))):
        for cell in table.row(row):
            if match := _STATED_UNIT.search(plain(cell.text)):
                return match[1]
    return None


def derive(facts: list, year: int | None) -> None:
    """Adds what a report does not print but its parts say: the total spent, and the execution of the whole and its parts.

    Only where there is no printed execution row at all. A derived total has origin `derived`.
    """
    if any(isinstance(fact, Execution) for fact in facts):
        return
    funds = [f for f in facts if isinstance(f, Fund) and f.scope == WHOLE and f.amount_wan is not None and f.year == year]

    def first(item: str, stage: str) -> Fund | None:
        return next((f for f in funds if f.item == item and f.stage == stage), None)

    for stage in ("initial_budget", "executed"):
        basic, project = first("基本支出", stage), first("项目支出", stage)
        if first(TOTAL, stage) is None and basic and project:
            total = round(basic.amount_wan + project.amount_wan, 8)
            derived = Fund(
                scope=WHOLE, item=TOTAL, item_printed="", year=basic.year, stage=stage, amount_wan=total, unit="万元", origin="derived"
            )
            facts.append(derived)
            funds.append(derived)
    for item in (TOTAL, "基本支出", "项目支出"):
        initial, revised, executed = (first(item, s) for s in ("initial_budget", "revised_budget", "executed"))
        if executed is None:
            continue
        amounts = {
            "initial_budget_wan": initial.amount_wan if initial else None,
            "revised_budget_wan": revised.amount_wan if revised else None,
            "executed_wan": executed.amount_wan,
        }
        rate = execution_rate(amounts["executed_wan"], amounts["revised_budget_wan"], amounts["initial_budget_wan"])
        scope = WHOLE if item == TOTAL else f"{WHOLE}/{item}"
        facts.append(Execution(scope=scope, rate=rate, origin=executed.origin, place=executed.place, **amounts))


def _complete(document: Document, result: Extraction, named: dict, staff: dict[str, int], prose: dict[int, list[Cell]]) -> None:
    report = result.report
    report.report_date = identity.report_date(document)
    report.supervisor = identity.supervisor(document, named["supervisor"])
    report.kind = identity.report_kind(report.title, bool(named["project"]))
    in_prose = identity.staff([*document.paragraphs, *(cell for cells in prose.values() for cell in cells)])
    report.staff_authorised = staff.get("staff_authorised", in_prose.get("authorised", (None,))[0])
    report.staff_actual = staff.get("staff_actual", in_prose.get("actual", (None,))[0])
    report.province, report.city, ambiguous = locate(result.institute, report.supervisor)
    if ambiguous:
        result.issues.append(
            _of_document(
                document, "ambiguous_place", f"Several places have the name in {result.institute!r}; province and city stay empty."
            )
        )
    report.source_format = document.format
    report.pages = document.pages
