"""Image files to grey pages of about 200 dpi: all pages of a TIFF, upright by what the camera noted, never larger than is sensible."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from jixiao.document import ReadingError

if TYPE_CHECKING:
    import pypdfium2

DPI = 200  # at which characters of forms are read without mistakes
LONGEST = 3400  # pixels: A3 at 200 dpi
MOST = 72_000_000  # pixels of one page: A3 at 600 dpi; beyond that it was made to fill the memory
PAGES = 500
_KNOWN_DPI = (90, 1300)  # what scanners do; a camera's or a program's 72 says nothing
_PAPER = 11.7  # inches: without a resolution, the longer side is taken for that of A4
_SMALL = 1300  # pixels: the longer side of what was cut from a screen (96 dpi) and no page


@dataclass(frozen=True, slots=True)
class Frame:
    """A page as a grey image; a pixel is `scale` points wide."""

    grey: np.ndarray
    scale: float
    dpi: float  # of the picture itself


def frames(data: bytes, name: str) -> Iterator[Frame]:
    """The pages of an image file, one after the other. Raises ReadingError (`damaged_file`, `too_large`)."""
    with _opened(data, name) as image:
        for number, page in enumerate(ImageSequence.Iterator(image), 1):
            if number > PAGES:
                raise ReadingError(f"{name} has more than {PAGES} pages: split it", "too_large")
            _check_size(page, name)
            yield _frame(page, _dpi(page))


def picture(data: bytes, number: int) -> tuple[Image.Image, float]:
    """Page `number` (from 1) of an image file as it is shown, in colour, and how many of its pixels a point is wide."""
    with _opened(data, "the image") as image:
        image.seek(number - 1)
        _check_size(image, "the image")
        dpi = _dpi(image)
        return ImageOps.exif_transpose(image).convert("RGB"), dpi / 72


def rendered(page: pypdfium2.PdfPage) -> Frame:
    """A page of a PDF as a grey image."""
    longest = max(page.get_size())
    zoom = min(DPI / 72, LONGEST / longest)
    return Frame(np.asarray(page.render(scale=zoom, grayscale=True).to_pil().convert("L")), 1 / zoom, _resolution(page))


def _resolution(page: pypdfium2.PdfPage) -> float:
    """Pixels an inch of the largest picture on a page; where there is none, text was drawn and is as fine as one likes."""
    from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE

    found = []
    for picture in page.get_objects(filter=[FPDF_PAGEOBJ_IMAGE]):
        left, bottom, right, top = picture.get_bounds()
        wide, high = picture.get_px_size()
        if right > left and top > bottom:
            # a turned picture has its sides the other way round: the area does not mind
            found.append(((right - left) * (top - bottom), 72 * (wide * high / ((right - left) * (top - bottom))) ** 0.5))
    return max(found)[1] if found else float(DPI)


@contextmanager
def _opened(data: bytes, name: str) -> Iterator[Image.Image]:
    limit = Image.MAX_IMAGE_PIXELS
    Image.MAX_IMAGE_PIXELS = None  # the size is checked here before anything is unpacked
    try:
        with Image.open(io.BytesIO(data)) as image:
            yield image
    except ReadingError:
        raise
    # Pillow has no common error for what is wrong in a damaged image
    except (UnidentifiedImageError, OSError, EOFError, SyntaxError, ValueError, TypeError, KeyError, IndexError) as error:
        why = str(error) or type(error).__name__
        raise ReadingError(f"{name} is damaged or not complete ({why[:200]}): fetch the file again", "damaged_file") from error
    finally:
        Image.MAX_IMAGE_PIXELS = limit


def _check_size(image: Image.Image, name: str) -> None:
    wide, high = image.size
    if wide * high > MOST:
        message = f"{name} is an image of {wide:,} × {high:,} pixels, more than is read ({MOST:,}): save it at 200 to 300 dpi"
        raise ReadingError(message, "too_large")


def _dpi(image: Image.Image) -> float:
    """Pixels an inch: what the file says, if that can be, else from its size."""
    longest = max(image.size)
    stated = image.info.get("dpi", (0, 0))
    try:
        dpi = float(stated[0])
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        dpi = 0.0
    if _KNOWN_DPI[0] <= dpi <= _KNOWN_DPI[1] and 4 <= longest / dpi <= 40:
        return dpi
    return 96.0 if longest < _SMALL else longest / _PAPER


def _flat(image: Image.Image) -> Image.Image:
    """In grey and upright; what is transparent is white."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        over = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", over.size, "white"), over)
    if upright.mode.startswith("I") or upright.mode == "F":
        values = np.asarray(upright, dtype=np.float32)
        upright = Image.fromarray((255 * (values - values.min()) / max(1.0, float(np.ptp(values)))).astype(np.uint8))
    return upright.convert("L")


def _frame(image: Image.Image, dpi: float) -> Frame:
    stated = dpi
    factor = max(image.size) // LONGEST
    if factor > 1 and image.mode in ("RGB", "RGBA", "L"):
        # what follows makes copies, which are large for a large image
        image, dpi = image.reduce(factor), dpi / factor
    grey = _flat(image)
    zoom = min(DPI / dpi, LONGEST / max(grey.size))
    if abs(zoom - 1) > 0.02:
        size = (max(1, round(grey.width * zoom)), max(1, round(grey.height * zoom)))
        grey = grey.resize(size, Image.Resampling.BICUBIC if zoom > 1 else Image.Resampling.BOX, reducing_gap=None)
    else:
        zoom = 1.0
    return Frame(np.asarray(grey), 72 / (dpi * zoom), stated)
