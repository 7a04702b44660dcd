"""Many files parsed in processes of their own, each file under a limit of time and memory; only failures come back.

Every file is parsed in a process, a small one in a small build too: any file may be the one that never ends, and nothing is lost by it,
because a process starts and parses a few reports in the time in which this one imports what writes the tables.
A process reads one file at a time, so ending it costs no other file. One whose process died (a fault in a C library, killed because the
machine's memory was full) is tried once more at the end, when nothing else runs.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from queue import Empty, SimpleQueue

from .cache import Cache
from .processes import Died, NotStarted, Process, TookTooLong
from .rows import Parsed
from .sources import Source, size

# the readers are loaded where they are used: this process needs none of them

SECONDS = 300.0  # for a file, and for each MB of it as many as
SECONDS_A_MB = 60.0  # since a scanned page takes seconds, and has 0.05 to 0.5 MB
MOST_SECONDS = 3600.0

TASK = "jixiao.workers:parse_into"
_FILES_A_PROCESS = 8  # a process takes about as long to start as so many small files to parse


def default_jobs(files: int) -> int:
    """As many processes as there are processors, where there is work for them."""
    try:
        processors = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Windows and macOS
        processors = os.cpu_count() or 1
    return max(1, min(processors, files // _FILES_A_PROCESS))


def allowed(source: Source) -> float:
    """Seconds that a file may take."""
    return min(MOST_SECONDS, SECONDS + SECONDS_A_MB * size(source.path) / (1 << 20))


def parse_into(source: Source, cache: Cache) -> Parsed | None:
    """Parse one source into the cache. A file that gave nothing is returned instead: it is tried again in the next build."""
    from .parsing import parse_file

    result = parse_file(source.path, source.name)
    if not result.has_facts or result.rows["reports"][0]["sha256"] != source.sha256:
        return result
    cache.store(source.sha256, result)
    return None


class Work:
    """`sources` being parsed, from the moment this is made; iterated once, it gives each source as it is done.

    With each source come its rows where they were not stored because reading failed. `jobs` is the number of processes; with 0,
    and where no process can be started, all is parsed in this one, without limits. To be used in a `with` block, whose end
    ends the processes.
    """

    def __init__(self, sources: list[Source], cache: Cache, jobs: int, seconds: float | None = None):
        self._sources = sources
        self._cache = cache
        self._seconds = seconds
        self._todo: SimpleQueue[Source | None] = SimpleQueue()
        self._done: SimpleQueue[tuple[Source, Parsed | Exception | None]] = SimpleQueue()
        self._started: bool | None = None  # whether a process could be started, as far as one was tried
        self._processes = [Process(TASK) for _ in range(min(jobs, len(sources)))]
        # threads wait for the processes: there is no other way to wait for several pipes at once that works on Windows too
        self._threads = [threading.Thread(target=self._work, args=(each,), daemon=True) for each in self._processes]
        for source in sources:
            self._todo.put(source)
        for thread in self._threads:
            thread.start()

    def __enter__(self) -> Work:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._processes:
            process.close()  # what is still to do then fails at once
        for _ in self._threads:
            self._todo.put(None)
        for thread in self._threads:
            thread.join()

    def __iter__(self) -> Iterator[tuple[Source, Parsed | None]]:
        if not self._processes:
            for source in self._sources:
                yield source, parse_into(source, self._cache)
            return
        again: list[Source] = []
        for _ in self._sources:
            source, result = self._next()
            if isinstance(result, Died):
                again.append(source)
            else:
                yield source, self._rows(source, result)
        for source in again:
            for process in self._processes:
                process.end()  # gives its memory back
            self._todo.put(source)
            source, result = self._next()
            yield source, self._rows(source, result)

    def _work(self, process: Process) -> None:
        while (source := self._todo.get()) is not None:
            self._done.put((source, self._result(process, source)))

    def _result(self, process: Process, source: Source) -> Parsed | Exception | None:
        if self._started is False:
            return NotStarted()
        try:
            seconds = allowed(source) if self._seconds is None else self._seconds
            result = process.run(source, self._cache, seconds=seconds)
        except NotStarted as error:
            if self._started:
                return Died()  # it went before, so the machine may be full: no reason to do without limits
            self._started = False
            return error
        except Exception as error:
            self._started = True
            return error
        self._started = True
        if result is not None and result.transient:
            process.end()  # memory ran out: what is left of it may be in pieces
        return result

    def _next(self) -> tuple[Source, Parsed | Exception | None]:
        while True:
            try:
                return self._done.get(timeout=1)
            except Empty:  # on Windows, Ctrl-C is only seen between two waits
                continue

    def _rows(self, source: Source, result: Parsed | Exception | None) -> Parsed | None:
        """The rows of a source that failed. Raises what is no fault of the file."""
        from .parsing import failed, out_of_memory

        if isinstance(result, NotStarted):
            return parse_into(source, self._cache)
        if isinstance(result, TookTooLong):
            limit = allowed(source) if self._seconds is None else self._seconds
            message = (
                f"the file was not read within {limit:.0f} s and was given up: split it, save it anew from the program that made it, "
                "or allow more time with --seconds"
            )
            return failed(source.name, "took_too_long", message, source.sha256, transient=True)
        if isinstance(result, Died):
            message = "the process that read the file died twice, perhaps for want of memory: close other programs, or split the file"
            return failed(source.name, "reader_died", message, source.sha256, transient=True)
        if isinstance(result, MemoryError):
            return out_of_memory(source.name, source.sha256)
        if isinstance(result, Exception):
            raise result
        return result
