"""Checks of self-evaluation forms: points, targets and outcomes, and what is left open."""

from . import gaps, points, scoring, targets  # noqa: F401  (they register their checks)
