"""VoID: every count under the name of its part, and nothing that is not known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from kg.statistics import ClassStatistics, Counts, GraphStatistics, PropertyStatistics, Statistics
from kg.terms import PREFIXES
from kg.void import DatasetFacts, describe_dataset

E = "http://e.org/onto#"
STATISTICS = Statistics(
    counts=Counts(7, 3, 6),
    entities=2,
    space="http://e.org/",
    properties={f"{E}p": Counts(4, 3, 4), "urn:q": Counts(3, 3, 2)},
    classes={
        f"{E}A": ClassStatistics(
            2,
            "http://e.org/a",
            {
                f"{E}p": PropertyStatistics(Counts(4, 2, 4), {f"{E}B": 3}, {f"{E}type": 1}),
                "urn:q": PropertyStatistics(Counts(2, 2, 1)),
            },
        ),
        f"{E}B": ClassStatistics(1),
    },
    graphs={"http://e.org/g": GraphStatistics(Counts(5, 2, 4), 2, 1)},
)
FACTS = DatasetFacts(
    void="http://s.org/void",
    endpoint="http://s.org/sparql",
    store="http://s.org/store",
    snapshot="0123",
    graphs={"": 2, "http://e.org/g": 5, "http://e.org/h?x=1&y": 1, "_:b": 1},
    titles={"": "All", "http://e.org/g": "A part"},
    licences={"": "http://e.org/free", "http://e.org/g": "http://e.org/free"},
    examples=("http://e.org/a",),
    statistics=STATISTICS,
)


def select(facts: DatasetFacts, pattern: str) -> list[tuple[str, ...]]:
    """Return the rows of a pattern, their columns in the order of the names of the variables."""
    store = Store()
    store.extend(Quad(t.subject, t.predicate, t.object) for t in describe_dataset(facts))
    prefixes = {**PREFIXES, "d": f"{facts.void}#", "e": E}
    rows = store.query(f"SELECT * {{ {pattern} }}", prefixes=prefixes)
    assert isinstance(rows, QuerySolutions)
    names = sorted(str(name)[1:] for name in rows.variables)
    return sorted(tuple(row[name].value if row[name] else "" for name in names) for row in rows)


def test_the_whole_has_its_counts_title_licence_and_endpoint() -> None:
    (row,) = select(
        FACTS,
        """d:dataset a void:Dataset ; dcterms:title ?a ; dcterms:license ?b ; void:triples ?c ;
        dcterms:identifier ?d ; void:distinctSubjects ?e ; void:distinctObjects ?f ;
        void:entities ?g ; void:classes ?h ; void:properties ?i ; void:uriSpace ?j ;
        void:sparqlEndpoint ?k ; void:exampleResource ?l . ?m foaf:primaryTopic d:dataset""",
    )
    assert row == (
        *("All", "http://e.org/free", "7", "0123", "3", "6", "2", "2", "2", "http://e.org/"),
        *("http://s.org/sparql", "http://e.org/a", "http://s.org/void"),
    )


def test_vocabularies_are_namespaces_of_what_is_used() -> None:
    assert select(FACTS, "d:dataset void:vocabulary ?v") == [(E,)]


def test_each_graph_is_a_part_that_can_be_fetched() -> None:
    pattern = "d:dataset void:subset ?a . ?a void:dataDump ?b ; void:triples ?c"
    assert select(FACTS, pattern) == [
        ("http://s.org/void#default-graph", "http://s.org/store?default", "2"),
        (
            "http://s.org/void#graph=http://e.org/g",
            "http://s.org/store?graph=http%3A%2F%2Fe.org%2Fg",
            "5",
        ),
        (
            "http://s.org/void#graph=http://e.org/h%3Fx%3D1%26y",
            "http://s.org/store?graph=http%3A%2F%2Fe.org%2Fh%3Fx%3D1%26y",
            "1",
        ),
    ]
    assert [row[-1] for row in select(FACTS, "[] void:subset [ dcterms:title ?title ]")] == [
        "A part"
    ]
    counted = "[] void:dataDump [] ; void:classes ?a ; void:properties ?b"
    assert select(FACTS, counted) == [("1", "2")]


def test_properties_are_parts_of_the_whole() -> None:
    pattern = """d:dataset void:propertyPartition [ void:property ?a ; void:triples ?b ;
      void:distinctSubjects ?c ; void:distinctObjects ?d ]"""
    assert select(FACTS, pattern) == [(f"{E}p", "4", "3", "4"), ("urn:q", "3", "3", "2")]


def test_classes_are_parts_with_properties_datatypes_and_links() -> None:
    classes = """d:dataset void:classPartition ?x . ?x void:class ?a ; void:entities ?b .
      OPTIONAL { ?x void:exampleResource ?c }"""
    assert [row[:3] for row in select(FACTS, classes)] == [
        (f"{E}A", "2", "http://e.org/a"),
        (f"{E}B", "1", ""),
    ]
    nested = """[] void:class e:A ; void:propertyPartition [ void:property ?a ; void:triples ?b ;
      void:distinctSubjects ?c ; void:distinctObjects ?d ]"""
    assert select(FACTS, nested) == [
        (f"{E}p", "4", "2", "4"),
        ("urn:q", "2", "2", "1"),
    ]
    datatypes = """[] void:class e:A ; void:propertyPartition [ void:property ?a ;
      void-ext:datatypePartition [ void-ext:datatype ?b ; void:triples ?c ] ]"""
    assert select(FACTS, datatypes) == [(f"{E}p", f"{E}type", "1")]
    links = """[] a void:Linkset ; void:subjectsTarget [ void:class ?a ] ; void:linkPredicate ?b ;
      void:objectsTarget [ void:class ?c ] ; void:triples ?d"""
    assert select(FACTS, links) == [(f"{E}A", f"{E}p", f"{E}B", "3")]


def test_no_two_parts_share_a_name() -> None:
    """A second value of what has one would say that two parts have been made one."""
    for single in ("void:triples", "void:property", "void:class", "void-ext:datatype"):
        assert select(FACTS, f"?part {single} ?a, ?b FILTER (?a != ?b)") == []


def test_what_was_not_counted_is_not_claimed() -> None:
    facts = replace(FACTS, statistics=None)
    for claimed in ("void:entities", "void:classes", "void:propertyPartition", "void:uriSpace"):
        assert select(facts, f"?any {claimed} ?value") == []
    assert select(facts, "d:dataset void:triples ?n") == []
    assert select(facts, "[] void:dataDump ?a ; void:triples ?b") == [
        ("http://s.org/store?default", "2"),
        ("http://s.org/store?graph=http%3A%2F%2Fe.org%2Fg", "5"),
        ("http://s.org/store?graph=http%3A%2F%2Fe.org%2Fh%3Fx%3D1%26y", "1"),
    ]


def test_a_data_set_of_nothing_is_described() -> None:
    empty = Statistics(Counts(0, 0, 0), 0)
    facts = replace(FACTS, graphs={}, titles={}, licences={}, examples=(), statistics=empty)
    assert select(facts, "d:dataset void:triples ?a ; dcterms:title ?b") == [
        ("0", "An RDF data set")
    ]
    assert select(facts, "d:dataset dcterms:license|void:uriSpace ?any") == []
    described: Collection[Triple] = describe_dataset(facts)
    assert all(isinstance(each.object, NamedNode | Literal) for each in described)
