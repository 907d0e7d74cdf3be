"""Answers as a page for people: rows, a truth value or triples, everything escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from html import escape
from typing import IO

from pyoxigraph import BlankNode, Literal, NamedNode, QueryBoolean, QuerySolutions, Triple

from kg.html_form import query_form
from kg.html_page import CLOSING, opening

__all__ = ["write_html"]

Term = NamedNode | BlankNode | Literal | Triple

_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LINKED = ("http://", "https://")
# Browsers drop NUL and show nothing for the others (HTML, section 13.2.3.5), but for white space.
_INVISIBLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_AGAIN = '<p><a href="/sparql">Ask another question</a></p>'


def write_html(
    results: QuerySolutions | QueryBoolean | Iterable[Triple],
    output: IO[bytes],
    *,
    prefixes: Mapping[str, str],
    query: str | None = None,
) -> None:
    """Write results as a page, row by row; ``prefixes`` shorten the IRIs that it shows.

    The page ends with a form that has the ``query`` in it, where one is given. Only IRIs of HTTP
    become links. What the results raise half-way is raised here.
    """
    show, again = _shower(prefixes), _again(query)
    if isinstance(results, QueryBoolean):
        parts = _truth(results, again)
    elif isinstance(results, QuerySolutions):
        heads = [str(variable) for variable in results.variables]
        parts = _table("Rows", heads, (_row(show, solution) for solution in results), again)
    else:
        heads = ["subject", "predicate", "object"]
        parts = _table("Triples", heads, (_row(show, triple) for triple in results), again)
    for part in parts:
        output.write(part.encode())


def _again(query: str | None) -> str:
    return _AGAIN if query is None else f"<h2>Ask again</h2>\n{query_form(query)}"


def _truth(results: QueryBoolean, again: str) -> Iterator[str]:
    yield opening("Answer")
    yield f"<p><strong>{'true' if results else 'false'}</strong></p>\n{again}"
    yield CLOSING


def _table(title: str, heads: Iterable[str], rows: Iterable[str], again: str) -> Iterator[str]:
    cells = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    yield opening(title, is_wide=True)
    yield f"<table><thead><tr>{cells}</tr></thead><tbody>\n"
    count = 0
    for count, row in enumerate(rows, start=1):  # noqa: B007 - counted for the sentence below
        yield row
    yield f"</tbody></table>\n<p>{count:,} {title.lower()}.</p>\n{again}{CLOSING}"


def _row(show: Callable[[Term], str], terms: Iterable[Term | None]) -> str:
    cells = ("" if term is None else show(term) for term in terms)
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>\n"


def _shower(prefixes: Mapping[str, str]) -> Callable[[Term], str]:
    """Return what shows a term as HTML; it keeps the last IRIs, which come again and again."""
    names = {namespace: prefix for prefix, namespace in prefixes.items()}

    @lru_cache(maxsize=4096)
    def show_iri(iri: str) -> str:
        shown = escape(_shorten(iri, names))
        if not iri.lower().startswith(_LINKED):
            return shown
        return f'<a href="{escape(iri)}" rel="nofollow noreferrer">{shown}</a>'

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
