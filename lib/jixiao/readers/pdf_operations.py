"""The operations in a PDF content, and what their strings show: pdfminer knows the fonts, a regular expression finds the rest."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from pdfminer.pdffont import LITERAL_STANDARD_ENCODING, PDFFont, PDFType1Font, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import resolve1
from pdfminer.psparser import LIT, PSBaseParser

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
OPERATION = re.compile(  # what comes most often is asked for first; what is none stands in an operator's place, to the end
    rb"((?:%s|%s|%s|\[(?:%s|%s)*+\]|%s|%s)*+)([A-Za-z'\"][A-Za-z0-9]*+\*?(?=[\0\t\n\f\r /<>\[(]|$)|[\s\S]*+)"
    % (_PLAIN, _HEXADECIMAL, _NAME, _PLAIN, _STRING, _LITERAL, _TAGGED)
)
_SHOWN = re.compile(rb"(%s)|([-+]?[0-9]*\.?[0-9]*+)" % _STRING)


class Unusual(Exception):
    """Content that only pdfminer itself reads."""


class Shown(dict[bytes, list[Glyph]]):
    """What the operands of Tj and TJ show in a font, by themselves; worked out when they are first asked for."""

    def __init__(self, font: PDFFont):
        super().__init__()
        self._font = font
        self._glyphs: dict[int, Glyph] = {}

    def __missing__(self, operands: bytes) -> list[Glyph]:
        if len(self) > KEPT:
            self.clear()
        found = self[operands] = list(self._found(operands))
        return found

    def _found(self, operands: bytes) -> Iterator[Glyph]:
        """What a string shows, or a list of strings and the gaps between them, in thousandths."""
        operands = operands.strip(BLANKS)
        if operands[:1] + operands[-1:] not in (b"[]", b"()", b"<>") or (operands[:1] != b"[" and _SHOWN.fullmatch(operands) is None):
            raise Unusual("no string to show")
        for string, number in _SHOWN.findall(operands.strip(b"[]") if operands[:1] == b"[" else operands):
            if number:
                yield None, float(number), False
            for cid in self._font.decode(_string(string)) if string else ():
                yield self._glyphs.get(cid) or self._glyph(cid)

    def _glyph(self, cid: int) -> Glyph:
        try:
            text = self._font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = f"(cid:{cid})"
        found = self._glyphs[cid] = (text, self._font.char_width(cid), cid == 32 and not self._font.is_multibyte())
        return found


class _LateFont(PDFType1Font):
    """A Type 1 font whose file is taken apart only when a character is met that its table of characters (ToUnicode) lacks."""

    def __init__(self, manager: PDFResourceManager, spec: Mapping[str, object]):
        super().__init__(manager, {**spec, "Encoding": LITERAL_STANDARD_ENCODING})  # with one, pdfminer does not look into the file
        self._whole: Callable[[], PDFFont] | None = partial(PDFType1Font, manager, spec)

    def to_unichr(self, cid: int) -> str:
        try:
            return self.unicode_map.get_unichr(cid)
        except KeyError:
            if self._whole:
                self.cid2unicode, self._whole = self._whole().cid2unicode, None
            return super().to_unichr(cid)


class _Manager(PDFResourceManager):
    """pdfminer's, with fonts that do not all take apart what is of no use: in some files that takes a third of the time."""

    def __init__(self):
        super().__init__()
        self._late: dict[object, PDFFont] = {}

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        if resolve1(spec.get("Subtype")) is not LIT("Type1") or "ToUnicode" not in spec or "Encoding" in spec:
            return super().get_font(objid, spec)
        if not objid:
            return _LateFont(self, spec)
        if objid not in self._late:
            self._late[objid] = _LateFont(self, spec)
        return self._late[objid]


class Fonts:
    """What the strings of a document say in each of its fonts: the same come again and again."""

    def __init__(self):
        self.manager = _Manager()
        self._known: dict[PDFFont, Shown] = {}

    def shown(self, font: PDFFont) -> Shown:
        """What is shown in a font. Raises Unusual where its text is set downwards."""
        if font.is_vertical():
            raise Unusual("text set downwards")
        if font not in self._known:
            self._known[font] = Shown(font)
        return self._known[font]


def _string(operand: bytes) -> bytes:
    if operand.startswith(b"<"):
        return bytes.fromhex(operand[1:-1].decode("ascii"))
    if not _ESCAPED.fullmatch(operand):
        return PSBaseParser(io.BytesIO(operand + b" ")).nexttoken()[1]
    return _ESCAPE.sub(lambda m: bytes([int(m[1], 8)]) if m[1] else _SIGNS.get(m[2], m[2]), operand[1:-1])
