"""The pages of a download on disk: which are there, and which one comes next."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from kg.disk_sync import sync
from kg.importing.clinicaltrials.files import find_elements
from kg.importing.clinicaltrials.node import MalformedError, Node, read_object

__all__ = ["BrokenPageError", "Page", "Request", "Shelf", "read_page"]

_REQUEST = ".request"
VERSION = "version.json"


class BrokenPageError(ValueError):
    """A page is no whole page of studies; the message says why."""


@dataclass(frozen=True)
class Request:
    """What was asked for, of which version of the data: pages of another request do not fit."""

    base: str
    query: str
    fields: tuple[str, ...]
    version: str


@dataclass(frozen=True)
class Page:
    """A page on disk: how many studies it has, the token of the next, how many there are in all."""

    path: Path
    studies: int
    token: str | None
    total: int | None


def read_page(path: Path) -> Page:
    """Return what a page says, without its studies; raises BrokenPageError."""
    studies, frame = 0, None
    for found in find_elements(path):
        if found.element.problem:
            raise BrokenPageError(f"{found.element.problem} (byte {found.element.offset})")
        if found.element.is_frame:
            frame = _frame(found.element.text)
        elif frame is None and found.element.pointer:
            studies += 1
        else:
            raise BrokenPageError("it is no page: it has no list of studies")
    if frame is None:
        raise BrokenPageError("it is no page: it has no list of studies")
    try:
        return Page(path, studies, frame.text("nextPageToken") or None, frame.whole("totalCount"))
    except MalformedError as error:
        raise BrokenPageError(f"{error.pointer}: {error}") from None


def _frame(text: bytes) -> Node:
    try:
        return Node(read_object(text))
    except ValueError as error:
        raise BrokenPageError(f"it is not JSON: {error}") from None


@dataclass(frozen=True)
class Shelf:
    """The folder of a download."""

    folder: Path

    def open(self, request: Request) -> list[Page]:
        """Return the pages of a request that are there, in order; those of another are removed.

        What follows a page that is missing or broken is removed as well.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._asked() != asdict(request):
            self.clear()
        pages = list[Page]()
        for path in self._paths():
            page = _page_or_none(path)
            is_next = path == self.place(len(pages)) and (not pages or pages[-1].token)
            if page is None or not is_next:
                self._remove(path)
            else:
                pages.append(page)
        self.write(_REQUEST, json.dumps(asdict(request), indent=2).encode() + b"\n")
        return pages

    def place(self, number: int) -> Path:
        """Return the path of a page, counted from 0."""
        return self.folder / f"page-{number + 1:05}.json"

    def part(self) -> Path:
        """Return the path that is written to while a page comes in."""
        return self.folder / ".page.part"

    def write(self, name: str, text: bytes) -> Path:
        """Write a small file, whole or not at all."""
        self.part().write_bytes(text)
        return self.keep(self.folder / name)

    def keep(self, path: Path) -> Path:
        """Give what came in its name, once it is on disk."""
        sync(self.part())
        self.part().replace(path)
        return path

    def clear(self) -> None:
        """Remove the pages, so that the next download begins anew."""
        for path in (*self._paths(), self.folder / _REQUEST):
            self._remove(path)

    def _paths(self) -> list[Path]:
        return sorted(self.folder.glob("page-*.json"))

    def _asked(self) -> object:
        try:
            value = json.loads((self.folder / _REQUEST).read_text(encoding="utf-8"))
            return {**value, "fields": tuple(value["fields"])}
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @staticmethod
    def _remove(path: Path) -> None:
        path.unlink(missing_ok=True)


def _page_or_none(path: Path) -> Page | None:
    try:
        return read_page(path)
    except BrokenPageError:
        return None
