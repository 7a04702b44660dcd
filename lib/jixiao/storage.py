"""A folder on this machine or, given as an address of fsspec (`s3://bucket/folder`), in an object store.

Keys and endpoints of a store are taken from where its library finds them (for S3 AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL and so on).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from math import inf
from pathlib import Path, PurePosixPath
from typing import IO, Any
from uuid import uuid4

# what tells one version of an object from another, under the names that stores have for it
_VERSIONS = ("ETag", "etag", "md5Hash", "content_md5", "LastModified", "last_modified", "mtime", "created", "size")
_FOLDERS = {"file", "local", "sftp", "ssh", "ftp", "smb", "hdfs"}  # stores that have folders, which must be there

TEMPORARY = ".tmp"  # what a file that is being written ends with


def is_address(place: str | Path) -> bool:
    """Whether `place` is an address and no path."""
    return isinstance(place, str) and "://" in place


def _store(address: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it. Raises OSError where the library for it is not installed."""
    try:
        import fsspec

        return fsspec.core.url_to_fs(address)
    except (ImportError, ValueError) as error:
        raise OSError(f"{address}: {error}; `pip install jixiao[cluster]` brings what object stores need") from error


def _ask(address: str, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
    """What a function of a store's library returns; its errors, of which each library has its own, as OSErrors that name the address."""
    try:
        return function(*arguments, **options)
    except FileNotFoundError as error:
        raise FileNotFoundError(f"{address}: {error}") from error
    except Exception as error:
        raise OSError(f"{address}: {error}; check the address, and the keys and the endpoint that the environment names") from error


@contextmanager
def on_disk(place: str | Path) -> Iterator[Path]:
    """The file at a path, or a copy of the one at an address for as long as the block lasts; a member of an archive as `a.zip!b.doc`.

    Raises OSError where there is none.
    """
    if not is_address(place):
        yield Path(place)
        return
    fs, path = _store(str(place))
    ends = [len(path), *(at for at, sign in enumerate(path) if sign == "!")]
    file = next((path[:end] for end in ends if _ask(str(place), fs.isfile, path[:end])), path)
    with tempfile.TemporaryDirectory(prefix="jixiao-") as folder:
        copy = Path(folder) / PurePosixPath(file).name
        _ask(str(place), fs.get_file, file, str(copy))
        yield Path(f"{copy}{path[len(file) :]}")


class Folder:
    """Files by their names in the folder, with `/` between parts. Can be sent to another process, or to another machine."""

    def __init__(self, place: str | Path):
        self.place = place.rstrip("/") if is_address(place) else Path(place)

    @property
    def address(self) -> str | None:
        return self.place if isinstance(self.place, str) else None

    def __truediv__(self, name: str) -> Folder:
        return Folder(f"{self.address}/{name}" if self.address else self.place / name)

    def __str__(self) -> str:
        return str(self.place)

    @property
    def absolute(self) -> Folder:
        """The same folder, wherever a process runs."""
        return self if self.address else Folder(self.place.absolute())

    def holds(self, other: Folder) -> bool:
        """Whether the other folder is this one or stands in it."""
        if self.address or other.address:
            return f"{other}/".startswith(f"{self}/")
        return other.place.resolve().is_relative_to(self.place.resolve())

    @property
    def parent(self) -> Folder:
        return Folder(self.address.rpartition("/")[0] if self.address else self.place.resolve().parent)

    def read(self, name: str) -> bytes:
        """The bytes of a file. Raises OSError."""
        with self.open(name) as file:
            return file.read()

    def write(self, name: str, data: bytes | memoryview) -> None:
        with self.create(name) as file:
            file.write(data)

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """A file to be read from. Raises OSError."""
        if self.address:
            fs, root = _store(self.address)
            with _ask(f"{self}/{name}", fs.open, f"{root}/{name}", "rb") as file:
                yield file
        else:
            with open(self.place / name, "rb") as file:
                yield file

    @contextmanager
    def create(self, name: str) -> Iterator[IO[bytes]]:
        """A file to be written to: whole, or not there."""
        if self.address:
            fs, path = self._for_writing(name)
            with fs.open(path, "wb") as file:  # an object is there when its file is closed
                yield file
            return
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_name(f".{path.name}.{uuid4().hex[:12]}{TEMPORARY}")
        try:
            with open(temporary, "wb") as file:
                yield file
            os.replace(temporary, path)
        except OSError as error:  # of a full disk, which does not say where
            error.filename = error.filename or str(path)
            raise
        finally:
            temporary.unlink(missing_ok=True)

    def files(self) -> dict[str, tuple[str, int]]:
        """All files under an address by name: what tells this version of it from others, and its bytes."""
        fs, root = _store(self.address)
        fs.invalidate_cache(root)
        found = {}
        for path, info in _ask(str(self), fs.find, root, detail=True).items():
            told = json.dumps([str(info[name]) for name in _VERSIONS if name in info])
            name = path.removeprefix(root.rstrip("/")).lstrip("/")
            found[name] = hashlib.sha256(told.encode()).hexdigest(), int(info.get("size") or 0)
        return found

    def names(self) -> list[str]:
        """What stands in the folder: files and folders, none where it is not there."""
        if not self.address:
            return [path.name for path in self.place.iterdir()] if self.place.is_dir() else []
        fs, root = _store(self.address)
        fs.invalidate_cache(root)
        return [path.rstrip("/").rpartition("/")[2] for path in fs.ls(root, detail=False)] if fs.isdir(root) else []

    def sizes(self, name: str) -> dict[str, int]:
        """The bytes of the files in a folder of the folder, by name. Raises OSError where it is not there."""
        if not self.address:
            return {path.name: path.stat().st_size for path in (self.place / name).iterdir()}
        return {path: size for path, (_, size) in (self / name).files().items()}

    def age(self, name: str) -> float:
        """Seconds since something was last written into a folder of the folder; as old as can be where that cannot be told."""
        try:
            if not self.address:
                return time.time() - (self.place / name).stat().st_mtime
            fs, root = _store(self.address)
            fs.invalidate_cache(f"{root}/{name}")
            return time.time() - max(fs.modified(path).timestamp() for path in fs.find(f"{root}/{name}"))
        except (OSError, ValueError, NotImplementedError):
            return inf

    def remove(self, name: str) -> None:
        """Remove a file, or a folder with all that stands in it, if it is there."""
        if self.address:
            fs, root = _store(self.address)
            with suppress(FileNotFoundError):
                fs.rm(f"{root}/{name}", recursive=True)
        else:
            path = self.place / name
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)

    def put(self, name: str, path: Path) -> None:
        """Copy a file of this machine to an address."""
        fs, target = self._for_writing(name)
        fs.put_file(str(path), target)

    def _for_writing(self, name: str) -> tuple[Any, str]:
        """The file system, and the path of a file in it whose folder is there, where there are folders."""
        fs, root = _store(self.address)
        path = f"{root}/{name}"
        if _FOLDERS & {*([fs.protocol] if isinstance(fs.protocol, str) else fs.protocol)}:
            fs.makedirs(path.rpartition("/")[0], exist_ok=True)  # in an object store this would make a bucket of a slip of the pen
        return fs, path

    def get(self, folder: Path) -> None:
        """Copy all files of an address into a folder of this machine."""
        fs, root = _store(self.address)
        for name in self.files():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            fs.get_file(f"{root}/{name}", str(folder / name))
