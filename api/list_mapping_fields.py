"""The fields of mappings to other systems, and of what is mapped."""

from __future__ import annotations

from api.list_claim_fields import LABEL, TYPE
from api.list_fields import Field, text, thing

__all__ = ["IDENTIFIERS", "MAPPING", "MAPPINGS", "MATCHES"]

MAPPING = "^:mappingSubject"
"""The path from a thing to its mappings: what is asked of several fields holds of one of them."""

_KEYS = ("identifiers",)
MATCHES = tuple(f"skos:{name}Match" for name in ("exact", "close", "broad", "narrow", "related"))
"""The keys of the links to other systems in records."""
_KINDS = (
    ("drugs", ("Drug",)),
    ("families", ("TargetFamily",)),
    ("histologies", ("Histology",)),
    ("targets", ("MolecularTarget",)),
)

IDENTIFIERS: tuple[Field, ...] = (
    thing("identifier", "What it is matched to in another system, as a CURIE or IRI.",
          "CHEMBL.COMPOUND:CHEMBL941", path=":mappingObject", keys=_KEYS, part=MAPPING),
    text("system", "Letters of the prefix of a system that it has an identifier of.", "CHEBI",
         ":objectSystem", _KEYS, part=MAPPING),
    thing("relation", "How it is matched: exactMatch, closeMatch, broadMatch, narrowMatch, "
          "relatedMatch.", "exactMatch", path=":mappingRelation", keys=(*_KEYS, *MATCHES),
          part=MAPPING),
)  # fmt: skip
"""The fields of everything with identifiers."""

MAPPINGS: tuple[Field, ...] = (
    LABEL, TYPE,
    thing("subject", "The thing of this graph.", "imatinib", "drugs", "targets", "histologies",
          "families", path=":mappingSubject", keys=("mappingSubject",)),
    thing("predicate", "The property of SKOS.", "exactMatch", path=":mappingRelation",
          keys=("mappingRelation",)),
    thing("object", "The thing of the other system, as a CURIE or IRI.",
          "CHEMBL.COMPOUND:CHEMBL941", path=":mappingObject", keys=("mappingObject",)),
    text("objectIdentifier", "Letters of its CURIE.", "CHEBI:45"),
    text("objectLabel", "Words of its label there.", "kinase"),
    text("system", "Letters of the prefix of the other system.", "CHEBI", ":objectSystem",
         ("objectSystem",)),
    text("systemVersion", "The version of the other system.", "36",
         ":inMappingSet/:objectSourceVersion", ()),
    thing("kind", "What the thing of this graph is: drugs, targets, histologies.", "drugs",
          path=":mappingSubject/rdf:type", keys=(), words=_KINDS),
    thing("set", "The mapping set.", "mapping:drugs-chebi", path=":inMappingSet",
          keys=("inMappingSet",)),
    thing("justification", "How it was found, as a term of SEMAPV.", "MappingChaining",
          path=":mappingJustification", keys=("mappingJustification",)),
    text("comment", "Words on its grounds, such as where sources disagree.", "idmap",
         "rdfs:comment", ("rdfs:comment",)),
)  # fmt: skip
"""The fields of mappings."""
