"""Who a report is from and for which year: institute, year, title, date, supervisor, staff, place, kind."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

from ..document import Cell, Document, Paragraph, Table, tidy
from ..facts import Issue
from ..values import Kind, chinese_number, kind, plain
from ..vocabulary import label, spellings, term, wordings

_TITLE = re.compile(
    r"自评报告|自评表|自评.{0,6}表|绩效[^，。；]{0,10}表|三公[”\"]?经费.{0,10}表"
    r"|绩效报告|绩效评价报告|部门决算|部门预算|单位决算|单位预算|决算公开|预算公开|决算报告"
)
_KIND = (
    ("project", re.compile(r"项目支出绩效|项目绩效|项目支出.*自评|项目.*绩效.*自评|区域.*绩效")),
    ("whole", re.compile(r"整体支出|部门绩效|单位绩效|整体绩效")),
    ("accounts", re.compile(r"决算|预算公开|部门预算|单位预算")),
)
_YEAR = re.compile(r"(20\d\d)年度?")
_CHINESE_YEAR = re.compile(r"二[〇零○O0]([一二三四五六七八九〇零○])([一二三四五六七八九〇零○])年度?")
_YEAR_ALONE = re.compile(r"[（(]?(?:20\d\d|二[〇零○O0][一二三四五六七八九〇零○]{2})年度?[)）]?")
_CODE = re.compile(r"^[\[(（]?\d{3,}[\])）]?[-—_－ ]?(?=[\u4e00-\u9fff])")  # 219001-某某镇人民政府
_NEXT_LABEL = re.compile(r"\s{2,}|(?:金额)?单位[:：]|(?:填报|填表|编制|公开)?(?:日期|时间|人)[:：]")  # more captions on the same line
_DATE = re.compile(r"(20\d\d)年(\d{1,2})月(\d{1,2})日")
_AFTER_NAME = re.compile(r"(?:20\d\d年度?|整体支出|部门整体|部门\(单位\)|部门（单位）|单位整体|部门|单位|项目支出|项目|绩效|关于|的)")
_HEAD_PARAGRAPHS = 12  # a cover is never longer


@cache
def _organisation() -> re.Pattern:
    return re.compile(rf"(?:{'|'.join(wordings('organisations', 'endings'))})$")


@cache
def _doubled() -> re.Pattern:
    return re.compile(rf"({'|'.join(wordings('organisations', 'endings'))})\1$")


def pairs(table: Table, headers: set[int] = frozenset()) -> list[tuple[str, str, int]]:
    """Role, value and row of each cell that names one (项目名称, 主管部门, 实施单位) and has its value on its right.

    Not in `headers`, the rows that head the columns of a block.
    """
    found = []
    for row in set(range(table.shape[0])) - headers:
        # blanks between the two are the rest of a merged cell, in dumps and in sheets whose makers only left cells empty
        cells = [c for c in table.row(row) if c.row == row and c.text.strip()]
        for cell, value in itertools.pairwise(cells):
            role = term("roles", label(cell.text))
            text = tidy(value.text) if role == "project" else _CODE.sub("", tidy(value.text))
            if role == "institute" and not _organisation().search(re.sub(r"[(（].*$", "", text)):
                continue  # a header of a list of units, not the name of one
            if role and kind(text) is Kind.TEXT and term("roles", label(text)) is None:
                found.append((role, text, row))
    return found


def title(document: Document) -> str | None:
    """The first title of the cover or of a form: 2024年度…绩效自评报告."""
    head = document.paragraphs[:_HEAD_PARAGRAPHS]
    found = []
    for before, paragraph in zip([None, *head], head, strict=False):
        text = paragraph.text
        if len(text) <= 60 and _TITLE.search(text) and "。" not in text:
            broken = len(text) <= 8 and before is not None and len(before.text) <= 40
            found.append(before.text + text if broken else text)
    if found:  # the name of a web site's section (财政预决算公开) may stand before the title
        return next((text for text in found if _year_in(text)), found[0])
    for table in document.tables:
        for row in range(min(4, table.shape[0])):
            for cell in table.row(row):
                if len(cell.text) <= 60 and _TITLE.search(plain(cell.text)):
                    return tidy(cell.text)
    return None


def institute(document: Document, named: list[str]) -> tuple[str | None, Issue | None]:
    """The institute's name as printed most often, and an issue where the printed names had to be repaired or disagree.

    From the forms (实施单位), the cover (部门（单位）名称：…) or the titles, in this order.
    """
    candidates = list(named)
    for paragraph in document.paragraphs:
        name, colon, value = paragraph.text.replace(":", "：").partition("：")
        if colon and term("roles", label(name)) == "institute" and 2 < len(value) <= 60:
            candidates.append(_CODE.sub("", _NEXT_LABEL.split(tidy(value), maxsplit=1)[0].strip()))
    if not candidates:
        titles = [p.text for p in document.paragraphs] + [text for table in document.tables for text in _lone_texts(table)]
        candidates = [name for text in titles if len(text) <= 60 and (name := _name_in_title(text))]
    if not candidates:
        return None, Issue(
            code="institute_not_stated",
            place=document.place(document.blocks[0]),
            message="The report names no institute; add it to the cover, or to the form's 单位名称.",
        )
    clean = [_doubled().sub(r"\1", name) for name in candidates]
    name = Counter(clean).most_common(1)[0][0]
    issue = None
    if doubled := next((n for n in candidates if n != _doubled().sub(r"\1", n)), None):
        where = next((p for p in document.paragraphs if doubled in p.text), document.blocks[0])
        issue = Issue(
            code="institute_name_repaired",
            place=document.place(where),
            printed=doubled,
            message=f"The last word of the name is printed twice; the institute is read as {name}.",
        )
    return name, issue


def _name_in_title(text: str) -> str | None:
    """衡阳市某某中心部门整体支出绩效自评报告 → 衡阳市某某中心; a line that is a name alone → itself."""
    text = re.sub(r"^(?:第[一二三四五六七八九十]+部分)?(?:关于)?(?:20\d\d年度?)?", "", tidy(text))
    if _TITLE.search(text):
        name = _AFTER_NAME.split(text, maxsplit=1)[0]
        name = name if name else ""
    else:
        name = text
    if 4 < len(name) <= 30 and _organisation().search(name) and not re.search(r"[，。；：、“”]|情况|报告|工作", name):
        return name
    return None


def fiscal_year(document: Document, heading: str | None) -> int | None:
    """The year that the report is about: from its title, a form's （2020年度）, else the year that its text names most often."""
    for text in filter(None, [heading, *_year_lines(document)]):
        if year := _year_in(text):
            return year
    years = Counter(y for p in document.paragraphs for y in re.findall(r"(20\d\d)年度", p.text))
    years = years or Counter(y for p in document.paragraphs for y in re.findall(r"(20\d\d)年(?!\d)", p.text))
    return int(years.most_common(1)[0][0]) if years else None


def _lone_texts(table: Table):
    """What the first rows say that hold one text only: titles and captions."""
    for row in range(min(6, table.shape[0])):
        texts = {tidy(c.text) for c in table.row(row) if c.text.strip()}
        if len(texts) == 1:
            yield texts.pop()


def _year_lines(document: Document):
    for table in document.tables:
        for text in map(plain, _lone_texts(table)):
            if _YEAR_ALONE.fullmatch(text) or (len(text) <= 60 and _TITLE.search(text)):
                yield text
    for paragraph in document.paragraphs[:_HEAD_PARAGRAPHS]:
        if len(paragraph.text) <= 60 and not _DATE.search(paragraph.text):
            yield paragraph.text


def _year_in(text: str) -> int | None:
    if match := _YEAR.search(plain(text)):
        return int(match[1])
    if match := _CHINESE_YEAR.search(text):
        digits = [chinese_number(d) if d not in "〇零○" else 0 for d in match.groups()]
        return 2000 + 10 * digits[0] + digits[1]
    return None


def report_date(document: Document) -> str | None:
    """The date on the cover or at the end, ISO."""
    for paragraph in [*document.paragraphs[:_HEAD_PARAGRAPHS], *document.paragraphs[-3:]]:
        if match := _DATE.fullmatch(plain(paragraph.text)):
            return f"{int(match[1]):04}-{int(match[2]):02}-{int(match[3]):02}"
    return None


def supervisor(document: Document, named: list[str]) -> str | None:
    """主管部门: from the forms, else from a sentence that names it."""
    if named:
        return Counter(named).most_common(1)[0][0]
    for paragraph in document.paragraphs:
        for pattern in wordings("organisations", "supervisor"):
            if match := re.search(pattern, paragraph.text):
                return match["name"]
    return None


def staff(paragraphs: Sequence[Paragraph | Cell]) -> dict[str, tuple[int, str]]:
    """authorised and actual numbers of staff in prose, each with the words that state it."""
    found: dict[str, tuple[int, str]] = {}
    for section in ("authorised", "actual"):
        words = [w for w, t in spellings("staff").items() if t == section]
        pattern = re.compile(
            rf"(?:{'|'.join(sorted(map(re.escape, words), key=len, reverse=True))})(?:为|共|有|共有|共计|：|:)?(\d+)[个人名]"
        )
        for paragraph in paragraphs:
            if match := pattern.search(plain(paragraph.text)):
                found[section] = int(match[1]), match[0]
                break
    return found


def report_kind(heading: str | None, has_projects: bool) -> str | None:
    """whole, project or accounts, by the title, else by whether its forms name projects."""
    for kind_name, pattern in _KIND:
        if heading and pattern.search(heading):
            return kind_name
    return "project" if has_projects else "whole" if heading else None
