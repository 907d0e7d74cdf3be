"""Evidence items chosen by what they are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from api.canned import ask_rows, read_canned
from api.engine import Engine
from api.histologies import Histologies, Match

__all__ = ["Chosen", "Evidence", "EvidenceItem", "load_evidence"]


@dataclass(frozen=True)
class EvidenceItem:
    """An evidence item, and the IRIs that it is chosen by, under the names of the predicates."""

    iri: str
    about: Mapping[str, frozenset[str]]
    evaluable: int | None = None

    def has(self, predicate: str, value: str | None) -> bool:
        """Tell whether the item has a value, or whether none is asked for."""
        return value is None or value in self.about.get(predicate, frozenset())


@dataclass(frozen=True)
class Chosen:
    """A chosen item; ``match`` says how its histology relates to the one asked for."""

    iri: str
    match: Match | None = None


@dataclass(frozen=True)
class Evidence:
    """All evidence items of a snapshot, in the order of their IRIs."""

    items: tuple[EvidenceItem, ...]
    histologies: Histologies

    @cached_property
    def by_drug(self) -> Mapping[str, tuple[EvidenceItem, ...]]:
        """The items about each drug."""
        found: dict[str, list[EvidenceItem]] = defaultdict(list)
        for item in self.items:
            for drug in item.about.get("aboutDrug", ()):
                found[drug].append(item)
        return {drug: tuple(items) for drug, items in found.items()}

    def choose(
        self,
        *,
        histology: str | None = None,
        only_direct: bool = False,
        min_evaluable: int | None = None,
        **about: str | None,
    ) -> Iterator[Chosen]:
        """Yield the items about a histology, or about a narrower one unless ``only_direct``.

        ``about`` are predicates and the IRIs that they must have; None asks for nothing. With
        ``min_evaluable``, items without that many evaluable patients are left out.
        """
        scope = None if histology is None else self.histologies.scope(histology)
        drug = about.get("aboutDrug")
        for item in self.items if drug is None else self.by_drug.get(drug, ()):
            if min_evaluable is not None and (item.evaluable or -1) < min_evaluable:
                continue
            if not all(item.has(predicate, value) for predicate, value in about.items()):
                continue
            if scope is None:
                yield Chosen(item.iri)
                continue
            match = scope.match(item.about.get("aboutHistology", ()))
            if match is Match.DIRECT or (match and not only_direct):
                yield Chosen(item.iri, match)


async def load_evidence(engine: Engine, histologies: Histologies, ontology: str) -> Evidence:
    """Return the evidence items of the snapshot that an engine serves."""
    about: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    evaluable: dict[str, int] = {}
    for row in await ask_rows(engine, read_canned("evidence")):
        iri, value = row["item"].value, row["value"]
        predicate = row["predicate"].value.removeprefix(ontology)
        if predicate == "evaluable":
            evaluable[iri] = int(value.value)
        else:
            about[iri][predicate].add(value.value)
    items = (
        EvidenceItem(
            iri,
            {predicate: frozenset(values) for predicate, values in about[iri].items()},
            evaluable.get(iri),
        )
        for iri in sorted(about)
    )
    return Evidence(tuple(items), histologies)
