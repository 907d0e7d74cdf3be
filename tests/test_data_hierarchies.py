"""The shipped hierarchies are what our importers make of the files, byte for byte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.cli import app, run
from kg.shipped import find_shipped

SHARED = Path(__file__).resolve().parent.parent.parent / "shared" / "data"
FILES = {
    "oncotree": SHARED / "oncotree" / "oncotree_2025_10_03.json",
    "disease-ontology": SHARED / "disease_ontology" / "DO_cancer_slim.obo",
}
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="skipped: no ../shared")


@needs_shared
@pytest.mark.parametrize("name", FILES)
def test_a_shipped_hierarchy_is_what_is_imported(name: str, tmp_path: Path) -> None:
    shipped = find_shipped().data / "imports" / name
    said = json.loads((shipped / "import.json").read_text(encoding="utf-8"))
    made = tmp_path / name
    arguments = [
        *("import", name, str(FILES[name]), "--to", str(made), "--home", str(tmp_path / "home")),
        *("--retrieved", said["retrieved"]),
    ]
    assert run(app, arguments) == 0
    for file in ("graph.nq", "rejects.tsv", "unmatched.tsv"):
        assert (made / file).read_bytes() == (shipped / file).read_bytes(), file
    again = json.loads((made / "import.json").read_text(encoding="utf-8"))
    # The digest of all names and identifiers changes with every record, the graph need not.
    assert {**again, "terms": ""} == {**said, "terms": ""}
    assert said["counts"]["rejects"] == {}


def test_the_shipped_hierarchies_hold_no_prose() -> None:
    for name in FILES:
        text = (find_shipped().data / "imports" / name / "graph.nq").read_text(encoding="utf-8")
        for predicate in ("IAO_0000115", "rdf-schema#comment", "skos/core#definition"):
            assert predicate not in text
