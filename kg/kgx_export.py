"""A snapshot as files of KGX in a folder: of the claims, and of each import apart."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, product
from pathlib import Path

from kg.import_catalogue import IMPORT_GRAPHS
from kg.kgx import EDGE_COLUMNS, NODE_COLUMNS, ClaimsReader
from kg.kgx_imports import ImportFiles, write_imports
from kg.kgx_writing import KgxForm, write_records, write_tsv
from kg.shipped import Shipped
from kg.snapshot import Snapshot
from kg.snapshot_shelf_parts import graph_slug

__all__ = ["CLAIMS", "KgxFile", "KgxPart", "export_kgx", "kgx_parts"]

CLAIMS = "claims"
"""What the files of the claims of the documents are called."""

_COLUMNS: Mapping[str, tuple[str, ...]] = {"nodes": NODE_COLUMNS, "edges": EDGE_COLUMNS}


@dataclass(frozen=True)
class KgxPart:
    """The nodes or the edges of an import, by its graph, or of the claims (``""``), in a form."""

    graph: str
    part: str
    form: KgxForm

    @property
    def name(self) -> str:
        """The name of its file.

        >>> KgxPart("", "nodes", KgxForm.TSV).name
        'claims_nodes.tsv'
        >>> KgxPart(f"{IMPORT_GRAPHS}civic", "edges", KgxForm.JSONL).name
        'import-civic_edges.jsonl'
        """
        stem = graph_slug(self.graph) if self.graph else CLAIMS
        return f"{stem}_{self.part}.{self.form.ending}"


@dataclass(frozen=True)
class KgxFile:
    """A file that was written, the graph of the import that it is of, and its records.

    ``graph`` is empty where it is of the claims.
    """

    name: str
    graph: str
    part: str
    count: int


def kgx_parts(
    graphs: Iterable[str], forms: Iterable[KgxForm] = tuple(KgxForm)
) -> tuple[KgxPart, ...]:
    """Return the files of a snapshot with these graphs: of the claims, and of each import.

    >>> [each.name for each in kgx_parts(["e:g"], [KgxForm.TSV])]
    ['claims_nodes.tsv', 'claims_edges.tsv']
    """
    of = ["", *sorted(each for each in graphs if each.startswith(IMPORT_GRAPHS))]
    return tuple(KgxPart(*each) for each in product(of, _COLUMNS, forms))


def export_kgx(
    snapshot: Snapshot,
    shipped: Shipped,
    folder: Path,
    forms: tuple[KgxForm, ...],
    read_claims: ClaimsReader,
) -> tuple[KgxFile, ...]:
    """Write a snapshot into a folder that is there, in some forms, and return the files.

    These are those of ``kgx_parts``, also where they have no records. The same snapshot gives
    the same bytes.
    """
    claims = read_claims(snapshot, shipped)
    written: list[KgxFile] = []
    with tempfile.TemporaryDirectory(dir=folder, prefix=".kgx-") as name:
        made = Path(name)
        nodes, edges = made / "claims.nodes", made / "claims.edges"
        counts = write_records(claims.nodes, nodes), write_records(claims.edges, edges)
        parts = chain(
            [ImportFiles("", nodes, edges, counts)],
            write_imports(snapshot.nquads, snapshot.manifest, nodes, claims.identifiers, made),
        )
        for each in parts:
            written += _written(each, folder, forms)
    return tuple(written)


def _written(made: ImportFiles, folder: Path, forms: tuple[KgxForm, ...]) -> Iterator[KgxFile]:
    """Yield the files of the claims, or of an import, in each form, when each is written."""
    lines = (("nodes", made.nodes), ("edges", made.edges))
    for (part, path), count in zip(lines, made.counts, strict=True):
        for form in forms:
            name = KgxPart(made.graph, part, form).name
            if form is KgxForm.TSV:
                write_tsv(path, folder / name, _COLUMNS[part])
            else:
                shutil.copyfile(path, folder / name)
            yield KgxFile(name, made.graph, part, count)
