"""The spot of a source that a place names, to look at in a notebook: the page with the cell outlined, or the rows around it."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao import readers
from jixiao.document import Box, Cell, Document, Paragraph, Place, Table
from jixiao.readers import archive

if TYPE_CHECKING:
    from PIL.Image import Image

DPI = 150
AROUND = (140.0, 80.0)  # points to the side of a box and above and below it
ROWS = 1  # rows above and below the one that is meant

_STYLE = "border-collapse:collapse;font-size:90%"
_CELL = "border:1px solid #999;padding:2px 6px;text-align:left"


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a source without pages, as HTML; Jupyter shows it, `str()` gives the place."""

    place: str
    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __str__(self) -> str:
        return self.place


def show(place: str | Place, folder: str | Path = "data/raw") -> Image | Snippet:
    """The spot of the source that `place` names (`zhuzhou-2024.pdf#page=6&table=2&row=5&col=3`).

    A PIL image of the page around it, outlined in red, where the source is a PDF or an image, else a Snippet.
    Sources are looked for in `folder`.
    Raises FileNotFoundError where the file is not there, ValueError where it has no such page, table, row or paragraph.
    """
    place = Place.parse(place) if isinstance(place, str) else place
    data = _bytes(place.file, Path(folder))
    document = readers.read(data, place.file)
    block = _block(document, place)
    cells = _cells(block, place) if isinstance(block, Table) else []
    if document.format not in ("pdf", "image"):
        return Snippet(str(place), _html(document, block, cells, place))
    if block is None:
        return _page_image(data, document, place.page or 1, [])
    boxed = cells if isinstance(block, Table) else [block]
    page = boxed[0].page or 1
    # writing reaches over its box, the lines of a cell do not
    return _page_image(data, document, page, [b.box for b in boxed if b.box and b.page == page], pad=2 if cells else 8)


def _bytes(file: str, folder: Path) -> bytes:
    """The file's content; `archive.zip!member.doc` is a member of an archive."""
    try:
        archive.locate(folder / file)
    except FileNotFoundError:
        hint = f"{file} is not in the folder {str(folder)!r}: name the folder of the reports, show(place, folder=...)"
        raise FileNotFoundError(hint) from None
    return readers.file_bytes(folder / file)[0]


def _block(document: Document, place: Place) -> Paragraph | Table | None:
    if place.table is not None:
        return _numbered(document, document.tables, place.table, "table")
    if place.paragraph is not None:
        return _numbered(document, document.paragraphs, place.paragraph, "paragraph")
    if place.page is not None and document.pages is not None and not 1 <= place.page <= document.pages:
        raise ValueError(f"{document.name} has {document.pages} pages, there is no page {place.page}")
    return None


def _numbered(document: Document, blocks: list, number: int, what: str) -> Paragraph | Table:
    found = next((block for block in blocks if block.number == number), None)
    if found is None:
        raise ValueError(f"{document.name} has {len(blocks)} {what}s, there is no {what} {number}")
    return found


def _cells(table: Table, place: Place) -> list[Cell]:
    """The cells that are meant: one, or a row's, or (no row named) all."""
    rows, cols = table.shape
    if place.row is None:
        return list(table.cells)
    if not 1 <= place.row <= rows:
        raise ValueError(f"table {table.number} of {place.file} has {rows} rows, there is no row {place.row}")
    if place.col is None:
        return table.row(place.row - 1)
    cell = table.grid[place.row - 1][place.col - 1] if 1 <= place.col <= cols else None
    if cell is None:
        raise ValueError(f"row {place.row} of table {table.number} of {place.file} has no cell in column {place.col} (of {cols})")
    return [cell]


def _page_image(data: bytes, document: Document, page: int, boxes: list[Box], pad: int = 0) -> Image:
    # only here: who looks at a .doc needs no pictures
    from PIL import ImageDraw

    image, scale = _picture(data, page) if document.format == "image" else _rendered(data, page)
    if not boxes:
        return image
    draw = ImageDraw.Draw(image)
    spots = [[scale * v for v in box] for box in boxes]
    for x0, top, x1, bottom in spots:
        draw.rectangle((x0 - pad, top - pad, x1 + pad, bottom + pad), outline=(200, 0, 0), width=3)
    wide, high = (scale * v for v in AROUND)
    return image.crop(
        (
            max(0, round(min(s[0] for s in spots) - wide)),
            max(0, round(min(s[1] for s in spots) - high)),
            min(image.width, round(max(s[2] for s in spots) + wide)),
            min(image.height, round(max(s[3] for s in spots) + high)),
        )
    )


def _rendered(data: bytes, page: int) -> tuple[Image, float]:
    """A page of a PDF, and how many of its pixels a point is wide."""
    import pypdfium2

    with pypdfium2.PdfDocument(data) as pdf:
        return pdf[page - 1].render(scale=DPI / 72).to_pil().convert("RGB"), DPI / 72


def _picture(data: bytes, page: int) -> tuple[Image, float]:
    """A page of an image file, no larger than a page of a PDF is shown, and how many of its pixels a point is wide."""
    from jixiao.readers.scan_image import picture

    image, scale = picture(data, page)
    if scale <= DPI / 72:
        return image, scale
    factor = DPI / 72 / scale
    return image.resize((round(image.width * factor), round(image.height * factor)), 3), DPI / 72


def _html(document: Document, block: Paragraph | Table | None, cells: list[Cell], place: Place) -> str:
    head = f"<div><small>{escape(str(place))}</small></div>"
    if isinstance(block, Table):
        return head + _table_html(block, cells, place)
    if isinstance(block, Paragraph):
        return head + f"<p>{_marked(block.text, place.chars)}</p>"
    count = f"{len(document.paragraphs)} paragraphs, {len(document.tables)} tables"
    return head + f"<p>{escape(document.name)}: {count}</p>"


def _marked(text: str, chars: tuple[int, int] | None) -> str:
    start, end = chars or (0, len(text))
    if not 0 <= start <= end <= len(text):
        raise ValueError(f"the paragraph has {len(text)} characters, there is no stretch {start}-{end}")
    return f"{escape(text[:start])}<mark>{escape(text[start:end])}</mark>{escape(text[end:])}"


def _table_html(table: Table, meant: list[Cell], place: Place) -> str:
    rows = table.shape[0]
    first, last = (0, rows) if place.row is None else (max(0, place.row - 1 - ROWS), min(rows, place.row + ROWS))
    lines = []
    for number in range(first, last):
        line = f'<th style="{_CELL};color:#999">{number + 1}</th>'
        for cell in table.row(number):
            if number != max(cell.row, first):
                continue  # stands in a row above already
            text = escape(cell.text).replace("\n", "<br>")
            if place.row is not None and cell in meant:
                text = f"<mark>{text or '&nbsp;'}</mark>"
            span = f' rowspan="{min(cell.row + cell.rowspan, last) - number}" colspan="{cell.colspan}"'
            line += f'<td{span} style="{_CELL}">{text}</td>'
        lines.append(f"<tr>{line}</tr>")
    return f'<table style="{_STYLE}">{"".join(lines)}</table>'
