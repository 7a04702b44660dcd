"""Reader for web pages (.html) as government sites serve them, and for the .doc and .xls files that are pages inside.

The encoding is found by what decodes, because declarations are often wrong; what is around the content of a page is left
out (`html_content`), its text becomes paragraphs and its tables become tables (`html_blocks`).
"""

from __future__ import annotations

import codecs
import re

from lxml import etree

from jixiao.document import Document, ReadingError
from jixiao.readers.blocks import Blocks
from jixiao.readers.html_blocks import add_blocks
from jixiao.readers.html_content import content, drop_hidden, title

Element = etree._Element

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
_DECLARED = re.compile(rb"""charset\s*=\s*["']?\s*([\w-]+)|<\?xml[^>]*encoding\s*=\s*["']([\w-]+)""", re.IGNORECASE)
_HEAD = 1 << 14
# what pages call by these names has characters that only the larger set knows
_LARGER = {"gb2312": "gb18030", "gbk": "gb18030", "cp936": "gb18030", "iso-8859-1": "cp1252", "ascii": "utf-8"}
_STRANGE = re.compile("[\ufffd\ue000-\uf8ff]")  # what comes of bytes that mean something else
_NO_CHARACTERS = re.compile("[\x00-\x08\x0b\x0e-\x1f\ufeff\u200b]")


def read(data: bytes, name: str) -> Document:
    """The document in `data`. Raises ReadingError (`damaged_file`) where it is no page at all."""
    blocks = Blocks()
    add_page(data, blocks)
    return Document(name, "html", blocks.all())


def add_page(data: bytes, blocks: Blocks, charset: str | None = None) -> None:
    """Add the title, the paragraphs and the tables of a page; `charset` is what the page was sent with. Raises ReadingError."""
    try:
        root = _parsed(decode(data, charset))
        if root is not None:
            drop_hidden(root)
            found = content(root)
            heading = title(root, found)
            if heading:
                blocks.paragraph(heading)
            add_blocks(found, blocks)
    except (etree.LxmlError, ValueError, RecursionError) as error:
        raise ReadingError(f"The web page is damaged ({error}): save it anew as PDF or DOCX.", "damaged_file") from error


def decode(data: bytes, charset: str | None = None) -> str:
    """The text of a page: by its byte order mark, else as UTF-8 or GB18030, whichever fits best, or as it declares."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if data[:200].count(b"\0") > 50:
        return data.decode("utf-16-le" if data[1:2] == b"\0" else "utf-16-be", "replace")
    declared = _DECLARED.search(data[:_HEAD])
    named = [charset or "", ((declared[1] or declared[2]) if declared else b"").decode("ascii")]
    encodings = dict.fromkeys(["utf-8", *filter(None, map(_known, named)), "gb18030"])
    return min((data.decode(encoding, "replace") for encoding in encodings), key=lambda text: len(_STRANGE.findall(text)))


def _known(name: str) -> str:
    """The codec for a declared encoding, "" where there is none; single bytes of the west decode anything, wrongly."""
    try:
        found = codecs.lookup(_LARGER.get(name.lower(), name)).name
    except LookupError:
        return ""
    return "" if found in ("cp1252", "iso8859-1", "latin-1") else _LARGER.get(found, found)


def _parsed(text: str) -> Element | None:
    # HTML has no entities that could be expanded; without huge_tree what is nested deeper than 255 would be lost
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(_NO_CHARACTERS.sub("", text).encode("utf-8", "replace") or b"<html/>", parser)
    if any("depth" in entry.message.lower() for entry in parser.error_log):
        raise ValueError("its elements are nested too deeply")
    return root
