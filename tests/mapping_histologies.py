"""The mappings of histologies: by rule where the sources agree, by decision where they do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mapping_decisions import DECISIONS, MORE, TERMS
from mapping_grounds import (
    ONCOTREE_KEYS,
    SYSTEMS,
    Case,
    do_comment,
    do_ids,
    is_name_of,
    join_sentences,
    mondo_comment,
    node_ids,
    note_comment,
    object_label,
    oncotree_comment,
    oncotree_reference_comment,
)
from mapping_sets import BY_CHAIN, BY_HAND, BY_NAME, CLOSE, EXACT, Mapping, MappingSet, make_set
from mapping_sources import Row, Sources, Term, fold


@dataclass
class _Found:
    """The mappings made so far, and the names of their objects."""

    sources: Sources
    mappings: dict[tuple[str, str], Mapping] = field(default_factory=dict)

    def add(self, case: Case, predicate: str, justification: str, comment: str) -> None:
        """Keep a mapping; a decision of the curator goes before the rule."""
        slug = case.term.curie.partition(":")[2]
        decision = DECISIONS.get((slug, case.curie))
        if decision:
            predicate, reason = decision
            rule = comment.removesuffix("No other source confirms it.").rstrip()
            comment, justification = join_sentences(rule, reason), BY_HAND
        self.mappings[case.term.curie, case.curie] = Mapping(
            case.term.curie,
            case.curie,
            predicate,
            case.term.label,
            object_label(self.sources, case),
            justification,
            comment,
        )


def histology_sets(sources: Sources) -> Iterator[MappingSet]:
    """Yield the set of each system."""
    found = _Found(sources)
    terms = {term.curie: term for term in sources.histologies}
    for row in sources.idmap("histologies"):
        _map_row(row, _find_term(row, sources), found)
    for term in terms.values():
        if term.code:
            _map_node(term, found)
    for (slug, curie), (predicate, reason) in MORE.items():
        term = terms[f"histology:{slug}"]
        system = next(name for name, prefix in SYSTEMS.items() if curie.startswith(f"{prefix}:"))
        found.mappings.pop((term.curie, curie), None)
        found.add(Case(term, {}, system, curie), predicate, BY_HAND, reason)
    for system, prefix in SYSTEMS.items():
        ours = (each for each in found.mappings.values() if each.object.startswith(f"{prefix}:"))
        yield make_set("histologies", system, prefix, ours)


def _find_term(row: Row, sources: Sources) -> Term:
    chosen = TERMS.get(row["key"])
    if chosen:
        return next(term for term in sources.histologies if term.curie == chosen)
    for name in (row["name"], row["mondo_label"], row["doid_label"]):
        fitting = [
            term
            for term in sources.histologies
            if name and fold(name) in {fold(each) for each in term.names}
        ]
        if len(fitting) == 1:
            return fitting[0]
    raise ValueError(f"no one term for {row['key']}")


def _map_row(row: Row, term: Term, found: _Found) -> None:
    for system, prefix in SYSTEMS.items():
        ids = tuple(
            part if part.startswith(f"{prefix}:") else f"{prefix}:{part}"
            for part in row[system].split("|")
            if part
        )
        for curie in ids:
            case = Case(term, row, system, curie, ids)
            found.add(case, *_judge(case, found.sources))


def _judge(case: Case, sources: Sources) -> tuple[str, str, str]:
    """Return the predicate, justification and comment of an id of the idmap by rule."""
    if case.system == "mondo":
        return EXACT, BY_NAME, "The names are the same."
    if case.system == "oncotree":
        return EXACT, BY_HAND, oncotree_comment(case, sources)
    stated = [row for row in sources.mondo[case.system] if row["object_id"] == case.curie]
    by_mondo = any(row["subject_id"] == case.row["mondo"] for row in stated)
    comment = join_sentences(
        mondo_comment(case, stated),
        do_comment(case, sources),
        oncotree_reference_comment(case, sources),
        note_comment(case),
    )
    if case.system == "icdo":
        agreed = by_mondo and _is_the_one_code(case, sources)
        return (EXACT if agreed else CLOSE), BY_CHAIN, comment
    if "may be broader" in case.row["notes"] and case.system == "mesh":
        return CLOSE, BY_CHAIN, comment
    if case.system == "doid" and not by_mondo:
        return EXACT, BY_NAME, comment
    if by_mondo or len(_references(case, sources)) > 1 or "exact EFO name" in comment:
        return EXACT, BY_CHAIN, comment
    if _references(case, sources) == ("OncoTree",) and _judge_reference(case, sources) == EXACT:
        return EXACT, BY_CHAIN, comment
    return CLOSE, BY_CHAIN, join_sentences(comment, "No other source confirms it.")


def _is_the_one_code(case: Case, sources: Sources) -> bool:
    """Tell whether Mondo and DO refer the disease, and no other, to this code and no other."""
    codes = {
        row["object_id"] for row in sources.mondo["icdo"] if row["subject_id"] == case.row["mondo"]
    }
    diseases = {
        row["subject_id"] for row in sources.mondo["icdo"] if row["object_id"] == case.curie
    }
    in_do = {doid for doid, disease in sources.diseases.items() if case.curie in disease.references}
    other = [each for each in do_ids(case, sources) if each != case.curie]
    same_name = is_name_of(case.row["doid_label"], case.term)
    return (
        codes == {case.curie}
        and diseases == {case.row["mondo"]}
        and in_do == {case.row["doid"]}
        and not other
        and same_name
    )


def _references(case: Case, sources: Sources) -> tuple[str, ...]:
    """Return which of DO and OncoTree refer the disease to the id."""
    found = []
    if case.curie in do_ids(case, sources):
        found.append("DO")
    if case.curie in node_ids(case, sources):
        found.append("OncoTree")
    return tuple(found)


def _map_node(term: Term, found: _Found) -> None:
    """Map the term of an OncoTree code to the node, and to what the node refers to."""
    row = {"oncotree": term.code, "notes": "", "doid": "", "mondo": ""}
    curie = f"ONCOTREE:{term.code}"
    case = Case(term, row, "oncotree", curie)
    found.add(case, EXACT, BY_HAND, oncotree_comment(case, found.sources))
    for system in ONCOTREE_KEYS:
        for identifier in node_ids(Case(term, row, system, ""), found.sources):
            case = Case(term, row, system, identifier)
            if (term.curie, identifier) in found.mappings or identifier.startswith("UMLS:CL"):
                continue
            stated = [
                each for each in found.sources.mondo[system] if each["object_id"] == identifier
            ]
            predicate = _judge_reference(case, found.sources)
            alone = "" if predicate == EXACT else "No other source confirms it."
            mondo = mondo_comment(case, stated)
            comment = join_sentences(f"OncoTree refers {term.code} to it.", mondo, alone)
            found.add(case, predicate, BY_CHAIN, comment)


def _judge_reference(case: Case, sources: Sources) -> str:
    """Return the predicate of a reference of OncoTree.

    It is exact where Mondo maps to the id a disease of the same name, or one that it refers to
    the node; or, where Mondo knows nothing of the id, where it does so with the other reference.
    """
    stated = [row for row in sources.mondo[case.system] if row["object_id"] == case.curie]
    if stated:
        return EXACT if any(_is_of_node(row, case, sources) for row in stated) else CLOSE
    other = next(system for system in ONCOTREE_KEYS if system != case.system)
    siblings = node_ids(Case(case.term, case.row, other, ""), sources)
    confirmed = [
        row
        for row in sources.mondo[other]
        if row["object_id"] in siblings and _is_of_node(row, case, sources)
    ]
    taken = {row["subject_id"] for row in sources.mondo[case.system]}
    return EXACT if any(row["subject_id"] not in taken for row in confirmed) else CLOSE


def _is_of_node(row: Row, case: Case, sources: Sources) -> bool:
    referred = {
        each["subject_id"]
        for each in sources.mondo["oncotree"]
        if each["object_id"] == f"ONCOTREE:{case.term.code}"
    }
    return (
        row["subject_id"] in referred
        or is_name_of(row["subject_label"], case.term)
        or is_name_of(row.get("object_label", ""), case.term)
    )
