"""Notebooks → briefings: runs them through papermill, several at a time, and writes HTML, DOCX and PDF, with an index.

brief()                                    # all there is to brief
brief(year=2024)                           # that year and its institutes
brief(institute="…", language=("zh", "en"), formats=("html", "pdf"))

What is up to date stays: an executed notebook is kept with a digest of what it was made from, and of each file made of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path
from typing import Any

from .catalogue import Run, catalogue, plan
from .evidence import raw_beside
from .evidence_pages import BesideBriefings, OfReport
from .forking import warm_up
from .machine import processors
from .making import FORMATS, Maker
from .pages import Menu, free_name, index_html, make_ready, pages_in, safe, write
from .running import find_notebooks
from .words import LANGUAGES

__all__ = ["FORMATS", "BriefingError", "Run", "brief", "catalogue", "free_name", "plan", "safe"]


class BriefingError(RuntimeError):
    """Some pages could not be made. `written` are the files that were, `failed` pairs of title and reason."""

    def __init__(self, written: list[Path], failed: list[tuple[str, str]]) -> None:
        self.written, self.failed = written, failed
        lines = [f"  {title}: {reason.splitlines()[-1] if reason else ''}" for title, reason in failed]
        made = len({path.stem for path in written} - {"index"})
        super().__init__(f"{len(failed)} of {len(failed) + made} briefings could not be made:\n" + "\n".join(lines))


def brief(
    year: int | str | None = None,
    institute: str | None = None,
    language: str | Sequence[str] = "zh",
    out: str | Path = "briefings",
    processed: str | Path = "data/processed",
    progress: bool = True,
    notebooks: str | Path | None = None,
    jobs: int | None = None,
    raw: str | Path | None = None,
    rules: str | Path | None = None,
    formats: Sequence[str] = FORMATS,
    every: bool = False,
    menus: Mapping[str, Menu] | None = None,
) -> list[Path]:
    """Write briefings into `out` and give the files, the index last, before it the evidence of what the audit found.

    With nothing given: the comparisons, a briefing of each year, one of each institute for its latest year, and one of each over its
    years. With `year`: that year's and its institutes'. With `institute`: that institute's, for each of its years and over them, or
    for the one given. With `every`: all there can be, whatever else is given. Years and institutes come in `formats` (HTML always, since
    the index and the evidence link to it), comparisons in HTML. What is up to date is left as it is. The executed notebooks are kept
    in `out/notebooks`.
    `language` is one or several, `notebooks` the folder of the notebooks (None: see `find_notebooks`), `jobs` how many run at a time,
    `raw` the folder of the reports, which the evidence shows (None: `raw` beside the tables), `rules` the rule set of the comparable
    scores or a file of one (None: the notebook's own), `menus` what the pages of a language lead to (None: to the index).
    Raises ValueError for a year, an institute, a language, a format or a rule set that there is not, listing what there is, OSError where
    `out` cannot be written into, and BriefingError after all others are written where a page could not be made.
    """
    languages = [language] if isinstance(language, str) else list(dict.fromkeys(language))
    for what, given, known in (("language", languages, LANGUAGES), ("format", formats, FORMATS)):
        for value in given:
            if value not in known:
                raise ValueError(f"{what} {value!r}: choose one of {', '.join(known)}")
    from .notebook import open_tables

    warm_up()  # imports in another process while this one reads the tables
    folder, processed, out = find_notebooks(notebooks), Path(processed).resolve(), Path(out)
    raw = Path(raw or raw_beside(processed)).resolve()
    tables = open_tables(processed)
    menus = menus or {}
    maker = Maker(out, processed, tables, raw, formats, menus)
    work: list[tuple[Any, Any, str]] = []  # what to call, with what, and its title
    current: set[tuple[str, str]] = set()
    proofs: list[tuple[BesideBriefings, list[OfReport]]] = []
    for each in languages:
        everything = catalogue(folder, processed, each, raw, rules)
        runs = everything if every else plan(everything, year, institute)
        proof = BesideBriefings(tables, raw, out, each, menus.get(each))
        proofs.append((proof, _proving(runs, proof)))
        work += [(maker.make, (run, proof.files), run.page.title) for run in runs]
        current |= {(page.kind, page.order) for page in (item.page for item in [*everything, *proof.all])}
    work += [(proof.write, (each,), each.page.title) for proof, reports in proofs for each in reports]
    make_ready(out)  # before hours of work for a folder that takes nothing
    written, failed = _all(work, jobs, progress)
    there = [page for page in pages_in(out) if (page.kind, page.order) in current]  # not of an institute that is gone
    index = out / "index.html"
    write(index, index_html(there, sorted(failed), languages[0], out))
    written.append(index)
    if failed:
        raise BriefingError(written, failed)
    return written


def _all(work: list[tuple[Any, Any, str]], jobs: int | None, progress: bool) -> tuple[list[Path], list[tuple[str, str]]]:
    """Does all of `work`, some at a time: the files written, in its order, and what failed with the reason."""
    made: dict[int, list[Path]] = {}
    failed: list[tuple[str, str]] = []
    with ThreadPoolExecutor(min(jobs or processors(), max(len(work), 1))) as pool:
        pending = {pool.submit(call, *given): at for at, (call, given, _) in enumerate(work)}
        try:
            for future in _shown(as_completed(pending), len(pending), progress):
                at, error = pending[future], future.exception()
                if error is None:
                    done = future.result()
                    made[at] = done if isinstance(done, list) else [done]
                else:
                    failed.append((work[at][2], reason_of(error)))
        except BaseException:  # Ctrl-C: what has begun is finished, and kept for the next time; the rest is not begun
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return [path for at in sorted(made) for path in made[at]], failed


def _proving(runs: list[Run], proof: BesideBriefings) -> list[OfReport]:
    """The pages of evidence of all that `runs` tell of."""
    if any(run.page.kind == "comparison" for run in runs):
        return proof.all
    institutes = [run.parameters["institute"] for run in runs if run.page.kind in ("institute", "history")]
    return proof.of(institutes, [run.parameters["year"] for run in runs if run.page.kind == "year"])


def reason_of(error: BaseException) -> str:
    """What went wrong in a run: the notebook's own error where it was one, without the colours of a terminal."""
    name, value = getattr(error, "ename", type(error).__name__), getattr(error, "evalue", str(error))
    return re.sub(r"\x1b\[[0-9;]*m", "", f"{name}: {value}").strip()


def _shown(items: Iterable[Any], total: int, progress: bool) -> Iterable[Any]:
    from tqdm import tqdm

    return tqdm(items, total=total, desc="briefings", unit="page", disable=not progress)
