"""Example queries that ask other endpoints, each against a stand-in of this machine."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from endpoint_standin import StandIn, standing_in
from list_client import ask
from pyoxigraph import NamedNode, RdfFormat, parse
from server_process import serving

from kg.build import Assembly
from kg.example_queries import NEEDS_NETWORK, Example, read_examples
from kg.query_text import QueryText
from kg.service_calls import find_calls
from kg.shipped import find_shipped
from kg.snapshot import Snapshot
from kg.terms import term

DATA = find_shipped().data
FIXTURES = Path(__file__).parent / "fixtures" / "federated"
TRIPLES = [
    quad.triple
    for path in (*DATA.glob("examples/*.ttl"), *DATA.glob("queries/*.ttl"))
    for quad in parse(path=str(path), format=RdfFormat.TURTLE)
]
EXAMPLES = [each for each in read_examples(TRIPLES) if NEEDS_NETWORK in each.keywords]
SERVICE = re.compile(r"\bSERVICE <(?P<endpoint>[^>]+)> (?P<group>\{.*?\n  \})", re.DOTALL)
VALUES = re.compile(r"VALUES \?(?P<variable>\w+) \{(?P<values>[^}]*)\}")

KIT, PDGFRA = ("https://w3id.org/sarcoma-kg/target/" + name for name in ("kit", "pdgfra"))
DRUG, HISTOLOGY = "https://w3id.org/sarcoma-kg/drug/", "https://w3id.org/sarcoma-kg/histology/"
EXPECTED = {
    "diseases-of-targets-in-uniprot": [
        (KIT, "First disease"),
        (KIT, "Second disease"),
        (PDGFRA, "Second disease"),
    ],
    "expression-of-targets-in-bgee": [
        (KIT, "first place"),
        (PDGFRA, "first place"),
        (PDGFRA, "second place"),
    ],
    "indications-of-drugs-in-wikidata": [
        (f"{DRUG}imatinib", "first condition"),
        (f"{DRUG}imatinib", "second condition"),
        (f"{DRUG}sunitinib", "second condition"),
    ],
    "genes-of-tumours-in-wikidata": [
        (f"{HISTOLOGY}leiomyosarcoma", "1", ""),
        (f"{HISTOLOGY}liposarcoma", "1", ""),
        (f"{HISTOLOGY}liposarcoma", "3815", KIT),
    ],
    "mechanisms-of-drugs-in-chembl": [
        (f"{DRUG}imatinib", KIT, "INHIBITOR", "true"),
        (f"{DRUG}imatinib", KIT.replace("kit", "ret"), "INHIBITOR", "false"),
        (f"{DRUG}sunitinib", KIT, "INHIBITOR", "true"),
    ],
    "reactions-of-drugs-in-rhea": [
        (f"{DRUG}doxorubicin", "drug = other"),
        (f"{DRUG}ifosfamide", "drug + water = product"),
    ],
    "orthologs-of-targets-in-oma": [(KIT, "http://purl.uniprot.org/uniprot/Q00001")],
    "wider-terms-of-tumours-in-mesh": [
        (f"{HISTOLOGY}liposarcoma", "First heading"),
        (f"{HISTOLOGY}liposarcoma", "Sarcoma"),
        (f"{HISTOLOGY}sarcoma", "Second heading"),
    ],
}
"""By the name of the query, the cells of its rows but those that are IRIs of the other side."""

SHOWN = {"drug", "target", "histology", "name", "entrez", "action", "stated", "equation", "mouse"}


def slug(example: Example) -> str:
    return example.iri.rpartition("/")[2]


each_example = pytest.mark.parametrize("example", EXAMPLES, ids=slug)


@pytest.fixture(scope="module")
def stand_ins() -> Iterator[dict[str, StandIn]]:
    with ExitStack() as stack:
        yield {path.stem: stack.enter_context(standing_in(path)) for path in FIXTURES.glob("*.ttl")}


@pytest.fixture(scope="module")
def allowed(
    snapshot: Snapshot, stand_ins: dict[str, StandIn], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a server of the shipped graph that may reach the stand-ins."""
    flags = [flag for each in stand_ins.values() for flag in ("--service-allow", each.address)]
    folder = tmp_path_factory.mktemp("federated")
    with serving(folder, "--graph", str(snapshot.nquads), "--workers", "1", *flags) as server:
        yield server.address


def test_each_has_a_graph_to_stand_in_and_rows_to_give() -> None:
    assert len(EXAMPLES) >= 6
    names = {slug(each) for each in EXAMPLES}
    assert names == set(EXPECTED) == {path.stem for path in FIXTURES.glob("*.ttl")}


def test_whatever_asks_others_is_marked() -> None:
    """What runs all examples, or the competency questions, leaves these out by the keyword."""
    for each in read_examples(TRIPLES):
        assert bool(SERVICE.search(each.query)) == (NEEDS_NETWORK in each.keywords), each.iri


@each_example
def test_the_endpoints_are_named(example: Example) -> None:
    endpoints = {found["endpoint"] for found in SERVICE.finditer(example.query)}
    calls = find_calls(QueryText(example.query), endpoints)
    assert {call.iri for call in calls} == endpoints
    stated = {
        each.object
        for each in TRIPLES
        if each.subject == NamedNode(example.iri) and each.predicate == term("spex:federatesWith")
    }
    assert stated == {NamedNode(each) for each in endpoints}
    assert all(each.startswith("https://") for each in endpoints)


@each_example
def test_others_are_asked_for_what_our_terms_are_matched_to(
    example: Example, assembly: Assembly
) -> None:
    """The engine sends a group as it is: it must say itself what it is about."""
    (service,) = SERVICE.finditer(example.query)
    (values,) = VALUES.finditer(service["group"])
    before = example.query[: service.start()]
    start = before[before.index("WHERE") :]
    declared = before[: before.index("SELECT")]
    ours = ask(assembly.store, f"{declared} SELECT DISTINCT ?{values['variable']} {start} }}")
    prefixes = dict(re.findall(r"PREFIX (\w*): <([^>]+)>", declared))
    named = set()
    for each in values["values"].split():
        prefix, _, local = each.partition(":")
        named.add(each.strip('"') if each.startswith('"') else prefixes[prefix] + local)
    found = {value for (value,) in ours}
    assert named <= found, f"no exact match here: {named - found}"


@each_example
def test_it_joins_what_the_endpoint_answers(
    example: Example, allowed: str, stand_ins: dict[str, StandIn]
) -> None:
    stand_in = stand_ins[slug(example)]
    (service,) = SERVICE.finditer(example.query)
    query = example.query.replace(f"<{service['endpoint']}>", f"<{stand_in.address}>")
    answer = httpx.post(
        f"{allowed}/sparql", data={"query": query}, headers={"Accept": "text/csv"}, timeout=30
    )
    assert answer.status_code == 200, answer.text
    heads, *rows = csv.reader(io.StringIO(answer.text))
    shown = [tuple(row[heads.index(name)] for name in heads if name in SHOWN) for row in rows]
    assert shown == EXPECTED[slug(example)]
    assert stand_in.asked


@each_example
def test_the_public_endpoint_is_refused_unless_it_is_allowed(
    example: Example, allowed: str
) -> None:
    answer = httpx.post(f"{allowed}/sparql", data={"query": example.query}, timeout=30)
    assert answer.status_code == 403
    assert answer.json()["type"].endswith("/query-forbidden")


def test_the_list_of_examples_can_be_cut_to_these(client: httpx.Client) -> None:
    def listed(**given: str) -> set[str]:
        answer = client.get("/.well-known/sparql-examples", params={"format": "nt", **given})
        assert answer.status_code == 200
        found = read_examples(
            quad.triple for quad in parse(answer.content, format=RdfFormat.N_TRIPLES)
        )
        return {each.iri for each in found}

    some = {each.iri for each in EXAMPLES}
    assert some < listed()
    assert listed(keyword="Needs the network") == some
    assert listed(keyword="UniProt") < some
    wrong = client.get("/.well-known/sparql-examples", params={"keyword": "needs the netwerk"})
    assert wrong.status_code == 400
    assert "needs the network" in wrong.json()["detail"]
    page = client.get(
        "/.well-known/sparql-examples",
        params={"keyword": "UniProt"},
        headers={"Accept": "text/html"},
    )
    assert "diseases does UniProt" in page.text
    assert "Bgee" not in page.text
    assert client.get("/.well-known/void", params={"keyword": "x"}).status_code == 400
