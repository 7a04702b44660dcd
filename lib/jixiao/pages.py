"""An executed notebook → a page of HTML: one file, nothing loaded from elsewhere, for the screen, the phone and paper."""

from __future__ import annotations

import html
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import Any

import jinja2
import nbformat

from .words import texts

KINDS = ("comparison", "year", "institute")
_META = re.compile(r'<meta name="jixiao-(kind|order)" content="([^"]*)">')
_TITLE = re.compile(r"<title>(.*?)</title>", re.DOTALL)


@dataclass(frozen=True)
class Page:
    """A page to be made, or one that is there: its file's stem, title, kind (`KINDS`) and where it stands among its kind."""

    stem: str
    title: str
    kind: str
    order: str = ""

    @property
    def file(self) -> str:
        return self.stem + ".html"


def page_html(notebook: nbformat.NotebookNode, page: Page, language: str, parameters: dict[str, Any]) -> str:
    """The page of an executed notebook. Code is hidden; what stands in the notebook's outputs stays as it is escaped there."""
    notebook = _with_alternatives(notebook)
    body, _ = _exporter().from_notebook_node(notebook)
    shown = ", ".join(f"{name}={value}" for name, value in parameters.items() if name not in ("processed", "language"))
    values = {"title": page.title, "kind": page.kind, "order": page.order, "stem": page.stem, "body": body, "parameters": shown}
    return _template("page.html.j2").render(language=language, **values, **_shared(language))


def index_html(pages: Iterable[Page], failed: Sequence[tuple[str, str]], language: str) -> str:
    """The page that links `pages` by kind, and says which could not be made and why."""
    pages, headings = list(pages), texts()["page"]
    groups = []
    for kind in KINDS:
        of_kind = sorted((page for page in pages if page.kind == kind), key=lambda page: (page.order, page.title))
        if of_kind:
            groups.append((headings[kind][language], of_kind))
    return _template("index.html.j2").render(language=language, groups=groups, failed=failed, **_shared(language))


def pages_in(folder: Path) -> list[Page]:
    """The pages that earlier runs left in `folder`; files of others are passed over."""
    found = []
    for file in sorted(folder.glob("*.html")):
        with file.open(encoding="utf-8", errors="replace") as stream:
            head = stream.read(4000)
        values, title = dict(_META.findall(head)), _TITLE.search(head)
        if values.get("kind") in KINDS and title:
            found.append(Page(file.stem, html.unescape(title[1]), values["kind"], html.unescape(values.get("order", ""))))
    return found


def write(path: Path, text: str) -> None:
    """Write a file so that a reader sees the old one or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(text, encoding="utf-8", newline="\n")
    os.replace(partial, path)


def _with_alternatives(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Each picture with a text for those who cannot see it: the sentence beside it, which says what is to be seen."""
    notebook = nbformat.from_dict(notebook)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", []) if "data" in output]
    sentences = [_sentence(output) for output in outputs]
    for at, output in enumerate(outputs):
        if "image/png" in output["data"]:
            near = sentences[max(at - 1, 0) : at + 2]
            output.setdefault("metadata", {}).setdefault("image/png", {})["alt"] = next(filter(None, near), "chart")
    return notebook


def _sentence(output: dict[str, Any]) -> str:
    text = str(output["data"].get("text/markdown", ""))
    return "" if text.startswith("#") else text.replace("\\", "")


@cache
def _exporter():
    from nbconvert import HTMLExporter

    return HTMLExporter(template_name="basic", exclude_input=True, exclude_input_prompt=True, exclude_output_prompt=True)


@cache
def _environment() -> jinja2.Environment:
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
    return {"css": css, "version": version, "words": {key: text[language] for key, text in texts()["page"].items()}}
