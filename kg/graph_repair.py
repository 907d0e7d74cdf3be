"""Repairs of GRAPH: an engine that hands the graph's name down to each triple loses it elsewhere.

By https://www.w3.org/TR/sparql11-query/#sparqlAlgebra, ``GRAPH ?g { P }`` evaluates P on each
named graph and binds ?g afterwards, so that ?g is no variable of P.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto

from kg.query_edit import Edit, edited, insert, replace, shifted
from kg.query_error import QueryRefusedError, show_line
from kg.query_groups import Element, ElementKind, Group, Select, Span, read_groups
from kg.query_scope import find_visible
from kg.query_text import QueryText
from kg.query_tokens import Kind, Token

__all__ = ["check_graphs", "rename_hidden", "repair_graphs"]

_AGGREGATES = frozenset(["COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"])
_PER_GRAPH = frozenset(["LIMIT", "OFFSET"])
_CONSTRAINTS = (ElementKind.FILTER, ElementKind.BIND, ElementKind.SERVICE)
_LEFT = (ElementKind.OPTIONAL, ElementKind.MINUS, ElementKind.LATERAL)


def check_graphs(query: QueryText) -> None:
    """Refuse a subquery in ``GRAPH ?g`` that is evaluated on all graphs at once, and unrepaired.

    Raises QueryRefusedError. What EXISTS holds is asked of one graph.

    >>> check_graphs(QueryText("ASK { GRAPH ?g { SELECT ?s { ?s ?p ?o } } }"))
    """
    reader = _Reader(query)
    for group in read_groups(query):
        reader.check(group, None)


def rename_hidden(query: QueryText) -> Iterator[Edit]:
    """Yield the edits after which no subquery in ``GRAPH ?g`` has another ?g, which it hides.

    >>> query = QueryText("ASK { GRAPH ?g { SELECT ?s { ?s ?p ?g } } }")
    >>> edited(query.text, rename_hidden(query))
    'ASK { GRAPH ?g { SELECT ?s { ?s ?p ?hidden } } }'
    """
    reader = _Reader(query)
    new = "?hidden"
    while any(each.text[1:] == new[1:] for each in query.tokens):
        new += "_"
    for group in read_groups(query):
        yield from reader.rename(group, None, new)


def repair_graphs(query: QueryText) -> Iterator[Edit]:
    """Yield the edits after which every element of a GRAPH knows its graph.

    Where no triple binds the name, an empty GRAPH beside does; a subquery projects the name, and
    groups by it; a MINUS that shares no variable with what stands before it removes nothing.
    """
    reader = _Reader(query)
    for group in read_groups(query):
        yield from reader.repair(group, None)


class State(Enum):
    """What an engine that stamps the graph's name on triples keeps of it in a group's solutions.

    UNIT: the group is empty, which the engine knows in a GRAPH; but it drops it beside others.
    BOUND: each solution has the name. LOOSE: some lack it, which a join with others supplies.
    TORN: some lacked it when an OPTIONAL or a MINUS looked at them, and no join mends that.
    """

    UNIT = auto()
    BOUND = auto()
    LOOSE = auto()
    TORN = auto()


class _Reader:
    def __init__(self, query: QueryText) -> None:
        self.query = query
        self.tokens = query.tokens

    def check(self, group: Group, name: Token | None) -> None:
        if group.select:
            if name and name.kind is Kind.VARIABLE and self._is_beyond_repair(group, name):
                raise self._refusal(group.select, name)
            self.check(group.select.where, name)
        for element in group.elements:
            if element.kind not in _CONSTRAINTS:
                within = element.name if element.kind is ElementKind.GRAPH else name
                for each in element.groups:
                    self.check(each, within)

    def _is_beyond_repair(self, group: Group, name: Token) -> bool:
        select = group.select
        if select is None or self._is_repairable(select):
            return False
        # The engine joins a name that the subquery projects with the graph.
        is_sliced = self._words(select.tail) & _PER_GRAPH
        return bool(is_sliced) or not self._projects(group, name)

    def _projects(self, group: Group, name: Token) -> bool:
        return name.text[1:] in find_visible(self.query, group)

    def rename(self, group: Group, name: Token | None, new: str) -> Iterator[Edit]:
        """Yield the edits that give a name which a subquery hides another one within it."""
        if group.select:
            if name and name.kind is Kind.VARIABLE and not self._projects(group, name):
                for at in range(group.span.start, group.span.end):
                    token = self.tokens[at]
                    if token.kind is Kind.VARIABLE and token.text[1:] == name.text[1:]:
                        yield replace(token.start, token.end, new)
            yield from self.rename(group.select.where, name, new)
        for element in group.elements:
            if element.kind not in _CONSTRAINTS:
                within = element.name if element.kind is ElementKind.GRAPH else name
                for each in element.groups:
                    yield from self.rename(each, within, new)

    def _refusal(self, select: Select, name: Token) -> QueryRefusedError:
        token = self.tokens[select.start]
        return QueryRefusedError(
            f"the engine evaluates this subquery on all graphs at once, not on each {name.text}",
            spot=self.query.spot(token.start),
            excerpt=show_line(self.query, token.start),
            hint=f"name the graph in place of {name.text}, or put GRAPH {name.text} into the "
            f"subquery and let it project {name.text}",
        )

    def repair(self, group: Group, name: Token | None, *, named: bool = False) -> Iterator[Edit]:
        """Yield the edits of a group within GRAPH ``name``, or none; ``named``: it is GRAPH's."""
        state = self._state(group, name) if name else State.BOUND
        wanting = (State.TORN, State.LOOSE) if named else (State.TORN,)
        if name is None or state not in wanting:
            yield from self._repair_inside(group, name)
            return
        opening, closing = (" {", "} ") if group.select else ("", "")
        yield insert(self.tokens[group.span.start].end, f" GRAPH {name.text} {{}}{opening} ")
        yield from self._repair_inside(group, name)
        yield insert(self.tokens[group.span.end - 1].start, closing)

    def _repair_inside(self, group: Group, name: Token | None) -> Iterator[Edit]:
        if group.select:
            yield from self._repair_select(group, group.select, name)
        before: set[str] = set()
        for element in group.elements:
            used = self._variables(element.span) if name else set()
            if element.kind is ElementKind.GRAPH:
                yield from self.repair(element.groups[0], element.name, named=True)
            elif self._may_be_idle(element, name) and before.isdisjoint(used):
                yield from self._disarm(element.groups[0], name)
            elif element.kind is not ElementKind.SERVICE:
                for each in element.groups:
                    yield from self.repair(each, name)
            before |= used

    def _may_be_idle(self, element: Element, name: Token | None) -> bool:
        is_minus = element.kind is ElementKind.MINUS
        return is_minus and name is not None and name.kind is Kind.VARIABLE

    def _disarm(self, group: Group, name: Token | None) -> Iterator[Edit]:
        yield insert(self.tokens[group.span.start].end, " {")
        yield from self.repair(group, name)
        yield insert(self.tokens[group.span.end - 1].start, "} FILTER(false) ")

    def _state(self, group: Group, name: Token) -> State:
        if group.select:
            return self._state_of_select(group.select, name)
        state = State.UNIT
        for element in group.elements:
            state = self._next_state(state, element, name)
        filtered = any(element.kind is ElementKind.FILTER for element in group.elements)
        return State.BOUND if filtered and state is State.UNIT else state

    def _next_state(self, state: State, element: Element, name: Token) -> State:
        kind = element.kind
        if state in (State.BOUND, State.TORN) or kind is ElementKind.FILTER:
            return state
        if kind is ElementKind.TRIPLES or self._lists_graphs(element, name):
            return State.BOUND
        if kind is ElementKind.GROUP:
            return self._state_of_union(state, [self._state(each, name) for each in element.groups])
        if kind in _LEFT:
            return State.BOUND if state is State.UNIT else State.TORN
        if kind is ElementKind.BIND and state is State.UNIT:
            return State.BOUND
        return State.LOOSE

    def _lists_graphs(self, element: Element, name: Token) -> bool:
        is_named = element.kind is ElementKind.GRAPH and element.name is not None
        if not (is_named and element.name and element.name.text == name.text):
            return False
        return not (element.groups[0].elements or element.groups[0].select)

    def _state_of_union(self, state: State, inner: list[State]) -> State:
        if inner == [State.UNIT]:
            return state
        # A torn group is mended by itself, and an empty one is kept within a union.
        return State.LOOSE if State.LOOSE in inner else State.BOUND

    def _state_of_select(self, select: Select, name: Token) -> State:
        if name.kind is Kind.VARIABLE and not self._can_repair(select, name):
            return State.BOUND
        if self._aggregates(select):
            return State.LOOSE
        inner = self._state(select.where, name)
        return State.LOOSE if inner in (State.LOOSE, State.UNIT) else State.BOUND

    def _repair_select(self, group: Group, select: Select, name: Token | None) -> Iterator[Edit]:
        if name is None or name.kind is not Kind.VARIABLE or not self._can_repair(select, name):
            yield from self.repair(select.where, name)
            return
        inner = list(self.repair(select.where, name, named=True))
        if self._aggregates(select) and "GROUP" not in self._words(select.tail):
            yield from self._repair_count(group, select, name, inner)
        else:
            yield from inner
            yield from self._project(select, name)

    def _can_repair(self, select: Select, name: Token) -> bool:
        span = Span(select.start, select.tail.end)
        return self._is_repairable(select) and name.text[1:] not in self._variables(span)

    def _is_repairable(self, select: Select) -> bool:
        words = self._words(select.tail)
        if words & _PER_GRAPH:
            return False
        if not self._aggregates(select) or "GROUP" in words:
            return True
        labels = any(self.tokens[at].kind is Kind.BLANK for at in _indexes(select.where.span))
        nested = "SELECT" in self._words(select.where.span)
        return not (labels or nested or "VALUES" in words or self.query.is_volatile)

    def _project(self, select: Select, name: Token) -> Iterator[Edit]:
        is_plain = select.projection.start == select.start + 1 and not self._words(select.tail)
        if self._is_star(select) and is_plain:
            # The group alone has the same solutions, and the graph's name with them.
            start, end = select.start, select.where.span.start
            yield replace(self.tokens[start].start, self.tokens[end].start, "")
            return
        first = self.tokens[select.projection.start]
        yield insert(first.start, f"{name.text} ")
        if self._is_star(select):
            shown = find_visible(self.query, Group(select.where.span, select=select))
            yield replace(first.start, first.end, " ".join(f"?{each}" for each in shown))
        if "GROUP" in self._words(select.tail):
            by = next(at for at in _indexes(select.tail) if self.tokens[at].word == "BY")
            yield insert(self.tokens[by].end, f" {name.text}")

    def _repair_count(
        self, group: Group, select: Select, name: Token, inner: list[Edit]
    ) -> Iterator[Edit]:
        """Aggregate by graph, and as over nothing for each graph without a solution."""
        where = select.where.span
        pattern = edited(self._text(where), shifted(inner, -self.tokens[where.start].start))
        nothing = (
            f"SELECT {self._text(select.projection)} {{ FILTER(false) }} {self._text(select.tail)}"
        )
        listed = f"GRAPH {name.text} {{}}"
        # By MINUS, as the engine hands the name into the groups of EXISTS, and to MINUS in them.
        empty = f"{{ {listed} MINUS {{ {listed} {pattern} }} {{ {nothing} }} }}"
        yield insert(self.tokens[select.start].start, "{ ")
        yield insert(self.tokens[select.projection.start].start, f"{name.text} ")
        yield from inner
        yield insert(self.tokens[where.end - 1].end, f" GROUP BY {name.text}")
        yield insert(self.tokens[group.span.end - 1].start, f" }} UNION {empty} ")

    def _aggregates(self, select: Select) -> bool:
        words = self._words(select.tail)
        return bool(words & {"GROUP", "HAVING"} or self._words(select.projection) & _AGGREGATES)

    def _is_star(self, select: Select) -> bool:
        return self.tokens[select.projection.start].text == "*"

    def _words(self, span: Span) -> set[str]:
        return {self.tokens[at].word for at in _indexes(span)} - {""}

    def _variables(self, span: Span) -> set[str]:
        found = (self.tokens[at] for at in _indexes(span))
        return {token.text[1:] for token in found if token.kind is Kind.VARIABLE}

    def _text(self, span: Span) -> str:
        if span.start == span.end:
            return ""
        return self.query.text[self.tokens[span.start].start : self.tokens[span.end - 1].end]


def _indexes(span: Span) -> range:
    return range(span.start, span.end)
