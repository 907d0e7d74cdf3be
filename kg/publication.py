"""What a published snapshot says of itself at an endpoint: which one is visible, and where.

A small graph, ``GRAPH``, holds it as triples: replaced as a whole, it is what makes another
snapshot visible. Its subject ``PUBLICATION`` has the snapshot's id, the digest of its manifest
and the number of its graphs; each graph is a subject by the name under which it stands, with the
name that it has in the snapshot, and its counts. Names in the snapshot are texts, so that no
engine takes them for graphs; the default graph's is the empty text.

A triple that stands in several graphs counts once in their merge, but engines that look through
one graph after the other find it once in each. So the later one of such graphs may have a
``remainder``: a graph of its triples that stand in none of the earlier ones, which it
``shares`` with. The merge is that of the remainder and the others then.

Many graphs take such an engine long. So there may be one more graph, the ``union``: the triples
of all graphs, each once. It is what a query sees that names no graph.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from pyoxigraph import Literal, NamedNode, Triple

__all__ = [
    "GRAPH",
    "LEDGER",
    "QUERY",
    "Publication",
    "PublicationError",
    "PublishedGraph",
    "from_rows",
    "is_of_publisher",
    "to_triples",
]

GRAPH = "https://w3id.org/sarcoma-kg/graph/publication"
"""The graph that holds what is published; it is no graph of a snapshot."""

LEDGER = "https://w3id.org/sarcoma-kg/graph/publications"
"""The graph at an endpoint that says what was loaded there, and what for; readers need it not."""

PUBLICATION = "https://w3id.org/sarcoma-kg/publication"
"""The subject that tells of the snapshot; its properties and the graphs' start with it too."""

QUERY = f"SELECT ?s ?p ?o WHERE {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}"
"""What yields the rows that ``from_rows`` reads."""

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_STANDING = re.compile(r"\.snapshot-[0-9a-f]{12}(?:\.remainder)?$")
_INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")


class PublicationError(ValueError):
    """What stands in the graph of the publication is none, or not all of one."""


@dataclass(frozen=True, order=True)
class PublishedGraph:
    """A graph: its name in the snapshot, the one under which it stands, and its counts."""

    name: str
    stands_as: str
    triples: int
    claims: int = 0
    remainder: str | None = None
    shares: tuple[str, ...] = ()


@dataclass(frozen=True)
class Publication:
    """The snapshot that is visible at an endpoint; ``manifest`` is the SHA-256 of its manifest.

    ``union`` is the name of the graph with the triples of all its graphs, if there is one.
    """

    snapshot: str
    manifest: str
    graphs: tuple[PublishedGraph, ...]
    union: str | None = None

    @property
    def quads(self) -> int:
        """The sum of the triples of its graphs."""
        return sum(graph.triples for graph in self.graphs)

    @property
    def by_name(self) -> Mapping[str, PublishedGraph]:
        """Its graphs by their names in the snapshot."""
        return {graph.name: graph for graph in self.graphs}

    def merged(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return where graphs stand whose merge is asked for; those that are not there, nowhere.

        >>> a, b = PublishedGraph("a", "s:a", 2), PublishedGraph("b", "s:b", 2, 0, "s:rest", ("a",))
        >>> publication = Publication("id", "digest", (a, b))
        >>> publication.merged(["a", "b"]), publication.merged(["b", "c"])
        (('s:a', 's:rest'), ('s:b',))
        """
        known, asked = self.by_name, dict.fromkeys(names)
        if self.union and known.keys() <= asked.keys():
            return (self.union,)
        found = [known[name] for name in asked if name in known]
        return tuple(
            each.remainder if each.remainder and asked.keys() >= {*each.shares} else each.stands_as
            for each in found
        )


def to_triples(publication: Publication) -> tuple[Triple, ...]:
    """Return the triples of a publication, which belong into ``GRAPH``, in order.

    >>> for triple in to_triples(Publication("id", "digest", ()))[:2]: print(triple)
    <https://w3id.org/sarcoma-kg/publication> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> \
<https://w3id.org/sarcoma-kg/publication#Publication>
    <https://w3id.org/sarcoma-kg/publication> <https://w3id.org/sarcoma-kg/publication#snapshot> \
"id"
    """
    about = NamedNode(PUBLICATION)
    head = [
        Triple(about, NamedNode(_TYPE), _term("Publication")),
        Triple(about, _term("snapshot"), Literal(publication.snapshot)),
        Triple(about, _term("manifest"), Literal(publication.manifest)),
        Triple(about, _term("graphs"), _count(len(publication.graphs))),
    ]
    if publication.union:
        head.append(Triple(about, _term("union"), NamedNode(publication.union)))
    return (*head, *(each for graph in sorted(publication.graphs) for each in _triples(graph)))


def from_rows(rows: Iterable[tuple[str, str, str]]) -> Publication:
    """Return what the rows of ``QUERY`` say; raises PublicationError for what is not whole.

    Rows are IRIs and the texts of literals: subject, property, value.

    >>> made = Publication("id", "digest", (PublishedGraph("urn:a", "urn:s:a", 5, 1),))
    >>> rows = [tuple(term.value for term in triple) for triple in to_triples(made)]
    >>> from_rows(rows) == made
    True
    """
    found = _read(rows)
    head = found.pop(PUBLICATION, None)
    if head is None:
        raise PublicationError("nothing is published")
    try:
        graphs = tuple(sorted(_graph(iri, values) for iri, values in found.items()))
        union = _one(head, "union") if "union" in head else None
        publication = Publication(_one(head, "snapshot"), _one(head, "manifest"), graphs, union)
        is_whole = int(_one(head, "graphs")) == len(graphs)
    except (KeyError, ValueError) as error:
        raise PublicationError(f"what is published cannot be read: {error}") from None
    if not is_whole:
        raise PublicationError(f"of {_one(head, 'graphs')} graphs, {len(graphs)} are published")
    return publication


def is_of_publisher(graph: str) -> bool:
    """Tell whether a graph at an endpoint belongs to a publication, visible or not.

    >>> is_of_publisher(LEDGER), is_of_publisher("urn:a.snapshot-1f02923e77aa")
    (True, True)
    >>> is_of_publisher("https://w3id.org/sarcoma-kg/graph/import-mondo")
    False
    """
    return graph in (GRAPH, LEDGER) or bool(_STANDING.search(graph))


def _triples(graph: PublishedGraph) -> Iterator[Triple]:
    about = NamedNode(graph.stands_as)
    yield Triple(about, _term("name"), Literal(graph.name))
    yield Triple(about, _term("triples"), _count(graph.triples))
    yield Triple(about, _term("claims"), _count(graph.claims))
    if graph.remainder:
        yield Triple(about, _term("remainder"), NamedNode(graph.remainder))
    for name in graph.shares:
        yield Triple(about, _term("sharesWith"), Literal(name))


def _graph(iri: str, values: Mapping[str, Sequence[str]]) -> PublishedGraph:
    return PublishedGraph(
        _one(values, "name"),
        iri,
        int(_one(values, "triples")),
        int(_one(values, "claims")),
        _one(values, "remainder") if "remainder" in values else None,
        tuple(sorted(values.get("sharesWith", ()))),
    )


def _read(rows: Iterable[tuple[str, str, str]]) -> dict[str, dict[str, list[str]]]:
    """Return the values by subject and property, whose names are without their namespace."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for subject, group in groupby(sorted(set(rows)), key=lambda row: row[0]):
        for _, name, value in group:
            found[subject][name.removeprefix(f"{PUBLICATION}#")].append(value)
    return {subject: dict(values) for subject, values in found.items()}


def _one(values: Mapping[str, Sequence[str]], name: str) -> str:
    (value,) = values.get(name, ()) or _missing(name)
    return value


def _missing(name: str) -> Sequence[str]:
    raise KeyError(f"no {name}")


def _term(name: str) -> NamedNode:
    return NamedNode(f"{PUBLICATION}#{name}")


def _count(number: int) -> Literal:
    return Literal(str(number), datatype=_INTEGER)
