"""DESCRIBE put as CONSTRUCT: each engine describes in its own way, and this is the embedded one's.

A description is all triples with the described thing as their subject, and those of the blank
nodes that they lead to, ``_DEPTH`` steps far.
"""

from __future__ import annotations

from collections.abc import Iterator

from kg.query_groups import Group, read_groups
from kg.query_scope import find_visible
from kg.query_text import Form, QueryText
from kg.query_tokens import Kind, Token

__all__ = ["describe_as_construct"]

_DEPTH = 3


def describe_as_construct(query: QueryText, *, depth: int = _DEPTH) -> QueryText:
    """Return a CONSTRUCT query with the answer of a DESCRIBE query that names no data set.

    Blank nodes are followed ``depth`` steps far.

    >>> text = describe_as_construct(QueryText("DESCRIBE <urn:a>")).text
    >>> text.startswith("CONSTRUCT { ?described_s ?described_p ?described_o } WHERE {")
    True
    """
    start = next(at for at, each in enumerate(query.tokens) if each.word == Form.DESCRIBE.value)
    groups = read_groups(query)
    group = groups[0] if groups else None
    terms = [*_terms(query, start + 1)]
    sources = [*_sources(query, terms, group, depth)]
    within = " UNION ".join(f"{{ {source} }}" for source in sources) or "FILTER(false)"
    prologue = query.text[: query.tokens[start].start]
    template = "{ ?described_s ?described_p ?described_o }"
    return QueryText(f"{prologue}CONSTRUCT {template} WHERE {{ {within} }}")


def _terms(query: QueryText, at: int) -> Iterator[Token]:
    while at < len(query.tokens):
        token = query.tokens[at]
        if token.kind not in (Kind.IRI, Kind.NAME, Kind.VARIABLE) and token.text != "*":
            return
        yield token
        at += 1


def _sources(
    query: QueryText, terms: list[Token], group: Group | None, depth: int
) -> Iterator[str]:
    """Yield the patterns that each find some of the triples."""
    things = " ".join(each.text for each in terms if each.kind in (Kind.IRI, Kind.NAME))
    if things:
        yield from _levels(f"VALUES ?described {{ {things} }}", depth)
    if group is None:
        return
    names = [each.text[1:] for each in terms if each.kind is Kind.VARIABLE]
    if any(each.text == "*" for each in terms):
        names = [*find_visible(query, group)]
    tokens = query.tokens
    where = query.text[tokens[group.span.start].start :]
    for name in names:
        yield from _levels(f"{{ SELECT (?{name} AS ?described) WHERE {where} }}", depth)


def _levels(found: str, depth: int) -> Iterator[str]:
    """Yield patterns of the triples of what a pattern finds, and of the blank nodes beyond."""
    itself = found.replace("?described", "?described_s", 1)
    yield f"{itself} ?described_s ?described_p ?described_o"
    path, subject = "", "?described"
    for level in range(depth):
        step = f"?described_{level}"
        path += f"{subject} ?described_by_{level} {step} FILTER(isBlank({step})) "
        subject = step
        yield f"{found} {path}{step} ?described_p ?described_o BIND({step} AS ?described_s)"
