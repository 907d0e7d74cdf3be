"""Full-text search over names, codes, identifiers and statements: ``/api/v1/search``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from api.answers import Desk, Services, envelope, json_answer
from api.kinds import KINDS
from api.paging import page_of
from api.parameters import MOST_ITEMS, Paging
from api.path_contract import describe_answer
from api.problems import ParameterError
from api.quotation import clipped
from api.records import Json
from api.search_models import SearchAnswer
from api.search_shelf import Searched, Stated
from kg.export import query_prefixes
from kg.near import suggest
from kg.search_near import find_similar
from kg.search_snippets import make_snippet
from kg.text_search import LONGEST, Hit, How

__all__ = ["OTHER", "SearchFilter", "find_things", "search_router"]

OTHER = "other"
"""The kind of what is none of the kinds: arms of studies, terms of the ontology, queries."""

_KINDS = (*(kind.path for kind in KINDS), OTHER)
_MOST_STATED = 20
_SORTED_BY = [
    "how: exact, prefix, words, typo, text",
    "edits",
    "exact: identifier, code, label, synonym, slug; else names without other words",
    "things before statements",
    "words beside those looked for",
    "kind",
    "label",
    "iri",
]
_NOTE = (
    "A typo is a guess: read what matched. Names are those that the documents print. Nothing found "
    "says nothing but that no source of this snapshot has the text."
)


class SearchFilter(Paging):
    """What to look for, and where."""

    limit: int = Field(20, ge=1, le=MOST_ITEMS, description="How many items at most.")
    q: str = Field(
        min_length=1,
        max_length=LONGEST,
        description="A name, code or identifier, or words of a statement; in any case and order.",
    )
    kind: list[Annotated[str, Field(max_length=50)]] = Field(
        [],
        max_length=len(_KINDS),
        description="Only things of a kind, repeatable: drugs, histologies ..., or other.",
    )
    prefix: bool = Field(
        False, description="The last word is the beginning of one, as while typing; names only."
    )


def search_router(services: Services) -> APIRouter:
    """Return the route of the search."""
    router = APIRouter(prefix="/api/v1")

    async def find(request: Request, wanted: Annotated[SearchFilter, Query()]) -> Response:
        """Find things by a name, code, synonym or identifier, by words, or with a typo.

        What matched and how is said of each. Exact matches come first, then names that begin so,
        names with all words, names with a typo, and last statements with all words in their
        texts. A code with another number is another thing.
        """
        return await json_answer(request, services, partial(find_things, wanted=wanted))

    router.add_api_route(
        "/search",
        find,
        tags=["search"],
        summary="Full-text search over names, codes, identifiers and statements",
        openapi_extra={"x-example": "/api/v1/search?q=pazopanip"},
        response_class=Response,
        responses=describe_answer(SearchAnswer),
    )
    return router


async def find_things(desk: Desk, *, wanted: SearchFilter) -> Json:
    """Return what a text finds; raises ParameterError for a kind that is not known."""
    for kind in wanted.kind:
        if kind not in _KINDS:
            message = f"there is no kind '{clipped(kind)}', only {', '.join(_KINDS)}"
            raise ParameterError("kind", message + suggest(kind, _KINDS))
    library = desk.library
    names = library.context.namespaces
    prefixes = query_prefixes(names)
    searched = await library.search.get(desk.engine, library.snapshot, prefixes)
    hits = searched.search(wanted.q, is_prefix=wanted.prefix)
    kinds = {hit.thing: _kinds(desk, searched.index.things[hit.thing]) for hit in hits}
    chosen = [hit for hit in hits if not wanted.kind or {*wanted.kind} & {*kinds[hit.thing]}]
    given = {
        "q": wanted.q,
        "kind": sorted(set(wanted.kind)) or None,
        "prefix": "true" if wanted.prefix else None,
    }
    mark = f"{library.snapshot} search {sorted(given.items())}"
    page = page_of(chosen, limit=wanted.limit, cursor=wanted.cursor, mark=mark)
    return {
        **envelope("/api/v1/search", given, page, wanted.limit, library.snapshot),
        "note": _NOTE,
        "sortedBy": _SORTED_BY,
        "byKind": _counted(list(kinds.values())),
        "items": [
            _show(desk, searched, hit, kinds[hit.thing], looked_for=wanted.q) for hit in page.items
        ],
        "near": [] if hits else _similar(desk, searched, wanted.q),
    }


def _kinds(desk: Desk, iri: str) -> Sequence[str]:
    entry = desk.library.directory.entries.get(iri)
    return _in_order(entry.kinds if entry else frozenset())


@lru_cache(maxsize=256)
def _in_order(kinds: frozenset[str]) -> Sequence[str]:
    return tuple(kind for kind in _KINDS if kind in kinds) or (OTHER,)


def _counted(kinds: Sequence[Sequence[str]]) -> dict[str, int]:
    """Return how many things are of each kind; one of two kinds counts in both."""
    counts = Counter(kind for each in kinds for kind in each)
    return {kind: counts[kind] for kind in _KINDS if kind in counts}


def _show(
    desk: Desk, searched: Searched, hit: Hit, kinds: Sequence[str], *, looked_for: str
) -> Json:
    iri, directory = searched.index.things[hit.thing], desk.library.directory
    match: Json = {
        "how": hit.how.word,
        "tier": hit.tier.name.lower(),
        "field": hit.field,
        "text": hit.text,
        "edits": hit.edits,
    }
    if hit.how is How.TEXT:
        pieces = make_snippet(hit.text, looked_for)
        match["snippet"] = [{"text": piece.text, "mark": piece.is_match} for piece in pieces]
        match["text"] = "".join(piece.text for piece in pieces)
    if stated := searched.stated.get(iri):
        match["statedIn"] = [_place(desk, each) for each in stated[:_MOST_STATED]]
    entry = directory.entries.get(iri)
    link = None if entry is None else entry.address
    return {
        **_reference(desk, searched, hit.thing),
        "type": sorted(_type(desk, each) for each in searched.classes.get(iri, ())),
        "kinds": kinds,
        **({"links": {"record": link}} if link else {}),
        "match": match,
    }


def _reference(desk: Desk, searched: Searched, thing: int) -> Json:
    iri = searched.index.things[thing]
    shown = desk.library.directory.shorten(iri)
    return {"id": shown, "label": searched.index.labels[thing], "iri": iri}


def _type(desk: Desk, iri: str) -> str:
    names = desk.library.context.namespaces
    if iri.startswith(names.ontology):
        return iri.removeprefix(names.ontology)
    return desk.library.directory.shorten(iri)


def _place(desk: Desk, stated: Stated) -> Json:
    place: Json = {"document": desk.writer.reference(stated.document), "issued": stated.issued}
    if stated.section:
        place["section"] = stated.section
    return {**place, "passage": stated.passage}


def _similar(desk: Desk, searched: Searched, text: str) -> list[Json]:
    return [
        {**_reference(desk, searched, thing), "text": name}
        for thing, name in find_similar(searched.index, text)
    ]
