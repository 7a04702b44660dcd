"""Tables of reports that are called and described so as to harm a careless site, and what a site of them holds."""

from pathlib import Path

import pandas as pd

import sample_tables
from jixiao import frames

STRANGE = "</script><script>alert(1)</script>甲县\"onmouseover='x'<img src=x onerror=alert(2)>/../所"
REGION = "<i>某省</i>&amp;"
PLAIN = "乙市计量所"


def write(folder: Path) -> Path:
    """Tables of two institutes, one called and described so as to harm a careless page and with reports of two years."""
    found = sample_tables.audited(sample_tables.tables(2, (2023, 2024), seed=8), seed=3)
    found = {table: frame[frame["report_id"].ne("sample1-2023")].reset_index(drop=True) for table, frame in found.items()}
    called = dict(zip(sample_tables.names(2), (STRANGE, PLAIN), strict=True))
    for table, frame in found.items():
        if "institute" in frame:
            found[table] = frame.assign(institute=frame["institute"].map(called).astype("str"))
    found["reports"] = found["reports"].assign(province=REGION, city="javascript:alert(3)", supervisor="=局")
    found["findings"] = found["findings"].assign(message="<script>alert(4)</script>", detail="</td><b>x</b>")
    found["funds"] = found["funds"].assign(item_printed="<b onclick=x>", printed="")
    lost = {**found["reports"].iloc[0].to_dict(), "report_id": "lost", "institute": None, "fiscal_year": None, "duplicate_of": None}
    found["reports"] = frames.conform("reports", pd.concat([found["reports"], pd.DataFrame([lost])], ignore_index=True))
    return sample_tables.write_frames(folder, found)


def contents(folder: Path) -> dict[str, bytes]:
    """The files that a reader of the site sees."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file() and ".new" not in path.parts
    }
