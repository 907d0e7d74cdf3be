"""Paths of any length from or to a term, put so that an engine follows them from the term.

Where Virtuoso knows both ends of such a path, it loses the path or finds it several times. Which
end it starts from is its optimiser's choice, by statistics that differ from one load to the next.
No optimiser takes apart a subquery with a LIMIT: the path stands in one of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import count

from api.remote_graphs import HELPER
from kg.property_path import Alternative, Chain, Path, Step, Triple, UnreadableError, read_triples
from kg.query_edit import Edit, edited, replace
from kg.query_groups import ElementKind, Group, Span, read_groups
from kg.query_text import QueryText
from kg.query_tokens import Token

__all__ = ["shield_paths"]

_MODIFIERS = ("*", "+", "?")
_VARIABLE = ("?", "$")
_DEPTH = {"(": 1, "[": 1, ")": -1, "]": -1}
_MOST = 1_000_000_000
"""More nodes than any path reaches, as the limit is not to cut."""

_SHOWN = ("SELECT", "DISTINCT", "REDUCED", "DESCRIBE")


def shield_paths(query: QueryText) -> QueryText:
    """Return a query with each path of any length between a term and a variable in a subquery.

    What such a path leads to or from by further steps stays beside it, unless all variables are
    shown, of which there is one more then. Paths in GRAPH and SERVICE stay as they are, and so
    does what stands in one statement with a blank node or a list.

    >>> shield_paths(QueryText("ASK { ?x <urn:p>* <urn:a> ; <urn:q> ?y }")).text
    'ASK { { SELECT DISTINCT ?x { ?x <urn:p>* <urn:a> } LIMIT 1000000000 } ?x <urn:q> ?y }'
    >>> shield_paths(QueryText("ASK { ?x <urn:p>* ?y }")).text
    'ASK { ?x <urn:p>* ?y }'
    """
    if not any(each.text in _MODIFIERS for each in query.tokens):
        return query
    shield = _Shield(query)
    edits = [edit for group in read_groups(query) for edit in shield.group(group)]
    return QueryText(edited(query.text, edits)) if edits else query


class _Shield:
    def __init__(self, query: QueryText) -> None:
        self._query = query
        self._numbers = count(1)
        pairs = zip(query.tokens, query.tokens[1:], strict=False)
        self._shows_all = any(one.word in _SHOWN and two.text == "*" for one, two in pairs)

    def group(self, group: Group) -> Iterator[Edit]:
        """Yield the edits of a group and of those in it."""
        if group.select:
            yield from self.group(group.select.where)
        for element in group.elements:
            if element.kind is ElementKind.TRIPLES:
                for statement in _statements(self._query.tokens, element.span):
                    yield from self._statement(statement)
            elif element.kind not in (ElementKind.GRAPH, ElementKind.SERVICE):
                for each in element.groups:
                    yield from self.group(each)

    def _statement(self, tokens: Sequence[Token]) -> Iterator[Edit]:
        if not any(each.text in _MODIFIERS for each in tokens):
            return
        try:
            triples = read_triples(self._query.text, tokens, _refuse)
        except UnreadableError:
            return
        parts = [part for triple in triples for part in self._split(triple)]
        if any(_is_shielded(each) for each in parts):
            yield replace(tokens[0].start, tokens[-1].end, _joined(parts))

    def _split(self, triple: Triple) -> tuple[Triple, ...]:
        """Return a triple, or the two of a chain that starts or ends with a path from its term."""
        path = triple.path
        if not isinstance(path, Chain) or self._shows_all:
            return (triple,)
        between = f"?{HELPER}path_{next(self._numbers)}"
        first = Triple(triple.subject, path.paths[0], between)
        if _is_shielded(first):
            return (first, Triple(between, _chain(path.paths[1:]), triple.object))
        last = Triple(between, path.paths[-1], triple.object)
        if _is_shielded(last):
            return (last, Triple(triple.subject, _chain(path.paths[:-1]), between))
        return (triple,)


def _statements(tokens: Sequence[Token], span: Span) -> Iterator[Sequence[Token]]:
    start, depth = span.start, 0
    for at in range(span.start, span.end):
        depth += _DEPTH.get(tokens[at].text, 0)
        if tokens[at].text == "." and not depth:
            yield tokens[start:at]
            start = at + 1
    yield tokens[start : span.end]


def _refuse(label: str) -> str:
    raise UnreadableError(label)


def _is_shielded(triple: Triple) -> bool:
    """Tell whether a triple is a path of any length between a term and a variable."""
    path = triple.path
    ends = [each.startswith(_VARIABLE) for each in (triple.subject, triple.object)]
    return isinstance(path, Step) and path.text.endswith(_MODIFIERS) and ends.count(True) == 1


def _joined(triples: Sequence[Triple]) -> str:
    """Return subqueries, then the other triples, without a full stop that the query has itself."""
    shielded = [_written(each) for each in triples if _is_shielded(each)]
    plain = [_written(each) for each in triples if not _is_shielded(each)]
    return " ".join([*shielded, " . ".join(plain)])


def _written(triple: Triple) -> str:
    text = f"{triple.subject} {_path(triple.path)} {triple.object}"
    if not _is_shielded(triple):
        return text
    found = triple.subject if triple.subject.startswith(_VARIABLE) else triple.object
    return f"{{ SELECT DISTINCT {found} {{ {text} }} LIMIT {_MOST} }}"


def _chain(paths: tuple[Path, ...]) -> Path:
    return paths[0] if len(paths) == 1 else Chain(paths)


def _path(path: Path) -> str:
    if isinstance(path, Chain):
        return "/".join(_path(each) for each in path.paths)
    if isinstance(path, Alternative):
        return f"({'|'.join(_path(each) for each in path.paths)})"
    return f"^{path.text}" if path.is_inverse else path.text
