"""What a write does to a graph: quads and graphs that go and come, as an RDF Patch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

__all__ = [
    "Change",
    "Graph",
    "PatchError",
    "apply_change",
    "dump_graphs",
    "find_change",
    "graph_name",
    "graph_of_line",
    "graph_term",
]

Graph = NamedNode | BlankNode | DefaultGraph
_Numbered = Sequence[tuple[int, bytes]]

_OPERATIONS = {b"D": "removed", b"GD": "dropped_graphs", b"GA": "created_graphs", b"A": "added"}


class PatchError(ValueError):
    """A text is no patch; ``message`` says why, ``line`` counts from 1."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(f"line {line}: {message}")
        self.message = message
        self.line = line


@dataclass(frozen=True)
class Change:
    """Quads that are removed and added, and graphs that are dropped and created empty.

    A quad is a line of N-Quads without its end of line; a graph is its IRI, or ``_:`` and the
    label of a blank node. Each tuple is sorted.
    """

    removed: tuple[bytes, ...] = ()
    added: tuple[bytes, ...] = ()
    dropped_graphs: tuple[str, ...] = ()
    created_graphs: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return not (self.removed or self.added or self.dropped_graphs or self.created_graphs)

    @property
    def graphs(self) -> frozenset[str]:
        """The names of the graphs that the change touches, the default graph as ``""``."""
        lines = (*self.removed, *self.added)
        return frozenset(map(graph_of_line, lines)).union(self.dropped_graphs, self.created_graphs)

    def to_patch(self) -> bytes:
        r"""Return the change as an RDF Patch (afs.github.io/rdf-delta/rdf-patch), in one order.

        The format knows quads only, so that two operations are our own: ``GD <iri> .`` for a
        graph that is dropped, ``GA <iri> .`` for one that is created empty. Blank nodes keep
        their labels.

        >>> print(Change(added=(b"<e:a> <e:b> <e:c> .",)).to_patch().decode(), end="")
        TX .
        A <e:a> <e:b> <e:c> .
        TC .
        """
        return b"".join(line + b"\n" for line in self._lines())

    @classmethod
    def from_patch(cls, patch: bytes) -> Change:
        """Return the change in an RDF Patch of one transaction, whatever its headers say.

        Raises PatchError, for one that was cut off too: the last line is ``TC .``.
        """
        lines = patch.split(b"\n")
        start = next((at for at, line in enumerate(lines) if not line.startswith(b"H ")), 0)
        if lines[start] != b"TX .":
            raise PatchError("a transaction starts with 'TX .'", start + 1)
        if lines[-2:] != [b"TC .", b""]:
            raise PatchError("the end is missing, 'TC .'", len(lines))
        found: dict[str, list[tuple[int, bytes]]] = {name: [] for name in _OPERATIONS.values()}
        for number, line in enumerate(lines[start + 1 : -2], start + 2):
            operation, _, rest = line.partition(b" ")
            if operation not in _OPERATIONS:
                raise PatchError(f"no operation of a patch: {line[:40].decode()!r}", number)
            found[_OPERATIONS[operation]].append((number, rest))
        return cls(
            removed=_quads(found["removed"]),
            added=_quads(found["added"]),
            dropped_graphs=_graphs(found["dropped_graphs"]),
            created_graphs=_graphs(found["created_graphs"]),
        )

    def _lines(self) -> Iterator[bytes]:
        yield b"TX ."
        yield from (b"D " + quad for quad in self.removed)
        yield from (f"GD {graph_term(name)} .".encode() for name in self.dropped_graphs)
        yield from (f"GA {graph_term(name)} .".encode() for name in self.created_graphs)
        yield from (b"A " + quad for quad in self.added)
        yield b"TC ."


def graph_term(name: str) -> str:
    """Return the term of a named graph, as N-Quads have it.

    >>> graph_term("http://e.org/g"), graph_term("_:b")
    ('<http://e.org/g>', '_:b')
    """
    return name if name.startswith("_:") else f"<{name}>"


def graph_name(graph: object) -> str:
    """Return the name of a graph: its IRI, its blank node, or nothing for the default graph.

    >>> graph_name(NamedNode("http://e.org/g")), graph_name(DefaultGraph())
    ('http://e.org/g', '')
    """
    if isinstance(graph, NamedNode):
        return graph.value
    return str(graph) if isinstance(graph, BlankNode) else ""


def graph_of_line(line: bytes) -> str:
    r"""Return the name of the graph of a line of N-Quads, as a store writes them.

    >>> graph_of_line(b'<e:a> <e:b> "of <e:x>" <e:g> .'), graph_of_line(b"<e:a> <e:b> <e:c> .")
    ('e:g', '')
    """
    rest = line[:-2].split(b" ", 2)[2]
    _, blank, last = rest.rpartition(b" ")
    if not blank or b'"' in last:
        return ""
    if last.startswith(b"_:"):
        return last.decode()
    return last[1:-1].decode() if last.startswith(b"<") else ""


def dump_graphs(store: Store, graphs: Iterable[Graph] | None = None) -> dict[str, bytes]:
    """Return the triples of each graph of a store, or of these graphs, as N-Triples.

    A graph that is not there has no entry, and one without triples an empty text.
    """
    chosen = (DefaultGraph(), *store.named_graphs()) if graphs is None else tuple(graphs)
    return {
        graph_name(graph): store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) or b""
        for graph in chosen
        if isinstance(graph, DefaultGraph) or store.contains_named_graph(graph)
    }


def find_change(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> Change:
    r"""Return what leads from one state of some graphs to another, both by ``dump_graphs``.

    >>> change = find_change({"": b"", "e:g": b"<e:a> <e:b> <e:c> .\n"}, {"": b"", "e:h": b""})
    >>> print(change.to_patch().decode(), end="")
    TX .
    D <e:a> <e:b> <e:c> <e:g> .
    GD <e:g> .
    GA <e:h> .
    TC .
    """
    removed: list[bytes] = []
    added: list[bytes] = []
    for name in {*before, *after}:
        old, new = before.get(name, b""), after.get(name, b"")
        if old != new:
            gone, come = set(old.split(b"\n")), set(new.split(b"\n"))
            removed += _in_graph(gone - come, name)
            added += _in_graph(come - gone, name)
    return Change(
        removed=tuple(sorted(removed)),
        added=tuple(sorted(added)),
        dropped_graphs=tuple(sorted(before.keys() - after.keys())),
        created_graphs=tuple(
            sorted(name for name in after.keys() - before.keys() if not after[name])
        ),
    )


def apply_change(store: Store, change: Change) -> None:
    """Make a change in a store; what is so already stays so.

    A graph is dropped only where it holds nothing else than what the change removes.
    """
    for quad in _parse(change.removed):
        store.remove(quad)
    for graph in map(_graph, change.dropped_graphs):
        if next(store.quads_for_pattern(None, None, None, graph), None) is None:
            store.remove_graph(graph)
    for graph in map(_graph, change.created_graphs):
        store.add_graph(graph)
    store.extend(_parse(change.added))


def _graph(name: str) -> NamedNode | BlankNode:
    return BlankNode(name[2:]) if name.startswith("_:") else NamedNode(name)


def _in_graph(lines: Iterable[bytes], name: str) -> Iterator[bytes]:
    """Yield lines of N-Triples as N-Quads of a graph."""
    if not name:
        return (line for line in lines if line)
    ending = f"{graph_term(name)} .".encode()
    return (line[:-1] + ending for line in lines if line)


def _parse(lines: Iterable[bytes]) -> Iterator[Quad]:
    return (quad for quad in parse(b"\n".join(lines), format=RdfFormat.N_QUADS))


def _quads(numbered: _Numbered) -> tuple[bytes, ...]:
    lines = [line for _, line in numbered]
    try:
        count = sum(1 for _ in _parse(lines))
    except SyntaxError as error:
        raise PatchError(f"no quad: {error.msg}", numbered[(error.lineno or 1) - 1][0]) from None
    if count != len(lines):
        number = next(number for number, line in numbered if not _is_quad(line))
        raise PatchError("a line holds one quad", number)
    return tuple(sorted(lines))


def _is_quad(line: bytes) -> bool:
    return sum(1 for _ in _parse([line])) == 1


def _graphs(numbered: _Numbered) -> tuple[str, ...]:
    return tuple(sorted(_read_graph(line, number) for number, line in numbered))


def _read_graph(line: bytes, number: int) -> str:
    try:
        (quad,) = _parse([b"<e:a> <e:a> <e:a> " + line])
        if name := graph_name(quad.graph_name):
            return name
    except (SyntaxError, ValueError):
        pass
    raise PatchError("no name of a graph", number)
