"""The formats of query results and of RDF, each described once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Generic, NoReturn, TypeVar

from pyoxigraph import QueryResultsFormat, RdfFormat

from kg.negotiation import choose_media_type
from kg.query_error import FormatNotOfferedError

__all__ = [
    "Choice",
    "Format",
    "GraphFormat",
    "ResultFormat",
    "TableFormat",
    "choose_graph_format",
    "choose_result_format",
    "find_graph_format",
    "find_result_format",
    "find_table_format",
    "get_graph_choice",
    "get_result_choice",
]

_LONGEST_QUOTATION = 200


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

    TURTLE = ("Turtle", "text/turtle", "ttl", RdfFormat.TURTLE, ("application/x-turtle", "text/n3"))
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


class TableFormat(Enum):
    """A format for people, who read rows and triples alike as a table.

    >>> TableFormat.HTML.media_type, TableFormat.HTML.extension
    ('text/html', 'html')
    """

    HTML = ("HTML", "text/html", "html")

    def __init__(self, title: str, media_type: str, extension: str) -> None:
        self.title = title
        self.media_type = media_type
        self.extension = extension
        self.also: tuple[str, ...] = ()


Format = ResultFormat | GraphFormat | TableFormat
Chosen_co = TypeVar("Chosen_co", bound=Format, covariant=True)
Listed = TypeVar("Listed", bound=Format)


@dataclass(frozen=True)
class Choice(Generic[Chosen_co]):
    """A format, and the media type to answer with: the one the client named."""

    format: Chosen_co
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
def choose_result_format(accept: str | None) -> Choice[ResultFormat | TableFormat] | None:
    """Return the result format that an Accept header asks for, or None when none fits.

    >>> choose_result_format("text/csv").format.name
    'CSV'
    >>> choose_result_format(None).media_type
    'application/sparql-results+json'
    """
    return _choose(accept, (*ResultFormat, *TableFormat))


@lru_cache(maxsize=256)
def choose_graph_format(accept: str | None) -> Choice[GraphFormat | TableFormat] | None:
    """Return the RDF format that an Accept header asks for, or None when none fits.

    >>> choose_graph_format("application/rdf+xml;q=0.8, */*;q=0.1").format.name
    'RDF_XML'
    >>> choose_graph_format("text/csv") is None
    True
    """
    return _choose(accept, (*GraphFormat, *TableFormat))


def get_result_choice(accept: str | None, what: str) -> Choice[ResultFormat | TableFormat]:
    """Return the result format that an Accept header asks for; raises FormatNotOfferedError.

    ``what`` is answered, and named in the error.
    """
    return choose_result_format(accept) or _refuse(accept, what, (*ResultFormat, *TableFormat))


def get_graph_choice(accept: str | None, what: str) -> Choice[GraphFormat | TableFormat]:
    """Return the RDF format that an Accept header asks for; raises FormatNotOfferedError.

    >>> get_graph_choice("image/png", "a graph")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    kg.query_error.FormatNotOfferedError: a graph is not answered as 'image/png'; it is as text/...
    """
    return choose_graph_format(accept) or _refuse(accept, what, (*GraphFormat, *TableFormat))


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


def find_table_format(name: str) -> TableFormat | None:
    """Return the format for people with this extension, enum name or media type, or None.

    >>> find_table_format("html").media_type
    'text/html'
    """
    return _find(name, tuple(TableFormat))


def _choose(accept: str | None, formats: Sequence[Listed]) -> Choice[Listed] | None:
    by_type: dict[str, Listed] = {each.media_type: each for each in formats}
    for candidate in formats:
        by_type |= {name: candidate for name in candidate.also if name not in by_type}
    chosen = choose_media_type(accept, tuple(by_type))
    return None if chosen is None else Choice(by_type[chosen], chosen)


def _refuse(accept: str | None, what: str, formats: Sequence[Format]) -> NoReturn:
    given = accept or ""
    shown = given if len(given) <= _LONGEST_QUOTATION else f"{given[:_LONGEST_QUOTATION]}…"
    offered = ", ".join(each.media_type for each in formats)
    raise FormatNotOfferedError(f"{what} is not answered as {shown!r}; it is as {offered}")


def _find(name: str, formats: Sequence[Listed]) -> Listed | None:
    wanted = name.strip().lower()
    return next((each for each in formats if wanted in _names(each)), None)


def _names(described: Format) -> tuple[str, ...]:
    name = described.name.lower()
    return (
        described.extension,
        name,
        name.replace("_", "-"),
        described.media_type,
        *described.also,
    )
