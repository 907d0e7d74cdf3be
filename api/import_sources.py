"""Whose word counts in a question about paths: that of the documents, of imports, or of both."""

from __future__ import annotations

from collections.abc import Sequence

from api.directory import fold
from api.imports import Imports
from api.problems import ParameterError
from api.quotation import clipped

__all__ = ["read_sources"]

_DOCUMENTS, _IMPORTS = "documents", "imports"


def read_sources(imports: Imports, names: Sequence[str]) -> tuple[bool, frozenset[str] | None]:
    """Return whether documents count, and the graphs of the imports that do: None is all of them.

    Raises ParameterError for a name that no import has.

    >>> read_sources(Imports(), ["documents"])
    (True, frozenset())
    >>> read_sources(Imports(), [])
    (True, None)
    """
    words = [fold(part) for name in names for part in name.split(",") if part.strip()]
    if not words:
        return True, None
    graphs = {_get_graph(imports, word) for word in words if word not in (_DOCUMENTS, _IMPORTS)}
    return _DOCUMENTS in words, None if _IMPORTS in words else frozenset(graphs)


def _get_graph(imports: Imports, name: str) -> str:
    graph = imports.find_graph(name)
    if graph is None:
        known = ", ".join((_DOCUMENTS, _IMPORTS, *imports.names))
        raise ParameterError("source", f"source '{clipped(name)}' is not known; known: {known}")
    return graph
