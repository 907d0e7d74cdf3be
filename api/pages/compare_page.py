"""The page that sets drugs, or arms of studies, side by side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from api.histologies import Scope
from api.pages.compare_columns import EndpointShown, align
from api.pages.compare_facets import Facet, LineRow, facets_of, lines_of
from api.pages.compare_form import HERE, CompareForm, Mistake, address_of, make_form
from api.pages.compare_heads import Head, heads_between_arms, heads_between_drugs
from api.pages.compare_query import arms_query, drugs_query
from api.pages.compare_question import (
    Wanted,
    find_drugs,
    find_histology,
    load_arms,
    pick_arms,
)
from api.pages.desk import PageDesk
from api.pages.frame import render
from api.pages.parts_arms import ArmShown, read_arms
from api.pages.parts_behind import Behind
from api.pages.parts_evidence import Direction, Evidence, find_evidence
from api.pages.parts_things import Thing, Things
from api.records import Json
from api.statements import describe

__all__ = ["Column", "Comparison", "compare_page"]


@dataclass(frozen=True)
class Column:
    """A drug or an arm: how many results it has, and the address without it."""

    thing: Thing
    results: int
    directions: tuple[tuple[Direction, int], ...]
    without: str
    arm: ArmShown | None = None
    study: Thing | None = None
    population: str = ""


@dataclass(frozen=True)
class Comparison:
    """What stands side by side, in the order in which the address names it."""

    what: str
    columns: tuple[Column, ...]
    histology: Thing | None
    heads: tuple[Head, ...]
    endpoints: tuple[EndpointShown, ...]
    facets: tuple[Facet, ...]
    lines: tuple[LineRow, ...]
    swapped: str
    behind: Behind
    wider: tuple[tuple[Thing, str, int], ...] = ()

    @property
    def is_one_study(self) -> bool:
        """Whether all columns are arms of one study."""
        return len({each.study for each in self.columns}) == 1 and self.what == "arms"


async def compare_page(desk: PageDesk, wanted: Wanted, mistake: Mistake | None = None) -> bytes:
    """Return the page: the comparison where two or more are named, else how to choose them.

    Raises UnknownName and AmbiguousName; with a ``mistake``, only the form and the mistake.
    """
    comparison, drug = None, None
    if mistake is None and wanted.arms:
        comparison = await _arms(desk, wanted)
    elif mistake is None and wanted.drugs:
        drugs = find_drugs(desk.library.directory, wanted.drugs)
        drug = drugs[0]
        comparison = await _drugs(desk, wanted, drugs) if len(drugs) > 1 else None
    elif mistake is None:
        find_histology(desk.library.directory, wanted.histology)
    form = await make_form(desk, wanted, drug)
    return render(
        "compare.html",
        _title(comparison),
        here=HERE,
        snapshot=desk.library.snapshot,
        styles=("findings.css",),
        form=form,
        comparison=comparison,
        mistake=mistake,
        advice=_advice(wanted, form, comparison, mistake),
    )


def _title(comparison: Comparison | None) -> str:
    if comparison is None:
        return "Compare"
    labels = [column.thing.label for column in comparison.columns]
    if comparison.what == "arms":
        labels = [f"“{label}”" for label in labels]
    names = " and ".join((", ".join(labels[:-1]), labels[-1]))
    return f"{names} in {comparison.histology.label}" if comparison.histology else names


def _advice(
    wanted: Wanted, form: CompareForm, comparison: Comparison | None, mistake: Mistake | None
) -> str:
    """Return what is missing for a comparison, in a sentence, or nothing."""
    if comparison or mistake:
        return ""
    if not form.drug_names:
        return "This snapshot has no drugs, so there is nothing to compare."
    if wanted.drugs:
        return "Name a second drug; one alone is described on its own page."
    return "Name a second arm." if wanted.arms else ""


async def _drugs(desk: PageDesk, wanted: Wanted, drugs: Sequence[str]) -> Comparison:
    library, things = desk.library, Things.at(desk)
    histology = find_histology(library.directory, wanted.histology)
    scope = library.histologies.scope(histology) if histology else None
    found = [await find_evidence(desk, "drug", {drug}, scope=scope) for drug in drugs]
    every = {each.claim.iri: each for column in found for each in column}
    heads = await heads_between_drugs(desk, drugs, every.values())
    slugs = [things.get(drug).slug for drug in drugs]
    asked = {"histology": wanted.histology} if wanted.histology else {}
    shown = things.get(histology) if histology else None
    return Comparison(
        what="drugs",
        columns=tuple(
            Column(
                things.get(drug),
                len(column),
                _directions(column),
                address_of(wanted, drugs=[each for each in slugs if each != slug]),
            )
            for drug, slug, column in zip(drugs, slugs, found, strict=True)
        ),
        histology=shown,
        heads=heads,
        endpoints=align(found, without={each.evidence.claim.iri for each in heads}),
        facets=await facets_of(desk, drugs, scope),
        lines=lines_of(found, [{"drug": slug, **asked} for slug in slugs]),
        swapped=address_of(wanted, drugs=slugs[::-1]),
        behind=Behind(_drugs_query(desk, drugs, scope), "the results"),
        wider=await _wider(desk, wanted, drugs, scope),
    )


def _directions(column: Sequence[Evidence]) -> tuple[tuple[Direction, int], ...]:
    counts = Counter(each.direction for each in column)
    return tuple((direction, counts[direction]) for direction in Direction if counts[direction])


def _drugs_query(desk: PageDesk, drugs: Sequence[str], scope: Scope | None) -> str:
    is_ours = scope is not None and scope.asked in desk.library.directory.entries
    ontology = desk.library.context.namespaces.ontology
    return drugs_query(drugs, scope, ontology, is_ours=is_ours)


async def _wider(
    desk: PageDesk, wanted: Wanted, drugs: Sequence[str], scope: Scope | None
) -> tuple[tuple[Thing, str, int], ...]:
    """Return wider histologies with more results: what is said of them is not said of this one."""
    if scope is None:
        return ()
    tree, things = desk.library.histologies, Things.at(desk)
    table = await desk.library.lists.table_with(desk.engine, "evidence", {"drug": drugs})
    about = [row for row in table.rows if {cell.shown for cell in row.of("drug")} & {*drugs}]
    found = []
    for iri in tree.children:
        if scope.asked in tree.scope(iri).narrower:
            count = sum(iri in {cell.shown for cell in row.of("histology")} for row in about)
            thing = things.get(iri)
            found.append((thing, address_of(Wanted(wanted.drugs, (), thing.slug)), count))
    return tuple(sorted((each for each in found if each[2]), key=lambda each: -each[2]))


async def _arms(desk: PageDesk, wanted: Wanted) -> Comparison | None:
    things = Things.at(desk)
    arms = pick_arms(await load_arms(desk), wanted.arms)
    if len(arms) < 2:
        return None
    iris = [each.iri for each in arms]
    found = [await find_evidence(desk, "arm", {iri}) for iri in iris]
    every = {each.claim.iri: each for column in found for each in column}
    heads = await heads_between_arms(desk, iris, every.values())
    curies = [each.curie for each in arms]
    shown = read_arms(desk, await _records(desk, iris))
    columns = [
        Column(
            thing=things.get(arm.iri),
            results=len(column),
            directions=_directions(column),
            without=address_of(wanted, arms=[each for each in curies if each != arm.curie]),
            arm=read,
            study=things.get(arm.study),
            population=await _population(desk, arm.study),
        )
        for arm, column, read in zip(arms, found, shown, strict=True)
    ]
    return Comparison(
        what="arms",
        columns=tuple(columns),
        histology=None,
        heads=heads,
        endpoints=align(found, without={each.evidence.claim.iri for each in heads}),
        facets=(),
        lines=_arm_lines(found, curies),
        swapped=address_of(wanted, arms=curies[::-1]),
        behind=Behind(arms_query(iris, desk.library.context.namespaces.ontology), "the results"),
    )


def _arm_lines(found: Sequence[Sequence[Evidence]], curies: Sequence[str]) -> tuple[LineRow, ...]:
    return lines_of(found, [{"arm": curie} for curie in curies])


async def _records(desk: PageDesk, arms: Sequence[str]) -> list[Json]:
    """Return the arms as the JSON interface has them within their studies."""
    answering = desk.desk
    statements = await describe(desk.engine, arms, root=answering.root, siblings=False)
    return [answering.writer.write(iri, statements) for iri in arms]


async def _population(desk: PageDesk, study: str) -> str:
    table = await desk.library.lists.rows_of(desk.engine, "studies", [study])
    row = table.by_iri.get(study)
    return "; ".join(cell.shown for cell in row.of("population")) if row else ""
