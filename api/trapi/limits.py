"""What one query may ask for; every refusal names its limit."""

from __future__ import annotations

from api.trapi.errors import TrapiProblem

__all__ = [
    "LARGEST_BATCH",
    "LONGEST_BODY",
    "LONGEST_PATH",
    "LONGEST_PATTERN",
    "MOST_EDGES",
    "MOST_PATTERNS",
    "MOST_QUERY_EDGES",
    "MOST_QUERY_NODES",
    "MOST_RESULTS",
    "check_limit",
]

LARGEST_BATCH = 100
"""How many ids, categories, predicates, constraints, values and the like a list may have."""

LONGEST_BODY = 1024 * 1024
"""How many bytes a query may have: answers that are sent back in as a query are longer."""

MOST_QUERY_NODES = 6
MOST_QUERY_EDGES = 5
MOST_RESULTS = 5000
MOST_EDGES = 10_000
"""How many edges the knowledge graph of an answer may have."""

LONGEST_PATH = 3
"""How many edges a path of pathfinder has at most, steps up the tree of tumours apart."""

MOST_PATTERNS = 10
"""How many regular expressions a query may have: each is matched with all texts of its kind."""

LONGEST_PATTERN = 200
"""How many characters the regular expression of a constraint may have."""


def check_limit(what: str, number: int, limit: int) -> None:
    """Raise TrapiProblem with status 413 where a number is above its limit.

    >>> check_limit("ids of node n0", 101, 100)
    Traceback (most recent call last):
    api.trapi.errors.TrapiProblem: 101 ids of node n0 are too many; the limit is 100
    """
    if number > limit:
        raise TrapiProblem(f"{number} {what} are too many; the limit is {limit}", 413)
