"""Pages as pictures: the part around what is meant, outlined; a stretch of prose by its characters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from jixiao.document import Box

if TYPE_CHECKING:
    import pypdfium2
    from PIL.Image import Image

DPI = 150
SCALE = DPI / 72  # pixels a point
AROUND = (140.0, 80.0)  # points to the side of a box and above and below it
OUTLINE, MARKER = (200, 0, 0), (255, 235, 120)
_PAGES_KEPT = 4


@dataclass(frozen=True, slots=True)
class Stretch:
    """The characters `start` to `end` of the paragraph `text`."""

    text: str
    start: int
    end: int


class Pages:
    """The pages of a source as pictures; a page that several spots are on is drawn once."""

    def __init__(self, data: bytes, format: str) -> None:
        self._data, self._format = data, format
        self._drawn = lru_cache(_PAGES_KEPT)(self._picture if format == "image" else self._rendered)

    def crop(self, page: int, boxes: Sequence[Box], beside: Sequence[Box] = (), *, pad: int = 0, stretch: Stretch | None = None) -> Image:
        """The part of a page around `boxes`, each outlined, that also shows what is `beside`; the whole page where there are none.

        Of a paragraph, the box of which is then the only one, the `stretch` alone is marked where the page holds its characters.
        """
        from PIL import ImageChops, ImageDraw  # only here: who looks at a .doc needs no pictures

        image, scale = self._drawn(page)
        if not boxes:
            return image
        image = image.copy()  # the page is drawn once, each spot is outlined on its own
        spots = [[scale * v for v in box] for box in boxes]
        if stretch is not None and (found := self._stretch(page, boxes[0], stretch)):
            spots, pad = found, 3
            image = ImageChops.darker(image, _marker(image, spots))
        draw = ImageDraw.Draw(image)
        for x0, top, x1, bottom in spots:
            draw.rectangle((x0 - pad, top - pad, x1 + pad, bottom + pad), outline=OUTLINE, width=3)
        spots += [[scale * v for v in box] for box in beside]
        wide, high = (scale * v for v in ((AROUND[0] / 4 if beside else AROUND[0]), AROUND[1]))
        return image.crop(
            (
                max(0, round(min(s[0] for s in spots) - wide)),
                max(0, round(min(s[1] for s in spots) - high)),
                min(image.width, round(max(s[2] for s in spots) + wide)),
                min(image.height, round(max(s[3] for s in spots) + high)),
            )
        )

    def _rendered(self, page: int) -> tuple[Image, float]:
        """A page of a PDF, and how many of its pixels a point is wide."""
        import pypdfium2

        with pypdfium2.PdfDocument(self._data) as pdf:
            return pdf[page - 1].render(scale=SCALE).to_pil().convert("RGB"), SCALE

    def _picture(self, page: int) -> tuple[Image, float]:
        """A page of an image file, no larger than a page of a PDF is shown, and how many of its pixels a point is wide."""
        from jixiao.readers.scan_image import picture

        image, scale = picture(self._data, page)
        if scale <= SCALE:
            return image, scale
        factor = SCALE / scale
        return image.resize((round(image.width * factor), round(image.height * factor)), 3), SCALE

    def _stretch(self, page: int, box: Box, stretch: Stretch) -> list[list[float]]:
        """Where on the picture the stretch stands, a box a line; nothing where the page does not hold the paragraph as text."""
        if self._format != "pdf":
            return []
        import pypdfium2

        with pypdfium2.PdfDocument(self._data) as pdf:
            letters = _letters(pdf[page - 1], [SCALE * v for v in box])
        told = "".join(stretch.text[: stretch.start].split())
        meant = "".join(stretch.text[stretch.start : stretch.end].split())
        seen = "".join(char for char, _ in letters)
        starts = [at for at in range(len(seen)) if meant and seen.startswith(meant, at)]
        if not starts:
            return []
        # the paragraph may begin on the page before, and its text may have been mended: the nearest one is meant
        first = min(starts, key=lambda at: abs(at - len(told)))
        return _lines([spot for _, spot in letters[first : first + len(meant)]])


def _letters(page: pypdfium2.PdfPage, box: Sequence[float]) -> list[tuple[str, list[float]]]:
    """The characters of a page whose middle is in `box`, with their boxes, all in pixels; no white space."""
    text = page.get_textpage()
    place = page.render(scale=SCALE).get_posconv(page)
    found = []
    for at in range(text.count_chars()):
        char = text.get_text_range(at, 1)
        left, bottom, right, top = text.get_charbox(at, loose=True)
        (x0, y0), (x1, y1) = place.to_bitmap(left, top), place.to_bitmap(right, bottom)
        spot = [min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)]
        inside = box[0] <= (spot[0] + spot[2]) / 2 <= box[2] and box[1] <= (spot[1] + spot[3]) / 2 <= box[3]
        if inside and len(char) == 1 and not char.isspace():
            found.append((char, spot))
    return found


def _lines(spots: Sequence[Sequence[float]]) -> list[list[float]]:
    """Boxes of characters that follow each other as one box a line."""
    lines: list[list[float]] = []
    for x0, top, x1, bottom in spots:
        if lines and top < lines[-1][3] and bottom > lines[-1][1] and x1 >= lines[-1][0]:
            last = lines[-1]
            lines[-1] = [min(last[0], x0), min(last[1], top), max(last[2], x1), max(last[3], bottom)]
        else:
            lines.append([x0, top, x1, bottom])
    return lines


def _marker(image: Image, spots: Sequence[Sequence[float]]) -> Image:
    """White paper of the size of `image` with the stretches of `spots` marked as with a pen."""
    from PIL import Image as images
    from PIL import ImageDraw

    paper = images.new("RGB", image.size, (255, 255, 255))
    for spot in spots:
        ImageDraw.Draw(paper).rectangle(list(spot), fill=MARKER)
    return paper
