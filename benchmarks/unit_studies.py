"""The studies of one made-up drug, with their arms and results."""

from __future__ import annotations

from benchmarks.unit import Record, Unit, words_of

__all__ = ["randomised_trial", "single_arm_trial"]

_SETTINGS = ("Advanced", "Metastatic", "Resected", "SettingNotStated")
_LINES = ("FirstLine", "SecondLineOrLater", "LineNotStated")


def randomised_trial(unit: Unit) -> Record:
    """Return a trial of two arms with three results."""
    name, cite = unit.name, unit.tokens.cites[0]
    histology, size = unit.histologies[0], unit.draw.randrange(40, 200)
    return {
        "id": f"study:{name}-randomised",
        "type": ["RandomisedTrial"],
        "label": f"{name} against placebo in {words_of(histology)}",
        "reportedIn": unit.tokens.document,
        "citation": cite,
        "allocation": "Randomised",
        "phase": "Phase3",
        "conductedBy": unit.draw.choice(unit.words.organisations),
        "numberOfPatients": 2 * size,
        "includesHistology": [histology],
        "passage": unit.passage(1, citation=cite),
        "arms": [
            {
                "id": "drug",
                "type": "TrialArm",
                "label": name,
                "givesDrug": name,
                "armType": "Experimental",
                "treatmentMode": "Monotherapy",
                "numberOfPatients": size,
                "passage": unit.passage(2, citation=cite),
            },
            {
                "id": "placebo",
                "type": "TrialArm",
                "label": "placebo",
                "armType": "PlaceboComparator",
                "treatmentMode": "PlaceboMode",
            },
        ],
        "results": [
            _proportion(unit, "response", histology, size, 3, arm="drug"),
            _median(unit, "progression", "ProgressionFreeSurvival", histology, 4),
            _comparison(unit, histology, 5),
        ],
    }


def single_arm_trial(unit: Unit) -> Record:
    """Return a trial of one arm, with a dose and three results."""
    name, cite = unit.name, unit.tokens.cites[1]
    histology, size = unit.histologies[1], unit.draw.randrange(12, 90)
    return {
        "id": f"study:{name}-single-arm",
        "type": "SingleArmTrial",
        "label": f"{name} alone in {words_of(histology)}",
        "reportedIn": unit.tokens.document,
        "citation": cite,
        "phase": unit.draw.choice(("Phase1", "Phase2")),
        "numberOfPatients": size,
        "includesHistology": [histology, unit.histologies[0]],
        "passage": unit.passage(6, citation=cite),
        "arms": [
            {
                "id": "drug",
                "type": "TrialArm",
                "label": name,
                "givesDrug": name,
                "treatmentMode": "Monotherapy",
                "doses": [_dose(unit)],
                "passage": unit.passage(7, citation=cite),
            }
        ],
        "results": [
            _proportion(unit, "response", histology, size, 8, arm="drug"),
            _proportion(unit, "response-subgroup", unit.histologies[0], 11, 9, arm="drug"),
            _median(unit, "survival", "OverallSurvival", histology, 10),
        ],
    }


def _dose(unit: Unit) -> Record:
    amount = unit.draw.choice((5, 12, 75, 400))
    return {
        "type": "Dose",
        "order": 1,
        "ofDrug": unit.name,
        "amount": amount,
        "unit": "Milligram",
        "route": "Oral",
        "timesPerDay": 1,
        "cycleLength": 3,
        "cycleLengthUnit": "Week",
        "asPrinted": f"{amount} mg",
    }


def _proportion(
    unit: Unit, slug: str, histology: str, evaluable: int, order: int, *, arm: str
) -> Record:
    responders = unit.draw.randrange(evaluable // 2 + 1)
    return {
        "id": slug,
        "type": "ProportionResult",
        "label": f"Responses to {unit.name} in {words_of(histology)}",
        "arm": arm,
        **_about(unit, histology),
        "endpoint": "ObjectiveResponseRate",
        "responders": responders,
        "evaluable": evaluable,
        "percent": round(100 * responders / evaluable, 1),
        "asPrinted": f"{responders} of {evaluable} ({100 * responders / evaluable:.1f}%)",
        "direction": "Supports" if responders * 4 > evaluable else "Refutes",
        **({"isSubgroup": True} if slug.endswith("subgroup") else {}),
        "passage": unit.passage(order),
    }


def _median(unit: Unit, slug: str, endpoint: str, histology: str, order: int) -> Record:
    months = round(unit.draw.uniform(1, 30), 1)
    return {
        "id": slug,
        "type": "TimeToEventResult",
        "label": f"Median of {slug} on {unit.name}",
        "arm": "drug",
        **_about(unit, histology),
        "endpoint": endpoint,
        "value": months,
        "unit": "Month",
        "isMedian": True,
        "asPrinted": f"{months} months",
        "direction": unit.draw.choice(("Supports", "Inconclusive", "Refutes")),
        "passage": unit.passage(order),
    }


def _comparison(unit: Unit, histology: str, order: int) -> Record:
    ratio = round(unit.draw.uniform(0.4, 1.1), 2)
    return {
        "id": "survival-comparison",
        "type": "ComparativeResult",
        "label": f"Survival on {unit.name} against placebo",
        "arm": "drug",
        "comparatorArm": "placebo",
        **_about(unit, histology),
        "endpoint": "OverallSurvival",
        "hazardRatio": ratio,
        "asPrinted": f"{ratio}",
        "finding": "Higher" if ratio < 0.8 else "Similar",
        "direction": "Supports" if ratio < 0.8 else "Inconclusive",
        "passage": unit.passage(order),
    }


def _about(unit: Unit, histology: str) -> Record:
    return {
        "aboutHistology": histology,
        "setting": unit.draw.choice(_SETTINGS),
        "line": unit.draw.choice(_LINES),
    }
