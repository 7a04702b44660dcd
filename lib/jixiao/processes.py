"""A process that does one piece of work after the other, can be ended at any moment, and is then replaced.

The process is a Python of its own, started afresh on every system, and talks through its standard input and output: nothing of the
program that uses this library runs in it again, so a script needs no `if __name__ == "__main__"`, a notebook nothing at all.
It ends with its parent, however that ends: its input is then closed.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import traceback
from importlib import import_module
from typing import IO, Any

try:
    import resource
except ImportError:  # Windows sets no such limits: there the machine's memory is the limit
    resource = None

# OCR takes 0.9 GB with two processors, 1.6 with 32; without a limit, one file can have the whole machine killed for memory
MEMORY = 3 << 30
_START = 120.0  # seconds: for Python and the imports, from a slow disk that a virus scanner watches

# what talking to a process that ended comes to, ValueError where its pipes were closed here
_ENDED = (OSError, EOFError, pickle.UnpicklingError, ValueError)


class NotStarted(Exception):
    """No process can be started."""


class Died(Exception):
    """The process ended while it worked."""


class TookTooLong(Exception):
    """The process was ended because its time was over."""


class Process:
    """Runs `task`, a function named as "module:function", in a process that is started when there is work for it.

    The module and those of `imports` are loaded before the time of the first piece of work begins.
    """

    def __init__(self, task: str, *imports: str):
        self.task = task
        self.imports = imports
        self._running: subprocess.Popen | None = None
        self._closed = False
        self._lock = threading.Lock()  # `end` and `close` may come from another thread than `run`

    def run(self, *arguments: object, seconds: float) -> Any:
        """What the task returns for `arguments`. Raises what it raises or one of the above; the next call starts another process."""
        running = self._running or self._start()
        with _Deadline(running, seconds) as deadline:
            answer = _answer(running, arguments)
        if answer is None or deadline.over:
            self.end()
        if answer is None:
            raise TookTooLong if deadline.over else Died
        value, error = answer
        if error is not None:
            raise error
        return value

    def end(self) -> None:
        """End the process; what it was at raises Died."""
        with self._lock:
            running, self._running = self._running, None
        if running is not None:
            running.kill()
            running.wait()
            for pipe in (running.stdin, running.stdout):
                with contextlib.suppress(OSError):  # what could not be sent any more
                    pipe.close()

    def close(self) -> None:
        """End the process and start none any more."""
        with self._lock:
            self._closed = True
        self.end()

    def _start(self) -> subprocess.Popen:
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path or os.getcwd() for path in sys.path if isinstance(path, str))}
        # -P: or a file in the current folder could stand for a library
        command = [sys.executable, "-P", "-m", __name__, self.task, *self.imports]
        with self._lock:
            if self._closed:
                raise Died
            try:
                running = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
            except OSError as error:
                raise NotStarted from error
            self._running = running
        with _Deadline(running, _START):
            ready = _answer(running)
        if ready is None:
            self.end()
            raise Died if self._closed else NotStarted
        return running


class _Deadline:
    """Kills a process after so many seconds, unless the block was left by then."""

    def __init__(self, process: subprocess.Popen, seconds: float):
        self.over = False
        self._process = process
        self._timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), self._kill)
        self._timer.daemon = True

    def _kill(self) -> None:
        self.over = True
        self._process.kill()

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._timer.join()


def _answer(process: subprocess.Popen, order: tuple | None = None) -> tuple[Any, Exception | None] | None:
    """What the process says, to `order` if there is one: value and error. None where it ended."""
    try:
        if order is not None:
            process.stdin.write(pickle.dumps(order))
            process.stdin.flush()
        return pickle.load(process.stdout)
    except _ENDED:
        return None


def serve(task: str, *imports: str) -> None:
    """What the process does: work through what comes in, until nothing more can come."""
    with contextlib.suppress(ValueError):  # Ctrl-C goes to the whole group: the parent decides what ends
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    limit_memory(MEMORY)
    incoming, outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1):  # what a library prints is no answer
        os.dup2(nowhere, stream)
    module, _, function = task.partition(":")
    work = getattr(import_module(module), function)
    for name in imports:
        import_module(name)
    collect_seldom()
    orders: queue.SimpleQueue[tuple] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(incoming, orders), daemon=True).start()
    _say(outgoing, ("ready", None))
    while True:
        try:
            answer = (work(*orders.get()), None)
        except Exception as error:
            answer = (None, _portable(error))
        _say(outgoing, answer)


def collect_seldom() -> None:
    """Let the garbage collector look at what was made since, and not after every few hundred objects: a page makes tens of thousands,
    nearly all of which go without it. What was imported stays."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def limit_memory(size: int) -> None:
    """Let this process take no more than `size` bytes, where the system does that: Linux does, macOS and Windows do not.

    RLIMIT_DATA and not RLIMIT_AS: onnxruntime and the allocators of its threads reserve gigabytes of addresses that they never use.
    """
    if resource is not None:
        with contextlib.suppress(OSError, ValueError):  # the limit that is there is lower
            resource.setrlimit(resource.RLIMIT_DATA, (size, resource.getrlimit(resource.RLIMIT_DATA)[1]))


def _receive(incoming: IO[bytes], orders: queue.SimpleQueue[tuple]) -> None:
    """Read on while the work goes on, so that the end of the parent is seen at once."""
    try:
        while True:
            orders.put(pickle.load(incoming))
    except BaseException:
        os._exit(0)


def _say(outgoing: IO[bytes], answer: tuple[Any, Exception | None]) -> None:
    outgoing.write(pickle.dumps(answer))
    outgoing.flush()


def _portable(error: Exception) -> Exception:
    """`error` as it can be sent; where it came from goes with it as a note."""
    note = "".join(traceback.format_exception(error))
    try:
        sent = pickle.loads(pickle.dumps(error))
    except Exception:  # an exception with arguments of its own
        sent = RuntimeError(f"{type(error).__name__}: {error}")
    sent.add_note(note)
    return sent


if __name__ == "__main__":
    serve(*sys.argv[1:])
