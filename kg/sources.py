"""Which files make which named graph: the shipped ones, and a user's own records."""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from kg.mapping_file import SUFFIX
from kg.problem import Place, Problem, Refused
from kg.shipped import Shipped

__all__ = [
    "GRAPH",
    "OverlayError",
    "Source",
    "SourceFile",
    "find_graph",
    "find_sources",
    "graph_iri",
]

GRAPH = "https://w3id.org/sarcoma-kg/graph/"
_NOT_RECORDS = frozenset({"examples", "mappings", "queries", "templates"})


class OverlayError(ValueError):
    """The folder given as ``--data`` holds no records; the message says why."""


@dataclass(frozen=True, order=True)
class SourceFile:
    """A file to read: its portable name, its path, and how messages name it."""

    name: str
    path: Path
    shown_as: str


@dataclass(frozen=True)
class Source:
    """A named graph and the files it is made from, in the order of their names."""

    graph: str
    files: tuple[SourceFile, ...]


def graph_iri(name: str) -> str:
    """Return the IRI of the named graph ``name``.

    >>> graph_iri("vocabulary-drugs")
    'https://w3id.org/sarcoma-kg/graph/vocabulary-drugs'
    """
    return GRAPH + name


def find_graph(name: str) -> str | None:
    """Return the IRI of the graph that a file of this portable name makes, or None.

    >>> find_graph("data/vocabularies/drugs.yaml")
    'https://w3id.org/sarcoma-kg/graph/vocabulary-drugs'
    >>> find_graph("shapes/drug.ttl") is None
    True
    """
    folder, _, rest = name.partition("/")
    path = PurePath(rest)
    match folder, path.suffix:
        case ["ontology", ".ttl"]:
            graph: str | None = _ontology_graph(path)
        case ["data", ".ttl"]:
            graph = "examples"
        case ["data", _]:
            graph = _shipped_graph(path)
        case ["overlay", _]:
            graph = _overlay_graph(path)
        case _:
            graph = None
    return graph_iri(graph) if graph else None


def find_sources(shipped: Shipped, overlay: Path | None = None) -> tuple[Source, ...]:
    """Return every named graph that is read from files: the shipped ones, then the user's.

    Each part is in the order of the graph IRIs.
    Raises Refused when a file lies where no graph is made from it, or would make that of
    another file of the user, and OverlayError when ``overlay`` is no folder or holds no
    ``.yaml`` file.
    """
    graphs = defaultdict(list)
    problems = []
    for name, file in (*_shipped_files(shipped), *_overlay_files(overlay)):
        if name is None:
            problems.append(_stray(file))
        else:
            graphs[graph_iri(name)].append(file)
    problems += _shared(graphs)
    if problems:
        raise Refused(problems)
    return tuple(Source(graph, tuple(sorted(graphs[graph]))) for graph in sorted(graphs, key=_rank))


def _rank(graph: str) -> tuple[bool, str]:
    return graph.startswith(graph_iri("overlay-")), graph


def _shipped_files(shipped: Shipped) -> Iterator[tuple[str | None, SourceFile]]:
    for path in sorted(shipped.ontology.glob("*.ttl")):
        name = f"ontology/{path.name}"
        yield _ontology_graph(path), SourceFile(name, path, name)
    for path in sorted((*shipped.data.glob("queries/*.ttl"), *shipped.data.glob("examples/*.ttl"))):
        name = path.relative_to(shipped.root).as_posix()
        yield "examples", SourceFile(name, path, name)
    for relative in _record_files(shipped.data) if shipped.data.is_dir() else ():
        name = f"data/{relative.as_posix()}"
        graph_name = _shipped_graph(relative)
        if graph_name != "":
            yield graph_name, SourceFile(name, shipped.data / relative, name)


def _ontology_graph(path: PurePath) -> str:
    return "ontology" if path.stem == "sarcoma" else path.stem


def _shipped_graph(relative: PurePath) -> str | None:
    """Return the graph of a file in data/: "" when it holds no records, None when misplaced."""
    if relative.parts[0] in _NOT_RECORDS and not relative.name.lower().endswith(SUFFIX):
        return ""
    graph = None
    match SUFFIX if relative.name.endswith(SUFFIX) else relative.suffix, *relative.parts:
        case [".sssom.tsv", "mappings", _]:
            graph = f"mapping-{relative.name.removesuffix(SUFFIX)}"
        case [".yaml", "documents", _]:
            graph = "documents"
        case [".yaml", "vocabularies", _]:
            graph = f"vocabulary-{relative.stem}"
        case [".yaml", "reference", _]:
            graph = f"reference-{relative.stem}"
        case [".yaml", "studies" | "guidelines", document, *_, _]:
            graph = f"document-{document}"
    return graph


def _overlay_files(overlay: Path | None) -> Iterator[tuple[str | None, SourceFile]]:
    if overlay is None:
        return
    if overlay.is_file():
        raise OverlayError(f"--data {overlay}: this is a file; give its folder")
    if not overlay.is_dir():
        raise OverlayError(f"--data {overlay}: there is no such folder; give a folder of records")
    found = tuple(_record_files(overlay))
    if not found:
        raise OverlayError(
            f"--data {overlay}: the folder holds no .yaml file; "
            "write a first one with sarcoma-kg new"
        )
    for relative in found:
        graph = _overlay_graph(relative) if _is_read(overlay / relative) else None
        name = f"overlay/{relative.as_posix()}"
        yield graph, SourceFile(name, overlay / relative, str(overlay / relative))


def _overlay_graph(relative: PurePath) -> str | None:
    is_mapping = relative.name.endswith(SUFFIX)
    bare = relative.as_posix().removesuffix(SUFFIX if is_mapping else relative.suffix)
    slug = _slug(bare)
    return f"overlay-{slug}" if slug else None


def _shared(graphs: Mapping[str, Sequence[SourceFile]]) -> Iterator[Problem]:
    """Yield a problem for each file of the user that would share its graph with another."""
    for graph, files in graphs.items():
        for file in files if graph.startswith(graph_iri("overlay-")) else ():
            others = " and ".join(each.shown_as for each in files if each != file)
            if others:
                message = f"{others} would make the same graph, {graph}; rename one of them"
                yield Problem(Place(file.shown_as), message)


def _record_files(folder: Path) -> list[PurePath]:
    """Return what looks like a file of records or mappings, read or not, but for hidden files."""
    found = (
        PurePath(parent, name).relative_to(folder)
        for parent, _, names in os.walk(folder, onerror=_raise)
        for name in names
        if name.lower().endswith((".yaml", ".yml", SUFFIX))
    )
    return sorted(path for path in found if not any(part[0] == "." for part in path.parts))


def _raise(error: OSError) -> None:
    """Say that a folder cannot be read; `os.walk` would leave its records out."""
    raise error


def _is_read(path: Path) -> bool:
    return path.name.endswith((".yaml", SUFFIX)) and path.is_file()


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


def _stray(file: SourceFile) -> Problem:
    if file.path.name.endswith(SUFFIX) and file.path.is_file():
        message = "shipped mappings are read from data/mappings/; move the file there"
    elif file.path.name.lower().endswith(SUFFIX) and file.path.is_file():
        message = f"mappings are read from {SUFFIX} files; write the end of its name small"
    elif file.path.suffix != ".yaml":
        message = f"records are read from .yaml files; rename it to {file.path.stem}.yaml"
    elif not file.path.is_file():
        message = "this is no file, or a link to nothing; mend or remove it"
    elif file.name.startswith("overlay/"):
        message = "the name of the file must have a letter a-z or a digit; rename it"
    else:
        message = (
            "no graph is made from a file here; move it to data/documents/, data/vocabularies/, "
            "data/studies/<document>/ or data/guidelines/<document>/"
        )
    return Problem(Place(file.shown_as), message)
