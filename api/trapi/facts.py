"""What the statements behind edges say, and where they stand: loaded once a snapshot."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from api.by_heart import ask_known
from api.canned import Row, Term, read_canned
from api.engine import Engine

__all__ = ["Facts", "Passage", "load_facts"]

_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

Properties = Mapping[str, tuple[Term, ...]]


@dataclass(frozen=True)
class Passage:
    """The place of a statement: its ranges are counted in characters of the document's text."""

    iri: str
    document: str
    section: str = ""
    citation: str = ""
    digest: str = ""
    ranges: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Facts:
    """Statements and things by their IRIs: their properties by the ontology's names."""

    statements: Mapping[str, Properties] = field(default_factory=dict)
    things: Mapping[str, Properties] = field(default_factory=dict)
    passages: Mapping[str, Passage] = field(default_factory=dict)

    def values(self, iri: str, name: str) -> tuple[str, ...]:
        """Return the values of a property of a statement or thing."""
        found = self.statements.get(iri) or self.things.get(iri) or {}
        return tuple(term.value for term in found.get(name, ()))

    def find(self, iri: str, name: str) -> str:
        """Return the first value of a property, or nothing."""
        return next(iter(self.values(iri, name)), "")


async def load_facts(engine: Engine, ontology: str) -> Facts:
    """Return the facts of the snapshot that an engine serves."""
    return Facts(
        statements=_grouped(await ask_known(engine, read_canned("trapi-statements")), ontology),
        things=_grouped(await ask_known(engine, read_canned("trapi-things")), ontology),
        passages=_passages(await ask_known(engine, read_canned("trapi-passages"))),
    )


def _grouped(rows: Iterable[Row], ontology: str) -> Mapping[str, Properties]:
    names = {_LABEL: "label", _TYPE: "type"}
    found: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        iri = row["property"].value
        name = names.get(iri, iri.removeprefix(ontology))
        if "://" in name:  # names of other vocabularies: the directory has them
            continue
        value = row["value"]
        if value.is_iri:
            value = Term(value.value.removeprefix(ontology)) if name == "type" else value
        found[row["subject"].value][name].append(value)
    known: dict[tuple[Term, ...], tuple[Term, ...]] = {}
    return {
        subject: {
            name: known.setdefault(made, made)
            for name, values in held.items()
            for made in [tuple(sorted(values, key=lambda term: term.value))]
        }
        for subject, held in found.items()
    }


def _passages(rows: Iterable[Row]) -> Mapping[str, Passage]:
    held: dict[str, Row] = {}
    ranges: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for row in sorted(rows, key=lambda row: row["passage"].value):
        subject = row["subject"].value
        first = held.setdefault(subject, row)
        if first["passage"] == row["passage"]:
            ranges[subject].update(_range(row))
    return {
        subject: Passage(
            iri=row["passage"].value,
            document=row["document"].value,
            section=_text(row, "section"),
            citation=_text(row, "citation"),
            digest=_text(row, "digest"),
            ranges=tuple(sorted(ranges[subject])),
        )
        for subject, row in held.items()
    }


def _range(row: Row) -> Iterator[tuple[int, int]]:
    """Yield where a passage stands, if it says so by two numbers: a graph of others need not."""
    with suppress(ValueError):
        yield int(_text(row, "start")), int(_text(row, "end"))


def _text(row: Row, name: str) -> str:
    return row[name].value if name in row else ""
