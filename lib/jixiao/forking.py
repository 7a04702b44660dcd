"""A fork server that has imported what notebooks import, so that a kernel is ready in a fraction of a second.

An ordinary kernel takes seconds to start, nearly all of it imports. A fork server does them once; each run is then a fork of it, a
process of its own. Windows cannot fork and macOS should not (its system libraries do not bear it): there, and where the folder for
temporary files lies too deep for the server's socket, `kernels` starts ordinary kernels. This module imports nothing but the standard
library, so that the server begins before its user has imported anything.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.context import BaseContext
from types import ModuleType

BACKEND = "module://matplotlib_inline.backend_inline"
WHOLE = "--InlineBackend.print_figure_kwargs={'bbox_inches': None}"  # a figure as it was laid out; to look for its edge takes as long again
PRELOAD = ["jixiao._warm"]
LONGEST = 75  # bytes of the folder for temporary files, in which the server's socket has a path of 32 more: 107 are taken
_starting = threading.Lock()


def can_fork() -> bool:
    """Whether kernels can be forked here."""
    if sys.platform == "darwin" or "forkserver" not in multiprocessing.get_all_start_methods():
        return False
    return len(os.fsencode(tempfile.gettempdir())) <= LONGEST


def context() -> BaseContext:
    """The multiprocessing context whose processes are forks of the warm server."""
    # Before the preload imports pyplot, or figures silently vanish: the backend is chosen at import.
    os.environ["MPLBACKEND"] = BACKEND
    # The preload imports the kernel's debugger, which would warn on the terminal that it cannot trace Python's own modules.
    os.environ.setdefault("PYDEVD_DISABLE_FILE_VALIDATION", "1")
    found = multiprocessing.get_context("forkserver")
    found.set_forkserver_preload(PRELOAD)
    return found


def warm_up() -> None:
    """Begin the imports in the fork server, without waiting for them."""
    if can_fork():
        from multiprocessing import forkserver

        context()
        forkserver.ensure_running()


@contextmanager
def without_main() -> Iterator[None]:
    """Start processes that do not run the user's program again, as multiprocessing would for functions that it might have sent.

    A script then needs no `if __name__ == "__main__"`, and may come out of a pipe. For a moment the program has a blank main module.
    """
    with _starting:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            yield
        finally:
            sys.modules["__main__"] = main


def serve(connection_file: str, folder: str | None, environment: dict[str, str]) -> None:
    """What a forked process does: it is an ipykernel until it is told to stop."""
    if folder:
        os.chdir(folder)
    os.environ.update(environment)
    os.environ["JPY_PARENT_PID"] = str(os.getppid())  # a kernel with a parent prints no advice for a terminal
    threading.Thread(target=_end_with_the_asker, daemon=True).start()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    from ipykernel.kernelapp import IPKernelApp
    from matplotlib import pyplot

    sys.argv = ["ipykernel", "-f", connection_file]
    # The inline backend hooks itself into the kernel when it is imported; it was imported before there was one, so say it again.
    # What a run does is nobody's history.
    quiet = ["--log-level=CRITICAL", "--HistoryManager.enabled=False"]
    kernel = IPKernelApp.instance()
    kernel.initialize(["-f", connection_file, *quiet, "--matplotlib=inline", WHOLE])
    pyplot.uninstall_repl_displayhook()  # it draws what the inline backend is about to draw
    kernel.start()


def _end_with_the_asker() -> None:
    """End with the process that asked for this one, killed or not. The server that forked it, its parent, lives as long as its forks."""
    asker = multiprocessing.parent_process()
    if asker is not None:
        asker.join()
        os._exit(1)
