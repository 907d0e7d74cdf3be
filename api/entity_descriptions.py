"""What the graph says of one thing: about it, about its parts, and where it is pointed to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import DefaultGraph, NamedNode, Quad

from api.engine import Engine
from api.entity_queries import ask_count, ask_quads, ask_subjects, describe_unnamed
from kg.terms import term

__all__ = ["PAGE", "Description", "Reader"]

PAGE = 100
"""Things pointing to a thing that one page tells of."""

MOST = 5_000
"""Statements about a thing and its parts that one answer holds."""


@dataclass(frozen=True)
class Description:
    """What is known of a thing.

    ``own`` are the statements about it and its parts, ``pointing`` those by which others point
    to it, those of one ``page``; ``total`` is how many others there are. ``around`` says how
    neighbours are called, and where claims were read. ``is_cut`` where there is more of its own.
    """

    iri: str
    own: tuple[Quad, ...]
    pointing: tuple[Quad, ...] = ()
    around: tuple[Quad, ...] = ()
    total: int = 0
    page: int = 1
    is_cut: bool = False

    @cached_property
    def quads(self) -> tuple[Quad, ...]:
        """Everything, each quad once."""
        return tuple(dict.fromkeys((*self.own, *self.pointing, *self.around)))

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return max(1, -(-self.total // PAGE))


class Reader:
    """Reads descriptions by the server's own queries; ``ontology`` is the namespace of terms."""

    def __init__(self, engine: Engine, ontology: str) -> None:
        self._engine = engine
        self._ontology = ontology

    async def find(
        self, iri: str, *, page: int = 1, fragments: Iterable[str] = ()
    ) -> Description | None:
        """Return what the graph says of a thing, or None where it never names it.

        ``fragments`` are names that lie in the thing, which is a document then.
        """
        own, is_cut = await self._read_own(iri, fragments)
        others = await self._pointing_to(iri, page)
        total = await self._count(iri, len(others), page)
        pointing: list[Quad] = []
        if others:
            pointing = await ask_quads(self._engine, "entity-links", object=[iri], subject=others)
        uses: list[Quad] = []
        if not (own or total):
            own, uses = await self._used(iri)
            if not own:
                return None
        return Description(
            iri=iri,
            own=_ordered(own),
            pointing=_ordered(pointing),
            around=_ordered([*uses, *await self._around(iri, own, pointing)]),
            total=total,
            page=page,
            is_cut=is_cut,
        )

    async def _read_own(self, iri: str, fragments: Iterable[str]) -> tuple[list[Quad], bool]:
        """Return the statements about a thing and its parts, and whether these are not all."""
        found: list[Quad] = []
        pending = [iri, *fragments]
        known = set(pending)
        while pending and len(found) <= MOST:
            rows = await ask_quads(
                self._engine, "entity-statements", most=MOST + 1, subject=pending
            )
            parts = await ask_subjects(self._engine, "entity-parts", most=MOST, object=pending)
            found += rows
            inside = {each for each in _iris(quad.object for quad in rows) if _is_in(each, iri)}
            pending = sorted((inside | {each for each in parts if _is_in(each, iri)}) - known)
            known |= set(pending)
        kept = found[:MOST]
        return kept + await describe_unnamed(self._engine, kept), len(found) > MOST

    async def _pointing_to(self, iri: str, page: int) -> list[str]:
        skipped = (page - 1) * PAGE
        return await ask_subjects(
            self._engine, "entity-pointing", most=PAGE, skipped=skipped, object=[iri]
        )

    async def _count(self, iri: str, shown: int, page: int) -> int:
        if page == 1 and shown < PAGE:
            return shown
        return await ask_count(self._engine, "entity-pointing-count", object=[iri])

    async def _used(self, iri: str) -> tuple[list[Quad], list[Quad]]:
        """Return what a name is by its use, as a predicate or as that of a graph, and some uses."""
        uses = await ask_quads(self._engine, "entity-uses", most=PAGE, predicate=[iri])
        if uses:
            return [_typed(iri, "rdf:Property")], uses
        graph = await ask_quads(self._engine, "entity-graph", most=1, graph=[iri])
        return ([_typed(iri, "sd:NamedGraph")] if graph else []), []

    async def _around(self, iri: str, own: Iterable[Quad], pointing: Iterable[Quad]) -> list[Quad]:
        """Return the names of neighbours; of claims among them also the passage and its place."""
        others = {*_iris(quad.subject for quad in pointing)} - {iri}
        claims = await self._ask("entity-places", others)
        passages = await self._ask("entity-places", self._objects(claims, "passage"))
        ranges = await self._ask("entity-places", self._objects(passages, "range"))
        near = _iris(quad.object for quad in own) | others
        documents = self._objects([*own, *passages], "inDocument")
        names = await self._ask("entity-names", near | documents)
        return [*names, *claims, *passages, *ranges]

    async def _ask(self, name: str, subjects: Iterable[str]) -> list[Quad]:
        wanted = sorted(set(subjects))
        return await ask_quads(self._engine, name, subject=wanted) if wanted else []

    def _objects(self, quads: Iterable[Quad], name: str) -> set[str]:
        predicate = self._ontology + name
        return _iris(quad.object for quad in quads if quad.predicate.value == predicate)


def _is_in(iri: str, whole: str) -> bool:
    return iri.startswith((whole + "/", whole + "#"))


def _iris(nodes: Iterable[object]) -> set[str]:
    return {node.value for node in nodes if isinstance(node, NamedNode)}


def _typed(iri: str, kind: str) -> Quad:
    return Quad(NamedNode(iri), term("rdf:type"), term(kind), DefaultGraph())


def _ordered(quads: Iterable[Quad]) -> tuple[Quad, ...]:
    return tuple(sorted(set(quads), key=str))
