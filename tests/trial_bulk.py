"""A bulk of invented studies, as large as wanted and always the same, with known faults in it.

Of twenty studies one has results, one names no tumour of ours and is large in names, and of a
hundred there is one fault of each kind of ``FAULTS``.
"""

from __future__ import annotations

import gzip
import json
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.importing.record import RejectRule

__all__ = ["FAULTS", "Expected", "bulk", "write_pages", "write_zip"]

FAULTS = {
    11: RejectRule.UNREADABLE,
    22: RejectRule.UNREADABLE,
    33: RejectRule.UNREADABLE,
    44: RejectRule.WRONG_SCHEMA,
    55: RejectRule.DUPLICATE,
}
"""What is wrong with a study by the last two digits of its number, and by which rule it goes."""

_CONDITIONS = (
    ["Soft Tissue Sarcoma"],
    ["Gastrointestinal Stromal Tumors"],
    ["Leiomyosarcoma", "Liposarcoma"],
    ["Asthma"],
    ["Melanoma", "Synovial Sarcoma"],
)
_DRUGS = ("Pazopanib", "Imatinib Mesylate 400 mg", "Gemcitabine + Docetaxel", "Placebo", "XY-7")


@dataclass
class Expected:
    """What a bulk holds, counted as it is written."""

    records: int = 0
    rejects: Counter[str] = field(default_factory=Counter)
    things: Counter[str] = field(default_factory=Counter)
    """How many things of each class the kept studies have."""


def bulk(count: int, expected: Expected) -> Iterator[bytes]:
    """Yield the studies as JSON texts, and count into ``expected`` what they hold."""
    for number in range(count):
        fault = FAULTS.get(number % 100)
        study = _study(number)
        if fault:
            expected.rejects[fault] += 1
            yield _faulty(number, study)
        else:
            expected.records += 1
            _count(study, expected.things)
            yield json.dumps(study).encode()


def write_zip(path: Path, count: int) -> Expected:
    """Write a zip with a study a member, in folders as the registry has them."""
    expected = Expected()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for number, text in enumerate(bulk(count, expected)):
            archive.writestr(f"NCT{number // 10_000:04}xxxx/NCT{number:08}.json", text)
    return expected


def write_pages(folder: Path, count: int, size: int = 1000, *, is_zipped: bool = False) -> Expected:
    """Write pages of so many studies, each with the token of the next."""
    expected = Expected()
    texts = [*bulk(count, expected)]
    for number, start in enumerate(range(0, count, size)):
        studies = b",\n".join(texts[start : start + size])
        page = b'{"studies":[' + studies + b'],"nextPageToken":"' + str(number).encode() + b'"}'
        name = f"page-{number:05}.json"
        if is_zipped:
            (folder / f"{name}.gz").write_bytes(gzip.compress(page, 1))
        else:
            (folder / name).write_bytes(page)
    return expected


def _study(number: int) -> dict[str, Any]:
    drug = _DRUGS[number % len(_DRUGS)]
    has_results = number % 20 == 7
    study: dict[str, Any] = {
        "protocolSection": {
            "identificationModule": {
                "nctId": f"NCT{number:08}",
                "briefTitle": f"Study {number} of {drug}",
                "organization": {"fullName": f"Hospital {number % 997}"},
            },
            "statusModule": {
                "overallStatus": "COMPLETED",
                "startDateStruct": {"date": f"20{number % 25:02}-0{number % 9 + 1}"},
            },
            "conditionsModule": {"conditions": _CONDITIONS[number % len(_CONDITIONS)]},
            "designModule": {
                "studyType": "INTERVENTIONAL",
                "phases": ["PHASE2"],
                "enrollmentInfo": {"count": number % 500, "type": "ACTUAL"},
            },
            "armsInterventionsModule": {
                "armGroups": [
                    {"label": label, "type": "EXPERIMENTAL", "interventionNames": [f"Drug: {drug}"]}
                    for label in ("Arm A", "Arm B")
                ],
                "interventions": [{"type": "DRUG", "name": drug, "armGroupLabels": ["Arm A"]}],
            },
            "outcomesModule": {
                "primaryOutcomes": [{"measure": "Survival", "timeFrame": "2 years"}]
            },
            "eligibilityModule": {"eligibilityCriteria": "Adults. " * 60, "sex": "ALL"},
        },
        "derivedSection": {"miscInfoModule": {"versionHolder": "2026-08-01"}},
        "hasResults": has_results,
    }
    return {**study, "resultsSection": _results(number)} if has_results else study


def _results(number: int) -> dict[str, Any]:
    outcomes = [_outcome(number + index) for index in range(3)]
    groups = [{"id": f"EG00{n}", "title": f"Arm {'AB'[n]}", "deathsNumAffected": n} for n in (0, 1)]
    events = [_event(number + index) for index in range(15)]
    return {
        "outcomeMeasuresModule": {"outcomeMeasures": outcomes},
        "adverseEventsModule": {"eventGroups": groups, "otherEvents": events},
    }


def _outcome(number: int) -> dict[str, Any]:
    values = ("12.5", "NA", "<5", "0.70")
    measured = [
        {"groupId": f"OG00{n}", "value": values[(number + n) % 4], "lowerLimit": "1.0"}
        for n in (0, 1)
    ]
    counts = [{"groupId": f"OG00{n}", "value": str(number % 50)} for n in (0, 1)]
    return {
        "type": "PRIMARY",
        "title": "Survival",
        "paramType": "MEDIAN",
        "dispersionType": "95% Confidence Interval",
        "groups": [{"id": f"OG00{n}", "title": f"Arm {'AB'[n]}"} for n in (0, 1)],
        "denoms": [{"units": "Participants", "counts": counts}],
        "classes": [{"categories": [{"measurements": measured}]}],
        "analyses": [{"groupIds": ["OG000", "OG001"], "pValue": "<0.05", "paramValue": "0.8"}],
    }


def _event(number: int) -> dict[str, Any]:
    stats = [{"groupId": f"EG00{n}", "numAffected": number % 7, "numAtRisk": 30} for n in (0, 1)]
    return {"term": f"Event {number % 211}", "organSystem": "Cardiac disorders", "stats": stats}


def _count(study: Mapping[str, Any], things: Counter[str]) -> None:
    protocol, results = study["protocolSection"], study.get("resultsSection", {})
    outcomes = results.get("outcomeMeasuresModule", {}).get("outcomeMeasures", [])
    events = results.get("adverseEventsModule", {}).get("otherEvents", [])
    things["ImportedTrial"] += 1
    things["ImportedCondition"] += len(protocol["conditionsModule"]["conditions"])
    things["ImportedArm"] += len(protocol["armsInterventionsModule"]["armGroups"])
    things["ImportedReportedOutcome"] += len(outcomes)
    things["ImportedMeasurement"] += 2 * len(outcomes)
    things["ImportedDenominator"] += 2 * len(outcomes)
    things["ImportedComparison"] += _sum_of(outcomes, "analyses")
    things["ImportedAdverseEventResult"] += _sum_of(events, "stats")


def _sum_of(nodes: Sequence[Mapping[str, Any]], key: str) -> int:
    return sum(len(node[key]) for node in nodes)


def _faulty(number: int, study: dict[str, Any]) -> bytes:
    match number % 100:
        case 11:
            return b'{"protocolSection": {"identificationModule": tru}}'
        case 22:
            study["protocolSection"]["designModule"]["enrollmentInfo"]["count"] = "many"
        case 33:
            return b'{"protocolSection":' + b"[" * 500 + b"]" * 500 + b"}"
        case 44:
            return json.dumps({"FullStudy": {"Study": {"ProtocolSection": {}}}}).encode()
        case _:
            study["protocolSection"]["identificationModule"]["nctId"] = f"NCT{number - 1:08}"
    return json.dumps(study).encode()
