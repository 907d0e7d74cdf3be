"""One test of the W3C's suites, run against a server over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import RdfFormat
from w3c_comparison import BY_VALUE, EXACT, Exactness, find_difference, same_rows
from w3c_data import EVERY_QUAD, base_of, read_rows, rows_of, rows_of_triples, to_update
from w3c_exchanges import run_exchanges
from w3c_graph import Graph, read_triples
from w3c_manifest import Case, Data, Suite
from w3c_results import READERS, Row, Table, read_json, read_result_set
from w3c_server import Server
from w3c_service_description import find_description_problem
from w3c_stand_ins import StandIns

__all__ = ["Bench", "Miss", "find_miss", "is_ordered"]

JSON = "application/sparql-results+json"
TURTLE = "text/turtle"
_ACCEPT = {
    ".srx": "application/sparql-results+xml",
    ".srj": JSON,
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
}
_AS = re.compile(r"\bAS\s*[?$](\w+)", re.IGNORECASE)
_ORDER_BY = re.compile(r"\bORDER\s+BY\b", re.IGNORECASE)
_OPAQUE = re.compile(r"<[^<>\s]*>|#[^\n]*|'[^']*'|\"[^\"]*\"")

Answer = Table | bool | list[Row]


@dataclass(frozen=True)
class Bench:
    """A server under test, and the endpoints that SERVICE reaches."""

    server: Server
    stand_ins: StandIns


@dataclass(frozen=True)
class Miss:
    """What went otherwise than it must, and whether only lexical forms of equal values did."""

    cause: str
    is_lexical: bool = False


def find_miss(case: Case, bench: Bench) -> Miss | None:
    """Run a test, and return what went otherwise than it must, or None where it passed."""
    return _RUNNERS[case.suite](case, bench)


def _run_query(case: Case, bench: Bench) -> Miss | None:
    assert case.action
    assert case.result
    server = bench.server
    server.hold(case.data, lambda: bench.stand_ins.readdressed(to_update(case.data)))
    accept = _ACCEPT.get(case.result.suffix, f"{JSON}, {TURTLE};q=0.9")
    text = f"BASE <{base_of(case.action)}>\n{_text(case.action)}"
    with bench.stand_ins.serving(case.services):
        response = server.query(bench.stand_ins.readdressed(text), accept)
    if response.status != 200:
        return Miss(response.summary)
    if response.media_type not in accept:
        return Miss(f"answered as {response.media_type!r} for {accept!r}")
    try:
        actual = _read(bench.stand_ins.as_written(response.text), response.media_type, case.action)
    except (ValueError, KeyError, SyntaxError, AssertionError) as error:
        return Miss(f"ill-formed {response.media_type}: {error}")
    expected = _expected(case.result)
    computed = frozenset(_AS.findall(text))
    exact = Exactness(computed | ({"o"} if computed else frozenset()))
    texts = response.media_type == "text/csv"

    def compare(exactness: Exactness) -> str | None:
        return _difference(expected, actual, exactness, ordered=is_ordered(text))

    return _compared(compare, EXACT if texts else exact, Exactness(None, texts))


def _run_update(case: Case, bench: Bench) -> Miss | None:
    assert case.action
    server = bench.server
    server.hold(case.data, lambda: to_update(case.data))
    server.held = None
    response = server.update(f"BASE <{base_of(case.action)}>\n{_text(case.action)}")
    if response.status >= 300:
        return Miss(response.summary)
    answer = server.query(EVERY_QUAD, JSON)
    if answer.status != 200:
        return Miss(f"read back: {answer.summary}")
    actual = read_json(answer.text)
    assert isinstance(actual, Table)
    expected = Table(actual.variables, tuple(rows_of(case.result_data)))

    def compare(exactness: Exactness) -> str | None:
        return find_difference(expected, actual, exactness, ordered=False)

    return _compared(compare, EXACT, BY_VALUE)


def _run_syntax(case: Case, bench: Bench) -> Miss | None:
    """Hold a server to 400 for what is ill-formed, and for nothing else.

    What is well-formed may still fail: LOAD and SERVICE name places that are nowhere.
    """
    assert case.action
    text = _text(case.action)
    if case.is_update:
        bench.server.held = None
        response = bench.server.update(text)
    else:
        response = bench.server.query(text, f"{JSON}, {TURTLE};q=0.9")
    is_positive = case.kind.startswith("Positive")
    if (response.status != 400) == is_positive:
        return None
    return Miss(response.summary if is_positive else "accepted")


def _run_exchanges(case: Case, bench: Bench) -> Miss | None:
    server = bench.server
    if case.data != Data() or case.suite is Suite.GRAPH_STORE:
        server.hold(case.data, lambda: to_update(case.data))
    if any(each.method != "GET" for each in case.exchanges):
        server.held = None
    cause = run_exchanges(case, server)
    return Miss(cause) if cause else None


def _run_service_description(case: Case, bench: Bench) -> Miss | None:
    cause = find_description_problem(case, bench.server)
    return Miss(cause) if cause else None


_RUNNERS: Mapping[Suite, Callable[[Case, Bench], Miss | None]] = {
    Suite.QUERY: _run_query,
    Suite.RESULTS: _run_query,
    Suite.UPDATE: _run_update,
    Suite.SYNTAX: _run_syntax,
    Suite.PROTOCOL: _run_exchanges,
    Suite.GRAPH_STORE: _run_exchanges,
    Suite.SERVICE_DESCRIPTION: _run_service_description,
}


def _compared(
    compare: Callable[[Exactness], str | None], exact: Exactness, by_value: Exactness
) -> Miss | None:
    cause = compare(exact)
    return Miss(cause, is_lexical=compare(by_value) is None) if cause else None


def _difference(
    expected: Answer, actual: Answer, exactness: Exactness, *, ordered: bool
) -> str | None:
    if isinstance(expected, Table) and isinstance(actual, Table):
        return find_difference(expected, actual, exactness, ordered=ordered)
    if isinstance(expected, list) and isinstance(actual, list):
        return None if same_rows(expected, actual, exactness) else f"another graph: {actual}"
    return None if expected == actual else f"{actual!r}, and not {expected!r}"


def _read(text: str, media_type: str, query: Path) -> Answer:
    if media_type == TURTLE:
        return read_rows(text.encode(), RdfFormat.TURTLE, base_of(query))
    return READERS[media_type](text)


def _expected(path: Path) -> Answer:
    media_type = _ACCEPT.get(path.suffix)
    if media_type:
        return READERS[media_type](_text(path))
    graph = Graph(read_triples(path, base_of(path)))
    found = read_result_set(graph)
    return rows_of_triples(graph) if found is None else found


def is_ordered(query: str) -> bool:
    """Tell whether the solutions of a query come in an order: by ORDER BY outside all braces."""
    outside = _OPAQUE.sub(" ", query)
    while outside != (outside := re.sub(r"\{[^{}]*\}", " ", outside)):
        pass
    return _ORDER_BY.search(outside) is not None


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")
