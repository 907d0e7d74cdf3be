"""Descriptions over real HTTP: every count is that of a query, every example answers."""

from __future__ import annotations

import asyncio
import csv
import io
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import cast

import httpx
import pytest
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
    parse,
)
from service_checks import broken_rules
from serving import engine_of, running, settings_of, snapshot_of

from api import descriptions
from api.application import create_app
from api.descriptions import DescriptionKeeper
from api.engine import Engine
from api.messages import QueryRequest
from api.reply import Reply
from kg.evaluation import evaluate
from kg.example_queries import EXAMPLES, NEEDS_NETWORK, read_examples
from kg.formats import Choice, GraphFormat
from kg.namespaces import read_namespaces
from kg.shipped import find_shipped
from kg.snapshot import Snapshot
from kg.terms import PREFIXES, term

VOID = "/.well-known/void"
QUERIES = "/.well-known/sparql-examples"
N_TRIPLES = {"Accept": "application/n-triples"}

# A triple that several graphs hold counts once: hence the DISTINCT in all of them but one.
ALL = "SELECT DISTINCT ?s ?p ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
TYPED = "{ SELECT DISTINCT ?s ?c { ?s a ?c FILTER (ISIRI(?c)) } }"
COUNTS = "(COUNT(*) AS ?n) (COUNT(DISTINCT ?s) AS ?a) (COUNT(DISTINCT ?o) AS ?b)"
SIZE = "void:triples ?n ; void:distinctSubjects ?a ; void:distinctObjects ?b"
SPACE = "https://w3id.org/sarcoma-kg/"
COUNTED = {
    "the whole": (
        f"SELECT {COUNTS} {{ {ALL} }}",
        f"SELECT ?n ?a ?b {{ part:dataset {SIZE} }}",
    ),
    "entities": (
        f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {{ {ALL} }} "
        f'FILTER (ISIRI(?s) && STRSTARTS(STR(?s), "{SPACE}")) }}',
        "SELECT ?n { part:dataset void:entities ?n }",
    ),
    "how many classes and properties": (
        "SELECT ?n ?a { { SELECT (COUNT(DISTINCT ?c) AS ?n) { ?s a ?c FILTER (ISIRI(?c)) } } "
        "{ SELECT (COUNT(DISTINCT ?p) AS ?a) { ?s ?p ?o } } }",
        "SELECT ?n ?a { part:dataset void:classes ?n ; void:properties ?a }",
    ),
    "graphs": (
        f"SELECT ?g {COUNTS} (COUNT(DISTINCT ?p) AS ?c) {{ GRAPH ?g {{ ?s ?p ?o }} }} GROUP BY ?g",
        f"""SELECT ?g ?n ?a ?b ?c {{ part:dataset void:subset ?part .
          ?part {SIZE} ; void:properties ?c .
          BIND (IRI(STRAFTER(STR(?part), "#graph=")) AS ?g) }}""",
    ),
    "classes of graphs": (
        "SELECT ?g (COUNT(DISTINCT ?c) AS ?n) { GRAPH ?g { ?s a ?c FILTER (ISIRI(?c)) } } "
        "GROUP BY ?g",
        """SELECT ?g ?n { part:dataset void:subset ?part . ?part void:classes ?n .
          BIND (IRI(STRAFTER(STR(?part), "#graph=")) AS ?g) FILTER (?n > 0) }""",
    ),
    "properties": (
        f"SELECT ?p {COUNTS} {{ {ALL} }} GROUP BY ?p",
        f"""SELECT ?p ?n ?a ?b {{
          part:dataset void:propertyPartition [ void:property ?p ; {SIZE} ] }}""",
    ),
    "classes": (
        f"SELECT ?c (COUNT(*) AS ?n) {{ {TYPED} }} GROUP BY ?c",
        """SELECT ?c ?n {
          part:dataset void:classPartition [ void:class ?c ; void:entities ?n ] }""",
    ),
    "how many properties of a class": (
        "SELECT ?c (COUNT(DISTINCT ?p) AS ?n) { ?s a ?c ; ?p ?o FILTER (ISIRI(?c)) } GROUP BY ?c",
        "SELECT ?c ?n { [] void:class ?c ; void:properties ?n }",
    ),
    "properties of classes": (
        f"SELECT ?c ?p {COUNTS} {{ {{ {ALL} }} {TYPED} }} GROUP BY ?c ?p",
        f"""SELECT ?c ?p ?n ?a ?b {{
          [] void:class ?c ; void:propertyPartition [ void:property ?p ; {SIZE} ] }}""",
    ),
    "datatypes": (
        f"""SELECT ?c ?p ?d (COUNT(*) AS ?n) {{ {{ {ALL} }} {TYPED}
          FILTER (ISLITERAL(?o)) BIND (DATATYPE(?o) AS ?d) }} GROUP BY ?c ?p ?d""",
        """SELECT ?c ?p ?d ?n { [] void:class ?c ; void:propertyPartition [ void:property ?p ;
          void-ext:datatypePartition [ void-ext:datatype ?d ; void:triples ?n ] ] }""",
    ),
    "links": (
        f"""SELECT ?c ?p ?d (COUNT(*) AS ?n) {{ {{ {ALL} }} {TYPED}
          {{ SELECT DISTINCT ?o ?d {{ ?o a ?d FILTER (ISIRI(?d)) }} }}
          FILTER (?p != <{term("rdf:type").value}>) }} GROUP BY ?c ?p ?d""",
        """SELECT ?c ?p ?d ?n { [] a void:Linkset ; void:subjectsTarget [ void:class ?c ] ;
          void:linkPredicate ?p ; void:objectsTarget [ void:class ?d ] ; void:triples ?n }""",
    ),
    "examples of members": (
        "SELECT ?c (MIN(STR(?s)) AS ?e) { ?s a ?c FILTER (ISIRI(?c) && ISIRI(?s)) } GROUP BY ?c",
        "SELECT ?c ?e { [] void:class ?c ; void:exampleResource ?e }",
    ),
}


def read(text: bytes | str) -> Store:
    store = Store()
    store.extend(parse(text, format=RdfFormat.N_TRIPLES))
    return store


def rows(store: Store, query: str, address: str = "http://any.example") -> set[tuple[str, ...]]:
    prefixes = {**PREFIXES, "part": f"{address}{VOID}#"}
    found = store.query(query, prefixes=prefixes)
    assert isinstance(found, QuerySolutions)
    return {tuple(term.value if term else "" for term in row) for row in found}


def asked(address: str, query: str) -> set[tuple[str, ...]]:
    answer = httpx.post(
        f"{address}/sparql", data={"query": query}, headers={"Accept": "text/csv"}, timeout=60
    )
    assert answer.status_code == 200, answer.text
    return {tuple(row) for row in list(csv.reader(io.StringIO(answer.text)))[1:]}


@pytest.fixture(scope="module")
def void(address: str) -> Store:
    return read(httpx.get(address + VOID, headers=N_TRIPLES, timeout=60).content)


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of what nobody here wrote: repeated, unnamed and without types."""
    a, b, p = (NamedNode(f"http://e.org/{name}") for name in "abp")
    kind, one, two = NamedNode("urn:kind"), NamedNode("http://e.org/1"), NamedNode("urn:2")
    store = Store()
    for graph in (one, two, DefaultGraph()):
        store.extend([Quad(a, p, b, graph), Quad(a, term("rdf:type"), kind, graph)])
    store.add(Quad(b, term("rdf:type"), kind, one))
    store.add(Quad(a, p, Literal("x", language="en"), two))
    store.bulk_extend(parse(b"_:a <http://e.org/p> _:b ; a <urn:kind> .", format=RdfFormat.TURTLE))
    snapshot = snapshot_of(store, tmp_path_factory.mktemp("foreign"))
    with running(create_app(settings_of(snapshot.directory), engine_of(snapshot))) as found:
        yield found


@pytest.mark.parametrize("name", COUNTED)
def test_every_count_is_what_a_query_counts(address: str, void: Store, name: str) -> None:
    query, described = COUNTED[name]
    found = rows(void, described, address)
    assert found == asked(address, query)
    assert found


@pytest.mark.parametrize("name", sorted(COUNTED.keys() - {"entities"}))
def test_counts_hold_for_any_data(foreign: str, name: str) -> None:
    query, described = COUNTED[name]
    store = read(httpx.get(foreign + VOID, headers=N_TRIPLES).content)
    assert rows(store, described, foreign) == asked(foreign, query)


def test_a_triple_in_three_graphs_is_one_and_so_is_a_thing_without_our_namespace(
    foreign: str,
) -> None:
    store = read(httpx.get(foreign + VOID, headers=N_TRIPLES).content)
    whole = "SELECT ?n ?e ?t { part:dataset void:triples ?n ; void:entities ?e ; dcterms:title ?t }"
    assert rows(store, whole, foreign) == {("6", "2", "An RDF data set")}
    assert rows(store, "SELECT ?any { ?any void:uriSpace|dcterms:license ?value }") == set()
    default = "SELECT ?n { part:default-graph void:triples ?n }"
    assert rows(store, default, foreign) == {("4",)}


def test_every_graph_of_the_manifest_is_a_part_with_its_title(
    address: str, void: Store, snapshot: Snapshot
) -> None:
    query = """SELECT ?g ?n { [] void:subset ?part .
      ?part void:triples ?n ; dcterms:title ?t ; void:dataDump ?d . """
    found = rows(void, query + 'BIND (STRAFTER(STR(?part), "#graph=") AS ?g) }')
    graphs = snapshot.manifest.graphs
    assert found == {(graph, str(counts.triples)) for graph, counts in graphs.items()}


def test_the_whole_has_a_name_and_things_to_look_at(
    address: str, void: Store, snapshot: Snapshot
) -> None:
    query = """SELECT ?title ?space ?id ?endpoint { part:dataset dcterms:title ?title ;
      void:uriSpace ?space ; dcterms:identifier ?id ; void:sparqlEndpoint ?endpoint }"""
    title = "sarcoma-kg: soft-tissue sarcoma treatment"
    endpoint = f"{address}/sparql"
    assert rows(void, query, address) == {(title, SPACE, snapshot.id, endpoint)}
    examples = rows(void, "SELECT ?e { part:dataset void:exampleResource ?e }", address)
    assert len(examples) >= 5
    for (example,) in examples:
        assert asked(address, f"SELECT * {{ <{example}> ?p ?o }}")


def test_vocabularies_are_those_of_the_terms_in_use(address: str, void: Store) -> None:
    found = {
        each for (each,) in rows(void, "SELECT ?v { part:dataset void:vocabulary ?v }", address)
    }
    assert f"{SPACE}ontology/" in found
    used = asked(address, "SELECT DISTINCT ?p { ?s ?p ?o }")
    assert all(any(each.startswith(space) for space in found) for (each,) in used)


def test_each_dump_is_the_graph(address: str, void: Store) -> None:
    query = """SELECT ?dump ?n { part:dataset void:subset [ void:dataDump ?dump ; void:triples ?n ]
      } ORDER BY ?n LIMIT 5"""
    for dump, count in rows(void, query, address):
        answer = httpx.get(dump, headers=N_TRIPLES)
        assert answer.status_code == 200, dump
        assert len(answer.text.splitlines()) == int(count)


def test_where_there_is_too_much_to_count_only_what_is_known_is_told(
    snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(descriptions, "COUNTED_BELOW", snapshot.manifest.quads - 1)
    with running(create_app(settings_of(snapshot.directory), engine_of(snapshot))) as address:
        store = read(httpx.get(address + VOID, headers=N_TRIPLES).content)
        page = httpx.get(address + VOID, params={"format": "html"})
    assert rows(store, "SELECT ?x { ?x void:class|void:property|void:entities ?y }") == set()
    known = rows(store, "SELECT ?part ?n { ?part void:triples ?n }")
    assert len(known) == len(snapshot.manifest.graphs)
    assert "are not counted" in page.text


@pytest.mark.parametrize("path", [VOID, QUERIES])
@pytest.mark.parametrize("form", GraphFormat)
def test_every_format_says_the_same(address: str, path: str, form: GraphFormat) -> None:
    wanted = read(httpx.get(address + path, headers=N_TRIPLES).content)
    by_accept = httpx.get(address + path, headers={"Accept": form.media_type})
    by_name = httpx.get(address + path, params={"format": form.extension})
    assert by_accept.status_code == 200
    assert by_accept.headers["content-type"].split(";")[0] == form.media_type
    assert by_accept.content == by_name.content
    found = {quad.triple for quad in parse(by_accept.content, format=form.engine)}
    assert found == {quad.triple for quad in wanted}


def test_the_home_page_leads_to_the_descriptions(address: str) -> None:
    home = httpx.get(address)
    assert home.links["describedby"]["url"] == VOID
    assert home.links["service-doc"]["url"] == "/docs"
    assert '</sparql>; rel="service-desc"' in home.headers["link"]
    assert all(f'href="{path}"' in home.text for path in (VOID, QUERIES))


def test_the_endpoint_leads_to_the_descriptions(address: str) -> None:
    described = httpx.get(f"{address}/sparql", headers=N_TRIPLES)
    page = httpx.get(f"{address}/sparql", headers={"Accept": "text/html"})
    assert described.links["describedby"]["url"] == VOID
    links = [each.split(">")[0].strip(" <") for each in page.headers["link"].split(",")]
    assert links == ["/sparql?format=ttl", VOID]
    for each in links:
        answer = httpx.get(address + each)
        assert answer.headers["content-type"] == "text/turtle; charset=utf-8"


@pytest.mark.parametrize("path", [VOID, QUERIES])
def test_a_description_is_kept_until_the_snapshot_changes(address: str, path: str) -> None:
    first = httpx.get(address + path)
    assert first.headers["content-type"] == "text/turtle; charset=utf-8"
    assert first.headers["access-control-allow-origin"] == "*"
    again = httpx.get(address + path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = httpx.get(address + path, headers={**N_TRIPLES, "If-None-Match": first.headers["etag"]})
    assert other.status_code == 200
    head = httpx.head(address + path)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == first.headers["etag"]
    assert "GET" in httpx.options(address + path).headers["allow"]


@pytest.mark.parametrize("path", [VOID, QUERIES])
def test_what_is_not_offered_is_refused(address: str, path: str) -> None:
    assert httpx.get(address + path, headers={"Accept": "image/png"}).status_code == 406
    assert httpx.get(address + path, params={"format": "csv"}).status_code == 400
    assert httpx.get(address + path, params={"graph": "x"}).status_code == 400
    assert httpx.post(address + path).status_code == 405


@pytest.mark.parametrize("path", [VOID, QUERIES, "/sparql"])
def test_the_address_is_the_one_that_the_client_asked(address: str, path: str) -> None:
    headers = {**N_TRIPLES, "Host": "kg.example:8443"}
    named = httpx.get(address + path, headers=headers)
    plain = httpx.get(address + path, headers=N_TRIPLES)
    assert "<http://kg.example:8443/sparql>" in named.text
    assert address not in named.text
    assert "server.invalid" not in named.text
    assert named.headers["etag"] != plain.headers["etag"]
    assert len(named.text.splitlines()) == len(plain.text.splitlines())
    forged = httpx.get(address + path, headers={**N_TRIPLES, "Host": 'x"><script>'})
    assert forged.status_code == 400


@pytest.mark.parametrize("path", [VOID, QUERIES])
def test_a_browser_gets_a_page_whose_links_work(address: str, path: str) -> None:
    accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    page = httpx.get(address + path, headers={"Accept": accept})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["etag"]
    links = [part.partition('"')[0] for part in page.text.split('href="')[1:]]
    assert len(links) >= len(GraphFormat)
    for link in links[:12]:
        assert httpx.get(address + link.replace("&amp;", "&")).status_code == 200, link


@pytest.fixture(scope="module")
def examples(address: str) -> list[Triple]:
    return [quad.triple for quad in read(httpx.get(address + QUERIES, headers=N_TRIPLES).content)]


def test_every_example_answers_at_its_target_or_says_what_it_takes(
    address: str, examples: list[Triple]
) -> None:
    targets = {t.subject: t.object for t in examples if t.predicate == term("schema:target")}
    found = read_examples(examples)
    assert len(found) >= 130
    with httpx.Client(timeout=30) as client:
        for each in found:
            target = f"{address}/sparql"
            assert targets[NamedNode(each.iri)] == NamedNode(target)
            accept = "text/csv, application/n-triples, application/sparql-results+json;q=0.5"
            answer = client.get(target, params={"query": each.query}, headers={"Accept": accept})
            if NEEDS_NETWORK in each.keywords:
                assert answer.status_code == 403, (each.iri, answer.text)
                assert "--service-allow" in answer.json()["hint"]
                continue
            assert answer.status_code == 200, (each.iri, answer.text)
            assert len(answer.text.splitlines()) > 1 or answer.text == "true", each.iri


def test_the_examples_are_asked_of_the_endpoint_as_of_others(
    address: str, examples: list[Triple]
) -> None:
    query = """
    PREFIX sh: <http://www.w3.org/ns/shacl#>
    PREFIX spex: <https://purl.expasy.org/sparql-examples/ontology#>
    SELECT DISTINCT ?example ?comment ?query WHERE {
      ?example a sh:SPARQLExecutable ; rdfs:comment ?comment ;
        sh:select|sh:ask|sh:construct|spex:describe ?query .
    }"""
    assert {row[0] for row in asked(address, query)} == {e.iri for e in read_examples(examples)}
    graph = f"SELECT DISTINCT ?s {{ GRAPH <{EXAMPLES}> {{ ?s a ?type }} }}"
    assert len(asked(address, graph)) == len(read_examples(examples))
    declared = """PREFIX sh: <http://www.w3.org/ns/shacl#>
    SELECT ?prefix ?namespace { [] sh:prefix ?prefix ; sh:namespace ?namespace }"""
    assert ("drug", f"{SPACE}drug/") in asked(address, declared)


def test_data_without_examples_has_none(foreign: str) -> None:
    assert httpx.get(foreign + QUERIES, headers=N_TRIPLES).text == ""
    assert "0 queries" in httpx.get(foreign + QUERIES, params={"format": "html"}).text


@pytest.mark.parametrize("accept", ["application/rdf+xml", "text/turtle", "application/n-triples"])
def test_the_service_describes_itself_by_the_rules(address: str, accept: str) -> None:
    answer = httpx.get(f"{address}/sparql", headers={"Accept": accept})
    form = next(each for each in GraphFormat if each.media_type == accept)
    described = [quad.triple for quad in parse(answer.content, format=form.engine)]
    assert broken_rules(described, f"{address}/sparql") == []


def test_the_service_counts_its_graphs_as_void_does(address: str, void: Store) -> None:
    service = read(httpx.get(f"{address}/sparql", headers=N_TRIPLES).content)
    sd = "SELECT ?g ?n { [] sd:namedGraph [ sd:name ?g ; sd:graph [ void:triples ?n ] ] }"
    counted = asked(address, "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    assert rows(service, sd) == counted
    default = "SELECT ?d ?n { [] sd:defaultGraph ?d . ?d void:triples ?n }"
    (size,) = asked(address, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }")
    assert rows(service, default) == {(f"{address}{VOID}#dataset", *size)}
    for quad in void:
        service.add(quad)
    assert rows(service, "SELECT ?x { ?x void:triples ?a, ?b FILTER (?a != ?b) }") == set()


class LocalEngine:
    """Answers the server's own queries in this process, of a snapshot that may be exchanged."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.asked = 0

    @asynccontextmanager
    async def ask_for_server(self, request: QueryRequest) -> AsyncIterator[LocalReply]:
        self.asked += 1
        store = Store()
        store.load(path=str(self.snapshot.nquads), format=RdfFormat.N_QUADS)
        answer = evaluate(store, request.query, accept=request.accept, union=request.union)
        yield LocalReply(answer.body())


class LocalReply:
    def __init__(self, body: bytes) -> None:
        self._body = body

    async def read(self) -> bytes:
        return self._body


def test_a_new_snapshot_is_described_anew_and_an_old_one_once(tmp_path: Path) -> None:
    a = NamedNode("http://e.org/a")
    store = Store()
    store.add(Quad(a, a, a, a))
    first = snapshot_of(store, tmp_path)
    store.add(Quad(a, a, Literal(1), a))
    second = snapshot_of(store, tmp_path)
    engine = LocalEngine(first)
    names = read_namespaces(find_shipped().context)

    async def described() -> list[int]:
        keeper = DescriptionKeeper(cast(Engine, engine), names, settings_of(tmp_path))
        counts = []
        for snapshot in (first, first, second):
            engine.snapshot = snapshot
            both = await asyncio.gather(keeper.get(), keeper.get())
            counts += [each.statistics.counts.triples for each in both if each.statistics]
            assert all(each.snapshot.id == snapshot.id for each in both)
        return counts

    assert asyncio.run(described()) == [1, 1, 1, 1, 2, 2]
    queries = list((Path(descriptions.__file__).parent / "queries").glob("void-*"))
    assert engine.asked == 2 * (len(queries) + len(["examples"]))


def test_descriptions_are_made_before_anybody_asks_but_not_for_each_of_a_row_of_writes(
    tmp_path: Path,
) -> None:
    a = NamedNode("http://e.org/a")
    store, snapshots = Store(), []
    for number in range(4):
        store.add(Quad(a, a, Literal(number), a))
        snapshots.append(snapshot_of(store, tmp_path / str(number)))
    engine = LocalEngine(snapshots[0])
    names = read_namespaces(find_shipped().context)
    turtle = GraphFormat.TURTLE

    async def settled(asked: int) -> None:
        async with asyncio.timeout(20):
            while engine.asked < asked:
                await asyncio.sleep(0.01)

    async def check() -> None:
        keeper = DescriptionKeeper(cast(Engine, engine), names, settings_of(tmp_path), pause=0.5)
        async with keeper.running():
            await settled(9)
            await keeper.get()
            for snapshot in snapshots[1:]:
                engine.snapshot = snapshot
                await asyncio.sleep(0.03)
            await settled(18)
            await asyncio.sleep(0.8)
            assert engine.asked == 18
            kept = await keeper.get()
            await kept.dataset("http://any.example", Choice(turtle, turtle.media_type))
        assert engine.asked == 18
        assert kept.snapshot.id == snapshots[-1].id

    asyncio.run(check())


def test_the_shipped_graph_is_described_before_anybody_asks(snapshot: Snapshot) -> None:
    assert snapshot.manifest.quads < descriptions.COUNTED_AHEAD


def test_where_there_is_much_to_count_nothing_is_made_before_somebody_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(descriptions, "COUNTED_AHEAD", 0)
    a = NamedNode("http://e.org/a")
    store = Store()
    store.add(Quad(a, a, a, a))
    engine = LocalEngine(snapshot_of(store, tmp_path))
    names = read_namespaces(find_shipped().context)

    async def check() -> None:
        keeper = DescriptionKeeper(cast(Engine, engine), names, settings_of(tmp_path), pause=0.01)
        async with keeper.running():
            await asyncio.sleep(0.2)
            assert engine.asked == 0
            await keeper.get()
        assert engine.asked == 9

    asyncio.run(check())


def test_a_failure_beforehand_is_logged_and_no_end_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    a = NamedNode("http://e.org/a")
    store = Store()
    store.add(Quad(a, a, a, a))
    engine = LocalEngine(snapshot_of(store, tmp_path))
    names = read_namespaces(find_shipped().context)

    async def fail(*_: object, **__: object) -> None:
        raise OSError("no worker")

    monkeypatch.setattr(descriptions, "load_statistics", fail)

    async def check() -> None:
        keeper = DescriptionKeeper(cast(Engine, engine), names, settings_of(tmp_path), pause=0.02)
        async with keeper.running():
            await asyncio.sleep(0.3)
        monkeypatch.undo()
        assert (await keeper.get()).statistics is not None

    asyncio.run(check())
    assert caplog.text.count("could not be described") == 1


def test_the_first_who_asks_does_not_wait(tmp_path: Path) -> None:
    snapshot = snapshot_of(Store(), tmp_path)
    asked: list[str] = []
    engine = engine_of(snapshot)
    ask = engine.ask_for_server

    def counted(request: QueryRequest) -> AbstractAsyncContextManager[Reply]:
        asked.append(request.query)
        return ask(request)

    engine.ask_for_server = counted  # type: ignore[method-assign]
    with running(create_app(settings_of(snapshot.directory), engine)) as served:
        deadline = time.monotonic() + 30
        while not any("graph/examples" in each for each in asked):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        before = len(asked)
        assert httpx.get(served + VOID, timeout=30).status_code == 200
        assert httpx.get(f"{served}/sparql").status_code == 200
        assert len(asked) == before
