"""The graph in Python: queries, data frames, paths and rdflib, of one snapshot."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self, TypeVar

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

from kg.answering import Filter, FilterError
from kg.base import build, choose_base
from kg.deep_stack import on_deep_stack
from kg.evaluation import engine_failure, evaluate
from kg.export import find_graphs
from kg.frames import frame_of_listing
from kg.near import suggest
from kg.opened_snapshot import OpenedSnapshot
from kg.passage_places import find_places
from kg.path_objects import Paths
from kg.query_error import QueryRefusedError
from kg.query_text import Form
from kg.settings import Settings, read_settings
from kg.shipped import Shipped, find_shipped
from kg.snapshot import Snapshot, find_current, get_snapshot
from kg.solutions import Solutions, read_solutions

if TYPE_CHECKING:
    import pandas as pd
    import rdflib

__all__ = ["Graph", "open_graph"]

Found = TypeVar("Found", QuerySolutions, QueryBoolean, QueryTriples)
Made = TypeVar("Made")

_OTHERWISE = {
    Form.SELECT: "this is a SELECT query; give it to query()",
    Form.ASK: "this is an ASK query; give it to ask()",
    Form.CONSTRUCT: "this is a CONSTRUCT query; give it to construct()",
    Form.DESCRIBE: "this is a DESCRIBE query; give it to construct()",
}


def open_graph(
    home: str | os.PathLike[str] | None = None,
    *,
    data: str | os.PathLike[str] | None = None,
    snapshot: str | None = None,
    imports: bool = True,
) -> Graph:
    """Open the current snapshot of a home, which is built when there is none.

    ``home`` is the folder where snapshots live, by default that of the command line; ``data`` a
    folder of your own records to add; ``snapshot`` the start of the id of another snapshot.
    Without ``imports``, the graph has no word of other databases. With ``data``, or without
    ``imports``, what is current stays it. Raises SnapshotMissing, Refused with what is wrong
    with the records, SettingsError and OSError.
    """
    if snapshot is not None and (data is not None or not imports):
        raise ValueError("a snapshot has its records and imports; give snapshot alone")
    settings = read_settings(home=_path(home), data=_path(data), imports=None if imports else False)
    shipped = find_shipped()
    found = _find(settings, snapshot, shipped)
    return Graph(OpenedSnapshot(found, shipped))


def _path(given: str | os.PathLike[str] | None) -> Path | None:
    if given is None:
        return None
    if not os.fspath(given):
        raise ValueError("the path of a folder is empty; give one, or leave it out")
    return Path(given).expanduser()


def _find(settings: Settings, prefix: str | None, shipped: Shipped) -> Snapshot:
    base = choose_base(settings, shipped)
    if prefix is not None:
        return get_snapshot(base.home(settings.home), prefix)
    if settings.data is not None or not settings.imports:
        return build(base, settings.home, as_current=False)
    return find_current(base.home(settings.home)) or build(base, settings.home)


@dataclass(frozen=True, eq=False)
class Graph:
    """One snapshot of the graph, which stays what it is while others are built.

    It may be asked by several threads, and by processes forked from this one. Close it, use it
    in a ``with``, or let go of it: until then the snapshot is not removed.
    """

    _opened: OpenedSnapshot

    @property
    def snapshot(self) -> str:
        """The id of the snapshot: the hash of its content."""
        return self._opened.snapshot.id

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds that ``table`` has lists of, such as ``drug-classes``."""
        return self._opened.ask(lambda answers: answers.kinds)

    def query(self, sparql: str) -> Solutions:
        """Return the rows of a SELECT query; raises a QueryError.

        As at the endpoint, usual prefixes need no declaration, a query that names no graph sees
        the union of all, and SERVICE is refused. There is no limit of time.
        """
        return self._evaluate(sparql, QuerySolutions, read_solutions)

    def ask(self, sparql: str) -> bool:
        """Return the answer of an ASK query; raises as ``query`` does."""
        return self._evaluate(sparql, QueryBoolean, bool)

    def construct(self, sparql: str) -> rdflib.Graph:
        """Return what a CONSTRUCT or DESCRIBE query makes; raises as ``query`` does."""
        from kg.rdflib_dataset import graph_of  # noqa: PLC0415 - rdflib takes long

        prefixes = self._opened.prefixes
        return self._evaluate(sparql, QueryTriples, lambda found: graph_of(found, prefixes))

    def rdflib(self, *graphs: str) -> rdflib.Dataset:
        """Return all named graphs for rdflib, or some, by their IRIs or the ends of these.

        It is a copy in memory, made anew each time. Raises GraphMissing.
        """
        from kg.rdflib_dataset import dataset_of  # noqa: PLC0415

        opened = self._opened
        wanted = [iri for name in graphs for iri in find_graphs(opened.snapshot, name)]
        return dataset_of(opened.store, opened.prefixes, wanted if graphs else None)

    def _evaluate(self, sparql: str, wanted: type[Found], read: Callable[[Found], Made]) -> Made:
        """Return a query's results as ``read`` reads them; the engine's stay in one thread."""
        opened = self._opened

        def work() -> Made:
            answer = evaluate(
                opened.store,
                sparql,
                prefixes=opened.prefixes,
                merges=opened.merges,
                find_index=lambda: opened.index,
            )
            if not isinstance(answer.results, wanted):
                raise QueryRefusedError(_OTHERWISE[answer.form])
            try:
                return read(answer.results)
            except (RuntimeError, OSError) as error:
                raise engine_failure(error, {}) from None

        return on_deep_stack(work)

    def paths(self, **filters: Filter) -> Paths:
        """Return the paths from drugs to tumours, as ``/api/v1/paths`` has them.

        Filters are its parameters, such as drug, target, family, histology, kind and source;
        at least one must name something, or be ``"*"``. Raises FilterError, UnknownNameError
        and AmbiguousNameError.
        """
        return Paths.of(self._opened.ask(lambda answers: answers.paths(filters)))

    def table(self, kind: str, **filters: Filter) -> pd.DataFrame:
        """Return the records of a kind as a data frame, filtered as ``/api/v1/<kind>`` does.

        Raises FilterError, UnknownNameError, AmbiguousNameError and PandasMissingError.
        """
        opened = self._opened
        known = self.kinds
        path = kind.replace("_", "-")
        if path not in known:
            near = suggest(path, known) or f"; there are {', '.join(known)}"
            raise FilterError("kind", f"there is no list of '{kind}'{near}")
        listing = opened.ask(lambda answers: answers.find(path, filters))
        has_passages = any(column.name == "section" for column in listing.columns)
        return frame_of_listing(listing, find_places(opened.store) if has_passages else None)

    def evidence(self, **filters: Filter) -> pd.DataFrame:
        """Return results, one row each, such as ``evidence(histology="GIST", drug="imatinib")``.

        A histology takes narrower ones along, and ``match`` says ``direct`` or ``inherited``;
        ``direct=True`` leaves the latter out. Nothing is pooled. Raises as ``table`` does.
        """
        return self.table("evidence", **filters)

    def comparisons(self, **filters: Filter) -> pd.DataFrame:
        """Return the results that compare two groups."""
        return self.table("comparisons", **filters)

    def claims(self, **filters: Filter) -> pd.DataFrame:
        """Return all claims of the documents, results among them."""
        return self.table("claims", **filters)

    def drugs(self, **filters: Filter) -> pd.DataFrame:
        """Return the drugs."""
        return self.table("drugs", **filters)

    def histologies(self, **filters: Filter) -> pd.DataFrame:
        """Return the histologies."""
        return self.table("histologies", **filters)

    def targets(self, **filters: Filter) -> pd.DataFrame:
        """Return the targets of drugs."""
        return self.table("targets", **filters)

    def studies(self, **filters: Filter) -> pd.DataFrame:
        """Return the studies that documents report."""
        return self.table("studies", **filters)

    def documents(self, **filters: Filter) -> pd.DataFrame:
        """Return the documents, with their dates."""
        return self.table("documents", **filters)

    def close(self) -> None:
        """Let go of the snapshot; what is asked afterwards raises ClosedError."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        state = ", closed" if self._opened.is_closed else ""
        quads = self._opened.snapshot.manifest.quads
        return f"<Graph {self.snapshot[:12]}, {quads:,} quads{state}>"
