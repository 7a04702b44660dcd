"""The reports of a folder: which files they are and what each is called in the tables."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .cache import digest

_DROPPINGS = {"thumbs.db", "desktop.ini"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file of a build: `name` is its path inside the folder of reports, `sha256` None where it could not be read."""

    path: Path
    name: str
    report_id: str
    sha256: str | None


def find(raw: Path) -> list[Source]:
    """The reports under `raw`, by report_id: every file but hidden ones, README*.md and the locks Word leaves (~$…)."""
    paths = {_name(path.relative_to(raw)): path for path in raw.rglob("*") if _is_report(path.relative_to(raw)) and path.is_file()}
    ids = report_ids(list(paths))
    found = [Source(path, name, ids[name], _digest(path)) for name, path in paths.items()]
    return sorted(found, key=lambda source: source.report_id)


def one(path: Path) -> Source:
    """A single file as a source. Raises OSError where there is none."""
    name = _name(Path(path.name))
    return Source(path, name, report_ids([name])[name], digest(path))


def report_ids(names: list[str]) -> dict[str, str]:
    """Name → report_id: the file's stem; where files share it, the name with its ending; where they share that, the whole path."""
    forms = {name: (PurePosixPath(name).stem, PurePosixPath(name).name, name) for name in names}
    level = dict.fromkeys(names, 0)
    while True:
        ids = {name: forms[name][level[name]] for name in names}
        count = Counter(ids.values())
        # a.pdf.docx has the stem a.pdf, so a longer form may meet another file's shorter one
        shared = [name for name in names if count[ids[name]] > 1 and level[name] < 2]
        if not shared:
            return ids
        for name in shared:
            level[name] += 1


def _is_report(path: Path) -> bool:
    name = path.name.lower()
    if any(part.startswith(".") for part in path.parts) or name.startswith("~$") or name in _DROPPINGS:
        return False
    return not (name.startswith("readme") and name.endswith(".md"))


def _name(path: Path) -> str:
    # a name that is not UTF-8 (unpacked from a Windows archive) could not be written to the tables
    return path.as_posix().encode("utf-8", "backslashreplace").decode("utf-8")


def _digest(path: Path) -> str | None:
    try:
        return digest(path)
    except OSError:
        return None
