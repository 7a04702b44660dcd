"""What a PDF page shows, read from its content one operation at a time: characters, painted paths, pictures.

pdfminer knows the fonts, which characters they show and how wide these are, and the forms within a page; only its reading of the
content, byte by byte, is replaced by one regular expression. What comes out is what pdfplumber makes of the same page. Content
that is not plain (pictures inside it, text set downwards, operands that are missing or too many) raises Unusual.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from pdfminer.layout import LTFigure
from pdfminer.pdfdevice import PDFDevice
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import PDFStream, stream_value
from pdfminer.psparser import LIT
from pdfminer.utils import apply_matrix_pt, apply_matrix_rect, mult_matrix
from pdfplumber.page import Page

from jixiao.document import Box
from jixiao.readers.pdf_lines import Char
from jixiao.readers.pdf_operations import BLANKS, OPERATION, Fonts, Glyph, Shown, Unusual
from jixiao.readers.pdf_shapes import Shape

Matrix = tuple[float, float, float, float, float, float]

_WITHOUT_EFFECT = frozenset(b"BMC BDC EMC MP DP BX EX ET W W* gs ri i d M J j w sh Tr".split())  # on what stands where
_PAINTING = {  # whether it strokes and whether it fills the path
    **dict.fromkeys((b"S", b"s"), (True, False)),
    **dict.fromkeys((b"f", b"f*"), (False, True)),
    **dict.fromkeys((b"B", b"B*", b"b", b"b*"), (True, True)),
}
_CURVES = {b"c": 6, b"v": 4, b"y": 4}
_SHOWING = frozenset((b"Tj", b"TJ", b"'"))
_MOVING = frozenset((b"Td", b"TD"))
_SPACES = {b"G": (1, "DeviceGray"), b"RG": (3, "DeviceRGB"), b"K": (4, "DeviceCMYK")}
_COLOURS = {**_SPACES, **{operator.lower(): space for operator, space in _SPACES.items()}}  # those for filling in small letters


@dataclass(slots=True)
class Content:
    """What a page shows, in pdfplumber's coordinates; of its pictures the width and height in points.

    A character that is turned, mirrored or slanted has its `matrix`.
    """

    chars: list[Char] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    images: list[tuple[float, float]] = field(default_factory=list)
    turned: bool = False  # whether some of its text does not simply run from left to right


def read(page: Page, fonts: Fonts) -> Content:
    """What the page shows. Raises Unusual where its content is not plain."""
    device = _Device(page)
    interpreter = _Interpreter(fonts.manager, device)
    interpreter.fonts = fonts
    interpreter.process_page(page.page_obj)
    return device.content


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

    def show(self, found: Iterable[Glyph], matrix: Matrix, x: float, low: float, size: float, widths: tuple[float, float, float]) -> float:
        """Glyphs of a size on one base line from the pen's position `x` on, their lower end at `low`, all in text space; `widths` are
        the scale across, and what is added between characters and behind blanks. Returns where the pen stands after them."""
        a, b, c, d, e, f = matrix
        scale, between, behind = widths
        left, add, wide = self.left, self.content.chars.append, size * scale
        y0, y1 = d * low + f, d * (low + size) + f
        if y1 < y0:
            y0, y1 = y1, y0
        top, bottom, tall = self.height - y1 + self.above, self.height - y0 + self.above, y1 - y0
        upright = a > 0 and b == 0 and c == 0
        if not upright:
            self.content.turned = self.content.turned or a <= 0 or b != 0
        gap = 0.0  # none before the first
        for text, width, is_blank in found:
            if text is None:
                x -= width * (0.001 * wide)
                gap = between
                continue
            x += gap
            gap = between
            advance = width * wide
            if upright:
                x0 = x * a + e
                x1 = a * advance + x0
                if x1 < x0:
                    x0, x1 = x1, x0
                add({"text": text, "x0": x0 + left, "x1": x1 + left, "top": top, "bottom": bottom, "size": tall})
            else:
                add(self._askew(text, (a, b, c, d, x * a + e, x * b + f), (0, low, advance, low + size)))
            x += advance
            if is_blank:
                x += behind
        return x

    def _askew(self, text: str, matrix: Matrix, box: Box) -> Char:
        x0, y0, x1, y1 = apply_matrix_rect(matrix, box)
        top, bottom = self.height - y1 + self.above, self.height - y0 + self.above
        place = {"x0": x0 + self.left, "x1": x1 + self.left, "top": top, "bottom": bottom, "size": y1 - y0}
        return {"text": text, **place, "matrix": matrix}

    def paint(self, path: Sequence[tuple], ctm: Matrix, stroke: bool, fill: bool, stroking: object, filling: object) -> None:
        """A path: the name of each segment and the point it goes to, or the corners of a rectangle."""
        if not path or path[0][0] not in ("m", "re"):
            raise Unusual("a path without a beginning")
        part: list[tuple] = []
        for segment in (*path, ("m",)):
            if segment[0] in ("m", "re") and len(part) > 1:
                points = [apply_matrix_pt(ctm, each[1] if len(each) > 1 else part[0][1]) for each in part]
                points = [(x + self.left, self.height - y + self.above) for x, y in points]
                shape = Shape.of("".join(each[0] for each in part), points, stroke, fill, stroking, filling)
                self.content.shapes.append(shape)
            if segment[0] == "re":
                (x0, y0), (x1, y1) = segment[1:]
                part = [("m", (x0, y0)), ("l", (x1, y0)), ("l", (x1, y1)), ("l", (x0, y1)), ("h",)]
            else:
                part = [segment] if segment[0] == "m" else [*part, segment]

    def paint_rectangle(self, corners: tuple, ctm: Matrix, *style: object) -> None:
        """A path of one rectangle, as most cells are drawn."""
        (x0, y0), (x1, y1) = corners
        a, b, c, d, e, f = ctm
        y0, y1 = d * y0 + f, d * y1 + f
        if b or c or y0 == y1:  # one without height is something else to pdfminer
            return self.paint([("re", *corners)], ctm, *style)
        x0, x1 = a * x0 + e + self.left, a * x1 + e + self.left
        top, bottom = self.height - y1 + self.above, self.height - y0 + self.above
        box = (min(x0, x1), min(top, bottom), max(x0, x1), max(top, bottom))
        self.content.shapes.append(Shape("rect", box, (), *style))


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
        ctm, kept, path, fonts = self.ctm, [], [], {}
        matrix, x, shown, descent = (1, 0, 0, 1, 0, 0), 0, None, 0
        size, spacing, word_spacing, scale, leading, rise = 0, 0, 0, 1.0, 0, 0
        for operands, operator in OPERATION.findall(data):  # what comes most often is asked for first
            if operator in _WITHOUT_EFFECT:
                continue
            if operator in _SHOWING:
                if operator == b"'":
                    matrix, x = _next_line(matrix, leading), 0
                if shown is None:
                    raise Unusual("text without a font")
                widths = (scale, spacing * scale, word_spacing * scale)
                x = self.device.show(shown[operands], mult_matrix(matrix, ctm), x, descent * size + rise, size, widths)
            elif operator in _MOVING:
                across, up = map(float, operands.split())
                a, b, c, d, e, f = matrix
                matrix, x = (a, b, c, d, across * a + up * c + e, across * b + up * d + f), 0
                if operator == b"TD":
                    leading = up
            elif operator == b"re":
                x0, y0, width, height = map(float, operands.split())
                path.append(("re", (x0, y0), (x0 + width, y0 + height)))
            elif operator == b"q":
                state = (ctm, stroking, filling, matrix, x, shown, descent, size, spacing, word_spacing, scale, leading, rise)
                kept.append(state)
            elif operator == b"Q":
                if kept:
                    state = kept.pop()
                    ctm, stroking, filling, matrix, x, shown, descent, size, spacing, word_spacing, scale, leading, rise = state
            elif operator == b"BT":
                matrix, x = (1, 0, 0, 1, 0, 0), 0
            elif operator == b"Tm":
                a, b, c, d, e, f = map(float, operands.split())
                matrix, x = (a, b, c, d, e, f), 0
            elif operator == b"Tf":
                if (chosen := fonts.get(operands)) is None:
                    chosen = fonts[operands] = self._font(operands)
                shown, size, descent = chosen
            elif operator == b"n":
                path = []
            elif operator in _PAINTING:
                if operator in (b"s", b"b", b"b*"):
                    path.append(("h",))
                style = (*_PAINTING[operator], stroking[0], filling[0])
                if len(path) == 1 and path[0][0] == "re":
                    self.device.paint_rectangle(path[0][1:], ctm, *style)
                elif path:
                    self.device.paint(path, ctm, *style)
                path = []
            elif operator in _COLOURS:
                count, space = _COLOURS[operator]
                colour = (_colour(operands, count), self.csmap[space])
                stroking, filling = (colour, filling) if operator.isupper() else (stroking, colour)
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
                matrix, x = _next_line(matrix, leading), 0
            elif operator == b"Do":
                (name,) = operands.split()
                self.ctm = self.device.ctm = ctm
                self.do_Do(LIT(name[1:].decode("ascii")))
            elif operator or operands.strip(BLANKS):
                raise Unusual(repr((operator or operands)[:20]))

    def _font(self, operands: bytes) -> tuple[Shown, float, float]:
        """What Tf chooses: what the font shows, its size, and how far it reaches below the base line."""
        name, size = operands.split()
        font = self.fontmap[name[1:].decode("ascii")]
        return self.fonts.shown(font), float(size), font.get_descent()


def _next_line(matrix: Matrix, leading: float) -> Matrix:
    a, b, c, d, e, f = matrix
    return (a, b, c, d, leading * c + e, leading * d + f)


@lru_cache(1 << 10)
def _colour(operands: bytes, components: int) -> object:
    numbers = tuple(map(float, operands.split()))
    if len(numbers) != components or components not in (1, 3, 4):
        raise Unusual("a colour of another space")
    return numbers[0] if components == 1 else numbers
