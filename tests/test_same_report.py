"""One report in several formats gives the same tables, but for places and longer wording."""

from dataclasses import asdict
from pathlib import Path

import pytest

from jixiao import readers
from jixiao.extract import extract
from jixiao.facts import Statement

RAW = Path(__file__).parents[1] / "data" / "raw"
WORDING = {"place", "what", "criterion", "explanation", "deviation_reason", "item_printed", "name_printed", "printed"}
OF_THE_FILE = {"source_file", "source_format", "pages", "sha256"}


def tables(path):
    """All rows, without their places and their wording."""
    found = extract(readers.read(path))
    # what prose says besides the figures is wording too
    figures = [fact for fact in found.facts if not isinstance(fact, Statement)]
    facts = [(type(f).__name__, {k: v for k, v in asdict(f).items() if k not in WORDING}) for f in figures]
    report = {k: v for k, v in asdict(found.report).items() if k not in OF_THE_FILE}
    return found.institute, found.fiscal_year, report, [issue.code for issue in found.issues], facts


@pytest.mark.parametrize(
    ("raw", "edition"),
    [
        ("zhuzhou-2024.pdf", "zhuzhou-2024.pdf"),
        ("zhuzhou-2024.pdf", "zhuzhou-2024.txt"),
        ("hengyang-2024.docx", "hengyang-2024.docx"),
        ("hengyang-2024.docx", "hengyang-2024.txt"),
        ("changji-2020.doc", "changji-2020.doc"),
        ("changji-2020.doc", "changji-2020.txt"),
        ("quwo-2021.doc", "quwo-2021.doc"),
        ("quwo-2021.doc", "quwo-2021.txt"),
    ],
)
def test_the_full_edition_gives_the_same_tables(raw, edition, shared):
    assert tables(shared / "reports" / edition) == tables(RAW / raw)
