"""A page as a tree, for tests that look at what stands where."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

__all__ = ["Element", "read_page", "squeezed"]

_VOID = frozenset({"area", "br", "hr", "img", "input", "link", "meta", "source", "wbr"})


@dataclass
class Element:
    """An element of a page: its attributes, and what is in it, texts and elements."""

    tag: str
    attributes: dict[str, str]
    inside: list[Element | str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it, blanks as one."""
        return squeezed(" ".join(self._texts()))

    def all(self, tag: str = "", *, kind: str = "", **wanted: str) -> list[Element]:
        """Return the elements in it with a tag, a class and some attributes, in their order."""
        return [
            each
            for each in self._elements()
            if (not tag or each.tag == tag)
            and (not kind or kind in each.attributes.get("class", "").split())
            and all(each.attributes.get(name.strip("_")) == value for name, value in wanted.items())
        ]

    def one(self, tag: str = "", *, kind: str = "", **wanted: str) -> Element:
        """Return the only such element."""
        (found,) = self.all(tag, kind=kind, **wanted)
        return found

    @property
    def links(self) -> list[str]:
        """The addresses that it links to."""
        return [each.attributes["href"] for each in self.all("a") if "href" in each.attributes]

    def _elements(self) -> Iterator[Element]:
        for each in self.inside:
            if isinstance(each, Element):
                yield each
                yield from each._elements()

    def _texts(self) -> Iterator[str]:
        for each in self.inside:
            if isinstance(each, str):
                yield each
            else:
                yield from each._texts()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("document", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].inside.append(found)
        if tag not in _VOID:
            self.open.append(found)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].inside.append(Element(tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].inside.append(data)


def read_page(text: str) -> Element:
    """Return a page as a tree; every element must be closed, in order."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert len(reader.open) == 1, reader.open[-1].tag
    return reader.open[0]


def squeezed(text: str) -> str:
    """Return a text with each run of blanks as one."""
    return " ".join(text.split())
