"""The frame of answers that are pages and come in pieces, as query workers write them."""

from __future__ import annotations

from functools import cache

from api.pages.frame import framed
from kg.html_page import TITLE, Frame
from kg.namespaces import Namespaces

__all__ = ["results_frame"]

_CONTENT = "\ue001"


@cache
def results_frame(ontology: str) -> Frame:
    """Return what stands around results; ``ontology`` is the namespace behind the empty prefix.

    >>> results_frame("https://example.org/ontology/").address("https://example.org/drug/a")
    '/drug/a'
    """
    page = framed(TITLE, [_CONTENT], here="/sparql", is_wide=True).decode()
    head, _, foot = page.partition(_CONTENT)
    root = Namespaces({}, ontology).root if ontology else ""
    return Frame(head, foot, root=root, again="/sparql")
