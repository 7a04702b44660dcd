"""Checks of budget and accounts books: `ledger` → equations (`within` a table, `repeats`) → `book` with their causes → the checks."""

from . import codes, economic, equations  # noqa: F401  (they register their checks)
