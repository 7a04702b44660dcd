"""Many files parsed, in this process or in several; the results go to the cache, only failures come back.

Processes are started afresh ("spawn"): the same on every system, and safe in a notebook's kernel.
A process that dies (a fault in a C library, killed for its memory) costs the one file that it was reading.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context

from .cache import Cache
from .parsing import failed, parse_file
from .rows import Parsed
from .sources import Source

_FILES_A_PROCESS = 8  # a process takes about as long to start as so many small files to parse


def default_jobs(files: int) -> int:
    """As many processes as there are processors, where there is work for them."""
    try:
        processors = len(os.sched_getaffinity(0))
    except AttributeError:  # not on Windows and macOS
        processors = os.cpu_count() or 1
    return max(1, min(processors, files // _FILES_A_PROCESS))


def run(sources: list[Source], cache: Cache, jobs: int) -> Iterator[tuple[Source, Parsed | None]]:
    """Parse `sources`; yields each as it is done, with its rows where they were not stored because reading failed."""
    if jobs > 1 and len(sources) > 1 and _processes_work():
        yield from _in_processes(sources, cache, jobs)
    else:
        for source in sources:
            yield source, parse_into(source, cache)


def parse_into(source: Source, cache: Cache) -> Parsed | None:
    """Parse one source into the cache. A file that gave nothing is returned instead: it is tried again in the next build."""
    result = parse_file(source.path, source.name)
    if not result.has_facts or result.rows["reports"][0]["sha256"] != source.sha256:
        return result
    cache.store(source.sha256, result)
    return None


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))


def _processes_work() -> bool:
    """Whether a process can be started: not from a script that has no `if __name__ == "__main__"`, for instance."""
    with _pool(1) as pool:
        try:
            return pool.submit(os.getpid).result() > 0
        except BrokenProcessPool:
            return False


def _in_processes(sources: list[Source], cache: Cache, jobs: int) -> Iterator[tuple[Source, Parsed | None]]:
    waiting = deque(sources)
    suspects: list[Source] = []  # were in hand when a process died
    while waiting or suspects:
        alone = bool(suspects)
        with _pool(1 if alone else jobs) as pool:
            running: dict[Future, Source] = {}
            queue = deque([suspects.pop()]) if alone else waiting
            broken = False
            while running or (queue and not broken):
                # a few at a time: what is in hand when a process dies is tried again, and memory stays small
                while queue and not broken and len(running) < 2 * jobs:
                    try:
                        running[pool.submit(parse_into, queue[0], cache)] = queue[0]
                        queue.popleft()
                    except BrokenProcessPool:
                        broken = True
                for future in wait(running, return_when=FIRST_COMPLETED).done:
                    source = running.pop(future)
                    try:
                        yield source, future.result()
                    except BrokenProcessPool:
                        broken = True
                        if alone:
                            yield source, _died(source)
                        else:
                            suspects.append(source)
            if alone:
                suspects.extend(queue)  # the process died before it took the file


def _died(source: Source) -> Parsed:
    message = "the process that read the file died, perhaps for want of memory: run with --jobs 1 or split the file"
    return failed(source.name, "reader_died", message, source.sha256, transient=True)
