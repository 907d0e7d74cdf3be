"""RDF files as lines of N-Quads in a store's normal form, a chunk of a file at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pyoxigraph import Quad, RdfFormat, Store, parse, serialize

from kg.blank_names import BlankNamer
from kg.normal_literals import NormalLiterals
from kg.statement_limits import check_lengths, check_statement

__all__ = ["LINE_FORMATS", "Chunk", "read_chunks", "read_line_chunks"]

LINE_FORMATS = (RdfFormat.N_TRIPLES, RdfFormat.N_QUADS)
"""Formats with a statement a line: they can be read from any line on."""

_CHUNK = 8 << 20
_LABELS = 10_000
"""Of how many blank nodes the labels are kept."""

_QUADS = 50_000
_TYPED = b'"^^'
_BLANK = b"_:"
_ANY_BLANK = re.compile(re.escape(_BLANK))


@dataclass(frozen=True)
class Chunk:
    """Lines of N-Quads, in no order; ``end`` is where the chunk ends in its file, if known.

    ``labels`` are those of the file's blank nodes up to there, in their order; None: the file
    cannot be read from there on.
    """

    lines: list[bytes]
    end: int = 0
    labels: tuple[str, ...] | None = None


def read_line_chunks(
    path: Path, form: RdfFormat, named: BlankNamer, start: int = 0
) -> Iterator[Chunk]:
    """Yield what a file of N-Triples or N-Quads says from a byte on, where a line starts.

    Raises SyntaxError, with the number of the line, StatementError and MemoryError.
    """
    literals = NormalLiterals()
    with path.open("rb") as file:
        file.seek(start)
        while text := file.read(_CHUNK):
            text += file.readline(_CHUNK * 4)
            try:
                # The search of an expression takes half as long as that of ``in``.
                if _ANY_BLANK.search(text):
                    lines = _with_blank(text, form, named, literals)
                else:
                    lines = _plain(text, form, literals)
            except SyntaxError as error:
                error.lineno = _count_lines(path, file.tell() - len(text)) + (error.lineno or 1)
                raise
            yield Chunk(lines, file.tell(), named.find_labels(_LABELS))


def read_chunks(path: Path, form: RdfFormat, base: str, named: BlankNamer) -> Iterator[Chunk]:
    """Yield what a file of any format says; raises SyntaxError, StatementError, MemoryError."""
    quads = parse(path=str(path), format=form, base_iri=base)
    while some := list(islice(quads, _QUADS)):
        renamed = [named.rename(quad) for quad in some]
        for quad in renamed:
            check_statement(quad)
        yield Chunk(_normal(renamed))


def _plain(text: bytes, form: RdfFormat, literals: NormalLiterals) -> list[bytes]:
    """Return lines without blank nodes: only typed literals have another form in a store."""
    written = serialize(parse(text, format=form), format=RdfFormat.N_QUADS) or b""
    lines = written.splitlines(keepends=True)
    check_lengths(lines)
    if literals.are_normal(written):
        return lines
    typed = [line for line in lines if _TYPED in line]
    return [line for line in lines if _TYPED not in line] + literals.normalise(typed)


def _with_blank(
    text: bytes, form: RdfFormat, named: BlankNamer, literals: NormalLiterals
) -> list[bytes]:
    """Return lines some of which may have blank nodes, which are named in their order."""
    # A line in the place of each other one keeps the numbers of lines in errors.
    lines = text.splitlines(keepends=True)
    blank = b"".join(line if _BLANK in line else b"\n" for line in lines)
    others = b"".join(line if _BLANK not in line else b"\n" for line in lines)
    quads = [named.rename(quad) for quad in parse(blank, format=form)]
    for quad in quads:
        check_statement(quad)
    return _plain(others, form, literals) + _normal(quads)


def _normal(quads: Iterable[Quad]) -> list[bytes]:
    store = Store()
    store.bulk_extend(quads)
    return _dump(store)


def _dump(store: Store) -> list[bytes]:
    return (store.dump(format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True)


def _count_lines(path: Path, size: int) -> int:
    """Return how many lines end in the first bytes of a file."""
    count = 0
    with path.open("rb") as file:
        while size and (text := file.read(min(size, _CHUNK))):
            count += text.count(b"\n")
            size -= len(text)
    return count
