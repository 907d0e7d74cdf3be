"""Writes: what updates and graph-store requests change, and what they may not."""

from __future__ import annotations

from typing import Literal

import pytest
from pyoxigraph import RdfFormat, Store

from kg.graph_reading import GraphNotFoundError
from kg.nquads import canonical_quads
from kg.query_error import (
    QueryFailedError,
    QueryForbiddenError,
    QueryRefusedError,
    QuerySyntaxError,
)
from kg.writing import Effect, GraphWrite, Payload, Update, Write, evaluate_write, read_write

GIVEN = b"""
<e:a> <e:p> <e:default> .
<e:a> <e:p> <e:both> .
<e:a> <e:p> <e:both> <e:g> .
<e:a> <e:p> <e:named> <e:g> .
<e:b> <e:p> _:x <e:h> .
_:x <e:q> "1" <e:h> .
"""


@pytest.fixture
def store() -> Store:
    store = Store()
    store.load(GIVEN, format=RdfFormat.N_QUADS)
    return store


def _effect(store: Store, write: Write | str, **options: object) -> Effect:
    given = Update(write) if isinstance(write, str) else write
    return evaluate_write(store, given, **options)  # type: ignore[arg-type]


def _patch(store: Store, write: Write | str) -> list[str]:
    return _effect(store, write).change.to_patch().decode().splitlines()[1:-1]


def test_a_where_sees_the_union_and_a_template_without_graph_the_default_graph(
    store: Store,
) -> None:
    assert _patch(store, "INSERT { ?s <e:r> ?o } WHERE { ?s <e:p> ?o FILTER isIRI(?o) }") == [
        "A <e:a> <e:r> <e:both> .",
        "A <e:a> <e:r> <e:default> .",
        "A <e:a> <e:r> <e:named> .",
    ]
    assert _patch(store, "DELETE WHERE { <e:a> <e:p> ?o }") == [
        "D <e:a> <e:p> <e:both> .",
        "D <e:a> <e:p> <e:default> .",
    ]


def test_a_strict_where_sees_the_default_graph(store: Store) -> None:
    update = "INSERT { GRAPH <e:n> { ?s <e:r> ?o } } WHERE { ?s <e:p> ?o }"
    assert _patch(store, Update(update, union=False)) == [
        "A <e:a> <e:r> <e:both> <e:n> .",
        "A <e:a> <e:r> <e:default> <e:n> .",
    ]


@pytest.mark.parametrize("clause", ["USING <e:g>", "USING NAMED <e:h> USING <e:g>"])
def test_using_wins_over_the_union(store: Store, clause: str) -> None:
    update = f"INSERT {{ ?s <e:r> ?o }} {clause} WHERE {{ ?s <e:p> ?o }}"
    assert _patch(store, update) == ["A <e:a> <e:r> <e:both> .", "A <e:a> <e:r> <e:named> ."]


def test_with_wins_over_the_union(store: Store) -> None:
    assert _patch(store, "WITH <e:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }") == [
        "D <e:a> <e:p> <e:both> <e:g> .",
        "D <e:a> <e:p> <e:named> <e:g> .",
    ]


WHERE_BOTH = "WHERE { { ?s <e:p> ?o } UNION { GRAPH ?g { ?s <e:p> ?o } } FILTER isIRI(?o) }"


@pytest.mark.parametrize(
    ("default", "named", "found"),
    [
        (("e:g",), (), ["both", "named"]),
        ((), ("e:g",), ["both", "named"]),
        (("e:nowhere",), (), []),
        (("e:nowhere", "e:g"), ("e:h",), ["both", "named"]),
    ],
)
def test_the_parameters_of_the_protocol_are_the_data_set(
    store: Store, default: tuple[str, ...], named: tuple[str, ...], found: list[str]
) -> None:
    update = Update(f"INSERT {{ <e:new> <e:r> ?o }} {WHERE_BOTH}", default, named)
    assert _patch(store, update) == [f"A <e:new> <e:r> <e:{name}> ." for name in found]


@pytest.mark.parametrize(
    "update",
    [
        "WITH <e:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CLEAR ALL; INSERT { ?s ?p ?o } USING <e:g> WHERE { ?s ?p ?o }",
        "INSERT { ?s ?p ?o } USING NAMED <e:g> WHERE { ?s ?p ?o }",
    ],
)
def test_the_parameters_exclude_with_and_using(store: Store, update: str) -> None:
    before = canonical_quads(store)
    with pytest.raises(QueryRefusedError, match="exclude each other"):
        _effect(store, Update(update, using_graphs=("e:g",)))
    assert canonical_quads(store) == before


def test_blank_nodes_that_a_where_finds_are_those_of_the_graph(store: Store) -> None:
    update = """
        DELETE { GRAPH ?g { ?x <e:q> ?v } } INSERT { GRAPH ?g { ?x <e:w> ?v } }
        WHERE { ?s <e:p> ?x FILTER isBlank(?x) GRAPH ?g { ?x <e:q> ?v } }"""
    removed, added = _patch(store, update)
    assert added == removed.replace("D ", "A ").replace("e:q", "e:w")


def test_each_solution_makes_its_own_blank_node(store: Store) -> None:
    update = "INSERT { GRAPH <e:n> { ?o <e:r> _:new } } WHERE { GRAPH <e:g> { ?s <e:p> ?o } }"
    added = _effect(store, update).change.added
    assert len({line.split(b" ")[2] for line in added}) == len(added) == 2


def test_a_template_without_variables_is_filled_where_there_is_a_solution(store: Store) -> None:
    update = "INSERT {{ <e:yes> <e:p> 1 }} WHERE {{ ?s <e:p> {} }}"
    assert len(_patch(store, update.format("<e:named>"))) == 1
    assert _patch(store, update.format("<e:nothing>")) == []
    made = "INSERT { [] <e:p> 1 } WHERE { GRAPH <e:g> { ?s <e:p> ?o } }"
    assert len(_patch(store, made)) == 2


def test_unbound_variables_and_literal_subjects_fill_nothing(store: Store) -> None:
    update = "INSERT { ?v <e:p> 1 . ?none <e:p> 2 . ?x <e:p> 3 } WHERE { ?x <e:q> ?v }"
    assert len(_patch(store, update)) == 1


def test_variables_may_have_any_name(store: Store) -> None:
    update = "INSERT { ?row <e:r> ?row_ } WHERE { ?row <e:p> ?row_ . FILTER(?row_ = <e:named>) }"
    assert _patch(store, update) == ["A <e:a> <e:r> <e:named> ."]


def test_each_operation_sees_what_those_before_it_did(store: Store) -> None:
    update = """
        INSERT DATA { GRAPH <e:n> { <e:n> <e:p> 1 } } ;
        PREFIX x: <e:> INSERT { x:found x:p ?v } WHERE { x:n x:p ?v } ;
        PREFIX x: <f:> DELETE WHERE { GRAPH ?g { <e:n> ?p ?v } } ;
        INSERT { x:late x:p 1 } WHERE { <e:n> ?p ?v }"""
    assert _patch(store, update) == [
        "GA <e:n> .",
        'A <e:found> <e:p> "1"^^<http://www.w3.org/2001/XMLSchema#integer> .',
    ]


def test_graphs_are_created_dropped_and_cleared(store: Store) -> None:
    lines = _patch(store, "CREATE GRAPH <e:n> ; DROP GRAPH <e:g> ; CLEAR GRAPH <e:h>")
    assert [line for line in lines if line.startswith("G")] == ["GD <e:g> .", "GA <e:n> ."]
    assert len(lines) == 6


@pytest.mark.parametrize(
    ("update", "reason"),
    [
        ("CREATE GRAPH <e:g>", "the graph <e:g> already exists"),
        ("DROP GRAPH <e:n>", "the graph <e:n> does not exist"),
        ("CLEAR GRAPH <e:n>", "the graph <e:n> does not exist"),
    ],
)
def test_a_graph_that_is_there_or_missing_is_refused_unless_silent(
    store: Store, update: str, reason: str
) -> None:
    with pytest.raises(QueryFailedError, match=reason):
        _effect(store, update)
    silent = update.replace(" GRAPH", " SILENT GRAPH")
    assert _effect(store, silent).change.is_empty


def test_load_is_forbidden_and_silent_load_does_nothing(store: Store) -> None:
    for update in (
        "LOAD <http://127.0.0.1:1/>",
        "CLEAR ALL; LOAD <file:///etc/passwd> INTO GRAPH <e:n>",
    ):
        before = canonical_quads(store)
        with pytest.raises(QueryForbiddenError, match="LOAD is not available") as refused:
            _effect(store, update)
        assert refused.value.spot
        assert canonical_quads(store) == before
    assert _patch(
        store, "LOAD SILENT <http://127.0.0.1:1/> ; INSERT DATA { <e:1> <e:2> <e:3> }"
    ) == ["A <e:1> <e:2> <e:3> ."]


@pytest.mark.parametrize(
    "update",
    [
        "INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }",
        "INSERT { ?s ?p ?o } WHERE { ?s ?p ?o . 1SERVICE<http://127.0.0.1:1/>{} }",
        "CLEAR ALL ; INSERT { ?s ?p ?o } WHERE { SERVICE ?x { ?s ?p ?o } }",
    ],
)
def test_service_is_forbidden_but_for_allowed_endpoints(store: Store, update: str) -> None:
    with pytest.raises((QueryForbiddenError, QuerySyntaxError)):
        _effect(store, update)
    with pytest.raises((QueryForbiddenError, QuerySyntaxError)):
        _effect(store, update, services={"http://allowed/": "http://127.0.0.1:1/9"})


def test_an_allowed_endpoint_is_asked_at_the_other_address(store: Store) -> None:
    update = "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE {} <http://allowed/> {{ ?s ?p ?o }} }}"
    services = {"http://allowed/": "http://127.0.0.1:1/9"}
    with pytest.raises(QueryFailedError, match="the engine gave up") as failed:
        _effect(store, update.format(""), services=services)
    assert "127.0.0.1" not in str(failed.value)
    assert _effect(store, update.format("SILENT"), services=services).change.is_empty


def test_a_prefix_may_be_called_like_service(store: Store) -> None:
    update = "INSERT DATA { service:a service:p 'of service' }"
    added = _effect(store, update, prefixes={"service": "e:"}).change.added
    assert added == (b'<e:a> <e:p> "of service" .',)


@pytest.mark.parametrize(
    ("update", "error"),
    [
        ("INSERT DATA { <e:a> <e:b> }", QuerySyntaxError),
        ("ASK { }", QuerySyntaxError),
        ("INSERT DATA { <e:a> <e:b> '\ud800' }", QueryRefusedError),
        (f"INSERT {{ }} WHERE {{ {'{' * 200}{'}' * 200} }}", QueryRefusedError),
    ],
)
def test_what_is_no_update_or_too_deep_is_refused(
    store: Store, update: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        _effect(store, update)


def test_a_graph_iri_that_is_none_is_refused(store: Store) -> None:
    with pytest.raises(QueryRefusedError, match="using-graph-uri is no absolute IRI"):
        _effect(store, Update("CLEAR ALL", using_graphs=("no iri",)))
    with pytest.raises(QueryRefusedError, match="the name of the graph is no absolute IRI"):
        _effect(store, GraphWrite("PUT", "no iri"))


@pytest.mark.parametrize(
    "write",
    [
        "DROP ALL",
        "CLEAR NAMED",
        "CREATE GRAPH <e:made>",
        "INSERT DATA { GRAPH <e:made> { <e:a> <e:b> 1 } }",
        "DELETE WHERE { GRAPH <e:g> { ?s ?p ?o } }",
        GraphWrite("PUT", "e:made"),
        GraphWrite("DELETE", "e:g"),
    ],
)
def test_a_read_only_graph_is_not_touched(store: Store, write: Write | str) -> None:
    with pytest.raises(QueryForbiddenError, match=r"the graph <e:(made|g)> is made by the build"):
        _effect(store, write, is_read_only=lambda graph: graph in ("e:made", "e:g"))


def test_a_read_only_graph_may_be_named_where_nothing_changes(store: Store) -> None:
    update = "INSERT DATA { GRAPH <e:g> { <e:a> <e:p> <e:both> } } ; DELETE DATA { <e:1> <e:2> 3 }"
    assert _effect(store, update, is_read_only=lambda _: True).change.is_empty


TURTLE = Payload("text/turtle", b"@prefix e: <e:> . e:a e:p e:both, _:x . _:x e:q <relative> .")


def test_put_replaces_a_graph(store: Store) -> None:
    effect = _effect(store, GraphWrite("PUT", "e:g", (TURTLE,), base="http://e.org/base/"))
    assert effect.existed
    assert effect.change.removed == (b"<e:a> <e:p> <e:named> <e:g> .",)
    assert [line.split(b" ")[-2] for line in effect.change.added] == [b"<e:g>", b"<e:g>"]
    assert b"<http://e.org/base/relative>" in effect.change.added[1]


def test_post_adds_to_a_graph_and_both_create_it(store: Store) -> None:
    assert _patch(store, GraphWrite("POST", "e:g", (Payload("application/n-triples", b""),))) == []
    methods: tuple[Literal["PUT", "POST"], ...] = ("PUT", "POST")
    for method in methods:
        write = GraphWrite(method, f"e:{method}")
        effect = _effect(store, write)
        assert not effect.existed
        assert effect.change.created_graphs == (f"e:{method}",)
        assert _effect(store, write).existed
    added = _effect(store, GraphWrite("POST", "e:g", (TURTLE,), base="e:")).change
    assert (len(added.removed), len(added.added)) == (0, 2)


def test_delete_drops_a_graph_and_tells_of_a_missing_one(store: Store) -> None:
    assert _effect(store, GraphWrite("DELETE", "e:g")).change.dropped_graphs == ("e:g",)
    with pytest.raises(GraphNotFoundError, match="there is no graph <e:g>"):
        _effect(store, GraphWrite("DELETE", "e:g"))


def test_the_default_graph_is_always_there(store: Store) -> None:
    put = _effect(store, GraphWrite("PUT", None, (TURTLE,), base="e:"))
    assert put.existed
    assert put.change.removed == (b"<e:a> <e:p> <e:default> .",)
    assert len(_effect(store, GraphWrite("DELETE", None)).change.removed) == 3
    assert _effect(store, GraphWrite("DELETE", None)).existed


def test_each_document_has_blank_nodes_of_its_own(store: Store) -> None:
    label = next(line for line in canonical_quads(store).split(b"\n") if line.startswith(b"_:"))
    name = label.split(b" ")[0]
    document = Payload("application/n-triples", name + b" <e:q> <e:o> .\n")
    effect = _effect(store, GraphWrite("POST", "e:h", (document, document)))
    subjects = {line.split(b" ")[0] for line in effect.change.added}
    assert len(subjects) == 2
    assert name not in subjects


@pytest.mark.parametrize(
    "write",
    [
        Update("CLEAR ALL", ("e:a", "e:b"), ("e:c",), union=False),
        Update("é 😀 \ud800\n"),
        GraphWrite("PUT", "e:g", (Payload("text/turtle", b"\n\x00"), Payload("a/b", b"")), "e:"),
        GraphWrite("DELETE", None),
    ],
)
def test_a_write_survives_the_way_to_another_process(write: Write) -> None:
    assert read_write(write.to_bytes()) == write


def test_an_effect_survives_the_way_back(store: Store) -> None:
    effect = _effect(store, "CLEAR GRAPH <e:g> ; CREATE GRAPH <e:n>")
    assert Effect.from_bytes(effect.to_bytes()) == effect
