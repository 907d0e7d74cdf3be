"""Attacks in RDF that is uploaded: entities, remote contexts, texts that are no text."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from abuse_case import REFUSED, WRITTEN, Case
from abuse_nested_uploads import JSON_LD, NQUADS, NTRIPLES, RDF, RDF_XML, TRIG, TURTLE
from abuse_wire import Answer, Target

__all__ = ["upload_cases"]

BODY = f"<rdf:RDF {RDF}><rdf:Description><p:p>{{}}</p:p></rdf:Description></rdf:RDF>"
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
QUADRATIC = f'<!DOCTYPE r [<!ENTITY a "{"a" * 50_000}">]>' + BODY.format("&a;" * 50_000)
ENTITY = '<!DOCTYPE r [<!ENTITY x SYSTEM "{}">]>' + BODY.format("&x;").replace("{", "{{").replace(
    "}", "}}"
)
DOCUMENTS: Mapping[str, str | bytes] = {
    "an entity of a file": ENTITY.format("file:///etc/passwd"),
    "an entity of an address": ENTITY.format("CANARY"),
    "a parameter entity": '<!DOCTYPE r [<!ENTITY % x SYSTEM "CANARY"> %x;]>' + BODY.format(1),
    "an external DTD": '<!DOCTYPE r SYSTEM "CANARY">' + BODY.format(1),
    "a public DTD": '<!DOCTYPE r PUBLIC "-//x//y" "CANARY">' + BODY.format(1),
    "billion laughs": f'<!DOCTYPE r [<!ENTITY l0 "lol">{LAUGHS}]>' + BODY.format("&l9;"),
    "an entity of itself": '<!DOCTYPE r [<!ENTITY a "&a;">]>' + BODY.format("&a;"),
    "a long entity, many times": QUADRATIC,
    "a DOCTYPE behind a comment": f"<!-- x --><?x y?><!DOCTYPE r>{BODY.format(1)}",
    "a DOCTYPE in UTF-16": codecs.BOM_UTF16_LE
    + ENTITY.format("file:///etc/passwd").encode("utf-16-le"),
    "a declared UTF-7": '<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE r+AD4'
    + BODY.format(1),
    "an unknown entity": BODY.format("&unknown;"),
}
"""XML that must not be read. CANARY becomes the address that nobody may reach."""

HARMLESS_DOCUMENTS = {
    "an inclusion": BODY.format(
        '<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="CANARY"/>'
    ),
    "a style sheet": '<?xml-stylesheet type="text/xsl" href="CANARY"?>' + BODY.format(1),
    "attributes by the thousand": BODY.replace(
        "<p:p>", "<p:p " + " ".join(f'p:a{n}="1"' for n in range(20_000)) + ">"
    ).format(1),
    "namespaces by the thousand": BODY.replace(
        "<p:p>", "<p:p " + " ".join(f'xmlns:n{n}="urn:n"' for n in range(20_000)) + ">"
    ).format(1),
}
CONTEXTS = {
    "a remote context": "CANARY",
    "a remote context in an array": [{}, "CANARY"],
    "a remote context of a property": {"p": {"@id": "urn:p", "@context": "CANARY"}},
    "an imported context": {"@version": 1.1, "@import": "CANARY"},
    "a context on this machine": "file:///etc/passwd",
    "a context relative to the address": "/healthz",
    "terms defined by each other": {"p": "q:a", "q": "p:b"},
    "a context without end": {"p": {"@id": "p:p"}},
}
SURROGATE = "<urn:s> <urn:p> '\\uD800' ."
TEXTS: Mapping[str, tuple[str, str | bytes]] = {
    "half a surrogate pair in Turtle": (TURTLE, SURROGATE),
    "half a surrogate pair in N-Triples": (NTRIPLES, SURROGATE.replace("'", '"')),
    "half a surrogate pair in N-Quads": (NQUADS, SURROGATE.replace("'", '"')),
    "half a surrogate pair in TriG": (TRIG, SURROGATE),
    "half a surrogate pair in XML": (RDF_XML, BODY.format("&#xD800;")),
    "half a surrogate pair in UTF-8": (TURTLE, b"<urn:s> <urn:p> '\xed\xa0\x80' ."),
    "bytes that are no UTF-8": (TURTLE, b"<urn:s> <urn:p> '\xff\xfe' ."),
    "bytes that are no UTF-8 in XML": (RDF_XML, BODY.format("\xff").encode("latin-1")),
    "bytes that are no UTF-8 in JSON-LD": (JSON_LD, b'{"urn:p": "\xff"}'),
    "an overlong encoding": (TURTLE, b"<urn:s> <urn:p> '\xc0\x80' ."),
    "a code point over the last": (TURTLE, "<urn:s> <urn:p> '\\UFFFFFFFF' ."),
    "null bytes": (TURTLE, b"\x00" * 100_000),
    "null bytes in XML": (RDF_XML, BODY.format("\x00")),
    "a control character in XML": (RDF_XML, BODY.format("&#0;")),
    "random bytes": (NQUADS, bytes((n * 167 + n // 256) % 256 for n in range(100_000))),
    "a literal that does not end": (TURTLE, "<urn:s> <urn:p> '''" + "a" * 1_000_000),
    "an IRI with a blank": (TURTLE, "<urn:s> <urn:a b> 1 ."),
    "an IRI without a scheme in N-Triples": (NTRIPLES, "<s> <urn:p> <o> ."),
    "brackets that nothing opens": (TURTLE, "]" * 100_000),
    "JSON that is no object": (JSON_LD, '"' + "a" * 100_000 + '"'),
    "a number without end in JSON-LD": (JSON_LD, '{"urn:p": 1' + "0" * 500_000 + "}"),
    "an exponent without end in JSON-LD": (JSON_LD, '{"urn:p": 1e999999999}'),
    "XML in place of Turtle": (TURTLE, BODY.format(1)),
    "Turtle in place of XML": (RDF_XML, "<urn:s> <urn:p> 1 ."),
    "half a surrogate pair in JSON-LD": (JSON_LD, '{"urn:p": "\\ud800"}'),
}


def upload_cases() -> Iterator[Case]:
    """Return every attack on a parser of RDF other than by nesting."""
    refused = REFUSED | {415}
    for name, document in DOCUMENTS.items():
        yield _case(f"uploaded XML: {name}", RDF_XML, document, refused)
    for name, document in HARMLESS_DOCUMENTS.items():
        yield _case(f"uploaded XML: {name}", RDF_XML, document, refused | WRITTEN)
    for name, context in CONTEXTS.items():
        text = json.dumps({"@context": context, "p": "o"})
        yield _case(f"uploaded JSON-LD: {name}", JSON_LD, text, refused | WRITTEN)
    for name, (media_type, body) in TEXTS.items():
        yield _case(f"uploaded text: {name}", media_type, body, refused | WRITTEN)


def _case(name: str, media_type: str, body: str | bytes, expected: frozenset[int]) -> Case:
    sent = f"as {media_type}, in place of a graph and added to it"
    return Case(name, sent, _uploading(media_type, body), expected)


def _uploading(media_type: str, body: str | bytes) -> Callable[[Target], Iterable[Answer]]:
    def attack(target: Target) -> Iterable[Answer]:
        canary = target.canary
        content = body.encode() if isinstance(body, str) else body
        content = content.replace(b"CANARY", canary.encode())
        return (target.upload(media_type, content, method=each) for each in ("PUT", "POST"))

    return attack
