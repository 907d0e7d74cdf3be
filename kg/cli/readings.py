"""``sarcoma-kg readings``: compare the two readings of the documents, and check the settlement."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

from kg.problem import Place, Problem, Refused
from kg.readings import (
    SETTLED,
    Comparison,
    Difference,
    compare,
    read_differences,
    read_readings,
    settle,
    to_tsv,
)

__all__ = ["EXAMPLES", "readings"]

TABLE = "comparison.tsv"

EXAMPLES = """\b
Examples:
  sarcoma-kg readings docs/curation
  sarcoma-kg readings docs/curation --write
"""


def readings(
    folder: Annotated[
        Path,
        typer.Argument(
            metavar="FOLDER",
            help=f"Folder with first/*.tsv, second/*.tsv and {TABLE}.",
            exists=True,
            file_okay=False,
        ),
    ],
    *,
    write: Annotated[
        bool, typer.Option("--write", help=f"Write {TABLE} anew; settlements are kept.")
    ] = False,
) -> None:
    """Compare two independent readings of the documents.

    Prints the facts of each reading, those that both have and those that differ, by document
    and kind. It fails when the table of differences is out of date or leaves one unsettled.
    """
    comparison = compare(*read_readings(folder))
    path = folder / TABLE
    committed = read_differences(path) if path.exists() else ()
    differences, stale = settle(comparison.differences, committed)
    typer.echo(_summary(comparison, differences))
    if write:
        path.write_text(to_tsv(differences), encoding="utf-8")
        stale = ()
    problems = [
        Problem(Place(str(path)), f"{_name(one)} has no settlement") for one in _open(differences)
    ]
    problems += [
        Problem(Place(str(path)), f"{_name(one)} is no difference any more; use --write")
        for one in stale
    ]
    if problems:
        raise Refused(problems)


def _open(differences: tuple[Difference, ...]) -> list[Difference]:
    return [one for one in differences if one.settled not in SETTLED or not one.reason]


def _name(one: Difference) -> str:
    value = " / ".join(filter(None, (one.first, one.second)))
    return f"{one.document} line {one.line}, {one.kind} {one.aspect} {value}"


def _summary(comparison: Comparison, differences: tuple[Difference, ...]) -> str:
    """Return a line for each document and kind, a line of sums, and the settlements."""
    rows: list[tuple[str, ...]] = [
        ("document", "kind", "first", "second", "matched", "", "differences")
    ]
    found = Counter((one.document, one.kind) for one in differences)
    for key in sorted(comparison.counts.keys() | found.keys()):
        first, second = comparison.counts.get(key, (0, 0))
        matched = comparison.matched.get(key, (0, 0))
        rows.append((*key, *map(str, (first, second, *matched, found[key]))))
    sums = [sum(int(row[column]) for row in rows[1:]) for column in range(2, 7)]
    rows.append(("all", "", *map(str, sums)))
    lines = ["{:20} {:15} {:>6} {:>6} {:>8} {:>6} {:>12}".format(*row) for row in rows]
    settled = Counter(one.settled or "open" for one in differences)
    lines.append(", ".join(f"{name}: {count}" for name, count in sorted(settled.items())))
    return "\n".join(line.rstrip() for line in lines)
