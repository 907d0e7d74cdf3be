"""Small graphs of imports, in the form that importers give, for tests."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.importing.statement import Draft, import_graph, imported_iri

__all__ = ["GTOPDB", "MECHANISMS", "ROOT", "imported_store"]

ROOT = "https://w3id.org/sarcoma-kg/"
GTOPDB, MECHANISMS = import_graph("gtopdb"), import_graph("drugmechdb")
_CATALOGUE = NamedNode(f"{ROOT}graph/catalogue")
_DCTERMS = "http://purl.org/dc/terms/"
_LICENCES = {
    "gtopdb": "https://opendatacommons.org/licenses/odbl/1-0/",
    "drugmechdb": "https://creativecommons.org/publicdomain/zero/1.0/",
}
_INHIBITED = {
    "pazopanib": ("kit", "pdgfrb", "vegfr2"),
    "cediranib": ("kit", "pdgfrb", "vegfr2"),
    "sunitinib": ("kit", "vegfr2"),
    "tazemetostat": ("vegfr2",),
}
"""What the Guide says that drugs inhibit; tazemetostat is a drug without any word of a document."""


def imported_store(curated: Store) -> Store:
    """Return a curated graph with two imports beside it."""
    store = Store()
    store.extend(curated)
    store.extend(_quads())
    return store


def _quads() -> Iterator[Quad]:
    for name, licence in _LICENCES.items():
        yield from _described(name, licence)
    yield from _of(GTOPDB, Draft(f"{ROOT}drug/tazemetostat", []).labelled("tazemetostat"))
    kind = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    drug = NamedNode(f"{ROOT}ontology/Drug")
    yield Quad(NamedNode(f"{ROOT}drug/tazemetostat"), kind, drug, NamedNode(f"{ROOT}graph/test"))
    for name, targets in _INHIBITED.items():
        for target in targets:
            yield from _claim("gtopdb", f"{name}-{target}", name, target, "Inhibition")
    yield from _claim("gtopdb", "imatinib-ret", "imatinib", "ret", "Activation", inhibits=False)
    yield from _claim("drugmechdb", "p1/claim-1", "pazopanib", "vegfr2", "decreases activity of")
    yield from _claim("drugmechdb", "p2/claim-1", "imatinib", "kit", "decreases activity of")
    path = Draft(imported_iri("drugmechdb", "p1")).of("ImportedMechanismPath")
    path.labelled("pazopanib in sarcoma").link("importedFrom", MECHANISMS).text("recordId", "p1")
    path.link("concernsDrug", f"{ROOT}drug/pazopanib")
    path.link("concernsHistology", f"{ROOT}histology/soft-tissue-sarcoma")
    yield from _of(MECHANISMS, path)


def _described(name: str, licence: str) -> Iterator[Quad]:
    draft = Draft(import_graph(name)).labelled(f"Import of {name}")
    draft.text(f"{_DCTERMS}title", f"Import of {name}").link(f"{_DCTERMS}license", licence)
    draft.typed("retrievedOn", "2026-07-01", "date").typed("recordsKept", "3", "integer")
    draft.link("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"{ROOT}ontology/ImportedDataset")
    yield from _of(_CATALOGUE.value, draft)


def _claim(
    name: str, slug: str, drug: str, target: str, action: str, *, inhibits: bool = True
) -> Iterator[Quad]:
    graph = import_graph(name)
    draft = Draft(imported_iri(name, *slug.split("/"))).of("ImportedDrugTargetClaim")
    draft.labelled(f"{drug} and {target} ({name})").link("importedFrom", graph)
    draft.text("recordId", slug).text("recordPlace", f"{name}.tsv:3")
    draft.link("concernsDrug", f"{ROOT}drug/{drug}").link(
        "concernsTarget", f"{ROOT}target/{target}"
    )
    draft.text("statedAction", action).text("citedReference", "pubmed:12345")
    if name == "drugmechdb":
        draft.link("partOfPath", imported_iri(name, slug.partition("/")[0]))
    yield from _of(graph, draft)
    if inhibits:
        pair = Draft(f"{ROOT}drug/{drug}").link("reportedToInhibit", f"{ROOT}target/{target}")
        yield from _of(graph, pair)


def _of(graph: str, draft: Draft) -> Iterator[Quad]:
    for each in draft.triples:
        assert isinstance(each.object, NamedNode | Literal)
        yield Quad(each.subject, each.predicate, each.object, NamedNode(graph))
