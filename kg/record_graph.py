"""Checked records as triples: JSON-LD does the reading, markers tell which line said what."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, Triple

from kg.context import Context, Term
from kg.yaml_source import Entry, Mapping, Node, Scalar
from kg.yaml_source import Sequence as YamlSequence

__all__ = ["Graph", "Part", "parts_of", "read_graph"]

MARKER: Final = "urn:sarcoma-kg:part"
Subject = NamedNode | BlankNode


@dataclass(frozen=True)
class Part:
    """A mapping of a file: its number in reading order, and what it hangs on."""

    number: int
    mapping: Mapping
    parent: int | None = None
    term: Term | None = None


@dataclass(frozen=True)
class Graph:
    """The triples of a file without markers, and the subject of each part by its number."""

    triples: tuple[Triple, ...]
    subjects: tuple[Subject, ...]
