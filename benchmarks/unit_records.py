"""The records of one made-up drug and its document, as they would stand in ``data/``.

What grows from unit to unit stands as a token of ``benchmarks.tokens``; everything else is drawn
from the vocabularies that stay fixed.
"""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from benchmarks.tokens import Tokens
from benchmarks.unit import Record, Unit, Vocabulary, digest_of, words_of
from benchmarks.unit_studies import randomised_trial, single_arm_trial

__all__ = ["TEXT_LENGTH", "document_record", "driver_records", "unit_records"]

_DECISIONS = ("Approved", "NotApproved")

TEXT_LENGTH = 60_000
"""Characters of the text of a made-up document; no passage ends behind it."""


def document_record(tokens: Tokens, length: int = TEXT_LENGTH) -> Record:
    """Return a document without its references, which grow with the drugs it reports on."""
    return {
        "id": f"document:{tokens.document}",
        "type": "ReviewArticle",
        "label": f"Review {tokens.document} of drugs for soft tissue sarcoma",
        "issued": tokens.date,
        "textSha256": digest_of(tokens, "text"),
        "textLength": length,
        "rights": "Made up for benchmarks; there is no text.",
    }


def driver_records(document: Tokens, words: Vocabulary, draw: Random) -> Iterator[Record]:
    """Yield claims on what drives every fifth tumour: as fixed as tumours and targets."""
    unit = Unit(document, draw, words, ())
    for order, histology in enumerate(words.histologies[::5]):
        target = words.targets[order % len(words.targets)]
        yield {
            "id": f"claim:benchmark-{target}-in-{histology}",
            "type": "TargetHistologyAssertion",
            "label": f"{target.upper()} drives {histology.replace('-', ' ')}",
            "aboutTarget": target,
            "aboutHistology": histology,
            "targetRole": "Driver" if order % 2 else "Expressed",
            "passage": unit.passage(order),
        }


def unit_records(tokens: Tokens, words: Vocabulary, draw: Random) -> tuple[Record, list[Record]]:
    """Return a drug, and the records of its document: studies with arms and results, and claims."""
    unit = Unit(tokens, draw, words, tuple(draw.sample(words.histologies, 3)))
    drug = {
        "id": f"drug:{tokens.name}",
        "type": "Drug",
        "label": tokens.name,
        "developmentCode": f"SKG-{tokens.digits}",
        "namedIn": tokens.document,
    }
    return drug, [_reference(unit), randomised_trial(unit), single_arm_trial(unit), *_claims(unit)]


def _reference(unit: Unit) -> Record:
    """Return the part of the document that is the unit's own: its two references."""
    return {
        "references": [
            {
                "id": cite,
                "type": "DocumentReference",
                "label": f"Reference {cite} of {unit.tokens.document}",
                "citation": cite,
                "issuedYear": str(1990 + unit.draw.randrange(30)),
            }
            for cite in unit.tokens.cites
        ]
    }


def _claims(unit: Unit) -> Iterator[Record]:
    name, draw, words = unit.name, unit.draw, unit.words
    for order, target in enumerate(draw.sample(words.targets, 3), start=11):
        yield {
            "id": f"claim:{name}-inhibits-{target}",
            "type": "DrugTargetAssertion",
            "label": f"{name} inhibits {target.upper()}",
            "aboutDrug": name,
            "aboutTarget": target,
            "action": "Inhibition",
            "passage": unit.passage(order),
        }
    yield {
        "id": f"claim:{name}-class",
        "type": "DrugClassAssertion",
        "label": f"{name} is of its class",
        "aboutDrug": name,
        "aboutClass": draw.choice(words.classes),
        "passage": unit.passage(14),
    }
    yield {
        "id": f"claim:{name}-contraindication",
        "type": "Contraindication",
        "label": f"{name} is contraindicated",
        "aboutDrug": name,
        "aboutComorbidity": draw.choice(words.comorbidities),
        "passage": unit.passage(15),
    }
    yield {
        "id": f"claim:{name}-recommendation",
        "type": "Recommendation",
        "label": f"{name} in {words_of(unit.histologies[0])}",
        "recommendationNumber": "1",
        "recommendsDrug": name,
        "aboutHistology": unit.histologies[0],
        "strengthAsWorded": draw.choice(("may be offered", "is recommended", "should be tried")),
        "passage": unit.passage(16),
    }
    yield {
        "id": f"claim:{name}-regulatory",
        "type": "RegulatoryStatus",
        "label": f"{name} in Canada",
        "aboutDrug": name,
        "aboutHistology": unit.histologies[1],
        "inJurisdiction": "canada",
        "decidedBy": "health-canada",
        "decision": draw.choice(_DECISIONS),
        "asOf": unit.tokens.date,
        "passage": unit.passage(17),
    }
