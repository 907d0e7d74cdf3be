"""What the server's own queries on single things give: quads, as the graph holds them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Triple,
    parse,
    parse_query_results,
)

from api.by_heart import known_graphs
from api.canned import read_canned
from api.engine import Engine
from api.messages import QueryRequest
from kg.formats import GraphFormat, ResultFormat

__all__ = ["ask_count", "ask_quads", "ask_subjects", "describe_unnamed"]

_OF_MANY = frozenset({"entity-fragments", "entity-pointing", "entity-pointing-count"})
"""What would find as many things as a large import has records: it leaves those out."""

_Node = NamedNode | BlankNode
_Graph = NamedNode | BlankNode | DefaultGraph


async def ask_quads(
    engine: Engine, name: str, *, most: int | None = None, **values: Iterable[str]
) -> list[Quad]:
    """Return the quads that a canned query finds, ``most`` of them at most."""
    rows = await _ask(engine, read_canned(name, **values) + _slice(most, 0))
    return [
        Quad(
            cast(_Node, row["subject"]),
            cast(NamedNode, row["predicate"]),
            cast(_Node | Literal, row["object"]),
            cast(_Graph, row["graph"] or DefaultGraph()),
        )
        for row in rows
    ]


async def ask_subjects(
    engine: Engine, name: str, *, most: int | None = None, skipped: int = 0, **values: Iterable[str]
) -> list[str]:
    """Return the IRIs that a canned query finds, without the first ``skipped``."""
    query = read_canned(name, **values) + _slice(most, skipped)
    rows = await _ask(engine, query, _graphs(engine, name))
    return [cast(NamedNode, row["subject"]).value for row in rows]


async def ask_count(engine: Engine, name: str, **values: Iterable[str]) -> int:
    """Return the number that a canned query counts."""
    rows = await _ask(engine, read_canned(name, **values), _graphs(engine, name))
    return next((int(cast(Literal, row["count"]).value) for row in rows), 0)


async def describe_unnamed(engine: Engine, quads: Iterable[Quad]) -> list[Quad]:
    """Return what is said of the blank nodes that quads lead to, and of those behind them.

    No query can name a blank node, so the engine is asked to describe those that point to them.
    Each is in the graph of the quad that leads to it.
    """
    leading = [quad for quad in quads if isinstance(quad.object, BlankNode)]
    if not leading:
        return []
    subjects = {str(quad.subject) for quad in leading if isinstance(quad.subject, NamedNode)}
    about: dict[object, list[Triple]] = {}
    for triple in await _describe(engine, sorted(subjects)):
        about.setdefault(triple.subject, []).append(triple)
    found: dict[Quad, None] = {}
    while leading:
        quad = leading.pop()
        for triple in about.get(quad.object, ()):
            behind = Quad(triple.subject, triple.predicate, triple.object, quad.graph_name)
            if behind not in found:
                found[behind] = None
                leading.append(behind)
    return list(found)


async def _describe(engine: Engine, subjects: list[str]) -> list[Triple]:
    query = f"DESCRIBE {' '.join(subjects)}"
    request = QueryRequest(query, accept=GraphFormat.N_TRIPLES.media_type)
    async with engine.ask_for_server(request) as reply:
        body = await reply.read()
    return [quad.triple for quad in parse(body, format=RdfFormat.N_TRIPLES)]


def _graphs(engine: Engine, name: str) -> tuple[str, ...]:
    """Return the graphs to look in: all but large imports where one is there, else no list."""
    return known_graphs(engine.snapshot) if name in _OF_MANY else ()


async def _ask(engine: Engine, query: str, graphs: tuple[str, ...] = ()) -> QuerySolutions:
    accept = ResultFormat.JSON.media_type
    request = QueryRequest(query, accept=accept, named_graphs=graphs, union=False)
    async with engine.ask_for_server(request) as reply:
        body = await reply.read()
    return cast(QuerySolutions, parse_query_results(body, format=QueryResultsFormat.JSON))


def _slice(most: int | None, skipped: int) -> str:
    r"""Return the end of a query that takes a part of its rows.

    >>> _slice(10, 20)
    '\nLIMIT 10 OFFSET 20'
    """
    return "" if most is None else f"\nLIMIT {most} OFFSET {skipped}"
