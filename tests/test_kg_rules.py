"""Rules: a fixpoint whose every triple knows the rule that gave it first."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat, Store

from kg.problem import Refused
from kg.rules import Rule, infer, read_rules

CHAIN = """
@prefix e: <http://e.org/> .
e:a e:part e:b . e:b e:part e:c . e:c e:part e:d .
"""
TRANSITIVE = "CONSTRUCT { ?a e:in ?c } WHERE { ?a e:in ?b . ?b e:in ?c }"
COPY = "CONSTRUCT { ?a e:in ?b } WHERE { ?a e:part ?b }"
INVERSE = "CONSTRUCT { ?b e:has ?a } WHERE { ?a e:in ?b }"


def _rule(name: str, query: str) -> Rule:
    return Rule(name, "states.", f"PREFIX e: <http://e.org/>\n{query}", f"ontology/rules/{name}.rq")


def _store(text: str = CHAIN) -> Store:
    store = Store()
    store.load(text, format=RdfFormat.TURTLE, to_graph=NamedNode("http://e.org/graph"))
    return store


def _given(store: Store, rule: Rule) -> set[str]:
    found = store.quads_for_pattern(None, None, None, NamedNode(rule.graph))
    return {str(quad.triple).replace("http://e.org/", "") for quad in found}


def test_the_rules_reach_the_fixpoint_whatever_their_order() -> None:
    for rules in (
        (_rule("a", TRANSITIVE), _rule("b", INVERSE), _rule("c", COPY)),
        (_rule("c", COPY), _rule("a", TRANSITIVE), _rule("b", INVERSE)),
    ):
        store = _store()
        inference = infer(store, rules)
        assert inference.total == 12
        assert len(store) == 15
        assert {rule.name: count for rule, count in inference.counts.items()} == {
            "a": 3,
            "b": 6,
            "c": 3,
        }


def test_each_triple_is_in_the_graph_of_the_rule_that_gave_it_first() -> None:
    copy, transitive = _rule("copy", COPY), _rule("transitive", TRANSITIVE)
    store = _store()
    infer(store, (copy, transitive))
    assert _given(store, copy) == {"<a> <in> <b>", "<b> <in> <c>", "<c> <in> <d>"}
    assert _given(store, transitive) == {"<a> <in> <c>", "<b> <in> <d>", "<a> <in> <d>"}


def test_an_asserted_triple_is_not_inferred_again() -> None:
    store = _store(CHAIN + "e:a e:in e:b .")
    copy = _rule("copy", COPY)
    assert infer(store, [copy]).total == 2
    assert "<a> <in> <b>" not in _given(store, copy)


def test_no_rules_give_nothing() -> None:
    assert infer(_store(), ()).total == 0


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("CONSTRUCT { ?a e:in [] } WHERE { ?a e:part ?b }", "gives a blank node in"),
        ("SELECT * WHERE { ?a e:part ?b }", "must be a CONSTRUCT query"),
        ("CONSTRUCT { ?a ?b } WHERE {}", "not SPARQL: error at 2:"),
    ],
)
def test_a_bad_rule_is_refused_by_its_file(query: str, reason: str) -> None:
    with pytest.raises(Refused, match=rf"^ontology/rules/bad\.rq:1: .*{reason}"):
        infer(_store(), [_rule("bad", query)])


def test_rules_that_never_end_are_stopped_and_named() -> None:
    grow = "CONSTRUCT { ?a e:n ?m } WHERE { ?a e:n ?n BIND(?n + 1 AS ?m) }"
    store = _store(CHAIN + "e:a e:n 1 .")
    with pytest.raises(Refused, match=r"^ontology/rules/grow\.rq:1: still gives new triples"):
        infer(store, [_rule("copy", COPY), _rule("grow", grow)], max_rounds=5)


def test_rules_are_read_in_order_with_the_sentence_they_start_with(tmp_path: Path) -> None:
    (tmp_path / "b.rq").write_text("# B follows.\nCONSTRUCT {} WHERE {}\n", encoding="utf-8")
    (tmp_path / "a.rq").write_text("# A follows.\nCONSTRUCT {} WHERE {}\n", encoding="utf-8")
    assert [(rule.name, rule.label) for rule in read_rules(tmp_path)] == [
        ("a", "A follows."),
        ("b", "B follows."),
    ]


def test_a_rule_that_states_nothing_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.rq").write_text("CONSTRUCT {} WHERE {}\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"^ontology/rules/a\.rq:1: the first line must be a comment"):
        read_rules(tmp_path)
