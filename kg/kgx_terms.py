"""The nodes of imports: terms of other databases that nothing of this graph stands for."""

from __future__ import annotations

from collections.abc import Mapping

from kg.import_catalogue import IMPORT_GRAPHS
from kg.importing.statement import IMPORTED
from kg.kgx import Record, Value
from kg.kgx_subjects import Subject
from kg.prefixes import compress

__all__ = [
    "import_name",
    "own_curie",
    "source_of",
    "spell",
    "term_identifier",
    "term_node",
    "variant_node",
]

_SPELLINGS: Mapping[str, str] = {
    "NCBIGENE": "NCBIGene",
    "UNIPROT": "UniProtKB",
    "Orphanet": "orphanet",
    "RXNORM": "RXCUI",
    "reactome": "REACT",
    "ONCOTREE": "ONCOTREE",
}
_KINDS: Mapping[str, str] = {
    "AnatomicalEntity": "AnatomicalEntity",
    "BiologicalProcess": "BiologicalProcess",
    "Cell": "Cell",
    "CellularComponent": "CellularComponent",
    "ChemicalSubstance": "ChemicalEntity",
    "Disease": "Disease",
    "Drug": "ChemicalEntity",
    "GeneFamily": "GeneFamily",
    "GrossAnatomicalStructure": "GrossAnatomicalStructure",
    "MacromolecularComplex": "MacromolecularComplex",
    "MolecularActivity": "MolecularActivity",
    "OrganismTaxon": "OrganismTaxon",
    "Pathway": "Pathway",
    "PhenotypicFeature": "PhenotypicFeature",
    "Protein": "Protein",
}
"""The category of a term by the kind that its source gives it."""

_CODED: Mapping[str, str] = {"NCBIGene": "Gene", "HGNC": "Gene", "UniProtKB": "Protein"}
_SYNONYMS = (
    "http://www.geneontology.org/formats/oboInOwl#hasExactSynonym",
    "http://www.w3.org/2004/02/skos/core#altLabel",
)
_EXACT = "http://www.w3.org/2004/02/skos/core#exactMatch"
_ROOT = IMPORTED.removesuffix("imported/")


def import_name(graph: str) -> str:
    """Return the name of the import that a graph holds.

    >>> import_name("https://w3id.org/sarcoma-kg/graph/import-civic")
    'civic'
    """
    return graph.removeprefix(IMPORT_GRAPHS)


def source_of(graph: str) -> str:
    """Return what the import of a graph is called among information resources.

    >>> source_of("https://w3id.org/sarcoma-kg/graph/import-civic")
    'infores:civic'
    """
    return f"infores:{import_name(graph)}"


def spell(curie: str) -> str:
    """Return a CURIE with its prefix as Biolink has it.

    >>> spell("UNIPROT:P10721")
    'UniProtKB:P10721'
    """
    prefix, _, local = curie.partition(":")
    return f"{_SPELLINGS.get(prefix, prefix)}:{local}"


def term_identifier(term: Subject) -> str:
    """Return the id of the node of an external term: its own code, else a CURIE of ours."""
    code = next((each for each in term.values("externalIdentifier") if _is_curie(each)), "")
    return spell(code) if code else own_curie(term.iri)


def own_curie(iri: str) -> str:
    """Return the CURIE of an IRI of ours that has no other.

    >>> own_curie("https://w3id.org/sarcoma-kg/imported/civic/term/a")
    'sarcoma-kg:imported/civic/term/a'
    """
    return f"sarcoma-kg:{iri.removeprefix(_ROOT)}" if iri.startswith(_ROOT) else iri


def term_node(term: Subject) -> Record:
    """Return the node of an external term."""
    identifier = term_identifier(term)
    same = sorted({spell(code) for code in map(compress, term.values(_EXACT)) if code})
    synonyms = sorted({each for name in _SYNONYMS for each in term.values(name)})
    made: dict[str, Value] = {
        "id": identifier,
        "category": [f"biolink:{_category(term, identifier)}"],
        "name": term.find("label") or identifier,
        "iri": term.iri,
        "provided_by": [source_of(term.graph)],
    }
    for name, values in (("xref", same), ("synonym", synonyms)):
        if values:
            made[name] = values
    return made


def variant_node(claim: Subject) -> Record:
    """Return the node of the variant that a claim is on."""
    return {
        "id": claim.find("variantRecord"),
        "category": ["biolink:SequenceVariant"],
        "name": claim.find("variantName"),
        "provided_by": [source_of(claim.graph)],
    }


def _category(term: Subject, identifier: str) -> str:
    if kind := _KINDS.get(term.find("termKind")):
        return kind
    if coded := _CODED.get(identifier.partition(":")[0]):
        return coded
    kinds = {
        "ExternalDisease": "Disease",
        "ExternalDrug": "ChemicalEntity",
        "ExternalTarget": "MolecularEntity",
    }
    return next((kinds[each] for each in sorted(term.types & kinds.keys())), "NamedThing")


def _is_curie(text: str) -> bool:
    prefix, colon, local = text.partition(":")
    return bool(prefix and colon and local) and " " not in text and "/" not in prefix
