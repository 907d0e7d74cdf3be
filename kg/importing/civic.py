"""CIViC's evidence items: what a variant means in a disease, and for which drugs.

An item's evidence statement and the summary of its variant are prose, and are not taken.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.importing.civic_fields import (
    LAYOUTS,
    Layout,
    find_layout,
    read_moment,
    read_reference,
    read_trials,
    split_names,
)
from kg.importing.named_terms import Names, Notes
from kg.importing.record import Item, Record, Reject, RejectRule
from kg.importing.statement import Draft
from kg.importing.tab_separated import Header, Row, read_header, read_rows
from kg.importing.terms import Kind, Terms

__all__ = ["NAME", "find_version", "read"]

NAME: Final = "civic"
TYPES: Final = frozenset(
    {"Predictive", "Prognostic", "Diagnostic", "Predisposing", "Functional", "Oncogenic"}
)
LEVELS: Final = frozenset("ABCDE")
_SEE_ALSO = "http://www.w3.org/2000/01/rdf-schema#seeAlso"
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_SEVERAL_VARIANTS = re.compile(r"[()]|\b(?:AND|OR|NOT)\b")


def find_version(files: Sequence[Path]) -> str | None:  # noqa: ARG001
    """Return None: the tables do not say which release they are."""
    return None


def read(files: Sequence[Path], terms: Terms) -> Iterator[Item]:
    """Yield the evidence items of ClinicalEvidenceSummaries files, a row each.

    Accepts the columns of the releases up to 2021, and those with molecular profiles.
    """
    reader = _Reader(terms)
    for path in files:
        yield from reader.items(path)


class _UnreadableError(Exception):
    """Something in a row cannot be what it should be; the message says what, and how to mend it."""


@dataclass
class _Reader:
    """Reads rows, and knows which items and names came before."""

    terms: Terms
    names: Names = field(default_factory=Names)
    seen: dict[str, str] = field(default_factory=dict)

    def items(self, path: Path) -> Iterator[Item]:
        """Yield the items of a file."""
        with path.open("rb") as file:
            header = read_header(file, path.name)
            if isinstance(header, Reject):
                yield header
            elif not (layout := find_layout(frozenset(header.columns))):
                yield _wrong_columns(header, path.name)
            else:
                for row in read_rows(file, path.name, header):
                    yield row if isinstance(row, Reject) else self.item(row, layout)

    def item(self, row: Row, layout: Layout) -> Item:
        """Return the record of a row, or why it is none."""
        item = row["evidence_id"]
        try:
            _check(row)
            if item in self.seen:
                message = f"evidence item {item} is already at {self.seen[item]}; keep one of them"
                return Reject(row.place, RejectRule.DUPLICATE, message, item)
            record = self.record(row, layout)
        except _UnreadableError as error:
            return Reject(row.place, RejectRule.UNREADABLE, str(error), item)
        self.seen[item] = row.place
        return record

    def record(self, row: Row, layout: Layout) -> Record:
        """Return what a row states."""
        item = row["evidence_id"]
        notes = Notes(NAME, self.terms, self.names, item, row.place)
        claim = notes.about("ImportedVariantClaim", f"evidence-{item}")
        variant = row[layout.own["variant"]]
        named = f"{row['gene']} {variant}" if layout.places else variant
        claim.labelled(", ".join(filter(None, (named, row["disease"], row["evidence_type"]))))
        claim.text("recordPlace", row.place).text("variantName", variant)
        _grade(claim, row, layout)
        _cite(claim, row)
        _target(notes, claim, row, layout)
        _disease(notes, claim, row)
        for drug in split_names(row[layout.own["drugs"]]):
            match = notes.find(Kind.DRUG, (), [drug])
            iri = match.iri if match else notes.external(Kind.DRUG, drug, drug)
            claim.link("concernsDrug", iri).text("statedDrug", drug)
        if layout.places:
            _place(notes, claim, row, "")
            _place(notes, claim, row, "2")
        for by in sorted({match.by.value for match in notes.matches}):
            claim.text("matchedBy", by)
        return notes.record()


def _wrong_columns(header: Header, name: str) -> Reject:
    wanted = (f"{each.name} ({', '.join(header.missing(each.columns))})" for each in LAYOUTS)
    message = (
        "these are not the columns of CIViC's evidence summaries; missing are those of "
        f"{' or '.join(wanted)}: give a file ClinicalEvidenceSummaries.tsv as CIViC publishes it"
    )
    return Reject(f"{name}:1", RejectRule.WRONG_SCHEMA, message)


def _check(row: Row) -> None:
    item, level, kind = row["evidence_id"], row["evidence_level"], row["evidence_type"]
    if not _is_number(item):
        raise _UnreadableError(f"evidence_id '{item}' is no number; mend the row")
    if level not in LEVELS:
        raise _UnreadableError(f"evidence_level '{level}' is none of A to E; mend the row")
    if kind.title() not in TYPES:
        known = ", ".join(sorted(TYPES))
        raise _UnreadableError(f"evidence_type '{kind}' is none of {known}; mend the row")
    if row["rating"] and row["rating"] not in set("012345"):
        raise _UnreadableError(f"rating '{row['rating']}' is no number up to 5; mend the row")
    for column in ("doid", "entrez_id", "start", "stop", "start2", "stop2"):
        value = row.fields.get(column, "").strip()
        if value and not _is_number(value):
            raise _UnreadableError(f"{column} '{value}' is no number; mend the row")


def _grade(claim: Draft, row: Row, layout: Layout) -> None:
    """State what CIViC's curators say of the evidence, each in their words."""
    claim.text("claimType", row["evidence_type"].title())
    claim.text("claimDirection", row["evidence_direction"])
    claim.text("claimLevel", row["evidence_level"])
    claim.text("clinicalSignificance", row[layout.own["significance"]])
    claim.text("drugInteraction", row[layout.own["interaction"]])
    claim.typed("starRating", row["rating"], "integer")
    claim.text("curationStatus", row["evidence_status"])
    claim.text("variantOrigin", row["variant_origin"])
    record = row[layout.own["record"]]
    if _is_number(record):
        claim.text("variantRecord", f"civic.{'vid' if layout.places else 'mpid'}:{record}")


def _cite(claim: Draft, row: Row) -> None:
    claim.text("citedReference", read_reference(row["source_type"], row["citation_id"]))
    for trial in read_trials(row["nct_ids"]):
        claim.text("citedTrial", trial)
    for phenotype in split_names(row["phenotypes"]):
        claim.text("statedPhenotype", phenotype)
    if reviewed := row["last_review_date"]:
        moment = read_moment(reviewed)
        if not moment:
            raise _UnreadableError(f"last_review_date '{reviewed}' is no date; mend the row")
        claim.typed("lastReviewed", *moment)
    if address := row["evidence_civic_url"]:
        if not _ADDRESS.fullmatch(address):
            raise _UnreadableError(f"evidence_civic_url '{address}' is no address; mend the row")
        claim.link(_SEE_ALSO, address)


def _target(notes: Notes, claim: Draft, row: Row, layout: Layout) -> None:
    """State the gene; of molecular profiles, that of one which names a single variant."""
    variant = row[layout.own["variant"]]
    if not variant:
        raise _UnreadableError("the row names no variant; mend the row")
    if layout.places:
        symbol, gene = row["gene"], row["entrez_id"] and f"NCBIGENE:{row['entrez_id']}"
        if not symbol:
            raise _UnreadableError("the row names no gene; mend the row")
    else:
        symbol, gene = _first_word(variant), ""
    match = notes.find(Kind.TARGET, filter(None, [gene]), [symbol])
    iri = match.iri if match else notes.external(Kind.TARGET, symbol, gene or symbol)
    claim.link("concernsTarget", iri).text("statedTarget", symbol)


def _first_word(profile: str) -> str:
    """Return the gene that a molecular profile begins with, or the whole of a combined one.

    >>> _first_word("KIT Exon 11 Mutation"), _first_word("KIT D816V AND NOT KIT V560G")
    ('KIT', 'KIT D816V AND NOT KIT V560G')
    """
    return profile if _SEVERAL_VARIANTS.search(profile) else profile.split(maxsplit=1)[0]


def _disease(notes: Notes, claim: Draft, row: Row) -> None:
    name = row["disease"]
    number = row["doid"] and f"DOID:{row['doid']}"
    if not name:
        return
    claim.text("statedDisease", name)
    match = notes.find(Kind.HISTOLOGY, filter(None, [number]), [name])
    if match:
        claim.link("concernsHistology", match.iri)
    else:
        claim.link("concernsDisease", notes.external(Kind.HISTOLOGY, name, number or name))


def _place(notes: Notes, claim: Draft, row: Row, number: str) -> None:
    """State where the variant lies; the second place is the other part of a fusion."""
    if not row[f"chromosome{number}"]:
        return
    place = notes.about(
        "ImportedVariantPlace", f"evidence-{row['evidence_id']}", "place", number or "1"
    )
    place.text("chromosome", row[f"chromosome{number}"])
    place.typed("startPosition", row[f"start{number}"], "integer")
    place.typed("stopPosition", row[f"stop{number}"], "integer")
    place.text("transcript", row[f"representative_transcript{number}"])
    place.text("referenceBuild", row["reference_build"])
    place.text("ensemblVersion", row["ensembl_version"])
    if not number:
        place.text("referenceBases", row["reference_bases"])
        place.text("variantBases", row["variant_bases"])
    claim.link("variantPlace", place.iri)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
