"""What engines do otherwise than the standard says, and what is asked of them therefore."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["OXIGRAPH", "STANDARD", "VIRTUOSO", "Dialect", "find_dialect"]


@dataclass(frozen=True)
class Dialect:
    """An engine: its name, as its header ``Server`` starts, and what it needs.

    ``is_repaired``: it gets wrong what the embedded engine gets wrong, and is given the texts
    with which that one does not. ``own_graphs`` start the names of graphs that the engine has
    of itself. ``has_union_parameter``: it merges all graphs when it is asked with
    ``union-default-graph``. ``is_loose``: it needs texts in its own way, and writes answers in
    an old one.
    """

    name: str
    is_repaired: bool = False
    is_loose: bool = False
    own_graphs: tuple[str, ...] = ()
    has_union_parameter: bool = False

    def owns(self, graph: str) -> bool:
        """Tell whether a graph is the engine's own, and no data.

        >>> VIRTUOSO.owns("http://www.openlinksw.com/schemas/virtrdf#")
        True
        """
        return graph.startswith(self.own_graphs) if self.own_graphs else False


STANDARD = Dialect("")
OXIGRAPH = Dialect("Oxigraph", is_repaired=True, has_union_parameter=True)
VIRTUOSO = Dialect(
    "Virtuoso",
    is_loose=True,
    own_graphs=(
        "http://www.openlinksw.com/",
        "http://www.w3.org/2002/07/owl#",
        "http://www.w3.org/ns/ldp#",
        "http://localhost:",
        "urn:activitystreams-owl:",
        "urn:core:services:",
        "urn:virtuoso:",
        "b3s",
    ),
)


def find_dialect(server: str) -> Dialect:
    """Return the engine that a header ``Server`` names; the standard's for one unknown.

    >>> find_dialect("Virtuoso/07.20.3229 (Linux)").name
    'Virtuoso'
    """
    known = (OXIGRAPH, VIRTUOSO)
    return next((each for each in known if server.startswith(each.name)), STANDARD)
