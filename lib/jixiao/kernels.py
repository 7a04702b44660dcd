"""Running a notebook in a kernel of this Python, forked from a warm process where the system can fork.

A kernel of its own takes seconds to start, nearly all of it imports. A fork server imports them once; each run is then a fork of
it, a process of its own, ready in a fraction of a second. On Windows there is no fork: there each run starts an ordinary kernel.
Whatever kernels are installed, the one that runs is that of the environment this program runs in.
"""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
import os
import signal
import sys
from importlib.metadata import EntryPoint
from multiprocessing.process import BaseProcess
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

PROVISIONER = "jixiao-forked"
BACKEND = "module://matplotlib_inline.backend_inline"
PRELOAD = ["jixiao._warm"]


def can_fork() -> bool:
    """Whether kernels can be forked here."""
    return "forkserver" in multiprocessing.get_all_start_methods() and sys.platform != "darwin"


def warm_up() -> None:
    """Begin to import in the fork server what notebooks import, so that the first run does not wait for it."""
    if can_fork():
        process = _context().Process(target=int, daemon=True)
        process.start()


def _context() -> multiprocessing.context.ForkServerContext:
    # Set before the preload imports pyplot, or figures silently vanish: the backend is chosen at import.
    os.environ["MPLBACKEND"] = BACKEND
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    return context


def _serve(connection_file: str, folder: str | None, environment: dict[str, str]) -> None:
    """The forked process: an ipykernel until it is told to stop."""
    if folder:
        os.chdir(folder)
    os.environ.update(environment)
    os.environ["JPY_PARENT_PID"] = str(os.getppid())  # a kernel with a parent ends with it, and prints no advice for a terminal
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    from ipykernel.kernelapp import IPKernelApp

    sys.argv = ["ipykernel", "-f", connection_file]
    # The inline backend hooks itself into the kernel when it is imported; it was imported before there was one, so say it again.
    IPKernelApp.launch_instance(argv=["-f", connection_file, "--log-level=CRITICAL", "--matplotlib=inline"])


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
        process = _context().Process(target=_serve, args=(file, folder, dict(options.get("env") or {})), daemon=True)
        process.start()
        self.process = _Process(process)
        self.pid, self.pgid, self.cwd = process.pid, None, options.get("cwd")
        return self.connection_info

    async def wait(self) -> int | None:
        while self.process is not None and self.process.poll() is None:
            await asyncio.sleep(0.02)
        code = self.process.poll() if self.process is not None else 0
        self.process = None
        return code


class KernelHere(AsyncKernelManager):
    """A kernel of this environment's Python, forked where that is possible."""

    @property
    def kernel_spec(self) -> KernelSpec:
        argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        metadata: dict[str, Any] = {}
        if can_fork():
            metadata = {"kernel_provisioner": {"provisioner_name": PROVISIONER}}
            _register()
        return KernelSpec(argv=argv, display_name="Python 3 (ipykernel)", language="python", metadata=metadata)


def _register() -> None:
    """Make the provisioner known where the package was not installed with its entry point (a checkout on the path)."""
    factory = KernelProvisionerFactory.instance()
    if PROVISIONER not in factory.provisioners:
        name = f"{ForkedProvisioner.__module__}:{ForkedProvisioner.__qualname__}"
        factory.provisioners[PROVISIONER] = EntryPoint(PROVISIONER, name, KernelProvisionerFactory.GROUP_NAME)
