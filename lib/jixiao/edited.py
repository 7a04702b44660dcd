"""The small tables that users edit, in Excel or by hand, beside the folder of reports: their lines, or what is wrong with which.

They are CSV in UTF-8, with or without the mark that Excel puts in front.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

SAVE_AS = "in Excel, save it as “CSV UTF-8 (comma delimited)” (CSV UTF-8（逗号分隔）)"


class EditedError(ValueError):
    """A table that users edit is wrong; the message names the file and the line, and says what to do."""


def lines(path: Path, columns: Sequence[str], error: type[EditedError] = EditedError) -> list[tuple[int, dict[str, str]]]:
    """The number of each line and its fields by column, blanks around them gone; lines without anything are left out.

    Empty where there is no file. Raises `error` for a file that is not UTF-8, other columns, and more fields than columns.
    """
    if not path.is_file():
        return []
    found = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = _without_end(next(reader, []))
            if header != list(columns):
                raise error(f"{path}: its first line must be {','.join(columns)}; {SAVE_AS}")
            for row in reader:
                fields = _without_end(row)
                if len(fields) > len(columns):
                    raise error(f"{path}, line {reader.line_num}: there are {len(fields)} fields for {len(columns)} columns; put quotes "
                                f"around a text with commas")  # fmt: skip
                if fields:
                    found.append((reader.line_num, dict(zip(columns, fields + [""] * len(columns), strict=False))))
    except UnicodeDecodeError as wrong:
        raise error(f"{path}, about byte {wrong.start}: this is not UTF-8; {SAVE_AS}") from wrong
    except csv.Error as wrong:
        raise error(f"{path}, line {reader.line_num}: {wrong}; a quote in a quoted text is written twice") from wrong
    return found


def _without_end(row: list[str]) -> list[str]:
    """The fields without the blank ones at the end, which Excel adds."""
    fields = [field.strip() for field in row]
    while fields and not fields[-1]:
        fields.pop()
    return fields
