"""What the JSON answers know of a snapshot by heart: names, the tumour tree, claims, paths."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from api.canned import Row, ask_rows, read_canned
from api.cardinality import Cardinality, read_cardinality
from api.contradictions import Contradiction, find_contradictions
from api.directory import Directory, load_directory
from api.engine import Engine
from api.evidence import Evidence, load_evidence
from api.findings import load_findings
from api.histologies import load_histologies
from api.path_index import Action, Effect, Links, PathIndex
from api.records import RecordWriter
from api.rulings import Rulings, load_rulings
from api.workshop import Workshop, engine_from_afar
from kg.context import Context, read_context
from kg.shipped import Shipped

__all__ = ["Library", "LibraryKeeper"]

_INHIBITING = frozenset({"Inhibition", "ActivitySuppression"})
"""The actions from which the rules infer that a drug inhibits."""


@dataclass(frozen=True)
class Library:
    """The indexes of one snapshot."""

    snapshot: str
    context: Context
    directory: Directory
    evidence: Evidence
    paths: PathIndex
    contradictions: tuple[Contradiction, ...]
    rulings: Rulings
    cardinality: Cardinality

    @cached_property
    def writer(self) -> RecordWriter:
        """The writer of records with plain numbers."""
        return RecordWriter(self.context, self.directory, self.cardinality)

    @cached_property
    def exact_writer(self) -> RecordWriter:
        """The writer of records whose decimals JSON-LD keeps."""
        return RecordWriter(self.context, self.directory, self.cardinality, is_exact=True)


class LibraryKeeper:
    """Keeps the library of the snapshot that the engine serves."""

    def __init__(self, engine: Engine, shipped: Shipped, workshop: Workshop) -> None:
        self._engine = engine
        self._workshop = workshop
        self._shipped = shipped
        self._library: Library | None = None
        self._lock = asyncio.Lock()

    async def get(self) -> Library:
        """Return the library; it is loaded when there is none of the served snapshot."""
        async with self._lock:
            while self._library is None or self._library.snapshot != self._engine.snapshot.id:
                asked = self._engine.snapshot.id
                loading = load_library(engine_from_afar(self._engine), self._shipped)
                library = await self._workshop.make(loading)
                # A swap meanwhile would leave a mixture of two snapshots.
                if self._engine.snapshot.id == asked:
                    self._library = library
            return self._library


async def load_library(engine: Engine, shipped: Shipped) -> Library:
    """Return the library of the snapshot that an engine serves, by the server's own queries."""
    context = read_context(shipped.context)
    directory = await load_directory(engine, context.namespaces)
    histologies = await load_histologies(engine)
    evidence = await load_evidence(engine, histologies, context.namespaces.ontology)
    findings = await load_findings(engine, context.namespaces.ontology)
    return Library(
        snapshot=engine.snapshot.id,
        context=context,
        directory=directory,
        evidence=evidence,
        paths=await _load_paths(engine, evidence, context.namespaces.ontology),
        contradictions=tuple(find_contradictions(findings)),
        rulings=await load_rulings(engine),
        cardinality=read_cardinality(shipped.shapes),
    )


async def _load_paths(engine: Engine, evidence: Evidence, ontology: str) -> PathIndex:
    families = defaultdict(set)
    for row in await ask_rows(engine, read_canned("paths-families")):
        families[row["target"].value].add(row["family"].value)
    return PathIndex(
        actions=await _load_actions(engine, ontology),
        families={target: frozenset(found) for target, found in families.items()},
        parts=await _load_parts(engine),
        links=await _load_links(engine, ontology),
        evidence=evidence,
    )


async def _load_actions(engine: Engine, ontology: str) -> tuple[Action, ...]:
    claims: dict[tuple[str, str], dict[Effect, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in await ask_rows(engine, read_canned("paths-actions")):
        effect = _effect(row, ontology)
        claims[row["drug"].value, row["target"].value][effect].add(row["claim"].value)
    return tuple(
        Action(*pair, {effect: tuple(sorted(found)) for effect, found in claims[pair].items()})
        for pair in sorted(claims)
    )


def _effect(row: Row, ontology: str) -> Effect:
    if "through" in row:
        return Effect.INDIRECT
    action = row["action"].value.removeprefix(ontology) if "action" in row else ""
    return Effect.INHIBITS if action in _INHIBITING else Effect.ACTS


async def _load_parts(engine: Engine) -> dict[str, dict[str, tuple[str, ...]]]:
    claims: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in await ask_rows(engine, read_canned("paths-parts")):
        claims[row["target"].value][row["histology"].value].add(row["claim"].value)
    return {
        target: {histology: tuple(sorted(found)) for histology, found in parts.items()}
        for target, parts in claims.items()
    }


async def _load_links(engine: Engine, ontology: str) -> Links:
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
