from __future__ import annotations

import json
from pathlib import Path

import pyoxigraph
import pytest

from kg.context import Context, Expects, read_context
from kg.datatypes import XSD
from kg.problem import Refused

PATH = Path(__file__).parent / "loader" / "context.jsonld"
SHIPPED = Path(__file__).parent.parent / "ontology" / "context.jsonld"
ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology/"


def read_with(tmp_path: Path, **definitions: object) -> Context:
    document = json.loads(PATH.read_text(encoding="utf-8"))
    document["@context"] |= definitions
    path = tmp_path / "context.jsonld"
    path.write_text(json.dumps(document, indent=1), encoding="utf-8")
    return read_context(path, shown_as="context.jsonld")


@pytest.mark.parametrize(
    ("key", "predicate", "expects", "datatype", "reverse"),
    [
        ("label", "http://www.w3.org/2000/01/rdf-schema#label", Expects.TEXT, "string", False),
        ("synonyms", f"{ONTOLOGY}synonym", Expects.TEXT, "string", False),
        ("enrolled", f"{ONTOLOGY}enrolled", Expects.TEXT, "integer", False),
        ("startedMonth", f"{ONTOLOGY}started", Expects.TEXT, "gYearMonth", False),
        ("phase", f"{ONTOLOGY}phase", Expects.NAME, "", False),
        ("ofDrug", f"{ONTOLOGY}ofDrug", Expects.REFERENCE, "", False),
        ("arms", f"{ONTOLOGY}armOf", Expects.RECORD, "", True),
        ("citedBy", f"{ONTOLOGY}cites", Expects.REFERENCE, "", True),
    ],
)
def test_term_says_what_a_key_means(
    key: str, predicate: str, expects: Expects, datatype: str, reverse: bool
) -> None:
    term = read_context(PATH).terms[key]
    assert (term.key, term.predicate, term.expects) == (key, predicate, expects)
    assert (term.datatype, term.reverse) == (datatype and XSD + datatype, reverse)


def test_keys_are_terms_and_aliases_but_not_prefixes() -> None:
    context = read_context(PATH)
    assert {"id", "type", "label", "arms"} <= set(context.keys)
    assert not {"drug", "xsd", "@vocab"} & set(context.keys)
    assert (context.id_key, context.type_key) == ("id", "type")


@pytest.mark.parametrize(
    ("definition", "message"),
    [
        (None, "must be defined with no more than"),
        ({"@id": "x", "@language": "en"}, "must be defined with no more than"),
        ({"@id": "x", "@container": "@list"}, "has another container than @set"),
        ({"@id": "x", "@context": {"label": "x"}}, "has a scoped context that changes more"),
        ({"@id": "x", "@type": "xsd:float"}, "has the datatype 'xsd:float', which the loader"),
        ({"@id": "x", "@type": "@json"}, "has the datatype '@json', which the loader"),
        ({"@id": "foo:x"}, "has the undeclared prefix of 'foo:x'"),
        ({"@id": "drug"}, "has the @id 'drug', which is another term; write the whole IRI"),
        ({"@id": "label"}, "has the @id 'label', which is another term; write the whole IRI"),
    ],
)
def test_refuses_definitions_that_lose_values(
    tmp_path: Path, definition: object, message: str
) -> None:
    with pytest.raises(Refused) as caught:
        read_with(tmp_path, bad=definition)
    [problem] = caught.value.problems
    assert problem.message.startswith(f"'bad' {message}")
    line = (tmp_path / "context.jsonld").read_text(encoding="utf-8").split("\n")
    assert line[problem.place.line - 1].strip().startswith('"bad"')


def test_reports_every_bad_definition(tmp_path: Path) -> None:
    with pytest.raises(Refused) as caught:
        read_with(tmp_path, bad=None, worse={"@id": "foo:x"})
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"@context": {\n"a": "x",\n"a": "y"}}', "c.jsonld:2: 'a' is defined twice; keep one"),
        ('{"@context": {\n"a": ]}}', "c.jsonld:2: the JSON is broken: Expecting value; mend it"),
    ],
)
def test_refuses_broken_json(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "c.jsonld"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as caught:
        read_context(path, shown_as="c.jsonld")
    assert str(caught.value).startswith(expected)


def predicates_by_jsonld(path: Path, context: Context) -> dict[str, set[str]]:
    """Say what predicates a JSON-LD processor gives each key, with a value that suits any."""
    found = {}
    for key, term in context.terms.items():
        value: object = {"id": "study:b"} if term.expects is Expects.RECORD else "study:b"
        document = {"@context": dict(context.definitions), "id": "study:a", key: value}
        quads = pyoxigraph.parse(
            json.dumps(document).encode(),
            format=pyoxigraph.RdfFormat.JSON_LD,
            base_iri="https://w3id.org/sarcoma-kg/study/a/",
        )
        found[key] = {quad.predicate.value for quad in quads}
    return found


@pytest.mark.parametrize("path", [PATH, SHIPPED], ids=["test", "shipped"])
def test_every_predicate_is_the_one_that_jsonld_gives(path: Path) -> None:
    context = read_context(path)
    expected = {key: {term.predicate} for key, term in context.terms.items()}
    assert predicates_by_jsonld(path, context) == expected
