"""What columns of a CIViC evidence file mean: its two layouts, and what their values say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = [
    "LAYOUTS",
    "Layout",
    "find_layout",
    "read_moment",
    "read_reference",
    "read_trials",
    "split_names",
]

_SHARED = frozenset(
    {
        *("disease", "doid", "phenotypes", "evidence_type", "evidence_direction"),
        *("evidence_level", "citation_id", "source_type", "nct_ids", "rating", "evidence_status"),
        *("evidence_id", "variant_origin", "last_review_date", "evidence_civic_url"),
    }
)
_BETWEEN_NAMES = re.compile(r",(?!\s)(?!(?<=\d,)\d)")
"""CIViC joins names by a comma alone. One before a blank, or between digits, is in a name."""

_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}:\d{2})(?: ?UTC|Z)?)?")
_TRIAL = re.compile(r"NCT\d{8}")


@dataclass(frozen=True)
class Layout:
    """The columns of some releases of CIViC.

    ``own`` are those with other names in other releases, by what they say; ``places`` tells
    whether rows name the gene and the place of a variant.
    """

    name: str
    own: Mapping[str, str]
    others: frozenset[str]
    places: bool

    @property
    def columns(self) -> frozenset[str]:
        """The names of all columns that are read."""
        return self.others | set(self.own.values())


LAYOUTS = (
    Layout(
        "releases before molecular profiles",
        MappingProxyType(
            {
                "variant": "variant",
                "drugs": "drugs",
                "interaction": "drug_interaction_type",
                "significance": "clinical_significance",
                "record": "variant_id",
            }
        ),
        _SHARED
        | {
            *("gene", "entrez_id", "reference_build", "ensembl_version", "reference_bases"),
            *("variant_bases", "chromosome", "start", "stop", "representative_transcript"),
            *("chromosome2", "start2", "stop2", "representative_transcript2"),
        },
        True,
    ),
    Layout(
        "releases with molecular profiles",
        MappingProxyType(
            {
                "variant": "molecular_profile",
                "drugs": "therapies",
                "interaction": "therapy_interaction_type",
                "significance": "significance",
                "record": "molecular_profile_id",
            }
        ),
        _SHARED,
        False,
    ),
)
"""The columns of the file of 2021-02, and those that CIViC's exporter writes since 2022."""


def find_layout(columns: frozenset[str]) -> Layout | None:
    """Return the layout whose columns are all there."""
    return next((each for each in LAYOUTS if each.columns <= columns), None)


def split_names(text: str) -> tuple[str, ...]:
    """Return the names in a field: a comma ends one unless it is part of it.

    >>> split_names("Gefitinib,HER2 Inhibitor CP-724,714,Selumetinib")
    ('Gefitinib', 'HER2 Inhibitor CP-724,714', 'Selumetinib')
    >>> split_names("FGF/VEGF Receptor Tyrosine Kinase Inhibitor, PD173074,Infigratinib")
    ('FGF/VEGF Receptor Tyrosine Kinase Inhibitor, PD173074', 'Infigratinib')
    """
    return tuple(filter(None, (each.strip() for each in _BETWEEN_NAMES.split(text))))


def read_reference(source: str, number: str) -> str | None:
    """Return the CURIE of what an item cites; abstracts have the numbers of their society.

    >>> read_reference("PubMed", "15928335"), read_reference("ASCO", "161573")
    ('pubmed:15928335', 'asco:161573')
    """
    return f"{source.lower()}:{number}" if source and number else None


def read_trials(text: str) -> tuple[str, ...]:
    """Return the CURIEs of registered trials, and as printed what is no number of one.

    >>> read_trials("NCT03295396; NCT02525692"), read_trials("see text")
    (('clinicaltrials:NCT03295396', 'clinicaltrials:NCT02525692'), ('see text',))
    """
    parts = filter(None, (part.strip() for part in re.split("[,;]", text)))
    return tuple(f"clinicaltrials:{p}" if _TRIAL.fullmatch(p) else p for p in parts)


def read_moment(text: str) -> tuple[str, str] | None:
    """Return a moment and its XSD datatype, or None for what is no date.

    >>> read_moment("2015-06-21 16:49:38 UTC"), read_moment("2015-06-21"), read_moment("soon")
    (('2015-06-21T16:49:38Z', 'dateTime'), ('2015-06-21', 'date'), None)
    """
    found = _MOMENT.fullmatch(text)
    if not found:
        return None
    return (f"{found[1]}T{found[2]}Z", "dateTime") if found[2] else (found[1], "date")
