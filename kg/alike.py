"""Subjects that are alike: the same types and keys, and known by the same links.

What a check asks of types and keys alone holds of all that are alike, or of none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from pyoxigraph import RdfFormat, Store, parse

from kg.checks import Check, run_checks
from kg.graph_parts import Part
from kg.shape_reach import SUBCLASS, TYPE
from kg.shapes import Result

__all__ = ["KNOWN_BY", "Alike"]

_ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology/"
KNOWN_BY = frozenset({f"{_ONTOLOGY}passage", f"{_ONTOLOGY}range"})
"""Properties by which things without a type are known."""

_KNOWN_BY = frozenset(f"<{name}>".encode() for name in KNOWN_BY)

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_OWL = "http://www.w3.org/2002/07/owl#"
_TYPE = f"<{TYPE}>".encode()
_OWL_CLASS = f"<{_OWL}".encode()
_AXIOMS = frozenset(
    f"<{name}>".encode()
    for name in (
        SUBCLASS,
        f"{_RDFS}domain",
        f"{_RDF}first",
        f"{_RDF}rest",
        f"{_OWL}members",
        f"{_OWL}equivalentClass",
    )
)

_Terms = tuple[bytes, ...]
_Likeness = tuple[bool, _Terms, _Terms, frozenset[bytes]]


@dataclass
class Alike:
    """Sorts the subjects of parts by what they are like; ``file`` is for their names."""

    file: Path
    _numbers: dict[_Likeness, int] = field(default_factory=dict, init=False)
    _examples: list[bytes] = field(default_factory=list, init=False)
    _lines: list[bytes] = field(default_factory=list, init=False)

    def add(self, part: Part) -> None:
        """Take the subjects of a part."""
        known = _pointing(part)
        with self.file.open("ab") as named:
            for start, end, types, keys in self._subjects(part):
                subject = part.lines[start].partition(b" ")[0]
                pointing = known.get(subject, ())
                links = frozenset(line.split(b" ", 2)[1] for line in pointing)
                likeness = (subject.startswith(b"_:"), types, keys, links)
                number = self._numbers.get(likeness)
                if number is None:
                    number = self._numbers[likeness] = len(self._numbers)
                    self._examples.append(subject)
                    self._lines += part.lines[start:end]
                    self._lines += pointing
                named.write(b"%d %b\n" % (number, subject))

    def results(self, checks: Iterable[Check]) -> Iterator[Result]:
        """Yield what checks of types and keys find in all subjects."""
        store = Store()
        store.extend(parse(b"".join(self._lines), format=RdfFormat.N_QUADS))
        by_example = dict[bytes, list[Result]]()
        for result in run_checks(store, checks):
            by_example.setdefault(result.focus.encode(), []).append(result)
        found = {
            number: by_example[subject]
            for number, subject in enumerate(self._examples)
            if subject in by_example
        }
        if found:
            yield from self._spread(found)

    def _spread(self, found: dict[int, list[Result]]) -> Iterator[Result]:
        with self.file.open("rb") as named:
            for line in named:
                number, _, subject = line.rstrip(b"\n").partition(b" ")
                for result in found.get(int(number), ()):
                    yield result._replace(focus=subject.decode())

    def _subjects(self, part: Part) -> Iterator[tuple[int, int, _Terms, _Terms]]:
        """Yield where the lines of each subject start and end, its types and its keys."""
        start, current, last = 0, b" ", b""
        types, keys = dict[bytes, None](), list[bytes]()
        for at, (line, key) in enumerate(zip(part.lines, part.keys, strict=True)):
            if not line.startswith(current):
                if at:
                    yield start, at, (*types,), (*keys,)
                start, current, last = at, line[: line.index(b" ") + 1], b""
                types, keys = {}, []
            if key == _TYPE:
                kind = line.split(b" ", 3)[2]
                types[kind] = None
                if kind.startswith(_OWL_CLASS):
                    self._lines.append(line)
            elif key != last:
                keys.append(key)
                last = key
                if key in _AXIOMS:
                    self._lines.append(line)
            elif key in _AXIOMS:
                self._lines.append(line)
        if part.lines:
            yield start, len(part.lines), (*types,), (*keys,)


def _pointing(part: Part) -> Mapping[bytes, list[bytes]]:
    """Return the lines by which things are known, by the things."""
    own = (line for line, key in zip(part.lines, part.keys, strict=True) if key in _KNOWN_BY)
    beside = (line for line in part.beside if line.split(b" ", 2)[1] in _KNOWN_BY)
    found = dict[bytes, list[bytes]]()
    for line in chain(own, beside):
        found.setdefault(line.split(b" ", 3)[2], []).append(line)
    return found
