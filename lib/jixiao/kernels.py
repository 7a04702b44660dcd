"""Running a notebook in a kernel of this Python, forked from a warm process where the system can fork (see `forking`).

Whatever kernels are installed, the one that runs is that of the environment this program runs in.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
import tempfile
import threading
from functools import cache
from importlib.metadata import EntryPoint
from multiprocessing.process import BaseProcess
from typing import Any
from uuid import uuid4

import zmq
import zmq.asyncio
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.channels import AsyncZMQSocketChannel
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner
from traitlets import Type, default

from .forking import can_fork, context, serve, without_main
from .interactive import SESSION

PROVISIONER = "jixiao-forked"
QUIET = 0.02  # seconds without a message after which a kernel that has answered is taken to be ready
RETRY = 4  # milliseconds after which a kernel that does not listen yet is called again; ZeroMQ waits for 100
LONGEST = 90  # bytes of a path whose sockets, which end in -ipc-1, the system still takes: 103 on macOS, 107 on Linux
GONE = 5.0  # seconds within which a killed process is gone

_making = threading.Lock()


class _Process:
    """A multiprocessing process with the few methods of subprocess.Popen that a provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, process: BaseProcess) -> None:
        self.process = process
        self.pid = process.pid

    def poll(self) -> int | None:
        return self.process.exitcode

    def wait(self) -> int | None:
        self.process.join()
        return self.process.exitcode

    def send_signal(self, number: int) -> None:
        if self.process.exitcode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class ForkedProvisioner(LocalProvisioner):
    """Starts a kernel as a fork of a warm process (jupyter_client's kernel provisioner `jixiao-forked`)."""

    async def launch_kernel(self, cmd: list[str], **options: Any) -> dict[str, Any]:
        file = cmd[cmd.index("-f") + 1]
        folder = str(options["cwd"]) if options.get("cwd") else None
        process = context().Process(target=serve, args=(file, folder, dict(options.get("env") or {})), daemon=True)
        with without_main():
            process.start()
        self.process = _Process(process)
        self.pid, self.pgid, self.cwd = process.pid, None, options.get("cwd")
        return self.connection_info

    async def kill(self, restart: bool = False) -> None:
        await super().kill(restart)
        if self.process is not None:
            self.process.process.join(GONE)  # a few milliseconds; the manager would look again only after 100

    async def wait(self) -> int | None:
        while self.process is not None and self.process.poll() is None:
            await asyncio.sleep(0.02)
        code = self.process.poll() if self.process is not None else 0
        self.process = None
        return code


class _Published(AsyncZMQSocketChannel):
    """What a kernel publishes. jupyter_client waits 0.2 s for the silence after its first answer; nbclient tells late messages apart."""

    async def get_msg(self, timeout: float | None = None) -> dict[str, Any]:
        return await super().get_msg(timeout=None if timeout is None else min(timeout, QUIET))


class _Client(AsyncKernelClient):
    iopub_channel_class = Type(_Published)

    @default("context")
    def _context_default(self) -> zmq.asyncio.Context:
        context = super()._context_default()
        context.setsockopt(zmq.RECONNECT_IVL, RETRY)
        return context


class KernelHere(AsyncKernelManager):
    """A kernel of this environment's Python, forked where that is possible."""

    client_factory = Type(_Client, klass=AsyncKernelClient)

    @default("connection_file")
    def _connection_file_default(self) -> str:
        return os.path.join(_folder().name, f"{uuid4().hex[:8]}.json")

    @default("transport")
    def _transport_default(self) -> str:
        """Sockets among the files where there are such: a port of the network is chosen here and bound by the kernel, and meanwhile
        another program on this machine may have taken it."""
        files = os.name == "posix" and zmq.has("ipc") and len(os.fsencode(self.connection_file)) <= LONGEST
        return "ipc" if files else "tcp"

    @property
    def kernel_spec(self) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", "--log-level=ERROR"]
        metadata: dict[str, Any] = {}
        if can_fork():
            metadata = {"kernel_provisioner": {"provisioner_name": PROVISIONER}}
            _register()
        # nobody sits before a kernel that this program starts, be it out of a notebook that somebody has open
        alone = {SESSION: "", "IPYTHONDIR": _folder().name}
        return KernelSpec(argv=argv, display_name="Python 3 (ipykernel)", language="python", metadata=metadata, env=alone)


def _folder() -> tempfile.TemporaryDirectory:
    """Where kernels have their sockets and IPython its settings, for as long as this program runs.

    They are none of the user's: what others are to do at the start of a notebook must not change a briefing, and a home need not be there.
    """
    with _making:  # a cache alone lets two threads make one each, and the one that nobody holds goes
        return _made()


@cache
def _made() -> tempfile.TemporaryDirectory:
    return tempfile.TemporaryDirectory(prefix="jixiao-")


def _register() -> None:
    """Make the provisioner known where the package was not installed with its entry point (a checkout on the path)."""
    factory = KernelProvisionerFactory.instance()
    if PROVISIONER not in factory.provisioners:
        name = f"{ForkedProvisioner.__module__}:{ForkedProvisioner.__qualname__}"
        factory.provisioners[PROVISIONER] = EntryPoint(PROVISIONER, name, KernelProvisionerFactory.GROUP_NAME)
