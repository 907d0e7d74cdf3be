"""Words that stand beside a name without being part of it: salts, doses, stages, kinds."""

from __future__ import annotations

from collections.abc import Sequence

from kg.search_words import Word

__all__ = ["without_qualifiers"]

_FORMS = (
    "acetate", "anhydrous", "capsule", "capsules", "citrate", "hcl", "hydrochloride", "injection",
    "iv", "malate", "maleate", "mesilate", "mesylate", "monohydrate", "oral", "sulfate",
    "sulphate", "tablet", "tablets", "tosylate",
)  # fmt: skip
_DOSES = (
    "bid", "daily", "day", "days", "g", "kg", "m", "mg", "ml", "qd", "week", "weekly", "weeks",
)  # fmt: skip
_STAGES = (
    "advanced", "localised", "localized", "locally", "metastatic", "nos", "primary", "recurrent",
    "refractory", "relapsed", "unresectable",
)  # fmt: skip
_KINDS = ("cancer", "disease", "drug", "neoplasm", "therapy", "treatment", "tumor", "tumour")
_QUALIFIERS = frozenset((*_FORMS, *_DOSES, *_STAGES, *_KINDS))


def without_qualifiers(words: Sequence[Word]) -> tuple[Word, ...]:
    """Return the words that may be a name; salts may differ, so that what is left is no sure name.

    A number is a dose beside a unit, or where it is long: FGFR 5 is another than FGFR.

    >>> from kg.search_words import read_words
    >>> [each.folded for each in without_qualifiers(read_words("metastatic GIST, 400 mg"))]
    ['gist']
    >>> [each.folded for each in without_qualifiers(read_words("FGFR5"))]
    ['fgfr', '5']
    """
    has_unit = any(each.folded in _DOSES for each in words)
    return tuple(
        each
        for each in words
        if each.folded not in _QUALIFIERS
        and not (each.folded.isdigit() and (has_unit or len(each.folded) > 1))
    )
