"""HTML of others made safe: known elements only, nothing that runs or is fetched."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from html.parser import HTMLParser

__all__ = ["clean_html"]

_ELEMENTS = {
    *("a", "b", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "h2", "h3", "h4", "h5"),
    *("i", "li", "ol", "p", "pre", "section", "small", "span", "strong", "sub", "sup", "table"),
    *("tbody", "td", "th", "thead", "tr", "ul"),
}
_EMPTY = frozenset({"br"})
_DROPPED = {
    *("head", "script", "style", "svg", "math", "iframe", "object", "template", "textarea", "h1"),
}
"""Elements that go with all they hold; of others that are not known, the text stays."""

_DROPPED_PLACES = frozenset({"pylode"})
_LINKED = ("http://", "https://", "mailto:")


def clean_html(text: str, places: Mapping[str, str]) -> tuple[str, frozenset[str]]:
    """Return HTML that is safe, its table of contents first, and the places that are in it.

    A link to a place that is not there goes to what ``places`` says that it stands for.

    >>> clean_html('<p onclick="x()" id="a">1<script>2</script><a href="javascript:x">3</a>', {})
    ('<p id="a">1<a>3</a></p>', frozenset({'a'}))
    >>> clean_html('<a href="#Drug">drug</a>', {"Drug": "http://e.org/o/Drug"})[0]
    '<a href="http://e.org/o/Drug">drug</a>'
    """
    cleaner = _Cleaner()
    cleaner.feed(text)
    cleaner.close()
    pieces = [
        _resolve(piece, cleaner.places, places) if isinstance(piece, _Link) else piece
        for piece in cleaner.pieces + [f"</{tag}>" for tag in reversed(cleaner.opened)]
    ]
    before, contents, after = "".join(pieces).partition('<div id="toc">')
    return contents + after + before, frozenset(cleaner.places)


class _Link(str):
    """The address of a link, to be looked at when all places are known."""


class _Cleaner(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.places: set[str] = set()
        self.opened: list[str] = []
        self._dropped: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Write a start that is known; enter what is dropped."""
        given = dict(attrs)
        if self._dropped:
            self._dropped += [tag] if tag == self._dropped[0] else []
        elif tag in _DROPPED or given.get("id") in _DROPPED_PLACES:
            self._dropped.append(tag)
        elif tag in _ELEMENTS:
            self.pieces.append(f"<{tag}")
            self._write_attributes(given)
            self.pieces.append(">")
            if tag not in _EMPTY:
                self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Write an end, and those of what was left open inside."""
        if self._dropped:
            if tag == self._dropped[-1]:
                self._dropped.pop()
        elif tag in self.opened:
            while (last := self.opened.pop()) != tag:
                self.pieces.append(f"</{last}>")
            self.pieces.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        """Write text."""
        if not self._dropped:
            self.pieces.append(escape(data) if data.strip() else " ")

    def _write_attributes(self, given: Mapping[str, str | None]) -> None:
        place = given.get("id")
        if place and place not in self.places:
            self.places.add(place)
            self.pieces.append(f' id="{escape(place)}"')
        if title := given.get("title"):
            self.pieces.append(f' title="{escape(title)}"')
        if address := given.get("href"):
            self.pieces.append(_Link(address))


def _resolve(address: str, there: set[str], places: Mapping[str, str]) -> str:
    place = address.removeprefix("#")
    if address.startswith("#") and place not in there:
        address = places.get(place, "")
    if not address.startswith("#") and not address.lower().startswith(_LINKED):
        return ""
    return f' href="{escape(address)}"'
