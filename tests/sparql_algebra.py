"""The algebra of SPARQL by its definitions, for tests: patterns that write and evaluate themselves.

Straight from https://www.w3.org/TR/sparql11-query/#sparqlAlgebra, on a handful of triples; a
solution is a mapping from variables to terms, and terms are the names that the text has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

__all__ = [
    "Bind",
    "Count",
    "Dataset",
    "Graph",
    "Group",
    "Minus",
    "Nested",
    "Optional",
    "Path",
    "Pattern",
    "Select",
    "Solution",
    "Triple",
    "Union",
    "Values",
    "multiset",
]

Solution = Mapping[str, str]
Triples = frozenset[tuple[str, str, str]]


@dataclass(frozen=True)
class Dataset:
    """A default graph and named ones; a graph may be empty."""

    default: Triples
    named: Mapping[str, Triples]

    def triples(self, graph: str | None) -> Triples:
        """Return the triples of the active graph."""
        return self.default if graph is None else self.named[graph]


class Pattern:
    """A pattern: its text, and its solutions on an active graph of a dataset."""

    def text(self) -> str:
        raise NotImplementedError

    def solutions(self, data: Dataset, graph: str | None) -> list[Solution]:
        raise NotImplementedError

    def extend(self, before: list[Solution], data: Dataset, graph: str | None) -> list[Solution]:
        """Return the solutions of a group with this element after those before it."""
        return list(join(before, self.solutions(data, graph)))


@dataclass(frozen=True)
class Triple(Pattern):
    """A triple pattern."""

    subject: str
    predicate: str
    object: str

    def text(self) -> str:
        return f"{self.subject} {self.predicate} {self.object} ."

    def solutions(self, data: Dataset, graph: str | None) -> list[Solution]:
        wanted = (self.subject, self.predicate, self.object)
        found = (_matched(wanted, triple) for triple in data.triples(graph))
        return [solution for solution in found if solution is not None]


@dataclass(frozen=True)
class Path(Pattern):
    """A path of ``*`` or ``?`` over one predicate, with at least one constant end."""

    subject: str
    predicate: str
    modifier: str
    object: str

    def text(self) -> str:
        return f"{self.subject} {self.predicate}{self.modifier} {self.object} ."

    def solutions(self, data: Dataset, graph: str | None) -> list[Solution]:
        triples = {(s, o) for s, p, o in data.triples(graph) if p == self.predicate}
        if self.subject.startswith("?"):
            backwards = {(o, s) for s, o in triples}
            return self._from(self.object, self.subject, backwards)
        return self._from(self.subject, self.object, triples)

    def _from(self, start: str, end: str, edges: set[tuple[str, str]]) -> list[Solution]:
        reached = {start}
        new = {o for s, o in edges if s == start}
        while not new <= reached:
            reached |= new
            if self.modifier == "*":
                new = {o for s, o in edges if s in reached}
        if end.startswith("?"):
            return [{end: term} for term in sorted(reached)]
        return [{}] if end in reached else []


@dataclass(frozen=True)
class Values(Pattern):
    """Inline data for one variable."""

    variable: str
    terms: tuple[str, ...]

    def text(self) -> str:
        return f"VALUES {self.variable} {{ {' '.join(self.terms)} }}"

    def solutions(self, data: Dataset, graph: str | None) -> list[Solution]:
        return [{} if term == "UNDEF" else {self.variable: term} for term in self.terms]


@dataclass(frozen=True)
class Bind(Pattern):
    """A constant for a variable that nothing else binds."""

    term: str
    variable: str

    def text(self) -> str:
        return f"BIND({self.term} AS {self.variable})"

    def extend(self, before: list[Solution], data: Dataset, graph: str | None) -> list[Solution]:
        return [{**solution, self.variable: self.term} for solution in before]


@dataclass(frozen=True)
class Group(Pattern):
    """Elements in braces, joined in order."""

    elements: tuple[Pattern, ...]

    def text(self) -> str:
        return "{ " + " ".join(each.text() for each in self.elements) + " }"

    def solutions(self, data: Dataset, graph: str | None) -> list[Solution]:
        found: list[Solution] = [{}]
        for element in self.elements:
            found = element.extend(found, data, graph)
        return found


@dataclass(frozen=True)
class Nested(Pattern):
    """A group, or a subquery, as an element."""

    inner: Pattern

    def text(self) -> str:
        return _braced(self.inner)

    def solutions(self, data: Dataset, graph: str | None) -> list[Solution]:
        return self.inner.solutions(data, graph)


@dataclass(frozen=True)
class Union(Pattern):
    """Two groups, either of which may match."""

    left: Group
    right: Group

    def text(self) -> str:
        return f"{self.left.text()} UNION {self.right.text()}"

    def solutions(self, data: Dataset, graph: str | None) -> list[Solution]:
        return self.left.solutions(data, graph) + self.right.solutions(data, graph)


@dataclass(frozen=True)
class Optional(Pattern):
    """A group that may match."""

    inner: Pattern

    def text(self) -> str:
        return f"OPTIONAL {_braced(self.inner)}"

    def extend(self, before: list[Solution], data: Dataset, graph: str | None) -> list[Solution]:
        inner = self.inner.solutions(data, graph)
        return [each for one in before for each in (list(join([one], inner)) or [one])]


@dataclass(frozen=True)
class Minus(Pattern):
    """A group whose compatible solutions are taken away, where they share a variable."""

    inner: Pattern

    def text(self) -> str:
        return f"MINUS {_braced(self.inner)}"

    def extend(self, before: list[Solution], data: Dataset, graph: str | None) -> list[Solution]:
        inner = self.inner.solutions(data, graph)
        return [
            one
            for one in before
            if not any(one.keys() & other.keys() and _compatible(one, other) for other in inner)
        ]


@dataclass(frozen=True)
class Graph(Pattern):
    """A group on a named graph, or on each in turn."""

    name: str
    inner: Pattern

    def text(self) -> str:
        return f"GRAPH {self.name} {_braced(self.inner)}"

    def solutions(self, data: Dataset, graph: str | None) -> list[Solution]:
        if not self.name.startswith("?"):
            return self.inner.solutions(data, self.name) if self.name in data.named else []
        return [
            solution
            for name in data.named
            for solution in join(self.inner.solutions(data, name), [{self.name: name}])
        ]


@dataclass(frozen=True)
class Select(Pattern):
    """A subquery that projects variables."""

    variables: tuple[str, ...]
    inner: Group
    distinct: bool = False

    def text(self) -> str:
        word = "SELECT DISTINCT" if self.distinct else "SELECT"
        return f"{word} {' '.join(self.variables) or '*'} WHERE {self.inner.text()}"

    def solutions(self, data: Dataset, graph: str | None) -> list[Solution]:
        found = self.inner.solutions(data, graph)
        if self.variables:
            found = [
                {name: each[name] for name in self.variables if name in each} for each in found
            ]
        return list(map(dict, multiset(found))) if self.distinct else found


@dataclass(frozen=True)
class Count(Pattern):
    """A subquery that counts solutions, by a variable or all of them."""

    variable: str
    by: str | None
    inner: Group

    def text(self) -> str:
        key, group = (f"{self.by} ", f" GROUP BY {self.by}") if self.by else ("", "")
        return f"SELECT {key}(COUNT(*) AS {self.variable}) WHERE {self.inner.text()}{group}"

    def solutions(self, data: Dataset, graph: str | None) -> list[Solution]:
        found = self.inner.solutions(data, graph)
        if self.by is None:
            return [{self.variable: str(len(found))}]
        numbers = Counter(each.get(self.by) for each in found)
        return [
            {self.variable: str(number), **({self.by: key} if key else {})}
            for key, number in numbers.items()
        ]


def join(left: Iterable[Solution], right: Sequence[Solution]) -> Iterator[Solution]:
    """Yield the merged solutions of all compatible pairs."""
    for one in left:
        for other in right:
            if _compatible(one, other):
                yield {**one, **other}


def multiset(solutions: Iterable[Solution]) -> Counter[frozenset[tuple[str, str]]]:
    """Return solutions in a form to compare and to count."""
    return Counter(frozenset(solution.items()) for solution in solutions)


def _compatible(one: Solution, other: Solution) -> bool:
    return all(other.get(name, term) == term for name, term in one.items())


def _matched(wanted: tuple[str, str, str], triple: tuple[str, str, str]) -> Solution | None:
    found: dict[str, str] = {}
    for name, term in zip(wanted, triple, strict=True):
        if not name.startswith("?"):
            if name != term:
                return None
        elif found.setdefault(name, term) != term:
            return None
    return found


def _braced(pattern: Pattern) -> str:
    text = pattern.text()
    return text if text.startswith("{") else f"{{ {text} }}"
