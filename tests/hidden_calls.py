"""Queries with SERVICE clauses that an engine once read where our tokens showed none."""

from __future__ import annotations

HIDDEN = (
    # An IRI to a greedy reader; a comparison, a bracket and a comment to the engine.
    "ASK { BIND(1 AS ?a) FILTER(?a<?b)SERVICE#>\n<urn:x>{} }",
    "ASK { FILTER(?a<?b+'>x')SERVICE<urn:x>{} #'}\n}",
    "ASK { BIND(true AS ?b) FILTER(false<?b)SERVICE#>\n<urn:x>{} }",
    "ASK { BIND(true AS ?b) FILTER(NOT EXISTS{}<?b)SERVICE#>\n<urn:x>{} }",
    "ASK { BIND(true AS ?b) FILTER(NOT EXISTS{?a <urn:u> 5}=?b)SERVICE#>\n<urn:x>{} }",
    # A string with an escape that the engine doesn't know: to it, an empty string and another.
    "ASK { VALUES ?x { '''a' } SERVICE <urn:x> {} #\\q'''\n }",
    "ASK { VALUES ?x { '''a' } SERVICE <urn:x> {} #\\uD800'''\n }",
    "ASK { VALUES ?x { '''a' } SERVICE <urn:x> {} #\\U00110000'''\n }",
    'ASK { VALUES ?x { """a" } SERVICE <urn:x> {} #\\q"""\n }',
    # To the engine, a local name ends before its second run of dots.
    "PREFIX ex: <urn:> ASK { ?s ?p ex:a.b.SERVICE <urn:x> {} }",
    # Where prefix and local name make no IRI, the engine takes the prefix alone for a name.
    "PREFIX e: <http://h:80> ASK { ?s ?p e:SERVICE <urn:x> {} }",
    "PREFIX e: <http://h#> PREFIX y: <urn:x> ASK { ?s ?p e:SERVICEy:\\# {} }",
)
