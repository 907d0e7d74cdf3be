"""From the items of an importer to sorted runs on disk, in bounded memory."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from kg.importing.checkpoint import Workplace
from kg.importing.gate import ImportGate
from kg.importing.progress import ImportProgress
from kg.importing.record import Item, Record, Reject, RejectRule
from kg.importing.runs import canonical_lines, write_run

__all__ = ["Limits", "Pipeline"]


@dataclass(frozen=True)
class Limits:
    """How much is held in memory: items and triples of a batch, bytes of a run.

    ``seconds`` is how much work the death of the process may cost.
    """

    items: int = 2_000
    triples: int = 50_000
    run_bytes: int = 64 << 20
    seconds: float = 30.0


@dataclass
class Pipeline:
    """Takes items in batches, lets records through the gate, and writes runs of their lines."""

    workplace: Workplace
    gate: ImportGate
    graph: str
    progress: ImportProgress
    only_matched: bool = False
    limits: Limits = field(default_factory=Limits)
    _lines: list[bytes] = field(default_factory=list, init=False)
    _size: int = field(default=0, init=False)
    _saved: float = field(default_factory=time.monotonic, init=False)

    def take(self, items: Iterable[Item]) -> None:
        """Take all items but those that a former process dealt with; then all is on disk."""
        state = self.workplace.state
        seen = set(self.workplace.read_ids())
        for batch in self._batches(islice(items, state.items, None)):
            self._take_batch(batch, seen)
            self.progress.count(state.tally)
            if self._size >= self.limits.run_bytes or self._is_due():
                self._save()
        state.is_read = True
        self._save()

    def _batches(self, items: Iterable[Item]) -> Iterator[list[Item]]:
        batch, triples = list[Item](), 0
        for item in items:
            batch.append(item)
            triples += len(item.triples) if isinstance(item, Record) else 0
            if len(batch) >= self.limits.items or triples >= self.limits.triples:
                yield batch
                batch, triples = [], 0
        if batch:
            yield batch

    def _take_batch(self, batch: Sequence[Item], seen: set[str]) -> None:
        state = self.workplace.state
        state.items += len(batch)
        state.tally.read += len(batch)
        items = self._judge([item for item in self._wanted(batch, seen) if item is not None])
        rejects = [item for item in items if isinstance(item, Reject)]
        records = [item for item in items if isinstance(item, Record)]
        for reject in rejects:
            state.tally.reject(reject)
        self.workplace.add_rejects(rejects)
        for record in records:
            state.tally.keep(record)
        lines = canonical_lines((t for record in records for t in record.triples), self.graph)
        self._lines += lines
        self._size += sum(map(len, lines))

    def _wanted(self, batch: Sequence[Item], seen: set[str]) -> Iterator[Item | None]:
        """Yield the items of a batch, a reject for each repeated record, None for the unwanted."""
        fresh = []
        for item in batch:
            if isinstance(item, Reject):
                yield item
            elif item.id in seen:
                message = "a record with this id came before; that one counts"
                yield Reject(item.place, RejectRule.DUPLICATE, message, item.id)
            else:
                seen.add(item.id)
                fresh.append(item.id)
                yield self._if_matched(item)
        self.workplace.add_ids(fresh)

    def _if_matched(self, record: Record) -> Record | None:
        if not self.only_matched or record.refers:
            return record
        self.workplace.state.tally.left_out += 1
        return None

    def _judge(self, items: Sequence[Item]) -> list[Item]:
        """Return the items with a reject in the place of each record that the gate refuses."""
        places = [place for place, item in enumerate(items) if isinstance(item, Record)]
        records = [item for item in items if isinstance(item, Record)]
        judged = [*items]
        for number, refusal in self.gate.refusals(records).items():
            judged[places[number]] = refusal
        return judged

    def _is_due(self) -> bool:
        return time.monotonic() - self._saved > self.limits.seconds

    def _save(self) -> None:
        state = self.workplace.state
        if self._lines:
            number = len(state.runs)
            state.runs.append(write_run(self.workplace.folder, number, self._lines))
        self._lines, self._size = [], 0
        self.workplace.save()
        self._saved = time.monotonic()
