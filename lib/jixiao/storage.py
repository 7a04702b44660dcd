"""A folder on this machine or, given as an address of fsspec (`s3://bucket/folder`), in an object store."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any


def is_address(folder: str | Path) -> bool:
    """Whether `folder` is an address and no path."""
    return "://" in str(folder)


class Folder:
    """Files by their names in the folder, with `/` between parts. Can be sent to another process, or to another machine."""

    def __init__(self, folder: str | Path, options: dict[str, Any] | None = None):
        self.address = str(folder).rstrip("/") if is_address(folder) else str(folder)
        self.options = options

    @property
    def _path(self) -> Path | None:
        return None if is_address(self.address) else Path(self.address)

    def _store(self):
        import fsspec

        return fsspec.core.url_to_fs(self.address, **(self.options or {}))

    def within(self, name: str) -> Folder:
        """The folder `name` in this one."""
        return Folder(f"{self.address}/{name}", self.options)

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises OSError."""
        with self.open(name) as file:
            return file.read()

    def write(self, name: str, data: bytes) -> None:
        with self.create(name) as file:
            file.write(data)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """A file to be read from."""
        if self._path is not None:
            with open(self._path / name, "rb") as file:
                yield file
        else:
            fs, root = self._store()
            with fs.open(f"{root}/{name}", "rb") as file:
                yield file

    @contextmanager
    def create(self, name: str) -> Iterator[IO[bytes]]:
        """A file to be written to: whole, or not there."""
        if self._path is not None:
            path = self._path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            temporary = path.with_name(f".{path.name}.{os.getpid()}")
            try:
                with open(temporary, "wb") as file:
                    yield file
                os.replace(temporary, path)
            finally:
                temporary.unlink(missing_ok=True)
        else:
            fs, root = self._store()
            with fs.open(f"{root}/{name}", "wb") as file:  # an object is there when its file is closed
                yield file

    def names(self) -> list[str]:
        """What stands in the folder: files and folders, none where it is not there."""
        if self._path is not None:
            return [path.name for path in self._path.iterdir()] if self._path.is_dir() else []
        fs, root = self._store()
        fs.invalidate_cache(root)
        return [path.rstrip("/").rpartition("/")[2] for path in fs.ls(root, detail=False)] if fs.isdir(root) else []

    def remove(self, name: str) -> None:
        """Remove a file, or a folder with all that stands in it."""
        if self._path is not None:
            path = self._path / name
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
        else:
            fs, root = self._store()
            fs.rm(f"{root}/{name}", recursive=True)
