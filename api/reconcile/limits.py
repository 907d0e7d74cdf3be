"""What one request may ask for; every refusal names its limit."""

from __future__ import annotations

__all__ = [
    "LARGEST_BATCH",
    "LONGEST_BODY",
    "MOST_CANDIDATES",
    "MOST_EXTENDED",
    "MOST_PROPERTIES",
    "MOST_SUGGESTED",
    "MOST_VALUES",
    "USUAL_CANDIDATES",
    "USUAL_SUGGESTED",
]

LARGEST_BATCH = 500
"""How many queries a batch may have."""

LONGEST_BODY = 2 * 1024 * 1024
"""How many bytes a form may have."""

MOST_CANDIDATES = 100
"""How many candidates a query gets at most; one that asks for more gets these."""

USUAL_CANDIDATES = 10

MOST_EXTENDED = 1000
"""How many things one extension may have."""

MOST_PROPERTIES = 50
"""How many properties one extension, or one query, may have."""

MOST_VALUES = LARGEST_BATCH * MOST_PROPERTIES
"""How many values the properties of all queries of a batch may have."""

MOST_SUGGESTED = 100
USUAL_SUGGESTED = 20
