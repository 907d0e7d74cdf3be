"""``sarcoma-kg coverage``: what of the documents' texts the records account for."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

import typer

from kg.claims import find_text_digests
from kg.cli.cite import DocumentMissing, read_asserted
from kg.cli.display import print_problems
from kg.cli.options import Data, Documents
from kg.coverage import Coverage, DocumentCoverage, measure
from kg.document_texts import read_texts
from kg.places import Places
from kg.problem import Place, Problem
from kg.shipped import find_shipped

__all__ = ["EXAMPLES", "CoverageFormat", "coverage"]

NOT_COMPLETE = 1

EXAMPLES = """\b
Examples:
  sarcoma-kg coverage --documents texts/
  sarcoma-kg coverage --documents texts/ --uncovered
"""


class CoverageFormat(StrEnum):
    """How the coverage is printed."""

    TEXT = "text"
    JSON = "json"


def coverage(
    *,
    documents: Documents = None,
    uncovered: Annotated[
        bool,
        typer.Option("--uncovered", help="List what nothing accounts for, by document and line."),
    ] = False,
    form: Annotated[
        CoverageFormat, typer.Option("--format", help="How to print the figures.")
    ] = CoverageFormat.TEXT,
    data: Data = None,
) -> None:
    """Say what of the documents the records account for.

    A stretch of text is accounted for by a claim or another record that cites it, or by an
    omission, which says why nothing was recorded. Ends with 1 when a stretch or a printed number
    is left over, with 3 when texts are missing.
    """
    asserted = read_asserted(data, find_shipped())
    wanted = find_text_digests(asserted.store)
    texts = {} if documents is None else read_texts(documents, wanted)
    measured = measure(asserted.store, texts, wanted)
    typer.echo(_shown(measured, form, uncovered=uncovered), nl=False)
    print_problems(_problems(measured, asserted.places))
    if not all(one.complete for one in measured.documents):
        raise typer.Exit(NOT_COMPLETE)
    if measured.missing:
        slugs = ", ".join(map(_slug, measured.missing))
        raise DocumentMissing(
            f"not checked: no documents (the text of {slugs} is not at hand); "
            "give their folder with --documents DIR"
        )


def _shown(measured: Coverage, form: CoverageFormat, *, uncovered: bool) -> str:
    if form is CoverageFormat.JSON:
        return measured.to_json()
    rows = [row for one in measured.documents for row in _rows(one, uncovered=uncovered)]
    return "".join(f"{row}\n" for row in rows)


def _rows(one: DocumentCoverage, *, uncovered: bool) -> Iterator[str]:
    slug, omitted = _slug(one.document), sum(one.omitted.values())
    reasons = ", ".join(
        f"{name.removesuffix('Text').lower()} {_percent(count, one)}"
        for name, count in one.omitted.items()
    )
    yield f"{slug}: {one.length:,} characters, of them {one.characters:,} letters and digits"
    yield f"  in a record      {_percent(one.recorded, one)}"
    yield f"  in an omission   {_percent(omitted, one)}" + (f"  ({reasons})" if reasons else "")
    yield f"  in neither       {_percent(one.uncovered, one)}, units: {len(one.gaps)}"
    yield f"  printed numbers  {one.numbers}, not accounted for: {len(one.loose_numbers)}"
    if uncovered:
        yield from (f"{slug} line {gap.line}: {gap.words}..." for gap in one.gaps)
        yield from (
            f"{slug} line {number.line}: the number {number.printed} is in no record that covers it"
            for number in one.loose_numbers
        )


def _problems(measured: Coverage, places: Places) -> list[Problem]:
    faults = [fault for one in measured.documents for fault in one.faults]
    return sorted(
        Problem(places.find(iri) or Place(iri), f"omission: {message}") for iri, message in faults
    )


def _percent(count: int, one: DocumentCoverage) -> str:
    return f"{100 * count / max(1, one.characters):.1f} %"


def _slug(document: str) -> str:
    return document.rpartition("/")[2]
