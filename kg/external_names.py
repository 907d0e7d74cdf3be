"""Texts that may be identifiers of other systems: CURIEs, IRIs, and bare codes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.prefixes import compress, find_system, standardise

__all__ = ["bare_code", "code_key", "read_codes"]

_RESOLVER = re.compile(
    r"https?://(?:www\.)?(?:identifiers\.org|bioregistry\.io|n2t\.net)/(?P<name>.+)", re.IGNORECASE
)
_CODE = re.compile(r"(?=[A-Za-z0-9]*[A-Za-z])(?=[A-Za-z0-9]*[0-9])[A-Za-z0-9]{5,}")
_SEVERAL = {
    "chembl": ("CHEMBL.COMPOUND", "CHEMBL.TARGET"),
    "orphanet.ordo": ("Orphanet",),
    "ordo": ("Orphanet",),
    "icd-o-3": ("ICDO",),
    "icdo3": ("ICDO",),
}
"""Prefixes in use, in small letters, that are no system's own: what they may stand for."""

_PAGES = (
    (r"www\.ebi\.ac\.uk/chembl/(?:compound_report_card|explore/compound)/(\w+)", "CHEMBL.COMPOUND"),
    (r"www\.ebi\.ac\.uk/chembl/(?:target_report_card|explore/target)/(\w+)", "CHEMBL.TARGET"),
    (r"www\.ebi\.ac\.uk/chebi/(?:searchId\.do\?chebiId=)?(CHEBI:\d+)", "CHEBI"),
    (r"(?:www|rest)\.uniprot\.org/uniprot(?:kb)?/(\w+)(?:/entry)?", "UNIPROT"),
    (r"ncicb\.nci\.nih\.gov/xml/owl/EVS/Thesaurus\.owl#(\w+)", "NCIT"),
)
"""Addresses of pages about things, after the scheme, which are not in Bioregistry."""

_HOST = re.compile(r"(?P<start>https?://[^/?#]*)(?P<rest>.*)", re.IGNORECASE | re.DOTALL)


def read_codes(text: str) -> tuple[str, ...]:
    """Return the CURIEs, as this graph writes them, that a text may be; none for a bare code.

    >>> read_codes("https://identifiers.org/mondo/MONDO:0005089")
    ('MONDO:0005089',)
    >>> read_codes("MONDO_0005089"), read_codes("imatinib")
    (('MONDO:0005089',), ())
    >>> read_codes("orphanet.ordo:Orphanet_44890")
    ('Orphanet:44890',)
    """
    return tuple(dict.fromkeys(filter(None, _read(text.strip().strip("<>")))))


def code_key(iri: str) -> str:
    """Return what an IRI of another system is found by: its CURIE, or itself, in small letters.

    >>> code_key("http://purl.obolibrary.org/obo/MONDO_0005089"), code_key("https://example.org/A")
    ('mondo:0005089', 'https://example.org/a')
    """
    return (compress(iri) or iri).casefold()


def bare_code(curie: str) -> str | None:
    """Return a code without its prefix, in small letters, if letters and digits tell it apart.

    >>> bare_code("CHEMBL.COMPOUND:CHEMBL941"), bare_code("RXNORM:282388")
    ('chembl941', None)
    """
    _, _, local = curie.rpartition(":")
    return local.casefold() if _CODE.fullmatch(local) else None


def _read(text: str) -> Iterator[str | None]:
    if "://" in text:
        yield from _read_iri(text)
        return
    prefix, colon, local = text.partition(":")
    if not colon:
        prefix, colon, local = text.partition("_")
        if not find_system(prefix):
            return
    yield standardise(f"{prefix}:{_rest(local)}")
    for other in _SEVERAL.get(prefix.strip().casefold(), ()):
        yield standardise(f"{other}:{_rest(local)}")


def _read_iri(text: str) -> Iterator[str | None]:
    if host := _HOST.fullmatch(text):
        text = host["start"].lower() + host["rest"]
    yield compress(text)
    yield compress(text.rstrip("/"))
    for pattern, prefix in _PAGES:
        if page := re.fullmatch(rf"https?://{pattern}", text.rstrip("/")):
            yield standardise(f"{prefix}:{page[1]}")
    if found := _RESOLVER.fullmatch(text.rstrip("/")):
        name = found["name"]
        prefix, slash, local = name.partition("/")
        # A slash parts prefix and code, unless it is one within a code such as 8936/3.
        yield from _read(f"{prefix}:{local}" if slash and ":" not in prefix else name)


def _rest(local: str) -> str:
    """Return a code without the prefix that is written a second time, after a line."""
    prefix, line, rest = local.partition("_")
    return rest if line and find_system(prefix) else local
