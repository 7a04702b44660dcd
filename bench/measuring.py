"""Seconds and memory of a fresh process, and how they are told."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
RAW = ROOT / "data" / "raw"

COMMAND = """
import sys
from jixiao.cli import main
status = main(sys.argv[1:])
try:
    import resource
    peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    print("peak", *(peak // (1024 if sys.platform != "darwin" else 1024 * 1024) for peak in peaks))
except ImportError:  # Windows
    print("peak ? ?")
sys.exit(status)
"""


def run(code: str, *arguments: str | Path) -> tuple[float, str]:
    """Seconds and output of `code` in a fresh process."""
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    seconds = time.perf_counter() - start
    if done.returncode:
        sys.exit(f"{' '.join(map(str, arguments))} failed:\n{done.stderr}")
    return seconds, done.stdout


def command(what: str, *arguments: str | Path) -> None:
    seconds, output = run(COMMAND, *arguments)
    own, child = output.split("peak ")[-1].split()
    processes = f", {child} MB in the largest of its processes" if child not in ("0", "?") else ""
    say(what, seconds, f"peak {own} MB{processes}")


def say(what: str, seconds: float, note: str = "") -> None:
    print(f"{what:<48}{seconds:>7.2f} s   {note}".rstrip(), flush=True)


def beside(what: str, ours: float, theirs: float, each: str = "page", peer: str = "pdfplumber") -> None:
    times = f"{peer} {1000 * theirs:.1f} ms, {theirs / ours:.1f} times as long"
    print(f"{what:<56}{1000 * ours:>7.1f} ms a {each}   {times}", flush=True)
