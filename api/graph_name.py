"""The name of a graph, as clients write it: an absolute IRI, or a CURIE of ours."""

from __future__ import annotations

from pyoxigraph import NamedNode

from api.problems import ParameterError
from api.quotation import quoted
from kg.namespaces import Namespaces

__all__ = ["read_graph_name"]


def read_graph_name(given: str, parameter: str, names: Namespaces) -> str:
    """Return the IRI that a parameter names a graph by; raises ParameterError.

    >>> names = Namespaces({"graph": "https://example.org/graph/"}, "https://example.org/o/")
    >>> read_graph_name("graph:documents", "graph", names)
    'https://example.org/graph/documents'
    >>> read_graph_name("urn:mine", "graph", names)
    'urn:mine'
    """
    try:
        return NamedNode(names.expand(given) or given).value
    except ValueError as error:
        known = "an absolute IRI, or a CURIE such as graph:documents"
        message = f"{parameter} is {quoted(given)}, which is not {known}: {error}"
        raise ParameterError(parameter, message) from None
