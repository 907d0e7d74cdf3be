"""No document that the guards let through kills its reader."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stack_probe import MAIN_THREAD, StackProbe

from kg.formats import GraphFormat, find_graph_format
from kg.query_error import DocumentError
from kg.upload import read_upload
from kg.upload_guards import DEEPEST_DOCUMENT, check_document

R = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="urn:e:"'
DOCUMENTS: dict[str, tuple[str, ...]] = {
    "text/turtle": (
        "@prefix e: <urn:e:> . e:a e:b ( 1 [ e:c '''x''' ] ), \"y\"@en ; e:d <<( e:a e:b 1 )>> .",
        "PREFIX e: <urn:e:> e:a e:b e:c ~ e:r {| e:d 1.5 |} . # end\n << e:a e:b 1 >> e:c true .",
    ),
    "application/trig": ("GRAPH <urn:g> { <urn:a> <urn:b> [ <urn:c> ( 1 ) ] } { <a> <b> 'c' . }",),
    "application/n-triples": ('<urn:a> <urn:b> <<( <urn:a> <urn:b> "x\\n"@en )>> . # end\n',),
    "application/n-quads": ('_:a <urn:b> "1"^^<urn:c> <urn:g> .\n<urn:a> <urn:b> _:c .\n',),
    "application/rdf+xml": (
        f"<?xml version='1.0'?><rdf:RDF {R}><rdf:Description rdf:about='urn:a'><e:b "
        "rdf:parseType='Collection'><e:c e:d='x'/></e:b><!-- c --><e:e><![CDATA[<f>]]></e:e>"
        "<e:g rdf:parseType='Literal'><h i='j'>k</h></e:g></rdf:Description></rdf:RDF>",
    ),
    "application/ld+json": (
        '{"@context": {"e": "urn:e:", "b": {"@id": "e:b", "@type": "@id", "@context": {"c": '
        '"e:c"}}, "l": {"@id": "e:l", "@container": "@list"}}, "@graph": [{"@id": "e:a", "b": '
        '{"@id": "e:x", "c": 1.5}, "l": [1, [2]], "@reverse": {"e:r": {"@id": "e:y"}}}]}',
    ),
}
NESTS: dict[str, tuple[tuple[str, str], ...]] = {
    "text/turtle": (
        ("[ <urn:p> ", " ]"),
        ("( ", " )"),
        ("<<( <urn:s> <urn:p> ", " )>>"),
        ("<< <urn:s> <urn:p> ", " >>"),
        ("<urn:o> {| <urn:p> ", " |}"),
        ("[ <urn:p> ']', ", " ]"),
    ),
    "application/n-triples": (("<<( <urn:s> <urn:p> ", " )>>"),),
    "application/rdf+xml": (
        ("<rdf:Description><e:p>", "</e:p></rdf:Description>"),
        ("<e:p rdf:parseType='Resource'>", "</e:p>"),
        ("<e:p rdf:parseType='Literal'>", "</e:p>"),
        ("<e:p><![CDATA[</e:p>]]><!-- </e:p> -->", "</e:p>"),
    ),
    "application/ld+json": (
        ("[", "]"),
        ('{"urn:p": ', "}"),
        ('{"@list": [', "]}"),
        ('{"@graph": [', "]}"),
        ('{"@reverse": {"urn:p": ', "}}"),
        ('{"@included": [', "]}"),
        ('{"@context": {"@id": "urn:a", "@context": ', "}}"),
    ),
}
NESTS |= {
    "application/trig": NESTS["text/turtle"],
    "application/n-quads": NESTS["application/n-triples"],
}
FRAMES = {
    "application/rdf+xml": f"<rdf:RDF {R}><rdf:Description>{{}}</rdf:Description></rdf:RDF>",
    "application/ld+json": '{{"urn:p": {}}}',
}
TRIPLE = "<urn:s> <urn:p> {} ."
FRAGMENTS = (
    *"'\"#<>{}()[].;,@:\\|&!^~/=_ \n\r\t0é",
    *("'''", '"""', "\\u0000", "\\uD800", "\\U00110000", "\\'", "^^", "<<", ">>", "<<(", ")>>"),
    *("<!--", "-->", "<![CDATA[", "]]>", "<!DOCTYPE x>", "<?", "?>", "&#0;", "&lt;", "</", "/>"),
    *('"@context":', '"@import":', '"http://e.org/c"', '"@id"', "{}", "[]", "null", "1e999", "//"),
    *(
        "@prefix ",
        "@base ",
        "PREFIX ",
        "GRAPH ",
        "a",
        "e:",
        "e:a.b",
        "_:b",
        "\ufeff",
        "\0",
        "\ud800",
    ),
)


@pytest.fixture(scope="module")
def probe() -> Iterator[StackProbe]:
    with StackProbe(MAIN_THREAD) as found:
        yield found


def draw(random: Random) -> tuple[str, str]:
    """Return a media type and a document: a nest of about the allowed depth, or edited text."""
    media_type = random.choice([*DOCUMENTS])
    if random.random() < 0.4:
        return media_type, draw_nest(random, media_type)
    text = random.choice(DOCUMENTS[media_type])
    for _ in range(random.randint(0, 4)):
        at = random.randint(0, len(text))
        new = random.choice(FRAGMENTS) * random.choice((1, 1, 1, 2, 150))
        text = text[:at] + new + text[at + random.choice((0, 0, 1, 3)) :]
    return media_type, text


def draw_nest(random: Random, media_type: str) -> str:
    depth = random.choice((10, DEEPEST_DOCUMENT - 5, DEEPEST_DOCUMENT + 5, 1000))
    text = "1" if media_type == "application/ld+json" else "<urn:o>"
    text = "x" if media_type == "application/rdf+xml" else text
    nests = NESTS[media_type]
    chosen = random.sample(nests, random.choice((1, min(2, len(nests)), len(nests))))
    for _ in range(depth):
        opening, closing = random.choice(chosen)
        text = f"{opening}{text}{closing if random.random() < 0.999 else ''}"
    return FRAMES.get(media_type, TRIPLE).format(text)


def is_accepted(media_type: str, text: str) -> bool:
    try:
        read_upload(text.encode(errors="surrogatepass"), media_type)
    except DocumentError:
        return False
    return True


@settings(max_examples=60, deadline=None)
@given(random=st.randoms(use_true_random=False))
def test_no_accepted_document_kills_its_reader(probe: StackProbe, random: Random) -> None:
    media_type, text = draw(random)
    if is_accepted(media_type, text):
        outcome = probe.run(media_type, text, seconds=2)
        assert outcome in ("done", "late") or outcome.startswith("failed: DocumentError"), outcome


@pytest.mark.parametrize("form", GraphFormat)
@settings(max_examples=50, deadline=None)
@given(text=st.text(st.sampled_from("<>([{}])'\"\\#!-/@:. \n\ta1"), max_size=60))
def test_the_guards_take_any_text(form: GraphFormat, text: str) -> None:
    with suppress(DocumentError):
        check_document(text, form)


def test_every_document_of_the_tests_is_read() -> None:
    for media_type, texts in DOCUMENTS.items():
        assert find_graph_format(media_type)
        for text in texts:
            assert list(read_upload(text.encode(), media_type, base="http://e.org/"))


@pytest.mark.soak
def test_no_accepted_document_kills_its_reader_in_many_thousands(
    probe: StackProbe, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes: Counter[str] = Counter()
    for seed in range(30_000):
        media_type, text = draw(Random(seed))
        if not is_accepted(media_type, text):
            outcomes["refused"] += 1
            continue
        outcome = probe.run(media_type, text, seconds=5)
        known = outcome in ("done", "late") or outcome.startswith("failed: DocumentError")
        assert known, f"seed {seed}: {outcome}"
        outcomes[outcome.partition(":")[0]] += 1
    with capsys.disabled():
        print(f"\n{dict(outcomes)}")
    assert outcomes["done"] > 3_000
