"""SHACL over a graph by a fast engine; kg.reference_shapes does the same by pySHACL."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import shacl
from pyoxigraph import RdfFormat, Triple, serialize

from kg.problem import Place, Problem, Refused
from kg.turtle import read_turtle

__all__ = [
    "Result",
    "Shapes",
    "compile_shapes",
    "read_shapes",
    "validate",
    "validate_file",
]


Shapes = shacl.Shapes


class Result(NamedTuple):
    """One result of a validation; terms are in N-Triples syntax, "" where there is none.

    A blank node is ``_:``, ``path`` a SPARQL property path, ``component`` and ``severity`` are
    local names of the SHACL vocabulary, ``message`` is what the shape declares, if anything.
    """

    focus: str
    path: str
    component: str
    value: str
    severity: str
    message: str


def read_shapes(folder: Path) -> tuple[Triple, ...]:
    """Return the triples of all shape files of a folder.

    Raises Refused with the problems of every file that is not Turtle.
    """
    triples: list[Triple] = []
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.ttl")):
        try:
            triples += read_turtle(path, shown_as=f"shapes/{path.name}")
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return tuple(triples)


def compile_shapes(shapes: Iterable[Triple]) -> shacl.Shapes:
    """Return shapes ready to validate with; raises Refused when they are ill-formed."""
    try:
        return shacl.Shapes.from_text(_n_triples(shapes), format="ntriples")
    except ValueError as error:
        raise Refused([Problem(Place("shapes"), str(error))]) from None


def validate(data: bytes, shapes: Iterable[Triple]) -> tuple[Result, ...]:
    """Return the results of validating ``data``, in N-Triples, sorted and without repeats.

    Give it asserted triples only, with the subclass axioms that ``sh:class`` follows. Raises
    Refused when the shapes are ill-formed.
    """
    compiled = compile_shapes(shapes)
    return _results(compiled.validate_text(data.decode(), format="ntriples", allow_warnings=True))


def validate_file(shapes: shacl.Shapes, data: Path) -> tuple[Result, ...]:
    """Return what ``validate`` does, of a file of N-Triples, ``.nt``: no text is held for it."""
    return _results(shapes.validate_file(str(data), allow_warnings=True))


def _results(report: shacl.Report) -> tuple[Result, ...]:
    return tuple(sorted({_result(found) for found in report.results}))


def _result(found: shacl.Result) -> Result:
    return Result(
        _term(found.focus_node),
        found.path or "",
        found.component,
        _term(found.value),
        found.severity,
        " ".join(sorted(found.messages)),
    )


def _term(term: str | None) -> str:
    """Return a term, a blank node without its label, which each engine makes anew."""
    return "_:" if term and term.startswith("_:") else term or ""


def _n_triples(triples: Iterable[Triple]) -> str:
    written = serialize(triples, format=RdfFormat.N_TRIPLES)
    return written.decode() if written else ""
