"""One name for one institute: brackets and widths brought together, old names by a small table that users edit.

The table is `institutes.csv` beside the folder of reports, with the columns `printed` and `institute`.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from pathlib import Path

FILE = "institutes.csv"
COLUMNS = ("printed", "institute")
_BRACKETS = str.maketrans("()", "（）")


class InstitutesError(ValueError):
    """The table of names is wrong; the message says where."""


def canonical(name: str) -> str:
    """`name` in one width, without white space, in Chinese brackets."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).translate(_BRACKETS)


def read_names(path: Path) -> dict[str, str]:
    """Printed name → institute, empty where there is no table. Raises InstitutesError naming file and line."""
    if not path.is_file():
        return {}
    names: dict[str, str] = {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise InstitutesError(f"{path}: its first line must be {','.join(COLUMNS)}")
        for line in reader:
            printed, institute = (canonical(line[column] or "") for column in COLUMNS)
            if not printed or not institute:
                raise InstitutesError(f"{path}, line {reader.line_num}: a name is missing")
            if names.setdefault(printed, institute) != institute:
                raise InstitutesError(f"{path}, line {reader.line_num}: {printed} stands there twice, for two institutes")
    return names


def institute_of(printed: str | None, names: dict[str, str]) -> str | None:
    """The institute that a printed name means: by the table, else the name itself in its canonical form."""
    if printed is None:
        return None
    name = canonical(printed)
    return names.get(name, name)
