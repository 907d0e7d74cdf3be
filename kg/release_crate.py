"""The description of a release as an RO-Crate (https://w3id.org/ro/crate/1.1)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from kg.import_catalogue import IMPORT_GRAPHS
from kg.release_facts import AUTHOR, HOME_PAGE, ReleaseFacts
from kg.release_file import CC_BY, ReleaseFile, media_type_of
from kg.release_graphs import GraphDescription

__all__ = ["CRATE_FILE", "crate_problems", "describe_crate"]

CRATE_FILE = "ro-crate-metadata.json"
_PROFILE = "https://w3id.org/ro/crate/1.1"
_NO_LICENCE = "#no-licence"
_AUTHOR = f"{HOME_PAGE}#contributors"
_NAMES: Mapping[str, str] = {
    _NO_LICENCE: "None is stated",
    CC_BY: "Creative Commons Attribution 4.0 International",
    "https://creativecommons.org/publicdomain/zero/1.0/": "Creative Commons Zero 1.0 Universal",
    "https://opendatacommons.org/licenses/odbl/1-0/": "Open Database License 1.0",
    "https://www.apache.org/licenses/LICENSE-2.0": "Apache License 2.0",
}
_WHAT = (
    "Claims on the treatment of soft-tissue sarcoma, each with the passage of the document that "
    "it was read from, beside imports from other databases in graphs of their own: as RDF, "
    "KGX, SSSOM and tables, with the ontology, shapes and queries. The licence is that of the "
    "claims and the ontology; each import is under the licence of its file."
)
_WHAT_ELSE = "Graphs as RDF. Whose they are, and under which licence, is for themselves to say."
_Entity = dict[str, Any]


def describe_crate(
    facts: ReleaseFacts, files: Sequence[ReleaseFile], sizes: Mapping[str, int]
) -> str:
    """Return the metadata file of the crate, the same for the same release."""
    used = {
        facts.licence or _NO_LICENCE,
        *facts.licences,
        *(licence for each in files for licence in each.licences),
    }
    graph = [
        _descriptor(),
        _root(facts, files),
        *_authors(facts),
        *(_licence(each) for each in sorted(used)),
        *(_import(each) for each in facts.imports),
        *(_file(each, sizes[each.name]) for each in files),
    ]
    crate = {"@context": f"{_PROFILE}/context", "@graph": graph}
    return json.dumps(crate, ensure_ascii=False, indent=1) + "\n"


def _descriptor() -> _Entity:
    return {
        "@id": CRATE_FILE,
        "@type": "CreativeWork",
        "about": {"@id": "./"},
        "conformsTo": {"@id": _PROFILE},
    }


def _root(facts: ReleaseFacts, files: Sequence[ReleaseFile]) -> _Entity:
    author = {"@id": _AUTHOR}
    return {
        "@id": "./",
        "@type": "Dataset",
        "name": facts.title,
        "description": _WHAT if facts.is_ours else _WHAT_ELSE,
        "identifier": f"sha256:{facts.snapshot}",
        "version": facts.version,
        "datePublished": facts.date,
        "license": {"@id": facts.licence or _NO_LICENCE},
        **({"author": author, "publisher": author} if facts.is_ours else {}),
        "keywords": ["sarcoma", "knowledge graph", "RDF", "KGX", "SSSOM"],
        **_one_or_all("isBasedOn", [each.iri for each in facts.imports]),
        "hasPart": [{"@id": _address(each.name)} for each in files],
    }


def _authors(facts: ReleaseFacts) -> Iterator[_Entity]:
    if facts.is_ours:
        yield {"@id": _AUTHOR, "@type": "Organization", "name": AUTHOR, "url": HOME_PAGE}


def _licence(iri: str) -> _Entity:
    name = _NAMES.get(iri, iri)
    return {"@id": iri, "@type": "CreativeWork", "name": name, "description": f"Licence: {name}"}


def _import(each: GraphDescription) -> _Entity:
    shown = {
        "@id": each.iri,
        "@type": "CreativeWork",
        "name": each.title or each.iri.removeprefix(IMPORT_GRAPHS),
        "creditText": each.attribution,
        "version": each.version,
        "url": each.source,
        "license": {"@id": each.licence} if each.licence else "",
    }
    return {key: value for key, value in shown.items() if value}


def _file(each: ReleaseFile, size: int) -> _Entity:
    entity: _Entity = {
        "@id": _address(each.name),
        "@type": "File",
        "name": each.name,
        "description": each.what,
        "contentSize": str(size),
        "encodingFormat": media_type_of(each.name),
    }
    return {**entity, **_one_or_all("license", each.licences)}


def _one_or_all(name: str, addresses: Sequence[str]) -> _Entity:
    """Return a property that links to some entities: JSON-LD of crates has no list of one."""
    links = [{"@id": each} for each in addresses]
    return {name: links[0] if len(links) == 1 else links} if links else {}


def _address(name: str) -> str:
    return quote(name)


def crate_problems(text: str, names: Sequence[str]) -> Iterator[str]:
    """Yield what the specification's MUSTs miss in a metadata file, given the files that exist.

    >>> list(crate_problems('{"@graph": []}', ()))[0]
    'it has no @context of RO-Crate 1.1'
    """
    try:
        crate = json.loads(text)
        entities = {each["@id"]: each for each in crate["@graph"]}
    except (ValueError, KeyError, TypeError) as error:
        yield f"it is no RO-Crate: {error!r}"
        return
    if crate.get("@context") != f"{_PROFILE}/context":
        yield "it has no @context of RO-Crate 1.1"
    if entities.get(CRATE_FILE, {}).get("about") != {"@id": "./"}:
        yield "no descriptor is about the root"
    root = entities.get("./", {})
    for name in ("name", "description", "datePublished", "license"):
        if not root.get(name):
            yield f"the root has no {name}"
    if len(entities) != len(crate["@graph"]):
        yield "two entities have the same @id"
    listed = {each["@id"] for each in root.get("hasPart", ())}
    for name in names:
        if _address(name) not in listed or _address(name) not in entities:
            yield f"it does not describe {name}"
    for each in sorted(listed - {_address(name) for name in names}):
        yield f"it describes {each}, which is not there"
