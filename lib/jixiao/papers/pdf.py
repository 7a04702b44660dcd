"""A paper as PDF, set by typst. The texts go in as data, which a fixed template lays out: nothing that a report says is ever markup."""

from __future__ import annotations

import json
import tempfile
from functools import cache
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .model import WORD, Block, Figure, Heading, Paper, Paragraph, Run

_TEMPLATE = "templates/briefing.typ"
_BREAK_AFTER = frozenset("/_-.=&#,;")


def write_pdf(paper: Paper) -> bytes:
    """The file's content; the same paper gives the same bytes."""
    import typst

    template = resources.files("jixiao").joinpath(_TEMPLATE).read_bytes()
    with tempfile.TemporaryDirectory(prefix="jixiao-") as name:
        folder = Path(name)
        blocks = [_block(block, folder, number) for number, block in enumerate(paper.blocks)]
        data = {"title": paper.title, "language": paper.language, "blocks": blocks}
        (folder / "main.typ").write_bytes(template)
        (folder / "paper.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        return typst.compile(folder / "main.typ", root=folder, font_paths=_fonts(), ignore_system_fonts=True, timestamp=0)


@cache
def _fonts() -> Any:
    """Noto Sans SC out of zhplot, and for characters that it lacks DejaVu Sans out of matplotlib, as in the charts."""
    import typst

    folders = [_home("zhplot") / "fonts", _home("matplotlib") / "mpl-data" / "fonts" / "ttf"]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(map(str, folders)))


def _home(package: str) -> Path:
    return Path(find_spec(package).submodule_search_locations[0])


def _block(block: Block, folder: Path, number: int) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.number + block.text}
    if isinstance(block, Paragraph):
        return {"kind": "text", "runs": [_run(run) for run in block.runs], "bullet": block.bullet, "quiet": block.quiet}
    caption = f"{block.label}  {block.title}"
    if isinstance(block, Figure):
        (folder / f"{number}.png").write_bytes(block.png)
        return {"kind": "figure", "file": f"{number}.png", "alt": block.alt, "caption": caption}
    size, shares = block.layout()
    rows = [[_run(run) for run in row] for row in block.rows]
    right = ["right" if each else "left" for each in block.right]
    return {"kind": "table", "caption": caption, "head": list(block.head), "rows": rows, "sides": right, "note": block.note,
            "size": size, "shares": [round(share * 1000, 2) for share in shares]}  # fmt: skip


def _run(run: Run) -> dict[str, str]:
    return {"text": breakable(run.text), "href": run.href, "marked": bool(run.title)}


def breakable(text: str) -> str:
    """`text` with places where a line may break in words too long for a cell: file names, digests."""
    words = text.split(" ")
    return " ".join(word if len(word) <= WORD or not _latin(word) else _broken(word) for word in words)


def _latin(word: str) -> bool:
    run = longest = 0
    for char in word:
        run = run + 1 if char.isascii() else 0
        longest = max(longest, run)
    return longest > WORD


def _broken(word: str) -> str:
    out, run = [], 0
    for char in word:
        out.append(char)
        run = run + 1 if char.isascii() else 0
        if run and (run % WORD == 0 or (run > 1 and char in _BREAK_AFTER)):
            out.append("\u200b")
    return "".join(out)
