"""Rules over the whole graph that shapes cannot state: a SELECT query each, a row a problem."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from pyoxigraph import DefaultGraph, QuerySolution, QuerySolutions, Store

from kg.change import Graph
from kg.problem import Place, Problem, Refused, Severity
from kg.query_file import find_option, read_comment
from kg.shapes import Result

__all__ = ["Asks", "Check", "read_checks", "run_checks"]


class Asks(StrEnum):
    """What a check asks of a graph, so that a large one need not be held whole.

    ``LIKENESS``: of each focus its types, its keys, whether it is blank, and the axioms of the
    ontology. ``KEYS``: the properties that its text names. ``LINKS``: these, and whether anything
    refers to a thing. ``ALL``: anything.
    """

    LIKENESS = "likeness"
    KEYS = "keys"
    LINKS = "links"
    ALL = "all"


@dataclass(frozen=True, order=True)
class Check:
    """A SELECT query for ``?focus``, and if it likes ``?path``, ``?value`` and ``?message``."""

    name: str
    label: str
    severity: Severity
    text: str
    shown_as: str
    asks: Asks = Asks.ALL


def read_checks(folder: Path) -> tuple[Check, ...]:
    """Return the checks of a folder in the order of their file names.

    The first line of a file is a comment that states the rule; a line ``# severity: warning``
    (or ``info``) after it grades the check, and ``# asks: keys`` tells what it looks at, see
    ``Asks``. Raises Refused when one of them is wrong.
    """
    return tuple(_read_check(path) for path in sorted(folder.glob("*.rq")))


def run_checks(
    store: Store, checks: Iterable[Check], graphs: Collection[Graph] | None = None
) -> tuple[Result, ...]:
    """Return a result for every row of every check, sorted; all graphs, or these, are one.

    The component of a result is the name of its check. Raises Refused for a check that is no
    SELECT query or has no ``?focus``.
    """
    return tuple(sorted({result for check in checks for result in _run(store, check, graphs)}))


def _run(store: Store, check: Check, graphs: Collection[Graph] | None) -> Iterator[Result]:
    seen: dict[str, Any] = {"use_default_graph_as_union": True}
    if graphs is not None:
        named = [each for each in graphs if not isinstance(each, DefaultGraph)]
        seen = {"default_graph": list(graphs), "named_graphs": named}
    try:
        rows = store.query(check.text, **seen)
    except SyntaxError as error:
        raise _refused(check.shown_as, f"not SPARQL: {error.msg}") from None
    if not isinstance(rows, QuerySolutions) or "focus" not in _names(rows):
        raise _refused(check.shown_as, "a check must be a SELECT query with a ?focus")
    names = _names(rows)
    for row in rows:
        if row["focus"] is not None:
            yield _result(check, row, names)


def _result(check: Check, row: QuerySolution, names: frozenset[str]) -> Result:
    terms = {name: row[name] for name in names if row[name] is not None}
    message = getattr(terms.get("message"), "value", check.label)
    path, value = (str(terms.get(name, "")) for name in ("path", "value"))
    severity = check.severity.value.capitalize()
    return Result(str(terms["focus"]), path, check.name, value, severity, message)


def _names(rows: QuerySolutions) -> frozenset[str]:
    return frozenset(variable.value for variable in rows.variables)


def _read_check(path: Path) -> Check:
    text, shown = path.read_text(encoding="utf-8"), f"shapes/checks/{path.name}"
    grade = find_option(text, "severity") or Severity.VIOLATION
    if grade not in list(Severity):
        raise _refused(shown, f"severity is {grade!r}; write violation, warning or info")
    asks = find_option(text, "asks") or Asks.ALL
    if asks not in list(Asks):
        raise _refused(shown, f"asks is {asks!r}; write likeness, keys, links or all")
    label = read_comment(text, shown_as=shown)
    return Check(path.stem, label, Severity(grade), text, shown, Asks(asks))


def _refused(shown_as: str, message: str) -> Refused:
    return Refused([Problem(Place(shown_as), message)])
