"""How seconds and memory grow with the number of reports: `python bench/growth.py --most 100000`; part of `make bench`.

Generated reports, each with an institute and figures of its own, as text, DOCX, XLSX and PDF; self-evaluations, and one book of
budgets or accounts among fifty. Writes the curve to docs/growth.png and docs/growth.csv.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor
from html import escape
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "lib"), str(ROOT / "tests")]

from generated.families import FAMILIES  # noqa: E402
from generated.formats import written_as  # noqa: E402
from generated.model import Made  # noqa: E402

BOOKS = ("accounts", "budget")
FORMS = tuple(family for family in FAMILIES if family not in BOOKS)
ENDINGS = {"text": "txt", "docx": "docx", "xlsx": "xlsx", "pdf": "pdf"}
STEPS = (100, 1_000, 10_000, 100_000, 1_000_000)
CHANGED = 10
LIMIT = 600  # MB that no process is to exceed, however many reports

# what `jixiao build` does, and then how much memory its processes held at most
BUILD = """
import resource, sys, time
from jixiao import corpus
start = time.perf_counter()
summary = corpus.build(sys.argv[1], sys.argv[2], jobs=int(sys.argv[3]) or None, progress=False, engine=sys.argv[4])
seconds = time.perf_counter() - start
own, children = (resource.getrusage(who).ru_maxrss // 1024 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
print(seconds, own, children, summary.parsed, int(summary.unchanged), summary.rows["indicators"], summary.read)
"""

LOOP = """
import sys, time
from pathlib import Path
from jixiao.parsing import parse_file
paths = sorted(Path(sys.argv[1]).rglob("*.*"))
start = time.perf_counter()
for path in paths:
    parse_file(path, path.name)
print(time.perf_counter() - start, len(paths))
"""

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Target="word/document.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)


def plain_docx(made: Made) -> bytes:
    """A DOCX of nothing but the text and tables: python-docx takes thirty times as long to write one."""
    parts = []
    for block in made.blocks:
        parts.append(f"<w:p>{_run(block)}</w:p>" if isinstance(block, str) else _table(block))
    body = f'<w:document xmlns:w="{_WORD}"><w:body>{"".join(parts)}</w:body></w:document>'
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in (("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), ("word/document.xml", body)):
            file.writestr(name, text)
    return out.getvalue()


def _run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def _table(block) -> str:
    held = {}
    for cell in block.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            held[row, cell.col] = cell
    rows = []
    for row in range(len(block.rows)):
        cells, col = [], 0
        while col < block.width:
            cell = held.get((row, col))
            wide, text, down = (1, "", "") if cell is None else (cell.colspan, cell.text, "")
            if cell is not None and cell.rowspan > 1:
                down = '<w:vMerge w:val="restart"/>' if row == cell.row else "<w:vMerge/>"
                text = text if row == cell.row else ""
            span = f'<w:gridSpan w:val="{wide}"/>' if wide > 1 else ""
            cells.append(f"<w:tc><w:tcPr>{span}{down}</w:tcPr><w:p>{_run(text)}</w:p></w:tc>")
            col += wide
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    grid = "<w:gridCol/>" * block.width
    return f"<w:tbl><w:tblPr/><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl><w:p/>"


def write_reports(folder: Path, first: int, count: int) -> None:
    """So many reports, in folders of a thousand; the same number is always the same report."""
    for number in range(first, first + count):
        family = BOOKS[number // 50 % 2] if number % 50 == 49 else FORMS[number % len(FORMS)]
        form = random.Random(number).choice(list(ENDINGS))
        path = folder / f"{number // 1000:05}" / f"r{number:07}.{ENDINGS[form]}"
        if not path.is_file():
            made = FAMILIES[family](number)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(plain_docx(made) if form == "docx" else written_as(made, form))


def reports(folder: Path, count: int) -> Path:
    """A folder of so many reports, which are links to those in `all`."""
    every, raw = folder / "all", folder / f"of-{count}" / "raw"
    with ProcessPoolExecutor(os.cpu_count()) as processes:
        for done in [processes.submit(write_reports, every, at, min(500, count - at)) for at in range(0, count, 500)]:
            done.result()
    for path in sorted(every.rglob("*.*")):
        if int(path.stem[1:]) < count:
            target = raw / path.relative_to(every)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(path, target)
    return raw


def build(raw: Path, out: Path, jobs: int = 0, engine: str = "local") -> dict[str, float]:
    """What a build in a process of its own came to."""
    command = [sys.executable, "-c", BUILD, str(raw), str(out), str(jobs), engine]
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "lib")}
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment)
    if done.returncode:
        sys.exit(f"the build of {raw} failed:\n{done.stderr}")
    names = ("seconds", "own", "largest", "parsed", "unchanged", "indicators", "read")
    return dict(zip(names, map(float, done.stdout.split()), strict=True))


def told(what: str, found: dict[str, float], note: str = "") -> None:
    memory = f"{found['own']:.0f} MB, {found['largest']:.0f} MB in the largest of its processes"
    print(f"{what:<52}{found['seconds']:>9.2f} s   {memory}{note}", flush=True)


def change(raw: Path, count: int) -> None:
    """Other content in some reports, spread over all."""
    paths = sorted(raw.rglob("*.txt"))
    for path in paths[:: max(1, len(paths) // count)][:count]:
        data = path.read_bytes() + b"\r\n"
        path.unlink()  # it is a link
        path.write_bytes(data)


def grow(folder: Path, most: int) -> list[dict[str, float]]:
    """Builds of ever more reports, each from nothing; up to 10,000 also what a second build and ten changes cost."""
    rows = []
    for count in [step for step in STEPS if step <= most]:
        raw = reports(folder, count)
        out = raw.parent / "processed"
        found = build(raw, out)
        size, by_year = (
            sum(path.stat().st_size for path in place.rglob("*.*") if path.is_file()) / (1 << 20) for place in (out, out / "by_year")
        )
        rows.append({"reports": count, **found, "tables_mb": size, "by_year_mb": by_year})
        told(f"build of {count:,} reports", found, f"; {found['indicators']:,.0f} indicators, {by_year:.0f} MB by year")
        if count == 1_000:
            compared(raw, folder)
        if count == 10_000:
            again = build(raw, out)
            told(f"{count:,} reports, nothing changed", again, "" if again["unchanged"] else "; NOT UNCHANGED")
            change(raw, CHANGED)
            some = build(raw, out)
            told(f"{count:,} reports, ten changed", some, f"; {some['parsed']:.0f} parsed")
            one = build(raw, folder / "one" / "processed", jobs=1)
            times = f"; {os.cpu_count()} processes are {one['seconds'] / found['seconds']:.2f} times as fast"
            told(f"{count:,} reports, one process", one, times)
            shutil.rmtree(folder / "one")
        shutil.rmtree(raw.parent)
    return rows


def compared(raw: Path, folder: Path) -> None:
    """A thousand reports: by Dask, and by a loop that only parses."""
    told("1,000 reports, Dask on this machine", build(raw, folder / "dask" / "processed", engine="dask"))
    done = subprocess.run(
        [sys.executable, "-c", LOOP, str(raw)], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(ROOT / "lib")}
    )
    seconds, _ = map(float, done.stdout.split())
    print(f"{'1,000 reports, a loop that parses and keeps nothing':<52}{seconds:>9.2f} s   without tables and audit", flush=True)


def draw(rows: list[dict[str, float]], folder: Path) -> None:
    """The curve as a picture, and its figures."""
    import matplotlib

    matplotlib.use("agg")
    from matplotlib import pyplot
    from matplotlib.ticker import FuncFormatter, NullFormatter

    figure, axes = pyplot.subplots(1, 2, figsize=(10, 4.2), layout="constrained")
    counts = [row["reports"] for row in rows]
    seconds, memory = axes
    lines = (
        (seconds, [row["seconds"] for row in rows], "#0072B2", 10, ""),
        (memory, [row["largest"] for row in rows], "#D55E00", 10, "largest process"),
        (memory, [row["own"] for row in rows], "#009E73", -18, "the one that waits for the others"),
    )
    for ax, values, colour, up, name in lines:
        ax.plot(counts, values, marker="o", color=colour)
        for count, value in zip(counts, values, strict=True):
            ax.annotate(f"{value:,.0f}", (count, value), textcoords="offset points", xytext=(0, up), ha="center", fontsize=9, color=colour)
        ax.annotate(
            name, (counts[0], values[0]), textcoords="offset points", xytext=(-10, up + (13 if up > 0 else -12)), fontsize=9, color=colour
        )
    seconds.set_title("seconds of a build from nothing", loc="left")
    seconds.set_yscale("log")
    seconds.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    seconds.yaxis.set_minor_formatter(NullFormatter())
    memory.set_title("peak memory of a process, MB", loc="left")
    memory.set_ylim(0, max(700.0, 1.2 * max(row["largest"] for row in rows)))
    memory.axhline(LIMIT, color="#888888", linestyle=":", linewidth=1)
    memory.annotate(f"{LIMIT} MB", (counts[0], LIMIT), textcoords="offset points", xytext=(0, 4), fontsize=9, color="#888888")
    for ax in axes:
        ax.set_xscale("log")
        ax.set_xlabel("reports")
        ax.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
        ax.spines[["top", "right"]].set_visible(False)
        ax.margins(x=0.12, y=0.2)
    figure.suptitle(machine(), fontsize=8, color="#555555")
    folder.mkdir(exist_ok=True)
    figure.savefig(folder / "growth.png", dpi=110, metadata={"Software": None})
    with open(folder / "growth.csv", "w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: round(value, 2) for name, value in row.items()} for row in rows)


def machine() -> str:
    names = ("pandas", "pyarrow", "pdfplumber", "python-docx")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    return f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}, Python {platform.python_version()}, {versions}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--most", type=int, default=10_000, help="reports of the largest build (10,000)")
    parser.add_argument("--folder", type=Path, help="where to put the reports (a temporary folder)")
    options = parser.parse_args()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory() as temporary:
        rows = grow(options.folder or Path(temporary), options.most)
    draw(rows, ROOT / "docs")
    print(f"docs/growth.png, docs/growth.csv; {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
