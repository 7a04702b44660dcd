"""What the readers share: blocks numbered in the document's order."""

from __future__ import annotations

from collections.abc import Iterable

from jixiao.document import Cell, Paragraph, Table, tidy


class Blocks:
    """Collects a document's paragraphs and tables in order and numbers those that are kept."""

    def __init__(self) -> None:
        self._blocks: list[Paragraph | Table] = []
        self._paragraphs = 0
        self._tables = 0

    def paragraph(self, text: str) -> None:
        """Add a paragraph; an empty one is dropped and takes no number."""
        text = tidy(text)
        if text:
            self._paragraphs += 1
            self._blocks.append(Paragraph(self._paragraphs, text))

    def table(self, cells: Iterable[Cell], aligned: bool = True, sheet: str | None = None) -> None:
        """Add a table; one without cells is dropped and takes no number."""
        cells = tuple(cells)
        if cells:
            self._tables += 1
            self._blocks.append(Table(self._tables, cells, aligned, sheet))

    def all(self) -> tuple[Paragraph | Table, ...]:
        return tuple(self._blocks)


def cell_text(text: str) -> str:
    """A cell's text: its line breaks stay, white space around it and at the ends of its lines goes."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip()
