"""What documents rule of drugs in patients with certain conditions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from api.canned import Row, ask_rows, read_canned
from api.engine import Engine

__all__ = [
    "REACHES",
    "STATUSES",
    "Entry",
    "Reach",
    "Ruling",
    "Rulings",
    "Status",
    "load_rulings",
]


class Status(StrEnum):
    """What the documents say of a drug and a condition; none of the words permits anything."""

    CONTRAINDICATED = "contraindicated"
    PRECAUTION = "precaution"
    NO_ENTRY = "no entry"
    NOT_IN_TABLE = "drug not in the table"


STATUSES: Mapping[Status, str] = {
    Status.CONTRAINDICATED: "a document rules the drug out in the condition or a wider one, and "
    "may ask for caution too; where reach is 'narrower', it does so in a narrower one",
    Status.PRECAUTION: "a document asks for caution with the drug in the condition or a wider one; "
    "where reach is 'narrower', in a narrower one; see narrower for what is graver there",
    Status.NO_ENTRY: "the documents list other conditions for the drug, but neither this one nor a "
    "wider or narrower one: nothing is said, which permits nothing",
    Status.NOT_IN_TABLE: "no document asked about lists any condition for the drug: nothing is "
    "said, which permits nothing",
}
"""What each status means, for the answers and their documentation."""


class Reach(StrEnum):
    """How the condition of an entry relates to the one asked about, the closest first."""

    SAME = "same"
    EQUIVALENT = "equivalent"
    WIDER = "wider"
    NARROWER = "narrower"


REACHES: Mapping[Reach, str] = {
    Reach.SAME: "the entry is on the condition asked about",
    Reach.EQUIVALENT: "on another printed condition, which the curators hold to be the same",
    Reach.WIDER: "on a wider condition, which the one asked about is a case of",
    Reach.NARROWER: "on a narrower condition, which the patient may have or not",
}
"""What each reach means, for the answers and their documentation."""


@dataclass(frozen=True, order=True)
class Entry:
    """A claim that rules a drug out in a condition, or asks for caution."""

    drug: str
    condition: str
    status: Status
    claim: str


Found = tuple[tuple[Reach, Entry], ...]
"""Entries, each with how its condition relates to the one asked about."""


@dataclass(frozen=True)
class Ruling:
    """The status of a drug in a condition, how it reaches it, and the entries by their reach.

    Entries on narrower conditions count where no entry is on the condition itself: "no entry"
    never stands where a narrower condition has one.
    """

    drug: str
    condition: str
    status: Status
    reach: Reach | None
    entries: Found

    @property
    def narrower(self) -> tuple[Entry, ...]:
        """The entries on narrower conditions, the gravest ones only."""
        found = [entry for reach, entry in self.entries if reach is Reach.NARROWER]
        gravest = _gravest(entry.status for entry in found)
        return tuple(entry for entry in found if entry.status is gravest)


@dataclass(frozen=True)
class Rulings:
    """All entries, and the wider conditions of each condition.

    ``documents`` are those that state a claim, ``dates`` when they were issued; ``near`` are the
    conditions that a word of the curators' may mean, by that word.

    >>> entry = Entry("ifosfamide", "renal", Status.PRECAUTION, "claim")
    >>> rulings = Rulings((entry,), {"severe renal": frozenset({"renal"})})
    >>> [str(rulings.rule(drug, "severe renal").status) for drug in ("ifosfamide", "imatinib")]
    ['precaution', 'drug not in the table']
    """

    entries: tuple[Entry, ...]
    wider: Mapping[str, frozenset[str]]
    documents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    near: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @property
    def drugs(self) -> tuple[str, ...]:
        """The drugs for which any condition is listed."""
        return tuple(sorted({entry.drug for entry in self.entries}))

    def rule(self, drug: str, condition: str) -> Ruling:
        """Return what the documents say of a drug and a condition."""
        own = [entry for entry in self.entries if entry.drug == drug]
        found = tuple(
            (reach, entry) for entry in own if (reach := self._reach(entry.condition, condition))
        )
        deciding = _deciding(found)
        status = _gravest(entry.status for _, entry in deciding)
        if status is None:
            nothing = Status.NO_ENTRY if own else Status.NOT_IN_TABLE
            return Ruling(drug, condition, nothing, None, ())
        reaches = {reach for reach, entry in deciding if entry.status is status}
        closest = next(reach for reach in Reach if reach in reaches)
        return Ruling(drug, condition, status, closest, found)

    def only(self, claims: Container[str]) -> Rulings:
        """Return the rulings of some claims only."""
        kept = tuple(entry for entry in self.entries if entry.claim in claims)
        return replace(self, entries=kept)

    def _reach(self, stated: str, asked: str) -> Reach | None:
        if stated == asked:
            return Reach.SAME
        is_wider = stated in self.wider.get(asked, frozenset())
        is_narrower = asked in self.wider.get(stated, frozenset())
        if is_wider and is_narrower:
            return Reach.EQUIVALENT
        if is_wider:
            return Reach.WIDER
        return Reach.NARROWER if is_narrower else None


def _deciding(found: Found) -> Found:
    # What is printed of the condition itself is not overruled by a narrower one, where the
    # patient may not belong; without it, whatever may concern the patient counts.
    if any(reach in (Reach.SAME, Reach.EQUIVALENT) for reach, _ in found):
        return tuple(each for each in found if each[0] is not Reach.NARROWER)
    return found


def _gravest(found: Iterable[Status]) -> Status | None:
    known = set(found)
    return next((status for status in Status if status in known), None)


async def load_rulings(engine: Engine) -> Rulings:
    """Return the rulings of the snapshot that an engine serves."""
    entries: set[Entry] = set()
    wider: dict[str, set[str]] = defaultdict(set)
    documents: dict[str, set[str]] = defaultdict(set)
    near: dict[str, set[str]] = defaultdict(set)
    dates: dict[str, str] = {}
    for row in await ask_rows(engine, read_canned("rulings")):
        if "wider" in row:
            wider[row["condition"].value].add(row["wider"].value)
            continue
        if "near" in row:
            near[row["near"].value].add(row["condition"].value)
            continue
        entry = _entry(row)
        entries.add(entry)
        document = row["document"].value
        documents[entry.claim].add(document)
        if "issued" in row:
            dates[document] = row["issued"].value
    return Rulings(
        tuple(sorted(entries)),
        {condition: frozenset(found) for condition, found in wider.items()},
        {claim: tuple(sorted(found)) for claim, found in documents.items()},
        dates,
        {word: frozenset(found) for word, found in near.items()},
    )


def _entry(row: Row) -> Entry:
    is_out = row["kind"].value.endswith("/Contraindication")
    status = Status.CONTRAINDICATED if is_out else Status.PRECAUTION
    return Entry(row["drug"].value, row["condition"].value, status, row["claim"].value)
