"""What a PDF page shows, as pdfplumber alone reads it: slower by far than `pdf_content`, and whatever the content may be."""

from __future__ import annotations

from pdfplumber.page import Page

from jixiao.readers.pdf_content import Content
from jixiao.readers.pdf_shapes import Shape


def read(page: Page) -> Content:
    images = [(image["width"], image["height"]) for image in page.images]
    shapes = [shape(path) for path in (*page.lines, *page.rects, *page.curves)]
    return Content(page.chars, shapes, images, turned=True)


def shape(path: dict) -> Shape:
    """A path of pdfplumber's."""
    box = (path["x0"], path["top"], path["x1"], path["bottom"])
    colours = [tuple(c) if isinstance(c, list) else c for c in (path["stroking_color"], path["non_stroking_color"])]
    return Shape(path["object_type"], box, path["pts"], path["stroke"], path["fill"], *colours)
