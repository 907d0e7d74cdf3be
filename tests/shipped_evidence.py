"""The cuts of evidence that a default build ships, made again from the files beside the checkout.

``python tests/shipped_evidence.py`` writes them anew, after the records or the mappings changed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from kg.importing.importers import choose_importer
from kg.importing.keeping import FolderTarget
from kg.importing.ordering import make_order
from kg.importing.run import Options, run_import
from kg.importing.terms import Kind, Terms
from kg.importing.terms_reading import terms_of
from kg.shipped import find_shipped

__all__ = ["CUTS", "RETRIEVED", "SHARED", "Cut", "make", "shipped_folder"]

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
TABLE = SHARED / "idmap" / "drug_target_evidence.tsv"
PATHS = SHARED / "data" / "drugmechdb" / "paths"
RETRIEVED = "2026-11-22"
_DISEASE = re.compile(r"^  disease(_mesh|): (.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Cut:
    """A part of a database that is shipped: its import, its files and their release."""

    name: str
    version: str
    files: Sequence[Path] = field(default=())

    def find_files(self) -> Sequence[Path]:
        """Return the files of the cut."""
        return self.files or [*_chosen_paths(terms_of(find_shipped()))]


CUTS = (
    Cut("civic", "2021-02", [SHARED / "data" / "civic" / "civic_sarcoma_evidence_subset.tsv"]),
    Cut("drugmechdb", "2026-07"),
    Cut("gtopdb", "2016", [TABLE]),
)


def shipped_folder(name: str) -> Path:
    """Return the folder of a shipped import."""
    return find_shipped().root / "data" / "imports" / name


def make(cut: Cut, folder: Path) -> None:
    """Import the files of a cut to a folder."""
    importer = choose_importer(cut.name, has_files=True)
    options = Options(version=cut.version, retrieved=RETRIEVED)
    order = make_order(importer, cut.find_files(), find_shipped(), options=options)
    run_import(order, FolderTarget(folder))


def _chosen_paths(terms: Terms) -> Iterator[Path]:
    """Yield the paths that the table of drugs and targets cites, and those to our tumours."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        sources = {row["source"] for row in csv.DictReader(file, delimiter="\t")}
    for path in sorted(PATHS.glob("[!_]*.yaml")):
        if f"drugmechdb:{path.stem}" in sources or _is_of_tumour(path, terms):
            yield path


def _is_of_tumour(path: Path, terms: Terms) -> bool:
    said = dict(_DISEASE.findall(path.read_text(encoding="utf-8")))
    found = terms.find(Kind.HISTOLOGY, identifiers=[said["_mesh"]], names=[said[""].strip("'")])
    return found is not None


if __name__ == "__main__":
    for each in CUTS:
        make(each, shipped_folder(each.name))
