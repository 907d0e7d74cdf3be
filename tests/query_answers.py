"""What an engine answers, in the form that the algebra of the tests gives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import sparql_algebra as algebra
from pyoxigraph import QuerySolutions

__all__ = ["read_solutions"]


def read_solutions(
    found: object, short: Callable[[object], str]
) -> Counter[frozenset[tuple[str, str]]]:
    """Return the solutions of a SELECT as a multiset; ``short`` names terms as the algebra does."""
    assert isinstance(found, QuerySolutions)
    names = [f"?{variable.value}" for variable in found.variables]
    return algebra.multiset(
        {name: short(term) for name, term in zip(names, row, strict=True) if term is not None}
        for row in found
    )
