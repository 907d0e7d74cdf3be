"""The statements behind an edge of the explorer, each with its place, under headings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from api.imports import Import
from api.pages.desk import PageDesk
from api.pages.explore_graph import ExploreEdge, How, Span
from api.pages.parts_claims import ClaimShown, read_claims
from api.pages.parts_place import PlaceShown, read_characters
from api.pages.parts_things import Thing, Things, is_web
from api.path_choice import PathChoice

__all__ = ["Group", "StatementShown", "groups_of"]

_LISTS = ("claims", "studies", "imported-claims")
"""The lists in which the statements behind edges stand."""

_FACTS = (
    "action",
    "affinity",
    "targetRole",
    "biomarkerRole",
    "biomarker",
    "throughTarget",
    "line",
    "setting",
    "comorbidity",
    "phase",
    "statedAction",
)
"""What is told of a statement beside its name, where it is stated."""

_UNLISTED = "No document lists any for {drug}. That permits nothing."
_MEMBER = (
    "No document says this of the family itself. It is inferred from what documents say of "
    "a member of it, and holds for no other member."
)
_PARTS = "That a target has a part in a tumour does not say that a drug against it helps."


@dataclass(frozen=True)
class StatementShown:
    """A statement: its facts in words, its place, and the import that makes it, if one does."""

    claim: Thing
    facts: tuple[str, ...] = ()
    place: PlaceShown = field(default_factory=PlaceShown)
    source: Import | None = None

    @property
    def licence_address(self) -> str:
        """Where the licence of the import is, if its name is an address."""
        licence = self.source.licence if self.source else ""
        return licence if is_web(licence) else ""


@dataclass(frozen=True)
class Group:
    """Statements under a heading; ``note`` says what they are, or that there are none."""

    heading: str
    statements: tuple[StatementShown, ...] = ()
    note: str = ""


async def groups_of(desk: PageDesk, choice: PathChoice, edge: ExploreEdge) -> tuple[Group, ...]:
    """Return the statements behind an edge but for its results, and the cautions of its drug."""
    cautions = [claim.iri for claim in choice.index.cautions.get(edge.start, ())]
    is_of_drug = edge.span is not Span.PART
    shown = await _read(desk, choice, (*edge.claims, *(cautions if is_of_drug else ())))
    groups = list(_own(choice, edge, shown))
    if is_of_drug:
        label = Things.at(desk).get(edge.start).label
        note = "" if cautions else _UNLISTED.format(drug=label)
        found = tuple(shown[iri] for iri in cautions)
        groups.append(Group(f"Contraindications and precautions of {label}", found, note))
    return tuple(groups)


def _own(
    choice: PathChoice, edge: ExploreEdge, shown: Mapping[str, StatementShown]
) -> Iterator[Group]:
    """Yield the statements of an edge by what they state."""
    stated: dict[str, list[StatementShown]] = {}
    for iri in edge.claims:
        stated.setdefault(_heading(choice, edge, shown[iri]), []).append(shown[iri])
    for heading, statements in stated.items():
        note = _PARTS if edge.span is Span.PART else ""
        if edge.how == (How.MEMBER,):
            note = _MEMBER
        yield Group(heading, tuple(statements), note)


def _heading(choice: PathChoice, edge: ExploreEdge, statement: StatementShown) -> str:
    claim = choice.index.claims.by_iri.get(statement.claim.iri)
    if statement.source:
        return "What imports state"
    if edge.span is not Span.PAIR or claim is None:
        return "What documents state"
    if claim.is_a("Recommendation"):
        return "Recommendations"
    return "The class of the drug" if claim.is_a("DrugClassAssertion") else "Trials"


async def _read(
    desk: PageDesk, choice: PathChoice, iris: Iterable[str]
) -> Mapping[str, StatementShown]:
    """Return statements by their IRIs; of what stands in no list, what the paths know."""
    left = dict.fromkeys(iris)
    found: dict[str, StatementShown] = {}
    for name in _LISTS:
        if not left.keys() - found.keys():
            break
        table = await desk.library.lists.rows_of(desk.engine, name, left)
        rows = [table.by_iri[iri] for iri in left if iri in table.by_iri and iri not in found]
        for claim in read_claims(desk, table, rows):
            found[claim.claim.iri] = _shown(choice, claim)
    things = Things.at(desk)
    shown = {iri: found.get(iri) or _bare(choice, things, iri) for iri in left}
    characters = await read_characters(desk.engine, left)
    return {
        iri: replace(each, place=replace(each.place, characters=characters.get(iri, ())))
        for iri, each in shown.items()
    }


def _shown(choice: PathChoice, claim: ClaimShown) -> StatementShown:
    source = choice.index.imports.of_record(claim.claim.iri)
    named = (claim.labels(name) or claim.text(name) for name in _FACTS)
    hypothetical = "worded as a possibility" if claim.is_true("isHypothetical") else ""
    kind = next((each for each in ("Precaution", "Contraindication") if each in claim.classes), "")
    facts = (kind.lower(), *named, hypothetical)
    return StatementShown(
        claim.claim,
        tuple(dict.fromkeys(filter(None, facts))),
        claim.place,
        source,
    )


def _bare(choice: PathChoice, things: Things, iri: str) -> StatementShown:
    """Return a statement that no list has, such as a group of a trial."""
    claim = choice.index.claims.by_iri.get(iri)
    documents = sorted(claim.values("inDocument")) if claim else []
    issued = [choice.index.documents.get(document) or "" for document in documents]
    place = PlaceShown(things.all(documents), ", ".join(filter(None, issued)))
    return StatementShown(things.get(iri), (), place, choice.index.imports.of_record(iri))
