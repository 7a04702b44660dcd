"""What a person should look at in a scanned document: its pages, and the figures that OCR was not sure of."""

from __future__ import annotations

from ..document import Cell, Document, Paragraph, Place, Table, tidy
from ..facts import Issue

# On pages drawn with 4,300 figures and noise at 120 to 200 dpi, 1.5 % of the right figures are less sure than this, and all wrong ones
# but those that lost a decimal point (under 140 dpi, see `low_resolution`).
DOUBTFUL = 0.9
MISREAD = 0.6  # letters that are less sure are often others; in a long text one such letter changes nothing
_SHORT = 40  # characters: longer texts are not repeated in an issue
_SIGNS = frozenset("≥≤<>=≧≦")


def doubts(document: Document) -> list[Issue]:
    """Issues: `read_by_ocr` for each scanned page, `uncertain_figure` for each cell and paragraph with a figure that may be misread.

    A short text, a name or a label, is `uncertain_text`. A cell in which there is ink, but nothing that could be read, is `unread_cell`.
    """
    issues = [_page(Place(document.name, page=page)) for page in document.read_by_ocr]
    for block in document.blocks:
        for spot in block.cells if isinstance(block, Table) else (block,):
            if spot.confidence is None or spot.confidence >= DOUBTFUL:
                continue
            if not spot.text.strip():
                issues.append(_ink(document, block, spot))
            elif any(char.isdigit() or char in _SIGNS for char in spot.text):
                issues.append(_figure(document, block, spot))
            elif _is_doubtful(tidy(spot.text), spot.confidence):
                issues.append(_text(document, block, spot))
    return issues


def _is_doubtful(text: str, confidence: float) -> bool:
    """Whether a text may say something else: a lone letter may be a sign, and short texts are names and labels."""
    return (len(text) == 1 and text.isalpha()) or (len(text) <= _SHORT and confidence < MISREAD and any(map(str.isalpha, text)))


def _page(place: Place) -> Issue:
    message = "the page is a picture and was read by character recognition (OCR): compare the figures that matter with it, see jixiao.show"
    return Issue(code="read_by_ocr", place=place, message=message)


def _ink(document: Document, block: Paragraph | Table, spot: Cell | Paragraph) -> Issue:
    place = document.place(block, spot if isinstance(spot, Cell) else None)
    message = "there is something in the cell that character recognition could not read: look at it with jixiao.show"
    return Issue(code="unread_cell", place=place, message=message)


def _figure(document: Document, block: Paragraph | Table, spot: Cell | Paragraph) -> Issue:
    text = tidy(spot.text)
    place = document.place(block, spot if isinstance(spot, Cell) else None)
    message = (
        f"a figure here may be misread (character recognition is {spot.confidence:.0%} sure): compare it with the page, see jixiao.show"
    )
    return Issue(code="uncertain_figure", place=place, printed=text if len(text) <= _SHORT else None, message=message)


def _text(document: Document, block: Paragraph | Table, spot: Cell | Paragraph) -> Issue:
    place = document.place(block, spot if isinstance(spot, Cell) else None)
    message = (
        f"a character here may be misread (character recognition is {spot.confidence:.0%} sure): compare it with the page, see jixiao.show"
    )
    return Issue(code="uncertain_text", place=place, printed=tidy(spot.text), message=message)
