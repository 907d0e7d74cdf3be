"""Service description: what the server is set to do and holds, by the rules of the W3C."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import pytest
from pyoxigraph import Literal, NamedNode, Triple
from service_checks import broken_rules

from kg.formats import GraphFormat, ResultFormat, TableFormat
from kg.service_description import ServiceFacts, describe_service
from kg.terms import term
from kg.void import dataset_node, default_graph_node, graph_node

FACTS = ServiceFacts(
    "http://e.org/sparql",
    "0123",
    {"http://e.org/a": 2, "http://e.org/b": 3, "": 1},
    union_triples=5,
)
SETTINGS = (
    FACTS,
    replace(FACTS, union=False),
    replace(FACTS, writable=True, services=("http://e.org/other",)),
    replace(FACTS, graphs={}, union_triples=None),
    replace(FACTS, examples="http://e.org/a", endpoint="https://[::1]:8443/kg/sparql"),
)


def objects(description: Collection[Triple], subject: NamedNode, predicate: str) -> set[str]:
    found = (each for each in description if each.subject == subject)
    return {
        each.object.value
        for each in found
        if each.predicate == term(predicate) and isinstance(each.object, NamedNode | Literal)
    }


def service(facts: ServiceFacts, predicate: str) -> set[str]:
    return objects(describe_service(facts), NamedNode(f"{facts.endpoint}#service"), predicate)


@pytest.mark.parametrize("facts", SETTINGS)
def test_a_description_keeps_the_rules(facts: ServiceFacts) -> None:
    assert broken_rules(describe_service(facts), facts.endpoint) == []


def test_the_rules_notice_what_is_wrong() -> None:
    good = describe_service(FACTS)
    assert broken_rules(good, "http://other.org/sparql") == ["has-endpoint-triple"]
    for kind in ("Service", "Dataset", "NamedGraph", "Graph"):
        lacking = [each for each in good if each.object != term(f"sd:{kind}")]
        assert any(rule.startswith("typed-") for rule in broken_rules(lacking, FACTS.endpoint))
    unnamed = [each for each in good if each.predicate != term("sd:name")]
    assert broken_rules(unnamed, FACTS.endpoint) == ["conforms-to-schema"]
    some = good[0].subject
    odd = [*good, Triple(some, term("sd:frobnicates"), some)]
    assert broken_rules(odd, FACTS.endpoint) == ["nothing-unknown"]


def test_queries_only_unless_it_may_be_written() -> None:
    sd = "http://www.w3.org/ns/sparql-service-description#"
    assert service(FACTS, "sd:supportedLanguage") == {f"{sd}SPARQL11Query"}
    assert service(FACTS, "sd:inputFormat") == set()
    writable = replace(FACTS, writable=True)
    assert service(writable, "sd:supportedLanguage") == {
        f"{sd}SPARQL11Query",
        f"{sd}SPARQL11Update",
    }
    assert len(service(writable, "sd:inputFormat")) == len(GraphFormat)


def test_every_format_has_its_registered_name() -> None:
    formats = "http://www.w3.org/ns/formats/"
    found = service(FACTS, "sd:resultFormat")
    assert found - {"https://www.iana.org/assignments/media-types/text/html"} == {
        f"{formats}{name}"
        for name in [
            "SPARQL_Results_JSON",
            "SPARQL_Results_XML",
            "SPARQL_Results_CSV",
            "SPARQL_Results_TSV",
            "Turtle",
            "N-Triples",
            "RDF_XML",
            "JSON-LD",
            "N-Quads",
            "TriG",
        ]
    }
    assert len(found) == len(ResultFormat) + len(GraphFormat) + len(TableFormat)


@pytest.mark.parametrize(
    ("facts", "features"),
    [
        (FACTS, {"EmptyGraphs", "UnionDefaultGraph"}),
        (replace(FACTS, union=False), {"EmptyGraphs"}),
        (
            replace(FACTS, services=("http://e.org/x",)),
            {"EmptyGraphs", "UnionDefaultGraph", "BasicFederatedQuery"},
        ),
    ],
)
def test_only_features_that_are_there_are_named(facts: ServiceFacts, features: set[str]) -> None:
    found = service(facts, "sd:feature")
    assert {each.partition("#")[2] for each in found} == features


@pytest.mark.parametrize(
    ("facts", "node", "triples"),
    [
        (FACTS, dataset_node(FACTS.void), {"5"}),
        (replace(FACTS, union_triples=None), dataset_node(FACTS.void), set()),
        (replace(FACTS, union=False), default_graph_node(FACTS.void), {"1"}),
        (replace(FACTS, union=False, graphs={}), default_graph_node(FACTS.void), {"0"}),
    ],
)
def test_the_default_graph_is_the_union_or_what_it_holds_itself(
    facts: ServiceFacts, node: NamedNode, triples: set[str]
) -> None:
    description = describe_service(facts)
    dataset = NamedNode(f"{facts.endpoint}#dataset")
    assert objects(description, dataset, "sd:defaultGraph") == {node.value}
    assert objects(description, node, "void:triples") == triples


def test_every_named_graph_has_its_size_under_the_name_that_void_gives_it() -> None:
    description = describe_service(FACTS)
    named = objects(description, NamedNode("http://e.org/sparql#dataset"), "sd:namedGraph")
    names = {
        (
            *objects(description, NamedNode(each), "sd:name"),
            *objects(description, NamedNode(each), "sd:graph"),
        )
        for each in named
    }
    a, b = (graph_node(FACTS.void, f"http://e.org/{each}").value for each in "ab")
    assert names == {("http://e.org/a", a), ("http://e.org/b", b)}
    assert objects(description, NamedNode(a), "void:triples") == {"2"}


def test_the_snapshot_the_void_description_and_the_examples_are_named() -> None:
    facts = replace(FACTS, examples="http://e.org/a")
    dataset = NamedNode("http://e.org/sparql#dataset")
    assert objects(describe_service(facts), dataset, "dcterms:identifier") == {"0123"}
    assert service(FACTS, "rdfs:seeAlso") == {"http://e.org/.well-known/void"}
    assert "http://e.org/.well-known/sparql-examples" in service(facts, "rdfs:seeAlso")
    assert "<http://e.org/a>" in " ".join(service(facts, "rdfs:comment"))


def test_a_graph_that_has_no_name_to_ask_for_is_left_out() -> None:
    facts = replace(FACTS, graphs={"_:b0": 3})
    assert (
        objects(describe_service(facts), NamedNode("http://e.org/sparql#dataset"), "sd:namedGraph")
        == set()
    )
