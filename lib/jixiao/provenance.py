"""How a briefing was made: versions, the commit, the parameters, and the digest of each report it rests on."""

from __future__ import annotations

import platform
import subprocess
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from .papers import Heading, Paragraph, Run, Table, paragraph
from .words import heading, missing, say

_LIBRARIES = ("pandas", "matplotlib", "papermill", "python-docx", "typst")
_COLUMNS = ("institute", "fiscal_year", "source_file", "sha256")
_UNTOLD = ("processed", "raw", "language")
DIGITS = 16  # of a digest's 64: enough to tell files apart, and a line of a paper each


def made_from(reports: pd.DataFrame, parameters: Mapping[str, Any], language: str) -> list[Heading | Paragraph | Table]:
    """The last section of a briefing. `reports` is the table of that name; those that `parameters` choose are listed."""
    rows = reports
    for column, name in (("institute", "institute"), ("fiscal_year", "year")):
        if name in parameters:
            rows = rows[rows[column].eq(parameters[name]).fillna(False).astype(bool)]
    told = ", ".join(f"{name}={value}" for name, value in parameters.items() if name not in _UNTOLD)
    first = say("made_with", language, version=version(), commit=commit(language), parameters=told or say("no_parameters", language))
    rows = rows.assign(sha256=rows["sha256"].str[:DIGITS])
    cells = [tuple(Run("" if missing(value) else str(value)) for value in row) for row in rows[list(_COLUMNS)].itertuples(index=False)]
    heads = tuple(heading(name, language) for name in _COLUMNS)
    note = say("digests_cut", language, shown=DIGITS)
    table = Table(say("table_sources", language), heads, tuple(cells), (False,) * len(heads), note)
    return [
        Heading(2, say("heading_made", language)),
        paragraph(first),
        paragraph(say("made_versions", language, versions=versions())),
        table,
    ]


def version() -> str:
    """This library's version; blank in a checkout that is not installed."""
    try:
        return metadata.version("jixiao")
    except metadata.PackageNotFoundError:
        return ""


def versions() -> str:
    return ", ".join([f"Python {platform.python_version()}", *(f"{name} {metadata.version(name)}" for name in _LIBRARIES)])


def commit(language: str) -> str:
    """The commit of the checkout that this library is used from, and whether it was changed since."""
    found, changed = _checkout()
    if not found:
        return say("commit_unknown", language)
    return say("commit_changed", language, commit=found) if changed else found


@cache
def _checkout() -> tuple[str, bool]:
    home = Path(__file__).resolve().parents[2]
    if not (home / ".git").exists():
        return "", False
    try:
        found = _git(home, "rev-parse", "--short=12", "HEAD")
        return found, bool(_git(home, "status", "--porcelain", "--untracked-files=no"))
    except (OSError, subprocess.SubprocessError):
        return "", False


def _git(home: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(home), *arguments], capture_output=True, text=True, check=True, timeout=10)
    return done.stdout.strip()
