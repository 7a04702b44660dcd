"""The folder of a site. A new site is made in a folder inside it, and takes the place of the old one when it is whole.

What an interrupted run has made is still there for the next one; the list of what a run wrote tells the pages from other files.
"""

from __future__ import annotations

import errno
import filecmp
import json
import os
import shutil
import sys
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from .pages import write

LIST = ".site.json"  # the files that a run wrote, and the languages
_WORK = ".new"
_LOCK = ".site.lock"  # held by the run that writes the site


class SiteFolder:
    """The folder `out` of a site in `languages`. Raises ValueError where its list is damaged, or names a language that would be lost."""

    def __init__(self, out: Path, languages: Sequence[str]) -> None:
        self.out, self.work, self._languages = out, out / _WORK, list(languages)
        self._earlier, before = _listed(out)  # the files are read once more when the folder is this run's alone
        if lost := [each for each in before if each not in languages]:
            both = " ".join(dict.fromkeys([*languages, *lost]))
            raise ValueError(
                f"{out} holds the site in {', '.join(lost)}, too: name all of its languages ({both}), or choose another folder"
            )

    @contextmanager
    def begin(self) -> Iterator[Path]:
        """The folder to make the site in, with what there is of the old one and of a run that did not end.

        Raises OSError where another run is writing the same site.
        """
        self.work.mkdir(parents=True, exist_ok=True)
        with _alone(self.out / _LOCK):
            self._earlier, _ = _listed(self.out)
            for name in self._earlier:
                old, new = self.out / name, self.work / name
                if self._is_ours(old) and old.is_file() and not new.exists():
                    new.parent.mkdir(parents=True, exist_ok=True)
                    _link(old, new)
            yield self.work

    def commit(self, made: Collection[Path]) -> None:
        """Move the files `made` into place, the last ones last, and take away what an earlier run wrote and this one did not.

        What came out as it was stays untouched. Raises OSError with the file that cannot be replaced.
        """
        names = [path.relative_to(self.work).as_posix() for path in dict.fromkeys(made) if path.is_file()]
        gone = sorted(set(self._earlier).difference(names))
        self._list([*names, *gone])  # a run that is killed from here on leaves no page that the next one does not know
        for name in names:
            new, old = self.work / name, self.out / name
            if old.is_file() and (old.samefile(new) or filecmp.cmp(old, new, shallow=False)):
                continue
            old.parent.mkdir(parents=True, exist_ok=True)
            try:
                os.replace(new, old)
            except PermissionError as error:  # Windows, while a program has the file open
                raise PermissionError(
                    error.errno, "cannot be replaced: close the program that has it open and run again", str(old)
                ) from error
        for name in gone:
            if self._is_ours(self.out / name):
                (self.out / name).unlink(missing_ok=True)
                with suppress(OSError):  # it holds other files
                    (self.out / name).parent.rmdir()
        self._list(names)
        shutil.rmtree(self.work, ignore_errors=True)

    def _list(self, names: Collection[str]) -> None:
        told = {"languages": self._languages, "files": sorted(names)}
        write(self.out / LIST, json.dumps(told, ensure_ascii=False, indent=1) + "\n")

    def _is_ours(self, path: Path) -> bool:
        """Whether a path of the list leads to no file outside the site."""
        return path.resolve().is_relative_to(self.out.resolve())


def _listed(out: Path) -> tuple[list[str], list[str]]:
    """The files that an earlier run wrote into `out`, and its languages. Raises ValueError where its list cannot be read."""
    try:
        told = json.loads((out / LIST).read_text(encoding="utf-8"))
        return list(told["files"]), list(told.get("languages", []))
    except FileNotFoundError:
        return [], []
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"{out / LIST} cannot be read ({error}): delete it and the old pages, or choose another folder") from error


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock of that file; the system takes it from a run that dies. Raises OSError where another run holds it."""
    with path.open("a") as file:
        try:
            if sys.platform == "win32":
                import msvcrt

                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
                raise
            raise OSError(
                errno.EBUSY, "another run is writing this site: wait until it has ended, or choose another folder", str(path.parent)
            ) from error
        yield


def _link(old: Path, new: Path) -> None:
    """The same file in a second place; pages are replaced, never written into."""
    try:
        os.link(old, new)
    except OSError:  # a file system without links
        shutil.copy2(old, new)
