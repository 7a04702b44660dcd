"""What this machine lets the program use."""

from __future__ import annotations

import os


def processors() -> int:
    """How many processors this process may use: in a container often fewer than there are."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Windows and macOS
        return os.cpu_count() or 1
