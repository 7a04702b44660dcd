"""Documents as PDF through typst, and as images of its pages."""

from __future__ import annotations

import io
import json
from functools import cache
from pathlib import Path

import numpy as np
import pypdfium2
import typst
import zhplot
from PIL import Image

from .draw import Draw
from .model import Grid, Made


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=[str(Path(zhplot.__file__).parent / "fonts")], ignore_system_fonts=True)


def as_pdf(made: Made, d: Draw) -> bytes:
    """Ruled tables with merged cells on pages of A4; they run over pages, with and without a repeated header."""
    wide = d.chance(0.4) or any(isinstance(b, Grid) and b.width > 9 for b in made.blocks)
    size = d.pick([8, 9, 10])
    repeat = d.chance(0.4)
    lines = [
        f'#set page(paper: "a4", flipped: {str(wide).lower()}, margin: 1.5cm)',
        f'#set text(font: "Noto Sans SC", size: {size}pt, lang: "zh")',
        f"#set table(stroke: 0.5pt, inset: {d.pick([3, 4, 5])}pt)",
        "#set par(first-line-indent: 2em)",
    ]
    # a table that begins low on its page breaks within
    lines.append(f"#v({d.randint(0, 14)}cm)" if d.chance(0.5) else "")
    for block in made.blocks:
        lines.append(_table(block, repeat) if isinstance(block, Grid) else f"#par({_string(block)})\n")
    return _compiler().compile("\n".join(lines).encode(), format="pdf")


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _table(grid: Grid, repeat: bool) -> str:
    weights = [1.0] * grid.width
    for cell in grid.cells:
        if cell.colspan == 1:
            weights[cell.col] = max(weights[cell.col], min(4.0, max(map(len, cell.text.split("\n"))) / 4))
    columns = ", ".join(f"{w:.2f}fr" for w in weights)
    header = grid.header if repeat and not any(c.row < grid.header < c.row + c.rowspan for c in grid.cells) else 0
    top = [_cell(cell) for cell in grid.cells if cell.row < header]
    rest = [_cell(cell) for cell in grid.cells if cell.row >= header]
    head = f"table.header({', '.join(top)}), " if top else ""
    return f"#table(columns: ({columns},), align: center + horizon, {head}{', '.join(rest)})\n"


def _cell(cell) -> str:
    breakable = "" if cell.rowspan == 1 else f"rowspan: {cell.rowspan}, breakable: true, "
    return f"table.cell(x: {cell.col}, y: {cell.row}, {breakable}colspan: {cell.colspan}, {_string(cell.text)})"


def as_scan(made: Made, d: Draw, dpi: int = 200) -> bytes:
    """The pages as pictures, skewed and noisy a little, in a PDF without text."""
    pages = _pictures(as_pdf(made, d), d, dpi)
    out = io.BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=dpi)
    return out.getvalue()


def as_tiff(made: Made, d: Draw, dpi: int = 200) -> bytes:
    """The pages as pictures in one TIFF file."""
    pages = _pictures(as_pdf(made, d), d, dpi)
    out = io.BytesIO()
    pages[0].save(out, "TIFF", save_all=True, append_images=pages[1:], dpi=(dpi, dpi), compression="tiff_lzw")
    return out.getvalue()


def _pictures(pdf: bytes, d: Draw, dpi: int) -> list[Image.Image]:
    pages = []
    noise = np.random.default_rng(d.randrange(1 << 30))
    for page in pypdfium2.PdfDocument(pdf):
        picture = page.render(scale=dpi / 72).to_pil().convert("L")
        picture = picture.rotate(d.uniform(-0.6, 0.6), resample=Image.Resampling.BICUBIC, expand=False, fillcolor=255)
        grey = np.asarray(picture, dtype=np.int16) + noise.normal(0, d.uniform(2, 10), (picture.height, picture.width)).astype(np.int16)
        pages.append(Image.fromarray(np.clip(grey, 0, 255).astype(np.uint8)))
    return pages
