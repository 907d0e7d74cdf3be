"""GRAPH in a query, led to the names under which the graphs of a snapshot stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from pyoxigraph import NamedNode, QueryTriples, Store

from kg.query_edit import Edit, edited, insert, replace
from kg.query_groups import Element, ElementKind, read_groups, walk
from kg.query_text import Form, QueryText
from kg.query_tokens import Kind, Token
from kg.repaired_evaluation import BASE_IRI

__all__ = ["HELPER", "NOTHING", "place_graphs"]

_LEAVES = frozenset([ElementKind.TRIPLES, ElementKind.BIND, ElementKind.FILTER, ElementKind.VALUES])
_STARTS = ["STRSTARTS", "(", "STR", "("]
_CLAUSES = frozenset(["SELECT", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"])

NOTHING = "urn:x-sarcoma-kg:nothing"
"""A graph that is nowhere: without a name, some engines take all graphs."""

HELPER = "stands_as_"
"""How the names of variables start that stand for places, and are none of the query."""


def place_graphs(
    query: QueryText, places: Mapping[str, str], prefixes: Mapping[str, str]
) -> QueryText:
    """Return a query that finds graphs in their places.

    A variable that is shown or counted, and of which nothing else than GRAPH says something, is
    left to be bound to places, for ``graph_names`` to find in the answer; any other is bound to
    names. A place in a query is the name of nothing.

    >>> placed = {"urn:a": "urn:b"}
    >>> place_graphs(QueryText("ASK { GRAPH <urn:a> {} }"), placed, {}).text
    'ASK { GRAPH <urn:b> {} }'
    >>> place_graphs(QueryText("SELECT ?g { GRAPH ?g { ?s ?p 1 } }"), placed, {}).text
    'SELECT ?g { GRAPH ?g { ?s ?p 1 } }'
    >>> place_graphs(QueryText("ASK { GRAPH ?g { ?g ?p 1 } }"), placed, {}).text
    'ASK { { VALUES (?g ?stands_as_g) { (<urn:a> <urn:b>) } GRAPH ?stands_as_g { ?g ?p 1 } } }'
    """
    if not query.mentions("graph") or all(name == place for name, place in places.items()):
        return query
    elements = [element for group in walk(read_groups(query)) for element in group.elements]
    reader = _Reader(query, places, elements)
    return QueryText(edited(query.text, reader.edits(prefixes)))


class _Reader:
    """What a query says of graphs: their names, and the variables that are bound to them."""

    def __init__(
        self, query: QueryText, places: Mapping[str, str], elements: Sequence[Element]
    ) -> None:
        self.query = query
        self.places = places
        self.elements = elements
        self.graphs = [
            (each, each.name)
            for each in elements
            if each.kind is ElementKind.GRAPH and each.name is not None
        ]
        variables = {name.text[1:] for _, name in self.graphs if name.kind is Kind.VARIABLE}
        self.light = {name for name in variables if self._is_light(name)}

    def edits(self, prefixes: Mapping[str, str]) -> Iterator[Edit]:
        """Yield the edits that lead to the places."""
        named = [name for _, name in self.graphs if name.kind is not Kind.VARIABLE]
        named += [*self._listed()]
        hidden = dict.fromkeys(self.places.values(), NOTHING)
        for token, iri in zip(named, _resolve(self.query, named, prefixes), strict=True):
            if place := self.places.get(iri, hidden.get(iri)):
                yield replace(token.start, token.end, f"<{place}>")
        for element, name in self.graphs:
            if name.kind is Kind.VARIABLE and name.text[1:] not in self.light:
                yield from self._bind(element, name)

    def _bind(self, element: Element, name: Token) -> Iterator[Edit]:
        helper = f"?{HELPER}{name.text[1:]}"
        pairs = " ".join(f"(<{each}> <{place}>)" for each, place in self.places.items())
        start = self.query.tokens[element.span.start].start
        end = self.query.tokens[element.span.end - 1].end
        yield insert(start, f"{{ VALUES ({name.text} {helper}) {{ {pairs} }} ")
        yield replace(name.start, name.end, helper)
        yield insert(end, " }")

    def _listed(self) -> Iterator[Token]:
        """Yield the names that VALUES lists for variables that are bound to places."""
        for element in self.elements:
            if element.kind is ElementKind.VALUES and self._names_in(element) & self.light:
                for token in self._tokens(element):
                    if token.kind in (Kind.IRI, Kind.NAME):
                        yield token

    def _is_light(self, name: str) -> bool:
        """Tell whether a query means the same where a variable is bound to places."""
        if self.query.form not in (Form.SELECT, Form.ASK):
            return False
        if not all(map(self._is_shown, self._outside(name))):
            return False
        return all(
            self._is_indifferent(element, name)
            for element in self.elements
            if name in self._names_in(element)
        )

    def _is_indifferent(self, element: Element, name: str) -> bool:
        """Tell whether an element that has a variable in it means the same with places."""
        if element.kind is ElementKind.VALUES:
            return len(self._names_in(element)) == 1
        if element.kind is ElementKind.FILTER:
            return self._is_of_starts(element, name)
        return element.kind not in _LEAVES

    def _outside(self, name: str) -> Iterator[int]:
        """Yield where a variable stands in a projection, a condition or an order of results."""
        leaves = (each.span for each in self.elements if each.kind in _LEAVES)
        inside = {at for span in leaves for at in range(span.start, span.end)}
        named = {token.start for _, token in self.graphs}
        for at, token in enumerate(self.query.tokens):
            if _is_variable(token, name) and at not in inside and token.start not in named:
                yield at

    def _is_shown(self, at: int) -> bool:
        """Tell whether a variable stands by itself, is counted, or tells how its name starts."""
        tokens = self.query.tokens
        before = [each.text.upper() for each in tokens[max(0, at - 4) : at]]
        is_whole = [each.text for each in tokens[at + 1 : at + 2]] == [")"]
        if before[-2:] == ["COUNT", "("] or before[-3:] == ["COUNT", "(", "DISTINCT"]:
            return is_whole
        if before == _STARTS:
            return is_whole
        clause = next((each.word for each in tokens[at::-1] if each.word in _CLAUSES), "")
        is_alone = before[-1] not in ("(", ",") and not self._depth(at)
        if clause == "ORDER":
            is_turned = is_whole and before[-2:] in (["ASC", "("], ["DESC", "("])
            return self._keeps_order and (is_alone or is_turned)
        return is_alone and clause != "VALUES"

    def _depth(self, at: int) -> int:
        texts = [each.text for each in self.query.tokens[:at]]
        return texts.count("(") - texts.count(")")

    @cached_property
    def _keeps_order(self) -> bool:
        """Whether places are in the order of the names."""
        return [self.places[name] for name in sorted(self.places)] == sorted(self.places.values())

    def _is_of_starts(self, element: Element, name: str) -> bool:
        """Tell whether a filter compares the start of a graph's name only, as its place's.

        What stands in its EXISTS is looked at element by element.
        """
        tokens = self.query.tokens
        within = {at for each in element.groups for at in range(each.span.start, each.span.end)}
        own = (at for at in range(element.span.start, element.span.end) if at not in within)
        return all(
            [each.text.upper() for each in tokens[max(0, at - 4) : at]] == _STARTS
            for at in own
            if _is_variable(tokens[at], name)
        )

    def _tokens(self, element: Element) -> Sequence[Token]:
        return self.query.tokens[element.span.start : element.span.end]

    def _names_in(self, element: Element) -> set[str]:
        return {each.text[1:] for each in self._tokens(element) if each.kind is Kind.VARIABLE}


def _is_variable(token: Token, name: str) -> bool:
    return token.kind is Kind.VARIABLE and token.text[1:] == name


def _resolve(
    query: QueryText, names: Sequence[Token], prefixes: Mapping[str, str]
) -> Sequence[str]:
    """Return the IRIs that tokens mean, by the declarations of a query."""
    if not names:
        return ()
    start = next(each.start for each in query.tokens if each.word == query.form)
    template = " ".join(
        f"<urn:x:{at}> <urn:x:name> {token.text} ." for at, token in enumerate(names)
    )
    text = f"{query.text[:start]} CONSTRUCT {{ {template} }} WHERE {{}}"
    found = Store().query(text, prefixes=dict(prefixes), base_iri=BASE_IRI)
    assert isinstance(found, QueryTriples)
    by_place = {
        each.subject: each.object.value for each in found if isinstance(each.object, NamedNode)
    }
    return [by_place[NamedNode(f"urn:x:{at}")] for at in range(len(names))]
