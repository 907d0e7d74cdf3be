"""Queries that the engine answers otherwise than the standard says, put so that it does not.

Every edit keeps what a query means by the standard; what is not repaired stands in
``docs/conformance.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.alternative_repair import repair_alternatives
from kg.blank_node_repair import repair_blank_nodes
from kg.graph_repair import check_graphs, rename_hidden, repair_graphs
from kg.path_repair import HasNode, may_need_repair, repair_paths
from kg.query_edit import Edit, edited, insert
from kg.query_text import QueryText

__all__ = ["repaired"]

_ALTERNATIVE = re.compile(r"(?<![|{])\|(?![|}])")
# A group of triples, filters and the like keeps its graph: only these are worth reading one for.
_MAY_LOSE_GRAPH = re.compile(r"minus|values|service")
_HOLDS_ANOTHER = re.compile(r"graph.*?(?:graph|select)", re.DOTALL)
_BRACKETS = {"(": 1, ")": -1}


def repaired(query: QueryText, has_node: HasNode | None = None) -> QueryText:
    """Return what to give to the engine in place of a query or an update.

    ``has_node`` tells whether a pattern has a solution in the data that the query sees; without
    it, paths stay as they are. Where the engine refuses the result, it is to be given the
    original, so that its message is about that one. Raises QueryRefusedError where it
    would be answered wrong, or the repair would take more than an engine has stack for.

    >>> repaired(QueryText("SELECT (GROUP_CONCAT(?x) AS ?y) { ?s ?p ?x }")).text
    'SELECT (STR(GROUP_CONCAT(?x)) AS ?y) { ?s ?p ?x }'
    """
    if query.mentions("graph") and _HOLDS_ANOTHER.search(query.lower):
        check_graphs(query)
        query = _edited(query, rename_hidden(query))
    if "|" in query.text and _ALTERNATIVE.search(query.text):
        query = repair_alternatives(query)
    text = query.lower
    if "graph" in text and (_MAY_LOSE_GRAPH.search(text) or _HOLDS_ANOTHER.search(text)):
        query = _edited(query, repair_graphs(query))
    if has_node is not None and may_need_repair(query.text):
        query = _edited(query, repair_paths(query, has_node))
    if "bnode" in text:
        query = _edited(query, repair_blank_nodes(query))
    if "group_concat" in text:
        query = _edited(query, _repair_concatenation(query))
    return query


def _edited(query: QueryText, edits: Iterator[Edit]) -> QueryText:
    made = list(edits)
    return QueryText(edited(query.text, made)) if made else query


def _repair_concatenation(query: QueryText) -> Iterator[Edit]:
    """Take the language off what GROUP_CONCAT yields: by the standard it is a simple literal."""
    opened: list[int] = []
    depth = 0
    for at, token in enumerate(query.tokens):
        depth += _BRACKETS.get(token.text, 0)
        following = query.tokens[at + 1].text if at + 1 < len(query.tokens) else ""
        if token.word == "GROUP_CONCAT" and following == "(":
            yield insert(token.start, "STR(")
            opened.append(depth)
        elif token.text == ")" and opened[-1:] == [depth]:
            opened.pop()
            yield insert(token.start + 1, ")")
