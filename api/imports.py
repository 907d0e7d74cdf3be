"""What imports are, and what they say of drugs and targets: apart from what documents say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from api.canned import Row, ask_rows, read_canned
from api.engine import Engine
from kg.importing.statement import IMPORTED, import_graph

__all__ = ["DOCUMENTS", "Import", "ImportedAction", "Imports", "load_imports"]

DOCUMENTS: Mapping[str, str] = {"kind": "documents"}
"""The source of what the curated documents state."""


@dataclass(frozen=True)
class Import:
    """An import as the catalogue describes it; what it leaves open is an empty text."""

    graph: str
    title: str = ""
    source: str = ""
    version: str = ""
    licence: str = ""
    attribution: str = ""
    retrieved: str = ""

    @property
    def name(self) -> str:
        """The name that it was imported by.

        >>> Import("https://w3id.org/sarcoma-kg/graph/import-civic").name
        'civic'
        """
        return self.graph.removeprefix(import_graph(""))

    @property
    def shown(self) -> dict[str, str | None]:
        """What every answer says of a source that is no document."""
        return {
            "kind": "import",
            "import": self.name,
            "title": self.title or None,
            "licence": self.licence or None,
            "attribution": self.attribution or None,
            "version": self.version or None,
            "retrieved": self.retrieved or None,
        }


@dataclass(frozen=True, order=True)
class ImportedAction:
    """A claim of an import that a drug acts on a target, inhibiting it or otherwise."""

    drug: str
    target: str
    graph: str
    claim: str
    inhibits: bool = False


@dataclass(frozen=True)
class Imports:
    """The imports of a snapshot by their graphs, and what they say of drugs and targets."""

    by_graph: Mapping[str, Import] = field(default_factory=dict)
    actions: tuple[ImportedAction, ...] = ()

    def get(self, graph: str) -> Import:
        """Return an import by its graph: one that the catalogue leaves out has its name alone."""
        return self.by_graph.get(graph) or Import(graph)

    def of_record(self, iri: str) -> Import | None:
        """Return the import that a record is of, or None for what is not imported.

        >>> Imports().of_record("https://w3id.org/sarcoma-kg/imported/civic/evidence-2").name
        'civic'
        """
        if not iri.startswith(IMPORTED):
            return None
        return self.get(import_graph(iri.removeprefix(IMPORTED).partition("/")[0]))

    def find_graph(self, name: str) -> str | None:
        """Return the graph of the import with a name, or None."""
        graph = import_graph(name)
        known = graph in self.by_graph or any(each.graph == graph for each in self.actions)
        return graph if known else None

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all imports."""
        return tuple(sorted(each.name for each in self.by_graph.values()))

    def of_drug(self, drug: str) -> tuple[ImportedAction, ...]:
        """Return the claims on a drug."""
        return self._by_drug.get(drug, ())

    def of_targets(self, targets: Collection[str]) -> tuple[ImportedAction, ...]:
        """Return the claims on some targets."""
        return tuple(each for each in self.actions if each.target in targets)

    @cached_property
    def inhibitions(self) -> Mapping[tuple[str, str], tuple[ImportedAction, ...]]:
        """The claims that a drug inhibits a target, by both."""
        found: dict[tuple[str, str], list[ImportedAction]] = defaultdict(list)
        for each in self.actions:
            if each.inhibits:
                found[each.drug, each.target].append(each)
        return {pair: tuple(claims) for pair, claims in found.items()}

    @cached_property
    def _by_drug(self) -> Mapping[str, tuple[ImportedAction, ...]]:
        found: dict[str, list[ImportedAction]] = defaultdict(list)
        for each in self.actions:
            found[each.drug].append(each)
        return {drug: tuple(claims) for drug, claims in found.items()}


async def load_imports(engine: Engine) -> Imports:
    """Return what the snapshot that an engine serves says of its imports, and by them."""
    described: dict[str, dict[str, str]] = defaultdict(dict)
    for row in await ask_rows(engine, read_canned("imports")):
        described[row["import"].value][row["field"].value] = row["value"].value
    return Imports(
        {graph: Import(graph, **values) for graph, values in sorted(described.items())},
        tuple(_actions(await ask_rows(engine, read_canned("imports-actions")))),
    )


def _actions(rows: Iterable[Row]) -> list[ImportedAction]:
    return sorted(
        ImportedAction(
            drug=row["drug"].value,
            target=row["target"].value,
            graph=row["import"].value,
            claim=row["claim"].value,
            inhibits="inhibits" in row,
        )
        for row in rows
    )
