"""Checks: a row is a problem, graded and worded by the file of the check."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from kg.checks import Check, read_checks, run_checks
from kg.problem import Refused
from kg.shapes import Result

EVEN = """\
# The responders of a result are no more than its evaluable.
#
# severity: warning
PREFIX e: <http://e.org/>
SELECT ?focus ?path ?message WHERE {
  ?focus e:responders ?k ; e:evaluable ?n FILTER (?k > ?n)
  BIND (e:responders AS ?path) BIND (CONCAT(STR(?k), " of ", STR(?n)) AS ?message)
}
"""
PLAIN = """\
# Nothing is odd.
SELECT ?focus WHERE { ?focus a <http://e.org/Odd> }
"""


def _store() -> Store:
    store = Store()
    text = """@prefix e: <http://e.org/> .
    e:a e:responders 3 ; e:evaluable 2 . e:b e:responders 1 ; e:evaluable 2 . e:c a e:Odd ."""
    store.load(text, format=RdfFormat.TURTLE, to_graph=NamedNode("http://e.org/graph"))
    return store


def _checks(folder: Path, **texts: str) -> tuple[Check, ...]:
    for name, text in texts.items():
        (folder / f"{name}.rq").write_text(text, encoding="utf-8")
    return read_checks(folder)


def test_each_row_is_a_result_with_its_grade_and_words(tmp_path: Path) -> None:
    assert run_checks(_store(), _checks(tmp_path, even=EVEN, plain=PLAIN)) == (
        Result("<http://e.org/a>", "<http://e.org/responders>", "even", "", "Warning", "3 of 2"),
        Result("<http://e.org/c>", "", "plain", "", "Violation", "Nothing is odd."),
    )


def test_a_check_without_rows_gives_nothing(tmp_path: Path) -> None:
    assert run_checks(Store(), _checks(tmp_path, even=EVEN, plain=PLAIN)) == ()


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("# A rule.\nSELECT ?s WHERE { ?s ?p ?o }", r"a SELECT query with a \?focus"),
        ("# A rule.\nASK { ?s ?p ?o }", r"a SELECT query with a \?focus"),
        ("# A rule.\nSELECT ?focus {", "not SPARQL: error at 2:"),
        ("# A rule.\n# severity: fatal\nSELECT ?focus {}", "severity is 'fatal'; write"),
        ("SELECT ?focus {}", "the first line must be a comment"),
    ],
)
def test_a_bad_check_is_refused_by_its_file(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(Refused, match=rf"^shapes/checks/bad\.rq:1: .*{reason}"):
        run_checks(_store(), _checks(tmp_path, bad=text))
