"""`build.json`: what the tables of a folder were made from. Tells in a moment that a build has nothing to do.

Only the standard library is loaded on this way: pandas alone takes longer than all of it.
"""

from __future__ import annotations

import json

from .cache import digest
from .sources import Source
from .storage import Folder
from .summary import BuildSummary

NAME = "build.json"
_FORMAT = 2


class TablesError(Exception):
    """The tables cannot be made, written or read; the message says what to do."""


def content(version: str, sources: list[Source], outputs: dict[str, str], summary: BuildSummary) -> dict:
    """What `build.json` holds. `outputs` is {file name: sha256}."""
    return {
        "format": _FORMAT,
        "version": version,
        "inputs": {source.name: source.content for source in sources},
        "outputs": outputs,
        "summary": summary.to_json(),
    }


def write(out: Folder, held: dict) -> None:
    """Write `build.json`: from now on the tables in `out` are what it says."""
    out.write(NAME, (json.dumps(held, ensure_ascii=False, indent=1) + "\n").encode())


def read(out: Folder) -> dict:
    """What `build.json` holds. Raises OSError or ValueError where there is none."""
    return json.loads(out.read(NAME))


def unchanged(out: Folder, version: str, sources: list[Source]) -> BuildSummary | None:
    """The summary of the build that made `out`, where another one would make the same; else None.

    By content: the parser, each input and each output must be what they were, byte for byte; in an object store each output is there.
    """
    try:
        held = read(out)
        same = (held["format"], held["version"]) == (_FORMAT, version)
        summary = BuildSummary(**held["summary"]) if same else None
        if not same or not summary.complete:
            return None
        if held["inputs"] != {source.name: source.content for source in sources} or None in held["inputs"].values():
            return None
        if out.address:
            return summary if held["outputs"].keys() <= out.files().keys() else None
        if any(digest(out.place / name) != sha256 for name, sha256 in held["outputs"].items()):
            return None
        return summary
    except (OSError, ValueError, KeyError, TypeError):
        return None
