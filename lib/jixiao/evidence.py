"""Findings with the spots of the source where their numbers stand, as HTML: for a notebook, or for a page (`evidence_pages`)."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from .audit import CHECKS
from .audit.messages import told
from .document import Place, ReadingError
from .pages import render
from .spot import Opened, Spot
from .values import figure
from .words import code, heading, missing, number, say, scope, written

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_SPOTS = 12  # of one finding; the places of the rest are named
COLOURS = 48  # of a picture: writing, a ruling and the outline need no more, and the page stays small


@dataclass(frozen=True, slots=True)
class Shown:
    """One spot as a page shows it: where it is in words, what stands there, and the picture, the rows, or why there is neither."""

    where: str
    place: str
    text: str = ""
    line: tuple[str, ...] = ()
    label: str = ""
    picture: str = ""
    html: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One finding as a page shows it; the numbers as texts, blank where the finding has none."""

    number: int
    report_id: str
    severity: str
    level: str
    name: str
    question: str
    scope: str
    message: str
    expected: str
    found: str
    difference: str
    accepted: str
    spots: list[Shown] = field(default_factory=list)
    more: list[str] = field(default_factory=list)


class Sources:
    """The sources of the findings under `raw`, each opened once; one that is gone or was changed since the build is not shown."""

    def __init__(self, raw: str | Path, reports: pd.DataFrame, language: str) -> None:
        self.raw, self.language = Path(raw), language
        self._built = dict(zip(reports["source_file"], reports["sha256"], strict=True))
        self._opened: dict[str, Opened | str] = {}

    def shown(self, places: Iterable[Place]) -> Iterator[Shown]:
        """What stands at `places`, file by file."""
        of_file: dict[str, list[Place]] = {}
        for place in places:
            of_file.setdefault(place.file, []).append(place)
        for file, own in of_file.items():
            source = self.open(file)
            if isinstance(source, Opened):
                try:
                    yield from (_shown(spot, self.language) for spot in source.spots(own))
                    continue
                except (ReadingError, ValueError) as error:  # a place of tables that another version of the program made
                    source = self._trouble("source_unreadable", file, reason=str(error))
            yield from (Shown(where(place, self.language), str(place), trouble=source) for place in own)

    def open(self, file: str) -> Opened | str:
        """The source, or in words why it cannot be shown."""
        if file not in self._opened:
            self._opened[file] = self._open(file)
        return self._opened[file]

    def _open(self, file: str) -> Opened | str:
        try:
            source = Opened(file, self.raw)
        except FileNotFoundError:
            return self._trouble("source_gone", file)
        except OSError as error:
            return self._trouble("source_unreadable", file, reason=error.strerror or str(error))
        except ReadingError as error:
            return self._trouble("source_unreadable", file, reason=str(error))
        return source if source.sha256 == self._built.get(file) else self._trouble("source_changed", file)

    def digest(self, file: str) -> str:
        """What the source is like now: its digest, or why it cannot be shown."""
        source = self.open(file)
        return source.sha256 if isinstance(source, Opened) else source

    def _trouble(self, key: str, file: str, **values: str) -> str:
        # pages are passed on: they name the folder, not where it is on this machine
        return say(key, self.language, file=file, folder=self.raw.name or str(self.raw), **values)


class Evidence:
    """Findings and their spots as a piece of HTML, which Jupyter shows; `findings` has the column `number` of `findings.ordered`.

    Of more than `most` (None: all) the first are shown, and that there are more is said.
    """

    def __init__(self, findings: pd.DataFrame, reports: pd.DataFrame, raw: str | Path, language: str, most: int | None = None) -> None:
        self.findings, self.language, self._total = findings.head(len(findings) if most is None else most), language, len(findings)
        self.sources = Sources(raw, reports, language)

    @cached_property
    def items(self) -> list[Item]:
        rows = self.findings.assign(told=told(self.findings, self.language))
        return [_item(row, self.sources, self.language) for row in rows.to_dict("records")]

    def _repr_html_(self) -> str:
        more = self._note()
        return render("evidence_inline.html.j2", self.language, items=self.items, words=evidence_words(self.language), more=more)

    def __repr__(self) -> str:
        """A line a finding, for a terminal."""
        lines = [f"{each.report_id} {each.number}. {each.name}: {each.expected} / {each.found}" for each in self.items]
        return "\n".join([*lines, *filter(None, [self._note()])]) or say("no_findings_checked", self.language)

    def _note(self) -> str:
        left_out = self._total > len(self.findings)
        return say("more_findings", self.language, shown=len(self.findings), total=self._total) if left_out else ""


def _item(row: dict[str, Any], sources: Sources, language: str) -> Item:
    places = places_of(row["places"])
    spots = list(sources.shown(places[:MOST_SPOTS]))
    how = _kind(row, [text for spot in spots for text in (spot.text, *spot.line)])
    difference = "" if missing(row["expected"]) or missing(row["found"]) else _difference(row["found"] - row["expected"], how, language)
    known = CHECKS.get(row["check"])
    question = " ".join(known.question.partition("\n\n")[0].split()) if known and language != "zh" else ""
    return Item(
        number=int(row["number"]),
        report_id=row["report_id"],
        severity=row["severity"],
        level=code(row["severity"], language),
        name=code(row["check"], language, "check"),
        question=question,
        scope=about(row, language),
        message=row["told"],
        expected=written(row["expected"], how, language),
        found=written(row["found"], how, language),
        difference=difference,
        accepted="" if missing(row["accepted"]) else row["accepted"],
        spots=spots,
        more=[where(place, language) for place in places[MOST_SPOTS:]],
    )


def about(row: Mapping[str, Any], language: str) -> str:
    """What a finding is about, in words: its scope, and the label or the code beside it."""
    told = scope(row["scope"], language), code(row.get("label"), language)
    return " · ".join(filter(None, told))


def places_of(text: str) -> list[Place]:
    return [Place.parse(place) for place in text.split(" ") if place]


def _kind(row: dict[str, Any], texts: list[str]) -> str:
    """How its numbers are written: as percentages where one of them is printed as a percentage at one of its places."""
    for text in texts:
        printed = figure(text)
        values = [row[name] for name in ("expected", "found") if not missing(row[name])]
        if printed and printed.unit == "%" and any(abs(printed.value - 100 * value) < 1e-4 for value in values):
            return "exact_percent"
    return "figure"


def _difference(value: float, how: str, language: str) -> str:
    sign = "+" if value > 0 else ""
    if how == "exact_percent":
        return sign + say("points_percent", language, value=number(value * 100, 4))
    return sign + number(value, 6)


def where(place: Place, language: str) -> str:
    """A place in words: file, page, table, row, column."""
    names = ("page", "sheet", "paragraph", "table", "row", "col")
    parts = [say(f"place_{name}", language, number=getattr(place, name)) for name in names if getattr(place, name) is not None]
    return (" " if language == "zh" else ", ").join(filter(None, [place.file, *parts]))


def _shown(spot: Spot, language: str) -> Shown:
    label = " · ".join(dict.fromkeys(filter(None, (spot.row, spot.column))))
    first, *rest = spot.places
    # several places are cells of one table: of the others the row and column tell enough
    others = [where(Place("", row=other.row, col=other.col), language) for other in rest]
    place = ("；" if language == "zh" else "; ").join([where(first, language), *others])
    return Shown(place, str(first), spot.text, spot.line, label, _png(spot.image) if spot.image is not None else "", spot.html)


def _png(image: Image) -> str:
    """A picture as a text that a page can hold in itself."""
    buffer = io.BytesIO()
    image.quantize(COLOURS).save(buffer, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(buffer.getvalue()).decode()


def raw_beside(processed: str | Path) -> Path:
    """Where the reports are if nobody says it: the folder `raw` beside that of the tables."""
    return Path(processed).parent / "raw"


def evidence_words(language: str) -> dict[str, str]:
    texts = {name: say(name, language) for name in ("heading_found", "heading_checked", "no_findings_checked", "no_place", "more_places",
                                                    "difference", "accepted_as")}  # fmt: skip
    columns = {name: heading(name, language) for name in ("expected", "found", "check", "status", "compared", "reason")}
    return texts | columns
