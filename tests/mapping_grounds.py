"""What the sources say of an identifier of a histology, in sentences."""

from __future__ import annotations

from dataclasses import dataclass

from mapping_sources import Disease, Row, Sources, Term, fold

SYSTEMS = {
    "mondo": "MONDO",
    "doid": "DOID",
    "ncit": "NCIT",
    "oncotree": "ONCOTREE",
    "icdo": "ICDO",
    "umls": "UMLS",
    "orphanet": "Orphanet",
    "mesh": "MESH",
    "efo": "EFO",
}
_DO_PREFIXES = {
    "ncit": "NCI",
    "icdo": "ICDO",
    "umls": "UMLS_CUI",
    "orphanet": "ORDO",
    "mesh": "MESH",
    "efo": "EFO",
}
ONCOTREE_KEYS = {"ncit": "NCI", "umls": "UMLS"}
_CROSS_REFERENCES = ("icdo", "oncotree")
"""Systems that Mondo refers to, and does not map to exactly."""


@dataclass(frozen=True)
class Case:
    """One id of one term, and what bears on it."""

    term: Term
    row: Row
    system: str
    curie: str
    same_row: tuple[str, ...] = ()


def find_disease(case: Case, sources: Sources) -> Disease | None:
    return sources.diseases.get(case.row.get("doid", ""))


def do_ids(case: Case, sources: Sources) -> list[str]:
    disease, prefix = find_disease(case, sources), _DO_PREFIXES.get(case.system)
    if disease is None or prefix is None:
        return []
    return [
        f"{SYSTEMS[case.system]}:{reference.partition(':')[2]}"
        for reference in disease.references
        if reference.startswith(f"{prefix}:")
    ]


def node_ids(case: Case, sources: Sources) -> list[str]:
    code, key = case.row.get("oncotree") or case.term.code, ONCOTREE_KEYS.get(case.system)
    if not code or key is None:
        return []
    return [
        f"{SYSTEMS[case.system]}:{each}" for each in sources.oncotree[code].references.get(key, ())
    ]


def mondo_comment(case: Case, stated: list[Row]) -> str:
    verb = "refers" if case.system in _CROSS_REFERENCES else "maps"
    how = ", without calling that exact" if case.system in _CROSS_REFERENCES else " exactly"
    if any(row["subject_id"] == case.row["mondo"] for row in stated):
        return f"Mondo {verb} {case.row['mondo']} to it{how}."
    others = " and ".join(f"{row['subject_id']} ({row['subject_label']})" for row in stated)
    return f"Mondo {verb} {others} to it{how}." if others else "Mondo's sets lack it."


def do_comment(case: Case, sources: Sources) -> str:
    doid, ids = case.row["doid"], do_ids(case, sources)
    if case.system == "doid":
        disease = find_disease(case, sources)
        return "" if disease else "It is not in the cancer slim of the Disease Ontology."
    if not ids:
        return ""
    others = ", ".join(each.partition(":")[2] for each in ids if each not in case.same_row)
    if case.curie in ids:
        return f"The Disease Ontology refers {doid} to it{f', and to {others}' if others else ''}."
    named = ", ".join(each.partition(":")[2] for each in ids)
    return f"The Disease Ontology refers {doid} to {named} instead."


def oncotree_reference_comment(case: Case, sources: Sources) -> str:
    code, ids = case.row.get("oncotree") or case.term.code, node_ids(case, sources)
    if not ids:
        return ""
    if case.curie in ids:
        return f"OncoTree refers {code} to it."
    return f"OncoTree refers {code} to {', '.join(e.partition(':')[2] for e in ids)} instead."


def note_comment(case: Case) -> str:
    notes, system = case.row["notes"], case.system
    if system == "mesh" and "may be broader" in notes:
        return "The idmap has it from the Disease Ontology alone and warns that it may be broader."
    if system == "doid" and "doid by exact DO name" in notes:
        return "The idmap has it by its name alone, which is the same."
    if system == "efo" and "exact EFO name" in notes:
        return "The idmap has it by its exact EFO name, of 2024."
    return ""


def oncotree_comment(case: Case, sources: Sources) -> str:
    node = sources.oncotree[case.curie.partition(":")[2]]
    name = (
        "The names are the same."
        if is_name_of(node.name, case.term)
        else f"Its name there is {node.name}."
    )
    stated = [
        f"{row['subject_id']} ({row['subject_label']})"
        for row in sources.mondo["oncotree"]
        if row["object_id"] == case.curie
    ]
    mondo = (
        f"Mondo refers {' and '.join(stated)} to it, without calling that exact." if stated else ""
    )
    return join_sentences(name, mondo)


def object_label(sources: Sources, case: Case) -> str:
    if case.system == "oncotree":
        return sources.oncotree[case.curie.partition(":")[2]].name
    if case.system == "mondo":
        for rows in sources.mondo.values():
            for row in rows:
                if row["subject_id"] == case.curie:
                    return row["subject_label"]
    if case.curie in sources.diseases:
        return sources.diseases[case.curie].name
    for row in sources.mondo.get(case.system, ()):
        if row["object_id"] == case.curie and row.get("object_label"):
            return row["object_label"]
    label = case.row.get("doid_label", "") if case.system == "doid" else ""
    return "" if label.startswith("(") else label


def is_name_of(name: str, term: Term) -> bool:
    return bool(name) and fold(name) in {fold(each) for each in term.names}


def join_sentences(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)
