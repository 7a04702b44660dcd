"""What ends a program from outside: a system that shuts down or a closed terminal ends it as orderly as Ctrl-C does."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

_SIGNALS = ("SIGTERM", "SIGHUP")  # Windows has no SIGHUP


class Ended(KeyboardInterrupt):
    """The signal of this number came."""

    def __init__(self, number: int) -> None:
        self.number = number


@contextlib.contextmanager
def as_interrupts() -> Iterator[None]:
    """Let the signals that end a program raise Ended, so that what is temporary is put away; those that are ignored stay so (`nohup`)."""

    def end(number: int, _: FrameType | None) -> None:
        raise Ended(number)

    before = {}
    with contextlib.suppress(ValueError):  # only the main thread may take signals
        for name in _SIGNALS:
            number = getattr(signal, name, None)
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, end)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def status(stop: KeyboardInterrupt) -> int:
    """The exit status of a program that `stop` ended, as shells have it: 128 and the signal."""
    return 128 + (stop.number if isinstance(stop, Ended) else signal.SIGINT)
