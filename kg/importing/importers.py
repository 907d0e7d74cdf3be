"""The table of importers: one row a database, and one reader for files of the common formats."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from kg.importing.importer import Asked, Download, Importer, Read, VersionOf
from kg.importing.record import Item
from kg.importing.terms import Terms
from kg.near import suggest

__all__ = ["IMPORTERS", "UnknownImporterError", "choose_importer", "find_importer"]

_CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
_CC_BY = "https://creativecommons.org/licenses/by/4.0/"
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class UnknownImporterError(ValueError):
    """No importer has this name; the message says which there are."""


def _read(module: str) -> Read:
    """Return the reader of a module, which is loaded when something is read."""

    def read(files: Sequence[Path], terms: Terms) -> Iterator[Item]:
        found: Iterator[Item] = _loaded(module).read(files, terms)
        return found

    return read


def _version(module: str) -> VersionOf:
    def find_version(files: Sequence[Path]) -> str | None:
        found: str | None = _loaded(module).find_version(files)
        return found

    return find_version


def _download(module: str) -> Download:
    def download(target: Path, say: Callable[[str], None], asked: Asked) -> Sequence[Path]:
        found: Sequence[Path] = _loaded(module).fetch(target, say, asked)
        return found

    return download


def _loaded(module: str) -> Any:
    return import_module(f"kg.importing.{module}")


IMPORTERS = (
    Importer(
        "clinicaltrials",
        title="ClinicalTrials.gov",
        source="https://clinicaltrials.gov/",
        licence="https://clinicaltrials.gov/about-site/terms-conditions#availability",
        attribution="ClinicalTrials.gov; in the public domain of the United States",
        read=_read("clinicaltrials.importer"),
        version_of=_version("clinicaltrials.importer"),
        endings=(".json", ".jsonl", ".ndjson", ".zip"),
        help="trials of the API v2 as JSON: records, pages or the bulk zip",
        is_unzipped=False,
        download=_download("clinicaltrials.download"),
    ),
    Importer(
        "civic",
        title="CIViC, clinical evidence summaries",
        source="https://civicdb.org/",
        licence=_CC0,
        attribution="CIViC, Clinical Interpretation of Variants in Cancer",
        read=_read("civic"),
        version_of=_version("civic"),
        endings=(".tsv",),
        help="evidence on variants in tumours, from the table of evidence summaries (TSV)",
    ),
    Importer(
        "drugmechdb",
        title="DrugMechDB, paths of drug mechanisms",
        source="https://sulab.github.io/DrugMechDB/",
        licence=_CC0,
        attribution="DrugMechDB",
        read=_read("drugmechdb"),
        version_of=_version("drugmechdb"),
        endings=(".yaml", ".yml"),
        help="paths from drugs over targets to diseases, one YAML file a path",
    ),
    Importer(
        "gtopdb",
        title="Guide to Pharmacology, targets of drugs",
        source="http://www.guidetopharmacology.org/",
        licence="https://opendatacommons.org/licenses/odbl/1-0/",
        attribution="IUPHAR/BPS Guide to PHARMACOLOGY; contents under CC BY-SA 3.0 Unported",
        read=_read("gtopdb"),
        version_of=_version("gtopdb"),
        endings=(".tsv",),
        help="drugs and the targets they act on, from a table with a row a statement (TSV)",
    ),
    Importer(
        "oncotree",
        title="OncoTree, the tree of tumour types",
        source="http://oncotree.mskcc.org",
        licence=_CC_BY,
        attribution="OncoTree, Memorial Sloan Kettering Cancer Center and contributors",
        read=_read("oncotree"),
        version_of=_version("oncotree"),
        endings=(".json",),
        help="the tree as nested JSON of its route /api/tumorTypes/tree",
    ),
    Importer(
        "disease-ontology",
        title="Human Disease Ontology",
        source="https://disease-ontology.org",
        licence=_CC0,
        attribution="Human Disease Ontology",
        read=_read("disease_ontology"),
        version_of=_version("disease_ontology"),
        endings=(".obo", ".json", ".owl"),
        help="diseases with their hierarchy, from OBO, OBO Graphs or OWL",
    ),
)


def find_importer(name: str) -> Importer | None:
    """Return the importer of a name, or None.

    >>> find_importer("civic").title
    'CIViC, clinical evidence summaries'
    """
    return next((each for each in IMPORTERS if each.name == name), None)


def choose_importer(name: str, *, has_files: bool) -> Importer:
    """Return the importer of a name or, where files are given, one of a user's own set.

    Raises UnknownImporterError for a name that is no slug and, without files, for an unknown one.
    """
    known = [each.name for each in IMPORTERS]
    if found := find_importer(name):
        return found
    if not _SLUG.fullmatch(name):
        slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "my-terms"
        raise UnknownImporterError(
            f"{name!r} is no name of an import: it has small letters, digits and hyphens only, "
            f"such as {slug}"
        )
    if not has_files:
        raise UnknownImporterError(
            f"there is no importer {name!r}{suggest(name, known)}; there are {', '.join(known)}; "
            "any other name is that of a set of your own, and needs its files"
        )
    return _own(name)


def _own(name: str) -> Importer:
    files = _loaded("ontology_files")
    return Importer(
        name,
        title=name,
        source="",
        licence="",
        attribution="",
        read=files.reader_of(name),
        version_of=files.find_version,
        endings=files.ENDINGS,
        help="RDF of any format, OWL, OBO, OBO Graphs or SSSOM",
    )
