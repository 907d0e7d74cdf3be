"""How far shapes look from a focus: what a part of a graph must have beside to be judged alone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pyoxigraph import NamedNode, Triple

__all__ = ["SUBCLASS", "TYPE", "Reach", "find_reach"]

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
SUBCLASS = "http://www.w3.org/2000/01/rdf-schema#subClassOf"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_SH = "http://www.w3.org/ns/shacl#"

_OF_ITSELF = frozenset(
    {
        *("targetClass", "targetSubjectsOf", "targetNode", "path", "inversePath"),
        *("alternativePath", "datatype", "nodeKind", "minInclusive", "maxInclusive"),
        *("minExclusive", "maxExclusive", "minLength", "maxLength", "pattern", "flags"),
        *("languageIn", "uniqueLang", "minCount", "maxCount", "in", "hasValue", "message"),
        *("severity", "name", "description", "order", "group", "deactivated"),
        "ignoredProperties",
    }
)
_OF_THE_FOCUS = frozenset(["equals", "disjoint", "lessThan", "lessThanOrEquals"])
_SHAPES = frozenset(["property", "node", "not"])
_LISTS = frozenset(["or", "and", "xone"])


@dataclass(frozen=True)
class Reach:
    """What shapes ask of the neighbours of a focus, properties by their IRIs.

    ``incoming`` are those by which others point at it; ``links`` lead to neighbours of which
    something is asked, against their direction with ``^``; ``asked`` is what that is.
    """

    incoming: frozenset[str]
    links: frozenset[str]
    asked: frozenset[str]


class _UnknownError(Exception):
    """Something in the shapes may look anywhere."""


def find_reach(shapes: Iterable[Triple]) -> Reach | None:
    """Return how far shapes look, or None where that is not known: give them the whole graph.

    >>> shape, path = NamedNode("e:s"), NamedNode(f"{_SH}path")
    >>> kind = Triple(shape, NamedNode(f"{_SH}class"), NamedNode("e:C"))
    >>> find_reach([Triple(shape, path, NamedNode("e:p")), kind]).links
    frozenset({'e:p'})
    """
    reader = _Reader()
    for triple in shapes:
        reader.said[str(triple.subject)].append((triple.predicate.value, triple.object))
    try:
        for shape in [*reader.said]:
            reader.read(shape, ())
    except _UnknownError:
        return None
    return Reach(frozenset(reader.incoming), frozenset(reader.links), frozenset(reader.asked))


@dataclass
class _Reader:
    """Follows shapes, knowing by which properties it came to a value."""

    said: dict[str, list[tuple[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    incoming: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)

    def read(self, shape: str, way: tuple[str, ...]) -> None:
        """Read a shape of what lies at the end of a way; inverse steps start with ``^``."""
        paths = [value for name, value in self.said[shape] if name == f"{_SH}path"]
        ways = [(*way, *steps) for path in paths for steps in self._steps(path)] or [way]
        for each in ways if paths else ():
            self._walk(each)
        for name, value in self.said[shape]:
            if name.startswith(_SH):
                self._read_rule(name.removeprefix(_SH), value, way, ways)

    def _read_rule(
        self, name: str, value: Any, way: tuple[str, ...], ways: list[tuple[str, ...]]
    ) -> None:
        if name == "targetObjectsOf":
            self.incoming.add(value.value)
        elif name in _OF_THE_FOCUS:
            self._walk((*way, value.value))
        elif name == "class":
            for each in ways:
                self._walk((*each, TYPE))
        elif name in _SHAPES or name in _LISTS:
            for inner in [value] if name in _SHAPES else self._members(value):
                for each in ways:
                    self.read(str(inner), each)
        elif name not in _OF_ITSELF and not (name == "closed" and ways == [()]):
            raise _UnknownError

    def _walk(self, way: tuple[str, ...]) -> None:
        """Note the properties of a way from a focus; neighbours of neighbours are too far."""
        if len(way) > 2 or any(name.startswith("^") for name in way[1:]):
            raise _UnknownError
        first, *rest = way
        if first.startswith("^"):
            self.incoming.add(first[1:])
        if rest:
            self.links.add(first)
            self.asked.update(rest)

    def _steps(self, path: Any) -> Iterator[tuple[str, ...]]:
        """Yield the ways that a path may take."""
        if isinstance(path, NamedNode):
            yield (path.value,)
            return
        said = dict(self.said[str(path)])
        if inner := said.get(f"{_SH}inversePath"):
            if not isinstance(inner, NamedNode):
                raise _UnknownError
            yield (f"^{inner.value}",)
        elif options := said.get(f"{_SH}alternativePath"):
            for option in self._members(options):
                yield from self._steps(option)
        elif f"{_RDF}first" in said:
            ways: list[tuple[str, ...]] = [()]
            for member in self._members(path):
                ways = [(*way, *more) for way in ways for more in self._steps(member)]
            yield from ways
        else:
            raise _UnknownError

    def _members(self, head: Any) -> Iterator[Any]:
        while str(head) != f"<{_RDF}nil>":
            said = dict(self.said[str(head)])
            if f"{_RDF}first" not in said:
                raise _UnknownError
            yield said[f"{_RDF}first"]
            head = said[f"{_RDF}rest"]
