"""The field's standard terms in English (`terms.toml`), and the words that go with numbers; what a report names itself stays as it is."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources


@cache
def english() -> dict[str, str]:
    """Standard term → English."""
    return tomllib.loads(resources.files(__package__).joinpath("terms.toml").read_text(encoding="utf-8"))


def agreeing(number: object, forms: str) -> str:
    """The English word that goes with a number, out of `one|other`: `is|are`, `report|reports`."""
    one, _, other = forms.partition("|")
    return one if number in (1, "1") else other


def term(name: str, language: str) -> str:
    """A standard term in `language` ("zh", "en"); any other name as it is. Names joined by " / " are taken one by one."""
    if language == "zh":
        return name
    return " / ".join(english().get(part, part) for part in name.split(" / "))
