"""Names of drugs and regimens as trials print them: what they mean, and what they do not."""

from __future__ import annotations

import pytest
from trial_records import TERMS

from kg.importing.clinicaltrials.matching import find_treatment

TREATMENTS = {
    "imatinib": ["d:imatinib"],
    "Imatinib Mesylate": ["d:imatinib"],
    "Drug: imatinib mesylate 400 mg tablets": ["d:imatinib"],
    "pazopanib 800 mg": ["d:pazopanib"],
    "Pazopanib (800 mg once daily)": ["d:pazopanib"],
    "Gemcitabine + Docetaxel": ["d:gemcitabine", "d:docetaxel"],
    "Doxorubicin and Ifosfamide": ["d:doxorubicin", "d:ifosfamide"],
    "doxorubicin 75 mg/m2 plus ifosfamide": ["d:doxorubicin", "d:ifosfamide"],
    "gemcitabine/docetaxel": ["d:gemcitabine", "d:docetaxel"],
    "Gemcitabine, docetaxel and pazopanib": ["d:gemcitabine", "d:docetaxel", "d:pazopanib"],
    "pegylated liposomal doxorubicin hydrochloride": ["d:pegylated"],
    "Pazopanib + Newdrug": ["d:pazopanib"],
}
NOT_TREATMENTS = [
    "Placebo",
    "pazopanib placebo",
    "placebo for pazopanib",
    "Placebo + pazopanib",
    "gemcitabine or docetaxel",
    "doxorubicin without ifosfamide",
    "gemcitabine/newdrug",
    "liposomal doxorubicin",
    "doxorubicin (liposomal)",
    "AI",
    "",
]


@pytest.mark.parametrize("name", TREATMENTS)
def test_names_of_drugs_lose_dose_form_and_salt(name: str) -> None:
    assert [match.iri for match in find_treatment(TERMS, name).drugs] == TREATMENTS[name]


@pytest.mark.parametrize("name", NOT_TREATMENTS)
def test_names_that_mean_something_else_match_nothing(name: str) -> None:
    found = find_treatment(TERMS, name)
    assert (found.drugs, found.regimens, found.unknown) == ((), (), (name,))


def test_of_joined_names_the_unknown_part_is_told() -> None:
    assert find_treatment(TERMS, "Pazopanib + Newdrug").unknown == ("Newdrug",)


def test_a_regimen_is_one_and_its_short_name_needs_a_sarcoma() -> None:
    assert [match.iri for match in find_treatment(TERMS, "MAID").regimens] == ["r:maid"]
    found = find_treatment(TERMS, "AI", is_short_allowed=True)
    assert [match.iri for match in found.regimens] == ["r:ai"]


def test_other_names_count_but_not_those_of_a_placebo() -> None:
    assert find_treatment(TERMS, "STI571", ("imatinib",)).drugs[0].iri == "d:imatinib"
    assert find_treatment(TERMS, "Placebo", ("imatinib",)).drugs == ()
    assert find_treatment(TERMS, "Chemotherapy", ("imatinib", "pazopanib")).drugs == ()


@pytest.mark.parametrize("name", ["Gemcitabine and Docetaxel", "gemcitabine/docetaxel"])
def test_a_regimen_that_is_named_by_its_drugs_means_both(name: str) -> None:
    found = find_treatment(TERMS, name)
    assert [match.iri for match in found.drugs] == ["d:gemcitabine", "d:docetaxel"]
    assert [match.iri for match in found.regimens] == ["r:gemdoc"]


AGAINST = [
    "Liposome paclitaxel",
    "PEGylated paclitaxel",
    "albumin-bound taxane",
    "Antibody conjugate",
    "nab-taxane",
    "No paclitaxel",
    "Discontinuation of paclitaxel",
    "observation without paclitaxel",
    "Drug holiday",
    "Stopping treatment",
    "Treatment interruption",
    "Withdrawal",
    "Watch and wait",
    "Dummy",
    "vehicle",
    "Sham",
    "Control",
    "18F-FDG PET",
    "Investigator's choice",
    "Standard of care",
    "Best supportive care",
    "Either drug",
    "drug A or drug B",
    "drug A + drug B",
]


@pytest.mark.parametrize("name", AGAINST)
def test_other_names_do_not_count_against_what_the_name_says(name: str) -> None:
    found = find_treatment(TERMS, name, ("paclitaxel",))
    assert (found.drugs, found.unknown) == ((), (name,))


@pytest.mark.parametrize(
    ("name", "others", "meant"),
    [
        ("nab-paclitaxel", ("Abraxane", "Paclitaxel"), []),
        ("Abraxane", ("nab-paclitaxel", "Paclitaxel"), []),
        ("Liposome doxorubicin", ("Doxorubicin",), []),
        ("Doxil", ("pegylated liposomal doxorubicin",), ["d:pegylated"]),
        ("Doxil", ("pegylated liposomal doxorubicin", "doxorubicin"), []),
        ("XL184", ("Taxol", "paclitaxel"), ["d:paclitaxel"]),
        ("5-FU", ("newdrug", "paclitaxel"), ["d:paclitaxel"]),
        ("imatinib", ("paclitaxel",), ["d:imatinib"]),
        ("imatinib + newdrug", ("paclitaxel",), ["d:imatinib"]),
    ],
)
def test_other_names_count_where_all_mean_one_thing(
    name: str, others: tuple[str, ...], meant: list[str]
) -> None:
    assert [match.iri for match in find_treatment(TERMS, name, others).drugs] == meant


@pytest.mark.parametrize(
    "name", ["Discontinuation of imatinib and pazopanib", "dummy imatinib + pazopanib"]
)
def test_of_what_is_not_given_no_part_counts(name: str) -> None:
    assert find_treatment(TERMS, name).unknown == (name,)


def test_acronyms_of_drugs_and_regimens_need_their_capitals() -> None:
    assert find_treatment(TERMS, "maid").unknown == ("maid",)
    assert find_treatment(TERMS, "Dtic").unknown == ("Dtic",)
    assert find_treatment(TERMS, "DTIC").drugs[0].iri == "d:dacarbazine"
    assert find_treatment(TERMS, "taxol").drugs[0].iri == "d:paclitaxel"
