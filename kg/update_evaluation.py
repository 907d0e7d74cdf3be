"""A SPARQL update on one store, operation by operation, with the data set that it shall see."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Store

from kg.data_set import DataSet
from kg.evaluation import check_characters, engine_failure
from kg.merging import NO_MERGES, Merges, find_merges, see_default, see_graphs
from kg.nquads import canonical_quads
from kg.query_error import (
    QueryError,
    QueryFailedError,
    QueryForbiddenError,
    QueryRefusedError,
    show_line,
)
from kg.query_limits import LONGEST, check_limits
from kg.query_text import QueryText
from kg.query_tokens import Token
from kg.repaired_evaluation import BASE_IRI, ask_store, update_store
from kg.search_functions import search_functions
from kg.search_loading import load_index
from kg.service_calls import find_calls, redirect_calls, without_calls, without_mentions
from kg.update_syntax import check_syntax
from kg.update_text import Modification, Operation, read_operations

__all__ = ["evaluate_update"]

_COLUMN = "urn:sarcoma-kg:column:"
# With one of these, a solution that is found twice differs from one that is found once.
_COUNTING = re.compile(r"select|rand|uuid|bnode", re.IGNORECASE)


@dataclass(frozen=True)
class _Seen:
    """What a WHERE sees that names no data set: some graphs, else the union or the default."""

    graphs: DataSet | None
    union: bool

    def choose(self, store: Store, merges: Merges) -> tuple[Store, dict[str, Any]]:
        """Return the store to ask, and the options of ``Store.query``."""
        if self.graphs:
            return see_graphs(store, self.graphs, merges)
        return see_default(store, merges, union=self.union)


def evaluate_update(
    store: Store,
    update: str,
    *,
    using_graphs: Sequence[str] = (),
    using_named_graphs: Sequence[str] = (),
    union: bool = True,
    prefixes: Mapping[str, str],
    services: Mapping[str, str],
) -> None:
    """Make an update in a store; where it fails, the operations before it were made.

    A template without GRAPH is about the default graph itself, never the union: what stands in
    a named graph is deleted by naming it. A triple in several graphs of a union counts once; in
    those that several USING clauses of the text name, once in each. Raises a QueryError.
    """
    text = QueryText(update)
    check_characters(update)
    check_limits(text)
    calls = find_calls(text, services, prefixes)
    if text.mentions("service"):
        # What the tokens show of SERVICE is verified by the engine's own reading.
        known = {without_mentions(name): iri for name, iri in prefixes.items()}
        check_syntax(text, without_calls(text, calls), known)
    else:
        check_syntax(text, update, prefixes)
    graphs = DataSet.of(
        _graphs("using-graph-uri", using_graphs),
        _graphs("using-named-graph-uri", using_named_graphs),
    )
    seen = _Seen(graphs if using_graphs or using_named_graphs else None, union)
    operations = read_operations(text)
    for operation in operations:
        _check_allowed(text, operation, seen)
    if calls:
        operations = read_operations(QueryText(redirect_calls(text, calls, services)))
    runner = _Runner(store, seen, prefixes, services)
    for operation in operations:
        runner.run(operation)


def _check_allowed(text: QueryText, operation: Operation, seen: _Seen) -> None:
    if operation.keyword.word == "LOAD" and not operation.is_silent:
        message = "LOAD is not available here: no update may make the server fetch anything"
        hint = "fetch the document yourself, and send it to the graph store"
        raise QueryForbiddenError(message, **_place(text, operation.keyword), hint=hint)
    found = operation.modification and operation.modification.dataset
    if seen.graphs and found:
        message = f"{found.word} and using-graph-uri or using-named-graph-uri exclude each other"
        hint = "name the data set in the update or in the request, not in both"
        raise QueryRefusedError(message, **_place(text, found), hint=hint)


def _place(text: QueryText, token: Token) -> dict[str, Any]:
    return {"spot": text.spot(token.start), "excerpt": show_line(text, token.start)}


class _Runner:
    """Makes operations in a store, one after the other."""

    def __init__(
        self,
        store: Store,
        seen: _Seen,
        prefixes: Mapping[str, str],
        services: Mapping[str, str],
    ) -> None:
        self._store = store
        self._seen = seen
        self._prefixes = dict(prefixes)
        self._services = services

    def run(self, operation: Operation) -> None:
        """Make an operation; LOAD SILENT may fail without a word, and always does.

        Raises QueryFailedError, for a graph that is missing or there already too.
        """
        try:
            self._run(operation)
        except (RuntimeError, OSError) as error:
            raise _failure(error, self._services) from None

    def _run(self, operation: Operation) -> None:
        found, text = operation.modification, operation.prologue + operation.text
        if operation.keyword.word == "LOAD":
            return
        if found is None:
            self._store.update(text, prefixes=self._prefixes, base_iri=BASE_IRI)
        elif found.dataset or not self._sees_more_than_default():
            functions = self._functions(QueryText(text))
            update_store(
                self._store, QueryText(text), prefixes=self._prefixes, custom_functions=functions
            )
        elif rows := self._solutions(operation.prologue, found):
            self._fill(operation.prologue, found, rows)

    def _sees_more_than_default(self) -> bool:
        if self._seen.graphs:
            return True
        return self._seen.union and next(iter(self._store.named_graphs()), None) is not None

    def _solutions(self, prologue: str, found: Modification) -> list[QuerySolution]:
        """Return the solutions of a WHERE, as a query finds them in its data set."""
        distinct = "" if found.makes_nodes else "DISTINCT "
        chosen = " ".join(f"?{name}" for name in found.variables) or "(1 AS ?row)"
        query = QueryText(f"{prologue}\nSELECT {distinct}{chosen} WHERE {found.where}")
        store, options = self._seen.choose(self._store, self._find_merges(found))
        functions = self._functions(query)
        rows = ask_store(
            store, query, prefixes=self._prefixes, custom_functions=functions, **options
        )
        assert isinstance(rows, QuerySolutions)
        return list(rows)

    def _functions(self, query: QueryText) -> dict[Any, Any]:
        """Return the search functions, of what the store holds now."""
        return search_functions(query, partial(load_index, self._store), self._prefixes)

    def _find_merges(self, found: Modification) -> Merges:
        """Return the merges of what the store holds now, where a WHERE could tell them."""
        if not found.makes_nodes and not _COUNTING.search(found.where):
            return NO_MERGES
        return find_merges(self._store, io.BytesIO(canonical_quads(self._store)))

    def _fill(self, prologue: str, found: Modification, rows: list[QuerySolution]) -> None:
        """Fill the templates with solutions.

        The engine cannot be told the data set of an update. So it gets one whose WHERE has a row
        for each solution, and a function for each variable that knows the terms: there is no
        way to write a blank node into a query.
        """
        if len(found.variables) > LONGEST:
            message = f"the templates of one operation have more than {LONGEST:,} variables"
            raise QueryRefusedError(message, hint="make it in several operations")
        row = "row"
        while row in found.variables:
            row += "_"
        names = [NamedNode(f"{_COLUMN}{column}") for column in range(len(found.variables))]
        binds = "".join(
            f" BIND({name}(?{row}) AS ?{variable})"
            for name, variable in zip(names, found.variables, strict=True)
        )
        numbers = " ".join(map(str, range(len(rows))))
        where = f"WHERE {{ VALUES ?{row} {{ {numbers} }}{binds} }}"
        templates = f"DELETE {found.delete} INSERT {found.insert}"
        functions: Any = {name: _column(rows, at) for at, name in enumerate(names)}
        self._store.update(
            f"{prologue}\n{templates} {where}",
            prefixes=self._prefixes,
            base_iri=BASE_IRI,
            custom_functions=functions,
        )


def _column(rows: Sequence[QuerySolution], at: int) -> Callable[[Literal], Any]:
    return lambda number: rows[int(number.value)][at]


def _failure(error: Exception, services: Mapping[str, str]) -> QueryError:
    """Return why an operation failed: a graph that is there or missing, else the engine."""
    if re.fullmatch(r"The graph .* (already exists|does not exist)", str(error)):
        message = str(error)[0].lower() + str(error)[1:]
        return QueryFailedError(message, hint="with SILENT the operation does nothing then")
    return engine_failure(error, services)


def _graphs(parameter: str, iris: Sequence[str]) -> list[NamedNode]:
    try:
        return [NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise QueryRefusedError(f"{parameter} is no absolute IRI: {error}") from None
