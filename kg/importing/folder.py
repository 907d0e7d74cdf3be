"""An import on disk: a folder with sorted N-Quads, and what they are and where from."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from kg.importing.statement import import_graph
from kg.quad_lines import sha256_of
from kg.shipped import Shipped

__all__ = [
    "DESCRIPTION_FILE",
    "GRAPH_FILE",
    "REJECTS_FILE",
    "UNMATCHED_FILE",
    "Counts",
    "Description",
    "Import",
    "ImportDamagedError",
    "find_imports",
    "imports_folder",
    "read_import",
]

GRAPH_FILE = "graph.nq"
DESCRIPTION_FILE = "import.json"
REJECTS_FILE = "rejects.tsv"
UNMATCHED_FILE = "unmatched.tsv"


class ImportDamagedError(OSError):
    """An import on disk cannot be read; the message says which, and what to do."""


@dataclass(frozen=True)
class Counts:
    """What an import counted.

    ``matched`` are the kept records that refer to a thing of this graph, ``refers`` the things
    they refer to; ``rejects`` counts by rule, ``unmatched`` by kind of thing.
    """

    read: int = 0
    kept: int = 0
    matched: int = 0
    refers: int = 0
    triples: int = 0
    rejects: Mapping[str, int] = field(default_factory=dict)
    unmatched: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Description:
    """What ``import.json`` says: "" is not stated.

    ``source`` is an address, ``licence`` an IRI, ``retrieved`` a date as YYYY-MM-DD; ``files``
    are the SHA-256 of the files read by their names, ``digest`` is that of the graph, ``terms``
    that of the names and identifiers that the records were matched against, and
    ``only_matched`` tells that records which refer to nothing of this graph were left out.
    ``refers`` are the IRIs of this graph that the kept records refer to.
    """

    name: str
    title: str
    source: str
    version: str
    licence: str
    attribution: str
    retrieved: str
    files: Mapping[str, str]
    digest: str
    terms: str
    only_matched: bool
    counts: Counts
    refers: Sequence[str] = ()

    def to_json(self) -> str:
        """Return the text of ``import.json``."""
        return json.dumps(asdict(self), indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Description:
        """Return what a text of ``import.json`` says; raises ValueError for any other."""
        values: Any = json.loads(text)
        try:
            counts, refers = Counts(**values["counts"]), tuple(values.get("refers", ()))
            return cls(**{**values, "counts": counts, "refers": refers})
        except (TypeError, KeyError, AttributeError) as error:
            raise ValueError(f"it is not what this version writes: {error}") from None


@dataclass(frozen=True)
class Import:
    """An import in its folder; ``is_shipped`` tells that it came with the package.

    ``description`` holds name, title, source, version, licence, attribution and retrieved.
    """

    directory: Path
    description: Description
    is_shipped: bool

    @property
    def name(self) -> str:
        """The slug that it goes by."""
        return self.description.name

    @property
    def graph(self) -> str:
        """The IRI of its named graph."""
        return import_graph(self.name)

    @property
    def nquads(self) -> Path:
        """The file of its N-Quads, sorted by their bytes, as a store writes them."""
        return self.directory / GRAPH_FILE

    @property
    def digest(self) -> str:
        """The SHA-256 of its N-Quads in hexadecimal, as its description says."""
        return self.description.digest

    @property
    def counts(self) -> Counts:
        """What it counted when it was made."""
        return self.description.counts

    def check(self) -> None:
        """Read the N-Quads; raises ImportDamagedError where they are not what was written."""
        try:
            found = sha256_of(self.nquads)
        except OSError as error:
            raise _damaged(self.directory, (error.strerror or str(error)).lower()) from None
        if found != self.digest:
            raise _damaged(self.directory, f"{GRAPH_FILE} was changed")


def find_imports(home: Path | None, shipped: Shipped) -> tuple[Import, ...]:
    """Return the imports of a home and the shipped ones, by name; those of the home come first.

    Raises ImportDamagedError for a description that cannot be read. The N-Quads are not read:
    ``Import.check`` does.
    """
    found = {each.name: each for each in _read_all(shipped.data / "imports", is_shipped=True)}
    if home is not None:
        own = _read_all(imports_folder(home), is_shipped=False)
        found |= {each.name: each for each in own}
    return tuple(found[name] for name in sorted(found))


def imports_folder(home: Path) -> Path:
    """Return the folder of the imports of a home."""
    return home / "imports"


def read_import(directory: Path, *, is_shipped: bool = False) -> Import | None:
    """Return the import in a folder, or None where there is no such folder.

    Raises ImportDamagedError.
    """
    if not directory.is_dir():
        return None
    try:
        text = (directory / DESCRIPTION_FILE).read_text(encoding="utf-8")
        description = Description.from_json(text)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _damaged(directory, f"{DESCRIPTION_FILE}: {reason}") from None
    except ValueError as error:
        raise _damaged(directory, f"{DESCRIPTION_FILE}: {error}") from None
    return Import(directory, description, is_shipped)


def _read_all(folder: Path, *, is_shipped: bool) -> Iterator[Import]:
    for directory in sorted(folder.glob("*")):
        if not directory.name.startswith("."):
            found = read_import(directory, is_shipped=is_shipped)
            if found:
                yield found


def _damaged(directory: Path, reason: str) -> ImportDamagedError:
    name = directory.name
    return ImportDamagedError(
        f"{directory}: this import is damaged ({reason}); "
        f"import {name} again, or remove it with sarcoma-kg import --remove {name}"
    )
