"""The interventions of a trial and the arms that they are given in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kg.importing.clinicaltrials.acronyms import find_named
from kg.importing.clinicaltrials.matching import Named, find_treatment
from kg.importing.clinicaltrials.node import Node
from kg.importing.clinicaltrials.sheet import Sheet
from kg.importing.statement import Draft
from kg.importing.terms import Kind, Terms

__all__ = ["Arm", "Given", "draft_interventions"]

_DRUGS = {"DRUG", "BIOLOGICAL", "COMBINATION_PRODUCT"}
_GIVEN = {*_DRUGS, "GENETIC"}


@dataclass(frozen=True)
class Given:
    """The drugs and regimens of this graph that are given."""

    drugs: tuple[str, ...] = ()
    regimens: tuple[str, ...] = ()

    def describe(self, draft: Draft) -> None:
        """State that something concerns them."""
        for drug in self.drugs:
            draft.link("concernsDrug", drug)
        for regimen in self.regimens:
            draft.link("concernsRegimen", regimen)


@dataclass(frozen=True)
class Arm:
    """An arm by its label: its IRI, and what its interventions are in this graph."""

    label: str
    iri: str
    given: Given = Given()


@dataclass(frozen=True)
class _Intervention:
    iri: str
    given: Given
    arms: frozenset[str]
    """The labels of the arms that it says it is given in."""
    names: frozenset[str]
    """What arms call it: its type, a colon and its name."""


def draft_interventions(sheet: Sheet, study: Node, terms: Terms) -> Sequence[Arm]:
    """State interventions and arms, and return the arms."""
    module = study.node("protocolSection").node("armsInterventionsModule")
    interventions = [
        _draft_stated(sheet, number, each, terms)
        for number, each in enumerate(module.nodes("interventions"))
    ]
    _draft_derived(sheet, study, terms)
    return [
        _draft_arm(sheet, number, arm, interventions)
        for number, arm in enumerate(module.nodes("armGroups"))
    ]


def _draft_stated(sheet: Sheet, number: int, node: Node, terms: Terms) -> _Intervention:
    name, kind = node.text("name") or "", node.text("type") or ""
    others = tuple(other for other in node.texts("otherNames") if other.strip())
    short = bool(sheet.histologies or sheet.indexed_histologies)
    told = others if kind in _DRUGS else ()
    found = find_treatment(terms, name, told, is_short_allowed=short) if name else Named()
    draft = sheet.part("ImportedIntervention", "intervention", number).labelled(name)
    draft.text("termOrigin", "stated").text("registeredInterventionType", kind)
    for other in others:
        draft.text("otherName", other)
    given = _draft_found(sheet, draft, found)
    sheet.drugs |= set(given.drugs)
    sheet.regimens |= set(given.regimens)
    for unknown in found.unknown:
        sheet.miss("drug" if kind in _GIVEN else "intervention", unknown)
    arms = frozenset(node.texts("armGroupLabels"))
    return _Intervention(draft.iri, given, arms, _names_in_arms(kind, name))


def _names_in_arms(kind: str, name: str) -> frozenset[str]:
    return frozenset({f"{kind.replace('_', ' ').capitalize()}: {name}".casefold()})


def _draft_found(sheet: Sheet, draft: Draft, found: Named) -> Given:
    drugs, regimens = (
        tuple(sheet.refer(match) for match in matches) for matches in (found.drugs, found.regimens)
    )
    given = Given(drugs, regimens)
    given.describe(draft)
    for by in sorted({match.by for match in (*found.drugs, *found.regimens)}):
        draft.text("matchedBy", by)
    return given


def _draft_derived(sheet: Sheet, study: Node, terms: Terms) -> None:
    module = study.node("derivedSection").node("interventionBrowseModule")
    for number, mesh in enumerate(module.nodes("meshes")):
        name, identifier = mesh.text("term") or "", mesh.text("id")
        curie = f"MESH:{identifier}" if identifier else ""
        draft = sheet.part("ImportedIntervention", "derived-intervention", number).labelled(name)
        draft.text("termOrigin", "derived").text("indexedAs", curie)
        curies = (curie,) if curie else ()
        match = find_named(terms, Kind.DRUG, name, curies)
        given = _draft_found(sheet, draft, Named(drugs=(match,) if match else ()))
        sheet.indexed_drugs |= set(given.drugs)
        if match is None:
            sheet.miss("drug", name, curie)


def _draft_arm(
    sheet: Sheet, number: int, node: Node, interventions: Sequence[_Intervention]
) -> Arm:
    label = node.text("label") or ""
    names = frozenset(name.casefold() for name in node.texts("interventionNames"))
    given = [each for each in interventions if label in each.arms or each.names & names]
    draft = sheet.part("ImportedArm", "arm", number).labelled(label)
    draft.text("registeredArmType", node.text("type"))
    for each in given:
        draft.link("receivesIntervention", each.iri)
    drugs = dict.fromkeys(drug for each in given for drug in each.given.drugs)
    regimens = dict.fromkeys(regimen for each in given for regimen in each.given.regimens)
    everything = Given(tuple(drugs), tuple(regimens))
    everything.describe(draft)
    return Arm(label, draft.iri, everything)


def arms_by_title(arms: Sequence[Arm]) -> Mapping[str, Arm]:
    """Return the arms by their labels, cases and blanks apart; labels of several arms left out.

    >>> list(arms_by_title([Arm("Arm  A", "e:a"), Arm("B", "e:b"), Arm("b", "e:c")]))
    ['arm a']
    """
    found = defaultdict(list)
    for arm in arms:
        found[title_key(arm.label)].append(arm)
    return {title: several[0] for title, several in found.items() if len(several) == 1 and title}


def title_key(title: str) -> str:
    r"""Return what two titles have in common that differ in case and blanks alone.

    >>> title_key(" Arm\n A")
    'arm a'
    """
    return " ".join(title.casefold().split())
