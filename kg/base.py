"""What a data set starts from: the shipped graph, RDF files of the user, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pyoxigraph import Store

from kg.assembly import Assembly, apply_journal, assemble, check_written, complete
from kg.building import Base, InputsChangedError, build
from kg.catalogue import is_made
from kg.context import read_context
from kg.file_digests import FileDigests
from kg.import_catalogue import IMPORT_GRAPHS, digest_imports
from kg.importing.folder import Import, find_imports
from kg.inputs import Inputs, digest_rules, inputs_of, read_inputs
from kg.journal import Entry
from kg.manifest import GraphCounts, count_graphs
from kg.places import PlaceFinder, Places
from kg.progress import Progress
from kg.quad_lines import sha256_of
from kg.rdf_files import digest_files, read_rdf_files
from kg.reading import read_sources
from kg.settings import Settings, SettingsError
from kg.shipped import Shipped, find_shipped
from kg.sources import GRAPH, find_graph, find_sources

__all__ = ["Base", "EmptyBase", "FilesBase", "ShippedBase", "build", "choose_base", "read_base"]

_ONTOLOGY = f"{GRAPH.removesuffix('graph/')}ontology/"


@dataclass(frozen=True)
class ShippedBase:
    """The shipped graph, with a user's own records and what was imported where there are any.

    ``importing`` is the home whose imports belong to it; without one, none do.
    """

    shipped: Shipped
    overlay: Path | None = None
    importing: Path | None = None

    def home(self, home: Path) -> Path:
        """Return the home itself."""
        return home

    def is_read_only(self, graph: str) -> bool:
        """Tell whether a graph is made by the build alone, or by an import."""
        return is_made(graph) or graph.startswith(IMPORT_GRAPHS)

    def read_inputs(self) -> Inputs:
        """Return the digests of all files; raises Refused, OverlayError and ImportDamagedError."""
        sources = find_sources(self.shipped, self.overlay)
        return read_inputs(self.shipped, sources, digest_imports(self._imports()))

    def read_places(self) -> PlaceFinder:
        """Return where the records state what; raises Refused and OverlayError."""
        sources = find_sources(self.shipped, self.overlay)
        portable = (
            replace(each, files=tuple(replace(file, shown_as=file.name) for file in each.files))
            for each in sources
        )
        return read_sources(portable, read_context(self.shipped.context)).places

    def assemble(self, journal: Sequence[Entry], progress: Progress) -> Assembly:
        """Return the graph of the records and the journal; raises Refused and OverlayError."""
        sources, imports = find_sources(self.shipped, self.overlay), self._imports()
        return assemble(self.shipped, sources, progress, journal=journal, imports=imports)

    def files_to_sort(self, journal: Sequence[Entry]) -> None:
        """Return nothing: the records are read in memory."""

    def has_rules_of(self, inputs: Inputs) -> bool:
        """Tell whether no rule and no import was changed, added or removed since these inputs."""
        is_same = digest_imports(self._imports()) == inputs.imports
        return is_same and digest_rules(self.shipped) == inputs.rules

    def complete(
        self, store: Store, inputs: Inputs
    ) -> tuple[dict[str, GraphCounts], tuple[Import, ...]]:
        """Add what the rules infer, and the catalogue; raises Refused."""
        graphs, imports = dict.fromkeys(map(find_graph, inputs.files)), self._imports()
        return complete(store, self.shipped, filter(None, graphs), imports)[0], imports

    def to_json(self) -> dict[str, Any]:
        """Return the base as ``read_base`` reads it."""
        return {
            "shipped": str(self.shipped.root),
            "overlay": self.overlay and str(self.overlay),
            "importing": self.importing and str(self.importing),
        }

    def _imports(self) -> tuple[Import, ...]:
        return () if self.importing is None else find_imports(self.importing, self.shipped)


@dataclass(frozen=True)
class _ForeignBase:
    """A data set of which nothing is known: no rules and no catalogue, and any graph is written."""

    @property
    def shipped(self) -> Shipped:
        """The shipped shapes, which say nothing of other classes than ours."""
        return find_shipped()

    def is_read_only(self, graph: str) -> bool:  # noqa: ARG002
        """Tell that every graph may be written."""
        return False

    def read_places(self) -> PlaceFinder:
        """Return no places."""
        return Places()

    def files_to_sort(
        self,
        journal: Sequence[Entry],  # noqa: ARG002
    ) -> tuple[tuple[Path, str], ...] | None:
        """Return nothing."""
        return None

    def has_rules_of(self, inputs: Inputs) -> bool:  # noqa: ARG002
        """Tell that there are no rules to change."""
        return True

    def complete(
        self,
        store: Store,
        inputs: Inputs,  # noqa: ARG002
    ) -> tuple[dict[str, GraphCounts], tuple[Import, ...]]:
        """Return the counts of all graphs; nothing follows from them, and nothing is imported."""
        return count_graphs(store, ontology=_ONTOLOGY), ()

    def _with(self, store: Store, journal: Sequence[Entry]) -> Assembly:
        is_gated = any(entry.is_gated for entry in journal)
        problems = apply_journal(
            store, journal, lambda: check_written(self.shipped, store, journal) if is_gated else ()
        )
        return Assembly(store, problems, count_graphs(store, ontology=_ONTOLOGY))


@dataclass(frozen=True)
class EmptyBase(_ForeignBase):
    """Nothing: what is there, users wrote."""

    def home(self, home: Path) -> Path:
        """Return the folder of the empty data set in a home."""
        return home / "datasets" / "empty"

    def read_inputs(self) -> Inputs:
        """Return the digest of no files."""
        return inputs_of({})

    def assemble(self, journal: Sequence[Entry], progress: Progress) -> Assembly:  # noqa: ARG002
        """Return what was written; raises Refused."""
        return self._with(Store(), journal)

    def to_json(self) -> dict[str, Any]:
        """Return the base as ``read_base`` reads it."""
        return {}


@dataclass(frozen=True)
class FilesBase(_ForeignBase):
    """RDF files of any format; ``digest`` tells these files from others, make it with ``of``."""

    files: tuple[Path, ...]
    digest: str
    remembered: Path | None = field(default=None, compare=False)

    @classmethod
    def of(cls, files: Sequence[Path], remembered: Path | None = None) -> FilesBase:
        """Return the base of some files; raises Refused for those that cannot be read.

        Digests of large files are remembered in a file, if one is given.
        """
        given = tuple(files)
        return cls(given, _digest(digest_files(given, _digester(remembered))), remembered)

    def home(self, home: Path) -> Path:
        """Return the folder of the data set of these files in a home."""
        return home / "datasets" / self.digest[:12]

    def read_inputs(self) -> Inputs:
        """Return the digests of the files; raises Refused and InputsChangedError."""
        digests = digest_files(self.files, _digester(self.remembered))
        if _digest(digests) != self.digest:
            names = ", ".join(map(str, self.files))
            raise InputsChangedError(f"{names} changed since this was started; start again")
        return inputs_of(digests)

    def files_to_sort(self, journal: Sequence[Entry]) -> tuple[tuple[Path, str], ...] | None:
        """Return the files with their digests; with writes, all is made in memory."""
        if journal:
            return None
        digest = _digester(self.remembered)
        return tuple((path, digest(path)) for path in self.files)

    def assemble(self, journal: Sequence[Entry], progress: Progress) -> Assembly:
        """Return what the files and the journal say; raises Refused."""
        progress.start("Reading the files")
        store = read_rdf_files(self.files)
        progress.finish(f"{len(store):,} quads from {len(self.files)} files")
        return self._with(store, journal)

    def to_json(self) -> dict[str, Any]:
        """Return the base as ``read_base`` reads it."""
        return {
            "files": [str(path) for path in self.files],
            "digest": self.digest,
            "remembered": self.remembered and str(self.remembered),
        }


def choose_base(settings: Settings, shipped: Shipped) -> Base:
    """Return the base that settings name; raises SettingsError for two at once, and Refused."""
    chosen = {"--empty": settings.empty, "--graph": settings.graph, "--data": settings.data}
    given = [flag for flag, value in chosen.items() if value]
    if len(given) > 1:
        raise SettingsError(f"{' and '.join(given)} exclude each other; give one of them")
    if settings.empty:
        return EmptyBase()
    if settings.graph:
        return FilesBase.of(settings.graph, settings.home / "datasets" / "digests.json")
    return ShippedBase(shipped, settings.data, settings.home if settings.imports else None)


def read_base(values: dict[str, Any]) -> Base:
    """Return the base that ``to_json`` described.

    >>> read_base(EmptyBase().to_json())
    EmptyBase()
    """
    if "shipped" in values:
        overlay, importing = values["overlay"], values["importing"]
        return ShippedBase(
            Shipped(Path(values["shipped"])),
            overlay and Path(overlay),
            importing and Path(importing),
        )
    if "files" in values:
        remembered = values["remembered"]
        files = tuple(map(Path, values["files"]))
        return FilesBase(files, values["digest"], remembered and Path(remembered))
    return EmptyBase()


def _digester(remembered: Path | None) -> Callable[[Path], str]:
    return FileDigests(remembered) if remembered else sha256_of


def _digest(files: Mapping[str, str]) -> str:
    text = "".join(f"{name}\t{digest}\n" for name, digest in files.items())
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
