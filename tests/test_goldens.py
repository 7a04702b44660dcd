"""The tracked tables are the goldens: a rebuild of data/raw gives them byte for byte, or the difference is shown."""

import difflib
from itertools import islice

import pytest

from jixiao.frames import TABLES

LINES = 40


@pytest.mark.parametrize("table", TABLES)
def test_a_rebuild_gives_the_tracked_table(built, root, table):
    golden, fresh = (folder / f"{table}.csv" for folder in (root / "data" / "processed", built))
    assert golden.is_file(), f"data/processed/{table}.csv is not there: `jixiao build` makes it"
    if golden.read_bytes() == fresh.read_bytes():
        return
    old, new = (path.read_text(encoding="utf-8").splitlines() for path in (golden, fresh))
    if old[0] != new[0]:
        gone, added = (set(one[0].split(",")) - set(other[0].split(",")) for one, other in ((old, new), (new, old)))
        pytest.fail(f"columns of {table}: gone {sorted(gone)}, added {sorted(added)}, or in another order", pytrace=False)
    lines = list(islice(difflib.unified_diff(old, new, f"tracked {table}.csv", "rebuilt", lineterm="", n=0), LINES))
    pytest.fail("\n".join(lines) or "the line ends differ", pytrace=False)


def test_no_table_is_tracked_that_is_not_built(root):
    assert {path.stem for path in (root / "data" / "processed").glob("*.csv")} == set(TABLES)
