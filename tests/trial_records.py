"""Invented studies in the JSON of the API v2, and what the tests' graph knows of them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode

from kg.importing.clinicaltrials import read
from kg.importing.record import Item, Record, Reject
from kg.importing.statement import ONTOLOGY
from kg.importing.terms import Kind, MatchedBy
from kg.importing.terms_reading import KnownTerms, Naming

__all__ = [
    "TERMS",
    "described",
    "objects",
    "only_record",
    "only_reject",
    "read_text",
    "study",
    "subjects",
    "values",
    "with_results",
]

_LABEL, _SYNONYM, _IDENTIFIER = MatchedBy.LABEL, MatchedBy.SYNONYM, MatchedBy.IDENTIFIER
TERMS = KnownTerms(
    [
        Naming(Kind.HISTOLOGY, "h:gist", _LABEL, "gastrointestinal stromal tumour"),
        Naming(Kind.HISTOLOGY, "h:gist", _SYNONYM, "GIST"),
        Naming(Kind.HISTOLOGY, "h:gist", _IDENTIFIER, "MESH:D046152"),
        Naming(Kind.HISTOLOGY, "h:sarcoma", _LABEL, "sarcoma"),
        Naming(Kind.HISTOLOGY, "h:sarcoma", _IDENTIFIER, "MESH:D012509"),
        Naming(Kind.HISTOLOGY, "h:synovial", _LABEL, "synovial sarcoma"),
        Naming(Kind.HISTOLOGY, "h:arms", _LABEL, "alveolar rhabdomyosarcoma"),
        Naming(Kind.HISTOLOGY, "h:arms", _SYNONYM, "ARMS"),
        Naming(Kind.HISTOLOGY, "h:mfh", _LABEL, "malignant fibrous histiocytoma"),
        Naming(Kind.HISTOLOGY, "h:mfh", _SYNONYM, "MFH"),
        Naming(Kind.DRUG, "d:imatinib", _LABEL, "imatinib"),
        Naming(Kind.DRUG, "d:imatinib", _IDENTIFIER, "MESH:D000068877"),
        Naming(Kind.DRUG, "d:pazopanib", _LABEL, "pazopanib"),
        Naming(Kind.DRUG, "d:gemcitabine", _LABEL, "gemcitabine"),
        Naming(Kind.DRUG, "d:docetaxel", _LABEL, "docetaxel"),
        Naming(Kind.DRUG, "d:doxorubicin", _LABEL, "doxorubicin"),
        Naming(Kind.DRUG, "d:pegylated", _LABEL, "pegylated liposomal doxorubicin"),
        Naming(Kind.DRUG, "d:ifosfamide", _LABEL, "ifosfamide"),
        Naming(Kind.DRUG, "d:paclitaxel", _LABEL, "paclitaxel"),
        Naming(Kind.DRUG, "d:paclitaxel", _SYNONYM, "Taxol"),
        Naming(Kind.DRUG, "d:dacarbazine", _SYNONYM, "DTIC"),
        Naming(Kind.REGIMEN, "r:gemdoc", _LABEL, "gemcitabine and docetaxel"),
        Naming(Kind.REGIMEN, "r:gemdoc", _SYNONYM, "gemcitabine/docetaxel"),
        Naming(Kind.REGIMEN, "r:maid", _SYNONYM, "MAID"),
        Naming(Kind.REGIMEN, "r:ai", _SYNONYM, "AI"),
        Naming(Kind.STUDY, "s:resarc", _IDENTIFIER, "clinicaltrials:NCT03651375"),
    ]
)


def study(
    number: str = "NCT00000001",
    *,
    conditions: Sequence[str] = (),
    interventions: Sequence[Mapping[str, Any]] = (),
    arms: Sequence[Mapping[str, Any]] = (),
    **more: Any,
) -> dict[str, Any]:
    """Return a study without results; ``more`` are further sections and modules."""
    protocol = {
        "identificationModule": {"nctId": number, "briefTitle": f"Trial {number}"},
        "conditionsModule": {"conditions": [*conditions]},
        "armsInterventionsModule": {
            "armGroups": [*map(dict, arms)],
            "interventions": [*map(dict, interventions)],
        },
    }
    sections = {key: value for key, value in more.items() if key.endswith("Section")}
    modules = {key: value for key, value in more.items() if key.endswith("Module")}
    return {"protocolSection": {**protocol, **modules}, "hasResults": False, **sections}


def with_results(values: Iterable[Mapping[str, Any]] = (), **outcome: Any) -> dict[str, Any]:
    """Return a results section with one outcome of two groups and its measurements."""
    groups = [{"id": "OG000", "title": "Arm A"}, {"id": "OG001", "title": "Arm B"}]
    found = {
        "type": "PRIMARY",
        "title": "Survival",
        "paramType": "MEDIAN",
        "dispersionType": "95% Confidence Interval",
        "unitOfMeasure": "months",
        "groups": groups,
        "classes": [{"categories": [{"measurements": [*map(dict, values)]}]}],
    }
    return {
        "resultsSection": {"outcomeMeasuresModule": {"outcomeMeasures": [{**found, **outcome}]}}
    }


def read_text(folder: Path, content: Any, name: str = "trials.json") -> list[Item]:
    """Return what is read of a file with JSON, or with bytes as they are."""
    path = folder / name
    text = content if isinstance(content, bytes) else json.dumps(content).encode()
    path.write_bytes(text)
    return [*read([path], TERMS)]


def only_record(items: Iterable[Item]) -> Record:
    """Return the one item, which is a record."""
    (item,) = items
    assert isinstance(item, Record), item
    return item


def only_reject(items: Iterable[Item]) -> Reject:
    """Return the one item, which is a reject."""
    (item,) = items
    assert isinstance(item, Reject), item
    return item


def subjects(record: Record, kind: str) -> list[str]:
    """Return the IRIs of a class of the ontology, in the order of the record."""
    wanted = NamedNode(ONTOLOGY + kind)
    return [_text(t.subject) for t in record.triples if t.object == wanted]


def values(record: Record, subject: str) -> dict[str, list[str]]:
    """Return what is said of a subject, by the local names of the properties."""
    return described(record)[subject]


def objects(record: Record, kind: str) -> Iterator[dict[str, list[str]]]:
    """Yield what is said of each thing of a class."""
    every = described(record)
    return (every[subject] for subject in subjects(record, kind))


def described(record: Record) -> dict[str, dict[str, list[str]]]:
    """Return what is said of each subject."""
    found: dict[str, dict[str, list[str]]] = {}
    for triple in record.triples:
        name = triple.predicate.value.replace("#", "/").rsplit("/", 1)[-1]
        said = found.setdefault(_text(triple.subject), {})
        said.setdefault(name, []).append(_text(triple.object))
    return found


def _text(term: object) -> str:
    return term.value if isinstance(term, NamedNode | Literal) else str(term)
