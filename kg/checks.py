"""Rules over the whole graph that shapes cannot state: a SELECT query each, a row a problem."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import QuerySolution, QuerySolutions, Store

from kg.problem import Place, Problem, Refused, Severity
from kg.query_file import find_option, read_comment
from kg.shapes import Result

__all__ = ["Check", "read_checks", "run_checks"]


@dataclass(frozen=True, order=True)
class Check:
    """A SELECT query for ``?focus``, and if it likes ``?path``, ``?value`` and ``?message``."""

    name: str
    label: str
    severity: Severity
    text: str
    shown_as: str


def read_checks(folder: Path) -> tuple[Check, ...]:
    """Return the checks of a folder in the order of their file names.

    The first line of a file is a comment that states the rule; a line ``# severity: warning``
    (or ``info``) after it grades the check. Raises Refused when either is wrong.
    """
    return tuple(_read_check(path) for path in sorted(folder.glob("*.rq")))


def run_checks(store: Store, checks: Iterable[Check]) -> tuple[Result, ...]:
    """Return a result for every row of every check, sorted; every graph is seen as one.

    The component of a result is the name of its check. Raises Refused for a check that is no
    SELECT query or has no ``?focus``.
    """
    return tuple(sorted({result for check in checks for result in _run(store, check)}))


def _run(store: Store, check: Check) -> Iterator[Result]:
    try:
        rows = store.query(check.text, use_default_graph_as_union=True)
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
    return Check(path.stem, read_comment(text, shown_as=shown), Severity(grade), text, shown)


def _refused(shown_as: str, message: str) -> Refused:
    return Refused([Problem(Place(shown_as), message)])
