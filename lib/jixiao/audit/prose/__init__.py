"""Checks of what prose says: changes, figures beside each other, and the words themselves."""

from . import changes, parts, words  # noqa: F401  (they register their checks)
