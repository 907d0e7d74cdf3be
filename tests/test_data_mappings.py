"""The shipped mappings: as the files beside the checkout state them, one to one, and valid."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from mapping_decisions import DECISIONS, MORE
from mapping_drugs import DRUG_MECH_DB, drug_sets
from mapping_sets import CLOSE, EXACT, Mapping, MappingSet
from mapping_sources import ROOT, SHARED, Sources, fold
from mappings_from_idmap import mapping_sets, write_mappings

from kg.mapping_file import SUFFIX, read_mapping_file
from kg.prefixes import expand, standardise

_FOLDER = ROOT / "data" / "mappings"
_FILES = sorted(_FOLDER.glob(f"*{SUFFIX}"))
_STEMS = tuple(path.name.removesuffix(SUFFIX) for path in _FILES)
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="skipped: no ../shared")


@pytest.fixture(scope="module")
def sets() -> tuple[MappingSet, ...]:
    return mapping_sets(Sources())


def _mappings(stem: str) -> Iterator[dict[str, str]]:
    for row in read_mapping_file(_FOLDER / f"{stem}{SUFFIX}").rows:
        yield dict(row.cells)


def test_every_system_has_its_set() -> None:
    histologies = "doid efo icdo mesh mondo ncit oncotree orphanet umls"
    drugs = "chebi chembl drugbank mesh ncit pubchem rxnorm unii"
    targets = "chembl ensembl hgnc ncbigene uniprot"
    expected = (
        *(f"drugs-{system}" for system in drugs.split()),
        *(f"histologies-{system}" for system in histologies.split()),
        *(f"targets-{system}" for system in targets.split()),
    )
    assert expected == _STEMS


@needs_shared
def test_the_files_are_what_the_sources_give(tmp_path: Path) -> None:
    write_mappings(tmp_path, Sources())
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    kept = {path.name: path.read_bytes() for path in _FILES}
    different = [name for name in made.keys() | kept.keys() if made.get(name) != kept.get(name)]
    assert not different, "run PYTHONPATH=. python tests/mappings_from_idmap.py"


@pytest.mark.parametrize("stem", _STEMS)
def test_exact_matches_are_one_to_one(stem: str) -> None:
    exact = [each for each in _mappings(stem) if each["predicate_id"] == EXACT]
    for side in ("subject_id", "object_id"):
        counted = Counter(each[side] for each in exact)
        assert [each for each, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("stem", _STEMS)
def test_identifiers_are_written_in_one_way_and_have_an_iri(stem: str) -> None:
    for each in _mappings(stem):
        assert standardise(each["object_id"]) == each["object_id"]
        assert (expand(each["object_id"]) or "").startswith("http")


@pytest.mark.parametrize("stem", _STEMS)
def test_every_mapping_says_its_grounds(stem: str) -> None:
    for each in _mappings(stem):
        assert each["comment"].endswith("."), each
        assert each["mapping_justification"].startswith("semapv:")


@pytest.mark.parametrize("stem", _STEMS)
def test_the_head_tells_what_sssom_asks_for(stem: str) -> None:
    told = read_mapping_file(_FOLDER / f"{stem}{SUFFIX}").metadata
    assert told["mapping_set_id"] == f"https://w3id.org/sarcoma-kg/mapping/{stem}"
    assert {"license", "mapping_set_version", "mapping_set_description", "subject_source",
            "object_source"} <= told.keys()  # fmt: skip


@needs_shared
def test_no_identifier_comes_from_elsewhere() -> None:
    sources = Sources()
    files = (
        *sorted((SHARED / "idmap").glob("*.tsv")),
        SHARED / "data" / "disease_ontology" / "DO_cancer_slim.obo",
        SHARED / "data" / "oncotree" / "oncotree_2025_10_03.json",
    )
    known = "\n".join(path.read_text(encoding="utf-8") for path in files)
    for each in mapping_sets(sources):
        for mapping in each.mappings:
            assert mapping.object.partition(":")[2] in known, mapping


@needs_shared
def test_every_identifier_of_the_idmap_is_mapped(sets: tuple[MappingSet, ...]) -> None:
    objects = {each.stem: {mapping.object for mapping in each.mappings} for each in sets}
    sources = Sources()
    columns = {"pubchem": "pubchem_cid"}
    for each in sets:
        column = columns.get(each.system, each.system)
        if each.stem == "targets-chembl":
            column = "chembl_target"
        for row in sources.idmap(each.kind):
            for written in row[column].replace("|", ", ").split(", "):
                curie = (
                    written if written.startswith(f"{each.prefix}:") else f"{each.prefix}:{written}"
                )
                assert not written or curie in objects[each.stem], (each.stem, row)


@needs_shared
def test_every_node_of_soft_tissue_has_its_term(sets: tuple[MappingSet, ...]) -> None:
    nodes = Sources().idmap("oncotree_soft_tissue_all")
    tree = next(each for each in sets if each.stem == "histologies-oncotree")
    mapped = {each.object.partition(":")[2] for each in tree.mappings if each.predicate == EXACT}
    close = {each.object.partition(":")[2] for each in tree.mappings if each.predicate == CLOSE}
    assert {row["oncotree"] for row in nodes} - mapped == close == {"USARC"}
    below = {"SOFT_TISSUE"}
    for _ in nodes:
        below |= {row["oncotree"] for row in nodes if row["parent"] in below}
    soft = {row["oncotree"] for row in nodes if row["tissue"] == "Soft Tissue"}
    assert len(below) == len(soft | below) == 55
    assert below <= mapped


@needs_shared
def test_every_reference_of_oncotree_is_mapped_but_for_odd_ones(
    sets: tuple[MappingSet, ...],
) -> None:
    objects = {mapping.object for each in sets for mapping in each.mappings}
    missing = {
        row["oncotree"]
        for row in Sources().idmap("oncotree_soft_tissue_all")
        for curie in (f"NCIT:{row['ncit']}", f"UMLS:{row['umls']}")
        if not curie.endswith(":") and curie not in objects
    }
    assert missing == {"PMHE", "SCSRMS", "UUS"}, "their UMLS ids begin with CL and are no CUIs"


@needs_shared
def test_exact_matches_of_histologies_have_a_second_ground(sets: tuple[MappingSet, ...]) -> None:
    """Mondo maps exactly, or two sources agree, or the names are the same."""
    sources = Sources()
    terms = {term.curie: term for term in sources.histologies}
    for each in sets[:9]:
        for mapping in each.mappings:
            if mapping.predicate == EXACT and each.system not in ("icdo", "oncotree"):
                assert _is_grounded(mapping, terms[mapping.subject].names), mapping


def _is_grounded(mapping: Mapping, names: tuple[str, ...]) -> bool:
    is_named = fold(mapping.object_label) in {fold(name) for name in names}
    by_mondo = "Mondo maps" in mapping.comment and "exactly" in mapping.comment
    two = "The Disease Ontology refers" in mapping.comment and "OncoTree refers" in mapping.comment
    by_name = "exact EFO name" in mapping.comment
    # OncoTree's other reference for the node is one that Mondo maps exactly.
    by_sibling = mapping.object in ("NCIT:C4250",)
    return is_named or by_mondo or two or by_name or by_sibling


@needs_shared
def test_a_code_of_icdo_is_exact_only_where_two_sources_have_it_alone(
    sets: tuple[MappingSet, ...],
) -> None:
    codes = next(each for each in sets if each.system == "icdo")
    for mapping in codes.mappings:
        if mapping.predicate == EXACT:
            assert "Mondo refers" in mapping.comment
            assert "The Disease Ontology refers" in mapping.comment
            assert "instead" not in mapping.comment
    gist = {m.object: m.predicate for m in codes.mappings if m.subject.endswith("stromal-tumour")}
    assert gist == {"ICDO:8936/1": CLOSE, "ICDO:8936/3": CLOSE}


@needs_shared
def test_decisions_are_all_in_use(sets: tuple[MappingSet, ...]) -> None:
    made = {(m.subject.partition(":")[2], m.object) for each in sets for m in each.mappings}
    assert (DECISIONS.keys() | MORE.keys()) - made == set()


@needs_shared
def test_guesses_and_disagreements_are_never_exact(sets: tuple[MappingSet, ...]) -> None:
    predicates = {(m.subject, m.object): m.predicate for each in sets for m in each.mappings}
    for row in Sources().idmap("drugs"):
        drug = {"tanespimycin": "drug:17-aag"}.get(row["name"], f"drug:{row['name']}")
        if "predictions" in row["ncit_basis"] or "other ncit" in row["notes"]:
            assert predicates[drug, f"NCIT:{row['ncit']}"] == CLOSE
    for drug, curie in (
        ("drug:regorafenib", "NCIT:C184955"),
        ("drug:regorafenib", "NCIT:C78204"),
        ("drug:anlotinib", "CHEMBL.COMPOUND:CHEMBL4303201"),
        ("drug:anlotinib", "CHEMBL.COMPOUND:CHEMBL573107"),
    ):
        assert predicates[drug, curie] == CLOSE


@needs_shared
def test_what_drugmechdb_has_for_a_drug_is_told() -> None:
    paths = SHARED / "data" / "drugmechdb" / "paths"
    ours = {each.subject_label: each for each in _mesh() if each.predicate != CLOSE}
    told = {}
    for row in Sources().idmap("drugs"):
        for path in sorted(paths.glob(f"{row['drugbank'] or 'none'}_*_1.yaml"))[:1]:
            head = path.read_text(encoding="utf-8").partition("links:")[0]
            mesh = yaml.safe_load(head)["graph"]["drug_mesh"].removeprefix("MESH:")
            if mesh != row["mesh"]:
                told[row["name"]] = mesh.rpartition(":")[2]
            elif "MeSH by name" not in row["notes"]:
                assert row["name"] in ours or row["name"] in ("dactinomycin", "sirolimus")
    assert set(told) <= set(DRUG_MECH_DB)
    assert all(mesh in DRUG_MECH_DB[name] for name, mesh in told.items())


def _mesh() -> tuple[Mapping, ...]:
    return next(each for each in drug_sets(Sources()) if each.system == "mesh").mappings


def _validator() -> str | None:
    return os.environ.get("SSSOM_PROGRAM") or shutil.which("sssom")


@pytest.mark.skipif(_validator() is None, reason="skipped: no sssom program")
def test_sssom_validates_every_set(tmp_path: Path) -> None:
    """One process for all files: the program takes seconds to start."""
    python = Path(str(_validator())).parent / "python"
    script = (
        "import sys; from sssom.cli import main\n"
        "for path in sys.argv[1:]:\n"
        "    main(['validate', path], standalone_mode=False)"
    )
    command = [str(python), "-c", script, *map(str, _FILES)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr[-2000:]) == (0, "", "")
    broken = tmp_path / "broken.sssom.tsv"
    text = _FILES[0].read_text(encoding="utf-8")
    broken.write_text(text.replace("mapping_justification", "justification"), encoding="utf-8")
    refused = subprocess.run([*command[:3], str(broken)], capture_output=True, check=False)
    assert refused.returncode != 0 or refused.stderr
