"""Statements that are too long to be read again, and NUL: refused by every way to write."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg.assembly import Assembly
from kg.building import write_assembly
from kg.inputs import inputs_of
from kg.nquads import canonical_quads, load_quads
from kg.problem import Refused
from kg.rdf_files import read_rdf_files
from kg.statement_limits import LONGEST_STATEMENT, StatementError, check_statements
from kg.writing import Effect, GraphWrite, Payload, Update, Write, evaluate_write

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
MILLIONS = "x" * 17_000_000
MARKUP = (
    f'<rdf:RDF {RDF} xmlns:e="urn:e:"><rdf:Description rdf:about="urn:a">'
    f'<e:p rdf:parseType="Literal">{"<b>x</b>" * 200_000}</e:p></rdf:Description></rdf:RDF>'
)
NEWLINES = '<urn:a> <urn:b> """' + "\n" * 9_000_000 + '""" .'
GROWTH = Update(
    "INSERT DATA { <urn:a> <urn:b> '" + "x" * 5_000_000 + "' } ; "
    "INSERT { <urn:a> <urn:b> ?y } WHERE { <urn:a> <urn:b> ?x BIND(CONCAT(?x, ?x, ?x, ?x) AS ?y) }"
)


def put(body: str, media_type: str = "text/turtle", graph: str | None = None) -> GraphWrite:
    return GraphWrite("PUT", graph, (Payload(media_type, body.encode()),))


def put_statement(length: int) -> GraphWrite:
    """Return a write of one statement that has so many bytes as N-Quads."""
    rest = len('<urn:a> <urn:b> "" <urn:g> .')
    return put(f'<urn:a> <urn:b> "{"x" * (length - rest)}" .', graph="urn:g")


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (put(NEWLINES), "one of <urn:a> <urn:b> has 18,000,020"),
        (put(MARKUP, "application/rdf+xml"), "one of <urn:a> <urn:e:p> has 17,"),
        (put(f"<urn:a> <urn:b> '{MILLIONS}' ."), "has more than 16 MiB"),
        (put(f'{{"@id": "urn:a", "urn:b": "{MILLIONS}"}}', "application/ld+json"), "16 MiB"),
        (put_statement(LONGEST_STATEMENT + 1), "at most 16,000,000 bytes as N-Quads"),
        (Update(f"INSERT DATA {{ <urn:a> <urn:b> '{MILLIONS}' }}"), "has 17,000,0"),
        (GROWTH, "has 20,000,0"),
    ],
    ids=["newlines", "markup", "turtle", "json", "one byte", "insert data", "growth"],
)
def test_a_statement_that_could_not_be_read_again_is_refused(write: Write, words: str) -> None:
    with pytest.raises(
        StatementError, match=r"more than 16 MiB|a statement has at most"
    ) as refused:
        evaluate_write(Store(), write)
    assert words in str(refused.value)
    assert refused.value.hint


def test_the_longest_statement_can_be_read_again() -> None:
    effect = evaluate_write(Store(), put_statement(LONGEST_STATEMENT))
    assert [len(line) for line in effect.change.added] == [LONGEST_STATEMENT]
    assert Effect.from_bytes(effect.to_bytes()) == effect
    assert len(load_quads(effect.change.added[0])) == 1


@pytest.mark.parametrize("text", ["\\u0000", "\\U00000000", "a\\\\\\u0000", "\0"])
def test_an_update_writes_no_nul_just_as_a_document(text: str) -> None:
    with pytest.raises(StatementError, match="a value of <urn:a> <urn:b> holds a NUL character"):
        evaluate_write(Store(), Update(f"INSERT DATA {{ <urn:a> <urn:b> '{text}' }}"))


@pytest.mark.parametrize("text", ["\\\\u0000", "\\u0001", "u0000"])
def test_what_only_looks_like_nul_is_written(text: str) -> None:
    assert evaluate_write(Store(), Update(f"INSERT DATA {{ <urn:a> <urn:b> '{text}' }}"))


def test_nul_that_is_there_can_be_removed() -> None:
    store = Store()
    store.add(Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal("\0"), DefaultGraph()))
    assert len(evaluate_write(store, Update("CLEAR ALL")).change.removed) == 1


def test_quoted_slashes_are_counted_quickly() -> None:
    check_statements([b"<e:a> <e:b> " + b'"' + b"\\\\" * 4_000_000 + b'u0000\\\\u0000" .'])


@pytest.mark.parametrize(
    ("name", "text"),
    [("a.ttl", NEWLINES), ("a.rdf", MARKUP), ("a.nt", f'<urn:a> <urn:b> "{MILLIONS}" .')],
    ids=["turtle", "markup", "triples"],
)
def test_a_file_with_such_a_statement_is_refused_by_name(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_rdf_files([tmp_path / name])
    (problem,) = refused.value.problems
    assert problem.place.file == str(tmp_path / name)
    assert "16" in problem.message
    assert "\n" not in str(problem)


def test_no_snapshot_is_written_that_could_not_be_read(tmp_path: Path) -> None:
    store = Store()
    store.add(Quad(NamedNode("urn:a"), NamedNode("urn:b"), Literal(MILLIONS), DefaultGraph()))
    with pytest.raises(Refused, match="a statement has at most 16,000,000 bytes"):
        write_assembly(tmp_path, Assembly(store, (), {}), inputs_of({}))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(MemoryError):
        load_quads(canonical_quads(store))
