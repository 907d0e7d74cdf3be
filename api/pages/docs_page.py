"""The page of the HTTP interface: its operations by subject, to be searched, copied and run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api.pages.docs_operations import Operation, read_operations
from api.pages.frame import render
from api.problems import PROBLEMS

__all__ = ["docs_page"]

_TAGS: Mapping[str, str] = {
    "search": "Search",
    "paths": "Paths",
    "findings": "Findings",
    "SPARQL": "SPARQL and graphs",
    "linked data": "Linked data",
    "hierarchies": "Hierarchies",
    "downloads": "Downloads",
    "snapshots": "Snapshots",
    "description": "Descriptions",
    "operation": "Operation",
    "records": "Records",
}
"""The subjects as the page calls them, in its order."""


def docs_page(schema: Mapping[str, Any], wanted: str = "") -> bytes:
    """Return the page of a contract, of the operations that have all the words wanted."""
    every = read_operations(schema)
    words = wanted.casefold().split()
    chosen = [each for each in every if all(word in each.text for word in words)]
    return render(
        "docs.html",
        "HTTP interface",
        here="/docs",
        scripts=("docs.js",),
        styles=("docs.css",),
        is_wide=True,
        about=schema["info"]["description"],
        wanted=wanted,
        total=len(every),
        found=len(chosen),
        groups=_grouped(chosen),
        problems={kind.slug: kind for kind in PROBLEMS.values()}.values(),
    )


def _grouped(operations: Sequence[Operation]) -> Mapping[str, Sequence[Operation]]:
    tags = dict.fromkeys((*_TAGS, *(each.tag for each in operations)))
    found = {tag: [each for each in operations if each.tag == tag] for tag in tags}
    return {_TAGS.get(tag, tag): listed for tag, listed in found.items() if listed}
