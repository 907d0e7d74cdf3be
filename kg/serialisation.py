"""Results on their way to bytes: by the engine, with our prefixes, or as a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from itertools import takewhile
from typing import IO, Protocol

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples, Triple, serialize

from kg.formats import Format, GraphFormat, ResultFormat, TableFormat
from kg.graph_writing import sort_prefixes
from kg.html_page import PLAIN, Frame
from kg.html_results import write_html
from kg.xml_output import XmlOutput

__all__ = ["PREFIXED", "XML", "OrderedPrefixes", "Results", "write_results"]

Results = QuerySolutions | QueryBoolean | QueryTriples

PREFIXED = (GraphFormat.TURTLE, GraphFormat.TRIG)
"""The formats of RDF that people read: prefixes halve their size."""

XML = (ResultFormat.XML, GraphFormat.RDF_XML)
"""The formats that cannot hold every character."""

_LONGEST_HELD = 64 * 1024
"""Bytes that are held back: many times those of the declarations."""

_DECLARATION = b"@prefix "
_NAME = re.compile(rb"(?<![^\s(^])([^\s:<>\"()^]*):")


class Writable(Protocol):
    """Something that takes pieces of an answer."""

    def write(self, piece: bytes, /) -> int:
        """Take a piece."""


class OrderedPrefixes:
    r"""An output that sorts the declarations at the start of Turtle, and passes the rest on.

    The serialiser shuffles them, and one entity tag may stand for one sequence of bytes only. A
    short text keeps those alone that it uses.

    >>> import io
    >>> output = io.BytesIO()
    >>> with OrderedPrefixes(output) as ordered:
    ...     _ = ordered.write(b"@prefix b: <e:b> .\n@prefix c: <e:c> .\n@prefix a: <e:a> .\n")
    ...     _ = ordered.write(b"a:x a b:Y .\n")
    >>> print(output.getvalue().decode(), end="")
    @prefix a: <e:a> .
    @prefix b: <e:b> .
    a:x a b:Y .
    """

    def __init__(self, output: Writable) -> None:
        self._output = output
        self._held: bytearray | None = bytearray()

    def __enter__(self) -> OrderedPrefixes:
        return self

    def __exit__(self, *_: object) -> None:
        if self._held is not None:
            self._output.write(_keep_used(bytes(self._held)))

    def write(self, piece: bytes, /) -> int:
        """Take a piece; the first ones are held until all declarations must be among them."""
        if self._held is None:
            self._output.write(piece)
            return len(piece)
        self._held += piece
        if len(self._held) > _LONGEST_HELD:
            self._output.write(sort_prefixes(bytes(self._held)))
            self._held = None
        return len(piece)

    def flush(self) -> None:
        """Do nothing: what is held is not in order yet."""


def _keep_used(text: bytes) -> bytes:
    """Return Turtle with its declarations in order, but for those that it does not use."""
    lines = sort_prefixes(text).splitlines(keepends=True)
    declarations = [*takewhile(lambda line: line.startswith(_DECLARATION), lines)]
    body = b"".join(lines[len(declarations) :])
    used = {found[1] for found in _NAME.finditer(body)}
    return b"".join([each for each in declarations if _name_in(each) in used]) + body


def _name_in(declaration: bytes) -> bytes:
    return declaration.removeprefix(_DECLARATION).partition(b":")[0]


def write_results(
    results: Results,
    form: Format,
    output: IO[bytes],
    *,
    prefixes: Mapping[str, str],
    query: str | None = None,
    frame: Frame = PLAIN,
) -> None:
    """Write results in a format, in pieces of some KiB; a page has the ``query`` in its ``frame``.

    Raises RuntimeError or OSError when the engine gives up half-way, NotXmlError for a character
    that XML cannot hold, and TypeError for rows in a format of triples, or triples in one of rows.
    """
    if isinstance(form, TableFormat):
        write_html(results, output, prefixes=prefixes, query=query, frame=frame)
    elif form in XML:
        with XmlOutput(output) as xml:
            _write(results, form, xml, prefixes)
    else:
        _write(results, form, output, prefixes)


def _write(results: Results, form: Format, output: IO[bytes], prefixes: Mapping[str, str]) -> None:
    if isinstance(results, QueryTriples) and isinstance(form, GraphFormat):
        _write_triples(results, form, output, prefixes)
    elif not isinstance(results, QueryTriples) and isinstance(form, ResultFormat):
        results.serialize(output, form.engine)
    else:
        raise TypeError(f"{type(results).__name__} cannot be written as {form.title}")


def _write_triples(
    results: QueryTriples, form: GraphFormat, output: IO[bytes], prefixes: Mapping[str, str]
) -> None:
    if form not in PREFIXED or not prefixes:
        results.serialize(output, form.engine)
        return
    with OrderedPrefixes(output) as ordered:
        triples: Iterable[Triple] = results
        serialize(triples, ordered, form.engine, prefixes=dict(prefixes))  # type: ignore[arg-type]
