"""A snapshot loaded into a SPARQL endpoint, verified there, and made visible in one step."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from filelock import FileLock, Timeout

from kg.problem import Place, Problem, Refused
from kg.publication import Publication
from kg.publish_addresses import complete
from kg.publish_checkpoint import (
    Checkpoint,
    checkpoint_path,
    read_checkpoint,
    write_checkpoint,
)
from kg.publish_endpoint import Addresses, Endpoint
from kg.publish_ledger import Entry, read_ledger
from kg.publish_lines import read_groups
from kg.publish_loading import Limits, Loader, chunks
from kg.publish_plan import make_plan
from kg.publish_switch import find_doomed, find_visible, instant, next_graph, remove, show
from kg.publish_verifying import COMPARED, Verdict, verify
from kg.snapshot import Snapshot

__all__ = ["Listener", "Order", "Outcome", "Publisher"]


class Listener(Protocol):
    """Who hears how far a publication is."""

    def say(self, sentence: str) -> None:
        """Hear a sentence."""

    def count(self, stage: str, done: int, total: int) -> None:
        """Hear how many triples of a stage are done."""


@dataclass(frozen=True)
class Order:
    """What is published from which home, and how; ``grace`` is in seconds.

    ``keep`` former snapshots stay at the endpoint; ``compared`` triples are compared one by one,
    all with 0. ``is_there``: the engine's own loader has loaded it. ``has_union``: with a graph of
    all triples, which engines need that are slow over many graphs.
    """

    snapshot: Snapshot
    home: Path
    keep: int = 1
    grace: float = 300.0
    compared: int = COMPARED
    restart: bool = False
    is_there: bool = False
    has_union: bool = True
    limits: Limits = field(default_factory=Limits)


@dataclass(frozen=True)
class Outcome:
    """What a publication did: triples sent, what the verification found, snapshots removed."""

    sent: int
    verdict: Verdict
    was_visible: bool
    removed: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()


class Publisher:
    """A snapshot on its way to an endpoint."""

    def __init__(
        self,
        order: Order,
        endpoint: Endpoint,
        listener: Listener,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._order = order
        self._endpoint = endpoint
        self._listener = listener
        self._clock = clock
        self._ledger = read_ledger(endpoint)
        given = endpoint.addresses
        self._has_guessed_store = given.store is None
        endpoint.addresses = complete(given, endpoint.server)
        listener.say("reading the snapshot")
        self.plan = make_plan(order.snapshot, union=order.has_union)
        self._visible = find_visible(endpoint)
        self._checkpoint = checkpoint_path(order.home, given.query, order.snapshot.id)

    @property
    def addresses(self) -> Addresses:
        """Where the endpoint is asked and written to."""
        return self._endpoint.addresses

    @property
    def visible(self) -> Publication | None:
        """What the endpoint shows as this starts."""
        return self._visible

    @property
    def place(self) -> Checkpoint | None:
        """How far an earlier run came that this one goes on from, if any did."""
        entry, found = self._entry, read_checkpoint(self._checkpoint)
        if entry is None or self._order.restart or entry.is_loaded:
            return None
        return found if found and found.token == entry.token else None

    @property
    def is_loaded(self) -> bool:
        """Tell whether the endpoint holds all that it is to hold of the snapshot already."""
        entry = self._entry
        if entry is None or self._order.restart:
            return False
        return entry.is_loaded and self.plan.expected.keys() <= {*entry.holds}

    def publish(self) -> Outcome:
        """Load, verify and show the snapshot, and remove what is old.

        Raises Refused where the endpoint does not hold what was sent: then nothing is visible
        that was not before. Raises EndpointError and SettingsError.
        """
        with self._locked():
            sent = 0 if self.is_loaded else self._bring()
            verdict = self.verify()
            if verdict.problems:
                raise Refused(verdict.problems)
            was_visible = self._is_visible
            entry = self._current_entry()
            if not entry.is_loaded:
                self._endpoint.update(entry.finish())
            if entry.retired:
                self._endpoint.update(entry.unretire())
            if not was_visible:
                show(self._endpoint, self.plan.publication)
                self._check_visible()
            self._checkpoint.unlink(missing_ok=True)
            removed, waiting = self._remove_old()
            return Outcome(sent, verdict, was_visible, removed, waiting)

    def verify(self) -> Verdict:
        """Compare what the endpoint holds of the snapshot with it."""
        return verify(
            self._endpoint,
            self.plan,
            compared=self._order.compared,
            tell=lambda done, total: self._listener.count("verifying", done, total),
        )

    @property
    def doomed(self) -> tuple[Entry, ...]:
        """What a publication now would remove from the endpoint."""
        return find_doomed(
            self._ledger,
            self._order.snapshot.id,
            keep=self._order.keep,
            grace=self._order.grace,
            now=self._clock(),
        )

    @property
    def _entry(self) -> Entry | None:
        return self._ledger.get(self._order.snapshot.id)

    def _current_entry(self) -> Entry:
        self._ledger = read_ledger(self._endpoint)
        entry = self._entry
        if entry is None:
            raise Refused([_lost(self._endpoint.addresses.shown)])
        return entry

    @property
    def _is_visible(self) -> bool:
        return self._visible == self.plan.publication

    def _bring(self) -> int:
        """Enter or load the snapshot, and return how many triples were sent."""
        if not self._order.is_there:
            return self._load()
        if self._entry is None or not self.plan.expected.keys() <= {*self._entry.holds}:
            self._endpoint.update(self._made_entry().begin())
        return 0

    def _made_entry(self) -> Entry:
        holds = (*self.plan.expected, next_graph(self._order.snapshot.id))
        token = os.urandom(16).hex()
        return Entry(self._order.snapshot.id, token, instant(self._clock()), holds)

    def _load(self) -> int:
        """Load what has not arrived, and return how many triples were sent."""
        done = self.place
        if done:
            self._listener.say(f"going on after {done.triples:,} triples of an earlier run")
        else:
            done = self._begin()
        loader = Loader(
            self._endpoint, self._order.limits, has_guessed_store=self._has_guessed_store
        )
        total, before = self.plan.triples, done.triples
        groups = read_groups(self._order.snapshot.nquads, done.offset)
        for chunk in chunks(self.plan, groups, self._order.limits):
            loader.send(chunk.rows)
            done = replace(done, offset=chunk.end, triples=done.triples + len(chunk.rows))
            write_checkpoint(self._checkpoint, done)
            self._listener.count("loading", done.triples, total)
        loaded = done.triples
        for count in loader.send_blank(self.plan, self._current_entry()):
            loaded += count
            self._listener.count("loading", loaded, total)
        self._listener.say(f"{loaded - before:,} triples sent by {loader.way}")
        return loaded - before

    def _begin(self) -> Checkpoint:
        """Empty the places of the graphs, and enter the snapshot into the ledger."""
        if self._visible and self._visible.snapshot == self._order.snapshot.id:
            raise Refused([_in_use(self._order.snapshot.id)])
        entry = self._made_entry()
        if self._entry:
            self._endpoint.update(self._entry.forget())
            for graph in entry.holds:
                self._endpoint.empty(graph)
        self._endpoint.update(entry.begin())
        begun = Checkpoint(entry.token)
        write_checkpoint(self._checkpoint, begun)
        return begun

    def _check_visible(self) -> None:
        found = find_visible(self._endpoint)
        if found != self.plan.publication:
            shown = found.snapshot[:12] if found else "none"
            raise Refused([_not_shown(self._endpoint.addresses.shown, shown)])

    def _remove_old(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Remove what is old, and return the ids of that and of what waits for its time."""
        now = instant(self._clock())
        for entry in read_ledger(self._endpoint).values():
            if entry.is_loaded and not entry.retired and entry.snapshot != self._order.snapshot.id:
                self._endpoint.update(entry.retire(now))
        self._ledger = read_ledger(self._endpoint)
        doomed = self.doomed
        for entry in doomed:
            remove(self._endpoint, entry)
        gone = {entry.snapshot for entry in doomed}
        left = self._ledger.keys() - gone - {self._order.snapshot.id}
        return tuple(sorted(gone)), tuple(sorted(left))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        self._checkpoint.parent.mkdir(parents=True, exist_ok=True)
        lock = FileLock(self._checkpoint.with_suffix(".lock"))
        try:
            lock.acquire(timeout=0)
        except Timeout:
            raise OSError(
                f"another process is publishing snapshot {self._order.snapshot.id[:12]} from "
                f"{self._order.home} to the same endpoint; wait for it to end"
            ) from None
        try:
            yield
        finally:
            lock.release()


def _problem(place: str, message: str) -> Problem:
    return Problem(Place(place, 0), message)


def _lost(place: str) -> Problem:
    return _problem(place, "the engine lost what was loaded meanwhile; publish again")


def _in_use(snapshot: str) -> Problem:
    return _problem(
        f"snapshot {snapshot[:12]}",
        "it is visible at the endpoint, and cannot be loaded again under the eyes of its readers; "
        "publish another snapshot first, then this one with --restart",
    )


def _not_shown(place: str, shown: str) -> Problem:
    return _problem(
        place,
        f"after the switch the visible snapshot is {shown}: another publisher was at work, or the "
        "engine does not take DELETE/INSERT; publish again",
    )
