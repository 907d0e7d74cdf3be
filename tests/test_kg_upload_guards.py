from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from kg.formats import GraphFormat
from kg.query_error import DocumentError
from kg.upload_guards import DEEPEST_DOCUMENT, check_document

XML, JSON = GraphFormat.RDF_XML, GraphFormat.JSON_LD
TURTLE, TRIG = GraphFormat.TURTLE, GraphFormat.TRIG
TRIPLES, QUADS = GraphFormat.N_TRIPLES, GraphFormat.N_QUADS
ROOT = '<rdf:RDF xmlns:rdf="urn:r">'


def is_accepted(text: str, form: GraphFormat) -> bool:
    try:
        check_document(text, form)
    except DocumentError:
        return False
    return True


def quoted(n: int) -> str:
    return f"<urn:s> <urn:p> {'<<( <urn:s> <urn:p> ' * n}1{' )>>' * n} ."


NESTS: dict[str, tuple[GraphFormat, Callable[[int], str]]] = {
    "N-Triples <<(": (TRIPLES, quoted),
    "N-Quads <<(": (QUADS, quoted),
    "Turtle <<(": (TURTLE, quoted),
    "TriG <<(": (TRIG, quoted),
    "Turtle [": (TURTLE, lambda n: "<urn:s> <urn:p> " + "[<urn:p> " * n + "1" + "]" * n),
    "Turtle (": (TURTLE, lambda n: "<urn:s> <urn:p> " + "(" * n + "1" + ")" * n),
    "Turtle {|": (TURTLE, lambda n: "<urn:s> <urn:p> 1" + "{|<urn:p> 1" * n + "|}" * n),
    "TriG {": (TRIG, lambda n: "{" * n + "}" * n),
    "Turtle, never closed": (TURTLE, lambda n: "[ <urn:p> " * n),
    "Turtle, closed in a string": (TURTLE, lambda n: "[ <urn:p> ']', \"]\", '''']'''; " * n),
    "Turtle, closed in an IRI": (TURTLE, lambda n: "[ <urn:]> " * n),
    "Turtle, closed in a comment": (TURTLE, lambda n: "[ <urn:p> # ]\n" * n),
    "Turtle, closed in a name": (TURTLE, lambda n: "( e:\\) " * n),
    "JSON-LD [": (JSON, lambda n: "[" * n + "]" * n),
    "JSON-LD {": (JSON, lambda n: '{"urn:p": ' * n + "1" + "}" * n),
    "JSON-LD, closed in a string": (JSON, lambda n: '{"}\\"}": ' * n),
    "RDF/XML": (XML, lambda n: "<a>" * n + "</a>" * n),
    "RDF/XML, attributes": (XML, lambda n: """<a b="/>" c='</a>'>""" * n),
    "RDF/XML, closed in a comment": (XML, lambda n: "<a><!-- </a> -->" * n),
    "RDF/XML, closed in CDATA": (XML, lambda n: "<a><![CDATA[</a>]]>" * n),
    "RDF/XML, closed in an instruction": (XML, lambda n: "<a><?x </a>?>" * n),
}


@pytest.mark.parametrize("name", NESTS)
def test_nesting_is_limited(name: str) -> None:
    form, text = NESTS[name]
    assert is_accepted(text(DEEPEST_DOCUMENT), form)
    with pytest.raises(DocumentError, match="nests more than 100 deep") as caught:
        check_document(text(DEEPEST_DOCUMENT + 1), form)
    assert caught.value.spot is not None
    assert "names" in str(caught.value.hint)


FLAT: dict[str, tuple[GraphFormat, str]] = {
    "Turtle lists": (TURTLE, "<urn:s> <urn:p> ( 1 [ <urn:q> 2 ] ) . " * 1000),
    "Turtle strings": (TURTLE, '<urn:s> <urn:p> \'([{\', """([{""" . ' * 1000),
    "Turtle escapes": (TURTLE, "<urn:s> <urn:p> '\\'([{', \"\\\\\" . " * 1000),
    "Turtle comments": (TURTLE, "# ([{ '\n" * 1000),
    "JSON-LD strings": (JSON, '["[{\\"[{"' + ', "[{\\\\"' * 1000 + "]"),
    "JSON-LD objects": (JSON, '[{"urn:p": [1]}' + ', {"urn:p": [1]}' * 1000 + "]"),
    "RDF/XML": (XML, ROOT + "<a b='1>2'/><c></c><!-- <a> --><![CDATA[<a>]]><?a <a>?>" * 1000),
}


@pytest.mark.parametrize("name", FLAT)
def test_what_stands_side_by_side_does_not_nest(name: str) -> None:
    form, text = FLAT[name]
    assert is_accepted(text, form)


@pytest.mark.parametrize(
    "text",
    [
        f"<!DOCTYPE rdf:RDF [<!ENTITY a 'b'>]>{ROOT}</rdf:RDF>",
        f"<?xml version='1.0'?>\n<!-- c --><!doctype rdf:RDF>{ROOT}</rdf:RDF>",
        f"{ROOT}<!DOCTYPE x></rdf:RDF>",
        f"{ROOT}</rdf:RDF><!DOCTYPE x>",
        f"<! DOCTYPE x>{ROOT}</rdf:RDF>",
        f"<!DOCTYPE {ROOT}",
    ],
)
def test_doctype_is_refused(text: str) -> None:
    with pytest.raises(DocumentError, match="DOCTYPE is never read here") as caught:
        check_document(text, XML)
    assert caught.value.spot is not None


def test_doctype_may_be_written_about() -> None:
    assert is_accepted(f"{ROOT}<!-- <!DOCTYPE --><![CDATA[<!DOCTYPE]]></rdf:RDF>", XML)


@pytest.mark.parametrize("encoding", ["UTF-16", "iso-8859-1", "utf-7", ""])
def test_another_encoding_of_xml_is_refused(encoding: str) -> None:
    with pytest.raises(DocumentError, match="is not in UTF-8"):
        check_document(f"<?xml version='1.0' encoding=\"{encoding}\"?>{ROOT}</rdf:RDF>", XML)


@pytest.mark.parametrize("encoding", ["UTF-8", "utf-8", "US-ASCII"])
def test_utf_8_may_be_declared(encoding: str) -> None:
    assert is_accepted(f"<?xml version='1.0' encoding='{encoding}'?>{ROOT}</rdf:RDF>", XML)


HIDDEN = ["<!-->{}-->", "<!--->{}-->", "<!-- --!>{}-->", "<!-- -- {} -->", "<?a >{}?>", "<?a?a{}?>"]


@pytest.mark.parametrize("around", HIDDEN)
@pytest.mark.parametrize("doctype", ["<!DOCTYPE r [<!ENTITY e 'x'>]>", "<! doctype r>"])
def test_no_doctype_hides_where_readers_differ(around: str, doctype: str) -> None:
    text = f"{around.format(doctype)}{ROOT}</rdf:RDF>"
    with pytest.raises(DocumentError, match=r"DOCTYPE|ill-formed"):
        check_document(text, XML)


@pytest.mark.parametrize(
    "text",
    ["<!---->", "<!-- - > -> -->", f"<!--{'-x' * 1000}-->", "<!-- <!DOCTYPE a> -->", "<?a ??>"],
)
def test_wellformed_comments_and_instructions_pass(text: str) -> None:
    assert is_accepted(f"{text}{ROOT}</rdf:RDF>{text}", XML)


@pytest.mark.parametrize("text", ["<!-- ", "<a", "<a b='c'", "<![CDATA[ ]]", "<?xml ", "<", "<!x>"])
def test_markup_that_never_ends_is_refused(text: str) -> None:
    with pytest.raises(DocumentError, match="is never closed"):
        check_document(text * 50, XML)


def chain(length: int, definition: str) -> str:
    terms = ", ".join(f'"t{at}": {definition % f"t{at + 1}:x"}' for at in range(length))
    return f'{{"@context": [{{"t{length}": "urn:x", {terms}}}], "t0": 1}}'


@pytest.mark.parametrize("definition", ['"%s"', '{"@id": "%s"}', '{"@id": "urn:x", "@type": "%s"}'])
def test_terms_of_a_context_may_not_depend_on_each_other_for_long(definition: str) -> None:
    assert is_accepted(chain(DEEPEST_DOCUMENT - 1, definition), JSON)
    with pytest.raises(DocumentError, match="depend on each other more than 100 deep") as caught:
        check_document(chain(DEEPEST_DOCUMENT + 1, definition), JSON)
    assert caught.value.spot is not None
    escaped = chain(5000, definition).replace("@context", "\\u0040context")
    assert not is_accepted(escaped, JSON)


def test_a_context_may_have_many_terms() -> None:
    terms = ", ".join(f'"t{at}": "e:{at}"' for at in range(5000))
    assert is_accepted(f'{{"@context": {{"e": "urn:e", {terms}}}}}', JSON)
    assert is_accepted(f'{{"@context": {{"e": "e:x", "f": "e:y", {terms}}}}}', JSON)


def test_a_member_that_is_given_twice_counts_both_times() -> None:
    assert not is_accepted(chain(500, '"%s"').replace("}]", '}], "@context": {}'), JSON)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("'" * 300_000, TURTLE),
        ("<" * 300_000, TURTLE),
        ("'''\\q" * 50_000 + "(" * 101, TURTLE),
        ('"' * 300_000 + "[" * 101, JSON),
        ("[]," * 101 + '"' + '\\"' * 100_000, JSON),
        ("<a>" * 9 + "<a " + "b='' " * 300_000, XML),
        ("<!--" + " -" * 300_000, XML),
        ("<?a" + " ?" * 300_000, XML),
        ("<!--" * 100_000, XML),
        ("<a " * 100_000, XML),
        ("<![CDATA[" * 100_000, XML),
        ("<a b='" * 100_000, XML),
        ("<a/>" * 100_000, XML),
        ("[1]," * 100_000, JSON),
        ("(1)" * 100_000, TURTLE),
    ],
)
def test_the_guards_take_time_in_proportion_to_the_text(text: str, form: GraphFormat) -> None:
    start = time.process_time()
    is_accepted(text, form)
    assert time.process_time() - start < 2
