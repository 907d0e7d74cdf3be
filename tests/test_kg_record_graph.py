"""Records as a graph: the same triples as another JSON-LD processor gives, under names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import rdflib
import yaml
from pyoxigraph import RdfFormat, serialize
from rdflib.compare import isomorphic

from kg.context import Context, read_context
from kg.record_graph import read_graph
from kg.records import read_records
from kg.yaml_source import Mapping, Sequence, read_yaml

FOLDER = Path(__file__).parent / "loader"
CONTEXT = read_context(FOLDER / "context.jsonld")
SHIPPED = Path(__file__).parent.parent
SHIPPED_FILES = sorted((SHIPPED / "data" / "studies").rglob("*.yaml"))[:3]


def rdflib_graph(path: Path, definitions: object, context: Context) -> rdflib.Graph:
    """Read records with other libraries only: PyYAML's untyped loader and rdflib's JSON-LD."""
    native = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    graph = rdflib.Graph()
    for record in native if isinstance(native, list) else [native]:
        base = context.namespaces.expand(record["id"]) or record["id"]
        data = json.dumps({"@context": definitions, **record})
        graph.parse(data=data, format="json-ld", base=f"{base}/")
    return graph


def our_graph(path: Path, context: Context) -> rdflib.Graph:
    """Read records with the loader, before it names the blank nodes."""
    tree = read_yaml(path).tree
    nodes = tree.items if isinstance(tree, Sequence) else (tree,)
    triples = read_graph([node for node in nodes if isinstance(node, Mapping)], context).triples
    graph = rdflib.Graph()
    return graph.parse(data=serialize(triples, format=RdfFormat.N_TRIPLES), format="nt")


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("path", "context_path"),
    [
        (FOLDER / "study.yaml", FOLDER / "context.jsonld"),
        *((path, SHIPPED / "ontology" / "context.jsonld") for path in SHIPPED_FILES),
    ],
    ids=lambda path: path.name,
)
def test_another_jsonld_processor_reads_the_same(path: Path, context_path: Path) -> None:
    context = read_context(context_path)
    definitions = json.loads(context_path.read_text(encoding="utf-8"))["@context"]
    expected = rdflib_graph(path, definitions, context)
    assert len(expected) > 0
    assert isomorphic(our_graph(path, context), expected)


def test_naming_merges_no_two_nodes() -> None:
    """As many subjects and triples as before; only blank nodes have changed."""
    plain = our_graph(FOLDER / "study.yaml", CONTEXT)
    named = read_records(FOLDER / "study.yaml", context=CONTEXT).triples
    assert len({t.subject for t in named}) == len(set(plain.subjects()))
    assert len(set(named)) == len(named) == len(plain)
