"""One query on one store: checked, evaluated, and serialised by the engine itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import IO

from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
)

from kg.formats import Choice, GraphFormat, ResultFormat, choose_graph_format, choose_result_format
from kg.query_diagnosis import diagnose
from kg.query_error import FormatNotOfferedError, QueryFailedError, QueryRefusedError, show_line
from kg.query_text import Form, QueryText, Token

__all__ = ["DEEPEST", "Answer", "evaluate"]

DEEPEST = 100
"""How deep brackets and prefix operators may nest; engines run out of stack at some 700."""

_NO_PREFIXES: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Answer:
    """An answer that is not written yet: its form, format and media type.

    The engine's results belong to the thread that asked: write them there, and once.
    ``is_volatile`` tells that the same query may answer otherwise the next time.
    """

    form: Form
    choice: Choice[ResultFormat] | Choice[GraphFormat]
    is_volatile: bool
    results: QuerySolutions | QueryBoolean | QueryTriples

    @property
    def media_type(self) -> str:
        """The media type that the client asked for."""
        return self.choice.media_type

    def write(self, output: IO[bytes]) -> None:
        """Write the answer, in pieces of some KiB.

        Raises QueryFailedError when the engine gives up half-way.
        """
        try:
            self.results.serialize(output, format=self.choice.format.engine)  # type: ignore[arg-type]
        except (RuntimeError, OSError) as error:
            raise QueryFailedError(f"the engine gave up: {error}") from None

    def body(self) -> bytes:
        """Return the whole answer; raises as ``write`` does."""
        try:
            return self.results.serialize(format=self.choice.format.engine)  # type: ignore[arg-type, return-value]
        except (RuntimeError, OSError) as error:
            raise QueryFailedError(f"the engine gave up: {error}") from None


def evaluate(
    store: Store,
    query: str,
    *,
    accept: str | None = None,
    default_graph_uris: Sequence[str] = (),
    named_graph_uris: Sequence[str] = (),
    union: bool = True,
    prefixes: Mapping[str, str] = _NO_PREFIXES,
) -> Answer:
    """Return the answer of a store to a query, ready to be written in the best fitting format.

    ``accept`` is an Accept header or a media type. A query sees the union of all graphs
    (``union``) or the default graph, unless it, or the two lists of graph IRIs, names a data
    set: that one holds alone. ``prefixes`` need no declaration in the query.

    Raises a QueryError: QuerySyntaxError, QueryRefusedError (SERVICE, nested too deep, an
    ill-formed graph IRI), FormatNotOfferedError or QueryFailedError.

    >>> evaluate(Store(), "ASK { }", accept="text/csv").body()
    b'true'
    """
    text = QueryText(query)
    _check(text)
    named = bool(default_graph_uris or named_graph_uris)
    try:
        results = store.query(
            query,
            prefixes=dict(prefixes),
            use_default_graph_as_union=union and not named and not text.names_dataset,
            default_graph=[*_graphs("default-graph-uri", default_graph_uris)] if named else None,
            named_graphs=[*_graphs("named-graph-uri", named_graph_uris)] if named else None,
        )
    except SyntaxError as error:
        raise diagnose(text, str(error), tuple(prefixes)) from None
    except (RuntimeError, OSError) as error:
        raise QueryFailedError(f"the engine gave up: {error}") from None
    form, choice = _choose(results, accept, text)
    return Answer(form, choice, text.is_volatile, results)


def _check(text: QueryText) -> None:
    try:
        text.text.encode()
    except UnicodeEncodeError as error:
        raise QueryRefusedError(f"character {error.start + 1} is half a surrogate pair") from None
    if deep := text.find_deeper(DEEPEST):
        raise _refusal(text, deep, f"brackets nest more than {DEEPEST} deep", "simplify the query")
    if service := text.service:
        message = "SERVICE is not available here: no query may reach another endpoint"
        hint = "ask each endpoint by itself, or rename what is only called like it"
        raise _refusal(text, service, message, hint)


def _refusal(text: QueryText, token: Token, message: str, hint: str) -> QueryRefusedError:
    return QueryRefusedError(
        message,
        spot=text.spot(token.start),
        excerpt=show_line(text, token.start),
        hint=hint,
    )


def _graphs(parameter: str, iris: Sequence[str]) -> list[NamedNode]:
    try:
        return [NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise QueryRefusedError(f"{parameter} is no absolute IRI: {error}") from None


def _choose(
    results: QuerySolutions | QueryBoolean | QueryTriples, accept: str | None, text: QueryText
) -> tuple[Form, Choice[ResultFormat] | Choice[GraphFormat]]:
    choice: Choice[ResultFormat] | Choice[GraphFormat] | None
    if isinstance(results, QueryTriples):
        form = Form.DESCRIBE if text.form is Form.DESCRIBE else Form.CONSTRUCT
        choice = choose_graph_format(accept)
        offered = ", ".join(each.media_type for each in GraphFormat)
    else:
        form = Form.ASK if isinstance(results, QueryBoolean) else Form.SELECT
        choice = choose_result_format(accept)
        offered = ", ".join(each.media_type for each in ResultFormat)
    if choice is None:
        raise FormatNotOfferedError(f"{form} is not answered as {accept!r}; it is as {offered}")
    return form, choice
