"""Export: every format gives back the same graph, in both RDF libraries, byte for byte again."""

from __future__ import annotations

import hashlib
import io

import pytest
import rdflib
from miniature import MINIATURE
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, Store, parse
from rdflib.compare import to_isomorphic

from kg.build import build
from kg.export import PREFIXES, GraphMissing, export, find_graphs
from kg.formats import GraphFormat
from kg.shipped import Shipped
from kg.snapshot import Snapshot
from kg.sources import GRAPH

DATASETS = (GraphFormat.N_QUADS, GraphFormat.TRIG, GraphFormat.JSON_LD)
GRAPHS = (GraphFormat.TURTLE, GraphFormat.N_TRIPLES, GraphFormat.RDF_XML)


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    return build(Shipped(MINIATURE), tmp_path_factory.mktemp("home"))


def _exported(snapshot: Snapshot, form: GraphFormat, *graphs: str) -> bytes:
    output = io.BytesIO()
    export(snapshot, output, form, graphs=graphs)
    return output.getvalue()


def _canonical(quads: Dataset) -> Dataset:
    quads.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return quads


def _served(snapshot: Snapshot, *, merged: bool) -> Dataset:
    store = Store.read_only(str(snapshot.database))
    quads = (Quad(q.subject, q.predicate, q.object) if merged else q for q in store)
    return _canonical(Dataset(quads))


# rdflib 7 warns about what its own parsers use.
@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize("form", DATASETS)
def test_a_format_with_graphs_gives_the_served_quads_back(
    snapshot: Snapshot, form: GraphFormat
) -> None:
    text = _exported(snapshot, form)
    assert _canonical(Dataset(parse(text, format=form.engine))) == _served(snapshot, merged=False)
    read = rdflib.Dataset().parse(text, format=form.media_type)
    assert len(list(read.quads())) == snapshot.manifest.quads


@pytest.mark.parametrize("form", GRAPHS)
def test_a_format_without_graphs_gives_the_union_back(
    snapshot: Snapshot, form: GraphFormat
) -> None:
    text = _exported(snapshot, form)
    expected = _served(snapshot, merged=True)
    assert _canonical(Dataset(parse(text, format=form.engine))) == expected
    plain = rdflib.Graph().parse(data=_exported(snapshot, GraphFormat.N_TRIPLES), format="nt")
    assert to_isomorphic(rdflib.Graph().parse(data=text, format=form.media_type)) == (
        to_isomorphic(plain)
    )
    assert len(plain) == len(expected)


@pytest.mark.parametrize("form", GraphFormat)
def test_an_export_is_the_same_every_time(snapshot: Snapshot, form: GraphFormat) -> None:
    assert len({_exported(snapshot, form) for _ in range(3)}) == 1


def test_the_hash_of_the_quads_is_the_id(snapshot: Snapshot) -> None:
    text = _exported(snapshot, GraphFormat.N_QUADS)
    assert hashlib.sha256(text).hexdigest() == snapshot.id


def test_turtle_has_sorted_prefixes_and_the_triples_of_the_chosen_graph_once(
    snapshot: Snapshot,
) -> None:
    text = _exported(snapshot, GraphFormat.TURTLE, f"{GRAPH}vocabulary-targets").decode()
    lines = text.splitlines()
    prefixes = [line for line in lines if line.startswith("@prefix")]
    assert prefixes == sorted(prefixes)
    assert len(prefixes) == len(PREFIXES)
    assert lines[len(prefixes) :] == [
        "<https://w3id.org/sarcoma-kg/target/kit> a "
        "<https://w3id.org/sarcoma-kg/ontology/MolecularTarget> ;",
        '\trdfs:label "KIT" .',
        "<https://w3id.org/sarcoma-kg/target/vegfr2> a "
        "<https://w3id.org/sarcoma-kg/ontology/MolecularTarget> ;",
        '\trdfs:label "VEGFR2" .',
    ]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("ontology", ["ontology"]),
        ("graph:documents", ["documents"]),
        (f"{GRAPH}document-review", ["document-review"]),
        ("vocabulary", ["vocabulary-drugs", "vocabulary-targets"]),
        (
            "inferred",
            [
                "inferred-broader-histology",
                "inferred-inhibited-by",
                "inferred-relevant-to-histology",
            ],
        ),
    ],
)
def test_a_graph_is_found_by_any_of_its_names(
    snapshot: Snapshot, name: str, found: list[str]
) -> None:
    assert find_graphs(snapshot, name) == tuple(GRAPH + slug for slug in found)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("ontologi", "did you mean ontology"), ("xyzzy", "there are catalogue, "), ("", "there are")],
)
def test_an_unknown_graph_is_refused_with_near_names(
    snapshot: Snapshot, name: str, hint: str
) -> None:
    with pytest.raises(GraphMissing, match=hint):
        find_graphs(snapshot, name)
