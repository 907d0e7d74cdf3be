"""The SERVICE clauses of a query: only those of allowed endpoints, led to other addresses."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from kg.query_edit import edited, replace
from kg.query_error import QueryForbiddenError, show_line
from kg.query_text import QueryText
from kg.query_tokens import Kind, Token

__all__ = [
    "Call",
    "explain_failed_call",
    "find_calls",
    "redirect_calls",
    "without_calls",
    "without_mentions",
]

_SHOWN = 5
_BRACES = {"{": 1, "}": -1}
_MENTION = re.compile("(?<=servic)e", re.IGNORECASE)
_FAILED = re.compile(r"Error \d+ [^\n]* returned by [^\n]* with payload:\n(?P<said>.*)", re.DOTALL)
_CLAUSES = {"SERVICE": "GRAPH  ", "SILENT": "      "}


@dataclass(frozen=True)
class Call:
    """A SERVICE clause: its keywords, and its endpoint's IRI, which is written in full."""

    keywords: tuple[Token, ...]
    endpoint: Token

    @property
    def iri(self) -> str:
        """The endpoint's IRI, without angle brackets."""
        return self.endpoint.text[1:-1]


def find_calls(
    query: QueryText, services: Collection[str], prefixes: Collection[str] = ()
) -> tuple[Call, ...]:
    """Return the SERVICE clauses of a query or an update, all of allowed endpoints.

    ``services`` are the IRIs of those; ``prefixes`` are those known without a declaration.
    Raises QueryForbiddenError for any other clause, for an endpoint that is no IRI in full, and
    for a keyword that is glued to its neighbour.

    >>> text = QueryText("ASK { SERVICE SILENT <http://example.org/sparql> { ?s ?p ?o } }")
    >>> [call.iri for call in find_calls(text, ["http://example.org/sparql"])]
    ['http://example.org/sparql']
    """
    if not query.mentions("service"):
        return ()
    known = query.prefixes | frozenset(prefixes)
    return tuple(
        _call(query, at, services)
        for at, token in enumerate(query.tokens)
        if _may_call(token, known)
    )


def redirect_calls(query: QueryText, calls: Collection[Call], services: Mapping[str, str]) -> str:
    """Return the query with other addresses for its endpoints, which ``services`` says.

    A clause within another is not for us to evaluate: the endpoint without gets it as it is.

    >>> text = QueryText("ASK { SERVICE <http://a> {} }")
    >>> redirect_calls(text, find_calls(text, ["http://a"]), {"http://a": "http://b/1"})
    'ASK { SERVICE <http://b/1> {} }'
    """
    ours = _not_within_another(query, calls)
    found = ((call.endpoint, f"<{services[call.iri]}>") for call in ours)
    return edited(query.text, (replace(token.start, token.end, new) for token, new in found))


def without_calls(query: QueryText, calls: Collection[Call]) -> str:
    """Return the query with GRAPH for its SERVICE clauses, and no word SERVICE anywhere.

    An engine that can read this, with ``without_mentions`` of its prefixes, knows of no SERVICE
    clause in the query but those. It has the characters of the query at the same places, so that
    errors in it are errors in the query.

    >>> text = QueryText("ASK { SERVICE <http://a> { ?service ?p 1 } }")
    >>> without_calls(text, find_calls(text, ["http://a"]))
    'ASK { GRAPH   <http://a> { ?servicz ?p 1 } }'
    """
    words = (token for call in calls for token in call.keywords)
    edits = (replace(token.start, token.end, _CLAUSES[token.word]) for token in words)
    return without_mentions(edited(query.text, edits))


def without_mentions(text: str) -> str:
    """Return a text with other letters for those of the word SERVICE.

    >>> without_mentions("self-Service")
    'self-Servicz'
    """
    return _MENTION.sub("z", text)


def explain_failed_call(message: str) -> str | None:
    r"""Return why SERVICE has no answer, from an engine's message about a call; else None.

    >>> explain_failed_call("Error 502 x returned by http://a with payload:\n<http://a> is away")
    'SERVICE has no answer: <http://a> is away'
    """
    failed = _FAILED.fullmatch(message)
    return f"SERVICE has no answer: {' '.join(failed['said'].split())}" if failed else None


def _not_within_another(query: QueryText, calls: Collection[Call]) -> Iterator[Call]:
    """Yield the calls that stand in the group of no other call."""
    by_endpoint = {call.endpoint: call for call in calls}
    depth, within = 0, None
    for token in query.tokens:
        call = by_endpoint.get(token)
        if call and within is None:
            within = depth
            yield call
        depth += _BRACES.get(token.text, 0)
        if token.text == "}" and depth == within:
            within = None


def _call(query: QueryText, at: int, services: Collection[str]) -> Call:
    keywords = query.tokens[at : at + (2 if _word(query, at + 1) == "SILENT" else 1)]
    follows = query.tokens[at + len(keywords) :][:1]
    if keywords[0].word != "SERVICE" or not follows or follows[0].kind is not Kind.IRI:
        raise _refusal(query, query.tokens[at], services)
    call = Call(keywords, follows[0])
    if call.iri not in services:
        raise _refusal(query, call.endpoint if services else keywords[0], services)
    return call


def _word(query: QueryText, at: int) -> str:
    return query.tokens[at].word if at < len(query.tokens) else ""


def _may_call(token: Token, prefixes: Collection[str]) -> bool:
    """Tell whether an engine may read SERVICE here.

    Engines forgive missing blanks: ``1SERVICE``, ``SERVICEex:a``.
    """
    if token.kind in (Kind.WORD, Kind.LANGUAGE):
        return "SERVICE" in token.text.upper()
    return "SERVICE" in token.prefix.upper() and token.prefix not in prefixes


def _refusal(query: QueryText, token: Token, services: Collection[str]) -> QueryForbiddenError:
    message = "SERVICE is not available here: no query may reach another endpoint"
    hint = (
        "ask each endpoint by itself, rename what is only called like it, or let who runs the "
        "server allow endpoints (--service-allow)"
    )
    if services:
        names = ", ".join(f"<{iri}>" for iri in sorted(services)[:_SHOWN])
        more = f" and {len(services) - _SHOWN} more" if len(services) > _SHOWN else ""
        message = f"SERVICE may reach only {names}{more} here"
        hint = "write SERVICE <...> with one of these IRIs in full, between blanks"
    return QueryForbiddenError(
        message, spot=query.spot(token.start), excerpt=show_line(query, token.start), hint=hint
    )
