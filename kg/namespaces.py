"""The prefixes of the graph: IRIs to CURIEs and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import MappingProxyType

from curies import Converter

__all__ = ["Namespaces", "namespaces_of", "read_namespaces"]


@dataclass(frozen=True)
class Namespaces:
    """The declared prefixes, and ``ontology``: the namespace behind the empty prefix.

    >>> names = Namespaces({"drug": "https://example.org/drug/"}, "https://example.org/ontology/")
    >>> names.expand("drug:doxorubicin")
    'https://example.org/drug/doxorubicin'
    >>> names.compact("https://example.org/ontology/Drug")
    ':Drug'
    >>> names.root
    'https://example.org/'
    """

    prefixes: Mapping[str, str]
    ontology: str

    @cached_property
    def _converter(self) -> Converter:
        return Converter.from_prefix_map({**self.prefixes, "": self.ontology})

    @cached_property
    def root(self) -> str:
        """The IRI under which every kind of this graph has its namespace."""
        return self.ontology.rstrip("/#").rpartition("/")[0] + "/"

    def expand(self, curie: str) -> str | None:
        """Return the IRI of a CURIE, or None where its prefix is not declared."""
        prefix, colon, _ = curie.partition(":")
        known = colon and (prefix in self.prefixes or not prefix)
        return self._converter.expand(curie) if known else None

    def compact(self, iri: str) -> str | None:
        """Return the CURIE of an IRI, or None where no declared namespace holds it."""
        return self._converter.compress(iri)

    def shorten(self, iri: str) -> str:
        """Return the CURIE of an IRI or, where there is none, the IRI itself."""
        return self.compact(iri) or iri

    def owns(self, iri: str) -> bool:
        """Tell whether an IRI is one that this graph must describe itself."""
        return iri.startswith(self.root)

    def find_kind(self, iri: str) -> str | None:
        """Return the prefix whose namespace holds the IRI: ``drug``, ``study``; ``''``: ontology.

        >>> names = Namespaces({"study": "https://example.org/study/"}, "https://example.org/o/")
        >>> names.find_kind("https://example.org/study/a/arm/b")
        'study'
        """
        curie = self.compact(iri)
        return None if curie is None else curie.partition(":")[0]


def read_namespaces(path: Path) -> Namespaces:
    """Return the prefixes that the JSON-LD context in a file declares."""
    return namespaces_of(json.loads(path.read_text(encoding="utf-8"))["@context"])


def namespaces_of(definitions: Mapping[str, object]) -> Namespaces:
    """Return the prefixes among the definitions of a JSON-LD context.

    A prefix is a term whose definition is a string that ends in ``/`` or ``#``; the ontology
    namespace is the context's ``@vocab``.
    """
    prefixes = {
        term: iri
        for term, iri in definitions.items()
        if not term.startswith("@") and isinstance(iri, str) and iri.endswith(("/", "#"))
    }
    return Namespaces(MappingProxyType(prefixes), str(definitions["@vocab"]))
