"""Declared blocks: which header labels make a fund block, an indicator block, a record; and finding them in a table.

A published file is a mixture, but its blocks recur. A layout declares one block in a TOML file of this folder: the labels
of its columns, which of them it requires, and how it is read (`reads`). A new wording is a label there, no code.
Declarations are checked when loaded; what is wrong in them raises `LayoutError` with file and key.
"""

from .declared import Block, Column, LayoutError, blocks, check, refuse_rivals
from .headers import Found, find_blocks
from .meanings import Use

__all__ = ["Block", "Column", "Found", "LayoutError", "Use", "blocks", "check", "find_blocks", "refuse_rivals"]
