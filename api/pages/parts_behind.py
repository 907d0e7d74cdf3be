"""The SPARQL behind a page: its text, a link that opens it in the editor, one that runs it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

__all__ = ["Behind"]


@dataclass(frozen=True)
class Behind:
    """A query that gives what a page shows; ``says`` is what its rows are.

    >>> Behind("ASK {}", "whether there is anything").edit
    '/sparql#query=ASK%20%7B%7D'
    """

    query: str
    says: str

    @property
    def edit(self) -> str:
        """Where the query opens in the editor."""
        return f"/sparql#query={quote(self.query, safe='')}"

    @property
    def run(self) -> str:
        """Where the query is answered, without a script."""
        return f"/sparql?query={quote(self.query, safe='')}"
