"""The operations of an update: cut where the engine cuts, or refused where that is in doubt."""

from __future__ import annotations

import pytest

from kg.query_error import QueryRefusedError
from kg.query_text import QueryText
from kg.update_text import Modification, Operation, read_operations, read_segments


def _read(text: str) -> tuple[Operation, ...]:
    return read_operations(QueryText(text))


def _modification(text: str) -> Modification:
    (operation,) = _read(text)
    assert operation.modification
    return operation.modification


def test_operations_are_cut_at_semicolons_outside_of_brackets() -> None:
    operations = _read(
        """# a ; comment
        BASE <http://e.org/> PREFIX e: <a;b>
        INSERT DATA { e:a e:p "x ; y" ; e:q '}' . } ; # and ; more
        PREFIX f: <f>
        DELETE { ?s ?p ?o } WHERE { ?s ?p ?o ; e:p 1 } ;
        LOAD SILENT <x> ;"""
    )
    assert [each.keyword.text for each in operations] == ["INSERT", "DELETE", "LOAD"]
    assert [each.is_silent for each in operations] == [False, False, True]
    assert operations[0].text.strip() == """INSERT DATA { e:a e:p "x ; y" ; e:q '}' . }"""
    assert "PREFIX f: <f>" not in operations[0].prologue
    assert "PREFIX e: <a;b>" in operations[1].prologue
    assert "PREFIX f: <f>" in operations[2].prologue


@pytest.mark.parametrize("text", ["", " # nothing", "PREFIX e: <http://e.org/>", ";"])
def test_a_text_without_operations_has_none(text: str) -> None:
    assert _read(text) == ()


def test_the_parts_of_an_operation_are_told_apart() -> None:
    found = _modification(
        "WITH <urn:g> DELETE { ?s ?p $o } INSERT { GRAPH ?g { ?s ?p '}' } } "
        "USING <urn:a> USING NAMED <urn:b> WHERE { ?s ?p ?o { ?x ?y ?z } }"
    )
    assert found.delete == "{ ?s ?p $o }"
    assert found.insert == "{ GRAPH ?g { ?s ?p '}' } }"
    assert found.where == "{ ?s ?p ?o { ?x ?y ?z } }"
    assert found.dataset
    assert found.dataset.text == "WITH"
    assert found.variables == ("s", "p", "o", "g")
    assert not found.makes_nodes


def test_delete_where_is_its_own_template() -> None:
    found = _modification("delete where { graph ?g { ?s ?p 1 } }")
    assert found.delete == found.where == "{ graph ?g { ?s ?p 1 } }"
    assert (found.insert, found.dataset) == ("{}", None)


@pytest.mark.parametrize(
    ("template", "makes"),
    [
        ("?s ?p ?o", False),
        ("?s ?p _:b", True),
        ("?s ?p [ ?q ?o ]", True),
        ("?s ?p (1 2)", True),
        ("?s ?p ?o {| ?q ?r |}", True),
        ("?s ?p ?o ~ ?r", True),
        ("?s ?p 'an [ and _:b'", False),
    ],
)
def test_templates_that_make_blank_nodes_are_known(template: str, makes: bool) -> None:
    found = _modification(f"INSERT {{ {template} }} WHERE {{ ?s ?p [] }}")
    assert found.makes_nodes == makes


@pytest.mark.parametrize(
    "text",
    [
        "PREFIX ex: <urn:x> LOADex:a",
        "PREFIX ex: <urn:x> LOADSILENTex:a",
        "LOADSILENT <urn:a>",
        "PREFIXex: <urn:x> CLEAR ALL",
        "INSERTDATA { <urn:a> <urn:b> 1 }",
        "DELETEWHERE { ?s ?p ?o }",
        "INSERT { } USINGNAMED <urn:a> WHERE { }",
        "PREFIX ex: <urn:x> INSERT { } USINGex:a WHERE { }",
        "PREFIX ex: <urn:x> WITHex:a INSERT { } WHERE { }",
        "INSERT { } WHERE { FILTER(?a<?b)#>\n }",
        "INSERT { } WHERE { FILTER(true<?b)#>\n }",
        "INSERT { } WHERE { ?s ?p 'open } ; LOAD <urn:a>",
    ],
)
def test_what_could_be_read_otherwise_is_refused(text: str) -> None:
    with pytest.raises(QueryRefusedError) as refused:
        _read(text)
    assert refused.value.spot
    assert refused.value.hint


@pytest.mark.parametrize(
    "text",
    [
        "LOAD<urn:a>",
        "WITH<urn:g>DELETE{?s ?p ?o}WHERE{?s ?p ?o}",
        "INSERT { } WHERE { FILTER(?a < ?b) FILTER(?c>?d) }",
        "INSERT { } WHERE { ?s (<urn:a#b>|<urn:c#d>)* ?o FILTER(?o IN (<urn:a#b>, <urn:c#d>)) }",
        "INSERT DATA { <urn:a> <urn:p> (<urn:b#1> <urn:b#2>) }",
        "INSERT { <urn:a> <urn:p> (<urn:b#1> <urn:b#2>) } WHERE { }",
    ],
)
def test_what_is_certain_is_read(text: str) -> None:
    assert len(_read(text)) == 1


def test_segments_are_read_of_a_broken_text_too() -> None:
    segments = read_segments(QueryText("PREFIX e: <urn:e> INSERT { ; CLEAR ALL } 'x"))
    assert [segment.declared for segment in segments] == [3]
    assert segments[0].keyword
    assert segments[0].keyword.word == "INSERT"


def test_lists_of_data_are_skipped_quickly() -> None:
    data = " ".join(f"<urn:s{n}> <urn:p> 'a ; {{ {n}' ." for n in range(1000))
    (segment, last) = read_segments(QueryText(f"INSERT DATA {{ {data} }} ; CLEAR ALL"))
    assert len(segment.tokens) == 4
    assert [token.text for token in last.tokens] == ["CLEAR", "ALL"]
