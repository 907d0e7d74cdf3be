"""A mechanism path as DrugMechDB's schema has it: what is required, and what is read of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kg.importing.record import RejectRule
from kg.prefixes import standardise
from kg.yaml_source import Mapping, Node, Scalar, Sequence

__all__ = ["Link", "MechanismPath", "PathError", "PathNode", "read_identifier", "read_path"]

_OWN_PREFIXES: Final = {"DB": "DRUGBANK", "taxonomy": "NCBITaxon"}
"""Prefixes of DrugMechDB's schema that mean something else, or nothing, elsewhere."""

_SUPPORTING: Final = frozenset({"SUPPORT", "PARTIAL"})
_REFUTING: Final = frozenset({"REFUTE", "WRONG_STATEMENT"})
_PUBMED = re.compile(
    r"(?:PMID:|https?://pubmed\.ncbi\.nlm\.nih\.gov/|https?://www\.ncbi\.nlm\.nih\.gov/pubmed/)"
    r"(\d+)/?"
)


class PathError(ValueError):
    """A path cannot be taken: by which rule, on which line, and how to mend it."""

    def __init__(self, rule: RejectRule, line: int, message: str) -> None:
        super().__init__(message)
        self.rule = rule
        self.line = line


@dataclass(frozen=True)
class PathNode:
    """Something that a path goes through; ``label`` is its sort, such as Protein."""

    id: str
    name: str
    label: str


@dataclass(frozen=True)
class Link:
    """A step of a path, with what its evidence cites for it and against it."""

    source: PathNode
    key: str
    target: PathNode
    line: int
    supporting: tuple[str, ...]
    refuting: tuple[str, ...]


@dataclass(frozen=True)
class MechanismPath:
    """A path from a drug to a disease; identifiers are CURIEs as this graph writes them."""

    id: str
    line: int
    drug: PathNode
    drug_ids: tuple[str, ...]
    disease: PathNode
    links: tuple[Link, ...]
    references: tuple[str, ...]


def read_path(tree: Node) -> MechanismPath:
    """Return the path that a tree states.

    Raises PathError for what the schema requires and is not there, and for links to nodes that
    the path does not define.
    """
    path = _mapping(tree, "a path")
    graph = _mapping(_value(path, "graph"), "graph")
    nodes = _nodes(path)
    written = (_optional(graph, key) for key in ("drug_mesh", "drugbank"))
    drug_ids = tuple(read_identifier(each) for each in written if each)
    if not drug_ids:
        raise _missing(graph, "drug_mesh or drugbank", "graph")
    if _optional(path, "directed").lower() == "false":
        raise PathError(RejectRule.WRONG_SCHEMA, path.line, "directed must be true; mend the path")
    disease = read_identifier(_text(graph, "disease_mesh", "graph"))
    return MechanismPath(
        id=_text(graph, "_id", "graph"),
        line=path.line,
        drug=_end(nodes, drug_ids, _text(graph, "drug", "graph"), "Drug"),
        drug_ids=drug_ids,
        disease=_end(nodes, (disease,), _text(graph, "disease", "graph"), "Disease"),
        links=tuple(_links(path, nodes)),
        references=tuple(_references(path)),
    )


def read_identifier(written: str) -> str:
    """Return a CURIE as this graph writes it, and as it stands where its prefix is not known.

    >>> read_identifier("DB:DB06589"), read_identifier("UniProt:P10721"), read_identifier("TIGR:1")
    ('DRUGBANK:DB06589', 'UNIPROT:P10721', 'TIGR:1')
    """
    prefix, colon, local = written.partition(":")
    renamed = f"{_OWN_PREFIXES.get(prefix, prefix)}{colon}{local}"
    return standardise(renamed) or renamed


def read_citation(written: str) -> str:
    """Return the CURIE of an article on PubMed, and any other reference as it stands.

    >>> read_citation("https://pubmed.ncbi.nlm.nih.gov/15774254/")
    'pubmed:15774254'
    """
    found = _PUBMED.fullmatch(written)
    return f"pubmed:{found[1]}" if found else written


def _nodes(path: Mapping) -> dict[str, PathNode]:
    """Return the nodes by their ids; of two with one id the first counts."""
    found: dict[str, PathNode] = {}
    for item in _several(path, "nodes", 2):
        node = _mapping(item, "a node")
        curie = read_identifier(_text(node, "id", "a node"))
        label, name = (_text(node, key, f"node {curie}") for key in ("label", "name"))
        found.setdefault(curie, PathNode(curie, name, label))
    return found


def _links(path: Mapping, nodes: dict[str, PathNode]) -> Iterator[Link]:
    for item in _several(path, "links", 1):
        link = _mapping(item, "a link")
        ends = []
        for key in ("source", "target"):
            curie = read_identifier(_text(link, key, "a link"))
            if curie not in nodes:
                message = (
                    f"{key} {curie} of a link is none of the nodes; define it or mend the link"
                )
                raise PathError(RejectRule.UNREADABLE, link.line, message)
            ends.append(nodes[curie])
        evidence = tuple(_evidence(link))
        yield Link(
            source=ends[0],
            key=_text(link, "key", "a link"),
            target=ends[1],
            line=link.line,
            supporting=tuple(cited for cited, word in evidence if word in _SUPPORTING),
            refuting=tuple(cited for cited, word in evidence if word in _REFUTING),
        )


def _evidence(link: Mapping) -> Iterator[tuple[str, str]]:
    """Yield what a link's evidence cites, and whether it supports the link."""
    entry = link.find("evidence")
    for item in entry.value.items if entry and isinstance(entry.value, Sequence) else ():
        evidence = _mapping(item, "an evidence item")
        cited = read_citation(_text(evidence, "reference", "an evidence item"))
        yield cited, _text(evidence, "supports", "an evidence item")


def _references(path: Mapping) -> Iterator[str]:
    entry = path.find("references")
    for item in entry.value.items if entry and isinstance(entry.value, Sequence) else ():
        if isinstance(item, Scalar) and item.text:
            yield read_citation(item.text)


def _end(nodes: dict[str, PathNode], ids: tuple[str, ...], name: str, label: str) -> PathNode:
    """Return the node at an end of the path, under the name that the path gives it."""
    curie = next((each for each in ids if each in nodes), ids[0])
    return PathNode(curie, name, nodes[curie].label if curie in nodes else label)


def _mapping(node: Node | None, what: str) -> Mapping:
    if isinstance(node, Mapping):
        return node
    line = 1 if node is None else node.line
    message = f"{what} must be keys and values, as drugmechdb_schema.yaml has it; mend the path"
    raise PathError(RejectRule.WRONG_SCHEMA, line, message)


def _value(owner: Mapping, key: str) -> Node:
    entry = owner.find(key)
    if entry is None:
        raise _missing(owner, key, "the path")
    return entry.value


def _several(path: Mapping, key: str, least: int) -> tuple[Node, ...]:
    value = _value(path, key)
    if isinstance(value, Sequence) and len(value.items) >= least:
        return value.items
    message = f"{key} must be a list of at least {least}; mend the path"
    raise PathError(RejectRule.WRONG_SCHEMA, value.line, message)


def _optional(owner: Mapping, key: str) -> str:
    entry = owner.find(key)
    return entry.value.text if entry and isinstance(entry.value, Scalar) else ""


def _text(owner: Mapping, key: str, what: str) -> str:
    if text := _optional(owner, key):
        return text
    raise _missing(owner, key, what)


def _missing(owner: Mapping, key: str, what: str) -> PathError:
    message = f"{what} has no {key}, which drugmechdb_schema.yaml requires; mend the path"
    return PathError(RejectRule.WRONG_SCHEMA, owner.line, message)
