"""GRAPH in a query, led to the names under which the graphs of a snapshot stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import NamedNode, QueryTriples, Store

from kg.query_edit import Edit, edited, insert, replace
from kg.query_groups import Element, ElementKind, read_groups, walk
from kg.query_text import Form, QueryText
from kg.query_tokens import Kind, Token
from kg.repaired_evaluation import BASE_IRI

__all__ = ["HELPER", "place_graphs"]

_TEXT = frozenset(["STR", "CONTAINS", "STRENDS", "STRAFTER", "STRBEFORE", "STRLEN", "REPLACE"])

HELPER = "stands_as_"
"""How the names of variables start that stand for places, and are none of the query."""


def place_graphs(
    query: QueryText, places: Mapping[str, str], prefixes: Mapping[str, str]
) -> QueryText:
    """Return a query that finds graphs in their places.

    A variable that nothing else than GRAPH says something of is left to be bound to places, for
    ``graph_names`` to find in the answer; any other is bound to names.

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
        for token, iri in zip(named, _resolve(self.query, named, prefixes), strict=True):
            if iri in self.places:
                yield replace(token.start, token.end, f"<{self.places[iri]}>")
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
        if self.query.form not in (Form.SELECT, Form.ASK) or self._is_computed_with(name):
            return False
        for element in self.elements:
            says = element.kind in (ElementKind.TRIPLES, ElementKind.BIND)
            if says and name in self._names_in(element):
                return False
            if element.kind is ElementKind.FILTER and not self._is_of_starts(element, name):
                return False
        return True

    def _is_computed_with(self, name: str) -> bool:
        """Tell whether a projection or a condition outside of groups has the variable in it."""
        depth = 0
        tokens = self.query.tokens
        for at, token in enumerate(tokens):
            depth += (token.text == "(") - (token.text == ")")
            is_it = token.kind is Kind.VARIABLE and token.text[1:] == name
            if is_it and depth and tokens[at - 1].word not in ("", "DISTINCT"):
                return True
            is_text = tokens[at - 1].text == "(" and tokens[at - 2].word in _TEXT
            if is_it and depth and is_text and not _starts(tokens[at - 4 : at]):
                return True
        return False

    def _is_of_starts(self, element: Element, name: str) -> bool:
        """Tell whether a filter compares the start of a graph's name only, as its place's."""
        tokens = self._tokens(element)
        found = [at for at, each in enumerate(tokens) if each.text[1:] == name and at]
        variables = [at for at in found if tokens[at].kind is Kind.VARIABLE]
        if element.groups:
            return True  # what EXISTS holds is looked at element by element
        return all(_starts(tokens[max(0, at - 4) : at]) for at in variables)

    def _tokens(self, element: Element) -> Sequence[Token]:
        return self.query.tokens[element.span.start : element.span.end]

    def _names_in(self, element: Element) -> set[str]:
        return {each.text[1:] for each in self._tokens(element) if each.kind is Kind.VARIABLE}


def _starts(before: Sequence[Token]) -> bool:
    return [each.text.upper() for each in before] == ["STRSTARTS", "(", "STR", "("]


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
