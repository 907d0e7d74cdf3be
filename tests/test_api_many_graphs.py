"""Descriptions of very many graphs, classes and properties: cut, said to be, and made once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, parse
from serving import engine_of, running, settings_of, snapshot_of

from api import descriptions, page_routes
from api.application import create_app
from api.graph_listing import MOST_GRAPHS
from api.statistics import MOST_CLASSES, MOST_PROPERTIES
from kg.snapshot import Snapshot
from kg.terms import PREFIXES, term

MANY = 2100
N_TRIPLES = {"Accept": "application/n-triples"}
VOID = "/.well-known/void"
LARGE = "http://e.org/large"

get = partial(httpx.get, timeout=60)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    store = Store()
    for number in range(MANY):
        name = f"http://e.org/{number}"
        thing, graph = NamedNode(f"{name}#it"), NamedNode(name)
        store.add(Quad(thing, term("rdf:type"), NamedNode(f"{name}#Class"), graph))
        store.add(Quad(thing, NamedNode(f"{name}#property"), Literal(number), graph))
    store.extend(
        Quad(NamedNode(f"{LARGE}#{number}"), term("rdfs:label"), Literal("x"), NamedNode(LARGE))
        for number in range(9)
    )
    store.add(Quad(NamedNode(LARGE), term("rdfs:label"), Literal("x")))
    return snapshot_of(store, tmp_path_factory.mktemp("many"))


@pytest.fixture(scope="module")
def served(many: Snapshot) -> Iterator[str]:
    with running(create_app(settings_of(many.directory), engine_of(many))) as address:
        yield address


def rows(text: str, query: str) -> list[tuple[str, ...]]:
    store = Store()
    store.extend(parse(text, format=RdfFormat.N_TRIPLES))
    found = store.query(query, prefixes=dict(PREFIXES))
    assert isinstance(found, QuerySolutions)
    return [tuple(each.value if each else "" for each in row) for row in found]


def test_the_largest_are_listed_and_all_are_counted(served: str) -> None:
    text = get(served + VOID, headers=N_TRIPLES).text
    for pattern, most in (
        ("void:subset", MOST_GRAPHS),
        ("void:classPartition", MOST_CLASSES),
        ("void:propertyPartition", MOST_PROPERTIES),
    ):
        assert len(rows(text, f"SELECT DISTINCT ?o {{ ?s {pattern} ?o }}")) == most
    whole = "SELECT ?c ?p { ?s void:entities ?e ; void:classes ?c ; void:properties ?p }"
    assert rows(text, whole) == [(str(MANY), str(MANY + 2))]
    assert {each for (each,) in rows(text, "SELECT ?o { ?s rdfs:comment ?o }")} == {
        "Of 2,102 graphs the largest 500 are listed.",
        "Of 2,100 classes the largest 500 are listed.",
        "Of 2,102 properties the largest 1,000 are listed.",
        "What the members of each class state is too much to be listed.",
    }
    listed = f'?s void:subset ?o FILTER (STRENDS(STR(?o), "{LARGE}"))'
    assert rows(text, f"SELECT ?n {{ {listed} ?o void:triples ?n }}") == [("9",)]
    default = '?s void:subset ?o FILTER (STRENDS(STR(?o), "#default-graph"))'
    assert rows(text, f"SELECT ?n {{ {default} ?o void:triples ?n }}") == [("1",)]


def test_the_service_names_the_same_graphs_and_says_that_there_are_more(served: str) -> None:
    text = get(f"{served}/sparql", headers=N_TRIPLES).text
    void = get(served + VOID, headers=N_TRIPLES).text
    named = rows(text, "SELECT ?g { ?s sd:namedGraph [ sd:graph ?g ] } ORDER BY ?g")
    part = 'FILTER (!STRENDS(STR(?g), "#default-graph"))'
    assert named == rows(void, f"SELECT ?g {{ ?s void:subset ?g {part} }} ORDER BY ?g")
    said = rows(text, "SELECT ?c { ?s a sd:Dataset ; rdfs:comment ?c }")
    assert said == [("Of 2,102 graphs the largest 500 are listed.",)]


def test_pages_say_that_lists_are_cut(served: str) -> None:
    page = get(served + VOID, headers={"Accept": "text/html"}).text
    assert page.count("<p>The largest 500 of 2,10") == 2
    assert "<p>The largest 1,000 of 2,102.</p>" in page
    downloads = get(f"{served}/downloads").json()
    assert len(downloads["graphs"]) == MOST_GRAPHS
    assert "Of 2,102 graphs the largest 500 are listed" in downloads["about"]


def test_a_short_list_is_not_said_to_be_cut(address: str) -> None:
    for path in (VOID, "/sparql"):
        text = get(address + path, headers=N_TRIPLES).text
        assert "are listed" not in text
    assert "The largest" not in get(f"{address}{VOID}?format=html").text
    assert "are listed" not in get(f"{address}/downloads").json()["about"]


def counted(made: list[int], write: Callable[..., bytes]) -> Callable[..., bytes]:
    def writing(*given: Any, **named: Any) -> bytes:
        made.append(threading.get_ident())
        return write(*given, **named)

    return writing


@pytest.mark.parametrize(
    ("module", "name", "path", "accept"),
    [
        (descriptions, "write_graph", "/sparql", "text/turtle"),
        (page_routes, "write_json", "/openapi.json", "*/*"),
        (page_routes, "docs_page", "/docs", "text/html"),
    ],
)
def test_each_is_written_once_whatever_the_host_and_the_coding(
    many: Snapshot,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
    path: str,
    accept: str,
) -> None:
    made: list[int] = []
    monkeypatch.setattr(descriptions, "COUNTED_AHEAD", 0)
    app = create_app(settings_of(many.directory), engine_of(many, workers=1))
    with running(app) as address:
        monkeypatch.setattr(module, name, counted(made, getattr(module, name)))
        plain = get(address + path, headers={"Accept": accept, "Accept-Encoding": "identity"})
        packed = get(address + path, headers={"Accept": accept, "Accept-Encoding": "gzip"})
        other = get(address + path, headers={"Accept": accept, "Host": "e.org"})
    assert plain.content == packed.content
    assert packed.headers["content-encoding"] == "gzip"
    assert other.status_code == 200
    assert len(made) == 1
    assert made[0] != threading.get_ident()
