"""The pieces of a build made by Dask: on many machines behind a scheduler, or by a local cluster.

A task makes one piece, by the same functions as `workers` here: its files are parsed in a process of their own, under the same limits.
A worker that is lost costs the piece that it was at, which another makes; pieces that are kept are not made again by the next build.
"""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING

from .cache import Cache, parser_version
from .manifest import TablesError
from .pieces import Batch, Making
from .workers import Pool, Work

if TYPE_CHECKING:
    from dask.distributed import Client

RETRIES = 3  # of a piece that failed, before the build is given up
WAIT = 60  # seconds for a first worker


def make(todo: list[Batch], making: Making, scheduler: str | None, jobs: int) -> Iterator[Batch]:
    """Make these pieces; gives each batch whose piece is made.

    `scheduler` is the address of a Dask scheduler whose workers have this version of jixiao and reach the reports and the pieces under
    the same names; without one, `jobs` workers are started on this machine. Raises TablesError where that is not so.
    """
    with _client(scheduler, jobs) as client:
        from dask.distributed import KilledWorker, as_completed

        _same_version(client)
        # not pure: another build at the same scheduler may make the same pieces for another folder. Nothing is scattered: what lies on
        # workers goes with them, and each task brings what it needs
        version, how = parser_version(), {"retries": RETRIES, "pure": False}
        futures = {client.submit(make_piece, batch, making, version, **how): batch for batch in todo}
        for future in as_completed(futures):
            batch = futures.pop(future)
            try:
                future.result()
            except KilledWorker as error:
                first, last = batch.sources[0].name, batch.sources[-1].name
                raise TablesError(
                    f"{error.allowed_failures + 1} workers were lost over the {len(batch.sources)} reports from {first} to {last}: give "
                    "the workers more memory, or find the file that it is with `jixiao build` and no --engine; what was made is kept"
                ) from error
            future.release()
            yield batch


def make_piece(batch: Batch, making: Making, version: str) -> None:
    """The task: parse what the cache lacks of a batch and make its piece. Raises TablesError on a worker that came with another version."""
    if version != parser_version():
        raise TablesError(_other_version(socket.gethostname(), parser_version(), version))
    with nullcontext(None) if making.cache else tempfile.TemporaryDirectory(prefix="jixiao-") as folder, Pool(1) as pool:
        for _ in Work(pool, [batch], replace(making, cache=making.cache or Cache(folder))):
            pass


@contextmanager
def _client(scheduler: str | None, jobs: int) -> Iterator[Client]:
    try:
        from dask.distributed import Client, LocalCluster
    except ImportError as error:
        raise TablesError("Dask is not installed: `pip install jixiao[cluster]` brings it") from error
    if scheduler is None:
        with (
            LocalCluster(n_workers=jobs, threads_per_worker=1, dashboard_address=":0") as cluster,
            Client(cluster) as client,
        ):
            yield client
        return
    try:
        client = Client(scheduler)
    except (OSError, ValueError) as error:
        raise TablesError(
            f"no Dask scheduler answers at {scheduler} ({error}): start one with `dask scheduler`, or leave it out"
        ) from error
    with client:
        yield client


def _same_version(client: Client) -> None:
    """Tables of two versions of the parser must not stand side by side."""
    try:
        client.wait_for_workers(1, timeout=WAIT)
    except TimeoutError as error:
        raise TablesError(
            f"the Dask scheduler had no worker for {WAIT} s: start some with `dask worker {client.scheduler.addr}`"
        ) from error
    for worker, version in client.run(parser_version, on_error="return").items():
        if isinstance(version, ImportError):
            raise TablesError(f"the worker at {worker} has no jixiao ({version}): install it there")
        if isinstance(version, Exception):
            raise version
        if version != parser_version():
            raise TablesError(_other_version(worker, version, parser_version()))


def _other_version(worker: str, version: str, wanted: str) -> str:
    return f"the worker at {worker} has another version of jixiao ({version}, here {wanted}): install this one"
