"""Which graphs an update may change, where its text alone tells."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import DefaultGraph, Store

from kg.change import Graph
from kg.evaluation import check_characters
from kg.query_error import QueryError
from kg.query_limits import check_limits
from kg.query_text import QueryText
from kg.repaired_evaluation import BASE_IRI
from kg.update_text import read_operations

__all__ = ["find_named_in_data"]


def find_named_in_data(update: str, prefixes: Mapping[str, str]) -> tuple[Graph, ...] | None:
    """Return the graphs that an update of data names, the default graph first.

    None where it has another operation than INSERT DATA and DELETE DATA, or cannot be read. The
    engine reads the text itself: the data are put into a store of their own.

    >>> find_named_in_data("DELETE DATA { GRAPH <e:g> { <e:a> <e:b> 1 } } ; INSERT DATA { }", {})
    (<DefaultGraph>, <NamedNode value=e:g>)
    >>> find_named_in_data("CLEAR GRAPH <e:g>", {}) is None
    True
    """
    data = Store()
    try:
        check_characters(update)
        check_limits(QueryText(update))
        for each in read_operations(QueryText(update)):
            if each.modification is not None or each.keyword.word not in ("INSERT", "DELETE"):
                return None
            text = f"{each.prologue}INSERT{each.text.removeprefix(each.keyword.text)}"
            data.update(text, prefixes=dict(prefixes), base_iri=BASE_IRI)
    except (QueryError, SyntaxError, RuntimeError, OSError):
        return None
    return (DefaultGraph(), *data.named_graphs())
