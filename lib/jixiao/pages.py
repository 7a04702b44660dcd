"""An executed notebook → a page of HTML: one file, nothing loaded from elsewhere, for the screen, the phone and paper."""

from __future__ import annotations

import hashlib
import html
import os
import re
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .words import LANGUAGES, texts

if TYPE_CHECKING:
    import jinja2
    from nbformat import NotebookNode

    from .papers import Paper

KINDS = ("comparison", "year", "institute", "history", "evidence")
PAPERS = ("docx", "pdf")  # beside a page
ENDS = tuple(f"-{language}" for language in LANGUAGES if language != "zh")  # of the names of pages in other languages
LONGEST_NAME = 60  # characters of an institute's name in a file name: three bytes each, where 255 are allowed
_META = re.compile(r'<meta name="jixiao-(kind|order|language)" content="([^"]*)">')
_TOUCHED = re.compile(r'<mark class="touched" data-evidence="([^"]*)" data-finding="(\d+)" title="([^"]*)">(.*?)</mark>', re.DOTALL)
_MADE_FROM = re.compile(r'<meta name="jixiao-made-from" content="([^"]*)">')
HEAD = 4000  # characters in which a page says what it is
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A page to be made, or one that is there: its file's stem, title, kind (`KINDS`), language, and what it is about."""

    stem: str
    title: str
    kind: str
    order: str = ""
    language: str = "zh"

    @property
    def file(self) -> str:
        return self.stem + ".html"

    @property
    def label(self) -> str:
        """How a list under a heading calls it: by its title, with the report it is of, or by its year or its institute and year alone."""
        if self.kind == "evidence":
            return f"{self.title} ({self.order})"
        return self.title if self.kind == "comparison" else self.order


@dataclass(frozen=True)
class Menu:
    """What the pages of a site lead to: all of them to its own pages, as file and name; a page (its stem) to the others that are the
    same in another language, as language and file, and one of evidence to its institute's briefings, as file and title."""

    links: tuple[tuple[str, str], ...]
    others: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    briefings: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def of(self, page: Page) -> dict[str, Any]:
        """What the template of a page needs of it."""
        return {"menu": self.links, "others": self.others.get(page.stem, ()), "briefings": self.briefings.get(page.stem, ())}


def index_menu(language: str) -> Menu:
    """That of a folder of briefings: its index."""
    return Menu((("index.html", texts()["page"]["index"][language]),))


def page_html(
    notebook: NotebookNode, page: Page, parameters: dict[str, Any], evidence: Mapping[str, str] | None = None, menu: Menu | None = None
) -> str:
    """The page of an executed notebook. Code is hidden; what stands in the notebook's outputs stays as it is escaped there.

    `evidence` gives the page of evidence of a report, to which the figures lead that its findings touch; without a `menu`, the page
    leads to the index beside it.
    """
    notebook = with_alternatives(_without_next(notebook), page.title)
    body, _ = _exporter().from_notebook_node(notebook)
    body, marks = _TOUCHED.subn(lambda mark: _linked(mark, evidence or {}), body)
    shown = ", ".join(f"{name}={value}" for name, value in parameters.items() if name not in ("processed", "raw", "language"))
    more = (menu or index_menu(page.language)).of(page)
    return render("page.html.j2", page.language, page=page, body=body, parameters=shown, marks=marks, **more)


def paper_html(paper: Paper, page: Page, parameters: dict[str, Any], menu: Menu | None = None) -> str:
    """The page of a paper: the same content as its DOCX and PDF, which it links to."""
    body = _template("_paper.html.j2").render(blocks=[(type(block).__name__, block) for block in paper.blocks])
    shown = ", ".join(f"{name}={value}" for name, value in parameters.items() if name not in ("processed", "raw", "language"))
    more = (menu or index_menu(page.language)).of(page)
    return render("page.html.j2", page.language, page=page, body=body, parameters=shown, marks=paper.marked, **more)


def _linked(mark: re.Match[str], evidence: Mapping[str, str]) -> str:
    """A marked figure as a link to its finding; left as it is where there is no page of evidence."""
    report, number, title, text = mark.groups()
    page = evidence.get(html.unescape(report))
    return f'<a class="touched" href="{quote(page)}#f{number}" title="{title}">{text}</a>' if page else mark[0]


def render(template: str, language: str, **values: Any) -> str:
    """A template of this package filled in; `values` stand before what all pages share."""
    shared = _shared(language)
    css = resources.files(__package__).joinpath("templates/evidence.css").read_text(encoding="utf-8")
    return _template(template).render(**{**shared, "language": language, "page_words": shared["words"], "evidence_css": css, **values})


def index_html(pages: Iterable[Page], failed: Sequence[tuple[str, str]], language: str, folder: Path) -> str:
    """The page that links `pages` by kind, those in `language` first, and says which could not be made and why.

    `folder` is where they are: what is there of a page as DOCX or PDF is linked beside it.
    """
    pages, headings = list(pages), texts()["page"]
    groups = []
    for other in (False, True):
        for kind in KINDS:
            found = [page for page in pages if page.kind == kind and (page.language != language) == other]
            if found:
                heading = headings[kind][found[0].language]
                found = sorted(found, key=lambda page: (page.order, page.title))
                groups.append((heading, [(page, [end for end in PAPERS if (folder / f"{page.stem}.{end}").is_file()]) for page in found]))
    return _template("index.html.j2").render(language=language, groups=groups, failed=failed, **_shared(language))


def safe(name: str) -> str:
    """`name` for a file name on every system: letters, digits and - only, not too long."""
    plain = re.sub(r"[^\w-]+", "_", unicodedata.normalize("NFKC", name)).strip("_")
    return plain[:LONGEST_NAME].encode()[: 3 * LONGEST_NAME].decode(errors="ignore") or "_"


def free_name(stem: str, end: str, taken: set[str]) -> str:
    """`stem` + `end`, with a number where another page has it (compared as a file system that ignores case does).

    One without an `end` never gets the end of another language: its page would be that of the stem before it.
    """
    candidate, number = stem + end, 1
    while candidate.casefold() in taken or (not end and candidate.casefold().endswith(ENDS)):
        number += 1
        candidate = f"{stem}-{number}{end}"
    taken.add(candidate.casefold())
    return candidate


@cache
def library_digest() -> str:
    """A short hash of all of this library: what it made before, another version may make in another way."""
    total = hashlib.sha256()
    home = Path(__file__).parent
    for path in sorted(path for path in home.rglob("*") if path.suffix in (".py", ".toml", ".j2", ".css", ".typ")):
        total.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()[:16]


def made_from(path: Path) -> str | None:
    """The digest of what a page was made from, as the page itself says; None where there is none."""
    try:
        with path.open(encoding="utf-8", errors="replace") as stream:
            stated = _MADE_FROM.search(stream.read(HEAD))
    except OSError:
        return None
    return stated[1] if stated else None


def pages_in(folder: Path) -> list[Page]:
    """The pages that earlier runs left in `folder`; files of others are passed over."""
    found = []
    for file in sorted(folder.glob("*.html")):
        with file.open(encoding="utf-8", errors="replace") as stream:
            head = stream.read(HEAD)
        values, title = dict(_META.findall(head)), _TITLE.search(head)
        if values.get("kind") in KINDS and title:
            values = {name: html.unescape(value) for name, value in values.items()}
            found.append(Page(file.stem, html.unescape(title[1]), **values))
    return found


def write(path: Path, content: str | bytes) -> None:
    """Write a file so that a reader sees the old one or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")  # its own, where two runs write the same page
    try:
        if isinstance(content, bytes):
            partial.write_bytes(content)
        else:
            partial.write_text(content, encoding="utf-8", newline="\n")
        os.replace(partial, path)
    except BaseException as error:
        partial.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.strerror:  # of a full disk, which does not say where
            error.filename = error.filename or str(path)
        raise


def make_ready(folder: Path) -> None:
    """Make the folder where it is not there. Raises OSError, which names it, where nothing can be written into it."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        error.filename = str(folder)
        raise


def _without_next(notebook: NotebookNode) -> NotebookNode:
    """The notebook without the cells for a reader who goes on in JupyterLab: a page has no code to change."""
    return type(notebook)({**notebook, "cells": [cell for cell in notebook.cells if "next" not in cell.metadata.get("tags", [])]})


def with_alternatives(notebook: NotebookNode, title: str) -> NotebookNode:
    """Each picture with a text for those who cannot see it: the nearest sentence, which says what is to be seen, or else `title`."""
    notebook = deepcopy(notebook)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    sentences = [_sentence(output) for output in outputs]
    for at, output in enumerate(outputs):
        if "image/png" in output["data"]:
            near = sorted(range(len(outputs)), key=lambda other: (abs(other - at), other > at))[:5]
            sentence = next((sentences[other] for other in near if sentences[other]), title)
            output.setdefault("metadata", {}).setdefault("image/png", {})["alt"] = sentence
    return notebook


def _sentence(output: dict[str, Any]) -> str:
    text = str(output["data"].get("text/markdown", ""))
    return "" if text.startswith("#") else re.sub(r"</?mark[^>]*>", "", text).replace("\\", "")


@cache
def _exporter():
    from nbconvert import HTMLExporter

    return HTMLExporter(template_name="basic", exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True)


@cache
def _environment() -> jinja2.Environment:
    import jinja2

    return jinja2.Environment(loader=jinja2.PackageLoader(__package__), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def _template(name: str) -> jinja2.Template:
    return _environment().get_template(name)


@cache
def _shared(language: str) -> dict[str, Any]:
    css = resources.files(__package__).joinpath("templates/page.css").read_text(encoding="utf-8")
    try:
        version = metadata.version("jixiao")
    except metadata.PackageNotFoundError:  # used from a checkout that is not installed
        version = ""
    words, frame = ({key: text[language] for key, text in texts()[section].items()} for section in ("page", "site"))
    return {"css": css, "version": version, "words": words, "frame": frame}
