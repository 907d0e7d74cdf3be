"""The evidence that a default build ships: the same bytes again, and every row of the table."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store, parse
from shipped_evidence import CUTS, RETRIEVED, SHARED, TABLE, Cut, make, shipped_folder

from kg.importing.folder import find_imports
from kg.importing.statement import import_graph
from kg.importing.terms import Kind
from kg.importing.terms_reading import KnownTerms, terms_of
from kg.shipped import find_shipped

needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="skipped: no ../shared")
LICENCES = {
    "civic": "https://creativecommons.org/publicdomain/zero/1.0/",
    "drugmechdb": "https://creativecommons.org/publicdomain/zero/1.0/",
    "gtopdb": "https://opendatacommons.org/licenses/odbl/1-0/",
    "oncotree": "https://creativecommons.org/licenses/by/4.0/",
    "disease-ontology": "https://creativecommons.org/publicdomain/zero/1.0/",
}
AGAIN = "the records or the mappings changed: run python tests/shipped_evidence.py"
CLAIMS = """
PREFIX : <https://w3id.org/sarcoma-kg/ontology/>
SELECT ?id ?drug ?said ?target ?named ?action ?affinity ?inhibited WHERE {
  ?claim a :ImportedDrugTargetClaim ; :recordId ?id ; :concernsDrug ?drug ; :statedDrug ?said ;
    :concernsTarget ?target ; :statedTarget ?named ; :statedAction ?action .
  OPTIONAL { ?claim :statedAffinity ?affinity }
  BIND (EXISTS { ?drug :reportedToInhibit ?target } AS ?inhibited)
}
"""


def described(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((shipped_folder(name) / "import.json").read_bytes())
    return found


@needs_shared
@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: cut.name)
def test_the_same_bytes_are_made_again(cut: Cut, tmp_path: Path) -> None:
    again, shipped = tmp_path / cut.name, shipped_folder(cut.name)
    make(cut, again)
    for name in ("graph.nq", "rejects.tsv", "unmatched.tsv"):
        assert (again / name).read_bytes() == (shipped / name).read_bytes(), AGAIN
    # The digest of all names changes with any of them, the graph with those it speaks of only.
    made = json.loads((again / "import.json").read_bytes())
    assert {**made, "terms": ""} == {**described(cut.name), "terms": ""}, AGAIN


@pytest.mark.parametrize("name", LICENCES)
def test_each_has_its_own_licence(name: str) -> None:
    assert described(name)["licence"] == LICENCES[name]
    assert LICENCES[name] in (shipped_folder(name) / "LICENSE").read_text(encoding="utf-8")


def test_every_import_that_is_shipped_has_a_licence_that_names_its_makers() -> None:
    shipped = find_imports(None, find_shipped())
    assert {each.name for each in shipped} == {*LICENCES}
    licence = (shipped_folder("oncotree") / "LICENSE").read_text(encoding="utf-8")
    assert "Memorial Sloan Kettering Cancer Center and contributors" in " ".join(licence.split())
    assert "Changed was" in licence


def test_the_documentation_tells_how_each_was_made() -> None:
    text = (find_shipped().root / "docs" / "imports.md").read_text(encoding="utf-8")
    assert f"none with `--only-matched`; all have `--retrieved {RETRIEVED}" in text
    for name in LICENCES:
        made = described(name)
        names = sorted(made["files"])
        row = [line for line in text.splitlines() if line.startswith(f"| `{name}` | `{name} ")]
        assert (made["retrieved"], made["only_matched"], len(row)) == (RETRIEVED, False, 1)
        assert (names[0] if len(names) == 1 else f"<{len(names)} files>") in row[0]
    for cut in CUTS:
        assert f"--version-of-source {cut.version}`" in text, cut.name


@pytest.mark.parametrize("name", LICENCES)
def test_each_is_in_its_own_graph_and_describes_nothing_of_ours_but_what_is_inhibited(
    name: str,
) -> None:
    quads = parse(path=shipped_folder(name) / "graph.nq", format=RdfFormat.N_QUADS)
    graphs, foreign = set(), set()
    for quad in quads:
        graphs.add(str(quad.graph_name))
        if "/imported/" not in str(quad.subject):
            foreign.add(quad.predicate.value.rpartition("/")[2])
    assert graphs == {f"<{import_graph(name)}>"}
    assert foreign <= {"reportedToInhibit"}


@cache
def claims(name: str) -> tuple[Mapping[str, str], ...]:
    store = Store()
    store.load(path=shipped_folder(name) / "graph.nq", format=RdfFormat.N_QUADS)
    answer = store.query(CLAIMS, use_default_graph_as_union=True)
    assert isinstance(answer, QuerySolutions)
    names = [variable.value for variable in answer.variables]
    return tuple({each: getattr(row[each], "value", "") for each in names} for row in answer)


@cache
def terms() -> KnownTerms:
    return terms_of(find_shipped())


def tabled() -> Iterator[dict[str, str]]:
    if SHARED.is_dir():
        with TABLE.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file, delimiter="\t")


def is_claimed(row: Mapping[str, str]) -> bool:
    source, _, path = row["source"].partition(":")
    drug = terms().find(Kind.DRUG, names=[row["drug"]])
    protein = f"UNIPROT:{row['uniprot']}"
    target = terms().find(Kind.TARGET, identifiers=[protein])
    return any(
        claim["named"] == row["target"]
        and claim["action"] == row["action"]
        and (not path or claim["id"] == path)
        and (bool(path) or claim["affinity"] == row["affinity_or_context"].strip("-="))
        and claim["drug"] == (drug.iri if drug else "")
        and (claim["target"] == target.iri if target else protein[8:] in claim["target"])
        and (claim["inhibited"] == "true") == (row["action"] in INHIBITING)
        for claim in claims(source)
    )


INHIBITING = {"decreases activity of", "Inhibitor/Inhibition", "Antibody/Inhibition"}


@needs_shared
def test_every_row_of_the_table_is_a_claim_of_its_own_source() -> None:
    rows = [*tabled()]
    lost = [row for row in rows if not is_claimed(row)]
    assert len(rows) == 166
    assert [(row["drug"], row["target"]) for row in lost] == [("tanespimycin", "")]


@needs_shared
@pytest.mark.parametrize("drug", sorted({row["drug"] for row in tabled()} - {"tanespimycin"}))
def test_a_drug_has_its_targets(drug: str) -> None:
    found = terms().find(Kind.DRUG, names=[drug])
    assert found, "a drug of the table is none of this graph"
    wanted = {(r["source"].partition(":")[0], r["target"]) for r in tabled() if r["drug"] == drug}
    stated = {
        (source, claim["named"])
        for source in ("gtopdb", "drugmechdb")
        for claim in claims(source)
        if claim["drug"] == found.iri
    }
    assert wanted <= stated
    assert {pair for pair in stated if pair[0] == "gtopdb"} <= wanted
