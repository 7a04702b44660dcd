"""One name for one institute: brackets and widths brought together, old names by a small table that users edit.

The table is `institutes.csv` beside the folder of reports, with the columns `printed` and `institute`.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from . import edited

FILE = "institutes.csv"
COLUMNS = ("printed", "institute")
_BRACKETS = str.maketrans("()", "（）")


class InstitutesError(edited.EditedError):
    """The table of names is wrong; the message says where."""


def canonical(name: str) -> str:
    """`name` in one width, without white space, in Chinese brackets."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).translate(_BRACKETS)


def read_names(path: Path) -> dict[str, str]:
    """Printed name → institute, empty where there is no table. Raises InstitutesError naming file and line."""
    names: dict[str, str] = {}
    for line, fields in edited.lines(path, COLUMNS, InstitutesError):
        printed, institute = (canonical(fields[column]) for column in COLUMNS)
        if not printed or not institute:
            raise InstitutesError(f"{path}, line {line}: a name is missing")
        if names.setdefault(printed, institute) != institute:
            raise InstitutesError(f"{path}, line {line}: {printed} stands there twice, for two institutes")
    return names


def institute_of(printed: str | None, names: dict[str, str]) -> str | None:
    """The institute that a printed name means: by the table, else the name itself in its canonical form."""
    if printed is None:
        return None
    name = canonical(printed)
    return names.get(name, name)
