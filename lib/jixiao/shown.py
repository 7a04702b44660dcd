"""What a notebook shows besides tables: sentences, headings and charts, each with its content as data for papers (see `papers`)."""

from __future__ import annotations

import base64
import io
import re
from html import escape
from typing import Any

import matplotlib.pyplot as plt
from IPython.display import Markdown, display
from matplotlib.axes import Axes

from .touched import Mark

DPI = 170  # of a chart: sharp on paper, small enough for a page that holds many


class Said(Markdown):
    """Sentences, given in pieces with the marks of the figures that findings touch; a line is a paragraph."""

    def __init__(self, runs: list[tuple[str, Mark | None]]) -> None:
        super().__init__("".join(mark.html(plain(text)) if mark else plain(text) for text, mark in runs))
        self.runs = runs

    @property
    def content(self) -> dict[str, Any]:
        lines: list[list[Any]] = [[]]
        for text, mark in self.runs:
            if mark:
                lines[-1].append(mark.content(text))
                continue
            first, *others = text.split("\n")
            lines[-1].append(first)
            lines += [[other] for other in others]
        return {"kind": "text", "lines": [line for line in ([run for run in line if run] for line in lines) if line]}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[dict, dict]:
        return {}, {"jixiao": self.content}


class Title(Markdown):
    """A heading."""

    def __init__(self, text: str, level: int) -> None:
        super().__init__("#" * level + " " + plain(text))
        self.content = {"kind": "heading", "level": level, "text": text}

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[dict, dict]:
        return {}, {"jixiao": self.content}


class Chart:
    """A chart as a picture, its title taken out of it and put below as a caption.

    One without a title has nothing to show and says why (`charts.canvas.empty`): in a paper that is a sentence.
    """

    def __init__(self, axes: Axes) -> None:
        figure = axes.figure
        titles = [axes.get_title(loc=side) for axes in figure.axes for side in ("left", "center", "right")]
        title = next(filter(None, titles), "")
        for each in figure.axes:
            for side in ("left", "center", "right"):
                if title and each.get_title(loc=side) == title:
                    each.set_title("", loc=side)
        self.title = _captioned(title)
        self.said = "" if title else _joined(" ".join(text.get_text() for each in figure.axes for text in each.texts))
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
        self.png = buffer.getvalue()
        plt.close(figure)

    def _ipython_display_(self) -> None:
        picture = {"image/png": base64.b64encode(self.png).decode(), "text/plain": self.title or self.said}
        content = {"kind": "figure", "title": self.title} if self.title else {"kind": "text", "lines": [[self.said]]}
        display(picture, raw=True, metadata={"jixiao": content})
        if self.title:
            display({"text/markdown": plain(self.title)}, raw=True, metadata={"jixiao": {"kind": "caption"}})


def _captioned(title: str) -> str:
    """The lines of a title, a note below it, as one line."""
    first, *others = [" ".join(line.split()) for line in title.split("\n")]
    return "".join([first, *(("：" if re.search(r"[\u3000-\uffef]$", first) else ": ") + other for other in others)])


def _joined(text: str) -> str:
    """Lines as one: with a blank, but for Chinese."""
    return re.sub(r"(?<=[\u3000-\uffef])\n|\n(?=[\u3000-\uffef])", "", text).replace("\n", " ")


def plain(text: str) -> str:
    """`text` as Markdown that shows it as it is: names and words of reports are data, never markup."""
    return re.sub(r"([\\`*_\[\]#|~$])", r"\\\1", escape(text, quote=False))
