"""The functions of SPARQL that search names and texts, as ``/api/v1/search`` does."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from types import MappingProxyType
from typing import Any

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.query_text import QueryText
from kg.search_index import SearchIndex
from kg.text_search import Hit, search

__all__ = ["FUNCTIONS", "FindIndex", "expand_curie", "search_functions"]

FindIndex = Callable[[], SearchIndex]
_Term = NamedNode | BlankNode | Literal | Triple
_Functions = Mapping[NamedNode, Callable[..., _Term | None]]

_ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology/"
_TEXTS_KEPT = 64
_PLACE = re.compile(r"[1-9][0-9]{0,8}")

FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {
        f"{_ONTOLOGY}matchesText": "Whether a search for a text finds a thing.",
        f"{_ONTOLOGY}matchRank": "The place of a thing among all that a text finds, from 1.",
        f"{_ONTOLOGY}matchKind": "How a thing matches a text: exact, prefix, words, typo, text.",
        f"{_ONTOLOGY}matchedText": "The name or text of a thing that matches a text.",
        f"{_ONTOLOGY}findByText": "The thing that a text finds in a place, from 1.",
    }
)
"""The functions by their IRIs, and what each returns."""

_NAMES = tuple(iri.removeprefix(_ONTOLOGY).lower() for iri in FUNCTIONS)


@dataclass(frozen=True)
class _Result:
    """What a text finds: all hits, and the place of each thing among them."""

    index: SearchIndex
    hits: tuple[Hit, ...]
    places: Mapping[str, int]


def search_functions(
    query: QueryText, find_index: FindIndex, prefixes: Mapping[str, str]
) -> dict[NamedNode, Callable[..., Any]]:
    """Return the functions for a query or an update; none where it names none.

    The index is found first, so that what goes wrong then is told; within a function the engine
    takes any error for an unbound value. ``prefixes`` are those of CURIEs in texts.

    >>> search_functions(QueryText("ASK { }"), lambda: None, {})
    {}
    """
    if not query.mentions(*_NAMES):
        return {}
    index = find_index()
    ask = lru_cache(_TEXTS_KEPT)(partial(_ask, index, dict(prefixes)))
    makers = (_matches, _rank, _kind, _matched, _find)
    return {
        NamedNode(iri): partial(maker, ask) for iri, maker in zip(FUNCTIONS, makers, strict=True)
    }


def expand_curie(prefixes: Mapping[str, str], curie: str) -> str | None:
    """Return the IRI of a CURIE, or None where its prefix is none of these.

    >>> expand_curie({"drug": "https://example.org/drug/"}, "drug:imatinib")
    'https://example.org/drug/imatinib'
    """
    prefix, _, local = curie.partition(":")
    namespace = prefixes.get(prefix)
    return None if namespace is None else namespace + local


_Ask = Callable[[str], _Result]


def _ask(index: SearchIndex, prefixes: Mapping[str, str], text: str) -> _Result:
    hits = search(index, text, expand=partial(expand_curie, prefixes))
    places = {index.things[hit.thing]: place for place, hit in enumerate(hits, 1)}
    return _Result(index, hits, places)


def _matches(ask: _Ask, *given: _Term) -> Literal | None:
    found = _look_up(ask, given)
    return None if found is None else Literal(found[1] is not None)


def _rank(ask: _Ask, *given: _Term) -> Literal | None:
    found = _look_up(ask, given)
    return None if found is None or found[1] is None else Literal(found[0])


def _kind(ask: _Ask, *given: _Term) -> Literal | None:
    found = _look_up(ask, given)
    return None if found is None or found[1] is None else Literal(found[1].how.word)


def _matched(ask: _Ask, *given: _Term) -> Literal | None:
    found = _look_up(ask, given)
    return None if found is None or found[1] is None else Literal(found[1].text)


def _look_up(ask: _Ask, given: tuple[_Term, ...]) -> tuple[int, Hit | None] | None:
    """Return the place and the hit of a thing, or None where the arguments are not of the kind."""
    if len(given) != 2:
        return None
    thing, text = given
    if not isinstance(text, Literal):
        return None
    result = ask(text.value)
    place = result.places.get(thing.value, 0) if isinstance(thing, NamedNode) else 0
    return place, result.hits[place - 1] if place else None


def _find(ask: _Ask, *given: _Term) -> NamedNode | None:
    texts = [each.value for each in given if isinstance(each, Literal)]
    if len(given) != 2 or len(texts) != 2 or not _PLACE.fullmatch(texts[1]):
        return None
    result, place = ask(texts[0]), int(texts[1])
    if place > len(result.hits):
        return None
    return NamedNode(result.index.things[result.hits[place - 1].thing])
