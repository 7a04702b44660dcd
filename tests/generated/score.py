"""Precision and recall by table, layout family and format over many seeds: `make score`.

    python -m generated.score [--seeds N] [--first N] [--family X] [--format Y] [--verbose]

`--verbose` prints the first differences of each family and format, with the seed to draw the document again.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, field

from jixiao.document import ReadingError
from jixiao.extract import Extraction, extract

from .compare import Outcome, compare, lost
from .families import FAMILIES
from .formats import FORMATS, read_as, written_as
from .model import COMPARED, Made


@dataclass
class Result:
    """What one family came to in one format."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    lost: list[tuple] = field(default_factory=list)
    unread: int = 0
    seconds: float = 0.0
    documents: int = 0
    differences: list[str] = field(default_factory=list)


def score_one(made: Made, form: str, result: Result) -> None:
    """Adds one document to `result`."""
    data = written_as(made, form)
    start = time.perf_counter()
    try:
        doc = read_as(made, form, data)
    except ReadingError as error:
        if error.code != "unsupported_format":
            raise
        result.unread += 1
        return
    found = extract(doc)
    result.seconds += time.perf_counter() - start
    result.documents += 1
    for name, outcome in compare(made.truth, found).items():
        result.outcomes.setdefault(name, Outcome())
        result.outcomes[name] += outcome
        result.differences += _told(made, form, name, outcome, found)
    silent = lost(doc, found)
    result.lost += silent
    result.differences += [f"{made.family}-{made.seed} {form} lost at table {t} row {r} col {c}: {text!r}" for t, r, c, text in silent]


def _told(made: Made, form: str, table: str, outcome: Outcome, found: Extraction) -> list[str]:
    lines = []
    for sign, rows in (("-", outcome.missing), ("+", outcome.extra)):
        lines += [f"{made.family}-{made.seed} {form} {table} {sign} {' | '.join('' if v is None else f'{v}' for v in row)}" for row in rows]
    if lines:
        lines += [f"      issue {i.code} {i.place} {i.printed!r}" for i in found.issues[:6]]
    return lines


def score(seeds: range, families: list[str], forms: list[str]) -> dict[tuple[str, str], Result]:
    """The result of each family in each format."""
    results = {(family, form): Result() for family in families for form in forms}
    for family in families:
        for seed in seeds:
            made = FAMILIES[family](seed)
            for form in forms:
                score_one(made, form, results[family, form])
    return results


def lines(results: dict[tuple[str, str], Result]):
    """The table: a row a family and format; of each compared table precision and recall, one figure where they agree."""
    names = {"execution": "exec.", "three_public": "3 public", "indicators": "indic."}
    yield f"{'family':<12} {'format':<6} " + " ".join(f"{names.get(t, t):>11}" for t in COMPARED) + f" {'lost':>5} {'s/doc':>6}"
    for (family, form), result in results.items():
        if not result.documents:
            yield f"{family:<12} {form:<6} {'not read' if result.unread else '':>11}"
            continue
        cells = [_cell(result.outcomes.get(table)) for table in COMPARED]
        yield f"{family:<12} {form:<6} " + " ".join(cells) + f" {len(result.lost):>5} {result.seconds / result.documents:>6.2f}"


def _cell(outcome: Outcome | None) -> str:
    if outcome is None or not (outcome.right + len(outcome.missing) + len(outcome.extra)):
        return f"{'·':>11}"
    one, two = f"{outcome.precision:.3f}", f"{outcome.recall:.3f}"
    return f"{one if one == two else f'{one}/{two}':>11}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10, help="how many documents of each family (10)")
    parser.add_argument("--first", type=int, default=1, help="the first seed (1)")
    parser.add_argument("--family", choices=list(FAMILIES), action="append")
    parser.add_argument("--format", choices=FORMATS, action="append")
    parser.add_argument("--verbose", nargs="?", type=int, const=20, default=0, help="how many differences of each to print")
    chosen = parser.parse_args()
    results = score(range(chosen.first, chosen.first + chosen.seeds), chosen.family or list(FAMILIES), chosen.format or list(FORMATS))
    print(*lines(results), sep="\n")
    for result in results.values():
        if chosen.verbose and result.differences:
            print(*result.differences[: chosen.verbose], sep="\n")


if __name__ == "__main__":
    main()
