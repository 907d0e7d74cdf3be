"""Facts of more general classes and properties, by the hierarchies given with them."""

from __future__ import annotations

from pyoxigraph import RdfFormat, parse

from kg.entailments import generalise

TURTLE = """
@prefix : <https://example.org/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
:inhibits a owl:ObjectProperty ; rdfs:subPropertyOf :actsOn .
:actsOn a owl:ObjectProperty ; owl:equivalentProperty :affects .
:affects a owl:ObjectProperty .
:affectedBy a owl:ObjectProperty ; owl:inverseOf :affects .
:Inhibitor a owl:Class ; rdfs:subClassOf :Drug, [ owl:complementOf :Target ] .
:Drug a owl:Class . :Medicine a owl:Class ; owl:equivalentClass :Drug .
:Sarcoma a owl:Class, owl:NamedIndividual, :Drug ; rdfs:label "a pun" .
:imatinib a owl:NamedIndividual, :Inhibitor ; :inhibits :kit ; rdfs:seeAlso :kit .
"""


def test_wider_classes_and_wider_equivalent_and_inverse_properties_follow() -> None:
    found = generalise(quad.triple for quad in parse(TURTLE, format=RdfFormat.TURTLE))
    assert sorted(str(t).replace("https://example.org/", ":") for t in found) == [
        "<:imatinib> <:actsOn> <:kit>",
        "<:imatinib> <:affects> <:kit>",
        "<:imatinib> <:inhibits> <:kit>",
        *(
            f"<:imatinib> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <:{name}>"
            for name in ("Drug", "Inhibitor", "Medicine")
        ),
        "<:kit> <:affectedBy> <:imatinib>",
    ]
