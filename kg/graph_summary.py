"""What sorted lines of N-Quads hold, counted as they pass: triples, claims, what graphs share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import eq

from kg.change import graph_of_line
from kg.merging import Shared, find_shared
from kg.quad_lines import split_line

__all__ = ["Summary"]

_CLAIM = b"<https://w3id.org/sarcoma-kg/ontology/Claim>"
_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_PASSAGE = b"<https://w3id.org/sarcoma-kg/ontology/passage>"
_OF_CLAIMS = frozenset([_TYPE, _PASSAGE])
_END = -len(b" .\n")


@dataclass
class Summary:
    """Counts of the lines it was given, in their order; claims stand in their subject's lines."""

    _triples: Counter[bytes] = field(default_factory=Counter, init=False)
    _claims: Counter[bytes] = field(default_factory=Counter, init=False)
    _stated: set[tuple[bytes, bytes]] = field(default_factory=set, init=False)
    _are_claims: set[bytes] = field(default_factory=set, init=False)
    _groups: set[frozenset[str]] = field(default_factory=set, init=False)
    _tail: list[bytes] = field(default_factory=list, init=False)

    def add(self, block: Sequence[bytes]) -> None:
        """Count some more lines."""
        parts = [line.split(b" ", 3) for line in block]
        subjects, _, values, rests = zip(*parts, strict=True)
        # The last term of a line, where it is not its object, is its graph.
        self._triples.update([rest[rest.rfind(b" ", 0, _END) + 1 : _END] for rest in rests])
        self._find_shared(block, values)
        self._add_claims([each for each in parts if each[1] in _OF_CLAIMS])
        self._settle(but=subjects[-1])

    @property
    def total(self) -> int:
        """How many lines there were."""
        return self._triples.total()

    @property
    def counts(self) -> dict[str, tuple[int, int]]:
        """Triples and claims of each graph, by its name; the default graph is empty."""
        self._settle()
        found = Counter[str]()
        for last, count in self._triples.items():
            # Of a literal in the default graph it is the end, and no name of a graph.
            found[_name(last)] += count
        claims = {_name(graph): count for graph, count in self._claims.items()}
        return {name: (found[name], claims.get(name, 0)) for name in sorted(found)}

    @property
    def shared(self) -> Shared:
        """Which graphs have a triple in common."""
        return frozenset(self._groups | find_shared(self._tail))

    def _find_shared(self, block: Sequence[bytes], values: Sequence[bytes]) -> None:
        """Look for triples of several graphs: their lines follow each other."""
        alike = [at for at, same in enumerate(map(eq, values, values[1:])) if same]
        near = sorted({0, len(block) - 1, *alike, *(at + 1 for at in alike)})
        lines = [*self._tail, *(block[at] for at in near)]
        # What may go on in the next block waits for it.
        start, cut = _start(lines[-1]), len(lines) - 1
        while cut and _start(lines[cut - 1]) == start:
            cut -= 1
        self._groups |= find_shared(lines[:cut])
        self._tail = lines[cut:]

    def _add_claims(self, parts: Iterable[Sequence[bytes]]) -> None:
        for subject, predicate, value, rest in parts:
            if predicate == _TYPE:
                if value == _CLAIM:
                    self._are_claims.add(subject)
            else:
                graph = split_line(b" ".join((subject, predicate, value, rest)))[3]
                self._stated.add((subject, graph))

    def _settle(self, *, but: bytes = b"") -> None:
        """Count the claims of all subjects whose lines are over."""
        open_, stated = set[tuple[bytes, bytes]](), self._stated
        for subject, graph in stated:
            if subject == but:
                open_.add((subject, graph))
            elif subject in self._are_claims:
                self._claims[graph] += 1
        self._stated, self._are_claims = open_, self._are_claims & {but}


def _name(last: bytes) -> str:
    return graph_of_line(b"<e:a> <e:a> <e:a> " + last + b" .")


def _start(line: bytes) -> list[bytes]:
    """Return subject, predicate and the first word of the object of a line."""
    return line.split(b" ", 3)[:3]
