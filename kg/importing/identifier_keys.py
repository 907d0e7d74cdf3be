"""Identifiers as they compare: one key for a CURIE in any spelling and for its IRI."""

from __future__ import annotations

import re
from functools import lru_cache

from kg.prefixes import compress, standardise

__all__ = ["identifier_key"]

_MESH = re.compile(r"(mesh:[a-z])0*(?=\d)")


@lru_cache(maxsize=1 << 16)
def identifier_key(identifier: str) -> str | None:
    """Return the key of a CURIE or an IRI, or None for what is neither.

    MeSH ids compare by their numbers, which ClinicalTrials.gov writes with more zeros.

    >>> identifier_key("MESH:D000003550") == identifier_key("mesh:D003550")
    True
    >>> identifier_key("http://purl.obolibrary.org/obo/DOID_1115")
    'doid:1115'
    >>> identifier_key("clinicaltrials:NCT03651375")
    'clinicaltrials:nct03651375'
    """
    written = identifier.strip()
    prefix, colon, local = written.partition(":")
    if not prefix or not colon or not local:
        return None
    if local.startswith("//"):
        written = compress(written) or written
        return written if "://" in written else _key(written)
    return _key(standardise(written) or written)


def _key(curie: str) -> str:
    return _MESH.sub(r"\1", curie.casefold())
