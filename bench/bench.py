"""Seconds and memory of the whole way, on this machine: `make bench`, or `python bench/bench.py` in the environment.

Each figure is of a fresh process with an empty cache, so the start of Python and its libraries is in it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
from pathlib import Path

import documents
import growth
import notebooks
from measuring import RAW, ROOT, command, run, say

AUDIT = """
import sys, time
sys.path.insert(0, "tests")
import pandas, sample_tables
from generated.consistent import book
from jixiao import frames
from jixiao.audit import CHECKS, audit
from jixiao.extract import extract
from jixiao.rows import parsed

def drawn(seed, kind):
    found = extract(book(seed, kind).document())
    made = parsed("drawn.docx", found.report, found.facts, found.issues, found.institute, found.fiscal_year)
    made.report_id = f"{kind}{seed}"
    return made

def copy(frame, number):
    marked = {"report_id": frame["report_id"] + f"-{number}"}
    return frame.assign(**marked, **({"institute": frame["institute"] + f"{number}"} if "institute" in frame else {}))

forms = sample_tables.tables(institutes=200, years=(2020, 2021, 2022, 2023, 2024), seed=1)
books = frames.to_frames([drawn(seed, kind) for kind in ("决算", "预算") for seed in range(50)])
for of_books in (0, 2_000):
    parts = [(forms, (10_000 - of_books) // len(forms["reports"]) + 1), (books, of_books // len(books["reports"]))]
    copies = [copy_of for some, count in parts for number in range(count) for copy_of in [{n: copy(f, number) for n, f in some.items()}]]
    every = {name: pandas.concat([each[name] for each in copies], ignore_index=True) for name in forms}
    wall, processor = time.perf_counter(), time.process_time()
    audit(every)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    reports = f"{len(every['reports']):,} reports, {of_books:,} of them books"
    print(f"{wall:.2f} s, {processor:.2f} s of a processor: {len(CHECKS)} checks on {reports}")
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=10_000, help="reports of the largest build, see growth.py (10,000)")
    most = parser.parse_args().most
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors\n")
    with tempfile.TemporaryDirectory() as folder:
        documents.files(sorted(path for path in RAW.iterdir() if path.suffix != ".md"))
        documents.pages(Path(folder))
        documents.forms()
        documents.scans()
        audits()
        builds(Path(folder))
        notebooks.each(Path(folder))
        notebooks.at_scale(Path(folder), "03_indicator_scores.ipynb", 100_000)
        growth.draw(growth.grow(Path(folder) / "growth", most), ROOT / "docs")


def audits() -> None:
    seconds, output = run(AUDIT)
    for line in output.strip().splitlines():
        say("audit of generated tables, drawn first", seconds, line)


def builds(folder: Path) -> None:
    out = folder / "data" / "processed"
    command("jixiao build, nothing there", "build", RAW, "--out", out)
    command("jixiao build, nothing changed", "build", RAW, "--out", out)
    shutil.rmtree(out)
    command("jixiao build, tables gone, all in the cache", "build", RAW, "--out", out)
    shutil.rmtree(out.parent)
    command("make briefings: build", "build", RAW, "--out", out)
    command("make briefings: brief", "brief", "--processed", out, "--out", folder / "briefings")
    for what in ("nothing there", "nothing changed"):
        command(f"jixiao site, {what}", "site", "--processed", out, "--out", folder / "site")


if __name__ == "__main__":
    main()
