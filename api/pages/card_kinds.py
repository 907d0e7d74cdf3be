"""All kinds of cards: one row each, the more special kinds first."""

from __future__ import annotations

from api.pages.card_drug import DRUG
from api.pages.card_histology import HISTOLOGY
from api.pages.card_target import FAMILY, TARGET
from api.pages.cards import CardKind
from api.pages.recommendation_card import RECOMMENDATION
from api.pages.regimen_card import REGIMEN
from api.pages.study_card import STUDY
from api.pages.trial_card import TRIAL

__all__ = ["CARD_KINDS"]

CARD_KINDS: tuple[CardKind, ...] = (
    DRUG,
    FAMILY,
    TARGET,
    HISTOLOGY,
    REGIMEN,
    TRIAL,
    STUDY,
    RECOMMENDATION,
)
"""The first row whose list a thing is in makes its card."""
