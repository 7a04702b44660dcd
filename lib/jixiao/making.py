"""One briefing: run its notebook, or take the one that is kept and up to date, and write what is not there yet of its formats."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from .cache import digest
from .catalogue import Run
from .ipynb import nbformat
from .pages import Menu, library_digest, page_html, paper_html, write
from .provenance import made_from
from .running import AUDIT, run

if TYPE_CHECKING:
    from nbformat import NotebookNode

FORMATS = ("html", "docx", "pdf")
_KEPT = "jixiao"  # in the metadata of a kept notebook


class Maker:
    """Makes briefings of the tables in `processed`, whose reports are in `raw`, into `out`."""

    def __init__(
        self, out: Path, processed: Path, tables: Mapping[str, pd.DataFrame], raw: Path, formats: Sequence[str],
        menus: Mapping[str, Menu] | None = None,
    ) -> None:  # fmt: skip
        self.out, self.tables, self.raw, self.menus = out, tables, raw, menus or {}
        self.formats = [name for name in FORMATS if name == "html" or name in formats]
        files = [*sorted(processed.glob("*.csv")), *sorted((processed.parent / "rules").glob("*.toml"))]
        self._inputs = library_digest() + "".join(digest(path) for path in files)

    def make(self, task: Run, evidence: Mapping[str, str]) -> list[Path]:
        """The files of a briefing, each written where it is not as it was made last time from the same."""
        formats = self.formats if task.page.kind != "comparison" else self.formats[:1]
        paths = {name: self.out / f"{task.page.stem}.{name}" for name in formats}
        notebook = self.executed(task)
        held = notebook.metadata[_KEPT]["files"]
        missing = [name for name, path in paths.items() if name not in held or held[name] != self._as_made(task, path)]
        for name, content in self._contents(task, notebook, evidence, missing):
            write(paths[name], content)
            held[name] = self._as_made(task, paths[name])
        if missing:
            self._keep(task, notebook)
        return list(paths.values())

    def executed(self, task: Run) -> NotebookNode:
        """Its executed notebook: the one that is kept, where it was made from the same, or else that of a run, which is kept then."""
        key = self._digest(task)
        notebook = _kept(self._place(task), key)
        if notebook is None:
            for name in FORMATS:  # of other figures: never left beside the new ones
                (self.out / f"{task.page.stem}.{name}").unlink(missing_ok=True)
            self._place(task).unlink(missing_ok=True)
            notebook = run(task.notebook, task.parameters)
            notebook.metadata[_KEPT] = {"made_from": key, "files": {}}
            self._keep(task, notebook)
        return notebook

    def _place(self, task: Run) -> Path:
        return self.out / "notebooks" / f"{task.page.stem}.ipynb"

    def _keep(self, task: Run, notebook: NotebookNode) -> None:
        write(self._place(task), nbformat().writes(notebook) + "\n")

    @cached_property
    def _sources(self) -> dict[str, str | None]:
        """The digest of each report's file as it is now."""
        files = self.tables["reports"]["source_file"].dropna().map(lambda name: str(name).partition("!")[0])
        return {name: _digest(self.raw / name) for name in sorted(set(files))}

    def _contents(self, task: Run, notebook: NotebookNode, evidence: Mapping[str, str], formats: Sequence[str]) -> Any:
        if task.page.kind == "comparison":
            yield "html", page_html(notebook, task.page, task.parameters, evidence, self.menus.get(task.page.language))
            return
        from . import papers

        made = made_from(self.tables["reports"], task.parameters, task.page.language)
        paper = papers.gather(notebook, task.page.title, task.page.language, evidence, made)
        for name in formats:
            if name == "html":
                yield name, paper_html(paper, task.page, task.parameters, self.menus.get(task.page.language))
            else:
                yield name, papers.write_docx(paper) if name == "docx" else papers.write_pdf(paper)

    def _digest(self, task: Run) -> str:
        """Of what a briefing is made from: this library, the tables, the notebook and its parameters."""
        sources = self._sources if task.notebook.stem == AUDIT else {}  # it shows spots of them
        told = [self._inputs, sources, task.notebook.read_text(encoding="utf-8"), task.parameters, task.page.title]
        return _short(told)

    def _as_made(self, task: Run, path: Path) -> str | None:
        """What tells a file that stands as it was made from any other: its digest, and of a page also what it leads to."""
        found, menu = _digest(path), self.menus.get(task.page.language)
        return f"{found}-{_short(menu.of(task.page))}" if found and menu and path.suffix == ".html" else found


def _kept(path: Path, key: str) -> NotebookNode | None:
    """The executed notebook that an earlier run kept, where it was made from the same."""
    try:
        notebook = nbformat().read(path, as_version=4)
    except (OSError, ValueError):
        return None
    return notebook if notebook.metadata.get(_KEPT, {}).get("made_from") == key else None


def _short(told: Any) -> str:
    """A short hash of what JSON can hold."""
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:16]


def _digest(path: Path) -> str | None:
    return digest(path) if path.is_file() else None
