"""A graph whose labels, texts and IRIs try to become markup: two arms, two results, one trial."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store
from serving import ONTOLOGY, engine_of, running, settings_of, snapshot_of

from api.application import create_app

__all__ = ["EVIL", "HOSTILE_ROOT", "serving_hostile"]

EVIL = '<script>alert(1)</script>" onmouseover="alert(2)\u202e{{ 7*7 }}'
HOSTILE_ROOT = "https://w3id.org/sarcoma-kg/"
_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_LABEL = NamedNode("http://www.w3.org/2000/01/rdf-schema#label")
_INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")


@contextmanager
def serving_hostile(home: Path) -> Iterator[str]:
    """Serve that graph, and give its address."""
    store = Store()
    store.extend(_quads())
    snapshot = snapshot_of(store, home)
    with running(create_app(settings_of(home), engine_of(snapshot, workers=1))) as found:
        yield found


def _quads() -> Iterator[Quad]:
    study, histology = _own("trial/evil"), _own("histology/evil")
    outside = NamedNode("javascript:alert(3)")
    yield from _thing(histology, "Histology")
    yield from _thing(study, "ClinicalTrial", "Study")
    yield from _thing(outside, "Drug")
    yield Quad(study, _term("registryNumber"), Literal("javascript:alert(4)"))
    yield Quad(study, _term("population"), Literal(EVIL * 3000))
    yield from _thing(_own("regimen/evil"), "Regimen")
    yield Quad(_own("regimen/evil"), _term("includesDrug"), outside)
    recommendation = _own("claim/evil-advice")
    yield from _thing(recommendation, "Recommendation", "Claim")
    yield Quad(recommendation, _term("strengthAsWorded"), Literal(EVIL))
    yield Quad(recommendation, _term("recommends"), _own("drug/evil-1"))
    yield Quad(recommendation, _term("aboutHistology"), histology)
    for number, responders in (("1", "1"), ("2", "19")):
        drug, arm = _own(f"drug/evil-{number}"), _own(f"trial/evil/arm/{number}")
        yield from _thing(drug, "Drug")
        yield from _thing(arm, "TrialArm")
        yield Quad(arm, _term("armOf"), study)
        yield Quad(arm, _term("givesDrug"), drug)
        yield from _result(number, responders, study, arm, histology)


def _result(
    number: str, responders: str, study: NamedNode, arm: NamedNode, histology: NamedNode
) -> Iterator[Quad]:
    result = _own(f"trial/evil/result/{number}")
    yield from _thing(result, "EvidenceItem", "Claim")
    things = {
        "ofStudy": study,
        "arm": arm,
        "aboutHistology": histology,
        "endpoint": _term("ObjectiveResponseRate"),
        "direction": _term("Supports" if number == "2" else "Refutes"),
        "line": NamedNode("javascript:alert(5)"),
    }
    for name, value in things.items():
        yield Quad(result, _term(name), value)
    for drug in ("1", "2"):
        yield Quad(result, _term("aboutDrug"), _own(f"drug/evil-{drug}"))
    yield Quad(result, _term("asPrinted"), Literal(EVIL))
    yield Quad(result, _term("needsReview"), Literal(EVIL))
    yield Quad(result, _term("responders"), Literal(responders, datatype=_INTEGER))
    yield Quad(result, _term("evaluable"), Literal("20", datatype=_INTEGER))


def _thing(iri: NamedNode, *classes: str) -> Iterator[Quad]:
    for name in classes:
        yield Quad(iri, _TYPE, _term(name))
    yield Quad(iri, _LABEL, Literal(f"{EVIL} {iri.value}"))


def _own(path: str) -> NamedNode:
    return NamedNode(HOSTILE_ROOT + path)


def _term(name: str) -> NamedNode:
    return NamedNode(ONTOLOGY + name)
