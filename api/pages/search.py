"""The page of the search: what was found and why, by kind; and suggestions while typing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from api.kinds import KINDS
from api.pages.desk import PageDesk
from api.pages.frame import render, render_part
from api.paging import page_of
from api.search_routes import OTHER, SearchFilter, find_things

__all__ = ["SearchQuestion", "search_page", "suggestions"]

_PAGE = 30
_SUGGESTED = 8
_HOW = {
    "exact": "Called so",
    "prefix": "Beginning so",
    "words": "With these words in a name",
    "typo": "Spelled nearly so",
    "text": "With these words in a statement",
}
_LAST = frozenset({OTHER, *(kind.path for kind in KINDS if kind.is_imported)})
_SINGULAR = {kind.path: kind.singular for kind in KINDS} | {OTHER: "part or term"}


@dataclass(frozen=True)
class SearchQuestion:
    """What is looked for: a text, or all things of some kinds; and where the list goes on."""

    q: str = ""
    kind: tuple[str, ...] = ()
    cursor: str | None = None

    def address(self, **changes: object) -> str:
        """Return the address of the page of a question that differs in something.

        >>> SearchQuestion("GIST", ("drugs",)).address(kind=())
        '/search?q=GIST'
        """
        given = {"q": self.q, "kind": self.kind, "cursor": None, **changes}
        kept = {name: value for name, value in given.items() if value}
        return "/search" + ("?" + urlencode(kept, doseq=True) if kept else "")

    @property
    def record(self) -> str:
        """The address that gives programs the same."""
        if self.q:
            kinds = [("kind", kind) for kind in self.kind]
            return "/api/v1/search?" + urlencode([("q", self.q), *kinds])
        return f"/api/v1/{self.kind[0]}" if self.kind else "/docs"


@dataclass(frozen=True)
class Place:
    """Where a statement that was found stands."""

    label: str
    address: str
    issued: str | None = None
    section: str | None = None


@dataclass(frozen=True)
class Found:
    """A thing that was found; ``how`` it matched, and ``why``: by which of its names."""

    label: str
    address: str
    kind: str
    how: str = ""
    why: str = ""
    snippet: Sequence[Mapping[str, Any]] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Kind:
    """A kind with how many were found of it, and the address that chooses it or lets it go."""

    name: str
    count: int
    address: str
    is_chosen: bool


async def search_page(desk: PageDesk, question: SearchQuestion) -> bytes:
    """Return the page of a search; without a text it lists what there is of some kinds."""
    values = await (_searched(desk, question) if question.q else _listed(desk, question))
    title = f"Search: {question.q}" if question.q else "Everything that has a name"
    return render(
        "search.html",
        title,
        here="/search",
        snapshot=desk.library.snapshot,
        q=question.q,
        record=question.record,
        groups=[(how, [*found]) for how, found in groupby(values["found"], lambda each: each.how)],
        **values,
    )


async def suggestions(desk: PageDesk, text: str) -> bytes:
    """Return what a text may become, as options: parts and imports come last."""
    if not text.strip():
        return b""
    wanted = SearchFilter(q=text, kind=[], cursor=None, limit=3 * _SUGGESTED, prefix=True)
    answer = await find_things(desk.desk, wanted=wanted)
    items = sorted(answer["items"], key=lambda item: item["kinds"][0] in _LAST)
    found = [_found(desk, each) for each in items[:_SUGGESTED]]
    return render_part("suggestions.html", found=found)


async def _searched(desk: PageDesk, question: SearchQuestion) -> dict[str, Any]:
    wanted = SearchFilter(
        q=question.q,
        kind=list(question.kind),
        cursor=question.cursor,
        limit=_PAGE,
        prefix=False,
    )
    answer = await find_things(desk.desk, wanted=wanted)
    total = answer["total"]
    found = "Nothing was found" if not total else f"{total:,} found"
    return {
        "found": [_found(desk, each) for each in answer["items"]],
        "near": [_near(desk, each) for each in answer["near"]],
        "kinds": [*_kinds(question, answer["byKind"])],
        "summary": f"{found}. {answer['note']}",
        "following": _following(question, answer.get("next")),
    }


async def _listed(desk: PageDesk, question: SearchQuestion) -> dict[str, Any]:
    directory = desk.library.directory
    counts = {kind.path: len(directory.members(kind.path)) for kind in KINDS}
    members = [each for kind in question.kind for each in directory.members(kind)]
    mark = f"{desk.library.snapshot} {question.kind}"
    page = page_of(members, limit=_PAGE, cursor=question.cursor, mark=mark)
    found = [
        Found(each.label, desk.address(each.iri), _SINGULAR[_first(each.kinds)])
        for each in page.items
    ]
    return {
        "found": found,
        "near": (),
        "kinds": [*_kinds(question, {kind: count for kind, count in counts.items() if count})],
        "summary": f"{len(members):,} in all." if question.kind else "Choose a kind.",
        "following": question.address(cursor=page.cursor) if page.cursor else None,
    }


def _first(kinds: frozenset[str]) -> str:
    return next((kind.path for kind in KINDS if kind.path in kinds), OTHER)


def _kinds(question: SearchQuestion, counts: Mapping[str, int]) -> Iterator[Kind]:
    for path, count in counts.items():
        is_chosen = path in question.kind
        address = question.address(kind=() if is_chosen else (path,))
        yield Kind(path.replace("-", " "), count, address, is_chosen)


def _following(question: SearchQuestion, following: str | None) -> str | None:
    if following is None:
        return None
    return question.address(cursor=following.partition("cursor=")[2])


def _found(desk: PageDesk, item: Mapping[str, Any]) -> Found:
    match = item["match"]
    kind = item["kinds"][0]
    return Found(
        label=item["label"] or item["id"],
        address=desk.address(item["iri"]),
        kind=_SINGULAR[kind],
        how=_HOW[match["how"]],
        why=_why(item["label"], match),
        snippet=match.get("snippet", ()),
        places=tuple(_places(desk, match.get("statedIn", ()))),
    )


def _why(label: str, match: Mapping[str, Any]) -> str:
    if match["how"] == "text" or match["text"] == label:
        return ""
    return f"{match['tier']} {match['text']}"


def _places(desk: PageDesk, stated: Sequence[Mapping[str, Any]]) -> Iterator[Place]:
    seen = set()
    for each in stated:
        document = each["document"]
        if document["id"] not in seen:
            seen.add(document["id"])
            iri = desk.library.context.namespaces.expand(document["id"]) or document["id"]
            label = document.get("label") or document["id"]
            yield Place(label, desk.address(iri), each.get("issued"), each.get("section"))


def _near(desk: PageDesk, item: Mapping[str, Any]) -> Found:
    return Found(item["label"] or item["text"], desk.address(item["iri"]), "")
