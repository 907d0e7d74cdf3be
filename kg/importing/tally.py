"""What an import has counted so far: records, rejects by rule, and what it could not match."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from kg.importing.folder import Counts
from kg.importing.record import Record, Reject, RejectRule, Unmatched

__all__ = ["REJECTS_HEADER", "Tally", "reject_line"]

REJECTS_HEADER = "place\trule\tid\tmessage\n"
UNMATCHED_HEADER = "kind\tname\tidentifier\trecords\texample\n"


@dataclass
class Tally:
    """Counts that grow; ``left_out`` are records that were not asked for, by no fault of theirs."""

    read: int = 0
    kept: int = 0
    matched: int = 0
    left_out: int = 0
    rejects: Counter[str] = field(default_factory=Counter)
    refers: set[str] = field(default_factory=set)
    unmatched: dict[Unmatched, tuple[int, str]] = field(default_factory=dict)

    def keep(self, record: Record) -> None:
        """Count a record that is kept."""
        self.kept += 1
        self.matched += bool(record.refers)
        self.refers |= record.refers
        for each in set(record.unmatched):
            count, example = self.unmatched.get(each, (0, record.id))
            self.unmatched[each] = count + 1, example

    def reject(self, reject: Reject) -> None:
        """Count something that was not taken."""
        self.rejects[reject.rule] += 1

    def counts(self, triples: int) -> Counts:
        """Return the counts of an import that has so many triples."""
        kinds = Counter(each.kind for each in self.unmatched)
        rejects = self.rejects + Counter({str(RejectRule.NOT_WANTED): self.left_out})
        return Counts(
            self.read,
            self.kept,
            self.matched,
            len(self.refers),
            triples,
            dict(sorted(rejects.items())),
            dict(sorted(kinds.items())),
        )

    def unmatched_lines(self) -> Iterator[str]:
        """Yield the table of what was not matched: what most records name comes first."""
        yield UNMATCHED_HEADER
        order = sorted(
            self.unmatched.items(),
            key=lambda item: (-item[1][0], item[0].kind, item[0].name, item[0].identifier),
        )
        for each, (count, example) in order:
            yield _line(each.kind, each.name, each.identifier, str(count), example)

    def to_json(self) -> dict[str, Any]:
        """Return the counts as JSON values."""
        return {
            "read": self.read,
            "kept": self.kept,
            "matched": self.matched,
            "left_out": self.left_out,
            "rejects": dict(self.rejects),
            "refers": sorted(self.refers),
            "unmatched": [
                [each.kind, each.name, each.identifier, *found]
                for each, found in self.unmatched.items()
            ],
        }

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Tally:
        """Return the counts that ``to_json`` described."""
        return cls(
            **{
                **values,
                "rejects": Counter(values["rejects"]),
                "refers": set(values["refers"]),
                "unmatched": dict(_unmatched(values["unmatched"])),
            }
        )


def reject_line(reject: Reject) -> str:
    r"""Return a reject as a line of a table.

    >>> from kg.importing.record import RejectRule
    >>> reject_line(Reject("a.json:3", RejectRule.UNREADABLE, "no\tJSON"))
    'a.json:3\tunreadable\t\tno JSON\n'
    """
    return _line(reject.place, reject.rule, reject.id, reject.message)


def _unmatched(rows: Iterable[list[Any]]) -> Iterator[tuple[Unmatched, tuple[int, str]]]:
    for kind, name, identifier, count, example in rows:
        yield Unmatched(kind, name, identifier), (count, example)


def _line(*cells: str) -> str:
    return "\t".join(" ".join(cell.split()) for cell in cells) + "\n"
