"""The table of the Biolink model is what the package ``biolink-model`` says."""

from __future__ import annotations

import json
import subprocess
from importlib.resources import files
from pathlib import Path

import pytest
from trapi_service import get_validator

from api.trapi.biolink import categories, predicates, values
from api.trapi.edges import Level
from api.trapi.versions import BIOLINK

TABLE = Path(str(files("api"))) / "trapi" / "biolink.json"
MAKER = Path(__file__).parent / "biolink_table.py"


def test_the_table_is_made_from_the_package() -> None:
    run = subprocess.run([get_validator(), str(MAKER)], capture_output=True, text=True, check=True)
    assert run.stdout == TABLE.read_text(encoding="utf-8"), f"make it anew with {MAKER.name}"


def test_the_version_is_the_one_that_answers_name() -> None:
    assert json.loads(TABLE.read_text(encoding="utf-8"))["version"] == BIOLINK


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("NamedThing", "SmallMolecule"),
        ("ChemicalOrDrugOrTreatment", "Drug"),
        ("DiseaseOrPhenotypicFeature", "Disease"),
        ("GeneOrGeneProduct", "Gene"),
        ("GeneOrGeneProductOrGeneFamily", "GeneFamily"),
    ],
)
def test_categories_take_in_what_lies_below_and_mixes_in(wide: str, narrow: str) -> None:
    assert narrow in categories().below(wide)
    assert wide not in categories().below(narrow)


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("related_to", "treats"),
        ("treats_or_applied_or_studied_to_treat", "in_clinical_trials_for"),
        ("studied_to_treat", "in_clinical_trials_for"),
        ("treats", "ameliorates_condition"),
        ("associated_with", "gene_associated_with_condition"),
    ],
)
def test_predicates_take_in_what_lies_below_and_mixes_in(wide: str, narrow: str) -> None:
    assert narrow in predicates().below(wide)
    assert wide not in predicates().below(narrow)


def test_values_of_qualifiers_stand_in_a_tree() -> None:
    assert "activity" in values().below("activity_or_abundance")
    assert "inhibition" in values().below("negative_modulation")


def test_levels_of_knowledge_are_words_of_biolink() -> None:
    assert {level.value for level in Level} == {
        "knowledge_assertion",
        "observation",
        "prediction",
        "logical_entailment",
    }
