"""Two snapshots compared: their quads by subject, and their empty graphs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from kg.change import graph_name
from kg.difference import SubjectDifference, find_differences
from kg.difference_blank_nodes import has_blank_node, match_blank_nodes, rename_blank_nodes
from kg.nquads import read_empty_graphs

__all__ = ["MOST_BLANK", "Comparison", "compared"]

MOST_BLANK = 200_000
"""Lines with blank nodes up to which these are matched by what is said of them."""

_Rename = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Comparison:
    """What differs between two snapshots; ``subjects`` can be read once.

    ``is_by_label`` tells that blank nodes are the same where their labels are: nothing else
    would say less, or there are too many.
    """

    subjects: Iterator[SubjectDifference]
    dropped_graphs: tuple[str, ...]
    created_graphs: tuple[str, ...]
    is_by_label: bool


@contextmanager
def compared(before: Path, after: Path) -> Iterator[Comparison]:
    """Compare two files of canonical N-Quads, which are open as long as the block lasts.

    Where blank nodes have other labels in ``after``, they are given those of ``before``. The
    lines of one subject are held at a time, and those with blank nodes, unless they are too many.
    """
    rename, moved = _matching(before, after)
    olds, news = _empty(before), _empty(after)
    with before.open("rb") as old, after.open("rb") as new:
        lines: Iterable[bytes] = _lines(new)
        if rename is not None:
            # All blank nodes are sorted behind all IRIs, whatever their labels.
            named = (rename(line) for line in _lines(new) if not line.startswith(b"_:"))
            lines = chain(named, sorted(moved))
        yield Comparison(
            subjects=find_differences(_lines(old), lines),
            dropped_graphs=tuple(sorted(olds - news)),
            created_graphs=tuple(sorted(news - olds)),
            is_by_label=rename is None,
        )


def _matching(before: Path, after: Path) -> tuple[_Rename | None, Sequence[bytes]]:
    """Return what gives a line the labels of the earlier graph, and the lines of blank subjects.

    There is nothing to rename where no label differs, or where what would be said of the
    differences is no shorter for it.
    """
    old, new = _blank_lines(before), _blank_lines(after)
    if old is None or new is None or old == new:
        return None, ()
    names = match_blank_nodes(old, new)
    renamed = {rename_blank_nodes(line, names) for line in new}
    if len(renamed ^ old) >= len(new ^ old):
        return None, ()
    moved = [line for line in renamed if line.startswith(b"_:")]
    return lambda line: rename_blank_nodes(line, names) if b"_:" in line else line, moved


def _blank_lines(path: Path) -> frozenset[bytes] | None:
    """Return the lines with blank nodes, or None where there are too many."""
    found = set()
    with path.open("rb") as file:
        for line in _lines(file):
            if has_blank_node(line):
                found.add(line)
                if len(found) > MOST_BLANK:
                    return None
    return frozenset(found)


def _lines(file: Iterable[bytes]) -> Iterator[bytes]:
    return (line.rstrip(b"\n") for line in file if not line.startswith(b"#"))


def _empty(path: Path) -> frozenset[str]:
    return frozenset(map(graph_name, read_empty_graphs(path)))
