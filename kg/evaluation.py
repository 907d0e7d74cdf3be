"""One query on one store: checked, evaluated, and serialised by the engine itself."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache, partial
from types import MappingProxyType
from typing import IO, Any

from pyoxigraph import NamedNode, QueryBoolean, QueryTriples, Store

from kg.data_set import DataSet, read_data_set
from kg.formats import Choice, Format, get_graph_choice, get_result_choice
from kg.html_page import PLAIN, Frame
from kg.merging import NO_MERGES, Merges, see_default, see_graphs
from kg.query_diagnosis import diagnose
from kg.query_error import QueryFailedError, QueryRefusedError
from kg.query_limits import check_limits
from kg.query_text import Form, QueryText
from kg.repaired_evaluation import BASE_IRI, ask_store
from kg.search_functions import FindIndex, search_functions
from kg.search_loading import load_index
from kg.serialisation import Results, write_results
from kg.service_calls import (
    explain_failed_call,
    find_calls,
    redirect_calls,
    without_calls,
    without_mentions,
)

__all__ = ["Answer", "check_characters", "engine_failure", "evaluate"]

_NOTHING: Mapping[str, str] = MappingProxyType({})
_LONGEST_MESSAGE = 500
_WITHOUT_ENDPOINT = "ask again later, or write SERVICE SILENT to go on without that endpoint"


@dataclass(frozen=True)
class Answer:
    """An answer that is not written yet: its form, format and media type.

    The engine's results belong to the thread that asked: write them there, and once.
    ``is_volatile`` tells that the same query may answer otherwise the next time. ``prefixes``
    shorten what is written for people, who see the ``query`` and a ``frame`` too; ``services``
    are as in ``evaluate``.
    """

    form: Form
    choice: Choice[Format]
    is_volatile: bool
    results: Results
    prefixes: Mapping[str, str] = field(default_factory=dict)
    services: Mapping[str, str] = field(default_factory=dict)
    query: str | None = None
    frame: Frame = PLAIN

    @property
    def media_type(self) -> str:
        """The media type that the client asked for."""
        return self.choice.media_type

    def write(self, output: IO[bytes]) -> None:
        """Write the answer, in pieces of some KiB.

        Raises QueryFailedError when the engine gives up half-way.
        """
        try:
            write_results(
                self.results,
                self.choice.format,
                output,
                prefixes=self.prefixes,
                query=self.query,
                frame=self.frame,
            )
        except (RuntimeError, OSError) as error:
            raise engine_failure(error, self.services) from None

    def body(self) -> bytes:
        """Return the whole answer; raises as ``write`` does."""
        output = io.BytesIO()
        self.write(output)
        return output.getvalue()


def evaluate(
    store: Store,
    query: str,
    *,
    accept: str | None = None,
    default_graph_uris: Sequence[str] = (),
    named_graph_uris: Sequence[str] = (),
    union: bool = True,
    prefixes: Mapping[str, str] = _NOTHING,
    services: Mapping[str, str] = _NOTHING,
    merges: Merges = NO_MERGES,
    find_index: FindIndex | None = None,
    frame: Frame = PLAIN,
) -> Answer:
    """Return the answer of a store to a query, ready to be written in the best fitting format.

    ``accept`` is an Accept header or a media type. A query sees the union of all graphs
    (``union``) or the default graph, unless it, or the two lists of graph IRIs, names a data
    set: that one holds alone. ``prefixes`` need no declaration in the query. ``services`` are
    the endpoints that SERVICE may name, each with the address to call instead. ``merges`` tells
    which graphs share triples: without it, such a triple counts once in each graph of a union.
    ``find_index`` gives the index that search functions ask, else made; ``frame`` is a page's.

    Raises a QueryError: QuerySyntaxError, QueryForbiddenError (SERVICE), QueryRefusedError
    (nested too deep, an ill-formed graph IRI), FormatNotOfferedError or QueryFailedError.

    >>> evaluate(Store(), "ASK { }", accept="text/csv").body()
    b'true'
    """
    text = QueryText(query)
    check_characters(query)
    check_limits(text)
    named = _data_set(default_graph_uris, named_graph_uris)
    try:
        led = _lead_calls(text, services, prefixes)
        data_set = named or read_data_set(led, prefixes=prefixes, base_iri=BASE_IRI)
        if data_set or not text.names_dataset:
            seen, options = _see(store, data_set, merges, union=union)
        else:
            seen, options = store, {}
        options["custom_functions"] = _functions(text, store, find_index, prefixes)
        results = ask_store(seen, led, prefixes=_named_prefixes(led, prefixes), **options)
    except SyntaxError as error:
        raise diagnose(text, str(error), tuple(prefixes)) from None
    except (RuntimeError, OSError) as error:
        raise engine_failure(error, services) from None
    chosen = _choose(results, accept, text)
    return Answer(*chosen, text.is_volatile, results, prefixes, services, query, frame)


def _named_prefixes(text: QueryText, prefixes: Mapping[str, str]) -> dict[str, str]:
    """Return the prefixes that a query may name: the engine reads each one it is given."""
    if "\\" in text.text:  # by an escape a name may be spelled otherwise
        return dict(prefixes)
    marks = _prefix_marks(tuple(prefixes))
    return {name: prefixes[name] for name, mark in marks if mark in text.text}


@lru_cache(maxsize=16)
def _prefix_marks(names: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """Return prefixes, and how each of them stands in a text."""
    return tuple((name, f"{name}:") for name in names)


def _functions(
    text: QueryText, store: Store, find_index: FindIndex | None, prefixes: Mapping[str, str]
) -> dict[NamedNode, Callable[..., Any]]:
    return search_functions(text, find_index or partial(load_index, store), prefixes)


def check_characters(query: str) -> None:
    """Refuse a text that is no Unicode, which no engine can take; raises QueryRefusedError."""
    try:
        query.encode()
    except UnicodeEncodeError as error:
        raise QueryRefusedError(f"character {error.start + 1} is half a surrogate pair") from None


def _lead_calls(
    text: QueryText, services: Mapping[str, str], prefixes: Mapping[str, str]
) -> QueryText:
    """Return a query whose SERVICE clauses lead to the addresses of allowed endpoints.

    What the tokens show is verified by the engine's own reading, on a store without data.
    """
    if not text.mentions("service"):
        return text
    calls = find_calls(text, services, prefixes)
    known = {without_mentions(name): iri for name, iri in prefixes.items()}
    with suppress(RuntimeError, OSError):
        Store().query(without_calls(text, calls), prefixes=known, base_iri=BASE_IRI)
    return QueryText(redirect_calls(text, calls, services))


def engine_failure(error: Exception, services: Mapping[str, str]) -> QueryFailedError:
    """Return the error to show for one of the engine, without the addresses of forwarders."""
    message = str(error)
    for iri, address in sorted(services.items(), key=lambda each: -len(each[1])):
        message = message.replace(address, iri)
    call = explain_failed_call(message)
    if call:
        return QueryFailedError(call, hint=_WITHOUT_ENDPOINT)
    cut = message if len(message) <= _LONGEST_MESSAGE else f"{message[:_LONGEST_MESSAGE]}…"
    return QueryFailedError(f"the engine gave up: {cut}")


def _see(
    store: Store, data_set: DataSet | None, merges: Merges, *, union: bool
) -> tuple[Store, dict[str, Any]]:
    """Return the store to ask and the options of its query: for a data set, or for the default."""
    if data_set:
        return see_graphs(store, data_set, merges)
    return see_default(store, merges, union=union)


def _data_set(default_graph_uris: Sequence[str], named_graph_uris: Sequence[str]) -> DataSet | None:
    """Return the data set that a request names beside its query, if it does."""
    if not default_graph_uris and not named_graph_uris:
        return None
    merged = _graphs("default-graph-uri", default_graph_uris)
    return DataSet.of(merged, _graphs("named-graph-uri", named_graph_uris))


def _graphs(parameter: str, iris: Sequence[str]) -> list[NamedNode]:
    try:
        return [NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise QueryRefusedError(f"{parameter} is no absolute IRI: {error}") from None


def _choose(results: Results, accept: str | None, text: QueryText) -> tuple[Form, Choice[Format]]:
    if isinstance(results, QueryTriples):
        form = Form.DESCRIBE if text.form is Form.DESCRIBE else Form.CONSTRUCT
        return form, get_graph_choice(accept, form)
    form = Form.ASK if isinstance(results, QueryBoolean) else Form.SELECT
    return form, get_result_choice(accept, form)
