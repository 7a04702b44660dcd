"""Names of rows that fit beside them: shortened and broken into lines, yet never two that look the same."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

import pandas as pd

from ..words import say, width, written

LINE = 13.0  # Chinese characters on a line of a label


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
    return [(name + (" " if "\n" in name else "\n") + of_year).strip() for name, of_year in zip(names, years, strict=True)]


def form_labels(frame: pd.DataFrame, language: str, whole: str = "整体") -> list[str]:
    """Labels of forms: the institute, below it the project where the form is a project's, and the year where years differ.

    Of an institute whose name is left blank, since the page is its own, the form alone.
    """
    several = frame["fiscal_year"].nunique() > 1
    owners, projects = told_apart(frame["institute"], LINE + 2), told_apart(frame["scope"], LINE)
    out = []
    for owner, project, scope, year in zip(owners, projects, frame["scope"], frame["fiscal_year"], strict=True):
        second = " ".join(["" if scope == whole else project, str(year) if several else ""]).strip()
        out.append("\n".join(filter(None, [owner, second])) or written(scope, "scope", language))
    return out
