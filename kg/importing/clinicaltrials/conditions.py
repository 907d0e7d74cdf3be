"""The conditions of a trial, as it states them and as the registry indexes it by MeSH."""

from __future__ import annotations

from kg.importing.clinicaltrials.acronyms import find_named
from kg.importing.clinicaltrials.node import Node
from kg.importing.clinicaltrials.sheet import Sheet
from kg.importing.statement import Draft
from kg.importing.terms import Kind, Match, Terms

__all__ = ["draft_conditions"]

_SHORT = 3


def draft_conditions(sheet: Sheet, study: Node, terms: Terms) -> None:
    """State the conditions, and decide how the results of the trial concern histologies.

    Results concern the histology where every condition that the trial states means the same one;
    else they are of a population in which it occurs: no record says more of a part of it. What
    only the registry's indexing says is kept apart, and is of no result.
    """
    stated = _stated(sheet, study.node("protocolSection").node("conditionsModule"), terms)
    derived = _derived(sheet, study.node("derivedSection").node("conditionBrowseModule"), terms)
    known = {match.iri for match in stated if match}
    sheet.histologies |= known
    sheet.indexed_histologies |= {match.iri for match in derived if match} - known
    alone = {match.iri if match else "" for match in stated}
    if len(alone) == 1 and alone <= known:
        sheet.population = ("concernsHistology", tuple(alone))
    else:
        sheet.population = ("inPopulationOf", tuple(sorted(known)))


def _stated(sheet: Sheet, module: Node, terms: Terms) -> list[Match | None]:
    names = [name for name in module.texts("conditions") if name.strip()]
    matches = [_find(terms, name) for name in names]
    for number, (name, match) in enumerate(zip(names, matches, strict=True)):
        draft = sheet.part("ImportedCondition", "condition", number).labelled(name)
        _draft_match(sheet, draft.text("termOrigin", "stated"), match)
        if match is None:
            sheet.miss("histology", name)
    return matches


def _derived(sheet: Sheet, module: Node, terms: Terms) -> list[Match | None]:
    return [
        _draft_derived(sheet, number, mesh, terms)
        for number, mesh in enumerate(module.nodes("meshes"))
    ]


def _draft_derived(sheet: Sheet, number: int, mesh: Node, terms: Terms) -> Match | None:
    name, identifier = mesh.text("term") or "", mesh.text("id")
    curie = f"MESH:{identifier}" if identifier else ""
    curies = (curie,) if curie else ()
    match = find_named(terms, Kind.HISTOLOGY, name, curies)
    draft = sheet.part("ImportedCondition", "derived-condition", number).labelled(name)
    _draft_match(sheet, draft.text("termOrigin", "derived").text("indexedAs", curie), match)
    if match is None:
        sheet.miss("histology", name, curie)
    return match


def _find(terms: Terms, name: str) -> Match | None:
    # Three letters stand for many things: MFH, SFT, AIS.
    return find_named(terms, Kind.HISTOLOGY, name) if len(name.strip()) > _SHORT else None


def _draft_match(sheet: Sheet, draft: Draft, match: Match | None) -> None:
    if match:
        draft.link("concernsHistology", sheet.refer(match)).text("matchedBy", match.by)
