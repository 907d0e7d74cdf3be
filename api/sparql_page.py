"""The page of the SPARQL endpoint: an editor, a plain form without scripts, and example queries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from api.descriptions import Descriptions
from api.pages.example_topics import by_topic
from api.pages.frame import render
from kg.example_queries import Example, read_examples
from kg.formats import GraphFormat, ResultFormat, TableFormat
from kg.html_form import query_form
from kg.namespaces import Namespaces

__all__ = ["sparql_page"]

_EXAMPLE = """\
SELECT ?drug ?name WHERE {
  ?drug :inhibits target:kit ; rdfs:label ?name .
}"""


@dataclass(frozen=True)
class _Shown:
    """An example as the page lists it: without scripts, its address answers it."""

    question: str
    keywords: str
    address: str


def sparql_page(kept: Descriptions, names: Namespaces, *, is_writable: bool) -> bytes:
    """Return the page that a browser gets for the endpoint, of the snapshot that is described.

    ``names`` have all prefixes that need no declaration.
    """
    examples = read_examples(kept.examples)
    said = "are accepted with the token" if is_writable else "are not accepted here"
    return render(
        "sparql.html",
        "SPARQL",
        here="/sparql",
        snapshot=kept.snapshot.id,
        scripts=("sparql.js",),
        styles=("sparql.css",),
        is_wide=True,
        updates=f"Updates {said}.",
        data=_data(names),
        form=Markup(query_form(_EXAMPLE)),  # noqa: S704 - our own HTML
        topics={topic: [*_show(listed)] for topic, listed in by_topic(examples).items()},
        total=len(examples),
    )


def _data(names: Namespaces) -> Mapping[str, object]:
    """Return what the script of the page needs to know."""
    return {
        "root": names.root,
        "prefixes": dict(sorted(names.prefixes.items())),
        "example": _EXAMPLE,
        "rows": _formats((*ResultFormat, *TableFormat)),
        "triples": _formats((*GraphFormat, *TableFormat)),
    }


def _formats(
    formats: Sequence[ResultFormat | GraphFormat | TableFormat],
) -> Sequence[Mapping[str, str]]:
    return [{"extension": each.extension, "title": each.title} for each in formats]


def _show(examples: Sequence[Example]) -> Iterator[_Shown]:
    for each in examples:
        address = f"/sparql?query={quote(each.query, safe='')}"
        yield _Shown(each.question, " ".join(each.keywords), address)
