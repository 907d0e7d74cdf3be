"""Things by the words of their names, so that plurals, hyphens and Greek letters do not matter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from api.directory import Directory
from kg.search_words import compact, read_words

__all__ = ["Stems", "read_stems", "stem_of"]

Stems = Mapping[tuple[str, str], frozenset[str]]
"""The IRIs of things by their kind and the stems of one of their names."""


def read_stems(directory: Directory, kinds: Iterable[str]) -> Stems:
    """Return the things of some kinds by the stems of their labels, other names and slugs."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for kind in kinds:
        for entry in directory.members(kind):
            for name in (entry.label, *entry.names, entry.slug):
                found[kind, stem_of(name)].add(entry.iri)
    return {key: frozenset(iris) for key, iris in found.items()}


def stem_of(name: str) -> str:
    r"""Return a name by the stems of its words, without anything between them.

    >>> [stem_of(name) for name in ("First-Line", "leiomyosarcomas", "PDGFR-\u03b1")]
    ['firstline', 'leiomyosarcoma', 'pdgfralpha']
    """
    return compact(read_words(name), stems=True)
