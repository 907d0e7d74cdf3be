"""Why a query is not answered: one sentence, the place in the query, and a hint."""

from __future__ import annotations

from kg.query_text import QueryText, Spot

__all__ = [
    "DocumentError",
    "FormatNotOfferedError",
    "QueryError",
    "QueryFailedError",
    "QueryForbiddenError",
    "QueryRefusedError",
    "QuerySyntaxError",
    "show_line",
]

_SHOWN_COLUMNS = 80


class QueryError(ValueError):
    r"""A query that cannot be answered as it stands.

    ``message`` is one sentence; ``spot`` and ``excerpt`` (the line, and a caret below it) say
    where, as far as that is known; ``hint`` says how to mend it.

    >>> print(QueryError("'}' closes nothing", spot=Spot(1, 5), excerpt="ASK }\n    ^"))
    line 1, column 5: '}' closes nothing
      ASK }
          ^
    """

    def __init__(
        self,
        message: str,
        *,
        spot: Spot | None = None,
        excerpt: str | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.spot = spot
        self.excerpt = excerpt
        self.hint = hint

    def __str__(self) -> str:
        place = "" if self.spot is None else f"{self.spot}: "
        lines = [place + self.message]
        lines += [f"  {line}" for line in (self.excerpt or "").splitlines()]
        return "\n".join(lines + ([f"hint: {self.hint}"] if self.hint else []))


class QuerySyntaxError(QueryError):
    """The text is no SPARQL query."""


class QueryRefusedError(QueryError):
    """The query asks for something that is never done here."""


class QueryForbiddenError(QueryRefusedError):
    """The query asks for something that nobody, or not everybody, may do here."""


class QueryFailedError(QueryError):
    """The engine gave up on a query that it had understood."""


class DocumentError(QueryError):
    """An RDF document cannot be read, or holds what is never read here."""


class FormatNotOfferedError(QueryError):
    """No format that the client accepts fits the form of the query."""


def show_line(query: QueryText, offset: int) -> str:
    r"""Return the line that holds a character, cut to a screen's width, and a caret below it.

    >>> print(show_line(QueryText("ASK {\n ?s ?p }"), 13))
     ?s ?p }
           ^
    """
    spot = query.spot(offset)
    line = query.text.split("\n")[spot.line - 1].rstrip("\r").replace("\t", " ")
    first = max(0, spot.column - 1 - _SHOWN_COLUMNS // 2)
    shown = line[first : first + _SHOWN_COLUMNS]
    return f"{shown}\n{' ' * (spot.column - 1 - first)}^"
