"""A store asked with repaired texts in place of those that its engine gets wrong."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import Any

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Store

from kg.path_repair import HasNode
from kg.query_error import QueryRefusedError
from kg.query_limits import check_limits
from kg.query_repair import repaired
from kg.query_text import QueryText

__all__ = ["BASE_IRI", "ask_store", "update_store"]

BASE_IRI = "https://w3id.org/sarcoma-kg/"
"""What a relative IRI of a text is resolved against, unless it or an option names another base.

By https://www.w3.org/TR/sparql11-protocol/#base-iri it is the service that defines it.
"""

_LONGEST = 100_000
"""Characters of the texts that are looked at; it takes some milliseconds then."""


def ask_store(
    store: Store, query: QueryText, **options: Any
) -> QuerySolutions | QueryBoolean | QueryTriples:
    """Return the results of a query, as ``Store.query`` with the same options would.

    Raises what ``Store.query`` raises; the places in its messages are those of the original.

    >>> query = QueryText("SELECT ?x { <urn:a> <urn:p>* ?x }")
    >>> [str(row["x"]) for row in ask_store(Store(), query)]
    ['<urn:a>']
    """
    options = {"base_iri": BASE_IRI, **options}
    known = partial(_has_solution, store, query, options)
    text = _repaired(query, known)
    if text is not query:
        # What the engine has against the original is told of the original.
        with suppress(SyntaxError):
            return store.query(text.text, **options)
    return store.query(query.text, **options)


def update_store(store: Store, update: QueryText, **options: Any) -> None:
    """Apply an update, as ``Store.update`` with the same options would."""
    options = {"base_iri": BASE_IRI, **options}
    text = _repaired(update, None)
    if text is not update:
        with suppress(SyntaxError):
            store.update(text.text, **options)
            return
    store.update(update.text, **options)


def _repaired(query: QueryText, has_node: HasNode | None) -> QueryText:
    """Return a query repaired, unless it is too long to look at, or then too deep to evaluate."""
    if len(query.text) > _LONGEST:
        return query
    text = repaired(query, has_node)
    if text is query:
        return query
    try:
        check_limits(text)
    except QueryRefusedError:
        return query
    return text


def _has_solution(store: Store, query: QueryText, options: dict[str, Any], pattern: str) -> bool:
    """Tell whether a pattern has a solution in the data that a query sees.

    A pattern that cannot be read has one: what is wrong with the query, the engine says.
    """
    start = next((each.start for each in query.tokens if each.word == query.form), 0)
    text = f"{query.text[:start]} ASK {_dataset(query)} {{ {pattern} }}"
    try:
        return bool(store.query(text, **options))
    except SyntaxError:
        return True


def _dataset(query: QueryText) -> str:
    """Return the FROM clauses of a query."""
    clauses = []
    tokens = query.outermost()
    for word in tokens:
        if word.word in ("FROM", "FROMNAMED"):
            last = next(tokens, word)
            last = next(tokens, last) if last.word == "NAMED" else last
            clauses.append(query.text[word.start : last.end])
    return " ".join(clauses)
