from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, Store

from kg.context import Context, read_context
from kg.gate import read_gate
from kg.places import Places
from kg.problem import Problem, Severity
from kg.records import Records, parse_records, read_records
from kg.references import check_references
from kg.shipped import find_shipped
from kg.sources import find_sources
from kg.template import find_kinds, new_record
from kg.turtle import read_turtle

SHIPPED = find_shipped()
TEMPLATES = SHIPPED.data / "templates"
KINDS = find_kinds(TEMPLATES)


@pytest.fixture(scope="module")
def context() -> Context:
    return read_context(SHIPPED.ontology / "context.jsonld")


@pytest.fixture(scope="module")
def written(context: Context) -> tuple[Records, ...]:
    """Two records of each kind, as a user would add them all before filling them in."""
    return tuple(
        parse_records(
            new_record(kind, f"{order}-{kind}", templates=TEMPLATES),
            context=context,
            shown_as=f"new/{order}-{kind}.yaml",
        )
        for kind in KINDS
        for order in ("first", "second")
    )


def test_the_kinds_that_people_need_have_a_template() -> None:
    assert {"study", "document", "drug", "regimen", "target", "evidence", "drug-target"} <= set(
        KINDS
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_describes_its_slug_and_leaves_no_placeholder(
    kind: str, context: Context
) -> None:
    text = new_record(kind, "some-slug-2", templates=TEMPLATES)
    records = parse_records(text, context=context, shown_as="new.yaml")
    assert any(iri.endswith("/some-slug-2") for iri in records.described)
    assert not re.search(r"\{\w+\}", text)


@pytest.mark.parametrize("kind", KINDS)
def test_a_template_teaches_and_says_that_it_is_one(kind: str) -> None:
    text = new_record(kind, "some-slug", templates=TEMPLATES)
    assert text.startswith("# ")
    assert "Written from a template; replace every value, then delete this line." in text
    assert all(len(line) <= 100 for line in text.splitlines())


def test_templates_together_pass_the_gate(context: Context, written: tuple[Records, ...]) -> None:
    """Only problems of the templates count: this is no test of the shipped records."""
    files = [file for source in find_sources(SHIPPED) for file in source.files]
    turtle = [read_turtle(f.path) for f in files if f.path.suffix == ".ttl"]
    shipped = [read_records(f.path, context=context) for f in files if f.path.suffix == ".yaml"]
    declared = {t.subject.value for ts in turtle for t in ts if isinstance(t.subject, NamedNode)}
    sources = [*shipped, *written]
    unknown = check_references(sources, declared=declared, namespaces=context.namespaces)
    assert of_templates(unknown) == []
    store = Store()
    graph = NamedNode("https://example.org/graph")
    for triples in (*turtle, *(source.triples for source in sources)):
        store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    found = read_gate(SHIPPED.shapes).problems(
        store,
        places=Places.merged(source.places for source in sources),
        namespaces=context.namespaces,
    )
    remarks = of_templates(found)
    assert [remark for remark in remarks if "template" not in remark] == []
    named = {remark.partition(":")[0] for remark in remarks}
    assert named == {f"new/{order}-{kind}.yaml" for kind in KINDS for order in ("first", "second")}


def of_templates(problems: tuple[Problem, ...]) -> list[str]:
    """Leave out remarks: nothing refers yet to a drug that has just been written."""
    return [
        str(problem)
        for problem in problems
        if problem.place.file.startswith("new/") and problem.severity is not Severity.INFO
    ]


def test_an_unknown_kind_is_refused_with_a_near_match() -> None:
    with pytest.raises(ValueError, match="unknown kind 'stuy'; did you mean 'study'") as caught:
        new_record("stuy", "x", templates=TEMPLATES)
    assert "known kinds: biomarker, document, drug" in str(caught.value)


@pytest.mark.parametrize(
    "slug", ["", "Trial", "a b", "a--b", "-a", "a-", "../a", "a/b", "ä", "a_b"]
)
def test_what_is_no_slug_is_refused(slug: str) -> None:
    with pytest.raises(ValueError, match="is no slug; write lower-case letters and digits"):
        new_record("study", slug, templates=TEMPLATES)


def test_a_template_never_names_another_path() -> None:
    with pytest.raises(ValueError, match=r"unknown kind '\.\./drug'"):
        new_record("../drug", "x", templates=TEMPLATES / "none")


def test_the_example_document_of_the_templates_is_shipped() -> None:
    named = {
        slug
        for path in TEMPLATES.glob("*.yaml")
        for slug in re.findall(r"(?:namedIn|inDocument): ([\w-]+)$", path.read_text(), re.M)
    }
    assert named == {"jnccn-2007"}
    assert (Path(SHIPPED.data) / "documents" / "jnccn-2007.yaml").is_file()
