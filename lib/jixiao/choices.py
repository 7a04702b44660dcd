"""A value out of those that there are, or a message that lists them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

MOST_LISTED = 12  # names in a message; of more the nearest
NEAREST = 5
_ALL = {"institute": ("institute", "reports"), "report": ("report_id", "reports"), "check": ("check", "checks")}  # the column of a table


def choose(value: Any, known: Sequence[Any], what: str) -> Any:
    """`value`, if it is one of `known`. Raises ValueError that lists what there is, the nearest first."""
    if value not in known:
        raise ValueError(unknown(what, value, known))
    return value


def unknown(what: str, value: Any, known: Sequence[Any]) -> str:
    """A message for a value that there is not: what there is, the nearest first, or of many the nearest few and where all stand."""
    from rapidfuzz import fuzz, process

    texts = [str(item) for item in known]
    near = [text for text, _, _ in process.extract(str(value), texts, scorer=fuzz.WRatio, limit=MOST_LISTED)]
    if len(texts) <= MOST_LISTED:
        ordered = all(isinstance(item, int) for item in known)  # years
        listed = sorted(texts) if ordered else near + [text for text in texts if text not in near]
        return f"{what} {value!r} is not known; there is: {', '.join(listed) or 'nothing'}"
    column, table = _ALL.get(what, ("", ""))
    lists = f"; the column {column} of {table}.csv lists all" if column else ""
    return f"{what} {value!r} is not known; the nearest of {len(texts):,} are: {', '.join(near[:NEAREST])}{lists}"


def listed(value: Any) -> list[Any]:
    """A list parameter as papermill passes it: a list, one value, a text with commas, or nothing."""
    if value is None or value == "":
        return []
    if isinstance(value, str):
        parts = value.strip("[]").replace("，", ",").replace("、", ",").split(",")
        return [part.strip(" \"'") for part in parts if part.strip(" \"'")]
    return list(value) if isinstance(value, Iterable) else [value]
