"""Trials of ClinicalTrials.gov, as its API v2 gives them: read, and downloaded."""

from __future__ import annotations

from kg.importing.clinicaltrials.importer import find_version, read

__all__ = ["find_version", "read"]
