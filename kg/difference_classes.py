"""The classes of two snapshots, and what lies above each: a kind takes narrower ones along."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Classes", "read_classes"]

_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_SUBCLASS = b"<http://www.w3.org/2000/01/rdf-schema#subClassOf>"


@dataclass(frozen=True)
class Classes:
    """Classes by their IRIs, each with all that are wider in one of the snapshots."""

    wider: Mapping[str, frozenset[str]]

    @property
    def all(self) -> frozenset[str]:
        """The classes, and those above them."""
        return frozenset(self.wider).union(*self.wider.values())

    def narrowest(self, classes: Collection[str]) -> list[str]:
        """Return those of some classes that are not wider than another one of them, in order.

        >>> Classes({"e:trial": frozenset({"e:study"})}).narrowest(["e:study", "e:trial"])
        ['e:trial']
        """
        return sorted(each for each in classes if not self._is_wider(each, classes))

    def _is_wider(self, one: str, classes: Collection[str]) -> bool:
        return any(
            one in self.wider.get(each, ()) and each not in self.wider.get(one, ())
            for each in classes
        )


def read_classes(paths: Iterable[Path]) -> Classes:
    """Return the classes that files of canonical N-Quads give something, with wider ones."""
    used: set[bytes] = set()
    above: dict[bytes, set[bytes]] = defaultdict(set)
    for path in paths:
        for predicate, subject, value in _statements(path):
            if predicate == _TYPE:
                used.add(value)
            elif subject.startswith(b"<"):
                above[subject].add(value)
    return Classes({_iri(each): frozenset(map(_iri, _wider(each, above))) for each in used})


def _statements(path: Path) -> Iterator[tuple[bytes, bytes, bytes]]:
    with path.open("rb") as file:
        for line in file:
            subject, _, rest = line.partition(b" ")
            predicate, _, rest = rest.partition(b" ")
            if predicate in (_TYPE, _SUBCLASS) and rest.startswith(b"<"):
                yield predicate, subject, rest.partition(b" ")[0]


def _wider(start: bytes, above: Mapping[bytes, set[bytes]]) -> set[bytes]:
    found: set[bytes] = set()
    waiting = [start]
    while waiting:
        new = above.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found - {start}


def _iri(term: bytes) -> str:
    return term[1:-1].decode()
