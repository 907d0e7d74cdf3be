"""The kinds of paths, of the ways to a target, of nodes and of edges: closed lists, in words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

__all__ = [
    "IMPORTED_KINDS",
    "KINDS_OF_PATHS",
    "REACHES",
    "STANDING_KINDS",
    "EdgeKind",
    "NodeKind",
    "PathField",
    "PathKind",
    "Reach",
]


class PathKind(StrEnum):
    """Why a path stands; a path has one kind, and the order here is that of the answer."""

    MECHANISM = "mechanism"
    TESTED = "tested"
    RECOMMENDED = "recommended"
    RECOMMENDED_CLASS = "recommended-class"
    IN_TRIAL = "in-trial"
    IMPORTED_MECHANISM = "imported-mechanism"
    IMPORTED_TARGET = "imported-target"


IMPORTED_KINDS = frozenset({PathKind.IMPORTED_MECHANISM, PathKind.IMPORTED_TARGET})
"""The kinds whose first step is what an import says, and no document."""

STANDING_KINDS = (
    PathKind.TESTED,
    PathKind.RECOMMENDED,
    PathKind.RECOMMENDED_CLASS,
    PathKind.IN_TRIAL,
)
"""The kinds of the documents that need no target: what an imported target is shown with."""


KINDS_OF_PATHS: Mapping[PathKind, str] = {
    PathKind.MECHANISM: "a hypothesis: the drug acts on a target that a document gives a part in "
    "the histology, or whose alteration it says characterises the histology; never read it as "
    "'treats'",
    PathKind.TESTED: "the drug has results in the histology, whatever they say, and no document "
    "gives its target a part there; where one does, the results stand with the mechanism",
    PathKind.RECOMMENDED: "a document recommends the drug, or a regimen that includes it, in the "
    "histology, under the conditions of the recommendation; it is no advice to anybody",
    PathKind.RECOMMENDED_CLASS: "a document recommends a class of drugs in the histology and "
    "names no member; that the drug belongs to the class is another statement, and a class as "
    "wide as chemotherapy, which takes in another one, makes no path",
    PathKind.IN_TRIAL: "a trial gives the drug to patients with the histology: one that is known "
    "by its registration, or one of which this snapshot has no result on the drug",
    PathKind.IMPORTED_MECHANISM: "a hypothesis, and half of it no word of the documents: another "
    "database says that the drug inhibits a target that a document gives a part in the histology, "
    "or whose alteration it says characterises the histology; never read it as 'treats'",
    PathKind.IMPORTED_TARGET: "another database says that the drug inhibits the target, and "
    "documents test or recommend the drug in the histology, or a trial gives it there; no document "
    "gives the target a part there. Of a drug that stands in no histology the path ends at a "
    "target that has a part in none",
}
"""What each kind means, for the answers and their documentation."""


class Reach(StrEnum):
    """How a drug reaches a target."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    PRODRUG = "prodrug"


REACHES: Mapping[Reach, str] = {
    Reach.DIRECT: "a document, or the import that is named, says that the drug acts on the target "
    "itself",
    Reach.INDIRECT: "a document says that the drug acts on the target through another one",
    Reach.PRODRUG: "the drug is a prodrug: what it becomes acts on the target",
}
"""What each reach means; a prodrug of what acts indirectly is both."""


class PathField(StrEnum):
    """What an answer may leave out of its paths."""

    NODES = "nodes"
    EDGES = "edges"
    EVIDENCE = "evidence"
    BIOMARKERS = "biomarkers"
    CONTRAINDICATIONS = "contraindications"
    APPROVALS = "approvals"
    MISSING = "missing"
    SORT_KEY = "sortKey"


class NodeKind(StrEnum):
    """What a node of a path is."""

    DRUG = "drug"
    ACTIVE_DRUG = "active drug"
    TARGET = "target"
    FAMILY = "family"
    BIOMARKER = "biomarker"
    STATEMENT = "statement"
    CLASS = "drug class"
    REGIMEN = "regimen"
    RECOMMENDATION = "recommendation"
    GROUP = "trial group"
    TRIAL = "trial"
    HISTOLOGY = "histology"


class EdgeKind(StrEnum):
    """What an edge of a path says."""

    ACTION = "action"
    IMPORTED_ACTION = "imported action"
    INDIRECT_ACTION = "indirect action"
    PRODRUG = "prodrug"
    FAMILY = "family"
    PART = "part in the histology"
    ALTERATION = "alteration"
    BIOMARKER = "biomarker in the histology"
    TEST = "test"
    RECOMMENDATION = "recommendation"
    REGIMEN = "regimen"
    CLASS = "class"
    TRIAL = "trial"
