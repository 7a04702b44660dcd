"""Work spread over processes: each file under a limit of time and memory, then the pieces that the files make.

Every file is parsed in a process, a small one in a small build too: any file may be the one that never ends, and nothing is lost by it,
because a process starts and parses a few reports in the time in which this one imports what writes the tables.
A process does one thing at a time, so ending it costs no other file. A file whose process died (a fault in a C library, killed because
the machine's memory was full) is tried once more at the end, when nothing else runs.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from math import inf
from queue import Empty, SimpleQueue
from typing import Any

from .cache import Cache
from .machine import processors
from .pieces import Batch, Making, parse
from .processes import Died, NotStarted, Process, TookTooLong
from .rows import Parsed
from .sources import Source, size

# the readers are loaded where they are used: this process needs none of them

SECONDS = 300.0  # for a file, and for each MB of it as many as
SECONDS_A_MB = 60.0  # since a scanned page takes seconds, and has 0.05 to 0.5 MB
MOST_SECONDS = 3600.0
SLOW = 1 << 20  # bytes: a file that may take long is begun early, so that none is still being read when all else is done

TASK = "jixiao.workers:parse_into"
_MAKE = "jixiao.pieces:make"
_WITHOUT = (NotStarted, Died, MemoryError)  # where tables are made here instead, where no limit of memory is set: that is for bad files
_FILES_A_PROCESS = 8  # a process takes about as long to start as so many small files to parse


def default_jobs(files: int) -> int:
    """As many processes as there are processors, where there is work for them."""
    return max(1, min(processors(), files // _FILES_A_PROCESS))


def allowed(source: Source) -> float:
    """Seconds that a file may take."""
    return min(MOST_SECONDS, SECONDS + SECONDS_A_MB * size(source) / (1 << 20))


def parse_into(source: Source, cache: Cache) -> Parsed | None:
    """Parse one source into the cache. Returned instead is what is not kept there: what gave nothing, or holds for one build."""
    result = parse(source)
    if not result.has_facts or result.transient or source.content is None:
        return result
    cache.store(source.content, result)
    return None


def call(task: str, *arguments: object) -> Any:
    """What the function named as "module:function" returns for `arguments`."""
    module, _, function = task.partition(":")
    return getattr(import_module(module), function)(*arguments)


class Pool:
    """Processes side by side: what is submitted is done by whichever is free, and comes back with its tag.

    `jobs` is their number; with 0, and where no process can be started, all is done in this one, without limits, when its result is
    asked for. To be used in a `with` block, whose end ends the processes.
    """

    def __init__(self, jobs: int):
        self.jobs = jobs
        self.pending = 0
        self._todo: SimpleQueue[tuple | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[object, Any]] = SimpleQueue()
        self._here: deque[tuple] = deque()
        self._started: bool | None = None  # whether a process could be started, as far as one was tried
        self._processes = [Process(f"{__name__}:call", TASK.partition(":")[0]) for _ in range(jobs)]
        # threads wait for the processes: there is no other way to wait for several pipes at once that works on Windows too
        self._threads = [threading.Thread(target=self._work, args=(each,), daemon=True) for each in self._processes]
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Pool:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()
        for _ in self._threads:
            self._todo.put(None)
        for thread in self._threads:
            thread.join()

    def submit(self, tag: object, task: str, *arguments: object, seconds: float = inf) -> None:
        """Have `task`, a function named as "module:function", called in one of the processes."""
        self.pending += 1
        if self._processes:
            self._todo.put((tag, seconds, task, *arguments))
        else:
            self._here.append((tag, task, *arguments))

    def next(self) -> tuple[object, Any]:
        """The next result there is, with its tag; an exception where the task raised one or its process came to an end."""
        self.pending -= 1
        if not self._processes:
            tag, *order = self._here.popleft()
            return tag, call(*order)
        while True:
            try:
                return self._done.get(timeout=1)
            except Empty:  # on Windows, Ctrl-C is only seen between two waits
                continue

    def rest(self) -> None:
        """End the processes, which gives their memory back; the next work starts others."""
        for process in self._processes:
            process.end()

    def run(self, orders: Iterable[tuple]) -> list[Any]:
        """What the tasks of `orders`, each a task and its arguments, return, in their order.

        Raises what they raise, when nothing is done any more for the others: no process writes on where the caller clears away.
        """
        orders = list(orders)
        if len(self._processes) <= 1:  # one process is here anyway
            return [call(*order) for order in orders]
        for at, order in enumerate(orders):
            self.submit(at, *order)
        results: dict[object, Any] = {}
        try:
            for _ in orders:
                at, result = self.next()
                if isinstance(result, _WITHOUT):
                    result = call(*orders[at])
                if isinstance(result, Exception):
                    raise result
                results[at] = result
        except BaseException:
            self._close()
            raise
        return [results[at] for at in range(len(orders))]

    def _close(self) -> None:
        for process in self._processes:
            process.close()  # what is still to do then fails at once

    def _work(self, process: Process) -> None:
        while (order := self._todo.get()) is not None:
            tag, seconds, *rest = order
            self._done.put((tag, self._result(process, seconds, rest)))

    def _result(self, process: Process, seconds: float, order: list) -> Any:
        if self._started is False:
            return NotStarted()
        try:
            result = process.run(*order, seconds=seconds)
        except NotStarted as error:
            if self._started:
                return Died()  # it went before, so the machine may be full: no reason to do without limits
            self._started = False
            return error
        except Exception as error:
            self._started = True
            return error
        self._started = True
        if isinstance(result, Parsed) and result.transient:
            process.end()  # memory ran out: what is left of it may be in pieces
        return result


class Work:
    """The pieces of `todo` being made: what the cache lacks is parsed, and each piece made when all of its files are.

    Iterated, it gives each file that was parsed; when that is over, all pieces are kept. `making` has a cache.
    """

    def __init__(self, pool: Pool, todo: Iterable[Batch], making: Making):
        self._pool, self._making = pool, making
        self._batches = {batch.key: batch for batch in todo}
        lacking = [(key, each) for key, batch in self._batches.items() for each in batch.sources if not self._has(each)]
        self.missing = len(lacking)
        self._queue = deque(sorted(lacking, key=lambda pair: size(pair[1]) < SLOW))
        self._waiting = dict.fromkeys(self._batches, 0)  # files that a piece waits for
        for key, _ in lacking:
            self._waiting[key] += 1
        self._failures: dict[str, dict[str, Parsed]] = {key: {} for key in self._batches}
        self._feed()

    def _has(self, source: Source) -> bool:
        return source.content is not None and self._making.cache.has(source.name, source.content)

    def __iter__(self) -> Iterator[Source]:
        again: deque[tuple[str, Source]] = deque()
        for key in [key for key, count in self._waiting.items() if not count]:
            self._make(key)
        while self._queue or self._pool.pending or again:
            self._feed()
            last = not self._pool.pending
            if last:
                self._pool.rest()
                self._parse(*again.popleft())
            tag, result = self._pool.next()
            if tag in self._batches:
                self._made(tag, result)
                continue
            key, source = tag
            if isinstance(result, Died) and not last:
                again.append(tag)
                continue
            if (rows := self._rows(source, result)) is not None:
                self._failures[key][source.name] = rows
            yield source
            self._waiting[key] -= 1
            if not self._waiting[key]:
                self._make(key)

    def _feed(self) -> None:
        """Keep every process at work, with few files at a time, so that a piece is made as soon as it can be."""
        while self._queue and self._pool.pending < 2 * max(1, self._pool.jobs):
            self._parse(*self._queue.popleft())

    def _parse(self, key: str, source: Source) -> None:
        self._pool.submit((key, source), TASK, source, self._making.cache, seconds=self._limit(source))

    def _limit(self, source: Source) -> float:
        return allowed(source) if self._making.seconds is None else self._making.seconds

    def _make(self, key: str) -> None:
        order = self._order(key, self._failures[key])
        if self._pool.jobs == len(self._batches) == 1:  # this process has nothing else to do, and has loaded what it takes meanwhile
            call(*order)
        else:
            self._pool.submit(key, *order)

    def _order(self, key: str, failures: Mapping[str, Parsed]) -> tuple:
        return _MAKE, self._batches[key], self._making.pieces, self._making.cache, self._making.names, failures

    def _made(self, key: str, result: Any) -> None:
        failures = self._failures.pop(key)
        if isinstance(result, _WITHOUT):
            call(*self._order(key, failures))
        elif isinstance(result, Exception):
            raise result

    def _rows(self, source: Source, result: Parsed | Exception | None) -> Parsed | None:
        """The rows of a source that failed. Raises what is no fault of the file."""
        if not isinstance(result, Exception):
            return result
        from .parsing import failed, out_of_memory

        if isinstance(result, NotStarted):
            return call(TASK, source, self._making.cache)
        if isinstance(result, TookTooLong):
            message = (
                f"the file was not read within {self._limit(source):.0f} s and was given up: split it, save it anew from the program that "
                "made it, or allow more time with --seconds"
            )
            return failed(source.name, "took_too_long", message, source.sha256, transient=True)
        if isinstance(result, Died):
            message = "the process that read the file died twice, perhaps for want of memory: close other programs, or split the file"
            return failed(source.name, "reader_died", message, source.sha256, transient=True)
        if isinstance(result, MemoryError):
            return out_of_memory(source.name, source.sha256)
        raise result
