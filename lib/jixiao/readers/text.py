"""Reader for text dumps of reports (.txt): paragraphs, and the tables as several kinds of export write them.

A row a line, its cells separated by tabs; or a cell a line with a tab before it, an empty line after each row. Which of
them a stretch of lines is, its own lines tell. These have no geometry: a row's cells may stand beside their columns
(a merged cell is empty or missing), so these tables are not `aligned` and their rows may differ in length.
Columns aligned by spaces have one, see `text_columns`; commas and bars between cells are read as tabs, see `text_delimited`.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from itertools import islice, takewhile

from charset_normalizer import from_bytes

from jixiao.document import Document, ReadingError
from jixiao.readers.blocks import Blocks
from jixiao.readers.text_columns import add_columns, split_columns
from jixiao.readers.text_delimited import with_tabs
from jixiao.readers.text_tables import CELL_LINE, ROW_LINE, add_cell_lines, add_row_lines, is_blank

_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DEBRIS = re.compile(r"^#{1,6} |\[bookmark: [^\]\n]*\]|[\x00-\x08\x0e-\x1f\x7f\ufeff\u200b]", re.MULTILINE)
_BASIC_SHARE = 0.95
_ALSO_BASIC = "—·～￥≧≦①②③④⑤⑥⑦⑧⑨⑩㎡℃\xa0"
# without this limit any bytes are a text in some code page
_CHINESE_ENCODINGS = ["gb18030", "big5", "big5hkscs", "hz"]

# a paragraph that a page break tore: it is prose, goes on without a full stop, and what follows is no heading
_LONG = 30
_PROSE = re.compile(r"[，。；、]")
_ENDED = re.compile(r"[。！？；：…!?;:][”’」』）)》]*$")
_HEADING = re.compile(
    r"\s|第?[一二三四五六七八九十百]+[、章节条.．]|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}\s?[、.．](?!\d)|[①-⑳]|附[件表]|[注表图]\s?\d?[：:]"
)


def read(data: bytes, name: str) -> Document:
    """The document in `data`. Raises ReadingError (`unsupported_format`) where it is not text in a known encoding."""
    text = decode(data)
    if text is None:
        raise ReadingError("The text's encoding is not known: save it as UTF-8.", "unsupported_format")
    blocks = Blocks()
    for kind, lines in _stretches(with_tabs(_lines(text))):
        add_table = {ROW_LINE: add_row_lines, CELL_LINE: add_cell_lines}.get(kind)
        added = add_table and add_table(lines, blocks)
        for aligned, part in () if added else split_columns(lines):
            if aligned:
                add_columns(part, blocks)
                continue
            for paragraph in _paragraphs(part):
                blocks.paragraph(paragraph)
    return Document(name, "text", blocks.all())


def decode(data: bytes) -> str | None:
    """The text in `data`, None where it is none that we know.

    A character cut off at the end of the file is dropped, so that the rest is not taken for another encoding.
    """
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return codecs.getincrementaldecoder(encoding)("replace").decode(data)
    for encoding in ("utf-16-le", "utf-16-be") if b"\0" in data else ("utf-8", "gb18030"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(data)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8" or _is_plausible(text):
            return text
    # mostly UTF-8, with a few bytes that are damaged
    text = data.decode("utf-8", "replace")
    if text.count("\ufffd") * 200 <= len(text):
        return text
    best = from_bytes(data, cp_isolation=_CHINESE_ENCODINGS).best()
    return str(best) if best and _is_plausible(str(best)) else None


def _is_plausible(text: str) -> bool:
    """Whether decoded text is Chinese as it is written: nearly all its wide characters are in the basic sets."""
    wide = [char for char in text if ord(char) > 0x7F]
    return bool(wide) and sum(map(_is_basic, wide)) >= _BASIC_SHARE * len(wide)


def _is_basic(char: str) -> bool:
    for encoding in ("gb2312", "big5"):
        try:
            char.encode(encoding)
        except UnicodeEncodeError:
            continue
        return True
    return char in _ALSO_BASIC


def _lines(text: str) -> list[str]:
    """The lines without the word processor's debris; a form feed ends a page and thereby leaves an empty line."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n\n").replace("\x0b", "\n")
    return _DEBRIS.sub("", text).split("\n")


def _stretches(lines: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Cut the lines into stretches of one kind: table rows, table cells, prose.

    Empty lines belong to the stretch before them; a line without a tab right below a cell is more of that cell, and
    between two rows more of a row.
    """
    current: list[str] = []
    kind = ""
    for number, line in enumerate(lines):
        own = _kind(line)
        directly_below = bool(current) and not is_blank(current[-1])
        if own is None or (directly_below and _is_part(own, kind, lines, number)):
            own = kind
        if own != kind and current:
            yield kind, current
            current = []
        kind = own
        current.append(line)
    if current:
        yield kind, current


def _is_part(own: str, kind: str, lines: Sequence[str], number: int) -> bool:
    """Whether line `number`, by itself of kind `own`, is a part of the table of another `kind` right above it."""
    if kind == ROW_LINE and own == "":
        following = takewhile(lambda line: not is_blank(line), islice(lines, number, None))
        return any(_kind(line) == ROW_LINE for line in following)
    # a lone tab in front among rows is a row with only its second column filled
    return (kind, own) in ((ROW_LINE, CELL_LINE), (CELL_LINE, ""))


def _kind(line: str) -> str | None:
    """What a line is by itself: a table's row, a cell, prose (""), or None for an empty line."""
    if line.startswith("\t") and "\t" not in line[1:]:
        return CELL_LINE
    if "\t" in line.strip(" "):
        return ROW_LINE
    return "" if line.strip() else None


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """One paragraph a line, those mended that a page break tore."""
    before = ""
    gap = False
    for line in lines:
        if not line.strip():
            gap = True
            continue
        if gap and _goes_on(before.strip(), line):
            before = before.rstrip() + line
        else:
            yield before
            before = line
        gap = False
    yield before


def _goes_on(before: str, text: str) -> bool:
    return len(before) >= _LONG and bool(_PROSE.search(before)) and not _ENDED.search(before) and not _HEADING.match(text)
