"""Pages as they were read, written or scanned, to the blocks of a document: tables and paragraphs over page breaks."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from jixiao.document import Note, Paragraph, Place, Table
from jixiao.readers import pdf_tables
from jixiao.readers.pdf_lines import Line
from jixiao.readers.pdf_prose import Prose, Sheet, furniture
from jixiao.readers.pdf_tables import Piece
from jixiao.readers.pdf_view import Shown

TOLD = 8  # figures that a note lists
_FIGURE = re.compile(r"[-−+]?\d[\d,，]*(?:\.\d+)?\s?[%％]?")


@dataclass(frozen=True, slots=True)
class Leaf:
    """What was read from one page. `readable` is false where the page shows more than was read; `by_ocr` where it is a picture.

    `coarse` is the resolution in dots an inch of a picture that is too coarse to be read without mistakes.
    """

    sheet: Sheet
    view: Shown
    pieces: tuple[Piece, ...]
    readable: bool
    by_ocr: bool = False
    coarse: float | None = None

    @property
    def number(self) -> int:
        return self.sheet.number

    @property
    def empty(self) -> bool:
        return not (self.pieces or self.sheet.lines)


def last_piece(leaves: Sequence[Leaf]) -> Piece | None:
    """The last part of a table on the last page, which the next page may continue."""
    return leaves[-1].pieces[-1] if leaves and leaves[-1].pieces else None


def blocks_of(leaves: Sequence[Leaf]) -> tuple[Paragraph | Table, ...]:
    """The blocks of a document, numbered, in reading order."""
    views = {leaf.number: leaf.view for leaf in leaves}
    skip = furniture([leaf.sheet for leaf in leaves])
    sheets = [replace(leaf.sheet, lines=tuple(line for line in leaf.sheet.lines if line not in skip)) for leaf in leaves]
    prose = Prose(sheets)
    blocks: list[Paragraph | Table] = []
    tables = paragraphs = 0
    for run in _runs(leaves, sheets):
        if isinstance(run[0], Piece):
            tables += 1
            blocks.append(pdf_tables.table(run, tables, views))
            continue
        for text, page, box, confidence in prose.paragraphs(run):
            paragraphs += 1
            blocks.append(Paragraph(paragraphs, text, page, views[page].shown(box), confidence))
    return tuple(blocks)


def notes_of(leaves: Sequence[Leaf], name: str) -> tuple[Note, ...]:
    """What a person should know about the pages of the file called `name`."""
    skip = furniture([leaf.sheet for leaf in leaves])
    return tuple(note for leaf in leaves for note in _notes(leaf, name, skip))


def _notes(leaf: Leaf, name: str, skip: set[Line]) -> Iterator[Note]:
    place = Place(name, page=leaf.number)
    if leaf.coarse:
        yield Note(
            "low_resolution",
            f"the page is a picture of {leaf.coarse:.0f} dpi, at which decimal points are lost: scan it again at 200 dpi or more",
            place,
        )
    if loose := _loose([line for line in leaf.sheet.lines if line not in skip]):
        told = ", ".join(loose[:TOLD]) + (" …" if len(loose) > TOLD else "")
        yield Note(
            "table_without_rulings",
            f"{len(loose)} figures stand side by side with other text and in no ruled table, and were not read ({told}): read them there",
            place,
        )
    if not all(piece.ruled for piece in leaf.pieces):
        message = "a table has no rulings, its columns were told by the gaps: compare its figures and their labels with the page"
        yield Note("table_without_rulings", message, place)


def _loose(lines: Sequence[Line]) -> list[str]:
    """The figures that stand in a row with other text, as in a table; less than two are none."""
    rows = Counter(line.top for line in lines)
    found = [line.text for line in lines if rows[line.top] > 1 and _FIGURE.fullmatch(line.text)]
    return found if len(found) > 1 else []


def _runs(leaves: Sequence[Leaf], sheets: Sequence[Sheet]) -> list[list[Piece] | list[Line]]:
    """Pieces of one table, lines with no table between them, in reading order."""
    runs: list[list[Piece] | list[Line]] = []
    for leaf, sheet in zip(leaves, sheets, strict=True):
        items = sorted([*leaf.pieces, *sheet.lines], key=lambda item: item.box[1])
        for at, item in enumerate(items):
            last = runs[-1][-1] if runs else None
            if isinstance(item, Line):
                joins = isinstance(last, Line)
            else:
                joins = at == 0 and isinstance(last, Piece) and pdf_tables.goes_on(runs[-1], item)
            if joins:
                runs[-1].append(item)
            else:
                runs.append([item])
    return runs
