"""What the files beside the checkout say of identifiers: the idmap, Mondo, DO and OncoTree."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml
from pyoxigraph import NamedNode, RdfFormat, parse

SHARED = Path(__file__).parents[2] / "shared"
ROOT = Path(__file__).parents[1]

_ONTOLOGY = "https://w3id.org/sarcoma-kg/ontology/"
_LABELS = (
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/2004/02/skos/core#altLabel",
)

Row = Mapping[str, str]


@dataclass(frozen=True)
class Term:
    """A thing of this graph: its CURIE, its label, all its names, and its code or symbol."""

    curie: str
    label: str
    names: tuple[str, ...]
    code: str


@dataclass(frozen=True)
class Node:
    """A node of OncoTree."""

    code: str
    name: str
    references: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Disease:
    """A term of the Disease Ontology."""

    name: str
    references: tuple[str, ...]
    former: tuple[str, ...]


@dataclass(frozen=True)
class Sources:
    """All files, read once and only where asked for."""

    shared: Path = SHARED
    root: Path = ROOT

    def idmap(self, name: str) -> list[Row]:
        """Return the rows of a table of ``idmap``."""
        return _read_tsv(self.shared / "idmap" / f"{name}.tsv")

    @cached_property
    def mondo(self) -> Mapping[str, list[Row]]:
        """The sets of Mondo by the system they map to, MeSH's prefix in capitals."""
        found: dict[str, list[Row]] = {}
        for path in sorted((self.shared / "data" / "mondo").glob("*.sssom.tsv")):
            rows = _read_tsv(path)
            system = path.name.split(".")[0].rsplit("_", 1)[1]
            found[system] = [
                {**row, "object_id": row["object_id"].replace("mesh:", "MESH:")} for row in rows
            ]
        return found

    @cached_property
    def diseases(self) -> Mapping[str, Disease]:
        """The cancer slim of the Disease Ontology."""
        path = self.shared / "data" / "disease_ontology" / "DO_cancer_slim.obo"
        return dict(_read_obo(path.read_text(encoding="utf-8")))

    @cached_property
    def oncotree(self) -> Mapping[str, Node]:
        """The nodes of OncoTree by their code."""
        path = self.shared / "data" / "oncotree" / "oncotree_2025_10_03.json"
        return {node.code: node for node in _walk(json.loads(path.read_text("utf-8"))["TISSUE"])}

    @cached_property
    def histologies(self) -> tuple[Term, ...]:
        """The tumour tree of this graph."""
        names: dict[str, list[str]] = {}
        codes: dict[str, str] = {}
        path = self.root / "ontology" / "histology.ttl"
        for triple in sorted(
            parse(path=path, format=RdfFormat.TURTLE),
            key=lambda triple: _LABELS.index(p) if (p := triple.predicate.value) in _LABELS else 9,
        ):
            if not isinstance(triple.subject, NamedNode) or isinstance(triple.object, NamedNode):
                continue
            curie = f"histology:{triple.subject.value.rpartition('/')[2]}"
            if triple.predicate.value in _LABELS:
                names.setdefault(curie, []).append(str(getattr(triple.object, "value", "")))
            elif triple.predicate.value == f"{_ONTOLOGY}oncotreeCode":
                codes[curie] = str(getattr(triple.object, "value", ""))
        return tuple(
            Term(curie, found[0], tuple(found), codes.get(curie, ""))
            for curie, found in sorted(names.items())
        )

    def records(self, kind: str) -> tuple[Term, ...]:
        """Return the records of ``drugs`` or ``targets``, of the documents and for reference."""
        found = []
        for folder in ("vocabularies", "reference"):
            text = (self.root / "data" / folder / f"{kind}.yaml").read_text(encoding="utf-8")
            for record in yaml.safe_load(text):
                names = (record["label"], *_several(record.get("synonyms")))
                found.append(Term(record["id"], record["label"], names, record.get("symbol", "")))
        return tuple(sorted(found, key=lambda term: term.curie))


def fold(name: str) -> str:
    """Return a name without case, punctuation, plural of spelling and order of its words."""
    words = re.findall(r"[a-z0-9]+", name.lower().replace("'s", "").replace("tumour", "tumor"))
    return " ".join(sorted(set(words) - {"of", "the", "and"}))


def _several(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _read_tsv(path: Path) -> list[Row]:
    lines = (line for line in path.read_text(encoding="utf-8").splitlines() if line[:1] != "#")
    return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def _read_obo(text: str) -> Iterator[tuple[str, Disease]]:
    for stanza in text.split("[Term]\n")[1:]:
        tags: dict[str, list[str]] = {}
        for line in stanza.splitlines():
            key, colon, value = line.partition(": ")
            if colon:
                tags.setdefault(key, []).append(value)
        references = tuple(value.split(" ")[0] for value in tags.get("xref", ()))
        yield tags["id"][0], Disease(tags["name"][0], references, tuple(tags.get("alt_id", ())))


def _walk(node: Mapping[str, Any]) -> Iterator[Node]:
    references = {key: tuple(ids) for key, ids in node["externalReferences"].items()}
    yield Node(node["code"], node["name"], references)
    for child in node["children"].values():
        yield from _walk(child)
