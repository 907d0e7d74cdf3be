"""What the text of a SPARQL query shows before an engine reads it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from kg.query_tokens import Token, tokenise

__all__ = ["Form", "QueryText", "Spot"]


class Form(StrEnum):
    """The four forms of a query."""

    SELECT = "SELECT"
    ASK = "ASK"
    CONSTRUCT = "CONSTRUCT"
    DESCRIBE = "DESCRIBE"


@dataclass(frozen=True, order=True)
class Spot:
    """A place in a query; both count from 1, the column in characters."""

    line: int
    column: int

    def __str__(self) -> str:
        return f"line {self.line}, column {self.column}"


_LEVELS = {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}
_VOLATILE_WORDS = frozenset({"NOW", "RAND", "UUID", "STRUUID", "BNODE", "SERVICE"})
_IN_VOLATILE_WORDS = ("now", "rand", "uuid", "bnode", "service")


@dataclass(frozen=True)
class QueryText:
    """A query or an update, cut into tokens when a question needs them.

    >>> len(QueryText("ASK { ?s ?p 1 }").tokens)
    6
    """

    text: str

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens without comments and white space; what is no token is marked illegal."""
        return tokenise(self.text)

    @cached_property
    def lower(self) -> str:
        """The text in small letters."""
        return self.text.lower()

    def mentions(self, *words: str) -> bool:
        """Tell whether the letters of one of some words, all small, stand anywhere in the text.

        >>> QueryText("ASK { ?serviceable ?p 1 }").mentions("graph", "service")
        True
        """
        text = self.lower
        for word in words:  # noqa: SIM110 - a generator takes longer than the search
            if word in text:
                return True
        return False

    @cached_property
    def form(self) -> Form | None:
        r"""The form of the query, or None where none of the four words stands first.

        >>> QueryText("PREFIX select: <urn:x> # ASK\nconstruct {} where {}").form
        <Form.CONSTRUCT: 'CONSTRUCT'>
        """
        words = (each.word for each in self.tokens)
        return next((Form(word) for word in words if word in Form.__members__), None)

    @cached_property
    def names_dataset(self) -> bool:
        """Whether the query has a FROM clause of its own.

        >>> QueryText("SELECT * FROM <http://example.org/g> { ?s ?p ?o }").names_dataset
        True
        >>> QueryText("SELECT * { ?from <urn:FROM> 'FROM' } # FROM <x>").names_dataset
        False
        """
        return self.mentions("from") and any(
            each.word in ("FROM", "FROMNAMED")
            or (each.prefix.upper().startswith("FROM") and each.prefix not in self.prefixes)
            for each in self.outermost()
        )

    @cached_property
    def prefixes(self) -> frozenset[str]:
        """The prefixes that the query declares, without their colons.

        >>> sorted(QueryText("PREFIX ex: <urn:b> ASK { ex:a ex:b 1 }").prefixes)
        ['ex']
        """
        pairs = zip(self.tokens, self.tokens[1:], strict=False)
        return frozenset(name.prefix for word, name in pairs if word.word == "PREFIX")

    @cached_property
    def is_volatile(self) -> bool:
        """Whether the same query may answer otherwise the next time.

        >>> QueryText("SELECT (NOW() AS ?now) {}").is_volatile
        True
        """
        if not self.mentions(*_IN_VOLATILE_WORDS):
            return False
        return any(each.word in _VOLATILE_WORDS for each in self.tokens)

    def spot(self, offset: int) -> Spot:
        r"""Return the line and column of a character of the query.

        >>> QueryText("ASK\n{ }").spot(4)
        Spot(line=2, column=1)
        """
        before = self.text[:offset]
        return Spot(before.count("\n") + 1, offset - before.rfind("\n"))

    def outermost(self) -> Iterator[Token]:
        """Yield the tokens outside all brackets, and the brackets that close there.

        >>> [each.text for each in QueryText("ASK { 1 } LIMIT 1").outermost()]
        ['ASK', '}', 'LIMIT', '1']
        """
        level = 0
        for each in self.tokens:
            level += _LEVELS.get(each.text, 0)
            if level == 0:
                yield each
