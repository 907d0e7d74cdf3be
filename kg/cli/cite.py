"""``sarcoma-kg cite``: make the passage of a claim, or check all passages against the texts."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from kg import citations
from kg.cli.display import shown_progress
from kg.cli.options import Data, Documents
from kg.context import read_context
from kg.passages import to_yaml
from kg.problem import Refused
from kg.reading import Asserted, read_sources
from kg.settings import read_settings
from kg.shipped import Shipped, find_shipped
from kg.snippets import Snippet
from kg.sources import find_sources

__all__ = ["EXAMPLES", "DocumentMissing", "cite", "read_asserted"]


class DocumentMissing(LookupError):  # noqa: N818 - it names what is not there
    """The graph has no such document, or the folder of texts lacks its text."""


EXAMPLES = """\b
Examples:
  sarcoma-kg cite jnccn-2007 'first words ... last words' --documents texts/
  sarcoma-kg cite --check --documents texts/
"""


def cite(
    document: Annotated[
        str | None, typer.Argument(metavar="DOCUMENT", help="Slug of the document to cite.")
    ] = None,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="WORDS",
            help="The words to cite, a range each; 'first ... last' spans what is between.",
        ),
    ] = None,
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Check the passages of all records instead.")
    ] = False,
    documents: Documents = None,
    section: Annotated[
        str | None, typer.Option("--section", help="Heading that the passage stands under.")
    ] = None,
    citation: Annotated[
        list[str] | None,
        typer.Option("--citation", help="Number of a citation printed there; repeatable."),
    ] = None,
    from_line: Annotated[
        int | None, typer.Option("--from-line", help="Look for the words from this line on.")
    ] = None,
    data: Data = None,
) -> None:
    """Make a passage of a document, or check all passages.

    A passage says where a document states something. The texts of the documents are not
    shipped; without them a check says "not checked", and ends with 3.
    """
    asserted = read_asserted(data, find_shipped())
    if check:
        _check(asserted, documents)
    elif document and words and documents:
        text, slug = _text(asserted, documents, document)
        snippets = [Snippet(each, from_line) for each in words]
        typer.echo(_made(text, slug, snippets, section=section, citation=citation or []))
    else:
        raise typer.BadParameter("give DOCUMENT, WORDS and --documents DIR, or --check")


def read_asserted(data: Path | None, shipped: Shipped) -> Asserted:
    """Read the records that are shipped and those of a folder; raises Refused."""
    settings = read_settings(data=data)
    context = read_context(shipped.context, shown_as="ontology/context.jsonld")
    sources = find_sources(shipped, settings.data)
    with shown_progress(verbose=False) as progress:
        progress.start("Reading the records", sum(len(source.files) for source in sources))
        asserted = read_sources(sources, context, progress=progress)
        progress.finish(f"{len(asserted.store):,} triples")
    return asserted


def _check(asserted: Asserted, documents: Path | None) -> None:
    report = citations.check_citations(asserted.store, documents)
    problems = report.problems(asserted.places)
    typer.echo(report.summary())
    if problems:
        raise Refused(problems)
    if not report.passed:
        raise DocumentMissing("not all claims were checked; give their texts with --documents DIR")


def _text(asserted: Asserted, documents: Path, document: str) -> tuple[str, str]:
    """Return the text of a document, and its slug."""
    try:
        iri, text = citations.get_text(asserted.store, documents, document)
    except LookupError as error:
        raise DocumentMissing(str(error)) from None
    return text, iri.rpartition("/")[2]


def _made(
    text: str, slug: str, snippets: list[Snippet], *, section: str | None, citation: list[str]
) -> str:
    try:
        return to_yaml(citations.cite(text, slug, snippets, section=section, citations=citation))
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
