"""The server's own queries: files in ``api/queries``, and their answers as rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from json import JSONDecodeError, JSONDecoder
from pathlib import Path

from pyoxigraph import NamedNode

from api.engine import Engine
from api.messages import QueryRequest
from api.spooled_reply import SpooledReply
from kg.formats import ResultFormat

__all__ = ["LONG_SECONDS", "Row", "Term", "ask_rows", "each_row", "read_canned"]

_FOLDER = Path(__file__).resolve().parent / "queries"
_TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in _FOLDER.glob("*.rq")}
"""Read at once: a newer version of the package may be installed while this one runs."""


@dataclass(frozen=True, slots=True)
class Term:
    """An IRI (without ``datatype``) or a literal."""

    value: str
    datatype: str | None = None

    @property
    def is_iri(self) -> bool:
        """Whether the term names a thing."""
        return self.datatype is None


Row = dict[str, Term]
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_BINDINGS = re.compile(r'"bindings"\s*:\s*\[\s*')
_BETWEEN = re.compile(r"\s*,?\s*")
_SECONDS = 30.0
LONG_SECONDS = 600.0
"""How long a query may take whose whole answer is kept for a snapshot."""

_MOST_SHARED = 100_000
"""How many terms are looked up among those that were read before."""


def read_canned(name: str, **values: Iterable[str]) -> str:
    """Return the query in ``<name>.rq``, its empty ``VALUES ?x { }`` filled with IRIs.

    Raises KeyError for a name that no file has.

    >>> "VALUES ?class { <urn:a> }" in read_canned("members", **{"class": ["urn:a"]})
    True
    """
    text = _TEXTS[name]
    for variable, iris in values.items():
        empty = f"VALUES ?{variable} {{ }}"
        if empty not in text:
            raise ValueError(f"{name}.rq has no '{empty}'")
        listed = " ".join(str(NamedNode(iri)) for iri in iris)
        text = text.replace(empty, f"VALUES ?{variable} {{ {listed} }}")
    return text


async def ask_rows(engine: Engine, query: str, *, graphs: tuple[str, ...] = ()) -> list[Row]:
    """Return the rows of a SELECT query of the server's own, over some graphs or over all."""
    return [*await each_row(engine, query, graphs=graphs)]


async def each_row(
    engine: Engine, query: str, *, graphs: tuple[str, ...] = (), seconds: float = _SECONDS
) -> Iterator[Row]:
    """Return the same rows, to be read one after the other and once.

    Only their text is held meanwhile, and a term that many rows have is one object.
    """
    request = QueryRequest(
        query, accept=ResultFormat.JSON.media_type, default_graphs=graphs, seconds=seconds
    )
    async with engine.ask_for_server(request) as reply:
        if isinstance(reply, SpooledReply):
            return _read_rows(reply.texts())
        return _read_rows(iter([(await reply.read()).decode()]))


def _read_rows(pieces: Iterator[str]) -> Iterator[Row]:
    """Yield the rows of a text that comes in pieces, wherever it is cut."""
    decode, terms = JSONDecoder().raw_decode, dict[tuple[str, str | None], Term]()
    text = next(pieces, "")
    while (start := _BINDINGS.search(text)) is None:
        text = _longer(text, 0, pieces)
    position = start.end()
    while True:
        between = _BETWEEN.match(text, position)
        position = between.end() if between else position
        if text[position : position + 1] == "]":
            return
        try:
            binding, position = decode(text, position)
        except JSONDecodeError:
            text, position = _longer(text, position, pieces), 0
        else:
            yield {name: _read_term(term, terms) for name, term in binding.items()}


def _longer(text: str, position: int, pieces: Iterator[str]) -> str:
    """Return a text from a position on, with the next piece; raises ValueError for the last one."""
    piece = next(pieces, None)
    if piece is None:
        raise ValueError("an answer to the server itself has no rows, or no end")
    return text[position:] + piece


def _read_term(term: dict[str, str], known: dict[tuple[str, str | None], Term]) -> Term:
    value, is_literal = term["value"], term["type"] == "literal"
    key = value, term.get("datatype", _STRING) if is_literal else None
    found = known.get(key)
    if found is None:
        if len(known) >= _MOST_SHARED:
            known.clear()
        found = known[key] = Term(*key)
    return found
