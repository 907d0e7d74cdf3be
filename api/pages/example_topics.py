"""The example queries by topic: an example belongs to the first one that has a keyword of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kg.example_queries import NEEDS_NETWORK, Example

__all__ = ["OTHERS", "TOPICS", "by_topic", "find_topic"]

OTHERS = "Others"

TOPICS: Mapping[str, frozenset[str]] = {
    "Beyond the documents": frozenset({NEEDS_NETWORK, "imports", "mapping"}),
    "Contradictions and doubts": frozenset(
        {"contradiction", "opposite findings", "known problem", "inconsistency"}
    ),
    "Harms and cautions": frozenset(
        {"toxicity", "adverse event", "contraindication", "precaution", "comorbidity"}
    ),
    "Doses": frozenset({"dose", "dose reduction", "infusion", "unit conversion"}),
    "Recommendations, approvals, staging": frozenset(
        {"recommendation", "approval", "jurisdiction", "funding", "staging"}
    ),
    "Targets and biomarkers": frozenset(
        {"target", "biomarker", "mechanism", "affinity", "drug class", "path", "inference"}
    ),
    "Response": frozenset(
        {"response", "denominator", "negative finding", "endpoint definition", "evidence"}
    ),
    "Survival and comparisons": frozenset(
        {"survival", "hazard ratio", "p-value", "comparison", "time frame", "outcome"}
    ),
    "Trials and studies": frozenset({"trial", "study", "design", "eligibility"}),
    "Tumours and patients": frozenset(
        {"histology", "roll-up", "natural history", "epidemiology", "prognosis"}
    ),
    "Sources and names": frozenset(
        {"provenance", "citation", "synonym", "not stated", "drug", "method"}
    ),
}
"""The keywords of each topic, in the order in which an example's topic is looked for."""

_FIRST = ("Response", "Survival and comparisons", "Targets and biomarkers", "Doses")
_LAST = ("Beyond the documents", OTHERS)


def by_topic(examples: Iterable[Example]) -> Mapping[str, Sequence[Example]]:
    """Return the examples of each topic that has any, by their questions; what is ours first."""
    between = (topic for topic in TOPICS if topic not in (*_FIRST, *_LAST))
    found: dict[str, list[Example]] = {topic: [] for topic in (*_FIRST, *between, *_LAST)}
    for each in sorted(examples, key=lambda example: example.question):
        found[find_topic(each.keywords)].append(each)
    return {topic: kept for topic, kept in found.items() if kept}


def find_topic(keywords: Iterable[str]) -> str:
    """Return the topic of an example with these keywords.

    >>> find_topic(["trial", "dose"]), find_topic(["weather"])
    ('Doses', 'Others')
    """
    given = {each.casefold() for each in keywords}
    return next((topic for topic, words in TOPICS.items() if words & given), OTHERS)
