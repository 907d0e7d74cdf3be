"""Identifiers of other systems: CURIEs in any spelling to one, and to IRIs and back."""

from __future__ import annotations

import re
from functools import cache

from curies import Converter, Record

from kg.prefix_table import SYSTEMS, ExternalSystem

__all__ = [
    "SYSTEMS",
    "ExternalSystem",
    "compress",
    "expand",
    "external_converter",
    "find_system",
    "prefix_map",
    "standardise",
]

_SEPARATORS = re.compile(r"[ \-_./]")
_IDENTIFIERS_ORG = "https://identifiers.org/"


def find_system(prefix: str) -> ExternalSystem | None:
    """Return the system of a prefix or a synonym of one, in any case, or None.

    Blanks, dots, slashes and hyphens do not count, as in Bioregistry.

    >>> find_system("ICD-O").prefix
    'ICDO'
    >>> find_system("entrez").name
    'NCBI Gene'
    >>> find_system("drug") is None
    True
    """
    return _systems().get(_fold(prefix))


def standardise(curie: str) -> str | None:
    """Return a CURIE as this graph writes it; None where it is no identifier of these systems.

    Its prefix may be any that `find_system` understands, and may be written twice; the rest is
    put in capitals, as all these systems write it, and must be as the system's identifiers are.

    >>> standardise("mondo:0005089")
    'MONDO:0005089'
    >>> standardise("HGNC:HGNC:6342")
    'HGNC:6342'
    >>> standardise("ncit:c9118")
    'NCIT:C9118'
    >>> standardise("MONDO:5089") is None
    True
    """
    prefix, colon, local = curie.strip().partition(":")
    system = find_system(prefix) if colon else None
    if system is None:
        return None
    again, colon, rest = local.partition(":")
    if colon and find_system(again) is system:
        local = rest
    local = local.strip().upper()
    return f"{system.prefix}:{local}" if re.fullmatch(system.pattern, local) else None


def expand(curie: str) -> str | None:
    """Return the IRI of an identifier in any spelling of its CURIE, or None.

    >>> expand("doid:1115")
    'http://purl.obolibrary.org/obo/DOID_1115'
    >>> expand("oncotree:LIPO")
    'https://bioregistry.io/oncotree:LIPO'
    """
    standard = standardise(curie)
    return None if standard is None else external_converter().expand(standard)


def compress(iri: str) -> str | None:
    """Return the CURIE of an IRI, of this graph's or another that Bioregistry knows, or None.

    >>> compress("http://www.orpha.net/ORDO/Orphanet_3394")
    'Orphanet:3394'
    >>> compress("http://bioregistry.io/mesh:D012509")
    'MESH:D012509'
    >>> compress("https://example.org/1") is None
    True
    """
    for spelling in (iri, _other_scheme(iri)):
        curie = external_converter().compress(spelling)
        if curie is not None:
            return standardise(curie)
    return None


def prefix_map() -> dict[str, str]:
    """Return the IRI prefix of each system by its prefix.

    >>> prefix_map()["EFO"]
    'http://www.ebi.ac.uk/efo/EFO_'
    """
    return {system.prefix: system.iri for system in SYSTEMS}


@cache
def external_converter() -> Converter:
    """Return the table as a converter, for what expands and compresses much."""
    return Converter([_record(system) for system in SYSTEMS])


def _record(system: ExternalSystem) -> Record:
    return Record(
        prefix=system.prefix,
        prefix_synonyms=[name for name in _prefixes(system) if name != system.prefix],
        uri_prefix=system.iri,
        uri_prefix_synonyms=[iri for iri in _other_iris(system) if iri != system.iri],
        pattern=system.pattern,
    )


def _prefixes(system: ExternalSystem) -> tuple[str, ...]:
    return tuple(dict.fromkeys((system.prefix, system.registered, *system.synonyms)))


def _other_iris(system: ExternalSystem) -> tuple[str, ...]:
    """Return the IRI prefixes of the table, that of bioregistry.io, and the older ones.

    The older form of identifiers.org has a slash where the newer has a colon.
    """
    modern = (f"https://bioregistry.io/{system.registered}:", *system.other_iris)
    older = (
        f"http://identifiers.org/{iri.removeprefix(_IDENTIFIERS_ORG).rstrip(':')}/"
        for iri in (system.iri, *modern)
        if iri.startswith(_IDENTIFIERS_ORG)
    )
    return (*modern, *older)


@cache
def _systems() -> dict[str, ExternalSystem]:
    return {_fold(prefix): system for system in SYSTEMS for prefix in _prefixes(system)}


def _fold(prefix: str) -> str:
    return _SEPARATORS.sub("", prefix.casefold())


def _other_scheme(iri: str) -> str:
    scheme, _, rest = iri.partition(":")
    return f"{'http' if scheme == 'https' else 'https'}:{rest}"
