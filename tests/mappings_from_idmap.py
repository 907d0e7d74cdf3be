"""Write ``data/mappings`` from the files beside the checkout.

Run as ``python tests/mappings_from_idmap.py`` with the checkout on ``PYTHONPATH``.
Every id is read there, none from memory. Where the sources agree a rule decides what a mapping
is; where they do not, the comment of the mapping says so, and a curator's decision, if it needed
one (``mapping_decisions``), with its reason.
"""

from __future__ import annotations

from pathlib import Path

from mapping_drugs import drug_sets
from mapping_histologies import histology_sets
from mapping_sets import MappingSet
from mapping_sources import ROOT, Sources
from mapping_targets import target_sets

__all__ = ["mapping_sets", "write_mappings"]


def mapping_sets(sources: Sources) -> tuple[MappingSet, ...]:
    """Return every set."""
    return (*histology_sets(sources), *drug_sets(sources), *target_sets(sources))


def write_mappings(folder: Path, sources: Sources) -> None:
    """Write one file a set."""
    for each in mapping_sets(sources):
        (folder / f"{each.stem}.sssom.tsv").write_text(each.text(), encoding="utf-8")


if __name__ == "__main__":
    write_mappings(ROOT / "data" / "mappings", Sources())
