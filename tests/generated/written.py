"""Documents as DOCX, HTML and text dumps."""

from __future__ import annotations

import html
import io
import unicodedata

import docx
from docx.shared import Cm

from .draw import Draw
from .model import ABOVE, LEFT, Grid, Made

NAVIGATION = ["首页", "政务公开", "办事服务", "互动交流", "财政预决算", "2023", "打印本页", "关闭窗口"]


def as_docx(made: Made, d: Draw) -> bytes:
    """Real merges (gridSpan, vMerge), a style with or without borders."""
    file = docx.Document()
    section = file.sections[0]
    if d.chance(0.5):
        section.page_width, section.page_height = section.page_height, section.page_width
    section.left_margin = section.right_margin = Cm(1.5)
    for block in made.blocks:
        if isinstance(block, str):
            file.add_paragraph(block)
            continue
        made_table = file.add_table(len(block.rows), block.width)
        made_table.style = "Table Grid"
        every = made_table._cells  # asked for once: python-docx makes the list anew each time
        for cell in block.cells:
            target = every[cell.row * block.width + cell.col]
            if cell.rowspan > 1 or cell.colspan > 1:
                target = target.merge(every[(cell.row + cell.rowspan - 1) * block.width + cell.col + cell.colspan - 1])
            target.text = cell.text
        file.add_paragraph()
    out = io.BytesIO()
    file.save(out)
    return out.getvalue()


def as_html(made: Made, d: Draw) -> bytes:
    """A page as a government site serves it: navigation around the content, at times a table of layout around everything."""
    encoding = d.pick(["utf-8", "gb18030"])
    inside = d.chance(0.4)
    parts = [f'<!DOCTYPE html><html><head><meta charset="{encoding if encoding != "gb18030" else "gb2312"}">']
    parts.append("<title>财政预决算公开</title><style>td{border:1px solid #000}</style><script>var year = 2020;</script></head><body>")
    parts.append(
        '<div class="nav"><ul>' + "".join(f'<li><a href="/{i}">{name}</a></li>' for i, name in enumerate(NAVIGATION)) + "</ul></div>"
    )
    if inside:
        parts.append('<table width="100%"><tr><td><a href="/">您的位置：首页</a></td></tr><tr><td>')
    parts.append('<div class="content">')
    for block in made.blocks:
        parts.append(_html_table(block, d) if isinstance(block, Grid) else f"<p>{_text(block)}</p>")
    parts.append("</div>" + ("</td></tr></table>" if inside else ""))
    parts.append('<div class="footer"><p>主办单位：某某人民政府 备案号：12345678</p></div></body></html>')
    return "\n".join(parts).encode(encoding)


def _text(text: str) -> str:
    return html.escape(text).replace("\n", "<br/>").replace("  ", "&nbsp;&nbsp;")


def _html_table(grid: Grid, d: Draw) -> str:
    paragraphs = d.chance(0.5)
    rows: list[list[str]] = [[] for _ in grid.rows]
    for cell in grid.cells:
        spans = (f' rowspan="{cell.rowspan}"' if cell.rowspan > 1 else "") + (f' colspan="{cell.colspan}"' if cell.colspan > 1 else "")
        text = _text(cell.text) or "&nbsp;"
        rows[cell.row].append(f"<td{spans}>" + (f"<p><span>{text}</span></p>" if paragraphs else text) + "</td>")
    return "<table border=1>" + "".join(f"<tr>{''.join(row)}</tr>\n" for row in rows) + "</table>"


def as_text(made: Made, d: Draw) -> bytes:
    """A dump: a row a line with tabs, or a cell a line with a tab before it; UTF-8, GB18030 or UTF-16."""
    by_cell = d.chance(0.5)
    lines: list[str] = []
    for block in made.blocks:
        if isinstance(block, str):
            lines += [("\t" if by_cell and d.chance(0.2) else "") + block.replace("\n", ""), ""]
        else:
            lines += _cell_lines(block) if by_cell else _row_lines(block)
            lines += ["", ""]
    encoding = d.pick(["utf-8", "utf-8", "utf-8-sig", "gb18030", "utf-16"])
    return d.pick(["\n", "\n", "\r\n"]).join(lines).encode(encoding)


def as_columns(made: Made, d: Draw) -> bytes:
    """A dump that keeps the layout by blanks: a Chinese character takes two columns, or where the writer only counted, one."""
    wide = d.pick([2, 2, 1])
    lines: list[str] = []
    for block in made.blocks:
        lines += [block.replace("\n", ""), ""] if isinstance(block, str) else [*_column_lines(block, wide), "", ""]
    return "\n".join(lines).encode(d.pick(["utf-8", "gb18030"]))


def _column_lines(grid: Grid, wide: int) -> list[str]:
    texts = [["" if cell in (LEFT, ABOVE) else " ".join(cell.split()).replace("\n", "") for cell in row] for row in grid.rows]

    def width(text: str) -> int:
        return len(text) + (wide - 1) * sum(1 for char in text if unicodedata.east_asian_width(char) in "WF")

    starts = [0] * (grid.width + 1)
    for cell in sorted(grid.cells, key=lambda cell: cell.col + cell.colspan):
        end = cell.col + cell.colspan
        needed = starts[cell.col] + width(texts[cell.row][cell.col]) + 3
        for col in range(end, grid.width + 1):
            starts[col] = max(starts[col], needed)
    lines = []
    for row in texts:
        line = ""
        for col, text in enumerate(row):
            if text:
                line += " " * (starts[col] - width(line)) + text
        lines.append(line)
    return lines


def _row_lines(grid: Grid) -> list[str]:
    return ["\t".join("" if cell in (LEFT, ABOVE) else cell.replace("\n", " ") for cell in row) + "\t" for row in grid.rows]


def _cell_lines(grid: Grid) -> list[str]:
    """A cell a line; a merged cell once in its row, blank in the rows below."""
    lines = []
    for row in grid.rows:
        lines += ["\t" + ("" if cell == ABOVE else cell) for cell in row if cell != LEFT]
        lines.append("")
    return lines
