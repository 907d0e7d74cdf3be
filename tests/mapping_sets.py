"""A set of mappings as SSSOM text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from kg.prefixes import find_system, prefix_map

VERSION = "2026-11-21"
EXACT, CLOSE, BROAD, NARROW, RELATED = (
    f"skos:{name}Match" for name in ("exact", "close", "broad", "narrow", "related")
)
BY_HAND, BY_NAME, BY_CHAIN = (
    f"semapv:{name}" for name in ("ManualMappingCuration", "LexicalMatching", "MappingChaining")
)
_ROOT = "https://w3id.org/sarcoma-kg/"
_COLUMNS = (
    "subject_id",
    "subject_label",
    "predicate_id",
    "object_id",
    "object_label",
    "mapping_justification",
    "comment",
)
_KINDS = {"histologies": "histology", "drugs": "drug", "targets": "target"}
_OBJECT_VERSIONS = {
    "MONDO": "2026-08-04",
    "DOID": "2026-07-31",
    "ONCOTREE": "oncotree_2025_10_03",
    "CHEMBL.COMPOUND": "36",
    "CHEMBL.TARGET": "36",
}


@dataclass(frozen=True, order=True)
class Mapping:
    """A row of a set."""

    subject: str
    object: str
    predicate: str
    subject_label: str
    object_label: str
    justification: str
    comment: str


@dataclass(frozen=True)
class MappingSet:
    """The mappings of a kind of things to one system, in the order of their ids."""

    kind: str
    system: str
    prefix: str
    mappings: tuple[Mapping, ...]

    @property
    def stem(self) -> str:
        """The name of the file, without its suffixes."""
        return f"{self.kind}-{self.system}"

    def text(self) -> str:
        """Return the set as a file holds it."""
        lines = [f"# {line}" for line in _head(self)]
        lines.append("\t".join(_COLUMNS))
        lines += ["\t".join(_cells(mapping)) for mapping in self.mappings]
        return "\n".join(lines) + "\n"


def make_set(kind: str, system: str, prefix: str, mappings: Iterable[Mapping]) -> MappingSet:
    """Return a set in its order; two mappings of one pair are an error."""
    found = tuple(sorted(mappings))
    pairs = [(each.subject, each.object) for each in found]
    twice = {pair for pair in pairs if pairs.count(pair) > 1}
    if twice:
        raise ValueError(f"mapped twice: {sorted(twice)}")
    return MappingSet(kind, system, prefix, found)


def _head(each: MappingSet) -> list[str]:
    system = find_system(each.prefix)
    if system is None:
        raise ValueError(each.prefix)
    own = _KINDS[each.kind]
    prefixes = {
        each.prefix: prefix_map()[each.prefix],
        own: f"{_ROOT}{own}/",
        "bioregistry": "https://bioregistry.io/registry/",
        "sarcoma-kg": _ROOT,
        "semapv": "https://w3id.org/semapv/vocab/",
        "skos": "http://www.w3.org/2004/02/skos/core#",
    }
    version = _OBJECT_VERSIONS.get(each.prefix)
    return [
        "curie_map:",
        *(f'  {prefix}: "{iri}"' for prefix, iri in prefixes.items()),
        "creator_label:",
        "- The sarcoma-kg contributors",
        "license: https://creativecommons.org/licenses/by/4.0/",
        f"mapping_set_id: {_ROOT}mapping/{each.stem}",
        f"mapping_set_title: {each.kind.capitalize()} of sarcoma-kg in {system.name}",
        f"mapping_set_description: The {each.kind} of sarcoma-kg and their identifiers in "
        f"{system.name}. Each comment says which sources agree and which do not.",
        f'mapping_set_version: "{VERSION}"',
        f"object_source: bioregistry:{system.registered}",
        *([f'object_source_version: "{version}"'] if version else []),
        "subject_source: sarcoma-kg:dataset",
    ]


def _cells(mapping: Mapping) -> tuple[str, ...]:
    return (
        mapping.subject,
        mapping.subject_label,
        mapping.predicate,
        mapping.object,
        mapping.object_label,
        mapping.justification,
        mapping.comment,
    )
