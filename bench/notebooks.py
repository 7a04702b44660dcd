"""Runs of notebooks through papermill, each a process of its own."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path

from measuring import ROOT, say

# the first run waits for the fork server's imports, the others are forks of it
NOTEBOOKS = """
import sys, time
from pathlib import Path
from jixiao import forking, running
if __name__ == "__main__":
    start = time.perf_counter()
    forking.warm_up()
    folder = running.find_notebooks()
    parameters = {"processed": sys.argv[1]}
    for notebook in ["00_corpus.ipynb", *sorted(path.name for path in folder.glob("*.ipynb"))]:
        running.run(folder / notebook, parameters)
        print(f"{time.perf_counter() - start:.2f} {notebook}")
        start = time.perf_counter()
"""

# the process of the notebook is a fork of the server, which is a child: its memory is looked at while it runs
AT_SCALE = """
import sys, threading, time
import psutil
from jixiao import forking, running
if __name__ == "__main__":
    forking.warm_up()
    time.sleep(2)
    peak, done = 0, threading.Event()
    def look():
        global peak
        while not done.wait(0.05):
            for each in psutil.Process().children(recursive=True):
                try:
                    peak = max(peak, each.memory_info().rss)
                except psutil.NoSuchProcess:
                    pass
    threading.Thread(target=look, daemon=True).start()
    start = time.perf_counter()
    running.run(running.find_notebooks() / sys.argv[2], {"processed": sys.argv[1]})
    seconds = time.perf_counter() - start
    done.set()
    print(f"{seconds} {peak >> 20}")
"""


def each(folder: Path) -> None:
    """A run of each notebook through papermill, each a process of its own; the first with the start of the fork server."""
    program = folder / "notebooks.py"  # a file, since processes of its kind import their main module
    program.write_text(NOTEBOOKS, encoding="utf-8")
    command = [sys.executable, str(program), str(folder / "data" / "processed")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        sys.exit(f"the notebooks failed:\n{done.stderr}")
    for number, line in enumerate(done.stdout.splitlines()):
        seconds, name = line.split(" ", 1)
        say(f"run of {name}", float(seconds), "" if number else "the first, with the start")
    notebook, out = ROOT / "notebooks" / name, folder / "papermill.ipynb"
    arguments = ["-m", "papermill", notebook, out, "-p", "processed", folder / "data" / "processed", "--no-progress-bar"]
    start = time.perf_counter()
    subprocess.run([sys.executable, *arguments], cwd=ROOT / "notebooks", capture_output=True, check=True)
    say(f"the papermill command for {name}", time.perf_counter() - start)


def at_scale(folder: Path, notebook: str, reports: int) -> None:
    """A run of a notebook on the tables of so many reports."""
    sys.path.insert(0, str(ROOT / "tests"))
    import sample_tables

    tables = sample_tables.many(folder / "at-scale", reports)
    program = folder / "at_scale.py"
    program.write_text(AT_SCALE, encoding="utf-8")
    done = subprocess.run([sys.executable, program, tables, notebook], cwd=ROOT, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        sys.exit(f"{notebook} failed:\n{done.stderr}")
    seconds, memory = done.stdout.split()
    say(f"run of {notebook}, {reports:,} reports", float(seconds), f"peak {memory} MB")
    shutil.rmtree(tables)
