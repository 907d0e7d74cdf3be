"""Blank nodes of two graphs, matched by what is said of them: their labels mean nothing.

Each node gets a colour, a digest of the lines that it is in, which is refined by the colours of
its neighbours until no more nodes are told apart. Alike parts of a graph are then numbered.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

__all__ = ["has_blank_node", "match_blank_nodes", "rename_blank_nodes"]

_TOKEN = re.compile(rb'<[^<> ]*>|"(?:[^"\\]|\\.)*"|(_:[^\s]+)')
_WORK = 1_000_000
"""Nodes that are looked at to tell apart those of a part that are alike; then they are numbered."""

Colours = dict[bytes, bytes]


@dataclass(frozen=True)
class _Line:
    """A line of N-Quads around its blank nodes: one piece more than there are nodes."""

    pieces: tuple[bytes, ...]
    nodes: tuple[bytes, ...]

    def seen_from(self, node: bytes, colours: Mapping[bytes, bytes]) -> bytes:
        """Return the line with itself in place of a node, and colours in place of the others."""
        shown = (b"*" if each == node else colours[each] for each in self.nodes)
        pairs = zip(self.pieces, (*shown, b""), strict=True)
        return b"".join(piece + node for piece, node in pairs)


def has_blank_node(line: bytes) -> bool:
    r"""Tell whether a line of N-Quads has a blank node.

    >>> has_blank_node(b'<e:a> <e:b> _:c .'), has_blank_node(b'<e:a> <e:b> "_:c" .')
    (True, False)
    """
    return b"_:" in line and any(found[1] for found in _TOKEN.finditer(line))


def rename_blank_nodes(line: bytes, names: Mapping[bytes, bytes]) -> bytes:
    """Return a line of N-Quads with other labels; a node without a new one keeps its own.

    >>> rename_blank_nodes(b"_:a <e:p> _:b .", {b"_:a": b"_:c"})
    b'_:c <e:p> _:b .'
    """
    return _TOKEN.sub(lambda found: names.get(found[0], found[0]), line)


def match_blank_nodes(before: Iterable[bytes], after: Iterable[bytes]) -> dict[bytes, bytes]:
    """Return, for each blank node of a later graph, the label that it has in an earlier one.

    The graphs are given by their lines with blank nodes. No two nodes get the same label, so that
    graphs that are the same after renaming say the same. A node that has no counterpart gets a
    label that the earlier graph does not have.

    >>> match_blank_nodes([b"_:a <e:p> <e:x> ."], [b"_:b <e:p> <e:x> ."])
    {b'_:b': b'_:a'}
    """
    known = {name: label for label, name in _names(before).items()}
    return {label: known.get(name, b"_:n" + name) for label, name in _names(after).items()}


def _names(lines: Iterable[bytes]) -> Colours:
    """Return a name for each blank node: the same in each graph that says the same."""
    read = [_read(line) for line in lines]
    around: dict[bytes, list[_Line]] = defaultdict(list)
    for line in read:
        for node in dict.fromkeys(line.nodes):
            around[node].append(line)
    colours = _refine(dict.fromkeys(around, b""), around)
    copies: Counter[bytes] = Counter()
    names: Colours = {}
    for part in _parts(read):
        told_apart = _tell_apart(part, colours, around)
        kind = _digest(*sorted(told_apart.values()))
        number = b"%d" % copies[kind]
        copies[kind] += 1
        names |= {node: _digest(colour, number) for node, colour in told_apart.items()}
    return names


def _read(line: bytes) -> _Line:
    found = [each for each in _TOKEN.finditer(line) if each[1]]
    ends = [0, *(each.end() for each in found)]
    starts = [*(each.start() for each in found), len(line)]
    pieces = tuple(line[end:start] for end, start in zip(ends, starts, strict=True))
    return _Line(pieces, tuple(each[0] for each in found))


def _refine(colours: Colours, around: Mapping[bytes, Sequence[_Line]]) -> Colours:
    """Return colours that tell apart what the lines around some nodes do."""
    count = 0
    while count < (found := len(set(colours.values()))):
        count = found
        colours = {
            **colours,
            **{
                node: _digest(colour, *sorted(each.seen_from(node, colours) for each in lines))
                for node, colour in colours.items()
                if (lines := around[node])
            },
        }
    return colours


def _tell_apart(
    part: Sequence[bytes], colours: Colours, around: Mapping[bytes, Sequence[_Line]]
) -> Colours:
    """Return colours of a connected part of which no two are the same."""
    own = {node: colours[node] for node in part}
    for _ in range(_WORK // len(part)):
        alike = _first_alike(own)
        if alike is None:
            return own
        own = _refine({**own, alike: _digest(own[alike], b"first")}, around)
    return {node: _digest(own[node], b"%d" % number) for number, node in enumerate(part)}


def _first_alike(colours: Colours) -> bytes | None:
    times = Counter(colours.values())
    alike = [(colour, node) for node, colour in colours.items() if times[colour] > 1]
    return min(alike)[1] if alike else None


def _parts(lines: Iterable[_Line]) -> Iterator[list[bytes]]:
    """Yield the nodes of each part that lines connect, in the order of their labels."""
    above: dict[bytes, bytes] = {}

    def top(node: bytes) -> bytes:
        while (parent := above.setdefault(node, node)) != node:
            above[node] = node = above[parent]
        return node

    for line in lines:
        for node in line.nodes:
            above[top(node)] = top(line.nodes[0])
    parts: dict[bytes, list[bytes]] = defaultdict(list)
    for node in sorted(above):
        parts[top(node)].append(node)
    yield from parts.values()


def _digest(*texts: bytes) -> bytes:
    return hashlib.sha256(b"\n".join(texts)).hexdigest()[:24].encode()
