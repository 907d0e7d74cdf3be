"""Blank nodes on their way to an endpoint: what hangs together goes in one request.

An endpoint makes new blank nodes of the labels of each request, so that a node must not be split.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from kg.publish_lines import Group, blank_labels

__all__ = ["Component", "batches", "components", "skolemised"]

GENID = "https://w3id.org/sarcoma-kg/.well-known/genid/"
"""Where the IRIs stand that replace blank nodes, by section 3.5 of RDF 1.1 Concepts."""

Component = tuple[Group, ...]


def components(groups: Iterable[Group]) -> tuple[Component, ...]:
    """Return triples that share blank nodes together, in the order of their first ones.

    >>> texts = (b"_:a <e:p> _:b", b"_:b <e:p> 1", b"_:c <e:p> 1")
    >>> [len(each) for each in components(Group(text, ("",), 0) for text in texts)]
    [2, 1]
    """
    parents: dict[bytes, bytes] = {}
    found = [(group, min(blank_labels(group.triple))) for group in groups]
    for group, first in found:
        for label in blank_labels(group.triple):
            parents[_root(parents, label)] = _root(parents, first)
    together: dict[bytes, list[Group]] = defaultdict(list)
    for group, first in found:
        together[_root(parents, first)].append(group)
    return tuple(tuple(groups) for groups in together.values())


def batches(parts: Iterable[Component], most: int) -> Iterator[tuple[Group, ...]]:
    """Return components packed into batches of at most ``most`` triples; none is split."""
    batch: list[Group] = []
    for part in parts:
        if batch and len(batch) + len(part) > most:
            yield tuple(batch)
            batch = []
        batch += part
    if batch:
        yield tuple(batch)


def skolemised(triple: bytes, snapshot: str) -> bytes:
    """Return a triple with IRIs in place of its blank nodes.

    >>> skolemised(b'_:a <e:p> "_:b"', "1f02923e77aa00")
    b'<https://w3id.org/sarcoma-kg/.well-known/genid/1f02923e77aa-a> <e:p> "_:b"'
    """
    for label in blank_labels(triple):
        iri = f"<{GENID}{snapshot[:12]}-{label[2:].decode()}>".encode()
        subject, predicate, thing = triple.split(b" ", 2)
        whole = re.compile(re.escape(label) + rb"(?![^\s<>\"])")
        subject = iri if subject == label else subject
        if thing.startswith((b"_:", b"<<")):
            thing = whole.sub(iri, thing)
        triple = b" ".join((subject, predicate, thing))
    return triple


def _root(parents: dict[bytes, bytes], label: bytes) -> bytes:
    while (above := parents.setdefault(label, label)) != label:
        parents[label] = parents[above]
        label = above
    return label
