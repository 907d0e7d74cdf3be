"""What an import takes from an installation: names to match, shapes to pass, code it is made by."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from kg.importing.gate import read_import_gate
from kg.importing.importer import Importer
from kg.importing.run import Options, Order
from kg.importing.source_files import find_files
from kg.importing.terms_reading import terms_of
from kg.inputs import inputs_of
from kg.shipped import Shipped

__all__ = ["make_order"]


def make_order(
    importer: Importer,
    paths: Sequence[Path],
    shipped: Shipped,
    *,
    overlay: Path | None = None,
    home: Path | None = None,
    options: Options | None = None,
) -> Order:
    """Return the order to import files with what this graph knows.

    Raises what `find_files` raises for paths without files, and what reading the records and the
    journal raises.
    """
    files = find_files(paths, importer.endings)
    terms = terms_of(shipped, overlay, home)
    return Order(
        importer,
        files,
        terms,
        read_import_gate(shipped, terms.types),
        inputs_of(dict(_rules(shipped))).digest,
        options or Options(),
    )


def _rules(shipped: Shipped) -> Iterator[tuple[str, str]]:
    """Yield the digests of what the gate reads, by portable names."""
    for path in (shipped.ontology / "sarcoma.ttl", *shipped.shapes.glob("imported-*.ttl")):
        name = path.relative_to(shipped.root).as_posix()
        yield name, hashlib.sha256(path.read_bytes()).hexdigest()
