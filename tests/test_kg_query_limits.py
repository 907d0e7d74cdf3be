from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from pyoxigraph import parse

from kg import query_limits
from kg.query_error import QueryRefusedError
from kg.query_limits import DEEPEST, LONGEST, check_limits
from kg.query_text import QueryText
from kg.shipped import find_shipped

P = "<urn:p>"
SEED = f"?s {P} ?o"


def group(text: str) -> str:
    return f"SELECT * WHERE {{ {text} }}"


def condition(text: str) -> str:
    return group(f"{SEED} FILTER({text})")


def is_accepted(text: str) -> bool:
    try:
        check_limits(QueryText(text))
    except QueryRefusedError:
        return False
    return True


def numbered(piece: str, count: int, separator: str = " ") -> str:
    return separator.join(piece.replace("@", str(number)) for number in range(count))


# The text with so many levels, and about how many brackets one level has.
NESTS: dict[str, tuple[Callable[[int], str], int]] = {
    "groups": (lambda n: group("{" * n + "}" * n), 1),
    "EXISTS": (lambda n: group("FILTER EXISTS {" * n + "}" * n), 1),
    "parentheses": (lambda n: condition("(" * n + "1" + ")" * n), 1),
    "functions": (lambda n: condition("STR(" * n + "1" + ")" * n), 1),
    "glued functions": (lambda n: condition("STR(STR(" * (n // 2) + "1" + ")" * (n // 2 * 2)), 1),
    "negations": (lambda n: condition("!" * n + "1"), 1),
    "inverse": (lambda n: group(f"?s {'^(' * n}{P}{')' * n} ?o"), 1),
    "blank nodes": (lambda n: group(f"{SEED} ; {P} {f'[ {P} ' * n}1{']' * n}"), 1),
    "collections": (lambda n: group(f"?s {P} {'(' * n}1{')' * n}"), 1),
    "quoted triples": (lambda n: group(f"?s {P} {f'<<( ?s {P} ' * n}1{')>>' * n}"), 2),
    "reified triples": (lambda n: group(f"?s {P} {f'<< ?s {P} ' * n}1{'>>' * n}"), 1),
    "reified subjects": (lambda n: group(f"{'<< ' * n}?s {f'{P} 1 >>' * n} {P} 1"), 1),
    "annotations": (lambda n: group(f"{SEED} {f'{{| {P} 1 ' * n}{'|}' * n}"), 1),
    "data": (lambda n: f"INSERT DATA {{ <urn:s> {P} {'(' * n}1{')' * n} }}", 1),
    "VALUES": (lambda n: group(f"VALUES ?x {{ {f'<<( <urn:s> {P} ' * n}1{')>>' * n} }}"), 2),
    "never closed": (lambda n: "ASK {" + "{ FILTER EXISTS " * n, 1),
}


@pytest.mark.parametrize("name", NESTS)
def test_nesting_is_limited(name: str) -> None:
    text, brackets = NESTS[name]
    assert is_accepted(text(DEEPEST // brackets - 10))
    assert not is_accepted(text(DEEPEST // brackets + 1))
    assert not is_accepted(text(DEEPEST * 100))


CHAINS: dict[str, Callable[[int], str]] = {
    "||": lambda n: condition(" || ".join(["?s"] * n)),
    "&&": lambda n: condition("&&".join(["?s"] * n)),
    "+": lambda n: condition("+".join(["?s"] * n)),
    "-": lambda n: condition("1" + " -1" * n),
    "*": lambda n: condition("*".join(["?s"] * n)),
    "/": lambda n: condition("/".join(["?s"] * n)),
    "UNION": lambda n: group("UNION".join(["{}"] * n)),
    "OPTIONAL": lambda n: group("OPTIONAL{}" * n),
    "OPTIONAL and a triple": lambda n: group(f"OPTIONAL {{}} {SEED} " * (n // 2)),
    "MINUS": lambda n: group("MINUS { } " * n),
    "LATERAL": lambda n: group("LATERAL { } " * n),
    "BIND": lambda n: group(numbered("BIND(1 AS ?v@)", n)),
    "FILTER": lambda n: group("FILTER(?s) " * n),
    "FILTER without brackets": lambda n: group("FILTER<urn:f>(1) " * n),
    "EXISTS": lambda n: group("FILTER EXISTS {} " * n),
    "groups": lambda n: group("{}" * n),
    "GRAPH": lambda n: group("GRAPH ?g {} " * n),
    "VALUES": lambda n: group(numbered("VALUES ?v@ { 1 } ", n)),
    "subqueries": lambda n: group("{SELECT*{}}" * n),
    "triples": lambda n: group(f"{SEED} . " * n),
    "triples between filters": lambda n: group(f"FILTER(1) {SEED} " * (n // 2)),
    "triples without blanks": lambda n: group(f"?s{P}1.5." * n),
    "; lists": lambda n: group(f"?s {'; '.join([f'{P} ?o'] * n)}"),
    ", lists": lambda n: group(f"?s {P} {','.join(['?o'] * n)}"),
    "collection": lambda n: group(f"?s {P} ( {'1 ' * (n // 2)})"),
    "collection of truths": lambda n: group(f"?s {P} ( {'true' * (n // 2)})"),
    "collection of words": lambda n: group(f"?s {P} ( {'true false ' * (n // 4)})"),
    "collection of tags": lambda n: group(f"""?s {P} ( {"'a'@en " * (n // 2)})"""),
    "collection of nodes": lambda n: group(f"?s a ( {'[] ' * (n // 2)})"),
    "collections": lambda n: group(f"?s {P} (1), " * (n // 4) + "1"),
    "blank nodes": lambda n: group(f"?s {P} [ {P} 1 ], " * (n // 2) + "1"),
    "blank node": lambda n: group(f"[ {'; '.join([f'{P} ?o'] * n)} ]"),
    "reified triples": lambda n: group(f"?s {P} << ?s {P} 1 >>, " * (n // 2) + "1"),
    "reifiers": lambda n: group(f"{SEED} {'~ ?r ' * n}"),
    "annotations": lambda n: group(f"{SEED} {f'{{| {P} ?o |}} ' * (n // 2)}"),
    "annotation": lambda n: group(f"{SEED} {{| {'; '.join([f'{P} ?o'] * n)} |}}"),
    "path /": lambda n: group(f"?s {'/'.join([P] * n)} ?o"),
    "path |": lambda n: group(f"?s {'|'.join([P] * n)} ?o"),
    "path in brackets": lambda n: group(f"?s ({'/'.join([P] * n)})* ?o"),
    "SELECT": lambda n: f"SELECT {numbered('(1 AS ?v@)', n)} {{}}",
    "sub-SELECT": lambda n: group(f"{{ SELECT {numbered('(1 AS ?v@)', n)} {{}} }}"),
    "aggregates": lambda n: f"SELECT {numbered('(SUM(?o + @) AS ?v@)', n)} {{ {SEED} }}",
    "GROUP BY": lambda n: f"SELECT (1 AS ?x) {{ {SEED} }} GROUP BY {'STR(?s) ' * n}",
    "ORDER BY": lambda n: f"SELECT * {{ {SEED} }} ORDER BY {'DESC(?s) ' * n}",
    "sub-ORDER BY": lambda n: group(f"{{ SELECT * {{ {SEED} }} ORDER BY {'DESC(?s) ' * n} }}"),
    "HAVING": lambda n: f"SELECT ?s {{ {SEED} }} GROUP BY ?s HAVING {'(?s) ' * n}",
    "DESCRIBE": lambda n: f"DESCRIBE {'<urn:a>' * n}",
    "DESCRIBE names": lambda n: f"PREFIX e: <urn:e> DESCRIBE {'e:a ' * n}",
    "CONSTRUCT WHERE": lambda n: f"CONSTRUCT WHERE {{ {f'{SEED} . ' * n} }}",
    "DELETE WHERE": lambda n: f"DELETE WHERE {{ {f'{SEED} . ' * n} }}",
    "INSERT WHERE": lambda n: f"INSERT {{ {SEED} }} WHERE {{ {f'{SEED} . ' * n} }}",
}


@pytest.mark.parametrize("name", CHAINS)
def test_chains_are_limited(name: str) -> None:
    text = CHAINS[name]
    assert is_accepted(text(LONGEST // 8))
    assert not is_accepted(text(LONGEST + 10))


LISTS: dict[str, Callable[[int], str]] = {
    "VALUES": lambda n: group(f"{SEED} VALUES ?o {{ {numbered('<urn:v@>', n)} }}"),
    "VALUES without blanks": lambda n: group(f"VALUES?o{{{numbered('<urn:v@>', n, '')}}}"),
    "VALUES rows": lambda n: group(f"VALUES (?a ?b) {{ {numbered('(1 UNDEF)', n)} }}"),
    "VALUES columns": lambda n: group(f"VALUES ({numbered('?v@', n)}) {{ }}"),
    "VALUES at the end": lambda n: f"SELECT * {{ {SEED} }} VALUES ?o {{ {numbered('@', n)} }}",
    "IN": lambda n: condition(f"?o IN ({numbered('<urn:v@>', n, ',')})"),
    "NOT IN": lambda n: condition(f"?o NOT IN ({numbered('<urn:v@>', n, ', ')})"),
    "arguments": lambda n: condition(f"CONCAT({numbered('?o', n, ',')})"),
    "SELECT": lambda n: f"SELECT {numbered('?v@', n)} {{}}",
    "GROUP BY": lambda n: f"SELECT (1 AS ?x) {{}} GROUP BY {numbered('?v@', n)}",
    "ORDER BY": lambda n: f"SELECT * {{}} ORDER BY {numbered('?v@', n)}",
    "DESCRIBE": lambda n: f"DESCRIBE {numbered('?v@', n)} {{}}",
    "PREFIX": lambda n: f"{numbered('PREFIX p@: <urn:p>', n)} ASK {{}}",
    "FROM": lambda n: f"SELECT * {numbered('FROM <urn:g@>', n)} {{}}",
    "FROM NAMED": lambda n: f"SELECT * {numbered('FROM NAMED <urn:g@>', n)} {{}}",
    "CONSTRUCT": lambda n: f"CONSTRUCT {{ {numbered(f'?s {P} @ .', n)} }} {{ {SEED} }}",
    "INSERT DATA": lambda n: f"INSERT DATA {{ {numbered(f'<urn:s> {P} @ .', n)} }}",
    "INSERT DATA ,": lambda n: f"INSERT DATA {{ <urn:s> {P} {numbered('@', n, ',')} }}",
    "INSERT DATA GRAPH": lambda n: (
        f"INSERT DATA {{ {numbered(f'GRAPH <urn:g@> {{ <urn:s> {P} @ }}', n)} }}"
    ),
    "INSERT DATA ()": lambda n: f"INSERT DATA {{ <urn:s> {P} ({numbered('@', n)}) }}",
    "DELETE DATA": lambda n: f"DELETE DATA {{ {numbered(f'<urn:s> {P} @ .', n)} }}",
    "INSERT": lambda n: f"INSERT {{ {numbered(f'?s {P} @ .', n)} }} WHERE {{ {SEED} }}",
    "DELETE": lambda n: f"DELETE {{ {numbered(f'?s {P} @ .', n)} }} WHERE {{ {SEED} }}",
    "operations": lambda n: numbered(f"DELETE {{ ?s {P} @ }} WHERE {{ ?s {P} @ }}", n, ";\n"),
    "a string": lambda n: condition(f"'{'.;,|+({[' * n}' = ?s"),
    "a comment": lambda n: f"ASK {{}} # {'.;,|+({[' * n}",
    "groups of unions": lambda n: " ".join(
        [group(f"{{ {' UNION '.join(['{ ?s ?p 1 }'] * 9)} }}") + ";"] * (n // 100)
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_lists_have_any_length(name: str) -> None:
    assert is_accepted(LISTS[name](20_000))


def test_chains_of_inner_and_outer_groups_add_up() -> None:
    part = f"{SEED} . "
    assert is_accepted(group(f"{part * 450} {{ {part * 450} }}"))
    assert not is_accepted(group(f"{part * 600} {{ {part * 600} }}"))
    assert not is_accepted(group(f"{{ {part * 600} }} {part * 600}"))
    beside = f"{{ {part * 600} }}"
    assert is_accepted(group(f"{beside} UNION {beside} UNION {beside}"))


def test_arguments_are_measured_one_by_one() -> None:
    sum_ = " + ".join(["?o"] * 600)
    assert is_accepted(condition(f"CONCAT({sum_}, {sum_}, {sum_})"))
    assert not is_accepted(condition(f"CONCAT({sum_} + {sum_}, 1)"))


def test_a_refusal_names_the_limit_the_place_and_a_remedy() -> None:
    with pytest.raises(QueryRefusedError) as caught:
        check_limits(QueryText("ASK\n" + "{" * 101 + "}" * 101))
    assert str(caught.value).startswith("line 2, column 101: brackets and prefix operators nest ")
    assert caught.value.message.endswith("more than 100 deep")
    assert "simplify" in str(caught.value.hint)
    with pytest.raises(QueryRefusedError) as caught:
        check_limits(QueryText(CHAINS["||"](1200)))
    assert "more than 1,000 parts are chained" in caught.value.message
    assert caught.value.spot is not None
    assert caught.value.spot.column > 5_000
    assert "VALUES or IN" in str(caught.value.hint)
    assert len(str(caught.value.excerpt)) < 200


def test_every_shipped_query_is_accepted_in_far_less_than_a_millisecond() -> None:
    files = (find_shipped().data / "queries").glob("*.ttl")
    quads = (quad for file in files for quad in parse(path=file))
    texts = [quad.object.value for quad in quads if quad.predicate.value.endswith("#select")]
    assert len(texts) > 100
    start = time.process_time()
    for text in texts:
        check_limits(QueryText(text))
    assert (time.process_time() - start) / len(texts) < 0.001


@pytest.mark.parametrize("name", ["INSERT DATA", "IN", "VALUES"])
def test_the_check_takes_time_in_proportion_to_the_text(name: str) -> None:
    text = LISTS[name](50_000)
    start = time.process_time()
    check_limits(QueryText(text))
    assert time.process_time() - start < 3


def test_what_is_no_query_is_left_to_the_engine() -> None:
    for text in ("", ")" * 5_000, "}>]" * 5_000, "> > > " * 500, ">>" * 5_000, "'" * 5_000):
        assert is_accepted(text)


@pytest.mark.parametrize(
    "text",
    [
        "truefalsetrue a1b2c3 ?x.?y",
        "\u017fa\u212ab 1true2 \ud800",
        "<urn:a>;;;,,,'true' true\x0bfalse\u2003true",
        "a_b__c-1.5e10",
    ],
)
def test_the_number_of_pieces_is_never_thought_too_low(text: str) -> None:
    for times in (1, 7):
        assert query_limits._most_pieces(text * times) >= len(
            query_limits._PIECE.findall(text * times)
        )
