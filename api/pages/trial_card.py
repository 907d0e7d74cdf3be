"""The card of a clinical trial: that of a study, with what its registration says."""

from __future__ import annotations

import re

from api.pages.cards import Asked, Card, CardKind
from api.pages.parts_arms import texts_of
from api.pages.parts_facts import facts_of, read_record
from api.pages.study_card import FILTERS, ending_in_study
from api.records import Json

__all__ = ["TRIAL", "registry_address", "trial_card"]

_STATUS = (
    "registryNumber",
    "recruitmentStatus",
    "resultsPosted",
    "startDate",
    "startDateKind",
    "primaryCompletionDate",
    "primaryCompletionDateKind",
    "studyCompletionDate",
    "studyCompletionDateMonth",
    "studyCompletionDateKind",
    "firstPosted",
    "lastUpdatePosted",
    "lastVerifiedMonth",
    "whyStopped",
)
_REGISTERED = re.compile(r"NCT\d{8}")


async def trial_card(asked: Asked) -> Card:
    """Return the card of a clinical trial."""
    record = await read_record(asked.desk, asked.iri)
    status = {key: record[key] for key in _STATUS if key in record}
    rest = {key: value for key, value in record.items() if key not in status}
    return await ending_in_study(
        asked,
        rest,
        "Clinical trial",
        status=facts_of(asked.desk, status),
        registry=_registry(record),
    )


def _registry(record: Json) -> tuple[tuple[str, str], ...]:
    """Return the numbers of a trial in registries, with their pages where these are known."""
    numbers = texts_of(record.get("registryNumber"))
    return tuple((number, registry_address(number)) for number in numbers)


def registry_address(number: str) -> str:
    """Return the page of a registered trial at ClinicalTrials.gov, or nothing for other numbers.

    >>> registry_address("NCT03651375")
    'https://clinicaltrials.gov/study/NCT03651375'
    >>> registry_address("javascript:alert(1)")
    ''
    """
    found = _REGISTERED.fullmatch(number.strip())
    return f"https://clinicaltrials.gov/study/{found[0]}" if found else ""


TRIAL = CardKind("trials", trial_card, parameters=("sort", "show", *FILTERS))
"""How the cards of clinical trials are made."""
