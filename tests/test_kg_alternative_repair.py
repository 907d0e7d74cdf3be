"""Alternatives of paths against their definition, worked out by hand, and against rdflib."""

from __future__ import annotations

from collections import Counter
from itertools import count
from random import Random

import path_algebra as paths
import pytest
import rdflib
import sparql_algebra as algebra
from path_algebra import Block, Choice, Inverse, Link, Node, Properties, Repeated, Sequence, Way
from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store

from kg.alternative_repair import repair_alternatives
from kg.query_error import QueryRefusedError
from kg.query_limits import check_limits
from kg.query_repair import repaired
from kg.query_text import QueryText
from kg.repaired_evaluation import ask_store, update_store

PROLOGUE = (
    "PREFIX : <http://example.org/> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> "
)
NODES = (":a", ":b", ":c")
VARIABLES = ("?x", "?y", "?z")
PREDICATES = (":p", ":q", ":r")
MOST_SOLUTIONS = 20_000


class Draw:
    """Draws datasets, paths and patterns, each blank node of which is told apart."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.numbers = count(1)

    def dataset(self) -> algebra.Dataset:
        names = (":g1", ":g2")
        return algebra.Dataset(self.triples(), {name: self.triples() for name in names})

    def triples(self) -> frozenset[tuple[str, str, str]]:
        # Every node is in every graph: what a path of no length finds elsewhere is repaired
        # by kg.path_repair, and only where it stands alone.
        known = [(node, ":n", node) for node in NODES]
        drawn = [self._triple() for _ in range(self.random.randint(1, 6))]
        lists = [(":a", self.random.choice(PREDICATES), "rdf:nil")]
        return frozenset(known + drawn + lists * (self.random.random() < 0.2))

    def _triple(self) -> tuple[str, str, str]:
        choice = self.random.choice
        return choice(NODES), choice(PREDICATES), choice(NODES)

    def way(self, depth: int) -> Way:
        kind = self.random.random()
        if depth == 0 or kind < 0.2:
            return Link(self.random.choice(PREDICATES))
        if kind < 0.35:
            return Inverse(self.way(depth - 1))
        if kind < 0.6:
            return Sequence(self.way(depth - 1), self.way(depth - 1))
        if kind < 0.85:
            return Choice(self.way(depth - 1), self.way(depth - 1))
        if kind < 0.92:
            return Repeated(self.way(depth - 1), self.random.choice("*+?"))
        return self._negated()

    def _negated(self) -> Way:
        forwards, backwards = (
            tuple(self.random.sample(PREDICATES, self.random.randint(0, 3))) for _ in range(2)
        )
        return paths.Negated(forwards, backwards) if forwards or backwards else Link(":p")

    def block(self) -> Block:
        labels = [f"_:b{next(self.numbers)}" for _ in range(2)]
        statements = self.random.choice((1, 1, 2))
        return Block(
            tuple((self._node(1, labels), self._properties(1, labels)) for _ in range(statements))
        )

    def _node(self, depth: int, labels: list[str]) -> Node:
        kind, number = self.random.random(), next(self.numbers)
        if kind < 0.5:
            return Node(self.random.choice(VARIABLES))
        if kind < 0.7:
            return Node(self.random.choice(NODES))
        if kind < 0.8:
            return Node(self.random.choice(labels))
        if kind < 0.88 and depth:
            return Node("", number, self._properties(depth - 1, labels))
        if kind < 0.91 and depth:
            items = (self._node(0, labels),) * self.random.randint(0, 1)
            return Node("", number, None, items)
        return Node("[]", number)

    def _properties(self, depth: int, labels: list[str]) -> Properties:
        def verb() -> Way | str:
            return self.way(self.random.randint(0, 3)) if self.random.random() < 0.9 else "?k"

        def nodes() -> tuple[Node, ...]:
            return tuple(self._node(depth, labels) for _ in range(self.random.choice((1, 1, 2))))

        return Properties(tuple((verb(), nodes()) for _ in range(self.random.choice((1, 1, 1, 2)))))

    def group(self, depth: int) -> algebra.Group:
        if self.random.random() < 0.15:
            name = self.random.choice(("?g", ":g1", ":absent"))
            return algebra.Group((algebra.Graph(name, algebra.Group((self.block(),))),))
        elements = [self.element(depth) for _ in range(self.random.choice((1, 1, 2)))]
        filters = [each for each in elements if isinstance(each, paths.Exists)]
        # A filter is asked of the whole group, wherever it stands.
        return algebra.Group((*(each for each in elements if each not in filters), *filters))

    def element(self, depth: int) -> algebra.Pattern:
        kind = self.random.random()
        if depth == 0 or kind < 0.45:
            return self.block()
        inner = self.group(depth - 1)
        if kind < 0.55:
            return algebra.Union(inner, self.group(depth - 1))
        if kind < 0.63:
            return algebra.Optional(inner)
        if kind < 0.70:
            return algebra.Minus(inner)
        if kind < 0.75:
            return paths.Exists(algebra.Group((self.block(),)), self.random.random() < 0.5)
        if kind < 0.80:
            return algebra.Nested(inner)
        return algebra.Nested(self._subquery(inner))

    def _subquery(self, inner: algebra.Group) -> algebra.Pattern:
        names = self.random.choice(((), tuple(self.random.sample(VARIABLES, 2))))
        if self.random.random() < 0.4:
            by = self.random.choice((None, "?x"))
            return algebra.Count(f"?n{next(self.numbers)}", by, inner)
        return algebra.Select(names, inner, self.random.random() < 0.4)


def store_of(data: algebra.Dataset) -> Store:
    store = Store()
    graphs = [(f"GRAPH {name} {{ ", " }", triples) for name, triples in data.named.items()]
    quads = [
        before + " ".join(triple) + after
        for before, after, triples in [("", " .", data.default), *graphs]
        for triple in triples
    ]
    store.update(f"{PROLOGUE}INSERT DATA {{ {' '.join(quads)} }}")
    return store


def solutions(found: object) -> Counter[frozenset[tuple[str, str]]]:
    assert isinstance(found, QuerySolutions)
    names = [f"?{variable.value}" for variable in found.variables]
    return algebra.multiset(
        {name: short(term) for name, term in zip(names, row, strict=True) if term is not None}
        for row in found
    )


def short(term: object) -> str:
    text = str(term)
    if text.startswith('"'):
        return text.split('"')[1]
    name = text.strip("<>")
    return f"rdf:{name.split('#')[1]}" if "#" in name else f":{name.rsplit('/', 1)[1]}"


def expected_of(form: str, found: list[algebra.Solution]) -> Counter[frozenset[tuple[str, str]]]:
    if "COUNT" in form:
        return algebra.multiset([{"?n": str(len(found))}])
    known = algebra.multiset(found)
    return algebra.multiset(map(dict, known)) if "DISTINCT" in form else known


def hold_to_the_definition(draw: Draw) -> str:
    data, group = draw.dataset(), draw.group(draw.random.choice((0, 0, 1, 1, 2)))
    form = draw.random.choice(
        ("SELECT *", "SELECT *", "SELECT DISTINCT *", "SELECT (COUNT(*) AS ?n)")
    )
    try:
        found = group.solutions(data, None)
    except paths.DoubtfulError:
        return "in doubt"
    if len(found) > MOST_SOLUTIONS:
        return "too many"
    store, text = store_of(data), f"{PROLOGUE}{form} WHERE {group.text()}"
    query = repaired(QueryText(text))
    expected = expected_of(form, found)
    before = solutions(store.query(text))
    if not any(before) and "COUNT" not in form and query.text == text:
        return "nothing to show"
    after = store.query(query.text)
    assert isinstance(after, QuerySolutions)
    assert after.variables == Store().query(text).variables
    known = solutions(after)
    if known != expected and counts_ways_in_graphs(group):
        return "a fault of the engine"
    assert known == expected, f"{text}\n{query.text}\n{data}"
    return "right before" if before == expected else "repaired"
