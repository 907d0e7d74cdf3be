"""The triples of some properties, of a large graph, in a store of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse

from kg.checks import Check
from kg.database_loading import write_database
from kg.graph_parts import Part
from kg.shape_reach import TYPE

__all__ = ["MOST_KEYS", "KeyStore", "named_keys"]

_PREFIX = re.compile(r"(?im)^\s*PREFIX\s+([\w.-]*):\s*<([^>]*)>")
_NAME = re.compile(r"(?<![\w<])([A-Za-z][\w.-]*)?:([A-Za-z_][\w-]*)")
_IRI = re.compile(r"<([^<>\"\s]+)>")
MOST_KEYS = 8_000_000
"""How many triples of these keys are held in memory."""

_NODES = (b"<", b"_")
_ANY_BLANK = re.compile(rb"_:")
_AT_ONCE = 1 << 24


def named_keys(check: Check) -> frozenset[str]:
    """Return the IRIs that the text of a check names, and rdf:type, which may be written as "a".

    >>> from kg.problem import Severity
    >>> text = "PREFIX : <e:> SELECT * { ?focus :a/<e:b> 1 }"
    >>> sorted(named_keys(Check("", "", Severity.INFO, text, "")) - {TYPE})
    ['e:', 'e:a', 'e:b']
    """
    prefixes = {found[1]: found[2] for found in _PREFIX.finditer(check.text)}
    names = (
        prefixes[found[1] or ""] + found[2]
        for found in _NAME.finditer(check.text)
        if (found[1] or "") in prefixes
    )
    return frozenset({TYPE, *names, *_IRI.findall(check.text)})


@dataclass
class KeyStore:
    """The triples of these keys as one graph: in memory, or on disk where they are many.

    Of what is referred to by other keys it has some triple that does so. ``folder`` is for what
    is on disk.
    """

    folder: Path
    keys: frozenset[str]
    most: int = MOST_KEYS
    _count: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._terms = frozenset(f"<{key}>".encode() for key in self.keys)
        self._file = self.folder / "keys.nq"
        self._file.touch()

    def add(self, part: Part) -> None:
        """Take the triples of a part."""
        with self._file.open("ab") as file:
            lines = [*_triples(part, self._terms)]
            file.writelines(lines)
        self._count += len(lines)

    def load(self) -> Store:
        """Return the triples as one graph."""
        if self._count <= self.most:
            return _in_memory(self._file)
        write_database(self.folder / "keys", self._file)
        return Store.read_only(str(self.folder / "keys"))


def _triples(part: Part, keys: frozenset[bytes]) -> Iterator[bytes]:
    """Yield the triples of some properties, and one for each other thing that is referred to."""
    seen = set[bytes]()
    for line, key in zip(part.lines, part.keys, strict=True):
        if key in keys:
            yield line
            continue
        value = line.split(b" ", 3)[2]
        if value not in seen and value[:1] in _NODES:
            seen.add(value)
            yield line


def _in_memory(file: Path) -> Store:
    store = Store()
    # The loader names blank nodes anew.
    if _has_blank_nodes(file):
        store.bulk_extend(parse(path=str(file), format=RdfFormat.N_TRIPLES))
    else:
        store.bulk_load(path=file, format=RdfFormat.N_TRIPLES, lenient=True)
    return store


def _has_blank_nodes(path: Path) -> bool:
    with path.open("rb") as file:
        while text := file.read(_AT_ONCE):
            if _ANY_BLANK.search(text + file.readline()):
                return True
    return False
