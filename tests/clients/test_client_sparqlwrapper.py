"""SPARQLWrapper against a running server: every format and method, updates, errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from xml.dom.minidom import Document

import pytest
import rdflib
from server_process import TOKEN, Server, serving
from SPARQLWrapper import (
    CSV,
    GET,
    JSON,
    JSONLD,
    N3,
    POST,
    POSTDIRECTLY,
    RDFXML,
    TSV,
    TURTLE,
    URLENCODED,
    XML,
    SPARQLWrapper,
    SPARQLWrapper2,
)
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed, Unauthorized

WAYS = [(GET, URLENCODED), (POST, URLENCODED), (POST, POSTDIRECTLY)]
SELECT = "SELECT ?name { ?who <urn:name> ?name } ORDER BY ?name"
CONSTRUCT = "CONSTRUCT { ?who <urn:called> ?name } WHERE { ?who <urn:name> ?name }"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("sparqlwrapper")
    graph = folder / "people.ttl"
    graph.write_text("<urn:ann> <urn:name> 'Ann'@en . <urn:bo> <urn:name> 'Bo, \"é\"' .\n")
    with serving(folder, "--port", "0", "--graph", str(graph), "--writable", "--no-gate") as found:
        yield found


def wrapper(
    server: Server, text: str, form: str = JSON, way: tuple[str, str] = WAYS[0]
) -> SPARQLWrapper:
    made = SPARQLWrapper(f"{server.address}/sparql", returnFormat=form)
    made.setMethod(way[0])
    made.setRequestMethod(way[1])
    made.setQuery(text)
    return made


def converted(server: Server, text: str, form: str = JSON, way: tuple[str, str] = WAYS[0]) -> Any:
    """What the client makes of the answer: a dict, a document, a graph or bytes, by its format."""
    return wrapper(server, text, form, way).queryAndConvert()


def updating(
    server: Server, text: str, token: str = TOKEN, way: str = POSTDIRECTLY
) -> SPARQLWrapper:
    made = wrapper(server, text, way=(POST, way))
    made.addCustomHttpHeader("Authorization", f"Bearer {token}")
    return made


@pytest.mark.parametrize("way", WAYS)
def test_rows_in_every_format(server: Server, way: tuple[str, str]) -> None:
    rows = converted(server, SELECT, JSON, way)
    assert [row["name"]["value"] for row in rows["results"]["bindings"]] == ["Ann", 'Bo, "é"']
    document = converted(server, SELECT, XML, way)
    assert isinstance(document, Document)
    assert len(document.getElementsByTagName("literal")) == 2
    assert converted(server, SELECT, CSV, way) == ('name\r\nAnn\r\n"Bo, ""é"""\r\n'.encode())
    assert converted(server, SELECT, TSV, way) == ('?name\n"Ann"@en\n"Bo, \\"é\\""\n'.encode())


# The JSON-LD parser of rdflib uses a class that rdflib itself calls old.
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("way", WAYS)
def test_graphs_in_every_format(server: Server, way: tuple[str, str]) -> None:
    for form in (RDFXML, XML, JSONLD):
        graph = converted(server, CONSTRUCT, form, way)
        assert isinstance(graph, rdflib.Graph)
        assert len(graph) == 2
    for form in (TURTLE, N3):
        text = converted(server, CONSTRUCT, form, way)
        assert len(rdflib.Graph().parse(data=text, format="turtle")) == 2


def test_asking_and_describing(server: Server) -> None:
    assert converted(server, "ASK { <urn:ann> ?p ?o }")["boolean"] is True
    described = converted(server, "DESCRIBE <urn:ann>", TURTLE)
    assert b"Ann" in described


def test_bindings_as_values(server: Server) -> None:
    asked = SPARQLWrapper2(f"{server.address}/sparql")
    asked.setQuery(SELECT)
    found: Any = asked.query()
    first = found.bindings[0]["name"]
    assert (first.value, first.lang) == ("Ann", "en")


@pytest.mark.parametrize("way", [URLENCODED, POSTDIRECTLY])
def test_an_update_with_the_token(server: Server, way: str) -> None:
    thing = f"<urn:thing:{way}>"
    answer = updating(server, f"INSERT DATA {{ {thing} <urn:is> 1 }}", way=way).query()
    assert answer.response.status in (200, 204)
    found = converted(server, f"ASK {{ {thing} <urn:is> 1 }}")
    assert found["boolean"] is True


def test_an_update_without_the_token_changes_nothing(server: Server) -> None:
    insertion = "INSERT DATA { <urn:unasked> <urn:is> 1 }"
    with pytest.raises(Unauthorized):
        updating(server, insertion, token="wrong").query()
    found = converted(server, "ASK { <urn:unasked> ?p ?o }")
    assert found["boolean"] is False


def test_an_error_brings_the_problem(server: Server) -> None:
    with pytest.raises(QueryBadFormed) as caught:
        wrapper(server, "SELECT * { ?s ?p }").query()
    text = caught.value.args[0]
    problem = json.loads(text[text.index("{") : text.rindex("}") + 1])
    assert (problem["status"], problem["line"]) == (400, 1)
