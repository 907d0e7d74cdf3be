"""The links of the graph that the edges of paths are, with the graphs that hold them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.canned import ask_rows, read_canned
from api.engine import Engine
from api.path_claims import Claim
from api.path_kinds import EdgeKind

__all__ = ["Edge", "Links", "load_links"]


@dataclass(frozen=True)
class Edge:
    """A link that is a step of a path, the graphs that hold it, and the claims behind it.

    ``source`` is the graph of the import that states it, and empty where documents do.
    """

    kind: EdgeKind
    subject: str
    predicate: str
    object: str
    graphs: tuple[str, ...] = ()
    claims: tuple[Claim, ...] = ()
    source: str = ""

    @property
    def is_hypothetical(self) -> bool:
        """Whether every claim behind the edge is worded as a possibility."""
        return bool(self.claims) and all(claim.values("hypothetical") for claim in self.claims)


@dataclass(frozen=True)
class Links:
    """The links of the graph: (subject, object) to predicates to the graphs that hold them."""

    graphs: Mapping[tuple[str, str], Mapping[str, tuple[str, ...]]]

    def edge(
        self,
        kind: EdgeKind,
        subject: str,
        predicates: str | Iterable[str],
        target: str,
        claims: Iterable[Claim] = (),
    ) -> Edge:
        """Return the edge with the first of some predicates that the graph holds."""
        held = self.graphs.get((subject, target), {})
        wanted = (predicates,) if isinstance(predicates, str) else tuple(predicates)
        predicate = next((each for each in wanted if each in held), wanted[-1])
        found = {claim.iri: claim for claim in claims}
        behind = tuple(found[iri] for iri in sorted(found))
        return Edge(kind, subject, predicate, target, held.get(predicate, ()), behind)

    def objects(self, predicate: str) -> Mapping[str, frozenset[str]]:
        """Return what each subject of a predicate is linked to."""
        found: dict[str, set[str]] = defaultdict(set)
        for (subject, target), held in self.graphs.items():
            if predicate in held:
                found[subject].add(target)
        return {subject: frozenset(targets) for subject, targets in found.items()}


async def load_links(engine: Engine, ontology: str) -> Links:
    """Return the links of the snapshot that an engine serves."""
    graphs: dict[tuple[str, str], dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in await ask_rows(engine, read_canned("paths-links")):
        predicate = row["predicate"].value.removeprefix(ontology)
        graphs[row["subject"].value, row["object"].value][predicate].append(row["graph"].value)
    return Links(
        {
            pair: {predicate: tuple(sorted(found)) for predicate, found in held.items()}
            for pair, held in graphs.items()
        }
    )
