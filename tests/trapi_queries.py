"""Queries to the Reasoner API by their kinds, over the shipped graph."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

__all__ = ["QUERIES", "body_of", "edge", "node", "one_hop"]

Json = dict[str, Any]

IMATINIB, SUNITINIB, PAZOPANIB = "CHEBI:45783", "CHEBI:38940", "CHEBI:71219"
GIST, SARCOMA, LEIOMYOSARCOMA = "MONDO:0011719", "MONDO:0005089", "MONDO:0005058"
KIT, MTOR = "NCBIGene:3815", "NCBIGene:2475"

DIRECTED = {
    "treats": ("ChemicalEntity", "Disease"),
    "in_clinical_trials_for": ("ChemicalEntity", "Disease"),
    "applied_to_treat": ("Drug", "Disease"),
    "studied_to_treat": ("Drug", "Disease"),
    "beneficial_in_models_for": ("Drug", "DiseaseOrPhenotypicFeature"),
    "ameliorates_condition": ("Drug", "Disease"),
    "treats_or_applied_or_studied_to_treat": ("ChemicalOrDrugOrTreatment", "Disease"),
    "contraindicated_in": ("Drug", "PhenotypicFeature"),
    "affects": ("SmallMolecule", "Gene"),
    "directly_physically_interacts_with": ("Drug", "GeneOrGeneProduct"),
    "gene_associated_with_condition": ("Gene", "Disease"),
    "target_for": ("Gene", "Disease"),
    "contributes_to": ("Gene", "Disease"),
    "associated_with": ("BiologicalEntity", "Disease"),
    "associated_with_resistance_to": ("SequenceVariant", "ChemicalEntity"),
    "associated_with_sensitivity_to": ("SequenceVariant", "ChemicalEntity"),
    "is_sequence_variant_of": ("SequenceVariant", "Gene"),
    "member_of": ("Gene", "GeneFamily"),
    "subclass_of": ("Disease", "Disease"),
    "related_to": ("Drug", "Disease"),
}
"""Each predicate, with categories at its ends."""

TURNED = {
    "treated_by": ("Disease", "ChemicalEntity"),
    "tested_by_clinical_trials_of": ("Disease", "ChemicalEntity"),
    "has_target": ("Disease", "Gene"),
    "has_member": ("GeneFamily", "Gene"),
    "has_sequence_variant": ("Gene", "SequenceVariant"),
    "resistance_associated_with": ("ChemicalEntity", "SequenceVariant"),
    "directly_physically_interacts_with": ("Gene", "Drug"),
    "associated_with": ("Disease", "GeneFamily"),
    "related_to": ("Disease", "Gene"),
}
"""Inverse and symmetric predicates, asked for in the direction in which no edge is held."""


def node(*categories: str, ids: tuple[str, ...] = (), **more: Any) -> Json:
    """Return a node of a query."""
    found = {"categories": [f"biolink:{name}" for name in categories], "ids": list(ids), **more}
    return {name: value for name, value in found.items() if value}


def edge(subject: str, target: str, *predicates: str, **more: Any) -> Json:
    """Return an edge of a query."""
    found = {"subject": subject, "object": target, **more}
    if predicates:
        found["predicates"] = [f"biolink:{name}" for name in predicates]
    return found


def body_of(nodes: Json, edges: Json | None = None, paths: Json | None = None, **more: Any) -> Json:
    """Return the body of a request."""
    graph = {"nodes": nodes, **({"edges": edges} if edges else {})}
    return {"message": {"query_graph": {**graph, **({"paths": paths} if paths else {})}}, **more}


def one_hop(subject: Json, target: Json, *predicates: str, **constraints: Any) -> Json:
    """Return a query with one edge from ``s`` to ``o``."""
    more = {"constraints": constraints} if constraints else {}
    return body_of({"s": subject, "o": target}, {"e": edge("s", "o", *predicates, **more)})


def _hops() -> Iterator[tuple[str, Json]]:
    for name, (subject, target) in DIRECTED.items():
        yield f"predicate {name}", one_hop(node(subject), node(target), name)
    for name, (subject, target) in TURNED.items():
        yield f"inverse {name}", one_hop(node(subject), node(target), name)


def _ends() -> Iterator[tuple[str, Json]]:
    drug, gist = node(ids=(IMATINIB,)), node(ids=(GIST,))
    yield "ids both", one_hop(drug, gist)
    yield "ids subject", one_hop(drug, node("Disease"))
    yield "ids object", one_hop(node("Drug"), gist)
    yield "ids turned", one_hop(gist, drug)
    yield "ids of others", one_hop(node(ids=("DRUGBANK:DB00619",)), node(ids=("NCIT:C3868",)))
    yield "ids in small letters", one_hop(node(ids=("chebi:45783",)), node(ids=("doid:9253",)))
    yield "ids of ours", one_hop(node(ids=("drug:imatinib",)), node("Gene"))
    yield "ids of a protein", one_hop(node("Drug"), node(ids=("UniProtKB:P10721",)))
    yield "ids of a gene", one_hop(node("Drug"), node(ids=("HGNC:6342",)))
    yield "batch", one_hop(node(ids=(IMATINIB, SUNITINIB, PAZOPANIB)), node("Disease"), "treats")
    yield "batch both", one_hop(node(ids=(IMATINIB, SUNITINIB)), node(ids=(KIT, MTOR)))
    for wide in ("NamedThing", "ChemicalEntity", "MolecularEntity", "ChemicalOrDrugOrTreatment"):
        yield f"category {wide}", one_hop(node(wide), gist, "treats")
    for wide in ("BiologicalEntity", "GeneOrGeneProduct", "Protein", "Polypeptide"):
        yield f"category of targets {wide}", one_hop(drug, node(wide), "affects")


def _kinds() -> Iterator[tuple[str, Json]]:
    drug, sarcoma = node(ids=(IMATINIB,)), node(ids=(SARCOMA,))
    yield "subclass treats", one_hop(node("Drug"), sarcoma, "treats")
    yield "subclass trials", one_hop(node("Drug"), sarcoma, "in_clinical_trials_for")
    yield "subclass gene", one_hop(node("Gene"), sarcoma)
    yield "subclass turned", one_hop(sarcoma, node("Gene"), "has_target")
    yield "subclass tree", one_hop(node("Disease"), sarcoma, "subclass_of")
    yield "subclass two", one_hop(drug, node(ids=(SARCOMA, GIST)))
    negated = {"id": "biolink:negated", "operator": "==", "value": True}
    yield "negated", one_hop(node("Drug"), node("Disease"), attributes=[negated])
    yield "negated treats", one_hop(node("Drug"), node("Disease"), "treats", attributes=[negated])
    yield "negated subclass", one_hop(node("Drug"), sarcoma, attributes=[negated])


def _constraints() -> Iterator[tuple[str, Json]]:
    drug, gene, disease = node("Drug"), node("Gene"), node("Disease")
    inhibits = {"biolink:causal_mechanism_qualifier": "inhibition"}
    aspect = "biolink:object_aspect_qualifier"
    less = {aspect: "activity_or_abundance", "biolink:object_direction_qualifier": "decreased"}
    yield "qualifier inhibition", one_hop(drug, gene, "affects", qualifiers=[inhibits])
    yield "qualifier decreased", one_hop(drug, gene, "affects", qualifiers=[less])
    yield "qualifier abundance", one_hop(drug, gene, qualifiers=[{aspect: "abundance"}])
    causes = {"biolink:qualified_predicate": "biolink:contributes_to"}
    yield "qualifier either", one_hop(drug, gene, qualifiers=[causes, inhibits])
    context = {"biolink:disease_context_qualifier": GIST}
    yield "qualifier context", one_hop(node("SequenceVariant"), drug, qualifiers=[context])
    many = {"id": "sarcoma:evaluable", "operator": ">", "value": 40}
    rate = {"id": "sarcoma:endpoint", "operator": "matches", "value": "ResponseRate$"}
    few = {"id": "biolink:supporting_study_size", "operator": "<", "value": 20}
    line = {"id": "sarcoma:line", "operator": "==", "value": ["sarcoma:FirstLine"]}
    same = {"id": "sarcoma:direction", "operator": "===", "value": "sarcoma:Supports"}
    no_text = {"id": "sarcoma:document", "operator": "==", "value": "x", "not": True}
    for name, given in {"greater": [many], "matches": [rate, many], "less": [few]}.items():
        yield f"attribute {name}", one_hop(drug, disease, attributes=given)
    for name, given in {"listed": [line], "same": [same], "not": [no_text]}.items():
        yield f"attribute {name}", one_hop(drug, disease, "studied_to_treat", attributes=given)
    sunitinib = {"id": "biolink:synonym", "operator": "matches", "value": "malate"}
    yield "attribute of a node", one_hop(node("Drug", constraints=[sunitinib]), gene)
    allow = {"behavior": "ALLOW", "values": ["prediction"]}
    deny = {"behavior": "DENY", "values": ["manual_agent"]}
    yield "level", one_hop(gene, disease, knowledge_level=allow)
    yield "agent", one_hop(gene, disease, agent_type=deny)
    ours = {"behavior": "ALLOW", "values": ["infores:sarcoma-kg"], "primary_only": True}
    yield "source", one_hop(gene, disease, sources=ours)
    yield "source denied", one_hop(gene, disease, sources={**ours, "behavior": "DENY"})


def _sets() -> Iterator[tuple[str, Json]]:
    members = [IMATINIB, SUNITINIB]
    for kind in ("ALL", "MANY"):
        asked = node(ids=("UUID:7a1e",), member_ids=members, set_interpretation=kind)
        yield f"set {kind}", one_hop(asked, node("Gene"), "affects")
    yield "set COLLATE", one_hop(node("Drug", set_interpretation="COLLATE"), node("Gene"))


def _longer() -> Iterator[tuple[str, Json]]:
    drug, gene, gist = node(ids=(IMATINIB,)), node("Gene"), node(ids=(GIST,))
    both = {"a": edge("d", "g", "affects"), "b": edge("g", "s")}
    yield "two hops", body_of({"d": drug, "g": gene, "s": gist}, both)
    yield "two hops open", body_of({"d": node("Drug"), "g": gene, "s": gist}, both)
    wide = node(ids=(SARCOMA,))
    yield "two hops wide", body_of({"d": node("Drug"), "g": gene, "s": wide}, both)
    triangle = {**both, "c": edge("d", "s", "treats")}
    yield "triangle", body_of({"d": node("Drug"), "g": gene, "s": gist}, triangle)
    three = {
        "a": edge("d", "g", "affects"),
        "b": edge("v", "g", "is_sequence_variant_of"),
        "c": edge("v", "s", "associated_with"),
    }
    nodes = {"d": drug, "g": gene, "v": node("SequenceVariant"), "s": node("Disease")}
    yield "three hops", body_of(nodes, three)
    nodes = {"a": drug, "g": gene, "b": node("Drug"), "s": gist, "x": node("Gene")}
    four = {
        "one": edge("a", "g", "affects"),
        "two": edge("b", "g", "affects"),
        "three": edge("b", "s", "treats"),
        "four": edge("x", "s", "target_for"),
    }
    yield "four hops", body_of(nodes, four)
    yield "node alone", body_of({"d": drug})


def _paths() -> Iterator[tuple[str, Json]]:
    ends = {"d": node(ids=(IMATINIB,)), "s": node(ids=(GIST,))}
    free = {"subject": "d", "object": "s"}
    over = [{"intermediate_categories": ["biolink:Gene"]}]
    yield "path", body_of(ends, paths={"p": free})
    yield "path over genes", body_of(ends, paths={"p": {**free, "constraints": over}})
    both = [{"intermediate_categories": ["biolink:Gene", "biolink:SequenceVariant"]}]
    yield "path over two", body_of(ends, paths={"p": {**free, "constraints": both}})
    wide = {"d": node(ids=("CHEBI:68478",)), "s": node(ids=(SARCOMA,))}
    yield "path wide", body_of(wide, paths={"p": {**free, "predicates": ["biolink:related_to"]}})
    yield "path turned", body_of(ends, paths={"p": {"subject": "s", "object": "d"}})
    unknown = {"d": node(ids=("CHEBI:1",)), "s": node(ids=(GIST,))}
    yield "path of nothing", body_of(unknown, paths={"p": free})


def _empty() -> Iterator[tuple[str, Json]]:
    yield "empty unknown id", one_hop(node(ids=("MONDO:9999999",)), node("Drug"))
    yield "empty category", one_hop(node("Cell"), node("Disease"))
    yield "empty predicate", one_hop(node("Drug"), node("Disease"), "exacerbates_condition")
    yield "empty pair", one_hop(node(ids=("CHEBI:28748",)), node(ids=(GIST,)), "treats")
    given = {"log_level": "DEBUG", "timeout": -1, "bypass_cache": True}
    asked = one_hop(node(ids=(IMATINIB,)), node("Gene"))
    work = [{"id": "lookup"}]
    yield "parameters", {**asked, "parameters": given, "submitter": "tests", "workflow": work}


QUERIES: dict[str, Json] = dict(
    [
        *_hops(),
        *_ends(),
        *_kinds(),
        *_constraints(),
        *_sets(),
        *_longer(),
        *_paths(),
        *_empty(),
    ]
)
"""Each query by its name, the first word of which is its kind."""
