"""What must hold before a graph is served: shapes and checks, as problems with places."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store, Triple

from kg.checks import Check, read_checks, run_checks
from kg.namespaces import Namespaces
from kg.places import PlaceFinder
from kg.problem import Finding, Place, Problem, Severity
from kg.shapes import Result, read_shapes, validate

__all__ = ["NOWHERE", "Gate", "n_triples", "read_gate", "show_results", "stopping"]

NOWHERE = Place("(no file)")
"""The place of what nobody knows the place of."""


@dataclass(frozen=True)
class Gate:
    """The shapes and checks that a graph must pass."""

    shapes: tuple[Triple, ...]
    checks: tuple[Check, ...]

    def results(self, asserted: Store) -> tuple[Result, ...]:
        """Return what shapes and checks find in the asserted graphs."""
        return (*validate(n_triples(asserted), self.shapes), *run_checks(asserted, self.checks))

    def problems(
        self, asserted: Store, *, places: PlaceFinder, namespaces: Namespaces
    ) -> tuple[Problem, ...]:
        """Return what shapes and checks find in the asserted graphs, in the order of places."""
        return show_results(self.results(asserted), places=places, namespaces=namespaces)


def read_gate(folder: Path) -> Gate:
    """Return the gate of a folder of shapes, with its ``checks`` folder.

    Raises Refused for a file that cannot be read.
    """
    return Gate(read_shapes(folder), read_checks(folder / "checks"))


def show_results(
    results: Iterable[Result], *, places: PlaceFinder, namespaces: Namespaces
) -> tuple[Problem, ...]:
    """Return results as problems, in the order of their places."""
    return tuple(sorted({_problem(result, places, namespaces) for result in results}))


def n_triples(store: Store) -> bytes:
    """Return the triples of all graphs of a store as N-Triples."""
    graphs = (DefaultGraph(), *sorted(store.named_graphs(), key=str))
    dumps = (store.dump(format=RdfFormat.N_TRIPLES, from_graph=graph) for graph in graphs)
    return b"".join(dump for dump in dumps if dump)


def _problem(result: Result, places: PlaceFinder, namespaces: Namespaces) -> Problem:
    focus, path = _iri(result.focus), _iri(result.path)
    place = (focus and places.find(focus, path)) or NOWHERE
    rule = result.message or f"{_shown(result.path, namespaces)} breaks sh:{result.component}"
    found = _found(result, namespaces)
    message = f"{_shown(result.focus, namespaces)}: {rule}{found}"
    finding = Finding(result.focus, result.path, result.component, result.value)
    return Problem(place, message, Severity(result.severity.lower()), finding)


def _found(result: Result, namespaces: Namespaces) -> str:
    """Return the offending value in brackets, unless the message or the focus says it."""
    value = _shown(result.value, namespaces)
    if not value or result.value == result.focus or value.strip('"') in result.message:
        return ""
    return f" (found {value})"


def _iri(term: str) -> str | None:
    """Return the IRI of a term in N-Triples syntax, or None when it is none.

    >>> _iri("<http://e.org/a>"), _iri("^<http://e.org/a>"), _iri('"a"')
    ('http://e.org/a', None, None)
    """
    return NamedNode(term[1:-1]).value if term[:1] + term[-1:] == "<>" else None


def _shown(term: str, namespaces: Namespaces) -> str:
    iri = _iri(term)
    if iri:
        return namespaces.shorten(iri)
    return term.rpartition('"')[0] + '"' if term.startswith('"') else term


def stopping(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems that stop a build."""
    return tuple(problem for problem in problems if problem.severity is Severity.VIOLATION)
