"""A release: every form of a snapshot in one folder, with digests, licences and its changes."""

from __future__ import annotations

import errno
import hashlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from kg.difference_writing import FILES, write_differences
from kg.export import known_prefixes
from kg.kgx import ClaimsReader
from kg.kgx_export import export_kgx
from kg.kgx_writing import KgxForm
from kg.namespaces import Namespaces, read_namespaces
from kg.release_changes import first_notes, write_notes
from kg.release_citation import citation_cff, citation_text
from kg.release_crate import CRATE_FILE, describe_crate
from kg.release_data import write_graphs, write_whole
from kg.release_facts import ReleaseFacts
from kg.release_file import ReleaseFile, walk_files
from kg.release_graphs import describe_released_graphs
from kg.release_inputs import copy_inputs
from kg.release_overview import licence_table, overview
from kg.release_place import appearing_folder
from kg.release_void import describe_release
from kg.shipped import Shipped
from kg.snapshot import Snapshot
from kg.sssom_export import FILE_NAME, export_sssom

__all__ = ["FACTS_FILE", "SUMS_FILE", "Order", "Stage", "is_release", "write_release"]

FACTS_FILE = "release.json"
SUMS_FILE = "SHA256SUMS"
_KGX = "kgx"
_CHANGES = "changes"


@dataclass(frozen=True)
class Order:
    """What is released: a snapshot, made by an installation, on a date, after a former one."""

    snapshot: Snapshot
    shipped: Shipped
    date: str
    before: Snapshot | None
    read_claims: ClaimsReader


@dataclass(frozen=True)
class Stage:
    """A part of a release that was written: how many files and bytes, in how many seconds."""

    name: str
    files: int
    size: int
    seconds: float


def is_release(folder: Path) -> bool:
    """Tell whether a folder holds a release."""
    return (folder / FACTS_FILE).is_file() and (folder / SUMS_FILE).is_file()


def _is_alone(folder: Path) -> bool:
    """Tell whether a folder holds a release; raises FileExistsError where it holds more."""
    if not is_release(folder):
        return False
    sums = (folder / SUMS_FILE).read_text(encoding="utf-8", errors="replace")
    known = {SUMS_FILE, *(line.partition("  ")[2] for line in sums.split("\n"))}
    stranger = next((name for name in walk_files(folder) if name not in known), None)
    if stranger is None:
        return True
    what = f"beside the release there is {stranger}, which is not in its {SUMS_FILE}"
    raise FileExistsError(errno.EEXIST, what, str(folder))


def write_release(
    order: Order, target: Path, *, replaces: bool = False, tell: Callable[[Stage], None]
) -> ReleaseFacts:
    """Write a release at ``target``, whole or not at all, and return what it says of itself.

    The same order gives the same bytes. ``tell`` hears of each part. What is held in memory is
    the index that answers reasoners, and otherwise a few lines. Raises FileExistsError for a
    folder that is not empty, unless it is a release, nothing else is in it, and ``replaces``
    says so.
    """
    with appearing_folder(target, may_replace=lambda path: replaces and _is_alone(path)) as folder:
        return _Making(order, folder, tell).write()


class _Making:
    """A release while it is made: its files so far."""

    def __init__(self, order: Order, folder: Path, tell: Callable[[Stage], None]) -> None:
        manifest, snapshot = order.snapshot.manifest, order.snapshot
        sizes = {name: counts.triples for name, counts in manifest.graphs.items()}
        self._order, self._folder, self._tell = order, folder, tell
        self._files: list[ReleaseFile] = []
        self._facts = ReleaseFacts(
            snapshot=snapshot.id,
            date=order.date,
            quads=manifest.quads,
            claims=manifest.claims,
            graphs=describe_released_graphs(snapshot.nquads, sizes),
            previous=order.before.id if order.before else None,
        )
        named = read_namespaces(order.shipped.context)
        self._names = Namespaces(known_prefixes(named), named.ontology)

    def write(self) -> ReleaseFacts:
        """Write all files."""
        for name, make in (
            ("graphs together", self._whole),
            ("graphs apart", self._apart),
            ("mappings", self._mappings),
            ("kgx", self._kgx),
            ("ontology, shapes, queries", self._inputs),
            ("changes", self._changes),
            ("descriptions", self._descriptions),
            ("digests", self._digests),
        ):
            began, known = time.monotonic(), len(self._files)
            self._files += make()
            added = self._files[known:]
            size = sum(self._size(each.name) for each in added)
            self._tell(Stage(name, len(added), size, time.monotonic() - began))
        return self._facts

    def _whole(self) -> Iterator[ReleaseFile]:
        yield from write_whole(
            self._order.snapshot, self._folder, self._names.prefixes, self._facts.licences
        )

    def _apart(self) -> Iterator[ReleaseFile]:
        yield from write_graphs(self._order.snapshot.nquads, self._folder, self._facts.graphs)

    def _mappings(self) -> Iterator[ReleaseFile]:
        content = export_sssom(self._order.snapshot, self._names)
        yield self._put(FILE_NAME, content, "All mappings to other systems, as SSSOM")
        rows = sum(not line.startswith(b"#") for line in content.splitlines()) - 1
        self._count(FILE_NAME, rows)

    def _kgx(self) -> Iterator[ReleaseFile]:
        (self._folder / _KGX).mkdir()
        order, licences = self._order, {each.iri: each.licence for each in self._facts.graphs}
        for each in export_kgx(
            order.snapshot, order.shipped, self._folder / _KGX, tuple(KgxForm), order.read_claims
        ):
            name = f"{_KGX}/{each.name}"
            whose = f"an import: {each.graph}" if each.graph else "the claims and the vocabularies"
            licence = licences.get(each.graph, "") if each.graph else self._facts.licence
            self._count(name, each.count)
            yield ReleaseFile(name, f"KGX {each.part} of {whose}", (licence,) * bool(licence))

    def _inputs(self) -> Iterator[ReleaseFile]:
        copied = copy_inputs(
            self._order.shipped, self._order.snapshot.manifest.inputs.files, self._folder
        )
        self._facts = replace(
            self._facts, left_out=tuple(f"{name}: changed since" for name in copied.left_out)
        )
        yield from copied.files

    def _changes(self) -> Iterator[ReleaseFile]:
        before, notes = self._order.before, self._folder / "CHANGES.md"
        what = "What changed since the former snapshot"
        if before is None:
            yield self._put(notes.name, first_notes(self._facts.snapshot).encode(), what)
            return
        folder = self._folder / _CHANGES
        summary = write_differences(before, self._order.snapshot, folder, self._names)
        write_notes(summary, folder / "subjects.jsonl", notes)
        yield ReleaseFile(notes.name, what, self._own)
        for name in FILES:
            yield ReleaseFile(f"{_CHANGES}/{name}", what)

    def _descriptions(self) -> Iterator[ReleaseFile]:
        facts, manifest = self._facts, self._order.snapshot.manifest.to_json()
        dumps = tuple(each.name for each in self._files if each.name.startswith("data."))
        yield self._put("manifest.json", manifest.encode(), "What the snapshot was made of")
        yield self._put("void.ttl", describe_release(facts, dumps).encode(), "The data set in VoID")
        if facts.is_ours:
            cff, text = citation_cff(facts).encode(), citation_text(facts).encode()
            yield self._put("CITATION.cff", cff, "How to cite it, for programs")
            yield self._put("CITATION.txt", text, "How to cite it")
        yield self._put("LICENCES.md", licence_table(facts).encode(), "The licence of each graph")
        yield self._put(FACTS_FILE, facts.to_json().encode(), "Snapshot, date and counts")
        yield self._put("README.md", overview(facts, self._files).encode(), "What is in here")

    def _digests(self) -> Iterator[ReleaseFile]:
        """Describe all files as a crate, then write their digests, which are not described."""
        sizes = {each.name: self._size(each.name) for each in self._files}
        crate = describe_crate(self._facts, self._files, sizes)
        (self._folder / CRATE_FILE).write_text(crate, encoding="utf-8", newline="\n")
        lines = [f"{_digest(self._folder / name)}  {name}\n" for name in walk_files(self._folder)]
        (self._folder / SUMS_FILE).write_text("".join(lines), encoding="utf-8", newline="\n")
        yield ReleaseFile(CRATE_FILE, "The files, as an RO-Crate")
        yield ReleaseFile(SUMS_FILE, "The digests of all other files")

    def _put(self, name: str, content: bytes, what: str) -> ReleaseFile:
        (self._folder / name).write_bytes(content)
        return ReleaseFile(name, what, self._own)

    @property
    def _own(self) -> tuple[str, ...]:
        """The licence of what is not data of others."""
        return (self._facts.licence,) * self._facts.is_ours

    def _count(self, name: str, records: int) -> None:
        self._facts = replace(self._facts, counts={**self._facts.counts, name: records})

    def _size(self, name: str) -> int:
        return (self._folder / name).stat().st_size


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
