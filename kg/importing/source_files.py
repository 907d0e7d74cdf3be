"""The files that an import reads: found in folders, told by their digests, unzipped."""

from __future__ import annotations

import gzip
import hashlib
import shutil
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from kg.problem import Place, Problem, Refused

__all__ = [
    "SourceFile",
    "UnreadableFilesError",
    "changed_files",
    "digest_files",
    "find_files",
    "unzipped",
]

_GZIP = ".gz"


class UnreadableFilesError(OSError):
    """Files that were named cannot be read; the message has a line for each."""


@dataclass(frozen=True, order=True)
class SourceFile:
    """A file to import: its portable name, its path, and the size and time by which it is known."""

    name: str
    path: Path
    stamp: tuple[int, int]


def find_files(paths: Sequence[Path], endings: Sequence[str]) -> tuple[SourceFile, ...]:
    """Return the files of paths and, within folders, those with an ending, by their names.

    A file that is named is taken whatever its ending. Hidden files of folders are left out.
    Raises UnreadableFilesError for paths that cannot be read, and else Refused for folders that
    give no file.
    """
    found: dict[Path, str] = {}
    problems, unreadable = [], []
    for path in paths:
        try:
            files = [*_files(path, endings)]
        except OSError as error:
            reason = (error.strerror or str(error)).lower()
            unreadable.append(f"{path}: cannot be read: {reason}")
            continue
        if not files:
            known = ", ".join(endings)
            message = f"no file in this folder ends in {known}; name the files themselves"
            problems.append(Problem(Place(str(path), 0), message))
        for file in files:
            name = file.relative_to(path if path.is_dir() else path.parent).as_posix()
            found.setdefault(file.resolve(), name)
    if unreadable:
        raise UnreadableFilesError("\n".join(unreadable))
    if problems:
        raise Refused(problems)
    return _named(found)


def digest_files(files: Sequence[SourceFile]) -> dict[str, str]:
    """Return the SHA-256 of each file by its name."""
    digests = {}
    for each in files:
        with each.path.open("rb") as file:
            digests[each.name] = hashlib.file_digest(file, "sha256").hexdigest()
    return digests


def changed_files(files: Sequence[SourceFile]) -> tuple[SourceFile, ...]:
    """Return the files that are not what they were when they were found."""
    return tuple(
        each for each in files if not each.path.exists() or _stamp(each.path) != each.stamp
    )


def unzipped(files: Sequence[SourceFile], folder: Path) -> tuple[Path, ...]:
    """Return the paths of the files, those of gzipped ones as unzipped copies in a folder.

    Raises Refused for a file that is cut off or no gzip file.
    """
    return tuple(
        _unzip(each.path, folder / str(number)) if each.path.suffix == _GZIP else each.path
        for number, each in enumerate(files)
    )


def _files(path: Path, endings: Sequence[str]) -> Iterator[Path]:
    if not path.is_dir():
        with path.open("rb"):
            yield path
        return
    wanted = tuple(f"{ending}{zipped}" for ending in endings for zipped in ("", _GZIP))
    for file in sorted(path.rglob("*")):
        hidden = any(part.startswith(".") for part in file.relative_to(path).parts)
        if file.name.lower().endswith(wanted) and not hidden and file.is_file():
            yield file


def _named(found: dict[Path, str]) -> tuple[SourceFile, ...]:
    """Return files by their names, numbered where two have the same one."""
    named: dict[str, Path] = {}
    for path, name in sorted(found.items(), key=lambda item: (item[1], item[0])):
        number = sum(each == name or each.startswith(f"{name} (") for each in named)
        named[f"{name} ({number})" if number else name] = path
    return tuple(SourceFile(name, path, _stamp(path)) for name, path in named.items())


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def _unzip(path: Path, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / path.stem
    try:
        with gzip.open(path) as source, target.open("wb") as copy:
            shutil.copyfileobj(source, copy, 1 << 20)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        message = f"this is no whole gzip file ({error}); fetch it again"
        raise Refused([Problem(Place(str(path), 0), message)]) from None
    return target
