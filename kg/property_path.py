"""Triples with property paths: read from tokens, and a path as a tree of its alternatives.

The grammar: https://www.w3.org/TR/sparql11-query/#rTriplesSameSubjectPath
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kg.query_tokens import Kind, Token

__all__ = ["Alternative", "Chain", "Path", "Step", "Triple", "UnreadableError", "read_triples"]

_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_FIRST, _REST, _NIL = (f"<{_RDF}{name}>" for name in ("first", "rest", "nil"))
_TERMS = (Kind.IRI, Kind.NAME, Kind.VARIABLE, Kind.STRING, Kind.NUMBER)
_MODIFIERS = ("*", "+", "?")
_CLOSER = {"(": ")", "[": "]"}


class UnreadableError(ValueError):
    """The tokens are no triples that this reader knows; an engine may know them."""


@dataclass(frozen=True)
class Step:
    """A path that is kept as it is written: a predicate, or what no alternative is taken out of.

    ``is_inverse`` leads from object to subject.
    """

    text: str
    is_inverse: bool = False


@dataclass(frozen=True)
class Chain:
    """Paths one after the other."""

    paths: tuple[Path, ...]


@dataclass(frozen=True)
class Alternative:
    """Paths any of which may be gone: each adds its solutions."""

    paths: tuple[Path, ...]


Path = Step | Chain | Alternative


@dataclass(frozen=True)
class Triple:
    """A subject, a path or a variable, and an object, as texts that stand alone."""

    subject: str
    path: Path
    object: str


def read_triples(
    text: str, tokens: Sequence[Token], name: Callable[[str], str]
) -> tuple[Triple, ...]:
    """Return the triples of one statement, its lists, brackets and collections resolved.

    ``name`` gives the variable for a blank node: one for each label, and for ``""`` a new one.
    Raises UnreadableError for what SPARQL 1.1 has not, such as triples as terms.

    >>> from kg.query_tokens import tokenise
    >>> text = ":a :p|:q [ :r 1 ]"
    >>> for triple in read_triples(text, tokenise(text), lambda label: "?new"):
    ...     print(triple.subject, triple.object, len(getattr(triple.path, "paths", ())))
    :a ?new 2
    ?new 1 0
    """
    reader = _Reader(text, tokens, name)
    try:
        return tuple(reader.statement())
    except IndexError:
        raise UnreadableError from None


class _Reader:
    def __init__(self, text: str, tokens: Sequence[Token], name: Callable[[str], str]) -> None:
        self._text = text
        self._tokens = tokens
        self._name = name
        self._at = 0
        self._nested: list[Triple] = []

    def statement(self) -> Iterator[Triple]:
        subject = self._node()
        if self._at < len(self._tokens):
            yield from self._properties(subject, "")
        if self._at < len(self._tokens):
            raise UnreadableError
        yield from self._nested

    def _properties(self, subject: str, closer: str) -> Iterator[Triple]:
        while not self._ends(closer):
            path = self._verb()
            yield Triple(subject, path, self._node())
            while self._take(","):
                yield Triple(subject, path, self._node())
            if not self._ends(closer) and self._peek() != ";":
                raise UnreadableError
            while self._take(";"):
                pass

    def _ends(self, closer: str) -> bool:
        return (not closer and self._at == len(self._tokens)) or self._peek() == closer

    def _node(self) -> str:
        token = self._tokens[self._at]
        if token.text in _CLOSER:
            return self._brackets()
        if token.kind is Kind.BLANK:
            self._at += 1
            return self._name(token.text)
        if token.text in ("+", "-") and self._tokens[self._at + 1].kind is Kind.NUMBER:
            self._at += 1
        elif token.kind not in _TERMS and token.word not in ("TRUE", "FALSE"):
            raise UnreadableError
        self._at += 1
        return self._since(token) + (self._suffix() if token.kind is Kind.STRING else "")

    def _suffix(self) -> str:
        """Read what may follow a string: its language, or its datatype."""
        rest = self._tokens[self._at : self._at + 3]
        if rest and rest[0].kind is Kind.LANGUAGE:
            length = 1
        elif [each.text for each in rest[:2]] == ["^", "^"] and len(rest) == 3:
            length = 3
        else:
            return ""
        self._at += length
        return "".join(each.text for each in rest[:length])

    def _brackets(self) -> str:
        opening = self._tokens[self._at].text
        self._at += 1
        if opening == "[":
            node = self._name("")
            self._nested += list(self._properties(node, "]"))
            self._at += 1
            return node
        items = []
        while not self._take(")"):
            items.append(self._node())
        rest = _NIL
        for item in reversed(items):
            node = self._name("")
            self._nested += [Triple(node, Step(_FIRST), item), Triple(node, Step(_REST), rest)]
            rest = node
        return rest

    def _verb(self) -> Path:
        token = self._tokens[self._at]
        if token.kind is Kind.VARIABLE:
            self._at += 1
            return Step(token.text)
        return self._alternatives(is_inverse=False)

    def _alternatives(self, *, is_inverse: bool) -> Path:
        paths = [self._chain(is_inverse=is_inverse)]
        while self._take("|"):
            paths.append(self._chain(is_inverse=is_inverse))
        return paths[0] if len(paths) == 1 else Alternative(tuple(paths))

    def _chain(self, *, is_inverse: bool) -> Path:
        paths = [self._element(is_inverse=is_inverse)]
        while self._take("/"):
            paths.append(self._element(is_inverse=is_inverse))
        # The way back goes through what is chained in the other order.
        return paths[0] if len(paths) == 1 else Chain(tuple(paths[:: -1 if is_inverse else 1]))

    def _element(self, *, is_inverse: bool) -> Path:
        if self._take("^"):
            is_inverse = not is_inverse
        start = self._tokens[self._at]
        if self._take("("):
            path = self._alternatives(is_inverse=is_inverse)
            if not self._take(")"):
                raise UnreadableError
        elif self._take("!"):
            path = self._negated(is_inverse=is_inverse)
        else:
            path = Step(self._predicate(), is_inverse)
        if self._peek() not in _MODIFIERS:
            return path
        modifier = self._tokens[self._at]
        self._at += 1
        if self._at < len(self._tokens) and self._peeks_number(modifier):
            raise UnreadableError
        # Within these it is asked whether a node is reached, not in how many ways.
        return Step(self._since(start), is_inverse)

    def _peeks_number(self, sign: Token) -> bool:
        """Tell whether ``+`` may be the sign of the object: readers differ on ``:p +1``."""
        following = self._tokens[self._at]
        return following.kind is Kind.NUMBER and following.start == sign.end

    def _negated(self, *, is_inverse: bool) -> Path:
        """Read a negated property set: by the standard, one for each direction, as alternatives."""
        sides: dict[bool, list[str]] = {False: [], True: []}
        brackets = self._take("(")
        while True:
            backwards = self._take("^")
            sides[backwards].append(self._predicate())
            if not (brackets and self._take("|")):
                break
        if brackets and not self._take(")"):
            raise UnreadableError
        paths = tuple(
            Step(f"!({'|'.join(names)})", is_inverse != backwards)
            for backwards, names in sides.items()
            if names
        )
        return paths[0] if len(paths) == 1 else Alternative(paths)

    def _predicate(self) -> str:
        token = self._tokens[self._at]
        if token.kind not in (Kind.IRI, Kind.NAME) and token.word != "A":
            raise UnreadableError
        self._at += 1
        return token.text

    def _since(self, start: Token) -> str:
        return self._text[start.start : self._tokens[self._at - 1].end]

    def _peek(self) -> str:
        return self._tokens[self._at].text if self._at < len(self._tokens) else ""

    def _take(self, text: str) -> bool:
        found = self._peek() == text
        self._at += found
        return found
