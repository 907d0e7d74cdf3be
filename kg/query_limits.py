"""How deep a query may nest and how much it may chain, so that no engine runs out of stack.

An engine reads, plans and evaluates a query by recursion: a level of brackets takes it a level of
calls, and so does each further part of a chain, be it ``?a || ?b || ?c`` or one OPTIONAL after
the other. What it keeps as a list (VALUES, IN, arguments, data) may have any length.
``docs/limits.md`` has the measurements behind the figures.
"""

from __future__ import annotations

import re
from string import ascii_letters, whitespace

from kg.query_error import QueryRefusedError, show_line
from kg.query_text import QueryText
from kg.query_tokens import Kind, Token, read_tokens

__all__ = ["DEEPEST", "LONGEST", "check_limits"]

DEEPEST = 100
"""How many brackets and prefix operators may be open at one place."""

LONGEST = 1000
"""How many parts may be chained: in one group or expression, and in those around it."""

_OPENING = frozenset("([{")
_CLOSING = frozenset(")]}")
_PREFIX_OPERATORS = frozenset("!^-+")
_OPERATORS = frozenset("|&+-*/")
_SEPARATORS = frozenset(".;,/|~")
_TERMS = frozenset(
    [Kind.IRI, Kind.STRING, Kind.VARIABLE, Kind.BLANK, Kind.NAME, Kind.LANGUAGE, Kind.NUMBER]
)
_NAMES = frozenset([Kind.IRI, Kind.NAME])
_NO_PARTS = frozenset(["A", "TRUE", "FALSE", "NOT", "EXISTS", "IN", "AS", "WHERE", "BY"])
_BEFORE_DATA = frozenset(["DATA", "CONSTRUCT", "INSERT", "DELETE"])
_PIECE = re.compile(r"true|false|[a-z_]+?(?=true|false)|[a-z_]+|[0-9]+|\S", re.IGNORECASE)
_WORDS_AND_SPACE = (ascii_letters + "_" + whitespace).encode()
_START = Token(Kind.MARK, "", 0)


def check_limits(query: QueryText) -> None:
    """Refuse a query or an update that an engine could run out of stack with.

    Raises QueryRefusedError, with the place where a limit is passed. Takes time in proportion
    to the text.

    >>> check_limits(QueryText("ASK { FILTER(?a || ?b) }"))
    """
    if _is_small(query.text):
        return
    gauge = _Gauge()
    for token in read_tokens(query.text, lambda: gauge.is_data):
        gauge.take(token)
        if gauge.depth > DEEPEST:
            message = f"brackets and prefix operators nest more than {DEEPEST} deep"
            raise _refusal(query, token, message, "simplify the query, or ask it in several")
        if gauge.length > LONGEST:
            message = f"more than {LONGEST:,} parts are chained, here and around"
            hint = "list values with VALUES or IN, or ask in several queries"
            raise _refusal(query, token, message, hint)


def _is_small(text: str) -> bool:
    """Tell, in a hundredth of the time, that a text has too few pieces to pass a limit.

    No piece is counted more than twice.
    """
    if sum(map(text.count, "([{<!^-+")) > DEEPEST:
        return False
    if 2 * len(text) <= LONGEST or 2 * _most_pieces(text) <= LONGEST:
        return True
    return 2 * len(_PIECE.findall(text)) <= LONGEST


def _most_pieces(text: str) -> int:
    """Return a number that the pieces of a text are not above, known without looking for them.

    A piece is a sign or digits, of which there are no more than characters beside letters; or it
    is a run of letters, which starts the text or follows a space or such a character. Words that
    hold ``true`` or ``false`` are cut into two more for each.

    >>> _most_pieces("ASK { ?s ?p 1 }"), len(_PIECE.findall("ASK { ?s ?p 1 }"))
    (16, 8)
    """
    others = len(text.encode(errors="surrogatepass").translate(None, _WORDS_AND_SPACE))
    words, lower = len(text.split()), text.lower()
    return 2 * others + words + 2 * (lower.count("true") + lower.count("false"))


class _Level:
    """Brackets that are open, or the text around all brackets.

    ``is_terms`` tells that their triples are those of the group around: a collection, ``[ ]``,
    ``<< >>``, ``{| |}``. ``own`` counts the parts chained here since the last comma, ``inner``
    the longest chain inside of one of them, ``before`` the longest one before that comma.
    """

    __slots__ = ("before", "inner", "is_data", "is_terms", "opening", "own")

    def __init__(self, opening: str, *, is_data: bool = False, is_terms: bool = False) -> None:
        self.opening = opening
        self.is_data = is_data
        self.is_terms = is_terms
        self.own = self.inner = self.before = 0

    @property
    def length(self) -> int:
        return max(self.own + self.inner, self.before)

    def start_anew(self) -> None:
        self.before = self.length
        self.own = self.inner = 0


class _Gauge:
    """Takes one token after the other, and knows how deep they nest and how many are chained.

    Where it errs, it counts too much: it knows brackets, operators and words, and no grammar.
    """

    def __init__(self) -> None:
        self._levels = [_Level("")]
        self._around = self._operators = 0
        self._last, self._last_but_one = _START, _START
        self._closed = self._levels[0]

    @property
    def depth(self) -> int:
        return len(self._levels) - 1 + self._operators

    @property
    def length(self) -> int:
        return self._around + self._levels[-1].length

    @property
    def is_data(self) -> bool:
        return self._levels[-1].is_data

    def take(self, token: Token) -> None:
        mark = token.text if token.kind is Kind.MARK else ""
        self._operators = self._operators + 1 if mark in _PREFIX_OPERATORS else 0
        if not self.is_data:
            self._count(token, mark)
        if mark in _OPENING or (mark == "<" and self._doubles(token)):
            self._open(mark)
        elif mark in _CLOSING or (mark == ">" and self._doubles(token)):
            self._close(mark)
        self._last_but_one, self._last = self._last, token

    def _open(self, opening: str) -> None:
        level = self._levels[-1]
        is_data = level.is_data or (opening in "({" and self._starts_data(opening))
        is_terms = opening in "[<" or (opening == "(" and self._starts_terms(level))
        self._around += level.own
        self._levels.append(_Level(opening, is_data=is_data, is_terms=is_terms))

    def _starts_terms(self, level: _Level) -> bool:
        holds_terms = level.is_terms or level.opening == "{"
        return holds_terms and not self._follows_word() and self._last.text != "<"

    def _starts_data(self, opening: str) -> bool:
        if opening == "(":
            return self._last.word == "VALUES"
        if self._last.kind is Kind.VARIABLE:
            return self._last_but_one.word == "VALUES"
        has_columns = self._last.text == ")" and self._closed.is_data
        return has_columns or self._last.word in _BEFORE_DATA

    def _close(self, closing: str) -> None:
        level = self._levels[-1]
        if len(self._levels) == 1 or (closing == ">") != (level.opening == "<"):
            return
        self._closed = self._levels.pop()
        around = self._levels[-1]
        self._around -= around.own
        if level.is_terms:
            around.own += level.length
        else:
            around.inner = max(around.inner, level.length)

    def _count(self, token: Token, mark: str) -> None:
        level = self._levels[-1]
        if level.opening == "(" and level.is_terms:
            level.own += 2 * self._is_item(token, mark) + (mark in _OPERATORS)
        elif level.opening == "(":
            level.own += self._parts_of_expression(token, mark)
        elif level.opening:
            level.own += self._is_part_of_group(token, mark)
        else:
            level.own += self._is_part_of_text(token, mark)
        if mark == "|" and self._last.text == "{" and self._last.end == token.start:
            level.is_terms = True
        if (mark == "," and level.opening == "(") or (mark == ";" and not level.opening):
            level.start_anew()

    def _is_item(self, token: Token, mark: str) -> int:
        """Count what a collection holds: each item is a triple, and so is each next place."""
        if token.kind is Kind.WORD:
            # The engine takes (truetrue) for a list of two.
            return max(1, sum(map(token.text.lower().count, ("true", "false"))))
        follows = self._ends_term(self._last) or self._last.text in _OPENING
        return follows and (token.kind in _TERMS or mark in _OPENING or mark == "<")

    def _parts_of_expression(self, token: Token, mark: str) -> int:
        if mark in _OPERATORS:
            return not self._doubles(token)
        return self._ends_term(self._last) and (token.kind in _TERMS or mark in _OPENING)

    def _is_part_of_group(self, token: Token, mark: str) -> bool:
        if mark in ("{", "("):
            return not self._follows_word()
        if mark:
            return mark in _SEPARATORS or mark == "[" or (mark == "<" and self._doubles(token))
        if token.kind is Kind.WORD:
            return token.word not in _NO_PARTS
        return token.kind in _TERMS and self._last.text in _CLOSING

    def _is_part_of_text(self, token: Token, mark: str) -> bool:
        if mark:
            return mark in "{("
        declares = self._last_but_one.word == "PREFIX"
        return token.kind in _NAMES and self._last.kind in _NAMES and not declares

    def _follows_word(self) -> bool:
        """Tell whether a keyword comes before, which is counted by itself."""
        return self._last.kind is Kind.WORD and self._last.word != "A"

    def _doubles(self, token: Token) -> bool:
        """Tell whether a mark and the one before it make one: ``||``, ``<<``."""
        return self._last.text == token.text and self._last.end == token.start

    @staticmethod
    def _ends_term(token: Token) -> bool:
        return token.kind in _TERMS or token.text in _CLOSING or token.word in ("TRUE", "FALSE")


def _refusal(query: QueryText, token: Token, message: str, hint: str) -> QueryRefusedError:
    return QueryRefusedError(
        message,
        spot=query.spot(token.start),
        excerpt=show_line(query, token.start),
        hint=hint,
    )
