"""What is drafted of one trial: its triples, what it names, and what of that is known."""

from __future__ import annotations

from dataclasses import dataclass, field

from pyoxigraph import Triple

from kg.importing.clinicaltrials.node import MalformedError
from kg.importing.record import Unmatched
from kg.importing.statement import Draft, import_graph, imported_iri
from kg.importing.terms import Match

__all__ = ["NAME", "Sheet", "count"]

NAME = "clinicaltrials"
_GRAPH = import_graph(NAME)


@dataclass
class Sheet:
    """The triples of a trial as they are found, in order; ``place`` is that of its record.

    What the registry alone indexes a trial by is apart from what the trial states.
    """

    number: str
    place: str
    triples: list[Triple] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)
    refers: set[str] = field(default_factory=set)
    drugs: set[str] = field(default_factory=set)
    regimens: set[str] = field(default_factory=set)
    histologies: set[str] = field(default_factory=set)
    indexed_drugs: set[str] = field(default_factory=set)
    indexed_histologies: set[str] = field(default_factory=set)
    population: tuple[str, tuple[str, ...]] = ("inPopulationOf", ())
    """How results concern histologies: the property, and which."""

    @property
    def iri(self) -> str:
        """The IRI of the trial."""
        return imported_iri(NAME, self.number)

    def part(self, kind: str, *parts: str | int) -> Draft:
        """Begin a part of the trial, of a class of the ontology."""
        iri = imported_iri(NAME, self.number, *map(str, parts))
        return self._begin(Draft(iri, self.triples), kind).link("ofTrial", self.iri)

    def trial(self) -> Draft:
        """Begin the trial itself."""
        return self._begin(Draft(self.iri, self.triples), "ImportedTrial")

    def evidence(self, kind: str, pointer: str, *parts: str | int) -> Draft:
        """Begin a piece of evidence, of the whole population of the trial; say where it stands."""
        mark = "" if "#" in self.place else "#"
        draft = self.part(kind, *parts).text("recordPlace", f"{self.place}{mark}{pointer}")
        name, histologies = self.population
        for histology in histologies:
            draft.link(name, histology)
        return draft

    def _begin(self, draft: Draft, kind: str) -> Draft:
        return draft.of(kind).link("importedFrom", _GRAPH).text("recordId", self.number)

    def refer(self, match: Match) -> str:
        """Remember that the trial names a thing of this graph."""
        self.refers.add(match.iri)
        return match.iri

    def miss(self, kind: str, name: str, identifier: str = "") -> None:
        """Remember that the trial names something that this graph does not know."""
        self.unmatched.append(Unmatched(kind, name, identifier))


def count(value: int | None, pointer: str) -> str | None:
    """Return a count in the form of xsd:integer; raises MalformedError for one below 0.

    >>> count(3, ""), count(None, "")
    ('3', None)
    """
    if value is not None and not 0 <= value < 10**18:
        raise MalformedError(pointer, f"{str(value)[:20]} is no count: download the record again")
    return None if value is None else str(value)
