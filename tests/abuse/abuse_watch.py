"""Watching a server while it is attacked: does it answer, and what does it hold?"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from abuse_processes import descendants, memory_of
from abuse_wire import Target, request

__all__ = ["Probe", "Watch", "probe", "watching"]

PAUSE = 0.1
LONGEST = 1.0
"""Seconds in which ``ASK {}`` and /healthz are answered, whatever else goes on."""


@dataclass(frozen=True)
class Probe:
    """A look at a server: when it began and ended, and what was wrong ("" for nothing)."""

    start: float
    end: float
    fault: str

    @property
    def is_bad(self) -> bool:
        return bool(self.fault) or self.end - self.start > LONGEST


@dataclass
class Watch:
    """What was seen: all probes, and the most memory that the processes held."""

    probes: list[Probe] = field(default_factory=list)
    most_memory_of_server: int = 0
    most_memory_of_workers: int = 0

    def look(self, target: Target) -> None:
        """Ask once, and see what the processes hold."""
        self.probes += probe(target)
        if target.pid:
            below = sum(map(memory_of, descendants(target.pid)))
            self.most_memory_of_workers = max(self.most_memory_of_workers, below)
            held = memory_of(target.pid)
            self.most_memory_of_server = max(self.most_memory_of_server, held)

    def find_fault(self, pause: float) -> str:
        """Return why the server cannot be said to have answered all the time, or ""."""
        bad = [each for each in self.probes if each.is_bad]
        if not bad or bad[-1].end - bad[0].start < pause:
            return ""
        slowest = max(each.end - each.start for each in bad)
        return f"{len(bad)} probes are bad, the slowest took {slowest:.2f} s: {bad[0].fault}"


def probe(target: Target) -> Iterator[Probe]:
    """Ask /healthz, and an ``ASK {}`` that no cache has seen."""
    start = time.monotonic()
    health = target.send(request("GET", "/healthz"))
    middle = time.monotonic()
    yield Probe(start, middle, "" if health.status == 200 else f"/healthz: {health}"[:300])
    asked = target.get(f"ASK {{}} # {start}")
    is_true = asked.status == 200 and b"true" in asked.body
    yield Probe(middle, time.monotonic(), "" if is_true else f"ASK {{}}: {asked}"[:300])


@contextmanager
def watching(target: Target) -> Iterator[Watch]:
    """Look at a server again and again until the block is left, and once after it."""
    watch = Watch()
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(PAUSE):
            watch.look(target)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield watch
    finally:
        ended.set()
        thread.join()
        watch.look(target)
