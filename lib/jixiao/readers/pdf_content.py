"""What a PDF page shows, read from its content one operation at a time: characters, painted paths, pictures.

pdfminer knows the fonts, which characters they show and how wide these are, and the forms within a page; only its reading of the
content, byte by byte, is replaced by one regular expression. What comes out is what pdfplumber makes of the same page. Content
that is not plain (pictures inside it, text set downwards, operands that are missing or too many) raises Unusual.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from pdfminer.layout import LTFigure
from pdfminer.pdfdevice import PDFDevice
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import PDFStream, stream_value
from pdfminer.psparser import LIT, PSBaseParser
from pdfminer.utils import apply_matrix_pt, apply_matrix_rect, mult_matrix
from pdfplumber.page import Page

from jixiao.readers.pdf_lines import Char
from jixiao.readers.pdf_shapes import Shape

Glyph = tuple[str, float, bool]  # its text, its width in text space, whether it is the blank that words are spaced by
Matrix = tuple[float, float, float, float, float, float]

_SPACE = rb"[\0\t\n\f\r ]"
_STRING = rb"\((?:[^()\\]|\\[\s\S])*+\)|<[0-9A-Fa-f\0\t\n\f\r ]*+>"
_NUMBER = rb"[-+]?(?:[0-9]++\.?[0-9]*+|\.[0-9]++)(?=[\0\t\n\f\r /<>\[\]()])"
_NAME = rb"/[^\0\t\n\f\r /<>\[\](){}%%#]*+"
_TAGGED = rb"<<(?:[^<>()]|%s)*+>>" % _STRING
_OPERATION = re.compile(
    rb"((?:%s++|%s|%s|%s|\[(?:%s++|%s|%s)*+\]|%s)*+)([A-Za-z'\"][A-Za-z0-9]*+\*?)(?=[\0\t\n\f\r /<>\[(]|$)|([\s\S]++)"
    % (_SPACE, _NUMBER, _STRING, _NAME.replace(b"%%", b"%"), _SPACE, _NUMBER, _STRING, _TAGGED)
)
_SHOWN = re.compile(rb"(%s)|([-+]?[0-9]*\.?[0-9]*+)" % _STRING)
_WITHOUT_EFFECT = frozenset(b"BMC BDC EMC MP DP BX EX ET W W* gs ri i d M J j w sh Tr".split())  # on what stands where
_PAINTING = {  # whether it strokes and whether it fills the path
    **dict.fromkeys((b"S", b"s"), (True, False)),
    **dict.fromkeys((b"f", b"f*"), (False, True)),
    **dict.fromkeys((b"B", b"B*", b"b", b"b*"), (True, True)),
}
_CURVES = {b"c": 6, b"v": 4, b"y": 4}
_COLOURS = {b"G": (1, "DeviceGray"), b"RG": (3, "DeviceRGB"), b"K": (4, "DeviceCMYK")}  # those for filling in small letters


class Unusual(Exception):
    """Content that only pdfminer itself reads."""


@dataclass(slots=True)
class Content:
    """What a page shows, in pdfplumber's coordinates; of its pictures the width and height in points."""

    chars: list[Char] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    images: list[tuple[float, float]] = field(default_factory=list)


class Fonts:
    """What the strings of a document say in each of its fonts: the same come again and again."""

    def __init__(self):
        self._known: dict[PDFFont, dict[bytes, list[Glyph]]] = {}

    def strings(self, font: PDFFont) -> dict[bytes, list[Glyph]]:
        if font.is_vertical():
            raise Unusual("text set downwards")
        return self._known.setdefault(font, {})


def read(page: Page, fonts: Fonts) -> Content:
    """What the page shows. Raises Unusual where its content is not plain."""
    device = _Device(page)
    interpreter = _Interpreter(page.pdf.rsrcmgr, device)
    interpreter.fonts = fonts
    interpreter.process_page(page.page_obj)
    return device.content


def _glyphs(font: PDFFont, operand: bytes) -> list[Glyph]:
    glyphs: list[Glyph] = []
    for cid in font.decode(_string(operand)):
        try:
            text = font.to_unichr(cid)
        except PDFUnicodeNotDefined:
            text = f"(cid:{cid})"
        glyphs.append((text, font.char_width(cid), cid == 32 and not font.is_multibyte()))
    return glyphs


def _string(operand: bytes) -> bytes:
    if operand.startswith(b"<"):
        return bytes.fromhex(operand[1:-1].decode("ascii"))
    if b"\\" in operand or b"\r" in operand:
        return PSBaseParser(io.BytesIO(operand + b" ")).nexttoken()[1]
    return operand[1:-1]


class _Device(PDFDevice):
    """Takes what an interpreter meets, in pdfplumber's coordinates."""

    def __init__(self, page: Page):
        super().__init__(page.pdf.rsrcmgr)
        self.content = Content()
        self.height, (self.left, self.above) = page.height, page.mediabox[:2]

    def begin_figure(self, name: str, bbox: tuple, matrix: Matrix) -> None:
        self._figure = LTFigure(name, bbox, mult_matrix(matrix, self.ctm))

    def render_image(self, name: str, stream: PDFStream) -> None:
        self.content.images.append((self._figure.width, self._figure.height))

    def show(self, glyphs: Sequence[tuple[str, float, float]], matrix: Matrix, low: float, high: float) -> None:
        """Characters on one base line: text, pen position and advance of each; `low` and `high` bound them, all in text space."""
        a, b, c, d, e, f = matrix
        add, height, left, above = self.content.chars.append, self.height, self.left, self.above
        if b == 0 and c == 0:
            y0, y1 = d * low + f, d * high + f
            if y1 < y0:
                y0, y1 = y1, y0
            top, bottom, size = height - y1 + above, height - y0 + above, y1 - y0
            for text, x, advance in glyphs:
                x0 = x * a + e
                x1 = a * advance + x0
                if x1 < x0:
                    x0, x1 = x1, x0
                add({"text": text, "x0": x0 + left, "x1": x1 + left, "top": top, "bottom": bottom, "size": size, "matrix": matrix})
            return
        for text, x, advance in glyphs:
            x0, y0, x1, y1 = apply_matrix_rect((a, b, c, d, x * a + e, x * b + f), (0, low, advance, high))
            box = {"x0": x0 + left, "x1": x1 + left, "top": height - y1 + above, "bottom": height - y0 + above}
            add({"text": text, **box, "size": y1 - y0, "matrix": matrix})

    def paint(self, path: Sequence[tuple], stroke: bool, fill: bool, colours: tuple[object, object]) -> None:
        """A path: the name of each segment, and the point it goes to if it is not the one that closes a part."""
        starts = [at for at, segment in enumerate(path) if segment[0] == "m"]
        if not starts or starts[0]:
            raise Unusual("a path without a beginning")
        for start, end in pairwise([*starts, len(path)]):
            shape = "".join(segment[0] for segment in path[start:end])
            if shape == "m":
                continue
            points = [apply_matrix_pt(self.ctm, segment[1] if len(segment) > 1 else path[start][1]) for segment in path[start:end]]
            points = [(x + self.left, self.height - y + self.above) for x, y in points]
            self.content.shapes.append(Shape.of(shape, points, stroke, fill, *colours))


class _Interpreter(PDFPageInterpreter):
    """pdfminer's, with a loop of its own over the operations of a content."""

    fonts: Fonts

    def dup(self) -> _Interpreter:
        new = super().dup()
        new.fonts = self.fonts
        return new

    def execute(self, streams: Sequence[object]) -> None:
        parts = [stream_value(stream) for stream in streams]
        self.stream_ids = {part.objid for part in parts}
        if self.stream_ids & self.parent_stream_ids or None in self.stream_ids:
            raise Unusual("a content that is part of itself, or no object of the file")
        try:
            self._run(b"\n".join(part.get_data() for part in parts))
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise Unusual(str(error)) from error

    def _run(self, data: bytes) -> None:
        stroking, filling = (0, self.csmap["DeviceGray"]), (0, self.csmap["DeviceGray"])
        ctm, kept, path = self.ctm, [], []
        matrix, x, font, strings = (1, 0, 0, 1, 0, 0), 0, None, {}
        size, spacing, word_spacing, scale, leading, rise = 0, 0, 0, 1.0, 0, 0
        for operands, operator, rest in _OPERATION.findall(data):
            if operator in _WITHOUT_EFFECT:
                continue
            if operator == b"re":
                x0, y0, width, height = map(float, operands.split())
                x1, y1 = x0 + width, y0 + height
                path += (("m", (x0, y0)), ("l", (x1, y0)), ("l", (x1, y1)), ("l", (x0, y1)), ("h",))
            elif operator == b"q":
                kept.append((ctm, stroking, filling, matrix, x, font, strings, size, spacing, word_spacing, scale, leading, rise))
            elif operator == b"Q":
                if kept:
                    ctm, stroking, filling, matrix, x, font, strings, size, spacing, word_spacing, scale, leading, rise = kept.pop()
                    self.device.set_ctm(ctm)
            elif operator == b"n":
                path = []
            elif operator in (b"Tj", b"TJ", b"'"):
                if operator == b"'":
                    matrix, x = _moved(matrix, 0, leading), 0
                glyphs, pen, spaced = [], x, False
                width, gap, blank, unit = size * scale, spacing * scale, word_spacing * scale, 0.001 * size * scale
                for text, number in _shown(operands, operator):
                    if number:
                        pen -= float(number) * unit
                        spaced = True
                        continue
                    if (found := strings.get(text)) is None:
                        found = strings[text] = _glyphs(font, text)
                    for letters, advance, is_blank in found:
                        if spaced:
                            pen += gap
                        advance *= size
                        advance *= scale
                        glyphs.append((letters, pen, advance))
                        pen += advance
                        if is_blank:
                            pen += blank
                        spaced = True
                x = pen
                low = font.get_descent() * size + rise
                self.device.show(glyphs, mult_matrix(matrix, self.device.ctm), low, low + size)
            elif operator == b"Tm":
                a, b, c, d, e, f = map(float, operands.split())
                matrix, x = (a, b, c, d, e, f), 0
            elif operator in (b"Td", b"TD"):
                across, up = map(float, operands.split())
                matrix, x = _moved(matrix, across, up), 0
                leading = up if operator == b"TD" else leading
            elif operator == b"BT":
                matrix, x = (1, 0, 0, 1, 0, 0), 0
            elif operator == b"Tf":
                name, number = operands.split()
                font, size = self.fontmap[name[1:].decode("ascii")], float(number)
                strings = self.fonts.strings(font)
            elif operator in _PAINTING:
                if operator in (b"s", b"b", b"b*"):
                    path.append(("h",))
                if path:
                    self.device.paint(path, *_PAINTING[operator], (stroking[0], filling[0]))
                path = []
            elif operator in (b"m", b"l"):
                x0, y0 = map(float, operands.split())
                path.append((operator.decode(), (x0, y0)))
            elif operator in _CURVES:
                numbers = operands.split()
                if len(numbers) != _CURVES[operator]:
                    raise Unusual("a curve with too few points")
                path.append((operator.decode(), (float(numbers[-2]), float(numbers[-1]))))
            elif operator == b"h":
                path.append(("h",))
            elif operator.upper() in _COLOURS:
                count, space = _COLOURS[operator.upper()]
                colour = (_colour(operands, count), self.csmap[space])
                stroking, filling = (colour, filling) if operator.isupper() else (stroking, colour)
            elif operator in (b"CS", b"cs"):
                (name,) = operands.split()
                space = self.csmap.get(name[1:].decode("ascii"))
                if space and operator == b"CS":
                    stroking = (stroking[0], space)
                elif space:
                    filling = (filling[0], space)
            elif operator in (b"SC", b"SCN"):
                stroking = (_colour(operands, stroking[1].ncomponents), stroking[1])
            elif operator in (b"sc", b"scn"):
                filling = (_colour(operands, filling[1].ncomponents), filling[1])
            elif operator == b"cm":
                a, b, c, d, e, f = map(float, operands.split())
                ctm = mult_matrix((a, b, c, d, e, f), ctm)
                self.device.set_ctm(ctm)
            elif operator == b"Tc":
                spacing = float(operands)
            elif operator == b"Tw":
                word_spacing = float(operands)
            elif operator == b"Tz":
                scale = float(operands) * 0.01
            elif operator == b"TL":
                leading = -float(operands)
            elif operator == b"Ts":
                rise = float(operands)
            elif operator == b"T*":
                matrix, x = _moved(matrix, 0, leading), 0
            elif operator == b"Do":
                (name,) = operands.split()
                self.ctm = ctm
                self.do_Do(LIT(name[1:].decode("ascii")))
                self.device.set_ctm(ctm)  # which pdfminer leaves as the form had it
            elif operator or rest.strip(b"\0\t\n\f\r "):
                raise Unusual(repr(operator or rest[:20]))


def _moved(matrix: Matrix, across: float, up: float) -> Matrix:
    a, b, c, d, e, f = matrix
    return (a, b, c, d, across * a + up * c + e, across * b + up * d + f)


def _shown(operands: bytes, operator: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The strings and the numbers between them that an operator shows, one of each pair empty."""
    operands = operands.strip(b"\0\t\n\f\r ")
    if operator == b"TJ":
        if operands[:1] != b"[" or operands[-1:] != b"]":
            raise Unusual("strings that are not in a list")
        return (pair for pair in _SHOWN.findall(operands[1:-1]) if pair[0] or pair[1])
    if _SHOWN.fullmatch(operands) is None or operands[:1] not in (b"(", b"<"):
        raise Unusual("no string to show")
    return iter([(operands, b"")])


def _colour(operands: bytes, components: int) -> object:
    numbers = tuple(map(float, operands.split()))
    if len(numbers) != components or components not in (1, 3, 4):
        raise Unusual("a colour of another space")
    return numbers[0] if components == 1 else numbers
