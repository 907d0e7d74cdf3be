"""The sarcoma-kg library: records to graph, inference, gate, snapshot and queries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kg.opened_graph import open_graph

__all__ = ["open_graph"]


def __getattr__(name: str) -> Any:
    """Return ``open_graph``, which is imported when first asked for: ``import kg`` stays cheap."""
    if name not in __all__:
        raise AttributeError(f"module 'kg' has no attribute '{name}'")
    from kg import opened_graph  # noqa: PLC0415

    return getattr(opened_graph, name)
