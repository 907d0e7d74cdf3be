"""What documents rule of drugs in patients with certain conditions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from api.canned import Row, ask_rows, read_canned
from api.engine import Engine

__all__ = ["STATUSES", "Entry", "Reach", "Ruling", "Rulings", "Status", "load_rulings"]


class Status(StrEnum):
    """What the documents say of a drug and a condition; none of the words permits anything."""

    CONTRAINDICATED = "contraindicated"
    PRECAUTION = "precaution"
    NO_ENTRY = "no entry"
    NOT_IN_TABLE = "drug not in the table"


STATUSES: Mapping[Status, str] = {
    Status.CONTRAINDICATED: "a document rules the drug out in the condition, or in a wider one; "
    "it may ask for caution too",
    Status.PRECAUTION: "a document asks for caution with the drug in the condition or a wider one, "
    "and none rules it out",
    Status.NO_ENTRY: "the documents list other conditions for the drug, but neither this one nor a "
    "wider one: nothing is said, which permits nothing",
    Status.NOT_IN_TABLE: "no document of this snapshot lists any condition for the drug: nothing "
    "is said, which permits nothing",
}
"""What each status means, for the answers and their documentation."""


class Reach(StrEnum):
    """How the condition of an entry relates to the one asked about."""

    SAME = "same"
    WIDER = "wider"
    NARROWER = "narrower"


@dataclass(frozen=True, order=True)
class Entry:
    """A claim that rules a drug out in a condition, or asks for caution."""

    drug: str
    condition: str
    status: Status
    claim: str


@dataclass(frozen=True)
class Ruling:
    """The status of a drug in a condition, and the entries behind it by their reach.

    An entry on a narrower condition is listed, and decides nothing.
    """

    drug: str
    condition: str
    status: Status
    entries: tuple[tuple[Reach, Entry], ...]


@dataclass(frozen=True)
class Rulings:
    """All entries, and the wider conditions of each condition.

    ``documents`` are those that state a claim, ``dates`` when they were issued.

    >>> entry = Entry("ifosfamide", "renal", Status.PRECAUTION, "claim")
    >>> rulings = Rulings((entry,), {"severe renal": frozenset({"renal"})})
    >>> [str(rulings.rule(drug, "severe renal").status) for drug in ("ifosfamide", "imatinib")]
    ['precaution', 'drug not in the table']
    """

    entries: tuple[Entry, ...]
    wider: Mapping[str, frozenset[str]]
    documents: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)

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
        deciding = {entry.status for reach, entry in found if reach is not Reach.NARROWER}
        return Ruling(drug, condition, _status(deciding, is_listed=bool(own)), found)

    def _reach(self, stated: str, asked: str) -> Reach | None:
        if stated == asked:
            return Reach.SAME
        if stated in self.wider.get(asked, frozenset()):
            return Reach.WIDER
        return Reach.NARROWER if asked in self.wider.get(stated, frozenset()) else None


def _status(deciding: Iterable[Status], *, is_listed: bool) -> Status:
    found = set(deciding)
    for status in (Status.CONTRAINDICATED, Status.PRECAUTION):
        if status in found:
            return status
    return Status.NO_ENTRY if is_listed else Status.NOT_IN_TABLE


async def load_rulings(engine: Engine) -> Rulings:
    """Return the rulings of the snapshot that an engine serves."""
    entries: set[Entry] = set()
    wider: dict[str, set[str]] = defaultdict(set)
    documents: dict[str, set[str]] = defaultdict(set)
    dates: dict[str, str] = {}
    for row in await ask_rows(engine, read_canned("rulings")):
        if "wider" in row:
            wider[row["condition"].value].add(row["wider"].value)
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
    )


def _entry(row: Row) -> Entry:
    is_out = row["kind"].value.endswith("/Contraindication")
    status = Status.CONTRAINDICATED if is_out else Status.PRECAUTION
    return Entry(row["drug"].value, row["condition"].value, status, row["claim"].value)
