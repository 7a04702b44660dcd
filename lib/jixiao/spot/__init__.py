"""The spot of a source that a place names, to look at: the page with the cell outlined, or the rows around it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from jixiao import readers
from jixiao.document import Cell, Document, Paragraph, Place, Table, tidy
from jixiao.readers import archive

from .crops import Pages, Stretch
from .rows import labels, rows_html, sentence

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["Opened", "Snippet", "Spot", "show"]

WITH_PAGES = ("pdf", "image")
TALLEST = 320.0  # points: cells of a table that stand farther apart are shown one by one
BESIDE = 60  # characters of a sentence before and behind the stretch that is meant


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a source without pages, as HTML; Jupyter shows it, `str()` gives the place."""

    place: str
    html: str

    def _repr_html_(self) -> str:
        return self.html

    def __str__(self) -> str:
        return self.place


@dataclass(frozen=True, slots=True)
class Spot:
    """What stands at some places of one table or paragraph: a picture where the source has pages, HTML where it has none.

    `text` is what stands in the cell or the stretch, `line` what stands in its whole row; `row` and `column` are the words beside
    and above it (blank in prose and where there are several places).
    """

    places: tuple[Place, ...]
    text: str
    line: tuple[str, ...] = ()
    row: str = ""
    column: str = ""
    image: Image | None = None
    html: str = ""


def show(place: str | Place, folder: str | Path = "data/raw") -> Image | Snippet:
    """The spot of the source that `place` names (`zhuzhou-2024.pdf#page=6&table=2&row=5&col=3`).

    A PIL image of the page around it, outlined in red, where the source is a PDF or an image, else a Snippet.
    Sources are looked for in `folder`.
    Raises FileNotFoundError where the file is not there, ValueError where it has no such page, table, row or paragraph.
    """
    place = Place.parse(place) if isinstance(place, str) else place
    spot = Opened(place.file, folder).spot(place)
    head = f"<div><small>{escape(str(place))}</small></div>"
    return spot.image if spot.image is not None else Snippet(str(place), head + spot.html)


class Opened:
    """A source of `folder`, opened once to look at several spots of it; read when the first one is looked at.

    Raises FileNotFoundError where the file is not there, ReadingError where it is an archive's member that cannot be unpacked.
    """

    def __init__(self, file: str, folder: str | Path = "data/raw") -> None:
        self.file = file
        self._data = _bytes(file, Path(folder))

    @cached_property
    def sha256(self) -> str:
        """The digest of its content, as in `reports.sha256`."""
        return hashlib.sha256(self._data).hexdigest()

    @cached_property
    def _document(self) -> Document:
        return readers.read(self._data, self.file)

    @cached_property
    def _pages(self) -> Pages:
        return Pages(self._data, self._document.format)

    def spots(self, places: Iterable[Place]) -> list[Spot]:
        """The spots of `places`; cells of one table that stand near each other are one spot. Raises ValueError as `show` does."""
        groups: list[list[Place]] = []
        for place in dict.fromkeys(places):
            fitting = (group for group in groups if self._together([*group, place]))
            group = next(fitting, None)
            groups.append([place]) if group is None else group.append(place)
        return [self.spot(*group, with_row=True) for group in groups]

    def spot(self, *places: Place, with_row: bool = False) -> Spot:
        """The spot of a place, or of several cells of one table; the figures of the row with a label that stands for it where
        `with_row` says so. Raises ValueError as `show` does.
        """
        document, first = self._document, places[0]
        block = _block(document, first)
        if isinstance(block, Table):
            return self._of_table(block, places, with_row)
        if isinstance(block, Paragraph):
            return self._of_paragraph(block, first)
        if document.format in WITH_PAGES:
            return Spot(places, "", image=self._pages.crop(first.page or 1, []))
        count = f"{len(document.paragraphs)} paragraphs, {len(document.tables)} tables"
        return Spot(places, "", html=f"<p>{escape(document.name)}: {count}</p>")

    def _of_table(self, table: Table, places: Sequence[Place], with_row: bool) -> Spot:
        cells = list(dict.fromkeys(cell for place in places for cell in _cells(table, place)))
        meant = [] if all(place.row is None for place in places) else cells
        text = " · ".join(tidy(cell.text) for cell in meant)
        row, column = labels(table, meant[0]) if len(meant) == 1 else ("", "")
        whole_row = table.row(places[0].row - 1) if meant and len(places) == 1 else []
        told = (tuple(places), text, tuple(tidy(cell.text) for cell in whole_row), row, column)
        if self._document.format not in WITH_PAGES:
            rows = {place.row - 1 for place in places if place.row is not None}
            return Spot(*told, html=rows_html(table, rows, meant))
        page = cells[0].page or 1
        boxes = [cell.box for cell in cells if cell.box and cell.page == page]
        label_only = with_row and len(boxes) == 1 and not any(char.isdigit() for char in text)
        beside = [(c.box[0], boxes[0][1], c.box[2], boxes[0][3]) for c in whole_row if label_only and c.box and c.page == page]
        return Spot(*told, image=self._pages.crop(page, boxes, beside, pad=2))  # a cell's lines stay in its box

    def _of_paragraph(self, paragraph: Paragraph, place: Place) -> Spot:
        start, end = place.chars or (0, len(paragraph.text))
        if self._document.format not in WITH_PAGES:
            return Spot((place,), paragraph.text[start:end], html=f"<p>{sentence(paragraph.text, place.chars)}</p>")
        html = f"<p>{sentence(paragraph.text, place.chars, BESIDE)}</p>"  # a scan has no characters to mark
        boxes = [paragraph.box] if paragraph.box else []
        stretch = Stretch(paragraph.text, start, end) if place.chars else None
        image = self._pages.crop(paragraph.page or 1, boxes, pad=8, stretch=stretch)  # writing reaches over its box
        return Spot((place,), paragraph.text[start:end], image=image, html=html)

    def _together(self, places: Sequence[Place]) -> bool:
        """Whether the places are cells of one table that one picture can show."""
        if any(p.table is None or p.row is None or p.col is None for p in places) or len({(p.table, p.page) for p in places}) > 1:
            return False
        if self._document.format not in WITH_PAGES:
            return True
        block = _block(self._document, places[0])
        boxes = [cell.box for place in places for cell in _cells(block, place) if cell.box]
        return bool(boxes) and max(box[3] for box in boxes) - min(box[1] for box in boxes) <= TALLEST


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
