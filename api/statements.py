"""What the graph says of records and their parts, fetched level by level."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from api.canned import Row, Term, ask_rows, read_canned
from api.engine import Engine

__all__ = ["INFERRED", "Statement", "Statements", "describe", "record_of"]

INFERRED = "https://w3id.org/sarcoma-kg/graph/inferred"
"""What the names of the graphs of inferred statements start with."""


@dataclass(frozen=True)
class Statement:
    """A predicate and an object; ``is_inferred`` where only rules state it."""

    predicate: str
    object: Term
    is_inferred: bool = False


@dataclass(frozen=True)
class Statements:
    """The statements about each subject, and the parts that point to each record.

    ``parts`` holds (predicate, part) pairs, such as ``armOf`` and an arm, by the record.
    """

    about: Mapping[str, tuple[Statement, ...]]
    parts: Mapping[str, tuple[tuple[str, str], ...]]


async def describe(
    engine: Engine,
    iris: Iterable[str],
    *,
    root: str,
    reverse: Iterable[str] = (),
    siblings: bool = True,
) -> Statements:
    """Return what the graph says of some records, and of what lies inside the same records.

    Inside a record is what has its IRI and more, such as its passage; with ``siblings`` also
    an arm beside a result of the same study. ``root`` is the namespace above the kinds,
    ``reverse`` the predicates by which parts point to their record.
    """
    about: dict[str, list[Row]] = {}
    parts: dict[str, tuple[tuple[str, str], ...]] = {}
    pending = set(iris)
    while pending:
        rows = await ask_rows(engine, read_canned("statements", subject=sorted(pending)))
        inside = {
            row["object"].value
            for row in rows
            if row["object"].is_iri and row["object"].value.startswith(_inside(row, root, siblings))
        }
        about |= {iri: [] for iri in pending}
        for row in rows:
            about[row["subject"].value].append(row)
        if reverse:
            found = await _parts(engine, pending, reverse)
            parts |= found
            inside |= {part for pairs in found.values() for _, part in pairs}
        pending = inside - about.keys()
    return Statements({iri: _merge(rows) for iri, rows in about.items()}, parts)


def record_of(iri: str, root: str) -> str:
    """Return the record that an IRI lies in: the kind and the slug below the root.

    The slug of an imported record has two parts: its import, and its own.

    >>> record_of("https://example.org/study/a/arm/b/dose", "https://example.org/")
    'https://example.org/study/a'
    >>> record_of("https://example.org/imported/civic/evidence-2/place", "https://example.org/")
    'https://example.org/imported/civic/evidence-2'
    """
    parts = iri.removeprefix(root).split("/")
    return root + "/".join(parts[: 3 if parts[0] == "imported" else 2])


def _inside(row: Row, root: str, siblings: bool) -> str:
    subject = row["subject"].value
    return (record_of(subject, root) if siblings else subject) + "/"


async def _parts(
    engine: Engine, iris: Iterable[str], reverse: Iterable[str]
) -> dict[str, tuple[tuple[str, str], ...]]:
    query = read_canned("parts", object=sorted(iris), predicate=sorted(reverse))
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in await ask_rows(engine, query):
        record, part = row["object"].value, row["subject"].value
        if part.startswith(record + "/"):
            found[record].append((row["predicate"].value, part))
    return {record: tuple(sorted(pairs)) for record, pairs in found.items()}


def _merge(rows: Iterable[Row]) -> tuple[Statement, ...]:
    """Say each statement once: asserted where any graph but those of the rules holds it."""
    inferred: dict[tuple[str, Term], bool] = {}
    for row in rows:
        key = (row["predicate"].value, row["object"])
        inferred[key] = inferred.get(key, True) and row["graph"].value.startswith(INFERRED)
    return tuple(
        Statement(predicate, thing, is_inferred)
        for (predicate, thing), is_inferred in inferred.items()
    )
