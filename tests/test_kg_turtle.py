"""Turtle: deterministic blank node labels, and errors that name the line."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Triple

from kg.problem import Refused
from kg.turtle import read_turtle

AXIOMS = """\
@prefix e: <http://e.org/> .
e:a e:has [ e:list ( 1 2 ) ] , [ e:list ( 1 ) ] .
"""
SAME_AXIOMS = """\
@prefix other: <http://e.org/> .
other:a other:has _:y, _:x .
_:x other:list ( 1 ) .
_:y other:list ( 1 2 ) .
"""


def _read(folder: Path, text: str, name: str = "tree.ttl") -> set[Triple]:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return set(read_turtle(path))


def test_labels_do_not_depend_on_how_the_graph_is_written(tmp_path: Path) -> None:
    assert _read(tmp_path, AXIOMS) == _read(tmp_path, SAME_AXIOMS)


def test_two_files_share_no_blank_node(tmp_path: Path) -> None:
    graphs = (_read(tmp_path, AXIOMS, "one.ttl"), _read(tmp_path, AXIOMS, "two.ttl"))
    first, second = (
        {triple.subject for triple in graph if isinstance(triple.subject, BlankNode)}
        for graph in graphs
    )
    assert first
    assert first.isdisjoint(second)


def test_a_syntax_error_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "tree.ttl"
    path.write_text("@prefix e: <http://e.org/> .\ne:a e:b f:c .\n", encoding="utf-8")
    with pytest.raises(Refused, match=r"^ontology/tree\.ttl:2: not Turtle: .*prefix f:"):
        read_turtle(path, shown_as="ontology/tree.ttl")
