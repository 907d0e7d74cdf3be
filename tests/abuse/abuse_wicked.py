"""Attacks by way of endpoints that the operator allowed: they hang, lie, redirect and flood."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from abuse_case import ANSWERED, OVERRUN, Case
from abuse_listeners import WICKED
from abuse_storms import at_once
from abuse_wire import Answer, Target

__all__ = ["wicked_cases"]

FAILED = OVERRUN | {429, 502, 503}


def wicked_cases() -> Iterator[Case]:
    """Return what asks each endpoint in three ways, and a server that asks itself."""
    honest = "SELECT * { SERVICE <WICKED/honest> { ?s ?p ?o } FILTER(?s = <urn:honest>) }"
    yield Case("endpoint: an honest one", "by SERVICE", _asking(honest), ANSWERED)
    for path in WICKED[1:]:
        yield _case(f"{path}, in a query", f"SELECT * {{ SERVICE <WICKED/{path}> {{ ?s ?p ?o }} }}")
        silent = f"SELECT * {{ SERVICE SILENT <WICKED/{path}> {{ ?s ?p ?o }} }}"
        yield _case(f"{path}, silent", silent, ANSWERED)
        yield Case(
            f"endpoint: {path}, in an update",
            "SERVICE in its WHERE",
            lambda target, path=path: [target.update(_inserting(target, path), timeout="1")],  # type: ignore[misc]
            FAILED,
        )
    many = "SELECT * { ?s <urn:next> ?n SERVICE <WICKED/slow> { ?s ?p ?o } }"
    yield _case("asked for each of 20,000 rows", many)
    # Each may wait for a worker as long as it may take then.
    yield Case(
        "endpoint: the server itself",
        "three deep, 10 at once",
        _itself,
        FAILED | ANSWERED,
        seconds=10,
    )


def _case(name: str, query: str, also: frozenset[int] = frozenset()) -> Case:
    return Case(f"endpoint: {name}", "by SERVICE", _asking(query), FAILED | also)


def _asking(query: str) -> Callable[[Target], Iterable[Answer]]:
    return lambda target: [target.ask(query.replace("WICKED", target.wicked), timeout="1")]


def _inserting(target: Target, path: str) -> str:
    service = f"SERVICE <{target.wicked}/{path}> {{ ?s ?p ?o }}"
    return f"INSERT {{ ?s ?p ?o }} WHERE {{ {service} }}"


def _itself(target: Target) -> Iterable[Answer]:
    inner = "{ ?s <urn:next> ?o }"
    for _ in range(3):
        inner = f"{{ SERVICE <http://{target.host}:{target.port}/sparql> {inner} }}"
    return at_once(target, [f"SELECT * {inner}"] * 10)
