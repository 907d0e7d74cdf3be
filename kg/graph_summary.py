"""What sorted lines of N-Quads hold, counted as they pass: triples, claims, what graphs share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from kg.change import graph_of_line
from kg.merging import Shared, find_shared
from kg.quad_lines import split_line

__all__ = ["Summary"]

_CLAIM = b"<https://w3id.org/sarcoma-kg/ontology/Claim>"
_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
_PASSAGE = b"<https://w3id.org/sarcoma-kg/ontology/passage>"


@dataclass
class Summary:
    """Counts of the lines it was given, in their order; claims stand in their subject's lines."""

    _triples: Counter[bytes] = field(default_factory=Counter, init=False)
    _claims: Counter[bytes] = field(default_factory=Counter, init=False)
    _stated: set[tuple[bytes, bytes]] = field(default_factory=set, init=False)
    _are_claims: set[bytes] = field(default_factory=set, init=False)
    _groups: set[frozenset[str]] = field(default_factory=set, init=False)
    _last: bytes = field(default=b"", init=False)

    def add(self, block: Sequence[bytes]) -> None:
        """Count some more lines."""
        parts = [line[:-3].split(b" ", 2) for line in block]
        # The last term of a line, where it is not its object, is its graph.
        rests = [rest for _, _, rest in parts]
        self._triples.update(
            [rest[rest.rfind(b" ") + 1 :] if b" " in rest else b"" for rest in rests]
        )
        self._groups |= find_shared([self._last, *block] if self._last else block)
        self._add_claims(block, [predicate for _, predicate, _ in parts])
        self._last = block[-1]

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
        return frozenset(self._groups)

    def _add_claims(self, block: Sequence[bytes], predicates: Sequence[bytes]) -> None:
        for line, predicate in zip(block, predicates, strict=True):
            if predicate == _PASSAGE:
                subject, _, _, graph = split_line(line)
                self._stated.add((subject, graph))
            elif predicate == _TYPE and _CLAIM in line:
                subject, _, value, _ = split_line(line)
                if value == _CLAIM:
                    self._are_claims.add(subject)
        self._settle(but=block[-1].partition(b" ")[0])

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
