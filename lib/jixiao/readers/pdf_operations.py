"""The operations in a PDF content, and what their strings show: pdfminer knows the fonts, a regular expression finds the rest."""

from __future__ import annotations

import io
import re

from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.psparser import PSBaseParser

Glyph = tuple[str | None, float, bool]  # text, width of 1 in text space, whether it is the blank that words are spaced by; no text: a gap

KEPT = 1 << 14  # strings of a font that are kept

BLANKS = b"\0\t\n\f\r "
_PLAIN = rb"[-+.0-9\0\t\n\f\r ]++"  # blanks and numbers: whoever uses a number sees whether it is one
_LITERAL = rb"\((?:[^()\\]|\\[\s\S])*+\)"
for _ in range(3):  # brackets within brackets, to so many levels
    _LITERAL = rb"\((?:[^()\\]|\\[\s\S]|%s)*+\)" % _LITERAL
_HEXADECIMAL = rb"<[0-9A-Fa-f\0\t\n\f\r ]*+>"
_STRING = rb"%s|%s" % (_HEXADECIMAL, _LITERAL)
_ESCAPED = re.compile(rb"(?:[^\\\r]|\\[0-3][0-7]{2}|\\[nrtbf()\\])*+")
_ESCAPE = re.compile(rb"\\(?:([0-7]{3})|(.))")
_SIGNS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_NAME = rb"/[^\0\t\n\f\r /<>\[\](){}%#]*+"
_TAGGED = rb"<<(?:[^<>()]|%s)*+>>" % _STRING
OPERATION = re.compile(  # what comes most often is asked for first
    rb"((?:%s|%s|%s|\[(?:%s|%s)*+\]|%s|%s)*+)([A-Za-z'\"][A-Za-z0-9]*+\*?)(?=[\0\t\n\f\r /<>\[(]|$)|([\s\S]++)"
    % (_PLAIN, _HEXADECIMAL, _NAME, _PLAIN, _STRING, _LITERAL, _TAGGED)
)
_SHOWN = re.compile(rb"(%s)|([-+]?[0-9]*\.?[0-9]*+)" % _STRING)


class Unusual(Exception):
    """Content that only pdfminer itself reads."""


class Fonts:
    """What the strings of a document say in each of its fonts: the same come again and again."""

    def __init__(self):
        self._known: dict[PDFFont, dict[bytes, list[Glyph]]] = {}

    def shown(self, font: PDFFont) -> dict[bytes, list[Glyph]]:
        """What operands of Tj and TJ show in a font, so far."""
        if font.is_vertical():
            raise Unusual("text set downwards")
        known = self._known.setdefault(font, {})
        if len(known) > KEPT:
            known.clear()
        return known


def glyphs(font: PDFFont, operands: bytes) -> list[Glyph]:
    """What a string shows, or a list of strings and the gaps between them, in thousandths."""
    operands = operands.strip(BLANKS)
    if operands[:1] + operands[-1:] not in (b"[]", b"()", b"<>") or (operands[:1] != b"[" and _SHOWN.fullmatch(operands) is None):
        raise Unusual("no string to show")
    found: list[Glyph] = []
    for string, number in _SHOWN.findall(operands.strip(b"[]") if operands[:1] == b"[" else operands):
        if number:
            found.append((None, float(number), False))
        for cid in font.decode(_string(string)) if string else ():
            try:
                text = font.to_unichr(cid)
            except PDFUnicodeNotDefined:
                text = f"(cid:{cid})"
            found.append((text, font.char_width(cid), cid == 32 and not font.is_multibyte()))
    return found


def _string(operand: bytes) -> bytes:
    if operand.startswith(b"<"):
        return bytes.fromhex(operand[1:-1].decode("ascii"))
    if not _ESCAPED.fullmatch(operand):
        return PSBaseParser(io.BytesIO(operand + b" ")).nexttoken()[1]
    return _ESCAPE.sub(lambda m: bytes([int(m[1], 8)]) if m[1] else _SIGNS.get(m[2], m[2]), operand[1:-1])
