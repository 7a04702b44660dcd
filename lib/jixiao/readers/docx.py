"""Reader for Word documents (.docx): paragraphs and tables in the order in which they stand, every cell once with its spans.

Elements are told by their local names, so that documents in the strict variant of the format, whose namespaces differ,
are read as well. Section numbers refer to ISO/IEC 29500-1. Headers, footers, notes and comments are parts of their own
and are left out; so is what the page does not show: deleted with tracking (`w:del`), moved away, hidden.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from jixiao.document import Cell, Document, ReadingError
from jixiao.readers.blocks import Blocks, cell_text
from jixiao.readers.limits import open_zip
from jixiao.readers.package import Package
from jixiao.readers.pasted import with_scans
from jixiao.readers.xml import local, local_name, parse

Element = etree._Element

# elements around blocks, rows, cells or runs that add nothing to the text
_WRAPPERS = {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"}
# elements whose text is not part of the paragraph; text boxes (txbxContent) stand in drawings and follow their paragraph
_WITHOUT_TEXT = {
    *("del", "moveFrom", "delText", "instrText", "delInstrText", "pPr", "rPr", "sdtPr", "sdtEndPr", "rt"),
    *("drawing", "pict", "object", "annotation", "fldData"),
}
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_OFF = {"0", "false", "off", "none"}


def read(data: bytes, name: str) -> Document:
    """The document in `data`. Raises ReadingError (`damaged_file`) where it is not a whole .docx."""
    try:
        with open_zip(data) as archive:
            package = Package(archive)
            path = package.main("word/document.xml")
            body = next(child for child in parse(package.part(path)) if local(child) == "body")
            blocks = Blocks()
            _add(body, blocks)
            pictures = list(_pictures(package, path, body))
    except ReadingError:
        raise
    except Exception as error:  # zip, package and XML each have their own ways to fail on a damaged file
        raise ReadingError(
            f"The DOCX file is damaged or incomplete ({error}): fetch it again or save it anew as DOCX or PDF.", "damaged_file"
        ) from error
    return with_scans(Document(name, "docx", blocks.all()), pictures)


def _pictures(package: Package, path: str, body: Element) -> Iterator[bytes]:
    """The picture files shown in the body, in its order; those elsewhere (linked, not embedded) are not fetched."""
    relations = package.relations(path)
    for element in body.iter("{*}blip", "{*}imagedata"):
        ids = (value for key, value in element.attrib.items() if local_name(key) in ("embed", "id"))
        shown = next((relations[each] for each in ids if each in relations), None)
        if shown is not None and not shown.external:
            yield package.part(shown.path)


def _add(container: Element, blocks: Blocks) -> None:
    for element in _children(container, {"p", "tbl"}):
        if local(element) == "tbl":
            blocks.table(_cells(element))
        else:
            blocks.paragraph(_text(element))
        for box in _text_boxes(element) if local(element) == "p" else ():
            _add(box, blocks)


def _children(parent: Element, tags: set[str]) -> Iterator[Element]:
    """The children with one of `tags`, also those inside content controls (`w:sdt`) and other wrappers."""
    for child in parent:
        tag = local(child)
        if tag in tags:
            yield child
        elif tag in _WRAPPERS:
            yield from _children(child, tags)
        elif tag == "AlternateContent":
            yield from _children(_chosen(child), tags)


def _cells(table: Element) -> list[Cell]:
    """The cells of a `w:tbl` by gridSpan (17.4.17) and vMerge (17.4.84)."""
    cells: list[Cell] = []
    open_merges: dict[tuple[int, int], int] = {}
    rows = [row for row in _children(table, {"tr"}) if _property(row, "trPr", "del") is None]
    for number, row in enumerate(rows):
        col = _number(row, "trPr", "gridBefore", 0)
        still_open: dict[tuple[int, int], int] = {}
        for element in _children(row, {"tc"}):
            span = max(1, _number(element, "tcPr", "gridSpan", 1))
            vertical = _merge(element, "vMerge")
            above = open_merges.get((col, span))
            if _merge(element, "hMerge") == "continue" and cells and cells[-1].row == number:
                # the merging of cells before gridSpan (17.4.22); only a plain cell to the left can take it up
                left = cells[-1]
                cells[-1] = Cell(left.row, left.col, left.text, left.rowspan, left.colspan + span)
                if still_open.pop((left.col, left.colspan), None) is not None:
                    still_open[left.col, left.colspan + span] = len(cells) - 1
            elif vertical == "continue" and above is not None:
                upper = cells[above]
                cells[above] = Cell(upper.row, upper.col, upper.text, upper.rowspan + 1, upper.colspan)
                still_open[col, span] = above
            else:
                if vertical:
                    still_open[col, span] = len(cells)
                cells.append(Cell(number, col, _content(element), 1, span))
            col += span
        open_merges = still_open
    return cells


def _content(cell: Element) -> str:
    """A cell's text, a line a paragraph; of a nested table a line a row, its cells separated by tabs."""
    lines = []
    for element in _children(cell, {"p", "tbl"}):
        if local(element) == "tbl":
            for row in _children(element, {"tr"}):
                lines.append("\t".join(_content(inner) for inner in _children(row, {"tc"})))
        else:
            lines.append(_text(element))
            lines += [_content(box) for box in _text_boxes(element)]
    return cell_text("\n".join(lines))


def _text(element: Element) -> str:
    """The text of a paragraph or of a part of it."""
    parts = []
    for child in element:
        tag = local(child)
        if tag == "t":
            parts.append(child.text or "")
        elif tag in _CHARACTERS:
            parts.append(_CHARACTERS[tag])
        elif tag == "AlternateContent":
            parts.append(_text(_chosen(child)))
        elif tag and tag not in _WITHOUT_TEXT and not (tag == "r" and _hidden(child)):
            parts.append(_text(child))
    return "".join(parts)


def _text_boxes(paragraph: Element) -> list[Element]:
    """The text boxes anchored in a paragraph, each once: programs write them a second time as a fallback."""
    boxes = []
    for child in paragraph:
        tag = local(child)
        if tag == "txbxContent":
            boxes.append(child)
        elif tag == "AlternateContent":
            boxes += _text_boxes(_chosen(child))
        elif tag and tag not in ("del", "moveFrom"):
            boxes += _text_boxes(child)
    return boxes


def _chosen(alternate: Element) -> Element:
    """The content of `mc:AlternateContent` that is read: the first choice, the fallback where there is none."""
    return next(iter(alternate), alternate)


def _hidden(run: Element) -> bool:
    mark = _property(run, "rPr", "vanish")
    return mark is not None and (_value(mark) or "true") not in _OFF


def _merge(cell: Element, name: str) -> str | None:
    """ "restart", "continue" or None for a cell's vMerge or hMerge; without a value it means "continue"."""
    mark = _property(cell, "tcPr", name)
    return None if mark is None else (_value(mark) or "continue")


def _number(element: Element, group: str, name: str, default: int) -> int:
    mark = _property(element, group, name)
    return default if mark is None else int(_value(mark) or default)


def _property(element: Element, group: str, name: str) -> Element | None:
    properties = next(element.iterchildren(f"{{*}}{group}"), None)
    return None if properties is None else next(properties.iterchildren(f"{{*}}{name}"), None)


def _value(element: Element) -> str | None:
    return next((value for key, value in element.attrib.items() if local_name(key) == "val"), None)
