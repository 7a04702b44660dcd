"""nbformat, which reads and writes notebooks, imported without a second of work for nothing.

nbformat imports jsonschema, and that, where `rfc3987_syntax` is installed (JupyterLab brings it), compiles 38 grammars of addresses
when it is imported. The schema of notebooks asks for no addresses.
"""

from __future__ import annotations

import sys
from types import ModuleType

_GRAMMARS = "rfc3987_syntax"


def nbformat() -> ModuleType:
    """The module nbformat."""
    unasked = "jsonschema" not in sys.modules and _GRAMMARS not in sys.modules
    if unasked:
        sys.modules[_GRAMMARS] = None  # an import of it then fails, as where it is not installed, which jsonschema provides for
    try:
        import nbformat
    finally:
        if unasked:
            sys.modules.pop(_GRAMMARS, None)
    return nbformat
