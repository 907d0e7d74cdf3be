"""A snapshot as files of KGX in a folder: of the claims, and of each import apart."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from kg.kgx import EDGE_COLUMNS, NODE_COLUMNS, ClaimsReader
from kg.kgx_imports import ImportFiles, write_imports
from kg.kgx_writing import KgxForm, write_records, write_tsv
from kg.shipped import Shipped
from kg.snapshot import Snapshot

__all__ = ["CLAIMS", "KgxFile", "export_kgx"]

CLAIMS = "claims"
"""What the files of the claims of the documents are called."""

_COLUMNS: Mapping[str, tuple[str, ...]] = {"nodes": NODE_COLUMNS, "edges": EDGE_COLUMNS}


@dataclass(frozen=True)
class KgxFile:
    """A file that was written, the graph of the import that it is of, and its records.

    ``graph`` is empty where it is of the claims.
    """

    name: str
    graph: str
    part: str
    count: int


def export_kgx(
    snapshot: Snapshot,
    shipped: Shipped,
    folder: Path,
    forms: tuple[KgxForm, ...],
    read_claims: ClaimsReader,
) -> tuple[KgxFile, ...]:
    """Write a snapshot into a folder that is there, in some forms, and return the files.

    The same snapshot gives the same bytes.
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
            if any(each.counts):
                written += _written(each, folder, forms)
    return tuple(written)


def _written(made: ImportFiles, folder: Path, forms: tuple[KgxForm, ...]) -> Iterator[KgxFile]:
    """Yield the files of the claims, or of an import, in each form, when each is written."""
    stem = f"import-{made.nodes.stem}" if made.graph else CLAIMS
    lines = (("nodes", made.nodes), ("edges", made.edges))
    for (part, path), count in zip(lines, made.counts, strict=True):
        for form in forms:
            name = f"{stem}_{part}.{form.ending}"
            if form is KgxForm.TSV:
                write_tsv(path, folder / name, _COLUMNS[part])
            else:
                shutil.copyfile(path, folder / name)
            yield KgxFile(name, made.graph, part, count)
