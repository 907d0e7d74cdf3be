"""Repair of alternatives in paths: an engine that drops what two of them find alike.

By https://www.w3.org/TR/sparql11-query/#defn_evalPP_alternative, ``:p|:q`` outside of ``*``, ``+``
and ``?`` has the solutions of ``:p`` and those of ``:q``, as UNION has.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise

from kg.property_path import Alternative, Chain, Path, Step, Triple, UnreadableError, read_triples
from kg.query_edit import Edit, edited, insert, replace
from kg.query_error import QueryRefusedError, show_line
from kg.query_groups import (
    Element,
    ElementKind,
    Group,
    Select,
    Span,
    basic_patterns,
    read_groups,
    read_selects,
)
from kg.query_limits import check_limits
from kg.query_scope import find_visible
from kg.query_text import Form, QueryText
from kg.query_tokens import Kind, Token

__all__ = ["repair_alternatives"]

_BRACKETS = {"(": 1, "[": 1, ")": -1, "]": -1}
_HIDING = frozenset([ElementKind.FILTER, ElementKind.BIND, ElementKind.MINUS])
_MOST_CHARACTERS = 500_000


def repair_alternatives(query: QueryText) -> QueryText:
    """Return a query or an update with UNION in place of the alternatives of its paths.

    What stands in SERVICE is left to the endpoint. Raises QueryRefusedError where the result
    would be too deep or too long for an engine.

    >>> repair_alternatives(QueryText("ASK { ?s :p|^:q ?o }")).text
    'ASK { { ?s :p ?o } UNION { ?o :q ?s } }'
    """
    first = _find_alternative(query.tokens)
    if first is None:
        return query
    try:
        made = [*_Repair(query).edits()]
        if not made:
            return query
        text = QueryText(edited(query.text, made))
        check_limits(text)
    except _NothingToShowError:
        return query
    except QueryRefusedError as error:
        message = f"the alternatives of paths, each with solutions of its own: {error.message}"
        raise QueryRefusedError(
            message,
            spot=query.spot(first.start),
            excerpt=show_line(query, first.start),
            hint="ask for them in several queries, or whether there is a way: (:p|:q)+",
        ) from None
    return text


def _find_alternative(tokens: Sequence[Token]) -> Token | None:
    """Return the first ``|`` that is no half of ``||``, ``{|`` or ``|}``."""
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if token.text == "|":
            glued = (before.text * (before.end == token.start), after.text)
            if glued[0] not in ("|", "{") and (
                after.start > token.end or glued[1] not in ("|", "}")
            ):
                return token
    return None


class _NothingToShowError(ValueError):
    """There is no variable that a subquery could show in place of ``*``."""


class _Repair:
    """The edits of one query, with variables of names that nothing in it has."""

    def __init__(self, query: QueryText) -> None:
        self._query = query
        self._tokens = query.tokens
        self._base = "?node"
        while any(each.text[1:].startswith(self._base[1:]) for each in self._tokens):
            self._base += "_"
        self._made = 0
        self._characters = 0
        self._labels = Counter[str]()

    def edits(self) -> Iterator[Edit]:
        groups = read_groups(self._query)
        select = next(read_selects(self._query, groups), None)
        is_select = self._query.form is Form.SELECT
        for group in groups:
            # A label is of one basic graph pattern; the engine refuses one that is of two.
            self._labels = Counter(self._blank_labels([group.span]))
            found, shows = self._of_group(group)
            outer: tuple[list[Edit], bool] = ([], False)
            if shows and is_select and select and select.where.span == group.span:
                outer = self._hide_from(select)
            elif shows and self._query.form is Form.DESCRIBE:
                outer = self._hide_from(self._described(group))
            if outer[1]:
                raise _NothingToShowError
            yield from (*outer[0], *found)

    def _described(self, group: Group) -> Select:
        start = [each.word for each in self._tokens].index("DESCRIBE")
        end = len(self._tokens)
        return Select(start, Span(start + 1, start + 2), group, Span(end, end))

    def _of_group(self, group: Group) -> tuple[list[Edit], bool]:
        """Return the edits of a group, and whether it shows new variables to what is around."""
        if group.select:
            found, shows = self._of_group(group.select.where)
            around, still_shows = self._hide_from(group.select) if shows else ([], False)
            # Of edits at one place the first is made first: what is around comes first.
            return around + found, still_shows
        made = self._made
        found = [edit for run in basic_patterns(group) for edit in self._of_triples(run)]
        shows = self._made > made
        for element in group.elements:
            edits, element_shows = self._of_element(element)
            found += edits
            shows = shows or element_shows
        return found, shows

    def _of_element(self, element: Element) -> tuple[list[Edit], bool]:
        if element.kind is ElementKind.SERVICE:
            return [], False
        inner = [self._of_group(each) for each in element.groups]
        shows = element.kind not in _HIDING and any(each for _, each in inner)
        return [edit for edits, _ in inner for edit in edits], shows

    def _hide_from(self, select: Select) -> tuple[list[Edit], bool]:
        """Return the edits that hide new variables where ``*`` would show or count them.

        Where there is no other to show, one of them is, which the second value tells.
        """
        spans = (select.projection, select.tail)
        texts = ["", *(self._tokens[at].text for each in spans for at in _indexes(each))]
        pairs = pairwise(texts)
        if not any(each == "*" and before.upper() in ("", "DISTINCT") for before, each in pairs):
            return [], False
        names = [f"?{name}" for name in find_visible(self._query, select.where)]
        shown = " ".join(names) or f"(1 AS {self._new_variable()})"
        span = select.where.span
        edits = [
            insert(self._tokens[span.start].end, f" {{ SELECT {shown} {{"),
            insert(self._tokens[span.end - 1].start, "} } "),
        ]
        return edits, not names and texts[1] == "*"

    def _of_triples(self, spans: Sequence[Span]) -> Iterator[Edit]:
        """Yield the edits of those statements of a basic graph pattern that have alternatives.

        Blank nodes of these become variables, of one name in all of the pattern.
        """
        statements = [each for span in spans for each in _statements(self._tokens, span)]
        chosen = [each for each in statements if self._needs_repair(each)]
        labels = set(self._blank_labels_of(token for each in chosen for token in each))
        inside = Counter(self._blank_labels(spans))
        if any(inside[label] < self._labels[label] for label in labels):
            return
        names = {label: self._new_variable() for label in sorted(labels)}
        for statement in statements:
            if statement in chosen:
                text = self._with_unions(statement, names)
                yield replace(statement[0].start, statement[-1].end, text)
                continue
            for token in statement:
                if token.kind is Kind.BLANK and token.text in names:
                    yield replace(token.start, token.end, names[token.text])

    def _needs_repair(self, statement: tuple[Token, ...]) -> bool:
        if not any(each.text == "|" for each in statement):
            return False
        try:
            triples = read_triples(self._query.text, statement, lambda _: "[]")
        except UnreadableError:
            return False
        return any(_has_alternative(each.path) for each in triples)

    def _with_unions(self, statement: tuple[Token, ...], names: dict[str, str]) -> str:
        def name(label: str) -> str:
            return names.get(label) or self._new_variable()

        triples = read_triples(self._query.text, statement, name)
        return " . ".join(self._written(each) for each in triples)

    def _written(self, triple: Triple) -> str:
        path = triple.path
        if isinstance(path, Chain):
            return self._chained(triple, path)
        if isinstance(path, Alternative):
            branches = (Triple(triple.subject, each, triple.object) for each in path.paths)
            return " UNION ".join(f"{{ {self._written(each)} }}" for each in branches)
        ends = (triple.subject, triple.object)
        start, end = ends[::-1] if path.is_inverse else ends
        return self._counted(f"{start} {path.text} {end}")

    def _chained(self, triple: Triple, chain: Chain) -> str:
        links = [*_joined(chain.paths)]
        nodes = [triple.subject, *(self._new_variable() for _ in links[1:]), triple.object]
        steps = zip(nodes, links, nodes[1:], strict=False)
        return " . ".join(self._written(Triple(*each)) for each in steps)

    def _counted(self, text: str) -> str:
        # A long literal is written once for each alternative.
        self._characters += len(text)
        if self._characters > _MOST_CHARACTERS:
            raise QueryRefusedError(f"more than {_MOST_CHARACTERS:,} characters, written out")
        return text

    def _new_variable(self) -> str:
        self._made += 1
        return f"{self._base}{self._made}"

    def _blank_labels(self, spans: Sequence[Span]) -> Iterator[str]:
        return self._blank_labels_of(self._tokens[at] for each in spans for at in _indexes(each))

    @staticmethod
    def _blank_labels_of(tokens: Iterable[Token]) -> Iterator[str]:
        return (each.text for each in tokens if each.kind is Kind.BLANK)


def _joined(paths: Sequence[Path]) -> Iterator[Path]:
    """Yield the paths of a chain, those that are kept as they are together."""
    for has_alternative, run in groupby(paths, _has_alternative):
        if has_alternative:
            yield from run
        else:
            yield Step("/".join(_written_path(each) for each in run))


def _written_path(path: Path) -> str:
    if isinstance(path, Step):
        return f"^{path.text}" if path.is_inverse else path.text
    return "/".join(map(_written_path, path.paths))


def _has_alternative(path: Path) -> bool:
    if isinstance(path, Chain):
        return any(map(_has_alternative, path.paths))
    return isinstance(path, Alternative)


def _statements(tokens: Sequence[Token], span: Span) -> Iterator[tuple[Token, ...]]:
    """Yield what stands between the dots of triples."""
    statement: list[Token] = []
    depth = 0
    for token in tokens[span.start : span.end]:
        depth += _BRACKETS.get(token.text, 0)
        if token.text == "." and depth == 0:
            yield tuple(statement)
            statement = []
        else:
            statement.append(token)
    if statement:
        yield tuple(statement)


def _indexes(span: Span) -> range:
    return range(span.start, span.end)
