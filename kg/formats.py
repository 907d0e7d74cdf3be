"""The formats of query results and of RDF, each described once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Generic, TypeVar

from pyoxigraph import QueryResultsFormat, RdfFormat

from kg.negotiation import choose_media_type, read_accept

__all__ = [
    "Choice",
    "GraphFormat",
    "ResultFormat",
    "choose_graph_format",
    "choose_result_format",
    "find_graph_format",
    "find_result_format",
]


class ResultFormat(Enum):
    """A format for the rows of SELECT and the truth value of ASK.

    >>> ResultFormat.CSV.media_type, ResultFormat.CSV.extension
    ('text/csv', 'csv')
    """

    JSON = (
        "SPARQL 1.1 query results in JSON",
        "application/sparql-results+json",
        "json",
        QueryResultsFormat.JSON,
        ("application/json",),
    )
    XML = (
        "SPARQL query results in XML",
        "application/sparql-results+xml",
        "xml",
        QueryResultsFormat.XML,
        ("application/xml", "text/xml"),
    )
    CSV = ("SPARQL 1.1 query results in CSV", "text/csv", "csv", QueryResultsFormat.CSV, ())
    TSV = (
        "SPARQL 1.1 query results in TSV",
        "text/tab-separated-values",
        "tsv",
        QueryResultsFormat.TSV,
        (),
    )

    def __init__(
        self,
        title: str,
        media_type: str,
        extension: str,
        engine: QueryResultsFormat,
        also: tuple[str, ...],
    ) -> None:
        self.title = title
        self.media_type = media_type
        self.extension = extension
        self.engine = engine
        self.also = also


class GraphFormat(Enum):
    """A format for the triples of CONSTRUCT and DESCRIBE, and for whole graphs.

    >>> GraphFormat.TURTLE.media_type, GraphFormat.TURTLE.extension
    ('text/turtle', 'ttl')
    """

    TURTLE = ("Turtle", "text/turtle", "ttl", RdfFormat.TURTLE, ("application/x-turtle",))
    N_TRIPLES = ("N-Triples", "application/n-triples", "nt", RdfFormat.N_TRIPLES, ())
    RDF_XML = (
        "RDF/XML",
        "application/rdf+xml",
        "rdf",
        RdfFormat.RDF_XML,
        ("application/xml", "text/xml"),
    )
    JSON_LD = ("JSON-LD", "application/ld+json", "jsonld", RdfFormat.JSON_LD, ("application/json",))
    N_QUADS = ("N-Quads", "application/n-quads", "nq", RdfFormat.N_QUADS, ())
    TRIG = ("TriG", "application/trig", "trig", RdfFormat.TRIG, ())

    def __init__(
        self,
        title: str,
        media_type: str,
        extension: str,
        engine: RdfFormat,
        also: tuple[str, ...],
    ) -> None:
        self.title = title
        self.media_type = media_type
        self.extension = extension
        self.engine = engine
        self.also = also


Format = TypeVar("Format", ResultFormat, GraphFormat)


@dataclass(frozen=True)
class Choice(Generic[Format]):
    """A format, and the media type to answer with: the one the client named."""

    format: Format
    media_type: str

    @property
    def content_type(self) -> str:
        """The Content-Type header: text formats say that they are UTF-8.

        >>> Choice(ResultFormat.CSV, "text/csv").content_type
        'text/csv; charset=utf-8'
        """
        text = self.media_type.startswith("text/")
        return f"{self.media_type}; charset=utf-8" if text else self.media_type


@lru_cache(maxsize=256)
def choose_result_format(accept: str | None) -> Choice[ResultFormat] | None:
    """Return the result format that an Accept header asks for, or None when none fits.

    >>> choose_result_format("text/csv").format.name
    'CSV'
    >>> choose_result_format(None).media_type
    'application/sparql-results+json'
    """
    return _choose(accept, tuple(ResultFormat))


@lru_cache(maxsize=256)
def choose_graph_format(accept: str | None) -> Choice[GraphFormat] | None:
    """Return the RDF format that an Accept header asks for, or None when none fits.

    >>> choose_graph_format("application/rdf+xml;q=0.8, */*;q=0.1").format.name
    'RDF_XML'
    >>> choose_graph_format("text/csv") is None
    True
    """
    return _choose(accept, tuple(GraphFormat))


def find_result_format(name: str) -> ResultFormat | None:
    """Return the result format with this extension, enum name or media type, or None.

    >>> find_result_format("csv").title
    'SPARQL 1.1 query results in CSV'
    """
    return _find(name, tuple(ResultFormat))


def find_graph_format(name: str) -> GraphFormat | None:
    """Return the RDF format with this extension, enum name or media type, or None.

    >>> find_graph_format("turtle").extension
    'ttl'
    """
    return _find(name, tuple(GraphFormat))


def _choose(accept: str | None, formats: Sequence[Format]) -> Choice[Format] | None:
    by_type: dict[str, Format] = {each.media_type: each for each in formats}
    if not _from_a_browser(accept):
        for candidate in formats:
            by_type |= {name: candidate for name in candidate.also if name not in by_type}
    chosen = choose_media_type(accept, tuple(by_type))
    return None if chosen is None else Choice(by_type[chosen], chosen)


def _from_a_browser(accept: str | None) -> bool:
    # A browser prefers application/xml to */*, and means a page by it.
    ranges = read_accept(accept or "")
    return any(each.subtype == "html" and each.quality > 0 for each in ranges)


def _find(name: str, formats: Sequence[Format]) -> Format | None:
    wanted = name.strip().lower()
    return next((each for each in formats if wanted in _names(each)), None)


def _names(described: ResultFormat | GraphFormat) -> tuple[str, ...]:
    name = described.name.lower()
    return (
        described.extension,
        name,
        name.replace("_", "-"),
        described.media_type,
        *described.also,
    )
