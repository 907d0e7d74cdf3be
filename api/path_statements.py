"""The statements behind paths as JSON, each with the date of its document."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from api.engine import Engine
from api.imports import Imports
from api.path_claims import Claim
from api.path_json import write_text
from api.path_results import given_of, is_of_patients
from api.path_shelf import Shelf
from api.records import Json, RecordWriter
from api.statements import describe

__all__ = ["StatementText", "StatementWriter", "Statements"]

_BRIEF = ("id", "iri", "type", "label", "document", "passage", "source")
_LEFT_OUT = ("relevantToHistology", "hasEvidence", "broaderHistologyTransitive")
"""What is bulky, and repeats what a filter finds."""


@dataclass(frozen=True)
class StatementText:
    """A statement as the text of a JSON object: all of it, and what it takes to find it."""

    whole: str
    brief: str


@dataclass(frozen=True)
class StatementWriter:
    """Writes statements with what their records leave to be looked up.

    ``documents`` are the dates of the documents, ``levels`` what each level of evidence states;
    ``imports`` are the sources of what is no word of a document.
    """

    records: RecordWriter
    documents: Mapping[str, str | None]
    levels: Mapping[str, str]
    imports: Imports = field(default_factory=Imports)

    def write(self, claim: Claim, record: Json) -> StatementText:
        """Return the texts of a statement whose record is given."""
        whole = {**record, **self._added(claim, record), **self._source(claim)}
        brief = {key: whole[key] for key in _BRIEF if key in whole}
        return StatementText(write_text(whole), write_text(brief))

    def _added(self, claim: Claim, record: Json) -> Json:
        if claim.is_a("EvidenceItem"):
            return self._result(claim, record)
        if claim.is_a("RegulatoryStatus") or claim.is_a("FundingStatus"):
            jurisdictions = sorted(claim.values("jurisdiction"))
            named = [self.records.reference(iri) for iri in jurisdictions]
            # The graph holds when a decision was in force, and never the day it was made.
            as_of = claim.find("asOf") or None
            return {"jurisdiction": named, "date": None, "asOf": as_of}
        return {}

    def _result(self, claim: Claim, record: Json) -> Json:
        """Return what every result says under the same keys, be it that it says nothing."""
        phase, ontology = claim.find("phase"), self.records.context.namespaces.ontology
        return {
            "n": record.get("responders"),
            "N": record.get("evaluable"),
            "given": given_of(claim).value,
            "regimen": [self.records.reference(iri) for iri in sorted(claim.values("regimen"))],
            "phase": self.records.reference(ontology + phase) if phase else None,
            "studied": "patients" if is_of_patients(claim) else "laboratory",
            "level": self._level(claim),
        }

    def _level(self, claim: Claim) -> Json | None:
        if not claim.values("level"):
            return None
        names = self.records.context.namespaces
        level = names.ontology + claim.find("level")
        return {
            **self.records.reference(level),
            "statement": self.levels.get(level),
            "rule": self.records.reference(f"{names.root}rule/evidence-level"),
        }

    def _source(self, claim: Claim) -> Json:
        if graph := claim.find("import"):
            return {"document": None, "source": self.imports.get(graph).shown}
        return {"document": self._document(claim)}

    def _document(self, claim: Claim) -> Json | None:
        document = claim.find("inDocument")
        if not document:
            return None
        return {**self.records.reference(document), "issued": self.documents.get(document)}


class Statements:
    """The texts of the statements of one snapshot, by the writer; each is written once."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def get(
        self, claims: Iterable[Claim], engine: Engine, writer: StatementWriter
    ) -> Mapping[str, StatementText]:
        """Return the texts of some statements by their IRIs."""
        found: dict[str, StatementText] = {}
        absent: dict[str, Claim] = {}
        for claim in claims:
            whole, brief = (self._shelf.find(key) for key in _keys(claim.iri, writer))
            if whole is None or brief is None:
                absent[claim.iri] = claim
            else:
                found[claim.iri] = StatementText(whole, brief)
        return {**found, **await self._write(absent, engine, writer)}

    async def _write(
        self, claims: Mapping[str, Claim], engine: Engine, writer: StatementWriter
    ) -> Mapping[str, StatementText]:
        if not claims:
            return {}
        records, names = writer.records, writer.records.context.namespaces
        statements = await describe(engine, claims, root=names.root, siblings=False)
        without = [names.ontology + name for name in _LEFT_OUT]
        written = {
            iri: writer.write(claim, records.write(iri, statements, without=without))
            for iri, claim in sorted(claims.items())
        }
        for iri, text in written.items():
            for key, each in zip(_keys(iri, writer), (text.whole, text.brief), strict=True):
                self._shelf.keep(key, each)
        return written


def _keys(iri: str, writer: StatementWriter) -> tuple[tuple[bool, str, str], ...]:
    return tuple((writer.records.is_exact, part, iri) for part in ("whole", "brief"))
