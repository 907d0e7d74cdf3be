"""RDF that users import: nothing lost, nothing written elsewhere, and what is refused where."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from known_terms import Known, edges
from pyoxigraph import NamedNode, Triple
from rdflib.compare import isomorphic

from kg.importing import rdf_statements
from kg.importing.ontology_files import find_version, read
from kg.importing.record import Item, Record, Reject, RejectRule
from kg.importing.statement import imported_iri

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
OWL = SHARED / "data" / "disease_ontology" / "DO_cancer_slim.owl"
needs_shared = pytest.mark.skipif(not OWL.exists(), reason="skipped: no ../shared")
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
TURTLE = """@prefix e: <https://example.org/> .
e:a e:knows [ e:name "b" ], ( 1 2 ) ; e:name "a"@en, "\\u00e9" .
[] e:name "c" .
"""
ROOT = "https://w3id.org/sarcoma-kg/"


def items_of(path: Path, name: str, text: str, set_name: str = "mine") -> list[Item]:
    file = path / name
    file.write_text(text, encoding="utf-8")
    return [*read(set_name, [file], Known())]


def triples_of(items: list[Item]) -> list[Triple]:
    assert not [item for item in items if isinstance(item, Reject)]
    return [triple for item in items if isinstance(item, Record) for triple in item.triples]


def refusals(items: list[Item]) -> list[tuple[str, RejectRule]]:
    return [(item.place, item.rule) for item in items if isinstance(item, Reject)]


def graph_of(triples: list[Triple]) -> rdflib.Graph:
    """Return triples for another library, with blank nodes in place of the names given to them."""
    text = "".join(f"{triple} .\n" for triple in triples)
    graph = rdflib.Graph().parse(data=text, format="nt")
    named = rdflib.Graph()
    blank = f"{imported_iri('mine')}/blank-"
    for triple in graph:
        named.add(
            tuple(  # type: ignore[arg-type]
                rdflib.BNode(str(term).rpartition("/")[2]) if str(term).startswith(blank) else term
                for term in triple
            )
        )
    return named


@pytest.mark.parametrize("form", ["turtle", "nt", "xml", "json-ld"])
def test_every_format_keeps_every_statement(tmp_path: Path, form: str) -> None:
    graph = rdflib.Graph().parse(data=TURTLE, format="turtle")
    ending = {"turtle": "ttl", "nt": "nt", "xml": "owl", "json-ld": "jsonld"}[form]
    items = items_of(tmp_path, f"x.{ending}", graph.serialize(format=form))
    assert isomorphic(graph_of(triples_of(items)), graph)


@needs_shared
def test_a_real_ontology_loses_no_statement() -> None:
    items = [*read("mine", [OWL], Known())]
    graph = rdflib.Graph().parse(OWL, format="xml")
    triples = {str(triple) for triple in triples_of(items)}
    assert len(triples) == len(graph) == 14_666
    assert find_version([OWL]) == str(next(graph.objects(None, rdflib.OWL.versionIRI)))


def test_blank_nodes_have_the_same_names_whenever_a_file_is_read(tmp_path: Path) -> None:
    first = triples_of(items_of(tmp_path, "x.ttl", TURTLE))
    (tmp_path / "other").mkdir()
    again = triples_of(items_of(tmp_path / "other", "y.ttl", TURTLE))
    assert first == again
    other = triples_of(items_of(tmp_path, "x.ttl", f"{TURTLE}\n"))
    assert not {*named(first)} & {*named(other)}
    assert len({*named(first)}) == 4


def named(triples: list[Triple]) -> list[str]:
    terms = [str(term) for triple in triples for term in (triple.subject, triple.object)]
    return [term for term in terms if "/blank-" in term]


def test_quads_keep_the_graphs_that_they_were_in(tmp_path: Path) -> None:
    trig = "@prefix e: <https://example.org/> . e:g { e:a e:b e:c } e:d e:e 1 ."
    triples = triples_of(items_of(tmp_path, "x.trig", trig))
    assert len(triples) == 2 + 5
    (node, graph) = edges(triples, "statedInGraph").pop()
    assert graph == "https://example.org/g"
    assert edges(triples, "22-rdf-syntax-ns/subject") == {(node, "https://example.org/a")}
    assert node.startswith(imported_iri("mine", "statement-")[:-1])


def test_records_are_statements_in_a_row_on_one_subject(tmp_path: Path) -> None:
    lines = [f"<https://example.org/a> <https://example.org/p> {n} ." for n in range(1200)]
    items = items_of(tmp_path, "x.ttl", "\n".join([*lines, "<urn:b> <urn:p> <urn:a> ."]))
    places = [item.place for item in items]
    assert places == [f"x.ttl#statement-{n}" for n in (1, 501, 1001, 1201)]
    assert [item.id for item in items if isinstance(item, Record)] == places


@pytest.mark.parametrize(
    "subject",
    [
        f"{ROOT}drug/imatinib",
        f"{ROOT}ontology/Drug",
        f"{ROOT}graph/import-mine",
        f"{ROOT}imported/civic/evidence-1",
        f"{ROOT}imported/mine-too/1",
        f"{ROOT}claim/x",
    ],
)
def test_nothing_of_this_graph_is_described_by_an_import(tmp_path: Path, subject: str) -> None:
    text = f"<urn:a> <urn:p> 1 . <{subject}> <urn:p> 1, 2 . <urn:b> <urn:p> <{subject}> ."
    items = items_of(tmp_path, "x.ttl", text)
    assert refusals(items) == [("x.ttl#statement-2", RejectRule.NOT_WANTED)]
    assert [item.message for item in items if isinstance(item, Reject)] == [
        f"2 statements on {subject} are not taken: an import describes no other's"
    ]
    kept = [item for item in items if isinstance(item, Record)]
    assert [triple.subject for item in kept for triple in item.triples] == [
        NamedNode("urn:a"),
        NamedNode("urn:b"),
    ]


def test_what_an_import_says_of_its_own_is_kept_and_what_it_refers_to_is_told(
    tmp_path: Path,
) -> None:
    own = imported_iri("mine", "1")
    text = (
        f"<{own}> <urn:p> <{ROOT}drug/imatinib>, <{ROOT}imported/civic/1>, <{ROOT}ontology/Drug> ."
    )
    (item,) = items_of(tmp_path, "x.nt", text.replace(",", f" .\n<{own}> <urn:p>"))
    assert isinstance(item, Record)
    assert item.refers == {f"{ROOT}drug/imatinib"}


@pytest.mark.parametrize(
    ("name", "text", "place", "rule"),
    [
        ("x.ttl", "<urn:a> <urn:b> <c> .\n<urn:a> <urn:b> 1 .", "x.ttl:1", "UNREADABLE"),
        ("x.ttl", "<urn:a> <urn:b> 1 .\n<urn:a> <urn:b", "x.ttl:2", "TRUNCATED"),
        ("x.nt", "<urn:a> <urn:b> <urn:c> .\n<urn:a> <urn:b>\n", "x.nt:2", "TRUNCATED"),
        ("x.nt", "<urn:a> <urn:b> .\n<urn:a> <urn:b> <urn:c> .\n", "x.nt:1", "UNREADABLE"),
        ("x.nq", "hello\n\n<urn:a> <urn:b> <urn:c> .\n", "x.nq:1", "UNREADABLE"),
        ("x.jsonld", '{"@id": "urn:a", "urn:p": ', "x.jsonld:1", "TRUNCATED"),
        ("x.jsonld", '{"@context": "https://example.org/c"}', "x.jsonld", "UNREADABLE"),
        ("x.json", '{"a": 1}', "x.json", "WRONG_SCHEMA"),
        ("x.xml", "<a>\n<b>\n</a>\n</b>\n", "x.xml:3", "UNREADABLE"),
        ("x.csv", "a,b", "x.csv", "WRONG_SCHEMA"),
    ],
)
def test_a_file_with_a_mistake_gives_nothing_and_its_line(
    tmp_path: Path, name: str, text: str, place: str, rule: str
) -> None:
    items = items_of(tmp_path, name, text)
    assert [(where, each.name) for where, each in refusals(items)] == [(place, rule)]
    assert len(items) == 1


def test_relative_iris_count_from_the_base_that_a_file_has(tmp_path: Path) -> None:
    triples = triples_of(
        items_of(tmp_path, "x.ttl", "@base <https://example.org/> . <a> <b> <c> .")
    )
    assert str(triples[0].subject) == "<https://example.org/a>"


XML = f'<rdf:RDF xmlns:rdf="{RDF}" xmlns:e="https://example.org/">{{0}}</rdf:RDF>'
BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + XML.format(
    '<rdf:Description rdf:about="urn:a"><e:b>&b;</e:b></rdf:Description>'
)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("x.rdf", XML.format("<e:a><e:b>" * 200 + "</e:b></e:a>" * 200)),
        ("x.owl", BOMB),
        ("x.owl", f'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>{XML.format("")}'),
        ("x.nt", "<urn:a> <urn:p> " + "<<( <urn:a> <urn:p> " * 200 + "1" + " )>>" * 200 + " ."),
        ("x.ttl", "<urn:a> <urn:p> " + "( " * 200 + ") " * 200 + "."),
        ("x.jsonld", '{"@id":"urn:a","urn:p":' * 200 + "1" + "}" * 200),
    ],
)
def test_what_a_reader_could_fall_over_is_refused(tmp_path: Path, name: str, text: str) -> None:
    items = items_of(tmp_path, name, text)
    assert [rule for _, rule in refusals(items)] == [RejectRule.UNREADABLE]


def test_entities_that_stand_for_namespaces_are_read(tmp_path: Path) -> None:
    text = f'<!DOCTYPE rdf:RDF [<!ENTITY e "https://example.org/">]>{XML}'
    text = text.format('<rdf:Description rdf:about="&e;a"><e:b>1</e:b></rdf:Description>')
    (triple,) = triples_of(items_of(tmp_path, "x.owl", text))
    assert str(triple.subject) == "<https://example.org/a>"


def test_more_blank_nodes_than_are_named_refuse_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rdf_statements, "MOST_BLANK_NODES", 3)
    items = items_of(tmp_path, "x.ttl", TURTLE)
    assert refusals(items) == [("x.ttl", RejectRule.UNREADABLE)]
