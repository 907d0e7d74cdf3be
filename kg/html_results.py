"""Answers as a page for people: rows, a truth value or triples, everything escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from html import escape
from itertools import chain
from typing import IO
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Triple

from kg.html_form import query_form
from kg.html_page import PLAIN, Frame

__all__ = ["write_html"]

Term = NamedNode | BlankNode | Literal | Triple

_STRING = "http://www.w3.org/2001/XMLSchema#string"
# Browsers drop NUL and show nothing for the others (HTML, section 13.2.3.5), but for white space.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_AGAIN = '<p><a href="/sparql">Ask another question</a></p>'


def write_html(
    results: QuerySolutions | QueryBoolean | Iterable[Triple],
    output: IO[bytes],
    *,
    prefixes: Mapping[str, str],
    query: str | None = None,
    frame: Frame = PLAIN,
) -> None:
    """Write results as a page, row by row; ``prefixes`` shorten the IRIs that it shows.

    The page ends with a form that has the ``query`` in it, where one is given; ``frame`` stands
    around it all. Only IRIs of HTTP become links. What the results raise half-way is raised here.
    """
    show = _shower(prefixes, frame)
    if isinstance(results, QueryBoolean):
        title, parts = "Answer", _truth(results)
    elif isinstance(results, QuerySolutions):
        title, heads = "Rows", [str(variable) for variable in results.variables]
        parts = _table(title, heads, (_row(show, solution) for solution in results))
    else:
        title, heads = "Triples", ["subject", "predicate", "object"]
        parts = _table(title, heads, (_row(show, triple) for triple in results))
    for part in chain((frame.opening(title),), parts, (_again(query, frame), frame.foot)):
        output.write(part.encode())


def _again(query: str | None, frame: Frame) -> str:
    if query is None:
        return _AGAIN
    editor = f"{frame.again}#query={quote(query, safe='')}" if frame.again else ""
    link = f'<p><a href="{editor}">Open it in the editor</a></p>\n' if editor else ""
    return f"<h2>Ask again</h2>\n{link}{query_form(query)}"


def _truth(results: QueryBoolean) -> Iterator[str]:
    yield f"<p><strong>{'true' if results else 'false'}</strong></p>\n"


def _table(title: str, heads: Iterable[str], rows: Iterable[str]) -> Iterator[str]:
    cells = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    yield f'<div class="scroll" role="region" tabindex="0" aria-label="{title}">\n'
    yield f'<table class="results"><thead><tr>{cells}</tr></thead><tbody>\n'
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - counted for the sentence below
        yield row
    yield f"</tbody></table>\n</div>\n<p>{count:,} {title.lower()}.</p>\n"


def _row(show: Callable[[Term], str], terms: Iterable[Term | None]) -> str:
    cells = ("" if term is None else show(term) for term in terms)
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"


def _shower(prefixes: Mapping[str, str], frame: Frame) -> Callable[[Term], str]:
    """Return what shows a term as HTML; it keeps the last IRIs, which come again and again."""
    names = {namespace: prefix for prefix, namespace in prefixes.items()}

    @lru_cache(maxsize=4096)
    def show_iri(iri: str) -> str:
        shown = escape(_shorten(iri, names))
        address = frame.address(iri)
        if address is None:
            return shown
        outside = "" if address.startswith("/") else ' rel="nofollow noreferrer"'
        return f'<a href="{escape(address)}"{outside}>{shown}</a>'

    def show(term: Term) -> str:
        match term:
            case NamedNode():
                return show_iri(term.value)
            case Literal():
                return escape(_visible(term.value)) + _kind(term, names)
        return escape(_visible(str(term)))

    return show


def _visible(text: str) -> str:
    r"""Return a text with a picture of each control character (Unicode, block 2400), or U+FFFD.

    >>> ascii(_visible("a\x01\x7f\ufffe\n"))
    "'a\\u2401\\u2421\\ufffd\\n'"
    """
    return _INVISIBLE.sub(_picture, text)


def _picture(found: re.Match[str]) -> str:
    code = ord(found[0])
    if code == 0x7F:
        return "\u2421"
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"


def _shorten(iri: str, names: Mapping[str, str]) -> str:
    """Return the CURIE of an IRI by its longest namespace, or the IRI.

    >>> _shorten("http://e.org/drug/a", {"http://e.org/drug/": "drug", "http://e.org/": ""})
    'drug:a'
    >>> _shorten("http://e.org/drug/", {"http://e.org/drug/": "drug"})
    'http://e.org/drug/'
    """
    for end in range(len(iri) - 1, 0, -1):
        if iri[end - 1] in "/#" and iri[:end] in names:
            return f"{names[iri[:end]]}:{iri[end:]}"
    return iri


def _kind(literal: Literal, names: Mapping[str, str]) -> str:
    if literal.language:
        return f" <small>@{escape(literal.language)}</small>"
    if literal.datatype.value == _STRING:
        return ""
    return f" <small>{escape(_shorten(literal.datatype.value, names))}</small>"
