"""The statements that paths are made of: claims, trials and their groups, by their fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from api.canned import LONG_SECONDS, each_row, read_canned
from api.engine import Engine
from api.shared_values import gather_fields

__all__ = ["Claim", "Claims", "load_claims"]


@dataclass(frozen=True)
class Claim:
    """A statement by its fields: things by their IRIs, the ontology's terms by their names."""

    iri: str
    fields: Mapping[str, frozenset[str]] = field(hash=False)

    def values(self, field: str) -> frozenset[str]:
        """Return the values of a field: none where the statement leaves it open."""
        return self.fields.get(field, frozenset())

    def find(self, field: str) -> str:
        """Return the one value of a field, the first of several, or nothing."""
        return min(self.values(field), default="")

    def find_number(self, field: str) -> int | None:
        """Return the whole number of a field, or None where none is stated."""
        found = self.find(field)
        return int(found) if found else None

    def is_a(self, name: str) -> bool:
        """Tell whether the statement is an instance of a class of the ontology."""
        return name in self.values("type")


@dataclass(frozen=True)
class Claims:
    """Statements by their IRIs, in the order of these.

    >>> claim = Claim("c", {"type": frozenset({"Precaution"}), "inDocument": frozenset({"d"})})
    >>> Claims({"c": claim}).of("Precaution") == (claim,)
    True
    >>> Claims({"c": claim}).stated_in({"other"}).of("Precaution")
    ()
    """

    by_iri: Mapping[str, Claim]

    def of(self, name: str) -> tuple[Claim, ...]:
        """Return the statements of a class of the ontology."""
        return self._by_class.get(name, ())

    def stated_in(self, documents: Iterable[str]) -> Claims:
        """Return what some documents state; the groups of a trial go with the trial."""
        wanted = frozenset(documents)
        return Claims({iri: each for iri, each in self.by_iri.items() if self._is_in(each, wanted)})

    def _is_in(self, claim: Claim, documents: frozenset[str]) -> bool:
        stated = claim.values("inDocument")
        for trial in claim.values("partOf"):
            stated = self.by_iri[trial].values("inDocument") if trial in self.by_iri else stated
        return bool(stated & documents)

    @cached_property
    def _by_class(self) -> Mapping[str, tuple[Claim, ...]]:
        found: dict[str, list[Claim]] = defaultdict(list)
        for iri in sorted(self.by_iri):
            for name in self.by_iri[iri].values("type"):
                found[name].append(self.by_iri[iri])
        return {name: tuple(claims) for name, claims in found.items()}


async def load_claims(engine: Engine, ontology: str) -> Claims:
    """Return the statements of the snapshot that an engine serves."""
    rows = [
        await each_row(engine, read_canned(name), seconds=LONG_SECONDS)
        for name in ("paths-claims", "paths-trials")
    ]
    fields = gather_fields(
        (row["statement"].value, row["field"].value, row["value"].value.removeprefix(ontology))
        for row in chain.from_iterable(rows)
    )
    return Claims({iri: Claim(iri, found) for iri, found in fields.items()})
