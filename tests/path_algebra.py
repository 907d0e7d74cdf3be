"""Property paths by their definitions, for tests: paths that write and evaluate themselves.

Straight from https://www.w3.org/TR/sparql11-query/#PropertyPathPatterns, on a handful of triples:
a path is a multiset of the pairs that it leads from and to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from sparql_algebra import Dataset, Pattern, Solution, Triples, join

__all__ = [
    "Block",
    "Choice",
    "DoubtfulError",
    "Exists",
    "Inverse",
    "Link",
    "Negated",
    "Node",
    "Properties",
    "Repeated",
    "Sequence",
    "Way",
]

Pairs = Counter[tuple[str, str]]


class DoubtfulError(ValueError):
    """The standard does not say how often a solution comes."""


class Way:
    """A path: its text, and the pairs that it leads from and to; an end may be given."""

    def text(self) -> str:
        raise NotImplementedError

    def pairs(self, triples: Triples, start: str | None, end: str | None) -> Pairs:
        raise NotImplementedError


@dataclass(frozen=True)
class Link(Way):
    """A predicate."""

    predicate: str

    def text(self) -> str:
        return self.predicate

    def pairs(self, triples: Triples, start: str | None, end: str | None) -> Pairs:
        return _chosen(((s, o) for s, p, o in triples if p == self.predicate), start, end)


@dataclass(frozen=True)
class Inverse(Way):
    """A path from its end to its start."""

    inner: Way

    def text(self) -> str:
        return f"^({self.inner.text()})"

    def pairs(self, triples: Triples, start: str | None, end: str | None) -> Pairs:
        found = self.inner.pairs(triples, end, start)
        return Counter({(o, s): number for (s, o), number in found.items()})


@dataclass(frozen=True)
class Sequence(Way):
    """One path after the other, once for each node between."""

    left: Way
    right: Way

    def text(self) -> str:
        return f"({self.left.text()})/({self.right.text()})"

    def pairs(self, triples: Triples, start: str | None, end: str | None) -> Pairs:
        found: Pairs = Counter()
        second = self.right.pairs(triples, None, end)
        first = self.left.pairs(triples, start, None)
        for (one, number), (other, times) in product(first.items(), second.items()):
            if one[1] == other[0]:
                found[one[0], other[1]] += number * times
        return found


@dataclass(frozen=True)
class Choice(Way):
    """Either of two paths, with the solutions of both."""

    left: Way
    right: Way

    def text(self) -> str:
        return f"({self.left.text()}|{self.right.text()})"

    def pairs(self, triples: Triples, start: str | None, end: str | None) -> Pairs:
        return self.left.pairs(triples, start, end) + self.right.pairs(triples, start, end)


@dataclass(frozen=True)
class Repeated(Way):
    """A path of ``*``, ``+`` or ``?``: each node that is reached counts once."""

    inner: Way
    modifier: str

    def text(self) -> str:
        return f"({self.inner.text()}){self.modifier}"

    def pairs(self, triples: Triples, start: str | None, end: str | None) -> Pairs:
        nodes = {each for s, _, o in triples for each in (s, o)}
        nodes |= {each for each in (start, end) if each is not None}
        steps = set(self.inner.pairs(triples, None, None))
        reached = set(steps)
        while (
            self.modifier != "?"
            and not (more := {(s, o) for s, m in reached for n, o in steps if m == n}) <= reached
        ):
            reached |= more
        if self.modifier != "+":
            reached |= {(node, node) for node in nodes}
        return _chosen(reached, start, end)


@dataclass(frozen=True)
class Negated(Way):
    """A negated property set, or two of them: one for each direction, as alternatives.

    The standard leaves in doubt whether two predicates between the same nodes count twice:
    https://github.com/w3c/sparql-query/issues/395
    """

    forwards: tuple[str, ...]
    backwards: tuple[str, ...]

    def text(self) -> str:
        return f"!({'|'.join([*self.forwards, *(f'^{each}' for each in self.backwards)])})"

    def pairs(self, triples: Triples, start: str | None, end: str | None) -> Pairs:
        ahead = self._others(triples, self.forwards)
        back = Counter((o, s) for s, o in self._others(triples, self.backwards).elements())
        return _chosen((ahead + back).elements(), start, end)

    def _others(self, triples: Triples, names: tuple[str, ...]) -> Pairs:
        found = Counter((s, o) for s, p, o in triples if names and p not in names)
        if any(number > 1 for number in found.values()):
            raise DoubtfulError
        return found


@dataclass(frozen=True)
class Properties:
    """What stands behind a subject: paths, or a variable, each with its objects."""

    lists: tuple[tuple[Way | str, tuple[Node, ...]], ...]

    def text(self) -> str:
        return " ; ".join(
            f"{verb if isinstance(verb, str) else verb.text()} "
            + " , ".join(node.text() for node in nodes)
            for verb, nodes in self.lists
        )

    def patterns(self, subject: str) -> Iterator[_Edge]:
        for verb, nodes in self.lists:
            for node in nodes:
                yield _Edge(subject, verb, node.name())
                yield from node.patterns()


@dataclass(frozen=True)
class Node:
    """A variable, a term, a label, ``[ ... ]`` or a collection; ``number`` tells it apart."""

    term: str
    number: int = 0
    properties: Properties | None = None
    items: tuple[Node, ...] | None = None

    def name(self) -> str:
        if self.properties or self.term == "[]":
            return f"_:anonymous{self.number}"
        if self.items is not None:
            return f"_:list{self.number}-0" if self.items else "rdf:nil"
        return self.term

    def text(self) -> str:
        if self.properties:
            return f"[ {self.properties.text()} ]"
        if self.items is not None:
            return f"( {' '.join(each.text() for each in self.items)} )"
        return self.term

    def patterns(self) -> Iterator[_Edge]:
        if self.properties:
            yield from self.properties.patterns(self.name())
        for at, item in enumerate(self.items or ()):
            here, last = f"_:list{self.number}-{at}", at + 1 == len(self.items or ())
            yield _Edge(here, Link("rdf:first"), item.name())
            rest = "rdf:nil" if last else f"_:list{self.number}-{at + 1}"
            yield _Edge(here, Link("rdf:rest"), rest)
            yield from item.patterns()


@dataclass(frozen=True)
class Block(Pattern):
    """Triples that stand together, as ``subject properties . subject properties``."""

    statements: tuple[tuple[Node, Properties], ...]

    def text(self) -> str:
        return " . ".join(f"{one.text()} {many.text()}" for one, many in self.statements) + " ."

    def solutions(self, data: Dataset, graph: str | None) -> list[Solution]:
        found: list[Solution] = [{}]
        for node, properties in self.statements:
            for edge in (*properties.patterns(node.name()), *node.patterns()):
                found = list(join(found, edge.solutions(data.triples(graph))))
        return [{k: v for k, v in each.items() if not k.startswith("_:")} for each in found]


@dataclass(frozen=True)
class Exists(Pattern):
    """A filter that asks whether a group has a solution with what is bound before."""

    inner: Pattern
    negated: bool = False

    def text(self) -> str:
        return f"FILTER {'NOT ' * self.negated}EXISTS {self.inner.text()}"

    def extend(self, before: list[Solution], data: Dataset, graph: str | None) -> list[Solution]:
        inner = self.inner.solutions(data, graph)
        return [one for one in before if (next(join([one], inner), None) is None) == self.negated]


@dataclass(frozen=True)
class _Edge:
    subject: str
    verb: Way | str
    object: str

    def solutions(self, triples: Triples) -> list[Solution]:
        start, end = (
            None if each.startswith(("?", "_:")) else each for each in (self.subject, self.object)
        )
        if isinstance(self.verb, str):
            return [
                {self.verb: p, **ends}
                for s, p, o in triples
                for ends in self._bound(s, o)
                if ends.get(self.verb, p) == p
            ]
        pairs = self.verb.pairs(triples, start, end)
        return [
            ends
            for (s, o), number in pairs.items()
            for ends in self._bound(s, o)
            for _ in range(number)
        ]

    def _bound(self, start: str, end: str) -> Iterator[dict[str, str]]:
        bound: dict[str, str] = {}
        for name, term in ((self.subject, start), (self.object, end)):
            if not name.startswith(("?", "_:")):
                if name != term:
                    return
            elif bound.setdefault(name, term) != term:
                return
        yield bound


def _chosen(pairs: Iterable[tuple[str, str]], start: str | None, end: str | None) -> Pairs:
    return Counter((s, o) for s, o in pairs if start in (None, s) and end in (None, o))
