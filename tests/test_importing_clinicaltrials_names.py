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
