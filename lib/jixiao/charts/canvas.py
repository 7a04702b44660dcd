"""What all charts share: fonts, colours, sizes, readable names, and what is drawn when there is nothing to draw.

The Chinese font (Noto Sans SC, OFL) comes with the package zhplot, so that it is the same on every machine; characters that it does
not have are taken from DejaVu Sans. Colours are Okabe and Ito's, which colour-blind readers can tell apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from itertools import takewhile
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
LINE = 13.0  # Chinese characters on a line of a label
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


def _cut(text: str, room: float) -> str:
    """As much of the beginning of `text` as fits in `room`."""
    used = 0.0
    for index, char in enumerate(text):
        used += width(char)
        if used > room:
            return text[:index]
    return text


def shorten(text: str, room: float) -> str:
    """`text` in at most `room` characters: the beginning with the place's name, …, and the end with the kind of institute."""
    if width(text) <= room:
        return text
    head = _cut(text, room * 0.6)
    tail = _cut(text[::-1], room - width(head) - 1)[::-1]
    return f"{head}…{tail}"


def wrap(text: str, lines: int = 2, line: float = LINE) -> str:
    """`text` shortened and broken into at most `lines` lines of about the same length."""
    text = shorten(text, lines * line - 1)
    needed = max(1, -int(-width(text) // line))
    out, room = [], width(text) / needed
    for left in range(needed, 0, -1):
        part = text if left == 1 else _cut(text, min(line, room + 0.99))
        if text[len(part) : len(part) + 1].strip() and part[-1:].isascii() and " " in part:
            part = part[: part.rindex(" ") + 1]  # an English word is not broken
        out.append(part.strip())
        text = text[len(part) :]
    return "\n".join(filter(None, out))


def told_apart(names: Sequence[str] | pd.Series, room: float) -> list[str]:
    """Each name in at most `room` characters, in order; of names that would look the same what differs is kept."""
    full = dict.fromkeys(str(name) for name in names)
    short = {name: shorten(name, room) for name in full}
    for look in set(short.values()):
        alike = [name for name in full if short[name] == look]
        if len(alike) > 1:
            short |= dict(zip(alike, _by_difference(alike, room), strict=True))
    return [short[str(name)] for name in names]


def _by_difference(names: list[str], room: float) -> list[str]:
    """Different names without the middle of what they have in common; whole where they differ by more than `room`."""
    start = _common(names)
    end = _common([name[start:][::-1] for name in names])
    parts = [name[start : len(name) - end] for name in names]
    if max(map(width, parts)) > room * 0.6:
        parts = told_apart(parts, room * 0.6) if room > 4 else parts
    return [_around(name[:start], part, name[len(name) - end :], room) for name, part in zip(names, parts, strict=True)]


def _common(names: list[str]) -> int:
    """How many characters all the names begin with."""
    return sum(1 for _ in takewhile(lambda characters: len(set(characters)) == 1, zip(*names, strict=False)))


def _around(before: str, part: str, after: str, room: float) -> str:
    """`part` whole, with as much of what stands before and after it as fits in `room`."""
    spare = max(room - width(part), 0.0)
    right = min(width(after), max(spare * 0.4, spare - width(before)))
    return shorten(before, spare - right) + part + shorten(after, right)


def labels(names: Sequence[str] | pd.Series, lines: int = 2) -> list[str]:
    """Readable labels, in order: long names shortened and broken into lines, yet two different names never look the same."""
    return [wrap(name, lines) for name in told_apart(names, lines * LINE - 1)]


def one_line(names: Sequence[str] | pd.Series) -> list[str]:
    """As `labels`, each on one line."""
    return told_apart(names, 1.4 * LINE)


def case_labels(frame: pd.DataFrame, language: str, year: str = "fiscal_year") -> list[str]:
    """Labels of institutes, with the year where the rows are not all of one year."""
    unknown = say("not_stated", language)  # of a report that says neither, or that could not be read
    names = labels(frame["institute"].astype("str").fillna(unknown))
    if frame[year].nunique() < 2:
        return names
    years = frame[year].astype("str").fillna(unknown).tolist()
    return [name + (" " if "\n" in name else "\n") + of_year for name, of_year in zip(names, years, strict=True)]


def form_labels(frame: pd.DataFrame, language: str, whole: str = "整体") -> list[str]:
    """Labels of forms: the institute, below it the project where the form is a project's, and the year where years differ."""
    several = frame["fiscal_year"].nunique() > 1
    owners, projects = told_apart(frame["institute"], LINE + 2), told_apart(frame["scope"], LINE)
    out = []
    for owner, project, scope, year in zip(owners, projects, frame["scope"], frame["fiscal_year"], strict=True):
        second = " ".join(["" if scope == whole else project, str(year) if several else ""]).strip()
        out.append(f"{owner}\n{second}" if second else owner)
    return out


def year_note(frame: pd.DataFrame, language: str, year: str = "fiscal_year") -> str:
    """The year of the rows, for a title, where they are of one year."""
    years = frame[year].dropna().unique()
    return "" if len(years) != 1 else f"{years[0]} 年" if language == "zh" else str(years[0])


def remarks(language: str, *notes: str, without: int = 0) -> str:
    """The notes of a title as one, with how many rows are `without` a figure and so not drawn."""
    left_out = say("without_figure", language, count=without) if without else ""
    return ("；" if language == "zh" else "; ").join(filter(None, [*notes, left_out]))
