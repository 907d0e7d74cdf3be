"""The version of the installed package."""

from __future__ import annotations

from importlib import metadata

__all__ = ["find_version"]


def find_version() -> str:
    """Return the installed version, or ``0`` in a checkout that is not installed."""
    try:
        return metadata.version("sarcoma-kg")
    except metadata.PackageNotFoundError:
        return "0"
