"""What all charts share: fonts, colours, sizes, words of titles, and what is drawn when there is nothing to draw.

The Chinese font (Noto Sans SC, OFL) comes with the package zhplot, so that it is the same on every machine; characters that it does
not have are taken from DejaVu Sans. Colours are Okabe and Ito's, which colour-blind readers can tell apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import matplotlib.pyplot as plt
import pandas as pd
import seaborn as sns
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..words import number, say, width

FONTS = ["Noto Sans SC", "DejaVu Sans"]
BLUE, ORANGE, GREEN, SKY = "#0072B2", "#E69F00", "#009E73", "#56B4E9"
GREY, PALE, INK, PALE_SKY = "#8A8A8A", "#E4E4E4", "#333333", "#B4DDF4"
DARK_RED, SILVER = "#8F3000", "#D6D6D6"  # with ORANGE a scale from dark to light, told apart in grey print too
UNDER = {"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85}  # a note stays legible on a grid line
WIDTH = 7.2  # inches: an A4 page between its margins, a screen column
TALLEST = 11.0  # inches: a chart that is higher than a page cannot be read
MOST_ROWS = 24  # more rows than this are summarised
ENDS = 10  # so many rows stay at the top and at the bottom of a summarised chart
TITLE = 32.0  # Chinese characters on a line of a title
SPACING = 1.5  # from line to line: matplotlib measures Latin letters, and Chinese ones are taller


@cache
def _fonts() -> None:
    folder = Path(find_spec("zhplot").submodule_search_locations[0]) / "fonts"
    manager = font_manager.fontManager
    # a font of the same name that the machine has would be another version: the package's is the one that is drawn with
    manager.ttflist = [font for font in manager.ttflist if font.name not in FONTS[:1] or folder in Path(font.fname).parents]
    for file in sorted(folder.glob("*.[ot]tf")):
        font_manager.fontManager.addfont(file)


def style() -> None:
    """The look of all charts. seaborn's set_theme takes the font away unless it is given one.

    A title keeps its place: no chart has ticks above, and to look for them takes a quarter of the time that a chart takes.
    """
    _fonts()
    rc = {
        "font.family": FONTS, "axes.unicode_minus": True, "figure.dpi": 130, "savefig.dpi": 130, "axes.edgecolor": GREY,
        "axes.grid.axis": "x", "grid.color": PALE, "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK,
        "axes.spines.left": False, "axes.spines.right": False, "axes.spines.top": False, "font.size": 9, "axes.labelsize": 9,
        "xtick.labelsize": 9, "ytick.labelsize": 9, "axes.titlesize": 11, "axes.titlelocation": "left", "axes.titlepad": 12,
        "axes.titley": 1.0, "legend.fontsize": 9, "hatch.linewidth": 0.6, "axes.formatter.useoffset": False,
    }  # fmt: skip
    sns.set_theme(context="paper", style="whitegrid", font=FONTS, rc=rc)


def axes(ax: Axes | None, height: float, width: float = WIDTH) -> Axes:
    """`ax`, or the axes of a new figure of `width` × `height` inches, never higher than a page."""
    style()
    if ax is None:
        _, ax = plt.subplots(figsize=(width, min(max(height, 1.6), TALLEST)), layout="constrained")
    return ax


def empty(key: str, language: str, ax: Axes | None = None) -> Axes:
    """Axes that say that there is nothing to draw, and why."""
    ax = axes(ax, 1.6)
    ax.text(0.5, 0.5, say(key, language), ha="center", va="center", transform=ax.transAxes, color=INK, fontsize=10,
            linespacing=SPACING)  # fmt: skip
    ax.set(xticks=[], yticks=[])
    ax.grid(False)
    for spine in ax.spines.values():
        spine.set_visible(True)
        spine.set_color(PALE)
    return ax


def rows_down(ax: Axes, names: Sequence[str]) -> None:
    """Name the rows of `ax`, the first on top."""
    ax.set_yticks(range(len(names)), names, linespacing=SPACING)
    ax.set_ylim(len(names) - 0.4, -0.6)


def plain_numbers(ax: Axes) -> None:
    """The numbers of the axis that measures written as in tables and sentences, and so few that the longest stay apart."""
    ax.xaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]))
    ax.xaxis.set_major_formatter(lambda value, _: number(value, 6))


def finish(ax: Axes, title: str, unit: str, language: str, note: str = "", legend: int = 0) -> Axes:
    """Title with a note, and the unit on the axis that measures; both are keys of `words.toml`.

    `legend` is the columns of a legend between title and chart, for marks that have no room for their words beside them.
    """
    return entitle(ax, say(title, language), say(unit, language), language, note, legend)


def entitle(ax: Axes, text: str, unit: str, language: str, note: str = "", legend: int = 0) -> Axes:
    """As `finish`, with the words themselves."""
    colon = "：" if language == "zh" else ": "
    if note:
        text += colon + note if width(text + note) < TITLE else "\n" + note
    entries = len(ax.get_legend_handles_labels()[0]) if legend else 0
    if entries:
        ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=legend, frameon=False, borderaxespad=0.1, handlelength=1.2)
    ax.set_title(text, linespacing=SPACING, pad=9 + 17 * -(-entries // legend) if entries else None)
    ax.set_xlabel(unit)
    ax.set_ylabel("")
    return ax


def year_note(frame: pd.DataFrame, language: str, year: str = "fiscal_year") -> str:
    """The year of the rows, for a title, where they are of one year."""
    years = frame[year].dropna().unique()
    return "" if len(years) != 1 else f"{years[0]} 年" if language == "zh" else str(years[0])


def remarks(language: str, *notes: str, without: int = 0) -> str:
    """The notes of a title as one, with how many rows are `without` a figure and so not drawn."""
    left_out = say("without_figure", language, count=without) if without else ""
    return ("；" if language == "zh" else "; ").join(filter(None, [*notes, left_out]))
