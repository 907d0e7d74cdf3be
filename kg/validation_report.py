"""Problems as a validation report in RDF (https://www.w3.org/TR/shacl/#validation-report)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import count

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple, parse

from kg.namespaces import Namespaces
from kg.problem import Finding, Problem
from kg.query_tokens import Kind, Token, tokenise
from kg.terms import term

__all__ = ["find_focus", "write_report"]

_Term = NamedNode | BlankNode | Literal
_COMPONENT = "ConstraintComponent"
_CHECK = "SPARQLConstraintComponent"
_MODIFIERS = {"*": "zeroOrMorePath", "+": "oneOrMorePath", "?": "zeroOrOnePath"}


def write_report(problems: Sequence[Problem], names: Namespaces) -> Iterator[Triple]:
    """Yield the triples of the report of a graph that these problems keep from conforming.

    ``names`` are those that shortened the IRIs in the messages. What no shape has found is a
    result of SPARQLConstraintComponent: checks are queries.
    """
    report = BlankNode("report")
    yield Triple(report, term("rdf:type"), term("sh:ValidationReport"))
    yield Triple(report, term("sh:conforms"), Literal(not problems))
    for number, problem in enumerate(problems):
        result = BlankNode(f"result{number}")
        yield Triple(report, term("sh:result"), result)
        yield Triple(result, term("rdf:type"), term("sh:ValidationResult"))
        severity = problem.severity.value.capitalize()
        yield Triple(result, term("sh:resultSeverity"), term(f"sh:{severity}"))
        yield Triple(result, term("sh:resultMessage"), Literal(problem.message))
        yield Triple(result, term("rdfs:comment"), Literal(f"at {problem.place}"))
        yield from _found(result, problem, names)


def find_focus(problem: Problem, names: Namespaces) -> str | None:
    """Return the IRI that a problem is about: its message starts with it, shortened."""
    shown, separator, _ = problem.message.partition(": ")
    try:
        return NamedNode(names.expand(shown) or shown).value if separator else None
    except ValueError:
        return None


def _found(result: BlankNode, problem: Problem, names: Namespaces) -> Iterator[Triple]:
    """Yield what is wrong with which node; each result has one of these, and one component."""
    found = problem.finding or Finding()
    focus = find_focus(problem, names)
    node = _read_term(found.focus) or (NamedNode(focus) if focus else BlankNode())
    yield Triple(result, term("sh:focusNode"), node)
    component = found.component if found.component.endswith(_COMPONENT) else _CHECK
    yield Triple(result, term("sh:sourceConstraintComponent"), term(f"sh:{component}"))
    value = _read_term(found.value)
    if value is not None:
        yield Triple(result, term("sh:value"), value)
    if found.path:
        path, triples = _PathWriter(found.path, result.value).written()
        yield from triples
        yield Triple(result, term("sh:resultPath"), path)


def _read_term(text: str) -> _Term | None:
    """Return a term in N-Triples syntax; a blank node, whose label nobody knows, is a new one."""
    if not text or text.startswith("_:"):
        return BlankNode() if text else None
    (quad,) = parse(f"<urn:s> <urn:p> {text} .".encode(), format=RdfFormat.N_TRIPLES)
    assert isinstance(quad.object, _Term)
    return quad.object


class _PathWriter:
    """Writes a property path of SPARQL, of full IRIs, as SHACL puts it in triples.

    https://www.w3.org/TR/shacl/#property-paths
    """

    def __init__(self, text: str, label: str) -> None:
        self._tokens = [*tokenise(text), Token(Kind.MARK, "", len(text))]
        self._at = 0
        self._nodes = (BlankNode(f"{label}path{number}") for number in count())
        self._triples: list[Triple] = []

    def written(self) -> tuple[NamedNode | BlankNode, list[Triple]]:
        return self._alternatives(), self._triples

    def _alternatives(self) -> NamedNode | BlankNode:
        paths = [self._sequence()]
        while self._take("|"):
            paths.append(self._sequence())
        return paths[0] if len(paths) == 1 else self._of("alternativePath", self._list(paths))

    def _sequence(self) -> NamedNode | BlankNode:
        paths = [self._element()]
        while self._take("/"):
            paths.append(self._element())
        return paths[0] if len(paths) == 1 else self._list(paths)

    def _element(self) -> NamedNode | BlankNode:
        if self._take("^"):
            return self._of("inversePath", self._element())
        if self._take("("):
            path = self._alternatives()
            self._take(")")
        else:
            path = NamedNode(self._tokens[self._at].text[1:-1])
            self._at += 1
        modifier = _MODIFIERS.get(self._tokens[self._at].text)
        if modifier:
            self._at += 1
            return self._of(modifier, path)
        return path

    def _of(self, name: str, path: NamedNode | BlankNode) -> BlankNode:
        node = next(self._nodes)
        self._triples.append(Triple(node, term(f"sh:{name}"), path))
        return node

    def _list(self, items: Iterable[NamedNode | BlankNode]) -> NamedNode | BlankNode:
        rest: NamedNode | BlankNode = term("rdf:nil")
        for item in reversed([*items]):
            node = next(self._nodes)
            self._triples.append(Triple(node, term("rdf:first"), item))
            self._triples.append(Triple(node, term("rdf:rest"), rest))
            rest = node
        return rest

    def _take(self, text: str) -> bool:
        found = self._tokens[self._at].text == text
        self._at += found
        return found
