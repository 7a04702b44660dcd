"""Seconds and memory of the whole way, on this machine: `make bench`, or `python bench/bench.py` in the environment.

Each figure is of a fresh process with an empty cache, so the start of Python and its libraries is in it.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import growth
import pypdfium2

ROOT = Path(__file__).parents[1]
RAW = ROOT / "data" / "raw"
SHARED = ROOT.parent / "shared"  # published books, where they stand beside the checkout
BOOK = 300  # pages

PARSE = """
import sys, time
from jixiao.parsing import parse_file
for path in sys.argv[1:]:
    start = time.perf_counter()
    parse_file(path, path)
    print(f"{time.perf_counter() - start:.2f}", path)
"""

PLAIN = """
import sys, pdfplumber
with pdfplumber.open(sys.argv[1]) as pdf:
    for page in pdf.pages:
        page.extract_tables()
        page.extract_text()
"""

# in one process, by turns, the best of three, in seconds of the processor: what else the machine does goes into both figures
PAGES = """
import gc, io, sys, time, pdfplumber
from pathlib import Path
from jixiao.parsing import parse_bytes
from jixiao.processes import collect_seldom
gc.freeze()
usual = gc.get_threshold()

def best(work, *arguments):
    # each with the garbage collector as it is where it runs: a build's processes, a user's Python
    collect_seldom() if work is parse_bytes else gc.set_threshold(*usual)
    seconds = []
    for _ in range(3):
        start = time.process_time()
        result = work(*arguments)
        seconds.append(time.process_time() - start)
    return min(seconds), result

def plain(data):
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page in pdf.pages:
            page.extract_tables()
            page.close()
        return len(pdf.pages)

for path in sys.argv[1:]:
    data = Path(path).read_bytes()
    theirs, pages = best(plain, data)
    ours, _ = best(parse_bytes, data, path)
    print(pages, ours, theirs)
"""

# drawn project forms, two pages each when printed, and the .doc files that are there
FORMS = """
import gc, io, sys, time
sys.path.insert(0, "tests")
from pathlib import Path
import docx, openpyxl
from lxml import html
from generated.families import FAMILIES
from generated.formats import WRITERS, written_as
from jixiao.parsing import parse_bytes

def walked(data):
    return [cell.text for table in docx.Document(io.BytesIO(data)).tables for row in table.rows for cell in row.cells]

def sheets(data):
    return [row for sheet in openpyxl.load_workbook(io.BytesIO(data)) for row in sheet.iter_rows(values_only=True)]

def cells(data):
    return ["".join(cell.itertext()) for cell in html.fromstring(data).iter("td", "th")]

def best(work, files):
    seconds = []
    for _ in range(4):
        start = time.process_time()
        for each in files:
            work(*each)
        seconds.append(time.process_time() - start)
    return min(seconds) / len(files)

made = [FAMILIES["project"](seed) for seed in range(12)]
peers = {"docx": ("python-docx", walked), "xlsx": ("openpyxl", sheets), "html": ("lxml", cells)}
drawn = {form: [(written_as(each, form), f"a.{WRITERS[form][0]}") for each in made] for form in peers}
gc.freeze()
for form, (peer, read) in peers.items():
    theirs = best(read, [(data,) for data, _ in drawn[form]])
    print(best(parse_bytes, drawn[form]), theirs, peer, f"a project form as {form.upper()}", sep="|")
for path in sys.argv[1:]:
    print(best(parse_bytes, [(Path(path).read_bytes(), path)]), "", "", f"raw/{Path(path).name}", sep="|")
"""

# a scan of each family after one that loads the models; the peer reads the same images and gives lines of text
SCANS = """
import sys, time
sys.path.insert(0, "tests")
import numpy, pypdfium2
from rapidocr import RapidOCR
from generated.families import FAMILIES
from generated.formats import written_as
from jixiao.parsing import parse_bytes

scans = [written_as(FAMILIES[family](3), "scan") for family in ("project", "rubric", "several", "accounts")]
engine = RapidOCR(params={"Global.log_level": "critical"})

def images(data):
    with pypdfium2.PdfDocument(data) as document:
        return [numpy.asarray(page.render(scale=200 / 72).to_pil().convert("RGB")) for page in document]

pages = [images(data) for data in scans]
parse_bytes(scans[0], "a.pdf"), engine(pages[0][0])
start = time.perf_counter()
for data in scans[1:]:
    parse_bytes(data, "a.pdf")
ours = time.perf_counter() - start
start = time.perf_counter()
for page in [page for some in pages[1:] for page in some]:
    engine(page)
theirs = time.perf_counter() - start
print(sum(map(len, pages[1:])), ours, theirs)
"""

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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=10_000, help="reports of the largest build, see growth.py (10,000)")
    most = parser.parse_args().most
    print(f"Python {sys.version.split()[0]}, {os.cpu_count()} processors\n")
    with tempfile.TemporaryDirectory() as folder:
        files(sorted(path for path in RAW.iterdir() if path.suffix != ".md"))
        pages(Path(folder))
        forms()
        scans()
        audits()
        builds(Path(folder))
        notebooks(Path(folder))
        at_scale(Path(folder), "03_indicator_scores.ipynb", 100_000)
        growth.draw(growth.grow(Path(folder) / "growth", most), ROOT / "docs")


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


def files(paths: list[Path]) -> None:
    for path in paths:
        seconds, output = run(PARSE, path)
        say(f"parse {path.name}", seconds, f"{output.split()[0]} s without the start")
    seconds, _ = run(PARSE, *paths)
    say("parse all of them", seconds)
    for path in paths:
        if path.suffix == ".pdf":
            seconds, _ = run(PLAIN, path)
            say(f"pdfplumber's tables and text of {path.name}", seconds)


def pages(folder: Path) -> None:
    """Text PDF pages to tidy tables, and a book of many pages, beside pdfplumber's tables of the same pages."""
    paths = [path for path in (*sorted(RAW.glob("*.pdf")), *sorted(SHARED.glob("re*/*.pdf"))) if "scan" not in path.stem]
    _, output = run(PAGES, *paths)
    rows = [tuple(map(float, line.split())) for line in output.splitlines()]
    for path, (count, ours, theirs) in zip(paths, rows, strict=True):
        beside(f"{path.parent.name}/{path.name}, {count:.0f} pages", ours / count, theirs / count)
    count, ours, theirs = map(sum, zip(*rows, strict=True))
    beside(f"all of them, {count:.0f} pages", ours / count, theirs / count)
    book = folder / "bound" / "book.pdf"
    book.parent.mkdir()
    bind(paths, book)
    seconds, _ = run(PLAIN, book)
    say(f"pdfplumber's tables and text of a book of {BOOK} pages", seconds)
    command(f"jixiao build of the book of {BOOK} pages", "build", book.parent, "--out", folder / "book" / "processed")


def forms() -> None:
    """Forms in other formats to tidy tables, beside what only reads the texts of their cells."""
    _, output = run(FORMS, *sorted(RAW.glob("*.doc")))
    for line in output.splitlines():
        ours, theirs, peer, what = line.split("|")
        if peer:
            beside(what, float(ours), float(theirs), "form", peer)
        else:  # nothing else reads it
            print(f"{what:<56}{1000 * float(ours):>7.1f} ms", flush=True)


def scans() -> None:
    """Scanned pages to tidy tables, beside what only reads their lines of text."""
    _, output = run(SCANS)
    count, ours, theirs = map(float, output.split()[-3:])
    beside(f"scans at 200 dpi, {count:.0f} pages", ours / count, theirs / count, peer="rapidocr")


def beside(what: str, ours: float, theirs: float, each: str = "page", peer: str = "pdfplumber") -> None:
    times = f"{peer} {1000 * theirs:.1f} ms, {theirs / ours:.1f} times as long"
    print(f"{what:<56}{1000 * ours:>7.1f} ms a {each}   {times}", flush=True)


def bind(paths: list[Path], book: Path) -> None:
    """The pages of all files, over and over, in one."""
    with pypdfium2.PdfDocument.new() as bound:
        while len(bound) < BOOK:
            for path in paths:
                with pypdfium2.PdfDocument(path) as part:
                    bound.import_pages(part, pages=range(min(len(part), BOOK - len(bound))))
        bound.save(book)


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


def notebooks(folder: Path) -> None:
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


if __name__ == "__main__":
    main()
