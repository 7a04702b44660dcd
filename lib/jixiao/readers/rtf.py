"""Reader for rich text files (.rtf, and .doc files that are one inside): paragraphs, and tables with their merged cells."""

from __future__ import annotations

from dataclasses import dataclass, field

from jixiao.document import Document, ReadingError
from jixiao.readers.blocks import Blocks, cell_text
from jixiao.readers.grid import TOLERANCE, EdgedCell, cells_of
from jixiao.readers.rtf_tokens import TEXT, Tokens

_MAX_CELLS = 500_000
_WIDTH = 1000  # twips, of cells behind the last one that the row defines


@dataclass(slots=True)
class _Definition:
    """What a row says of its cells (\\trowd to \\row): the right edge of each with the merges named before it."""

    left: int = 0
    cells: list[tuple[int, frozenset[str]]] = field(default_factory=list)
    pending: set[str] = field(default_factory=set)


def read(data: bytes, name: str) -> Document:
    """The document in `data`. Raises ReadingError (`damaged_file`)."""
    try:
        builder = _Builder()
        for word, number in Tokens(data):
            if word.startswith(TEXT):
                builder.text.append(word[1:])
            else:
                builder.word(word, number)
        builder.end()
    except ReadingError:
        raise
    except Exception as error:  # numbers of a damaged file may mean anything
        raise ReadingError(f"The RTF file is damaged ({error}): fetch it again or save it anew as DOCX.", "damaged_file") from error
    return Document(name, "rtf", builder.blocks.all())


class _Builder:
    """Puts texts and control words together to paragraphs, cells, rows and tables."""

    def __init__(self) -> None:
        self.blocks = Blocks()
        self.text: list[str] = []
        self._definition = _Definition()
        self._cells: list[str] = []  # of the row that is not ended yet
        self._rows: list[list[EdgedCell]] = []
        self._count = 0
        self._in_table = False
        self._level = 1

    def word(self, word: str, number: int | None) -> None:
        if word in ("par", "sect", "page"):
            self._paragraph()
        elif word == "cell":
            self._cells.append(cell_text(self._taken()))
        elif word == "row":
            self._row()
        elif word == "nestcell":
            self.text.append("\t")
        elif word == "nesttableprops":
            self.text.append("\n")
            self._level = 2  # what follows defines a row inside a cell
        elif word == "nestrow":
            self._level = 1
        elif word == "pard":
            self._in_table = False
        elif word in ("intbl", "itap"):
            self._in_table = word == "intbl" or bool(number)
        elif self._level == 1:
            self._define(word, number)

    def _define(self, word: str, number: int | None) -> None:
        if word == "trowd":
            self._definition = _Definition()
        elif word == "trleft":
            self._definition.left = number or 0
        elif word in ("clmgf", "clmrg", "clvmgf", "clvmrg"):
            self._definition.pending.add(word)
        elif word == "cellx":
            self._definition.cells.append((number or 0, frozenset(self._definition.pending)))
            self._definition.pending.clear()

    def _taken(self) -> str:
        text = "".join(self.text)
        self.text.clear()
        return text

    def _paragraph(self) -> None:
        if self._in_table or self._cells:
            self.text.append("\n")
        else:
            text = self._taken()
            self._end_table()
            self.blocks.paragraph(text)

    def _row(self) -> None:
        if rest := cell_text(self._taken()):
            self._cells.append(rest)
        definition, texts = self._definition, self._cells
        self._cells = []
        row: list[EdgedCell] = []
        left = definition.left
        if definition.cells and definition.cells[0][0] <= left:
            left = definition.cells[0][0] - _WIDTH
        edges = list(definition.cells)
        while len(edges) < len(texts):
            edges.append(((edges[-1][0] if edges else left) + _WIDTH, frozenset()))
        for index, (right, merges) in enumerate(edges):
            text = texts[index] if index < len(texts) else ""
            if row and ("clmrg" in merges or right - left <= TOLERANCE):
                before = row[-1]
                joined = cell_text(f"{before.text}\n{text}")
                row[-1] = EdgedCell(before.left, max(right, before.right), joined, before.merged, before.goes_on)
            else:
                row.append(EdgedCell(left, right, text, "clvmgf" in merges, "clvmrg" in merges))
            left = max(left, right)
        self._count += len(row)
        if self._count > _MAX_CELLS:
            raise ReadingError(f"The RTF file has more than {_MAX_CELLS:,} cells: split it.", "too_large")
        if row:
            self._rows.append(row)

    def _end_table(self) -> None:
        self.blocks.table(cells_of(self._rows))
        self._rows = []

    def end(self) -> None:
        """Add what the file's end leaves open; cells whose row never ended are no table, but their text is not lost."""
        texts = [*self._cells, self._taken()]
        self._end_table()
        for text in texts:
            self.blocks.paragraph(text)
