"""The nodes and edges of a path, from its drug to its histology."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from api.histologies import Match
from api.path_choice import PathChoice
from api.path_claims import Claim
from api.path_index import Path
from api.path_kinds import IMPORTED_KINDS, EdgeKind, NodeKind, PathKind
from api.path_links import Edge
from api.path_ways import Way

__all__ = ["Node", "edges_of", "nodes_of"]

_INHIBITING = frozenset({"Inhibition", "ActivitySuppression"})
"""The actions from which the rules infer that a drug inhibits."""

_INHIBITS = ("inhibits", "inhibitsMemberOf")
_FIELDS = {"includes": "includesHistology", "condition": "condition"}
_GROUP_LINKS = ("armOf", "interventionOf")


@dataclass(frozen=True)
class Node:
    """A thing on a path, and what it is there."""

    iri: str
    kind: NodeKind


def nodes_of(choice: PathChoice, path: Path) -> tuple[Node, ...]:
    """Return the nodes of a path, each once, in the order in which the path comes by them."""
    return tuple(dict.fromkeys(_nodes(choice, path)))


def edges_of(choice: PathChoice, path: Path) -> tuple[Edge, ...]:
    """Return the edges of a path: those of the way to the target, and those of its kind."""
    way = _first_edges(choice, path)
    asked = (*_class_edges(choice, path), *_family_edges(choice, path))
    return tuple(dict.fromkeys((*way, *_MAKERS[path.kind](choice, path), *asked)))


def _nodes(choice: PathChoice, path: Path) -> Iterator[Node]:
    yield Node(path.drug, NodeKind.DRUG)
    if path.way and path.way.active:
        yield Node(path.way.active, NodeKind.ACTIVE_DRUG)
    families = choice.index.vocabulary.family_names
    for target in path.targets:
        yield Node(target, NodeKind.FAMILY if target in families else NodeKind.TARGET)
    if path.kind in (PathKind.MECHANISM, PathKind.IMPORTED_MECHANISM):
        for alteration in choice.alterations(path):
            yield Node(alteration.biomarker, NodeKind.BIOMARKER)
            yield Node(alteration.claim.iri, NodeKind.STATEMENT)
    for standing in choice.standings(path) if path.kind is PathKind.IMPORTED_TARGET else (path,):
        yield from _standing_nodes(choice, standing)
    if path.histology:
        yield Node(path.histology, NodeKind.HISTOLOGY)
    yield from (Node(each, NodeKind.CLASS) for each in _asked_classes(choice, path))
    yield from (Node(each, NodeKind.FAMILY) for _, each in _asked_families(choice, path))


def _standing_nodes(choice: PathChoice, path: Path) -> Iterator[Node]:
    if path.kind in (PathKind.RECOMMENDED, PathKind.RECOMMENDED_CLASS):
        yield from _advice_nodes(choice, path)
    if path.kind is PathKind.IN_TRIAL:
        for use in choice.trials(path):
            yield Node(use.group.iri, NodeKind.GROUP)
            yield Node(use.trial.iri, NodeKind.TRIAL)


def _advice_nodes(choice: PathChoice, path: Path) -> Iterator[Node]:
    for advice in choice.advice(path):
        if advice.drug_class:
            yield Node(advice.drug_class, NodeKind.CLASS)
        if advice.regimen:
            yield Node(advice.regimen, NodeKind.REGIMEN)
        yield Node(advice.claim.iri, NodeKind.RECOMMENDATION)


def _first_edges(choice: PathChoice, path: Path) -> Iterable[Edge]:
    if path.way is None:
        return ()
    if path.kind in IMPORTED_KINDS:
        return _imported_edges(choice, path)
    return _way_edges(choice, path.way)


def _imported_edges(choice: PathChoice, path: Path) -> Iterator[Edge]:
    """Yield one edge for each import that says what the drug inhibits, with its own claims."""
    actions = choice.actions(path)
    for graph in sorted({each.graph for each in actions}):
        claims = tuple(
            Claim(each.claim, {"import": frozenset({graph})})
            for each in actions
            if each.graph == graph
        )
        yield Edge(
            EdgeKind.IMPORTED_ACTION,
            path.drug,
            "reportedToInhibit",
            actions[0].target,
            (graph,),
            claims,
            graph,
        )


def _standing_edges(choice: PathChoice, path: Path) -> Iterator[Edge]:
    for standing in choice.standings(path):
        yield from _MAKERS[standing.kind](choice, standing)


def _way_edges(choice: PathChoice, way: Way) -> Iterator[Edge]:
    edge, index = choice.index.links.edge, choice.index
    if way.active:
        stated = index.prodrugs[way.drug, way.active]
        yield edge(EdgeKind.PRODRUG, way.drug, "prodrugOf", way.active, stated)
    if not way.through:
        yield from _actions(choice, way.actor, way.target)
        return
    yield from _actions(choice, way.actor, way.through)
    stated = index.actions[Way(way.actor, "", way.through, way.target)]
    indirectly = EdgeKind.INDIRECT_ACTION
    yield edge(indirectly, way.actor, "actsIndirectlyOn", way.target, stated)


def _actions(choice: PathChoice, drug: str, target: str) -> Iterator[Edge]:
    """Yield the direct actions: inhibition, and whatever else the claims call the action."""
    claims = choice.index.actions.get(Way(drug, "", "", target), ())
    inhibiting = [claim for claim in claims if claim.values("action") & _INHIBITING]
    others = [claim for claim in claims if not claim.values("action") & _INHIBITING]
    edge = choice.index.links.edge
    if inhibiting:
        yield edge(EdgeKind.ACTION, drug, _INHIBITS, target, inhibiting)
    if others:
        yield edge(EdgeKind.ACTION, drug, "actsOn", target, others)


def _part_edges(choice: PathChoice, path: Path) -> Iterator[Edge]:
    edge, target = choice.index.links.edge, path.way.target if path.way else ""
    if path.family:
        yield edge(EdgeKind.FAMILY, target, "memberOfFamily", path.family)
    if parts := choice.parts(path):
        over = path.family or target
        yield edge(EdgeKind.PART, over, "implicatedIn", path.histology, parts)
    for each in choice.alterations(path):
        claim = each.claim
        yield edge(EdgeKind.ALTERATION, each.biomarker, "alterationOf", target)
        for predicate, thing in (
            ("aboutBiomarker", each.biomarker),
            ("aboutHistology", path.histology),
        ):
            yield edge(EdgeKind.BIOMARKER, claim.iri, predicate, thing, [claim])


def _class_edges(choice: PathChoice, path: Path) -> Iterator[Edge]:
    """Yield why the drug is of a class that is asked for, where a claim says so."""
    for each in _asked_classes(choice, path):
        members = choice.index.memberships[path.drug, each]
        yield choice.index.links.edge(EdgeKind.CLASS, path.drug, "memberOfClass", each, members)


def _family_edges(choice: PathChoice, path: Path) -> Iterator[Edge]:
    """Yield why the path is found by a family that is asked for, where it goes by none."""
    for target, family in _asked_families(choice, path):
        yield choice.index.links.edge(EdgeKind.FAMILY, target, "memberOfFamily", family)


def _asked_classes(choice: PathChoice, path: Path) -> list[str]:
    wanted = choice.question.classes
    stated = sorted(each for drug, each in choice.index.memberships if drug == path.drug)
    return [each for each in stated if wanted and wanted.takes([each])]


def _asked_families(choice: PathChoice, path: Path) -> list[tuple[str, str]]:
    asked = {
        iri
        for wanted in (choice.question.targets, choice.question.families)
        for iri in (wanted.iris if wanted else ())
    }
    return [
        (target, family)
        for target in (path.way.targets if path.way else ())
        for family in sorted(asked & choice.index.vocabulary.families.get(target, frozenset()))
        if family != path.family
    ]


def _test_edges(choice: PathChoice, path: Path) -> Iterator[Edge]:
    direct = (each.claim for each in choice.results(path) if each.match is Match.DIRECT)
    yield choice.index.links.edge(EdgeKind.TEST, path.drug, "testedIn", path.histology, direct)


def _advice_edges(choice: PathChoice, path: Path) -> Iterator[Edge]:
    edge = choice.index.links.edge
    for advice in choice.advice(path):
        last = path.drug
        if advice.drug_class:
            members = choice.index.memberships[path.drug, advice.drug_class]
            yield edge(EdgeKind.CLASS, path.drug, "memberOfClass", advice.drug_class, members)
            last = advice.drug_class
        if advice.regimen:
            held = "includesClass" if advice.drug_class else "includesDrug"
            yield edge(EdgeKind.REGIMEN, advice.regimen, held, last)
            last = advice.regimen
        recommends = ("recommends", "recommendsClass")
        for predicates, thing in ((recommends, last), (("aboutHistology",), path.histology)):
            subject = advice.claim
            yield edge(EdgeKind.RECOMMENDATION, subject.iri, predicates, thing, [subject])


def _trial_edges(choice: PathChoice, path: Path) -> Iterator[Edge]:
    edge = choice.index.links.edge
    for use in choice.trials(path):
        group, trial = use.group, use.trial
        # The passage of the trial holds for a group that has none of its own.
        stated = [group if group.values("inDocument") else trial]
        yield edge(EdgeKind.TRIAL, group.iri, "givesDrug", path.drug, stated)
        yield edge(EdgeKind.TRIAL, group.iri, _GROUP_LINKS, trial.iri, stated)
        yield from _admissions(choice, trial, path.histology)


def _admissions(choice: PathChoice, trial: Claim, histology: str) -> Iterable[Edge]:
    for field, predicate in _FIELDS.items():
        if histology in trial.values(field):
            yield choice.index.links.edge(EdgeKind.TRIAL, trial.iri, predicate, histology, [trial])


_MAKERS: Mapping[PathKind, Callable[[PathChoice, Path], Iterable[Edge]]] = {
    PathKind.MECHANISM: _part_edges,
    PathKind.TESTED: _test_edges,
    PathKind.RECOMMENDED: _advice_edges,
    PathKind.RECOMMENDED_CLASS: _advice_edges,
    PathKind.IN_TRIAL: _trial_edges,
    PathKind.IMPORTED_MECHANISM: _part_edges,
    PathKind.IMPORTED_TARGET: _standing_edges,
}
"""What makes the edges of each kind of path, beside those of the way to the target."""
