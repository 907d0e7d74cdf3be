"""The parts of a snapshot as files in every RDF format, written without holding them."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import IO

from pyoxigraph import Quad, RdfFormat, parse, serialize

from kg.change import graph_of_line
from kg.export import PREFIXES
from kg.formats import GraphFormat
from kg.graph_writing import sort_prefixes
from kg.snapshot import Snapshot
from kg.sources import GRAPH

__all__ = ["WHOLE", "Part", "find_part", "graph_slug", "part_name", "write_part"]

WHOLE = "data"
"""What the file of all graphs is called."""

_GRAPHS = "graphs/"
_DEFAULT = "default"
_PLAIN = re.compile(r"[a-z0-9][a-z0-9-]*")
_WITH_PREFIXES = (GraphFormat.TURTLE, GraphFormat.TRIG)
_LONGEST_HEAD = 64 * 1024
_MOST_OPEN = 256
"""Files of graphs that are written to at the same time."""


@dataclass(frozen=True)
class Part:
    """All graphs (None), or one graph (``""``: the default graph), in a format."""

    graph: str | None
    form: GraphFormat


def graph_slug(graph: str) -> str:
    """Return what the files of a graph are called: the end of its IRI, or a digest of it.

    >>> graph_slug("https://w3id.org/sarcoma-kg/graph/documents"), graph_slug("")
    ('documents', 'default')
    >>> graph_slug("http://e.org/A")
    'iri-5dea6af7106aeadf'
    """
    if not graph:
        return _DEFAULT
    slug = graph.removeprefix(GRAPH)
    if graph.startswith(GRAPH) and _PLAIN.fullmatch(slug) and slug != _DEFAULT:
        return slug
    return f"iri-{hashlib.sha256(graph.encode()).hexdigest()[:16]}"


def part_name(part: Part) -> str:
    """Return the name of a part: of its folder, if it is a graph, and its file.

    >>> part_name(Part(None, GraphFormat.TURTLE)), part_name(Part("", GraphFormat.N_TRIPLES))
    ('data.ttl', 'graphs/default.nt')
    """
    stem = WHOLE if part.graph is None else _GRAPHS + graph_slug(part.graph)
    return f"{stem}.{part.form.extension}"


def find_part(name: str, graphs: Iterable[str]) -> Part | None:
    """Return the part of this name, where it is one of all or of these graphs.

    >>> find_part("graphs/default.ttl", ["", "http://e.org/a"]).form.media_type
    'text/turtle'
    """
    stem, _, extension = name.rpartition(".")
    form = next((each for each in GraphFormat if each.extension == extension), None)
    if form is None:
        return None
    if stem == WHOLE:
        return Part(None, form)
    wanted = stem.removeprefix(_GRAPHS)
    graph = next((each for each in graphs if graph_slug(each) == wanted), None)
    return Part(graph, form) if graph is not None and stem.startswith(_GRAPHS) else None


def write_part(
    snapshot: Snapshot, part: Part, target: Path, *, prefixes: Mapping[str, str] = PREFIXES
) -> None:
    """Write a part of a snapshot, the same bytes as ``kg.export.export`` writes.

    A format without named graphs gets each triple once. What is held is a few lines; beside
    ``target`` there must be room for the part twice.
    """
    with tempfile.TemporaryDirectory(dir=target.parent) as folder, ExitStack() as files:
        lines = _part_lines(files.enter_context(snapshot.nquads.open("rb")), part.graph)
        if part.form is GraphFormat.N_QUADS:
            _write_lines(lines, target)
        elif part.form is GraphFormat.N_TRIPLES:
            _write_lines(_triples(lines), target)
        elif part.form.engine.supports_datasets:
            _serialise(_by_graph(lines, Path(folder)), part.form, target, prefixes)
        else:
            _write_lines(_triples(lines), Path(folder) / "triples")
            triples = parse(path=Path(folder) / "triples", format=RdfFormat.N_TRIPLES)
            _serialise(triples, part.form, target, prefixes)


def _part_lines(file: IO[bytes], graph: str | None) -> Iterator[bytes]:
    """Yield the lines of all graphs, empty ones too, or the quads of one."""
    if graph is None:
        yield from file
        return
    for line in file:
        if not line.startswith(b"#") and graph_of_line(line[:-1]) == graph:
            yield line


def _write_lines(lines: Iterable[bytes], target: Path) -> None:
    with target.open("wb") as output:
        output.writelines(lines)


def _triples(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield quads without their graphs; those of a triple follow each other."""
    last = b""
    for line in lines:
        if line.startswith(b"#"):
            continue
        triple = line[:-3]
        if graph_of_line(line[:-1]):
            triple = triple[: triple.rindex(b" ")]
        if triple != last:
            yield triple + b" .\n"
            last = triple


def _by_graph(lines: Iterable[bytes], folder: Path) -> Iterator[Quad]:
    """Yield quads in the order of their graphs, by way of a file for each."""
    paths: dict[str, Path] = {}
    with _Appending() as appending:
        for line in lines:
            if not line.startswith(b"#"):
                graph = graph_of_line(line[:-1])
                path = paths.setdefault(graph, folder / str(len(paths)))
                appending.to(path).write(line)
    return chain.from_iterable(
        parse(path=paths[graph], format=RdfFormat.N_QUADS) for graph in sorted(paths)
    )


class _Appending:
    """Files that are appended to, of which so many are open at a time."""

    def __init__(self) -> None:
        self._open: dict[Path, IO[bytes]] = {}

    def __enter__(self) -> _Appending:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._open.values():
            file.close()

    def to(self, path: Path) -> IO[bytes]:
        """Return the file at a path; the one that was opened first makes room for it."""
        found = self._open.get(path)
        if found is None:
            if len(self._open) >= _MOST_OPEN:
                self._open.pop(next(iter(self._open))).close()
            found = self._open[path] = path.open("ab")
        return found


def _serialise(
    quads: Iterable[Quad], form: GraphFormat, target: Path, prefixes: Mapping[str, str]
) -> None:
    given = dict(prefixes) if form in _WITH_PREFIXES else None
    items = quads if form.engine.supports_datasets else (quad.triple for quad in quads)
    serialize(items, str(target), form.engine, prefixes=given)
    if given:
        # The serialiser shuffles the declarations: in another order they are as long.
        with target.open("r+b") as file:
            head = sort_prefixes(file.read(_LONGEST_HEAD))
            file.seek(0)
            file.write(head)
