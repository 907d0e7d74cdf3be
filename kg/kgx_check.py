"""Whether files of KGX are sound: what each record must have, and that its ends are there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from kg.kgx import LISTED, Record
from kg.kgx_writing import read_json_lines

__all__ = ["check_pair"]

_CURIE = re.compile(r"[^\s:/]+:\S+")
_CATEGORY = re.compile(r"biolink:[A-Z][A-Za-z]*")
_PREDICATE = re.compile(r"biolink:[a-z][a-z_]*")
_SOURCE = re.compile(r"infores:[a-z0-9][a-z0-9._-]*")
_LEVELS = frozenset(
    {"knowledge_assertion", "logical_entailment", "observation", "prediction", "not_provided"}
)
_AGENTS = frozenset({"manual_agent", "automated_agent", "not_provided"})


def check_pair(nodes: Path, edges: Path) -> Iterator[str]:
    """Yield what is wrong with the nodes and edges in two files of JSON Lines.

    The ids of all records are held.
    """
    known: set[str] = set()
    for record in read_json_lines(nodes):
        yield from _about(record, ("id", "category"), known)
    edges_known: set[str] = set()
    needed = ("id", "subject", "predicate", "object", "primary_knowledge_source")
    for record in read_json_lines(edges):
        yield from _about(record, (*needed, "knowledge_level", "agent_type"), edges_known)
        yield from _about_edge(record, known)


def _about(record: Record, needed: tuple[str, ...], known: set[str]) -> Iterator[str]:
    identifier = str(record.get("id", ""))
    for name in needed:
        if not record.get(name):
            yield f"{identifier or 'a record'} has no {name}"
    if identifier in known:
        yield f"{identifier} is there twice"
    known.add(identifier)
    for name in LISTED & record.keys():
        if not isinstance(record[name], list):
            yield f"{identifier} has a {name} that is no list"
    categories = record.get("category")
    for category in categories if isinstance(categories, list) else ():
        if not _CATEGORY.fullmatch(category):
            yield f"{identifier} has the category {category!r}"
    if None in record.values():
        yield f"{identifier} has a null"


def _about_edge(edge: Record, nodes: set[str]) -> Iterator[str]:
    identifier = edge.get("id", "an edge")
    for name in ("subject", "object"):
        if edge.get(name) not in nodes:
            yield f"{identifier} has a {name} that is no node: {edge.get(name)!r}"
        elif not _CURIE.fullmatch(str(edge[name])):
            yield f"{identifier} has a {name} that is no CURIE: {edge[name]!r}"
    for name, pattern in (("predicate", _PREDICATE), ("primary_knowledge_source", _SOURCE)):
        if not pattern.fullmatch(str(edge.get(name, ""))):
            yield f"{identifier} has the {name} {edge.get(name)!r}"
    for name, values in (("knowledge_level", _LEVELS), ("agent_type", _AGENTS)):
        if edge.get(name) not in values:
            yield f"{identifier} has the {name} {edge.get(name)!r}"
