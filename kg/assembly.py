"""A complete graph in memory: read, gated, with the accepted writes and what the rules infer."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pyoxigraph import NamedNode, Quad, Store

from kg.asserted import select_asserted
from kg.catalogue import CATALOGUE, describe_graphs, is_made
from kg.change import apply_change, graph_name
from kg.context import read_context
from kg.gate import read_gate, stopping
from kg.import_catalogue import check_references, describe_imports
from kg.importing.folder import Import
from kg.journal import Entry
from kg.manifest import GraphCounts, count_graphs
from kg.namespaces import read_namespaces
from kg.places import Places
from kg.problem import Problem, Refused
from kg.progress import Progress, Silence
from kg.reading import read_sources
from kg.rules import infer, read_rules
from kg.shipped import Shipped
from kg.sources import Source
from kg.written_places import WrittenPlaces

__all__ = ["Assembly", "apply_journal", "assemble", "check_written", "complete"]


@dataclass(frozen=True)
class Assembly:
    """A complete graph that passed the gate, in memory; ``problems`` are those that stop nothing.

    ``counts`` are the counts of each graph, ``rounds`` how often the rules were applied, and
    ``names`` the portable names of the files that problems name as they were typed. ``imports``
    belong to it too, and stay on disk: no rule sees them, and their gate was passed before.
    """

    store: Store
    problems: tuple[Problem, ...]
    counts: dict[str, GraphCounts]
    rounds: int = 0
    names: Mapping[str, str] = field(default_factory=dict)
    imports: tuple[Import, ...] = ()

    @property
    def portable_problems(self) -> tuple[Problem, ...]:
        """The problems with portable names of files, the same from every working directory."""
        return tuple(sorted(map(self._portable, self.problems)))

    def _portable(self, problem: Problem) -> Problem:
        file = problem.place.file
        return replace(problem, place=replace(problem.place, file=self.names.get(file, file)))


def assemble(
    shipped: Shipped,
    sources: tuple[Source, ...],
    progress: Progress | None = None,
    *,
    journal: Sequence[Entry] = (),
    imports: Sequence[Import] = (),
) -> Assembly:
    """Return the graph of the sources, of accepted writes and imports, with what the rules infer.

    Raises Refused with all problems of the stage that found any, and JournalDamagedError.
    """
    listener = progress or Silence()
    context = read_context(shipped.context, shown_as="ontology/context.jsonld")
    gate = read_gate(shipped.shapes)

    listener.start("Reading the records", sum(len(source.files) for source in sources))
    asserted = read_sources(sources, context, progress=listener)
    store, places = asserted.store, WrittenPlaces(journal, asserted.places)
    listener.finish(f"{len(store):,} triples from {len(sources)} graphs")

    listener.start("Checking shapes and rules")
    problems = apply_journal(
        store,
        journal,
        lambda: gate.problems(store, places=places, namespaces=context.namespaces),
    )
    listener.finish(f"no violation, {len(problems)} to review")

    check_references(store, imports)
    listener.start("Inferring")
    before = len(store)
    read = [source.graph for source in sources]
    counts, rounds = complete(store, shipped, read, imports)
    inferred = len(store) - before - counts[CATALOGUE].triples
    listener.finish(f"{inferred:,} triples in {rounds} rounds")
    names = {file.shown_as: file.name for source in sources for file in source.files}
    return Assembly(store, problems, counts, rounds, names, tuple(imports))


def apply_journal(
    store: Store, journal: Sequence[Entry], check: Callable[[], tuple[Problem, ...]]
) -> tuple[Problem, ...]:
    """Make accepted writes in a store, and return what ``check`` finds in what must pass.

    That is the graph with the last write that passed the gate, and those before it; later ones
    were accepted without. Raises Refused.
    """
    gated = max((entry.number for entry in journal if entry.is_gated), default=0)
    for entry in journal[:gated]:
        apply_change(store, entry.change)
    problems = check()
    if violations := stopping(problems):
        raise Refused(violations)
    for entry in journal[gated:]:
        apply_change(store, entry.change)
    return problems


def check_written(shipped: Shipped, store: Store, journal: Sequence[Entry]) -> tuple[Problem, ...]:
    """Return what the shipped shapes and checks find in a store that users wrote.

    As in a build of files, what is named as inferred is not judged.
    """
    return read_gate(shipped.shapes).problems(
        select_asserted(store, is_made),
        places=WrittenPlaces(journal, Places()),
        namespaces=read_namespaces(shipped.context),
    )


def complete(
    store: Store, shipped: Shipped, sources: Iterable[str], imports: Sequence[Import] = ()
) -> tuple[dict[str, GraphCounts], int]:
    """Add to asserted graphs what the rules infer and the catalogue; return counts and rounds.

    ``sources`` are the graphs that are read from files; the other ones were written by users.
    The graphs of ``imports``, which stay on disk, are described and counted with the others.
    Raises Refused for a rule that fails.
    """
    read, rules = tuple(sources), read_rules(shipped.ontology / "rules")
    written = sorted({graph_name(graph) for graph in store.named_graphs()}.difference(read))
    inference = infer(store, rules)
    graph = NamedNode(CATALOGUE)
    descriptions = (*describe_graphs(read, rules, written), *describe_imports(imports))
    store.extend(Quad(t.subject, t.predicate, t.object, graph) for t in descriptions)
    counts = count_graphs(store, ontology=read_namespaces(shipped.context).ontology)
    counts |= {each.graph: GraphCounts(each.counts.triples, 0) for each in imports}
    return dict(sorted(counts.items())), inference.rounds
