"""The graphs of a snapshot as files of a release: together in every format, and each apart."""

from __future__ import annotations

import shutil
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO

from kg.change import graph_of_line
from kg.formats import GraphFormat
from kg.import_catalogue import IMPORT_GRAPHS
from kg.release_file import ReleaseFile
from kg.release_graphs import GraphDescription
from kg.snapshot import Snapshot
from kg.snapshot_shelf_parts import Part, graph_slug, part_name, write_part
from kg.xml_output import NotXmlError, XmlOutput

__all__ = ["WITHOUT_IMPORTS", "graph_file", "write_graphs", "write_whole"]

WITHOUT_IMPORTS = "data-without-imports.nq"
"""The file of all graphs but those of imports."""

_WHAT: Mapping[GraphFormat, str] = {
    GraphFormat.N_QUADS: "All graphs, each quad with its graph: the snapshot itself",
    GraphFormat.TRIG: "All graphs, each quad with its graph",
    GraphFormat.JSON_LD: "All graphs, each quad with its graph",
    GraphFormat.TURTLE: "All graphs merged, each triple once",
    GraphFormat.N_TRIPLES: "All graphs merged, each triple once",
    GraphFormat.RDF_XML: "All graphs merged, each triple once",
}
_MOST_OPEN = 200
_PIECE = 1 << 20


def write_whole(
    snapshot: Snapshot, folder: Path, prefixes: Mapping[str, str], licences: tuple[str, ...]
) -> Iterator[ReleaseFile]:
    """Yield the files of all graphs, one a format, each when it is written.

    RDF/XML is left out where a text holds a character that no XML document can.
    """
    for form, what in _WHAT.items():
        part = Part(None, form)
        name = part_name(part)
        if form is GraphFormat.N_QUADS:
            shutil.copyfile(snapshot.nquads, folder / name)
        else:
            write_part(snapshot, part, folder / name, prefixes=prefixes)
        if form is GraphFormat.RDF_XML and not _made_xml(folder / name):
            (folder / name).unlink()
            continue
        yield ReleaseFile(name, what, licences)


def graph_file(graph: str) -> str:
    """Return the name of the file of one graph: an import has a folder of its own.

    >>> graph_file("https://w3id.org/sarcoma-kg/graph/documents")
    'graphs/documents.nq'
    >>> graph_file("https://w3id.org/sarcoma-kg/graph/import-civic")
    'imports/civic/graph.nq'
    """
    slug = graph_slug(graph)
    if graph.startswith(IMPORT_GRAPHS) and slug.startswith("import-"):
        return f"imports/{slug.removeprefix('import-')}/graph.nq"
    return f"graphs/{slug}.nq"


def write_graphs(
    nquads: Path, folder: Path, graphs: Sequence[GraphDescription]
) -> tuple[ReleaseFile, ...]:
    """Write each graph as N-Quads, and all but the imports, in one pass over the snapshot."""
    names = {each.iri: graph_file(each.iri) for each in graphs}
    for name in names.values():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    with nquads.open("rb") as lines, _Files(folder) as files:
        apart = files.to(WITHOUT_IMPORTS)
        for line in lines:
            if line.startswith(b"#"):
                apart.write(line)
                continue
            graph = graph_of_line(line[:-1])
            files.to(names[graph]).write(line)
            if not graph.startswith(IMPORT_GRAPHS):
                files.to(WITHOUT_IMPORTS).write(line)
    own = sorted({g.licence for g in graphs if g.licence and not g.iri.startswith(IMPORT_GRAPHS)})
    return (
        ReleaseFile(WITHOUT_IMPORTS, "All graphs but those of imports", tuple(own)),
        *(
            ReleaseFile(
                names[each.iri],
                each.title or each.iri or "The default graph",
                (each.licence,) * bool(each.licence),
            )
            for each in graphs
        ),
    )


class _Files:
    """Files that are appended to, of which so many are open at a time: the oldest makes room."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: OrderedDict[str, IO[bytes]] = OrderedDict()

    def __enter__(self) -> _Files:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for file in self._open.values():
            file.close()

    def to(self, name: str) -> IO[bytes]:
        """Return the file of a name."""
        if name in self._open:
            self._open.move_to_end(name)
            return self._open[name]
        if len(self._open) >= _MOST_OPEN:
            self._open.popitem(last=False)[1].close()
        self._open[name] = (self._folder / name).open("ab")
        return self._open[name]


def _made_xml(path: Path) -> bool:
    """Make the XML of an engine such as readers take it; tell whether that can be."""
    beside = path.with_name(f".{path.name}")
    try:
        with path.open("rb") as read, beside.open("wb") as raw, XmlOutput(raw) as xml:
            shutil.copyfileobj(read, xml, _PIECE)
    except NotXmlError:
        beside.unlink(missing_ok=True)
        return False
    beside.replace(path)
    return True
