"""Repaired queries against the algebra of the standard, and what is left alone."""

from __future__ import annotations

import random
from collections import Counter

import pytest
import sparql_algebra as algebra
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import QueryBoolean, QuerySolutions, Store
from query_answers import read_solutions
from sparql_algebra import Count, Graph, Group, Nested, Optional, Path, Select, Triple, Values

from kg.path_repair import may_need_repair, repair_paths
from kg.query_error import QueryRefusedError
from kg.query_repair import repaired
from kg.query_text import QueryText

PROLOGUE = "PREFIX : <http://example.org/> "
NODES = (":a", ":b", ":c")
VARIABLES = ("?x", "?y", "?z")
NAMES = (":g1", ":g2", ":g3", ":absent")

nodes = st.sampled_from(NODES)
variables = st.sampled_from(VARIABLES)
ends = nodes | variables
triples = st.frozensets(st.tuples(nodes, st.sampled_from([":p", ":q"]), nodes), max_size=4)
datasets = st.builds(
    lambda default, *named: algebra.Dataset(default, dict(zip(NAMES, named, strict=False))),
    triples,
    triples,
    triples,
    triples,
)

triple_patterns = st.builds(algebra.Triple, ends, st.sampled_from([":p", ":q"]), ends)
paths = st.builds(algebra.Path, nodes, st.just(":p"), st.sampled_from("*?"), ends) | st.builds(
    algebra.Path, variables, st.just(":p"), st.sampled_from("*?"), nodes
)
values = st.builds(
    algebra.Values,
    variables,
    st.lists(nodes | st.just("UNDEF"), min_size=1, max_size=2).map(tuple),
)
leaves = triple_patterns | triple_patterns | values


def groups_of(elements: st.SearchStrategy[algebra.Pattern]) -> st.SearchStrategy[algebra.Group]:
    return st.lists(elements, min_size=0, max_size=3).map(lambda them: algebra.Group(tuple(them)))


def subqueries_of(
    groups: st.SearchStrategy[algebra.Group],
) -> st.SearchStrategy[algebra.Pattern]:
    return (
        st.builds(
            algebra.Select,
            st.lists(variables, min_size=1, max_size=2, unique=True).map(tuple),
            groups,
            st.booleans(),
        )
        | st.builds(algebra.Select, st.just(()), groups)
        | st.builds(algebra.Count, st.just("?n"), st.none() | variables, groups)
    )


def compound(
    elements: st.SearchStrategy[algebra.Pattern],
) -> st.SearchStrategy[algebra.Pattern]:
    groups = groups_of(elements)
    inner = groups | subqueries_of(groups)
    return (
        st.builds(algebra.Nested, inner)
        | st.builds(algebra.Union, groups, groups)
        | st.builds(algebra.Optional, groups)
        | st.builds(algebra.Minus, groups)
        | st.builds(algebra.Graph, st.sampled_from(("?g", "?h", *NAMES)), inner)
    )


patterns = groups_of(st.recursive(leaves | paths, compound, max_leaves=6))


def store_of(data: algebra.Dataset) -> Store:
    store = Store()
    graphs = [(f"GRAPH {name} {{ ", " }", triples) for name, triples in data.named.items()]
    quads = [
        before + " ".join(triple) + after
        for before, after, triples in [("", " .", data.default), *graphs]
        for triple in triples
    ]
    created = "".join(f"CREATE GRAPH {name} ; " for name in data.named)
    store.update(f"{PROLOGUE}{created} INSERT DATA {{ {' '.join(quads)} }}")
    return store


def repaired_for(store: Store, text: str) -> str:
    def has_node(pattern: str) -> bool:
        answer = store.query(f"{PROLOGUE}ASK {{ {pattern} }}")
        assert isinstance(answer, QueryBoolean)
        return bool(answer)

    return repaired(QueryText(text), has_node).text


def solutions(store: Store, text: str) -> Counter[frozenset[tuple[str, str]]]:
    return read_solutions(store.query(text), _short)


def _short(term: object) -> str:
    text = str(term)
    if text.startswith('"'):
        return text.split('"')[1]
    return ":" + text.removeprefix("<http://example.org/").removesuffix(">")


def hold_to_the_algebra(data: algebra.Dataset, group: algebra.Group) -> None:
    store = store_of(data)
    text = f"{PROLOGUE}SELECT * WHERE {group.text()}"
    expected = algebra.multiset(group.solutions(data, None))
    try:
        after = repaired_for(store, text)
    except QueryRefusedError:
        return
    if after != text and solutions(store, text) == expected:
        assert solutions(store, after) == expected, after


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(datasets, patterns)
def test_a_repair_never_changes_an_answer_that_was_right(
    data: algebra.Dataset, group: algebra.Group
) -> None:
    hold_to_the_algebra(data, group)


@pytest.mark.soak
@settings(max_examples=30_000, deadline=None, suppress_health_check=list(HealthCheck))
@given(datasets, patterns)
def test_a_repair_never_changes_an_answer_that_was_right_at_length(
    data: algebra.Dataset, group: algebra.Group
) -> None:
    hold_to_the_algebra(data, group)


DATA = algebra.Dataset(
    frozenset({(":a", ":p", ":b")}),
    {
        ":g1": frozenset({(":a", ":p", ":b"), (":b", ":q", ":c")}),
        ":g2": frozenset({(":b", ":p", ":c"), (":c", ":p", ":c")}),
        ":g3": frozenset(),
    },
)
P = Triple("?x", ":p", "?y")
Q = Triple("?x", ":q", "?y")
OTHER = algebra.Minus(Group((Triple("?z", ":p", "?w"),)))


def subquery(*elements: algebra.Pattern, project: tuple[str, ...] = ("?x",)) -> Select:
    return Select(project, Group(elements))


@pytest.mark.parametrize(
    "pattern",
    [
        Graph("?g", Group((Values("?x", (":a", ":b")),))),
        Graph("?g", Group((algebra.Union(Group((Values("?x", (":a",)),)), Group((P,))),))),
        Graph("?g", Group((Values("?x", (":a",)), Optional(Group((P,)))))),
        Graph("?g", Group((Graph("?h", Group((P,))),))),
        Graph(":absent", Group((Values("?x", (":a",)),))),
        Graph(":absent", Count("?n", None, Group((P,)))),
        Graph("?g", Group((P, OTHER))),
        Graph("?g", Group((P, Optional(Group((Triple("?y", ":q", "?v"), OTHER)))))),
        Graph("?g", Group((P, Nested(Group((Values("?v", (":a",)), Optional(Group((Q,))))))))),
        Graph("?g", subquery(P)),
        Graph("?g", Select(("?y",), Group((P,)), distinct=True)),
        Graph("?g", subquery(P, project=())),
        Graph("?g", subquery(Triple("?x", ":p", "?g"))),
        Graph("?g", Count("?n", None, Group((Triple("?x", ":q", "?g"),)))),
        Graph(
            "?g",
            subquery(Triple("?x", ":p", "?g"), Graph("?h", subquery(Triple("?x", ":p", "?h")))),
        ),
        Graph("?g", Select((), Group((P,)), distinct=True)),
        Graph("?g", Group((Nested(Select((), Group((P,)), distinct=True)), Q))),
        Graph("?g", subquery(Nested(subquery(P)))),
        Graph("?g", Group((P, Nested(subquery(Triple("?y", ":p", "?z"), project=("?z",)))))),
        Graph("?g", Count("?n", None, Group((Q,)))),
        Graph("?g", Count("?n", "?y", Group((P,)))),
        Graph("?g", Group((Path(":absent", ":p", "*", "?x"),))),
        Graph(":g1", Group((Path("?x", ":p", "?", ":absent"),))),
        Graph("?g", Group((Path(":a", ":p", "*", "?x"),))),
        Graph("?g", Group((Path(":a", ":p", "*", ":a"),))),
        Group((Path(":absent", ":p", "*", "?x"),)),
        Group((Path(":absent", ":p", "?", "?x"), Values("?x", (":absent", ":a")))),
        Group((Path(":absent", ":p", "*", ":absent"),)),
        Group((P, Optional(Group((Path("?z", ":p", "*", ":absent"),))))),
    ],
    ids=lambda pattern: pattern.text(),
)
def test_what_the_engine_gets_wrong_is_repaired(pattern: algebra.Pattern) -> None:
    store = store_of(DATA)
    text = f"{PROLOGUE}SELECT * WHERE {Group((pattern,)).text()}"
    expected = algebra.multiset(pattern.solutions(DATA, None))
    assert solutions(store, text) != expected
    assert solutions(store, repaired_for(store, text)) == expected


@pytest.mark.parametrize("form", ["SELECT *", "ASK", "CONSTRUCT { ?x :in ?g }", "DESCRIBE ?g"])
def test_a_subquery_on_each_graph_is_repaired_in_every_form(form: str) -> None:
    text = f"{form} {{ GRAPH ?g {{ SELECT ?x {{ ?x :p ?y }} }} }}"
    assert "SELECT ?g ?x" in repaired(QueryText(text)).text


@pytest.mark.parametrize("end", ["ORDER BY ?y", "ORDER BY ?x VALUES ?y { :c }"])
def test_a_star_with_more_behind_it_shows_the_graph(end: str) -> None:
    store = store_of(DATA)
    text = f"{PROLOGUE}SELECT ?g ?x {{ GRAPH ?g {{ SELECT * {{ ?x :p ?y }} {end} }} }}"
    rows = [(":g1", ":a"), (":g2", ":b"), (":g2", ":c")]
    expected = rows[1:] if "VALUES" in end else rows
    found = solutions(store, repaired_for(store, text))
    assert found == algebra.multiset({"?g": g, "?x": x} for g, x in expected)


@pytest.mark.parametrize(
    "subquery",
    [
        "SELECT ?x { ?x :p ?y } LIMIT 1",
        "SELECT ?x { ?x :p ?y } ORDER BY ?y OFFSET 1",
        "SELECT ?x ?g { ?x :p ?y } LIMIT 1",
        "SELECT (COUNT(*) AS ?n) { ?x :p _:y }",
        "SELECT (COUNT(*) AS ?n) { ?x :p ?y { SELECT ?y { ?y :p ?z } } }",
        "SELECT ?x { ?x :p ?y { SELECT ?y { ?y :p ?z } LIMIT 1 } }",
    ],
)
@pytest.mark.parametrize("form", ["SELECT *", "ASK", "INSERT { :a :b :c } WHERE"])
def test_a_subquery_on_each_graph_that_cannot_be_repaired_is_refused(
    form: str, subquery: str
) -> None:
    text = f"{form} {{\n  ?y :q ?z . GRAPH ?g {{ {subquery} }} }}"
    with pytest.raises(QueryRefusedError, match=r"all graphs at once, not on each \?g") as refused:
        repaired(QueryText(text))
    assert refused.value.spot is not None
    assert refused.value.spot.line == 2
    repaired(QueryText(text.replace("GRAPH ?g", "GRAPH :g1")))
    repaired(QueryText(text.replace("GRAPH ?g", "")))


@pytest.mark.parametrize(
    "pattern",
    [
        "GRAPH ?g { SELECT ?g { ?x :p ?g } }",
        "GRAPH ?g { SELECT ?g (COUNT(*) AS ?n) { ?x :p ?y } GROUP BY ?g }",
        "GRAPH ?g { ?x :p ?y FILTER EXISTS { SELECT ?x { ?x :q ?y } LIMIT 1 } }",
        "SERVICE :s { GRAPH ?g { SELECT ?x { ?x :p ?y } LIMIT 1 } }",
        "{ SELECT ?g ?x { GRAPH ?g { ?x :p ?y } } LIMIT 1 }",
    ],
)
def test_a_subquery_that_the_engine_joins_with_each_graph_is_not_refused(pattern: str) -> None:
    text = f"SELECT * {{ {pattern} }}"
    assert repaired(QueryText(text)).text == text


@pytest.mark.parametrize(
    ("path", "rows"),
    [
        (":absent ^:p* ?x", [":absent"]),
        (":absent (:p|:q)? ?x .", [":absent"]),
        ("?x (:p/:q)* :absent", [":absent"]),
        ("?x !:p? :absent . FILTER(true)", [":absent"]),
        (":absent a* ?x . ?x :p ?y", []),
        ("VALUES ?x { :a } :absent :p* ?x", []),
        ("BIND(:absent AS ?y) :absent :p* ?x", [":absent"]),
        (":absent :p* $x", [":absent"]),
    ],
)
def test_a_term_that_the_data_lack_reaches_itself(path: str, rows: list[str]) -> None:
    store = store_of(DATA)
    text = repaired_for(store, f"{PROLOGUE}SELECT ?x {{ {path} }}")
    assert solutions(store, text) == algebra.multiset({"?x": row} for row in rows)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p ?o }",
        "SELECT * { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * { GRAPH ?g { VALUES ?s { :a } ?s ?p ?o } }",
        "SELECT * { GRAPH ?g { ?s ?p ?o OPTIONAL { ?s :q ?x } MINUS { ?s :q ?x } } }",
        "SELECT * { GRAPH ?g { { ?s :p ?o } UNION { ?s :q ?o } FILTER(?o != :a) } }",
        "SELECT * { GRAPH ?g { BIND(1 AS ?x) } }",
        "SELECT * { GRAPH :g1 { ?s ?p ?o MINUS { ?x :q ?z } } }",
        "SELECT * { ?s ?p ?o MINUS { ?x :q ?z } }",
        "SELECT * { SERVICE :s { GRAPH ?g { VALUES ?x { 1 } } :absent :p* ?x } }",
        "SELECT * { GRAPH ?g { SELECT ?s ?g { ?s ?p ?o } } }",
        "CONSTRUCT { ?graph :p 'GRAPH' } WHERE { ?graph :q* ?x }",
        "SELECT (BNODE() AS ?x) { }",
        "SELECT ?bnode { BIND(BNODE('a') AS ?x) BIND(BNODE('a') AS ?y) }",
        "SELECT (COUNT(BNODE(?x)) AS ?n) (MAX(BNODE(?x)) AS ?m) { ?x :p ?y }",
        "SELECT (BNODE(?x) AS ?b) (BNODE(?y) AS ?c) { } VALUES (?x ?y) { ('a' 'b') }",
        "SELECT ?x { :a :p* ?x }",
        "SELECT ?x { :absent :p+ ?x . :absent :p ?x . ?y :p* ?x }",
        "SELECT ?x { :absent :p*/:q* ?x }",
        "SELECT ?x { :absent :p* ?x ; :q ?y }",
        "SELECT ?x { :absent :p* ?x, ?y }",
        "SELECT ?x { [] :p* ?x . :absent :p* [] }",
        "INSERT DATA { GRAPH :g { :a :p :b } }",
        "DELETE WHERE { GRAPH ?g { ?s ?p ?o } }",
        "INSERT { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }",
        "SELECT * { GRAPHex:g { VALUES ?x { 1 } } }",
        "SELECT * { GRAPH ?g { VALUES ?x { 1 } }",
        "SELECT * { GRAPH ?g } VALUES { 1 } }",
        "GRAPH",
        "",
    ],
)
def test_what_is_right_or_beyond_repair_is_left_alone(text: str) -> None:
    store = store_of(DATA)
    known = {":a", ":b", ":c"}
    found = repaired(QueryText(text), lambda pattern: any(each in pattern for each in known))
    assert found.text == text
    assert len(store) == 5


@pytest.mark.parametrize(
    ("update", "repair"),
    [
        (
            "INSERT { ?x :p ?g } WHERE { GRAPH ?g { VALUES ?x { :a } } }",
            "INSERT { ?x :p ?g } WHERE { GRAPH ?g { GRAPH ?g {}  VALUES ?x { :a } } }",
        ),
        (
            "DROP ALL ; WITH :g DELETE { ?s ?p ?o } WHERE { "
            "GRAPH ?g { ?s ?p ?o MINUS { ?x :q ?y }}}",
            "DROP ALL ; WITH :g DELETE { ?s ?p ?o } WHERE { "
            "GRAPH ?g { ?s ?p ?o MINUS { { ?x :q ?y } FILTER(false) }}}",
        ),
    ],
)
def test_the_patterns_of_an_update_are_repaired(update: str, repair: str) -> None:
    assert repaired(QueryText(update)).text == repair


TEXTS = '"a" "b" "" "a b" "a"@en 1 <urn:x> UNDEF'


def blank_nodes(text: str, rows: str = TEXTS) -> list[list[str | None]]:
    """Return the rows of a query over ``?t`` after the repair; of blank nodes, the labels."""
    query = repaired(QueryText(text.replace("TEXTS", f"VALUES (?n ?t) {{ {numbered(rows)} }}")))
    found = Store().query(query.text)
    assert isinstance(found, QuerySolutions)
    return [[None if term is None else str(term) for term in row] for row in found]


def numbered(rows: str) -> str:
    terms = rows.replace('"a b"', '"a_b"').split()
    return " ".join(f"({number} {term})" for number, term in enumerate(terms)).replace("_", " ")


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (BNODE(?t) AS ?b) ?n { TEXTS } ORDER BY ?n",
        "SELECT ?b ?n { TEXTS BIND(BNODE(?t) AS ?b) } ORDER BY ?n",
        "SELECT ?b ?n { { SELECT (BNODE(?t) AS ?b) ?n { TEXTS } } } ORDER BY ?n",
        "SELECT (bnode(?t) AS ?b) (BNODE(CONCAT(?t, 'x')) AS ?c) ?n { TEXTS } ORDER BY ?n",
    ],
)
def test_a_blank_node_of_one_solution_is_of_no_other(text: str) -> None:
    found = [row[0] for row in blank_nodes(text)]
    assert all(label is not None and label.startswith("_:") for label in found[:4])
    assert found[4:] == [None] * 4
    assert len(set(found[:4])) == 4
    again = [row[0] for row in blank_nodes(text, '"a" "a"')]
    assert len(set(again)) == 2


def test_equal_texts_of_one_solution_give_one_blank_node() -> None:
    text = (
        "SELECT DISTINCT (BNODE(?t) AS ?b) (BNODE(?u) AS ?c) (BNODE('a') AS ?d) ?n "
        "{ TEXTS BIND('a' AS ?u) } ORDER BY ?n"
    )
    first, second = blank_nodes(text, '"a" "b"')
    assert first[0] == first[1] == first[2]
    assert second[0] != second[1] == second[2]
    assert first[1] != second[1]


@given(
    st.lists(st.sampled_from(['"x"', '"y"', '""', '"x"@en', '"y"@en', '"x"@fr', "1", "<urn:x>"]))
)
def test_a_concatenation_is_that_of_the_standard_or_an_error(terms: list[str]) -> None:
    aggregates = "(GROUP_CONCAT(?x; SEPARATOR = ') ') AS ?all) (COUNT(?x) AS ?n)"
    text = f"SELECT {aggregates} {{ VALUES ?x {{ {' '.join(terms)} }} }} ORDER BY GROUP_CONCAT(?x)"
    before, after = (Store().query(each) for each in (text, repaired(QueryText(text)).text))
    assert isinstance(before, QuerySolutions)
    assert isinstance(after, QuerySolutions)
    (old,), (new,) = list(before), list(after)
    assert str(new["n"]) == str(old["n"])
    if any(not term.startswith('"') for term in terms):
        assert new["all"] is old["all"] is None
    else:
        texts = [term.split('"')[1] for term in terms]
        assert str(new["all"]) == '"' + ") ".join(texts) + '"'


def test_a_repair_takes_no_name_that_is_taken() -> None:
    text = "SELECT (BNODE(?solution0) AS ?a) (BNODE('x') AS ?b) { BIND('y' AS ?solution0) }"
    assert "STRUUID() AS ?solution1" in repaired(QueryText(text)).text


@pytest.mark.parametrize(
    "pattern",
    [
        "?s <e:p>* <e:o>",
        "<e:s> <e:p>* ?o",
        "ex:s ex:p? ?o",
        "?a <e:q> ?b . <e:s> # ?x\n <e:p>* ?o",
        "?a <e:p>* ?b . ?b <e:p>* <e:o>",
        "<e:s> (<e:p>|<e:q>)* ?o",
        "?s <e:p>*<e:o>",
        "?s <e:p>*ex:o",
        "?s <e:p>*'o'",
        "?s <e:p>* ?o, <e:o>",
        "?s <e:p>* ?o # more\n , <e:o>",
        "?s <e:p> # p\n * <e:o>",
        "<e:s> <e:p> ? ?o",
        r"<e:s> ex:p\/q* ?o",
        "<e:s> (<e:p>/<e:q>)* ?o",
        "<e:s> # p/\n<e:p>* ?o",
        "<e:s> <e:p>/<e:q>* ?x . <e:s> <e:q>* ?o",
    ],
)
def test_a_path_at_a_term_is_looked_at(pattern: str) -> None:
    assert may_need_repair(f"ASK {{ {pattern} }}")


@pytest.mark.parametrize(
    "pattern",
    [
        "?s <e:p>* ?o",
        "?s ^ex:p/a* $o . ?a (ex:p|!ex:q)* ?b",
        "?s ?p ?o",
        "?s <e:p*> 1",
        "<e:s> ex:p/ex:q* ?o",
        "<e:s> <e:p/q>/<e:q>* <e:o>",
    ],
)
def test_a_path_between_variables_is_not_looked_at(pattern: str) -> None:
    assert not may_need_repair(f"ASK {{ {pattern} }}")


def test_no_path_that_would_be_repaired_is_passed_over() -> None:
    draw = random.Random(5)
    terms = ("?s", "$x", "<e:a>", ":n", "_:b", "[]", "'lit'", "1")
    paths = ("<e:p>", ":p", "a", "^<e:p>", "(:p/<e:q>)", "(:p|!(<e:q>|^<e:q>))", ":q/:p", r":q\/p")
    spaces = (" ", " ", " ", "\n", " # c * ?\n")

    def after() -> str:
        space, value = draw.choice(("", *spaces)), draw.choice(terms)
        path = draw.choice(paths) + draw.choice(("", "", *spaces)) + draw.choice(("*", "?", "+"))
        return path + space + value

    for _ in range(4000):
        text = draw.choice(terms[:6]) + draw.choice(spaces) + after()
        text += draw.choice(("", f" ,{draw.choice(terms)}", f"; {after()}", f" . ?s {after()}"))
        query = QueryText(f"PREFIX : <e:> SELECT * {{ {text} }}")
        if list(repair_paths(query, lambda _: False)):
            assert may_need_repair(query.text), text
