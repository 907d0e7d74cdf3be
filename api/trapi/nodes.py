"""The nodes for reasoners: what each thing is in Biolink, and its identifiers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from api.directory import Directory, Entry
from api.identifiers import EXACT
from api.trapi.attributes import Attribute, attribute
from api.trapi.biolink import PREFIX
from api.trapi.facts import Facts
from kg.prefixes import compress

__all__ = ["Node", "Nodes", "find_nodes"]

_SPELLINGS = {
    "NCBIGENE": "NCBIGene",
    "UNIPROT": "UniProtKB",
    "Orphanet": "orphanet",
    "RXNORM": "RXCUI",
}
"""Prefixes that Biolink spells in its own way; the others are as in the graph's own table."""

_ORDER = (
    "MONDO",
    "CHEBI",
    "NCBIGene",
    "CHEMBL.COMPOUND",
    "DOID",
    "NCIT",
    "UMLS",
    "EFO",
    "MESH",
    "orphanet",
)
"""The systems whose code is a node's identifier, the first one that it is exactly matched in."""

_SMALL = frozenset({"CHEBI"})
_GENES = frozenset({"NCBIGene", "HGNC", "ENSEMBL"})
_NOT_CONDITIONS = frozenset(
    {"live-attenuated-vaccines", "alcohol-use", "maximum-cumulative-anthracycline-dose"}
)
"""Comorbidities, by their slugs, that are something given or done, and no feature of a patient."""


@dataclass(frozen=True)
class Node:
    """A thing as a node: ``identifiers`` are all that are the same, its own one first."""

    iri: str
    name: str
    categories: tuple[str, ...]
    identifiers: tuple[str, ...]
    synonyms: tuple[str, ...] = ()

    @property
    def curie(self) -> str:
        """The identifier under which answers hold the node."""
        return self.identifiers[0]

    def is_of(self, wanted: frozenset[str]) -> bool:
        """Tell whether one of the node's categories is among some."""
        return not wanted.isdisjoint(self.categories)

    @cached_property
    def attributes(self) -> list[Attribute]:
        """The identifiers and names as attributes."""
        equivalent = attribute(
            f"{PREFIX}xref",
            list(self.identifiers),
            original_attribute_name="equivalent_identifiers",
        )
        if not self.synonyms:
            return [equivalent]
        return [equivalent, attribute(f"{PREFIX}synonym", list(self.synonyms))]

    @cached_property
    def content(self) -> dict[str, Any]:
        """The node as TRAPI has it."""
        return {
            "name": self.name,
            "categories": [PREFIX + each for each in self.categories],
            "attributes": self.attributes,
        }


@dataclass(frozen=True)
class Nodes:
    """All nodes by their IRIs."""

    by_iri: Mapping[str, Node]
    directory: Directory

    def find(self, curie: str) -> tuple[Node, ...]:
        """Return the nodes that a CURIE or IRI means, of this graph or exactly matched to it."""
        own = self.directory.namespaces.expand(curie) or curie
        found = (own, *self.directory.identifiers.find(curie))
        return tuple(self.by_iri[iri] for iri in dict.fromkeys(found) if iri in self.by_iri)


def find_nodes(directory: Directory, facts: Facts) -> Nodes:
    """Return the nodes of a snapshot."""
    codes = {iri: tuple(_codes(directory, iri)) for iri in facts.things}
    taken: dict[str, str] = {}
    nodes = {}
    for iri in sorted(facts.things):
        entry = directory.entries.get(iri)
        if entry is None or not (found := _categories(entry, facts, codes[iri])):
            continue
        # Of two things with one code, the second keeps its own identifier: nodes must differ.
        first = next((code for code in codes[iri] if taken.setdefault(code, iri) == iri), "")
        primary = first if _prefix(first) in _ORDER else ""
        own = entry.curie
        identifiers = tuple(dict.fromkeys((primary or own, *codes[iri], own)))
        nodes[iri] = Node(iri, entry.label, found, identifiers, entry.names)
    return Nodes(nodes, directory)


def _codes(directory: Directory, iri: str) -> Iterator[str]:
    """Yield the exact matches of a thing as Biolink spells them, the preferred systems first."""
    exact = (each.code for each in directory.identifiers.of(iri) if each.relation == EXACT)
    spelled = (_spell(code) for code in map(compress, exact) if code)
    yield from sorted(set(spelled), key=_place)


def _spell(curie: str) -> str:
    prefix, _, local = curie.partition(":")
    return f"{_SPELLINGS.get(prefix, prefix)}:{local}"


def _place(curie: str) -> tuple[int, str]:
    prefix = _prefix(curie)
    return (_ORDER.index(prefix) if prefix in _ORDER else len(_ORDER), curie)


def _prefix(curie: str) -> str:
    return curie.partition(":")[0]


def _categories(entry: Entry, facts: Facts, codes: Iterable[str]) -> tuple[str, ...]:
    """Return what a thing is, the most specific first; nothing for what is no node."""
    types = frozenset(facts.values(entry.iri, "type"))
    systems = {_prefix(code) for code in codes}
    if "Drug" in types:
        return ("SmallMolecule", "Drug") if systems & _SMALL else ("Drug",)
    if "MolecularTarget" in types:
        is_gene = bool(facts.values(entry.iri, "symbol") or systems & _GENES)
        is_protein = "UniProtKB" in systems
        return ("Gene",) * is_gene + ("Protein",) * is_protein or ("MolecularEntity",)
    if "Comorbidity" in types and _is_no_condition(entry, facts):
        return ()
    return next(((name,) for kind, name in _KINDS.items() if kind in types), ())


_KINDS: Mapping[str, str] = {
    "TargetFamily": "GeneFamily",
    "Histology": "Disease",
    "Comorbidity": "PhenotypicFeature",
    "Mutation": "SequenceVariant",
    "GeneFusion": "SequenceVariant",
    "ExpressionMarker": "Protein",
}
"""The category of what has one whatever it is matched to."""


def _is_no_condition(entry: Entry, facts: Facts) -> bool:
    wider = {iri.rpartition("/")[2] for iri in facts.values(entry.iri, "broaderComorbidity")}
    return bool(_NOT_CONDITIONS & {entry.slug, *wider})
