"""Pages drawn as pictures, as a scanner would give them: ruled tables with merged cells, prose, askew, turned, with noise."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np
import zhplot
from PIL import Image, ImageDraw, ImageFont

DPI = 200
FONT = next(Path(zhplot.__file__).parent.rglob("NotoSansSC-Regular.ttf"))
LEFT, ABOVE = "←", "↑"  # in a row: the cell on the left, the cell above goes on here


@cache
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


def page(wide: float = 595, high: float = 842, dpi: int = DPI) -> Image.Image:
    """A white page, measures in points."""
    return Image.new("L", (round(wide * dpi / 72), round(high * dpi / 72)), 255)


def write(image: Image.Image, x: float, top: float, words: str, size: float = 12, dpi: int = DPI) -> None:
    ImageDraw.Draw(image).text((x * dpi / 72, top * dpi / 72), words, font=_font(round(size * dpi / 72)), fill=20)


def table(
    image: Image.Image,
    xs: Sequence[float],
    ys: Sequence[float],
    rows: Sequence[Sequence[str]],
    size: float = 10.5,
    dpi: int = DPI,
    ruled: bool = True,
    width: int = 2,
) -> list[tuple[int, int, int, int, str]]:
    """Draws the cells; gives their row, column, spans and text. Text stands in the middle, its lines are parted by line breaks."""
    draw = ImageDraw.Draw(image)
    truth = []
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            if text in (LEFT, ABOVE):
                continue
            right, low = c + 1, r + 1
            while right < len(row) and row[right] == LEFT:
                right += 1
            while low < len(rows) and rows[low][c] == ABOVE:
                low += 1
            box = [v * dpi / 72 for v in (xs[c], ys[r], xs[right], ys[low])]
            if ruled:
                draw.rectangle(box, outline=30, width=width)
            middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
            draw.multiline_text(middle, text, font=_font(round(size * dpi / 72)), fill=20, anchor="mm", align="center")
            truth.append((r, c, low - r, right - c, text.replace("\n", "")))
    return truth


def scanned(image: Image.Image, angle: float = 0.0, noise: float = 0.0, turned: int = 0, seed: int = 1) -> Image.Image:
    """As it comes off the glass: on greyish paper, askew by `angle` degrees, with noise, turned by quarters to the left."""
    chance = np.random.default_rng(seed)
    grey = 240 - (255 - np.asarray(image.rotate(angle, Image.Resampling.BICUBIC, fillcolor=255), dtype=np.float32)) * 0.9
    grey += chance.normal(0, noise, grey.shape) if noise else 0
    picture = Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8))
    return picture.rotate(90 * turned, expand=True)


def encoded(image: Image.Image, kind: str = "PNG", more: Sequence[Image.Image] = (), **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **({"save_all": True, "append_images": list(more)} if more else {}), **{"dpi": (DPI, DPI), **options})
    return buffer.getvalue()


def figures(count: int, seed: int) -> list[str]:
    """Figures as reports print them."""
    chance = random.Random(seed)
    kinds = [
        lambda: f"{chance.uniform(0, 3000):.2f}",
        lambda: f"{chance.uniform(1000, 99999):,.2f}",
        lambda: str(chance.randrange(10)),
        lambda: str(chance.randrange(10, 100)),
        lambda: f"{chance.uniform(0, 100):.2f}%",
        lambda: f"≥{chance.randrange(50, 100)}%",
        lambda: f"{chance.randrange(10)}.{chance.randrange(10)}",
    ]
    return [chance.choice(kinds)() for _ in range(count)]
