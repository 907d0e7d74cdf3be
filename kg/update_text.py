"""What the text of a SPARQL update shows before an engine reads it: its operations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kg.query_error import QueryRefusedError, show_line
from kg.query_text import QueryText
from kg.query_tokens import Kind, Token, read_tokens

__all__ = ["Modification", "Operation", "Segment", "read_operations", "read_segments"]

_DECLARATIONS = {"BASE": 1, "VERSION": 1, "PREFIX": 2}
_OTHERS = frozenset(["CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"])
_MODIFYING = frozenset(["WITH", "DELETE", "INSERT"])
_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")
_MAKING_NODES = frozenset("[(~|<")
"""Marks by which a template makes blank nodes: brackets, reifiers and annotations."""


@dataclass(frozen=True)
class Segment:
    """What stands between two semicolons: declarations, and an operation where there is one.

    Of lists of data, the tokens are only the brackets.
    """

    start: int
    end: int
    tokens: tuple[Token, ...]

    @property
    def declared(self) -> int:
        """How many of the tokens declare a base, a prefix or a version."""
        at = 0
        while at < len(self.tokens) and self.tokens[at].word in _DECLARATIONS:
            at += 1 + _DECLARATIONS[self.tokens[at].word]
        return min(at, len(self.tokens))

    @property
    def keyword(self) -> Token | None:
        """The first word of the operation, or None where there is none."""
        return self.tokens[self.declared] if self.declared < len(self.tokens) else None


@dataclass(frozen=True)
class Modification:
    """The parts of an operation with a WHERE, each with its brackets; a missing part is ``{}``.

    ``dataset`` is the first WITH or USING, where there is one. ``variables`` are those of the
    templates, without their marks; ``makes_nodes`` tells that each solution makes blank nodes.
    """

    delete: str
    insert: str
    where: str
    dataset: Token | None
    variables: tuple[str, ...]
    makes_nodes: bool


@dataclass(frozen=True)
class Operation:
    """One operation of an update; ``prologue`` holds all declarations before it.

    ``keyword`` is its first word. ``modification`` is None where there is no WHERE.
    """

    prologue: str
    text: str
    keyword: Token
    is_silent: bool
    modification: Modification | None


def read_operations(update: QueryText) -> tuple[Operation, ...]:
    """Return the operations of an update that an engine can read, in their order.

    Engines forgive missing blanks (``LOAD<urn:a>`` is one word to nobody, ``LOADex:a`` is);
    where that leaves a doubt, QueryRefusedError asks for a blank.

    >>> text = QueryText("PREFIX e: <urn:e> INSERT DATA { e:a e:b 1 } ; CLEAR ALL")
    >>> [operation.keyword.text for operation in read_operations(text)]
    ['INSERT', 'CLEAR']
    """
    return tuple(_operations(update))


def read_segments(update: QueryText) -> tuple[Segment, ...]:
    """Return the segments of an update, one that cannot be read too.

    >>> [len(each.tokens) for each in read_segments(QueryText("CLEAR ALL; CREATE GRAPH <urn:a>;"))]
    [2, 3, 0]
    """
    found = [*_segments(update)]
    starts = (0, *(end + 1 for _, end in found))
    return tuple(
        Segment(start, end, tokens) for start, (tokens, end) in zip(starts, found, strict=False)
    )


def _segments(update: QueryText) -> Iterator[tuple[tuple[Token, ...], int]]:
    """Yield the tokens between the semicolons outside of all brackets, and where they end."""
    level, found, data = 0, list[Token](), set[int]()
    for token in read_tokens(update.text, lambda: bool(data)):
        level += (token.text == "{") - (token.text == "}")
        if level == 0:
            data.clear()
        elif level == 1 and found and found[-1].word == "DATA":
            data.add(level)
        if token.text == ";" and level == 0:
            yield tuple(found), token.start
            found = []
        else:
            found.append(token)
    yield tuple(found), len(update.text)


def _operations(update: QueryText) -> Iterator[Operation]:
    prologue = ""
    for segment in read_segments(update):
        illegal = next((each for each in segment.tokens if each.kind is Kind.ILLEGAL), None)
        if illegal:
            raise _refusal(update, illegal, f"{illegal.text!r} has no place here", "remove it")
        if segment.keyword:
            prologue += update.text[segment.start : segment.keyword.start]
            tokens = segment.tokens[segment.declared :]
            yield _operation(update, prologue, tokens, segment.end)


def _operation(update: QueryText, prologue: str, tokens: tuple[Token, ...], end: int) -> Operation:
    first = tokens[0]
    second = tokens[1].word if len(tokens) > 1 else ""
    modification = None
    if first.word in _MODIFYING and second != "DATA":
        modification = _Reader(update, tokens).modification()
    elif first.word not in (*_OTHERS, *_MODIFYING, "LOAD"):
        raise _glued(update, first)
    return Operation(
        prologue, update.text[first.start : end], first, second == "SILENT", modification
    )


class _Reader:
    """Reads the tokens of an operation with a WHERE."""

    def __init__(self, update: QueryText, tokens: tuple[Token, ...]) -> None:
        self._update = update
        self._tokens = tokens
        self._at = 0

    def modification(self) -> Modification:
        delete = insert = ""
        dataset = self._take("WITH")
        if dataset:
            self._skip_iri()
        if self._take("DELETE"):
            if self._take("WHERE"):
                delete = where = self._group()
                return self._of(delete, "", where, None)
            delete = self._group()
        if self._take("INSERT"):
            insert = self._group()
        while using := self._take("USING"):
            dataset = dataset or using
            self._take("NAMED")
            self._skip_iri()
        if not self._take("WHERE"):
            raise _glued(self._update, self._next())
        return self._of(delete, insert, self._where(), dataset)

    def _of(self, delete: str, insert: str, where: str, dataset: Token | None) -> Modification:
        tokens = [*QueryText(delete).tokens, *QueryText(insert).tokens]
        names = (each.text[1:] for each in tokens if each.kind is Kind.VARIABLE)
        makes = any(
            each.kind is Kind.BLANK or (each.kind is Kind.MARK and each.text in _MAKING_NODES)
            for each in QueryText(insert).tokens
        )
        variables = tuple(dict.fromkeys(names))
        return Modification(delete or "{}", insert or "{}", where, dataset, variables, makes)

    def _next(self) -> Token:
        return self._tokens[min(self._at, len(self._tokens) - 1)]

    def _take(self, word: str) -> Token | None:
        token = self._next()
        if token.word != word:
            return None
        self._at += 1
        return token

    def _skip_iri(self) -> None:
        if self._next().kind not in (Kind.IRI, Kind.NAME):
            raise _glued(self._update, self._next())
        self._at += 1

    def _group(self) -> str:
        """Return the text of the brackets that start here."""
        first, start, level = self._next(), self._at, 0
        if first.text != "{":
            raise _glued(self._update, first)
        for token in self._tokens[start:]:
            self._at += 1
            level += (token.text == "{") - (token.text == "}")
            if level == 0:
                return self._update.text[first.start : token.start + 1]
        raise _refusal(self._update, first, "this bracket is never closed", "close it")

    def _where(self) -> str:
        start = self._at
        text = self._group()
        if doubtful := _find_doubtful(self._tokens[start : self._at]):
            hint = "write a blank after '<'"
            raise _refusal(self._update, doubtful, "this could be read in two ways", hint)
        return text


def _find_doubtful(tokens: Sequence[Token]) -> Token | None:
    """Return the first token of a WHERE after which another reading of it could set in.

    Tokens are read greedily: ``?a<?b)#>`` is a variable and an IRI. An engine that knows to be
    in an expression reads a comparison, a bracket and a comment.
    """
    inside: list[str] = []
    before = tokens[0]
    for token in tokens:
        if token.kind is Kind.IRI and inside[-1:] == ["("] and _ends_operand(before):
            if set("'#()[]") & set(token.text):
                return token
        elif token.text in _OPENING:
            inside.append(token.text)
        elif token.text in _CLOSING:
            inside = inside[:-1]
        before = token
    return None


def _ends_operand(token: Token) -> bool:
    if token.kind is Kind.WORD:
        return token.word in ("TRUE", "FALSE")
    return token.kind is not Kind.MARK or token.text == ")"


def _glued(update: QueryText, token: Token) -> QueryRefusedError:
    hint = "write a blank, or a line break, between all words"
    return _refusal(update, token, f"{token.text!r} cannot be told from a keyword here", hint)


def _refusal(update: QueryText, token: Token, message: str, hint: str) -> QueryRefusedError:
    return QueryRefusedError(
        message, spot=update.spot(token.start), excerpt=show_line(update, token.start), hint=hint
    )
