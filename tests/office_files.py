"""The same tables written in each format, to see that all readers give the same cells.

A document is a list of texts (paragraphs) and tables (rows of texts with the marks of `drawn`); everything is written by
the rules of its format, so that the readers are tested and not a library's habits.
"""

from __future__ import annotations

import io
import zipfile
from html import escape

import openpyxl
import xlwt

from drawn import table
from jixiao.document import Cell

Rows = list[list[str]]


def cells(rows: Rows) -> tuple[Cell, ...]:
    return table(rows).cells


def as_xlsx(blocks: list[str | Rows]) -> bytes:
    """Texts and tables below one another on one sheet, numbers and percentages as numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row, col, text, rowspan, colspan in _on_a_sheet(blocks):
        value, code = number(text)
        sheet.cell(row + 1, col + 1, value).number_format = code
        if rowspan * colspan > 1:
            sheet.merge_cells(start_row=row + 1, start_column=col + 1, end_row=row + rowspan, end_column=col + colspan)
    return _saved(book)


def as_xls(blocks: list[str | Rows]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("自评表")
    for row, col, text, rowspan, colspan in _on_a_sheet(blocks):
        value, code = number(text)
        style = xlwt.easyxf(num_format_str=code)
        if rowspan * colspan > 1:
            sheet.write_merge(row, row + rowspan - 1, col, col + colspan - 1, value, style)
        else:
            sheet.write(row, col, value, style)
    return _saved(book)


def as_ods(blocks: list[str | Rows]) -> bytes:
    placed = {(row, col): (text, rowspan, colspan) for row, col, text, rowspan, colspan in _on_a_sheet(blocks)}
    width = max(col for _, col in placed) + 1
    lines = []
    for row in range(max(row for row, _ in placed) + 1):
        line = ""
        for col in range(width):
            text, rowspan, colspan = placed.get((row, col), ("", 1, 1))
            value, _ = number(text)
            kind = "percentage" if text.endswith("%") else "float"
            typed = f' o:value-type="{kind}" o:value="{value}"' if isinstance(value, float) else ""
            spans = f' t:number-rows-spanned="{rowspan}" t:number-columns-spanned="{colspan}"' if rowspan * colspan > 1 else ""
            paragraphs = "".join(f"<x:p>{escape(part)}</x:p>" for part in text.split("\n") if part)
            line += f"<t:table-cell{typed}{spans}>{paragraphs}</t:table-cell>"
        lines.append(f'<t:table-row>{line}<t:table-cell t:number-columns-repeated="16000"/></t:table-row>')
    filler = '<t:table-row t:number-rows-repeated="1048000"><t:table-cell t:number-columns-repeated="16384"/></t:table-row>'
    return ods(f'<t:table t:name="自评表">{"".join(lines)}{filler}</t:table>')


def ods(tables: str) -> bytes:
    """A workbook of `tables`, in XML with the prefixes t (table), x (text) and o (office)."""
    spaces = {"o": "office", "t": "table", "x": "text"}
    declared = "".join(f' xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for short, name in spaces.items())
    content = f"<o:document-content{declared}><o:body><o:spreadsheet>{tables}</o:spreadsheet></o:body></o:document-content>"
    return zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": content.encode()})


def as_html(blocks: list[str | Rows]) -> str:
    parts = []
    for block in blocks:
        if isinstance(block, str):
            parts.append(f"<p>&nbsp;&nbsp;{escape(block)}</p>")
            continue
        lines = [""] * len(block)
        for cell in cells(block):
            text = escape(cell.text).replace("\n", "<br/>")
            lines[cell.row] += f'<td rowspan="{cell.rowspan}" colspan={cell.colspan}>{text}</td>\n'
        parts.append("<table>" + "".join(f"<tr>{line}</tr>" for line in lines) + "</table>")
    return "\n".join(parts)


def as_rtf(blocks: list[str | Rows]) -> bytes:
    body = ""
    for block in blocks:
        body += rf"\pard {rtf_text(block)}\par " if isinstance(block, str) else _rtf_table(block)
    return rtf(body)


def rtf(body: str) -> bytes:
    fonts = r"{\fonttbl{\f0\fnil\fcharset134 " + rtf_bytes("宋体") + r";}{\f1\fswiss\fcharset0 Arial;}}"
    return (r"{\rtf1\ansi\ansicpg1252\deff0\uc1" + fonts + r"{\info{\title hidden}}{\*\generator hidden;}\f0 " + body + "}").encode("ascii")


def rtf_bytes(text: str) -> str:
    """`text` in the bytes of GBK, as older programs write it."""
    return "".join(f"\\'{byte:02x}" for byte in text.encode("gb18030"))


def rtf_text(text: str) -> str:
    """`text` by the numbers of its characters, each with a substitute."""
    units = text.encode("utf-16-le")
    codes = [int.from_bytes(units[at : at + 2], "little") for at in range(0, len(units), 2)]
    shown = (chr(c) if 31 < c < 128 else r"\line " if c == 10 else rf"\u{c - 65536 if c > 32767 else c}?" for c in codes)
    return "".join(shown)


def _rtf_table(rows: Rows) -> str:
    starts = {(cell.row, cell.col): cell for cell in cells(rows)}
    covering = {
        (r, c): cell
        for cell in starts.values()
        for r in range(cell.row, cell.row + cell.rowspan)
        for c in range(cell.col, cell.col + cell.colspan)
    }
    body = ""
    for row in range(len(rows)):
        definitions, texts = r"\trowd\trgaph108\trleft-108 ", ""
        for col in range(len(rows[row])):
            cell = covering[row, col]
            if cell.rowspan > 1:
                definitions += r"\clvmgf" if cell.row == row else r"\clvmrg"
            if cell.colspan > 1:
                definitions += r"\clmgf" if cell.col == col else r"\clmrg"
            definitions += rf"\cellx{1000 * (col + 1) + row % 3} "
            texts += (rtf_text(cell.text) if (cell.row, cell.col) == (row, col) else "") + r"\cell "
        body += rf"{definitions}\pard\intbl {texts}{{{definitions}\row }}"
    return body


def number(text: str) -> tuple[str | float, str]:
    """What a person types into a spreadsheet for `text`, and the number format that it gets."""
    digits = text.replace(",", "")
    if digits.endswith("%") and digits[:-1].replace(".", "", 1).isdigit():
        decimals = len(digits[:-1].partition(".")[2])
        return round(float(digits[:-1]) / 100, decimals + 2), "0." + "0" * decimals + "%" if decimals else "0%"
    if digits.replace(".", "", 1).isdigit():
        return float(digits), "#,##0.00" if "." in digits else "General"
    return text, "General"


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return buffer.getvalue()


def _on_a_sheet(blocks: list[str | Rows]):
    top = 0
    for block in blocks:
        if isinstance(block, str):
            yield top, 0, block, 1, 1
            top += 1
        else:
            for cell in cells(block):
                yield top + cell.row, cell.col, cell.text, cell.rowspan, cell.colspan
            top += len(block)


def _saved(book) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
