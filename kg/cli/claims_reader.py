"""What tells a command how claims are told in Biolink: the program hands it to all of them."""

from __future__ import annotations

from typing import cast

import typer

from kg.kgx import ClaimsReader, KgxUnavailableError

__all__ = ["get_claims_reader"]


def get_claims_reader(context: typer.Context) -> ClaimsReader:
    """Return what the program handed over; raises KgxUnavailableError where it has none."""
    if not callable(context.obj):
        raise KgxUnavailableError(
            "KGX needs the mapping of claims to Biolink, which is in the package api; "
            "use the program sarcoma-kg"
        )
    return cast(ClaimsReader, context.obj)
