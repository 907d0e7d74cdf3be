"""Affinities of drugs for targets, from the Guide to PHARMACOLOGY, as a table of them gives them.

The table holds the rows of several sources; those of others are not wanted here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kg.importing.named_terms import Names, Notes
from kg.importing.record import Item, Record, Reject, RejectRule
from kg.importing.statement import Draft
from kg.importing.tab_separated import Row, read_header, read_rows
from kg.importing.terms import Kind, Terms

__all__ = ["COLUMNS", "NAME", "find_version", "read"]

NAME: Final = "gtopdb"
COLUMNS: Final = frozenset(
    {
        *("source", "drug", "target", "uniprot", "action", "affinity_or_context", "references"),
        "level",
    }
)
_AFFINITY = re.compile(r"(p[A-Z][A-Za-z0-9]*)=(\d+(?:\.\d+)?)")
_NO_AFFINITY: Final = frozenset({"", "-", "-="})
_INHIBITION: Final = "Inhibition"


def find_version(files: Sequence[Path]) -> str | None:  # noqa: ARG001
    """Return None: the table does not say which release its rows are of."""
    return None


def read(files: Sequence[Path], terms: Terms) -> Iterator[Item]:
    """Yield the claims in tables with the columns `COLUMNS`, a row each."""
    reader = _Reader(terms)
    for path in files:
        yield from reader.items(path)


@dataclass(frozen=True)
class _Interaction:
    """A row of the Guide to PHARMACOLOGY: what a drug does to a target, and how strongly."""

    drug: str
    symbol: str
    uniprot: str
    action: str
    affinity: str
    references: tuple[str, ...]
    is_primary: bool

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the IRI: all that tells it from another one."""
        affinity = self.affinity.replace("=", "-")
        told = (self.drug, self.uniprot, self.action.replace("/", "-"), affinity, *self.references)
        return tuple(filter(None, told))


@dataclass
class _Reader:
    """Reads rows, and knows which ones came before."""

    terms: Terms
    names: Names = field(default_factory=Names)
    seen: dict[str, str] = field(default_factory=dict)

    def items(self, path: Path) -> Iterator[Item]:
        """Yield the claims of a file."""
        with path.open("rb") as file:
            header = read_header(file, path.name)
            if isinstance(header, Reject):
                yield header
            elif missing := header.missing(COLUMNS):
                message = f"the columns {', '.join(missing)} are missing; give a table with them"
                yield Reject(f"{path.name}:1", RejectRule.WRONG_SCHEMA, message)
            else:
                for row in read_rows(file, path.name, header):
                    yield row if isinstance(row, Reject) else self.item(row)

    def item(self, row: Row) -> Item:
        """Return the record of a row, or why it is none."""
        if row["source"] != NAME:
            message = f"the row is of {row['source'] or 'no source'}, not of {NAME}"
            return Reject(row.place, RejectRule.NOT_WANTED, message)
        if fault := _fault(row):
            return Reject(row.place, RejectRule.UNREADABLE, fault)
        interaction = _interaction(row)
        name = "/".join(interaction.parts)
        if name in self.seen:
            message = f"the same is already at {self.seen[name]}; keep one of the rows"
            return Reject(row.place, RejectRule.DUPLICATE, message, name)
        self.seen[name] = row.place
        return _record(Notes(NAME, self.terms, self.names, name, row.place), interaction)


def _fault(row: Row) -> str | None:
    if not row["drug"]:
        return "the row names no drug; mend the row"
    if not row["target"] or not row["uniprot"]:
        return f"the row names no target of {row['drug']}, and so states none; mend the row"
    if not row["action"]:
        return f"the row does not say what {row['drug']} does to {row['target']}; mend the row"
    affinity = row["affinity_or_context"]
    if affinity not in _NO_AFFINITY and not _AFFINITY.fullmatch(affinity):
        return f"affinity '{affinity}' is no measure, equals sign and number; mend the row"
    return None


def _interaction(row: Row) -> _Interaction:
    affinity = row["affinity_or_context"]
    return _Interaction(
        drug=row["drug"],
        symbol=row["target"],
        uniprot=row["uniprot"],
        action=row["action"],
        affinity="" if affinity in _NO_AFFINITY else affinity,
        references=tuple(filter(None, re.split(r"[|;,\s]+", row["references"]))),
        is_primary=row["level"] == "primary",
    )


def _record(notes: Notes, stated: _Interaction) -> Record:
    drug, target = _drug(notes, stated.drug), _target(notes, stated)
    claim = notes.about("ImportedDrugTargetClaim", *stated.parts)
    claim.labelled(f"{stated.drug}, {stated.symbol}: {stated.action}")
    claim.text("recordPlace", notes.place).text("statedAction", stated.action)
    claim.link("concernsDrug", drug).text("statedDrug", stated.drug)
    claim.link("concernsTarget", target).text("statedTarget", stated.symbol)
    _measure(claim, stated)
    for reference in stated.references:
        claim.text("citedReference", f"pubmed:{reference}" if reference.isdigit() else reference)
    for by in sorted({match.by.value for match in notes.matches}):
        claim.text("matchedBy", by)
    if stated.action.rpartition("/")[2] == _INHIBITION:
        notes.direct(drug, "reportedToInhibit", target)
    return notes.record()


def _measure(claim: Draft, stated: _Interaction) -> None:
    if found := _AFFINITY.fullmatch(stated.affinity):
        claim.text("statedAffinity", stated.affinity).text("affinityMeasure", found[1])
        claim.typed("affinityValue", found[2], "decimal")
    if stated.is_primary:
        claim.typed("isPrimaryTarget", "true", "boolean")


def _drug(notes: Notes, name: str) -> str:
    match = notes.find(Kind.DRUG, (), [name])
    return match.iri if match else notes.external(Kind.DRUG, name, name)


def _target(notes: Notes, stated: _Interaction) -> str:
    protein = f"UNIPROT:{stated.uniprot}"
    match = notes.find(Kind.TARGET, [protein], [stated.symbol])
    return match.iri if match else notes.external(Kind.TARGET, stated.symbol, protein)
