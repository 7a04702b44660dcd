"""Reader for the binary workbooks of Excel 5 to 2003 and WPS (.xls, .et): each sheet a table, numbers as their format shows them."""

from __future__ import annotations

import io

import xlrd

from jixiao.document import Document, ReadingError
from jixiao.readers.limits import too_large
from jixiao.readers.number_formats import number_text
from jixiao.readers.sheets import MAX_CELLS, Position, Workbook, damaged

_FAULTS = xlrd.error_text_from_code


def read(data: bytes, name: str) -> Document:
    """The document in `data`. Raises ReadingError: `damaged_file`, `encrypted_file`, `too_large`."""
    log = io.StringIO()  # xlrd prints its remarks
    try:
        with xlrd.open_workbook(file_contents=data, formatting_info=True, ragged_rows=True, on_demand=True, logfile=log) as book:
            return _document(book, name)
    except ReadingError:
        raise
    except Exception as error:  # an offset of a damaged file may lead anywhere
        if "encrypted" in str(error):
            raise ReadingError("The workbook is protected by a password: save it without one.", "encrypted_file") from error
        raise damaged("XLS", error) from error


def _document(book: xlrd.Book, name: str) -> Document:
    workbook = Workbook(name, "xls")
    codes = {key: found.format_str for key, found in book.format_map.items()}
    styles = [codes.get(style.format_key, "") for style in book.xf_list]
    cells = 0
    for number in range(book.nsheets):
        sheet = book.sheet_by_index(number)
        texts: dict[Position, str] = {}
        for row in range(sheet.nrows):
            for col in range(sheet.row_len(row)):
                if text := _text(sheet.cell(row, col), styles, book.datemode == 1):
                    texts[row, col] = text
            cells += sheet.row_len(row)
        if cells > 4 * MAX_CELLS:
            raise too_large(f"The workbook has more than {4 * MAX_CELLS:,} cells: split it, or keep only the sheets of the report")
        # bottom and right are the first that are outside
        merges = [(top, left, bottom - 1, right - 1) for top, bottom, left, right in sheet.merged_cells]
        workbook.sheet(sheet.name, texts, merges)
        book.unload_sheet(number)
    return workbook.document()


def _text(cell: xlrd.sheet.Cell, styles: list[str], from_1904: bool) -> str:
    if cell.ctype in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE):
        style = cell.xf_index
        return number_text(cell.value, styles[style] if style is not None and style < len(styles) else "", from_1904)
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return _FAULTS.get(cell.value, "#ERROR")
    return str(cell.value)
