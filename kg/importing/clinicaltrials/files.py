"""The JSON texts in files: plain, compressed, or the members of a zip, as they were downloaded."""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

from kg.importing.clinicaltrials.elements import Element, elements

__all__ = ["Found", "find_elements", "list_files"]

_SUFFIXES = (".json", ".jsonl", ".ndjson", ".gz", ".zip")
_ENCRYPTED = 0x1
_OPENING = (b"{", b"[")
_UNREAD = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Found:
    """An element, and the file or the member of a zip that it stands in; ``head`` begins that.

    ``is_after_others`` says of a cut that whole elements stand before it.
    """

    source: str
    element: Element
    head: bytes | None = None
    is_after_others: bool = False

    @property
    def place(self) -> str:
        """The file with a JSON pointer, as far as it has one."""
        return f"{self.source}#{self.element.pointer}" if self.element.pointer else self.source

    @property
    def byte_place(self) -> str:
        """The file with the byte of the text, counted from 0, where the element begins."""
        return f"{self.source}, byte {self.element.offset}"


def list_files(paths: Iterable[Path]) -> Iterator[Path]:
    """Yield the files, and those that a folder holds in the order of their names."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix.lower() in _SUFFIXES)
        else:
            yield path


def find_elements(path: Path) -> Iterator[Found]:
    """Yield the elements of a file, or of each member of a zip; its first bytes tell which."""
    try:
        with path.open("rb") as file:
            if file.read(4)[:2] == b"PK":
                yield from _in_zip(path)
                return
        with _opened(path) as stream:
            yield from _in_text(path.name, stream)
    except _UNREAD as error:
        yield _unread(path.name, error)


def _in_zip(path: Path) -> Iterator[Found]:
    with zipfile.ZipFile(path) as archive:
        for member in archive.infolist():
            if not member.is_dir():
                yield from _in_member(archive, member, f"{path.name}!{member.filename}")


def _in_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, source: str) -> Iterator[Found]:
    if not member.filename.lower().endswith((".json", ".jsonl", ".ndjson", ".gz")):
        return
    if member.flag_bits & _ENCRYPTED:
        yield Found(source, Element("", 0, problem="it is encrypted"))
        return
    try:
        with archive.open(member) as stream:
            plain = gzip.GzipFile(fileobj=stream) if source.endswith(".gz") else stream
            yield from _in_text(source, cast(BinaryIO, plain))
    except _UNREAD as error:
        yield _unread(source, error)


def _in_text(source: str, stream: BinaryIO) -> Iterator[Found]:
    opened = _Forgiving(stream)
    head = opened.read(256)
    if opened.failure is None and head.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in _OPENING:
        yield Found(source, Element("", 0, problem="this is not JSON"), head)
        return
    opened.head = head
    is_cut = is_after_others = False
    for element in elements(cast(BinaryIO, opened)):
        is_cut |= element.is_cut
        yield Found(source, element, head, is_after_others)
        is_after_others |= not element.problem
    if opened.failure and not is_cut:
        yield replace(_unread(source, opened.failure), is_after_others=is_after_others)


def _unread(source: str, error: BaseException) -> Found:
    """Return that the file ends too early, or is damaged, from somewhere on."""
    reason = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return Found(source, Element("", 0, problem=f"{reason}".rstrip(".").lower(), is_cut=True))


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    with path.open("rb") as file:
        is_compressed = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        yield cast(BinaryIO, gzip.GzipFile(fileobj=file)) if is_compressed else file


@dataclass
class _Forgiving:
    """A stream that begins with ``head``, and ends where its file cannot be read any further."""

    stream: BinaryIO
    head: bytes = b""
    failure: BaseException | None = None

    def read(self, size: int) -> bytes:
        if self.head:
            head, self.head = self.head, b""
            return head
        parts = list[bytes]()
        try:
            while (left := size - sum(map(len, parts))) > 0 and (part := self._some(left)):
                parts.append(part)
        except _UNREAD as error:
            self.failure = error
        return b"".join(parts)

    def _some(self, size: int) -> bytes:
        # Of a gzip that is cut off, read gives nothing of what it had before it failed. A member
        # of a zip is to give nothing before its check sum is seen, as far as it is small.
        if isinstance(self.stream, gzip.GzipFile):
            return self.stream.read1(size)
        return self.stream.read(size)
