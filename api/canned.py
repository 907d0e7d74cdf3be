"""The server's own queries: files in ``api/queries``, and their answers as rows."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from api.engine import Engine
from api.messages import QueryRequest
from kg.formats import ResultFormat

__all__ = ["Row", "Term", "ask_rows", "read_canned"]

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
    request = QueryRequest(query, accept=ResultFormat.JSON.media_type, default_graphs=graphs)
    async with engine.ask_for_server(request) as reply:
        body = await reply.read()
    return [
        {name: _read_term(term) for name, term in binding.items()}
        for binding in json.loads(body)["results"]["bindings"]
    ]


def _read_term(term: dict[str, str]) -> Term:
    if term["type"] == "literal":
        return Term(term["value"], term.get("datatype", _STRING))
    return Term(term["value"])
