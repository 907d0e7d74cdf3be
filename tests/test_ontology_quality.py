"""Quality rules of the ontology in the manner of ROBOT's report: a row is a violation."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, parse

from kg.shipped import find_shipped

SHIPPED = find_shipped()
FILES = [SHIPPED.ontology / "sarcoma.ttl", SHIPPED.ontology / "histology.ttl"]
SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
OURS = "https://w3id.org/sarcoma-kg/"
TERMS = f"{OURS}ontology/"

PREFIXES = f"""
PREFIX : <{TERMS}>
PREFIX histology: <{OURS}histology/>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX owl: <http://www.w3.org/2002/07/owl#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX vann: <http://purl.org/vocab/vann/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""

# name -> the pattern of a violation, and Turtle that must be found by it
RULES = {
    "every term of ours has a label": (
        "VALUES ?type { owl:Class owl:ObjectProperty owl:DatatypeProperty owl:NamedIndividual } "
        f'?term a ?type FILTER(STRSTARTS(STR(?term), "{OURS}")) '
        "FILTER NOT EXISTS { ?term rdfs:label ?label }",
        ":Unlabelled a owl:Class .",
    ),
    "no term has two labels": (
        "?term rdfs:label ?label, ?other FILTER(STR(?label) < STR(?other))",
        ':Drug rdfs:label "agent" .',
    ),
    "no label is used by two classes, or by two properties": (
        "VALUES (?type ?same) { (owl:Class owl:Class) (owl:ObjectProperty owl:ObjectProperty) "
        "(owl:ObjectProperty owl:DatatypeProperty) (owl:DatatypeProperty owl:DatatypeProperty) } "
        "?term a ?type ; rdfs:label ?label . ?other a ?same ; rdfs:label ?label2 "
        "FILTER(?term != ?other && LCASE(?label) = LCASE(?label2))",
        ':Agent a owl:Class ; rdfs:label "Drug" .',
    ),
    "no label is used twice within a list of values": (
        "?list rdfs:subClassOf :Value . ?term a ?list ; rdfs:label ?label . "
        "?other a ?list ; rdfs:label ?label FILTER(STR(?term) < STR(?other))",
        ':PrimaryLine a :LineOfTherapy ; rdfs:label "first line" .',
    ),
    "every class and property of the schema has a definition": (
        "VALUES ?type { owl:Class owl:ObjectProperty owl:DatatypeProperty } "
        f'?term a ?type FILTER(STRSTARTS(STR(?term), "{TERMS}")) '
        "FILTER NOT EXISTS { ?term skos:definition ?definition }",
        ':Undefined a owl:Class ; rdfs:label "undefined" .',
    ),
    "no term has two definitions": (
        "?term skos:definition ?one, ?other FILTER(STR(?one) < STR(?other))",
        ':Drug skos:definition "Another." .',
    ),
    "no text has blanks at its ends, or two in a row": (
        r'?term ?predicate ?text FILTER(isLiteral(?text) && REGEX(?text, "^\\s|\\s$|\\s\\s"))',
        ':Drug rdfs:comment "ends with a blank " .',
    ),
    "no text has a language tag": (
        '?term ?predicate ?text FILTER(LANG(?text) != "")',
        ':Drug rdfs:comment "tagged"@en .',
    ),
    "every range and domain is declared": (
        "?term rdfs:domain|rdfs:range ?declared FILTER(isIRI(?declared)) "
        f'FILTER(STRSTARTS(STR(?declared), "{OURS}")) '
        "FILTER NOT EXISTS { ?declared a owl:Class }",
        ":inhibits rdfs:range :Undeclared .",
    ),
    "no range is a date, which HermiT refuses": (
        "?term rdfs:range|owl:someValuesFrom|owl:allValuesFrom ?range "
        "FILTER(?range IN (xsd:date, xsd:gYear, xsd:gYearMonth, xsd:time, xsd:duration))",
        ":issued rdfs:range xsd:date .",
    ),
    "no class is its own superclass": (
        "?term rdfs:subClassOf+ ?term",
        ":Intervention rdfs:subClassOf :Drug .",
    ),
    "no property is its own superproperty": (
        "?term rdfs:subPropertyOf+ ?term",
        ":actsOn rdfs:subPropertyOf :inhibits .",
    ),
    "every value is a declared individual of one list": (
        "?list rdfs:subClassOf :Value . ?term a ?list "
        "FILTER NOT EXISTS { ?term a owl:NamedIndividual }",
        ":ThirdLine a :LineOfTherapy .",
    ),
    "every histology is a class, an individual and below Tumour": (
        "?term a :Histology FILTER NOT EXISTS { "
        "?term a owl:Class, owl:NamedIndividual ; rdfs:subClassOf+ :Tumour }",
        "histology:stray a owl:Class, :Histology .",
    ),
    "every class below Tumour is a histology": (
        "?term rdfs:subClassOf+ :Tumour FILTER NOT EXISTS { ?term a :Histology }",
        "histology:stray a owl:Class ; rdfs:subClassOf :Tumour .",
    ),
    "a broader histology is a superclass": (
        "?term :broaderHistology ?wider FILTER NOT EXISTS { ?term rdfs:subClassOf ?wider }",
        "histology:stray :broaderHistology histology:other .",
    ),
    "a deprecated term names its replacement": (
        "?term owl:deprecated true FILTER NOT EXISTS { ?term dcterms:isReplacedBy ?new }",
        ":Drug owl:deprecated true .",
    ),
    "no axiom uses a deprecated term": (
        "?other owl:deprecated true . ?term ?predicate ?other "
        "FILTER(?predicate != dcterms:replaces)",
        ":Intervention owl:deprecated true .",
    ),
}

METADATA = {
    "dcterms:title": "LITERAL",
    "dcterms:description": "LITERAL",
    "dcterms:creator": "LITERAL",
    "dcterms:license": "IRI",
    "owl:versionIRI": "IRI",
    "owl:versionInfo": "LITERAL",
    "vann:preferredNamespacePrefix": "LITERAL",
    "vann:preferredNamespaceUri": "LITERAL",
    "sh:declare/sh:namespace": "LITERAL",
}

# Vocabularies that any reader of RDF knows: the W3C's and Dublin Core.
STANDARDS = (
    "http://www.w3.org/",
    "http://purl.org/dc/terms/",
    "http://purl.org/vocab/vann/",
    "https://creativecommons.org/licenses/",
)
# An external term that verified-terms.tsv does not list -> where its label was read.
READ_ELSEWHERE = {
    "http://semanticscience.org/resource/SIO_010038": "'drug', in reference/ontology.md, part 5",
}


@pytest.fixture(scope="module")
def ontology() -> Store:
    return stored(*(path.read_bytes() for path in FILES))


def stored(*texts: bytes) -> Store:
    store = Store()
    for text in texts:
        store.bulk_extend(parse(text, format=RdfFormat.TURTLE))
    return store


def rows(store: Store, pattern: str) -> list[str]:
    answer = store.query(f"{PREFIXES} SELECT DISTINCT ?term WHERE {{ {pattern} }} ORDER BY ?term")
    assert isinstance(answer, QuerySolutions)
    return [str(row["term"]) for row in answer]


@pytest.mark.parametrize("rule", RULES)
def test_the_ontology_keeps_the_rule(rule: str, ontology: Store) -> None:
    pattern, _ = RULES[rule]
    assert rows(ontology, pattern) == [], rule


@pytest.mark.parametrize("rule", RULES)
def test_a_broken_rule_is_seen(rule: str) -> None:
    pattern, planted = RULES[rule]
    before = FILES[0].read_bytes()
    store = stored(before, (PREFIXES + planted).encode())
    assert len(rows(store, pattern)) > len(rows(stored(before), pattern))


@pytest.mark.parametrize("path", METADATA)
def test_the_ontology_describes_itself(path: str, ontology: Store) -> None:
    header = f"<{OURS}ontology> a owl:Ontology ; {path} ?term FILTER(is{METADATA[path]}(?term))"
    assert rows(ontology, header)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_both_libraries_read_the_same_number_of_triples(file: Path) -> None:
    assert len(rdflib.Graph().parse(file)) == len(set(parse(path=file)))


def test_every_term_in_use_is_declared(ontology: Store) -> None:
    known = declared(ontology)
    unknown = {name: sorted(used - known) for name, used in uses() if used - known}
    assert not unknown, "declare these in ontology/sarcoma.ttl, or mend their spelling"


def test_every_declared_property_is_in_use(ontology: Store) -> None:
    used = set().union(*(terms for _, terms in uses()))
    kinds = "VALUES ?type { owl:ObjectProperty owl:DatatypeProperty } ?term a ?type"
    idle = [term for term in rows(ontology, kinds) if term.strip("<>") not in used]
    assert not idle, "no context key, rule, shape, check or histology uses these"


def declared(store: Store) -> set[str]:
    kinds = (
        "VALUES ?type { owl:Ontology owl:Class owl:NamedIndividual owl:AnnotationProperty "
        "owl:ObjectProperty owl:DatatypeProperty } ?term a ?type"
    )
    return {term.strip("<>") for term in rows(store, kinds)}


def uses() -> Iterator[tuple[str, set[str]]]:
    """Yield the terms of the schema that each file uses, by the name of the file."""
    context = SHIPPED.ontology / "context.jsonld"
    yield context.name, context_terms(json.loads(context.read_text()))
    for pattern in ("ontology/histology.ttl", "ontology/rules/*.rq", "shapes/**/*.*"):
        for file in sorted(SHIPPED.root.glob(pattern)):
            yield str(file.relative_to(SHIPPED.root)), text_terms(file.read_text())


def context_terms(context: dict[str, dict[str, str | dict[str, str]]]) -> set[str]:
    keys = [key for key in context["@context"].values() if isinstance(key, dict)]
    names = [str(key.get("@id", key.get("@reverse"))) for key in keys]
    return {TERMS + name for name in names if ":" not in name}


def text_terms(text: str) -> set[str]:
    """Return the terms of the schema in a Turtle or SPARQL text, its strings included.

    A name counts where its prefix is bound to the schema, or the text is a query inside a
    shape, whose prefixes the ontology's header declares.
    """
    text = re.sub(r"^\s*#.*$", "", text, flags=re.MULTILINE)
    prefixes = re.findall(rf"prefix\s+([\w-]*):\s*<{re.escape(TERMS)}>", text, re.IGNORECASE)
    names = "|".join(map(re.escape, {"", *prefixes}))
    found = re.findall(rf"(?<![\w:<\"'-])(?:{names}):([A-Za-z]\w*)", text)
    return {TERMS + name for name in [*found, *re.findall(rf"<{re.escape(TERMS)}(\w+)>", text)]}


def test_terms_are_found_in_queries_and_shapes() -> None:
    text = f"""
    PREFIX : <{TERMS}>
    PREFIX s: <{TERMS}>
    # :Comment
    SELECT * {{ ?a a :Drug ; s:inhibits/:memberOfFamily <{TERMS}kit> ; rdfs:label "12:30" }}
    """
    names = {"Drug", "inhibits", "memberOfFamily", "kit"}
    assert text_terms(text) == {TERMS + name for name in names}


@pytest.mark.skipif(not SHARED.is_dir(), reason="skipped: no ../shared")
def test_external_terms_were_read_in_a_real_file() -> None:
    with (SHARED / "reference" / "verified-terms.tsv").open() as file:
        verified = {row["iri"] for row in csv.DictReader(file, delimiter="\t")}
    unread = external_terms() - verified - set(READ_ELSEWHERE)
    assert not unread, "take terms from verified-terms.tsv, or say where each was read"


def external_terms() -> set[str]:
    nodes = {
        node.value
        for file in FILES
        for quad in parse(path=file)
        for node in (quad.subject, quad.predicate, quad.object)
        if isinstance(node, NamedNode)
    }
    return {iri for iri in nodes if not iri.startswith((OURS, *STANDARDS))}
