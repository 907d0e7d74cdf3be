"""A query put for an endpoint elsewhere: its data set beside it, and every name declared."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto

from pyoxigraph import NamedNode

from api.remote_describe import describe_as_construct
from api.remote_dialect import Dialect
from api.remote_endpoint import RemoteQuery
from api.remote_graphs import NOTHING, place_graphs
from api.remote_loose import inline_values
from api.remote_paths import shield_paths
from kg.data_set import read_data_set
from kg.path_repair import HasNode
from kg.publication import Publication
from kg.query_edit import Edit, edited, insert, replace
from kg.query_error import QueryRefusedError, show_line
from kg.query_groups import ElementKind, read_groups, walk
from kg.query_repair import repaired
from kg.query_text import Form, QueryText
from kg.query_tokens import Kind
from kg.repaired_evaluation import BASE_IRI
from kg.search_functions import FUNCTIONS

__all__ = ["NOTHING", "Sight", "Whole", "asks_no_graph", "prepare"]

_OF_GRAPHS = (ElementKind.TRIPLES, ElementKind.GRAPH, ElementKind.SERVICE)
_SCHEME = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:")


class Whole(Enum):
    """How an engine is told that a query sees all graphs of a publication.

    ``NAMED``: by all their names, or that of the graph of merged triples. ``DEFAULT``: it merges
    all graphs that it has, which are no others. ``ASKED``: the same, when it is asked to.
    """

    NAMED = auto()
    DEFAULT = auto()
    ASKED = auto()


@dataclass(frozen=True)
class Sight:
    """What a query sees: by its request, before it names graphs of its own."""

    publication: Publication
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    union: bool = True
    whole: Whole = Whole.NAMED

    @property
    def is_named(self) -> bool:
        """Whether the request names graphs."""
        return bool(self.default_graphs or self.named_graphs)


def asks_no_graph(query: QueryText) -> bool:
    """Tell whether a query computes from what stands in it, and has the same answer everywhere.

    >>> asks_no_graph(QueryText("ASK { VALUES ?x { 'a' } FILTER(REGEX(?x, '^a')) }"))
    True
    >>> asks_no_graph(QueryText("ASK { FILTER EXISTS { ?s ?p ?o } }"))
    False
    """
    groups = read_groups(query)
    if not groups or query.form is Form.DESCRIBE or query.mentions("exists"):
        return False
    elements = (element for group in walk(groups) for element in group.elements)
    return not any(element.kind in _OF_GRAPHS for element in elements)


def prepare(
    text: str,
    sight: Sight,
    *,
    dialect: Dialect,
    prefixes: Mapping[str, str],
    has_node: HasNode | None = None,
) -> RemoteQuery:
    """Return a query as an endpoint takes it, with its data set beside it.

    The graphs of the publication are all that it can see. Raises QueryRefusedError for graphs
    that are no IRIs, and for what the engine would answer wrong.
    """
    query = QueryText(text)
    _check_functions(query)
    data_set = _data_set(query, sight, prefixes)
    query = QueryText(edited(query.text, _without_clauses(query)))
    if dialect.is_repaired:
        query = repaired(query, has_node)
    if dialect.is_loose:
        query = shield_paths(inline_values(query))
    if query.form is Form.DESCRIBE:
        query = (
            describe_as_construct(query, depth=0)
            if dialect.is_loose
            else describe_as_construct(query)
        )
    query = place_graphs(query, data_set.places, prefixes)
    whole = _prologue(query, prefixes) + query.text
    if data_set.is_whole and sight.whole is not Whole.NAMED:
        return RemoteQuery(whole, is_union=sight.whole is Whole.ASKED)
    # Without GRAPH in it, a query need not tell which graphs that finds.
    named = tuple(data_set.places.values()) if query.mentions("graph") else ()
    return RemoteQuery(whole, data_set.merged or (NOTHING,), named or (NOTHING,))


@dataclass(frozen=True)
class _DataSet:
    """Where the graphs of a query stand: those merged, and by their names those that GRAPH finds.

    ``is_whole``: all graphs of the publication are among both.
    """

    merged: tuple[str, ...]
    places: Mapping[str, str]
    is_whole: bool = False


def _data_set(query: QueryText, sight: Sight, prefixes: Mapping[str, str]) -> _DataSet:
    publication = sight.publication
    places = {graph.name: graph.stands_as for graph in publication.graphs}
    names_own = bool(query.form and query.names_dataset)
    if not sight.is_named and not names_own:
        named = {name: place for name, place in places.items() if name}
        if not sight.union:
            return _DataSet((places[""],) if "" in places else (), named)
        return _DataSet(publication.merged([*places]), named, is_whole=True)
    chosen = (sight.default_graphs, sight.named_graphs)
    for iri in (*chosen[0], *chosen[1]):
        _check(iri)
    merged_names, named_names = chosen if sight.is_named else _named_in(query, prefixes)
    return _DataSet(
        publication.merged(merged_names),
        {name: places[name] for name in named_names if name in places},
    )


def _check_functions(query: QueryText) -> None:
    """Refuse the functions that search names, which no other engine has."""
    names = [iri.rpartition("/")[2] for iri in FUNCTIONS]
    if not any(query.mentions(name.lower()) for name in names):
        return
    for token in query.tokens:
        called = token.text.rstrip(">").rpartition("/")[2].rpartition(":")[2]
        if token.kind in (Kind.IRI, Kind.NAME) and called in names:
            raise QueryRefusedError(
                f"{called} is a function of the engine inside, and this graph is elsewhere",
                spot=query.spot(token.start),
                excerpt=show_line(query, token.start),
                hint="ask /api/v1/search for the IRIs, and name them in the query with VALUES",
            )


def _check(iri: str) -> None:
    try:
        NamedNode(iri)
    except ValueError as error:
        raise QueryRefusedError(f"the name of a graph is no absolute IRI: {error}") from None


def _named_in(query: QueryText, prefixes: Mapping[str, str]) -> tuple[Sequence[str], Sequence[str]]:
    first = next(each for each in query.outermost() if each.word.startswith("FROM"))
    # What reads data sets leaves a single clause to the engine.
    several = QueryText(edited(query.text, [insert(first.start, f"FROM <{NOTHING}> ")]))
    found = read_data_set(several, prefixes=prefixes, base_iri=BASE_IRI)
    if found is None:
        raise QueryRefusedError("the FROM clauses cannot be read; write them with blanks between")
    merged = [graph.value for graph in found.merged if graph.value != NOTHING]
    return merged, [graph.value for graph in found.named]


def _without_clauses(query: QueryText) -> Iterator[Edit]:
    if not (query.form and query.names_dataset):
        return
    tokens = query.outermost()
    for word in tokens:
        if word.word in ("FROM", "FROMNAMED"):
            last = next(tokens, word)
            last = next(tokens, last) if last.word == "NAMED" else last
            yield replace(word.start, last.end, "")


def _prologue(query: QueryText, prefixes: Mapping[str, str]) -> str:
    """Return the declarations that a query lacks."""
    used = {each.prefix for each in query.tokens if each.kind is Kind.NAME}
    lacking = sorted((used & prefixes.keys()) - query.prefixes)
    lines = [f"PREFIX {name}: <{prefixes[name]}>\n" for name in lacking]
    if any(each.kind is Kind.IRI and not _SCHEME.match(each.text) for each in query.tokens):
        lines.insert(0, f"BASE <{BASE_IRI}>\n")
    return "".join(lines)
