"""What reads and compares results: a runner that lets a mistake pass proves nothing."""

from __future__ import annotations

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode
from w3c_comparison import BY_VALUE, EXACT, Exactness, find_difference, same_rows, same_sequence
from w3c_counts import Count, count, show_counts
from w3c_graph import Term
from w3c_manifest import Case, Suite
from w3c_results import READERS, Row, Table, read_csv, read_json, read_tsv, read_xml
from w3c_runner import Miss, is_ordered

XSD = "http://www.w3.org/2001/XMLSchema#"


def number(text: str, kind: str = "integer") -> Literal:
    return Literal(text, datatype=NamedNode(XSD + kind))


def table(*cells: Term) -> Table:
    return Table(("x",), tuple(rows(*cells)))


def rows(*cells: Term) -> list[Row]:
    return [{"x": cell} for cell in cells]


def edges(*pairs: str) -> list[Row]:
    return [{"s": BlankNode(pair[0]), "o": BlankNode(pair[1])} for pair in pairs]


A, B = BlankNode("a"), BlankNode("b")


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        ([], []),
        (rows(number("1"), number("2")), rows(number("2"), number("1"))),
        (rows(A, B), rows(B, A)),
        (edges("ab", "bc"), edges("xy", "zx")),
        (edges("ab", "bc", "ca", "de", "ef", "fd"), edges("uv", "vw", "wu", "xy", "yz", "zx")),
        ([{}, {}], [{}, {}]),
        ([{"x": A, "y": A}], [{"x": B, "y": B}]),
    ],
)
def test_the_same_rows_are_found_the_same(expected: list[Row], actual: list[Row]) -> None:
    assert same_rows(expected, actual, EXACT)


@pytest.mark.parametrize(
    ("expected", "actual"),
    [
        (rows(number("1")), []),
        (rows(number("1"), number("1")), rows(number("1"))),
        (rows(number("1"), number("1"), number("2")), rows(number("1"), number("2"), number("2"))),
        (rows(number("1")), rows(Literal("1"))),
        (rows(Literal("a", language="en")), rows(Literal("a"))),
        (rows(A), rows(Literal("a"))),
        (rows(A, A), rows(A, B)),
        (rows(A, B), rows(A, A)),
        ([{"x": A, "y": A}], [{"x": A, "y": B}]),
        ([{"x": A}], [{"y": A}]),
        ([{}], [{"x": A}]),
        (edges("ab", "bc", "ca"), edges("ab", "ba", "cc")),
        (edges("ab", "bc", "ca", "de", "ef", "fd"), edges("ab", "bc", "cd", "de", "ef", "fa")),
    ],
)
def test_other_rows_are_found_different(expected: list[Row], actual: list[Row]) -> None:
    assert not same_rows(expected, actual, EXACT)
    assert not same_rows(expected, actual, BY_VALUE)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (number("01"), number("1")),
        (number("2.50", "decimal"), number("2.5", "decimal")),
        (number("1E2", "double"), number("100", "double")),
        (number("NaN", "float"), number("NaN", "float")),
        (number("1", "boolean"), number("true", "boolean")),
    ],
)
def test_lexical_forms_of_one_value_are_the_same_by_value_only(
    one: Literal, other: Literal
) -> None:
    assert same_rows(rows(one), rows(other), BY_VALUE)
    assert same_rows(rows(one), rows(other), Exactness(frozenset({"x"})))
    assert same_rows(rows(one), rows(other), EXACT) == (one == other)
    assert same_rows(rows(one), rows(other), Exactness(frozenset({"y"}))) == (one == other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (number("1"), number("1", "decimal")),
        (number("1", "float"), number("1", "double")),
        (number("1"), number("2")),
        (Literal("1"), Literal("1.0")),
        (number("x"), number("y")),
        (number("true", "boolean"), number("0", "boolean")),
    ],
)
def test_other_values_and_datatypes_are_never_the_same(one: Literal, other: Literal) -> None:
    assert not same_rows(rows(one), rows(other), BY_VALUE)


def test_a_number_in_csv_may_be_compared_as_one() -> None:
    assert same_rows(rows(Literal("1")), rows(Literal("1.0")), Exactness(None, texts=True))
    assert not same_rows(rows(Literal("a")), rows(Literal("b")), Exactness(None, texts=True))


def test_the_order_counts_where_there_is_one() -> None:
    one, other = rows(number("1"), number("2")), rows(number("2"), number("1"))
    assert not same_sequence(one, other, EXACT)
    assert same_sequence(rows(A, B, A), rows(B, A, B), EXACT)
    assert not same_sequence(rows(A, B, A), rows(B, A, A), EXACT)
    tables = table(number("1"), number("2")), table(number("2"), number("1"))
    assert find_difference(*tables, EXACT, ordered=True) is not None
    assert find_difference(*tables, EXACT, ordered=False) is None


def test_a_difference_names_what_is_missing() -> None:
    one, other = table(number("1")), table(number("2"))
    found = find_difference(one, other, EXACT, ordered=False)
    assert found is not None
    assert found.startswith(f'1 rows for 1; lacks {{?x "1"^^<{XSD}integer>}}; has')
    unlike = find_difference(one, Table(("y",), ()), EXACT, ordered=False)
    assert unlike == "variables ['y'], and not ['x']"


@pytest.mark.parametrize(
    ("query", "ordered"),
    [
        ("SELECT * { ?s ?p ?o } ORDER BY ?s", True),
        ("SELECT * { ?s ?p ?o }\norder\nby ?s LIMIT 1", True),
        ("SELECT * { { SELECT * { ?s ?p ?o } ORDER BY ?s } }", False),
        ("SELECT * { ?s ?p 'ORDER BY' } # ORDER BY ?s", False),
        ("SELECT * { ?s ?p ?o }", False),
    ],
)
def test_order_by_is_seen_where_it_orders_the_answer(query: str, ordered: bool) -> None:
    assert is_ordered(query) == ordered


ANSWER = Table(
    ("x", "y"),
    (
        {"x": NamedNode("urn:a"), "y": Literal('"\t', language="en")},
        {"x": BlankNode("b")},
        {"x": number("1"), "y": Literal("")},
    ),
)


def test_json_is_read() -> None:
    text = """{"head": {"vars": ["x", "y"]}, "results": {"bindings": [
        {"x": {"type": "uri", "value": "urn:a"},
         "y": {"type": "literal", "value": "\\"\\t", "xml:lang": "en"}},
        {"x": {"type": "bnode", "value": "b"}},
        {"x": {"type": "literal", "value": "1",
               "datatype": "http://www.w3.org/2001/XMLSchema#integer"},
         "y": {"type": "literal", "value": ""}}]}}"""
    assert read_json(text) == ANSWER
    assert read_json('{"head": {}, "boolean": false}') is False


def test_xml_is_read() -> None:
    text = """<sparql xmlns="http://www.w3.org/2005/sparql-results#">
        <head><variable name="x"/><variable name="y"/></head><results>
        <result><binding name="x"><uri>urn:a</uri></binding>
          <binding name="y"><literal xml:lang="en">"\t</literal></binding></result>
        <result><binding name="x"><bnode>b</bnode></binding></result>
        <result><binding name="x"><literal datatype="http://www.w3.org/2001/XMLSchema#integer"
          >1</literal></binding><binding name="y"><literal></literal></binding></result>
        </results></sparql>"""
    assert read_xml(text) == ANSWER
    ask = '<sparql xmlns="http://www.w3.org/2005/sparql-results#"><head/><boolean>true</boolean>'
    assert read_xml(f"{ask}</sparql>") is True


def test_tsv_is_read() -> None:
    assert read_tsv('?x\t?y\n<urn:a>\t"\\"\\t"@en\n_:b\t\n1\t""\n') == ANSWER
    assert read_tsv("\n\n").rows == ()


def test_csv_is_read_as_texts() -> None:
    table = read_csv('x,y\r\nurn:a,"""\t"\r\n_:b,\r\n1,\r\n')
    assert table.rows == (
        {"x": Literal("urn:a"), "y": Literal('"\t')},
        {"x": BlankNode("b")},
        {"x": Literal("1")},
    )


@pytest.mark.parametrize(
    ("media_type", "text"),
    [
        ("application/sparql-results+json", '{"head": {"vars": []}}'),
        ("application/sparql-results+xml", "<sparql>"),
        ("text/tab-separated-values", "x\n<urn:a>\n"),
        ("text/tab-separated-values", "?x\nplain\n"),
        ("text/tab-separated-values", "?x\n<urn:a>\t<urn:b>\n"),
        ("text/csv", "x,y\r\n1\r\n"),
    ],
)
def test_what_is_ill_formed_is_not_read(media_type: str, text: str) -> None:
    with pytest.raises((ValueError, KeyError, AssertionError, SyntaxError)):
        READERS[media_type](text)


def test_counts_are_by_suite_and_of_all() -> None:
    cases = [Case(Suite.QUERY, "", name, "") for name in ("a", "b", "c")]
    misses = {"a": Miss("why"), "b": Miss("why", is_lexical=True)}
    counts = count([*cases, Case(Suite.UPDATE, "", "d", "")], misses)
    assert counts["query"] == Count(3, 1, 2)
    assert counts["all"] == Count(4, 2, 3)
    assert show_counts({"all": Count(4, 2, 3)})[1].split() == ["all", "4", "2", "3"]
