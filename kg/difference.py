"""What differs between two graphs, subject by subject: a merge of their sorted N-Quads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

__all__ = ["Change", "SubjectDifference", "find_differences", "subject_of"]

_Group = tuple[bytes, list[bytes]]


class Change(StrEnum):
    """What became of a subject; ``INFERRED``: only what is inferred of it is another."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    INFERRED = "inferred"


@dataclass(frozen=True)
class SubjectDifference:
    """The quads of one subject that went, that came and that stayed, as lines of N-Quads."""

    subject: bytes
    removed: tuple[bytes, ...]
    added: tuple[bytes, ...]
    kept: tuple[bytes, ...]

    @property
    def is_new(self) -> bool:
        """Whether nothing was said of the subject before."""
        return not (self.removed or self.kept)

    @property
    def is_gone(self) -> bool:
        """Whether nothing is said of the subject any more."""
        return not (self.added or self.kept)


def find_differences(
    before: Iterable[bytes], after: Iterable[bytes]
) -> Iterator[SubjectDifference]:
    """Yield the subjects of which two graphs say something else, in the order of their lines.

    Both are given as lines of N-Quads without their ends, sorted as bytes; of each, the lines of
    one subject are held at a time.

    >>> old, new = [b"<e:a> <e:p> <e:x> .", b"<e:b> <e:p> <e:x> ."], [b"<e:b> <e:p> <e:y> ."]
    >>> [(each.subject, each.is_gone) for each in find_differences(old, new)]
    [(b'<e:a>', True), (b'<e:b>', False)]
    """
    olds, news = _groups(before), _groups(after)
    old, new = next(olds, None), next(news, None)
    while old or new:
        has_old = old is not None and (new is None or old[0] <= new[0])
        has_new = new is not None and (old is None or new[0] <= old[0])
        key, olds_lines, news_lines = _chosen(old if has_old else None, new if has_new else None)
        # With other labels of blank nodes, the lines of a subject come in another order.
        if olds_lines != news_lines and (differing := {*olds_lines} ^ {*news_lines}):
            yield _difference(key, frozenset(olds_lines), differing)
        old = next(olds, None) if has_old else old
        new = next(news, None) if has_new else new


def subject_of(line: bytes) -> bytes:
    """Return the subject of a line of N-Quads.

    >>> subject_of(b"<e:a> <e:b> <e:c> .")
    b'<e:a>'
    """
    return line.partition(b" ")[0]


def _groups(lines: Iterable[bytes]) -> Iterator[_Group]:
    """Yield the lines of each subject; its key ends in a blank, and sorts as the lines do."""
    keyed = ((subject_of(line) + b" ", line) for line in lines)
    return ((key, [line for _, line in group]) for key, group in groupby(keyed, itemgetter(0)))


def _chosen(old: _Group | None, new: _Group | None) -> tuple[bytes, list[bytes], list[bytes]]:
    key = (old or new or (b"",))[0]
    return key, old[1] if old else [], new[1] if new else []


def _difference(key: bytes, old: frozenset[bytes], differing: set[bytes]) -> SubjectDifference:
    return SubjectDifference(
        subject=key[:-1],
        removed=tuple(sorted(differing & old)),
        added=tuple(sorted(differing - old)),
        kept=tuple(sorted(old - differing)),
    )
