"""The table of external prefixes, compared with the record of each in Bioregistry."""

from __future__ import annotations

import re
from pathlib import Path

import bioregistry
import pytest

from kg.context import read_context
from kg.prefixes import (
    SYSTEMS,
    ExternalSystem,
    compress,
    expand,
    external_converter,
    find_system,
    prefix_map,
    standardise,
)

_CONTEXT = Path(__file__).parents[1] / "ontology" / "context.jsonld"
_each = pytest.mark.parametrize("system", SYSTEMS, ids=[each.prefix for each in SYSTEMS])


def _record(system: ExternalSystem) -> bioregistry.Resource:
    record = bioregistry.get_resource(system.registered)
    assert record is not None
    return record


@_each
def test_a_prefix_and_its_key_mean_the_same_to_bioregistry(system: ExternalSystem) -> None:
    assert bioregistry.normalize_prefix(system.prefix) == system.registered
    assert _record(system).prefix == system.registered


@_each
def test_every_synonym_of_bioregistry_is_understood_in_any_case(system: ExternalSystem) -> None:
    names = {system.prefix, system.registered, *_record(system).get_synonyms()}
    for name in names | {name.upper() for name in names} | {name.lower() for name in names}:
        assert find_system(name) is system, name


@_each
def test_no_synonym_is_understood_that_bioregistry_does_not_know(system: ExternalSystem) -> None:
    for name in system.synonyms:
        assert bioregistry.normalize_prefix(name) == system.registered, name


@_each
def test_the_name_and_the_home_page_are_those_of_bioregistry(system: ExternalSystem) -> None:
    assert (system.name, system.homepage) == (
        _record(system).get_name(),
        _record(system).get_homepage(),
    )


@_each
def test_the_pattern_is_that_of_bioregistry(system: ExternalSystem) -> None:
    pattern = _record(system).get_pattern()
    assert system.pattern == pattern or (pattern is None and system.prefix == "ONCOTREE")


@_each
def test_the_iri_is_one_that_bioregistry_gives_or_resolves(system: ExternalSystem) -> None:
    record = _record(system)
    resolver = f"https://bioregistry.io/{system.registered}:"
    known = (
        record.get_obofoundry_uri_prefix(),
        record.get_rdf_uri_prefix(),
        record.get_uri_prefix(),
        record.get_miriam_uri_prefix(),
    )
    assert system.iri in (*known, resolver)
    if known[0]:
        assert system.iri == known[0]
    if system.iri == resolver:
        assert known[3] is None


@_each
def test_bioregistry_reads_every_iri_prefix_as_the_same_system(system: ExternalSystem) -> None:
    example = _record(system).get_example()
    assert example is not None
    record = external_converter().get_record(system.prefix)
    assert record is not None
    for iri in (record.uri_prefix, *record.uri_prefix_synonyms):
        parsed = bioregistry.parse_iri(iri + example)
        assert parsed is not None, iri
        assert (parsed[0], parsed[1].upper()) in {
            (system.registered, example.upper()),
            # Orphanet and its ontology share their IRIs; so do they in Bioregistry.
            *((key, example) for key in ("orphanet.ordo",) if system.prefix == "Orphanet"),
        }, iri


@_each
def test_an_example_goes_to_an_iri_and_back(system: ExternalSystem) -> None:
    example = _record(system).get_example()
    assert example is not None
    curie = f"{system.prefix}:{example}"
    for spelling in (curie, f"{system.registered}:{example}", curie.lower()):
        assert standardise(spelling) == curie
        assert expand(spelling) == system.iri + example
    assert compress(system.iri + example) == curie


def test_no_prefix_and_no_iri_means_two_systems() -> None:
    prefixes = [each.prefix for each in SYSTEMS]
    assert len(set(prefixes)) == len(prefixes) == len(prefix_map())
    for system in SYSTEMS:
        for name in (system.prefix, system.registered, *system.synonyms):
            assert find_system(name) is system


def test_no_prefix_hides_one_of_the_graph() -> None:
    own = read_context(_CONTEXT).namespaces.prefixes
    assert not [prefix for prefix in own if find_system(prefix)]


@pytest.mark.parametrize(
    "curie",
    ["", ":", "MONDO", "MONDO:", "MONDO:5089", "MONDO:0005089 ; DROP", "NCIT:9118", "drug:imatinib",
     "ICDO:8850-3", "ICDO:1850/3", "UNIPROT:KIT", "MONDO:DOID:1115", "HGNC:HGNC:HGNC:6342",
     "ONCOTREE:a b", "\nMONDO:000508", "MONDO:0005089\n\n1"],
)  # fmt: skip
def test_what_is_no_identifier_is_refused(curie: str) -> None:
    assert standardise(curie) is None
    assert expand(curie) is None


@pytest.mark.parametrize(
    ("written", "standard"),
    [
        ("nci:C9118", "NCIT:C9118"),
        ("icd-o:8850/3", "ICDO:8850/3"),
        ("UMLS_CUI:C0023827", "UMLS:C0023827"),
        ("umls cui:c0023827", "UMLS:C0023827"),
        ("ORPHA:3394", "Orphanet:3394"),
        ("ORPHANET:3394", "Orphanet:3394"),
        ("MSH:D012509", "MESH:D012509"),
        ("pubchem_cid:5291", "PUBCHEM.COMPOUND:5291"),
        ("ChEMBL-Compound:chembl941", "CHEMBL.COMPOUND:CHEMBL941"),
        ("chebi:CHEBI:45783", "CHEBI:45783"),
        ("UniProtKB:p10721", "UNIPROT:P10721"),
        ("GeneID:3815", "NCBIGENE:3815"),
        (" RXCUI:282388 ", "RXNORM:282388"),
    ],
)
def test_spellings_of_one_identifier(written: str, standard: str) -> None:
    assert standardise(written) == standard


@pytest.mark.parametrize(
    ("iri", "curie"),
    [
        ("https://bioregistry.io/hgnc:6342", "HGNC:6342"),
        ("http://identifiers.org/hgnc/6342", "HGNC:6342"),
        ("https://identifiers.org/CHEBI:45783", "CHEBI:45783"),
        ("https://purl.uniprot.org/uniprot/P10721", "UNIPROT:P10721"),
        ("http://rdf.ebi.ac.uk/resource/ensembl/ENSG00000157404", "ENSEMBL:ENSG00000157404"),
        ("https://meshb.nlm.nih.gov/record/ui?ui=D012509", "MESH:D012509"),
    ],
)
def test_other_iris_of_one_identifier(iri: str, curie: str) -> None:
    assert compress(iri) == curie
    assert re.match("https?://", expand(curie) or "")


@pytest.mark.parametrize("iri", ["", "x", "http://purl.obolibrary.org/obo/MONDO_5089",
                                 "https://w3id.org/sarcoma-kg/drug/imatinib"])  # fmt: skip
def test_what_is_no_iri_of_an_identifier_is_refused(iri: str) -> None:
    assert compress(iri) is None
