"""What is searched: the properties that name things, those that say more, and which come first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType

__all__ = [
    "FIELDS",
    "TYPE",
    "Field",
    "Tier",
    "find_rank",
    "is_imported",
    "is_statement",
    "is_unsearched",
]

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology/"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_TERMS = "http://purl.org/dc/terms/"
_ELEMENTS = "http://purl.org/dc/elements/1.1/"
_FOAF = "http://xmlns.com/foaf/0.1/"
_OBO = "http://www.geneontology.org/formats/oboInOwl#"
_OWL = "http://www.w3.org/2002/07/owl#"
_SCHEMA = ("https://schema.org/", "http://schema.org/")


class Tier(IntEnum):
    """What a property says of a thing; of two exact matches the one in the earlier tier is first.

    ``SLUG`` is the last part of its IRI. ``TEXT`` is what is said of it, which is no name.
    """

    IDENTIFIER = 0
    CODE = 1
    LABEL = 2
    SYNONYM = 3
    SLUG = 4
    TEXT = 5


@dataclass(frozen=True)
class Field:
    """A property that is searched; ``name`` is the last part of its IRI."""

    iri: str
    tier: Tier

    @property
    def name(self) -> str:
        """The word for the property in answers.

        >>> Field("http://www.w3.org/2004/02/skos/core#altLabel", Tier.SYNONYM).name
        'altLabel'
        """
        return self.iri.replace("#", "/").rpartition("/")[2]


def _fields() -> Iterable[Field]:
    for tier, names in _NAMES.items():
        for namespace, words in names:
            yield from (Field(namespace + word, tier) for word in words.split())
    for namespace in _SCHEMA:
        yield Field(f"{namespace}identifier", Tier.IDENTIFIER)
        yield Field(f"{namespace}name", Tier.LABEL)
        yield Field(f"{namespace}alternateName", Tier.SYNONYM)
        yield Field(f"{namespace}description", Tier.TEXT)


_NAMES: Mapping[Tier, tuple[tuple[str, str], ...]] = {
    Tier.IDENTIFIER: (
        (_ONTOLOGY, "registryNumber otherIdentifier"),
        (_TERMS, "identifier"),
        (_ELEMENTS, "identifier"),
        (_SKOS, "exactMatch closeMatch"),
        (_OWL, "sameAs equivalentClass equivalentProperty"),
        (_OBO, "id hasDbXref"),
    ),
    Tier.CODE: ((_ONTOLOGY, "developmentCode symbol oncotreeCode"), (_SKOS, "notation")),
    Tier.LABEL: (
        (_RDFS, "label"),
        (_SKOS, "prefLabel"),
        (_TERMS, "title"),
        (_ELEMENTS, "title"),
        (_FOAF, "name"),
    ),
    Tier.SYNONYM: (
        (_SKOS, "altLabel hiddenLabel"),
        (_ONTOLOGY, "acronym chemicalName brandName nameAsPrinted briefTitle officialTitle"),
        (_OBO, "hasExactSynonym hasRelatedSynonym hasNarrowSynonym hasBroadSynonym"),
        (_TERMS, "alternative"),
    ),
    Tier.TEXT: (
        (
            _ONTOLOGY,
            "asPrinted bibliographicReference city conditionAsPrinted country criteria curatorNote "
            "definition explanation firstAuthor imageGuidance keyword meshTerm needsReview "
            "notPrinted phaseAsPrinted population precondition quantity region rights schedule "
            "section strengthAsWorded targetVolume timeFrame treatmentDuration trigger",
        ),
        (_SKOS, "definition note editorialNote scopeNote example"),
        (_RDFS, "comment"),
        (_TERMS, "description abstract"),
        (_ELEMENTS, "description"),
    ),
}

FIELDS: Mapping[str, Field] = MappingProxyType({each.iri: each for each in _fields()})
"""The properties that are searched, by their IRIs."""

_THINGS = (
    "Drug",
    "Regimen",
    "MolecularTarget",
    "TargetFamily",
    "Histology",
    "Biomarker",
    "ClinicalTrial",
    "DrugClass",
    "Pathway",
    "Procedure",
    "RadiotherapyCourse",
    "Intervention",
    "Comorbidity",
    "Organisation",
    "AdverseEvent",
    "Endpoint",
    "SourceDocument",
    "Study",
    "Phase",
    "LineOfTherapy",
    "DiseaseSetting",
    "TreatmentMode",
    "EvidenceDirection",
)
_STATEMENTS = (
    "EvidenceItem",
    "ComparativeResult",
    "Recommendation",
    "Contraindication",
    "Precaution",
    "RegulatoryStatus",
    "FundingStatus",
    "Claim",
)
_RANKS = {
    **{_ONTOLOGY + name: rank for rank, name in enumerate(_THINGS)},
    **{_ONTOLOGY + name: rank for rank, name in enumerate(_STATEMENTS, len(_THINGS) + 1)},
    _ONTOLOGY + "ImportedRecord": (_IMPORTED := len(_THINGS) + len(_STATEMENTS) + 1),
}


def find_rank(classes: Iterable[str]) -> int:
    """Return the place of the first class that a thing is of: things, others, statements.

    >>> kinds = [_ONTOLOGY + name for name in ("Claim", "Drug", "Arm")]
    >>> find_rank(kinds) < find_rank(kinds[2:]) < find_rank(kinds[:1])
    True
    """
    return min((_RANKS[each] for each in classes if each in _RANKS), default=len(_THINGS))


def is_imported(rank: int) -> bool:
    """Tell whether a place is that of the records of imports.

    >>> is_imported(find_rank([_ONTOLOGY + "ImportedRecord"])), is_imported(find_rank(()))
    (True, False)
    """
    return rank == _IMPORTED


def is_statement(rank: int) -> bool:
    """Tell whether a place is that of a class of statements."""
    return rank > len(_THINGS)


def is_unsearched(classes: Iterable[str]) -> bool:
    """Tell whether things of these classes are left out: a mapping is named after what it maps.

    >>> is_unsearched([f"{_ONTOLOGY}Mapping"]), is_unsearched([f"{_ONTOLOGY}Drug"])
    (True, False)
    """
    return f"{_ONTOLOGY}Mapping" in classes
