"""Attacks that make a server open connections or read files for the attacker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from abuse_case import Case
from abuse_wire import Answer, Target, request

__all__ = ["federation_cases"]

REFUSED = frozenset({400, 403})

SERVICES = {
    "plain": "SERVICE <CANARY> { ?s ?p ?o }",
    "silent": "SERVICE SILENT <CANARY> { ?s ?p ?o }",
    "in mixed case": "sErViCe sILENT <CANARY> { ?s ?p ?o }",
    "without blanks": "BIND(1 AS ?x)SERVICE<CANARY>{?s ?p ?o}",
    "behind a comment": "SERVICE#>\n<CANARY>{ ?s ?p ?o }",
    "behind a comment that holds a quote": "# '''\nSERVICE <CANARY> { ?s ?p ?o } # '''",
    "behind a string that holds a hash": "FILTER('#' != \"'\") SERVICE <CANARY> { ?s ?p ?o }",
    "behind a comparison": "BIND(1 AS ?a) FILTER(?a<2)SERVICE<CANARY>{ ?s ?p ?o }",
    "spelt with escapes": r"\u0053ERVICE <CANARY> { ?s ?p ?o }",
    "with escapes in its IRI": r"SERVICE <\u0068ttp:CANARY-REST> { ?s ?p ?o }",
    "of a variable": "VALUES ?e { <CANARY> } SERVICE ?e { ?s ?p ?o }",
    "of a variable that is bound later": "SERVICE ?e { ?s ?p ?o } BIND(<CANARY> AS ?e)",
    "of a prefixed name": "SERVICE canary:x { ?s ?p ?o }",
    "of a prefix called service": "SERVICEcanary:x { ?s ?p ?o }",
    "of a relative IRI": "SERVICE <x> { ?s ?p ?o }",
    "in EXISTS": "FILTER EXISTS { SERVICE <CANARY> { ?s ?p ?o } }",
    "in a subselect": "{ SELECT * { SERVICE <CANARY> { ?s ?p ?o } } }",
    "in OPTIONAL": "OPTIONAL { SERVICE <CANARY> { ?s ?p ?o } }",
    "in a service": "SERVICE <CANARY> { SERVICE <CANARY> { ?s ?p ?o } }",
    "with line breaks of all kinds": "SERVICE\r\n\t\x0c<CANARY>\r{ ?s ?p ?o }",
    "of a file": "SERVICE <file:///etc/passwd> { ?s ?p ?o }",
    "of an address with a password": "SERVICE <http://a:b@CANARY-HOST/> { ?s ?p ?o }",
    "of an allowed address with more behind it": "SERVICE <WICKED@CANARY-HOST/> { ?s ?p ?o }",
    "of an allowed address with another path": "SERVICE <WICKED/../x> { ?s ?p ?o }",
}
LOADS = {
    "plain": "LOAD <CANARY>",
    "silent": "LOAD SILENT <CANARY>",
    "into a graph": "LOAD <CANARY> INTO GRAPH <urn:g>",
    "in mixed case": "lOaD<CANARY>",
    "behind a comment": "LOAD#>\n<CANARY>",
    "of a prefixed name": "PREFIX c: <CANARY> LOAD c:x",
    "spelt with escapes": r"\u004cOAD <CANARY>",
    "of a file": "LOAD <file:///etc/passwd> INTO GRAPH <urn:g>",
    "of a file, silent": "LOAD SILENT <file:///etc/passwd> INTO GRAPH <urn:g>",
    "behind other operations": "CREATE SILENT GRAPH <urn:g> ; LOAD <CANARY>",
    "of a relative IRI": "BASE <CANARY> LOAD <x>",
}
NAMES = {
    "FROM": "SELECT * FROM <CANARY> { ?s ?p ?o }",
    "FROM NAMED": "SELECT * FROM NAMED <CANARY> { GRAPH ?g { ?s ?p ?o } }",
    "FROM of a file": "SELECT * FROM <file:///etc/passwd> { ?s ?p ?o }",
    "GRAPH": "SELECT * { GRAPH <CANARY> { ?s ?p ?o } }",
    "DESCRIBE": "DESCRIBE <CANARY>",
    "BASE": "BASE <CANARY> SELECT * { <x> <y> ?o }",
}
COPIES = {
    "COPY": "COPY SILENT <CANARY> TO <urn:g>",
    "ADD": "ADD SILENT <file:///etc/passwd> TO <urn:g>",
    "USING": "INSERT { ?s ?p 1 } USING <CANARY> WHERE { ?s ?p ?o }",
    "WITH": "WITH <CANARY> DELETE { ?s ?p 1 } WHERE { ?s ?p 2 }",
}


def federation_cases() -> Iterator[Case]:
    """Return every way to ask for a connection or a file; the canary must see none."""
    for name, pattern in SERVICES.items():
        query = f"PREFIX canary: <CANARY/> SELECT * {{ {pattern} }}"
        yield _asked(f"SERVICE {name}, in a query", query, REFUSED)
        update = f"PREFIX canary: <CANARY/> INSERT {{ ?s ?p ?o }} WHERE {{ {pattern} }}"
        yield _updated(f"SERVICE {name}, in an update", update, REFUSED)
    for name, load in LOADS.items():
        yield _updated(f"LOAD {name}", load, REFUSED | {200})
    for name, query in NAMES.items():
        yield _asked(f"{name} names an address", query, frozenset({200}))
    for name, update in COPIES.items():
        yield _updated(f"{name} names an address", update, frozenset({200}))
    yield from _requests()


def _asked(name: str, query: str, expected: frozenset[int]) -> Case:
    return Case(name, "one query", lambda target: [target.ask(_aimed(query, target))], expected)


def _updated(name: str, update: str, expected: frozenset[int]) -> Case:
    return Case(
        name, "one update", lambda target: [target.update(_aimed(update, target))], expected
    )


def _aimed(text: str, target: Target) -> str:
    """Return a text with the addresses of the canary and of the allowed endpoint in it."""
    rest = target.canary.removeprefix("http:")
    return (
        text.replace("CANARY-REST", rest)
        .replace("CANARY-HOST", rest.removeprefix("//"))
        .replace("CANARY", target.canary)
        .replace("WICKED", target.wicked)
    )


def _requests() -> Iterator[Case]:
    def graphs(target: Target) -> Iterable[Answer]:
        names = (target.canary, "file:///etc/passwd")
        paths = [f"{target.store_path}?graph={name}" for name in names]
        return [target.send(request("GET", path, target.authorization)) for path in paths]

    def parameters(target: Target) -> Iterable[Answer]:
        return [
            target.get("SELECT * { ?s ?p ?o } LIMIT 1", **{name: target.canary})
            for name in ("default-graph-uri", "named-graph-uri")
        ]

    def proxied(method: str) -> Callable[[Target], Iterable[Answer]]:
        return lambda target: [target.send(request(method, f"{target.canary}/healthz"))]

    yield Case("graphs named like addresses", "GET of two graphs", graphs, frozenset({404}))
    yield Case("data sets named like addresses", "two queries", parameters, frozenset({200}))
    yield Case(
        "a request for another host",
        "GET http://...",
        proxied("GET"),
        frozenset({200, 400, 404, 421}),
    )
    yield Case(
        "a tunnel to another host", "CONNECT", proxied("CONNECT"), frozenset({400, 404, 405, 501})
    )
