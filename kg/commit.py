"""A change becomes part of a graph: gated, inferred from, written, and accepted at one moment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Store

from kg.assembly import Assembly
from kg.asserted import read_asserted, read_whole
from kg.base import read_base
from kg.beside import remove_leftovers
from kg.building import Base, build_locked, find_sound, write_assembly
from kg.change import Change, apply_change
from kg.home_lock import home_locked
from kg.inputs import Inputs
from kg.journal import (
    Entry,
    append,
    count_entries,
    drop_last,
    make_entry,
    read_journal,
    remove_unfinished,
)
from kg.problem import Finding, Place, Problem, Refused
from kg.progress import Silence
from kg.read_only import check_read_only
from kg.snapshot import Snapshot, find_current, make_current
from kg.write_gate import YOUR_UPDATE, blame, pass_gate

__all__ = ["LARGEST_WRITTEN", "CommitReply", "CommitRequest", "catch_up", "commit", "take_back"]

LARGEST_WRITTEN = 512 << 20
"""Bytes of N-Quads of a graph that takes writes: one needs seven times as much memory."""


@dataclass(frozen=True)
class CommitRequest:
    """A change of a snapshot, by its id, that shall be kept; ``home`` is the whole home.

    ``gated`` tells that shapes and checks must pass.
    """

    base: Base
    home: Path
    change: Change
    expected: str
    gated: bool = True

    def to_bytes(self) -> bytes:
        """Return the request as ``from_bytes`` reads it."""
        head = {
            "base": self.base.to_json(),
            "home": str(self.home),
            "expected": self.expected,
            "gated": self.gated,
        }
        return json.dumps(head).encode() + b"\n" + self.change.to_patch()

    @classmethod
    def from_bytes(cls, body: bytes) -> CommitRequest:
        """Return the request in some bytes; raises ValueError."""
        text, _, patch = body.partition(b"\n")
        head = json.loads(text)
        return cls(
            base=read_base(head["base"]),
            home=Path(head["home"]),
            change=Change.from_patch(patch),
            expected=head["expected"],
            gated=head["gated"],
        )


@dataclass(frozen=True)
class CommitReply:
    """What became of a change: ``snapshot`` is the id of the current snapshot after it.

    With ``problems`` it was refused. When ``is_stale`` the snapshot that it was made on is no
    longer the current one: make the change again, on that.
    """

    snapshot: str
    problems: tuple[Problem, ...] = ()
    is_stale: bool = False

    def to_bytes(self) -> bytes:
        """Return the reply as ``from_bytes`` reads it."""
        problems = [
            [each.place.file, each.place.line, each.message, each.finding] for each in self.problems
        ]
        return json.dumps([self.snapshot, problems, self.is_stale]).encode()

    @classmethod
    def from_bytes(cls, body: bytes) -> CommitReply:
        """Return the reply in some bytes; raises ValueError."""
        snapshot, problems, is_stale = json.loads(body)
        read = (
            Problem(Place(file, line), message, finding=Finding(*finding) if finding else None)
            for file, line, message, finding in problems
        )
        return cls(snapshot, tuple(read), is_stale)


def commit(request: CommitRequest) -> CommitReply:
    """Make a change part of the graph, or refuse it whole; what is accepted is never lost.

    The snapshot is written first, then the journal: its entry is what makes the change count,
    and a build takes the snapshot up by it. Killed at any moment, the home has its old current
    snapshot or the new one. The id is that of a fresh build of the base with the journal.

    Raises QueryForbiddenError for a change of a read-only graph, JournalDamagedError and
    SnapshotDamagedError, and OSError where the home cannot be written.
    """
    check_read_only(request.change, request.base.is_read_only)
    place = request.base.home(request.home)
    with home_locked(place, Silence()):
        remove_leftovers(place)
        remove_unfinished(place)
        try:
            current = _catch_up(request.base, place)
            if current.id != request.expected:
                return CommitReply(current.id, is_stale=True)
            if request.change.is_empty:
                return CommitReply(current.id)
            if too_large := _find_too_large(current):
                return CommitReply(current.id, (too_large,))
            return CommitReply(_accept(request, place, current).id)
        except Refused as refused:
            return CommitReply(request.expected, refused.problems)


def catch_up(base: Base, home: Path) -> Snapshot:
    """Make the snapshot current that holds every accepted write, after a death half-way.

    The records are read only where there is no other way; raises Refused then, as a build does.
    """
    place = base.home(home)
    with home_locked(place, Silence()):
        return _catch_up(base, place)


def take_back(base: Base, home: Path) -> Snapshot | None:
    """Remove the last entry of the journal and build without it; None where there is no entry.

    An entry that cannot be read goes too. Raises Refused where the records cannot be built:
    the entry is gone then, and the next build that passes is without it.
    """
    place = base.home(home)
    with home_locked(place, Silence()):
        return build_locked(base, place, Silence()) if drop_last(place) else None


def _find_too_large(current: Snapshot) -> Problem | None:
    """Return why a snapshot takes no writes: its successor is made in memory."""
    size = current.nquads.stat().st_size
    if size <= LARGEST_WRITTEN:
        return None
    message = (
        f"the graph has {size >> 20:,} MiB of N-Quads, and takes writes up to "
        f"{LARGEST_WRITTEN >> 20:,} MiB: add the statements to its files, and build with them"
    )
    return Problem(YOUR_UPDATE, message)


@dataclass(frozen=True)
class _Ground:
    """The current snapshot of a base, and the folder where another one is made from it."""

    base: Base
    place: Path
    current: Snapshot

    def asserted(self, quads: bytes, entries: Sequence[Entry]) -> Store:
        """Return what is asserted with some more entries; ``quads`` are those of the snapshot."""
        store = read_asserted(quads, self.base.is_read_only)
        for entry in entries:
            apply_change(store, entry.change)
        return store

    def write(
        self, store: Store, problems: tuple[Problem, ...], entries: Sequence[Entry]
    ) -> Snapshot:
        """Write a snapshot of what is asserted, with what follows from it; raises Refused."""
        counts, imports = self.base.complete(store, self.current.manifest.inputs)
        assembly = Assembly(store, problems, counts, imports=imports)
        return write_assembly(self.place, assembly, self.inputs(entries))

    def inputs(self, entries: Sequence[Entry]) -> Inputs:
        """Return the inputs with more entries.

        Where the rules were changed meanwhile, no build has these inputs: it makes another graph.
        """
        inputs = self.current.manifest.inputs
        remark = "" if self.base.has_rules_of(inputs) else " by other rules"
        for entry in entries:
            inputs = inputs.with_write(entry.digest + remark)
        return inputs


def _catch_up(base: Base, place: Path) -> Snapshot:
    current, count = find_current(place), count_entries(place)
    if current and current.manifest.inputs.journal == count:
        return current
    if current is None or current.manifest.inputs.journal > count:
        return build_locked(base, place, Silence())
    ground = _Ground(base, place, current)
    late = read_journal(place)[current.manifest.inputs.journal :]
    found = find_sound(place, ground.inputs(late))
    if found is None:
        store = ground.asserted(read_whole(current), late)
        found = ground.write(store, current.manifest.validation.problems, late)
    make_current(place, found.id)
    return found


def _accept(request: CommitRequest, place: Path, current: Snapshot) -> Snapshot:
    """Write the snapshot of a change, accept the change, and make the snapshot current."""
    ground, manifest = _Ground(request.base, place, current), current.manifest
    number = manifest.inputs.journal + 1
    entry = make_entry(place, number, request.change, gated=request.gated)
    quads = read_whole(current)
    store, problems = ground.asserted(quads, [entry]), manifest.validation.problems
    if request.gated:
        problems = pass_gate(request.base, store, entry, before=quads, known=problems)
    try:
        snapshot = ground.write(store, problems, [entry])
    except Refused as refused:
        raise Refused(blame(each, entry.name) for each in refused.problems) from None
    append(place, request.change, gated=request.gated)
    make_current(place, snapshot.id)
    return snapshot
