"""Sorted N-Quads in parts of whole subjects, each with what shapes ask of its neighbours."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from pathlib import Path

from kg.importing.runs import write_run
from kg.quad_lines import merge_blocks, read_blocks, split_line
from kg.shape_reach import SUBCLASS, Reach

__all__ = ["PART_LINES", "Part", "read_parts"]

PART_LINES = 800_000
"""How many quads are judged at once: some 1,000 MiB of memory."""

_SPOOL_BYTES = 64 << 20
_NODES = (b"<", b"_")
_SUBCLASS = f"<{SUBCLASS}>".encode()
_BLANK = b"_:"
_LAST = b"\xff"
"""After every term: a result does not name a blank node as the data do."""

Blocks = Callable[[], Iterator[list[bytes]]]


@dataclass(frozen=True)
class Part:
    """Whole subjects with all their lines, and lines on neighbours beside.

    Its focuses are the terms from ``start`` on to before ``end``; None: to the last.
    """

    lines: list[bytes]
    beside: list[bytes] = field(default_factory=list)
    start: bytes = b""
    end: bytes | None = None

    @cached_property
    def keys(self) -> list[bytes]:
        """The property of each line."""
        return [line.split(b" ", 2)[1] for line in self.lines]

    def owns(self, focus: str) -> bool:
        """Tell whether a focus is of this part; all blank nodes are of the last."""
        term = _LAST if focus.startswith("_:") else focus.encode()
        return self.start <= term and (self.end is None or term < self.end)


def read_parts(
    blocks: Blocks, reach: Reach | None, folder: Path, part_lines: int = PART_LINES
) -> Iterator[Part]:
    """Yield the parts of sorted lines, read several times; without a reach there is one part.

    ``folder`` is for what is sorted meanwhile.
    """
    if reach is None:
        yield Part([line for block in blocks() for line in block])
        return
    first = list(islice(_cut(blocks(), part_lines), 2))
    if len(first) < 2:
        yield Part(first[0] if first else [])
        return
    del first
    survey = _Survey(reach, folder)
    for lines in _cut(blocks(), part_lines):
        survey.take(lines)
    beside = survey.find_beside(blocks())
    starts = [b"", *survey.starts[1:], None]
    for number, lines in enumerate(_cut(blocks(), part_lines)):
        context = survey.axioms + next(beside)
        yield Part(lines, context, starts[number] or b"", starts[number + 1])


def _cut(blocks: Iterable[list[bytes]], size: int) -> Iterator[list[bytes]]:
    """Yield lines in parts of about ``size``: subjects are whole, blank ones in the last."""
    lines = list[bytes]()
    for block in blocks:
        lines += block
        while len(lines) >= size + 1 and (at := _end_of_subject(lines, size)):
            yield lines[:at]
            lines = lines[at:]
    if lines:
        yield lines


def _end_of_subject(lines: list[bytes], size: int) -> int | None:
    """Return where the first subject ends that reaches ``size``, or None where none does yet."""
    subject = lines[size - 1].partition(b" ")[0]
    at = bisect_right(lines, subject + b"!", lo=size - 1)
    if at >= len(lines) or subject.startswith(_BLANK):
        return None
    return at


@dataclass
class _Survey:
    """Finds what each part must have beside, by sorting on disk who asks whom."""

    reach: Reach
    folder: Path
    starts: list[bytes] = field(default_factory=list)
    axioms: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._links = _terms(name for name in self.reach.links if name[0] != "^")
        self._back = _terms(name[1:] for name in self.reach.links if name[0] == "^")
        self._incoming = _terms(self.reach.incoming)
        self._asked = _terms(self.reach.asked)
        self._pointing = _Spool(self.folder, "pointing")
        self._wanted = _Spool(self.folder, "wanted")
        self._beside = _Spool(self.folder, "beside")

    def take(self, lines: list[bytes]) -> None:
        """Note what the lines of the next part ask for, and where they point."""
        number = len(self.starts)
        self.starts.append(lines[0].partition(b" ")[0])
        last = lines[-1].partition(b" ")[0]
        wanted = set[bytes]()
        for line in lines:
            _, predicate, rest = line.split(b" ", 2)
            if predicate in self._links and rest[:1] in _NODES:
                wanted.add(rest.partition(b" ")[0])
            if predicate in self._incoming:
                self._pointing.add(split_line(line)[2] + b"\t" + line)
            elif predicate == _SUBCLASS:
                self.axioms.append(line)
        for term in wanted:
            if not self.starts[number] <= term <= last:
                self._wanted.add(b"%b\t%08d\n" % (term, number))

    def find_beside(self, blocks: Iterable[list[bytes]]) -> Iterator[list[bytes]]:
        """Yield, part by part, the lines on its neighbours."""
        for line in self._pointing.lines():
            term, _, pointing = line.partition(b"\t")
            owner = self._owner(term)
            self._beside.add(b"%08d\t%b" % (owner, pointing))
            subject, predicate, _ = pointing.split(b" ", 2)
            if predicate in self._back and self._owner(subject) != owner:
                self._wanted.add(b"%b\t%08d\n" % (subject, owner))
        self._join(blocks)
        return self._by_part()

    def _owner(self, term: bytes) -> int:
        term = _LAST if term.startswith(_BLANK) else term
        return max(bisect_right(self.starts, term) - 1, 0)

    def _join(self, blocks: Iterable[list[bytes]]) -> None:
        """Hand the lines on each wanted term to the parts that want it."""
        wanted = self._wanted.lines()
        want = next(wanted, None)
        for lines in _cut(blocks, 50_000):
            last = lines[-1].partition(b" ")[0]
            before, found = b"", list[bytes]()
            while want is not None:
                term, _, number = want.rstrip(b"\n").partition(b"\t")
                if term > last:
                    break
                if term != before:
                    before, found = term, self._lines_on(term, lines)
                for line in found:
                    self._beside.add(number + b"\t" + line)
                want = next(wanted, None)

    def _lines_on(self, term: bytes, lines: list[bytes]) -> list[bytes]:
        start = bisect_left(lines, term + b" ")
        end = bisect_left(lines, term + b"!", lo=start)
        return [line for line in lines[start:end] if line.split(b" ", 2)[1] in self._asked]

    def _by_part(self) -> Iterator[list[bytes]]:
        lines = self._beside.lines()
        line = next(lines, None)
        for number in range(len(self.starts)):
            mark, found = b"%08d\t" % number, list[bytes]()
            while line is not None and line.startswith(mark):
                found.append(line[len(mark) :])
                line = next(lines, None)
            yield found


@dataclass
class _Spool:
    """Lines that are gathered in any order and read back sorted, by way of the disk."""

    folder: Path
    name: str

    def __post_init__(self) -> None:
        self._lines = list[bytes]()
        self._runs = list[Path]()
        self._size = 0

    def add(self, line: bytes) -> None:
        """Add a line."""
        self._lines.append(line)
        self._size += len(line)
        if self._size >= _SPOOL_BYTES:
            run = write_run(self.folder, len(self._runs), self._lines)
            path = self.folder / f"{self.name}-{run.name}"
            (self.folder / run.name).rename(path)
            self._runs.append(path)
            self._lines, self._size = [], 0

    def lines(self) -> Iterator[bytes]:
        """Yield all lines sorted, without repeats, and forget them."""
        rest, self._lines = sorted(set(self._lines)), []
        sources = [iter([rest]), *(read_blocks(path) for path in self._runs)]
        for block in merge_blocks(sources):
            yield from block
        for path in self._runs:
            path.unlink()


def _terms(names: Iterable[str]) -> frozenset[bytes]:
    return frozenset(f"<{name}>".encode() for name in names)
