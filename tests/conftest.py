"""What many tests need."""

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("untimed", deadline=None)  # how long an example takes depends on what else the machine does
settings.load_profile("untimed")

ROOT = Path(__file__).parents[1]
RAW = ROOT / "data" / "raw"


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder beside the checkout that holds the reports with their full wording; it is not everywhere."""
    folder = ROOT.parent / "shared"
    if not (folder / "reports").is_dir():
        pytest.skip("the reports with their full wording (../shared/reports) are not on this machine")
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory) -> Path:
    """The tables of data/raw, built anew without anything from before."""
    from jixiao import corpus

    out = tmp_path_factory.mktemp("built") / "processed"
    corpus.build(RAW, out, jobs=1, progress=False)
    return out
