"""The names that a graph gives below our base, and what answers about them hold."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urldefrag

from pyoxigraph import Literal, NamedNode, Quad, Store, parse

from api.entity_address import Addresses
from kg.formats import GraphFormat

__all__ = ["ROOT", "Page", "kind_of", "mentions", "names_in", "path_of", "read_quads"]

ROOT = "https://w3id.org/sarcoma-kg/"
_ADDRESSES = Addresses(ROOT)


def path_of(iri: str) -> str:
    """Return the path that answers for a name: fragments never reach a server."""
    found = _ADDRESSES.of(iri)
    assert found is not None, iri
    return urldefrag(found).url


def names_in(store: Store) -> list[str]:
    """Return every name below our base: of subjects, predicates, objects, graphs, datatypes."""
    found = set()
    for quad in store:
        for node in (*quad.triple, quad.graph_name):
            if isinstance(node, NamedNode):
                found.add(node.value)
            if isinstance(node, Literal):
                found.add(node.datatype.value)
    return sorted(each for each in found if each.startswith(ROOT))


def kind_of(iri: str) -> str:
    """Return the sort of a name: its first part, and the last one that is no slug.

    A name that an import makes is of the sorts of that import.

    >>> kind_of(f"{ROOT}study/a/arm/b/passage/range/1"), kind_of(f"{ROOT}drug/imatinib")
    ('study/range', 'drug')
    >>> kind_of(f"{ROOT}imported/drugmechdb/a/step/2")
    'imported/drugmechdb/step'
    """
    parts = iri.removeprefix(ROOT).split("/")
    if parts[0] == "mapping":
        return parts[0]
    if parts[0] == "imported":
        return "/".join((*parts[:2], *(part for part in parts[2:-1] if part in ("step", "term"))))
    fixed = [part for order, part in enumerate(parts) if order % 2 == 0 or part == "range"]
    return "/".join(
        dict.fromkeys((fixed[0], next(part for part in reversed(fixed) if not part.isdigit())))
    )


def read_quads(text: bytes, form: GraphFormat) -> set[Quad]:
    return set(parse(text, format=form.engine))


def mentions(text: bytes, form: GraphFormat, iri: str) -> bool:
    """Tell whether a name stands anywhere in the statements of an answer."""
    quads = read_quads(text, form)
    return any(NamedNode(iri) in (*quad.triple, quad.graph_name) for quad in quads)


class Page(HTMLParser):
    """A page: its links, the places in it, its elements and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: list[str] = []
        self.elements: set[str] = set()
        self.sources: list[str] = []
        self.texts: list[str] = []
        self.feed(text)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.texts).split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        given = dict(attrs)
        assert not any(name.startswith("on") for name in given), attrs
        if address := given.get("href"):
            (self.links if tag == "a" else self.sources).append(address)
        self.sources += [value for name, value in given.items() if name == "src" and value]
        self.places += [given["id"] or ""] if "id" in given else []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)
