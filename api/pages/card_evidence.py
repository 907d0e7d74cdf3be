"""The results on a card: filters, plots, the table, and the query that gives the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from api.pages.card_filters import choices_of, filtered
from api.pages.card_query import evidence_query, node
from api.pages.cards import Asked, Download
from api.pages.parts_behind import Behind
from api.pages.parts_choice import Choice
from api.pages.parts_evidence import Direction, Evidence
from api.pages.parts_evidence_table import EvidenceTable, evidence_table
from api.pages.parts_forest import Forest, forest_of
from api.pages.parts_medians import Medians, medians_of

__all__ = ["EvidencePart", "evidence_part"]

_FIRST = 50
"""Results in the table unless all are asked for."""

_ALL = "all"
_PREDICATES = {"drug": ":aboutDrug", "endpoint": ":endpoint", "line": ":line"}
_KINDS = {"drug": "drugs", "endpoint": "endpoints", "line": "lines", "histology": "histologies"}
_DIRECTIONS = {
    Direction.FOR: ":Supports",
    Direction.AGAINST: ":Refutes",
    Direction.INCONCLUSIVE: ":Inconclusive",
}


@dataclass(frozen=True)
class EvidencePart:
    """What ``parts/card_evidence.html`` shows.

    ``total`` counts all results of the thing, ``chosen`` those that the filters leave. ``more``
    is the address that shows all of these, where the table has the first ones only. ``with_itself``
    results compare the thing with itself, which paths count on no side.
    """

    total: int
    chosen: int
    directions: Mapping[str, int]
    studies: int
    with_itself: int
    dates: tuple[str, ...]
    choices: tuple[Choice, ...]
    hidden: tuple[tuple[str, str], ...]
    action: str
    forest: Forest | None
    medians: Medians | None
    table: EvidenceTable
    more: str
    behind: Behind
    downloads: tuple[Download, ...]

    @property
    def is_filtered(self) -> bool:
        """Whether a filter is used."""
        return any(each.is_used for each in self.choices)


def evidence_part(
    asked: Asked,
    results: Iterable[Evidence],
    *,
    pattern: str,
    field: str,
    filters: Iterable[str],
    without: Collection[str] = (),
    label: Callable[[Evidence], str] | None = None,
) -> EvidencePart:
    """Return the part of a card on the results of its thing.

    ``pattern`` says in SPARQL which results these are, ``field`` by which filter of the list of
    evidence they are found; ``label`` what their rows in the plots are called.
    """
    every = tuple(results)
    kept = filtered(asked, every)
    table = evidence_table(
        kept,
        address=asked.address,
        parameters=asked.parameters,
        caption="Results",
        without=without,
    )
    shows_all = asked.parameters.get("show") == _ALL or len(kept) <= _FIRST
    counts = Counter(each.direction for each in kept)
    return EvidencePart(
        total=len(every),
        chosen=len(kept),
        directions={each.value: counts[each] for each in Direction if counts[each]},
        studies=len({thing.iri for each in kept for thing in each.studies}),
        with_itself=sum(asked.iri in {thing.iri for thing in each.comparators} for each in kept),
        dates=tuple(sorted({each.place.issued for each in kept if each.place.issued})),
        choices=choices_of(asked, every, filters),
        hidden=_hidden(asked, filters),
        action=asked.address.partition("?")[0],
        forest=forest_of(kept, label),
        medians=medians_of(kept, label),
        table=table if shows_all else table.first(_FIRST),
        more="" if shows_all else f"{asked.with_parameters(show=_ALL)}#evidence-table",
        behind=Behind(_query(asked, pattern), "the results"),
        downloads=_downloads(asked, field),
    )


def _hidden(asked: Asked, filters: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Return the parameters that a form must carry along: those that it does not ask for."""
    own = parse_qsl(asked.address.partition("?")[2])
    others = {"sort": asked.parameters.get("sort", ""), "show": asked.parameters.get("show", "")}
    kept = {name: value for name, value in others.items() if value and name not in set(filters)}
    return (*own, *kept.items())


def _query(asked: Asked, pattern: str) -> str:
    patterns = [pattern]
    for name, iri in _chosen(asked).items():
        predicate = _PREDICATES.get(name, ":relevantToHistology")
        patterns.append(f"{predicate} {node(iri)}")
    direction = asked.parameters.get("direction", "")
    if direction in _DIRECTIONS:
        patterns.append(f":direction {_DIRECTIONS[Direction(direction)]}")
    match asked.parameters.get("match"):
        case "direct":
            patterns.append(f":aboutHistology {node(asked.iri)}")
        case "inherited":
            patterns.append(f":aboutHistology/:broaderHistologyTransitive {node(asked.iri)}")
    return evidence_query(asked.desk.library.context.namespaces.ontology, *patterns)


def _chosen(asked: Asked) -> Mapping[str, str]:
    """Return the things that are filtered by."""
    get = asked.desk.library.directory.get
    return {
        name: get(value, [kind], parameter=name).iri
        for name, kind in _KINDS.items()
        if (value := asked.parameters.get(name))
    }


def _downloads(asked: Asked, field: str) -> tuple[Download, ...]:
    shorten = asked.desk.library.directory.shorten
    chosen = {name: shorten(iri) for name, iri in _chosen(asked).items() if name != field}
    query = {field: shorten(asked.iri), **chosen}
    address = "/api/v1/evidence?" + urlencode(query)
    return tuple(
        Download(f"{address}&format={form}", f"results as {form.upper()}")
        for form in ("csv", "tsv", "json")
    )
