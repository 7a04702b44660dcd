"""Documents drawn from rows of text, to test how blocks are read without a file format in between.

In a row `LEFT` goes on with the cell on its left and `ABOVE` with the cell above it, so that merged cells can be drawn.
"""

from jixiao.document import Cell, Document, Paragraph, Table

LEFT, ABOVE = "←", "↑"


def table(rows: list[list[str]], number: int = 1, aligned: bool = True) -> Table:
    """A table from rows of equal length."""
    width = len(rows[0])
    assert all(len(row) == width for row in rows), "rows of one length"
    cells = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in (LEFT, ABOVE):
                continue
            colspan = 1
            while c + colspan < width and row[c + colspan] == LEFT:
                colspan += 1
            rowspan = 1
            while r + rowspan < len(rows) and rows[r + rowspan][c] == ABOVE:
                rowspan += 1
            cells.append(Cell(r, c, text, rowspan, colspan))
    return Table(number, tuple(cells), aligned)


def rows(text: str) -> list[list[str]]:
    """Rows of equal length out of lines whose cells stand between bars: `<` is LEFT, `^` is ABOVE."""
    marks = {"<": LEFT, "^": ABOVE}
    found = [[marks.get(cell.strip(), cell.strip()) for cell in line.split("|")] for line in text.strip().splitlines()]
    width = max(map(len, found))
    return [row + [""] * (width - len(row)) for row in found]


def document(*blocks: str | Table, name: str = "drawn.docx") -> Document:
    """A document of paragraphs (texts) and tables, in order."""
    made, number = [], 0
    for block in blocks:
        if isinstance(block, str):
            number += 1
            made.append(Paragraph(number, block))
        else:
            made.append(block)
    return Document(name, "docx", tuple(made))
