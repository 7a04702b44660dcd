"""An executed notebook → a paper: the content that its outputs carry as data."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from .model import Block, Figure, Heading, Paper, Paragraph, Run, Table, numbered

if TYPE_CHECKING:
    from nbformat import NotebookNode

KEY = "jixiao"  # in the metadata of an output


class ContentError(ValueError):
    """A notebook shows something that does not say what it is; the message names the cell."""


def gather(
    notebook: NotebookNode, title: str, language: str, evidence: Mapping[str, str] | None = None, more: Sequence[Block] = ()
) -> Paper:
    """The paper of an executed notebook; `more` is put at its end.

    `evidence` gives the page of evidence of a report, to which the figures lead that its findings touch.
    Raises ContentError for an output that carries no content.
    """
    blocks: list[Block] = []
    for number, cell in enumerate(notebook.cells, start=1):
        for output in cell.get("outputs", []):
            if output["output_type"] in ("display_data", "execute_result"):
                content = output.get("metadata", {}).get(KEY)
                if content is None:
                    raise ContentError(
                        f"cell {number}: show headings, sentences, tables and charts through the view, so that each says what it is"
                    )
                blocks += _blocks(content, output["data"], evidence or {})
    return Paper(title, language, numbered(_with_alternatives(_said_once([*blocks, *more]), title), language))


def _said_once(blocks: list[Block]) -> list[Block]:
    """Without the notes of empty tables in sections whose sentences say what there is."""
    out, section = [], 0
    for at, block in enumerate(blocks):
        section = at if isinstance(block, Heading) else section
        end = next((n for n in range(at + 1, len(blocks)) if isinstance(blocks[n], Heading)), len(blocks))
        others = (other for other in blocks[section:end] if isinstance(other, Paragraph) and not other.quiet)
        if not (isinstance(block, Paragraph) and block.quiet and any(others)):
            out.append(block)
    return out


def _blocks(content: Mapping[str, Any], data: Mapping[str, Any], evidence: Mapping[str, str]) -> list[Block]:
    kind = content["kind"]
    if kind == "heading":
        return [Heading(content["level"], content["text"])]
    if kind == "text":
        return [_paragraph([_run(run, evidence) for run in line]) for line in content["lines"]]
    if kind == "table":
        rows = tuple(tuple(_run(cell, evidence) for cell in row) for row in content["rows"])
        if not rows:
            return [Paragraph((Run(content["note"]),), quiet=True)]
        return [Table(content["title"], tuple(content["head"]), rows, tuple(content["right"]), content["note"])]
    if kind == "figure":
        return [Figure(content["title"], base64.b64decode(data["image/png"]))]
    return []  # the caption of a figure, which the figure has already


def _paragraph(runs: list[Run]) -> Paragraph:
    if runs and runs[0].text.startswith("- "):
        return Paragraph((replace(runs[0], text=runs[0].text[2:]), *runs[1:]), "•")
    return Paragraph(tuple(runs))


def _run(run: Mapping[str, Any] | str, evidence: Mapping[str, str]) -> Run:
    """A piece of text; one that a finding touches leads to it where there is a page of evidence."""
    if isinstance(run, str):
        return Run(run)
    page, number = evidence.get(run["report"]), run["finding"]
    return Run(run["text"], f"{quote(page)}{f'#f{number}' if number else ''}" if page else "", run["title"])


def _with_alternatives(blocks: list[Block], title: str) -> list[Block]:
    """Each picture with a text for those who cannot see it: the nearest sentence of its section, or else its title."""
    out = list(blocks)
    for at, block in enumerate(blocks):
        if isinstance(block, Figure):
            first = max((n for n in range(at) if isinstance(blocks[n], Heading)), default=0)
            last = next((n for n in range(at, len(blocks)) if isinstance(blocks[n], Heading)), len(blocks))
            near = sorted(range(first, last), key=lambda other: (abs(other - at), other > at))
            told = (blocks[n].text for n in near if isinstance(blocks[n], Paragraph) and not blocks[n].quiet)
            sentence = next(told, "")
            out[at] = replace(block, alt=": ".join(filter(None, [block.title, sentence])) or title)
    return out
