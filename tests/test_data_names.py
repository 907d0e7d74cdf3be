"""Every drug, regimen, target and family that the documents name is found by each of its names."""

from __future__ import annotations

from collections import defaultdict

import pytest
from pyoxigraph import QuerySolutions

from kg.build import Assembly

BASE = "https://w3id.org/sarcoma-kg/"
NAMES = """
PREFIX : <https://w3id.org/sarcoma-kg/ontology/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?entity ?name WHERE {
  VALUES ?class { :Drug :Regimen :MolecularTarget :TargetFamily }
  ?entity a ?class ; :namedIn ?document ; rdfs:label|skos:altLabel|:acronym ?name
}
"""
CODES = {
    "RAD-001": "drug/everolimus",
    "CCI-779": "drug/temsirolimus",
    "AP23573": "drug/ap23573",
    "AMN 107": "drug/nilotinib",
    "ET-743": "drug/trabectedin",
    "AMG 706": "drug/amg-706",
    "IPI-504": "drug/ipi-504",
    "17-AAG": "drug/17-aag",
    "DTIC": "drug/dacarbazine",
}
DRUGS = {
    **CODES,
    "17-allylamino-17-demethoxygeldanamycin": "drug/17-aag",
    "anlotinib": "drug/anlotinib",
    "cabazitaxel": "drug/cabazitaxel",
    "cediranib": "drug/cediranib",
    "cyclophosphamide": "drug/cyclophosphamide",
    "dacarbazine": "drug/dacarbazine",
    "dasatinib": "drug/dasatinib",
    "docetaxel": "drug/docetaxel",
    "doxorubicin": "drug/doxorubicin",
    "eribulin": "drug/eribulin",
    "everolimus": "drug/everolimus",
    "gemcitabine": "drug/gemcitabine",
    "ifosfamide": "drug/ifosfamide",
    "imatinib": "drug/imatinib",
    "imatinib mesylate": "drug/imatinib",
    "liposomal doxorubicin": "drug/liposomal-doxorubicin",
    "mesna": "drug/mesna",
    "MTIC": "drug/mtic",
    "nilotinib": "drug/nilotinib",
    "olaratumab": "drug/olaratumab",
    "paclitaxel": "drug/paclitaxel",
    "pazopanib": "drug/pazopanib",
    "pegylated liposomal doxorubicin": "drug/pegylated-liposomal-doxorubicin",
    "rapamycin": "drug/rapamycin",
    "sunitinib": "drug/sunitinib",
    "sunitinib malate": "drug/sunitinib",
    "temozolomide": "drug/temozolomide",
    "temsirolimus": "drug/temsirolimus",
    "trabectedin": "drug/trabectedin",
    "vincristine": "drug/vincristine",
}
REGIMENS = {
    "AI": "regimen/ai",
    "AIM": "regimen/aim",
    "CYVADIC": "regimen/cyvadic",
    "MAID": "regimen/maid",
    "doxorubicin and DTIC": "regimen/doxorubicin-dacarbazine",
    "doxorubicin and ifosfamide": "regimen/doxorubicin-ifosfamide",
    "doxorubicin, ifosfamide, and DTIC": "regimen/doxorubicin-ifosfamide-dacarbazine",
    "gemcitabine/docetaxel": "regimen/gemcitabine-docetaxel",
    "gemcitabine + docetaxel": "regimen/gemcitabine-docetaxel",
    "dacarbazine and gemcitabine": "regimen/gemcitabine-dacarbazine",
    "olaratumab plus doxorubicin": "regimen/olaratumab-doxorubicin",
    "anthracyclines plus ifosfamide": "regimen/anthracycline-ifosfamide",
    "everolimus and imatinib": "regimen/everolimus-imatinib",
    "nilotinib and imatinib": "regimen/nilotinib-imatinib",
}
TARGETS = {
    "ABL": "target/abl",
    "AKT": "target/akt",
    "Aurora-B": "target/aurkb",
    "AURKB": "target/aurkb",
    "collagen alpha 1": "target/col1a1",
    "c-FMS": "target/csf1r",
    "CSF1R": "target/csf1r",
    "DDR1": "target/ddr1",
    "discoidin domain receptor 1": "target/ddr1",
    "minor groove of DNA": "target/dna-minor-groove",
    "FGFR-1": "target/fgfr1",
    "FGFR-2": "target/fgfr2",
    "FGFR-3": "target/fgfr3",
    "FGFR-4": "target/fgfr4",
    "FLT3": "target/flt3",
    "HSP90": "target/hsp90",
    "KIT": "target/kit",
    "c-KIT": "target/kit",
    "CD117": "target/kit",
    "mTOR": "target/mtor",
    "PDGF beta": "target/pdgfb",
    "PDGFRA": "target/pdgfra",
    "PDGFR-A": "target/pdgfra",
    "PDGFRα": "target/pdgfra",  # noqa: RUF001 - as printed
    "PDGFRβ": "target/pdgfrb",
    "PI3K": "target/pi3k",
    "RET": "target/ret",
    "tubulin": "target/tubulin",
    "VEGF-A": "target/vegfa",
    "VEGFR-2": "target/vegfr2",
    "VEGFR-3": "target/vegfr3",
}
FAMILIES = {
    "FGFR": "family/fgfr",
    "PDGFR": "family/pdgfr",
    "platelet-derived growth factor receptor": "family/pdgfr",
    "VEGF": "family/vegf",
    "VEGFR": "family/vegfr",
    "vascular endothelial growth factor receptor": "family/vegfr",
}

Names = dict[str, set[str]]


@pytest.fixture(scope="module")
def names(assembly: Assembly) -> Names:
    found: Names = defaultdict(set)
    rows = assembly.store.query(NAMES, use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    for row in rows:
        found[row["name"].value.casefold()].add(row["entity"].value.removeprefix(BASE))
    return found


@pytest.mark.parametrize(
    ("name", "entity"), [*DRUGS.items(), *REGIMENS.items(), *TARGETS.items(), *FAMILIES.items()]
)
def test_a_printed_name_means_one_thing(names: Names, name: str, entity: str) -> None:
    assert names[name.casefold()] == {entity}


def test_no_drug_regimen_or_family_is_left_out(names: Names) -> None:
    known = {entity for entities in names.values() for entity in entities}
    expected = {*DRUGS.values(), *REGIMENS.values(), *TARGETS.values(), *FAMILIES.values()}
    assert known - expected == {"family/hsp90"}, "add the printed names of what is new above"
    assert expected <= known


def test_a_name_that_no_document_prints_means_nothing(names: Names) -> None:
    assert not names.get("motesanib")
    assert not names.get("ridaforolimus")
