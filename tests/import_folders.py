"""Imports on disk as the importer leaves them, made of a few lines, for tests."""

from __future__ import annotations

import hashlib
from pathlib import Path

from kg.importing.folder import Counts, Description, Import, imports_folder, read_import
from kg.importing.statement import IMPORTED, import_graph

__all__ = ["line", "write_import"]


def line(name: str, record: str, value: str, text: str = "recordId") -> bytes:
    """Return a line of N-Quads on a record of an import."""
    predicate = f"https://w3id.org/sarcoma-kg/ontology/{text}"
    return (
        f'<{IMPORTED}{name}/{record}> <{predicate}> "{value}" <{import_graph(name)}> .\n'.encode()
    )


def write_import(
    home: Path, name: str, *lines: bytes, refers: tuple[str, ...] = (), **said: str
) -> Import:
    """Write an import of a home with these lines, and return it."""
    folder = imports_folder(home) / name
    folder.mkdir(parents=True, exist_ok=True)
    content = b"".join(sorted(lines))
    (folder / "graph.nq").write_bytes(content)
    described = {
        "title": f"The title of {name}",
        "source": "https://example.org/source",
        "version": "2026-01",
        "licence": "https://creativecommons.org/publicdomain/zero/1.0/",
        "attribution": "Their makers",
        "retrieved": "2026-02-03",
        **said,
    }
    description = Description(
        name=name,
        files={"a.json": "ab" * 32},
        digest=hashlib.sha256(content).hexdigest(),
        terms="",
        only_matched=False,
        counts=Counts(read=3, kept=2, triples=len(lines), rejects={"duplicate": 1}),
        refers=refers,
        **described,
    )
    (folder / "import.json").write_text(description.to_json(), encoding="utf-8")
    found = read_import(folder)
    assert found
    return found
