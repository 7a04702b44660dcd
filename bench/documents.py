"""Documents to tidy tables, beside what only reads their cells or lines of text."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from measuring import RAW, ROOT, beside, command, run, say

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


def bind(paths: list[Path], book: Path) -> None:
    """The pages of all files, over and over, in one."""
    with pypdfium2.PdfDocument.new() as bound:
        while len(bound) < BOOK:
            for path in paths:
                with pypdfium2.PdfDocument(path) as part:
                    bound.import_pages(part, pages=range(min(len(part), BOOK - len(bound))))
        bound.save(book)


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
