"""Answers of an endpoint elsewhere, read whole and written as its client asked."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from pyoxigraph import (
    QueryResultsFormat,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

from api.remote_dialect import Dialect
from api.remote_endpoint import RemoteAnswer
from api.remote_failures import EndpointFailed
from api.remote_graphs import HELPER
from kg.evaluation import Answer, evaluate
from kg.formats import GraphFormat, ResultFormat, get_result_choice
from kg.html_page import PLAIN, Frame
from kg.query_text import Form

__all__ = ["ROWS", "TRIPLES", "read_bindings", "read_rows", "read_triples"]

ROWS = (ResultFormat.JSON.media_type,)
TRIPLES = (f"{GraphFormat.N_TRIPLES.media_type}", f"{GraphFormat.TURTLE.media_type};q=0.5")

Json = dict[str, Any]

_NOTHING: Mapping[str, str] = MappingProxyType({})

_ALL = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"
_ROUND = 1000
_BOOLEAN = "http://www.w3.org/2001/XMLSchema#boolean"
_TRUE = {"1": "true", "0": "false"}


def read_bindings(
    answer: RemoteAnswer, dialect: Dialect, names_of: Mapping[str, str] = _NOTHING
) -> Json:
    """Return results as the standard's JSON has them, or raise EndpointFailed.

    By https://www.w3.org/TR/sparql11-results-json/, whatever older form the engine writes.
    ``names_of`` has the names of graphs by their places.
    """
    try:
        found = json.loads(answer.body)
        if "boolean" in found:
            return {"head": {}, "boolean": bool(found["boolean"])}
        names = [each for each in found["head"]["vars"] if not each.startswith(HELPER)]
        rows = found["results"]["bindings"]
        _check_count(rows, answer)
        if names == ["__ASK_RETVAL"]:
            return {"head": {}, "boolean": rows[0]["__ASK_RETVAL"]["value"] not in ("0", "false")}
        if dialect.is_loose:
            names = [] if names == ["_star_fake"] else names
        kept = [
            {
                name: _term(row[name], names_of)
                for name in names
                if name in row and row[name] is not None
            }
            for row in rows
        ]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise _nonsense("results in JSON", error) from None
    return {"head": {"vars": names}, "results": {"bindings": kept}}


def read_rows(
    answer: RemoteAnswer,
    *,
    dialect: Dialect,
    accept: str | None,
    prefixes: Mapping[str, str],
    query: str,
    names_of: Mapping[str, str] = _NOTHING,
    is_volatile: bool = False,
    frame: Frame = PLAIN,
) -> Answer:
    """Return the answer to SELECT or ASK, ready to be written; raises EndpointFailed."""
    found = read_bindings(answer, dialect, names_of)
    form = Form.ASK if "boolean" in found else Form.SELECT
    try:
        results = parse_query_results(
            json.dumps(found, ensure_ascii=False).encode(), format=QueryResultsFormat.JSON
        )
    except SyntaxError as error:
        raise _nonsense("results in JSON", error) from None
    choice = get_result_choice(accept, form)
    return Answer(form, choice, is_volatile, results, prefixes, {}, query, frame)


def read_triples(
    answer: RemoteAnswer,
    *,
    dialect: Dialect,
    form: Form,
    accept: str | None,
    prefixes: Mapping[str, str],
    is_volatile: bool = False,
    frame: Frame = PLAIN,
) -> Answer:
    """Return the answer to CONSTRUCT, each triple once; raises EndpointFailed."""
    rdf = RdfFormat.from_media_type(answer.media_type or GraphFormat.N_TRIPLES.media_type)
    store = Store()
    try:
        quads = list(parse(answer.body, format=rdf or RdfFormat.N_TRIPLES))
        store.bulk_extend(quads)
    except (SyntaxError, ValueError) as error:
        raise _nonsense("triples", error) from None
    # Virtuoso cuts triples without a word, at a round number or one more.
    is_cut = dialect.is_loose and len(quads) >= _ROUND and len(quads) % _ROUND <= 1
    if is_cut or (answer.most_rows is not None and len(quads) >= answer.most_rows):
        raise _cut(answer.most_rows or len(quads) // _ROUND * _ROUND)
    made = evaluate(store, _ALL, accept=accept, prefixes=prefixes, frame=frame)
    return replace(made, form=form, is_volatile=is_volatile)


def _term(term: Json, names_of: Mapping[str, str] = _NOTHING) -> Json:
    """Return a term as the standard writes it.

    >>> _term({"type": "typed-literal", "value": "1", "datatype": _BOOLEAN})["value"]
    'true'
    """
    kind, value = term["type"], term["value"]
    if kind == "uri":
        return {"type": kind, "value": names_of.get(value, value)}
    if kind == "bnode":
        return {"type": kind, "value": value.removeprefix("nodeID://").removeprefix("_:")}
    if kind == "typed-literal":
        kind = "literal"
    made = {**term, "type": kind}
    if term.get("datatype") == _BOOLEAN:
        made["value"] = _TRUE.get(value, value)
    return made


def _check_count(rows: Sequence[object], answer: RemoteAnswer) -> None:
    if answer.most_rows is not None and len(rows) >= answer.most_rows:
        raise _cut(answer.most_rows)


def _cut(most: int) -> EndpointFailed:
    return EndpointFailed(
        f"the endpoint cuts answers at {most:,} rows, as it did here; ask for fewer with LIMIT, or "
        "have its operator raise ResultSetMaxRows"
    )


def _nonsense(what: str, error: Exception) -> EndpointFailed:
    return EndpointFailed(f"the endpoint's answer is no {what}, or not all of it: {error}")
