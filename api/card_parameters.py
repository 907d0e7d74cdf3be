"""The parameters that the pages of things may take: each kind of card says which."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CARD_PARAMETERS"]

_NAMES = ("sort", "show", "histology", "drug", "endpoint", "line", "direction", "match")

CARD_PARAMETERS: Mapping[str, bool] = dict.fromkeys(_NAMES, False)
"""Their names; none may be repeated. Formats for programs ignore them."""
